"""One printed page of the yearly report, written from top to bottom: paragraphs, figures, tables with their chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from krs.lauf.jahreszahlen import Wert
from krs.mappen.gestalt.tabelle import Kopf, Schreiber

FARBEN = ("#3B7A57", "#8FBC9B", "#2F5D8A", "#9DB8D2", "#8C8C8C")
BREITEN = (30, *[13] * 6)
GESAMT = ("Kanton", "Jahr")  # rows that are no bar
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
        unter = "Bericht an die Einwohnergemeinden · Kreisschreiben KRS-GEF-2017/01, Ziff. 4.3.3 und 5.3"
        self.s.kopf(self.b, BREITEN, titel, unter)
        self.b.set_footer(
            f"&L&8start.integration · Jahresbericht {self.jahr} · {name}&R&8Seite &P von &N", {"scale_with_doc": False}
        )
        self.zeile = 3

    def absatz(self, text: str, stil: str = "umbruch") -> None:
        """Write a paragraph over the whole width; its row is as high as it needs."""
        self.s.absatz(self.b, self.zeile, text, BREITEN, stil)
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
        gezeichnet = [
            {
                "name": [self.name, oben, n], "categories": [self.name, oben + 1, 0, letzte, 0],
                "values": [self.name, oben + 1, n, letzte, n], "fill": {"color": farbe}, "gap": 50,
            }
            for n, farbe in zip(d.spalten, FARBEN, strict=False)
        ]  # fmt: skip
        gross, gestapelt = (790, 20 * _DIAGRAMM - 10), "stacked" if d.gestapelt else None
        chart = self.s.mappe.diagramm(d.titel, gezeichnet, gross, d.art, subtype=gestapelt)
        self.b.insert_chart(self.zeile, 0, chart, {"description": d.beschreibung, "object_position": 2})
        self.zeile += _DIAGRAMM + 1
