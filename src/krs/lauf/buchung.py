"""Bookings: what a released run did, one line each; together they are the ledger (entwurf 4.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from krs.recht import Leistung
from krs.urteil.folge import Ausbezahlt, Kenntnis

NULL = Decimal("0.00")


class Art(StrEnum):
    """What a booking is. Of one municipality and run, all amounts add up to what is paid out."""

    ANSPRUCH = "Anspruch"  # falls due in this run
    DIFFERENZ = "Differenz"  # fell due earlier: late, corrected, decided
    VERRECHNUNG = "Verrechnung"  # of a Rückforderung, negative
    RUECKFORDERUNG = "Rückforderung"  # a negative balance becomes a claim of the canton
    RUECKWEISUNG = "Rückweisung"  # a payment that the bank turned away is paid again


@dataclass(frozen=True, slots=True)
class Posten:
    """What a claim is booked for: whose, for what, for when."""

    bfs_nr: int
    leistung: Leistung
    periode: str

    def __str__(self) -> str:
        return f"{self.bfs_nr}/{self.leistung.schluessel}/{self.periode}"


@dataclass(frozen=True, slots=True)
class Buchung:
    """One line of the journal. Amounts in CHF.

    `bfs_nr`, `gemeinde`: whose account, after a merger the successor's. `posten`: the claim. `anzahl` and `ansatz`: as
    they stand after this booking. `rueckforderung`: its Nr. `kreditjahr`: the year whose credit bears it.
    `konto`: the account, known once the run is released. `sha256`, `zellen`: the form and its cells, for a
    Sockelbeitrag where residents come from.
    """

    id: str
    lauf: str
    datum: date
    art: Art
    bfs_nr: int
    gemeinde: str
    empfaenger: int
    betrag: Decimal
    posten: Posten | None = None
    anzahl: int | None = None
    ansatz: Decimal | None = None
    rueckforderung: str = ""
    kreditjahr: int | None = None
    sha256: str = ""
    zellen: str = ""
    grund: str = ""
    konto: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Rechnungsposten:
    """What of one Rückforderung an invoice demands, in CHF."""

    nr: str
    betrag: Decimal


@dataclass(frozen=True, slots=True)
class Rechnung:
    """The remainder that a run could not net, due in 30 days (Ziff. 4.7)."""

    nr: str
    bfs_nr: int
    gemeinde: str
    betrag: Decimal
    faellig: date
    posten: tuple[Rechnungsposten, ...]


@dataclass(frozen=True, slots=True)
class Rueckweisung:
    """A payment of a run that the bank turned away, in CHF."""

    lauf: str
    bfs_nr: int
    betrag: Decimal
    grund: str = ""

    @property
    def nr(self) -> str:
        """What the booking names that pays it again."""
        return f"{self.lauf}/{self.bfs_nr}"


@dataclass(frozen=True, slots=True)
class Stand:
    """What of one claim is booked so far: sum in CHF; count, rate, form and day of the last booking."""

    betrag: Decimal = NULL
    anzahl: int | None = None
    ansatz: Decimal | None = None
    sha256: str = ""
    datum: date | None = None

    @property
    def gebucht(self) -> bool:
        """True if a run booked the claim."""
        return self.datum is not None


@dataclass(frozen=True)
class Journal:
    """All released runs: bookings in order, invoices by run."""

    buchungen: tuple[Buchung, ...] = ()
    rechnungen: tuple[tuple[str, Rechnung], ...] = ()  # run → invoice
    laeufe: tuple[str, ...] = ()
    rueckweisungen: tuple[Rueckweisung, ...] = ()
    kenntnisse: tuple[Kenntnis, ...] = ()
    staende: dict[Posten, Stand] = field(init=False, default_factory=dict, repr=False, compare=False)  # what is booked

    def __post_init__(self) -> None:
        for b in self.buchungen:
            if b.posten is not None:
                alt = self.stand(b.posten)
                self.staende[b.posten] = Stand(alt.betrag + b.betrag, b.anzahl, b.ansatz, b.sha256, b.datum)

    def ausbezahlt(self) -> Ausbezahlt:
        """Return what the judgement must know of the runs: which periods and forms they paid."""
        gebucht = [b for b in self.buchungen if b.posten is not None]
        perioden: dict[str, date] = {}
        for b in gebucht:
            if b.posten is not None:
                perioden[b.posten.periode] = min(b.datum, perioden.get(b.posten.periode, b.datum))
        return Ausbezahlt(perioden, frozenset(b.sha256 for b in gebucht), self.kenntnisse)

    def stand(self, posten: Posten) -> Stand:
        """Return what is booked for a claim, also where nothing is."""
        return self.staende.get(posten, Stand())

    def verrechnet(self, nr: str) -> Decimal:
        """Return what of a Rückforderung was netted, in CHF."""
        return -summe(b for b in self.buchungen if b.art is Art.VERRECHNUNG and b.rueckforderung == nr)

    def entstanden(self) -> tuple[Buchung, ...]:
        """Return the Rückforderungen that runs themselves made out of negative balances."""
        return tuple(b for b in self.buchungen if b.art is Art.RUECKFORDERUNG)

    def zurueckgekommen(self) -> tuple[Rueckweisung, ...]:
        """Return the payments that were turned away and not paid again yet."""
        erneut = {b.rueckforderung for b in self.buchungen if b.art is Art.RUECKWEISUNG}
        einmal = {r.nr: r for r in self.rueckweisungen}  # a bank may say it twice
        return tuple(r for nr, r in einmal.items() if nr not in erneut)

    def rechnungen_zu(self, nr: str) -> tuple[tuple[str, Rechnung], ...]:
        """Return the runs and invoices that demanded a Rückforderung, in order."""
        return tuple((lauf, r) for lauf, r in self.rechnungen if any(p.nr == nr for p in r.posten))

    def verbraucht(self, nr: str) -> bool:
        """Tell whether a run has netted or demanded a Rückforderung again after its first invoice."""
        erste = min((lauf for lauf, _ in self.rechnungen_zu(nr)), default="")
        spaeter = {lauf for lauf, _ in self.rechnungen_zu(nr)}
        spaeter |= {b.lauf for b in self.buchungen if b.art is Art.VERRECHNUNG and b.rueckforderung == nr}
        return bool(erste) and max(spaeter) > erste

    def doppelte(self) -> tuple[Buchung, ...]:
        """Return what was paid again although the bank says at last that it had executed it."""
        zurueck = {r.nr for r in self.rueckweisungen}
        return tuple(b for b in self.buchungen if b.art is Art.RUECKWEISUNG and b.rueckforderung not in zurueck)

    def in_rechnung(self, nr: str) -> Rechnung | None:
        """Return the last invoice that demands a Rückforderung."""
        treffer = self.rechnungen_zu(nr)
        return treffer[-1][1] if treffer else None


def summe(buchungen: Iterable[Buchung]) -> Decimal:
    """Return the sum in CHF."""
    return sum((b.betrag for b in buchungen), NULL)
