"""Workbooks in and out: everything here takes or returns bytes; ablage/ puts them on disk."""
