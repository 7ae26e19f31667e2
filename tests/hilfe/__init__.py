"""Shared by the tests; tests/ is on sys.path."""
