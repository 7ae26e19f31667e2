"""A small working folder: three municipalities, their templates for 2024-H1 and 2024, forms to fill in and drop."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from krs import ablauf
from krs.ablage.ordner import Ablage
from krs.demo.fuellen import fuelle
from krs.formulare.formular import formular
from krs.mappen.stammdaten import stammdaten_mappe
from krs.stammdaten.plan import blaetter

GEMEINDEN = {2401: "Egerkingen", 2402: "Härkingen", 2403: "Kestenholz"}
STICHTAG = date(2024, 9, 10)
GUT2: dict[str, object] = {
    "kontakt_name": "Muster Anna", "kontakt_funktion": "Integration", "kontakt_email": "anna@gemeinde.example",
    "kontakt_telefon": "062 111 22 33", "datum": date(2024, 7, 15), "nullmeldung": "Nein", "bestaetigung": "Ja",
    "erst_einzelpersonen": 3, "erst_familien": 0, "erst_gruppen": 0, "erst_dolmetsch_einzelpersonen": 1,
    "erst_dolmetsch_familien": 0, "erst_dolmetsch_gruppen": 0, "erst_dolmetsch_andere": 0, "erst_personen": 3,
    "erst_sozialregion": 0, "erst_neuzugezogene": 5, "erst_schweizer": 0,
    "integ_einzelpersonen": 0, "integ_familien": 0, "integ_gruppen": 0, "integ_dolmetsch_einzelpersonen": 0,
    "integ_dolmetsch_familien": 0, "integ_dolmetsch_gruppen": 0, "integ_dolmetsch_andere": 0, "integ_personen": 0,
    "integ_sozialregion": 0, "sprachen": [("Tigrinya", 1)],
}  # fmt: skip


def stammdaten(**blaetter_: list[dict[str, object]]) -> bytes:
    """Return Stammdaten.xlsx: three municipalities that take part, residents, credit; sheets given replace ours."""
    zeilen: dict[str, list[dict[str, object]]] = {
        "Gemeinden": [{"bfs_nr": b, "name": n, "beteiligt_ab": date(2018, 1, 1)} for b, n in GEMEINDEN.items()],
        "Ausländerbestand": [
            {"bfs_nr": b, "stichtag": date(2022, 12, 31), "anzahl": 100 + b % 100, "quelle": "Statistik"}
            for b in GEMEINDEN
        ],
        "Kredit": [{"jahr": 2024, "kredit": Decimal(20_000)}],
    } | blaetter_
    spalten = {b.name: [s.id for s in b.spalten] for b in blaetter()}
    return stammdaten_mappe({n: [[z.get(k) for k in spalten[n]] for z in reihen] for n, reihen in zeilen.items()})


def neue_ablage(pfad: Path) -> Ablage:
    """Make the folder with its templates."""
    ablage = Ablage.anlegen(pfad, stammdaten())
    ablauf.vorlagen(pfad, "2024-H1")
    ablauf.vorlagen(pfad, "2024")
    return ablage


def ausgefuellt(ablage: Ablage, bfs: int = 2401, **werte: object) -> bytes:
    """Return the Anhang 2 of a municipality for 2024-H1, filled in."""
    vorlage = next((ablage.vorlagen / "2024-H1").glob(f"*_{bfs}_*"))
    form = formular("anhang2")
    voll: Mapping[str, object] = {k: v for k, v in {**GUT2, **werte}.items() if v is not None}
    return fuelle(vorlage.read_bytes(), form.id, form.version_fuer("2024-H1").id, voll)


def einwerfen(ablage: Ablage, name: str, daten: bytes) -> Path:
    """Put a file below Eingang/."""
    pfad = ablage.eingang / name
    pfad.parent.mkdir(parents=True, exist_ok=True)
    pfad.write_bytes(daten)
    return pfad


def baum(ordner: Path) -> dict[str, str]:
    """Return every file below a folder with the hash of its bytes; the lock file is of no interest."""
    return {
        p.relative_to(ordner).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(ordner.rglob("*"))
        if p.is_file() and p.name != ".krs.lock"
    }
