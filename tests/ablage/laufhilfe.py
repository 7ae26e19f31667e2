"""A small working folder with money in it: three municipalities that can be paid, two of them owe something back.

Run 2024-09, worked out by hand (rates of 2024: 200 per talk, 160 per interpreter):
Egerkingen 3 talks, 1 interpreter: 600 + 160 = 760, paid 760.
Härkingen 2 talks: 400, owes 150: paid 250.
Kestenholz 3 talks, 1 interpreter: 760, owes 1000: paid 0, invoiced 240.
"""

from __future__ import annotations

import atexit
import csv
import json
import shutil
from datetime import date
from decimal import Decimal
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from ablage.hilfe import GEMEINDEN, ausgefuellt, einwerfen, stammdaten
from krs import ablauf
from krs.ablage.ordner import Ablage
from krs.ablauf.laeufe import Auftrag, Zahlungslauf, zahlungslauf
from krs.demo.stamm import iban

TAG, LAUF, NAECHSTER = date(2024, 9, 10), "2024-09", "2025-03"
PLZ = {2401: 4622, 2402: 4624, 2403: 4703}
KANTON: dict[str, object] = {
    "Kanton Name": "Kanton Solothurn", "Kanton IBAN": iban(1), "Kanton Strasse": "Riedholzplatz",
    "Kanton Hausnummer": "3", "Kanton PLZ": 4509, "Kanton Ort": "Solothurn", "Konto Aufwand": "3632.00",
    "Konto Verrechnung": "2006.00",
}  # fmt: skip


def gemeinden(**anders: dict[str, object]) -> list[dict[str, object]]:
    """Return the rows of the sheet Gemeinden; `b2402={…}` changes columns of one."""
    return [
        {"bfs_nr": b, "name": n, "beteiligt_ab": date(2018, 1, 1), "iban": iban(b), "strasse": "Hauptstrasse",
         "hausnummer": "1", "plz": PLZ[b], "ort": n} | anders.get(f"b{b}", {})
        for b, n in GEMEINDEN.items()
    ]  # fmt: skip


def rueckforderung(nr: str, bfs: int, betrag: int, **anders: object) -> dict[str, object]:
    """Return a row of the sheet Rückforderungen, decided by two people on 1 June 2024."""
    return {
        "nr": nr, "bfs_nr": bfs, "datum": date(2024, 6, 1), "betrag": Decimal(betrag), "grund": "Stichprobe",
        "ziffer": "4.7", "verfuegt_von": "MB", "freigegeben_von": "RK",
    } | anders  # fmt: skip


FORDERUNGEN = [rueckforderung("R-1", 2402, 150), rueckforderung("R-2", 2403, 1000)]


def geldstamm(**blaetter: list[dict[str, object]]) -> bytes:
    """Return Stammdaten.xlsx with all that a release needs; sheets given replace ours."""
    return stammdaten(**{
        "Gemeinden": gemeinden(), "Rückforderungen": FORDERUNGEN, "Einstellungen": einstellungen(), **blaetter
    })  # fmt: skip


def einstellungen(**anders: object) -> list[dict[str, object]]:
    """Return the rows of the sheet Einstellungen; `Kanton_IBAN=""` changes one."""
    werte = KANTON | {k.replace("_", " "): v for k, v in anders.items()}
    return [{"name": k, "wert": v} for k, v in werte.items() if v]


def bauen(pfad: Path) -> Ablage:
    """Make the folder with its three forms."""
    ablage = Ablage.anlegen(pfad, geldstamm())
    ablauf.vorlagen(pfad, "2024-H1")
    einwerfen(ablage, "2024-07-15/a.xlsx", ausgefuellt(ablage, 2401))
    wenig = {"erst_einzelpersonen": 2, "erst_dolmetsch_einzelpersonen": 0, "erst_personen": 2, "sprachen": []}
    einwerfen(ablage, "2024-07-16/b.xlsx", ausgefuellt(ablage, 2402, **wenig))
    einwerfen(ablage, "2024-07-17/c.xlsx", ausgefuellt(ablage, 2403))
    return ablage


def kopie(von: Path, nach: Path) -> Ablage:
    """Return a copy to work in."""
    shutil.copytree(von, nach)
    return Ablage.oeffnen(nach)


def lauf(ablage: Ablage, name: str = LAUF, tag: date = TAG, **auftrag: Any) -> Zahlungslauf:
    """Work a run out on its day; by default a preview."""
    return zahlungslauf(ablage.pfad, Auftrag(name, **auftrag), tag)


def freigeben(ablage: Ablage, name: str = LAUF, tag: date = TAG) -> Zahlungslauf:
    """Prepare and release a run as two people do."""
    lauf(ablage, name, tag, vorbereiten=True, visa=("AB",))
    return lauf(ablage, name, tag, freigeben=True, visa=("CD",))


def tabelle(pfad: Path) -> list[dict[str, str]]:
    """Return a CSV file as Excel shows it."""
    text = pfad.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=";"))


def json_von(pfad: Path) -> dict[str, Any]:
    """Return a JSON file."""
    werte: dict[str, Any] = json.loads(pfad.read_bytes())
    return werte


@cache
def _muster(stand: str) -> Path:
    ordner = Path(mkdtemp(prefix="krs-lauf-"))
    atexit.register(shutil.rmtree, ordner, ignore_errors=True)
    if stand == "offen":
        bauen(ordner / "Ablage")
    else:
        freigeben(kopie(_muster("offen"), ordner / "Ablage"))
    return ordner / "Ablage"


def offene(nach: Path) -> Ablage:
    """Return a copy of the folder before its run."""
    return kopie(_muster("offen"), nach / "Ablage")


def freie(nach: Path) -> Ablage:
    """Return a copy of the folder after its run 2024-09 was released."""
    return kopie(_muster("frei"), nach / "Ablage")
