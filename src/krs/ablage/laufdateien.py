"""The CSV files of a run, which Excel opens and which read back are the ledger (entwurf 4.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from krs.ablage.csvdatei import csv_lesen, csv_schreiben
from krs.lauf.buchung import Art, Buchung, Posten, Rechnung
from krs.lauf.hauptbuch import Konten, Satz
from krs.lauf.plan import Abrechnung
from krs.recht import LEISTUNG

ZAHLUNGEN = (
    "lauf", "bfs_nr", "gemeinde", "empfaenger_bfs_nr", "anspruch", "differenz_frueher", "verrechnet", "auszahlung",
    "rechnung",
)  # fmt: skip
BUCHUNGEN = (
    "buchung", "lauf", "datum", "art", "bfs_nr", "gemeinde", "empfaenger_bfs_nr", "betrag", "anspruch_bfs_nr",
    "leistung", "periode", "anzahl", "ansatz", "rueckforderung", "kreditjahr", "konto", "sha256", "zellen", "grund",
)  # fmt: skip
JOURNAL = (
    "Beleg", "Datum", "Soll", "Haben", "Betrag", "Text", "Kreditjahr", "Kostenstelle", "BFS-Nr.", "Kreditor-Nr.",
    "Periode", "Leistung",
)  # fmt: skip
RECHNUNGEN = (
    "Nr.", "BFS-Nr.", "Gemeinde", "Debitor-Nr.", "Betrag", "Datum", "fällig", "SCOR-Referenz", "Rückforderung",
)  # fmt: skip
ANTWORTEN = ("lauf", "end_to_end_id", "bfs_nr", "betrag", "ausgefuehrt", "datum", "grund")
_JA_NEIN = {"Ja": True, "Nein": False}


@dataclass(frozen=True, slots=True)
class Antwortzeile:
    """What the bank answered about one payment; the last line about it counts."""

    lauf: str
    end_to_end_id: str
    bfs_nr: int
    betrag: Decimal
    ausgefuehrt: bool
    datum: date
    grund: str


def zahlungen_csv(abrechnungen: Iterable[Abrechnung]) -> bytes:
    """Return zahlungen.csv: one row per municipality, amounts in CHF as 1234.50 (entwurf 4.5)."""
    return csv_schreiben(ZAHLUNGEN, map(astuple, abrechnungen))


def buchungen_csv(buchungen: Iterable[Buchung], konten: Konten | None) -> bytes:
    """Return buchungen.csv: one row per claim, difference and netting, with its id and account, if they are given."""
    zeilen = []
    for b in buchungen:
        p = b.posten
        konto = "" if konten is None else konten.aufwand(p.leistung) if p else konten.verrechnung
        zeilen.append([
            b.id, b.lauf, b.datum, b.art, b.bfs_nr, b.gemeinde, b.empfaenger, b.betrag,
            *((p.bfs_nr, p.leistung.schluessel, p.periode) if p else ("", "", "")), b.anzahl, b.ansatz,
            b.rueckforderung, b.kreditjahr, konto, b.sha256, b.zellen, b.grund,
        ])  # fmt: skip
    return csv_schreiben(BUCHUNGEN, zeilen)


def journal_csv(saetze: Iterable[Satz]) -> bytes:
    """Return journal.csv: one row per debit and credit (entwurf 4.5)."""
    return csv_schreiben(JOURNAL, map(astuple, saetze))


def rechnungen_csv(
    rechnungen: Iterable[Rechnung], datum: date, weiteres: Callable[[Rechnung], tuple[str, str]]
) -> bytes:
    """Return rechnungen.csv: one row per invoice.

    Args:
        weiteres: number of the debtor, and the reference of the bill.
    """
    zeilen = []
    for r in rechnungen:
        nummer, referenz = weiteres(r)
        forderungen = ", ".join(p.nr for p in r.posten)
        zeilen.append((r.nr, r.bfs_nr, r.gemeinde, nummer, r.betrag, datum, r.faellig, referenz, forderungen))
    return csv_schreiben(RECHNUNGEN, zeilen)


def buchungen_lesen(daten: bytes) -> tuple[Buchung, ...]:
    """Return the bookings of a run as they were released. Raises: ValueError: not such a file."""
    return tuple(_buchung(z) for z in csv_lesen(daten, BUCHUNGEN))


def zahlungen_lesen(daten: bytes) -> tuple[Abrechnung, ...]:
    """Return the lines of zahlungen.csv as they were released. Raises: ValueError: not such a file."""
    return tuple(
        Abrechnung(
            z["lauf"], int(z["bfs_nr"]), z["gemeinde"], int(z["empfaenger_bfs_nr"]),
            *(_betrag(z[k]) for k in ZAHLUNGEN[4:]),
        )
        for z in csv_lesen(daten, ZAHLUNGEN)
    )  # fmt: skip


def antworten_lesen(daten: bytes) -> tuple[Antwortzeile, ...]:
    """Return the answers in order. Raises: ValueError: not such a file."""
    return tuple(
        Antwortzeile(
            z["lauf"], z["end_to_end_id"], int(z["bfs_nr"]), _betrag(z["betrag"]), _JA_NEIN[z["ausgefuehrt"]],
            date.fromisoformat(z["datum"]), z["grund"],
        )
        for z in csv_lesen(daten, ANTWORTEN)
    )  # fmt: skip


def _buchung(z: dict[str, str]) -> Buchung:
    posten = None
    if z["leistung"]:
        posten = Posten(int(z["anspruch_bfs_nr"]), LEISTUNG[z["leistung"]], z["periode"])
    return Buchung(
        z["buchung"], z["lauf"], date.fromisoformat(z["datum"]), Art(z["art"]), int(z["bfs_nr"]), z["gemeinde"],
        int(z["empfaenger_bfs_nr"]), _betrag(z["betrag"]), posten, int(z["anzahl"]) if z["anzahl"] else None,
        _betrag(z["ansatz"]) if z["ansatz"] else None, z["rueckforderung"],
        int(z["kreditjahr"]) if z["kreditjahr"] else None, z["sha256"], z["zellen"], z["grund"], z["konto"],
    )  # fmt: skip


def _betrag(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as fehler:
        raise ValueError from fehler
