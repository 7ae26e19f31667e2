"""Break a text into lines by the widths of Arial: no program that shows it is asked."""

from __future__ import annotations

import unicodedata

_PUNKT = 25.4 / 72
# Widths of Arial in thousandths of the size of its letters.
_WEITEN = {
    222: "ijl'", 278: " !,./:;I[]ft|\\", 333: "()-r`", 389: '"*', 500: "cksvxyzJ", 556: "0123456789abdeghnopquL?_$#",
    584: "+<=>~", 611: "FTZ", 667: "ABEKPSVXY&", 722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1015: "@",
}  # fmt: skip
_WEITE = {zeichen: weite for weite, alle in _WEITEN.items() for zeichen in alle}


def umbrechen(text: str, breite: float, punkt: float) -> list[str]:
    """Return the text in lines of at most a width in mm, broken at blanks; a longer word is cut.

    >>> umbrechen("Einwohnergemeinde Lüterswil-Gächliwil", 52, 8)
    ['Einwohnergemeinde Lüterswil-Gächliwil']
    >>> umbrechen("Einwohnergemeinde Lüterswil-Gächliwil", 40, 8)
    ['Einwohnergemeinde', 'Lüterswil-Gächliwil']
    """
    zeilen = [""]
    for wort in text.split():
        if zeilen[-1] and weite(f"{zeilen[-1]} {wort}", punkt) <= breite:
            zeilen[-1] += f" {wort}"
            continue
        zeilen.append("")
        for zeichen in wort:
            if weite(zeilen[-1] + zeichen, punkt) > breite:
                zeilen.append("")
            zeilen[-1] += zeichen
    return [zeile for zeile in zeilen if zeile]


def weite(text: str, punkt: float) -> float:
    """Return the width in mm; an accent changes nothing, an unknown letter is wide."""
    grund = (unicodedata.normalize("NFD", zeichen)[0] for zeichen in text)
    return sum(_WEITE.get(zeichen, 833) for zeichen in grund) / 1000 * punkt * _PUNKT
