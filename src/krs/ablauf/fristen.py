"""The office extends a deadline: rows of the sheet Fristen, written or taken back (entwurf 4.1, docs/entscheide/57)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.anordnung import bfs_nummer, formular_von, nummer, satz, unbenutzt, visum
from krs.ablauf.gemeinsam import stammdaten_laden
from krs.ablauf.stammdatei import aenderung
from krs.recht import datum
from krs.urteil.nachbarn import beteiligte

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Frist, Stammdaten

BLATT, ALLE = "Fristen", "alle"


@dataclass(frozen=True, slots=True)
class Auftrag:
    """What a person orders; `gemeinden`: BFS-Nr. or names, or «alle»."""

    zeit: str
    gemeinden: tuple[str, ...]
    bis: date | None = None
    grund: str = ""
    visum: str = ""
    zurueck: bool = False


@dataclass(frozen=True, slots=True)
class Erstreckt:
    """Whose deadline changed, and what it is now."""

    gemeinden: tuple[str, ...]
    formular: str
    periode: str
    frist: date
    sicherung: Path
    bisher: date


def erstrecken(pfad: Path, auftrag: Auftrag, am: date) -> Erstreckt:
    """Extend a deadline, or take back the last extension. Raises: AblageFehler, ValueError: one German sentence."""
    formular, periode = formular_von(auftrag.zeit)
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        s = stammdaten_laden(ablage)[0]
        wer = _wer(s, auftrag.gemeinden)
        if auftrag.zurueck:
            weg = [_letzte(s, bfs, formular, periode) for bfs in wer]
            unbenutzt(ablage, "fristen", weg, "Eine spätere Frist lässt sich weiterhin gewähren.")
            neu = aenderung(ablage, BLATT, weg={nummer(z) for z in weg})
        else:
            bis, grund, kuerzel = _spaeter(s, wer, formular, periode, auftrag, am), auftrag.grund, visum(auftrag.visum)
            zeilen = [(bfs, formular, periode, bis, satz(grund, "--grund"), kuerzel, am) for bfs in wer]
            neu = aenderung(ablage, BLATT, zeilen)
        frist, bisher = (min(x.frist(bfs, formular, periode, am) for bfs in wer) for x in (neu.stammdaten(), s))
        namen = tuple("alle Gemeinden" if bfs is None else s.gebiet.name(bfs) for bfs in wer)
        return Erstreckt(namen, formular, periode, frist, neu.schreiben(am), bisher)


def _wer(s: Stammdaten, gemeinden: tuple[str, ...]) -> tuple[int | None, ...]:
    if [g.strip().casefold() for g in gemeinden] == [ALLE]:
        return (None,)
    return tuple(dict.fromkeys(bfs_nummer(s, g) for g in gemeinden))


def _spaeter(
    s: Stammdaten, wer: tuple[int | None, ...], formular: str, periode: str, auftrag: Auftrag, am: date
) -> date:
    """Return the new deadline. Raises: AblageFehler: there is none, or the one that is granted is as late."""
    if auftrag.bis is None:
        raise AblageFehler("Nennen Sie den letzten Tag der neuen Frist: --bis 2024-08-31.")
    schuldner = beteiligte(s, periode)
    for bfs in wer:
        if bfs is not None and bfs not in schuldner:
            raise AblageFehler(
                f"{formular}, {periode}, schuldet {s.gebiet.name(bfs)} nicht; es ist nichts geschrieben."
            )
        bisher = s.frist(bfs, formular, periode, am)
        if auftrag.bis <= bisher:
            name = "für alle" if bfs is None else f"für {s.gebiet.name(bfs)}"
            raise AblageFehler(
                f"Die Frist läuft {name} schon bis zum {datum(bisher)}; der {datum(auftrag.bis)} erstreckt sie nicht. "
                "Eine Erstreckung nimmt --zurueck zurück."
            )
    return auftrag.bis


def _letzte(s: Stammdaten, bfs: int | None, formular: str, periode: str) -> Frist:
    meine = [z for z in s.fristen if (z.bfs_nr, z.formular, z.periode) == (bfs, formular, periode)]
    if not meine:
        wer = "alle Gemeinden" if bfs is None else s.gebiet.name(bfs)
        raise AblageFehler(f"Für {wer} ist zu {periode} keine Frist erstreckt.")
    return max(meine, key=lambda z: (z.neue_frist, nummer(z)))
