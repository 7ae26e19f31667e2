"""The sender's own workbook, marked and commented, every other part untouched."""
