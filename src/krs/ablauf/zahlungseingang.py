"""Invoices that were paid: a bank statement against the Rückforderungen, and its rows in the Stammdaten (Ziff. 4.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.laeufe import Laeufe
from krs.ablage.lesend import lesend
from krs.ablage.ordner import Ablage, AblageFehler, lies
from krs.ablauf.anordnung import nummer, visum
from krs.ablauf.gemeinsam import stammdaten_laden
from krs.ablauf.stammdatei import aenderung
from krs.export.konto import kompakt
from krs.export.kontoauszug import Gutschrift, Kontoauszug, lies_kontoauszug
from krs.export.qrrechnung import referenz
from krs.formulare.befund import mehrzahl
from krs.lauf.buchung import NULL, Buchung, Journal, Rechnung
from krs.lauf.forderungen import forderungen
from krs.lauf.uebersicht import Liste
from krs.recht import chf, datum, franken

if TYPE_CHECKING:
    from krs.mappen.nachtrag import Wert
    from krs.stammdaten.stammdaten import Rueckforderung, Stammdaten

BLATT = "Rückforderungen"
KOPF = ("Datum", "Betrag", "Rechnung", "Gemeinde", "Nr.", "bezahlter Betrag", "Beleg", "Stand")
_UNSERE = re.compile(r"RF\d\dR\d{10}")  # as the number of an invoice makes it: R-2024-03-2401
_AUSZAHLUNG = re.compile(r"KRS-(\d{4}-\d\d(?:-N\d)?)-\d{1,4}")
BEZAHLT, TEIL, ZUVIEL, DOPPELT, ERFASST, ZURUECK, UNBEKANNT = (
    "bezahlt", "Teilzahlung", "zu viel bezahlt", "doppelt bezahlt", "schon erfasst", "zurückgebucht",
    "unbekannte Referenz",
)  # fmt: skip
_NEU = (BEZAHLT, TEIL, ZUVIEL, DOPPELT)


@dataclass(frozen=True, slots=True)
class Eingang:
    """A movement that concerns an invoice: what of it goes to which Rückforderung, in CHF."""

    gutschrift: Gutschrift
    stand: str
    rechnung: Rechnung | None = None
    teile: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Abgleich:
    """A statement against the invoices; `sicherung` where its payments were written, else it is a proposal."""

    eingaenge: tuple[Eingang, ...]
    saetze: tuple[str, ...]
    sicherung: Path | None = None

    @property
    def neue(self) -> tuple[Eingang, ...]:
        """The payments that are not in the sheet yet."""
        return tuple(e for e in self.eingaenge if e.stand in _NEU)

    def liste(self) -> Liste:
        """Return what the screen shows."""
        zeilen = tuple(z for e in self.eingaenge for z in _zeilen(e))
        return Liste(KOPF, zeilen, self.saetze)


def abgleichen(pfad: Path, datei: Path | None, tag: date, wer: str | None = None) -> Abgleich:
    """Match a camt.053 or camt.054 with the invoices of released runs; write the payments where a mark is given.

    Args:
        wer: the mark under which they go into the sheet Rückforderungen; None: propose only.
    Raises: AblageFehler: no file, no mark, or the Stammdaten cannot be written; ValueError: no such file of a bank.
    """
    ablage = Ablage.oeffnen(pfad)
    if datei is None:
        raise AblageFehler("Übernommen wird aus einem Kontoauszug. Nennen Sie die Datei: --kontoauszug DATEI.")
    auszug = lies_kontoauszug(lies(datei), datei.name)
    if wer is None:
        return lesend(ablage, lambda: _vorschlag(ablage, auszug, tag)[0])
    with ablage.sperre():
        vorschlag, s, journal = _vorschlag(ablage, auszug, tag)
        neue, marke = vorschlag.neue, visum(wer)
        sicherung = _schreiben(ablage, s, journal, neue, marke, tag) if neue else None
        return replace(vorschlag, sicherung=sicherung)


def _vorschlag(ablage: Ablage, auszug: Kontoauszug, tag: date) -> tuple[Abgleich, Stammdaten, Journal]:
    journal, s = Laeufe(ablage.laeufe).journal, stammdaten_laden(ablage)[0]
    eingaenge = tuple(_eingaenge(s, journal, auszug, tag))
    return Abgleich(eingaenge, tuple(_saetze(s, eingaenge, auszug))), s, journal


# --- matching -------------------------------------------------------------------------------
def _eingaenge(s: Stammdaten, journal: Journal, auszug: Kontoauszug, tag: date) -> Iterator[Eingang]:
    offen = {f.nr: f.betrag - f.verrechnet - f.bezahlt for f in forderungen(s, journal, tag)}
    rechnungen = {referenz(r.nr): r for _, r in journal.rechnungen}
    zeilen = {r.nr: r for r in s.rueckforderungen}
    bekannt = {*zeilen, *(b.rueckforderung for b in journal.entstanden())}
    for g in sorted(auszug.zahlungen, key=lambda g: g.datum):
        r = rechnungen.get(g.referenz)
        if r is None:
            if _UNSERE.fullmatch(g.referenz):
                yield Eingang(g, UNBEKANNT)
            continue
        if not {p.nr for p in r.posten} <= bekannt:
            yield Eingang(g, UNBEKANNT, r)
        elif not g.gutschrift:
            yield Eingang(g, ZURUECK, r)
        elif _erfasst(g, [zeilen[p.nr] for p in r.posten if p.nr in zeilen]):
            yield Eingang(g, ERFASST, r)
        else:
            rest = sum((max(offen[p.nr], NULL) for p in r.posten if p.nr in offen), NULL)
            stand = _stand(g.betrag, rest)
            teile = tuple(_verteilt(g.betrag, [(p.nr, offen.get(p.nr, NULL)) for p in r.posten]))
            for nr, teil in teile:
                offen[nr] = offen.get(nr, NULL) - teil
            yield Eingang(g, stand, r, teile)


def _stand(betrag: Decimal, rest: Decimal) -> str:
    if not rest:
        return DOPPELT
    return BEZAHLT if betrag == rest else TEIL if betrag < rest else ZUVIEL


def _verteilt(betrag: Decimal, reste: Sequence[tuple[str, Decimal]]) -> Iterator[tuple[str, Decimal]]:
    """Yield what goes to each Rückforderung of an invoice, in its order; what is too much stays with the last."""
    for n, (nr, rest) in enumerate(reste, 1):
        teil = betrag if n == len(reste) else min(betrag, max(rest, NULL))
        betrag -= teil
        if teil:
            yield nr, teil


def _erfasst(g: Gutschrift, zeilen: Sequence[Rueckforderung]) -> bool:
    """Tell whether a payment stands in the sheet: its voucher does, or day and amount without a voucher."""
    if any(g.beleg in re.split(r"[\s,;]+", r.beleg) for r in zeilen):
        return True
    von_hand = [r for r in zeilen if r.bezahlt_am == g.datum and not r.beleg]
    return bool(von_hand) and sum((r.bezahlter_betrag or NULL for r in von_hand), NULL) == g.betrag


# --- what is said ---------------------------------------------------------------------------
def _zeilen(e: Eingang) -> Iterator[tuple[str, ...]]:
    g, r = e.gutschrift, e.rechnung
    for nr, teil in e.teile or (("–", NULL),):
        yield (
            datum(g.datum), chf(g.betrag), r.nr if r else g.referenz, r.gemeinde if r else g.von, nr,
            chf(teil) if e.teile else "–", g.beleg, e.stand,
        )  # fmt: skip


def _saetze(s: Stammdaten, eingaenge: Sequence[Eingang], auszug: Kontoauszug) -> Iterator[str]:
    neue = [e for e in eingaenge if e.stand in _NEU]
    summe = sum((e.gutschrift.betrag for e in neue), NULL)
    yield f"{mehrzahl(len(neue), 'Zahlung', 'Zahlungen')} an unsere Rechnungen: {franken(summe)}."
    for e in eingaenge:
        g, r = e.gutschrift, e.rechnung
        wer = f"{r.gemeinde}, Rechnung {r.nr}" if r else f"Referenz {g.referenz}"
        if e.stand in (ZUVIEL, DOPPELT):
            yield f"{wer}: {franken(g.betrag)} am {datum(g.datum)} {e.stand}; was zu viel ist, gehört der Gemeinde."
        elif e.stand == ZURUECK:
            yield (
                f"{wer}: {franken(g.betrag)} am {datum(g.datum)} zurückgebucht. Ist die Zahlung im Blatt "
                "Rückforderungen eingetragen, berichtigen Sie die Zeile von Hand."
            )
        elif e.stand == UNBEKANNT:
            was = (
                "die Rückforderung dazu steht nicht mehr in den Stammdaten" if r else "eine solche Rechnung fehlt hier"
            )
            yield f"{wer}: {franken(g.betrag)} von {g.von or 'unbekannt'} am {datum(g.datum)}; {was}."
    zugeordnet = {e.gutschrift for e in eingaenge}
    uebrige = [g for g in auszug.zahlungen if g.gutschrift and g not in zugeordnet]
    yield from _rueckleitungen(uebrige)
    yield from _ohne_referenz(uebrige)
    if fremde := [k for k in auszug.konten if k != kompakt(s.einstellungen.kanton_iban)]:
        yield f"Der Auszug ist vom Konto {', '.join(fremde)}; die Einstellung «Kanton IBAN» nennt ein anderes."


def _rueckleitungen(uebrige: Sequence[Gutschrift]) -> Iterator[str]:
    for g in uebrige:
        if treffer := _AUSZAHLUNG.fullmatch(g.zahlung):
            yield (
                f"Zurückgekommen ist die Auszahlung {g.zahlung}: {franken(g.betrag)} am {datum(g.datum)}. Erfassen Sie "
                f"sie mit «krs export ABLAGE {treffer[1]} --antwort DATEI» als abgelehnt."
            )


def _ohne_referenz(uebrige: Sequence[Gutschrift]) -> Iterator[str]:
    """Yield what may be ours though its reference is missing, and how many others there are."""
    genannt = [g for g in uebrige if re.search(r"\bR-\d{4}-\d\d\S*-\d{4}\b|start\.?integration", g.text, re.IGNORECASE)]
    for g in genannt:
        yield (
            f"Ohne Referenz: {franken(g.betrag)} am {datum(g.datum)} von {g.von or 'unbekannt'}, «{g.text}», Beleg "
            f"{g.beleg}. Gehört die Zahlung zu einer Rechnung, tragen Sie sie von Hand ein."
        )
    if rest := len(uebrige) - len(genannt) - sum(bool(_AUSZAHLUNG.fullmatch(g.zahlung)) for g in uebrige):
        yield f"{mehrzahl(rest, 'weitere Gutschrift nennt', 'weitere Gutschriften nennen')} keine unserer Rechnungen."


# --- writing --------------------------------------------------------------------------------
def _schreiben(ablage: Ablage, s: Stammdaten, journal: Journal, neue: Sequence[Eingang], wer: str, tag: date) -> Path:
    """Write payments beside their Rückforderung; one that a run made gets a row, which a second person completes."""
    from krs.stammdaten.plan import blaetter

    zeilen, gebildet = {r.nr: r for r in s.rueckforderungen}, {b.rueckforderung: b for b in journal.entstanden()}
    je_nr: dict[str, list[tuple[Gutschrift, Decimal]]] = {}
    for e in neue:
        for nr, teil in e.teile:
            je_nr.setdefault(nr, []).append((e.gutschrift, teil))
    setzen = {nummer(zeilen[nr]): _werte(zeilen[nr], teile, wer) for nr, teile in je_nr.items() if nr in zeilen}
    ohne = {nr: _werte(None, teile, wer) | _kopf(gebildet[nr], wer) for nr, teile in je_nr.items() if nr not in zeilen}
    spalten = [x.id for x in next(b for b in blaetter() if b.name == BLATT).spalten]
    a = aenderung(ablage, BLATT, [tuple(w.get(k) for k in spalten) for w in ohne.values()], setzen=setzen)
    a.stammdaten()
    return a.schreiben(tag)


def _werte(r: Rueckforderung | None, teile: Sequence[tuple[Gutschrift, Decimal]], wer: str) -> dict[str, Wert]:
    """Return what a row says of its payments: the last day, their sum, each voucher with the mark."""
    bisher = (r.bezahlter_betrag or NULL) if r else NULL
    belege = [*([r.beleg] if r and r.beleg else []), *(f"{g.beleg} ({wer})" for g, _ in teile)]
    return {
        "bezahlt_am": max(g.datum for g, _ in teile),
        "bezahlter_betrag": bisher + sum((t for _, t in teile), NULL),
        "beleg": ", ".join(belege),
    }


def _kopf(b: Buchung, wer: str) -> dict[str, Wert]:
    return {
        "nr": b.rueckforderung, "bfs_nr": b.bfs_nr, "gemeinde": b.gemeinde, "datum": b.datum, "betrag": b.betrag,
        "grund": b.grund, "ziffer": "4.7", "verfuegt_von": wer,
    }  # fmt: skip
