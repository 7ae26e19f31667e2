"""The Excel functions as data: names, German help, arguments, and the function of the core that each one shows."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pkgutil import get_data
from typing import Any


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument; `art` names how it is read (krs.formulare.arten)."""

    name: str
    hilfe: str
    freiwillig: bool = False
    art: str = "text"


@dataclass(frozen=True, slots=True)
class Funktion:
    """One function of entwurf 4.6.

    Args:
        name: on the wire and in Python, `krs_beitrag`; `excel`: in a cell, `KRS_BEITRAG`.
        satz: what it does, as Excel shows it (at most 255 characters).
        ergebnis: what stands in the cell or the cells.
        vorbild: its namesake in the core, `krs.recht:beitrag`.
        form: how its result becomes cells (krs.excel.funktionen).
    """

    name: str
    excel: str
    satz: str
    ergebnis: str
    argumente: tuple[Argument, ...]
    vorbild: str
    form: str = "wert"

    @property
    def noetig(self) -> int:
        """How many arguments must be given."""
        return sum(not a.freiwillig for a in self.argumente)

    @property
    def aufruf(self) -> str:
        """The signature as entwurf 4.6 writes it.

        >>> funktionen()[4].aufruf
        'KRS_FALLPAUSCHALE(anzahl; periode; [art])'
        """
        namen = (f"[{a.name}]" if a.freiwillig else a.name for a in self.argumente)
        return f"{self.excel}({'; '.join(namen)})"


@cache
def funktionen() -> tuple[Funktion, ...]:
    """Return all functions, in the order of entwurf 4.6.

    >>> len(funktionen())
    14
    """
    inhalt = (get_data("krs.excel", "funktionen.toml") or b"").decode()
    return tuple(_funktion(name, eintrag) for name, eintrag in tomllib.loads(inhalt).items())


@cache
def _nach_name() -> dict[str, Funktion]:
    return {f.name: f for f in funktionen()}


def funktion(name: object) -> Funktion | None:
    """Return one function by its name on the wire, None if there is none.

    >>> funktion("krs_iban").excel, funktion("krs_unbekannt")
    ('KRS_IBAN', None)
    """
    return _nach_name().get(name) if isinstance(name, str) else None


def _funktion(name: str, eintrag: dict[str, Any]) -> Funktion:
    argumente = tuple(Argument(**a) for a in eintrag.pop("argumente"))
    return Funktion(name=name, excel=name.upper(), argumente=argumente, **eintrag)
