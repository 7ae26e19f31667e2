"""What a rule sees and what it says; the rules of krs.stammdaten.regeln share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from krs.recht import Gebiet
from krs.stammdaten.lesen import Rohzeile


@dataclass(frozen=True, slots=True)
class Verstoss:
    """One finding of a rule: the row and the column it is about, the code and what its text needs."""

    blatt: str
    zeile: Rohzeile
    feld: str
    code: str
    werte: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sicht:
    """All rows that could be read, by sheet id; `namen`: every BFS-Nr. of the sheet Gemeinden and its names."""

    zeilen: Mapping[str, tuple[Rohzeile, ...]]
    namen: Mapping[int, tuple[str, ...]]
    gebiet: Gebiet


Regel = Callable[[Sicht], Iterator[Verstoss]]


def doppelte(zeilen: tuple[Rohzeile, ...], *felder: str) -> Iterator[tuple[Rohzeile, Rohzeile, tuple[Any, ...]]]:
    """Yield (row, first row, key) for each row whose key another row above has."""
    erste: dict[tuple[Any, ...], Rohzeile] = {}
    for zeile in zeilen:
        wert = tuple(zeile.wert(f) for f in felder)
        gleich = tuple(w.casefold() if isinstance(w, str) else w for w in wert)
        if gleich in erste:
            yield zeile, erste[gleich], wert
        else:
            erste[gleich] = zeile
