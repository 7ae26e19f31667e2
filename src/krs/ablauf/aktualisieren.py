"""Stammdaten.xlsx of an earlier version gets what is new, and rows that wait for a figure (entwurf 4.1, 4.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.ordner import Ablage
from krs.ablauf.gemeinsam import stammdaten_laden
from krs.ablauf.stammdatei import Aenderung, gelesen, nicht_schreibbar
from krs.formulare.befund import mehrzahl
from krs.lauf.bereit import ungeregelt
from krs.recht import Leistung, datum
from krs.recht import stichtag as bestandestag
from krs.stammdaten.plan import blatt
from krs.urteil.nachbarn import beteiligte

if TYPE_CHECKING:
    from krs.mappen.nachtrag import Wert
    from krs.stammdaten.stammdaten import Stammdaten


@dataclass(frozen=True, slots=True)
class Aktualisiert:
    """What was added, a sentence each; without anything nothing was written."""

    saetze: tuple[str, ...]
    sicherung: Path | None


def aktualisieren(pfad: Path, am: date) -> Aktualisiert:
    """Add what Stammdaten.xlsx lacks: sheets, columns, settings, rows to fill in. Raises: AblageFehler."""
    from krs.mappen.nachtrag import NichtErgaenzbar, aktualisiert, ergaenzt

    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        alt, s = gelesen(ablage), stammdaten_laden(ablage)[0]
        try:
            neu, saetze = aktualisiert(alt)
            for name, zeilen, satz in ((BESTAND, *_bestand(alt, s, am)), (TARIFE, *_tarife(alt, s, am))):
                if zeilen:
                    neu, saetze = ergaenzt(neu, name, zeilen), (*saetze, f"Blatt {name}: {satz}")
        except NichtErgaenzbar as fehler:
            rat = "ohne das Neue geht alles wie bisher."
            raise nicht_schreibbar(fehler.grund, rat) from fehler
        return Aktualisiert(saetze, Aenderung(ablage, alt, neu).schreiben(am) if saetze else None)


BESTAND, TARIFE = "Ausländerbestand", "Tarife"
Vorbereitet = tuple[list[tuple["Wert", ...]], str]


def _bestand(daten: bytes, s: Stammdaten, am: date) -> Vorbereitet:
    """Return rows for the residents that this year's and the next Sockelbeitrag need, as far as none is there."""
    zeilen: list[tuple[Wert, ...]] = []
    da, tage = _vorhanden(daten, "bestand", "bfs_nr", "stichtag"), []
    for jahr in (am.year, am.year + 1):
        tag = bestandestag(jahr)
        fehlen = [b for b in _gezaehlte(s, jahr, tag) if (b, tag) not in da]
        zeilen += [(b, s.gebiet.name(b), tag, None, None) for b in fehlen]
        tage += [datum(tag)] if fehlen else []
    worte = mehrzahl(len(zeilen), "Zeile", "Zeilen")
    return zeilen, f"{worte} vorbereitet ({' und '.join(tage)}); tragen Sie Anzahl und Quelle ein."


def _gezaehlte(s: Stammdaten, jahr: int, tag: date) -> Iterator[int]:
    """Yield whose residents of a day count for a year: who takes part, or who has become that (docs/entscheide/20)."""
    for bfs in beteiligte(s, str(jahr)):
        if s.gebiet.besteht(bfs, tag, tag):
            yield bfs
        yield from s.gebiet.vorgaengerinnen(bfs, tag, date(jahr, 1, 1))


def _tarife(daten: bytes, s: Stammdaten, am: date) -> Vorbereitet:
    """Return rows for the first year, this one or the next, in which a Leistung has no rate."""
    da = _vorhanden(daten, "tarife", "leistung", "ab")
    for jahr in (am.year, am.year + 1):
        ab = date(jahr, 1, 1)
        offen = [
            x
            for x in Leistung
            if ungeregelt(s, x, str(jahr) if x is Leistung.SOCKEL else f"{jahr}-H1") and (x, ab) not in da
        ]
        if offen:
            return [(str(x), ab, None, None) for x in offen], f"{jahr} ohne Ansatz; tragen Sie Ansatz und Quelle ein."
    return [], ""


def _vorhanden(daten: bytes, kennung: str, *felder: str) -> set[tuple[object, ...]]:
    """Return the keys of the rows of a sheet, of prepared ones too."""
    from krs.mappen.lesen.tabellen import lies_tabellen
    from krs.stammdaten.lesen import Lesung, lies_blatt

    plan = replace(blatt(kennung), vorbereitet=())
    lesung = Lesung("")
    lies_blatt(lesung, lies_tabellen(daten), plan)
    return {tuple(z.wert(f) for f in felder) for z in lesung.zeilen[plan.id]}
