"""One payment run, worked out: bookings, one line per municipality, invoices (Ziff. 4.5.2, 4.7; entwurf 4.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.lauf.auffaellig import Vorlauf, warnungen
from krs.lauf.buchung import NULL, Art, Buchung, Journal, Rechnung, Rechnungsposten, summe
from krs.lauf.forderungen import Forderung, forderungen, unstimmig
from krs.lauf.kennung import Lauf, lauf_von, naechster_bankwerktag
from krs.lauf.kredit import traeger
from krs.lauf.mutationen import Mutation, mutationen
from krs.lauf.posten import Bewertung, Sollwert, bewerte, gefuehrt
from krs.recht import datum as in_worten
from krs.recht import faelligkeit, verrechnung
from krs.urteil.ansprueche import jahr_von
from krs.urteil.nachbarn import beteiligte

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten
    from krs.urteil.urteil import Urteil


@dataclass(frozen=True, slots=True)
class Abrechnung:
    """One municipality's line of a run, in CHF; every figure but `differenz` is >= 0 (entwurf 4.5)."""

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
    mutationen: tuple[Mutation, ...] = ()  # of the Stammdaten since the last run


def laufplan(
    urteil: Urteil,
    journal: Journal,
    lauf: Lauf,
    datum: date,
    valuta: date | None = None,
    vorlauf: Vorlauf | None = None,
) -> Laufplan:
    """Return the run as it would be released on `datum`.

    A Nachzahlung books what came back, nets and invoices nothing (docs/entscheide/81).

    Args:
        urteil: all that was received up to `datum`, judged.
        journal: the runs released before.
        valuta: the day of payment; by default the last bank working day of the run's month, of a Nachzahlung the
            next one.
        vorlauf: the last of them with its Stammdaten; None where nothing was released.
    Raises: ValueError: the run, or a later one, is released already, or `datum` is before the last release
        (German sentence).
    """
    _der_reihe_nach(journal, lauf, datum)
    rechner = _Rechner(urteil.stammdaten, journal, lauf, datum)
    bewertung = Bewertung() if lauf.nummer else bewerte(urteil, journal, lauf)
    for wert in bewertung.werte:
        if unterschied := wert.betrag - journal.stand(wert.posten).betrag:
            rechner.buche(wert, unterschied)
    rechner.buche_zurueckgekommenes()
    rechner.saldiere(() if lauf.nummer else forderungen(urteil.stammdaten, journal, datum, rechner.buchungen))
    s = urteil.stammdaten
    valuta = valuta or (naechster_bankwerktag(datum) if lauf.nummer else lauf.valuta)
    plan = Laufplan(
        lauf, datum, valuta, tuple(rechner.buchungen), tuple(rechner.abrechnungen),
        tuple(rechner.rechnungen), (*bewertung.warnungen, *rechner.warnungen, *unstimmig(s, journal, datum)),
        mutationen(vorlauf.stammdaten if vorlauf else None, s),
    )  # fmt: skip
    return replace(plan, warnungen=(*warnungen(plan, s, journal, vorlauf), *plan.warnungen))


def mitgeteilte(plan: Laufplan, stammdaten: Stammdaten) -> tuple[Abrechnung, ...]:
    """Return a line for everyone who takes part: those of the run, and those for whom it books nothing.

    A Nachzahlung concerns only those whom it pays.
    """
    lauf, gebiet = plan.lauf, stammdaten.gebiet
    if lauf.nummer:
        return plan.abrechnungen
    zeiten = (f"{lauf.jahr - 1}-H2", str(lauf.jahr)) if lauf.monat == 3 else (f"{lauf.jahr}-H1",)
    da = {
        gebiet.nachfolgerin(b, plan.datum)
        for z in zeiten
        if gefuehrt(stammdaten.einstellungen, z)
        for b in beteiligte(stammdaten, z)
    }
    leere = sorted(da - {a.bfs_nr for a in plan.abrechnungen})
    nichts = (NULL, NULL, NULL, NULL, NULL)
    ohne = (Abrechnung(str(lauf), b, gebiet.name(b), gebiet.empfaenger(b, plan.datum), *nichts) for b in leere)
    return tuple(sorted([*plan.abrechnungen, *ohne], key=lambda a: a.bfs_nr))


def _der_reihe_nach(journal: Journal, lauf: Lauf, datum: date) -> None:
    """Refuse a second release, an older run, and a day on which less was known than in the last run."""
    if journal.laeufe and str(lauf) <= max(journal.laeufe):
        letzter = max(journal.laeufe)
        satz = "ist schon freigegeben" if str(lauf) in journal.laeufe else f"liegt vor dem freigegebenen Lauf {letzter}"
        raise ValueError(f"Der Lauf {lauf} {satz}. Was seither einging oder sich änderte, gehört in den nächsten Lauf.")
    vorher = max((b.datum for b in journal.buchungen), default=datum)
    if datum < vorher:
        raise ValueError(
            f"Der Lauf {lauf} kann nicht vom {in_worten(datum)} sein: "
            f"Der letzte freigegebene ist vom {in_worten(vorher)}."
        )


class _Rechner:
    def __init__(self, stammdaten: Stammdaten, journal: Journal, lauf: Lauf, datum: date) -> None:
        self.s, self.gebiet, self.journal = stammdaten, stammdaten.gebiet, journal
        self.lauf, self.datum = lauf, datum
        self.buchungen: list[Buchung] = []
        self.abrechnungen: list[Abrechnung] = []
        self.rechnungen: list[Rechnung] = []
        self.warnungen: list[str] = []

    # --- claims -----------------------------------------------------------------------------
    def buche(self, wert: Sollwert, betrag: Decimal) -> None:
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

    def buche_zurueckgekommenes(self) -> None:
        """Pay again what the bank turned away; the credit has borne it already."""
        for r in self.journal.zurueckgekommen():
            bfs = self.gebiet.nachfolgerin(r.bfs_nr, self.datum)
            id_ = f"{self.lauf}/{r.bfs_nr}/Rückweisung/{r.lauf}"
            grund = f"Zahlung des Laufs {r.lauf} zurückgewiesen" + (f": {r.grund}" if r.grund else "")
            self.buchungen.append(self._buchung(id_, Art.RUECKWEISUNG, bfs, r.betrag, rueckforderung=r.nr, grund=grund))

    def _kreditjahr(self, jahr: int) -> int:
        """Return the year that bears an amount, with a warning where it is another one."""
        offen = traeger(self.s, jahr, self.datum)
        if offen != jahr:
            satz = f"Das Kreditjahr {jahr} ist abgeschlossen; was sich daran noch ändert, trägt der Kredit {offen}."
            if satz not in self.warnungen:
                self.warnungen.append(satz)
        return offen

    # --- balance ----------------------------------------------------------------------------
    def saldiere(self, alle: Iterable[Forderung]) -> None:
        """Net each municipality's balance against what it owes, oldest first; pay or invoice the rest (Ziff. 4.7)."""
        offene: dict[int, list[Forderung]] = {}
        for f in alle:
            if f.offen:
                offene.setdefault(f.bfs_nr, []).append(f)
        for bfs in sorted({*offene, *(b.bfs_nr for b in self.buchungen)}):
            self._gemeinde(bfs, offene.get(bfs, []), [b for b in self.buchungen if b.bfs_nr == bfs])

    def _gemeinde(self, bfs: int, offene: Sequence[Forderung], eigene: Sequence[Buchung]) -> None:
        anspruch = summe(b for b in eigene if b.art is Art.ANSPRUCH)
        differenz = summe(b for b in eigene if b.art in (Art.DIFFERENZ, Art.RUECKWEISUNG))
        saldo = anspruch + differenz
        reste = [(f.nr, f.offen) for f in offene]
        if saldo < 0:
            nr = self._neue_nr(bfs)
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

    def _neue_nr(self, bfs: int) -> str:
        """Return a Nr. that the sheet Rückforderungen does not have."""
        belegt = {r.nr for r in self.s.rueckforderungen}
        stamm = f"{self.lauf}-{bfs}"
        return next(nr for nr in (stamm, *(f"{stamm}-{n}" for n in range(2, len(belegt) + 3))) if nr not in belegt)

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
