"""The contacts that a Selbstdeklaration names become those of the Stammdaten, from a day on (Ziff. 4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.lesend import lesend
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.anordnung import bfs_nummer, nummer
from krs.ablauf.fristen import ALLE
from krs.ablauf.gemeinsam import Uhr
from krs.ablauf.konsolidierung import beurteilen, nochmals
from krs.ablauf.stammdatei import Aenderung, aenderung
from krs.formulare.ahv import ohne_ahv
from krs.formulare.anhang3 import Anhang3
from krs.formulare.regeln_anhang3 import KONTAKTE, anders
from krs.urteil.fassung import status
from krs.urteil.kontakte import kontakte, kontaktspalten

if TYPE_CHECKING:
    from krs.mappen.nachtrag import Reihe, Wert
    from krs.stammdaten.stammdaten import Stammdaten
    from krs.urteil.urteil import Urteil

BLATT = "Gemeinden"


@dataclass(frozen=True, slots=True)
class Uebernahme:
    """What the form of a year says otherwise than the Stammdaten: field → old and new text."""

    bfs_nr: int
    gemeinde: str
    jahr: str
    werte: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Uebernommen:
    """The contacts that differ; without `sicherung` nothing was written."""

    uebernahmen: tuple[Uebernahme, ...]
    sicherung: Path | None


def uebernehmen(pfad: Path, gemeinden: tuple[str, ...], am: date) -> Uebernommen:
    """Take over contacts from the last accepted Anhang 3, from today on; without municipalities only name them.

    Raises: AblageFehler: no such municipality, nothing to take over from it, or the workbook cannot be written.
    """
    ablage = Ablage.oeffnen(pfad)

    def frage() -> tuple[Urteil, dict[int, Uebernahme]]:
        urteil = beurteilen(ablage, Uhr(am), festhalten=False)[0]
        return urteil, _abweichend(urteil, am)

    if not gemeinden:
        return Uebernommen(tuple(lesend(ablage, frage)[1].values()), None)
    with ablage.sperre():
        urteil, alle = frage()
        namen = [g.strip().casefold() for g in gemeinden]
        wer = [*alle] if namen == [ALLE] else [bfs_nummer(urteil.stammdaten, g) for g in gemeinden]
        for bfs in wer:
            if bfs not in alle:
                name = urteil.stammdaten.gebiet.name(bfs)
                raise AblageFehler(f"{name}: Keine angenommene Selbstdeklaration nennt andere Kontakte.")
        ergebnis = tuple(alle[bfs] for bfs in dict.fromkeys(wer))
        if not ergebnis:
            return Uebernommen((), None)
        neu = _aenderung(ablage, urteil.stammdaten, ergebnis, am)
        if nochmals(ablage, urteil, neu.stammdaten()).ansprueche != urteil.ansprueche:
            raise AblageFehler("Die neuen Zeilen würden Beiträge ändern; es ist nichts geschrieben.")
        return Uebernommen(ergebnis, neu.schreiben(am))


def _abweichend(urteil: Urteil, am: date) -> dict[int, Uebernahme]:
    """Return what the latest accepted form of each municipality says otherwise."""
    ergebnis: dict[int, Uebernahme] = {}
    for f in sorted(urteil.gueltige, key=lambda f: f.akte.periode):
        bfs, s = f.akte.bfs_nr or 0, urteil.stammdaten
        if not isinstance(f.modell, Anhang3) or not status(f, f).startswith("angenommen") or not s.gemeinde(bfs, am):
            continue
        jetzt, seit = kontakte(s, bfs, am, am)[0], kontakte(s, bfs, min(f.einreichung.eingang, am), am)
        gelesen = {feld: ohne_ahv(f.modell.wert(feld) or "") for feld in KONTAKTE}
        neue = {feld: neu for feld, neu in gelesen.items() if anders(neu, [zeile[feld] for zeile in seit])}
        ergebnis.pop(bfs, None)  # an earlier form
        if neue:
            werte = {feld: (jetzt[feld], neu) for feld, neu in neue.items()}
            ergebnis[bfs] = Uebernahme(bfs, s.gebiet.name(bfs), f.akte.periode, werte)
    return _mit_mitgliedern(ergebnis, urteil.stammdaten, am)


def _mit_mitgliedern(je: dict[int, Uebernahme], s: Stammdaten, am: date) -> dict[int, Uebernahme]:
    """Add the members whose rows name the same contact as their lead did: they are written to there (Ziff. 3.4.2)."""
    alle = dict(je)
    for bfs in sorted({g.bfs_nr for g in s.gemeinden} - je.keys()):
        fuer = je.get(s.gebiet.leitgemeinde(bfs, am) or 0)
        if fuer is not None and s.gemeinde(bfs, am):
            jetzt = kontakte(s, bfs, am, am)[0]
            werte = {feld: paar for feld, paar in fuer.werte.items() if paar[0] and jetzt[feld] == paar[0]}
            if werte:
                alle[bfs] = Uebernahme(bfs, s.gebiet.name(bfs), fuer.jahr, werte)
    return alle


def _aenderung(ablage: Ablage, s: Stammdaten, uebernahmen: tuple[Uebernahme, ...], am: date) -> Aenderung:
    """End each row yesterday and go on with a copy from today; a row that begins today is changed.

    Rows that begin later follow, where they name the old contact.
    """
    from krs.mappen.nachtrag import Kopie

    zeilen: list[Reihe] = []
    setzen: dict[int, Mapping[str, Wert]] = {}
    for u in uebernahmen:
        g = s.gemeinde(u.bfs_nr, am)
        assert g is not None
        neu: dict[str, Wert] = dict(kontaktspalten({feld: wert for feld, (_, wert) in u.werte.items()}))
        if g.gueltig_ab == am:
            setzen[nummer(g)] = neu
        else:
            setzen[nummer(g)] = {"gueltig_bis": am - timedelta(days=1), "nachfolgerin": None}
            zeilen.append(Kopie(nummer(g), {"gueltig_ab": am, **neu}))
        for spaeter in (z for z in s.gemeinden if z.bfs_nr == u.bfs_nr and z.gueltig_ab and z.gueltig_ab > am):
            setzen[nummer(spaeter)] = {k: w for k, w in neu.items() if getattr(spaeter, k) == getattr(g, k)}
    return aenderung(ablage, BLATT, zeilen, setzen=setzen)
