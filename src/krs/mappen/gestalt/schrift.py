"""How many lines a text takes in Arial: rows of merged cells do not grow by themselves, in no program."""

from __future__ import annotations

_BREITEN = {"ijl'": 0.22, "I ftr.,:;!/()-": 0.31, "cksvxyz": 0.5, "w": 0.72, "mMW%@…": 0.9}  # in em, by letter
_JE_ZEICHEN = {zeichen: breite for zeichen_alle, breite in _BREITEN.items() for zeichen in zeichen_alle}
_GROSS, _SONST = 0.7, 0.556
_RAND = 12  # px of a cell that hold no text: padding and one indent
_FETT = 1.08


def breite(text: str, punkt: float, fett: bool = False) -> float:
    """Return the width of a text in px at 96 dpi, a little too wide rather than too narrow.

    >>> round(breite("Geführte Gespräche", 10))
    119
    """
    em = sum(_JE_ZEICHEN.get(z, _GROSS if z.isupper() else _SONST) for z in text)
    return em * punkt * 96 / 72 * (_FETT if fett else 1)


def zeilen(text: str, spaltenbreite: float, punkt: float = 10) -> int:
    """Return how many lines a text takes in a cell as many characters wide, as Excel counts column widths.

    >>> zeilen("Wählen Sie Ja, wenn das Formular fertig ausgefüllt ist.", 38, 8)
    2
    """
    platz = 7 * spaltenbreite - _RAND
    anzahl, rest = 1, platz
    for wort in text.split():
        lang = breite(wort, punkt)
        if lang > rest and rest < platz:
            anzahl, rest = anzahl + 1, platz
        rest -= lang + breite(" ", punkt)
    return anzahl


def hoehe(anzahl: int, punkt: float = 10) -> float:
    """Return the height of a row with so many lines, in points.

    >>> hoehe(2)
    27.75
    """
    return 1.275 * punkt * anzahl + 2.25
