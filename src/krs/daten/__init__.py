"""Facts about the canton's municipalities; origin and certainty of each file: PROVENIENZ.md."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pkgutil import get_data

from krs.recht.zeit import JAHRE

ERSTES_JAHR = date(JAHRE[0], 1, 1)


@dataclass(frozen=True, slots=True)
class GemeindeEintrag:
    """One municipality of the federal register; empty dates are open."""

    bfs_nr: int
    name: str
    bezirk: str
    gueltig_ab: date | None
    gueltig_bis: date | None
    nachfolgerin: int | None
    bemerkung: str


@dataclass(frozen=True, slots=True)
class Ort:
    """A postcode that lies in the municipality: for test addresses only."""

    bfs_nr: int
    plz: int
    ort: str


@dataclass(frozen=True, slots=True)
class KantonTotal:
    """The canton's official population on one day; None where the source gives only the total."""

    stichtag: date
    einwohner: int
    auslaender: int | None
    quelle: str


@dataclass(frozen=True, slots=True)
class Schaetzung:
    """Foreign residents ESTIMATED from a federal percentage: demo and tests only, never a payment."""

    bfs_nr: int
    stichtag: date
    anzahl: int


def _zeilen(name: str) -> list[dict[str, str]]:
    inhalt = get_data("krs.daten", name)
    if inhalt is None:
        raise FileNotFoundError(f"krs.daten ist ohne {name} installiert.")
    return list(csv.DictReader(inhalt.decode("utf-8").splitlines()))


def _tag(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def gemeinden() -> tuple[GemeindeEintrag, ...]:
    """Return every municipality that existed on some day since 01.01.2017, by BFS-Nr.

    >>> len(gemeinden()), gemeinden()[0].name
    (110, 'Egerkingen')
    """
    return tuple(
        GemeindeEintrag(
            int(z["bfs_nr"]),
            z["name"],
            z["bezirk"],
            _tag(z["gueltig_ab"]),
            _tag(z["gueltig_bis"]),
            int(z["nachfolgerin"]) if z["nachfolgerin"] else None,
            z["bemerkung"],
        )
        for z in _zeilen("gemeinden.csv")
    )


@cache
def plz() -> tuple[Ort, ...]:
    """Return one postcode per municipality.

    >>> plz()[0]
    Ort(bfs_nr=2401, plz=4622, ort='Egerkingen')
    """
    return tuple(Ort(int(z["bfs_nr"]), int(z["plz"]), z["ort"]) for z in _zeilen("plz.csv"))


@cache
def auslaender_kanton_total() -> tuple[KantonTotal, ...]:
    """Return the canton's totals by day, ascending.

    >>> {t.stichtag.year: t.auslaender for t in auslaender_kanton_total()}[2023]
    73569
    """
    return tuple(
        KantonTotal(
            date.fromisoformat(z["stichtag"]),
            int(z["einwohner"]),
            int(z["auslaender"]) if z["auslaender"] else None,
            z["quelle"],
        )
        for z in _zeilen("auslaender_kanton_total.csv")
    )


@cache
def auslaender_schaetzung() -> tuple[Schaetzung, ...]:
    """Return the estimates per municipality and day (31.12.2017 and 31.12.2019).

    >>> sorted({s.stichtag.year for s in auslaender_schaetzung()})
    [2017, 2019]
    """
    return tuple(
        Schaetzung(int(z["bfs_nr"]), date.fromisoformat(z["stichtag"]), int(z["anzahl_geschaetzt"]))
        for z in _zeilen("auslaender_schaetzung.csv")
    )
