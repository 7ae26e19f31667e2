"""What is judged of all forms of one day: which version counts, what it earns, what is still owed."""
