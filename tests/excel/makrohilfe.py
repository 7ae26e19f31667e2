"""A workbook as the task pane sends it, and what becomes of it when the actions are done. No Excel is needed."""

from __future__ import annotations

import os
from datetime import date, datetime
from io import BytesIO
from typing import Any

os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")

import xlwings as xw
from openpyxl import load_workbook

Blaetter = dict[str, list[list[Any]]]


def leer(*namen: str) -> dict[str, Any]:
    """Return the payload of a workbook with empty sheets."""
    return nutzlast({n: [[""]] for n in namen or ("Tabelle1",)})


def nutzlast(blaetter: Blaetter, namen: dict[str, str] | None = None, mappe: str = "Mappe1.xlsx") -> dict[str, Any]:
    """Return what Office.js sends: sheets with values, and defined names that point to cells."""
    reihen = list(blaetter)
    return {
        "client": "Office.js", "version": xw.__version__,
        "book": {"name": mappe, "active_sheet_index": 0, "selection": "A1"},
        "names": [_name(n, ziel, reihen) for n, ziel in (namen or {}).items()],
        "sheets": [
            {"name": n, "visibility": "Visible", "values": w, "pictures": [], "tables": [], "shapes": [], "charts": [],
             "notes": [], "print_area": None, "show_gridlines": True, "pivot_tables": []}
            for n, w in blaetter.items()
        ],
    }  # fmt: skip


def _name(name: str, ziel: str, blaetter: list[str]) -> dict[str, Any]:
    blatt, _, ort = ziel.rpartition("!")
    nummer = blaetter.index(blatt.strip("'")) if blatt.strip("'") in blaetter else None
    return {
        "name": name, "sheet_index": nummer, "address": ort.replace("$", "") if nummer is not None else None,
        "book_scope": True, "scope_sheet_name": None, "scope_sheet_index": None, "refers_to": f"={ziel}",
    }  # fmt: skip


def aus_datei(daten: bytes, mappe: str = "Formular.xlsx") -> dict[str, Any]:
    """Return the payload that Excel would send of a file; formulas come as their cached results."""
    buch = load_workbook(BytesIO(daten), data_only=True)
    blaetter = {b.title: [[_wert(z.value) for z in zeile] for zeile in b.iter_rows()] or [[""]] for b in buch}
    return nutzlast(blaetter, {n: str(d.attr_text) for n, d in buch.defined_names.items()}, mappe)


def _wert(wert: object) -> object:
    if wert is None:
        return ""
    if isinstance(wert, datetime | date):
        return f"{wert:%Y-%m-%d}T00:00:00.000Z"
    return wert


def buch(daten: dict[str, Any] | None = None) -> xw.Book:
    """Return the workbook on the remote engine."""
    return xw.Book(json=daten or leer())


def aktionen(mappe: xw.Book) -> list[dict[str, Any]]:
    """Return what the task pane would do, in order."""
    liste: list[dict[str, Any]] = mappe.json()["actions"]
    return liste


def danach(vorher: dict[str, list[list[Any]]], mappe: xw.Book) -> dict[str, list[list[Any]]]:
    """Return the sheets with their values once the actions are done; formats change no value."""
    blaetter = [[name, {(z, s): w for z, r in enumerate(v) for s, w in enumerate(r)}] for name, v in vorher.items()]
    for a in aktionen(mappe):
        match a["func"]:
            case "addSheet":
                blaetter.insert(a["args"][0], [a["args"][1], {}])
            case "sheetDelete":
                del blaetter[a["sheet_position"]]
            case "setSheetName":
                blaetter[a["sheet_position"]][0] = a["args"][0]
            case "setValues":
                ziel = blaetter[a["sheet_position"]][1]
                for z, reihe in enumerate(a["values"], a["start_row"]):
                    ziel.update({(z, s): w for s, w in enumerate(reihe, a["start_column"])})
    return {name: _raster(zellen) for name, zellen in blaetter}


def _raster(zellen: dict[tuple[int, int], Any]) -> list[list[Any]]:
    hoch, breit = max((z for z, _ in zellen), default=-1) + 1, max((s for _, s in zellen), default=-1) + 1
    return [[zellen.get((z, s), "") for s in range(breit)] for z in range(hoch)]
