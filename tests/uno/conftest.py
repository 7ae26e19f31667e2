"""arbeiter.py runs on another Python; pytest must not import it."""

collect_ignore = ["arbeiter.py"]
