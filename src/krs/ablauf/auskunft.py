"""Questions about money: what is owed back, how the credit stands, why a figure changed, the yearly report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from krs.ablage.ausgang import abgleichen
from krs.ablage.laeufe import Laeufe
from krs.ablage.laufdateien import journal_csv
from krs.ablage.lesend import lesend
from krs.ablage.ordner import Ablage, schreibe
from krs.ablauf.gemeinsam import Uhr
from krs.ablauf.konsolidierung import beurteilen
from krs.lauf.abgrenzung import abgrenzung as ergebnis
from krs.lauf.ansaetze import Wirkung, ansatz_lesen, was_waere_wenn
from krs.lauf.gezahlt import mit_zahlen
from krs.lauf.kredit import Kreditstand, kreditstand
from krs.lauf.uebersicht import Liste
from krs.lauf.uebersicht import abgrenzung as abgrenzungsliste
from krs.lauf.uebersicht import rueckforderungen as forderungsliste
from krs.lauf.vergleich import aus_journal, aus_urteil, saetze
from krs.recht.zeit import pruefe_jahr

if TYPE_CHECKING:
    from krs.lauf.buchung import Journal
    from krs.urteil.urteil import Urteil

HEUTE = "heute"
_T = TypeVar("_T")


def _frage(pfad: Path, stichtag: date, antwort: Callable[[Urteil, Journal], _T]) -> tuple[_T, tuple[str, ...]]:
    """Return the answer out of the judgement as on a day and the released runs, and what could not be read for it.

    Nothing is kept and no lock taken.
    """
    ablage = Ablage.oeffnen(pfad)

    def frage() -> tuple[_T, tuple[str, ...]]:
        urteil, journal, meldungen = _lage(ablage, stichtag)
        return antwort(urteil, journal), meldungen

    return lesend(ablage, frage)


def _lage(ablage: Ablage, stichtag: date) -> tuple[Urteil, Journal, tuple[str, ...]]:
    laeufe = Laeufe(ablage.laeufe)
    urteil, _, _, meldungen = beurteilen(ablage, Uhr(stichtag), festhalten=False, laeufe=laeufe)
    return mit_zahlen(urteil, laeufe.journal), laeufe.journal, tuple(meldungen)


def rueckforderungen(pfad: Path, stichtag: date) -> Liste:
    """Return all Rückforderungen as on a day (Ziff. 4.7). Raises: AblageFehler."""
    liste, meldungen = _frage(pfad, stichtag, lambda u, journal: forderungsliste(u.stammdaten, journal, stichtag))
    return replace(liste, saetze=(*liste.saetze, *meldungen))


@dataclass(frozen=True, slots=True)
class Kreditauskunft:
    """The credit of a year, what other rates would mean, and what could not be read for it."""

    stand: Kreditstand
    wirkungen: tuple[Wirkung, ...]
    meldungen: tuple[str, ...] = ()


def kredit(pfad: Path, jahr: int, ansaetze: Sequence[str], stichtag: date) -> Kreditauskunft:
    """Return how the credit of a year stands (Ziff. 4.3.4). Raises: AblageFehler; ValueError: no such Leistung."""
    pruefe_jahr(jahr)
    paare = [ansatz_lesen(text) for text in ansaetze]
    gelesen = dict(paare)
    if len(gelesen) < len(paare):
        raise ValueError("Eine Leistung hat zwei Ansätze. Nennen Sie jede nur einmal.")

    def antwort(urteil: Urteil, journal: Journal) -> tuple[Kreditstand, tuple[Wirkung, ...]]:
        stand = kreditstand(urteil, journal, jahr, stichtag)
        return stand, was_waere_wenn(urteil, journal, jahr, gelesen) if gelesen else ()

    (stand, wirkungen), meldungen = _frage(pfad, stichtag, antwort)
    return Kreditauskunft(stand, wirkungen, meldungen)


def vergleich(pfad: Path, a: str, b: str, stichtag: date) -> tuple[str, ...]:
    """Return why figures differ between two runs, or between a run and today. Raises: AblageFehler; ValueError."""

    def antwort(urteil: Urteil, journal: Journal) -> tuple[str, ...]:
        return tuple(saetze(*(aus_urteil(urteil) if x == HEUTE else aus_journal(journal, x, urteil) for x in (a, b))))

    unterschiede, meldungen = _frage(pfad, stichtag, antwort)
    return *unterschiede, *meldungen


def abgrenzung(pfad: Path, jahr: int, stichtag: date) -> tuple[Liste, Path]:
    """Write what is accrued at the end of a year (Ziff. 4.5.2, 4.3.4): a workbook, and its lines of the journal.

    Returns: what the screen shows, and the workbook.
    Raises: AblageFehler; ValueError: the year has not ended on that day.
    """
    from krs.mappen.berichte.abgrenzung import abgrenzung_mappe

    pruefe_jahr(jahr)
    if stichtag <= date(jahr, 12, 31):
        raise ValueError(f"Das Jahr {jahr} ist noch nicht zu Ende: Nennen Sie einen Stichtag danach.")
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        urteil, journal, meldungen = _lage(ablage, stichtag)
        a = ergebnis(urteil, journal, jahr, stichtag)
        ordner, name = ablage.pfad / "Berichte" / str(jahr), f"Abgrenzung_{jahr}_{stichtag}"
        schreibe(ordner / f"{name}.csv", journal_csv(a.saetze))
        schreibe(ordner / f"{name}.xlsx", abgrenzung_mappe(a, urteil.stammdaten))
    liste = abgrenzungsliste(a)
    return replace(liste, saetze=(*liste.saetze, *meldungen)), ordner / f"{name}.xlsx"


def jahresbericht(pfad: Path, jahr: int, stichtag: date) -> tuple[Path, tuple[str, ...]]:
    """Write the yearly report to the municipalities (Ziff. 5.3).

    Returns: where it lies, and what could not be read for it.
    Raises: AblageFehler.
    """
    from krs.mappen.berichte.jahresbericht import jahresbericht_mappe

    pruefe_jahr(jahr)
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        urteil, journal, meldungen = _lage(ablage, stichtag)
        grenze = urteil.stammdaten.einstellungen.publikationsgrenze
        ordner, name = ablage.pfad / "Berichte", f"Jahresbericht_{jahr}_{stichtag}.xlsx"
        abgleichen(ordner / str(jahr), {name: jahresbericht_mappe(urteil, journal, jahr, grenze)})
    return ordner / str(jahr) / name, meldungen
