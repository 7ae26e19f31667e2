"""The real task pane in Chromium against the real server; only office.js is ours (folder office/)."""
