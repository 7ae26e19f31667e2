"""The CSV files of a run: what is written is read back, and nothing in them becomes a formula."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date
from decimal import Decimal

import pytest

from krs.ablage.csvdatei import csv_lesen, csv_schreiben
from krs.ablage.laeufe import UEBERGABEN
from krs.ablage.laufdateien import (
    ANTWORTEN,
    BUCHUNGEN,
    ZAHLUNGEN,
    Antwortzeile,
    antworten_lesen,
    buchungen_csv,
    buchungen_lesen,
    journal_csv,
    rechnungen_csv,
    zahlungen_csv,
    zahlungen_lesen,
)  # fmt: skip
from krs.lauf.buchung import Art, Buchung, Posten, Rechnung, Rechnungsposten
from krs.lauf.hauptbuch import Konten, Satz
from krs.lauf.plan import Abrechnung
from krs.recht import Leistung
from krs.stammdaten.stammdaten import Einstellungen

TAG = date(2024, 3, 20)
KONTEN = Konten(Einstellungen(konto_aufwand="3632.00", konto_verrechnung="2006.00"))
MIT_SOCKEL = Konten(KONTEN.e.model_copy(update={"konto_sockel": "3632.50"}))
BOESE = ("=1+1", "+41 62", "-5", "@SUMME", "\tx", "\rx", "'x", "a;b", 'a"b', "a\nb", "Mümliswil", "")


def buchung(art: Art = Art.ANSPRUCH, **anders: object) -> Buchung:
    werte: dict[str, object] = {
        "id": "2024-03/2401/sockel/2024", "lauf": "2024-03", "datum": TAG, "art": art, "bfs_nr": 2401,
        "gemeinde": "Egerkingen", "empfaenger": 2401, "betrag": Decimal("1050.05"),
    }  # fmt: skip
    return Buchung(**{**werte, **anders})  # type: ignore[arg-type]


VOLL = buchung(
    posten=Posten(2401, Leistung.SOCKEL, "2024"), anzahl=150, ansatz=Decimal("7.00"), kreditjahr=2024,
    sha256="a" * 64, zellen="Ausländerbestand!D2+D3", grund="Neuberechnung: Statistik",
)  # fmt: skip


@pytest.mark.parametrize(
    "b",
    [
        VOLL,
        buchung(Art.VERRECHNUNG, betrag=Decimal("-0.05"), rueckforderung="R-1"),
        buchung(Art.RUECKFORDERUNG, betrag=Decimal("99999999.95"), rueckforderung="2024-03-2401"),
        buchung(Art.RUECKWEISUNG, rueckforderung="2023-09/2401", grund="=AC04"),
        buchung(Art.DIFFERENZ, posten=Posten(2402, Leistung.ERST, "2023-H2"), anzahl=0, ansatz=Decimal("200.00"),
                betrag=Decimal("-600.00"), kreditjahr=2023),
    ],
)  # fmt: skip
def test_eine_buchung_wird_gelesen_wie_sie_geschrieben_wurde(b: Buchung) -> None:
    daten = buchungen_csv([b, b], KONTEN)
    assert buchungen_lesen(daten) == (b, b)
    assert buchungen_csv(buchungen_lesen(daten), KONTEN) == daten


def test_ansprueche_und_differenzen_gehen_auf_das_aufwandkonto_alles_andere_auf_verrechnung() -> None:
    fuer = {x: Posten(2401, x, "2024") for x in (Leistung.ERST, Leistung.SOCKEL)}
    alle = [
        buchung(Art.ANSPRUCH, posten=fuer[Leistung.SOCKEL]), buchung(Art.DIFFERENZ, posten=fuer[Leistung.ERST]),
        buchung(Art.VERRECHNUNG), buchung(Art.RUECKFORDERUNG), buchung(Art.RUECKWEISUNG),
    ]  # fmt: skip
    for konten, sockel in ((KONTEN, "3632.00"), (MIT_SOCKEL, "3632.50")):
        zeilen = buchungen_csv(alle, konten).decode("utf-8-sig").splitlines()[1:]
        gelesen = [z.split(";")[BUCHUNGEN.index("konto")] for z in zeilen]
        assert gelesen == [sockel, "3632.00", "2006.00", "2006.00", "2006.00"]


def test_journal_und_rechnungen_als_csv() -> None:
    satz = Satz(
        "KRS-2024-03-2581", TAG, "3632.00", "2004", Decimal("2400"), "Olten: Erstinformationsgespräch", 2024, "620",
        2581, "K81", "2023-H2", "Erstinformationsgespräch",
    )  # fmt: skip
    ohne = Satz("KRS-2024-03-RF-R-1", TAG, "1015", "3632.00", Decimal("0.05"), "=1+1")
    assert journal_csv([satz, ohne]).decode("utf-8-sig").splitlines() == [
        "Beleg;Datum;Soll;Haben;Betrag;Text;Kreditjahr;Kostenstelle;BFS-Nr.;Kreditor-Nr.;Periode;Leistung",
        "KRS-2024-03-2581;2024-03-20;3632.00;2004;2400.00;Olten: Erstinformationsgespräch;2024;620;2581;K81;2023-H2;"
        "Erstinformationsgespräch",
        "KRS-2024-03-RF-R-1;2024-03-20;1015;3632.00;0.05;'=1+1;;;;;;",
    ]
    posten = (Rechnungsposten("R-2", Decimal(150)), Rechnungsposten("2024-03-2407", Decimal(90)))
    rechnung = Rechnung("R-2024-03-2407", 2407, "Oensingen", Decimal(240), date(2024, 4, 19), posten)
    assert rechnungen_csv([rechnung], TAG, lambda r: ("D07", f"RF18{r.bfs_nr}")).decode("utf-8-sig").splitlines() == [
        "Nr.;BFS-Nr.;Gemeinde;Debitor-Nr.;Betrag;Datum;fällig;SCOR-Referenz;Rückforderung",
        "R-2024-03-2407;2407;Oensingen;D07;240.00;2024-03-20;2024-04-19;RF182407;R-2, 2024-03-2407",
    ]


@pytest.mark.parametrize("text", BOESE)
def test_fremder_text_wird_nie_zur_formel_und_bleibt_erhalten(text: str) -> None:
    """The sheet's name comes from the municipality's own workbook, the reason from the bank."""
    b = buchung(gemeinde=text, rueckforderung=text, zellen=text, grund=text)
    daten = buchungen_csv([b], Konten(Einstellungen(konto_aufwand=text, konto_verrechnung=text)))
    assert buchungen_lesen(daten) == (b,)
    a = Abrechnung("2024-03", 2401, text, 2401, *[Decimal("0.05")] * 5)
    assert zahlungen_lesen(zahlungen_csv([a])) == (a,)
    z = Antwortzeile("2024-03", "KRS-2024-03-2401", 2401, Decimal("0.05"), False, TAG, text)
    antworten = csv_schreiben(ANTWORTEN, [astuple(z)])
    assert antworten_lesen(antworten) == (z,)
    u = dict.fromkeys(UEBERGABEN, text)
    uebergaben = csv_schreiben(UEBERGABEN, [list(u.values())])
    assert list(csv_lesen(uebergaben, UEBERGABEN)) == [u]
    for roh in (daten, zahlungen_csv([a]), antworten, uebergaben):
        felder = roh.decode("utf-8-sig").replace("\r\n", ";").replace('"', "").split(";")
        assert [f for f in felder if f[:1] in ("=", "+", "@", "\t", "\r")] == []


def test_betraege_haben_zwei_stellen_und_keine_trennzeichen() -> None:
    a = Abrechnung(
        "2024-03", 2401, "Egerkingen", 2613, Decimal("1234567.5"), Decimal("-0.05"), Decimal(0), Decimal("1234567.45"),
        Decimal(0),
    )  # fmt: skip
    assert zahlungen_csv([a]).decode().splitlines()[1] == (
        "2024-03;2401;Egerkingen;2613;1234567.50;-0.05;0.00;1234567.45;0.00"
    )


@pytest.mark.parametrize("lesen", [buchungen_lesen, zahlungen_lesen, antworten_lesen])
@pytest.mark.parametrize(
    "roh",
    [
        b"", b"\xff\xfe\x00", b"lauf;bfs_nr\r\n", b"\x00", b'"lauf', ";".join(ZAHLUNGEN).encode() + b"\r\n1;2\r\n",
        ";".join(BUCHUNGEN).encode() + b"\r\n" + b";" * 18 + b"\r\n",
        ";".join(ANTWORTEN).encode() + b"\r\n2024-03;K;2401;viel;Ja;2024-03-20;\r\n",
        ";".join(ANTWORTEN).encode() + b"\r\n2024-03;K;2401;1.00;vielleicht;2024-03-20;\r\n",
    ],
)  # fmt: skip
def test_was_keine_solche_tabelle_ist_wird_nicht_gelesen(lesen: object, roh: bytes) -> None:
    assert callable(lesen)
    with pytest.raises((ValueError, KeyError)):
        lesen(roh)
