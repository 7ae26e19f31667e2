"""Whose file it is that could not be read, or for which period a form is: a person says so (entwurf 4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.anordnung import beginnt, bfs_nummer, formular_von, nummer, visum
from krs.ablauf.gemeinsam import Uhr
from krs.ablauf.konsolidierung import beurteilen
from krs.ablauf.stammdatei import anhaengen, leeren
from krs.urteil.absender import passt

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten
    from krs.urteil.tafel import Zeile

BLATT = "Zuordnungen"


@dataclass(frozen=True, slots=True)
class Auftrag:
    """What a person orders; `gemeinde`: BFS-Nr. or name; form and period together or not at all."""

    sha: str
    gemeinde: str = ""
    formular: str = ""
    periode: str = ""
    visum: str = ""
    zurueck: bool = False


@dataclass(frozen=True, slots=True)
class Zugeordnet:
    """What was noted; without `sicherung` it stood there already."""

    datei: str
    gemeinde: str
    sicherung: Path | None


def zuordnen(pfad: Path, auftrag: Auftrag, am: date) -> Zugeordnet:
    """Note whose file it is, or take it back. Raises: AblageFehler, ValueError: one German sentence."""
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        urteil = beurteilen(ablage, Uhr(am), festhalten=False)[0]
        s = urteil.stammdaten
        if auftrag.zurueck:
            return _zurueck(ablage, s, auftrag.sha, am)
        wer = visum(auftrag.visum)
        _pruefe_formular(auftrag.formular, auftrag.periode)
        zeile = _datei([z for z in urteil.zeilen if z.fassung], auftrag.sha)
        bfs = bfs_nummer(s, auftrag.gemeinde)
        schon = [z for z in s.zuordnungen if zeile.sha256.startswith(z.sha256)]
        name = s.gebiet.name(bfs)
        if any((z.bfs_nr, z.formular, z.periode) == (bfs, auftrag.formular, auftrag.periode) for z in schon):
            return Zugeordnet(zeile.datei, name, None)
        if schon:
            raise AblageFehler(
                f"«{zeile.datei}» ist schon {s.gebiet.name(schon[0].bfs_nr)} zugeordnet. Nehmen Sie das zuerst mit "
                "--zurueck zurück."
            )
        _pruefe_lesbares(zeile, bfs, auftrag)
        zeit = (auftrag.formular or None, auftrag.periode or None)
        neu = (zeile.sha256, bfs, *zeit, wer, am)
        return Zugeordnet(zeile.datei, name, anhaengen(ablage, BLATT, [neu], am))


def _zurueck(ablage: Ablage, s: Stammdaten, sha: str, am: date) -> Zugeordnet:
    treffer = beginnt([z.sha256 for z in s.zuordnungen], sha, "Zuordnung")
    meine = [z for z in s.zuordnungen if z.sha256 == treffer]
    sicherung = leeren(ablage, BLATT, {nummer(z) for z in meine}, am)
    return Zugeordnet(treffer[:12], s.gebiet.name(meine[0].bfs_nr), sicherung)


def _datei(zeilen: Sequence[Zeile], sha: str) -> Zeile:
    treffer = beginnt([z.sha256 for z in zeilen], sha, "Datei im Eingang")
    return next(z for z in zeilen if z.sha256 == treffer)


def _pruefe_lesbares(z: Zeile, bfs: int, auftrag: Auftrag) -> None:
    """Refuse what a readable form cannot follow: it says itself whose it is (docs/entscheide/59)."""
    if z.fassung and z.fassung.gelesen is not None and not passt(z.fassung, bfs, auftrag.formular, auftrag.periode):
        raise AblageFehler(
            f"«{z.datei}» ist ein lesbares Formular ({z.formular}, {z.gemeinde}, {z.periode}) und sagt selbst, von "
            "wem es kommt. Ändern lässt sich nur seine Periode (--formular, --periode), und nur auf eine, für die "
            "dieselbe Fassung der Vorlage gilt."
        )


def _pruefe_formular(formular: str, periode: str) -> None:
    if bool(formular) is not bool(periode) or formular not in ("", "Anhang 2", "Anhang 3"):
        raise AblageFehler('Nennen Sie Formular und Periode zusammen: --formular "Anhang 2" --periode 2024-H1.')
    if formular and formular != formular_von(periode)[0]:
        raise AblageFehler("Anhang 2 gilt für ein Halbjahr wie 2024-H1, Anhang 3 für ein Jahr wie 2024.")
