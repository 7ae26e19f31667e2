"""Functions in cells: from the formula through xlwings' client and the server back into the cell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from excel.browser.mappen import leer
from excel.browser.seite import Seite

pytestmark = pytest.mark.xdist_group("chromium")

AUFRUF = "/xlwings/custom-functions-call"
ZELLFEHLER = "Attempt 1: |status of 400"  # xlwings writes each refusal into the console


@pytest.fixture
def seite(eine_seite: Seite) -> Iterator[Seite]:
    """The task pane beside an empty workbook, nothing asked yet."""
    eine_seite.mappe("lade", leer())
    for liste in (eine_seite.anfragen, eine_seite.fehler, eine_seite.erwartet):
        liste.clear()
    yield eine_seite
    eine_seite.pruefen()


def test_der_beitrag_steht_als_zahl_in_der_zelle(seite: Seite) -> None:
    # 3 talks at 200 and 1 interpreter at 160.
    assert seite.rechne("D1", '=KRS_BEITRAG(3,1,0,0,"2024-H1")') == {
        "wert": 760, "formel": '=KRS_BEITRAG(3,1,0,0,"2024-H1")', "fehler": None, "format": "General",
    }  # fmt: skip


def test_ein_argument_kommt_aus_einer_zelle_und_die_funktion_rechnet_beim_tippen_neu(seite: Seite) -> None:
    seite.mappe("tippe", "A1:E1", [[3, 1, 0, 0, "2024-H1"]])
    assert seite.rechne("F1", "=KRS_BEITRAG(A1,B1,C1,D1,E1)")["wert"] == 760
    seite.mappe("tippe", "A1", 4)
    seite.mappe("ruhig")
    assert seite.mappe("zelle", "F1")["wert"] == 960


def test_107_zeilen_laufen_mit_einer_einzigen_anfrage_ueber(seite: Seite) -> None:
    zeilen = [[n, n % 2, 0, 0] for n in range(107)]
    seite.mappe("tippe", "A2:D108", zeilen)
    seite.rechne("F2", '=KRS_BEITRAEGE(A2:D108,"2024-H1")')
    assert seite.mappe("werte", "F2:F108") == [[n * 200 + n % 2 * 160] for n in range(107)]
    assert seite.mappe("werte", "F109") == [[""]]
    assert len(seite.gesendet(AUFRUF)) == 1


def test_der_rechenweg_laeuft_ueber_und_endet_mit_dem_beitrag(seite: Seite) -> None:
    seite.rechne("A1", '=KRS_RECHENWEG(3,1,2,1,"2024-H1")')
    zeilen = [[z[i] for i in (0, 1, 2, 4, 5)] for z in seite.mappe("inhalt", "Tabelle1")]
    assert zeilen == [
        ["Leistung", "Anzahl", "Ansatz", "Betrag", "Ziffer"],
        ["Erstinformationsgespräch", 3, 200, 600, "4.3.2"],
        ["Dolmetschen Erstinformationsgespräch", 1, 160, 160, "4.3.2"],
        ["Integrationsgespräch", 2, 200, 400, "4.3.2"],
        ["Dolmetschen Integrationsgespräch", 1, 160, 160, "4.3.2"],
        ["Total", "", "", 1320, ""],
    ]


def test_ein_datum_kommt_als_datum_in_die_zelle(seite: Seite) -> None:
    # Deadline of the first half-year of 2024: 31 July 2024, the day 45504 of Excel.
    frist = seite.rechne("A1", '=KRS_FRIST(2,"2024-H1")')
    assert (frist["wert"], frist["fehler"]) == (45504, None)
    assert frist["format"].lower() == "dd.mm.yyyy"


def test_ein_datum_aus_einer_zelle_kommt_als_datum_an(seite: Seite) -> None:
    seite.mappe("tippe", "A1", "2024-05-01")
    assert seite.rechne("B1", '=KRS_TARIF("Erstinformationsgespräch",A1)')["wert"] == 200


def test_krs_pruefen_beurteilt_angaben_aus_zellen(seite: Seite) -> None:
    # 12 interpreters without a talk: A2-07.
    seite.mappe("tippe", "A1:B4", [
        ["erst_einzelpersonen", 0], ["erst_familien", 0], ["erst_gruppen", 0], ["erst_dolmetsch_einzelpersonen", 12],
    ])  # fmt: skip
    seite.rechne("D1", '=KRS_PRUEFEN(A1:B4,2,"2024-H1")')
    befunde = [z[3:] for z in seite.mappe("inhalt", "Tabelle1")]
    assert befunde[0] == ["Stufe", "Code", "Feld", "Meldung"]
    assert [b for b in befunde if b[1] == "A2-07"] == [[
        "Fehler", "A2-07", "erst_dolmetsch_einzelpersonen",
        "erst_dolmetsch_einzelpersonen: 12 Dolmetscheinsätze, aber kein einziges Erstinformationsgespräch. Erfassen "
        "Sie die Gespräche in erst_einzelpersonen bis erst_gruppen oder setzen Sie erst_dolmetsch_einzelpersonen auf "
        "0. (Ziff. 4.3.2, A2-07)",
    ]]  # fmt: skip


ANZAHL = "erwartet wird eine ganze Zahl von 0 bis 9'999."
FALSCH = (
    ('=KRS_BEITRAG("drei",1,0,0,"2024-H1")', f"Argument «erst»: Gelesen wurde «drei»; {ANZAHL}"),
    ('=KRS_BEITRAG(-3,1,0,0,"2024-H1")', f"Argument «erst»: Gelesen wurde «-3»; {ANZAHL}"),
    (
        '=KRS_BEITRAG(3,1,0,0,"2024-H3")',
        "Argument «periode»: Gelesen wurde «2024-H3»; erwartet wird ein Halbjahr wie 2024-H1 (2017 bis 2100).",
    ),
    (
        "=KRS_BEITRAG(A1,B1,C1,D1,E1)",
        "Argument «erst»: Die Zelle ist leer; erfassen Sie 0, wenn es keine gab.",
    ),
    (
        '=KRS_BEITRAEGE(A1:C3,"2024-H1")',
        "Argument «bereich»: Der Bereich hat 3 Spalten; markieren Sie 4 Spalten (erst, erst_dolmetsch, integ, "
        "integ_dolmetsch).",
    ),
    (
        '=KRS_IBAN("CH00 0000 0000 0000 0000 0")',
        "Die IBAN «CH00 0000 0000 0000 0000 0» ist ungültig (Länge, Land oder Prüfziffer); mit der Gemeinde klären.",
    ),
)


@pytest.mark.parametrize(("formel", "satz"), FALSCH)
def test_ein_fehler_ist_ein_deutscher_satz_in_der_zelle_nach_einer_einzigen_anfrage(
    seite: Seite, formel: str, satz: str
) -> None:
    seite.erlaube(ZELLFEHLER)
    assert seite.rechne("J1", formel) == {"wert": "#VALUE!", "formel": formel, "fehler": satz, "format": "General"}
    assert len(seite.gesendet(AUFRUF)) == 1


def test_ein_fehler_in_einer_zelle_des_bereichs_wird_genannt_statt_als_null_gerechnet(seite: Seite) -> None:
    seite.erlaube(ZELLFEHLER)
    seite.mappe("tippe", "A1:D2", [[1, 0, 0, 0], [1, 0, 0, 0]])
    seite.rechne("B2", '=KRS_IBAN("x")')
    zelle = seite.rechne("F1", '=KRS_BEITRAEGE(A1:D2,"2024-H1")')
    assert zelle["fehler"] == (
        f"Argument «bereich»: Zeile 2, Spalte 2 (erst_dolmetsch): Gelesen wurde «#WERT!»; {ANZAHL}"
    )


def test_ein_besetzter_nachbar_wird_nicht_ueberschrieben(seite: Seite) -> None:
    seite.mappe("tippe", "A3", "bleibt")
    zelle = seite.rechne("A1", '=KRS_RECHENWEG(3,1,2,1,"2024-H1")')
    assert zelle["wert"] == "#SPILL!"
    assert seite.mappe("zelle", "A3")["wert"] == "bleibt"
