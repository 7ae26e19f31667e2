"""Draw the sample for the spot checks and write its protocol workbook (Ziff. 4.2, 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from krs.ablage.ordner import Ablage, AblageFehler, lies, schreibe
from krs.ablauf.gemeinsam import Fortschritt, Uhr, stille
from krs.ablauf.konsolidierung import beurteilen
from krs.formulare.befund import Befund
from krs.recht import Halbjahr
from krs.recht.stichprobe import ziehe
from krs.schreiben.stichprobe import Zeile, grundgesamtheit


@dataclass(frozen=True, slots=True)
class Gezogene:
    """The municipalities drawn, in the order of the draw, and their protocol."""

    zeilen: tuple[Zeile, ...]
    grundgesamtheit: int
    protokoll: Path
    neu: bool
    befunde: tuple[Befund, ...] = ()


def stichprobe(
    pfad: Path, periode: str, ziehung: tuple[int, int, bool], stichtag: date, fortschritt: Fortschritt = stille
) -> Gezogene:
    """Draw from the Anhang 2 in force of a half-year; an existing protocol is never overwritten.

    Args:
        ziehung: how many, seed, and whether by amount (else with equal chances).
    Raises: AblageFehler: there is a protocol that somebody filled in; ValueError: the draw is not possible.
    """
    from krs.mappen.berichte.stichprobe import Ziehung, stichprobe_mappe

    halbjahr = Halbjahr.parse(periode)
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        urteil, befunde, _, _ = beurteilen(ablage, Uhr(stichtag), fortschritt, festhalten=False)
        alle = grundgesamtheit(urteil, str(halbjahr))
        daten = stichprobe_mappe(alle, Ziehung(halbjahr, stichtag, *ziehung))
        anzahl, seed, gewichtet = ziehung
        art = "nach-Betrag" if gewichtet else "gleich"
        ziel = ablage.stichproben / f"Stichprobe_{halbjahr}_{art}_{anzahl}_Seed-{seed}_{stichtag}.xlsx"
        if ziel.exists() and lies(ziel) != daten:
            raise AblageFehler(
                f"«{ziel}» gibt es schon, und es wurde darin gearbeitet oder der Stand ist ein anderer. Das Protokoll "
                "bleibt; benennen Sie es um, um neu zu ziehen."
            )
        neu = schreibe(ziel, daten)
    je = {z.bfs_nr: z for z in alle}
    gezogen = ziehe([z.einheit for z in alle], *ziehung)
    return Gezogene(tuple(je[g.einheit.bfs_nr] for g in gezogen), len(alle), ziel, neu, befunde)
