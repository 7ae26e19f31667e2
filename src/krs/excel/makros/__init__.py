"""One function per macro: it calls the same step as the command line and says what happened (entwurf 4.7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from krs.excel.anfrage import Anfrage
from krs.excel.ergebnis import Ergebnis
from krs.excel.makros.formulare import (
    einreichung_pruefen,
    funktionen_einsetzen,
    funktionen_entfernen,
    konsolidieren,
    mahnungen,
    stichprobe,
    vorlagen_erstellen,
)
from krs.excel.makros.geld import anhang1_erstellen, finanz_export, lauf_freigeben, lauf_vorschau

if TYPE_CHECKING:
    import xlwings as xw

MAKROS: Mapping[str, Callable[[xw.Book, Anfrage], Ergebnis]] = {
    f.__name__: f
    for f in (
        einreichung_pruefen, konsolidieren, vorlagen_erstellen, mahnungen, stichprobe, anhang1_erstellen,
        lauf_vorschau, lauf_freigeben, finanz_export, funktionen_einsetzen, funktionen_entfernen,
    )
}  # fmt: skip

__all__ = ["MAKROS"]
