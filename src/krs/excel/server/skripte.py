"""What xlwings tells the client about the macros. Nobody calls through here: see krs.excel.server.routen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from krs.excel.makrokatalog import makros


def skripte() -> dict[str, Callable[..., Any]]:
    """Return one script for each macro; xlwings must have been told that it is on the server."""
    import xlwings as xw

    def skript(name: str) -> Callable[..., Any]:
        def lauf(book: xw.Book) -> None:  # noqa: ARG001 the shape of a script
            raise xw.XlwingsError("Die Befehle gehen nur mit «krs serve». Wenden Sie sich an die Informatik.")

        lauf.__name__ = lauf.__qualname__ = name
        lauf.__annotations__ = {"book": xw.Book}
        fertig: Callable[..., Any] = xw.script(lauf)
        return fertig

    return {m.name: skript(m.name) for m in makros()}
