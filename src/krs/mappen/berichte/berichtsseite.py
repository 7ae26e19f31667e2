"""One printed page of the yearly report, written from top to bottom: paragraphs, figures, tables with their chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from krs.lauf.jahreszahlen import Wert
from krs.mappen.gestalt.schrift import hoehe, zeilen
from krs.mappen.gestalt.stile import ZAHL
from krs.mappen.gestalt.tabelle import Kopf, Schreiber

FARBEN = ("#3B7A57", "#8FBC9B", "#2F5D8A", "#9DB8D2", "#8C8C8C")
NAME, ZAHLEN = 30, 13  # widths: the first column, the others
GESAMT = ("Kanton", "Jahr")  # rows that are no bar
_BREIT = NAME + 6 * ZAHLEN
_DIAGRAMM = 17  # rows
_WERT = 6  # column of a single figure: its label runs over those before


@dataclass(frozen=True, slots=True)
class Diagramm:
    """What a chart shows of a table: its columns, and whether they stand on each other."""

    titel: str
    beschreibung: str
    spalten: Sequence[int]
    art: str = "bar"
    gestapelt: bool = True


class Seite:
    """One printed page, written from top to bottom."""

    def __init__(self, s: Schreiber, jahr: int) -> None:
        self.s, self.jahr, self.zeile = s, jahr, 0

    def beginne(self, name: str, titel: str) -> None:
        """Add the sheet with its title."""
        self.name = name
        self.b: Worksheet = self.s.mappe.blatt(name)
        self.b.set_column(0, 0, NAME)
        self.b.set_column(1, 6, ZAHLEN)
        self.b.set_row(0, 26)
        self.s.zelle(self.b, 0, 0, titel, "titel")
        self.s.zelle(
            self.b,
            1,
            0,
            "Bericht an die Einwohnergemeinden · Kreisschreiben KRS-GEF-2017/01, Ziff. 4.3.3 und 5.3",
            "untertitel",
        )
        self.b.fit_to_pages(1, 0)
        self.b.set_footer(
            f"&L&8start.integration · Jahresbericht {self.jahr} · {name}&R&8Seite &P von &N", {"scale_with_doc": False}
        )
        self.zeile = 3

    def absatz(self, text: str, stil: str = "umbruch") -> None:
        """Write a paragraph over the whole width; its row is as high as it needs."""
        self.b.merge_range(self.zeile, 0, self.zeile, 6, None, self.s.mappe[stil])
        self.s.zelle(self.b, self.zeile, 0, text, stil)
        self.b.set_row(self.zeile, hoehe(zeilen(text, _BREIT)))
        self.zeile += 1

    def band(self, text: str) -> None:
        """Write a heading."""
        for spalte in range(7):
            self.b.write_blank(self.zeile, spalte, None, self.s.mappe["band"])
        self.s.zelle(self.b, self.zeile, 0, text, "band")
        self.zeile += 1

    def wert(self, was: str, wert: Wert, stil: str = "rechnung") -> None:
        """Write one figure with its label."""
        self.s.zelle(self.b, self.zeile, 0, was)
        self.s.zelle(self.b, self.zeile, _WERT, "–" if wert is None else wert, stil)
        self.zeile += 1

    def tabelle(
        self, name: str, spalten: Sequence[Kopf], reihen: Sequence[Sequence[Wert]], d: Diagramm | None = None
    ) -> None:
        """Write a table and, below it, its chart; the last row, the canton's, is no bar."""
        oben = self.zeile
        self.b.set_row(oben, 30 if len(spalten) > 2 else 18)
        self.zeile = self.s.tabelle(self.b, name, spalten, reihen, oben) + 1
        if d is not None:
            self._diagramm(oben, reihen, d)

    def _diagramm(self, oben: int, reihen: Sequence[Sequence[Wert]], d: Diagramm) -> None:
        letzte = oben + len(reihen) - (reihen[-1][0] in GESAMT if reihen else 0)
        gezeigt = [r for r in reihen if r[0] not in GESAMT]
        if not any(isinstance(r[n], (int, Decimal)) and r[n] for r in gezeigt for n in d.spalten):
            return
        chart = self.s.mappe.buch.add_chart({"type": d.art, **({"subtype": "stacked"} if d.gestapelt else {})})
        assert isinstance(chart, Chart)
        for nummer, n in enumerate(d.spalten):
            chart.add_series({
                "name": [self.name, oben, n], "categories": [self.name, oben + 1, 0, letzte, 0],
                "values": [self.name, oben + 1, n, letzte, n], "fill": {"color": FARBEN[nummer]}, "gap": 50,
            })  # fmt: skip
        schrift, linie = {"name": "Arial", "size": 9}, {"visible": True, "line": {"color": "#D9D9D9"}}
        chart.set_title({"name": d.titel, "name_font": {**schrift, "size": 10, "bold": True}})
        chart.set_legend({"position": "bottom", "font": schrift} if len(d.spalten) > 1 else {"none": True})
        werte = {"num_font": schrift, "num_format": ZAHL, "major_gridlines": linie}
        if d.art == "bar":
            chart.set_x_axis(werte)
            chart.set_y_axis({"num_font": schrift, "reverse": True})
        else:
            chart.set_x_axis({"num_font": schrift})
            chart.set_y_axis(werte)
        chart.set_size({"width": 790, "height": 20 * _DIAGRAMM - 10})
        self.b.insert_chart(self.zeile, 0, chart, {"description": d.beschreibung, "object_position": 2})
        self.zeile += _DIAGRAMM + 1
