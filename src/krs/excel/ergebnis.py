"""What a macro gives back: sentences, tables, a workbook. Hosts show it; nothing here knows a host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

Wert = str | int | Decimal | date | bool | None


@dataclass(frozen=True, slots=True)
class Tabelle:
    """Columns and rows of one result sheet; every row has as many values as there are columns."""

    spalten: tuple[str, ...]
    zeilen: tuple[tuple[Wert, ...], ...]
    titel: str = ""


@dataclass(frozen=True, slots=True)
class Mappe:
    """A workbook to open: its file name and bytes; `pfad` where it lies in the Ablage, else None."""

    name: str
    daten: bytes
    pfad: Path | None = None


@dataclass(frozen=True, slots=True)
class Ergebnis:
    """The outcome of a macro.

    Args:
        titel: name of the result sheet behind «krs », at most 25 characters.
        saetze: what happened, in German; the first one is shown alone where there is little room.
        tafel: the board and the Befunde in the shape of `krs.excel.tafel`, for hosts that have a task pane.
    """

    titel: str
    saetze: tuple[str, ...]
    tabellen: tuple[Tabelle, ...] = ()
    mappe: Mappe | None = None
    hat_fehler: bool = False
    tafel: Mapping[str, Any] | None = None
