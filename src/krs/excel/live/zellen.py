"""The cells that functions take over: what stands in them before and meanwhile, and how «krs Live» remembers them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

_MERKE = "Funktionen in "


@dataclass(frozen=True, slots=True)
class Ersatz:
    """One cell, its formula while the form is live, and the one that the form has."""

    adresse: str
    live: str
    nativ: str


def untereinander(ersatz: tuple[Ersatz, ...]) -> list[tuple[Ersatz, ...]]:
    """Return the cells in runs without gaps; all stand in one column.

    >>> zellen = [Ersatz(f"J{n}", "", "") for n in (5, 6, 8)]
    >>> [[e.adresse for e in gruppe] for gruppe in untereinander(tuple(zellen))]
    [['J5', 'J6'], ['J8']]
    """
    gezaehlt = ((int(e.adresse[1:]) - n, e) for n, e in enumerate(ersatz))
    return [tuple(e for _, e in gruppe) for _, gruppe in groupby(gezaehlt, key=lambda paar: paar[0])]


def merkzeile(ersatz: tuple[Ersatz, ...]) -> str:
    """Return the cells with functions as «krs Live» shows them.

    >>> merkzeile(tuple(Ersatz(f"J{n}", "", "") for n in (5, 6, 8)))
    'Funktionen in J5:J6, J8'
    """
    gruppen = ((g[0].adresse, g[-1].adresse) for g in untereinander(ersatz))
    return _MERKE + (", ".join(von if von == bis else f"{von}:{bis}" for von, bis in gruppen) or "keiner Zelle")


def gemerkte(text: str) -> tuple[range, ...]:
    """Return the rows of column J that a `merkzeile` names, all rows where somebody overwrote it.

    Ranges, since anybody can write anything there.

    >>> gemerkte("Funktionen in J5:J6, J8")
    (range(5, 7), range(8, 9))
    """
    if not text.startswith(_MERKE):
        return (range(1, 1_048_577),)
    paare = re.findall(r"J(\d{1,7})(?::J(\d{1,7}))?", text)
    return tuple(range(int(von), int(bis or von) + 1) for von, bis in paare)
