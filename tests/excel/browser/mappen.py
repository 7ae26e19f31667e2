"""Real workbooks for the stand-in of office.js: what openpyxl reads, as the JSON that its model takes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook import Workbook
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

SICHTBAR = {"visible": "Visible", "hidden": "Hidden", "veryHidden": "VeryHidden"}


def als_json(daten: bytes, name: str, kennwort: str | None = None) -> dict[str, Any]:
    """Return an xlsx for the stand-in.

    Args:
        daten: the file.
        name: its name in Excel.
        kennwort: the password of its protected sheets; a file holds only a hash of it.
    """
    formeln = openpyxl.load_workbook(BytesIO(daten))
    werte = openpyxl.load_workbook(BytesIO(daten), data_only=True)
    return {
        "name": name,
        "aktiv": formeln.active.title,
        "blaetter": [_blatt(b, werte[b.title], kennwort) for b in formeln.worksheets],
        "namen": _namen(formeln),
        "schutz": {"kennwort": kennwort} if formeln.security and formeln.security.lockStructure else None,
    }


def leer(name: str = "Mappe1.xlsx", **blaetter: list[list[object]]) -> dict[str, Any]:
    """Return a workbook with these sheets, each as rows from A1 on; one empty sheet if none is named."""
    return {
        "name": name,
        "blaetter": [
            {
                "name": titel,
                "zellen": [[z, s, w, None, None, True] for z, r in enumerate(zeilen) for s, w in enumerate(r)],
            }
            for titel, zeilen in (blaetter or {"Tabelle1": []}).items()
        ],
    }


def _blatt(formeln: Worksheet, werte: Worksheet, kennwort: str | None) -> dict[str, Any]:
    schutz = formeln.protection
    return {
        "name": formeln.title,
        "sichtbar": SICHTBAR[formeln.sheet_state],
        "zellen": [z for zeile in formeln.iter_rows() for c in zeile if (z := _zelle(c, werte)) is not None],
        "tabellen": [{"name": t.displayName, "adresse": t.ref} for t in formeln.tables.values()],
        "schutz": {"kennwort": kennwort, "optionen": {"allowFormatCells": not schutz.formatCells}}
        if schutz.sheet
        else None,
    }


def _zelle(c: Any, werte: Worksheet) -> list[Any] | None:
    if type(c).__name__ == "MergedCell":
        return None
    gesperrt = bool(c.protection.locked)
    if c.value is None and gesperrt:
        return None
    text = c.value.text if isinstance(c.value, ArrayFormula) else c.value
    formel = text if isinstance(text, str) and c.data_type == "f" else None
    wert = werte.cell(c.row, c.column).value if formel else c.value
    return [c.row - 1, c.column - 1, _roh(wert), formel, c.number_format, gesperrt]


def _roh(wert: object) -> object:
    if isinstance(wert, datetime | date | time | timedelta):
        return to_excel(wert)
    return "" if wert is None else wert


def _namen(mappe: Workbook) -> list[dict[str, Any]]:
    global_ = [(n, None) for n in mappe.defined_names.values()]
    lokal = [(n, b.title) for b in mappe.worksheets for n in b.defined_names.values()]
    return [
        {"name": n.name, "formel": f"={n.attr_text}", "sichtbar": not n.hidden, "blatt": blatt}
        for n, blatt in global_ + lokal
    ]
