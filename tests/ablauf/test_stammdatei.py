"""Stammdaten.xlsx on disk: a copy first, one step, and a sentence where nothing may change."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from ablage.hilfe import stammdaten
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf import stammdaten_laden
from krs.ablauf.stammdatei import anhaengen, leeren

TAG = date(2024, 8, 12)
ZEILE = ("c" * 64, 2402, "Anhang 2", "2024-H1", "AB", TAG)


@pytest.fixture
def ablage(tmp_path: Path) -> Ablage:
    return Ablage.anlegen(tmp_path / "Ablage", stammdaten())


def test_vorher_liegt_eine_sicherung_mit_tag_und_nummer(ablage: Ablage) -> None:
    alt = ablage.stammdaten.read_bytes()
    erste = anhaengen(ablage, "Zuordnungen", [ZEILE], TAG)
    mitte = ablage.stammdaten.read_bytes()
    zweite = leeren(ablage, "Zuordnungen", [2], TAG)
    assert (erste.name, erste.read_bytes()) == ("Stammdaten_2024-08-12_1.xlsx", alt)
    assert (zweite.name, zweite.read_bytes()) == ("Stammdaten_2024-08-12_2.xlsx", mitte)
    assert sorted(p.name for p in ablage.sicherungen.iterdir()) == [erste.name, zweite.name]
    assert stammdaten_laden(ablage)[0].zuordnungen == ()


def unveraendert(ablage: Ablage, alt: bytes) -> None:
    assert ablage.stammdaten.read_bytes() == alt
    assert not ablage.sicherungen.exists() or not list(ablage.sicherungen.iterdir())


def test_in_excel_offen_aendert_sich_nichts(ablage: Ablage) -> None:
    alt = ablage.stammdaten.read_bytes()
    (ablage.pfad / "~$Stammdaten.xlsx").write_bytes(b"")
    with pytest.raises(AblageFehler, match=r"^Stammdaten.xlsx ist in Excel offen; es ist nichts geändert\."):
        anhaengen(ablage, "Zuordnungen", [ZEILE], TAG)
    unveraendert(ablage, alt)


def test_haelt_ein_programm_die_datei_bleibt_alles(ablage: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    alt = ablage.stammdaten.read_bytes()
    ersetze = Path.replace

    def gehalten(hier: Path, dort: Path) -> Path:
        if dort == ablage.stammdaten:
            raise PermissionError(13, "gehalten", str(dort))
        return ersetze(hier, dort)

    monkeypatch.setattr(Path, "replace", gehalten)
    with pytest.raises(AblageFehler, match=r"kann nicht geschrieben werden\. Schliessen Sie die Datei in Excel"):
        anhaengen(ablage, "Zuordnungen", [ZEILE], TAG)
    unveraendert(ablage, alt)
    assert not list(ablage.pfad.glob(".*.neu"))


def test_was_sich_nicht_schreiben_laesst_wird_von_hand_getippt(ablage: Ablage) -> None:
    with zipfile.ZipFile(ablage.stammdaten, "a") as zip_:
        zip_.writestr("xl/media/image1.png", b"x")
    alt = ablage.stammdaten.read_bytes()
    with pytest.raises(AblageFehler) as fehler:
        anhaengen(ablage, "Zuordnungen", [ZEILE], TAG)
    assert str(fehler.value) == (
        "In Stammdaten.xlsx kann krs nicht schreiben: Die Mappe hat ein Bild. Es ist nichts geändert; tragen Sie auf "
        f"dem Blatt «Zuordnungen» von Hand ein: SHA-256 {'c' * 64}, BFS-Nr. 2402, Formular Anhang 2, "
        "Periode 2024-H1, Visum AB, Datum 12.08.2024."
    )
    with pytest.raises(AblageFehler, match=r"leeren Sie auf dem Blatt «Zuordnungen» von Hand die Zeile 2, 5\.$"):
        leeren(ablage, "Zuordnungen", [5, 2], TAG)
    unveraendert(ablage, alt)


def test_ein_abbruch_laesst_die_alte_oder_die_neue_mappe(ablage: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    alt = ablage.stammdaten.read_bytes()

    def abgebrochen(*_: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as m:
        m.setattr(Path, "replace", abgebrochen)
        with pytest.raises(KeyboardInterrupt):
            anhaengen(ablage, "Zuordnungen", [ZEILE], TAG)
    assert ablage.stammdaten.read_bytes() == alt
    anhaengen(ablage, "Zuordnungen", [ZEILE], TAG)
    assert [z.bfs_nr for z in stammdaten_laden(ablage)[0].zuordnungen] == [2402]
