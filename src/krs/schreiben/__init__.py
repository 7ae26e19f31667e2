"""What goes out, as figures and words: reminders, Anhang 1, answers, samples; no file and no workbook."""
