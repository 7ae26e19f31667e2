"""The working folder: paths, lock, atomic writing, archive."""
