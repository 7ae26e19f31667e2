"""From values of the domain to what Excel takes, and from what Excel sends to what the macros take."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson

from krs.excel.server.antworten import Abweisung
from krs.formulare.eingabe import NULLTAG

if TYPE_CHECKING:
    import xlwings as xw

DATUMSFORMAT = "dd.mm.yyyy"
_AB = 1.4  # of the runtime of Office: it takes numbers with a format
_KEINE_FUNKTION = "Die Anfrage nennt keine Funktion. Laden Sie das Add-in neu."
_KEINE_MAPPE = "Die Anfrage enthält keine Arbeitsmappe. Laden Sie das Add-in neu."


def aufruf(daten: Any) -> tuple[str, list[Any], bool]:
    """Return name and arguments of a function call, and whether dates may carry a format. Raises: Abweisung: 400."""
    if not isinstance(daten, dict):
        raise Abweisung(400, _KEINE_FUNKTION)
    name, argumente, laufzeit = daten.get("func_name"), daten.get("args"), daten.get("runtime")
    if not isinstance(name, str) or not isinstance(argumente, list):
        raise Abweisung(400, _KEINE_FUNKTION)
    return name, argumente, isinstance(laufzeit, str) and laufzeit.replace(".", "", 1).isdecimal() and (
        float(laufzeit) >= _AB
    )  # fmt: skip


def als_ergebnis(rueckgabe: Any, mit_format: bool) -> bytes:
    """Return what a function gave as JSON for Excel: rows of cells, an empty one for None.

    >>> als_ergebnis(Decimal("8032.50"), True)
    b'{"result":[[8032.5]]}'
    >>> als_ergebnis([[date(2024, 7, 31), None]], False)
    b'{"result":[[45504,""]]}'
    """
    zeilen = rueckgabe if isinstance(rueckgabe, list) else [[rueckgabe]]
    if type(None) in {type(wert) for zeile in zeilen for wert in zeile}:
        zeilen = [["" if wert is None else wert for wert in zeile] for zeile in zeilen]

    def zelle(wert: object) -> object:
        if type(wert) is Decimal:  # orjson asks for each: a quarter of the time of a pass before it
            return float(wert)
        if isinstance(wert, date):
            return _tag(wert, mit_format)
        raise TypeError(type(wert).__name__)

    return orjson.dumps({"result": zeilen or [[""]]}, default=zelle, option=orjson.OPT_PASSTHROUGH_DATETIME)


def _tag(wert: date, mit_format: bool) -> object:
    nummer = (wert.date() if isinstance(wert, datetime) else wert).toordinal() - NULLTAG.toordinal()
    return {"type": "FormattedNumber", "basicValue": nummer, "numberFormat": DATUMSFORMAT} if mit_format else nummer


def mappe_und_angaben(daten: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the workbook and the entries of a macro call. Raises: Abweisung: 400: Excel sends no such thing."""
    if not isinstance(daten, dict):
        raise Abweisung(400, _KEINE_MAPPE)
    argumente = daten.pop("args", None) or [{}]
    if not isinstance(argumente, list) or len(argumente) != 1 or not isinstance(argumente[0], dict):
        raise Abweisung(400, "Die Angaben zum Befehl sind nicht lesbar. Laden Sie das Add-in neu.")
    angaben = {str(k): "" if v is None else str(v) for k, v in argumente[0].items()}
    if not _ist_mappe(daten):
        raise Abweisung(400, _KEINE_MAPPE)
    return daten, angaben


def oeffne(daten: dict[str, Any]) -> xw.Book:
    """Return the workbook in an application of its own.

    `xw.Book(json=…)` opens all in one, where a callback goes to the workbook that was opened last: with two macros at
    a time one user would be shown what the other asked for.
    """
    import xlwings as xw
    from xlwings.pro import _xlremote

    eigene = _xlremote.App(_xlremote.engine.apps, add_book=False)  # type: ignore[no-untyped-call] # it has no types
    return xw.Book(impl=eigene.books.open(json=daten))


def _ist_mappe(d: dict[str, Any]) -> bool:
    buch, blaetter, namen = d.get("book"), d.get("sheets"), d.get("names")
    if not (isinstance(buch, dict) and isinstance(blaetter, list) and blaetter and isinstance(namen, list)):
        return False
    aktiv = buch.get("active_sheet_index")
    gut = isinstance(buch.get("name"), str) and type(aktiv) is int and 0 <= aktiv < len(blaetter)
    return gut and d.get("client") == "Office.js" and isinstance(d.get("version"), str) and all(
        isinstance(n, dict) and isinstance(n.get("name"), str) for n in namen
    ) and all(map(_ist_blatt, blaetter))  # fmt: skip


def _ist_blatt(b: Any) -> bool:
    if not isinstance(b, dict) or not isinstance(b.get("name"), str):
        return False
    werte = b.get("values")
    listen = all(isinstance(b.get(k, []), list) for k in ("pictures", "tables"))
    return listen and isinstance(werte, list) and all(isinstance(zeile, list) for zeile in werte)
