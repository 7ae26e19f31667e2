"""`krs frist`: an extension is a row; everyone or some; taken back."""

from datetime import date
from pathlib import Path

import pytest

from ablage.hilfe import neue_ablage, stammdaten
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf import stammdaten_laden
from krs.ablauf.anordnung import bfs_nummer
from krs.ablauf.fristen import Auftrag, erstrecken
from krs.mappen.stammdaten import lies_tabellen
from krs.stammdaten.stammdaten import lies_stammdaten

AM, BIS = date(2024, 7, 20), date(2024, 8, 31)
GRUND = {"bis": BIS, "grund": "Ferien", "visum": "AB"}


@pytest.fixture
def ablage(tmp_path: Path) -> Ablage:
    return neue_ablage(tmp_path / "Ablage")


def fristen(ablage: Ablage) -> list[tuple[int | None, str, str, date, str, str, date]]:
    zeilen = stammdaten_laden(ablage)[0].fristen
    return [(f.bfs_nr, f.formular, f.periode, f.neue_frist, f.grund, f.visum, f.datum) for f in zeilen]


def test_einige_oder_alle_erhalten_mehr_zeit(ablage: Ablage) -> None:
    e = erstrecken(ablage.pfad, Auftrag("2024-H1", ("Egerkingen", "2402"), **GRUND), AM)
    assert (e.gemeinden, e.formular, e.frist) == (("Egerkingen", "Härkingen"), "Anhang 2", BIS)
    assert e.sicherung.name == "Stammdaten_2024-07-20_1.xlsx"
    erstrecken(ablage.pfad, Auftrag("2024", ("Alle",), **GRUND), AM)
    assert fristen(ablage) == [
        (2401, "Anhang 2", "2024-H1", BIS, "Ferien", "AB", AM),
        (2402, "Anhang 2", "2024-H1", BIS, "Ferien", "AB", AM),
        (None, "Anhang 3", "2024", BIS, "Ferien", "AB", AM),
    ]
    s = stammdaten_laden(ablage)[0]
    assert [s.frist(b, "Anhang 2", "2024-H1", AM) for b in (2401, 2403)] == [BIS, date(2024, 7, 31)]
    assert s.frist(2403, "Anhang 3", "2024", AM) == BIS


def test_zurueck_geht_die_letzte(ablage: Ablage) -> None:
    erstrecken(ablage.pfad, Auftrag("2024-H1", ("2401",), **GRUND), AM)
    erstrecken(ablage.pfad, Auftrag("2024-H1", ("2401",), date(2024, 9, 30), "Krank", "AB"), AM)
    assert erstrecken(ablage.pfad, Auftrag("2024-H1", ("2401",), zurueck=True), AM).frist == BIS
    assert erstrecken(ablage.pfad, Auftrag("2024-H1", ("2401",), zurueck=True), AM).frist == date(2024, 7, 31)
    with pytest.raises(AblageFehler, match=r"^Für Egerkingen ist zu 2024-H1 keine Frist erstreckt\.$"):
        erstrecken(ablage.pfad, Auftrag("2024-H1", ("2401",), zurueck=True), AM)


@pytest.mark.parametrize(
    ("auftrag", "satz"),
    [
        (Auftrag("2024-H1", ("2401",), grund="Ferien", visum="AB"), r"^Nennen Sie den letzten Tag der neuen Frist"),
        (Auftrag("2024-H1", ("2401",), BIS, "", "AB"), r"^Sagen Sie, weshalb \(--grund\)"),
        (Auftrag("2024-H1", ("2401",), BIS, "Ferien"), r"^Nennen Sie Ihr Visum"),
        (Auftrag("2024-H1", ("Trimbach",), **GRUND), r"^«Trimbach» ist keine Gemeinde"),
        (Auftrag("2024-H1", ("2401", "alle"), **GRUND), r"^«alle» ist keine Gemeinde"),
        (
            Auftrag("2017-H1", ("2401",), **GRUND),
            r"^Anhang 2, 2017-H1, schuldet Egerkingen nicht; es ist nichts geschr",
        ),
        (Auftrag("24", ("2401",), **GRUND), r"^Gelesen wurde «24»; erwartet wird ein Halbjahr"),
        (
            Auftrag("2024-H1", ("2401",), date(2024, 7, 31), "Ferien", "AB"),
            r"^Die Frist läuft für Egerkingen schon bis zum 31\.07\.2024; der 31\.07\.2024 erstreckt sie nicht\.",
        ),
    ],
)
def test_was_nichts_erstreckt_sagt_ein_satz(ablage: Ablage, auftrag: Auftrag, satz: str) -> None:
    alt = ablage.stammdaten.read_bytes()
    with pytest.raises((AblageFehler, ValueError), match=satz):
        erstrecken(ablage.pfad, auftrag, AM)
    assert ablage.stammdaten.read_bytes() == alt


@pytest.mark.parametrize(
    "getippt", ["2472", "Büren (SO)", "büren", "Bueren SO", "BUREN", " Büren(SO) ", "Bu\u0308ren", "Bueren-SO"]
)
def test_eine_gemeinde_darf_heissen_wie_im_dateinamen(getippt: str) -> None:
    gemeinden = [{"bfs_nr": 2472, "name": "Büren (SO)"}, {"bfs_nr": 2401, "name": "Egerkingen"}]
    s, _ = lies_stammdaten(lies_tabellen(stammdaten(Gemeinden=gemeinden)))
    assert bfs_nummer(s, getippt) == 2472
