"""`krs versand`: who gets which mail with what in it, and nobody twice."""

from __future__ import annotations

import hashlib
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from ablage.hilfe import GEMEINDEN, ausgefuellt, einwerfen, stammdaten
from krs import ablauf
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.entscheiden import Auftrag, entscheiden
from krs.ablauf.gemeinsam import Uhr
from krs.ablauf.versand import Art, Versandt, versenden
from krs.demo.fuellen import fuelle
from krs.formulare.formular import formular
from urteil.hilfe import DATEN

JUNI = Uhr(date(2024, 6, 3), date(2024, 6, 3))
TARIF = "Stammdaten, Blatt Tarife"


@pytest.fixture
def stelle(ablage: Ablage) -> Ablage:
    """One Koordinationsstelle for two municipalities, the third with no address at all."""
    gemeinden: list[dict[str, object]] = [
        {"bfs_nr": b, "name": n, "beteiligt_ab": date(2018, 1, 1)} for b, n in GEMEINDEN.items()
    ]
    for g in gemeinden[:2]:
        g |= {"koordinationsstelle": "Stelle Gäu", "email_koordination": "gaeu@so.example"}
    einstellungen = [{"name": "Kontakt E-Mail", "wert": "integration@so.example"}]
    ablage.stammdaten.write_bytes(stammdaten(Gemeinden=gemeinden, Einstellungen=einstellungen))
    return ablage


def mail(v: Versandt, anfang: str) -> EmailMessage:
    pfad = next(p for p in sorted(v.ordner.glob("*.eml")) if p.name.startswith(anfang))
    nachricht = message_from_bytes(pfad.read_bytes(), policy=default)
    assert isinstance(nachricht, EmailMessage)
    return nachricht


def text(nachricht: EmailMessage) -> str:
    teil = nachricht.get_body(("plain",))
    assert teil is not None
    return str(teil.get_content()).replace("\r\n", "\n").rstrip("\n") + "\n"


def test_die_einladung_bringt_beide_formulare_und_die_fristen(stelle: Ablage) -> None:
    v = versenden(stelle.pfad, ["2024-H1", "2024"], Art.EINLADUNG, Uhr(date(2024, 1, 8)))
    assert v.entwuerfe == (("Stelle Gäu", 4), ("Kestenholz", 2))
    assert v.ohne_adresse == ("Kestenholz",)
    nachricht = mail(v, "Einladung_2401_")
    assert (nachricht["To"], nachricht["Subject"]) == (
        "gaeu@so.example",
        "start.integration: 4 Formulare, bis 31.01.2024",
    )
    assert text(nachricht) == (
        "Guten Tag\n\n"
        "Beigelegt sind die 4 Formulare für start.integration:\n\n"
        "- Egerkingen: Reportingformular (Anhang 2), 1. Halbjahr 2024, bis Mittwoch, 31.07.2024\n"
        "- Egerkingen: Selbstdeklaration (Anhang 3), Jahr 2024, bis Mittwoch, 31.01.2024\n"
        "- Härkingen: Reportingformular (Anhang 2), 1. Halbjahr 2024, bis Mittwoch, 31.07.2024\n"
        "- Härkingen: Selbstdeklaration (Anhang 3), Jahr 2024, bis Mittwoch, 31.01.2024\n\n"
        "Bitte füllen Sie sie in Excel aus und senden Sie sie bis zu diesen Tagen als Excel-Arbeitsmappe (.xlsx) an "
        "integration@so.example zurück. Die Fristen sind als Kalendereintrag beigelegt.\n\n"
        "Den Anhang 2 braucht es auch, wenn es keine Gespräche gab: Wählen Sie dann bei der Nullmeldung «Ja» und "
        "bestätigen Sie das Formular am Schluss.\n\n"
        "Freundliche Grüsse\n\nKanton Solothurn\nstart.integration\nAuskunft: integration@so.example\n"
    )
    assert [a.get_filename() for a in nachricht.iter_attachments()] == [
        "Anhang_2_2024-H1_2401_Egerkingen.xlsx", "Anhang_3_2024_2401_Egerkingen.xlsx",
        "Anhang_2_2024-H1_2402_Haerkingen.xlsx", "Anhang_3_2024_2402_Haerkingen.xlsx",
        "Frist_2024-01-31.ics", "Frist_2024-07-31.ics",
    ]  # fmt: skip
    vorlage = next(stelle.vorlagen.glob("2024-H1/*_2401_*")).read_bytes()
    assert next(nachricht.iter_attachments()).get_payload(decode=True) == vorlage


def test_was_gesendet_ist_entsteht_nicht_noch_einmal(stelle: Ablage) -> None:
    v = versenden(stelle.pfad, ["2024-H1"], Art.EINLADUNG, JUNI)
    (stelle.rueckmeldungen / "Gesendet").mkdir()
    gesendet = next(v.ordner.glob("Einladung_2401_*"))
    gesendet.rename(stelle.rueckmeldungen / "Gesendet" / gesendet.name)
    noch = versenden(stelle.pfad, ["2024-H1"], Art.EINLADUNG, Uhr(date(2024, 6, 5)))
    assert (noch.entwuerfe, noch.gesendet) == ((("Kestenholz", 1),), 2)
    assert [p.name for p in noch.ordner.glob("*.eml")] == ["Einladung_2403_Kestenholz_2024-06-03.eml"]


def test_ohne_ansatz_und_bestand_geht_nichts_hinaus_ausser_man_will_es(stelle: Ablage) -> None:
    ablauf.vorlagen(stelle.pfad, "2025")
    with pytest.raises(AblageFehler) as fehler:
        versenden(stelle.pfad, ["2025"], Art.EINLADUNG, JUNI)
    satz = str(fehler.value)
    assert satz.startswith("Es ist nichts bereitgelegt: ")
    assert TARIF in satz
    assert "Der Ausländerbestand für 2025 fehlt: «Egerkingen», «Härkingen», «Kestenholz»." in satz
    assert satz.endswith("Ergänzen Sie die Stammdaten und schreiben Sie die Vorlagen neu, oder nennen Sie --trotzdem.")
    assert not list(stelle.rueckmeldungen.rglob("*.eml"))
    assert len(versenden(stelle.pfad, ["2025"], Art.EINLADUNG, JUNI, trotzdem=True).entwuerfe) == 2


def test_eine_fehlende_vorlage_wird_genannt(stelle: Ablage) -> None:
    next(stelle.vorlagen.glob("2024-H1/*_2402_*")).unlink()
    with pytest.raises(AblageFehler) as fehler:
        versenden(stelle.pfad, ["2024-H1"], Art.EINLADUNG, JUNI)
    assert str(fehler.value) == (
        "Die Vorlage «Anhang_2_2024-H1_2402_Haerkingen.xlsx» fehlt. Schreiben Sie zuerst die Vorlagen: "
        "«krs vorlagen … --periode 2024-H1»."
    )


def test_die_erinnerung_geht_vor_der_frist_an_wer_noch_fehlt(stelle: Ablage) -> None:
    einwerfen(stelle, "2024-07-10/Egerkingen.xlsx", ausgefuellt(stelle, 2401))
    v = versenden(stelle.pfad, ["2024-H1"], Art.ERINNERUNG, Uhr(date(2024, 7, 24), date(2024, 7, 24)))
    assert v.entwuerfe == (("Stelle Gäu", 1), ("Kestenholz", 1))
    nachricht = mail(v, "Erinnerung_2402_")
    assert nachricht["Subject"] == "start.integration: Erinnerung, Frist 31.07.2024"
    assert text(nachricht) == (
        "Guten Tag\n\n"
        "Dieses Formular ist bei uns noch nicht eingetroffen:\n\n"
        "- Härkingen: Reportingformular (Anhang 2), 1. Halbjahr 2024, bis Mittwoch, 31.07.2024\n\n"
        "Bitte denken Sie daran und senden Sie es an integration@so.example. Die Vorlage liegt bei.\n\n"
        "Den Anhang 2 braucht es auch, wenn es keine Gespräche gab: Wählen Sie dann bei der Nullmeldung «Ja» und "
        "bestätigen Sie das Formular am Schluss.\n\n"
        "Haben Sie es inzwischen gesendet, ist diese E-Mail gegenstandslos.\n\n"
        "Freundliche Grüsse\n\nKanton Solothurn\nstart.integration\nAuskunft: integration@so.example\n"
    )
    danach = versenden(stelle.pfad, ["2024-H1"], Art.ERINNERUNG, Uhr(date(2024, 8, 1), date(2024, 8, 1)))
    assert danach.entwuerfe == ()  # now it is owed: `krs mahnungen`


def test_die_quittung_nennt_tag_zahlen_beitrag_und_kennzeichen(stelle: Ablage) -> None:
    """3 talks × 200, 1 assignment × 160; the missing Selbstdeklaration holds none of them (docs/entscheide/04)."""
    pfad = einwerfen(stelle, "2024-07-10/Egerkingen.xlsx", ausgefuellt(stelle, 2401))
    ablauf.konsolidieren(stelle.pfad, date(2024, 7, 24))
    v = versenden(stelle.pfad, ["2024-H1"], Art.QUITTUNG, Uhr(date(2024, 7, 24), date(2024, 7, 24)))
    kennzeichen = hashlib.sha256(pfad.read_bytes()).hexdigest()[:8]
    assert v.entwuerfe == (("Stelle Gäu", 1),)
    nachricht = mail(v, "Quittung_2401_")
    assert (nachricht["Subject"], list(nachricht.iter_attachments())) == ("start.integration: Formular angenommen", [])
    assert text(nachricht) == (
        "Guten Tag\n\n"
        "Wir haben Ihr Formular erhalten und angenommen:\n\n"
        "Egerkingen: Reportingformular (Anhang 2), 1. Halbjahr 2024\n"
        f"Eingegangen am Mittwoch, 10.07.2024; Kennzeichen der Datei: {kennzeichen}.\n"
        "- Erstinformationsgespräch: 3, Beitrag Fr. 600.00\n"
        "- Dolmetschen Erstinformationsgespräch: 1, Beitrag Fr. 160.00\n\n"
        "Auf Beiträge besteht kein Rechtsanspruch (Ziff. 4.1.1); ausbezahlt wird Ende März und Ende September "
        "(Ziff. 4.5.2).\n\n"
        "Stimmt eine Zahl nicht, senden Sie bitte das berichtigte Formular; sonst müssen Sie nichts tun.\n\n"
        "Freundliche Grüsse\n\nKanton Solothurn\nstart.integration\nAuskunft: integration@so.example\n"
    )


def test_mitglieder_erfahren_dass_die_selbstdeklaration_der_leitgemeinde_fuer_sie_gilt(stelle: Ablage) -> None:
    gemeinden: list[dict[str, object]] = [
        {"bfs_nr": b, "name": n, "beteiligt_ab": date(2018, 1, 1), "email_koordination": "gaeu@so.example"}
        for b, n in GEMEINDEN.items()
    ]
    for g in gemeinden[1:]:
        g |= {"leitgemeinde": 2401, "leitgemeinde_ab": date(2020, 1, 1)}
    kontakt = [{"name": "Kontakt Name", "wert": "Anna\nMuster"}]
    stelle.stammdaten.write_bytes(stammdaten(Gemeinden=gemeinden, Einstellungen=kontakt))
    satz = (
        "Die Selbstdeklaration der Leitgemeinde (Egerkingen) gilt auch für Härkingen und Kestenholz; eine eigene ist "
        "dann nicht nötig."
    )
    for zeiten, steht in ((["2024-H1", "2024"], True), (["2024-H1"], False)):
        brief = text(mail(versenden(stelle.pfad, zeiten, Art.EINLADUNG, Uhr(date(2024, 1, 8))), "Einladung_2401_"))
        assert (satz in brief) is steht
        assert brief.endswith("\nAuskunft: Anna Muster\n")


def test_die_quittung_sagt_weshalb_ein_beitrag_wartet_oder_abgelehnt_ist(stelle: Ablage) -> None:
    """A «Nein» in the Selbstdeklaration holds the talks of its year; then «you need do nothing» would be untrue."""
    form, werte = formular("anhang3"), {**DATEN["gut"]["anhang3"], "bedingung_umsetzung": "Nein"}
    vorlage = next((stelle.vorlagen / "2024").glob("*_2401_*")).read_bytes()
    einwerfen(stelle, "2024-01-20/a.xlsx", fuelle(vorlage, form.id, form.version_fuer("2024").id, werte))
    einwerfen(stelle, "2024-07-10/b.xlsx", ausgefuellt(stelle, 2401))
    uhr = Uhr(date(2024, 7, 24), date(2024, 7, 24))

    def quittung() -> tuple[str, str]:
        zeilen = text(mail(versenden(stelle.pfad, ["2024-H1"], Art.QUITTUNG, uhr), "Quittung_2401_")).splitlines()
        return next(z for z in zeilen if z.startswith("- Erst")), next(z for z in zeilen if z.startswith("Stimmt"))

    assert quittung() == (
        "- Erstinformationsgespräch: 3, zurückgestellt: «Die Aufgaben von start.integration werden umgesetzt» ist "
        "mit «Nein» beantwortet. Teilen Sie mit, weshalb und bis wann die Voraussetzung erfüllt ist.",
        "Stimmt eine Zahl nicht, senden Sie bitte das berichtigte Formular.",
    )
    grund = {"begruendung": "keine Aufgaben umgesetzt", "visum": "AB"}
    entscheiden(stelle.pfad, Auftrag("2401", "2024", ("ablehnen",), **grund), uhr.stichtag)
    assert quittung()[0] == (
        "- Erstinformationsgespräch: 3, nicht beitragsberechtigt: Entscheid vom 24.07.2024: abgelehnt. keine Aufgaben "
        "umgesetzt."
    )


def test_jede_mail_ist_dieselbe_wenn_man_den_befehl_wiederholt(stelle: Ablage) -> None:
    def alle(v: Versandt) -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in Path(v.ordner).glob("*.eml")}

    erste = alle(versenden(stelle.pfad, ["2024-H1"], Art.EINLADUNG, JUNI))
    assert alle(versenden(stelle.pfad, ["2024-H1"], Art.EINLADUNG, JUNI)) == erste
