"""The macros as xlwings Server lists them; `krs serve` runs them by itself (krs.excel.server.routen)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import xlwings as xw

from krs.excel.makrokatalog import makros


def _skript(name: str) -> Callable[..., Any]:
    def lauf(book: xw.Book) -> None:  # noqa: ARG001 the shape of a script
        raise xw.XlwingsError("Die Befehle gehen nur mit «krs serve». Wenden Sie sich an die Informatik.")

    lauf.__name__ = lauf.__qualname__ = name
    lauf.__annotations__ = {"book": xw.Book}
    return xw.script(lauf)


globals().update({m.name: _skript(m.name) for m in makros()})
