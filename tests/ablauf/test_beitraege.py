"""Anhang 1 as the folder shows it: workbook, PDF, drafts; nothing of a person is lost (Ziff. 4.5.3)."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from shutil import which
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from ablage.hilfe import GEMEINDEN, baum, stammdaten
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf import beitraege
from krs.ablauf.beitraege import Anhang1Ergebnis, anhang1, bezahlt
from krs.export import pdf
from krs.lauf.buchung import Art, Buchung, Journal, Posten
from krs.recht import Leistung
from krs.schreiben.anhang1 import Bezahlt

MAILS = [
    "Anhang_1h_2024_2401_Egerkingen.eml",
    "Anhang_1h_2024_2402_Haerkingen.eml",
    "Anhang_1h_2024_2403_Kestenholz.eml",
]
STELLE: dict[str, object] = {"koordinationsstelle": "Fachstelle", "email_koordination": "stelle@gaeu.example"}
ALLE_DREI = {**STELLE, "email_praesidium": "praesidium@gaeu.example", "email_finanzen": "Stelle@gaeu.example"}
OHNE_PDF = (
    "Es gibt kein PDF: LibreOffice (soffice) fehlt auf diesem Rechner oder konnte die Mappe nicht umwandeln. "
    "Speichern Sie die Mappe in Excel als PDF, wenn Sie eines brauchen."
)


def schreibe_gemeinden(ablage: Ablage, **stellen: dict[str, object]) -> None:
    """Write Stammdaten in which `b2402={…}` gives a municipality more columns."""
    zeilen = [
        {"bfs_nr": b, "name": n, "beteiligt_ab": date(2018, 1, 1)} | stellen.get(f"b{b}", {})
        for b, n in GEMEINDEN.items()
    ]
    ablage.stammdaten.write_bytes(stammdaten(Gemeinden=zeilen))


def laufen(ablage: Ablage, jahr: int = 2024, mit_pdf: bool = False) -> Anhang1Ergebnis:
    return anhang1(ablage.pfad, jahr, mit_pdf)


def mail(ablage: Ablage, name: str) -> EmailMessage:
    roh = (ablage.pfad / "Anhang 1/2024/Mails" / name).read_bytes()
    nachricht = email.message_from_bytes(roh, policy=email.policy.default)
    assert isinstance(nachricht, EmailMessage)
    return nachricht


def buchung(bfs: int, leistung: Leistung, periode: str, betrag: int, anzahl: int, art: Art = Art.ANSPRUCH) -> Buchung:
    p = Posten(bfs, leistung, periode)
    tag = date(2024, 9, 30)
    return Buchung(f"x/{p}", "2024-09", tag, art, bfs, "", bfs, Decimal(betrag), p, anzahl, Decimal(200))


def test_es_entstehen_die_mappe_des_jahres_und_ein_entwurf_je_gemeinde(ablage: Ablage) -> None:
    e = laufen(ablage)
    ordner = ablage.pfad / "Anhang 1/2024"
    assert (e.mappe, e.pdf, e.entwuerfe) == (ordner / "Anhang_1h_2024.xlsx", None, 3)
    assert sorted(baum(ordner)) == ["Anhang_1h_2024.xlsx", *(f"Mails/{m}" for m in MAILS), "index.csv"]
    assert load_workbook(e.mappe, data_only=True)["Bezirke"]["E5"].value == (101 + 102 + 103) * 7


def test_die_mail_geht_an_alle_drei_stellen_jede_einmal_und_bringt_den_anhang(ablage: Ablage) -> None:
    schreibe_gemeinden(ablage, b2402=ALLE_DREI, b2403=STELLE)
    e = laufen(ablage)
    m = mail(ablage, MAILS[1])
    assert (m["To"], m["X-Unsent"]) == ("stelle@gaeu.example, praesidium@gaeu.example", "1")
    assert m["Subject"] == "start.integration: Beiträge 2024, Härkingen (Anhang 1h)"
    text, anhang = m.iter_parts()
    assert "Sockelbeitrag 2024: 102 Personen × Fr. 7.00 (gültig ab 01.01.2024) = Fr. 714.00" in text.get_content()
    assert "Kanton Solothurn, Amt für Gesellschaft und Soziales\r\nstart.integration" in text.get_content()
    assert (anhang.get_filename(), anhang.get_content()) == ("Anhang_1h_2024.xlsx", e.mappe.read_bytes())
    # The same Koordinationsstelle answers for Kestenholz, which gets its own letter.
    assert mail(ablage, MAILS[2])["To"] == "stelle@gaeu.example"
    assert "Kestenholz" in mail(ablage, MAILS[2])["Subject"]


def test_ohne_adresse_bleibt_der_entwurf_und_das_ergebnis_nennt_die_gemeinde(ablage: Ablage) -> None:
    schreibe_gemeinden(ablage, b2402=ALLE_DREI, b2403=STELLE)
    e = laufen(ablage)
    assert mail(ablage, MAILS[0])["To"] is None
    assert e.ohne_adresse == ("Egerkingen",)
    assert e.saetze == (
        "E-Mail Koordinationsstelle fehlt (Stammdaten, Blatt Gemeinden): Egerkingen.",
        "E-Mail Präsidium fehlt (Stammdaten, Blatt Gemeinden): Egerkingen, Kestenholz.",
        "E-Mail Finanzverwaltung fehlt (Stammdaten, Blatt Gemeinden): Egerkingen, Kestenholz.",
    )


def test_zweimal_dasselbe_aendert_keine_datei(ablage: Ablage) -> None:
    laufen(ablage)
    vorher = {p: p.stat().st_mtime_ns for p in (ablage.pfad / "Anhang 1").rglob("*") if p.is_file()}
    laufen(ablage)
    assert {p: p.stat().st_mtime_ns for p in vorher} == vorher


def test_was_jemand_von_hand_geaendert_hat_bleibt(ablage: Ablage) -> None:
    e = laufen(ablage)
    e.mappe.write_bytes(b"von Hand")
    neu = laufen(ablage)
    assert e.mappe.read_bytes() == b"von Hand"
    assert "«Anhang_1h_2024.xlsx» wurde von Hand geändert und bleibt, wie es ist." in neu.saetze


def test_fehlt_ein_bestand_ist_der_anhang_da_und_das_ergebnis_sagt_dass_er_unvollstaendig_ist(ablage: Ablage) -> None:
    e = laufen(ablage, 2023)
    assert e.mappe.name == "Anhang_1g_2023.xlsx"
    assert e.saetze[0].startswith("Unvollständig: Der Ausländerbestand fehlt oder ist unklar bei 3 Gemeinden.")


def test_ab_2025_wird_ohne_tarif_nichts_geschrieben(ablage: Ablage) -> None:
    vorher = baum(ablage.pfad)
    with pytest.raises(ValueError, match="Der Anhang 1 für 2025 kann nicht erstellt werden") as fehler:
        laufen(ablage, 2025)
    assert "erfassen Sie ihn mit Quelle in den Stammdaten, Blatt Tarife (Ziff. 4.1.2, 4.3.3)." in str(fehler.value)
    assert baum(ablage.pfad) == vorher


def test_ist_niemand_beteiligt_sagt_ein_satz_was_zu_tun_ist(ablage: Ablage) -> None:
    with pytest.raises(AblageFehler) as fehler:
        laufen(ablage, 2017)
    assert str(fehler.value) == (
        "In 2017 ist keine Gemeinde beteiligt. Tragen Sie in den Stammdaten, Blatt Gemeinden, «beteiligt ab» ein."
    )


# --- what was paid --------------------------------------------------------------------------
def test_bezahlt_ist_was_die_laeufe_fuer_das_leistungsjahr_gebucht_haben() -> None:
    erst, sockel = Leistung.ERST, Leistung.SOCKEL
    journal = Journal(
        (
            buchung(2401, erst, "2024-H1", 2000, 10),
            buchung(2401, erst, "2024-H1", -200, 9, Art.DIFFERENZ),  # corrected to 9 talks
            buchung(2401, Leistung.ERST_DOLMETSCH, "2024-H2", 160, 1),
            buchung(2401, erst, "2023-H2", 4000, 20),  # another year of service
            buchung(2401, sockel, "2024", 700, 100),
            buchung(2402, erst, "2024-H2", 1000, 5),
        )
    )
    assert bezahlt(journal, 2024) == {
        2401: Bezahlt(Decimal("1960.00"), {erst: 9, Leistung.ERST_DOLMETSCH: 1}),
        2402: Bezahlt(Decimal("1000.00"), {erst: 5}),
    }
    assert bezahlt(Journal(), 2024) == {}


def test_was_bezahlt_ist_steht_im_anhang_und_im_brief_der_gemeinde(
    ablage: Ablage, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal((buchung(2401, Leistung.ERST, "2024-H1", 2000, 10),))
    monkeypatch.setattr("krs.ablauf.beitraege.Laeufe", lambda _: SimpleNamespace(journal=journal))
    e = laufen(ablage)
    gemeinden = load_workbook(e.mappe, data_only=True)["Gemeinden"]
    assert [gemeinden[f"K{z}"].value for z in range(5, 9)] == [2000, 0, 0, 2000]
    text = next(iter(mail(ablage, MAILS[0]).iter_parts())).get_content()
    assert "Bisher haben wir für Gespräche und Dolmetschen des Jahres 2024 Fr. 2'000.00 abgerechnet." in text


# --- PDF ------------------------------------------------------------------------------------
def test_ohne_libreoffice_fehlt_nur_das_pdf_und_ein_satz_sagt_es(
    ablage: Ablage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)
    e = laufen(ablage, mit_pdf=True)
    assert (e.pdf, e.saetze[-1], e.mappe.exists()) == (None, OHNE_PDF, True)
    assert OHNE_PDF not in laufen(ablage).saetze  # not asked for


def test_ein_pdf_derselben_mappe_wird_nicht_neu_gemacht_eines_einer_frueheren_kommt_weg(
    ablage: Ablage, monkeypatch: pytest.MonkeyPatch
) -> None:
    gemacht: list[bytes] = []

    def machen(xlsx: bytes) -> bytes:
        gemacht.append(xlsx)
        return b"%PDF-1.6" + pdf.marke(xlsx)

    monkeypatch.setattr(beitraege, "als_pdf", machen)
    e = laufen(ablage, mit_pdf=True)
    assert laufen(ablage, mit_pdf=True).pdf == e.pdf == ablage.pfad / "Anhang 1/2024/Anhang_1h_2024.pdf"
    assert gemacht == [e.mappe.read_bytes()]
    assert laufen(ablage).pdf == e.pdf  # it is there already
    schreibe_gemeinden(ablage, b2402={"bezirk": "Gäu"})
    assert laufen(ablage).pdf is None
    assert not (ablage.pfad / "Anhang 1/2024/Anhang_1h_2024.pdf").exists()


def test_ein_pdf_mit_anmerkungen_bleibt(ablage: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beitraege, "als_pdf", lambda xlsx: b"%PDF-1.6" + pdf.marke(xlsx))
    ziel = laufen(ablage, mit_pdf=True).pdf
    assert ziel is not None
    ziel.write_bytes(ziel.read_bytes() + b"Anmerkung\n%%EOF\n")
    e = laufen(ablage, mit_pdf=True)
    assert ziel.read_bytes().endswith(b"Anmerkung\n%%EOF\n")
    assert "«Anhang_1h_2024.pdf» wurde von Hand geändert und bleibt, wie es ist." in e.saetze


def programm(ordner: Path, text: str) -> str:
    pfad = ordner / "soffice"
    pfad.write_text(f"#!/bin/sh\n{text}\n")
    pfad.chmod(0o755)
    return str(pfad)


@pytest.mark.skipif("sys.platform == 'win32'")
@pytest.mark.parametrize(
    "text", ["exit 3", "exit 0", "sleep 60 & sleep 60"], ids=["scheitert", "schreibt nichts", "hängt"]
)
def test_ein_libreoffice_das_nichts_liefert_gibt_kein_pdf(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ersatz = programm(tmp_path, text)
    monkeypatch.setattr(pdf.shutil, "which", lambda _: ersatz)
    assert pdf.als_pdf(b"x", 0.3) is None


@pytest.mark.xdist_group("soffice")
def test_libreoffice_macht_aus_der_mappe_ein_pdf_das_sie_nennt(
    ablage: Ablage, verlange: Callable[[object, str], None]
) -> None:
    verlange(which("soffice"), "soffice fehlt")
    e = laufen(ablage, mit_pdf=True)
    assert e.pdf is not None
    daten = e.pdf.read_bytes()
    assert daten.startswith(b"%PDF-")
    assert pdf.gehoert_zu(daten, e.mappe.read_bytes())
    assert not pdf.gehoert_zu(daten, BytesIO(b"andere").read())
    assert pdf.als_pdf(e.mappe.read_bytes()) is not None
