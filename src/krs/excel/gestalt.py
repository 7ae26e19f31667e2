"""The look of our workbooks (mappen/gestalt/stile.py) on sheets that Excel itself holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from krs.excel.schutz import am_server
from krs.mappen.gestalt.stile import GRUND, STILE, TEXT

if TYPE_CHECKING:
    import xlwings as xw

_PUNKTE, _RAND = 5.25, 3.75  # a column of n characters of Arial 10 in points; Office.js counts in points


def grundschrift(bereich: xw.Range) -> None:
    """Give cells the font of all our workbooks."""
    bereich.font.name = GRUND["font_name"]
    _schrift(bereich, GRUND)


def gestalte(bereich: xw.Range, stil: str) -> None:
    """Give cells one of the styles of krs.mappen.gestalt.stile."""
    werte = STILE[stil]
    if "bg_color" in werte:
        bereich.color = werte["bg_color"]
    _schrift(bereich, werte)
    if "num_format" in werte:
        bereich.number_format = werte["num_format"]
    if "align" in werte:
        bereich.horizontal_alignment = werte["align"]
    if "valign" in werte:
        bereich.vertical_alignment = werte["valign"]
    if werte.get("text_wrap"):
        bereich.wrap_text = True
    if werte.get("border"):
        bereich.borders.set("all", line_style="continuous", color=werte["border_color"])
    if werte.get("top"):
        farbe = werte.get("top_color", TEXT)
        bereich.borders.set("edge_top", line_style="continuous", color=farbe)


def _schrift(bereich: xw.Range, werte: Mapping[str, Any]) -> None:
    if "font_size" in werte:
        bereich.font.size = werte["font_size"]
    if werte.get("bold"):
        bereich.font.bold = True
    if "font_color" in werte:
        bereich.font.color = werte["font_color"]


def spaltenbreiten(blatt: xw.Sheet, breiten: Mapping[str, float]) -> None:
    """Set the widths of columns, in characters."""
    server = am_server(blatt.book)
    for spalte, zeichen in breiten.items():
        bereich = blatt.range(f"{spalte}1")
        bereich.column_width = round(zeichen * _PUNKTE + _RAND, 2) if server else zeichen
