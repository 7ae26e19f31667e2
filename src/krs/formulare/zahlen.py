"""Numbers in the Stammdaten: whole, in Rappen, of either sign; nothing is rounded in silence."""

from __future__ import annotations

import re
from decimal import Decimal

from krs.formulare.eingabe import Zelle
from krs.formulare.typen import normal, ziffern

HOECHSTER_BESTAND = 999_999  # more foreign residents than the canton has people: a slip of the hand
HOECHSTE_FRANKEN = Decimal(999_999_999)
_ZAHL = re.compile(r"[+-]?\d+([.,]\d+)?")
_VORSATZ = re.compile(r"^(Fr\.|CHF|SFr\.)|(\.[-–—]+)$", re.IGNORECASE)


def text(zelle: Zelle) -> str:
    """Return what a cell shows, with single blanks."""
    return normal(zelle.wert) if isinstance(zelle.wert, str) else normal(zelle.anzeige)


def zahl(zelle: Zelle) -> Decimal:
    """Return a number of either sign, freed of the noise of binary fractions. Raises: ValueError.

    >>> zahl(Zelle(wert="Fr. 1'234.50")), zahl(Zelle(wert=Decimal("12.350000000000001")))
    (Decimal('1234.50'), Decimal('12.35'))
    """
    if isinstance(zelle.wert, Decimal):
        wert = zelle.wert
    else:
        knapp = ziffern(_VORSATZ.sub("", ziffern(text(zelle)))).replace("−", "-")
        if isinstance(zelle.wert, bool) or not _ZAHL.fullmatch(knapp):
            raise ValueError
        wert = Decimal(knapp.replace(",", "."))
    if abs(wert) > HOECHSTE_FRANKEN:
        raise ValueError
    rein = wert.quantize(Decimal("0.000001")).normalize()
    rappen = rein.quantize(Decimal("0.01"))
    return rappen if rein == rappen else rein


def ganz(zelle: Zelle, von: int, bis: int) -> int:
    """Return a whole number within bounds. Raises: ValueError."""
    wert = zahl(zelle)
    if wert != wert.to_integral_value() or not von <= wert <= bis:
        raise ValueError
    return int(wert)


def betrag(zelle: Zelle, stellen: int = 2) -> Decimal:
    """Return francs >= 0 with at most so many decimals. Raises: ValueError."""
    wert = zahl(zelle)
    exponent = wert.as_tuple().exponent
    if wert < 0 or not isinstance(exponent, int) or -exponent > stellen:
        raise ValueError
    return wert


def ueber_null(zelle: Zelle) -> Decimal:
    """Return francs and Rappen > 0. Raises: ValueError."""
    wert = betrag(zelle)
    if wert == 0:
        raise ValueError
    return wert


def faktor(zelle: Zelle) -> Decimal:
    """Return a number >= 1. Raises: ValueError."""
    wert = zahl(zelle)
    if wert < 1:
        raise ValueError
    return wert
