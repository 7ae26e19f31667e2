"""`python -m krs` is the same as `krs`."""

from krs.cli import main

main()
