"""What stands in a cell that gives no value: an error, a link to another file, a formula without result (entwurf 6)."""

from __future__ import annotations

import re

from krs.formulare import typen
from krs.formulare.eingabe import Zelle

# A link names a file in brackets before the sheet, or an address; a table column in brackets is none.
_FREMD = re.compile(r"'[^']*\[[^\]]+\][^']*'!|(?<![\w\]])\[[^\[\]]+\][\w.]*!|\|")
_ADRESSE = re.compile(r"https?:|file:", re.IGNORECASE)
_TEXT_IN_FORMEL = re.compile(r'"[^"]*"')


def kein_wert(zelle: Zelle) -> str:
    """Return what stands in a cell that gives no value, «» if it gives one."""
    if zelle.fehler is not None:
        return f"der Fehlerwert {typen.lesbar(zelle)}"
    if zelle.formel is None:
        return ""
    if _ADRESSE.search(zelle.formel) or _FREMD.search(_TEXT_IN_FORMEL.sub("", zelle.formel)):
        return f"ein Bezug auf eine andere Datei ({formeltext(zelle)})"
    leer = zelle.wert is None or (isinstance(zelle.wert, str) and not zelle.wert.strip())
    return f"eine Formel ohne Ergebnis ({formeltext(zelle)})" if leer else ""


def formeltext(zelle: Zelle) -> str:
    """Return the typed formula as a message shows it, one line, at most 60 characters."""
    text = " ".join((zelle.formel or "").removeprefix("=").split())
    return "=" + (text if len(text) <= 60 else text[:59] + "…")
