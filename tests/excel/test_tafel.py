"""The board as JSON: every submission once, Befunde with what is done about them."""

from __future__ import annotations

import json
from datetime import date

from ablage.hilfe import STICHTAG, ausgefuellt, einwerfen, stammdaten
from krs import ablauf
from krs.ablage.ordner import Ablage
from krs.ablauf.gemeinsam import Uhr
from krs.excel import tafel
from krs.excel.ergebnis import Mappe


def brett(ablage: Ablage) -> dict[str, object]:
    urteil, befunde, _, _ = ablauf.konsolidierung.beurteilen(ablage, Uhr(STICHTAG))
    return tafel.als_tafel(urteil, ["Satz."], befunde)


def test_die_tafel_hat_die_vereinbarte_form(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-15/a.xlsx", ausgefuellt(ablage))
    t = tafel.als_tafel(ablauf.konsolidieren(ablage.pfad, STICHTAG).urteil, ["Satz."], (), Mappe("M.xlsx", b"abc"))
    assert list(t) == ["stichtag", "saetze", "zahlen", "tafel", "befunde", "master"]
    assert (t["stichtag"], t["saetze"], t["master"]) == ("2024-09-10", ["Satz."], {"name": "M.xlsx", "base64": "YWJj"})
    zeile = next(z for z in t["tafel"] if z["sha256"])
    assert {k: v for k, v in zeile.items() if k != "sha256"} == {
        "bfs_nr": 2401, "gemeinde": "Egerkingen", "formular": "Anhang 2", "periode": "2024-H1",
        "status": "angenommen", "bemerkung": "", "tage": 0, "datei": "2024-07-15/a.xlsx", "fehler": 0,
        "rueckfragen": 0, "hinweise": 0, "erreicht": "60 %",
    }  # fmt: skip
    assert t["zahlen"] == [  # 3 × 200 + 160; without Anhang 3 the Sockel waits: 7 × (101 + 102 + 103)
        {"text": "Angenommen", "wert": "1"}, {"text": "Fehlt", "wert": "5"}, {"text": "Fehler", "wert": "0"},
        {"text": "Rückfragen", "wert": "0"}, {"text": "Hinweise", "wert": "0"},
        {"text": "Anerkannt (CHF)", "wert": "760.00"}, {"text": "Zurückgestellt (CHF)", "wert": "2'142.00"},
    ]  # fmt: skip
    assert json.loads(json.dumps(t)) == t


def test_eine_ersetzte_fassung_ist_erledigt_und_steht_nicht_auf_der_tafel(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-10/alt.xlsx", ausgefuellt(ablage, kontakt_email="keine"))
    einwerfen(ablage, "2024-07-15/neu.xlsx", ausgefuellt(ablage, kontakt_email="auch keine"))
    t = brett(ablage)
    befunde, zeilen = t["befunde"], t["tafel"]
    assert isinstance(befunde, list)
    assert isinstance(zeilen, list)
    assert [(b["datei"], b["erledigt"]) for b in befunde] == [
        ("2024-07-10/alt.xlsx", True), ("2024-07-15/neu.xlsx", False),
    ]  # fmt: skip
    assert [z["datei"] for z in zeilen if z["datei"]] == ["2024-07-15/neu.xlsx"]


def test_ein_entscheid_erledigt_den_befund(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-08-20/spaet.xlsx", ausgefuellt(ablage))
    entscheid = {
        "bfs_nr": 2401, "formular": "Anhang 2", "periode": "2024-H1", "code": "F-50", "entscheid": "anerkennen",
        "begruendung": "Feuerwehr", "visum": "MB", "datum": date(2024, 9, 1),
    }  # fmt: skip
    offen = brett(ablage)["befunde"]
    ablage.stammdaten.write_bytes(stammdaten(Entscheide=[entscheid]))
    erledigt = brett(ablage)
    assert isinstance(offen, list)
    assert isinstance(erledigt["befunde"], list)
    assert [(b["code"], b["erledigt"]) for b in offen] == [("F-50", False)]
    assert [(b["code"], b["erledigt"]) for b in erledigt["befunde"]] == [("F-50", True)]
    assert {"text": "Rückfragen", "wert": "1 (1 erledigt)"} in erledigt["zahlen"]


def test_was_in_den_stammdaten_falsch_ist_steht_zuvorderst(ablage: Ablage) -> None:
    ablage.stammdaten.write_bytes(stammdaten(Kredit=[{"jahr": "neulich", "kredit": 1}]))
    befunde = brett(ablage)["befunde"]
    assert isinstance(befunde, list)
    assert (befunde[0]["datei"], befunde[0]["sha256"], befunde[0]["erledigt"]) == ("Stammdaten.xlsx", "", False)


def test_viele_gleiche_befunde_der_stammdaten_sind_im_aufgabenbereich_einer_und_zaehlen_alle(ablage: Ablage) -> None:
    ablage.stammdaten.write_bytes(stammdaten(Kredit=[{"jahr": "neulich", "kredit": 1}] * 112))
    t = brett(ablage)
    assert isinstance(t["befunde"], list)
    (befund,) = t["befunde"]
    assert (befund["blatt"], befund["zelle"], befund["code"]) == ("Kredit", "A2", "S-04")
    assert befund["meldung"].startswith("112 × S-04, zuerst Kredit!A2: «Jahr»: Gelesen wurde «neulich», ")
    assert {"text": "Fehler", "wert": "112"} in t["zahlen"]
