"""What a municipality reads about its form: in the order of the form, who decided what, nothing of our workings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.eingabe import Zelle
from krs.schreiben.antwortmail import mailtext
from krs.schreiben.rueckmeldung import (
    Lage,
    Rueckmeldung,
    antworttext,
    aufforderung,
    entscheidtext,
    ruhe,
    zaehlung,
)
from mappen.antwort.hilfe import (
    ahv,
    entscheid,
    fehler,
    hinweis,
    ohne_zelle,
    rueckfrage,
    rueckmeldung,
)

UNTERSCHRIFT = "Freundliche Grüsse\n\nKanton Solothurn\nstart.integration"


def test_die_befunde_stehen_in_der_reihenfolge_des_formulars() -> None:
    r = rueckmeldung()
    assert [(b.code, b.zelle) for b, _ in r.paare] == [
        ("E-18", ""), ("A2-21", "C21"), ("F-21", "C21"), ("A2-10", "B40"),
    ]  # fmt: skip


def test_das_formularblatt_kommt_vor_anderen_blaettern_und_spalte_z_vor_aa() -> None:
    def in_zelle(blatt: str, zelle: str) -> Befund:
        return melde(Akte(), "F-30", Zelle(blatt, zelle, "x"))

    r = rueckmeldung(*(in_zelle(*o) for o in (("Nachweis", "A1"), ("Reporting", "AA9"), ("Reporting", "Z9"))))
    assert [(b.blatt, b.zelle) for b, _ in r.paare] == [("Reporting", "Z9"), ("Reporting", "AA9"), ("Nachweis", "A1")]


def test_offen_ist_was_niemand_entschieden_hat_hinweise_zaehlen_nicht_dazu() -> None:
    r = rueckmeldung(hinweis(), (rueckfrage(), entscheid(rueckfrage())), fehler(), ohne_zelle())
    assert [b.code for b, _ in r.offen] == ["E-18", "F-21"]
    assert [b.code for b, _ in r.entschieden] == ["A2-10"]
    assert [b.code for b, _ in r.hinweise] == ["A2-21"]
    assert r.anzahlen == (1, 1, 1)


def test_ein_fehler_der_nicht_aufgehoben_werden_kann_bleibt_offen() -> None:
    r = rueckmeldung((fehler(), entscheid(fehler())))
    assert [b.code for b, _ in r.offen] == ["F-21"]


@pytest.mark.parametrize(
    ("befund", "lesbar"),
    [
        pytest.param(melde(Akte("x.pdf"), "E-03", format="PDF"), False, id="PDF"),
        pytest.param(melde(Akte(), "E-09"), False, id="Kennblatt verändert"),
        pytest.param(melde(Akte(), "E-16"), True, id="Makros"),
        pytest.param(ohne_zelle(), True, id="zweites Formular"),
        pytest.param(fehler(), True, id="falsche Zahl"),
    ],
)
def test_lesbar_ist_eine_datei_ohne_fehler_des_eingangs(befund: Befund, lesbar: bool) -> None:
    assert rueckmeldung(befund).lesbar is lesbar


def test_nur_eine_ahv_nummer_verhindert_die_rueckgabe() -> None:
    assert rueckmeldung(ahv()).mit_ahv
    assert not rueckmeldung().mit_ahv


def test_die_aufforderung_ist_die_meldung_ohne_ort_und_ziffer() -> None:
    assert aufforderung(fehler()) == (
        "«acht» ist bei «mit Einzelpersonen» nicht möglich. Erfassen Sie die Anzahl als ganze Zahl von 0 bis 9'999."
    )
    assert aufforderung(melde(Akte(), "E-11")).startswith("Das ist keine Einreichung, sondern eine Sperrdatei")
    assert aufforderung(melde(Akte(), "E-11")).endswith("die Sperrdatei verschwindet von selbst.")


def test_ein_entscheid_nennt_wer_wann_und_weshalb() -> None:
    assert antworttext(entscheid(rueckfrage())) == "anerkannt am 05.08.2024 (AB): Telefonisch geklärt"
    assert antworttext(entscheid(rueckfrage(), "ablehnen")) == "abgelehnt am 05.08.2024 (AB): Telefonisch geklärt"
    assert entscheidtext(entscheid(rueckfrage())) == "anerkennen: Telefonisch geklärt (AB, 05.08.2024)"
    assert antworttext(None) == entscheidtext(None) == ""


@pytest.mark.parametrize(
    ("paare", "text"),
    [
        ((fehler(),), "1 Fehler"),
        ((fehler(), fehler("neun"), rueckfrage()), "2 Fehler und 1 Rückfrage"),
        ((fehler(), rueckfrage(), ohne_zelle(), hinweis()), "1 Fehler, 2 Rückfragen und 1 Hinweis"),
        (((rueckfrage(), entscheid(rueckfrage())),), ""),
    ],
)
def test_die_zaehlung_nennt_nur_was_offen_ist(paare: tuple[Befund, ...], text: str) -> None:
    assert zaehlung(rueckmeldung(*paare)) == text


def test_ohne_offenes_steht_da_dass_nichts_zu_tun_ist() -> None:
    entschieden = (rueckfrage(), entscheid(rueckfrage()))
    assert ruhe(rueckmeldung(hinweis())) == "Sie müssen nichts zurücksenden. Bitte beachten Sie den Hinweis."
    assert ruhe(rueckmeldung(hinweis(), hinweis(), entschieden)) == (
        "Sie müssen nichts zurücksenden. Bitte beachten Sie den Entscheid und die Hinweise."
    )
    leer = Rueckmeldung("a.xlsx", "", Akte(), None, None, ())
    assert ruhe(leer) == "Alles in Ordnung. Sie müssen nichts tun."


def test_ueber_eine_verspaetung_entscheidet_der_kanton_die_gemeinde_muss_nichts_tun() -> None:
    spaet = melde(Akte(), "F-50", eingang="x", frist="y", tage="1 Tag")
    assert not rueckmeldung(spaet).zu_tun
    assert ruhe(rueckmeldung(spaet)) == (
        "Sie müssen nichts zurücksenden. Der Kanton entscheidet und meldet sich bei Ihnen."
    )
    assert rueckmeldung(spaet, rueckfrage()).zu_tun


def test_die_mail_nennt_gemeinde_formular_periode_und_jede_stelle() -> None:
    r = rueckmeldung(hinweis(), (rueckfrage(), entscheid(rueckfrage())), fehler())
    assert mailtext([r], UNTERSCHRIFT).partition("E-Mail.\n\n")[2] == (
        "Olten: Reportingformular (Anhang 2), 1. Halbjahr 2024\n"
        "-----------------------------------------------------\n"
        "Eingegangen am Mittwoch, 31.07.2024; Eingabefrist Mittwoch, 31.07.2024.\n"
        "1 Fehler und 1 Hinweis.\n"
        "Bis zur Klärung nicht ausbezahlt: Erstinformationsgespräch.\n"
        "\n"
        "1. Fehler: Reporting!C21: «acht» ist bei «mit Einzelpersonen» nicht möglich. Erfassen Sie die Anzahl als"
        " ganze Zahl von 0 bis 9'999. (Ziff. 4.3.2, F-21)\n"
        "\n"
        "Vom Kanton entschieden:\n"
        "2. Rückfrage: Reporting!B40: Die Liste der Sprachen ergibt 6 Dolmetscheinsätze, Teil 3 aber"
        " 7 Dolmetscheinsätze. Berichtigen Sie die Liste oder Teil 3, bis beide übereinstimmen. (Ziff. 4.3.2, A2-10)\n"
        "   Entscheid des Kantons: anerkannt am 05.08.2024 (AB): Telefonisch geklärt\n"
        "\n"
        "Hinweise:\n"
        "3. Reporting!C21: Gespräche: 8, in 2023-H2 3. Bitte prüfen Sie die Zahl; stimmt sie, ist nichts zu tun."
        " (Ziff. 4.2, A2-21)\n"
        "\n"
        "Freundliche Grüsse\n"
        "\n"
        "Kanton Solothurn\n"
        "start.integration\n"
    )


def test_eine_datei_ohne_gemeinde_heisst_nach_der_datei() -> None:
    r = Rueckmeldung("a.pdf", "", Akte("a.pdf"), None, None, ((melde(Akte("a.pdf"), "E-03", format="PDF"), None),))
    assert mailtext([r], UNTERSCHRIFT).partition("E-Mail.\n\n")[2].splitlines()[:4] == [
        "Datei «a.pdf»",
        "-------------",
        "1 Fehler.",
        "Solange kein lesbares Formular vorliegt, gilt es als nicht eingereicht: Die Beiträge, die es belegt, werden "
        "nicht ausbezahlt.",
    ]


def test_eine_mail_ordnet_nach_gemeinde_und_formular_und_sagt_was_zu_tun_ist() -> None:
    aarau = Akte("b.xlsx", "Aedermannsdorf", 2421, "Anhang 3", "2024")
    andere = Rueckmeldung(
        "b.xlsx", "", aarau, None, None, ((melde(aarau, "F-07", gemeinde="A", periode="2024"), None),)
    )
    zeilen = mailtext([rueckmeldung(), andere], UNTERSCHRIFT).splitlines()
    assert zeilen[:3] == [
        "Guten Tag",
        "",
        "Besten Dank für Ihre Formulare. Damit die Beiträge ausbezahlt werden können, braucht es noch Ihre Mithilfe:",
    ]
    titel = [z for z, strich in pairwise(zeilen) if strich.startswith("---")]
    assert titel == [
        "Aedermannsdorf: Selbstdeklaration (Anhang 3), Jahr 2024",
        "Olten: Reportingformular (Anhang 2), 1. Halbjahr 2024",
    ]
    assert zeilen[-5:] == ["", *UNTERSCHRIFT.splitlines()]


def test_eine_mail_ohne_offenes_verlangt_nichts() -> None:
    assert mailtext([rueckmeldung(hinweis())], UNTERSCHRIFT).splitlines()[2] == (
        "Besten Dank für Ihr Formular. Es ist nichts zu berichtigen und nichts zu beantworten;"
        " Sie müssen nichts zurücksenden."
    )


def test_die_mail_sagt_dass_eine_datei_mit_ahv_nummer_nicht_zurueckkommt() -> None:
    text = mailtext([rueckmeldung(ahv())], UNTERSCHRIFT)
    assert "Ihre Datei enthält eine AHV-Nummer; wir schicken sie deshalb nicht zurück.\n" in text
    assert "Frau X" not in text


def test_derselbe_satz_zu_mehreren_zellen_steht_einmal() -> None:
    def leer(zelle: str) -> Befund:
        return melde(
            Akte("a.xlsx", "Olten", 2581, "Anhang 2", "2024-H1"),
            "F-11",
            Zelle("Reporting", zelle),
            bezeichnung="X",
            auswahl="«Ja» oder «Nein»",
            bei="",
        )

    text = mailtext([rueckmeldung(*(leer(f"C{n}") for n in range(10, 24)))], UNTERSCHRIFT)
    (zeile,) = (z for z in text.splitlines() if z.startswith("1. "))
    assert zeile.startswith(
        "1. Fehler: Reporting!C10, C11, C12, C13, C14, C15, C16, C17, C18, C19, C20, C21 und 2 weitere: "
    )
    assert "\n2. " not in text


def test_was_bezahlt_ist_heisst_nicht_nicht_ausbezahlt() -> None:
    r = rueckmeldung(fehler())
    lage = Lage(date(2024, 7, 15), Decimal("760.00"), ("2024-09",), Decimal("200.00"), (), (), ("mit Familien: 0 → 2",))
    assert mailtext([replace(r, lage=lage)], UNTERSCHRIFT).partition("1 Fehler.\n")[2].partition("\n\n")[0] == (
        "Es gilt weiterhin Ihre Fassung vom 15.07.2024; ausbezahlt sind dafür Fr. 760.00 (Lauf 2024-09); anerkannt und "
        "noch nicht ausbezahlt sind Fr. 200.00.\n"
        "Offen ist nur die Änderung: mit Familien: 0 → 2."
    )
    bezahlt = Lage(None, Decimal("760.00"), ("2024-03", "2024-09"), gehalten=(), bis=date(2024, 8, 10))
    assert mailtext([replace(r, lage=bezahlt)], UNTERSCHRIFT).partition("1 Fehler.\n")[2].partition("\n\n")[0] == (
        "Zu diesem Formular schon ausbezahlt: Fr. 760.00 (Lauf 2024-03, 2024-09); das bleibt so, bis es geklärt ist.\n"
        "Rechtzeitig ist Ihre Antwort bis Samstag, 10.08.2024."
    )
    assert "Dazu braucht es noch Ihre Mithilfe" in mailtext([replace(r, lage=bezahlt)], UNTERSCHRIFT)
    erinnert = mailtext([replace(r, lage=bezahlt)], UNTERSCHRIFT, date(2024, 9, 1)).splitlines()
    assert "Rechtzeitig war Ihre Antwort bis Samstag, 10.08.2024. Antworten Sie bitte umgehend." in erinnert
    assert erinnert[2] == "Zu Ihrem Formular fehlt uns noch Ihre Antwort. Dazu braucht es noch Ihre Mithilfe:"
