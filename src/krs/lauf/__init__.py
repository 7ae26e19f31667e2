"""Payment runs: from claims and what was paid before to bookings, netting and invoices. Pure: no file, no clock."""
