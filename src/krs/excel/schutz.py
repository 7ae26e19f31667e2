"""What differs between the engines of xlwings: protection, hidden sheets, where a workbook lies, spilling formulas.

xlwings has no call for protection. On the desktop it is COM, on the Server two callbacks of the task pane.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from krs.excel.anfrage import Eingabefehler

if TYPE_CHECKING:
    import xlwings as xw

AUF, ZU = "krsSchutzAuf", "krsSchutzZu"  # callbacks of the task pane; their one argument is the name of the sheet
PASSWORT = (
    "Das Blatt «{blatt}» ist mit einem Passwort geschützt. Heben Sie den Schutz auf (Überprüfen, Blattschutz aufheben) "
    "und versuchen Sie es noch einmal. Es wurde nichts geändert."
)
STRUKTUR = (
    "Die Arbeitsmappe «{mappe}» lässt keine neuen Blätter zu. Heben Sie den Schutz auf (Überprüfen, Arbeitsmappe "
    "schützen) und versuchen Sie es noch einmal. Es wurde nichts geändert."
)
ALTES_EXCEL = (
    "Dieses Excel kennt keine Formeln, die mehrere Zellen füllen. Die Funktionen brauchen Excel 2021 oder "
    "Microsoft 365. Es wurde nichts geändert."
)
_ERLAUBNISSE = (
    "AllowFormattingCells", "AllowFormattingColumns", "AllowFormattingRows", "AllowInsertingColumns",
    "AllowInsertingRows", "AllowInsertingHyperlinks", "AllowDeletingColumns", "AllowDeletingRows", "AllowSorting",
    "AllowFiltering", "AllowUsingPivotTables",
)  # fmt: skip


def am_server(mappe: xw.Book) -> bool:
    """Tell whether actions are only collected here and done by the task pane."""
    return bool(mappe.app.engine.type == "remote")


def ort(mappe: xw.Book) -> Path | None:
    """Return where the workbook is saved; None for a new one and for one that lies in the cloud only."""
    if am_server(mappe):
        return None
    voll = str(mappe.api.FullName)
    return Path(voll) if not voll.startswith("http") and Path(voll).is_absolute() else None


def com_fehler(*andere: type[Exception]) -> tuple[type[Exception], ...]:
    """Return what COM raises, and other exceptions to be caught with it; where there is no COM, only those."""
    fehler = getattr(sys.modules.get("pywintypes"), "com_error", None)
    return (*andere, fehler) if fehler is not None else andere


def loesche(blatt: xw.Sheet) -> None:
    """Delete a sheet, also one that somebody hid so that only VBA shows it: Excel refuses to delete that."""
    if not blatt.visible:
        blatt.visible = True
    blatt.delete()


@contextmanager
def offen(blatt: xw.Sheet) -> Iterator[None]:
    """Write to a protected sheet; afterwards it is protected as it was. A sheet without protection stays without.

    Raises: Eingabefehler: protected by a password. On the Server the task pane says so at its first callback, which
        comes before any change.
    """
    if am_server(blatt.book):
        blatt.book.app.macro(AUF)(blatt.name)
        yield
        blatt.book.app.macro(ZU)(blatt.name)
        return
    api: Any = blatt.api
    if not api.ProtectContents:
        yield
        return
    vorher = {name: getattr(api.Protection, name) for name in _ERLAUBNISSE}
    vorher |= {"DrawingObjects": api.ProtectDrawingObjects, "Scenarios": api.ProtectScenarios}
    auswahl = api.EnableSelection
    try:
        api.Unprotect("")  # with an empty password Excel refuses instead of asking for one
    except com_fehler() as fehler:
        raise Eingabefehler(PASSWORT.format(blatt=blatt.name)) from fehler
    try:
        yield
    finally:
        api.Protect("", Contents=True, **vorher)
        api.EnableSelection = auswahl


def pruefe(mappe: xw.Book, blaetter: tuple[xw.Sheet, ...]) -> None:
    """Refuse a workbook that could not be changed, before anything is.

    Raises: Eingabefehler: no new sheets allowed, a sheet with a password, an Excel without spilling formulas.
    """
    if not am_server(mappe):
        if mappe.api.ProtectStructure:
            raise Eingabefehler(STRUKTUR.format(mappe=mappe.name))
        if not _laeuft_ueber(mappe):
            raise Eingabefehler(ALTES_EXCEL)
    for blatt in blaetter:
        with offen(blatt):
            pass


def _laeuft_ueber(mappe: xw.Book) -> bool:
    try:
        _ = mappe.sheets[0].range("A1").formula2
    except com_fehler(AttributeError):
        return False
    return True
