"""Master.xlsx: sheets, headers, tables, formats of entwurf 4.4, on the demo and on an empty folder."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from demo.hilfe import demo
from krs.formulare.formular import formular
from krs.mappen.master.master import KENNBLATT, master_mappe
from krs.mappen.stammdaten import lies_tabellen, stammdaten_mappe
from krs.stammdaten.stammdaten import lies_stammdaten
from krs.urteil.urteil import urteile
from uno.buero import Buero, python_mit_uno

pytestmark = pytest.mark.xdist_group("soffice")

# The contract, word for word: sheet → leading headers. Field keys follow in Reporting and Selbstdeklaration.
VERTRAG = """
Heute: Was, Aufgabe, Franken, seit, krs
Übersicht:
Einreichungen: BFS-Nr., Gemeinde, Formular, Periode, Version, Eingang, Frist, Tage verspätet, Nullmeldung, Status, Datei, SHA-256, Fehler, Rückfragen, Hinweise
Reporting: BFS-Nr., Gemeinde, Bezirk, Periode
Selbstdeklaration: BFS-Nr., Gemeinde, Bezirk, Jahr
Befunde: datei, gemeinde, bfs_nr, formular, periode, blatt, zelle, feld, wert, stufe, code, ziffer, meldung
Ansprüche: BFS-Nr., Gemeinde, Leistung, Periode, Anzahl, Ansatz, Betrag, gültig ab, Ziffer, Status, Lauf
Buchungen:
Abrechnung: Lauf, BFS-Nr., Gemeinde, Empfänger BFS-Nr., Anspruch, Differenz früher, Verrechnet, Auszahlung, Rechnung
Rückforderungen:
Kredit:
Auswertung:
Protokoll:
Eingangsjournal: Nr., Zeit, Konto, Visum, Vorgang, SHA-256, Eingang, Stichtag, Herkunft, Absender
"""  # noqa: E501
KOEPFE = {
    blatt: [k for k in koepfe.strip().split(", ") if k]
    for blatt, _, koepfe in (z.partition(":") for z in VERTRAG.strip().splitlines())
}
BETRAG, ZAHL, TAG = "[$-807]#,##0.00", "[$-807]#,##0", "dd.mm.yyyy"
MAPPEN = ("Demo", "leer")


@cache
def daten(name: str) -> bytes:
    """Return the Master of the demo, or of a folder in which nothing has happened."""
    if name == "Demo":
        return (demo()[0] / "Master.xlsx").read_bytes()
    stammdaten, befunde = lies_stammdaten(lies_tabellen(stammdaten_mappe(), "Stammdaten.xlsx"))
    return master_mappe(urteile([], stammdaten, [], [], date(2024, 9, 10)), befunde, "0" * 64)


@cache
def mappe(name: str, werte: bool = False) -> Workbook:
    return load_workbook(BytesIO(daten(name)), data_only=werte)


def blaetter(name: str) -> list[Worksheet]:
    return [b for b in mappe(name).worksheets if b.title != KENNBLATT]


def tabelle(name: str, blatt: str) -> list[dict[str, Any]]:
    """Return the rows of the table that has the name of its sheet, by header."""
    seite = mappe(name, werte=True)[blatt]
    kopf, *reihen = ([z.value for z in r] for r in seite[mappe(name)[blatt].tables[blatt].ref])
    return [dict(zip(kopf, r, strict=True)) for r in reihen if any(w is not None for w in r)]


@pytest.mark.parametrize("name", MAPPEN)
def test_die_blaetter_heissen_wie_vereinbart_und_stehen_in_dieser_reihenfolge(name: str) -> None:
    assert [b.title for b in blaetter(name)] == list(KOEPFE)
    assert {b.sheet_state for b in blaetter(name)} == {"visible"}
    assert mappe(name)[KENNBLATT].sheet_state == "veryHidden"


@pytest.mark.parametrize("blatt", KOEPFE)
@pytest.mark.parametrize("name", MAPPEN)
def test_jedes_blatt_ist_eine_tabelle_gleichen_namens_mit_den_vereinbarten_ueberschriften(
    name: str, blatt: str
) -> None:
    seite = mappe(name)[blatt]
    eine = seite.tables[blatt]
    assert (eine.name, eine.displayName) == (blatt, blatt)
    kopf = [spalte.name for spalte in eine.tableColumns]
    assert kopf[: len(KOEPFE[blatt])] == KOEPFE[blatt]
    assert [z.value for z in seite[eine.ref][0]] == kopf
    assert len({k.casefold() for k in kopf}) == len(kopf)
    assert eine.autoFilter is not None


@pytest.mark.parametrize(("blatt", "formular_", "zeit"), [("Reporting", "anhang2", "periode"), ("Selbstdeklaration", "anhang3", "jahr")])  # fmt: skip  # noqa: E501
def test_auf_die_ueberschriften_folgen_die_feldnamen(blatt: str, formular_: str, zeit: str) -> None:
    felder = [f.schluessel for f in formular(formular_).felder.values() if f.art != "berechnet"]
    kopf = [s.name for s in mappe("leer")[blatt].tables[blatt].tableColumns]
    assert kopf[4:] == [f for f in felder if f not in ("gemeinde", "bfs_nr", zeit)]


@pytest.mark.parametrize("name", MAPPEN)
def test_tabellennamen_sind_in_excel_erlaubt_und_einmalig(name: str) -> None:
    namen = [n for b in blaetter(name) for n in b.tables]
    assert len({n.casefold() for n in namen}) == len(namen)
    for n in namen:
        assert re.fullmatch(r"[^\W\d][\w.]{0,254}", n)
        assert not re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]\d*", n)  # would be a cell


@pytest.mark.parametrize("name", MAPPEN)
def test_keine_zelle_zeigt_einen_fehler(name: str) -> None:
    for b in mappe(name, werte=True).worksheets:
        assert [z.coordinate for r in b.iter_rows() for z in r if z.data_type == "e"] == []


@pytest.mark.parametrize("name", MAPPEN)
def test_jedes_blatt_ist_zum_lesen_und_drucken_eingerichtet(name: str) -> None:
    for b in blaetter(name):
        assert b.freeze_panes is not None, b.title
        assert (b.page_setup.orientation, str(b.page_setup.paperSize)) == ("landscape", "9"), b.title
        assert b.sheet_properties.pageSetUpPr.fitToPage, b.title
        assert b.page_setup.fitToHeight == 0, b.title
    eines = {b.title for b in blaetter(name)} - {"Heute", "Übersicht", "Auswertung"}
    for b in (mappe(name)[n] for n in eines):
        assert b.print_title_rows == "$1:$1", b.title
        assert b.oddFooter.left.text == f"start.integration · {b.title}"
        assert b.oddFooter.right.text == "Seite &P von &N"


def test_breite_blaetter_verteilen_sich_auf_mehrere_seiten_und_wiederholen_die_gemeinde() -> None:
    seiten = {b.title: (b.page_setup.fitToWidth or 1, b.print_title_cols) for b in blaetter("leer")}
    assert seiten["Einreichungen"] == (2, "$A:$B")  # the second page: Bemerkung and Änderungen, see below
    assert seiten["Ansprüche"] == (2, "$A:$B")
    assert seiten["Reporting"] == (4, "$A:$D")


def test_die_zweite_seite_der_einreichungen_beginnt_mit_der_bemerkung() -> None:
    """It is well filled, but no wider than the first: else both would be printed smaller."""
    blatt = mappe("leer")["Einreichungen"]
    breite = {z.value: blatt.column_dimensions[z.column_letter].width for z in blatt[1]}
    titel = list(breite)
    erste = sum(breite[t] for t in titel[: titel.index("Bemerkung")])
    zweite = sum(breite[t] for t in ("BFS-Nr.", "Gemeinde", *titel[titel.index("Bemerkung") :]))
    assert titel[-4:] == ["Bemerkung", "Änderungen", "offen seit", "Neuzugezogene erreicht"]
    assert 0.75 < zweite / erste < 0.9


def test_die_ersten_zeilen_und_spalten_bleiben_stehen() -> None:
    assert {b.title: b.freeze_panes for b in blaetter("Demo")} == {
        "Heute": "A5", "Übersicht": "A5", "Einreichungen": "C2", "Reporting": "E2", "Selbstdeklaration": "E2",
        "Befunde": "C2",
        "Ansprüche": "C2", "Buchungen": "C2", "Abrechnung": "C2", "Rückforderungen": "C2", "Kredit": "C2",
        "Auswertung": "B2", "Protokoll": "B2", "Eingangsjournal": "C2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("blatt", "spalte", "form"),
    [
        ("Einreichungen", "BFS-Nr.", "0"), ("Einreichungen", "Eingang", TAG), ("Einreichungen", "Frist", TAG),
        ("Einreichungen", "Tage verspätet", "0"), ("Ansprüche", "Anzahl", ZAHL), ("Ansprüche", "Ansatz", BETRAG),
        ("Ansprüche", "Betrag", BETRAG), ("Ansprüche", "gültig ab", TAG), ("Reporting", "erst_einzelpersonen", "0"),
        ("Reporting", "datum", TAG), ("Selbstdeklaration", "beauftragte_pensum", "0.0%"),
        ("Selbstdeklaration", "aufwand_franken", BETRAG), ("Kredit", "Kredit", BETRAG), ("Kredit", "Rest", BETRAG),
        ("Rückforderungen", "Betrag", BETRAG), ("Rückforderungen", "Datum", TAG),
    ],
)  # fmt: skip
def test_zahlen_und_tage_haben_ihr_format(blatt: str, spalte: str, form: str) -> None:
    seite = mappe("Demo")[blatt]
    nummer = [z.value for z in seite[1]].index(spalte)
    formate = {r[nummer].number_format for r in seite.iter_rows(min_row=2) if r[nummer].value is not None}
    assert formate == {form}


@pytest.mark.parametrize("name", MAPPEN)
def test_was_auffallen_soll_ist_bedingt_formatiert(name: str) -> None:
    regeln = {
        b.title: [r.formula[0].strip('"') for f in b.conditional_formatting for r in f.rules] for b in blaetter(name)
    }
    assert {n: sorted(r) for n, r in regeln.items() if r} == {
        "Heute": ["$A5<>$A4", "$A5<>$A4", "$A5=$A4"],  # the name of a group once in black, a rule above it
        "Einreichungen": ["Rückfrage offen", "erledigt", "ersetzt", "fehlerhaft", "fehlt", "noch nicht fällig"],
        "Befunde": ["Fehler", "Rückfrage"],
        "Ansprüche": ["ersetzt", "nicht beitragsberechtigt", "noch nicht fällig", "zurückgestellt"],
    }
    for blatt in ("Einreichungen", "Befunde", "Ansprüche"):
        (bereich,) = mappe(name)[blatt].conditional_formatting
        spalten, ende = mappe(name)[blatt].tables[blatt].ref.split(":")
        assert str(bereich.sqref).split(":")[-1].lstrip("J") == re.sub(r"[A-Z]", "", ende)
        assert spalten == "A1"


# --- sums ------------------------------------------------------------------------------------------
def _summe(werte: Iterator[Any]) -> Decimal:
    return sum((Decimal(str(w)) for w in werte if w is not None), Decimal(0))


def _gemeint(status: str) -> tuple[str, ...]:
    """What is paid is recognised too."""
    return ("anerkannt", "bezahlt") if status == "anerkannt" else (status,)


def test_die_uebersicht_geht_mit_den_anspruechen_auf() -> None:
    ansprueche = tabelle("Demo", "Ansprüche")
    seite = mappe("Demo", werte=True)["Übersicht"]
    kopf, *reihen = ([z.value for z in r] for r in seite[mappe("Demo")["Übersicht"].tables["Beiträge"].ref])
    stand = {"anerkannt (Fr.)": "anerkannt", "zurückgestellt (Fr.)": "zurückgestellt"}
    stand["nicht berechtigt (Fr.)"] = "nicht beitragsberechtigt"
    assert kopf == ["Leistung", *stand]
    gezeigt = Decimal(0)
    for leistung, *betraege in reihen:
        for titel, betrag in zip(stand.values(), betraege, strict=True):
            zeilen = [a for a in ansprueche if a["Leistung"] == leistung and a["Status"] in _gemeint(titel)]
            assert Decimal(str(betrag)) == _summe(a["Betrag"] for a in zeilen)
            gezeigt += Decimal(str(betrag))
    ersetzt = _summe(a["Betrag"] for a in ansprueche if a["Status"] == "ersetzt")
    assert ersetzt > 0
    assert gezeigt + ersetzt == _summe(a["Betrag"] for a in ansprueche)
    assert {r[0] for r in reihen} == {
        "Erstinformationsgespräch", "Dolmetschen Erstinformationsgespräch", "Integrationsgespräch",
        "Dolmetschen Integrationsgespräch", "Sockelbeitrag",
    }  # fmt: skip


def test_jeder_betrag_ist_anzahl_mal_ansatz_und_steht_als_formel() -> None:
    seite = mappe("Demo")["Ansprüche"]
    zeilen = tabelle("Demo", "Ansprüche")
    assert len(zeilen) > 400
    for nummer, a in enumerate(zeilen, 2):
        if a["Betrag"] is None:
            assert None in (a["Anzahl"], a["Ansatz"])
            continue
        assert seite.cell(nummer, 7).value == f"=ROUND(E{nummer}*F{nummer}*20,0)/20"
        assert Decimal(str(a["Betrag"])) == Decimal(a["Anzahl"]) * Decimal(str(a["Ansatz"]))


def test_die_einreichungen_gehen_mit_der_uebersicht_auf() -> None:
    gezaehlt = {(z["Formular"], z["Periode"]): z for z in tabelle("Demo", "Übersicht")}
    einreichungen = tabelle("Demo", "Einreichungen")
    assert set(gezaehlt) == {(e["Formular"], e["Periode"]) for e in einreichungen if e["Formular"]}
    for (form, periode), zeile in gezaehlt.items():
        for status in list(zeile)[3:]:
            soll = [e for e in einreichungen if (e["Formular"], e["Periode"], e["Status"]) == (form, periode, status)]
            assert zeile[status] == len(soll)


def test_der_kredit_eines_jahres_zaehlt_gespraeche_und_sockelbeitrag_dieses_jahres() -> None:
    ansprueche = tabelle("Demo", "Ansprüche")
    for zeile in tabelle("Demo", "Kredit"):
        for status in ("anerkannt", "zurückgestellt"):
            jahr = str(zeile["Jahr"])
            vom_jahr = [a for a in ansprueche if a["Periode"][:4] == jahr and a["Status"] in _gemeint(status)]
            assert Decimal(str(zeile[status])) == _summe(a["Betrag"] for a in vom_jahr)
        assert zeile["Rest"] == zeile["Kredit"] - zeile["anerkannt"]


def test_reporting_zeigt_je_gemeinde_und_periode_genau_die_geltende_fassung() -> None:
    zeilen = tabelle("Demo", "Reporting")
    schluessel = [(z["Periode"], z["BFS-Nr."]) for z in zeilen]
    assert schluessel == sorted(set(schluessel))
    ansprueche = tabelle("Demo", "Ansprüche")
    for z in zeilen:
        gezaehlt = sum(z[f"erst_{g}"] or 0 for g in ("einzelpersonen", "familien", "gruppen"))
        meine = [
            a["Anzahl"] for a in ansprueche
            if (a["Periode"], a["BFS-Nr."], a["Leistung"]) == (z["Periode"], z["BFS-Nr."], "Erstinformationsgespräch")
            and a["Status"] != "ersetzt"
        ]  # fmt: skip
        assert meine == ([gezaehlt] if gezaehlt and z["nullmeldung"] == "Nein" else [])


@pytest.mark.parametrize("name", MAPPEN)
def test_alle_formeln_sind_von_uns_und_kein_bezug_geht_hinaus(name: str) -> None:
    with zipfile.ZipFile(BytesIO(daten(name))) as archiv:
        namen = archiv.namelist()
        formeln = {f for n in namen if "worksheets/" in n for f in re.findall(r"<f>(.*?)</f>", archiv.read(n).decode())}
    assert not [n for n in namen if "externalLink" in n or "vba" in n.lower() or "connections" in n]
    spalte = r"'(?:Ansprüche|Buchungen|Kredit)'!\$[A-Z]\$2:\$[A-Z]\$\d+"
    bedingung = rf"{spalte},(?:\$A\d+|\"[\w ?*<>]+\")"
    summe = rf"SUMIFS\({spalte}(?:,{bedingung}){{1,2}}\)"
    muster = (
        r"ROUND\(E\d+\*F\d+\*20,0\)/20", r"B\d+-C\d+", r"SUM\([B-D]\d+:[B-D]\d+\)", rf"{summe}(\+{summe})*",
        rf"SUM\({spalte}\)", r'IF\(ROUND\(B\d+-C\d+,2\)=0,"geht auf","GEHT NICHT AUF"\)',
    )  # fmt: skip
    formeln = {html.unescape(f) for f in formeln}
    assert [f for f in formeln if not any(re.fullmatch(m, f) for m in muster)] == []


def test_ansprueche_buchungen_und_kredit_gehen_auf() -> None:
    """Both sides computed by Python here; LibreOffice computes the formulas in another test."""
    zeilen = {r[0]: r[1:4] for r in load_workbook(BytesIO(daten("Demo")), data_only=True)["Übersicht"].values if r[0]}
    bezahlt = [Decimal(str(a["bezahlt"] or 0)) for a in tabelle("Demo", "Ansprüche")]
    gebucht = [Decimal(str(b["Betrag"])) for b in tabelle("Demo", "Buchungen") if b["Leistung"]]
    assert sum(bezahlt) == sum(gebucht) > 0
    assert zeilen["Ansprüche, bezahlt = Buchungen der Läufe"] == (sum(bezahlt), sum(gebucht), "geht auf")
    anerkannt = sum(Decimal(str(k["anerkannt"])) for k in tabelle("Demo", "Kredit"))
    assert zeilen["Anerkannt = Kredit aller Jahre"] == (anerkannt, anerkannt, "geht auf")


def test_ein_leerer_master_ist_vollstaendig_und_zeigt_nullen() -> None:
    seite = mappe("leer", werte=True)["Übersicht"]
    ref = mappe("leer")["Übersicht"].tables["Beiträge"].ref
    assert [[z.value for z in r][1:] for r in seite[ref]][1:] == [[0, 0, 0]] * 5
    for blatt in ("Einreichungen", "Befunde", "Ansprüche", "Reporting", "Selbstdeklaration", "Kredit"):
        assert tabelle("leer", blatt) == []
    assert tabelle("leer", "Protokoll")[0] == {
        "Was": "Stichtag", "Wert": "10.09.2024", "Quelle": "Was später einging, ist nicht berücksichtigt.",
    }  # fmt: skip


# --- recalculated ----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", MAPPEN)
def test_neu_gerechnet_steht_in_jeder_formel_der_gespeicherte_wert(
    name: str, tmp_path: Path, verlange: Callable[[object, str], None]
) -> None:
    verlange(python_mit_uno(), "LibreOffice mit UNO fehlt")
    formeln = [
        (b.title, z.coordinate) for b in blaetter(name) for r in b.iter_rows() for z in r
        if z.data_type == "f"
    ]  # fmt: skip
    gespeichert = [mappe(name, werte=True)[b][z].value for b, z in formeln]
    assert len(formeln) > (400 if name == "Demo" else 15)
    pfad = tmp_path / "Master.xlsx"
    pfad.write_bytes(daten(name))
    with Buero(tmp_path / "profil") as buero:
        buero("oeffnen", str(pfad))
        assert buero("lesen", formeln) == gespeichert
        assert buero("fehler") == []
        buero("schreiben", [["Ansprüche", "E2", 1000], ["Ansprüche", "F2", 0.99]])  # else the test proves nothing
        if name == "Demo":
            assert buero("lesen", [["Ansprüche", "G2"]]) == [990]
