"""What a reader found in a workbook: values that keep their cell from reading to message."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from decimal import Decimal

Rohwert = str | Decimal | bool | date | None


@dataclass(frozen=True, slots=True)
class Zelle:
    """One cell as read. `fehler` is the error value (`#REF!`), `formel` the typed formula, both or none."""

    blatt: str = ""
    adresse: str = ""
    wert: Rohwert = None
    formel: str | None = None
    fehler: str | None = None

    @property
    def leer(self) -> bool:
        """True if nothing was entered; blanks count as nothing."""
        if self.formel is not None or self.fehler is not None:
            return False
        return self.wert is None or (isinstance(self.wert, str) and not self.wert.strip())

    @property
    def anzeige(self) -> str:
        """The value as a message shows it, at most 60 characters."""
        if self.fehler is not None:
            return self.fehler
        if isinstance(self.wert, bool):
            return "WAHR" if self.wert else "FALSCH"
        text = "" if self.wert is None else str(self.wert)
        if isinstance(self.wert, Decimal):
            text = format(self.wert, "f")
        return text if len(text) <= 60 else text[:59] + "…"


LEERE_ZELLE = Zelle()
KENNBLATT = "_krs"  # the hidden sheet that says what a template was made for
NULLTAG = date(1899, 12, 30)  # day 0 of Excel's serial numbers, but for workbooks that count from 1904
Zeile = tuple[Zelle, ...]


def als_tag(zelle: Zelle, nulltag: date = NULLTAG) -> Zelle:
    """Return a cell with its day in place of a serial number from 1954 to 2119; any other cell as it is.

    >>> als_tag(Zelle(wert=Decimal(45311))).wert, als_tag(Zelle(wert=Decimal(12))).wert
    (datetime.date(2024, 1, 20), Decimal('12'))
    """
    if isinstance(zelle.wert, Decimal) and 20_000 <= zelle.wert < 80_000:
        return replace(zelle, wert=nulltag + timedelta(days=int(zelle.wert)))
    return zelle


@dataclass(frozen=True, slots=True)
class Kennung:
    """The hidden sheet `_krs`: what the template was made for (entwurf 4.2)."""

    formular: str
    version: str
    bfs_nr: str
    periode: str
    gemeinde: str
    auslaender_anzahl: str
    fingerabdruck: str


KENNUNG_ZEILEN = tuple(f.name for f in fields(Kennung))  # in the order of the sheet


@dataclass(frozen=True, slots=True)
class Merkmal:
    """What a workbook shows besides its values: the code of its Befund, where, what the text names, what it touches."""

    code: str
    zelle: Zelle = LEERE_ZELLE
    werte: tuple[tuple[str, str], ...] = ()
    felder: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Eingabe:
    """A form as read, before any judgement: field key → cell, list key → rows of cells."""

    datei: str
    kennung: Kennung
    felder: Mapping[str, Zelle]
    listen: Mapping[str, tuple[Zeile, ...]] = field(default_factory=dict)
    fehlende: tuple[str, ...] = ()
    merkmale: tuple[Merkmal, ...] = ()


def fingerabdruck(kennung: Kennung, felder: Iterable[str]) -> str:
    """Return the template's fingerprint: over field keys, version and constants, never over bytes."""
    teile = [kennung.formular, kennung.version, kennung.bfs_nr, kennung.periode, kennung.gemeinde]
    text = "\n".join([*teile, kennung.auslaender_anzahl, *sorted(felder)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
