"""Where a cell is: addresses, ranges, names of columns and sheets, as workbooks write them."""

from __future__ import annotations

import re
from functools import cache

from krs.mappen.lesen.behaelter import gemerkt

_ADRESSE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
HOECHSTE_SPALTE, HOECHSTE_ZEILE = 16_384, 1_048_576

Ecken = tuple[int, int, int, int]  # first row and column, last row and column


class Unlesbar(Exception):
    """The sheet contradicts itself; the text is the reason."""


def position(adresse: str) -> tuple[int, int]:
    """Return row and column (1-based). Raises: Unlesbar.

    >>> position("C21"), position("XFD1048576")
    ((21, 3), (1048576, 16384))
    """
    treffer = _ADRESSE.fullmatch(adresse)
    ort = (int(treffer[2]), spaltennummer(treffer[1])) if treffer else (0, 0)
    if not (1 <= ort[0] <= HOECHSTE_ZEILE and 1 <= ort[1] <= HOECHSTE_SPALTE):
        raise Unlesbar("eine Zelle hat keinen gültigen Ort")
    return ort


def einheitlich(adresse: str) -> str:
    """Return an address as Excel writes it; other programs write `c59` or `$C$59`. Raises: Unlesbar.

    >>> einheitlich("$c$59"), einheitlich(" C021 ")
    ('C59', 'C21')
    """
    kern = adresse.strip().upper().replace("$", "") if adresse.isascii() else ""
    buchstaben = kern.rstrip("0123456789")
    kern = buchstaben + kern[len(buchstaben) :].lstrip("0")
    position(kern)
    return kern


@gemerkt  # most forms have the same
def ecken(bereich: str) -> Ecken | None:
    """Return the corners of a range; None if it is none.

    >>> ecken("C21:$B$20"), ecken("Olten")
    ((20, 2, 21, 3), None)
    """
    try:
        orte = [position(einheitlich(e)) for e in bereich.split(":")]
    except Unlesbar:
        return None
    zeilen, spalten = zip(*orte, strict=True)
    return min(zeilen), min(spalten), max(zeilen), max(spalten)


@cache
def spaltennummer(name: str) -> int:
    """Return the number of a column (1-based).

    >>> spaltennummer("A"), spaltennummer("AB")
    (1, 28)
    """
    nummer = 0
    for buchstabe in name:
        nummer = nummer * 26 + ord(buchstabe) - 64
    return nummer


def zitiert(blatt: str) -> str:
    """Return the name of a sheet as references write it.

    >>> zitiert("Anhang 1"), zitiert("Otto's Blatt")
    ("'Anhang 1'", "'Otto''s Blatt'")
    """
    return "'{}'".format(blatt.replace("'", "''"))


@cache
def spaltenname(nummer: int) -> str:
    """Return the letters of a column.

    >>> spaltenname(28)
    'AB'
    """
    name = ""
    while nummer:
        nummer, rest = divmod(nummer - 1, 26)
        name = chr(65 + rest) + name
    return name
