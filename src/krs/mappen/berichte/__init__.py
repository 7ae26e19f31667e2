"""Workbooks with figures and words for people: Anhang 1, statements, reports, samples."""
