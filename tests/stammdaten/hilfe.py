"""Tables of cells as a reader would give them, from rows that are easy to read."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from krs.formulare.eingabe import Zelle
from krs.mappen.lesen.adresse import spaltenname
from krs.stammdaten.plan import Stammblatt, blaetter
from krs.stammdaten.stammdaten import Tabelle


def zelle(blatt: str, adresse: str, wert: Any) -> Zelle:
    """Return a cell; a table of TOML stands for a formula or an error."""
    if isinstance(wert, Mapping):
        return Zelle(blatt, adresse, _roh(wert.get("wert")), wert.get("formel"), wert.get("fehler"))
    return Zelle(blatt, adresse, _roh(wert))


def _roh(wert: Any) -> str | Decimal | date | None:
    return Decimal(wert) if isinstance(wert, int) else wert


def tabelle(plan: Stammblatt, zeilen: Sequence[Mapping[str, Any]], ohne: str = "", dazu: str = "") -> Tabelle:
    """Return one sheet: our headers in row 1, the rows below."""
    titel = [s.titel for s in plan.spalten if s.titel != ohne]
    koepfe = [*titel, dazu] if dazu else titel
    kopf = tuple(Zelle(plan.name, f"{spaltenname(n + 1)}1", t) for n, t in enumerate(koepfe))
    assert all(set(z) <= set(titel) for z in zeilen), "unbekannte Überschrift im Fall"
    inhalt = tuple(
        tuple(zelle(plan.name, f"{spaltenname(n + 1)}{nummer}", zeile.get(t)) for n, t in enumerate(koepfe))
        for nummer, zeile in enumerate(zeilen, start=2)
    )
    return Tabelle(plan.name, kopf, inhalt)


def tabellen(fall: Mapping[str, Any], ausgangslage: Mapping[str, Any]) -> dict[str, Tabelle]:
    """Return all sheets of a case."""
    zeilen = {**ausgangslage, **fall.get("zeilen", {})}
    assert set(zeilen) <= {b.name for b in blaetter()}, "unbekanntes Blatt im Fall"
    return {
        b.name: tabelle(
            b,
            zeilen.get(b.name, ()),
            fall.get("ohne_spalte", {}).get(b.name, ""),
            fall.get("mit_spalte", {}).get(b.name, ""),
        )
        for b in blaetter()
        if b.name not in fall.get("ohne_blatt", ())
    }
