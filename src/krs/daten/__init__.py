"""Facts about the canton's municipalities; origin and certainty of each file: PROVENIENZ.md."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pkgutil import get_data
from typing import TypeVar

from pydantic import TypeAdapter

from krs.recht.zeit import JAHRE

ERSTES_JAHR = date(JAHRE[0], 1, 1)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class GemeindeEintrag:
    """One municipality of the federal register; empty dates are open."""

    bfs_nr: int
    name: str
    bezirk: str
    gueltig_ab: date | None = None
    gueltig_bis: date | None = None
    nachfolgerin: int | None = None


@dataclass(frozen=True, slots=True)
class Ort:
    """A postcode that lies in the municipality: for test addresses only."""

    bfs_nr: int
    plz: int
    ort: str


@dataclass(frozen=True, slots=True)
class KantonTotal:
    """The canton's official number of foreign residents on one day; None where the source gives only the total."""

    stichtag: date
    auslaender: int | None = None


@dataclass(frozen=True, slots=True)
class Schaetzung:
    """Foreign residents ESTIMATED from a federal percentage: demo and tests only, never a payment."""

    bfs_nr: int
    stichtag: date
    anzahl_geschaetzt: int


def _lies(name: str, art: type[_T]) -> tuple[_T, ...]:
    """Return the rows of a file; its columns are called as the fields."""
    zeilen = csv.DictReader((get_data("krs.daten", name) or b"").decode().splitlines())
    muster = TypeAdapter(art)
    return tuple(muster.validate_python({k: v for k, v in zeile.items() if v}) for zeile in zeilen)


@cache
def gemeinden() -> tuple[GemeindeEintrag, ...]:
    """Return every municipality that existed on some day since 01.01.2017, by BFS-Nr.

    >>> len(gemeinden()), gemeinden()[0].name
    (110, 'Egerkingen')
    """
    return _lies("gemeinden.csv", GemeindeEintrag)


@cache
def plz() -> tuple[Ort, ...]:
    """Return one postcode per municipality.

    >>> plz()[0]
    Ort(bfs_nr=2401, plz=4622, ort='Egerkingen')
    """
    return _lies("plz.csv", Ort)


@cache
def auslaender_kanton_total() -> tuple[KantonTotal, ...]:
    """Return the canton's totals by day, ascending.

    >>> {t.stichtag.year: t.auslaender for t in auslaender_kanton_total()}[2023]
    73569
    """
    return _lies("auslaender_kanton_total.csv", KantonTotal)


@cache
def auslaender_schaetzung() -> tuple[Schaetzung, ...]:
    """Return the estimates per municipality and day (31.12.2017 and 31.12.2019).

    >>> sorted({s.stichtag.year for s in auslaender_schaetzung()})
    [2017, 2019]
    """
    return _lies("auslaender_schaetzung.csv", Schaetzung)
