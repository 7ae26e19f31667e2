"""The forms as data, typed models, rules and messages. Pure: no file but package data, no workbook library."""
