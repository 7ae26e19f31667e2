"""The Excel functions of entwurf 4.6: each is its namesake in the core (funktionen.toml). No logic lives here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from inspect import signature
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from pydantic import ValidationError

from krs import recht
from krs.excel.anfrage import Eingabefehler
from krs.excel.ergebnis import Wert
from krs.excel.grundlage import Grundlage, grundlage
from krs.excel.katalog import funktion
from krs.excel.rohwerte import lies
from krs.formulare.befund import Befund

Rueckgabe = Wert | list[list[Wert]]
KEINE_BEFUNDE = "Keine Befunde."
BEFUND_SPALTEN = ("Stufe", "Code", "Feld", "Meldung")
_TEILE = frozenset({"tarife", "gebiet", "stammdaten"})  # of the Grundlage, as parameters of the core call them
_log = logging.getLogger(__name__)


def _befunde(befunde: Sequence[Befund]) -> Rueckgabe:
    if not befunde:
        return KEINE_BEFUNDE
    zeilen: list[list[Wert]] = [[str(b.stufe), b.code, b.feld, b.meldung] for b in befunde]
    return [list(BEFUND_SPALTEN), *zeilen]


# How a result of the core becomes cells (funktionen.toml, form).
FORMEN: Mapping[str, Callable[[Any], Rueckgabe]] = {
    "wert": lambda wert: wert,
    "betrag": lambda schritt: schritt.betrag,
    "summe": recht.summe,
    "spalte": lambda werte: [[wert] for wert in werte],
    "tabelle": lambda reihen: [list(reihe) for reihe in reihen],
    "verrechnung": lambda v: [[v.auszahlung, v.rechnung]],
    "name": lambda zeile: zeile.name,
    "befunde": _befunde,
}


def rufe(name: str, argumente: Sequence[object], ablage: Path | None = None) -> Rueckgabe:
    """Return the result of a function for raw arguments of any host (krs.excel.rohzelle).

    Args:
        name: as on the wire, `krs_beitrag`.
        ablage: the working folder whose Stammdaten count; None: the rates and names that krs brings along.
    Raises: Eingabefehler: one German sentence; nothing else ever leaves.

    >>> rufe("krs_beitrag", [[[12]], [[4]], [[3]], [[1]], [["2022-H1"]]])
    Decimal('3800.00')
    """
    bekannt = funktion(name)
    if bekannt is None or not isinstance(argumente, (list, tuple)):
        raise Eingabefehler("Diese Funktion gibt es nicht; das Handbuch nennt alle Funktionen mit ihren Argumenten.")
    try:
        werte = lies(bekannt, argumente)
        return FORMEN[bekannt.form](_rechne(bekannt.vorbild, werte, grundlage(ablage)))
    except Eingabefehler:
        raise
    except Exception as fehler:  # Excel shows whatever leaves, and its client sends such a call again
        if isinstance(fehler, (recht.NichtGeregelt, ValueError)) and not isinstance(fehler, ValidationError):
            raise Eingabefehler(str(fehler)) from fehler
        _log.error("%s: %s", bekannt.name, type(fehler).__name__)  # never the values
        raise Eingabefehler(
            f"{bekannt.excel} konnte nicht rechnen; melden Sie der Informatik die Formel und ihre Werte."
        ) from fehler


def _rechne(vorbild: str, werte: Sequence[object], g: Grundlage) -> Any:
    """Call a function of the core with what Excel gave, in this order, and with the parts of the Grundlage it takes."""
    rechnung, parameter = _kern(vorbild)
    teile = {p: getattr(g, p) for p in parameter if p in _TEILE}
    return rechnung(**dict(zip([p for p in parameter if p not in _TEILE], werte, strict=False)), **teile)


@cache
def _kern(vorbild: str) -> tuple[Callable[..., Any], tuple[str, ...]]:
    rechnung: Callable[..., Any] = resolve_name(vorbild)
    return rechnung, tuple(signature(rechnung).parameters)
