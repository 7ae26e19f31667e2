"""Everything that counts is in the archive, whatever lies beside it and under whatever name (entwurf 1)."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from ablage.hilfe import STICHTAG, ausgefuellt, einwerfen
from ablage.laufhilfe import freigeben, offene
from ablage.test_eingang import eingaenge
from ablage.zufallsordner import im_archiv, inhalte, ordner, pruefe
from krs import ablauf
from krs.ablage.ordner import Ablage


def test_was_unter_einem_andern_namen_abgewiesen_wurde_wird_archiviert_und_gezaehlt(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage)
    einwerfen(ablage, "2024-07-20/A Olten.xlsx.part", daten)
    zweite = einwerfen(ablage, "2024-07-22/B Olten.xlsx", daten)
    u = ablauf.konsolidieren(ablage.pfad, STICHTAG).urteil
    assert [(z.datei, z.eingang, z.status) for z in u.zeilen if z.datei] == [
        ("2024-07-22/B Olten.xlsx", date(2024, 7, 20), "angenommen")
    ]
    assert im_archiv(ablage) == {hashlib.sha256(daten).hexdigest()}
    zweite.unlink()
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert [(z.datei, z.status) for z in ergebnis.urteil.zeilen if z.datei] == [
        ("2024-07-22/B Olten.xlsx", "angenommen")
    ]
    assert ergebnis.meldungen == ()


def test_was_zuerst_als_unlesbar_aufgehoben_wurde_wird_zum_formular_ohne_dass_etwas_fehlte(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage)
    einwerfen(ablage, "A.xlsx.part", daten)
    erstes = ablauf.konsolidieren(ablage.pfad, date(2024, 7, 20))
    assert [(z.datei, z.status) for z in erstes.urteil.zeilen if z.datei] == [("A.xlsx.part", "fehlerhaft")]
    einwerfen(ablage, "B.xlsx", daten)
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert [(z.datei, z.eingang, z.status) for z in ergebnis.urteil.zeilen if z.datei] == [
        ("B.xlsx", date(2024, 7, 20), "angenommen")
    ]
    assert ergebnis.meldungen == ()
    assert [p.suffix for p in ablage.archiv.iterdir() if p.suffix != ".csv"] == [".xlsx"]


def test_jede_pruefsumme_eines_laufs_liegt_im_archiv(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    for pfad in ablage.eingegangen():
        einwerfen(ablage, f"0/{pfad.name}.part", pfad.read_bytes())
    freigeben(ablage)
    (lauf,) = ablage.laeufe.glob("*/lauf.json")
    genannt = set(json.loads(lauf.read_text("utf-8"))["eingaben"]["formulare"])
    assert len(genannt) == len(ablage.eingegangen()) // 2
    assert genannt <= im_archiv(ablage)


@pytest.mark.parametrize("ab", range(0, 40, 10))
def test_in_zufaelligen_ordnern_liegt_alles_was_zaehlt_im_archiv(ablage: Ablage, ab: int) -> None:
    ordner(ablage.pfad, 10, ab, ablage)


def test_jeder_inhalt_unter_jedem_namen_zugleich(ablage: Ablage) -> None:
    auswahl = inhalte(ablage)
    for daten in auswahl:
        pruefe(ablage, [{"A.xlsx.part": daten}, {"A.xlsx.part": daten, "B.xlsx": daten}, {}], auswahl)


def test_ein_formular_im_archiv_zaehlt_was_auch_in_index_csv_steht(ablage: Ablage) -> None:
    pfad = einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage))
    ablauf.konsolidieren(ablage.pfad, STICHTAG, heute=STICHTAG)
    pfad.unlink()
    index = ablage.archiv / "index.csv"
    zeile = index.read_bytes().rstrip(b"\r\n")
    index.write_bytes(zeile + b"E-05\r\n")
    u = ablauf.konsolidieren(ablage.pfad, STICHTAG, heute=STICHTAG).urteil
    assert eingaenge(u) == [("2024-07-20/a.xlsx", date(2024, 7, 20), "angenommen")]
