"""Questions about money: what is owed back, how the credit stands, why a figure changed, the yearly report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.ausgang import abgleichen
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage
from krs.ablauf.konsolidierung import beurteilen
from krs.lauf.ansaetze import Wirkung, ansatz_lesen, was_waere_wenn
from krs.lauf.kredit import Kreditstand, kreditstand
from krs.lauf.uebersicht import Liste
from krs.lauf.uebersicht import rueckforderungen as forderungsliste
from krs.lauf.vergleich import aus_journal, aus_urteil, saetze

if TYPE_CHECKING:
    from krs.urteil.urteil import Urteil

HEUTE = "heute"


@contextmanager
def _lage(pfad: Path, stichtag: date) -> Iterator[tuple[Ablage, Urteil, Laeufe]]:
    """Judge as on a day, without keeping anything."""
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        laeufe = Laeufe(ablage.laeufe)
        yield ablage, beurteilen(ablage, stichtag, festhalten=False)[0], laeufe


def _jahr(jahr: int) -> int:
    if not 2017 <= jahr <= 2100:
        raise ValueError(f"«{jahr}» ist kein Jahr von 2017 bis 2100.")
    return jahr


def rueckforderungen(pfad: Path, stichtag: date) -> Liste:
    """Return all Rückforderungen as on a day (Ziff. 4.7). Raises: AblageFehler."""
    with _lage(pfad, stichtag) as (_, urteil, laeufe):
        return forderungsliste(urteil.stammdaten, laeufe.journal, stichtag)


@dataclass(frozen=True, slots=True)
class Kreditauskunft:
    """The credit of a year, and what other rates would mean."""

    stand: Kreditstand
    wirkungen: tuple[Wirkung, ...]


def kredit(pfad: Path, jahr: int, ansaetze: Sequence[str], stichtag: date) -> Kreditauskunft:
    """Return how the credit of a year stands (Ziff. 4.3.4). Raises: AblageFehler; ValueError: no such Leistung."""
    paare = [ansatz_lesen(text) for text in ansaetze]
    gelesen = dict(paare)
    if len(gelesen) < len(paare):
        raise ValueError("Eine Leistung hat zwei Ansätze. Nennen Sie jede nur einmal.")
    with _lage(pfad, stichtag) as (_, urteil, laeufe):
        stand = kreditstand(urteil, laeufe.journal, _jahr(jahr), stichtag)
        return Kreditauskunft(stand, was_waere_wenn(urteil, laeufe.journal, jahr, gelesen) if gelesen else ())


def vergleich(pfad: Path, a: str, b: str, stichtag: date) -> tuple[str, ...]:
    """Return why figures differ between two runs, or between a run and today. Raises: AblageFehler; ValueError."""
    with _lage(pfad, stichtag) as (_, urteil, laeufe):
        sichten = [aus_urteil(urteil) if x == HEUTE else aus_journal(laeufe.journal, x, urteil) for x in (a, b)]
        return tuple(saetze(*sichten))


def jahresbericht(pfad: Path, jahr: int, stichtag: date) -> Path:
    """Write the yearly report to the municipalities (Ziff. 5.3); return where it lies. Raises: AblageFehler."""
    from krs.mappen.berichte.jahresbericht import jahresbericht_mappe

    with _lage(pfad, stichtag) as (ablage, urteil, laeufe):
        grenze = urteil.stammdaten.einstellungen.publikationsgrenze
        ordner, name = ablage.pfad / "Berichte", f"Jahresbericht_{jahr}_{stichtag}.xlsx"
        abgleichen(ordner / str(jahr), {name: jahresbericht_mappe(urteil, laeufe.journal, _jahr(jahr), grenze)})
    return ordner / str(jahr) / name
