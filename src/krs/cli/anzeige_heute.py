"""What the screen shows of what is due today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from krs.cli.schirm import tabelle
from krs.formulare.befund import weitere
from krs.lauf.heute import gruppiert
from krs.recht import chf, datum

if TYPE_CHECKING:
    from krs.ablauf.heute import Heute

HOECHSTENS = 5  # lines of a group


def heute(ergebnis: Heute, alle: bool) -> Iterator[str]:
    """Yield what is due, group by group; of many things the first ones unless `alle`."""
    yield from ergebnis.meldungen
    yield f"Heute, {datum(ergebnis.tag)}"
    if not ergebnis.aufgaben:
        yield ""
        yield "Es gibt nichts zu tun."
    for gruppe, anzahl, kurz in gruppiert(ergebnis.aufgaben, len(ergebnis.aufgaben) if alle else HOECHSTENS):
        zeilen = [
            [a.text, chf(a.betrag) if a.betrag is not None else "", datum(a.seit) if a.seit else "", a.befehl]
            for a in kurz
        ]
        yield ""
        kopf = [f"{gruppe} ({anzahl})", "Franken", "seit", "krs"]
        gefuellt = [n for n in range(len(kopf)) if n == 0 or any(z[n] for z in zeilen)]
        yield from tabelle([kopf[n] for n in gefuellt], [[z[n] for n in gefuellt] for z in zeilen])
        if rest := anzahl - len(kurz):
            yield f"… {weitere(rest)}; mit --alle stehen sie da."
