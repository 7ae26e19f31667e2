"""Tables of the Master: one place that writes cells, counts their values into the fingerprint, and sizes columns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from krs.mappen.stile import Mappe

Wert = str | int | bool | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Formel:
    """A living formula with the value computed beside it."""

    text: str
    wert: Decimal | int | str


@dataclass(frozen=True, slots=True)
class Spalte:
    """One column: header, style of its cells, width, and whether its values are text that may wrap."""

    titel: str
    stil: str = "text"
    breite: float = 12


class Fingerabdruck:
    """A hash over values per sheet and row; order of rows, formats and formulas do not matter (design 1)."""

    def __init__(self) -> None:
        self._zeilen: dict[str, dict[int, list[tuple[int, str]]]] = {}

    def nimm(self, blatt: str, zeile: int, spalte: int, wert: object) -> None:
        """Count one value; empty cells and formulas are not counted by the caller."""
        text = wertform(wert)
        if text:
            self._zeilen.setdefault(blatt, {}).setdefault(zeile, []).append((spalte, text))

    def wert(self) -> str:
        """Return the hash."""
        ergebnis = hashlib.sha256()
        for blatt in sorted(self._zeilen):
            zeilen = sorted("\x1f".join(f"{s}={t}" for s, t in sorted(z)) for z in self._zeilen[blatt].values())
            ergebnis.update("\x1e".join([blatt, *zeilen]).encode())
        return ergebnis.hexdigest()


def wertform(wert: object) -> str:
    """Return a value as written and as read back from any program: numbers by value, days as serial numbers."""
    if wert is None:
        return ""
    if isinstance(wert, bool):
        return str(int(wert))
    if isinstance(wert, date):
        return str((wert - date(1899, 12, 30)).days)
    if isinstance(wert, (int, Decimal)):
        return f"{float(wert):.10g}"
    return str(wert).replace("\r\n", "\n").strip()


class Schreiber:
    """Write sheets of one workbook; every value passes here."""

    def __init__(self, mappe: Mappe) -> None:
        self.mappe, self.abdruck = mappe, Fingerabdruck()
        self._stile: dict[str, Any] = {}

    def zelle(self, blatt: Worksheet, zeile: int, spalte: int, wert: Wert | Formel, stil: str = "text") -> None:
        """Write one value. Text from outside is written as text, never as a formula."""
        form = self._stile.get(stil) or self._stile.setdefault(stil, self.mappe[stil])
        if isinstance(wert, Formel):
            blatt.write_formula(zeile, spalte, wert.text, form, float(wert.wert) if wert.wert != "" else "")
            return
        if wert is None or wert == "":
            return
        if isinstance(wert, bool):
            wert = "Ja" if wert else "Nein"
        self.abdruck.nimm(str(blatt.name), zeile, spalte, wert)
        if isinstance(wert, str):
            blatt.write_string(zeile, spalte, wert[:32000], form)
        elif isinstance(wert, date):
            blatt.write_number(zeile, spalte, (wert - date(1899, 12, 30)).days, form)
        else:
            blatt.write_number(zeile, spalte, float(wert), form)

    def tabelle(
        self,
        blatt: Worksheet,
        name: str,
        spalten: Sequence[Spalte],
        zeilen: Iterable[Sequence[Wert | Formel]],
        oben: int = 0,
        links: int = 0,
    ) -> int:
        """Write an Excel table with its head at row `oben`; return the row after it."""
        reihen = list(zeilen)
        for s, spalte in enumerate(spalten):
            self.abdruck.nimm(str(blatt.name), oben, links + s, spalte.titel)
        for z, reihe in enumerate(reihen, oben + 1):
            for s, wert in enumerate(reihe):
                self.zelle(blatt, z, links + s, wert, spalten[s].stil)
        ende = oben + max(len(reihen), 1)
        kopf = self.mappe["tabellenkopf"]
        blatt.add_table(
            oben, links, ende, links + len(spalten) - 1,
            {
                "name": name, "style": "Table Style Light 1", "banded_rows": False,
                "columns": [{"header": s.titel, "header_format": kopf} for s in spalten],
            },
        )  # fmt: skip
        return ende + 1

    def blatt(
        self, name: str, spalten: Sequence[Spalte], zeilen: Iterable[Sequence[Wert | Formel]], fest: int = 2
    ) -> Worksheet:
        """Add a sheet that is one table: frozen head and first columns, filter, landscape print on one page width."""
        blatt = self.mappe.blatt(name, quer=True)
        for s, spalte in enumerate(spalten):
            blatt.set_column(s, s, spalte.breite)
        blatt.set_row(0, 30)
        self.tabelle(blatt, name, spalten, zeilen)
        blatt.freeze_panes(1, fest)
        blatt.repeat_rows(0)
        blatt.fit_to_pages(1, 0)
        blatt.set_footer(f"&L&8start.integration · {name}&R&8Seite &P von &N")
        return blatt
