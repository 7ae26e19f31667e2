"""Read what came back: every value by its defined name, with its cell; nothing is ever evaluated (entwurf 6).

One reader for all programs: the XML itself. It sees what value readers hide (typed formulas, error values,
missing results) and cannot be brought down by a stray cell in the last row (docs/entscheide).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from krs.formulare.ahv import ohne_ahv
from krs.formulare.eingabe import (
    KENNBLATT,
    KENNUNG_ZEILEN,
    LEERE_ZELLE,
    Eingabe,
    Kennung,
    Zeile,
    Zelle,
    als_tag,
    fingerabdruck,
)
from krs.formulare.formular import Feld, Formular, Version, formulare
from krs.formulare.typen import normal, ziffern
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.adresse import Unlesbar
from krs.mappen.lesen.anfang import anfang
from krs.mappen.lesen.behaelter import Behaelter
from krs.mappen.lesen.lage import Lage, Sicht
from krs.mappen.lesen.mappe import Bereich, Mappe
from krs.mappen.lesen.merkmale import finde
from krs.mappen.lesen.schranke import EIGENE

_HOECHSTE_ZEILEN = 1000  # of a list; a template has less than ten
_HOECHSTE_SPALTEN = 50
_KENNZEILEN = 20  # in which the identity may stand after somebody put rows above it


class Quelle(Protocol):
    """An open workbook: a file of ours, or the one that Excel holds."""

    @property
    def blaetter(self) -> Container[str]:
        """The names of its sheets."""

    @property
    def epoche(self) -> date:
        """Day 0 of its serial numbers."""

    def bereich(self, name: str) -> Bereich | None:
        """Return where a defined name points to."""

    def blatt(self, name: str) -> Sicht:
        """Return a sheet."""


def lesen(daten: bytes, datei: str) -> Eingabe:
    """Return the form that a municipality filled in.

    Raises: Abgewiesen: not a workbook, encrypted, damaged, too large or not ours (E-01 to E-05, E-10 to E-12).
    """
    return aus_behaelter(Behaelter(daten, datei), datei)


def aus_behaelter(behaelter: Behaelter, datei: str) -> Eingabe:
    """Return the form in a file that passed the gate.

    Raises: Abgewiesen: as `lesen`; E-05 with an `inhalt`.
    """
    mappe = Mappe(behaelter)
    try:
        eingabe = eingabe_aus(mappe, datei)
    except Abgewiesen as fehler:
        if fehler.code == "E-05":
            fehler.inhalt = anfang(mappe)
        raise
    else:
        return replace(eingabe, merkmale=(*eingabe.merkmale, *finde(mappe, eingabe)))
    finally:
        mappe.schliessen()


def eingabe_aus(mappe: Quelle, datei: str) -> Eingabe:
    """Return the form in an open workbook, however its cells are got at; without the traits of a file.

    Raises: Abgewiesen: not ours (E-05), or as the workbook does.
    """
    if KENNBLATT not in mappe.blaetter:
        raise Abgewiesen("E-05")
    kennung = _kennung(mappe.blatt(KENNBLATT), mappe.epoche)
    if not kennung.formular:  # another of our workbooks: Master, Stammdaten
        raise Abgewiesen("E-05")
    form = next((f for f in formulare() if f.id == kennung.formular), None)
    version = form.version(kennung.version) if form else None
    if form is None or version is None:
        return Eingabe(datei, kennung, {})
    return _Leser(mappe, form, version).eingabe(datei, kennung)


def alle_zellen(
    daten: bytes, datei: str, waehle: Callable[[str], bool]
) -> tuple[dict[str, dict[tuple[int, int], Zelle]], date]:
    """Return the filled cells of the chosen worksheets, hidden ones too, and day 0 of their serial numbers.

    Args:
        daten: the workbook.
        datei: its name, for messages.
        waehle: tells by its name whether a sheet is wanted.
    Returns: sheet → (row, column), 1-based → cell. Chart sheets are left out.
    Raises: Abgewiesen: as `lesen`, but for E-05.
    """
    mappe = Mappe(Behaelter(daten, datei, EIGENE))
    blaetter = [mappe.blatt(name) for name in mappe.blaetter if waehle(name)]
    try:
        return {b.name: b.alle() for b in blaetter if b.ist_tabelle}, mappe.epoche
    except Unlesbar as fehler:
        raise Abgewiesen("E-04", grund=str(fehler)) from fehler
    finally:
        mappe.schliessen()


def _kennung(blatt: Sicht, nulltag: date) -> Kennung:
    """Return the identity as it stands; or as it was stamped, where a program changed how it is written."""
    zellen = [blatt.zelle(zeile, 2) for zeile in range(1, len(KENNUNG_ZEILEN) + 1)]
    gelesen = Kennung(*(ohne_ahv(z.anzeige) for z in zellen))
    return gelesen if _echt(gelesen) else _wie_gestempelt(blatt, nulltag) or gelesen


def _echt(kennung: Kennung) -> bool:
    felder = _felder(kennung)
    return bool(felder) and fingerabdruck(kennung, felder) == kennung.fingerabdruck


def _felder(kennung: Kennung) -> tuple[str, ...]:
    form = next((f for f in formulare() if f.id == kennung.formular), None)
    version = form.version(kennung.version) if form else None
    return version.felder if version else ()


def _wie_gestempelt(blatt: Sicht, nulltag: date) -> Kennung | None:
    """Return the identity without what programs make of its texts: numbers, days, parted letters, other rows.

    None where the fingerprint says that it is another one.
    """
    reihen = ((blatt.zelle(z, 1), blatt.zelle(z, 2)) for z in range(1, _KENNZEILEN))
    werte = {normal(name.anzeige): wert for name, wert in reversed(list(reihen))}
    zellen = [werte.get(name, LEERE_ZELLE) for name in KENNUNG_ZEILEN]
    kennung = Kennung(*(_als_text(name, z, nulltag) for name, z in zip(KENNUNG_ZEILEN, zellen, strict=True)))
    soll, druck = fingerabdruck(kennung, _felder(kennung)), zellen[-1].wert
    if (
        isinstance(druck, Decimal)
        and re.fullmatch(r"\d+(?:e\d+)?", soll)
        and f"{Decimal(soll):.14e}" == f"{druck:.14e}"
    ):
        kennung = replace(kennung, fingerabdruck=soll)
    return kennung if _echt(kennung) else None


def _als_text(name: str, zelle: Zelle, nulltag: date) -> str:
    tag = als_tag(zelle, nulltag).wert if name == "version" else None
    if isinstance(tag, date):
        return f"{tag:%Y-%m}"
    text = re.sub("[\u2010-\u2015\u2212]", "-", normal(zelle.anzeige)) if name != "gemeinde" else normal(zelle.anzeige)
    return re.sub(r"\.0+$", "", ziffern(text)) if name in ("bfs_nr", "periode", "auslaender_anzahl") else text


class _Leser:
    """One form on its way from the workbook: sheets are opened once."""

    def __init__(self, mappe: Quelle, form: Formular, version: Version) -> None:
        self.mappe, self.form, self.version = mappe, form, version
        self._blaetter: dict[str, Sicht] = {}

    def eingabe(self, datei: str, kennung: Kennung) -> Eingabe:
        """Return all fields that have a place, also those of another version: the checks judge them."""
        felder: dict[str, Zelle] = {}
        listen: dict[str, tuple[Zeile, ...]] = {}
        fehlend, wo = [], {}
        for schluessel, feld in self.form.felder.items():
            if feld.art == "berechnet":  # never read: programs save without results (entwurf 4.2)
                continue
            bereich = self.mappe.bereich(schluessel)
            spalten = self._spalten(feld, bereich) if bereich else ()
            if bereich is None or not spalten:
                if schluessel in self.version.felder:
                    fehlend.append(schluessel)
                continue
            wo[schluessel] = bereich
            if feld.art == "liste":
                listen[schluessel] = self._zeilen(bereich, spalten)
            else:
                felder[schluessel] = self._feld(feld, bereich)
        eingabe = Eingabe(datei, kennung, felder, listen, tuple(fehlend))
        if fehlend:  # refused as it is
            return eingabe
        return replace(eingabe, merkmale=tuple(Lage(self.form, self.version, wo, self._blatt).merkmale(eingabe)))

    def _blatt(self, name: str) -> Sicht:
        if name not in self._blaetter:
            blatt = self._blaetter[name] = self.mappe.blatt(name)
            blatt.name = ohne_ahv(name)  # it stands in every Befund
        return self._blaetter[name]

    def _feld(self, feld: Feld, bereich: Bereich) -> Zelle:
        zelle = self._blatt(bereich.blatt).zelle(bereich.zeile, bereich.spalte)
        return als_tag(zelle, self.mappe.epoche) if feld.art == "datum" else zelle

    def _spalten(self, feld: Feld, bereich: Bereich) -> tuple[int, ...]:
        """Return the columns of a field; none where a list has lost columns or gained more than empty ones."""
        if feld.art != "liste":
            return (bereich.spalte,)
        alle = tuple(range(bereich.spalte, bereich.bis_spalte + 1))
        if len(alle) > _HOECHSTE_SPALTEN or bereich.bis_zeile - bereich.zeile >= _HOECHSTE_ZEILEN:
            return ()
        soll = len(feld.spalten)
        if len(alle) > soll:
            voll = tuple(s for s, *zellen in zip(alle, *self._zeilen(bereich, alle), strict=True) if not _leer(zellen))
            alle = voll or alle[:soll]
        return alle if len(alle) == soll else ()

    def _zeilen(self, bereich: Bereich, spalten: tuple[int, ...]) -> tuple[Zeile, ...]:
        blatt = self._blatt(bereich.blatt)
        zeilen = range(bereich.zeile, bereich.bis_zeile + 1)
        return tuple(tuple(blatt.zelle(zeile, spalte) for spalte in spalten) for zeile in zeilen)


def _leer(zellen: list[Zelle]) -> bool:
    return all(z.leer for z in zellen)


__all__ = ["Abgewiesen", "alle_zellen", "eingabe_aus", "lesen"]
