"""Anhang 1 of a year as figures: what the canton announces to the municipalities (Ziff. 4.5.3). No workbook.

Where an amount is not known, the sentence of NichtGeregelt stands in its place, never a 0 (docs/entscheide/02, 17).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.daten import ERSTES_JAHR
from krs.formulare.befund import mehrzahl
from krs.recht import (
    BestandFehlt,
    BestandUnklar,
    Beteiligung,
    Halbjahr,
    Leistung,
    Rechenschritt,
    auslaender,
    sockelbeitrag,
    stichtag,
)
from krs.schreiben import publikation
from krs.schreiben.anhang1_ansaetze import Ansatz, Termin, abgelaufen, ansaetze_von, termine
from krs.stammdaten.adressen import alphabetisch
from krs.urteil.nachbarn import beteiligte

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten

FEHLT, UNKLAR, OFFENER_ENTSCHEID = "Bestand fehlt", "Bestand unklar", "teilweise beteiligt: Entscheid (Ziff. 4.2)"
NICHT_BETEILIGT = "am 01.01. nicht beteiligt"
Gezeigt = Decimal | str | None


@dataclass(frozen=True, slots=True)
class Bezahlt:
    """What released runs booked for a municipality's talks and interpreters of one year: CHF, and counts."""

    betrag: Decimal
    anzahlen: Mapping[Leistung, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Zeile:
    """One municipality as on 01.01. of the year.

    `satz`: what is missing and where to enter it. `offen`: its Sockelbeitrag is missing in the sums. `beteiligt`: else
    it stands here only for what was paid.
    `bezahlt`: for itself alone, in CHF; `gezeigt`: the same as the others may see it, None before the first run.
    """

    bfs_nr: int
    gemeinde: str
    bezirk: str
    leitgemeinde: str
    empfaenger: str
    anzahl: int | None = None
    schritt: Rechenschritt | None = None
    quellen: tuple[str, ...] = ()
    bemerkung: str = ""
    satz: str = ""
    offen: bool = False
    beteiligt: bool = True
    bezahlt: Decimal | None = None
    gezeigt: Gezeigt = None


@dataclass(frozen=True, slots=True)
class Summe:
    """A total; a figure is None where no row has one. `offen`: how many rows are missing in `anzahl` and `betrag`."""

    name: str
    gemeinden: int
    offen: int
    anzahl: int | None
    betrag: Decimal | None
    bezahlt: Gezeigt


@dataclass(frozen=True, slots=True)
class Anhang1:
    """All of one year; `hinweise`: what a person must know before sending it."""

    jahr: int
    stichtag: date
    ansaetze: tuple[Ansatz, ...]
    termine: tuple[Termin, ...]
    zeilen: tuple[Zeile, ...]
    hinweise: tuple[str, ...]
    grenze: int

    @property
    def name(self) -> str:
        """The number of the annex: «1a» is 2017, «1h» is 2024."""
        nummer = self.jahr - ERSTES_JAHR.year
        return f"1{'a' * (nummer // 26)}{chr(ord('a') + nummer % 26)}"

    @property
    def sockel(self) -> Ansatz:
        """The rate of the Sockelbeitrag."""
        return next(a for a in self.ansaetze if a.leistung is Leistung.SOCKEL)

    @property
    def beteiligte(self) -> tuple[Zeile, ...]:
        """The municipalities that take part: they are told."""
        return tuple(z for z in self.zeilen if z.beteiligt)

    @property
    def quellen(self) -> tuple[str, ...]:
        """Where the residents come from, each source once."""
        return tuple(dict.fromkeys(q for z in self.zeilen for q in z.quellen))

    def bezirke(self) -> tuple[Summe, ...]:
        """Return the totals per Bezirk, by name."""
        namen = sorted({z.bezirk for z in self.zeilen}, key=alphabetisch)
        return tuple(summe(n, [z for z in self.zeilen if z.bezirk == n]) for n in namen)

    def total(self) -> Summe:
        """Return the total of the canton."""
        return summe("Kanton Solothurn", self.zeilen)


def summe(name: str, zeilen: Iterable[Zeile]) -> Summe:
    """Return the total of some rows; what others may not see takes its sum with it."""
    alle = list(zeilen)
    anzahlen = [z.anzahl for z in alle if z.anzahl is not None]
    betraege = [z.schritt.betrag for z in alle if z.schritt is not None]
    gezeigt = [z.gezeigt for z in alle if isinstance(z.gezeigt, Decimal)]
    bezahlt: Gezeigt = sum(gezeigt, Decimal("0.00")) if gezeigt else None
    if any(isinstance(z.gezeigt, str) for z in alle):
        bezahlt = publikation.NICHT_GENANNT
    return Summe(
        name, len(alle), sum(z.offen for z in alle), sum(anzahlen) if anzahlen else None,
        sum(betraege, Decimal("0.00")) if betraege else None, bezahlt,
    )  # fmt: skip


def anhang1(stammdaten: Stammdaten, jahr: int, bezahlt: Mapping[int, Bezahlt] | None = None) -> Anhang1:
    """Return Anhang 1 of a year.

    Args:
        bezahlt: by BFS-Nr., what was booked for talks and interpreters of this year; empty before the first run.
    Raises: ValueError: a tariff has run out, so that there is nothing to announce (docs/entscheide/17).
    """
    tag = stichtag(jahr)
    tarife = stammdaten.tarife
    if satz := abgelaufen(tarife, jahr):
        raise ValueError(satz)
    ansaetze = tuple(a for leistung in Leistung for a in ansaetze_von(leistung, tarife[leistung], jahr))
    teil = beteiligte(stammdaten, str(jahr))
    rest = sorted(set(bezahlt or {}) - set(teil))
    zeilen = [_zeile(stammdaten, bfs, jahr, ansaetze) for bfs in teil]
    zeilen += [replace(_grund(stammdaten, bfs, jahr), bemerkung=NICHT_BETEILIGT, beteiligt=False) for bfs in rest]
    grenze = stammdaten.einstellungen.publikationsgrenze
    alle = tuple(sorted(_mit_bezahlt(zeilen, bezahlt or {}, grenze), key=lambda z: z.bfs_nr))
    return Anhang1(jahr, tag, ansaetze, tuple(termine(jahr)), alle, tuple(_hinweise(stammdaten, alle)), grenze)


# --- municipalities -------------------------------------------------------------------------
def _grund(stammdaten: Stammdaten, bfs: int, jahr: int) -> Zeile:
    gebiet, tag = stammdaten.gebiet, Halbjahr(jahr, 1).beginn
    gemeinde, bezirk = gebiet.gemeinde(bfs, tag), gebiet.bezirk(bfs, tag) or "ohne Bezirk"
    lead, an = gebiet.leitgemeinde(bfs, tag), gebiet.empfaenger(bfs, tag)
    name = gemeinde.name if gemeinde else gebiet.name(bfs)
    return Zeile(
        bfs, name, bezirk, gebiet.name(lead) if lead is not None else "", name if an == bfs else gebiet.name(an)
    )


def _zeile(stammdaten: Stammdaten, bfs: int, jahr: int, ansaetze: Iterable[Ansatz]) -> Zeile:
    zeile = _grund(stammdaten, bfs, jahr)
    if all(a.wert is None for a in ansaetze if a.leistung is Leistung.SOCKEL):
        return zeile  # what is missing is the rate, not the residents
    tage = Halbjahr(jahr, 1).beginn, Halbjahr(jahr, 2).ende
    if stammdaten.gebiet.beteiligung(bfs, *tage) is Beteiligung.TEILWEISE:
        zeile = replace(zeile, bemerkung=OFFENER_ENTSCHEID)
    try:
        bestand = auslaender(stammdaten.bestand, stammdaten.gebiet, bfs, jahr)
    except BestandFehlt as fehler:
        return replace(zeile, bemerkung=FEHLT, satz=str(fehler), offen=True)
    except BestandUnklar as fehler:
        return replace(zeile, bemerkung=UNKLAR, satz=str(fehler), offen=True)
    schritt = sockelbeitrag(bestand.anzahl, jahr, stammdaten.tarife)
    quellen = tuple(dict.fromkeys(z.quelle for z in bestand.zeilen))
    return replace(zeile, anzahl=bestand.anzahl, schritt=schritt, quellen=quellen)


def _mit_bezahlt(zeilen: Iterable[Zeile], bezahlt: Mapping[int, Bezahlt], grenze: int) -> Iterator[Zeile]:
    """Yield the rows with what was paid: others must not read small counts from it (docs/entscheide/32)."""
    alle = list(zeilen)
    if not bezahlt:
        yield from alle
        return
    nichts = Bezahlt(Decimal("0.00"))
    eigene = [bezahlt.get(z.bfs_nr, nichts) for z in alle]
    geheim = [any(publikation.klein(n, grenze) for n in b.anzahlen.values()) for b in eigene]
    gezeigt = publikation.betraege([b.betrag for b in eigene], geheim)
    for zeile, b, wert in zip(alle, eigene, gezeigt, strict=True):
        yield replace(zeile, bezahlt=b.betrag, gezeigt=wert)


def _hinweise(stammdaten: Stammdaten, zeilen: Iterable[Zeile]) -> Iterator[str]:
    alle = list(zeilen)
    offen = sum(z.offen for z in alle)
    if offen:
        worte = mehrzahl(offen, "Gemeinde", "Gemeinden")
        yield (
            f"Unvollständig: Der Ausländerbestand fehlt oder ist unklar bei {worte}. "
            "Ihr Sockelbeitrag ist in keiner Summe enthalten; das Blatt Offen sagt, was zu erfassen ist."
        )
    codes = sorted({s.code for s in stammdaten.sperren if s.bfs_nr is None and not s.periode})
    if codes:
        yield (
            f"Vorläufig: Die Stammdaten haben Fehler ({', '.join(codes)}), die Gemeinden oder Ansätze betreffen "
            "können. Beheben Sie diese, bevor der Anhang 1 hinausgeht."
        )
    if not any(z.beteiligt for z in alle):
        yield "Keine Gemeinde ist beteiligt: Tragen Sie in den Stammdaten, Blatt Gemeinden, «beteiligt ab» ein."
