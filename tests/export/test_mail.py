"""Drafts of e-mails: what Outlook opens, byte for byte the same (entwurf 1)."""

from __future__ import annotations

from collections.abc import Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krs.ablage.post import Anhang, Mail, lies_mail
from krs.export.mail import einzeilig, entwurf

AN = ["anna@gemeinde.example"]
TEXT = "Grüezi\n\nDies ist ein Absatz, der länger ist als eine Zeile einer E-Mail sein darf.\n.\n"


def gelesen(daten: bytes) -> EmailMessage:
    """Return the draft as the standard library reads it; it finds nothing wrong."""
    nachricht = message_from_bytes(daten, policy=default)
    assert isinstance(nachricht, EmailMessage)
    assert [d for teil in nachricht.walk() for d in teil.defects] == []
    return nachricht


def test_ein_entwurf_ohne_anhang_zeichen_fuer_zeichen() -> None:
    erwartet = (
        "X-Unsent: 1\r\n"
        "To: anna@gemeinde.example,\r\n"
        " =?utf-8?B?TcO8bGxlciBCZWF0?=\r\n"
        " <beat@gemeinde.example>,\r\n"
        ' "Thal, Fachstelle"\r\n'
        " <thal@gemeinde.example>\r\n"
        "Subject: Mahnung\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: text/plain; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "Gr=C3=BCezi\r\n"
        "\r\n"
        "Dies ist ein Absatz, der l=C3=A4nger ist als eine Zeile einer E-Mail sein d=\r\n"
        "arf.\r\n"
        "=2E\r\n"
    )
    an = [*AN, "Müller Beat <beat@gemeinde.example>", "Thal, Fachstelle <thal@gemeinde.example>"]
    assert entwurf(an, "Mahnung", TEXT).decode() == erwartet


def test_anhaenge_haben_typ_und_namen_und_kommen_unveraendert_an() -> None:
    dateien = [
        ("Anhang_2_2024-H1_2402_Härkingen.xlsx", b"PK\x03\x04" + bytes(range(256))),
        ("Rückmeldung zum Formular der Gemeinde Lüterswil-Gächliwil, 1. Halbjahr 2024.PDF", b"%PDF"),
        ("Begleitbrief.txt", b""),
    ]
    daten = entwurf(AN, "Rückmeldung", TEXT, dateien)
    anhaenge = list(gelesen(daten).iter_attachments())
    assert [(a.get_content_type(), a.get_filename(), a.get_payload(decode=True)) for a in anhaenge] == [
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", *dateien[0]),
        ("application/pdf", *dateien[1]),
        ("application/octet-stream", *dateien[2]),
    ]
    assert lies_mail(daten) == Mail(None, (Anhang(*dateien[0]),), daneben=tuple(n for n, _ in dateien[1:]))
    assert lies_mail(entwurf(AN, "", "", dateien[1:])) == Mail(None, tuple(Anhang(*d) for d in dateien[1:]))


def test_dasselbe_gibt_dieselben_bytes_und_die_grenze_haengt_am_inhalt() -> None:
    eins, nochmals, anders = (entwurf(AN, "B", TEXT, [("a.xlsx", i)]) for i in (b"1", b"1", b"2"))
    assert eins == nochmals
    assert gelesen(eins).get_boundary() != gelesen(anders).get_boundary()
    assert [k for k in gelesen(eins) if k in ("Date", "Message-ID", "From")] == []


@pytest.mark.parametrize(
    "boese",
    ["Mahnung\r\nBcc: alle@gemeinde.example", "Mahnung\nBcc: x", "Mahnung\rBcc: x", "Mahnung\x0bBcc: x\x85\u2028\x00"],
)
def test_niemand_schiebt_eine_kopfzeile_ein(boese: str) -> None:
    daten = entwurf([f"{boese} <anna@gemeinde.example>", boese], boese, "", [(boese + ".xlsx", b"x")])
    nachricht = gelesen(daten)
    assert nachricht.keys() == ["X-Unsent", "To", "Subject", "MIME-Version", "Content-Type"]
    assert nachricht["Subject"] == einzeilig(boese)
    assert [a.addr_spec for a in nachricht["To"].addresses] == ["anna@gemeinde.example"]
    assert [a.display_name for a in nachricht["To"].addresses] == [einzeilig(boese)]


@pytest.mark.parametrize(
    "adresse",
    [
        "", "anna", "anna@", "@gemeinde.example", "anna@gemeinde", "anna@@gemeinde.example", "an na@gemeinde.example",
        "anna.@gemeinde.example", "an..na@gemeinde.example", "ännä@gemeinde.example", "anna@-gemeinde.example",
        "anna@gemeinde..example", "anna@gemeinde.example, beat@gemeinde.example", "<anna@gemeinde.example",
        "anna@gemeinde.example>", f"{'a' * 250}@gemeinde.example", '"anna x"@gemeinde.example', "anna@[127.0.0.1]",
        f"anna@{'a' * 64}.example", "\ud800@gemeinde.example", "anna@\ud800.example",
    ],
)  # fmt: skip
def test_eine_ungueltige_adresse_bleibt_weg_der_entwurf_entsteht_trotzdem(adresse: str) -> None:
    assert entwurf([adresse], "B", "T") == entwurf([], "B", "T")
    assert b"To:" not in entwurf([adresse], "B", "T")


@pytest.mark.parametrize(
    ("adresse", "name", "adresse_"),
    [
        ("Anna@Gemeinde.example", "", "Anna@gemeinde.example"),
        ("  anna@gemeinde.example ", "", "anna@gemeinde.example"),
        ("anna+mahnung_1@x-y.gemeinde.example", "", "anna+mahnung_1@x-y.gemeinde.example"),
        ("<anna@gemeinde.example>", "", "anna@gemeinde.example"),
        ('"Muster, Anna" <anna@gemeinde.example>', "Muster, Anna", "anna@gemeinde.example"),
        ('An "die" \\ Anna <anna@gemeinde.example>', 'An "die" \\ Anna', "anna@gemeinde.example"),
        ("anna@gänsbrunnen.example", "", "anna@xn--gnsbrunnen-q5a.example"),
    ],
)
def test_eine_gueltige_adresse_steht_im_entwurf(adresse: str, name: str, adresse_: str) -> None:
    (einzige,) = gelesen(entwurf([adresse], "B", "T"))["To"].addresses
    assert (einzige.display_name, einzige.addr_spec.replace("Gemeinde", "gemeinde")) == (name, adresse_)


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=150), st.text(max_size=60), st.text(max_size=200), st.lists(st.binary(max_size=90), max_size=3))
def test_was_auch_immer_darin_steht_kommt_an_und_keine_zeile_ist_zu_lang(
    betreff: str, name: str, text: str, inhalte: Sequence[bytes]
) -> None:
    dateien = [(f"{n} {name}.xlsx", inhalt) for n, inhalt in enumerate(inhalte)]
    daten = entwurf([f"{name} <anna@gemeinde.example>"], betreff, text, dateien)
    nachricht = gelesen(daten)
    zeilen = daten.split(b"\r\n")
    assert b"\n" not in b"".join(zeilen)
    assert b"\r" not in b"".join(zeilen)
    assert max(map(len, zeilen)) <= 140
    assert nachricht["Subject"] == einzeilig(betreff)
    anhaenge = list(nachricht.iter_attachments())
    assert [(a.get_filename(), a.get_payload(decode=True)) for a in anhaenge] == [
        (einzeilig(n), inhalt) for n, inhalt in dateien
    ]
    rumpf = nachricht.get_body()
    assert rumpf is not None
    ohne = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    assert rumpf.get_payload(decode=True).decode().replace("\r\n", "\n").rstrip("\n") == ohne  # type: ignore[union-attr]
    if not any(b"-----BEGIN PGP MESSAGE" in i for i in inhalte):  # what is encrypted is no attachment to read
        assert [a.daten for a in lies_mail(daten).anhaenge] == list(inhalte)
