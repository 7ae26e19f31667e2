"""Formats, notes and validations of Stammdaten.xlsx, by the type of a column."""

from __future__ import annotations

from datetime import date
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from krs.formulare.stammdaten_plan import Spalte
from krs.formulare.stammdaten_typen import ERWARTET
from krs.formulare.stammdaten_zahlen import HOECHSTER_BESTAND
from krs.mappen.stile import AKZENT, BAND, BETRAG, DATUM, EINGABE, GRUND, LEISE, ZAHL, Mappe

_LINIE = {"border": 1, "border_color": "#D0D0D0"}
_RECHTS = {"align": "right"}
_LINKS = {"align": "left", "indent": 1}
_FORMAT: dict[str, dict[str, Any]] = {
    "bfs": {"num_format": "0", **_RECHTS},
    "jahr": {"num_format": "0", **_RECHTS},
    "plz": {"num_format": "0", **_RECHTS},
    "anzahl": {"num_format": ZAHL, **_RECHTS},
    "faktor": {"num_format": "General"},
    "betrag": {"num_format": BETRAG, **_RECHTS},
    "ansatz": {"num_format": BETRAG + "##", **_RECHTS},
    "datum": {"num_format": DATUM, **_RECHTS},
}
_TEXT = {"num_format": "@", **_LINKS}
_UMBRUCH = {"text_wrap": True, "valign": "top"}
BREIT = 34  # from this width on, a text may run over several lines


class Stil:
    """The formats of one workbook; XlsxWriter keeps each only once per object."""

    def __init__(self, mappe: Mappe) -> None:
        self._mappe = mappe
        self._formate: dict[str, Format] = {}
        self.fehlt = mappe.buch.add_format({"bg_color": EINGABE})

    def _format(self, name: str, *teile: dict[str, Any]) -> Format:
        if name not in self._formate:
            alle = {k: v for teil in (GRUND, *teile) for k, v in teil.items()}
            self._formate[name] = self._mappe.buch.add_format(alle)
        return self._formate[name]

    def spalte(self, spalte: Spalte) -> Format:
        """Return the format of a whole column, for rows that will be typed below the table."""
        return self._format("spalte_" + spalte.art, _FORMAT.get(spalte.art, _TEXT))

    def zelle(self, spalte: Spalte) -> Format:
        """Return the format of a cell in the table; settings stand to the left, whatever their type."""
        einstellung, breit = spalte.breite == 0, spalte.art == "text" and spalte.breite >= BREIT
        weiter = _LINKS if einstellung else _UMBRUCH if breit else {}
        return self._format(f"{spalte.art}_{einstellung}_{breit}", _FORMAT.get(spalte.art, _TEXT), _LINIE, weiter)

    def kopf(self, spalte: Spalte) -> Format:
        """Return the header's format: mandatory columns in strong type; their note says so too."""
        schrift = {} if spalte.pflicht else {"font_color": LEISE}
        kopf = {"bold": spalte.pflicht, "bg_color": BAND, "text_wrap": True, "bottom": 2, "bottom_color": AKZENT}
        return self._format(f"kopf_{spalte.pflicht}", kopf, _LINKS, schrift)

    def notiz(self, text: str) -> dict[str, Any]:
        """Return the options of a header's note, tall enough for its text."""
        hoehe = 14 * (len(text) // 42 + 1) + 10
        return {"author": "krs", "font_name": "Arial", "font_size": 9, "width": 270, "height": hoehe}


def bedingt(spalte: int, breite: int) -> dict[str, Any]:
    """Return the condition that marks an empty mandatory cell in a row that somebody began."""
    erste = xl_rowcol_to_cell(1, 0, col_abs=True)
    letzte = xl_rowcol_to_cell(1, breite - 1, col_abs=True)
    zelle = xl_rowcol_to_cell(1, spalte)
    return {"type": "formula", "criteria": f'=AND(COUNTA({erste}:{letzte})>0,{zelle}="")'}


_REGEL: dict[str, dict[str, Any]] = {
    "bfs": {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 9999},
    "jahr": {"validate": "integer", "criteria": "between", "minimum": 2017, "maximum": 2100},
    "plz": {"validate": "integer", "criteria": "between", "minimum": 1000, "maximum": 9999},
    "anzahl": {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": HOECHSTER_BESTAND},
    "faktor": {"validate": "decimal", "criteria": ">=", "value": 1},
    "betrag": {"validate": "decimal", "criteria": ">=", "value": 0},
    "ansatz": {"validate": "decimal", "criteria": ">=", "value": 0},
    "datum": {"validate": "date", "criteria": "between", "minimum": date(1955, 1, 1), "maximum": date(2099, 12, 31)},
    "iban": {"validate": "length", "criteria": "between", "minimum": 15, "maximum": 42},
    "sha256": {"validate": "length", "criteria": "==", "value": 64},
    "halbjahr": {"validate": "length", "criteria": "==", "value": 7},
    "periode": {"validate": "length", "criteria": "between", "minimum": 4, "maximum": 7},
    "code": {"validate": "length", "criteria": "==", "value": 5},
}


def pruefung(spalte: Spalte, nummer: int, *, hilfe: bool = False) -> dict[str, Any]:
    """Return the data validation of a column, empty without one. A help for typing, never trusted on reading."""
    werte = spalte.auswahl or spalte.vorschlag
    if werte:
        regel: dict[str, Any] = {"validate": "list", "source": list(werte)}
        satz = "Bitte wählen Sie einen Wert aus der Liste."
    elif spalte.art == "email":
        zelle = xl_rowcol_to_cell(1, nummer)
        regel = {"validate": "custom", "value": f'=ISNUMBER(FIND("@",{zelle}))'}
        satz = f"Erwartet wird {ERWARTET['email']}."
    else:
        regel = dict(_REGEL.get(spalte.art, {"validate": "any"} if hilfe else {}))
        satz = f"Erwartet wird {_erwartet(spalte)}."
    if not regel:
        return {}
    weich = {"error_type": "warning"} if spalte.vorschlag or spalte.art == "email" else {}
    text = {"input_title": spalte.titel, "input_message": spalte.notiz} if hilfe else {}
    return {**regel, **weich, **text, "error_title": spalte.titel[:32], "error_message": satz}


def _erwartet(spalte: Spalte) -> str:
    if spalte.ueber_null:
        return ERWARTET["betrag_ueber_null"]
    return {"iban": "eine IBAN wie CH93 0076 2011 6238 5295 7", "code": "ein Code wie A2-07"}.get(
        spalte.art, ERWARTET.get(spalte.art, "ein Text")
    )
