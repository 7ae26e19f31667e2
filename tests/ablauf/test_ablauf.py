"""The straight line, from Eingang to Master and to the next templates (entwurf 2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ablage.hilfe import STICHTAG, ausgefuellt, baum, einwerfen, stammdaten
from krs import ablauf
from krs.ablage.ordner import Ablage, AblageFehler
from krs.formulare.formular import formular
from krs.mappen.lesen.formular import lesen
from krs.urteil.ansprueche import summe


def kommt_herein(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2024-07-25/b.xlsx", ausgefuellt(ablage, 2402, erst_einzelpersonen=10, erst_personen=12))
    einwerfen(ablage, "2024-07-30/c.xlsx", ausgefuellt(ablage, erst_einzelpersonen=4, erst_personen=4))


def test_aus_dem_eingang_werden_ansprueche_und_der_master_zeigt_sie(ablage: Ablage) -> None:
    kommt_herein(ablage)
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert [(z.bfs_nr, z.periode, z.status, z.datei) for z in ergebnis.urteil.zeilen if z.formular == "Anhang 2"] == [
        (2401, "2024-H1", "ersetzt", "2024-07-20/a.xlsx"),
        (2401, "2024-H1", "angenommen", "2024-07-30/c.xlsx"),
        (2402, "2024-H1", "angenommen mit Hinweisen", "2024-07-25/b.xlsx"),
        (2403, "2024-H1", "fehlt", ""),
    ]
    assert summe(ergebnis.urteil.ansprueche) == Decimal("3120.00")  # 4 + 10 talks, 1 + 1 assignments
    blatt = load_workbook(BytesIO(ergebnis.master.read_bytes()), data_only=True)["Ansprüche"]
    gezeigt = [[z.value for z in r] for r in blatt.iter_rows(min_row=2)]
    assert sum(Decimal(str(r[6])) for r in gezeigt if r[9] == "anerkannt") == Decimal(3120)


def test_ein_frueherer_stichtag_zeigt_den_stand_von_damals(ablage: Ablage) -> None:
    kommt_herein(ablage)
    ablauf.konsolidieren(ablage.pfad, STICHTAG)
    damals = ablauf.konsolidieren(ablage.pfad, date(2024, 7, 24)).urteil
    assert [z.datei for z in damals.zeilen if z.datei] == ["2024-07-20/a.xlsx"]
    assert summe(damals.ansprueche) == Decimal("760.00")


def test_ohne_eingang_kommt_alles_aus_dem_archiv(ablage: Ablage) -> None:
    kommt_herein(ablage)
    master = ablauf.konsolidieren(ablage.pfad, STICHTAG).master.read_bytes()
    for datei in ablage.eingang.rglob("*.xlsx"):
        datei.unlink()
    assert ablauf.konsolidieren(ablage.pfad, STICHTAG).master.read_bytes() == master


def test_die_naechsten_vorlagen_zeigen_die_zahlen_der_geltenden_fassung(ablage: Ablage) -> None:
    kommt_herein(ablage)
    ablauf.konsolidieren(ablage.pfad, STICHTAG)
    vorlagen = ablauf.vorlagen(ablage.pfad, "2024-H2")
    assert (vorlagen.geschrieben, vorlagen.unveraendert, vorlagen.belassen) == (3, 0, ())
    erste, zweite, dritte = sorted(vorlagen.ordner.iterdir())
    gezeigt = []
    for pfad in (erste, zweite, dritte):
        eingabe = lesen(pfad.read_bytes(), pfad.name)
        ort = eingabe.felder["erst_einzelpersonen"].adresse
        reihe = load_workbook(pfad)[formular("anhang2").blatt][int(ort[1:])]
        gezeigt.append([z.value for z in reihe if isinstance(z.value, int)])
    assert gezeigt == [[4, 0], [10, 0], []]  # beside Erst and Integ


def test_ein_dateiname_traegt_nur_buchstaben_die_jedes_mail_uebersteht() -> None:
    for name, gezeigt in (
        ("Härkingen", "Haerkingen"), ("Nuglar-St. Pantaleon", "Nuglar-St-Pantaleon"), ("Ça/ir\\é", "Ca-ir-e"),
        ("Holderbank (SO)", "Holderbank-SO"), ("Üñ", "Uen"),
    ):  # fmt: skip
        assert ablauf.vorlagenname(formular("anhang3"), "2024", 2401, name) == f"Anhang_3_2024_2401_{gezeigt}.xlsx"


def test_eine_ablage_die_keine_ist_wird_nicht_angefasst(tmp_path: Path) -> None:
    (tmp_path / "notiz.txt").write_text("meins")
    for aufruf in (lambda: ablauf.konsolidieren(tmp_path, STICHTAG), lambda: ablauf.vorlagen(tmp_path, "2024")):
        with pytest.raises(AblageFehler, match=r"fehlt Stammdaten\.xlsx; es ist keine Ablage"):
            aufruf()
    assert [p.name for p in tmp_path.iterdir()] == ["notiz.txt"]


def test_ein_fehler_in_den_stammdaten_laesst_die_zeile_weg_und_meldet_sie(ablage: Ablage) -> None:
    kommt_herein(ablage)
    bestand = [{"bfs_nr": 2401, "stichtag": "31.12.2022", "anzahl": "viele", "quelle": "Statistik"}]
    ablage.stammdaten.write_bytes(stammdaten(Ausländerbestand=bestand))
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert [(b.code, b.blatt, b.zelle) for b in ergebnis.stammdaten_befunde] == [("S-04", "Ausländerbestand", "D2")]
    assert ergebnis.hat_fehler
    befunde = load_workbook(ergebnis.master)["Befunde"]
    assert [z.value for z in befunde[2]][:1] == ["Stammdaten.xlsx"]


@pytest.mark.parametrize(
    ("stichtag", "satz"),
    [
        ("9999-12-31", "Gelesen wurde «9999»; erwartet wird ein Jahr von 2017 bis 2100."),
        ("2016-12-31", "Gelesen wurde «2016»; erwartet wird ein Jahr von 2017 bis 2100."),
        (
            "2024-09-11",
            "Der Stichtag 11.09.2024 liegt in der Zukunft. Nennen Sie den heutigen Tag oder einen früheren.",
        ),
    ],
)
def test_an_einem_tag_der_nicht_sein_kann_geht_nichts_ein(ablage: Ablage, stichtag: str, satz: str) -> None:
    einwerfen(ablage, "ohne Tag.xlsx", ausgefuellt(ablage))
    vorher = baum(ablage.pfad)
    with pytest.raises((AblageFehler, ValueError)) as fehler:
        ablauf.konsolidieren(ablage.pfad, date.fromisoformat(stichtag), heute=STICHTAG)
    assert (str(fehler.value), baum(ablage.pfad)) == (satz, vorher)
