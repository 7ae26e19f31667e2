"""Answers to the municipalities: which returns, which drafts, when they go, and single files."""

from __future__ import annotations

import email
import email.policy
import hashlib
import shutil
from datetime import date, datetime
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ablage.hilfe import GEMEINDEN, STICHTAG, ausgefuellt, baum, einwerfen, stammdaten
from ablage.test_eingang import mail
from eingaben.bauen import gefuellt, umbau
from krs import ablauf
from krs.ablage import ausgang
from krs.ablage.archiv import Archiv
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.antworten import Antworten
from krs.ablauf.ausgabe import kurzname
from krs.ablauf.gesendet import Gesendet, gesendet, offene
from krs.formulare.formular import formular
from krs.mappen.lesen.formular import lesen
from krs.mappen.vorlage.aufbau import plane

BLATT = "Rückmeldung"
STELLE = {"koordinationsstelle": "Sozialregion Thal-Gäu", "email_koordination": "integration@thal.example"}


def ort(feld: str) -> str:
    """Return the cell of a field of Anhang 2 for 2024-H1."""
    form = formular("anhang2")
    return plane(form, form.version_fuer("2024-H1")).adresse(feld)


def gemeinden(**stellen: dict[str, object]) -> list[dict[str, object]]:
    """Return the three municipalities; `b2402={…}` gives one of them columns more."""
    return [
        {"bfs_nr": b, "name": n, "beteiligt_ab": date(2018, 1, 1)} | stellen.get(f"b{b}", {})
        for b, n in GEMEINDEN.items()
    ]


def entscheid(bfs: int, code: str, wort: str = "anerkennen", am: date = date(2024, 9, 1)) -> dict[str, object]:
    return {
        "bfs_nr": bfs, "formular": "Anhang 2", "periode": "2024-H1", "code": code, "entscheid": wort,
        "begruendung": "Telefonisch bestätigt", "visum": "AB", "datum": am,
    }  # fmt: skip


def lauf(ablage: Ablage, stichtag: date = STICHTAG) -> Antworten:
    return ablauf.konsolidieren(ablage.pfad, stichtag).antworten


def da(ablage: Ablage) -> list[str]:
    """Return what lies in Rueckmeldungen/."""
    return [n for n in baum(ablage.rueckmeldungen) if n not in ("index.csv", "protokoll.csv")]


def rueckmeldung(bfs: int, name: str, daten: bytes) -> str:
    kurz = hashlib.sha256(daten).hexdigest()[:8]
    return f"2024-H1/Rueckmeldung_Anhang-2_2024-H1_{bfs}_{name}_{kurz}.xlsx"


def brief(ablage: Ablage, name: str) -> EmailMessage:
    roh = (ablage.rueckmeldungen / name).read_bytes()
    nachricht = email.message_from_bytes(roh, policy=email.policy.default)
    assert isinstance(nachricht, EmailMessage)
    return nachricht


def anhaenge(nachricht: EmailMessage) -> list[tuple[str | None, bytes]]:
    return [(a.get_filename(), a.get_content()) for a in nachricht.iter_attachments()]


FALSCH, UNBESTAETIGT = {"erst_familien": "ca. 5"}, {"bestaetigung": "Nein"}


# --- which, and their names -----------------------------------------------------------------
def test_wer_etwas_offen_hat_erhaelt_eine_rueckmeldung_und_niemand_sonst(ablage: Ablage) -> None:
    alt, neu = ausgefuellt(ablage, **UNBESTAETIGT), ausgefuellt(ablage, kontakt_name=None)  # a Hinweis only
    fehler, spaet = ausgefuellt(ablage, 2402, **FALSCH), ausgefuellt(ablage, 2403)
    einwerfen(ablage, "2024-07-20/alt.xlsx", alt)
    einwerfen(ablage, "2024-07-25/neu.xlsx", neu)
    einwerfen(ablage, "2024-07-20/b.xlsx", fehler)
    einwerfen(ablage, "2024-08-05/c.xlsx", spaet)
    einwerfen(ablage, "2024-07-20/Notiz Müller.txt", b"Guten Tag")
    einwerfen(ablage, "2024-07-20/~$b.xlsx", b"Sperre")
    antworten = lauf(ablage)
    fremd = hashlib.sha256(f"{hashlib.sha256(b'Guten Tag').hexdigest()} 2024-07-20/Notiz Müller.txt".encode())
    assert da(ablage) == [
        rueckmeldung(2402, "Haerkingen", fehler),
        rueckmeldung(2403, "Kestenholz", spaet),
        "Mail_2402_Haerkingen_2024-09-10.eml",
        "Mail_2403_Kestenholz_2024-09-10.eml",
        f"Unlesbare Dateien/Rueckmeldung_Notiz-Mueller_{fremd.hexdigest()[:8]}.xlsx",
    ]
    assert antworten == Antworten(3, 2, ("Härkingen", "Kestenholz"), neu=2)


def test_die_rueckmeldung_ist_die_eigene_mappe_mit_einem_blatt_davor(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage, 2402, **FALSCH)
    einwerfen(ablage, "2024-07-20/b.xlsx", daten)
    lauf(ablage)
    mappe = load_workbook(ablage.rueckmeldungen / rueckmeldung(2402, "Haerkingen", daten))
    assert mappe.sheetnames[0] == BLATT
    assert [b for b in mappe.sheetnames if b != BLATT] == load_workbook(BytesIO(daten)).sheetnames
    assert mappe["Reporting"][ort("erst_familien")].value == "ca. 5"
    assert "«ca. 5» ist bei «Erstinformationsgespräche: mit Familien» nicht möglich." in str(
        mappe["Reporting"][ort("erst_familien")].comment.text
    )


def test_eine_unlesbare_datei_erhaelt_ein_eigenes_blatt_das_sagt_weshalb(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/Notiz.txt", b"Guten Tag")
    lauf(ablage)
    (name,) = da(ablage)
    mappe = load_workbook(ablage.rueckmeldungen / name)
    assert mappe.sheetnames == [BLATT]
    texte = {str(z.value) for r in mappe[BLATT].iter_rows() for z in r if z.value is not None}
    assert "Ihre Datei konnte nicht als Formular gelesen werden und ist deshalb nicht markiert." in texte


def test_gleiche_unlesbare_dateien_sind_verschiedene(ablage: Ablage) -> None:
    for tag in (20, 21):
        einwerfen(ablage, f"2024-07-{tag}/leer.xlsx", b"")
    assert lauf(ablage).mappen == 2
    assert len(da(ablage)) == 2


def test_ein_unbekannter_absender_ist_genannt_und_erhaelt_keine_antwort(ablage: Ablage) -> None:
    ablage.stammdaten.write_bytes(
        stammdaten(Gemeinden=gemeinden(b2402={"email": "anna@haerkingen.example", "beauftragte": "Muster Anna"}))
    )
    for bfs in (2402, 2403):
        daten = b"From: boese@evil.example\n" + mail(("a.xlsx", ausgefuellt(ablage, bfs, **FALSCH)))
        einwerfen(ablage, f"2024-07-20/{bfs}.eml", daten)
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert ergebnis.meldungen == (
        "2 Formulare kamen von einem unbekannten Absender (F-63): «2024-07-20/2402.eml/a.xlsx», "
        "«2024-07-20/2403.eml/a.xlsx».",
    )
    briefe = [brief(ablage, f"Mail_{n}_2024-09-10.eml") for n in ("2402_Muster-Anna", "2403_Kestenholz")]
    assert [(b["To"], b["X-Unsent"]) for b in briefe] == [("anna@haerkingen.example", "1"), (None, "1")]
    anfang = "2. Das Formular kam per E-Mail von «boese@evil.example»; in den Stammdaten ist das keine Adresse von"
    auch = "Von dort kamen auch andere Formulare"
    texte = [str(b.get_body().get_content()) for b in briefe]  # type: ignore[union-attr]
    assert (
        f"{anfang} Härkingen. {auch} (Kestenholz). Prüfen Sie, ob es von der Gemeinde stammt. Was es zu "
        "antworten gibt, geht an «anna@haerkingen.example», nicht an den Absender. (Ziff. 5.2, F-63)"
    ) in texte[0]
    assert (
        f"{anfang} Kestenholz. {auch} (Härkingen). Prüfen Sie zuerst, ob es von der Gemeinde stammt: Für sie steht "
        "dort keine E-Mail-Adresse für Antworten; gibt es etwas zu antworten, hat der Entwurf keinen "
        "Empfänger. (Ziff. 5.2, F-63)"
    ) in texte[1]


def test_was_der_absender_nicht_aendern_kann_geht_nicht_an_ihn(ablage: Ablage) -> None:
    """E-19: the canton purged it; E-15: the canton could not open it."""
    daten = ausgefuellt(ablage, **UNBESTAETIGT)
    einwerfen(ablage, "2024-07-20/a.xlsx", daten)
    lauf(ablage)
    assert len(da(ablage)) == 2
    ablauf.archiv_loeschen(ablage.pfad, hashlib.sha256(daten).hexdigest(), STICHTAG, "Namen", "MB", trotzdem=True)
    einwerfen(ablage, "2024-07-21/nochmals.xlsx", daten)
    u = ablauf.konsolidieren(ablage.pfad, STICHTAG).urteil
    assert [b.code for b, _ in u.befunde] == ["E-19"]
    assert da(ablage) == []


def test_ein_gefaelschtes_formular_schreibt_nie_ausserhalb_des_ordners(ablage: Ablage) -> None:
    def faelschen(xml: bytes) -> bytes:
        return xml.replace(b"2024-H1", b"../../../boese").replace("Härkingen".encode(), b"H" * 5000)

    einwerfen(ablage, "2024-07-20/boese.xlsx", umbau(ausgefuellt(ablage, 2402), alle=faelschen))
    vorher = {p for p in ablage.pfad.parent.rglob("*") if not p.is_relative_to(ablage.pfad)}
    assert lauf(ablage) == Antworten(1, 1, ("Härkingen",), neu=1)
    assert {p for p in ablage.pfad.parent.rglob("*") if not p.is_relative_to(ablage.pfad)} == vorher
    einzige, brief_ = da(ablage)[1], da(ablage)[0]
    assert (brief_, Path(einzige).parent) == ("Mail_2402_Haerkingen_2024-09-10.eml", Path("Unlesbare Dateien"))
    assert len(Path(einzige).name) <= len("Rueckmeldung__12345678.xlsx") + 80


@pytest.mark.parametrize("name", ["x" * 240 + ".txt", "Ä" * 120 + ".txt", "💥.txt", "-- .txt", "=1+1.txt", "CON.txt"])
def test_jeder_dateiname_gibt_eine_rueckmeldung(ablage: Ablage, name: str) -> None:
    einwerfen(ablage, f"2024-07-20/{name}", b"kein Excel")
    assert lauf(ablage) == Antworten(1, 0)
    assert all(len(Path(n).name) < 120 and n.isascii() for n in da(ablage))


def test_ein_name_wird_kurz_und_hoert_mit_einem_buchstaben_auf() -> None:
    assert kurzname("2401", "Köniz") == "2401_Koeniz"
    assert kurzname("1", "ab " * 50) == ("1_" + "ab-" * 26)[:79]  # 80 characters would end in «-»
    assert kurzname("2401", "") == "2401"


# --- drafts ---------------------------------------------------------------------------------
BRIEF = """\
Guten Tag

Besten Dank für Ihre Formulare. Damit die Beiträge ausbezahlt werden können, braucht es noch Ihre Mithilfe:

- Fehler: bitte im Formular berichtigen.
- Rückfragen: bitte prüfen. Stimmt die Angabe, erklären Sie es in den Bemerkungen des Formulars.
- Hinweise: zur Kenntnis.

Öffnen Sie die beigelegten Arbeitsmappen: Das erste Blatt «Rückmeldung» nennt jede Stelle und sagt, was zu tun ist. Die Liste finden Sie auch unten.
Senden Sie das berichtigte Formular als .xlsx-Datei zurück, am einfachsten als Antwort auf diese E-Mail.

Härkingen: Reportingformular (Anhang 2), 1. Halbjahr 2024
---------------------------------------------------------
Eingegangen am Samstag, 20.07.2024; Eingabefrist Mittwoch, 31.07.2024.
1 Fehler.
Bis zur Klärung nicht ausbezahlt: Erstinformationsgespräch.

1. Fehler: Reporting!{familien}: «ca. 5» ist bei «Erstinformationsgespräche: mit Familien» nicht möglich. Erfassen Sie die Anzahl als ganze Zahl von 0 bis 9'999. (Ziff. 4.3.2, F-21)

Kestenholz: Reportingformular (Anhang 2), 1. Halbjahr 2024
----------------------------------------------------------
Eingegangen am Dienstag, 30.07.2024; Eingabefrist Mittwoch, 31.07.2024.
1 Fehler.
Bis zur Klärung nicht ausbezahlt: Erstinformationsgespräch, Dolmetschen Erstinformationsgespräch.

1. Fehler: Reporting!{bestaetigung}: Die Angaben sind nicht bestätigt («Nein»). Wählen Sie «Ja», wenn das Formular vollständig und richtig ist, und senden Sie es erneut. (Ziff. 5.2, F-40)

Freundliche Grüsse

AGS
start.integration
"""  # noqa: E501


def test_eine_koordinationsstelle_erhaelt_einen_brief_mit_allen_rueckmeldungen(ablage: Ablage) -> None:
    ablage.stammdaten.write_bytes(
        stammdaten(
            Gemeinden=gemeinden(b2402=STELLE, b2403=STELLE), Einstellungen=[{"name": "Kanton Name", "wert": "AGS"}]
        )
    )
    b, c = ausgefuellt(ablage, 2402, **FALSCH), ausgefuellt(ablage, 2403, **UNBESTAETIGT)
    einwerfen(ablage, "2024-07-20/b.xlsx", b)
    einwerfen(ablage, "2024-07-30/c.xlsx", c)
    assert lauf(ablage) == Antworten(2, 1, neu=1)
    namen = [rueckmeldung(2402, "Haerkingen", b), rueckmeldung(2403, "Kestenholz", c)]
    assert da(ablage) == [*namen, "Mail_2402_Sozialregion-Thal-Gaeu_2024-09-10.eml"]
    nachricht = brief(ablage, "Mail_2402_Sozialregion-Thal-Gaeu_2024-09-10.eml")
    kopf = [nachricht[k] for k in ("X-Unsent", "To", "Subject", "From", "Date")]
    betreff = "start.integration: Rückmeldung zu Ihren Formularen"
    assert kopf == ["1", "integration@thal.example", betreff, None, None]
    rumpf = nachricht.get_body()
    assert rumpf is not None
    assert rumpf.get_content().replace("\r\n", "\n") + "\n" == BRIEF.format(
        familien=ort("erst_familien"), bestaetigung=ort("bestaetigung")
    )
    dateien = [(Path(n).name, (ablage.rueckmeldungen / n).read_bytes()) for n in namen]
    assert anhaenge(nachricht) == dateien


def test_zwei_stellen_gleichen_namens_erhalten_je_ihren_brief(ablage: Ablage) -> None:
    """«Soziale Dienste» is what many are called; some have an address and no name."""
    dienste: dict[str, object] = {"koordinationsstelle": "Soziale Dienste"}
    ablage.stammdaten.write_bytes(
        stammdaten(
            Gemeinden=gemeinden(
                b2401=dienste | {"email_koordination": "a@a.example"},
                b2402=dienste | {"email_koordination": "b@b.example"},
                b2403={"email_koordination": "c@c.example"},
            )
        )
    )
    for bfs in GEMEINDEN:
        einwerfen(ablage, f"2024-07-20/{bfs}.xlsx", ausgefuellt(ablage, bfs, **UNBESTAETIGT))
    assert lauf(ablage) == Antworten(3, 3, neu=3)
    briefe = [n for n in da(ablage) if n.endswith(".eml")]
    assert briefe == [
        "Mail_2401_Soziale-Dienste_2024-09-10.eml",
        "Mail_2402_Soziale-Dienste_2024-09-10.eml",
        "Mail_2403_2024-09-10.eml",
    ]
    assert [brief(ablage, n)["To"] for n in briefe] == ["a@a.example", "b@b.example", "c@c.example"]


@pytest.mark.parametrize("adresse", ["Anna <anna@@x>\nBcc: alle@x.example", "anna@", "a@b.example;c@d.example", "??"])
def test_mit_einer_unbrauchbaren_adresse_ist_der_brief_ohne_empfaenger(ablage: Ablage, adresse: str) -> None:
    ablage.stammdaten.write_bytes(stammdaten(Gemeinden=gemeinden(b2402={"email_koordination": adresse})))
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, **FALSCH))
    assert lauf(ablage) == Antworten(1, 1, ("Härkingen",), neu=1)
    nachricht = brief(ablage, "Mail_2402_Haerkingen_2024-09-10.eml")
    assert [nachricht[k] for k in ("To", "Cc", "Bcc")] == [None, None, None]
    assert len(anhaenge(nachricht)) == 1


def test_ein_sehr_langer_name_der_stelle_haelt_nichts_auf(ablage: Ablage) -> None:
    lang = {"koordinationsstelle": "Regionale Koordination " * 20, "email_koordination": "r@r.example"}
    ablage.stammdaten.write_bytes(stammdaten(Gemeinden=gemeinden(b2402=lang)))
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, **FALSCH))
    assert lauf(ablage) == Antworten(1, 1, neu=1)
    (name,) = (n for n in da(ablage) if n.endswith(".eml"))
    assert name.startswith("Mail_2402_Regionale-Koordination-Regionale")
    assert len(name) <= len("Mail__2024-09-10.eml") + 80


def test_eine_gemeinde_die_der_kanton_nicht_kennt_erhaelt_einen_brief_ohne_empfaenger(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/olten.xlsx", gefuellt())
    assert lauf(ablage) == Antworten(1, 1, ("BFS-Nr. 2581",), neu=1)
    assert da(ablage) == [rueckmeldung(2581, "Olten", gefuellt()), "Mail_2581_BFS-Nr-2581_2024-09-10.eml"]


# --- what becomes of them -------------------------------------------------------------------
def test_nach_einem_entscheid_geht_die_rueckmeldung_weg_und_der_entscheid_hinaus(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage, **UNBESTAETIGT))
    einwerfen(ablage, "2024-08-05/b.xlsx", ausgefuellt(ablage, 2402))
    assert lauf(ablage).mappen == 2
    ablage.stammdaten.write_bytes(stammdaten(Entscheide=[entscheid(2401, "F-40"), entscheid(2402, "", "ablehnen")]))
    assert lauf(ablage) == Antworten(0, 2, ("Egerkingen", "Härkingen"), neu=2)
    assert da(ablage) == ["Entscheid_2401_Egerkingen_2024-09-10.eml", "Entscheid_2402_Haerkingen_2024-09-10.eml"]
    assert not (ablage.rueckmeldungen / "2024-H1").exists()


def test_ein_teilweiser_entscheid_steht_in_der_rueckmeldung(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage, 2402, **FALSCH)
    einwerfen(ablage, "2024-08-05/b.xlsx", daten)
    lauf(ablage)
    vorher = brief(ablage, "Mail_2402_Haerkingen_2024-09-10.eml").get_body()
    ablage.stammdaten.write_bytes(stammdaten(Entscheide=[entscheid(2402, "F-50")]))
    lauf(ablage)
    nachher = brief(ablage, "Mail_2402_Haerkingen_2024-09-10.eml").get_body()
    assert vorher is not None
    assert nachher is not None
    satz = "   Entscheid des Kantons: anerkannt am 01.09.2024 (AB): Telefonisch bestätigt"
    assert satz not in vorher.get_content().splitlines()
    zeilen = nachher.get_content().splitlines()
    assert zeilen[zeilen.index("Vom Kanton entschieden:") + 2] == satz


def test_zurueckgestellt_bleibt_offen(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-08-05/b.xlsx", ausgefuellt(ablage, 2402))
    ablage.stammdaten.write_bytes(stammdaten(Entscheide=[entscheid(2402, "F-50", "zurückstellen")]))
    assert lauf(ablage).mappen == 1


def test_nach_der_berichtigten_fassung_gehen_rueckmeldung_und_brief_weg(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, **FALSCH))
    lauf(ablage)
    einwerfen(ablage, "2024-07-25/b2.xlsx", ausgefuellt(ablage, 2402))
    assert lauf(ablage) == Antworten()
    assert da(ablage) == []


def test_zwei_laeufe_aendern_nichts(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, **FALSCH))
    einwerfen(ablage, "2024-07-20/Notiz.txt", b"Guten Tag")
    erste = lauf(ablage)
    vorher = {p: p.stat().st_mtime_ns for p in ablage.pfad.rglob("*") if p.name != ".krs.lock"}
    assert lauf(ablage) == erste
    assert {p: p.stat().st_mtime_ns for p in ablage.pfad.rglob("*") if p.name != ".krs.lock"} == vorher
    lauf(ablage, date(2024, 12, 1))  # a later day changes no return
    rueck = {p: t for p, t in vorher.items() if p.is_relative_to(ablage.rueckmeldungen)}
    assert {p: p.stat().st_mtime_ns for p in ablage.rueckmeldungen.rglob("*")} | {
        ablage.rueckmeldungen: vorher[ablage.rueckmeldungen]
    } == rueck


def test_ein_frueherer_stichtag_zeigt_die_rueckmeldungen_von_damals(ablage: Ablage) -> None:
    alt, neu = ausgefuellt(ablage, 2402, **FALSCH), ausgefuellt(ablage, 2402)
    einwerfen(ablage, "2024-07-20/alt.xlsx", alt)
    einwerfen(ablage, "2024-07-25/neu.xlsx", neu)
    assert (lauf(ablage), da(ablage)) == (Antworten(), [])
    lauf(ablage, date(2024, 7, 22))
    assert da(ablage) == [rueckmeldung(2402, "Haerkingen", alt), "Mail_2402_Haerkingen_2024-07-22.eml"]
    lauf(ablage, date(2024, 7, 19))
    assert da(ablage) == []


def test_was_von_hand_geaendert_ist_bleibt_und_der_bildschirm_sagt_es(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage, 2402, **FALSCH)
    einwerfen(ablage, "2024-07-20/b.xlsx", daten)
    lauf(ablage)
    name = "Mail_2402_Haerkingen_2024-09-10.eml"
    (ablage.rueckmeldungen / name).write_bytes(b"X-Unsent: 1\r\n\r\nLiebe Anna")
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert ergebnis.meldungen == (f"«{name}» wurde von Hand geändert und bleibt, wie es ist.",)
    einwerfen(ablage, "2024-07-25/b2.xlsx", ausgefuellt(ablage, 2402))
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    satz = f"«{name}» ist erledigt oder überholt, aber von Hand geändert; die Datei liegt jetzt in Erledigt/{name}."
    assert ergebnis.meldungen == (satz,)
    assert da(ablage) == [f"Erledigt/{name}"]
    assert (ablage.rueckmeldungen / f"Erledigt/{name}").read_bytes() == b"X-Unsent: 1\r\n\r\nLiebe Anna"


def test_eine_offene_rueckmeldung_bleibt_und_folgt_beim_naechsten_mal(ablage: Ablage) -> None:
    daten = ausgefuellt(ablage, 2402, **FALSCH)
    einwerfen(ablage, "2024-08-05/b.xlsx", daten)
    lauf(ablage)
    name = rueckmeldung(2402, "Haerkingen", daten)
    datei = ablage.rueckmeldungen / name
    vorher, sperre = datei.read_bytes(), datei.with_name(f"~${datei.name}")
    sperre.write_bytes(b"")
    ablage.stammdaten.write_bytes(stammdaten(Entscheide=[entscheid(2402, "F-50")]))
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert ergebnis.meldungen == (
        f"«{name}» ist offen und bleibt, wie es ist. Schliessen Sie die Datei und wiederholen Sie den Befehl.",
    )
    assert datei.read_bytes() == vorher
    sperre.unlink()
    assert ablauf.konsolidieren(ablage.pfad, STICHTAG).meldungen == ()
    assert datei.read_bytes() != vorher


def test_ein_beschaedigtes_verzeichnis_gibt_einen_satz_und_laesst_den_master_stehen(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, **FALSCH))
    lauf(ablage)
    (ablage.rueckmeldungen / "index.csv").write_bytes(b"Datei;SHA")
    vorher = baum(ablage.pfad)
    with pytest.raises(AblageFehler) as fehler:
        lauf(ablage)
    assert str(fehler.value) == (
        f"«{ablage.rueckmeldungen / 'index.csv'}» ist beschädigt. Löschen Sie die Datei; krs legt sie neu an und "
        "lässt stehen, was da ist."
    )
    assert baum(ablage.pfad) == vorher


def test_ist_rueckmeldungen_eine_datei_gibt_es_einen_satz(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, **FALSCH))
    ablage.rueckmeldungen.rmdir()
    ablage.rueckmeldungen.write_text("meins")
    with pytest.raises(AblageFehler) as fehler:
        lauf(ablage)
    assert str(fehler.value) == (
        f"«{ablage.rueckmeldungen}» ist nicht zugänglich (Fehler 17 des Systems). Prüfen Sie Pfad und Laufwerk."
    )
    assert ablage.rueckmeldungen.read_text() == "meins"


def test_ohne_schreibrecht_in_rueckmeldungen_gibt_es_einen_satz(
    ablage: Ablage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verboten(pfad: Path, _: bytes) -> bool:
        raise AblageFehler(f"«{pfad}» kann nicht geschrieben werden.") from PermissionError()

    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, **FALSCH))
    monkeypatch.setattr(ausgang, "schreibe", verboten)
    with pytest.raises(AblageFehler, match=r"index\.csv» kann nicht geschrieben werden"):
        lauf(ablage)


# --- sent ------------------------------------------------------------------------------------
def stelle(ablage: Ablage) -> None:
    ablage.stammdaten.write_bytes(stammdaten(Gemeinden=gemeinden(b2402=STELLE, b2403=STELLE)))


def gesandt(ablage: Ablage, name: str, als: str = "") -> None:
    """Move a draft as a person does."""
    ziel = ablage.rueckmeldungen / "Gesendet" / (als or name)
    ziel.parent.mkdir(parents=True, exist_ok=True)
    (ablage.rueckmeldungen / name).rename(ziel)


def test_was_gesendet_ist_kommt_nicht_wieder_und_neues_steht_allein_im_naechsten_brief(ablage: Ablage) -> None:
    stelle(ablage)
    b, c = ausgefuellt(ablage, 2402, **FALSCH), ausgefuellt(ablage, 2403, **UNBESTAETIGT)
    einwerfen(ablage, "2024-07-20/b.xlsx", b)
    assert lauf(ablage, date(2024, 7, 22)) == Antworten(1, 1, neu=1)
    erster = "Mail_2402_Sozialregion-Thal-Gaeu_2024-07-22.eml"
    gesandt(ablage, erster)
    assert lauf(ablage, date(2024, 7, 24)) == Antworten(seit=date(2024, 7, 22), ohne_antwort=1)
    assert da(ablage) == [f"Gesendet/{erster}"]
    einwerfen(ablage, "2024-07-25/c.xlsx", c)
    assert lauf(ablage, date(2024, 7, 26)) == Antworten(1, 1, neu=1, seit=date(2024, 7, 24), ohne_antwort=1)
    zweiter = "Mail_2403_Sozialregion-Thal-Gaeu_2024-07-26.eml"
    assert da(ablage) == [rueckmeldung(2403, "Kestenholz", c), f"Gesendet/{erster}", zweiter]
    assert lauf(ablage, date(2024, 7, 29)) == Antworten(1, 1, neu=0, seit=date(2024, 7, 26), ohne_antwort=1)
    assert da(ablage)[-1] == zweiter  # not sent yet: the same draft, with its day


def test_am_selben_tag_noch_ein_brief_heisst_anders(ablage: Ablage) -> None:
    stelle(ablage)
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, **FALSCH))
    lauf(ablage)
    gesandt(ablage, "Mail_2402_Sozialregion-Thal-Gaeu_2024-09-10.eml", "2024/Juli/Härkingen.eml")  # known by its bytes
    einwerfen(ablage, "2024-07-20/c.xlsx", ausgefuellt(ablage, 2403, **UNBESTAETIGT))
    lauf(ablage)
    assert [n for n in da(ablage) if n.endswith(".eml")] == [
        "Gesendet/2024/Juli/Härkingen.eml", "Mail_2403_Sozialregion-Thal-Gaeu_2024-09-10.eml",
    ]  # fmt: skip
    gesandt(ablage, "Mail_2403_Sozialregion-Thal-Gaeu_2024-09-10.eml")
    einwerfen(ablage, "2024-07-21/c.xlsx", ausgefuellt(ablage, 2403, **FALSCH))
    lauf(ablage)
    assert da(ablage)[-1] == "Mail_2403_Sozialregion-Thal-Gaeu_2024-09-10_2.eml"


def test_bleibt_die_antwort_aus_kommt_eine_erinnerung_und_nicht_mehr(ablage: Ablage) -> None:
    stelle(ablage)
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, **FALSCH))
    einwerfen(ablage, "2024-08-05/c.xlsx", ausgefuellt(ablage, 2403))  # late: the canton has to decide
    lauf(ablage, date(2024, 8, 6))
    gesandt(ablage, "Mail_2402_Sozialregion-Thal-Gaeu_2024-08-06.eml")
    ruhig = Antworten(seit=date(2024, 8, 6), ohne_antwort=1)
    assert lauf(ablage, date(2024, 8, 8)) == ruhig
    assert lauf(ablage, date(2024, 8, 28)) == Antworten(seit=date(2024, 8, 8), ohne_antwort=1)
    assert lauf(ablage, date(2024, 8, 29)) == Antworten(1, 1, neu=1, seit=date(2024, 8, 8))
    name = "Mail_2402_Sozialregion-Thal-Gaeu_2024-08-29.eml"
    assert brief(ablage, name)["Subject"] == "start.integration: Erinnerung: Rückmeldung zu Ihrem Formular"
    assert len(anhaenge(brief(ablage, name))) == 1
    gesandt(ablage, name)
    assert lauf(ablage, date(2024, 12, 1)) == Antworten(seit=date(2024, 8, 29), ohne_antwort=1)


def test_krs_gesendet_verschiebt_und_haelt_fest(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage, **UNBESTAETIGT))
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, **FALSCH))
    lauf(ablage)
    a, b = "Mail_2401_Egerkingen_2024-09-10.eml", "Mail_2402_Haerkingen_2024-09-10.eml"
    assert gesendet(ablage.pfad, [], STICHTAG) == Gesendet((), (a, b))
    with pytest.raises(AblageFehler) as fehler:
        gesendet(ablage.pfad, [a, "Brief.eml"], STICHTAG)
    satz = "«Brief.eml» ist kein Entwurf, der auf das Senden wartet. «krs gesendet ABLAGE» nennt sie."
    assert str(fehler.value) == satz
    assert gesendet(ablage.pfad, [f"C:\\Ablage\\Rueckmeldungen\\{a}"], STICHTAG) == Gesendet((a,), (b,))
    assert gesendet(ablage.pfad, [], STICHTAG, alle=True) == Gesendet((b,), ())
    assert gesendet(ablage.pfad, [a], STICHTAG) == Gesendet((), ())  # said twice is no mistake
    assert lauf(ablage) == Antworten(ohne_antwort=2)
    assert da(ablage) == [f"Gesendet/{a}", f"Gesendet/{b}"]
    protokoll = (ablage.rueckmeldungen / "protokoll.csv").read_text("utf-8-sig").splitlines()
    assert protokoll[0] == "Datum;Was;Datei;SHA-256;BFS-Nr.;Fassung;Code;Inhalt;an"
    assert [[z.split(";")[n] for n in (0, 1, 2, 4, 6)] for z in protokoll[1:]] == [
        [f"{STICHTAG}", was, name, name[5:9], code]
        for was, name, code in (
            ("entworfen", a, "F-40"), ("entworfen", b, "F-21"), ("gesendet", a, "F-40"), ("gesendet", b, "F-21"),
        )
    ]  # fmt: skip


def test_fragen_haben_ein_alter_und_ein_befehl_erinnert_daran(ablage: Ablage) -> None:
    stelle(ablage)
    einwerfen(ablage, "2024-07-20/b.xlsx", ausgefuellt(ablage, 2402, **FALSCH))
    einwerfen(ablage, "2024-08-05/c.xlsx", ausgefuellt(ablage, 2403))  # late: the canton has to decide
    lauf(ablage, date(2024, 8, 6))
    assert alter(ablage) == [("F-21", date(2024, 8, 6), 0), ("F-50", date(2024, 8, 6), 0)]
    gesendet(ablage.pfad, [], date(2024, 8, 7), alle=True)
    einwerfen(ablage, "2024-08-12/b2.xlsx", ausgefuellt(ablage, 2402, erst_familien="ca. 6"))  # asked again
    lauf(ablage, date(2024, 8, 13))
    gesendet(ablage.pfad, [], date(2024, 8, 13), alle=True)
    lauf(ablage, date(2024, 8, 14))
    assert alter(ablage) == [("F-21", date(2024, 8, 6), 2)] * 2 + [("F-50", date(2024, 8, 6), 1)]  # of both versions
    assert offene(ablage.pfad, date(2024, 8, 15), 5).fragen == ()
    e = offene(ablage.pfad, date(2024, 8, 20), 5)
    assert [(f.zeile.datei, f.befund.code, f.seit, f.gefragt) for f in e.fragen] == [
        ("2024-08-12/b2.xlsx", "F-21", date(2024, 8, 6), (date(2024, 8, 7), date(2024, 8, 13))),
    ]  # fmt: skip
    assert [n for n in da(ablage) if n.startswith("Mail")] == ["Mail_2402_Sozialregion-Thal-Gaeu_2024-08-20.eml"]
    assert lauf(ablage, date(2024, 8, 21)).entwuerfe == 1  # what a person ordered stays until it is sent


def alter(ablage: Ablage) -> list[tuple[object, ...]]:
    """Return what the Master says of open Befunde: code, open since, how often asked."""
    zeilen = list(load_workbook(ablage.master)["Befunde"].iter_rows(values_only=True))
    kopf = list(zeilen[0])
    code, seit = kopf.index("code"), kopf.index("offen seit")
    assert kopf[-2:] == ["offen seit", "gefragt"]
    offen = [(z[code], z[seit], z[seit + 1]) for z in zeilen[1:] if isinstance(z[seit], datetime)]
    return [(c, s.date(), n) for c, s, n in offen if isinstance(s, datetime)]


# --- there and back -------------------------------------------------------------------------
def test_die_rueckmeldung_berichtigt_und_zurueckgesandt_ersetzt_die_erste_fassung(ablage: Ablage) -> None:
    erste = ausgefuellt(ablage, 2402, **FALSCH)
    einwerfen(ablage, "2024-07-20/b.xlsx", erste)
    lauf(ablage)
    mappe = load_workbook(ablage.rueckmeldungen / rueckmeldung(2402, "Haerkingen", erste))
    mappe["Reporting"][ort("erst_familien")].value = 2
    mappe["Reporting"][ort("erst_personen")].value = 8
    puffer = BytesIO()
    mappe.save(puffer)
    zweite = einwerfen(ablage, "2024-07-28/Antwort.xlsx", puffer.getvalue())
    ergebnis = ablauf.konsolidieren(ablage.pfad, STICHTAG)
    assert [(z.datei, z.status, z.bemerkung) for z in ergebnis.urteil.zeilen if z.datei] == [
        ("2024-07-20/b.xlsx", "ersetzt", "ersetzt durch die Fassung vom 28.07.2024"),
        ("2024-07-28/Antwort.xlsx", "angenommen", "ersetzt die Fassung vom 20.07.2024"),
    ]
    (aenderung,) = [z.aenderungen for z in ergebnis.urteil.zeilen if z.datei == "2024-07-28/Antwort.xlsx"]
    assert [(a.feld, a.alt, a.neu) for a in aenderung if a.feld.startswith("erst_")] == [
        ("erst_familien", "ca. 5", "2"),
        ("erst_personen", "3", "8"),
    ]
    sha = hashlib.sha256(puffer.getvalue()).hexdigest()
    assert Archiv(ablage.archiv).lies(sha) == zweite.read_bytes()
    assert not ergebnis.hat_fehler
    assert da(ablage) == []


def test_die_rueckmeldung_unveraendert_zurueck_ist_dasselbe_nochmals(ablage: Ablage) -> None:
    erste = ausgefuellt(ablage, 2402, **FALSCH)
    einwerfen(ablage, "2024-07-20/b.xlsx", erste)
    lauf(ablage)
    vorher = da(ablage)
    zurueck = (ablage.rueckmeldungen / rueckmeldung(2402, "Haerkingen", erste)).read_bytes()
    einwerfen(ablage, "2024-07-28/Antwort.xlsx", zurueck)
    lauf(ablage)
    assert da(ablage) == vorher


def test_die_rueckmeldung_wieder_falsch_zurueck_gibt_wieder_eine_ohne_die_alte(ablage: Ablage) -> None:
    erste = ausgefuellt(ablage, 2402, **FALSCH)
    einwerfen(ablage, "2024-07-20/b.xlsx", erste)
    lauf(ablage)
    mappe = load_workbook(ablage.rueckmeldungen / rueckmeldung(2402, "Haerkingen", erste))
    mappe["Reporting"][ort("erst_familien")].value = "ca. 6"
    puffer = BytesIO()
    mappe.save(puffer)
    einwerfen(ablage, "2024-07-28/Antwort.xlsx", puffer.getvalue())
    lauf(ablage)
    neu = ablage.rueckmeldungen / rueckmeldung(2402, "Haerkingen", puffer.getvalue())
    assert load_workbook(neu).sheetnames.count(BLATT) == 1
    assert lesen(neu.read_bytes(), "x").felder["erst_familien"].wert == "ca. 6"
    assert len(da(ablage)) == 2


# --- single files ---------------------------------------------------------------------------
def test_einzelne_dateien_nur_wer_befunde_hat_erhaelt_eine_rueckmeldung(ablage: Ablage, tmp_path: Path) -> None:
    gut, falsch = ausgefuellt(ablage), ausgefuellt(ablage, 2402, **FALSCH)
    dateien = []
    for name, daten in (("gut.xlsx", gut), ("falsch.xlsx", falsch), ("Notiz.txt", b"Hallo"), ("~$x.xlsx", b"")):
        (tmp_path / name).write_bytes(daten)
        dateien.append(tmp_path / name)
    (tmp_path / "m.eml").write_bytes(mail(("a.xlsx", ausgefuellt(ablage, 2403, **UNBESTAETIGT)), ("b.xlsx", gut)))
    ziel = tmp_path / "neu" / "hier"
    g = ablauf.pruefen([*dateien, tmp_path / "m.eml"], None, STICHTAG, ziel)
    fremd = hashlib.sha256(f"{hashlib.sha256(b'Hallo').hexdigest()} Notiz.txt".encode()).hexdigest()[:8]
    assert [p.relative_to(ziel).as_posix() for p in g.antworten] == [
        Path(rueckmeldung(2402, "Haerkingen", falsch)).name,
        f"Rueckmeldung_Notiz_{fremd}.xlsx",
        Path(rueckmeldung(2403, "Kestenholz", ausgefuellt(ablage, 2403, **UNBESTAETIGT))).name,
    ]
    assert sorted(p.name for p in ziel.iterdir()) == sorted(p.name for p in g.antworten)
    markiert = load_workbook(g.antworten[0])
    assert markiert.sheetnames[0] == BLATT
    assert load_workbook(g.antworten[1]).sheetnames == [BLATT]


def test_zwei_dateien_gleichen_namens_werden_nicht_vermischt(ablage: Ablage, tmp_path: Path) -> None:
    """Each municipality must read what is about its own file only."""
    for ordner, daten in (("A", ausgefuellt(ablage, **UNBESTAETIGT)), ("B", ausgefuellt(ablage, 2402, **FALSCH))):
        (tmp_path / ordner).mkdir()
        (tmp_path / ordner / "Anhang 2.xlsx").write_bytes(daten)
    shutil.copy(tmp_path / "A/Anhang 2.xlsx", tmp_path / "anders.xlsx")
    dateien = [tmp_path / n for n in ("A/Anhang 2.xlsx", "B/Anhang 2.xlsx")]
    for stamm in (None, ablage.pfad):
        ziel = tmp_path / f"R-{stamm is None}"
        g = ablauf.pruefen([*dateien, dateien[0]], stamm, date(2024, 7, 20), ziel)
        assert [(b.datei, b.code) for b in g.befunde] == [
            (dateien[0].as_posix(), "F-40"), (dateien[1].as_posix(), "F-21"),
        ]  # fmt: skip
        for pfad, fremdes in zip(g.antworten, ("F-21", "F-40"), strict=True):
            texte = [str(z.value) for r in load_workbook(pfad)[BLATT].iter_rows() for z in r if z.value]
            assert not [t for t in texte if fremdes in t]


def test_eine_vorhandene_andere_datei_wird_nicht_ueberschrieben_und_nichts_geschrieben(
    ablage: Ablage, tmp_path: Path
) -> None:
    a = einwerfen(ablage, "a.xlsx", ausgefuellt(ablage, **UNBESTAETIGT))
    b = einwerfen(ablage, "b.xlsx", ausgefuellt(ablage, 2402, **FALSCH))
    ziel = tmp_path / "R"
    erste = ablauf.pruefen([b], None, STICHTAG, ziel).antworten[0]
    assert ablauf.pruefen([b], None, STICHTAG, ziel).antworten == (erste,)  # the same again is no conflict
    erste.write_bytes(b"mit meinen Notizen")
    with pytest.raises(AblageFehler) as fehler:
        ablauf.pruefen([a, b], None, STICHTAG, ziel)
    assert str(fehler.value) == (
        f"«{erste}» gibt es schon, mit anderem Inhalt; es ist nichts geschrieben. Nennen Sie einen anderen Ordner, "
        "oder löschen Sie die Datei."
    )
    assert [(p, p.read_bytes()) for p in ziel.iterdir()] == [(erste, b"mit meinen Notizen")]


def test_eine_datei_ist_kein_ordner_fuer_rueckmeldungen(ablage: Ablage, tmp_path: Path) -> None:
    b = einwerfen(ablage, "b.xlsx", ausgefuellt(ablage, 2402, **FALSCH))
    ziel = tmp_path / "R.txt"
    ziel.write_text("meins")
    with pytest.raises(AblageFehler) as fehler:
        ablauf.pruefen([b], None, STICHTAG, ziel)
    assert str(fehler.value) == f"«{ziel}» ist eine Datei. Nennen Sie einen Ordner für die Rückmeldungen."


def test_ein_befund_mit_entscheid_ist_erledigt_und_kein_fehler_mehr(ablage: Ablage) -> None:
    a = einwerfen(ablage, "2024-07-20/a.xlsx", ausgefuellt(ablage, **UNBESTAETIGT))
    ohne = ablauf.pruefen([a], ablage.pfad, STICHTAG)
    assert (ohne.hat_fehler, ohne.erledigt) == (True, 0)
    ablage.stammdaten.write_bytes(stammdaten(Entscheide=[entscheid(2401, "F-40")]))
    mit = ablauf.pruefen([a], ablage.pfad, STICHTAG)
    assert (mit.hat_fehler, mit.erledigt, [b.code for b in mit.befunde]) == (False, 1, ["F-40"])


# --- many -----------------------------------------------------------------------------------
def test_dreihundert_gemeinden_haben_dreihundert_rueckmeldungen_und_briefe(ablage: Ablage) -> None:
    vorlage = ausgefuellt(ablage, 2402, **UNBESTAETIGT)
    alle = [
        {"bfs_nr": 2402, "name": "Härkingen", "beteiligt_ab": date(2018, 1, 1)},
        *({"bfs_nr": 3000 + n, "name": f"Dorf {n}", "beteiligt_ab": date(2018, 1, 1)} for n in range(299)),
    ]
    ablage.stammdaten.write_bytes(stammdaten(Gemeinden=alle, Ausländerbestand=[]))
    einwerfen(ablage, "2024-07-20/b.xlsx", vorlage)
    for n in range(299):
        einwerfen(ablage, f"2024-07-20/{n}.txt", f"Datei {n}".encode())
    assert lauf(ablage) == Antworten(300, 1, ("Härkingen",), neu=1)
    assert len(da(ablage)) == 301


def test_von_vielen_fassungen_eines_tages_gehen_so_viele_zurueck_wie_der_befund_nennt(ablage: Ablage) -> None:
    fassungen = {f"v{n}.xlsx": ausgefuellt(ablage, 2401, bemerkungen=f"Fassung {n}", **FALSCH) for n in range(1, 8)}
    for name, daten in fassungen.items():
        einwerfen(ablage, f"2024-07-15/{name}", daten)
    ergebnis = lauf(ablage)
    erwartet = [rueckmeldung(2401, "Egerkingen", fassungen[f"v{n}.xlsx"]) for n in range(1, 6)]
    assert da(ablage) == sorted([*erwartet, "Mail_2401_Egerkingen_2024-09-10.eml"])
    angehaengt = [
        str(a.get_filename()) for a in brief(ablage, "Mail_2401_Egerkingen_2024-09-10.eml").iter_attachments()
    ]
    assert angehaengt == [Path(name).name for name in erwartet]
    assert ergebnis.meldungen == (
        "Egerkingen, Anhang 2 2024-H1: Von 7 Fassungen desselben Tages gehen nach dem Dateinamen die ersten 5 zurück.",
    )
