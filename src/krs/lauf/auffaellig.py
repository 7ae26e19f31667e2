"""What two people should know before they sign a run, and cannot see in its amounts (entwurf 4.5).

A changed account, an overdue invoice of who is paid, money that is taken back, a rate or a count out of proportion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.formular import zeitraum
from krs.formulare.kontext import aufzaehlung
from krs.lauf.buchung import NULL, Art, Journal
from krs.lauf.forderungen import forderungen
from krs.lauf.kennung import bankfrei, lauf_von
from krs.lauf.mutationen import text
from krs.lauf.posten import gefuehrt
from krs.recht import Leistung, NichtGeregelt, datum, franken, tarif, tausender

if TYPE_CHECKING:
    from krs.lauf.plan import Laufplan
    from krs.stammdaten.stammdaten import Stammdaten

_ANTEIL = Decimal("0.25")  # by which residents differ from the year before without a question
_PERSONEN = 20  # and fewer than so many people are never worth one
_TAGE = 21  # between the day of payment and the usual one
_VIELFACHES = 2  # of the rate before


@dataclass(frozen=True, slots=True)
class Vorlauf:
    """The last released run, the Stammdaten that it kept, and its day."""

    lauf: str
    stammdaten: Stammdaten
    datum: date


def warnungen(plan: Laufplan, s: Stammdaten, journal: Journal, vorlauf: Vorlauf | None) -> Iterator[str]:
    """Yield what a person must know before release, money to others first.

    Args:
        journal: the runs released before.
    """
    if vorlauf is not None:
        yield from _konten(plan, s, vorlauf)
    yield from _gleiche_konten(plan, s)
    yield from _nochmals(plan, s, vorlauf)
    yield from _zurueckgenommen(plan, journal)
    yield from _ueberfaellige(plan, s, journal)
    yield from _valuta(plan)
    yield from _uebersprungen(plan, journal)
    yield from _nicht_gefuehrt(s, journal)
    yield from _tarife(plan, s, vorlauf)
    yield from _bestand(s, vorlauf)


def fremdes_konto(plan: Laufplan, s: Stammdaten) -> Iterator[str]:
    """Yield who would be paid on the canton's own account: no run is released so."""
    for bfs in _empfangen(plan):
        iban = iban_von(s, bfs, plan.datum)
        if iban and iban == s.einstellungen.kanton_iban:
            yield f"Stammdaten, Blatt Gemeinden, {bfs} {s.gebiet.name(bfs)}: Die IBAN ist das Konto des Kantons."


# --- accounts -------------------------------------------------------------------------------
def _empfangen(plan: Laufplan) -> dict[int, Decimal]:
    """Return what each payee gets, in CHF."""
    summen: dict[int, Decimal] = defaultdict(lambda: NULL)
    for a in plan.abrechnungen:
        if a.auszahlung:
            summen[a.empfaenger] += a.auszahlung
    return dict(sorted(summen.items()))


def iban_von(s: Stammdaten, bfs: int, tag: date) -> str:
    """Return the account of a municipality on a day, empty where none is known."""
    g = s.gemeinde_oder_letzte(bfs, tag)
    return g.iban if g else ""


def _konten(plan: Laufplan, s: Stammdaten, vorlauf: Vorlauf) -> Iterator[str]:
    for bfs, betrag in _empfangen(plan).items():
        alt, neu = (iban_von(x, bfs, plan.datum) for x in (vorlauf.stammdaten, s))
        if alt and neu and alt != neu:
            yield (
                f"{s.gebiet.name(bfs)} erhält {franken(betrag)} auf ein anderes Konto als beim Lauf {vorlauf.lauf}: "
                f"neu {text(neu)}, bisher {text(alt)}. Bestätigen lassen, bevor Sie freigeben."
            )
    alt, neu = (x.einstellungen.kanton_iban for x in (vorlauf.stammdaten, s))
    if alt and neu and alt != neu:
        yield (
            f"Das Konto des Kantons ist ein anderes als beim Lauf {vorlauf.lauf}: neu {text(neu)}, bisher {text(alt)}. "
            "Rechnungen und Belastungen nennen das neue."
        )
    for a in plan.abrechnungen:
        bisher = vorlauf.stammdaten.gebiet.empfaenger(a.bfs_nr, plan.datum)
        bekannt = vorlauf.stammdaten.gemeinde(a.bfs_nr) is not None
        if a.auszahlung and bekannt and a.empfaenger != bisher:
            yield (
                f"{a.gemeinde}: {franken(a.auszahlung)} gehen an {s.gebiet.name(a.empfaenger)}, nach den Stammdaten "
                f"des Laufs {vorlauf.lauf} gingen sie an {s.gebiet.name(bisher)}."
            )


def _gleiche_konten(plan: Laufplan, s: Stammdaten) -> Iterator[str]:
    """Yield accounts that two municipalities share, one of which is paid; a lead and its members may."""
    je_konto: dict[str, set[int]] = defaultdict(set)
    for bfs in s.gebiet.bestehende(plan.datum):
        if iban := iban_von(s, bfs, plan.datum):
            je_konto[iban].add(bfs)
    bezahlt = _empfangen(plan)
    for iban, wer in sorted(je_konto.items()):
        einig = {s.gebiet.leitgemeinde(b, plan.datum) or b for b in wer}
        if len(einig) > 1 and wer & bezahlt.keys():
            namen = aufzaehlung([s.gebiet.name(b) for b in sorted(wer)])
            betrag = sum((bezahlt.get(b, NULL) for b in wer), NULL)
            yield f"{namen} haben dasselbe Konto {text(iban)}; dorthin gehen {franken(betrag)}."


def _nochmals(plan: Laufplan, s: Stammdaten, vorlauf: Vorlauf | None) -> Iterator[str]:
    """Yield what the bank turned away and is paid again: on the same account it will come back again."""
    for b in plan.buchungen:
        if b.art is not Art.RUECKWEISUNG:
            continue
        konto = ""
        if vorlauf is not None and b.rueckforderung.startswith(f"{vorlauf.lauf}/"):
            alt, neu = (iban_von(x, b.empfaenger, plan.datum) for x in (vorlauf.stammdaten, s))
            konto = ", auf dasselbe Konto wie damals" if alt == neu else ", auf ein anderes Konto als damals"
        yield f"{b.gemeinde}: {franken(b.betrag)} kommen nochmals in den Lauf{konto} ({b.grund})."


# --- what is taken back, what is owed ---------------------------------------------------------
def _zurueckgenommen(plan: Laufplan, journal: Journal) -> Iterator[str]:
    bezahlt = {b.posten: b for b in journal.buchungen if b.posten is not None}
    summen: dict[tuple[str, str, str, str], Decimal] = defaultdict(lambda: NULL)
    for b in plan.buchungen:
        if b.art is Art.DIFFERENZ and b.betrag < 0 and b.posten is not None:
            frueher = bezahlt[b.posten]
            grund = b.grund or ("andere Fassung des Formulars" if b.sha256 != frueher.sha256 else "")
            summen[b.gemeinde, b.posten.periode, frueher.lauf, grund] -= b.betrag
    for (gemeinde, periode, lauf, grund), betrag in summen.items():
        weshalb = f" Grund: {grund.rstrip('.')}." if grund else ""
        was = f"{zeitraum(periode)}, zuletzt gebucht im Lauf {lauf}"
        yield f"{gemeinde}: Von den Beiträgen ({was}) werden {franken(betrag)} zurückgenommen.{weshalb}"


def _ueberfaellige(plan: Laufplan, s: Stammdaten, journal: Journal) -> Iterator[str]:
    zahlt = {a.bfs_nr: a for a in plan.abrechnungen if a.auszahlung}
    for f in forderungen(s, journal, plan.datum, plan.buchungen):
        if f.bfs_nr in zahlt and f.rest and not f.offen and f.rechnung and f.faellig and f.faellig < plan.datum:
            a = zahlt[f.bfs_nr]
            tun = "Zum Verrechnen setzen Sie im Blatt Rückforderungen «erneut verrechnen» auf Ja."
            yield (
                f"{a.gemeinde} erhält {franken(a.auszahlung)} und schuldet {franken(f.rest)}, fällig seit "
                f"{datum(f.faellig)} (Rechnung {f.rechnung.nr}). "
                f"{'«erneut verrechnen» galt für einen Lauf und ist verbraucht.' if f.verbraucht else tun}"
            )


# --- order of runs, periods ---------------------------------------------------------------------
def _valuta(plan: Laufplan) -> Iterator[str]:
    """Yield what is odd about a day of payment that a person has chosen."""
    if frei := bankfrei(plan.valuta):
        yield f"Der Zahltag {datum(plan.valuta)} ist kein Bankwerktag ({frei}); die Bank verschiebt die Zahlung."
    if not plan.lauf.nummer and abs((plan.valuta - plan.lauf.valuta).days) > _TAGE:
        yield (
            f"Der Zahltag {datum(plan.valuta)} liegt mehr als {_TAGE} Tage neben dem üblichen, dem "
            f"{datum(plan.lauf.valuta)} (Ziff. 4.5.2)."
        )


def _uebersprungen(plan: Laufplan, journal: Journal) -> Iterator[str]:
    letzter = max(journal.laeufe, default="")
    summen: dict[str, Decimal] = defaultdict(lambda: NULL)
    for b in plan.buchungen:
        faellig = lauf_von(b.posten.leistung, b.posten.periode) if b.posten else None
        if faellig is not None and letzter < str(faellig) < str(plan.lauf):
            summen[str(faellig)] += b.betrag
    for lauf, betrag in sorted(summen.items()):
        yield (
            f"Der Lauf {lauf} ist nicht freigegeben; was damals fällig war, {franken(betrag)}, zahlt dieser Lauf als "
            f"«Differenz früher». Danach lässt sich {lauf} nicht mehr freigeben."
        )


def _nicht_gefuehrt(s: Stammdaten, journal: Journal) -> Iterator[str]:
    alle = [(p.periode, x.betrag) for p, x in journal.staende.items() if x.betrag]
    if davor := [(p, b) for p, b in alle if not gefuehrt(s.einstellungen, p)]:
        perioden = aufzaehlung(sorted({zeitraum(p) for p, _ in davor}))
        yield (
            f"«geführt ab» ist {s.einstellungen.gefuehrt_ab}: Bezahlte Perioden davor ({perioden}, "
            f"{franken(sum((b for _, b in davor), NULL))}) werden nicht mehr berichtigt."
        )


# --- out of proportion ---------------------------------------------------------------------------
def _tarife(plan: Laufplan, s: Stammdaten, vorlauf: Vorlauf | None) -> Iterator[str]:
    bekannt = {(t.leistung, t.ab, t.ansatz) for t in vorlauf.stammdaten.tarifeintraege} if vorlauf else set()
    for t in s.tarifeintraege:
        alt = _ansatz(s, t.leistung, t.ab)
        if t.ansatz is None or not alt or (t.leistung, t.ab, t.ansatz) in bekannt:
            continue
        if not alt / _VIELFACHES < t.ansatz < alt * _VIELFACHES:
            hier = (b for b in plan.buchungen if b.posten and b.posten.leistung is t.leistung)
            daran = [b.betrag for b in hier if b.ansatz == t.ansatz]
            yield (
                f"{t.leistung}: Ab {datum(t.ab)} gilt {franken(t.ansatz)} statt {franken(alt)}. Daran hängen in diesem "
                f"Lauf {franken(sum(daran, NULL))}. Quelle: {t.quelle.rstrip('.')}."
            )


def _ansatz(s: Stammdaten, leistung: Leistung, ab: date) -> Decimal | None:
    """Return the rate on the day before."""
    try:
        return tarif(leistung, ab - timedelta(days=1), s.tarife)
    except NichtGeregelt:
        return None


def _bestand(s: Stammdaten, vorlauf: Vorlauf | None) -> Iterator[str]:
    bekannt = {(b.bfs_nr, b.stichtag, b.anzahl) for b in vorlauf.stammdaten.bestandszeilen} if vorlauf else set()
    alle = {(b.bfs_nr, b.stichtag): b.anzahl for b in s.bestandszeilen}
    for b in s.bestandszeilen:
        alt = alle.get((b.bfs_nr, b.stichtag.replace(year=b.stichtag.year - 1)))
        unterschied = abs(b.anzahl - alt) if alt is not None else 0
        if (b.bfs_nr, b.stichtag, b.anzahl) in bekannt or unterschied < _PERSONEN or alt is None:
            continue
        if unterschied > _ANTEIL * alt:
            yield (
                f"{s.gebiet.name(b.bfs_nr)}: Ausländerbestand am {datum(b.stichtag)} {tausender(b.anzahl)}, ein Jahr "
                f"davor {tausender(alt)}."
            )
