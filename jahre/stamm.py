"""The Stammdaten of the office that is played through: those of the demo, for three years."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from krs.demo import stamm
from krs.mappen.stammdaten import Zeilen
from krs.stammdaten.plan import blaetter

JAHRE = (2023, 2024, 2025)
KURZ = frozenset({2401, 2402, 2403, 2404, 2405, 2406, 2407, 2408, 2422, 2425, 2426, 2581})
_QUELLE = "Beispiel, keine Verfügung"


def zeile(blatt: str, **werte: object) -> list[object]:
    """Return a row of a sheet, in the order of its columns."""
    plan = next(b for b in blaetter() if b.name == blatt)
    return [werte.get(s.id) for s in plan.spalten]


def stammdaten(dabei: Collection[int] = ()) -> Zeilen:
    """Return the rows of all sheets.

    Args:
        dabei: who takes part; by default the 98 of the demo.
    """
    spalten = {b.name: [s.id for s in b.spalten] for b in blaetter()}
    alle = {
        blatt: [dict(zip(spalten[blatt], z, strict=True)) for z in zeilen]
        for blatt, zeilen in stamm.stammdaten().items()
    }
    for g in alle["Gemeinden"]:
        if dabei and g["bfs_nr"] not in dabei:
            g["beteiligt_ab"] = None
    bestand, alle["Ausländerbestand"] = alle["Ausländerbestand"], []
    for jahr in JAHRE:
        alle["Ausländerbestand"] += [{**z, "stichtag": date(jahr - 2, 12, 31)} for z in bestand]
    alle["Kredit"] = [{"jahr": j, "kredit": Decimal(900_000), "bemerkung": "Beispiel"} for j in JAHRE]
    ansaetze = {
        "Erstinformationsgespräch": 210, "Dolmetschen Erstinformationsgespräch": 165, "Integrationsgespräch": 210,
        "Dolmetschen Integrationsgespräch": 165, "Sockelbeitrag": 7,
    }  # fmt: skip
    alle["Tarife"] = [
        {"leistung": x, "ab": date(2025, 1, 1), "ansatz": Decimal(n), "quelle": _QUELLE} for x, n in ansaetze.items()
    ]
    einstellungen = {**stamm.EINSTELLUNGEN, "geführt ab": "2023-H1"}
    alle["Einstellungen"] = [{"name": k, "wert": v} for k, v in einstellungen.items()]
    for blatt in ("Rückforderungen", "Zuordnungen", "Entscheide"):
        alle[blatt] = []
    return {blatt: [[z.get(k) for k in spalten[blatt]] for z in zeilen] for blatt, zeilen in alle.items()}
