"""One payment run, worked out: bookings, one line per municipality, invoices (Ziff. 4.5.2, 4.7; design 4.5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.ansprueche import jahr_von
from krs.lauf.buchung import NULL, Art, Buchung, Journal, Rechnung, Rechnungsposten, summe
from krs.lauf.forderungen import Forderung, forderungen
from krs.lauf.kennung import Lauf, lauf_von
from krs.lauf.posten import Wert, bewerte, differenzen
from krs.recht import faelligkeit, verrechnung

if TYPE_CHECKING:
    from krs.formulare.stammdaten import Stammdaten
    from krs.formulare.urteil import Urteil


@dataclass(frozen=True, slots=True)
class Abrechnung:
    """One municipality's line of a run, in CHF; every figure but `differenz` is >= 0 (design 4.5)."""

    lauf: str
    bfs_nr: int
    gemeinde: str
    empfaenger: int
    anspruch: Decimal
    differenz: Decimal
    verrechnet: Decimal
    auszahlung: Decimal
    rechnung: Decimal


@dataclass(frozen=True, slots=True)
class Laufplan:
    """What a run pays, nets and invoices, and what a person must know before releasing it."""

    lauf: Lauf
    datum: date
    valuta: date
    buchungen: tuple[Buchung, ...]
    abrechnungen: tuple[Abrechnung, ...]
    rechnungen: tuple[Rechnung, ...]
    warnungen: tuple[str, ...] = ()


def laufplan(urteil: Urteil, journal: Journal, lauf: Lauf, datum: date, valuta: date | None = None) -> Laufplan:
    """Return the run as it would be released on `datum`.

    Args:
        urteil: all that was received up to `datum`, judged.
        journal: the runs released before.
        valuta: the day of payment; by default the last bank working day of the run's month.
    Raises: ValueError: the run, or a later one, is released already (German sentence).
    """
    if journal.laeufe and str(lauf) <= max(journal.laeufe):
        letzter = max(journal.laeufe)
        satz = "ist schon freigegeben" if str(lauf) in journal.laeufe else f"liegt vor dem freigegebenen Lauf {letzter}"
        raise ValueError(f"Der Lauf {lauf} {satz}. Was später einging oder ändert, gehört in den nächsten Lauf.")
    rechner = _Rechner(urteil.stammdaten, journal, lauf, datum)
    bewertung = bewerte(urteil, journal, lauf)
    for wert, unterschied in differenzen(bewertung, journal.staende):
        rechner.buche(wert, unterschied)
    rechner.saldiere()
    return Laufplan(
        lauf, datum, valuta or lauf.valuta, tuple(rechner.buchungen), tuple(rechner.abrechnungen),
        tuple(rechner.rechnungen), (*bewertung.warnungen, *rechner.warnungen),
    )  # fmt: skip


class _Rechner:
    def __init__(self, stammdaten: Stammdaten, journal: Journal, lauf: Lauf, datum: date) -> None:
        self.s, self.gebiet, self.journal = stammdaten, stammdaten.gebiet, journal
        self.lauf, self.datum = lauf, datum
        self.buchungen: list[Buchung] = []
        self.abrechnungen: list[Abrechnung] = []
        self.rechnungen: list[Rechnung] = []
        self.warnungen: list[str] = []

    # --- claims -----------------------------------------------------------------------------
    def buche(self, wert: Wert, betrag: Decimal) -> None:
        """Book what a claim changes: as claim in the run it falls due in, else as difference."""
        p = wert.posten
        neu = lauf_von(p.leistung, p.periode) == self.lauf
        art = Art.ANSPRUCH if neu and betrag > 0 else Art.DIFFERENZ
        self.buchungen.append(
            self._buchung(
                f"{self.lauf}/{p}", art, self.gebiet.nachfolgerin(p.bfs_nr, self.datum), betrag, posten=p,
                anzahl=wert.anzahl, ansatz=wert.ansatz, kreditjahr=self._kreditjahr(jahr_von(p.periode)),
                sha256=wert.sha256, zellen=wert.zellen, grund=wert.grund,
            )
        )  # fmt: skip

    def _buchung(self, id_: str, art: Art, bfs: int, betrag: Decimal, **weitere: object) -> Buchung:
        empfaenger = self.gebiet.empfaenger(bfs, self.datum)
        name = self.gebiet.name(bfs)
        return Buchung(id_, str(self.lauf), self.datum, art, bfs, name, empfaenger, betrag, **weitere)  # type: ignore[arg-type]

    def _kreditjahr(self, jahr: int) -> int:
        """Return the year that bears an amount: a closed year is not changed (Ziff. 4.3.4, docs/entscheide/18)."""
        kredit = self.s.kredit_von(jahr)
        if kredit is None or kredit.abgeschlossen_am is None or kredit.abgeschlossen_am > self.datum:
            return jahr
        satz = (
            f"Das Kreditjahr {jahr} ist abgeschlossen; was sich daran noch ändert, trägt der Kredit {self.datum.year}."
        )
        if satz not in self.warnungen:
            self.warnungen.append(satz)
        return self.datum.year

    # --- balance ----------------------------------------------------------------------------
    def saldiere(self) -> None:
        """Net each municipality's balance against what it owes, oldest first; pay or invoice the rest (Ziff. 4.7)."""
        offene: dict[int, list[Forderung]] = {}
        for f in forderungen(self.s, self.journal, self.datum):
            if f.offen:
                offene.setdefault(f.bfs_nr, []).append(f)
        for bfs in sorted({*offene, *(b.bfs_nr for b in self.buchungen)}):
            self._gemeinde(bfs, offene.get(bfs, []), [b for b in self.buchungen if b.bfs_nr == bfs])

    def _gemeinde(self, bfs: int, offene: Sequence[Forderung], eigene: Sequence[Buchung]) -> None:
        anspruch = summe(b for b in eigene if b.art is Art.ANSPRUCH)
        differenz = summe(b for b in eigene if b.art is Art.DIFFERENZ)
        saldo = anspruch + differenz
        reste = [(f.nr, f.offen) for f in offene]
        if saldo < 0:
            nr = f"{self.lauf}-{bfs}"
            grund = f"Differenz aus früheren Perioden, Lauf {self.lauf}"
            self.buchungen.append(
                self._buchung(f"{self.lauf}/{bfs}/Rückforderung", Art.RUECKFORDERUNG, bfs, -saldo,
                              rueckforderung=nr, grund=grund)
            )  # fmt: skip
            reste.append((nr, -saldo))
        v = verrechnung(max(saldo, NULL), sum((r for _, r in reste), NULL))
        rest = list(self._verrechne(bfs, reste, v.verrechnet))
        if v.rechnung:
            nr = f"R-{self.lauf}-{bfs}"
            posten = tuple(Rechnungsposten(*r) for r in rest)
            name = self.gebiet.name(bfs)
            self.rechnungen.append(Rechnung(nr, bfs, name, v.rechnung, faelligkeit(self.datum), posten))
        self.abrechnungen.append(
            Abrechnung(
                str(self.lauf), bfs, self.gebiet.name(bfs), self.gebiet.empfaenger(bfs, self.datum),
                anspruch, differenz, v.verrechnet, v.auszahlung, v.rechnung,
            )
        )  # fmt: skip

    def _verrechne(
        self, bfs: int, reste: Sequence[tuple[str, Decimal]], guthaben: Decimal
    ) -> Iterator[tuple[str, Decimal]]:
        """Book what is netted of each Rückforderung, oldest first; yield what remains of each."""
        for nr, offen in reste:
            teil = min(offen, guthaben)
            guthaben -= teil
            if teil:
                id_ = f"{self.lauf}/{bfs}/Verrechnung/{nr}"
                self.buchungen.append(self._buchung(id_, Art.VERRECHNUNG, bfs, -teil, rueckforderung=nr))
            if offen > teil:
                yield nr, offen - teil
