"""The Excel functions of design 4.6: each calls its namesake in the core and returns. No logic lives here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from krs import recht
from krs.excel.anfrage import Eingabefehler
from krs.excel.ergebnis import Wert
from krs.excel.grundlage import Grundlage, grundlage
from krs.excel.katalog import funktion
from krs.excel.rohwerte import lies
from krs.export import konto
from krs.formulare.befund import Befund
from krs.formulare.eingabe import Zelle
from krs.urteil import angaben

Rueckgabe = Wert | list[list[Wert]]
KEINE_BEFUNDE = "Keine Befunde."
BEFUND_SPALTEN = ("Stufe", "Code", "Feld", "Meldung")
_Reihen = Sequence[Sequence[Any]]
_log = logging.getLogger(__name__)


def krs_tarif(g: Grundlage, leistung: recht.Leistung, datum: date) -> Decimal:
    return recht.tarif(leistung, datum, g.tarife)


def krs_stichtag(_g: Grundlage, jahr: int) -> date:
    return recht.stichtag(jahr)


def krs_frist(_g: Grundlage, anhang: int, periode: recht.Halbjahr | int) -> date:
    return recht.frist(anhang, periode)


def krs_auszahlungstermin(_g: Grundlage, leistung: recht.Leistung, periode: recht.Halbjahr | int) -> date:
    return recht.auszahlungstermin(leistung, periode)


def krs_fallpauschale(g: Grundlage, anzahl: int, periode: recht.Halbjahr, art: str = "erst") -> recht.Rechenschritt:
    return recht.fallpauschale(anzahl, periode, art, g.tarife)


def krs_dolmetschpauschale(
    g: Grundlage, einsaetze: int, periode: recht.Halbjahr, art: str = "erst"
) -> recht.Rechenschritt:
    return recht.dolmetschpauschale(einsaetze, periode, art, g.tarife)


def krs_sockelbeitrag(g: Grundlage, auslaender: int, jahr: int) -> recht.Rechenschritt:
    return recht.sockelbeitrag(auslaender, jahr, g.tarife)


def krs_beitrag(
    g: Grundlage, erst: int, erst_dolmetsch: int, integ: int, integ_dolmetsch: int, periode: recht.Halbjahr
) -> Sequence[recht.Rechenschritt]:
    return recht.beitrag(erst, erst_dolmetsch, integ, integ_dolmetsch, periode, g.tarife)


def krs_beitraege(
    g: Grundlage, bereich: Sequence[Sequence[int] | None], periode: recht.Halbjahr
) -> Sequence[Decimal | None]:
    return recht.beitraege(bereich, periode, g.tarife)


def krs_rechenweg(
    g: Grundlage, erst: int, erst_dolmetsch: int, integ: int, integ_dolmetsch: int, periode: recht.Halbjahr
) -> _Reihen:
    return recht.rechenweg(erst, erst_dolmetsch, integ, integ_dolmetsch, periode, g.tarife)


def krs_verrechnung(_g: Grundlage, guthaben: Decimal, rueckforderung: Decimal) -> recht.Verrechnung:
    return recht.verrechnung(guthaben, rueckforderung)


def krs_gemeinde(g: Grundlage, bfs_nr: int, datum: date | None = None) -> recht.GemeindeZeile:
    return recht.gemeinde(bfs_nr, g.gebiet, datum)


def krs_pruefen(
    g: Grundlage, bereich: Sequence[tuple[str, Zelle]], anhang: int, periode: recht.Halbjahr | int
) -> Sequence[Befund]:
    return angaben.pruefe_angaben(bereich, anhang, periode, g.stammdaten)


def krs_iban(_g: Grundlage, text: str) -> str:
    return konto.iban(text)


_FUNKTIONEN: Mapping[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (
        krs_tarif, krs_stichtag, krs_frist, krs_auszahlungstermin, krs_fallpauschale, krs_dolmetschpauschale,
        krs_sockelbeitrag, krs_beitrag, krs_beitraege, krs_rechenweg, krs_verrechnung, krs_gemeinde, krs_pruefen,
        krs_iban,
    )
}  # fmt: skip


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
        return FORMEN[bekannt.form](_FUNKTIONEN[bekannt.name](grundlage(ablage), *werte))
    except Eingabefehler:
        raise
    except Exception as fehler:  # Excel shows whatever leaves, and its client sends such a call again
        if isinstance(fehler, (recht.NichtGeregelt, ValueError)) and not isinstance(fehler, ValidationError):
            raise Eingabefehler(str(fehler)) from fehler
        _log.error("%s: %s", bekannt.name, type(fehler).__name__)  # never the values
        raise Eingabefehler(
            f"{bekannt.excel} konnte nicht rechnen; melden Sie der Informatik die Formel und ihre Werte."
        ) from fehler
