"""What a letter says is true beside the ledger: in force, paid, held; and what was decided is told."""

from __future__ import annotations

import email
import email.policy
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from ablage.hilfe import ausgefuellt, einwerfen
from ablage.laufhilfe import freie, offene
from krs import ablauf
from krs.ablage.ordner import Ablage

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
