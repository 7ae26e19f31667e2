"""What leaves the office: files for finance and drafts of e-mails."""
