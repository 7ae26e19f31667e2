"""The command line: it collects arguments, calls ablauf, shows the result (entwurf 4.1). No logic lives here."""

from krs.cli import anordnungen, formulare, geld, server, versand
from krs.cli.rahmen import app, laufen, main

__all__ = ["anordnungen", "app", "formulare", "geld", "laufen", "main", "server", "versand"]
