"""The Master is never written over an open or a hand-made one (entwurf 1, 7)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from shutil import which

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from ablage.hilfe import STICHTAG, ausgefuellt, einwerfen
from krs import ablauf
from krs.ablage.ordner import Ablage, AblageFehler
from krs.mappen.master.master import von_hand_geaendert

OFFEN = "Master.xlsx ist in Excel offen; der neue Master liegt daneben als «Master_2024-09-10.xlsx»."
BEISEITE = "Der bisherige Master wurde von Hand geändert und liegt nun unter «{}»."


def dateien(ablage: Ablage) -> list[str]:
    return sorted(p.name for p in ablage.pfad.glob("[!~]*.xlsx"))


def von_hand(daten: bytes, blatt: str = "Einreichungen", zelle: str = "B2", wert: object = "Von Hand") -> bytes:
    """Return the workbook after somebody typed a value into it."""
    mappe = load_workbook(BytesIO(daten))
    mappe[blatt][zelle] = wert
    puffer = BytesIO()
    mappe.save(puffer)
    return puffer.getvalue()


@pytest.mark.parametrize("sperrdatei", ["~$Master.xlsx", ".~lock.Master.xlsx#"])
def test_ist_der_master_offen_entsteht_ein_neuer_daneben(ablage: Ablage, sperrdatei: str) -> None:
    ablauf.konsolidieren(ablage.pfad, STICHTAG)
    alt = ablage.master.read_bytes()
    (ablage.pfad / sperrdatei).write_bytes(b"MB")
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    for _ in range(2):
        ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
        assert (ergebnis.master.name, ergebnis.meldungen) == ("Master_2024-09-10.xlsx", (OFFEN,))
        assert ablage.master.read_bytes() == alt
        assert dateien(ablage) == ["Master.xlsx", "Master_2024-09-10.xlsx", "Stammdaten.xlsx"]
    (ablage.pfad / sperrdatei).unlink()
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert (ergebnis.master, ergebnis.meldungen) == (ablage.master, ())
    assert ablage.master.read_bytes() == (ablage.pfad / "Master_2024-09-10.xlsx").read_bytes()


def test_ist_der_offene_master_schon_der_richtige_entsteht_keiner_daneben(ablage: Ablage) -> None:
    ablauf.konsolidieren(ablage.pfad, STICHTAG)
    (ablage.pfad / "~$Master.xlsx").write_bytes(b"MB")
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert (ergebnis.master, ergebnis.meldungen, ergebnis.geaendert) == (ablage.master, (), False)


def gesperrt(monkeypatch: pytest.MonkeyPatch, methode: str, *namen: str) -> None:
    """Let Windows refuse files by name, as it does while Excel holds them."""
    echt = getattr(Path, methode)

    def verweigert(selbst: Path, *werte: object) -> object:
        ziel = werte[0] if methode == "replace" else selbst
        if Path(str(ziel)).name in namen:
            raise PermissionError(13, "Zugriff verweigert", str(ziel))
        return echt(selbst, *werte)

    monkeypatch.setattr(Path, methode, verweigert)


@pytest.mark.parametrize("methode", ["replace", "read_bytes"])
def test_haelt_windows_den_master_fest_entsteht_ein_neuer_daneben(
    ablage: Ablage, monkeypatch: pytest.MonkeyPatch, methode: str
) -> None:
    ablauf.konsolidieren(ablage.pfad, STICHTAG)
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    gesperrt(monkeypatch, methode, "Master.xlsx")
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert (ergebnis.master.name, ergebnis.meldungen) == ("Master_2024-09-10.xlsx", (OFFEN,))
    assert dateien(ablage) == ["Master.xlsx", "Master_2024-09-10.xlsx", "Stammdaten.xlsx"]


def test_ist_auch_der_master_daneben_offen_steht_es_da(ablage: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    ablauf.konsolidieren(ablage.pfad, STICHTAG)
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    (ablage.pfad / "Master_2024-09-10.xlsx").write_bytes(b"offen")
    gesperrt(monkeypatch, "replace", "Master.xlsx", "Master_2024-09-10.xlsx")
    with pytest.raises(AblageFehler) as fehler:
        ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert str(fehler.value) == (
        f"«{ablage.pfad / 'Master_2024-09-10.xlsx'}» kann nicht geschrieben werden. "
        "Schliessen Sie die Datei in Excel oder prüfen Sie die Rechte."
    )


@pytest.mark.parametrize(
    ("blatt", "zelle", "wert"),
    [
        ("Einreichungen", "B2", "Von Hand"),
        ("Einreichungen", "B2", None),
        ("Ansprüche", "G2", 1),
        ("Ansprüche", "G2", "=1+1"),
        ("Protokoll", "Z99", "Notiz"),
        ("Kredit", "B1", "Budget"),
    ],
)
def test_ein_von_hand_geaenderter_master_wird_beiseite_gelegt(
    ablage: Ablage, blatt: str, zelle: str, wert: object
) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    neu = ablauf.konsolidieren(ablage.pfad, STICHTAG).master.read_bytes()
    geaendert = von_hand(neu, blatt, zelle, wert)
    ablage.master.write_bytes(geaendert)
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    name = "Master_von_Hand_geaendert_2024-09-10.xlsx"
    assert ergebnis.meldungen == (BEISEITE.format(name),)
    assert (ablage.pfad / name).read_bytes() == geaendert
    assert ablage.master.read_bytes() == neu


def test_jeder_von_hand_geaenderte_master_bleibt_erhalten_derselbe_nur_einmal(ablage: Ablage) -> None:
    neu = ablauf.konsolidieren(ablage.pfad, STICHTAG).master.read_bytes()
    erster, zweiter = von_hand(neu, wert="eins"), von_hand(neu, wert="zwei")
    for daten in (erster, zweiter, erster):
        ablage.master.write_bytes(daten)
        ablauf.konsolidieren(ablage.pfad, STICHTAG)
    vorne = "Master_von_Hand_geaendert_2024-09-10"
    assert dateien(ablage) == ["Master.xlsx", f"{vorne}.xlsx", f"{vorne}_2.xlsx", "Stammdaten.xlsx"]
    assert (ablage.pfad / f"{vorne}.xlsx").read_bytes() == erster
    assert (ablage.pfad / f"{vorne}_2.xlsx").read_bytes() == zweiter


def test_was_kein_master_von_uns_ist_wird_auch_beiseite_gelegt(ablage: Ablage) -> None:
    ablage.master.write_bytes(b"Einkaufsliste")
    assert ablauf.konsolidieren(ablage.pfad, STICHTAG).meldungen == (
        BEISEITE.format("Master_von_Hand_geaendert_2024-09-10.xlsx"),
    )


@pytest.mark.xdist_group("soffice")
def test_in_libreoffice_gespeichert_ohne_aenderung_ist_nicht_von_hand_geaendert(
    ablage: Ablage, tmp_path: Path, verlange: Callable[[object, str], None]
) -> None:
    verlange(which("soffice"), "soffice fehlt")
    bemerkung = " =1+1;\tzwei  Leerschläge\nund _x0041_ und \x0b Schluss "
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage, bemerkungen=bemerkung.replace("\x0b", " ")))
    einwerfen(ablage, "-b\n.xlsx", ausgefuellt(ablage, 2402))
    master = ablauf.konsolidieren(ablage.pfad, STICHTAG).master
    profil = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    befehl = ["soffice", profil, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path, master]
    subprocess.run(befehl, check=True, capture_output=True, timeout=600)
    gespeichert = (tmp_path / "Master.xlsx").read_bytes()
    assert gespeichert != master.read_bytes()
    assert not von_hand_geaendert(gespeichert)
    master.write_bytes(gespeichert)
    assert ablauf.konsolidieren(ablage.pfad, STICHTAG).meldungen == ()
    assert dateien(ablage) == ["Master.xlsx", "Stammdaten.xlsx"]


def test_filter_formate_und_reihenfolge_zaehlen_nicht_als_aenderung(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    master = ablauf.konsolidieren(ablage.pfad, STICHTAG).master
    mappe = load_workbook(master, data_only=True)  # values without formulas: what any program shows
    blatt = mappe["Einreichungen"]
    erste, zweite = ([z.value for z in blatt[n]] for n in (2, 3))
    for spalte, (a, b) in enumerate(zip(erste, zweite, strict=True), 1):
        blatt.cell(2, spalte).value, blatt.cell(3, spalte).value = b, a
    blatt["A1"].font = Font(size=20)
    blatt.column_dimensions["A"].hidden = True
    blatt.auto_filter.ref = "A1:B3"
    puffer = BytesIO()
    mappe.save(puffer)
    assert not von_hand_geaendert(puffer.getvalue())
