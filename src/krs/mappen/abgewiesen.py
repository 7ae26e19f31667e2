"""The outcome of a file that cannot be read as a form."""

from __future__ import annotations

from krs.formulare.befund import Akte, Befund, melde


class Abgewiesen(Exception):
    """The file is no readable form; `code` and `werte` make the Befund."""

    def __init__(self, code: str, **werte: str) -> None:
        super().__init__(code)
        self.code, self.werte = code, werte

    def befund(self, datei: str) -> Befund:
        """Return the Befund for this file."""
        return melde(Akte(datei=datei), self.code, **self.werte)
