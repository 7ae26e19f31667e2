"""From tables of cells to typed values: sheets and columns by name, cell by cell, nothing lost in silence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from krs.formulare.ahv import ohne_ahv
from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.eingabe import Zelle
from krs.formulare.typen import kein_wert
from krs.stammdaten.plan import Stammblatt, Stammspalte, schluessel

_KONTAKT = ("plz", "email")


@dataclass(frozen=True, slots=True)
class Tabelle:
    """One sheet as read: the cells of the header row, and the rows below it."""

    blatt: str
    kopf: tuple[Zelle, ...]
    zeilen: tuple[tuple[Zelle, ...], ...] = ()


Tabellen = Mapping[str, Tabelle]


@dataclass(slots=True)
class Rohzeile:
    """One row on its way: cells and values by column id; `gut` turns False with the first Fehler."""

    zellen: dict[str, Zelle]
    werte: dict[str, Any] = field(default_factory=dict)
    gut: bool = True

    def wert(self, feld: str) -> Any:
        """Return the value of a column, None where it is empty or could not be read."""
        return self.werte.get(feld)

    @property
    def nummer(self) -> str:
        """The row's number in the workbook, for messages."""
        return re.sub(r"\D", "", next((z.adresse for z in self.zellen.values() if z.adresse), ""))


@dataclass(slots=True)
class Lesung:
    """What was read so far: rows by sheet id, and the Befunde."""

    datei: str
    zeilen: dict[str, list[Rohzeile]] = field(default_factory=dict)
    befunde: list[Befund] = field(default_factory=list)
    namen: dict[int, str] = field(default_factory=dict)

    def melde(
        self, code: str, zelle: Zelle, spalte: str = "", zeile: Rohzeile | None = None, /, **werte: object
    ) -> None:
        """Add the Befund `code` at a cell; the municipality is the row's."""
        bfs: int | None = zeile.wert("bfs_nr") if zeile else None
        name = (bfs and self.namen.get(bfs)) or (zeile and zeile.wert("name")) or ""
        akte = Akte(self.datei, name, bfs)
        self.befunde.append(melde(akte, code, zelle, spalte, **werte))


def tabelle_von(tabellen: Tabellen, blatt: Stammblatt) -> Tabelle | None:
    """Return the sheet by its name, whatever its case and blanks."""
    return next((t for name, t in tabellen.items() if schluessel(name) == schluessel(blatt.name)), None)


def lies_blatt(lesung: Lesung, tabellen: Tabellen, blatt: Stammblatt) -> None:
    """Read one sheet into `lesung.zeilen`; rows with a Fehler stay there with `gut` False."""
    lesung.zeilen[blatt.id] = []
    tabelle = tabelle_von(tabellen, blatt)
    if tabelle is None:
        if not blatt.freiwillig:
            lesung.melde("S-01", Zelle(), name=blatt.name)
        return
    orte = _spalten(lesung, tabelle, blatt)
    for zellen in tabelle.zeilen:
        leer = Zelle(tabelle.blatt)
        zeile = Rohzeile({s.id: zellen[n] if n < len(zellen) else leer for s, n in orte.items()})
        if all(z.leer or feld in blatt.vorbereitet for feld, z in zeile.zellen.items()):
            continue
        lesung.zeilen[blatt.id].append(zeile)
        zeile.gut = all(s in orte for s in blatt.spalten if s.pflicht)
        for spalte in orte:
            lies_zelle(lesung, zeile, spalte)


def _spalten(lesung: Lesung, tabelle: Tabelle, blatt: Stammblatt) -> dict[Stammspalte, int]:
    orte: dict[Stammspalte, int] = {}
    for spalte in blatt.spalten:
        nummern = [n for n, z in enumerate(tabelle.kopf) if schluessel(z.anzeige) == schluessel(spalte.titel)]
        if nummern:
            orte[spalte] = nummern[0]
        elif not spalte.freiwillig:
            alle = "keine Zeile des Blattes kann verwendet werden"
            folge = alle if spalte.pflicht else "ihre Angaben gelten als leer"
            lesung.melde("S-02", Zelle(tabelle.blatt), spalte.titel, titel=spalte.titel, folge=folge)
        for n in nummern[1:]:
            erste = tabelle.kopf[nummern[0]].adresse
            lesung.melde("S-03", tabelle.kopf[n], spalte.titel, titel=spalte.titel, erste=erste)
    return orte


def lies_zelle(lesung: Lesung, zeile: Rohzeile, spalte: Stammspalte) -> None:
    """Read one cell into the row, or say what is wrong with it."""
    zelle = zeile.zellen[spalte.id] = _ohne_ahv(lesung, zeile, spalte)
    if zelle.leer:
        if spalte.pflicht:
            zeile.gut = False
            lesung.melde("S-05", zelle, spalte.titel, zeile, titel=spalte.titel)
        return
    inhalt = kein_wert(zelle)
    if inhalt:
        zeile.gut = zeile.gut and spalte.ersatz
        lesung.melde("S-06", zelle, spalte.titel, zeile, titel=spalte.titel, inhalt=inhalt, folge=_satz(spalte))
        return
    try:
        zeile.werte[spalte.id] = spalte.lies(zelle)
    except ValueError:
        _unlesbar(lesung, zeile, spalte, zelle)


def _unlesbar(lesung: Lesung, zeile: Rohzeile, spalte: Stammspalte, zelle: Zelle) -> None:
    gelesen = zelle.anzeige
    if spalte.art == "iban":
        lesung.melde("S-16", zelle, spalte.titel, zeile, gelesen=gelesen)
    elif spalte.art in _KONTAKT and not spalte.pflicht:
        lesung.melde("S-18", zelle, spalte.titel, zeile, gelesen=gelesen, erwartet=spalte.erwartet)
    else:
        zeile.gut = zeile.gut and spalte.ersatz
        lesung.melde(
            "S-04", zelle, spalte.titel, zeile,
            titel=spalte.titel, gelesen=gelesen, erwartet=spalte.erwartet, folge=_satz(spalte),
        )  # fmt: skip


def _satz(spalte: Stammspalte) -> str:
    if not spalte.ersatz:
        return "bis dahin wird die Zeile nicht verwendet"
    return "bis dahin gilt die Vorgabe" if spalte.breite == 0 else "bis dahin gilt die Zelle als leer"


def _ohne_ahv(lesung: Lesung, zeile: Rohzeile, spalte: Stammspalte) -> Zelle:
    zelle = zeile.zellen[spalte.id]
    text = ohne_ahv(str(zelle.wert))
    if spalte.art != "text" or text == str(zelle.wert):
        return zelle
    zelle = replace(zelle, wert=text)
    lesung.melde("S-29", zelle, spalte.titel, zeile, titel=spalte.titel)
    return zelle
