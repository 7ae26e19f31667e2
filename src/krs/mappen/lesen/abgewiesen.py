"""The outcome of a file that cannot be read as a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from krs.formulare.befund import Akte, Befund, melde

ABBRUCH = "beim Lesen brach das Programm ab"
SPEICHER = "sie braucht zu viel Arbeitsspeicher"
Gelesen = TypeVar("Gelesen")


class Abgewiesen(Exception):
    """The file is no readable form; `code` and `werte` make the Befund, `inhalt` are first words of a workbook."""

    def __init__(self, code: str, **werte: str) -> None:
        super().__init__(code)
        self.code, self.werte = code, werte
        self.inhalt = ""

    def befund(self, datei: str) -> Befund:
        """Return the Befund for this file."""
        return melde(Akte(datei=datei), self.code, **self.werte)


def ordentlich(lies: Callable[[], Gelesen]) -> Gelesen:
    """Return what was read. Raises: Abgewiesen: whatever reading raises; a mistake of ours is one refused file."""
    try:
        return lies()
    except Abgewiesen:
        raise
    except MemoryError as fehler:
        raise Abgewiesen("E-10", grund=SPEICHER) from fehler
    except Exception as fehler:
        raise Abgewiesen("E-04", grund=ABBRUCH) from fehler
