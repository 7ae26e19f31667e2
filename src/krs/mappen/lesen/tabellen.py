"""Read Stammdaten.xlsx as any program saved it: sheets by name, columns by header, every value with its cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from krs.formulare.eingabe import Zelle, als_tag
from krs.mappen.lesen.adresse import spaltenname
from krs.mappen.lesen.formular import alle_zellen
from krs.stammdaten.lesen import Tabelle
from krs.stammdaten.plan import Stammblatt, blaetter, schluessel

KOPF_SUCHEN = 20  # the header is the row with most of our headers, somewhere in the first rows
Zellen = Mapping[tuple[int, int], Zelle]


def lies_tabellen(daten: bytes, datei: str = "Stammdaten.xlsx") -> dict[str, Tabelle]:
    """Return the sheets of the Stammdaten by name; other sheets are ignored.

    Raises: Abgewiesen: not a workbook, encrypted, damaged or too large.
    """
    plaene = {schluessel(b.name): b for b in blaetter()}
    zellen, nulltag = alle_zellen(daten, datei, lambda name: schluessel(name) in plaene)
    return {name: _tabelle(name, plaene[schluessel(name)], inhalt, nulltag) for name, inhalt in zellen.items()}


def _tabelle(name: str, plan: Stammblatt, zellen: Zellen, nulltag: date) -> Tabelle:
    gefuellt = {ort: z for ort, z in zellen.items() if not z.leer}
    arten = {schluessel(s.titel): s.art for s in plan.spalten}
    kopfzeile = _kopfzeile(gefuellt, set(arten))
    spalten = sorted(s for z, s in gefuellt if z == kopfzeile)
    daten = {s for s in spalten if arten.get(schluessel(gefuellt[kopfzeile, s].anzeige)) == "tag"}
    zeilen = []
    for nummer in sorted({z for z, _ in gefuellt if z > kopfzeile}):
        zeile = [gefuellt.get((nummer, s)) or Zelle(name, f"{spaltenname(s)}{nummer}") for s in spalten]
        zeilen.append(tuple(als_tag(z, nulltag) if s in daten else z for s, z in zip(spalten, zeile, strict=True)))
    return Tabelle(name, tuple(gefuellt[kopfzeile, s] for s in spalten), tuple(zeilen))


def _kopfzeile(zellen: Zellen, titel: set[str]) -> int:
    treffer: dict[int, int] = {}
    for (zeile, _), zelle in zellen.items():
        if zeile <= KOPF_SUCHEN and schluessel(zelle.anzeige) in titel:
            treffer[zeile] = treffer.get(zeile, 0) + 1
    return max(treffer, key=lambda zeile: (treffer[zeile], -zeile), default=1)
