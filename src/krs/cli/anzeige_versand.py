"""What the screen shows of mails to come and distribution lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from krs.cli.schirm import tabelle
from krs.formulare.befund import aufgezaehlt, mehrzahl

if TYPE_CHECKING:
    from krs.ablauf.versand import Versandt
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


def versandt(ergebnis: Versandt, art: str) -> Iterator[str]:
    """Yield who gets a mail about how many forms, and where the drafts lie."""
    yield from ergebnis.meldungen
    if ergebnis.gesendet:
        yield f"Schon gesendet: {art} für {mehrzahl(ergebnis.gesendet, 'Formular', 'Formulare')}."
    if not ergebnis.entwuerfe:
        yield f"{art}: Es gibt nichts zu schreiben."
        return
    yield from tabelle([art, "Formulare"], [[name, str(zahl)] for name, zahl in ergebnis.entwuerfe])
    yield ""
    if ergebnis.ohne_adresse:
        yield f"Ohne Adresse: {aufgezaehlt(ergebnis.ohne_adresse)}. Ergänzen Sie die Stammdaten oder den Entwurf."
    yield f"{mehrzahl(len(ergebnis.entwuerfe), 'Entwurf liegt', 'Entwürfe liegen')} in {ergebnis.ordner}."
