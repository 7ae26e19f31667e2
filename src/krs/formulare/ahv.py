"""Counts, not people: no AHV number reaches a Befund or a typed form (Ziff. 5.1, domain «Data protection»)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.eingabe import Eingabe, Zeile, Zelle

ERSATZ = "[AHV-Nummer]"
ZIFFERN = 13
_ANFANG = "756"
# 13 digits from 756, written with up to three blanks, points or dashes between two of them.
_AHV = re.compile(r"(?<!\d)756(?:[\s.·/\-\u2010-\u2015\u2212]{0,3}\d){10}(?!\d)")


def ohne_ahv(text: str) -> str:
    """Return the text with `[AHV-Nummer]` for each valid number; unchanged where there is none.

    >>> ohne_ahv("Frau X, 756.1234.5678.97"), ohne_ahv("756.1234.5678.98")
    ('Frau X, [AHV-Nummer]', '756.1234.5678.98')
    """
    if len(text) < ZIFFERN or (text.isascii() and _ANFANG not in text):  # nearly every cell: nothing to smooth
        return text
    glatt = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    maskiert = _AHV.sub(_ersetzt, glatt)
    return text if maskiert == glatt else maskiert


def _ersetzt(fund: re.Match[str]) -> str:
    from stdnum.ch import ssn

    nummer = "".join(str(unicodedata.digit(c)) for c in fund.group() if c.isdecimal())
    return ERSATZ if ssn.is_valid(nummer) else fund.group()


def maskiere(eingabe: Eingabe, akte: Akte) -> tuple[Eingabe, list[Befund]]:
    """Return the form without AHV numbers, in whatever cell they stood, and one F-30 per such cell."""
    befunde: list[Befund] = []

    def rein(feld: str, zelle: Zelle) -> Zelle:
        neu = maskierte(zelle) if zelle.wert is not None or zelle.formel is not None else zelle
        if neu is not zelle:
            befunde.append(melde(akte, "F-30", neu, feld))
        return neu

    felder = {k: rein(k, z) for k, z in eingabe.felder.items()}
    listen: Mapping[str, tuple[Zeile, ...]] = {
        k: tuple(tuple(rein(k, z) for z in zeile) for zeile in zeilen) for k, zeilen in eingabe.listen.items()
    }
    return replace(eingabe, felder=felder, listen=listen), befunde


def maskierte(zelle: Zelle) -> Zelle:
    """Return the cell without AHV numbers; the same object where there is none."""
    wert, formel = zelle.wert, zelle.formel
    if wert is not None and not isinstance(wert, (bool, date)):
        text = wert if isinstance(wert, str) else format(wert, "f")
        wert = neu if (neu := ohne_ahv(text)) != text else wert
    if formel is not None:
        formel = ohne_ahv(formel)
    return zelle if (wert, formel) == (zelle.wert, zelle.formel) else replace(zelle, wert=wert, formel=formel)
