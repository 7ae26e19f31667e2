"""The macros as scripts of xlwings Server: its list tells the client their names and what they need to see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from krs.excel.makrokatalog import makros


def skripte() -> dict[str, Callable[..., Any]]:
    """Return one script for each macro; xlwings must have been told that it is on the server."""
    import xlwings as xw

    def skript(name: str) -> Callable[..., Any]:
        def lauf(book: xw.Book) -> None:
            from krs.excel.anfrage import Anfrage
            from krs.excel.ausfuehren import ausfuehren

            ausfuehren(name, book, Anfrage(None, date.today()))  # noqa: DTZ011 the user's day

        lauf.__name__ = lauf.__qualname__ = name
        lauf.__annotations__ = {"book": xw.Book}
        fertig: Callable[..., Any] = xw.script(lauf)
        return fertig

    return {m.name: skript(m.name) for m in makros()}
