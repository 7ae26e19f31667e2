"""Example folders of any size: municipalities, templates, filled forms."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from krs import ablauf
from krs.ablage.ordner import Ablage, schreibe
from krs.demo.fuellen import fuelle
from krs.demo.zahlen import reporting, selbstdeklaration
from krs.formulare.formular import formular
from krs.mappen.stammdaten import stammdaten_mappe

HALBJAHRE, JAHR, STICHTAG = ("2023-H1", "2023-H2"), "2024", "2024-02-01"
QUELLE = "Zufallszahl für die Messung"


def ablage(pfad: Path, gemeinden: int, mit_anhang3: bool = True) -> int:
    """Make a folder with `gemeinden` municipalities and all their forms in Eingang/; return the number of files."""
    bfs = [2001 + n for n in range(gemeinden)]
    tag = date(2022, 12, 31)
    zeilen = {
        "Gemeinden": [[b, f"Beispielwil {b}", "Olten", None, None, None, date(2017, 1, 1)] for b in bfs],
        "Ausländerbestand": [[b, None, tag, 100 + b % 900, QUELLE] for b in bfs],
    }
    ordner = Ablage.anlegen(pfad, stammdaten_mappe(zeilen))
    dateien = 0
    for zeit in (*HALBJAHRE, *((JAHR,) if mit_anhang3 else ())):
        ablauf.vorlagen(pfad, zeit)
        dateien += _fuellen(ordner, zeit, bfs)
    return dateien


def _fuellen(ordner: Ablage, zeit: str, bfs: list[int]) -> int:
    form = formular("anhang2" if "-" in zeit else "anhang3")
    version = form.version_fuer(zeit).id
    total = sum(100 + b % 900 for b in bfs)
    for b in bfs:
        name, zahl = f"Beispielwil {b}", 100 + b % 900
        if form.nummer == 2:
            werte = reporting(b, name, zahl * len(bfs) // 15, total, zeit)
        else:
            werte = selbstdeklaration(b, name, zahl, int(zeit), lead=False)
        datei = ablauf.vorlagenname(form, zeit, b, name)
        daten = fuelle((ordner.vorlagen / zeit / datei).read_bytes(), form.id, version, werte)
        schreibe(ordner.eingang / ("2023-07-20" if zeit == "2023-H1" else "2024-01-20") / datei, daten)
    return len(bfs)
