"""Who answers for a municipality: what Anhang 3 names and the sheet Gemeinden holds (Ziff. 4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten

_KONTAKT = {
    "beauftragte_name": "beauftragte",
    "beauftragte_email": "email",
    "koordination_name": "koordinationsstelle",
    "koordination_email": "email_koordination",
}


def kontakte(stammdaten: Stammdaten, bfs: int, seit: date, bis: date) -> tuple[dict[str, str], ...]:
    """Return the contacts of a municipality by field of Anhang 3, row by row from a day to another."""
    zeilen = [
        g for g in stammdaten.gemeinden
        if g.bfs_nr == bfs and (g.gueltig_bis or date.max) >= seit and (g.gueltig_ab or date.min) <= bis
    ]  # fmt: skip
    zeilen.sort(key=lambda g: g.gueltig_ab or date.min)
    return tuple({feld: getattr(g, spalte) for feld, spalte in _KONTAKT.items()} for g in zeilen)


def kontaktspalten(werte: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of the sheet Gemeinden for fields of Anhang 3."""
    return {_KONTAKT[feld]: wert for feld, wert in werte.items()}
