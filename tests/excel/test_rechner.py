"""The sheet «Rechner»: its examples give what the circular says, and its entry cells look like those of the forms."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from excel.fern import Fern
from krs.excel.funktionen import Rueckgabe, rufe
from krs.excel.katalog import funktionen
from krs.excel.live import einsetzen, rechner
from krs.mappen.gestalt.stile import EINGABE

ERWARTET = {
    "B10": Decimal("3800.00"),  # 12 × 200 + 4 × 160 + 3 × 200 + 1 × 160
    "B15": Decimal("7217.00"),  # 1031 × 7
    "B16": date(2022, 12, 31),
    "B21": Decimal("3300.00"),  # 3800 − 500
    "B22": Decimal("0.00"),
    "B25": date(2024, 7, 31),
    "B26": date(2024, 9, 30),
    "B27": date(2024, 1, 31),
    "B28": date(2024, 3, 31),
}


@pytest.fixture
def fern() -> Fern:
    """Return an empty workbook with the calculator in it."""
    f = Fern()
    f.laufe(einsetzen)
    return f


def _rechne(fern: Fern, formel: str) -> Rueckgabe:
    """Return the value of a formula of the calculator: a function over cells and literals, or one entry of its row."""
    fund = re.fullmatch(r"=(INDEX\()?(KRS_\w+)\(([^()]*)\)(?:,1,(\d)\))?", formel)
    assert fund is not None
    blatt = fern.formeln["Rechner"]
    argumente = [a.strip('"') if a[0] == '"' or a.isdigit() else blatt[a].value for a in fund.group(3).split(",")]
    wert = rufe(fund.group(2).lower(), [[[a]] for a in argumente])
    if not fund.group(1):
        return wert
    assert isinstance(wert, list)
    return wert[0][int(fund.group(4)) - 1]


def test_die_beispiele_ergeben_was_das_kreisschreiben_sagt(fern: Fern) -> None:
    formeln = {f"B{r.zeile}": r.inhalt for r in rechner.RESULTATE}
    blatt = fern.formeln["Rechner"]
    assert {ort: blatt[ort].value for ort in formeln} == formeln
    assert {ort: _rechne(fern, formel) for ort, formel in formeln.items()} == ERWARTET


def test_der_rechenweg_steht_neben_den_angaben_und_geht_auf(fern: Fern) -> None:
    ort, formel = rechner.RECHENWEG
    assert fern.formeln["Rechner"][ort].value == formel
    weg = _rechne(fern, formel)
    assert isinstance(weg, list)
    assert [zeile[4] for zeile in weg[1:]] == [Decimal(n) for n in (2400, 640, 600, 160, 3800)]


def test_neben_und_unter_dem_rechenweg_ist_platz(fern: Fern) -> None:
    gefuellt = {z.coordinate for zeile in fern.formeln["Rechner"]["E5:M60"] for z in zeile if z.value is not None}
    assert gefuellt == {"E5"}


def test_jede_zeile_ist_angeschrieben_und_erklaert(fern: Fern) -> None:
    blatt = fern.formeln["Rechner"]
    zeilen = [t.zeile for t in (*rechner.ANGABEN, *rechner.RESULTATE)]
    assert len(zeilen) == len(set(zeilen))
    assert [n for n in zeilen if not (blatt[f"A{n}"].value and blatt[f"C{n}"].value)] == []


def test_angaben_sind_gelb_wie_im_formular_und_nur_sie(fern: Fern) -> None:
    gelb = {
        zeile + 1
        for a in fern.aktionen
        if a["func"] == "setRangeColor" and a["args"] == [EINGABE]
        for zeile in range(a["start_row"], a["start_row"] + a["row_count"])
    }
    assert gelb == {a.zeile for a in rechner.ANGABEN}


def test_es_gibt_jede_funktion_die_der_rechner_ruft() -> None:
    namen = {f.excel for f in funktionen()}
    gerufen = re.findall(r"KRS_\w+", " ".join([*(r.inhalt for r in rechner.RESULTATE), rechner.RECHENWEG[1]]))
    assert set(gerufen) <= namen
