"""Anhang 1 as a workbook: what it shows, that its formulas say the same, and that it prints on A4."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from krs.mappen.berichte.anhang1 import anhang1_mappe
from krs.recht import Leistung
from krs.schreiben.anhang1 import Anhang1, Bezahlt, anhang1
from krs.stammdaten.stammdaten import Stammdaten
from urteil.hilfe import stammdaten

TAG = date(2022, 12, 31)
GAEU = {
    "2401": {"Bezirk": "Gäu"}, "2402": {"Bezirk": "Gäu"}, "2422": {"Bezirk": "Thal"},
    "2425": {"Bezirk": "Thal", "Empfänger BFS-Nr.": 2422},
}  # fmt: skip
BISHER = "Gespräche und Dolmetschen bisher ausbezahlt (Fr.)"
KEIN_RECHT = (
    "Es besteht kein Rechtsanspruch auf Abgeltungs- oder Subventionsbeiträge des Kantons (Ziff. 4.1.1). Die "
    "Ausrichtung kann von der vollständigen und fristgerechten Einreichung der Berichterstattung abhängig gemacht "
    "werden (Ziff. 5.2)."
)
EMPFAENGER = (
    "Der Kanton informiert die Koordinationsstellen, die Präsidien der Einwohnergemeinden und die Finanzverwaltungen "
    "(Ziff. 4.5.3)."
)
BLAETTER = ["Anhang 1", "Bezirke", "Gemeinden"]


def lage(**mehr: Any) -> Stammdaten:
    return stammdaten({"gemeinden": [2401, 2402, 2422, 2425], "gemeinde": GAEU} | mehr)


def beispiel(jahr: int = 2024, bezahlt: bool = False) -> Anhang1:
    """Return an annex: 100 and 40 residents in the Gäu; in the Thal 7, and one municipality without a count."""
    s = lage(bestand=[[2401, TAG, 100], [2402, TAG, 40], [2422, TAG, 7]])
    ledger = {2401: Bezahlt(Decimal(2000), {Leistung.ERST: 10}), 2422: Bezahlt(Decimal(600), {Leistung.ERST: 3})}
    return anhang1(s, jahr, ledger if bezahlt else None)


def buch(a: Anhang1, werte: bool = True) -> Workbook:
    return load_workbook(BytesIO(anhang1_mappe(a)), data_only=werte)


def reihen(blatt: Worksheet, ab: int = 1) -> list[list[object]]:
    """Return the rows from one on, without what is empty at the end."""
    ergebnis: list[list[object]] = []
    for reihe in blatt.iter_rows(min_row=ab, values_only=True):
        werte: list[object] = list(reihe)
        while werte and werte[-1] is None:
            werte.pop()
        ergebnis.append(werte)
    return ergebnis


def test_das_erste_blatt_nennt_ansaetze_mit_quelle_fristen_empfaenger_und_kein_rechtsanspruch() -> None:
    quelle = "Ansatz 2022 weitergeführt (Anhang 1h), zu bestätigen durch AGS"
    jahr, a2 = "01.01.–31.12.2024", "Anhang 2 (Reportingformular)"
    assert reihen(buch(beispiel())["Anhang 1"]) == [
        ["Anhang 1h – Beiträge an die Einwohnergemeinden für das Jahr 2024"],
        ["start.integration · Kreisschreiben KRS-GEF-2017/01, Ziff. 4.3 und 4.5.3"],
        [],
        ["Beteiligte Gemeinden", "4"],
        ["Stichtag des Ausländerbestands", "31.12.2022 (31.12. vor zwei Jahren, Ziff. 4.3.2)"],
        ["Quelle des Ausländerbestands", "Kantonale Statistik"],
        ["Sockelbeitrag, ganzer Kanton", "Fr. 1'029.00 (unvollständig)"],
        ["Gespräche und Dolmetschen bisher", "noch nichts"],
        [
            "Achtung",
            "Unvollständig: Der Ausländerbestand fehlt oder ist unklar bei 1 Gemeinde. Ihr Sockelbeitrag ist in keiner "
            "Summe enthalten; das Blatt Offen sagt, was zu erfassen ist.",
        ],
        [],
        ["Ansätze 2024"],
        ["Leistung", "gilt", "Ziffer", "Quelle", "Einheit", "Ansatz (Fr.)"],
        ["Fallpauschale Erstinformationsgespräch", jahr, "4.3.2", quelle, "pro Gespräch", 200],
        ["Dolmetschpauschale Erstinformationsgespräch", jahr, "4.3.2", quelle, "pro Einsatz", 160],
        ["Fallpauschale Integrationsgespräch", jahr, "4.3.2", quelle, "pro Gespräch", 200],
        ["Dolmetschpauschale Integrationsgespräch", jahr, "4.3.2", quelle, "pro Einsatz", 160],
        ["Sockelbeitrag", jahr, "4.3.2", quelle, "pro Ausländerin oder Ausländer", 7],
        [],
        ["Fristen und Auszahlung"],
        ["Beitrag", "Formular", "Ziffer", "Hinweis", "Eingabefrist", "Auszahlung per"],
        [
            "Sockelbeitrag 2024", "Anhang 3 (Selbstdeklaration)", "4.5.2, 5.2", None, "Mittwoch, 31.01.2024",
            "31.03.2024",
        ],
        [
            "Gespräche und Dolmetschen, 1. Halbjahr 2024", a2, "4.5.2, 5.2", None, "Mittwoch, 31.07.2024",
            "30.09.2024",
        ],
        [
            "Gespräche und Dolmetschen, 2. Halbjahr 2024", a2, "4.5.2, 5.2", None, "Freitag, 31.01.2025",
            "31.03.2025",
        ],
        [],
        [KEIN_RECHT],
        [EMPFAENGER],
        [
            "Bisher ausbezahlt: Fall- und Dolmetschpauschalen für Leistungen des Jahres 2024 aus freigegebenen Läufen, "
            "vor der Verrechnung von Rückforderungen (Ziff. 4.7)."
        ],
    ]  # fmt: skip


def test_jede_gemeinde_hat_ihre_zeile_und_eine_ohne_bestand_steht_als_offen_da() -> None:
    tag = TAG.strftime("%Y-%m-%d")
    zeilen = [[str(w)[:10] if n == 6 else w for n, w in enumerate(r)] for r in reihen(buch(beispiel())["Gemeinden"], 4)]
    assert zeilen == [
        [
            "BFS-Nr.", "Gemeinde", "Bezirk", "Leitgemeinde", "Auszahlung an", "Bemerkung", "Stichtag",
            "Ausländerinnen und Ausländer", "Ansatz (Fr.)", "Sockelbeitrag (Fr.)", BISHER,
        ],
        [2401, "Egerkingen", "Gäu", None, "Egerkingen", None, tag, 100, 7, 700, "noch nichts"],
        [2402, "Härkingen", "Gäu", None, "Härkingen", None, tag, 40, 7, 280, "noch nichts"],
        [2422, "Balsthal", "Thal", None, "Balsthal", None, tag, 7, 7, 49, "noch nichts"],
        [
            2425, "Holderbank", "Thal", "Balsthal", "Balsthal", "Bestand fehlt", tag, "offen", "–", "offen",
            "noch nichts",
        ],
        ["Kanton Solothurn (unvollständig)", None, None, None, None, None, "None", 147, None, 1029, "noch nichts"],
    ]  # fmt: skip


def test_das_blatt_offen_sagt_was_wo_zu_erfassen_ist() -> None:
    assert reihen(buch(beispiel())["Offen"]) == [
        ["Offen: Ausländerbestand per 31.12.2022"],
        ["start.integration · Kreisschreiben KRS-GEF-2017/01, Ziff. 4.3 und 4.5.3"],
        [],
        ["BFS-Nr.", "Gemeinde", "Bemerkung", "Was zu erfassen ist"],
        [
            2425, "Holderbank", "Bestand fehlt",
            "Der Ausländerbestand von Holderbank (BFS-Nr. 2425) per 31.12.2022 fehlt; erfassen Sie ihn mit Quelle in "
            "den Stammdaten, Blatt Ausländerbestand (Ziff. 4.3.2).",
        ],
    ]  # fmt: skip


def test_fehlt_nichts_gibt_es_kein_blatt_offen() -> None:
    bestand = [[b, TAG, 10] for b in (2401, 2402, 2422, 2425)]
    assert buch(anhang1(lage(bestand=bestand), 2024)).sheetnames == BLAETTER


def test_die_bezirke_nennen_ihre_summen_und_was_daran_fehlt() -> None:
    assert reihen(buch(beispiel(bezahlt=True))["Bezirke"], 4) == [
        ["Bezirk", "Bemerkung", "Gemeinden", "Ausländerinnen und Ausländer", "Sockelbeitrag (Fr.)", BISHER],
        ["Gäu", None, 2, 140, 980, "nicht genannt"],
        ["Thal", "unvollständig: 1 von 2 offen", 2, 7, 49, "nicht genannt"],
        ["Kanton Solothurn (unvollständig)", None, 4, 147, 1029, "nicht genannt"],
    ]


def test_ein_bezirk_ohne_jeden_bestand_hat_keine_summe_und_schon_gar_keine_null() -> None:
    a = anhang1(lage(bestand=[[2401, TAG, 100], [2402, TAG, 40]]), 2024)
    assert reihen(buch(a)["Bezirke"], 6)[0] == [
        "Thal",
        "unvollständig: 2 von 2 offen",
        2,
        "offen",
        "offen",
        "noch nichts",
    ]


def test_was_auf_eine_kleine_anzahl_schliessen_liesse_steht_nirgends() -> None:
    # 3 talks in Balsthal: its amount stays away, and the next one, so that no total gives it away.
    seite = buch(beispiel(bezahlt=True))
    assert [r[10] for r in reihen(seite["Gemeinden"], 5)[:4]] == ["nicht genannt", 0, "nicht genannt", 0]
    assert reihen(seite["Anhang 1"])[-1] == [
        "«nicht genannt»: Der Betrag oder eine Summe liesse auf eine Anzahl unter 5 schliessen; so kleine Zahlen gibt "
        "der Kanton nicht weiter."
    ]
    alle = [z.value for b in seite.worksheets for r in b.iter_rows() for z in r]
    assert not {600, 2000, 2600} & {w for w in alle if isinstance(w, int)}


def test_die_zahlen_sind_lebende_formeln() -> None:
    s = buch(beispiel(), werte=False)
    gemeinden, bezirke = s["Gemeinden"], s["Bezirke"]
    assert [gemeinden[z].value for z in ("I5", "J5", "H9", "J9")] == [
        "='Anhang 1'!$F$17", "=ROUND(H5*I5*20,0)/20", "=SUM(H5:H8)", "=SUM(J5:J8)",
    ]  # fmt: skip
    assert s["Anhang 1"]["F17"].value == 7
    assert [bezirke[z].value for z in ("C5", "D5", "E5", "E7")] == [
        "=COUNTIFS(Gemeinden!$C$5:$C$8,A5)", "=SUMIFS(Gemeinden!$H$5:$H$8,Gemeinden!$C$5:$C$8,A5)",
        "=SUMIFS(Gemeinden!$J$5:$J$8,Gemeinden!$C$5:$C$8,A5)", "=SUM(E5:E6)",
    ]  # fmt: skip


def test_text_von_aussen_wird_nie_eine_formel() -> None:
    a = beispiel()
    boese = replace(a, zeilen=tuple(replace(z, gemeinde="=1+1", bezirk="=2+2", empfaenger="@x") for z in a.zeilen))
    seite = buch(boese, werte=False)
    zellen = [seite["Gemeinden"][z] for z in ("B5", "C5", "E5")] + [seite["Bezirke"]["A5"], seite["Offen"]["B5"]]
    assert [(z.value, z.data_type) for z in zellen] == [(w, "s") for w in ("=1+1", "=2+2", "@x", "=2+2", "=1+1")]


def test_2017_steht_der_satz_statt_des_sockelbeitrags_und_es_gibt_kein_diagramm() -> None:
    seite = buch(beispiel(2017))
    assert seite.sheetnames == BLAETTER
    assert [r[7:] for r in reihen(seite["Gemeinden"], 5)[:1]] == [["–", "–", "–", "noch nichts"]]
    assert reihen(seite["Bezirke"], 5)[-1] == ["Kanton Solothurn", None, 4, "–", "–", "noch nichts"]
    zeile = next(r for r in reihen(seite["Anhang 1"]) if r[:1] == ["Sockelbeitrag"])
    assert zeile[3:] == [
        "Sockelbeitrag am 01.01.2017: Der Sockelbeitrag wird erst ab 01.01.2018 subventioniert, vorher besteht kein "
        "Beitrag (Ziff. 4.3.1).",
        "pro Ausländerin oder Ausländer", "–",
    ]  # fmt: skip
    assert [len(b._charts) for b in seite.worksheets] == [0, 0, 0]  # type: ignore[attr-defined]
    assert [len(b._charts) for b in buch(beispiel()).worksheets] == [0, 1, 0, 0]  # type: ignore[attr-defined]


@pytest.mark.parametrize("blatt", [*BLAETTER, "Offen"])
def test_jedes_blatt_ist_auf_a4_quer_zum_drucken_eingerichtet(blatt: str) -> None:
    b = buch(beispiel())[blatt]
    assert (b.page_setup.orientation, str(b.page_setup.paperSize), b.page_setup.fitToHeight) == ("landscape", "9", 0)
    fuss = b.oddFooter
    assert fuss is not None
    assert (fuss.center.text, fuss.right.text) == ("Kein Rechtsanspruch (Ziff. 4.1.1)", "Seite &P von &N")
    kopf = {"Gemeinden": "$4:$4", "Offen": "$4:$4"}.get(blatt)
    assert b.print_title_rows == kopf


def test_die_tabellen_sind_excel_tabellen() -> None:
    namen = {b.title: sorted(b.tables) for b in buch(beispiel()).worksheets}
    assert namen == {
        "Anhang 1": ["Tarife", "Termine"],
        "Bezirke": ["Bezirke"],
        "Gemeinden": ["Gemeinden"],
        "Offen": ["Offen"],
    }


def test_auch_ohne_gemeinde_entsteht_eine_vollstaendige_leere_mappe() -> None:
    seite = buch(anhang1(Stammdaten(), 2024))
    assert seite.sheetnames == BLAETTER
    assert [seite[b].tables[b].ref for b in ("Bezirke", "Gemeinden")] == ["A4:F5", "A4:K5"]  # heads, one empty row
    assert reihen(seite["Anhang 1"])[8] == [
        "Achtung", "Keine Gemeinde ist beteiligt: Tragen Sie in den Stammdaten, Blatt Gemeinden, «beteiligt ab» ein."
    ]  # fmt: skip


def test_gleiche_zahlen_geben_gleiche_bytes() -> None:
    assert anhang1_mappe(beispiel()) == anhang1_mappe(beispiel())


def ohne_werte(daten: bytes) -> bytes:
    """Return a workbook whose formulas have lost their values: who opens it must compute."""
    neu = BytesIO()
    with zipfile.ZipFile(BytesIO(daten)) as alt, zipfile.ZipFile(neu, "w") as ziel:
        for name in alt.namelist():
            ziel.writestr(name, re.sub(rb"</f><v>[^<]*</v>", b"</f>", alt.read(name)))
    return neu.getvalue()


@pytest.mark.xdist_group("soffice")
def test_libreoffice_rechnet_dasselbe(verlange: Callable[[object, str], None], tmp_path: Path) -> None:
    verlange(which("soffice"), "soffice fehlt")
    daten = anhang1_mappe(anhang1(lage(bestand=[[2401, TAG, 1031], [2402, TAG, 40], [2422, TAG, 7]]), 2024))
    (tmp_path / "a.xlsx").write_bytes(ohne_werte(daten))
    profil = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    befehl = [
        "soffice",
        profil,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        tmp_path / "neu",
    ]
    subprocess.run([*befehl, tmp_path / "a.xlsx"], check=True, capture_output=True, timeout=600)
    neu, alt = load_workbook(tmp_path / "neu/a.xlsx", data_only=True), load_workbook(BytesIO(daten), data_only=True)
    for blatt in ("Bezirke", "Gemeinden"):
        assert reihen(neu[blatt], 4) == reihen(alt[blatt], 4)
    assert alt["Bezirke"]["E7"].value == 7546  # (1031 + 40 + 7) × 7
