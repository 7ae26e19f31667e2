"""Feedback on filled forms: texts, the sheet of its own, and the sender's workbook with everything in it."""
