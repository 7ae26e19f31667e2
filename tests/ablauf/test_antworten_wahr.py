"""What a letter says is true beside the ledger: in force, paid, held; and what was decided is told."""

from __future__ import annotations

import email
import email.policy
import hashlib
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from openpyxl import load_workbook

from ablage.hilfe import ausgefuellt, einwerfen
from ablage.laufhilfe import einstellungen, freie, freigeben, geldstamm, offene
from krs import ablauf
from krs.ablage.archiv import Archiv
from krs.ablage.ordner import Ablage
from krs.ablauf.gesendet import gesendet

MEHR = {"erst_familien": 2, "erst_personen": 9}


def abschnitt(ablage: Ablage, bfs: int, tag: date) -> list[str]:
    """Return what the mail of a municipality says between the head of its form and the list."""
    ablauf.konsolidieren(ablage.pfad, tag)
    return brief(ablage, f"Mail_{bfs}_*.eml").partition("---\n")[2].partition("\n\n")[0].splitlines()


def brief(ablage: Ablage, muster: str) -> str:
    (pfad,) = ablage.rueckmeldungen.glob(muster)
    nachricht = email.message_from_bytes(pfad.read_bytes(), policy=email.policy.default)
    assert isinstance(nachricht, EmailMessage)
    rumpf = nachricht.get_body()
    assert rumpf is not None
    return str(rumpf.get_content()).replace("\r\n", "\n")


def test_eine_spaete_aenderung_zu_bezahltem_sagt_was_gilt_und_was_bezahlt_ist(tmp_path: Path) -> None:
    ablage = freie(tmp_path)
    einwerfen(ablage, "2024-10-02/a2.xlsx", ausgefuellt(ablage, 2401, **MEHR))
    assert abschnitt(ablage, 2401, date(2024, 10, 3)) == [
        "Eingegangen am Mittwoch, 02.10.2024; Eingabefrist Mittwoch, 31.07.2024.",
        "1 Rückfrage.",
        "Sie müssen nichts zurücksenden. Der Kanton entscheidet und meldet sich bei Ihnen.",
        "Es gilt weiterhin Ihre Fassung vom 15.07.2024; ausbezahlt sind dafür Fr. 760.00 (Lauf 2024-09).",
        "Offen ist nur die Änderung: Erstinformationsgespräche: mit Familien: 0 → 2; Erstinformationsgespräche: "
        "Erreichte Personen: 3 → 9.",
    ]


def test_vor_der_zahlung_heisst_es_anerkannt_und_noch_nicht_ausbezahlt(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    einwerfen(ablage, "2024-08-05/a2.xlsx", ausgefuellt(ablage, 2401, **MEHR))
    assert abschnitt(ablage, 2401, date(2024, 8, 6))[3] == (
        "Es gilt weiterhin Ihre Fassung vom 15.07.2024; anerkannt und noch nicht ausbezahlt sind Fr. 760.00."
    )


def test_eine_unbestaetigte_fassung_laesst_die_vorherige_gelten(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    einwerfen(ablage, "2024-07-20/a2.xlsx", ausgefuellt(ablage, 2401, bestaetigung="Nein"))
    assert abschnitt(ablage, 2401, date(2024, 8, 1))[2:] == [
        "Es gilt weiterhin Ihre Fassung vom 15.07.2024; anerkannt und noch nicht ausbezahlt sind Fr. 760.00.",
        "Offen ist nur die Änderung: Die Angaben sind vollständig und richtig: Ja → Nein.",
    ]


# --- decided --------------------------------------------------------------------------------
def entscheid(bfs: int, wort: str, code: str = "", am: date = date(2024, 8, 20), **mehr: object) -> dict[str, object]:
    return {
        "bfs_nr": bfs, "formular": "Anhang 2", "periode": "2024-H1", "code": code, "entscheid": wort,
        "begruendung": "Kein Nachweis vorgelegt.", "visum": "MB", "datum": am,
    } | mehr  # fmt: skip


def test_was_abgelehnt_anerkannt_oder_gekuerzt_ist_wird_einmal_gesagt(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    einwerfen(ablage, "2024-08-05/c2.xlsx", ausgefuellt(ablage, 2403, **MEHR))
    ablauf.konsolidieren(ablage.pfad, date(2024, 8, 6))
    halb = {"leistung": "Erstinformationsgespräch", "anerkannte_anzahl": 2}
    entscheide = [entscheid(2401, "kürzen", **halb), entscheid(2402, "ablehnen"), entscheid(2403, "anerkennen", "F-50")]
    ablage.stammdaten.write_bytes(geldstamm(Entscheide=entscheide))
    ablauf.konsolidieren(ablage.pfad, date(2024, 8, 21))
    assert brief(ablage, "Entscheid_2401_*.eml").startswith(
        "Guten Tag\n\n"
        "Der Kanton hat zu Ihrem Formular entschieden. Sie müssen nichts zurücksenden.\n\n"
        "Egerkingen: Reportingformular (Anhang 2), 1. Halbjahr 2024\n"
        "----------------------------------------------------------\n"
        "Eingegangen am Montag, 15.07.2024; Eingabefrist Mittwoch, 31.07.2024.\n\n"
        "1. Entscheid vom 20.08.2024: gekürzt. Kein Nachweis vorgelegt.\n"
        "   Erstinformationsgespräch: gemeldet 3, anerkannt 2 (Ziff. 4.2).\n\n"
    )
    assert brief(ablage, "Entscheid_2401_*.eml").endswith(
        "Anerkannt und noch nicht ausbezahlt: Erstinformationsgespräch Fr. 400.00, Dolmetschen "
        "Erstinformationsgespräch Fr. 160.00.\n\n"
        "Sind Sie mit dem Entscheid nicht einverstanden, antworten Sie auf diese E-Mail. Auf Beiträge besteht kein "
        "Rechtsanspruch (Ziff. 4.1.1).\n\n"
        "Freundliche Grüsse\n\nKanton Solothurn\nstart.integration\n"
    )
    assert "Nicht ausgerichtet: Erstinformationsgespräch Fr. 400.00." in brief(ablage, "Entscheid_2402_*.eml")
    dritter = brief(ablage, "Entscheid_2403_*.eml")
    assert (
        "1. Entscheid vom 20.08.2024: anerkannt. Kein Nachweis vorgelegt.\n   Es ging um: Das Formular ging am"
        in dritter
    )
    assert "Der Kanton entscheidet, ob es anerkannt wird" not in dritter  # it has
    assert "Anerkannt und noch nicht ausbezahlt: Erstinformationsgespräch Fr. 1'000.00, " in dritter
    gesendet(ablage.pfad, [], date(2024, 8, 22), alle=True)
    ablauf.konsolidieren(ablage.pfad, date(2024, 8, 22))
    assert not list(ablage.rueckmeldungen.glob("*.eml"))


def test_wer_kein_formular_hat_erfaehrt_dass_nichts_ausgerichtet_wird(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    (ablage.eingang / "2024-07-16/b.xlsx").unlink()
    ablage.stammdaten.write_bytes(geldstamm(Entscheide=[entscheid(2402, "ablehnen")]))
    ablauf.konsolidieren(ablage.pfad, date(2024, 8, 21))
    assert brief(ablage, "Entscheid_2402_*.eml").partition("---\n")[2].partition("Sind Sie")[0] == (
        "Das Formular ist nicht eingegangen.\n\n1. Entscheid vom 20.08.2024: abgelehnt. Kein Nachweis vorgelegt.\n\n"
    )


def test_ein_geloeschtes_formular_ist_eingegangen_und_ein_zugeordnetes_unlesbares_auch(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    tag, sha = date(2024, 8, 20), hashlib.sha256(b"%PDF-1.7").hexdigest()
    einwerfen(ablage, "2024-07-16/b.xlsx", b"%PDF-1.7")
    ablauf.konsolidieren(ablage.pfad, tag)
    geloescht = next(s for s, e in Archiv(ablage.archiv).eintraege.items() if e.wer.bfs_nr == 2403)
    ablauf.archiv_loeschen(ablage.pfad, geloescht, tag, "Namen", "MB", trotzdem=True)
    von = {"bfs_nr": 2402, "formular": "Anhang 2", "periode": "2024-H1", "visum": "MB", "datum": tag, "sha256": sha}
    entscheide = [entscheid(2402, "ablehnen"), entscheid(2403, "ablehnen")]
    ablage.stammdaten.write_bytes(geldstamm(Entscheide=entscheide, Zuordnungen=[von]))
    ablauf.konsolidieren(ablage.pfad, date(2024, 8, 21))
    assert [p.name for p in ablage.rueckmeldungen.glob("Entscheid_*")] == ["Entscheid_2402_Haerkingen_2024-08-21.eml"]
    assert brief(ablage, "Entscheid_2402_*.eml").partition("---\n")[2].partition("Sind Sie")[0] == (
        "Eingegangen am Dienstag, 16.07.2024; Eingabefrist Mittwoch, 31.07.2024.\n\n"
        "1. Entscheid vom 20.08.2024: abgelehnt. Kein Nachweis vorgelegt.\n\n"
    )


def test_was_vor_dem_letzten_lauf_von_0_4_entschieden_war_gilt_als_gesagt(tmp_path: Path) -> None:
    ablage = freie(tmp_path)
    (ablage.rueckmeldungen / "protokoll.csv").unlink()  # released by a version without an outbox
    alt, neu = entscheid(2402, "ablehnen"), entscheid(2403, "ablehnen", am=date(2024, 9, 20))
    ablage.stammdaten.write_bytes(geldstamm(Entscheide=[alt, neu]))
    ablauf.konsolidieren(ablage.pfad, date(2024, 9, 21))
    assert [p.name for p in ablage.rueckmeldungen.glob("*.eml")] == ["Entscheid_2403_Kestenholz_2024-09-21.eml"]


def test_die_frage_nach_der_vorlage_bringt_die_richtige_mit(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    ablage.stammdaten.write_bytes(geldstamm(Einstellungen=einstellungen(Korrekturfrist_Tage=10)))
    ablauf.vorlagen(ablage.pfad, "2024-H2")
    einwerfen(ablage, "2025-01-20/a2.xlsx", ausgefuellt(ablage, 2401, **MEHR))
    ablauf.konsolidieren(ablage.pfad, date(2025, 2, 3))
    (pfad,) = ablage.rueckmeldungen.glob("Mail_2401_*.eml")
    nachricht = email.message_from_bytes(pfad.read_bytes(), policy=email.policy.default)
    assert isinstance(nachricht, EmailMessage)
    namen = [a.get_filename() for a in nachricht.iter_attachments()]
    assert namen[1:] == ["Anhang_2_2024-H2_2401_Egerkingen.xlsx"]
    assert "Die richtige Vorlage liegt bei." in brief(ablage, "Mail_2401_*.eml")


# --- statements -----------------------------------------------------------------------------
def mitteilung(ablage: Ablage, bfs: int) -> list[str]:
    """Return the texts of a statement below its head."""
    (pfad,) = (ablage.laeufe / "2024-09/mitteilungen").glob(f"Beitragsmitteilung_*_{bfs}_*.xlsx")
    werte = [str(z.value) for r in load_workbook(pfad).active.iter_rows() for z in r if z.value is not None]
    return werte[werte.index("10.09.2024") + 1 :]


def test_jede_beteiligte_erhaelt_eine_mitteilung_und_liest_was_sie_nicht_erhaelt(tmp_path: Path) -> None:
    ablage = offene(tmp_path)
    (ablage.eingang / "2024-07-17/c.xlsx").unlink()
    kuerzen = entscheid(2401, "kürzen", leistung="Erstinformationsgespräch", anerkannte_anzahl=2)
    entscheide = [entscheid(2402, "ablehnen"), kuerzen]
    ablage.stammdaten.write_bytes(geldstamm(Entscheide=entscheide, Rückforderungen=[]))
    freigeben(ablage)
    vorbehalt = "Auf Beiträge besteht kein Rechtsanspruch (Ziff. 4.1.1 des Kreisschreibens KRS-GEF-2017/01)."
    egerkingen = mitteilung(ablage, 2401)
    ab = egerkingen.index("Nicht ausgerichtet")
    assert "Auszahlung Fr. 560.00 mit Valuta 30.09.2024" in egerkingen
    assert egerkingen[ab + 1 : ab + 3] == [
        "1. Halbjahr 2024: Erstinformationsgespräch, Fr. 200.00",
        "Gemeldet sind 3, anerkannt 2 (Ziff. 4.2). Kein Nachweis vorgelegt.",
    ]
    assert mitteilung(ablage, 2402) == [
        "Keine Auszahlung in diesem Lauf",
        "Nicht ausgerichtet",
        "1. Halbjahr 2024: Erstinformationsgespräch, Fr. 400.00",
        "Entscheid vom 20.08.2024: abgelehnt. Kein Nachweis vorgelegt.",
        vorbehalt,
        "Kanton Solothurn",
    ]
    assert mitteilung(ablage, 2403) == [
        "Keine Auszahlung in diesem Lauf",
        "Zurückgestellt, noch nicht ausbezahlt (Ziff. 5.2)",
        "1. Halbjahr 2024: Gespräche und Dolmetschen, Betrag offen",
        "Anhang 2 (Reportingformular) fehlt (Frist: Mittwoch, 31.07.2024). Bitte reichen Sie das Formular ein.",
        vorbehalt,
        "Kanton Solothurn",
    ]
    mails = sorted(p.name for p in (ablage.rueckmeldungen / "Mitteilungen_2024-09").glob("*.eml"))
    assert mails == [
        f"Mitteilung_2024-09_{g}_2024-09-10.eml" for g in ("2401_Egerkingen", "2402_Haerkingen", "2403_Kestenholz")
    ]
    zahlungen = (ablage.laeufe / "2024-09/zahlungen.csv").read_text("utf-8-sig").splitlines()
    assert [z.split(";")[1] for z in zahlungen[1:]] == ["2401"]
