"""Stammdaten.xlsx: written, saved by other programs, read again."""

import re
import subprocess
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from krs.mappen.lesen.formular import Abgewiesen
from krs.mappen.stammdaten import lies_tabellen, stammdaten_mappe, vorgabe
from krs.stammdaten.plan import blaetter, einstellungen_plan
from krs.stammdaten.stammdaten import Stammdaten, lies_stammdaten

IBAN = "CH9300762011623852957"
BOESE = ["=1+1", "+41 32 000 00 00", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x";"y")', "'=1", "{=1}"]


def beispiel() -> dict[str, list[list[object]]]:
    zeilen = vorgabe()
    zeilen["Gemeinden"][0] += [date(2018, 1, 1), None, None, None, None, None, IBAN, "Bahnhofstrasse", "22", 4622]
    zeilen["Ausländerbestand"] = [[2401, "Egerkingen", date(2022, 12, 31), 1031, "Kantonale Statistik"]]
    zeilen["Tarife"] = [["Sockelbeitrag", date(2025, 1, 1), Decimal("7.125"), "Verfügung"]]
    zeilen["Kredit"] = [[2024, Decimal("1150000.05"), None, ""]]
    zeilen["Rückforderungen"] = [
        ["R-1", 2401, None, date(2024, 2, 3), Decimal("1400"), "Doppelt", "4.7", "AB", "CD", None, None, True]
    ]
    zeilen["Entscheide"] = [
        [2401, None, "Anhang 2", "2024-H1", "A2-09", "a" * 64, "anerkennen", "Telefonat", "AB", date(2024, 8, 12)]
    ]
    zeilen["Zuordnungen"] = [["b" * 64, 2401, "Anhang 2", "2024-H1", "AB", date(2024, 8, 12)]]
    return zeilen


def gelesen(daten: bytes) -> Stammdaten:
    stammdaten, befunde = lies_stammdaten(lies_tabellen(daten))
    assert [b.meldung for b in befunde] == []
    return stammdaten


def test_die_neue_ablage_hat_alle_gemeinden_und_keinen_befund() -> None:
    stammdaten = gelesen(stammdaten_mappe(vorgabe()))
    assert len(stammdaten.gemeinden) == 110
    assert not any(g.beteiligt_ab or g.strasse or g.plz or g.ort for g in stammdaten.gemeinden)
    assert {g.gueltig_ab for g in stammdaten.gemeinden} == {None, date(2021, 1, 1)}
    assert stammdaten.gebiet.nachfolgerin(2456, date(2024, 1, 1)) == 2465
    assert not (stammdaten.bestand)
    assert not (stammdaten.kredit)
    assert not (stammdaten.entscheide)
    assert not stammdaten.rueckforderungen
    assert stammdaten.einstellungen.kanton_name == "Kanton Solothurn, Amt für Gesellschaft und Soziales"


def test_die_leere_mappe_hat_alle_ueberschriften() -> None:
    buch = openpyxl.load_workbook(BytesIO(stammdaten_mappe()))
    assert buch.sheetnames == [b.name for b in blaetter()]
    for plan in blaetter():
        assert [c.value for c in buch[plan.name][1]] == [s.titel for s in plan.spalten]
        assert list(buch[plan.name].tables) == [plan.tabelle]
        assert plan.tabelle.isascii()
        assert all(c.comment is not None for c in buch[plan.name][1])
        assert buch[plan.name].freeze_panes is not None
    assert [z[0].value for z in buch["Einstellungen"].iter_rows(min_row=2)] == [e.titel for e in einstellungen_plan()]
    assert gelesen(stammdaten_mappe()).gemeinden == ()


def als_zeilen(stammdaten: Stammdaten) -> dict[str, list[list[object]]]:
    """Return typed Stammdaten as rows, to write them again."""
    quellen: dict[str, Sequence[Any]] = {
        "gemeinden": stammdaten.gemeinden,
        "bestand": stammdaten.bestandszeilen,
        "tarife": stammdaten.tarifeintraege,
        "kredit": stammdaten.kredit,
        "rueckforderungen": stammdaten.rueckforderungen,
        "entscheide": stammdaten.entscheide,
        "zuordnungen": stammdaten.zuordnungen,
    }
    zeilen: dict[str, list[list[object]]] = {
        b.name: [[getattr(z, s.id) for s in b.spalten] for z in quellen[b.id]] for b in blaetter() if b.id in quellen
    }
    werte = stammdaten.einstellungen
    zeilen["Einstellungen"] = [[e.titel, _einstellung(getattr(werte, e.id))] for e in einstellungen_plan()]
    return zeilen


def _einstellung(wert: object) -> object:
    if isinstance(wert, tuple):
        return "; ".join(f"{jahr}: {grund}" for jahr, grund in wert)
    return wert


def test_was_geschrieben_wird_kommt_zurueck() -> None:
    daten = stammdaten_mappe(beispiel())
    stammdaten = gelesen(daten)
    assert stammdaten.tarifeintraege[0].ansatz == Decimal("7.125")
    assert str(stammdaten.kredit[0].kredit) == "1150000.05"
    assert stammdaten.rueckforderungen[0].erneut_verrechnen is True
    assert stammdaten.entscheide[0].datum == date(2024, 8, 12)
    assert gelesen(stammdaten_mappe(als_zeilen(stammdaten))) == stammdaten


def test_gleiche_eingaben_geben_gleiche_bytes() -> None:
    assert stammdaten_mappe(beispiel()) == stammdaten_mappe(beispiel())


def test_kein_text_wird_zur_formel() -> None:
    zeilen = {"Kredit": [[2017 + n, 1, None, text] for n, text in enumerate(BOESE)]}
    daten = stammdaten_mappe(zeilen)
    with zipfile.ZipFile(BytesIO(daten)) as zip_:
        blatt = zip_.read("xl/worksheets/sheet4.xml").decode()
        assert "<f>" not in blatt
        assert "hyperlink" not in blatt
    assert [k.bemerkung for k in gelesen(daten).kredit] == [t.strip() for t in BOESE]


@pytest.mark.parametrize(
    "zeilen",
    [
        pytest.param({"Kredite": []}, id="unbekanntes Blatt"),
        pytest.param({"Kredit": [[1, 2, 3, 4, 5]]}, id="zu viele Werte"),
        pytest.param({"Kredit": [[2024, 1, None, "x" * 32_768]]}, id="Text zu lang"),
    ],
)
def test_was_nicht_hineinpasst_geht_nicht_still_verloren(zeilen: dict[str, list[list[object]]]) -> None:
    with pytest.raises(ValueError, match=r"Unbekannte Blätter|Werte|Zeichen"):
        stammdaten_mappe(zeilen)


def test_verschobene_spalten_titelzeilen_und_fremde_blaetter_stoeren_nicht() -> None:
    buch = openpyxl.load_workbook(BytesIO(stammdaten_mappe(beispiel())))
    for name in list(buch["Kredit"].tables):
        del buch["Kredit"].tables[name]
    blatt = buch["Kredit"]
    blatt.insert_rows(1)
    blatt["A1"] = "Kredite des Amtes"
    blatt.insert_cols(1)
    blatt["A2"], blatt["A3"], blatt["XFD1000000"] = "Notiz", "frei", "verirrt"
    buch.create_sheet("Notizen")["A1"] = "=[1]Fremd!A1"
    ziel = BytesIO()
    buch.save(ziel)
    kredit = gelesen(ziel.getvalue()).kredit[0]
    assert (kredit.jahr, kredit.zelle("jahr").adresse, str(kredit.kredit)) == (2024, "B3", "1150000.05")


def test_das_datumssystem_1904_wird_verstanden() -> None:
    daten = stammdaten_mappe({"Gemeinden": vorgabe()["Gemeinden"]})
    neu = BytesIO()
    with zipfile.ZipFile(BytesIO(daten)) as alt, zipfile.ZipFile(neu, "w") as zip_:
        for teil in alt.infolist():
            inhalt = alt.read(teil)
            if teil.filename == "xl/workbook.xml":
                inhalt = re.sub(rb"<workbookPr", b'<workbookPr date1904="1"', inhalt)
            zip_.writestr(teil, inhalt)
    vorher = {g.gueltig_bis for g in gelesen(daten).gemeinden if g.gueltig_bis}
    nachher = {g.gueltig_bis for g in gelesen(neu.getvalue()).gemeinden if g.gueltig_bis}
    assert {(n - v).days for v, n in zip(sorted(vorher), sorted(nachher), strict=True)} == {1462}


@pytest.mark.parametrize(("daten", "code"), [(b"nichts", "E-01"), (b"%PDF-1.7", "E-03"), (b"PK\x03\x04rest", "E-04")])
def test_was_keine_arbeitsmappe_ist_wird_abgewiesen(daten: bytes, code: str) -> None:
    with pytest.raises(Abgewiesen) as fehler:
        lies_tabellen(daten, "Stammdaten.xlsx")
    assert fehler.value.code == code


@pytest.mark.xdist_group("soffice")
def test_libreoffice_speichert_und_nichts_geht_verloren(tmp_path: Path) -> None:
    daten = stammdaten_mappe(beispiel())
    (tmp_path / "Stammdaten.xlsx").write_bytes(daten)
    profil = (tmp_path / "profil").as_uri()
    befehl = ["soffice", f"-env:UserInstallation={profil}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run(
        [*befehl, "--outdir", str(tmp_path / "neu"), str(tmp_path / "Stammdaten.xlsx")],
        check=True,
        capture_output=True,
        timeout=600,
    )
    neu = gelesen((tmp_path / "neu" / "Stammdaten.xlsx").read_bytes())
    assert als_zeilen(neu) == als_zeilen(gelesen(daten))
