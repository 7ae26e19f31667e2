"""Tables of the Master: one place that writes cells, counts their values into the fingerprint, and sizes columns."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import Any, Generic, TypeVar

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from krs.formulare.eingabe import NULLTAG
from krs.mappen.gestalt.schrift import hoehe, zeilen
from krs.mappen.gestalt.stile import Mappe

T = TypeVar("T")
Wert = str | int | bool | Decimal | date | None
_DRUCKBREITE = 230  # characters on a landscape page at 60 %, the smallest that can be read
_LAENGSTER_TEXT = 32_000  # Excel takes 32,767 characters
_IN_SPALTE = re.compile(r"\[([^]]+)\]")  # in a formula of a table: the cell of this row in the column of that title
MAL_ANSATZ = "=ROUND([Anzahl]*[Ansatz]*20,0)/20"  # count × rate, to 5 Rappen
_UNSICHTBAR = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Formel:
    """A living formula with the value computed beside it; in a table `[Anzahl]` is the cell of its row and column."""

    text: str
    wert: Decimal | int | str

    def in_zeile(self, zeile: int, orte: Mapping[str, str]) -> Formel:
        """Return the formula for a row (0-based) of a table whose titles stand in these columns."""
        return Formel(_IN_SPALTE.sub(lambda titel: f"{orte[titel[1]]}{zeile + 1}", self.text), self.wert)


@dataclass(frozen=True)  # with slots a generic one could not be made by its alias
class Spalte(Generic[T]):
    """One column: header, style of its cells, width, its value of an entry (of a plain row: by position), its marks.

    `marken`: text of a cell → style; colour and weight, so that the mark does not hang on colour alone.
    """

    titel: str
    stil: str = "text"
    breite: float = 12
    wert: Callable[[T], Wert | Formel] | None = None
    marken: Mapping[str, str] = field(default_factory=dict)


Reihe = Sequence[Wert | Formel]
Kopf = Spalte[Reihe]  # of a table of plain rows


def bereich(blatt: str, spalten: Sequence[Spalte[T]], titel: str, anzahl: int) -> str:
    """Return the values of a column of a sheet as formulas take them."""
    buchstabe = xl_col_to_name([s.titel for s in spalten].index(titel))
    return f"'{blatt}'!${buchstabe}$2:${buchstabe}${anzahl + 1}"


class Fingerabdruck:
    """A hash over values per sheet and row; order of rows and formats do not matter (entwurf 1).

    A formula counts by its result, which recalculation does not change.
    """

    def __init__(self) -> None:
        self._zeilen: defaultdict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)

    def nimm(self, blatt: str | None, zeile: int, spalte: int, wert: object) -> None:
        """Count one value; an empty one counts nothing."""
        text = wertform(wert)
        if text:
            self._zeilen[blatt or "", zeile].append((spalte, text))

    def wert(self) -> str:
        """Return the hash."""
        ergebnis = hashlib.sha256()
        for zeile in sorted((blatt, *sorted(z)) for (blatt, _), z in self._zeilen.items()):
            ergebnis.update(repr(zeile).encode())
        return ergebnis.hexdigest()


@lru_cache(50_000)  # a Master repeats its values
def wertform(wert: object) -> str:
    """Return a value as written and as read back from any program: numbers by value, days as serial numbers."""
    if wert is None:
        return ""
    if isinstance(wert, bool):
        return str(int(wert))
    if isinstance(wert, date):
        return str((wert - NULLTAG).days)
    if isinstance(wert, (int, Decimal)):
        return f"{float(wert):.10g}"
    return " ".join(str(wert).replace("_x005F_", "_").split())


@lru_cache(5_000)
def text_fuer_zelle(text: str) -> str:
    """Return text without what XML or Excel cannot hold; line breaks stay.

    >>> text_fuer_zelle("eins\\r\\nzwei\\x00")
    'eins\\nzwei '
    """
    return _UNSICHTBAR.sub(" ", text.replace("\r\n", "\n"))[:_LAENGSTER_TEXT]


_ZAHLEN = frozenset({"ganz", "rechnung", "betrag", "prozent"})


class Schreiber:
    """Write sheets of one workbook; every value passes here."""

    def __init__(self, mappe: Mappe) -> None:
        self.mappe, self.abdruck = mappe, Fingerabdruck()
        self._stile: dict[str, Any] = {}

    def zelle(self, blatt: Worksheet, zeile: int, spalte: int, wert: Wert | Formel, stil: str = "text") -> None:
        """Write one value. Text from outside is written as text, never as a formula."""
        if wert is None or wert == "":
            return
        form = self._stile.get(stil) or self._stile.setdefault(stil, self.mappe[stil])
        if isinstance(wert, Formel):
            self.abdruck.nimm(blatt.name, zeile, spalte, wert.wert)
            ergebnis = wert.wert if isinstance(wert.wert, str) else float(wert.wert)
            blatt.write_formula(zeile, spalte, wert.text, form, ergebnis)
            return
        if isinstance(wert, bool):
            wert = "Ja" if wert else "Nein"
        if isinstance(wert, str):
            wert = text_fuer_zelle(wert)
            blatt.write_string(zeile, spalte, wert, form)
        else:
            zahl = (wert - NULLTAG).days if isinstance(wert, date) else float(wert)
            blatt.write_number(zeile, spalte, zahl, form)
        self.abdruck.nimm(blatt.name, zeile, spalte, wert)

    def kopf(
        self, blatt: Worksheet, breiten: Sequence[float], titel: str, untertitel: str, stil: str | None = None
    ) -> None:
        """Begin a sheet to read, one page wide: widths (and style) of its columns, title, what it follows from."""
        for spalte, breite in enumerate(breiten):
            blatt.set_column(spalte, spalte, breite, self.mappe[stil] if stil else None)
        blatt.set_row(0, 26)
        self.zelle(blatt, 0, 0, titel, "titel")
        self.zelle(blatt, 1, 0, untertitel, "untertitel")
        blatt.fit_to_pages(1, 0)

    def absatz(
        self, blatt: Worksheet, zeile: int, text: str, breiten: Sequence[float], stil: str = "umbruch", links: int = 0
    ) -> None:
        """Write a paragraph from a column to the last one of these widths; its row is as high as it needs."""
        blatt.merge_range(zeile, links, zeile, len(breiten) - 1, None, self.mappe[stil])
        self.zelle(blatt, zeile, links, text, stil)
        blatt.set_row(zeile, hoehe(zeilen(text, sum(breiten[links:]))))

    def _kopf(self, spalte: Spalte[T]) -> Format:
        return self.mappe["tabellenkopf_rechts" if spalte.stil in _ZAHLEN else "tabellenkopf"]

    def tabelle(
        self,
        blatt: Worksheet,
        name: str,
        spalten: Sequence[Spalte[T]],
        eintraege: Iterable[T],
        oben: int = 0,
        links: int = 0,
    ) -> int:
        """Write an Excel table with its head at row `oben`; return the row after it."""
        orte = {spalte.titel: xl_col_to_name(s) for s, spalte in enumerate(spalten, links)}
        for s, titel in enumerate(orte, links):
            self.abdruck.nimm(blatt.name, oben, s, titel)
        ende = oben
        for ende, eintrag in enumerate(eintraege, oben + 1):
            for s, spalte in enumerate(spalten):
                wert = spalte.wert(eintrag) if spalte.wert else eintrag[s]  # type: ignore[index]
                gesetzt = wert.in_zeile(ende, orte) if isinstance(wert, Formel) else wert
                self.zelle(blatt, ende, links + s, gesetzt, spalte.stil)
        ende = max(ende, oben + 1)
        blatt.add_table(
            oben, links, ende, links + len(spalten) - 1,
            {
                "name": name, "style": "Table Style Light 1", "banded_rows": False,
                "columns": [{"header": s.titel, "header_format": self._kopf(s)} for s in spalten],
            },
        )  # fmt: skip
        return ende + 1

    def blatt(self, name: str, spalten: Sequence[Spalte[T]], eintraege: Iterable[T], fest: int = 2) -> None:
        """Add a sheet that is one table: frozen head and first columns, filter, landscape print that can be read."""
        blatt = self.mappe.blatt(name, quer=True)
        for s, spalte in enumerate(spalten):
            blatt.set_column(s, s, spalte.breite)
        blatt.set_row(0, 30)
        ende = self.tabelle(blatt, name, spalten, eintraege)
        blatt.freeze_panes(1, fest)
        blatt.repeat_rows(0)
        seiten = ceil(sum(s.breite for s in spalten) / _DRUCKBREITE)
        if seiten > 1:
            blatt.repeat_columns(0, fest - 1)
        blatt.fit_to_pages(seiten, 0)
        blatt.set_footer(f"&L&8start.integration · {name}&R&8Seite &P von &N")
        for s, spalte in enumerate(spalten):
            for text, stil in spalte.marken.items():
                regel = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": self.mappe.marke(stil)}
                blatt.conditional_format(1, s, ende - 1, s, regel)
