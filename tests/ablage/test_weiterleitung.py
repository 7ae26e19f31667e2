"""Forwarded mails: the day on which a named server of the canton took the inner one counts (Entscheid 47)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ablage import outlook
from ablage.hilfe import STICHTAG, ausgefuellt, einwerfen, stammdaten
from ablage.test_eingang import befunde, eingaenge
from ablage.test_post import datei, mail, teil
from ablage.test_umschlaege import zip_
from krs import ablauf
from krs.ablage.archiv import Archiv
from krs.ablage.eingangsjournal import Eingangsjournal
from krs.ablage.ordner import Ablage, schreibe
from krs.urteil.urteil import Urteil

AUSSEN = "From: Amt <kollegin@SO.example>\nReceived: from x by mail.so.example; Fri, 2 Aug 2024 09:00:00 +0200"
INNEN = (
    "Received: from gemeinde.example (x [10.0.0.1]) by MX1.so.example with ESMTPS; Tue, 30 Jul 2024 10:00:00 +0200\n"
    "To: Kollegin <Kollegin@so.example>\nDate: Tue, 30 Jul 2024 09:59:00 +0200"
)
ZAEHLT = (
    "Die Datei hängt an einer E-Mail in der Sendung: am 30.07.2024 an kollegin@so.example (laut Server "
    "«mx1.so.example»), weitergeleitet am 02.08.2024. Es zählt der 30.07.2024, weil dieser Server in den Einstellungen "
    "steht (Mailserver). Wer weiterleitet, könnte diese Angabe ändern: Vergleichen Sie im Zweifel mit der E-Mail beim "
    "ersten Empfänger. (Ziff. 5.2, E-27)"
)
ZAEHLT_NICHT = (
    "Es zählt der 02.08.2024, weil kein Mailserver aus den Einstellungen den früheren Tag bestätigt. Ist der Server "
    "einer des Kantons, tragen Sie ihn dort ein (Mailserver); sonst entscheiden Sie über die Verspätung im Blatt "
    "Entscheide. (Ziff. 5.2, E-27)"
)
DATUM = (
    "Die Datei hängt an einer E-Mail in der Sendung: am 30.07.2024 (laut ihrem Absender), im Eingang am 02.08.2024. "
    "Es zählt der 02.08.2024, weil die E-Mail keinen Empfang nennt (Received) und ihr Datum jede Person schreiben kann."
    " Ging sie früher ein, legen Sie sie in den Ordner jenes Tages (Eingang/JJJJ-MM-TT). (Ziff. 5.2, E-27)"
)


FREMD = (
    "Die Datei hängt an einer E-Mail in der Sendung: am 30.07.2024 an kollegin@so.example (laut Server "
    "«mx1.so.example»), weitergeleitet am 02.08.2024. Es zählt der 02.08.2024, weil {} sie weiterleitete: Den früheren "
    "Tag kann schreiben, wer weiterleitet, und das ist keine Adresse des Kantons (Einstellungen: Kontakt E-Mail, "
    "Mailserver). Vergleichen Sie mit der E-Mail beim ersten Empfänger. Stimmt der Tag, legen Sie jene E-Mail in den "
    "Eingang. (Ziff. 5.2, E-27)"
)


def mailserver(ablage: Ablage, namen: str, kontakt: str = "amt@so.example") -> None:
    werte = [{"name": "Mailserver", "wert": namen}, {"name": "Kontakt E-Mail", "wert": kontakt}]
    schreibe(ablage.stammdaten, stammdaten(Einstellungen=werte))


def angehaengt(inneres: bytes) -> bytes:
    """Return an e-mail as a part, as programs for e-mails attach it: not encoded."""
    innen = inneres.replace(b"boundary=zz", b"boundary=zzz").replace(b"--zz", b"--zzz")
    return b"Content-Type: message/rfc822\nContent-Disposition: attachment\n\n" + innen


def weitergeleitet(form: bytes, innen: str = INNEN, aussen: str = AUSSEN) -> bytes:
    return mail(angehaengt(mail(datei("a.xlsx", form), kopf=innen)), kopf=aussen)


def urteil(ablage: Ablage, stichtag: date = STICHTAG) -> Urteil:
    return ablauf.konsolidieren(ablage.pfad, stichtag, heute=stichtag).urteil


def tag_und_e27(ablage: Ablage) -> tuple[date | None, list[str]]:
    u = urteil(ablage)
    ((_, tag, _),) = eingaenge(u)
    return tag, [m for _, c, m in befunde(u) if c == "E-27"]


def test_was_ein_server_des_kantons_innen_stempelte_zaehlt_und_wird_genannt(ablage: Ablage) -> None:
    mailserver(ablage, "so.example")
    einwerfen(ablage, "w.eml", weitergeleitet(ausgefuellt(ablage)))
    u = urteil(ablage)
    assert eingaenge(u) == [("w.eml/a.xlsx", date(2024, 7, 30), "angenommen mit Hinweisen")]
    assert befunde(u) == [("w.eml/a.xlsx", "E-27", ZAEHLT)]
    (eintrag,) = Archiv(ablage.archiv).eintraege.values()
    assert eintrag.eingang == date(2024, 7, 30)
    assert list(ablage.rueckmeldungen.rglob("*.eml")) == []  # nothing that a municipality has to mend


@pytest.mark.parametrize("namen", ["", "andere.example", "kein server", "o.example"])
def test_ohne_genannten_server_bleibt_es_bei_der_weiterleitung_mit_dem_vermerk(ablage: Ablage, namen: str) -> None:
    mailserver(ablage, namen)
    einwerfen(ablage, "w.eml", weitergeleitet(ausgefuellt(ablage)))
    u = urteil(ablage)
    assert eingaenge(u) == [("w.eml/a.xlsx", date(2024, 8, 2), "Rückfrage offen")]
    assert befunde(u) == [
        ("w.eml/a.xlsx", "E-27", f"{ZAEHLT.partition(' Es zählt')[0]} {ZAEHLT_NICHT}"),
    ]


@pytest.mark.parametrize(
    ("innen", "tag", "laut"),
    [
        # the canton's stamp is not the topmost one: its own day counts
        ("Received: by post.example; Thu, 1 Aug 2024 10:00:00 +0200\n" + INNEN, date(2024, 7, 30), "mx1.so.example"),
        # below the canton's stamp anybody may have written what they like
        (INNEN.replace("30 Jul", "1 Aug") + "\nReceived: by mx1.so.example; Mon, 1 Jul 2024 10:00:00 +0200",
         date(2024, 8, 1), "mx1.so.example"),
        # what a sender says about itself is no stamp
        (INNEN.replace("by MX1.so.example", "by boese.example (by mx1.so.example)"), date(2024, 8, 2), "boese.example"),
        (INNEN.replace("from gemeinde.example", "from by mx1.so.example x"), date(2024, 8, 2), "ihrem Absender"),
        (INNEN.replace("MX1.so.example", "mx1.so.example.boese.example"), date(2024, 8, 2),
         "mx1.so.example.boese.example"),
        # a stamp without a day says nothing; the lines below it are not asked
        (INNEN.replace("Tue, 30 Jul 2024 10:00:00 +0200\n", "gestern\nReceived: by mx1.so.example; Mon, 1 Jul 2024 "
         "10:00:00 +0200\n"), date(2024, 8, 2), "mx1.so.example"),
        # later than the outer day, on the same day, or without any day: as if nothing stood there
        (INNEN.replace("30 Jul", "9 Aug"), date(2024, 8, 2), ""),
        (INNEN.replace("30 Jul", "2 Aug"), date(2024, 8, 2), ""),
        ("Subject: x", date(2024, 8, 2), ""),
    ],
)  # fmt: skip
def test_nur_der_oberste_stempel_eines_genannten_servers_zaehlt(
    ablage: Ablage, innen: str, tag: date, laut: str
) -> None:
    mailserver(ablage, "mx1.so.example; weitere.example")
    einwerfen(ablage, "w.eml", weitergeleitet(ausgefuellt(ablage), innen))
    gezaehlt, saetze = tag_und_e27(ablage)
    assert gezaehlt == tag
    assert [laut in s for s in saetze] == [True] * bool(laut)


def test_der_innere_tag_ist_nie_nach_dem_ordner_und_nie_nach_dem_lesen(ablage: Ablage) -> None:
    mailserver(ablage, "so.example")
    spaet = INNEN.replace("30 Jul 2024", "31 Dec 2098")
    einwerfen(ablage, "w.eml", weitergeleitet(ausgefuellt(ablage), spaet, AUSSEN.replace("2024", "2099")))
    u = urteil(ablage)
    assert eingaenge(u) == [("w.eml/a.xlsx", STICHTAG, "Rückfrage offen")]
    assert [c for _, c, _ in befunde(u)] == ["E-25"]


def test_geht_die_aeussere_uhr_vor_zaehlt_der_innere_stempel_und_beides_wird_genannt(ablage: Ablage) -> None:
    mailserver(ablage, "so.example")
    einwerfen(ablage, "w.eml", weitergeleitet(ausgefuellt(ablage), aussen=AUSSEN.replace("2024", "2098")))
    u = urteil(ablage)
    assert [t for _, t, _ in eingaenge(u)] == [date(2024, 7, 30)]
    assert [c for _, c, _ in befunde(u)] == ["E-25", "E-27"]


def _msg_in_msg(form: bytes) -> bytes:
    inneres = outlook.mail([outlook.anhang("a.xlsx", form)], {}, 24, n007D=INNEN.replace("\n", "\r\n"))
    return outlook.behaelter(outlook.mail([outlook.weitergeleitet(inneres)], {}, n007D=AUSSEN))


def _msg_in_eml(form: bytes) -> bytes:
    inneres = outlook.mail([outlook.anhang("a.xlsx", form)], {}, n007D=INNEN.replace("\n", "\r\n"))
    return mail(datei("w.msg", outlook.behaelter(inneres)), kopf=AUSSEN)


def _base64(form: bytes) -> bytes:
    return mail(teil("Content-Type: message/rfc822", mail(datei("a.xlsx", form), kopf=INNEN)), kopf=AUSSEN)


def _zweimal(form: bytes) -> bytes:
    return mail(
        angehaengt(
            weitergeleitet(form, aussen="From: chef@so.example\nReceived: by b.example; Thu, 1 Aug 2024 10:00:00 +0200")
        ),
        kopf=AUSSEN,
    )


def _im_archiv(form: bytes) -> bytes:
    inneres = mail(datei("a.xlsx", form), kopf=INNEN)
    return mail(datei("m.zip", zip_(("w.eml", inneres))), kopf=AUSSEN)


@pytest.mark.parametrize(
    ("name", "bauen"),
    [
        ("w.msg", _msg_in_msg), ("w.eml", _msg_in_eml), ("w.eml", _base64), ("w.eml", _zweimal), ("w.eml", _im_archiv),
    ],
)  # fmt: skip
def test_wie_auch_immer_sie_verpackt_ist(ablage: Ablage, name: str, bauen: object) -> None:
    mailserver(ablage, "so.example")
    assert callable(bauen)
    einwerfen(ablage, name, bauen(ausgefuellt(ablage)))
    assert tag_und_e27(ablage) == (date(2024, 7, 30), [ZAEHLT])


def test_eine_mail_die_niemand_weiterleitete_hat_keinen_vermerk(ablage: Ablage) -> None:
    mailserver(ablage, "so.example")
    einwerfen(ablage, "m.eml", mail(datei("a.xlsx", ausgefuellt(ablage)), kopf=INNEN))
    assert tag_und_e27(ablage) == (date(2024, 7, 30), [])


def test_auch_was_kein_formular_ist_hat_den_tag_der_inneren_mail(ablage: Ablage) -> None:
    mailserver(ablage, "so.example")
    einwerfen(ablage, "w.eml", weitergeleitet(b"%PDF-1.4"))
    assert tag_und_e27(ablage) == (date(2024, 7, 30), [ZAEHLT])


def test_pruefen_sieht_dasselbe(ablage: Ablage, tmp_path: Path) -> None:
    mailserver(ablage, "so.example")
    pfad = tmp_path / "w.eml"
    pfad.write_bytes(weitergeleitet(ausgefuellt(ablage)))
    paare = ablauf.pruefen([pfad], ablage.pfad, STICHTAG).paare
    assert [(b.code, b.meldung) for b, _ in paare if b.code != "F-63"] == [("E-27", ZAEHLT)]


def test_der_name_eines_empfaengers_traegt_keine_ahv_nummer_weiter(ablage: Ablage) -> None:
    innen = INNEN.replace("Kollegin@so", "756.1234.5678.97@so")
    einwerfen(ablage, "w.eml", weitergeleitet(ausgefuellt(ablage), innen))
    (satz,) = tag_und_e27(ablage)[1]
    assert "5678" not in satz
    assert "an [AHV-Nummer]@so.example" in satz


def test_die_einstellung_nimmt_mehrere_namen_und_weist_zu_weite_ab(ablage: Ablage) -> None:
    mailserver(ablage, "MX1.so.example, *.ag.so.example;  .gate.example")
    s, befunde_, _ = ablauf.stammdaten_laden(ablage)
    assert s.einstellungen.mailserver == ("mx1.so.example", "ag.so.example", "gate.example")
    assert befunde_ == ()
    mailserver(ablage, "example")
    s, befunde_, _ = ablauf.stammdaten_laden(ablage)
    assert s.einstellungen.mailserver == ()
    assert [(b.code, b.zelle) for b in befunde_] == [("S-04", "B2")]


@pytest.mark.parametrize(
    ("ordner", "kopf", "tag", "saetze"),
    [
        ("2024-08-02/", "Date: Tue, 30 Jul 2024 10:00:00 +0200", date(2024, 8, 2), [DATUM]),
        ("2024-07-30/", "Date: Tue, 30 Jul 2024 10:00:00 +0200", date(2024, 7, 30), []),
        ("2024-07-30/", "Date: Fri, 2 Aug 2024 10:00:00 +0200", date(2024, 8, 2), []),
        ("2024-08-02/", "Received: from x by y; Tue, 30 Jul 2024 10:00:00 +0200", date(2024, 7, 30), []),
        ("", "Date: Tue, 30 Jul 2024 10:00:00 +0200", date(2024, 7, 30), []),
    ],
)
def test_ein_datum_das_jede_person_schreiben_kann_geht_dem_ordner_nicht_voraus(
    ablage: Ablage, ordner: str, kopf: str, tag: date, saetze: list[str]
) -> None:
    einwerfen(ablage, f"{ordner}m.eml", mail(datei("a.xlsx", ausgefuellt(ablage)), kopf=kopf))
    assert tag_und_e27(ablage) == (tag, saetze)


def test_ein_frueherer_ordner_derselben_datei_gilt_und_eine_mail_ohne_formular_auch(ablage: Ablage) -> None:
    m = mail(datei("a.xlsx", ausgefuellt(ablage)), kopf="Date: Tue, 30 Jul 2024 10:00:00 +0200")
    einwerfen(ablage, "2024-08-02/m.eml", m)
    einwerfen(ablage, "2024-07-29/a.xlsx", ausgefuellt(ablage))
    einwerfen(ablage, "2024-08-02/leer.eml", mail(kopf="Date: Tue, 30 Jul 2024 10:00:00 +0200"))
    u = urteil(ablage)
    assert {t for d, t, _ in eingaenge(u) if d.endswith("a.xlsx")} == {date(2024, 7, 29)}
    assert [(c, m) for d, c, m in befunde(u) if c == "E-27"] == [("E-27", DATUM)]


def test_auch_der_sendetag_einer_mail_von_outlook_ohne_empfang_nicht(ablage: Ablage) -> None:
    gesendet = {"00390040": outlook.zeit("2024-07-30T10:00:00+02:00")}
    form = [outlook.anhang("a.xlsx", ausgefuellt(ablage))]
    einwerfen(ablage, "2024-08-02/m.msg", outlook.behaelter(outlook.mail(form, gesendet)))
    assert tag_und_e27(ablage) == (date(2024, 8, 2), [DATUM])


def _von(adresse: str) -> str:
    return AUSSEN.replace("kollegin@SO.example", adresse)


@pytest.mark.parametrize(
    ("aussen", "wer"),
    [
        (_von("anna@gemeinde.example"), "«anna@gemeinde.example»"),
        (_von("kollegin@so.example.boese.example"), "«kollegin@so.example.boese.example»"),
        (_von("kollegin@olten.so.example"), "«kollegin@olten.so.example»"),  # a municipality below the canton's domain
        (_von("kollegin@so.example>, <x@boese.example"), "niemand, der sich nennt,"),  # two senders are none
        (AUSSEN.partition("\n")[2], "niemand, der sich nennt,"),
    ],
)
def test_einem_stempel_in_der_mail_einer_fremden_person_glaubt_niemand(ablage: Ablage, aussen: str, wer: str) -> None:
    mailserver(ablage, "mx1.so.example")
    einwerfen(ablage, "w.eml", weitergeleitet(ausgefuellt(ablage), aussen=aussen))
    u = urteil(ablage)
    assert eingaenge(u) == [("w.eml/a.xlsx", date(2024, 8, 2), "Rückfrage offen")]
    assert [(c, m) for _, c, m in befunde(u) if c == "E-27"] == [("E-27", FREMD.format(wer))]


@pytest.mark.parametrize(
    ("namen", "kontakt", "absender"),
    [
        ("mx1.so.example", "amt@so.example", "kollegin@so.example"),
        ("so.example", "", "kollegin@so.example"),
        ("mx1.so.example", "amt@gmail.com", "wer.auch.immer@gmail.com"),
        ("mx1.so.example", "", "kollegin@so.example"),  # which domain is the canton's nobody said
    ],
)
def test_welche_adresse_dem_kanton_gehoert_sagen_die_einstellungen(
    ablage: Ablage, namen: str, kontakt: str, absender: str
) -> None:
    mailserver(ablage, namen, kontakt)
    einwerfen(ablage, "w.eml", weitergeleitet(ausgefuellt(ablage), aussen=_von(absender)))
    gilt = absender.endswith("so.example") and (kontakt.endswith("so.example") or namen == "so.example")
    assert tag_und_e27(ablage)[0] == (date(2024, 7, 30) if gilt else date(2024, 8, 2))


def test_was_ein_fremder_beilegt_wird_nicht_wahr_wenn_die_kollegin_es_weiterleitet(ablage: Ablage) -> None:
    mailserver(ablage, "so.example")
    spaet = "From: anna@gemeinde.example\nReceived: from g by mx1.so.example; Thu, 1 Aug 2024 10:00:00 +0200"
    einwerfen(ablage, "w.eml", mail(angehaengt(weitergeleitet(ausgefuellt(ablage), aussen=spaet)), kopf=AUSSEN))
    tag, (satz,) = tag_und_e27(ablage)
    assert tag == date(2024, 8, 1)  # the canton's server stamped what the colleague got
    assert "am 01.08.2024 (laut Server «mx1.so.example»)" in satz
    ohne_kopf = "Subject: x"  # who carried it says nothing of itself
    einwerfen(ablage, "w.eml", mail(angehaengt(weitergeleitet(ausgefuellt(ablage), aussen=ohne_kopf)), kopf=AUSSEN))
    assert tag_und_e27(ablage) == (date(2024, 8, 2), [FREMD.format("niemand, der sich nennt,")])


def test_ein_spaeter_genannter_server_aendert_den_tag_mit_seinem_grund(ablage: Ablage) -> None:
    mailserver(ablage, "")
    einwerfen(ablage, "w.eml", weitergeleitet(ausgefuellt(ablage)))
    urteil(ablage)
    mailserver(ablage, "so.example")
    fremd = "1 Formular kam von einem unbekannten Absender (F-63): «w.eml/a.xlsx»."
    k = ablauf.konsolidieren(ablage.pfad, STICHTAG, heute=STICHTAG)
    assert k.meldungen == (
        "Eingang von «w.eml/a.xlsx»: neu 30.07.2024 statt 02.08.2024, weil ein Mailserver aus den Einstellungen es "
        "bestätigt (E-27).",
        fremd,
    )
    assert [(z.vorgang, z.eingang) for z in Eingangsjournal(ablage.archiv).zeilen] == [
        ("aufgenommen", date(2024, 8, 2)), ("neuer Tag", date(2024, 7, 30)),
    ]  # fmt: skip
    mailserver(ablage, "")
    assert ablauf.konsolidieren(ablage.pfad, STICHTAG, heute=STICHTAG).meldungen == (
        "Eingang von «w.eml/a.xlsx»: neu 02.08.2024 statt 30.07.2024, nach seiner E-Mail.",
        fremd,
    )
