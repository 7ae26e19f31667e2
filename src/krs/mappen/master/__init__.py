"""The Master: built from everything, a source of nothing."""
