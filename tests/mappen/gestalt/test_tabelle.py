"""A column is one line: its value, its formulas and its marks move with it."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from krs.mappen.gestalt.stile import Mappe
from krs.mappen.gestalt.tabelle import MAL_ANSATZ, Formel, Kopf, Schreiber, Spalte, bereich

Posten = tuple[str, int, Decimal]
NEU: Spalte[Posten] = Spalte("neu", wert=lambda _: "x")
SPALTEN: tuple[Spalte[Posten], ...] = (
    Spalte("Status", wert=lambda p: p[0], marken={"offen": "gelb"}),
    Spalte("Anzahl", "rechnung", wert=lambda p: p[1]),
    Spalte("Ansatz", "betrag", wert=lambda p: p[2]),
    Spalte("Betrag", "betrag", wert=lambda p: Formel(MAL_ANSATZ, p[1] * p[2])),
)
POSTEN = [("offen", 2, Decimal("160.00")), ("bezahlt", 3, Decimal("200.00"))]


def blatt(spalten: tuple[Spalte[Posten], ...], posten: list[Posten]) -> Any:
    s = Schreiber(Mappe("Probe"))
    s.blatt("Probe", spalten, posten)
    return load_workbook(BytesIO(s.mappe.bytes()))["Probe"]


@pytest.mark.parametrize(
    ("spalten", "kopf", "formel", "marke", "anzahlen"),
    [
        (SPALTEN, ["Status", "Anzahl", "Ansatz", "Betrag"], "=ROUND(B3*C3*20,0)/20", "A2:A3", "'Probe'!$B$2:$B$3"),
        (
            (NEU, *SPALTEN), ["neu", "Status", "Anzahl", "Ansatz", "Betrag"],
            "=ROUND(C3*D3*20,0)/20", "B2:B3", "'Probe'!$C$2:$C$3",
        ),
    ],
)  # fmt: skip
def test_kommt_eine_spalte_dazu_wandern_formeln_und_marken_mit(
    spalten: tuple[Spalte[Posten], ...], kopf: list[str], formel: str, marke: str, anzahlen: str
) -> None:
    b = blatt(spalten, POSTEN)
    assert [z.value for z in b[1]] == kopf
    assert [z.value for z in b[3]][-4:] == ["bezahlt", 3, 200, formel]
    assert [str(r.sqref) for r in b.conditional_formatting] == [marke]
    assert bereich("Probe", spalten, "Anzahl", len(POSTEN)) == anzahlen


def test_eine_leere_tabelle_behaelt_eine_zeile() -> None:
    assert blatt(SPALTEN, []).tables["Probe"].ref == "A1:D2"


def test_eine_tabelle_aus_blossen_zeilen_nimmt_die_werte_der_reihe_nach() -> None:
    s = Schreiber(Mappe("Probe"))
    b = s.mappe.blatt("Probe")
    zeilen = [("a", Formel("=[Zahl]+1", 3), 2)]
    assert s.tabelle(b, "Probe", (Kopf("Name"), Kopf("Summe", "rechnung"), Kopf("Zahl", "rechnung")), zeilen, 4, 2) == 6
    geschrieben = load_workbook(BytesIO(s.mappe.bytes()))["Probe"]
    assert [z.value for z in geschrieben[6]][2:] == ["a", "=E6+1", 2]
