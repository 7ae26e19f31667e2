"""The open form as Excel holds it: the same fields, cells and Kennung as read from its file.

What only a file shows is not seen: macros, links, a second form, AHV numbers outside the fields. On the Server
formulas are not seen either, only their results: a typed `=5+7` earns no Hinweis, and one that shows an error is
judged as an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from krs.excel import schutz
from krs.excel.anfrage import Eingabefehler
from krs.excel.rohzelle import lesbar
from krs.formulare.eingabe import KENNBLATT, KENNUNG_ZEILEN, NULLTAG, Eingabe, Rohwert, Zelle
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.adresse import Ecken, spaltenname
from krs.mappen.lesen.formular import eingabe_aus as lies_eingabe
from krs.mappen.lesen.mappe import Bereich, lies_bereich
from krs.mappen.lesen.zellen import zahl

if TYPE_CHECKING:
    import xlwings as xw

Raster = Sequence[Sequence[Any]]
_ZEIT = re.compile(r"-?\d{4,}-\d\d-\d\dT")  # how days are sent, followed by the time and Z
_FEHLERWERTE = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DATA!", "#SPILL!", "#CALC!", "#BUSY!",
     "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#GETTING_DATA"}
)  # fmt: skip
_HOECHSTE_ZEILEN, _HOECHSTE_SPALTEN = 2000, 100  # a name that spans more is no field of ours
_WAS = (
    "«{name}» ist kein Formular von start.integration. Öffnen Sie ein ausgefülltes Anhang 2 oder Anhang 3 und klicken "
    "Sie dann auf «Formular prüfen»."
)


def eingabe_aus(mappe: xw.Book) -> Eingabe:
    """Return the form that is open. Raises: Eingabefehler: the workbook is none of our forms."""
    try:
        return lies_eingabe(_Offen(mappe), mappe.name)
    except Abgewiesen as fehler:
        raise Eingabefehler(_WAS.format(name=mappe.name)) from fehler


class _Offen:
    """The workbook in Excel; each sheet is read in one call, up to the last cell that a name needs."""

    epoche = NULLTAG  # datetimes were made serial numbers from this day, whatever the workbook counts from

    def __init__(self, mappe: xw.Book) -> None:
        self._blaetter = {b.name: b for b in mappe.sheets}
        self.blaetter = self._blaetter.keys()
        self._formeln = not schutz.am_server(mappe)
        self._namen = _namen(mappe)
        self._gelesen: dict[str, _Blatt] = {}

    def bereich(self, name: str) -> Bereich | None:
        """Return where a defined name points to; None if it leads to no cell of this workbook."""
        bereich = self._namen.get(name)
        return bereich if bereich is not None and bereich.blatt in self._blaetter else None

    def blatt(self, name: str) -> _Blatt:
        """Return the cells of a sheet."""
        if name not in self._gelesen:
            alle = (b for b in self._namen.values() if b.blatt == name)
            eigene = [b for b in alle if b.bis_zeile <= _HOECHSTE_ZEILEN and b.bis_spalte <= _HOECHSTE_SPALTEN]
            zeilen = max((b.bis_zeile for b in eigene), default=1)
            spalten = max((b.bis_spalte for b in eigene), default=1)
            if name == KENNBLATT:
                zeilen, spalten = max(zeilen, len(KENNUNG_ZEILEN)), max(spalten, 2)
            bereich = self._blaetter[name].range((1, 1), (zeilen, spalten))
            self._gelesen[name] = _Blatt(name, bereich, self._formeln)
        return self._gelesen[name]


class _Blatt:
    def __init__(self, name: str, bereich: xw.Range, mit_formeln: bool) -> None:
        self.name, self._bereich, self._mit_formeln = name, bereich, mit_formeln
        self._werte, self._formeln = _lies(bereich, mit_formeln)

    def zelle(self, zeile: int, spalte: int) -> Zelle:
        """Return one cell, empty if it holds nothing."""
        adresse = f"{spaltenname(spalte)}{zeile}"
        roh, formel = self._roh(zeile, spalte)
        if isinstance(roh, str) and roh in _FEHLERWERTE:
            return Zelle(self.name, adresse, None, formel, roh)
        return Zelle(self.name, adresse, rohwert(roh), formel)

    def verborgen(self, bereiche: tuple[Ecken, ...]) -> dict[tuple[int, int], str]:  # noqa: ARG002
        """Return nothing: who has the form open sees it, and asking Excel cell by cell would take seconds."""
        return {}

    def _roh(self, zeile: int, spalte: int) -> tuple[Any, str | None]:
        if zeile <= len(self._werte) and spalte <= len(self._werte[0]):
            werte, formeln, z, s = self._werte, self._formeln, zeile - 1, spalte - 1
        else:  # a field that somebody moved far away
            (werte, formeln), z, s = _lies(self._bereich.sheet.range((zeile, spalte)), self._mit_formeln), 0, 0
        roh: Any = werte[z][s]
        text = str(formeln[z][s]) if formeln else ""
        return roh, text[1:] if text.startswith("=") and text != roh else None  # «'=1» is a text


def rohwert(roh: Any) -> Rohwert:
    """Return a value of xlwings as the reader of files knows it: days and times are serial numbers.

    >>> rohwert(12.0), rohwert(0.1 + 0.2), rohwert(datetime(2024, 1, 20)), rohwert("")
    (Decimal('12'), Decimal('0.3'), Decimal('45311'), None)
    """
    if roh is None or roh == "":
        return None
    if isinstance(roh, bool | str):
        return roh
    if isinstance(roh, datetime):
        tage = roh.replace(tzinfo=None) - datetime.combine(NULLTAG, datetime.min.time())
        roh = tage / timedelta(days=1)
    elif isinstance(roh, date):
        roh = (roh - NULLTAG).days
    if isinstance(roh, float) and roh.is_integer():
        roh = int(roh)
    return zahl(format(roh, "f") if isinstance(roh, Decimal) else str(roh))


def _namen(mappe: xw.Book) -> dict[str, Bereich]:
    """Return the defined names that point to cells; those of the workbook win over those of a sheet."""
    namen: dict[str, Bereich] = {}
    for name, ziel in sorted(((n.name, n.refers_to) for n in mappe.names), key=lambda n: "!" not in n[0]):
        bereich = lies_bereich(str(ziel).removeprefix("=")) if ziel else None
        if bereich is not None:
            namen[name.rsplit("!", 1)[-1]] = bereich
    return namen


def _lies(bereich: xw.Range, mit_formeln: bool) -> tuple[Raster, Raster]:
    """Return values and formulas of cells, each in one call to Excel."""
    formeln: Any = bereich.formula if mit_formeln else ()
    return bereich.options(ndim=2, err_to_str=True).value, ((formeln,),) if isinstance(formeln, str) else formeln


def bereinige(mappe: xw.Book) -> None:
    """Make readable what the task pane sent; on the Server xlwings fails at a text that only looks like a time.

    Done once, before anything is read: other reads of the same sheet would fail the same way.
    """
    if schutz.am_server(mappe):
        mappe.api["book"]["name"] = lesbar(mappe.name)
        for blatt in mappe.api["sheets"]:
            blatt["values"] = [[_lesbar(wert) for wert in zeile] for zeile in blatt["values"]]


def _lesbar(wert: object) -> object:
    if isinstance(wert, str):
        return lesbar(wert) + (" " if _ZEIT.match(wert) and not _ist_zeit(wert) else "")
    return wert if wert is None or isinstance(wert, int | float) else "#VALUE!"


def _ist_zeit(text: str) -> bool:
    try:
        return datetime.fromisoformat(text.removesuffix("Z")) is not None and text.endswith("Z")
    except ValueError:
        return False


def vergiss(mappe: xw.Book) -> None:
    """Let xlwings forget what it read: on the Server it keeps the cells of every workbook as long as it runs."""
    if schutz.am_server(mappe):
        from xlwings.pro import _xlremote

        _xlremote.get_range_api.cache_clear()
