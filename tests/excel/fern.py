"""A workbook in memory behind xlwings' remote engine: what the task pane sends, and what it does with the answer.

openpyxl plays Excel: it holds values and formulas, it computes nothing.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # not ours to mend
    import xlwings as xw

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Aktion = dict[str, Any]
Zellen = dict[tuple[str, str], object]


class Fern:
    """One open workbook. `formeln` is changed by actions; `werte` are the results that Excel would show."""

    def __init__(self, daten: bytes | None = None, werte: bytes | None = None) -> None:
        self.formeln = _lade(daten, data_only=False)
        self._werte = _lade(werte or daten, data_only=True)
        self.rueckrufe: list[tuple[str, str]] = []
        self.geschuetzt: set[str] = set()  # opened by krsSchutzAuf, to be closed again
        self.aktionen: list[Aktion] = []

    def laufe(self, makro: Callable[[xw.Book], Any]) -> Any:
        """Run a macro as the Server does, and carry out its actions; return what it returns."""
        mappe = xw.Book(json=self.nutzlast())
        ergebnis = makro(mappe)
        self.aktionen = mappe.json()["actions"]
        for aktion in self.aktionen:
            _AUSFUEHRER.get(aktion["func"], _aussehen)(self, aktion)
        return ergebnis

    def nutzlast(self) -> dict[str, Any]:
        """Return what the task pane sends."""
        return {
            "client": "Office.js", "version": xw.__version__,
            "book": {"name": "Mappe.xlsx", "active_sheet_index": 0, "selection": "A1", "calculation": "Automatic"},
            "names": [_name(self.formeln, n, d.attr_text) for n, d in self.formeln.defined_names.items()],
            "sheets": [self._blatt(b) for b in self.formeln],
        }  # fmt: skip

    def _blatt(self, blatt: Worksheet) -> dict[str, Any]:
        werte = self._werte[blatt.title] if blatt.title in self._werte.sheetnames else None
        matrix = [[_roh(blatt, werte, z.row, z.column) for z in zeile] for zeile in blatt.iter_rows()]
        adresse = f"A1:{get_column_letter(blatt.max_column)}{blatt.max_row}"
        sichtbar = {"visible": "Visible", "hidden": "Hidden", "veryHidden": "VeryHidden"}[blatt.sheet_state]
        return {
            "name": blatt.title, "visibility": sichtbar, "show_gridlines": True, "print_area": None, "notes": [],
            "notes_supported": True, "used_range_address": adresse if any(map(any, matrix)) else None,
            "used_range_row_count": blatt.max_row, "used_range_column_count": blatt.max_column, "values": matrix,
            "pictures": [], "shapes": [], "charts": [], "tables": [], "pivot_tables": [],
        }  # fmt: skip

    def zellen(self) -> Zellen:
        """Return all values and formulas: (sheet, address) → what stands there."""
        return {
            (b.title, z.coordinate): getattr(z.value, "text", z.value)
            for b in self.formeln for zeile in b.iter_rows() for z in zeile if z.value not in (None, "")
        }  # fmt: skip

    def bytes(self) -> bytes:
        """Return the workbook as saved."""
        puffer = BytesIO()
        self.formeln.save(puffer)
        return puffer.getvalue()


def _lade(daten: bytes | None, data_only: bool) -> Workbook:
    return load_workbook(BytesIO(daten), data_only=data_only) if daten else Workbook()


def _roh(blatt: Worksheet, werte: Worksheet | None, zeile: int, spalte: int) -> object:
    wert = blatt.cell(zeile, spalte).value
    if isinstance(wert, str) and wert.startswith("="):
        wert = werte.cell(zeile, spalte).value if werte else None
    if isinstance(wert, (date, datetime)):
        return f"{wert:%Y-%m-%dT%H:%M:%S}.000Z"
    return "" if wert is None else wert


def _name(mappe: Workbook, name: str, ziel: str) -> dict[str, Any]:
    fund = re.fullmatch(r"'?(.+?)'?!(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)", ziel)
    blatt, adresse = (fund.group(1), fund.group(2).replace("$", "")) if fund else ("", None)
    return {
        "name": name, "sheet_index": mappe.sheetnames.index(blatt) if blatt in mappe.sheetnames else None,
        "address": adresse if blatt in mappe.sheetnames else None, "refers_to": "=" + ziel, "book_scope": True,
        "scope_sheet_name": None, "scope_sheet_index": None,
    }  # fmt: skip


# --- what the task pane does ----------------------------------------------------------------
def _ziel(fern: Fern, aktion: Aktion) -> Worksheet:
    return fern.formeln.worksheets[aktion["sheet_position"]]


def _schreibe(fern: Fern, aktion: Aktion) -> None:
    blatt = _ziel(fern, aktion)
    assert not blatt.protection.sheet, f"{blatt.title} ist geschützt"
    assert len(aktion["values"]) == aktion["row_count"]
    for z, zeile in enumerate(aktion["values"], aktion["start_row"] + 1):
        assert len(zeile) == aktion["column_count"]
        for s, wert in enumerate(zeile, aktion["start_column"] + 1):
            zelle = blatt.cell(z, s)
            zelle.value = None if wert == "" else wert


def _neu(fern: Fern, aktion: Aktion) -> None:
    fern.formeln.create_sheet(aktion["args"][1], aktion["args"][0])


def _weg(fern: Fern, aktion: Aktion) -> None:
    fern.formeln.remove(_ziel(fern, aktion))


def _leere(fern: Fern, aktion: Aktion) -> None:
    blatt = _ziel(fern, aktion)
    blatt.delete_rows(1, blatt.max_row)


def _rueckruf(fern: Fern, aktion: Aktion) -> None:
    name, blatt = aktion["args"]
    fern.rueckrufe.append((name, blatt))
    schutz = fern.formeln[blatt].protection
    if name == "krsSchutzAuf" and schutz.sheet:
        fern.geschuetzt.add(blatt)
        schutz.sheet = False
    elif name == "krsSchutzZu" and blatt in fern.geschuetzt:
        schutz.sheet = True


def _aussehen(_: Fern, aktion: Aktion) -> None:
    assert aktion["func"] in _AUSSEHEN, aktion["func"]


_AUSFUEHRER: dict[str, Callable[[Fern, Aktion], None]] = {
    "setValues": _schreibe, "setFormula": _schreibe, "addSheet": _neu, "sheetDelete": _weg, "sheetClear": _leere,
    "runMacro": _rueckruf,
}  # fmt: skip
_AUSSEHEN = {
    "setFontProperty", "setRangeColor", "setNumberFormat", "setHorizontalAlignment", "setVerticalAlignment",
    "setWrapText", "setSheetVisibility", "setBorderProperty", "setColumnWidth", "activateSheet",
}  # fmt: skip
