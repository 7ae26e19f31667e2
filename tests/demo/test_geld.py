"""Follow one franc: from the payment to the cell of a form and back, with files alone; and replay both runs.

The first half knows nothing of krs: it opens files as an accountant does (ZIP, CSV, XML, SHA-256).
"""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import Workbook, load_workbook

from ablage.hilfe import baum
from demo.hilfe import demo
from krs.ablage.eingangsjournal import Hand
from krs.ablage.ordner import Ablage
from krs.ablauf.laeufe import Auftrag, zahlungslauf

pytestmark = pytest.mark.xdist_group("soffice")  # one worker builds the demo once
LAEUFE = ("2024-03", "2024-09")
RAPPEN = Decimal("0.05")
ZELLEN = {
    "erst": ("erst_einzelpersonen", "erst_familien", "erst_gruppen"),
    "integ": ("integ_einzelpersonen", "integ_familien", "integ_gruppen"),
    "erst_dolmetsch": (
        "erst_dolmetsch_einzelpersonen", "erst_dolmetsch_familien", "erst_dolmetsch_gruppen",
    ),
    "integ_dolmetsch": (
        "integ_dolmetsch_einzelpersonen", "integ_dolmetsch_familien", "integ_dolmetsch_gruppen",
    ),
}  # fmt: skip
Zeile = dict[str, str]


@dataclass(frozen=True)
class Zahlung:
    """One transaction of pain001.xml."""

    lauf: str
    kennung: str
    betrag: Decimal
    iban: str
    name: str

    @property
    def bfs_nr(self) -> str:
        return self.kennung.rpartition("-")[2]


def tabelle(lauf: str, name: str) -> list[Zeile]:
    text = (demo()[0] / "Laeufe" / lauf / name).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=";"))


@cache
def zahlungen(lauf: str) -> tuple[Zahlung, ...]:
    wurzel = etree.parse(demo()[0] / "Laeufe" / lauf / "pain001.xml")

    def text(e: etree._Element, pfad: str) -> str:
        return str(e.findtext("/".join("{*}" + teil for teil in pfad.split("/"))))

    return tuple(
        Zahlung(
            lauf, text(e, "PmtId/EndToEndId"), Decimal(text(e, "Amt/InstdAmt")), text(e, "CdtrAcct/Id/IBAN"),
            text(e, "Cdtr/Nm"),
        )
        for e in wurzel.iterfind(".//{*}CdtTrfTxInf")
    )  # fmt: skip


@cache
def buchungen(lauf: str) -> dict[str, list[Zeile]]:
    je_gemeinde: dict[str, list[Zeile]] = defaultdict(list)
    for z in tabelle(lauf, "buchungen.csv"):
        je_gemeinde[z["bfs_nr"]].append(z)
    return je_gemeinde


@cache
def original(sha256: str) -> Workbook:
    """Return the archived form, after a look at its hash."""
    daten = (demo()[0] / "Archiv" / f"{sha256}.xlsx").read_bytes()
    assert hashlib.sha256(daten).hexdigest() == sha256
    return load_workbook(BytesIO(daten), data_only=True)


@cache
def stammdaten(lauf: str) -> Workbook:
    return load_workbook(demo()[0] / "Laeufe" / lauf / "Stammdaten.xlsx", data_only=True)


def summe_der_zellen(mappe: Workbook, zellen: str) -> int:
    """Return the sum of `Reporting!C21+C22+C23`, as a person reads the cells (a form has «1'2» as text)."""
    blatt, _, adressen = zellen.partition("!")
    werte = (mappe[blatt][a].value for a in adressen.split("+"))
    return sum(int(str(w).replace("'", "").strip()) for w in werte)


def frueher_gebucht(buchung: Zeile) -> Decimal:
    posten = ("anspruch_bfs_nr", "leistung", "periode")
    return sum(
        (
            Decimal(z["betrag"]) for lauf in LAEUFE if lauf < buchung["lauf"] for z in tabelle(lauf, "buchungen.csv")
            if z["leistung"] and all(z[k] == buchung[k] for k in posten)
        ),
        Decimal(0),
    )  # fmt: skip


def alle_zahlungen() -> Iterator[Zahlung]:
    for lauf in LAEUFE:
        yield from zahlungen(lauf)


# --- from the payment to the cell -----------------------------------------------------------
def test_jede_zahlung_hat_ihre_zeile_und_jede_zeile_mit_auszahlung_ihre_zahlung() -> None:
    for lauf in LAEUFE:
        zeilen = {f"KRS-{lauf}-{z['bfs_nr']}": Decimal(z["auszahlung"]) for z in tabelle(lauf, "zahlungen.csv")}
        assert {z.kennung: z.betrag for z in zahlungen(lauf)} == {k: b for k, b in zeilen.items() if b}
        assert len(zahlungen(lauf)) > 60


def test_jede_zahlung_geht_auf_das_konto_in_den_stammdaten_des_laufs() -> None:
    for lauf in LAEUFE:
        kopf, *zeilen = stammdaten(lauf)["Gemeinden"].iter_rows(values_only=True)
        bfs, iban = kopf.index("BFS-Nr."), kopf.index("IBAN")
        konten = {str(z[bfs]): str(z[iban]) for z in zeilen if z[bfs]}
        empfaenger = {z["bfs_nr"]: z["empfaenger_bfs_nr"] for z in tabelle(lauf, "zahlungen.csv")}
        for z in zahlungen(lauf):
            assert z.iban == konten[empfaenger[z.bfs_nr]]
    assert {empfaenger[m] for m in ("2614", "2615", "2616") if m in empfaenger} == {"2613"}  # their lead


def test_die_buchungen_jeder_zahlung_ergeben_ihren_betrag() -> None:
    for z in alle_zahlungen():
        eigene = buchungen(z.lauf)[z.bfs_nr]
        assert sum(Decimal(b["betrag"]) for b in eigene) == z.betrag


def test_jeder_franken_fuer_gespraeche_steht_in_den_zellen_eines_formulars() -> None:
    geprueft = 0
    for z in alle_zahlungen():
        for b in buchungen(z.lauf)[z.bfs_nr]:
            if b["leistung"] not in ZELLEN:
                continue
            mappe = original(b["sha256"])
            anzahl = summe_der_zellen(mappe, b["zellen"])
            # a decision may recognise fewer than declared
            if gekuerzt := re.match(r"gemeldet (\d+), anerkannt (\d+): ", b["grund"]):
                assert (anzahl, gekuerzt[2]) == (int(gekuerzt[1]), b["anzahl"])
                anzahl = int(gekuerzt[2])
            assert anzahl == int(b["anzahl"])
            assert anzahl * Decimal(b["ansatz"]) - frueher_gebucht(b) == Decimal(b["betrag"])
            kenn = {str(r[0]): str(r[1]) for r in mappe["_krs"].iter_rows(values_only=True, max_col=2)}
            assert (kenn["bfs_nr"], kenn["periode"]) == (b["anspruch_bfs_nr"], b["periode"])
            geprueft += 1
    assert geprueft > 250


def test_jeder_franken_sockelbeitrag_steht_im_auslaenderbestand_des_laufs() -> None:
    geprueft = 0
    for z in alle_zahlungen():
        for b in buchungen(z.lauf)[z.bfs_nr]:
            if b["leistung"] != "sockel":
                continue
            blatt, _, adressen = b["zellen"].partition("!")
            bestand = stammdaten(z.lauf)[blatt]
            anzahl = summe_der_zellen(stammdaten(z.lauf), b["zellen"])
            betrag = (anzahl * Decimal(b["ansatz"]) / RAPPEN).quantize(Decimal(1), ROUND_HALF_UP) * RAPPEN
            assert (anzahl, betrag) == (int(b["anzahl"]), Decimal(b["betrag"]))
            nummern = {str(bestand[f"A{a.lstrip('ABCDE')}"].value) for a in adressen.split("+")}
            assert b["anspruch_bfs_nr"] in nummern or len(nummern) > 1  # merged: those before
            geprueft += 1
    assert geprueft > 80


def test_jede_verrechnung_nennt_eine_rueckforderung_der_stammdaten() -> None:
    kopf, *zeilen = stammdaten("2024-09")["Rückforderungen"].iter_rows(values_only=True)
    betraege = {z[kopf.index("Nr.")]: Decimal(str(z[kopf.index("Betrag")])) for z in zeilen if z[0]}
    verrechnet = {b["rueckforderung"]: -Decimal(b["betrag"]) for b in tabelle("2024-09", "buchungen.csv")
                  if b["art"] == "Verrechnung"}  # fmt: skip
    assert betraege == {"R-2024-1": 1400, "R-2024-2": 9000}
    assert verrechnet == {"R-2024-1": 1400, "R-2024-2": 5640}  # all that Oensingen earned; the rest is invoiced
    (rechnung,) = [z for z in tabelle("2024-09", "zahlungen.csv") if Decimal(z["rechnung"])]
    assert (rechnung["gemeinde"], rechnung["auszahlung"], rechnung["rechnung"]) == ("Oensingen", "0.00", "3360.00")


def test_es_gibt_keine_andere_art_buchung_in_den_laeufen_der_demo() -> None:
    arten = {(b["art"], bool(b["leistung"])) for lauf in LAEUFE for b in tabelle(lauf, "buchungen.csv")}
    assert arten == {("Anspruch", True), ("Differenz", True), ("Verrechnung", False)}


# --- from the cell to the payment -----------------------------------------------------------
def test_von_jeder_bezahlten_zelle_fuehrt_ein_weg_zur_zahlung() -> None:
    """Begin in the archive: every form that a run names, every cell that its defined names show."""
    gefunden: dict[str, Decimal] = defaultdict(Decimal)
    for lauf in LAEUFE:
        kennungen = {z.bfs_nr: z.kennung for z in zahlungen(lauf)}
        je_zelle = {
            (b["sha256"], b["zellen"].partition("!")[0], a): b
            for b in tabelle(lauf, "buchungen.csv") if b["leistung"] in ZELLEN
            for a in b["zellen"].partition("!")[2].split("+")
        }  # fmt: skip
        for sha in sorted({b["sha256"] for b in je_zelle.values()}):
            mappe = original(sha)
            for leistung, felder in ZELLEN.items():
                orte = [next(iter(mappe.defined_names[f].destinations)) for f in felder]
                treffer = [je_zelle.get((sha, blatt, ort.replace("$", ""))) for blatt, ort in orte]
                assert len({t["buchung"] if t else "" for t in treffer}) == 1
                b = treffer[0]
                if b is None:
                    continue
                assert b["leistung"] == leistung
                if b["bfs_nr"] in kennungen:
                    gefunden[kennungen[b["bfs_nr"]]] += Decimal(b["betrag"])
        for b in tabelle(lauf, "buchungen.csv"):
            if b["leistung"] not in ZELLEN and b["bfs_nr"] in kennungen:
                gefunden[kennungen[b["bfs_nr"]]] += Decimal(b["betrag"])
    assert gefunden == {z.kennung: z.betrag for z in alle_zahlungen()}


# --- replay ---------------------------------------------------------------------------------
@pytest.mark.parametrize("lauf", LAEUFE)
def test_aus_archiv_und_stammdaten_des_laufs_entsteht_derselbe_lauf(lauf: str, tmp_path: Path) -> None:
    quelle, ziel = demo()[0], tmp_path / "Nachgerechnet"
    eigen = quelle / "Laeufe" / lauf
    ablage = Ablage.anlegen(ziel, (eigen / "Stammdaten.xlsx").read_bytes())
    shutil.copytree(quelle / "Archiv", ablage.archiv, dirs_exist_ok=True)
    for ordner in (quelle / "Vorlagen").iterdir():
        (ablage.vorlagen / ordner.name).mkdir()
    for frueher in (n for n in LAEUFE if n < lauf):
        shutil.copytree(quelle / "Laeufe" / frueher, ablage.laeufe / frueher)
    zeilen = (quelle / "Laeufe" / "protokoll.csv").read_bytes().splitlines(keepends=True)
    bis = next(n for n, z in enumerate(zeilen) if f";{lauf};".encode() in z)  # as it was before the run
    (ablage.laeufe / "protokoll.csv").write_bytes(b"".join(zeilen[:bis]))
    kopf = etree.parse(eigen / "pain001.xml").find(".//{*}ReqdExctnDt/{*}Dt")
    assert kopf is not None
    tag = date.fromisoformat(tabelle(lauf, "buchungen.csv")[0]["datum"])
    auftrag = Auftrag(
        lauf, tag, date.fromisoformat(str(kopf.text)), freigeben=True, visa=("MB", "RK"), hand=Hand(konto="demo")
    )
    zahlungslauf(ziel, auftrag, date(2034, 1, 1))
    neu = ablage.laeufe / lauf
    for datei in ("zahlungen.csv", "buchungen.csv", "pain001.xml"):
        assert (neu / datei).read_bytes() == (eigen / datei).read_bytes()
    assert [n for n, sha in baum(eigen).items() if baum(neu).get(n) != sha] == []
