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
# 13 digits from 756 with up to three marks between two of them, whatever marks; people type the letter O for 0.
_AHV = re.compile(r"(?<!\d)756(?:[^\w<>]{0,3}_{0,3}[^\w<>]{0,3}[\dOo]){10}(?!\d)")
_ZIFFER = re.compile(r"[\d\u00b2-\u00b9\u2070-\u2089\u2460-\u24ff]")  # also those that NFKC makes one


def ohne_ahv(text: str) -> str:
    """Return the text with `[AHV-Nummer]` for each valid number; unchanged where there is none.

    >>> ohne_ahv("Frau X, 756.1234.5678.97"), ohne_ahv("756.1234.5678.98")
    ('Frau X, [AHV-Nummer]', '756.1234.5678.98')
    >>> ohne_ahv("756_1234_5678_97.xlsx"), ohne_ahv("756,9O13,4O41,28")
    ('[AHV-Nummer].xlsx', '[AHV-Nummer]')
    """
    moeglich = _ANFANG in text if text.isascii() else _ZIFFER.search(text)
    if len(text) < ZIFFERN or not moeglich:  # nearly every cell: nothing to smooth
        return text
    glatt = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    maskiert = _AHV.sub(_ersetzt, glatt)
    return text if maskiert == glatt else maskiert


def _ersetzt(fund: re.Match[str]) -> str:
    from stdnum.ch import ssn

    zeichen = fund.group().translate({ord("O"): "0", ord("o"): "0"})
    nummer = "".join(str(unicodedata.digit(c)) for c in zeichen if c.isdecimal())
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
