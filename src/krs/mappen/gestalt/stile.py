"""One look for every workbook (entwurf 5): calm, Arial, one accent for titles and rules only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from krs.formulare.arten import ARTEN

AKZENT = "#C8102E"
TEXT = "#1A1A1A"
LEISE = "#595959"
BAND = "#EDEDED"
RAHMEN = "#8C8C8C"
EINGABE = "#FFF9DB"
# A literal apostrophe would print «'5.00»; the Swiss locale tag gives 1'234.50 (docs/entscheide/24).
BETRAG = "[$-807]#,##0.00"
ZAHL = "[$-807]#,##0"
DATUM = "dd.mm.yyyy"
ZEITPUNKT = (2024, 1, 1, 0, 0, 0)

GRUND: dict[str, Any] = {"font_name": "Arial", "font_size": 10, "font_color": TEXT, "valign": "vcenter"}
_EINGABE = {"bg_color": EINGABE, "border": 1, "border_color": RAHMEN, "locked": False}
_LEISE = {"font_size": 8, "font_color": LEISE}
_KOPF = {"valign": "top", "bottom": 2, "bottom_color": AKZENT}
STILE: dict[str, dict[str, Any]] = {
    "text": {},
    "umbruch": {"text_wrap": True, "valign": "top"},
    "marke": {"font_size": 9, "font_color": AKZENT, "bold": True},
    "titel": {"font_size": 18, "bold": True},
    "gross": {"font_size": 11, "bold": True},
    "untertitel": {"font_color": LEISE},
    "rechts": {"align": "right"},
    "konstante": {"align": "right", "bold": True},
    "pruefzeile": {"bold": True, "font_size": 11, "bg_color": BAND, "bottom": 2, "bottom_color": AKZENT, "indent": 1},
    "hinweiszeile": {"font_color": AKZENT, "bold": True, "indent": 1},
    "band": {"bold": True, "bg_color": BAND, "top": 1, "top_color": AKZENT},
    "gruppe": {"bold": True, "font_size": 9, "font_color": LEISE, "bottom": 1, "bottom_color": BAND},
    "kopf": {"bold": True, "text_wrap": True, "align": "right", "valign": "bottom", "font_size": 9},
    "kopf_links": {"bold": True, "font_size": 9, "valign": "bottom"},
    "kopf_zahl": {"bold": True, "text_wrap": True, "align": "right", "valign": "bottom", "font_size": 9, "indent": 1},
    "kopf_text": {"bold": True, "font_size": 9, "align": "left", "valign": "bottom", "indent": 1},
    "kopf_leise": {**_LEISE, "indent": 1, "text_wrap": True, "align": "right", "valign": "bottom"},
    "label": {"text_wrap": True, "indent": 1},
    "label_oben": {"text_wrap": True, "indent": 1, "align": "left", "valign": "top"},
    "hilfe": {"text_wrap": True, "font_size": 8, "font_color": LEISE, "indent": 1},
    "vorher": {"align": "right", "indent": 1, "font_color": LEISE, "num_format": ZAHL},
    # Not «0»: a typed 1.5 must not look like 2.
    "ein_anzahl": {**_EINGABE, "align": "right", "indent": 1},
    "ein_zahl": {**_EINGABE, "align": "right", "indent": 1, "num_format": BETRAG},
    "ein_betrag": {**_EINGABE, "align": "right", "indent": 1, "num_format": BETRAG},
    "ein_anteil": {**_EINGABE, "align": "right", "indent": 1, "num_format": "0.0%"},
    "ein_datum": {**_EINGABE, "align": "right", "indent": 1, "num_format": DATUM},
    "ein_ja_nein": {**_EINGABE, "align": "center"},
    "ein_auswahl": {**_EINGABE, "align": "center"},
    "ein_text": {**_EINGABE, "text_wrap": True, "indent": 1, "num_format": "@"},
    "ein_lang": {**_EINGABE, "text_wrap": True, "indent": 1, "num_format": "@", "align": "left", "valign": "top"},
    "rechnung": {"align": "right", "num_format": ZAHL},
    "ansatz": {"align": "right", "num_format": BETRAG},
    "betrag": {"align": "right", "num_format": BETRAG},
    "feinbetrag": {"align": "right", "num_format": BETRAG + "##"},
    "faktor": {"num_format": "General"},
    "summe": {"align": "right", "num_format": BETRAG, "bold": True, "top": 1},
    "summe_label": {"bold": True, "top": 1, "indent": 1},
    "nummer": {"align": "left", "num_format": "0"},
    "mitte": {"align": "center"},
    "f_hilfe": {**_LEISE, "align": "right", "indent": 1},
    "legende": {**_LEISE, "align": "right"},
    "band_mitte": {"bold": True, "bg_color": BAND, "top": 1, "top_color": AKZENT, "font_size": 9, "align": "center"},
    "unterzeile": {"text_wrap": True, "font_color": LEISE, "valign": "top", "font_size": 9},
    "kennwert": {"num_format": "@"},
    "band_kopf": {"bold": True, "bg_color": BAND, "top": 1, "top_color": AKZENT, "font_size": 9, "indent": 1},
    "linie": {"text_wrap": True, "bottom": 1, "bottom_color": "#D9D9D9"},
    "ganz": {"align": "right", "num_format": "0"},
    "prozent": {"align": "right", "num_format": "0.0%"},
    "klein": {"font_size": 8, "font_color": LEISE},
    "datum": {"num_format": DATUM, "align": "center"},
    "tabellenkopf_rechts": {**_KOPF, "bold": True, "bg_color": BAND, "text_wrap": True, "align": "right"},
    "tabellenkopf": {**_KOPF, "bold": True, "bg_color": BAND, "text_wrap": True},
}  # fmt: skip


_LISTE = "Bitte wählen Sie einen Wert aus der Liste."
MARKEN: dict[str, dict[str, Any]] = {
    "rot": {"bg_color": "#F8D7DA", "font_color": "#7A0B1C", "bold": True},
    "gelb": {"bg_color": "#FFF0C2", "font_color": "#5C4400"},
    "grau": {"bg_color": "#E3E3E3", "bold": True},
    "leise": {"font_color": LEISE, "italic": True},
    "wiederholt": {"font_color": "#6B6B6B"},
    "neu": {"bold": True, "top": 1, "top_color": RAHMEN},
    "linie": {"top": 1, "top_color": RAHMEN},
}


class Mappe:
    """An XlsxWriter workbook in memory with our formats, the same bytes for the same calls."""

    def __init__(self, titel: str) -> None:
        self._puffer = BytesIO()
        self.buch: Workbook = xlsxwriter.Workbook(
            self._puffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self.buch.formats[0].set_font_name("Arial")
        self.buch.formats[0].set_font_size(10)
        self.buch.set_properties(
            {"title": titel, "author": "krs", "created": datetime(2024, 1, 1)}  # noqa: DTZ001 fixed, so that bytes repeat
        )
        self._formate: dict[str, Format] = {}

    def __getitem__(self, stil: str) -> Format:
        if stil not in self._formate:
            self._formate[stil] = self.buch.add_format({**GRUND, **STILE[stil]})
        return self._formate[stil]

    def marke(self, name: str) -> Format:
        """Return the format of a conditional mark."""
        return self.buch.add_format(MARKEN[name])

    def blatt(self, name: str, **optionen: bool) -> Worksheet:
        """Add a sheet, A4, our margins; `quer` turns it to landscape."""
        blatt = self.buch.add_worksheet(name)
        blatt.set_paper(9)
        blatt.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.6)
        blatt.hide_gridlines(2)
        if optionen.get("quer"):
            blatt.set_landscape()
        return blatt

    def diagramm(
        self, titel: str, reihen: Sequence[dict[str, Any]], groesse: tuple[int, int], art: str = "bar", **achse: Any
    ) -> Chart:
        """Return a chart of these series; `subtype` stacks them, all else is for the axis of the values."""
        chart = self.buch.add_chart({"type": art, "subtype": achse.pop("subtype", None)})
        assert isinstance(chart, Chart)
        for reihe in reihen:
            chart.add_series(reihe)
        schrift, linie = {"name": "Arial", "size": 9}, {"visible": True, "line": {"color": "#D9D9D9"}}
        werte = {"num_font": schrift, "num_format": ZAHL, "major_gridlines": linie, **achse}
        liegend = art == "bar"
        chart.set_title({"name": titel, "name_font": {**schrift, "size": 10, "bold": True}})
        chart.set_legend({"position": "bottom", "font": schrift} if len(reihen) > 1 else {"none": True})
        chart.set_x_axis(werte if liegend else {"num_font": schrift})
        chart.set_y_axis({"num_font": schrift, "reverse": True} if liegend else werte)
        chart.set_size({"width": groesse[0], "height": groesse[1]})
        return chart

    def bytes(self) -> bytes:
        """Close the workbook and return its bytes."""
        self.buch.close()
        return self._puffer.getvalue()


def regel(art: str, auswahl: tuple[str, ...] = (), titel: str = "", hilfe: str = "") -> dict[str, Any]:
    """Return the validation of one kind of value, as XlsxWriter takes it; title and prompt only where given."""
    pruefung, titel = ARTEN[art].pruefung, titel if len(titel) <= 32 else titel[:31] + "…"
    ergebnis: dict[str, Any] = {"validate": "any"}
    if auswahl:
        ergebnis = {"validate": "list", "source": list(auswahl), "error_message": _LISTE}
        if art == "text":  # a suggestion: other text is allowed
            ergebnis["error_type"] = "information"
    elif pruefung:
        was, von, bis = pruefung
        ergebnis = {"validate": was, "error_message": f"Erwartet wird {ARTEN[art].erwartet}."}
        if von == bis or bis is None:
            ergebnis |= {"criteria": ">=" if bis is None else "==", "value": von}
        else:
            ergebnis |= {"criteria": "between", "minimum": von, "maximum": bis}
    if titel:
        ergebnis |= {"error_title": titel}
    return ergebnis | ({"input_title": titel, "input_message": hilfe} if hilfe else {})
