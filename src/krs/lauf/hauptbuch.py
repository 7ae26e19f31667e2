"""What a run means for the ledger of finance: double entry, one line per debit and credit (docs/entscheide/76).

What a municipality is owed runs through «Kreditoren», what it owes stands in «Verrechnung» until a run nets or
invoices it, then in «Debitoren». So after each run Kreditoren and Verrechnung are zero, and Debitoren is what is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from krs.lauf.buchung import NULL, Art, Buchung, Journal
from krs.lauf.forderungen import Forderung, forderungen
from krs.recht import Leistung, chf

if TYPE_CHECKING:
    from krs.lauf.auffaellig import Vorlauf
    from krs.lauf.plan import Abrechnung, Laufplan
    from krs.stammdaten.stammdaten import Einstellungen, Stammdaten


@dataclass(frozen=True, slots=True)
class Konten:
    """The accounts as Einstellungen name them; where one is empty, a general one stands for it."""

    e: Einstellungen

    def aufwand(self, leistung: Leistung) -> str:
        """Return the account that bears a Leistung."""
        eigenes: str = getattr(self.e, f"konto_{leistung.schluessel}")
        return eigenes or self.e.konto_aufwand

    @property
    def verrechnung(self) -> str:
        """What municipalities owe and no invoice demands yet."""
        return self.e.konto_verrechnung

    @property
    def rueckforderung(self) -> str:
        """The other side of a Rückforderung that the office decided."""
        return self.e.konto_rueckforderung or self.e.konto_aufwand

    @property
    def debitoren(self) -> str:
        """What invoices demand."""
        return self.e.konto_debitoren or self.verrechnung

    @property
    def kreditoren(self) -> str:
        """What the canton owes until it is paid."""
        return self.e.konto_kreditoren or self.verrechnung

    @property
    def bank(self) -> str:
        """Where money leaves and comes in."""
        return self.e.konto_bank or self.verrechnung

    @property
    def abgrenzung(self) -> str:
        """What is owed for a year that has ended."""
        return self.e.konto_abgrenzung or self.verrechnung

    @property
    def eigene(self) -> tuple[str, ...]:
        """The accounts beside the two general ones, empty where none is named."""
        namen = [f"konto_{x.schluessel}" for x in Leistung]
        namen += [f"konto_{x}" for x in ("rueckforderung", "debitoren", "kreditoren", "bank", "abgrenzung")]
        alle = tuple(getattr(self.e, n) for n in namen)
        return alle if any(alle) else ()


@dataclass(frozen=True, slots=True)
class Satz:
    """One line of the journal: `betrag` > 0 in CHF from `haben` to `soll`. A voucher (`beleg`) may have several."""

    beleg: str
    datum: date
    soll: str
    haben: str
    betrag: Decimal
    text: str
    kreditjahr: int | None = None
    kostenstelle: str = ""
    bfs_nr: int | None = None
    kreditor_nr: str = ""
    periode: str = ""
    leistung: str = ""


Paar = tuple[str, str]  # debit and credit


def satz(beleg: str, tag: date, konten: Paar, betrag: Decimal, text: str, **weitere: Any) -> Iterator[Satz]:
    """Yield a line; a negative amount the other way round; nothing where nothing moves."""
    soll, haben = konten if betrag > 0 else konten[::-1]
    if betrag and soll != haben:
        yield Satz(beleg, tag, soll, haben, abs(betrag), text, **weitere)


def saldi(saetze: Iterable[Satz]) -> dict[str, Decimal]:
    """Return the balance of each account in CHF: debit less credit."""
    summen: dict[str, Decimal] = {}
    for z in saetze:
        summen[z.soll] = summen.get(z.soll, NULL) + z.betrag
        summen[z.haben] = summen.get(z.haben, NULL) - z.betrag
    return summen


def hauptbuch(plan: Laufplan, s: Stammdaten, journal: Journal, vorlauf: Vorlauf | None) -> tuple[Satz, ...]:
    """Return what finance books for a run: Rückforderungen and payments since the last one, then each municipality.

    Args:
        journal: the runs released before.
        vorlauf: the last of them; what its Stammdaten knew was booked then.
    """
    return tuple(_Bucher(plan, s, journal).alles(vorlauf))


class _Bucher:
    def __init__(self, plan: Laufplan, s: Stammdaten, journal: Journal) -> None:
        self.plan, self.s, self.journal, self.konten = plan, s, journal, Konten(s.einstellungen)

    def alles(self, vorlauf: Vorlauf | None) -> Iterator[Satz]:
        yield from self._seither(vorlauf)
        for a in self.plan.abrechnungen:
            yield from self._gemeinde(a)

    # --- what came about between two runs -----------------------------------------------------
    def _seither(self, vorlauf: Vorlauf | None) -> Iterator[Satz]:
        alte: dict[str, Forderung] = {}
        if vorlauf is not None:
            alte = {f.nr: f for f in forderungen(vorlauf.stammdaten, self.journal, vorlauf.datum)}
        neue = {f.nr: f for f in forderungen(self.s, self.journal, self.plan.datum)}
        for nr in dict.fromkeys((*neue, *alte)):
            f, alt, neu = neue.get(nr) or alte[nr], alte.get(nr), neue.get(nr)
            konto, kopf = self._schuld(nr), f"{self.s.gebiet.name(f.bfs_nr)}: "
            verfuegt = (neu.betrag if neu else NULL) - (alt.betrag if alt else NULL)
            text, wer = f"{kopf}Rückforderung {nr}, {f.grund}", self._wer(f.bfs_nr, aufwand=True)
            yield from self._satz(f"RF-{nr}", (konto, self.konten.rueckforderung), verfuegt, text, wer)
            bezahlt = (neu.bezahlt if neu else NULL) - (alt.bezahlt if alt else NULL)
            text = f"{kopf}Zahlung an {nr}"
            yield from self._satz(f"ZE-{nr}", (self.konten.bank, konto), bezahlt, text, self._wer(f.bfs_nr))

    def _satz(self, beleg: str, konten: Paar, betrag: Decimal, text: str, wer: dict[str, Any]) -> Iterator[Satz]:
        return satz(f"KRS-{self.plan.lauf}-{beleg}", self.plan.datum, konten, betrag, text, **wer)

    def _schuld(self, nr: str) -> str:
        """Return where a Rückforderung stands: with the invoices once an earlier run demanded it."""
        return self.konten.debitoren if self.journal.in_rechnung(nr) else self.konten.verrechnung

    def _wer(self, bfs: int, kreditor: int | None = None, *, aufwand: bool = False) -> dict[str, Any]:
        """Return whose line it is; a cost centre belongs to an account of expenditure only."""
        g = self.s.gemeinde_oder_letzte(bfs, self.plan.datum)
        k = self.s.gemeinde_oder_letzte(kreditor, self.plan.datum) if kreditor is not None else None
        return {
            "bfs_nr": bfs,
            "kostenstelle": g.kostenstelle if g and aufwand else "",
            "kreditor_nr": k.kreditor_nr if k else "",
        }

    # --- one municipality: its voucher leaves nothing in Kreditoren -----------------------------
    def _gemeinde(self, a: Abrechnung) -> Iterator[Satz]:
        beleg, wer = f"KRS-{a.lauf}-{a.bfs_nr}", self._wer(a.bfs_nr, a.empfaenger)
        k, tag = self.konten, self.plan.datum
        for b in self.plan.buchungen:
            if b.bfs_nr == a.bfs_nr:
                seine = self._wer(a.bfs_nr, a.empfaenger, aufwand=b.posten is not None)
                yield from satz(beleg, tag, self._gegen(b), b.betrag, _text(b), **seine, **_posten(b))
        for r in (r for r in self.plan.rechnungen if r.bfs_nr == a.bfs_nr):
            for p in r.posten:
                text = f"{a.gemeinde}: Rechnung {r.nr}, Rückforderung {p.nr}"
                haben, wessen = self._schuld(p.nr), self._wer(a.bfs_nr)
                yield from satz(beleg, tag, (k.debitoren, haben), p.betrag, text, **wessen)
        text = f"{a.gemeinde}: Auszahlung {beleg}"
        yield from satz(beleg, self.plan.valuta, (k.kreditoren, k.bank), a.auszahlung, text, **wer)

    def _gegen(self, b: Buchung) -> Paar:
        """Return debit and credit of a booking whose amount is positive."""
        k = self.konten
        if b.posten is not None:
            return k.aufwand(b.posten.leistung), k.kreditoren
        if b.art is Art.RUECKWEISUNG:
            return k.bank, k.kreditoren
        return self._schuld(b.rueckforderung), k.kreditoren  # netted, or made of a negative balance


def _text(b: Buchung) -> str:
    if b.posten is None:
        return f"{b.gemeinde}: {b.art} {b.rueckforderung}"
    menge = f", {b.anzahl} × {chf(b.ansatz)}" if b.anzahl is not None and b.ansatz is not None else ""
    zusatz = menge if b.art is Art.ANSPRUCH else ", Differenz"
    return f"{b.gemeinde}: {b.posten.leistung} {b.posten.periode}{zusatz}"


def _posten(b: Buchung) -> dict[str, Any]:
    if b.posten is None:
        return {}
    return {"kreditjahr": b.kreditjahr, "periode": b.posten.periode, "leistung": str(b.posten.leistung)}
