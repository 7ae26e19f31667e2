"""One raw value or range of any host → the cells that the forms are read with.

Office.js sends rows of plain values, `null` or "" for nothing, and a table for an error or a formatted number; COM
gives a scalar or tuples, days as datetime, errors as int. After this module «3'000» is read as in a form.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isfinite

from krs.formulare.eingabe import LEERE_ZELLE, Zelle

_STELLEN = 10  # decimals kept; what lies behind is the noise of binary arithmetic
_COM_FEHLER = {  # CVErr as pywin32 hands it over; every other one of this range is a newer kind
    -2146826288: "#NULL!", -2146826281: "#DIV/0!", -2146826273: "#VALUE!", -2146826265: "#REF!",
    -2146826259: "#NAME?", -2146826252: "#NUM!", -2146826246: "#N/A", -2146826243: "#SPILL!",
}  # fmt: skip
_COM_BEREICH = range(-2146828288, -2146822752)
_COM_FEHLT = -2147352572  # DISP_E_PARAMNOTFOUND: an optional argument that was left out


@dataclass(frozen=True, slots=True)
class Umfang:
    """A range that its host did not read, since it is longer than any function takes."""

    zeilen: int
    spalten: int


Reihen = Sequence[Sequence[object]]


def zelle(roh: object) -> Zelle:  # noqa: PLR0911 one line per kind of value
    """Return one raw value as a cell; never raises."""
    if isinstance(roh, bool) or roh is None:
        return Zelle(wert=roh)
    if isinstance(roh, str):
        return Zelle(wert=lesbar(roh))
    if isinstance(roh, int):
        if roh == _COM_FEHLT:
            return LEERE_ZELLE
        return Zelle(fehler=_COM_FEHLER.get(roh, "#VALUE!")) if roh in _COM_BEREICH else _zahl(Decimal(roh))
    if isinstance(roh, float):
        return _gleitzahl(roh)
    if isinstance(roh, datetime):
        return Zelle(wert=roh.date())
    if isinstance(roh, date):
        return Zelle(wert=roh)
    if isinstance(roh, Decimal) and roh.is_finite():
        return _zahl(roh)
    return _entitaet(roh) if isinstance(roh, Mapping) else Zelle(fehler="#VALUE!")


def lesbar(roh: str) -> str:
    """Return text without lone surrogates and control characters, which no answer can carry."""
    if roh.isprintable():
        return roh
    return "".join("�" if unicodedata.category(c) in ("Cc", "Cs") and not c.isspace() else c for c in roh)


def _gleitzahl(roh: float) -> Zelle:
    if not isfinite(roh):
        return Zelle(fehler="#NUM!")
    rund = round(roh, _STELLEN)
    return _zahl(Decimal(int(rund)) if rund.is_integer() and abs(rund) < 1e15 else Decimal(repr(rund)))


def _zahl(roh: Decimal) -> Zelle:
    return Zelle(wert=roh) if abs(roh.adjusted()) < 30 else Zelle(fehler="#NUM!")


def _entitaet(roh: Mapping[str, object]) -> Zelle:
    """Read what Office.js wraps: an error, a formatted number, or a data type by its basic value."""
    grund = roh.get("basicValue")
    if "Error" in (roh.get("type"), roh.get("basicType")):
        bekannt = isinstance(grund, str) and grund.startswith("#") and len(grund) <= 20
        return Zelle(fehler=lesbar(str(grund)) if bekannt else "#VALUE!")
    return Zelle(fehler="#VALUE!") if isinstance(grund, (Mapping, list, tuple)) else zelle(grund)


def zeilen(roh: object) -> Reihen | Umfang:
    """Return any raw argument as rows; a single row may come without its outer list."""
    if isinstance(roh, Umfang):
        return roh
    if not isinstance(roh, (list, tuple)):
        return ((roh,),)
    return roh if roh and isinstance(roh[0], (list, tuple)) else (roh,)


def masse(reihen: Reihen | Umfang) -> tuple[int, int]:
    """Return how many rows and columns a range has, by its first row."""
    if isinstance(reihen, Umfang):
        return reihen.zeilen, reihen.spalten
    return len(reihen), len(reihen[0])


def einzige(roh: object) -> Zelle | None:
    """Return the one cell of a scalar argument, None for a range of several."""
    reihen = zeilen(roh)
    hoch, breit = masse(reihen)
    if isinstance(reihen, Umfang) or hoch > 1 or breit > 1:
        return None
    return zelle(reihen[0][0]) if breit else LEERE_ZELLE
