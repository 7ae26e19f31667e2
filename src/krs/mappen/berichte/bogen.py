"""A statement on A4: lines, bands and small tables one below the other, with living sums."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

from krs.mappen.gestalt.schrift import breite, hoehe, zeilen
from krs.mappen.gestalt.stile import STILE, Mappe
from krs.mappen.gestalt.tabelle import Formel, Schreiber, Wert

BREITEN = (34, 14, 6.5, 7, 10.5, 8.5, 10.5)  # together the width of the page at 100 %: the QR code keeps its 46 mm
LETZTE = len(BREITEN) - 1
_SEITE = 750  # points of a page between its margins
_ZEILE = 15.0
_SPIEL = 1.08  # our names are known to fit: the estimate of their width is cautious
Zelle = tuple[int, Wert | Formel, str]  # column, value, style


def formel(text: str, wert: Decimal) -> Formel:
    """Return a living formula with its value in CHF."""
    return Formel(f"={text}", wert)


class Bogen:
    """Write row after row; `zeile` is the next row (0-based); methods return rows as formulas count them."""

    def __init__(self, titel: str, blatt: str, fuss: tuple[str, str]) -> None:
        self.s = Schreiber(Mappe(titel))
        self.blatt = self.s.mappe.blatt(blatt)
        self.zeile, self._hoch = 0, 0.0
        self._umbrueche: list[int] = []
        for spalte, zeichen in enumerate(BREITEN):
            self.blatt.set_column(spalte, spalte, zeichen, self.s.mappe["text"])
        links, mitte = (t.replace("&", "&&")[:80] for t in fuss)
        self.blatt.set_footer(f"&L&8{links}&C&8{mitte}&R&8Seite &P von &N")
        self.blatt.set_margins(left=0.5, right=0.3, top=0.5, bottom=0.6)
        self.blatt.set_print_scale(100)

    def ergebnis(self) -> bytes:
        """Return the workbook."""
        self.blatt.print_area(0, 0, max(self.zeile - 1, 0), LETZTE)
        return self.s.mappe.bytes()

    def luft(self, punkte: float = 8) -> None:
        """Leave room."""
        self.reihe((), punkte)

    def reihe(self, zellen: Sequence[Zelle], hoch: float = _ZEILE) -> int:
        """Write cells of one row; return the row as formulas count it."""
        self.blatt.set_row(self.zeile, hoch)
        for spalte, wert, stil in zellen:
            self.s.zelle(self.blatt, self.zeile, spalte, wert, stil)
        self.zeile, self._hoch = self.zeile + 1, self._hoch + hoch
        return self.zeile

    def text(self, text: str, stil: str = "umbruch", von: int = 0, bis: int = LETZTE) -> None:
        """Write a text over several columns, in as many lines as it takes."""
        punkt = STILE[stil].get("font_size", 10)
        breite = sum(BREITEN[von : bis + 1])
        anzahl = sum(zeilen(absatz, breite, punkt) for absatz in text.split("\n"))
        if bis > von:
            self.blatt.merge_range(self.zeile, von, self.zeile, bis, None, self.s.mappe[stil])
        self.reihe([(von, text, stil)], hoehe(anzahl, punkt) + 2)

    def band(self, titel: str, danach: float = 60) -> None:
        """Write the head of a section, on a new page if not even `danach` points below it fit."""
        self.platz(danach)
        self.luft()
        self.blatt.merge_range(self.zeile, 0, self.zeile, LETZTE, None, self.s.mappe["band"])
        self.reihe([(0, titel, "band")], 17)

    def platz(self, punkte: float) -> None:
        """Go on at the top of a new page if so many points do not fit on this one."""
        if self._hoch + punkte > _SEITE:
            self.umbruch()

    def umbruch(self) -> None:
        """Go on at the top of a new page."""
        self._umbrueche.append(self.zeile)
        self.blatt.set_h_pagebreaks(self._umbrueche)
        self._hoch = 0

    def kopf(self, titel: Sequence[str], links: int = 2) -> None:
        """Write the head of a small table; the first `links` columns are text, an empty title leaves its cell empty."""
        stile = {0: "kopf_text", 1: "kopf_links"}
        zellen: list[Zelle] = [(s, t, stile.get(s, "kopf") if s < links else "kopf") for s, t in enumerate(titel) if t]
        zeilen_ = max(2 if breite(t, 9, fett=True) > 7 * BREITEN[s] and s >= links else 1 for s, t in enumerate(titel))
        self.reihe(zellen, 13 * zeilen_ + 3)

    def zeile_mit(self, name: str, zellen: Sequence[Zelle], bis: int = 0) -> int:
        """Write a row whose first text, over the columns up to `bis`, may need several lines; return the row."""
        if bis:
            self.blatt.merge_range(self.zeile, 0, self.zeile, bis, None, self.s.mappe["label"])
        hoch = hoehe(zeilen(name, sum(BREITEN[: bis + 1]) * _SPIEL))
        return self.reihe([(0, name, "label"), *zellen], max(hoch + 1, _ZEILE))

    def absaetze(self, name: str, absaetze: Sequence[str]) -> None:
        """Write a row of text: what it is about, and paragraphs beside it."""
        self.blatt.merge_range(self.zeile, 1, self.zeile, LETZTE, None, self.s.mappe["label_oben"])
        neben = sum(zeilen(t, sum(BREITEN[1:])) for t in absaetze)
        hoch = hoehe(max(neben, zeilen(name, BREITEN[0]))) + 4
        self.reihe([(0, name, "label_oben"), (1, "\n".join(absaetze), "label_oben")], hoch)

    def summe(self, name: str, summen: Sequence[tuple[int, Formel]]) -> int:
        """Write a total with a line above; return the row."""
        for spalte in range(1, LETZTE + 1):
            self.blatt.write_blank(self.zeile, spalte, None, self.s.mappe["summe_label"])
        return self.reihe([(0, name, "summe_label"), *((spalte, wert, "summe") for spalte, wert in summen)], 17)

    def bild(self, png: bytes, beschreibung: str) -> None:
        """Put a picture into the first column, its top in the row that comes next; it leaves room at both sides.

        Within one column: over several, programs would stretch it with the columns.
        """
        optionen = {"x_offset": 12, "y_offset": 2, "object_position": 2, "description": beschreibung}
        self.blatt.insert_image(self.zeile, 0, "qr.png", {"image_data": BytesIO(png), **optionen})
