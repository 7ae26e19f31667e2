"""The first words of a workbook that is none of our forms: they may tell whose it is (docs/entscheide/53)."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice

from krs.formulare.ahv import ohne_ahv
from krs.mappen.lesen.abgewiesen import Abgewiesen, ordentlich
from krs.mappen.lesen.mappe import Mappe

_BLAETTER, _ZEILEN, _SPALTEN = 2, 12, 8
_ZEICHEN = 1000


def anfang(mappe: Mappe) -> str:
    """Return names and first cells of the first sheets, bounded; empty for what is heavy or cannot be read."""
    texte: list[str] = []
    if not mappe.behaelter.schwer:
        with suppress(Abgewiesen):
            ordentlich(lambda: _sammle(mappe, texte))
    return ohne_ahv(" | ".join(texte))[:_ZEICHEN]


def _sammle(mappe: Mappe, texte: list[str]) -> None:
    for name in islice(mappe.blaetter, _BLAETTER):
        texte.append(name)
        blatt = mappe.blatt(name)
        zellen = (blatt.zelle(z, s) for z in range(1, _ZEILEN + 1) for s in range(1, _SPALTEN + 1))
        texte.extend(z.anzeige[:_ZEICHEN] for z in zellen if not z.leer)
