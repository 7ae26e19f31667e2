"""What the screen shows of mails to come and distribution lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from krs.cli.schirm import tabelle
from krs.formulare.befund import aufgezaehlt

if TYPE_CHECKING:
    from krs.ablauf.verteiler import Verteilt


def verteilt(ergebnis: Verteilt) -> Iterator[str]:
    """Yield each list with its addresses and who has none; where one was laid out, its files."""
    zeilen = [[x.name, str(len(x.adressen)), str(len(x.ohne) or "–")] for x in ergebnis.listen]
    yield from tabelle(["Verteiler", "Adressen", "ohne Adresse"], zeilen)
    yield ""
    if not ergebnis.geschrieben:
        yield "Bereitlegen: krs verteiler ABLAGE LISTE"
        return
    if ohne := ergebnis.listen[0].ohne:
        yield f"Ohne Adresse in den Stammdaten: {aufgezaehlt(ohne, 20)}."
    yield from ergebnis.meldungen
    yield from (f"Bereit: {p}" for p in ergebnis.geschrieben)
