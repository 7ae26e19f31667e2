"""The dialogs of Excel on the desktop: what a macro needs of a screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xlwings as xw

TITEL = "start.integration"


class Dialoge:
    """The dialogs of Excel."""

    def __init__(self, app: xw.App) -> None:
        self._app: Any = app

    def frage(self, text: str, vorgabe: str) -> str | None:
        """Ask for one entry by Excel's own box; None if the user cancels, for which it gives False."""
        antwort = self._app.api.InputBox(text, TITEL, vorgabe, Type=2)
        return None if antwort is False else str(antwort)

    def bestaetige(self, text: str) -> bool:
        """Ask yes or no."""
        return bool(self._app.alert(text, TITEL, "yes_no", "critical") == "yes")

    def zeige(self, text: str, *, warnung: bool = False) -> None:
        """Show sentences until they are read."""
        self._app.alert(text, TITEL, "ok", "critical" if warnung else "info")

    def status(self, text: str) -> None:
        """Show a text in the status bar; Excel's own one for nothing."""
        self._app.status_bar = text or False

    def oeffne(self, pfad: Path) -> None:
        """Open a workbook."""
        self._app.books.open(str(pfad))
