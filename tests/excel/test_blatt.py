"""The result sheet: written beside the old one, then put in its place; text stays text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from excel.makrohilfe import aktionen, buch, danach, leer, nutzlast
from krs.excel import blatt
from krs.excel.blatt import blattname, schreibe
from krs.excel.ergebnis import Ergebnis, Tabelle

TABELLE = Tabelle(
    ("BFS-Nr.", "Gemeinde", "Betrag", "Datum", "Gut"),
    ((2401, "Egerkingen", Decimal("1234.50"), date(2024, 3, 28), True), (2402, "", None, None, None)),
)
ERGEBNIS = Ergebnis("Lauf 2024-09", ("Erster Satz.", "Zweiter Satz."), (TABELLE,))
INHALT = [
    ["'Lauf 2024-09", "", "", "", ""],
    ["'Erster Satz.", "", "", "", ""],
    ["'Zweiter Satz.", "", "", "", ""],
    ["", "", "", "", ""],
    ["'BFS-Nr.", "'Gemeinde", "'Betrag", "'Datum", "'Gut"],
    [2401.0, "'Egerkingen", 1234.5, "2024-03-28", "'Ja"],
    [2402.0, "", "", "", ""],
]


def test_das_blatt_entsteht_daneben_und_wird_dann_an_die_stelle_gesetzt() -> None:
    mappe = buch(leer("Daten"))
    schreibe(mappe, ERGEBNIS)
    folge = [a["func"] for a in aktionen(mappe)]
    assert (folge[0], aktionen(mappe)[0]["args"]) == ("addSheet", [1, "krs Lauf 2024-09 neu"])
    assert folge[-3:] == ["setSheetName", "activateSheet", "freezePaneAtRange"]
    assert "sheetDelete" not in folge
    assert max(n for n, f in enumerate(folge) if f == "setValues") < folge.index("setSheetName")
    assert danach({"Daten": [["a"]]}, mappe) == {"Daten": [["a"]], "krs Lauf 2024-09": INHALT}
    assert aktionen(mappe)[-1]["args"] == ["1:5"]


def test_ein_zweiter_lauf_ersetzt_das_blatt_ohne_spuren() -> None:
    vorher = {"krs LAUF 2024-09": [["alt"]], "Daten": [["a"]]}
    mappe = buch(nutzlast(vorher))
    schreibe(mappe, ERGEBNIS)
    folge = [a["func"] for a in aktionen(mappe)]
    assert folge.count("sheetDelete") == 1
    assert folge.index("sheetDelete") > max(n for n, f in enumerate(folge) if f == "setValues")
    assert folge.index("sheetDelete") < folge.index("setSheetName")
    assert danach(vorher, mappe) == {"Daten": [["a"]], "krs Lauf 2024-09": INHALT}


def test_was_ein_abgebrochener_lauf_liess_wird_zuerst_entfernt() -> None:
    vorher = {"Daten": [["a"]], "krs Lauf 2024-09 neu": [["halb"]], "krs Lauf 2024-09": [["alt"]], "B": [["b"]]}
    mappe = buch(nutzlast(vorher))
    schreibe(mappe, ERGEBNIS)
    assert [a["func"] for a in aktionen(mappe)][:2] == ["sheetDelete", "addSheet"]
    assert danach(vorher, mappe) == {"Daten": [["a"]], "B": [["b"]], "krs Lauf 2024-09": INHALT}


@pytest.mark.parametrize("text", ["=1+1", "+41 62", "-3", "@SUM(A1)", "\t=1", "'=1", "2024-03", "007", "WAHR", "1/2"])
def test_text_von_aussen_wird_nie_zur_formel_und_nie_zur_zahl(text: str) -> None:
    mappe = buch()
    schreibe(mappe, Ergebnis("Prüfung", (text,), (Tabelle((text,), ((text,),), text),)))
    werte = [w for a in aktionen(mappe) if a["func"] == "setValues" for z in a["values"] for w in z]
    assert werte == ["'Prüfung", f"'{text}", f"'{text}", f"'{text}", f"'{text}"]
    assert "setFormula" not in [a["func"] for a in aktionen(mappe)]


def test_wagenruecklauf_und_unsichtbares_werden_leerzeichen() -> None:
    assert blatt.zelle("\r=1+1\x00") == "' =1+1 "


def test_ein_sehr_langer_text_passt_in_eine_zelle() -> None:
    assert len(str(blatt.zelle("x" * 40_000))) == 32_001


def test_betraege_und_tage_tragen_die_formate_aller_mappen() -> None:
    mappe = buch()
    schreibe(mappe, ERGEBNIS)
    formate = {a["start_column"]: a["args"] for a in aktionen(mappe) if a["func"] == "setNumberFormat"}
    assert formate == {0: ["0"], 2: ["[$-807]#,##0.00"], 3: ["dd.mm.yyyy"], 4: ["General"]}


def test_nummern_stehen_links_und_betraege_rechts() -> None:
    mappe = buch()
    schreibe(mappe, ERGEBNIS)
    seiten = [
        (a["start_row"], a["start_column"], *a["args"])
        for a in aktionen(mappe)
        if a["func"] == "setHorizontalAlignment"
    ]
    assert seiten == [
        (5, 0, "Left"),
        (5, 1, "Left"),
        (5, 2, "Right"),
        (4, 2, "Right"),
        (5, 3, "Center"),
        (5, 4, "Center"),
    ]


def test_die_zeilenhoehe_folgt_zuletzt_aus_den_breiten() -> None:
    mappe = buch()
    schreibe(mappe, Ergebnis("Lang", (), (Tabelle(("Meldung",), (("x" * 200,),)),)))
    folge = [a["func"] for a in aktionen(mappe)]
    assert "setWrapText" in folge
    hoehe = folge.index("setAutofit")
    assert hoehe > max(n for n, f in enumerate(folge) if f in ("setColumnWidth", "setValues", "setWrapText"))
    assert aktionen(mappe)[hoehe]["args"] == ["rows"]


def test_mehrere_tabellen_stehen_untereinander_und_nichts_ist_fixiert() -> None:
    mappe = buch(leer("Daten"))
    schreibe(mappe, Ergebnis("Zwei", (), (Tabelle(("a",), ((1,),), "Erste"), Tabelle(("b",), (), "Zweite"))))
    assert danach({"Daten": [[""]]}, mappe)["krs Zwei"] == [
        ["'Zwei"], [""], ["'Erste"], ["'a"], [1.0], [""], ["'Zweite"], ["'b"],
    ]  # fmt: skip
    assert "freezePaneAtRange" not in [a["func"] for a in aktionen(mappe)]


@pytest.mark.parametrize(
    ("titel", "name", "neu"),
    [
        ("Prüfung", "krs Prüfung", "krs Prüfung neu"),
        ("x" * 40, "krs " + "x" * 27, "krs " + "x" * 23 + " neu"),
        ("a/b\\c:d*e?f[g]", "krs a b c d e f g", "krs a b c d e f g neu"),
        ("'Übergabe'", "krs Übergabe", "krs Übergabe neu"),
    ],
)
def test_der_name_des_blatts_gefaellt_excel(titel: str, name: str, neu: str) -> None:
    assert (blattname(titel), blattname(titel, neu=True)) == (name, neu)
    assert max(len(name), len(neu)) <= 31


def test_scheitert_das_schreiben_bleibt_nichts_halbes(monkeypatch: pytest.MonkeyPatch) -> None:
    def kaputt(*_: object) -> int:
        raise RuntimeError

    mappe = buch(leer("Daten"))
    monkeypatch.setattr(blatt, "_fuelle", kaputt)
    with pytest.raises(RuntimeError):
        schreibe(mappe, ERGEBNIS)
    assert danach({"Daten": [[""]]}, mappe) == {"Daten": [[""]]}


@pytest.mark.parametrize("sichtbar", ["Hidden", "VeryHidden"])
def test_auch_ein_verstecktes_blatt_eines_frueheren_laufs_wird_ersetzt(sichtbar: str) -> None:
    nutz = nutzlast({"KRS Lauf 2024-09": [["alt"]], "krs lauf 2024-09 NEU": [["halb"]], "Daten": [["a"]]})
    for alt in nutz["sheets"][:2]:
        alt["visibility"] = sichtbar
    mappe = buch(nutz)
    schreibe(mappe, ERGEBNIS)
    weg = ("setSheetVisibility", "sheetDelete")
    folge = [(a["func"], a["sheet_position"]) for a in aktionen(mappe) if a["func"] in weg]
    assert folge == [("setSheetVisibility", 1), ("sheetDelete", 1), ("setSheetVisibility", 0), ("sheetDelete", 0)]
