"""Reminders of overdue invoices: two at most, with the payment part of the rest, none for what is settled (Ziff. 4.7).

Run 2024-09 invoiced Kestenholz 240 (R-2024-09-2403), due on 10 October 2024.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from ablage.hilfe import baum
from ablage.laufhilfe import FORDERUNGEN, einstellungen, freie, geldstamm, gemeinden
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.rechnungsmahnungen import Gemahnt, mahne_rechnungen

NR, FAELLIG = "R-2024-09-2403", date(2024, 10, 10)
TAG1, TAG2, TAG3 = date(2024, 10, 15), date(2024, 11, 15), date(2024, 12, 15)
KOPF = "\ufeffDatum;Stufe;Rechnung;BFS-Nr.;Gemeinde;Betrag;an"
TEXT = """Guten Tag

Die Rechnung R-2024-09-2403 über Fr. 240.00 war bis 10.10.2024 zu bezahlen (Ziff. 4.7). {offen}

- Rückforderung Nr. R-2 vom 01.06.2024: Stichprobe

{mitte}Bitte überweisen Sie den offenen Betrag mit dem beiliegenden Zahlteil; die Referenz ist jene der Rechnung. \
Zins verlangen wir keinen.

{ende}Berücksichtigt ist, was bis {tag} bei uns eingetragen war. Haben Sie inzwischen bezahlt, ist dieses Schreiben \
gegenstandslos.

Freundliche Grüsse

Kanton Solothurn
start.integration
Auskunft: Anna Muster, 032 627 00 00
"""


def mit(ablage: Ablage, **anders: Any) -> Ablage:
    """Write Stammdaten in which `anders` changes the row of R-2."""
    finanzen = {"b2403": {"email_finanzen": "fv@kestenholz.example"}}
    ablage.stammdaten.write_bytes(
        geldstamm(
            Gemeinden=gemeinden(**finanzen),
            Rückforderungen=[FORDERUNGEN[0], FORDERUNGEN[1] | anders],
            Einstellungen=einstellungen(Kontakt_Name="Anna Muster", Kontakt_Telefon="032 627 00 00"),
        )
    )
    return ablage


@pytest.fixture
def frei(tmp_path: Path) -> Ablage:
    return mit(freie(tmp_path))


def mail(g: Gemahnt) -> EmailMessage:
    (pfad,) = g.ordner.glob("*.eml")
    nachricht = message_from_bytes(pfad.read_bytes(), policy=default)
    assert isinstance(nachricht, EmailMessage)
    return nachricht


def text(m: EmailMessage) -> str:
    koerper = m.get_body()
    assert koerper is not None
    return str(koerper.get_content()).replace("\r\n", "\n") + "\n"


def log(ablage: Ablage) -> list[str]:
    return (ablage.rueckmeldungen / "Mahnungen/rechnungen.csv").read_bytes().decode("utf-8").splitlines()


@pytest.mark.parametrize(
    "bezahlt",
    [
        {"bezahlt_am": TAG1, "bezahlter_betrag": Decimal(240), "beleg": "Z1"},
        {"erneut_verrechnen": "Ja"},
    ],
)
def test_bezahltes_und_was_verrechnet_wird_wird_nicht_gemahnt(frei: Ablage, bezahlt: dict[str, Any]) -> None:
    vorher = baum(mit(frei, **bezahlt).pfad)
    g = mahne_rechnungen(frei.pfad, TAG1)
    assert (g.faellige, g.liste().saetze) == ((), ("Keine Rechnung ist überfällig.",))
    assert baum(frei.pfad) == vorher


def test_am_tag_der_faelligkeit_wird_noch_nicht_gemahnt(frei: Ablage) -> None:
    assert mahne_rechnungen(frei.pfad, FAELLIG).faellige == ()


def test_zwei_mahnungen_mit_zahlteil_dann_ein_satz(frei: Ablage) -> None:
    erste = mahne_rechnungen(frei.pfad, TAG1)
    assert erste.liste().zeilen == ((NR, "Kestenholz", "10.10.2024", "240.00", "1"),)
    assert erste.liste().saetze == (f"1 Entwurf liegt zum Prüfen und Senden in {erste.ordner}.",)
    m = mail(erste)
    assert (m["To"], m["Subject"]) == ("fv@kestenholz.example", f"start.integration: 1. Mahnung zur Rechnung {NR}")
    assert text(m) == TEXT.format(offen="Offen sind Fr. 240.00.", mitte="", ende="", tag="15.10.2024")
    (beilage,) = m.iter_attachments()
    assert beilage.get_filename() == f"Mahnung_1_{NR}.pdf"
    (seite,) = PdfReader(BytesIO(beilage.get_content()), strict=True).pages
    worte = seite.extract_text()
    assert all(w in worte for w in (f"1. Mahnung zur Rechnung {NR}", "RF06 R202 4092 403", "240.00", "Zahlteil"))
    vorher = baum(frei.rueckmeldungen)
    assert mahne_rechnungen(frei.pfad, TAG1) == erste  # the same day: the same drafts
    assert baum(frei.rueckmeldungen) == vorher

    mit(frei, bezahlt_am=date(2024, 10, 20), bezahlter_betrag=Decimal(100), beleg="Z1")
    zweite = mahne_rechnungen(frei.pfad, TAG2)
    assert zweite.liste().zeilen == ((NR, "Kestenholz", "10.10.2024", "140.00", "2"),)
    assert text(mail(zweite)) == TEXT.format(
        offen="Bezahlt oder verrechnet sind Fr. 100.00, offen Fr. 140.00.",
        mitte="Wir haben Sie am 15.10.2024 daran erinnert.\n\n",
        ende="Bleibt die Zahlung aus, kann der Kanton den Betrag mit künftigen Beiträgen verrechnen.\n\n",
        tag="15.11.2024",
    )
    an = "fv@kestenholz.example"
    zeilen = [
        KOPF, f"2024-10-15;1;{NR};2403;Kestenholz;240.00;{an}", f"2024-11-15;2;{NR};2403;Kestenholz;140.00;{an}",
    ]  # fmt: skip
    assert log(frei) == zeilen

    dritte = mahne_rechnungen(frei.pfad, TAG3)
    assert dritte.liste().saetze == (
        f"Rechnung {NR}, Kestenholz: schon zweimal gemahnt (15.10.2024 und 15.11.2024). Klären Sie mit der Gemeinde, "
        "oder setzen Sie «erneut verrechnen» auf Ja.",
    )
    assert (dritte.ordner.exists(), log(frei)) == (False, zeilen)


def test_ein_beschaedigtes_protokoll_haelt_an(frei: Ablage) -> None:
    pfad = frei.rueckmeldungen / "Mahnungen" / "rechnungen.csv"
    pfad.parent.mkdir()
    pfad.write_text("Datum;Stufe\n", encoding="utf-8")
    with pytest.raises(AblageFehler) as fehler:
        mahne_rechnungen(frei.pfad, TAG1)
    assert str(fehler.value) == f"«{pfad}» ist beschädigt. Stellen Sie die Datei aus der Sicherung wieder her."
