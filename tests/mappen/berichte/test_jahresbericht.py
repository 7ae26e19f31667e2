"""The yearly report to the municipalities: a workbook fit to be sent (Ziff. 4.3.3, 5.3)."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from krs.lauf.buchung import Journal
from krs.mappen.berichte.jahresbericht import jahresbericht_mappe
from krs.schreiben.publikation import NICHT_GENANNT
from lauf.hilfe import freigegeben, plane
from urteil.hilfe import urteil

N = NICHT_GENANNT
GAEU, THAL = (2401, 2402, 2465), (2422, 2430, 2525)
LAEUFE = ({"lauf": "2023-09", "datum": date(2023, 9, 20)}, {"lauf": "2024-03", "datum": date(2024, 3, 20)})
HALBJAHRE = (("2023-H1", date(2023, 7, 10)), ("2023-H2", date(2024, 1, 10)))
BLAETTER = ["Überblick", "Bezirke und Grösse", "Sprachen", "Beiträge", "Aufwand und Ansätze"]


def fall(gaeu: list[int], thal: list[int], **mehr: Any) -> dict[str, Any]:
    """Return a year in which each municipality of a district reports the same in both half-years, and its effort."""
    buchstaben = iter("abcdefghijklmnopqrstuvwxyz")
    eingang = [
        {"datei": next(buchstaben), "gemeinde": bfs, "zeit": zeit, "am": am, "zahlen": zahlen}
        for zeit, am in HALBJAHRE
        for bezirk, zahlen in ((GAEU, gaeu), (THAL, thal))
        for bfs in bezirk
    ]
    effort = {"aufwand_stunden": 40, "aufwand_franken": 9000}
    eingang += [
        {"datei": next(buchstaben), "gemeinde": bfs, "zeit": "2024", "am": date(2024, 1, 10), "werte": effort}
        for bfs in (*GAEU, *THAL)
    ]
    bezirke = {str(nr): {"Bezirk": name} for name, alle in (("Gäu", GAEU), ("Thal", THAL)) for nr in alle}
    bestand = [[nr, date(2021, 12, 31), anzahl] for alle, anzahl in ((GAEU, 50), (THAL, 500)) for nr in alle]
    grund = {"gemeinden": [*GAEU, *THAL], "gemeinde": bezirke, "bestand": bestand, "eingang": eingang}
    return grund | {"stichtag": date(2024, 4, 2)} | mehr


# Per half-year. Gäu 30 talks, 18 assignments, 15 Integrationsgespräche; Thal 30 talks.
GROSS = fall([10, 6, 5, 0], [10, 0, 0, 0])


def mappe(daten: dict[str, Any], *laeufe: dict[str, Any], grenze: int = 5) -> bytes:
    journal = Journal()
    for lauf in laeufe:
        journal = freigegeben(journal, plane(daten, lauf, journal))
    return jahresbericht_mappe(urteil(daten), journal, 2023, grenze)


def tabellen(daten: bytes) -> dict[str, list[list[Any]]]:
    """Return the rows of every table of the workbook."""
    alle = {t.name: (b, t.ref) for b in load_workbook(BytesIO(daten)) for t in b.tables.values()}
    return {n: [w for r in b[ref][1:] if any(w := [z.value for z in r])] for n, (b, ref) in alle.items()}


def werte(blatt: Worksheet) -> dict[str, Any]:
    """Return the single figures of a page: label → value."""
    return {str(r[0]): r[6] for r in blatt.iter_rows(values_only=True) if r[0] and r[6] is not None and r[1] is None}


def texte(daten: bytes) -> list[str]:
    return [str(z.value) for b in load_workbook(BytesIO(daten)) for r in b for z in r if isinstance(z.value, str)]


def test_der_bericht_zeigt_gespraeche_sprachen_beitraege_und_aufwand() -> None:
    daten = mappe(GROSS, *LAEUFE)
    gezeigt = tabellen(daten)
    assert gezeigt["Halbjahre"] == [
        ["1. Halbjahr 2023", 6, 60, 18, 15, 0, 75], ["2. Halbjahr 2023", 6, 60, 18, 15, 0, 75],
        ["Jahr", 6, 120, 36, 30, 0, 150],
    ]  # fmt: skip
    kanton = ["Kanton", 6, 120, 36, 30, 0, 150]
    assert gezeigt["Bezirke"] == [["Thal", 3, 60, 0, 0, 0, 60], ["Gäu", 3, 60, 36, 30, 0, 90], kanton]
    assert gezeigt["Grössenklassen"] == [
        ["bis 100", 3, 60, 36, 30, 0, 90], ["301 bis 1'000", 3, 60, 0, 0, 0, 60], kanton,
    ]  # fmt: skip
    assert gezeigt["Sprachen"] == [["Tigrinya", 36]]
    # 60 * 200 = 12000; 36 * 160 = 5760; 30 * 200 = 6000. No Sockelbeitrag of 2023 was claimed.
    assert gezeigt["Beiträge"] == [
        ["Thal", 3, 12000, 0, 0, 0, 0], ["Gäu", 3, 12000, 5760, 6000, 0, 0], ["Kanton", 6, 24000, 5760, 6000, 0, 0],
    ]  # fmt: skip
    # Gäu: 120 hours, Fr. 27000 for 90 talks, flat rates 23760. Thal: the same effort for 60 talks, 12000.
    gaeu, thal = [3, 1.33, 300, 264, 0.88], [3, 2, 450, 200, 0.444]
    assert gezeigt["AufwandGrösse"] == [["bis 100", *gaeu], ["301 bis 1'000", *thal]]
    assert gezeigt["AufwandBezirk"] == [["Thal", *thal], ["Gäu", *gaeu]]
    mappe_ = load_workbook(BytesIO(daten))
    assert mappe_.sheetnames == BLAETTER
    assert werte(mappe_["Überblick"]) == {
        "Beteiligte Gemeinden": 6, "Gemeinden mit Meldung für das 1. Halbjahr": 6,
        "Gemeinden mit Meldung für das 2. Halbjahr": 6,
        "Ausländische Wohnbevölkerung am 31.12.2021, für die ein Sockelbeitrag bezahlt ist": 0,
        "Sockelbeiträge, ausbezahlt (Fr.)": 0, "Beiträge, ausbezahlt (Fr.)": 35760,
    }  # fmt: skip
    # 240 hours and Fr. 54000 for 150 talks; flat rates 35760.
    assert werte(mappe_["Aufwand und Ansätze"]) == {
        "Fallpauschale Erstinformationsgespräch, CHF pro Gespräch (ab 01.01.2017)": 200,
        "Dolmetschpauschale Erstinformationsgespräch, CHF pro Einsatz (ab 01.07.2018)": 160,
        "Fallpauschale Integrationsgespräch, CHF pro Gespräch (ab 01.01.2022)": 200,
        "Dolmetschpauschale Integrationsgespräch, CHF pro Einsatz (ab 01.01.2022)": 160,
        "Sockelbeitrag, CHF pro Ausländerin oder Ausländer (ab 01.01.2018)": 7,
        "Gemeinden mit vollständigen Angaben": 6, "Stunden": 240, "Aufwand (Fr.)": 54000, "Stunden pro Gespräch": 1.6,
        "Aufwand pro Gespräch (Fr.)": 360, "Pauschalen pro Gespräch (Fr.)": 238.4, "Deckung": 0.662,
    }  # fmt: skip


def test_kleine_anzahlen_und_was_sie_verriete_fehlen_auf_allen_seiten() -> None:
    # Gäu holds 3 Integrationsgespräche and 3 assignments a half-year (6 in the year), Thal 3 assignments in the year.
    daten = fall([10, 1, 1, 0], [10, 0, 0, 0])
    wenige = [
        e | {"zahlen": [10, 3, 0, 0]} if e["zeit"] == "2023-H1" and e["gemeinde"] == 2422 else e
        for e in daten["eingang"]
    ]
    gezeigt = tabellen(mappe(daten | {"eingang": wenige}, *LAEUFE))
    # Assignments: 3 + 3 = 6 in the first half-year, 3 in the second, 9 in all: the 6 would give the 3 away.
    assert [r[3] for r in gezeigt["Halbjahre"]] == [N, "1–4", 9]
    # Integ: 3 + 3 = 6 may be 2 + 4 as well.
    assert [r[4] for r in gezeigt["Halbjahre"]] == ["1–4", "1–4", 6]
    assert gezeigt["Bezirke"] == [
        ["Thal", 3, 60, "1–4", 0, 0, 60], ["Gäu", 3, 60, N, 6, 0, 66], ["Kanton", 6, 120, 9, 6, 0, 126],
    ]  # fmt: skip
    # 3 * 160 and 6 * 160 would give the counts back.
    assert gezeigt["Beiträge"] == [
        ["Thal", 3, 12000, N, 0, 0, 0], ["Gäu", 3, 12000, N, 1200, 0, 0], ["Kanton", 6, 24000, 1440, 1200, 0, 0],
    ]  # fmt: skip
    assert gezeigt["AufwandBezirk"] == [["Thal", 3, 2, 450, N, N], ["Gäu", 3, 1.82, 409.09, N, N]]
    offen = tabellen(mappe(daten | {"eingang": wenige}, *LAEUFE, grenze=0))
    assert offen["Bezirke"][0] == ["Thal", 3, 60, 3, 0, 0, 60]


def test_fehlt_ein_betrag_des_kantons_so_fehlt_was_ihn_verriete() -> None:
    # 3 Integrationsgespräche in the whole year: Fr. 600 would follow from the total or from the flat rates per talk.
    daten = fall([10, 0, 0, 0], [10, 0, 0, 0])
    drei = [e | {"zahlen": [10, 0, 3, 0]} if e["datei"] == "a" else e for e in daten["eingang"]]
    mappe_ = mappe(daten | {"eingang": drei}, *LAEUFE)
    gezeigt, seiten = tabellen(mappe_), load_workbook(BytesIO(mappe_))
    assert gezeigt["Beiträge"][-1] == ["Kanton", 6, 24000, 0, N, 0, 0]
    assert werte(seiten["Überblick"])["Beiträge, ausbezahlt (Fr.)"] == N
    aufwand = werte(seiten["Aufwand und Ansätze"])
    assert [aufwand[k] for k in ("Aufwand pro Gespräch (Fr.)", "Pauschalen pro Gespräch (Fr.)", "Deckung")] == [N, N, N]
    # Thal alone has nothing to hide, but the others would follow from it.
    assert gezeigt["AufwandBezirk"] == [["Thal", 3, 2, 450, N, N], ["Gäu", 3, 1.9, 428.57, N, N]]


def test_keine_gemeinde_und_keine_stammdaten_sind_genannt() -> None:
    alle = " ".join(texte(mappe(GROSS, *LAEUFE)))
    namen = ("Egerkingen", "Härkingen", "Buchegg", "Balsthal", "Kriegstetten", "Welschenrohr")
    assert not [n for n in (*namen, "Stammdaten", "BFS") if n in alle]


def test_vor_der_auszahlung_und_ohne_zweites_halbjahr_sagt_der_bericht_was_fehlt() -> None:
    erstes = [e for e in GROSS["eingang"] if e["zeit"] == "2023-H1"]
    saetze = texte(mappe(GROSS | {"eingang": erstes, "stichtag": date(2023, 8, 1)}))
    assert "Für das 2. Halbjahr liegen noch keine Meldungen vor." in saetze
    assert "Noch nicht ausbezahlt: 2023-03, 2023-09 und 2024-03. Die Beiträge sind bis dahin unvollständig." in saetze


def test_wer_nur_ein_halbjahr_gemeldet_hat_zaehlt_beim_aufwand_nicht() -> None:
    ohne = [e for e in GROSS["eingang"] if (e["gemeinde"], e["zeit"]) != (2401, "2023-H1")]
    seite = load_workbook(BytesIO(mappe(GROSS | {"eingang": ohne}, *LAEUFE)))["Aufwand und Ansätze"]
    assert werte(seite)["Gemeinden mit vollständigen Angaben"] == 5
    assert werte(seite)["Stunden"] == 200


def test_ein_leeres_jahr_gibt_eine_mappe_ohne_zahlen() -> None:
    gezeigt = tabellen(mappe(GROSS | {"eingang": []}))
    assert gezeigt["Halbjahre"] == [
        ["1. Halbjahr 2023", 0, 0, 0, 0, 0, 0], ["2. Halbjahr 2023", 0, 0, 0, 0, 0, 0], ["Jahr", 0, 0, 0, 0, 0, 0],
    ]  # fmt: skip
    assert gezeigt["Bezirke"] == [["Kanton", 0, 0, 0, 0, 0, 0]]


def test_dieselben_eingaben_geben_dieselben_bytes() -> None:
    assert mappe(GROSS, *LAEUFE) == mappe(GROSS, *LAEUFE)


@pytest.mark.parametrize("name", BLAETTER)
def test_jede_seite_ist_druckfertig_auf_a4(name: str) -> None:
    blatt = load_workbook(BytesIO(mappe(GROSS, *LAEUFE)))[name]
    assert (blatt.page_setup.paperSize, blatt.page_setup.orientation) == (9, "portrait")
    assert (blatt.sheet_properties.pageSetUpPr.fitToPage, blatt.page_setup.fitToHeight) == (True, 0)
    assert blatt.oddFooter.left.text == f"start.integration · Jahresbericht 2023 · {name}"
    assert blatt.oddFooter.right.text == "Seite &P von &N"


def test_jedes_diagramm_hat_einen_alternativtext_und_zeigt_nur_die_zeilen_ohne_total() -> None:
    with zipfile.ZipFile(BytesIO(mappe(GROSS, *LAEUFE))) as datei:
        zeichnungen = [datei.read(n).decode() for n in datei.namelist() if n.startswith("xl/drawings/drawing")]
        diagramme = [datei.read(n).decode() for n in datei.namelist() if n.startswith("xl/charts/chart")]
    bilder = [b for z in zeichnungen for b in re.findall(r'descr="([^"]+)"', z)]
    assert sorted(bilder) == [
        "Balken: Aufwand und Pauschalen pro Gespräch", "Balken: Dolmetscheinsätze je Sprache",
        "Balken: Gespräche je Bezirk", "Balken: Gespräche je Grössenklasse", "Balken: ausbezahlte Beiträge je Bezirk",
        "Säulen: Gespräche und Einsätze je Halbjahr",
    ]  # fmt: skip
    assert len(diagramme) == 6
    bezirke = next(d for d in diagramme if "Gespräche nach Bezirk" in d)
    assert "'Bezirke und Grösse'!$A$5:$A$6" in bezirke


# --- purged forms (docs/entscheide/51) ----------------------------------------------------------
def ohne(daten: dict[str, Any], *weg: tuple[int, str]) -> dict[str, Any]:
    """Return the case after some forms were purged."""
    neu = [
        e | {"geloescht": date(2024, 4, 1)} if (e["gemeinde"], e["zeit"]) in weg else e for e in daten["eingang"]
    ]  # fmt: skip
    return daten | {"eingang": neu}


def nach_dem_loeschen(*weg: tuple[int, str]) -> bytes:
    journal = Journal()
    for lauf in LAEUFE:
        journal = freigegeben(journal, plane(GROSS, lauf, journal))
    return jahresbericht_mappe(urteil(ohne(GROSS, *weg)), journal, 2023, 5)


def test_geloeschte_formulare_zaehlen_nicht_als_null() -> None:
    weg = [(b, "2023-H1") for b in (*GAEU, *THAL)] + [(2401, "2024")]
    daten = nach_dem_loeschen(*weg)
    gezeigt = tabellen(daten)
    assert gezeigt["Halbjahre"] == [
        ["1. Halbjahr 2023", 0, *["gelöscht"] * 5], ["2. Halbjahr 2023", 6, 60, 18, 15, 0, 75],
        ["Jahr", 6, 60, 18, 15, 0, 75],
    ]  # fmt: skip
    assert gezeigt["Beiträge"][-1] == ["Kanton", 6, 12000, 2880, 3000, 0, 0]  # of the same forms
    assert werte(load_workbook(BytesIO(daten))["Überblick"])["Gemeinden mit Meldung für das 1. Halbjahr"] == "gelöscht"
    alle = texte(daten)
    assert (
        "Von 6 Gemeinden sind die Formulare für das 1. Halbjahr gelöscht; die Anzahlen und die dafür bezahlten "
        "Beiträge sind nicht enthalten."
    ) in alle
    assert "Von 1 Gemeinde ist die Selbstdeklaration 2024 gelöscht; ihr Aufwand ist nicht enthalten." in alle


def test_ist_alles_geloescht_bleiben_die_bezahlten_beitraege() -> None:
    daten = nach_dem_loeschen(*((b, z) for b in (*GAEU, *THAL) for z, _ in HALBJAHRE))
    gezeigt = tabellen(daten)
    assert gezeigt["Halbjahre"][-1] == ["Jahr", 0, *["gelöscht"] * 5]
    assert {w for z in gezeigt["Bezirke"] for w in z[2:]} == {"gelöscht"}
    assert werte(load_workbook(BytesIO(daten))["Überblick"])["Beiträge, ausbezahlt (Fr.)"] == 35760
    assert (
        "Von 6 Gemeinden sind die Formulare für das 2. Halbjahr gelöscht; die Anzahlen sind nicht enthalten."
        in texte(daten)
    )
