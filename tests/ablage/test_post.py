"""An e-mail in Eingang/: which day it arrived and which attachments are submissions (entwurf 1, 6)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krs.ablage.post import HOECHSTE_GROESSE, Anhang, Mail, lies_mail
from krs.ablage.post.weg import Stempel, Weg

XLSX, XLS, PDF = b"PK\x03\x04 Mappe", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 alt", b"%PDF-1.7"
MAPPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def teil(kopf: str, daten: bytes) -> bytes:
    """Return one part in base64 with the header lines given."""
    return f"{kopf}\nContent-Transfer-Encoding: base64\n\n".encode() + base64.encodebytes(daten)


def mail(*teile: bytes, kopf: str = "Date: Wed, 31 Jul 2024 10:00:00 +0200") -> bytes:
    """Return an e-mail with a text and these parts."""
    text = b"Content-Type: text/plain\n\nGuten Tag\n"
    return (
        f"{kopf}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=zz\n\n".encode()
        + b"".join(b"--zz\n" + t + b"\n" for t in (text, *teile))
        + b"--zz--\n"
    )


def datei(name: str, daten: bytes, typ: str = "application/octet-stream") -> bytes:
    return teil(f'Content-Type: {typ}\nContent-Disposition: attachment; filename="{name}"', daten)


def namen(*teile: bytes) -> list[str]:
    return [a.name for a in lies_mail(mail(*teile)).anhaenge]


# --- day of receipt -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kopf", "tag"),
    [
        ("Date: Wed, 31 Jul 2024 10:00:00 +0200", date(2024, 7, 31)),
        ("Date: Wed, 31 Jul 2024 23:30:00 +0000", date(2024, 8, 1)),  # 01:30 in summer here
        ("Date: Wed, 31 Jul 2024 21:59:59 +0000", date(2024, 7, 31)),
        ("Date: Wed, 31 Jan 2024 22:59:59 -0000", date(2024, 1, 31)),  # winter: one hour
        ("Date: Wed, 31 Jan 2024 23:00:00 GMT", date(2024, 2, 1)),
        ("Date: Thu, 1 Aug 2024 05:00:00 +0900", date(2024, 7, 31)),
        (
            "Received: from a by b; Thu, 1 Aug 2024 00:10:00 +0200 (CEST)\n"
            "Date: Wed, 31 Jul 2024 10:00:00 +0200",
            date(2024, 8, 1),
        ),
        (
            "Received: from b by c;\n Thu, 1 Aug 2024 00:10:00 +0200\n"
            "Received: from a by b; Wed, 31 Jul 2024 23:50:00 +0200",
            date(2024, 8, 1),
        ),
        ("Received: from a by b; 31. Juli\nDate: Wed, 31 Jul 2024 10:00:00 +0200", date(2024, 7, 31)),
        ("Received: from a by b\nDate: Wed, 31 Jul 2024 10:00:00 +0200", date(2024, 7, 31)),
        ("Received: ; Wed, 31 Jul 1999 10:00:00 +0200\nDate: Wed, 31 Jul 2024 10:00:00 +0200", date(2024, 7, 31)),
        ("Received: ; Wed, 31 Feb 2024 10:00:00 +0200\nDate: Mon, 31 Jul 2101 10:00:00 +0200", None),
        ("Date: Wed, 31 Jul 2024 10:00:00 +9999", None),
        ("Date: Wed, 31 Jul 99999999999999999999 10:00:00 +0200", None),
        ("Date: Fri, 31 Dec 9999 23:00:00 -1400", None),
        ("Date:", None),
        ("Subject: ohne Datum", None),
    ],
)  # fmt: skip
def test_der_eingangstag_ist_der_schweizer_kalendertag_des_obersten_received_sonst_von_date(
    kopf: str, tag: date | None
) -> None:
    assert lies_mail(mail(datei("a.xlsx", XLSX), kopf=kopf)) == Mail(tag, (Anhang("a.xlsx", XLSX),))


# --- which attachments are submissions ------------------------------------------------------
def test_neben_einer_mappe_zaehlt_nur_die_mappe() -> None:
    beiwerk = [
        datei("Logo.png", b"\x89PNG", "image/png"),
        datei("Scan.pdf", PDF, "application/pdf"),
        datei("Termin.ics", b"BEGIN", "text/calendar"),
        datei("smime.p7s", b"0\x80", "application/pkcs7-signature"),
        datei("Brief.docx", b"PK\x03\x04 Brief"),
        datei("Original.msg", XLS),
    ]
    assert lies_mail(mail(*beiwerk, datei("Reporting.XLSX", XLSX))).anhaenge == (Anhang("Reporting.XLSX", XLSX),)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xlsm", "a.xls", "a.xlsb", "a.ods", "a.numbers", "a.csv", "A.Xlsx"])
def test_mappen_werden_an_der_endung_erkannt_auch_solche_die_wir_nicht_lesen(name: str) -> None:
    assert namen(datei("b.pdf", PDF), datei(name, b"x")) == [name]


def test_mappen_werden_auch_am_inhalt_erkannt() -> None:
    ohne_name = teil(f"Content-Type: {MAPPE}", XLSX)
    als_bild = teil("Content-Type: image/png", XLSX)
    assert namen(datei("b.pdf", PDF), ohne_name, als_bild, teil("Content-Type: application/x", XLS)) == [
        "Anhang 1.xlsx", "Anhang 2.xlsx", "Anhang 3.xls",
    ]  # fmt: skip
    assert namen(datei("Formulare.rar", XLSX), datei("Reporting", XLSX)) == ["Formulare.rar", "Reporting"]


def test_ohne_mappe_kommt_was_sonst_angehaengt_ist_damit_der_leser_es_benennt() -> None:
    assert namen(datei("Logo.png", b"x", "image/png"), datei("Scan.pdf", PDF)) == ["Scan.pdf"]
    assert namen(teil("Content-Type: application/pdf", PDF)) == ["Anhang 1.pdf"]
    assert namen(teil("Content-Type: application/ms-tnef", b"kein TNEF")) == ["winmail.dat"]
    assert namen(datei("Brief.docx", XLSX)) == ["Brief.docx"]


def test_bilder_unterschriften_und_termine_sind_keine_einreichung() -> None:
    beiwerk = (
        datei("Logo.png", b"x", "image/png"),
        datei("foto.JPG", b"x"),
        datei("smime.p7s", b"x"),
        teil("Content-Type: application/pgp-signature", b"x"),
        teil("Content-Type: text/calendar", b"x"),
        teil("Content-Type: text/html", b"<p>Guten Tag"),
    )
    assert lies_mail(mail(*beiwerk)) == Mail(date(2024, 7, 31), ())


def test_eine_mail_ohne_anhang_hat_keine_einreichung() -> None:
    assert lies_mail(b"Date: Wed, 31 Jul 2024 10:00:00 +0200\n\nGuten Tag\n") == Mail(date(2024, 7, 31), ())
    assert lies_mail(b"") == Mail(None, ())


# --- e-mails in e-mails ---------------------------------------------------------------------
INNEN = mail(datei("innen.xlsx", XLSX), kopf="Received: ; Mon, 1 Jul 2024 10:00:00 +0200")
DRAUSSEN = Mail(date(2024, 7, 31), (Anhang("innen.xlsx", XLSX),))
WEG, DATUM = Weg("", (Stempel("", date(2024, 7, 1)),)), Weg("", (Stempel("", date(2024, 7, 31)),))


@pytest.mark.parametrize(
    ("huelle", "wege"),
    [
        (b"Content-Type: message/rfc822\n\n" + INNEN.replace(b"zz", b"yy"), (WEG,)),
        (teil("Content-Type: message/rfc822", INNEN), (WEG,)),
        (datei("Weiterleitung.eml", INNEN), (WEG,)),
        (datei("W.eml", mail(datei("W.eml", mail(datei("W.eml", INNEN))))), (DATUM, DATUM, WEG)),
    ],
    ids=["rfc822", "base64", "eml", "mehrfach"],
)
def test_weitergeleitete_mails_werden_geoeffnet_mit_dem_tag_der_aeusseren_und_ihrem_weg(
    huelle: bytes, wege: tuple[Weg, ...]
) -> None:
    assert lies_mail(mail(huelle)) == replace(DRAUSSEN, anhaenge=(replace(DRAUSSEN.anhaenge[0], wege=wege),))


def test_zwanzig_mails_ineinander_werden_gelesen() -> None:
    innen = INNEN
    for _ in range(20):
        innen = b"Content-Type: message/rfc822\n\n" + innen
    assert lies_mail(mail(innen)) == DRAUSSEN


def test_die_mappe_innen_zaehlt_vor_dem_pdf_aussen() -> None:
    assert namen(datei("Scan.pdf", PDF), b"Content-Type: message/rfc822\n\n" + INNEN) == ["innen.xlsx"]


# --- names ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kopf", "name"),
    [
        ("filename*=utf-8''H%C3%A4rkingen.xlsx", "Härkingen.xlsx"),
        ("filename*=iso-8859-1'de'H%E4rkingen.xlsx", "Härkingen.xlsx"),
        ("filename*0*=utf-8''H%C3%A4r;\n filename*1*=kingen.xl;\n filename*2=sx", "Härkingen.xlsx"),
        ('filename="=?utf-8?Q?H=C3=A4rkingen?=\n =?utf-8?Q?_2024.xlsx?="', "Härkingen 2024.xlsx"),
        ('filename="=?iso-8859-1?B?SORya2luZ2VuLnhsc3g=?="', "Härkingen.xlsx"),
        ('filename="=?gibtesnicht?Q?a?=.xlsx"', "=?gibtesnicht?Q?a?=.xlsx"),
        ("filename*=gibtesnicht''a.xlsx", "a.xlsx"),
        ("filename*=u\0tf''a.xlsx", "Anhang 1.xlsx"),
        ('filename="Härkingen.xlsx"', "Härkingen.xlsx"),  # not encoded at all
        ('filename="Ha\u0308rkingen.xlsx"', "Härkingen.xlsx"),  # as macOS writes it
        ('filename="../../etc/Olten.xlsx"', "Olten.xlsx"),
        ('filename="C:\\\\Daten\\\\Olten.xlsx"', "Olten.xlsx"),
        ("filename*=utf-8''Olten%0D%0AX%3A%20y%00.xlsx", "Olten X: y�.xlsx"),
        ("filename*=utf-8''Olten%E2%80%AExslx.xlsx", "Olten�xslx.xlsx"),  # would be shown from right to left
        ('filename=" Olten.xlsx. "', "Olten.xlsx"),
        ('filename=".."', "Anhang 1.xlsx"),
        ('filename=""', "Anhang 1.xlsx"),
        ("", "Anhang 1.xlsx"),
        (f'filename="{"a" * 300}.xlsx"', "a" * 115 + ".xlsx"),
        (f'filename="a.{"x" * 300}"', "a." + "x" * 118),
    ],
)
def test_namen_sind_lesbar_einzeilig_und_ohne_pfad(kopf: str, name: str) -> None:
    ganz = f"Content-Type: application/octet-stream\nContent-Disposition: attachment; {kopf}"
    assert namen(teil(ganz, XLSX)) == [name]


def test_der_name_darf_auch_beim_typ_stehen() -> None:
    assert namen(teil('Content-Type: application/octet-stream; name="Olten.xlsx"', b"x")) == ["Olten.xlsx"]


def test_gleiche_namen_werden_gezaehlt() -> None:
    anhaenge = ("a.xlsx", "A.xlsx", "a (2).xlsx", "a.xlsx")
    assert namen(*(datei(n, XLSX) for n in anhaenge)) == ["a.xlsx", "A (2).xlsx", "a (2) (2).xlsx", "a (3).xlsx"]


# --- hostile and broken ---------------------------------------------------------------------
def test_eine_zu_grosse_mail_wird_nicht_ausgepackt_und_sagt_es() -> None:
    kopf = b"Date: Wed, 31 Jul 2024 10:00:00 +0200\n\n"
    genau = kopf + b"a" * (HOECHSTE_GROESSE - len(kopf))
    assert lies_mail(genau) == Mail(date(2024, 7, 31), ())
    assert lies_mail(genau + b"a") == Mail(date(2024, 7, 31), (), "über 40 MB")


def test_hoechstens_zweihundert_anhaenge_der_rest_wird_genannt() -> None:
    assert lies_mail(mail(*[datei("a.xlsx", XLSX)] * 200)).grund == ""
    gelesen = lies_mail(mail(*[datei("a.xlsx", XLSX)] * 10_000))
    assert gelesen.grund == "mehr als 200 Anhänge"
    assert [a.name for a in gelesen.anhaenge] == ["a.xlsx", *(f"a ({n}).xlsx" for n in range(2, 201))]


def geschachtelt(tiefe: int, rumpf: bytes) -> bytes:
    koepfe = (b"Content-Type: multipart/mixed; boundary=g%d\n\n--g%d\n" % (n, n) for n in range(tiefe))
    return b"".join(koepfe) + rumpf


@pytest.mark.parametrize(
    ("daten", "grund"),
    [
        (geschachtelt(100, teil("Content-Type: application/x", XLSX)), ""),
        (geschachtelt(3000, b"x"), "zu tief verschachtelt"),
        (geschachtelt(100, b"\n" * 1_000_000), "zu tief verschachtelt"),
        (b"Content-Type: message/rfc822\n\n" * 5000, "zu tief verschachtelt"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 30_000, "zu viele Teile"),
        (b"\n" * 10 + b"a\n" * 2_000_001, "zu viele Teile"),
    ],
    ids=["100", "3000", "Zeilen", "rfc822", "Teile", "nur Zeilen"],
)
def test_was_kein_mailprogramm_so_baut_wird_nicht_ausgepackt(daten: bytes, grund: str) -> None:
    gelesen = lies_mail(daten)
    assert gelesen.grund == grund
    assert [a.name for a in gelesen.anhaenge] == ([] if grund else ["Anhang 1.xlsx"])


@pytest.mark.parametrize(
    "daten",
    [
        b"Content-Type: multipart/mixed\n\n--zz\nContent-Type: application/pdf\n\nx\n--zz--\n",
        b"Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\nx\n",
        b"Content-Type: multipart/mixed; boundary=zz\n\nkein Teil\n",
        b"Content-Type: multipart/mixed; boundary=zz\nContent-Transfer-Encoding: base64\n\n--zz\n\nx\n",
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n",
        b"Content-Type: text/plain; charset=\"gibtesnicht\"\n\n\xff\xfe\n",
        b"Content-Type: " + b";a" * 500_000 + b"\n\nx",
        b"Content-Disposition: " + b"(" * 100_000 + b"\n\nx",
        b"From: a@b\r\nSubject: x\r\n\r\n" + bytes(range(256)),
        b"\0" * 1000, b"\xef\xbb\xbf\n\n\n: \n:\n", b"From x\nFrom y\n\n",
    ],
)  # fmt: skip
def test_eine_kaputte_mail_haelt_niemanden_auf(daten: bytes) -> None:
    assert lies_mail(daten) == Mail(None, ())


def test_kaputtes_base64_ist_eine_datei_wie_jede_andere() -> None:
    kopf = b"Content-Type: application/x; name=a.xlsx\nContent-Transfer-Encoding:  BASE64 \n\n"
    assert lies_mail(mail(kopf + b"UEsDB!!?BA===\nQ")).anhaenge[0].name == "a.xlsx"
    assert lies_mail(mail(kopf + b"UEsDBA==\n")).anhaenge == (Anhang("a.xlsx", b"PK\x03\x04"),)


def keine_huelle(daten: bytes) -> bool:
    """Return False for what is opened, whatever it is called: test_umschlaege.py."""
    return not daten.lstrip().startswith((b"PK", b"\x78\x9f\x3e\x22", b"\xd0\xcf", b"-----BEGIN PGP"))


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.text(max_size=40), st.binary(max_size=60).filter(keine_huelle)), max_size=4), st.data())
def test_was_ein_mailprogramm_anhaengt_kommt_byte_fuer_byte_an_und_ein_schnitt_schadet_nicht(
    dateien: Sequence[tuple[str, bytes]], data: st.DataObject
) -> None:
    nachricht = EmailMessage()
    nachricht.set_content("Guten Tag")
    for n, (_, inhalt) in enumerate(dateien):
        nachricht.add_attachment(inhalt, maintype="application", subtype="x", filename=f"a{n}.xlsx")
    roh = nachricht.as_bytes()
    erwartet = tuple(Anhang(f"a{n}.xlsx", inhalt) for n, (_, inhalt) in enumerate(dateien))
    assert lies_mail(roh) == Mail(None, erwartet)
    von = data.draw(st.integers(0, len(roh)))
    gestoert = roh[:von] + data.draw(st.binary(max_size=20)) + roh[von + data.draw(st.integers(0, 40)) :]
    assert all(a.name.isprintable() for a in lies_mail(gestoert).anhaenge)
    kopf = b"".join(
        b'--zz\nContent-Disposition: attachment; filename="'
        + name.encode("utf-8", "replace")
        + b'"\n\n'
        + inhalt
        + b"\n"
        for name, inhalt in dateien
    )
    fremd = lies_mail(b"Content-Type: multipart/mixed; boundary=zz\n\n" + kopf)
    assert len({a.name.casefold() for a in fremd.anhaenge}) == len(fremd.anhaenge)
