"""What a municipality could be paid but is held: which Leistungen, since when, why, and what is missing (Ziff. 5.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from krs.formulare.anhang2 import Anhang2
from krs.formulare.befund import meldungen
from krs.formulare.formular import formulare, periodenbeginn
from krs.lauf.buchung import NULL, Journal, Posten, Stand
from krs.lauf.kennung import Lauf, lauf_von
from krs.lauf.posten import gefuehrt
from krs.recht import LEISTUNG, Leistung
from krs.schreiben.rueckmeldung import aufforderung
from krs.urteil.ansprueche import ZURUECK, ZURUECKGESTELLT, Anspruch
from krs.urteil.fassung import HALTEND, Fassung, erledigt, mit_wochentag
from krs.urteil.tafel import FEHLT, NOCH_NICHT
from krs.urteil.urteil import Urteil

_KEIN_ANHANG_2, _HOECHSTENS = "Anhang 2 fehlt", 3
_Teil = tuple[Leistung, Decimal | None, Stand]
Eintrag = tuple[str, Leistung, Decimal | None, tuple[str, ...]]  # period, Leistung, CHF, reasons


@dataclass(frozen=True, slots=True)
class Gehalten:
    """Claims of one period that wait for the same reasons, in CHF.

    `betrag`: what could still be paid, None where it is not known. `bezahlt`: what runs have paid of them, the last on
    `bezahlt_am`; it stays paid until it is decided. `leistungen` is empty where a whole form is missing.
    """

    bfs_nr: int
    gemeinde: str
    periode: str
    leistungen: tuple[Leistung, ...]
    betrag: Decimal | None
    gruende: tuple[tuple[str, str], ...]  # code (or nothing) and what to do
    bezahlt: Decimal = NULL
    bezahlt_am: date | None = None

    @property
    def offen(self) -> bool:
        """True if something waits that is not paid."""
        return not self.bezahlt or bool(self.betrag)

    @property
    def wofuer(self) -> str:
        """The Leistungen in words."""
        return ", ".join(self.leistungen) or "Gespräche und Dolmetschen"


def zurueckgestellte(urteil: Urteil, lauf: Lauf, bfs: int, journal: Journal) -> tuple[Gehalten, ...]:
    """Return what is held of a municipality (after a merger: its predecessors' too) and fell due by this run.

    Args:
        journal: the runs released before: what they paid is under review, and not unpaid.
    """
    gebiet = urteil.stammdaten.gebiet
    gruppen: defaultdict[tuple[str, int, tuple[str, ...], bool, bool], list[_Teil]] = defaultdict(list)
    for nr in sorted(n for n in _nummern(urteil) if gebiet.nachfolgerin(n, urteil.stichtag) == bfs):
        for periode, leistung, betrag, codes in _einzelne(urteil, nr):
            if _faellig(urteil, lauf, leistung, periode):
                stand = journal.stand(Posten(nr, leistung, periode))
                mehr = betrag if betrag is None else max(betrag - stand.betrag, NULL)
                dazu = stand.betrag > 0 and bool(mehr)
                gruppen[periode, nr, codes, stand.betrag > 0, dazu].append((leistung, mehr, stand))
    return tuple(
        Gehalten(
            nr, gebiet.name(nr), periode, () if _KEIN_ANHANG_2 in codes else tuple(leistung for leistung, *_ in teile),
            total(b for _, b, _ in teile),
            tuple((c if c in meldungen() else "", _satz(urteil, nr, periode, c)) for c in codes),
            sum((stand.betrag for *_, stand in teile), NULL),
            max((stand.datum for *_, stand in teile if stand.datum), default=None),
        )
        for (periode, nr, codes, *_), teile in sorted(gruppen.items(), key=lambda g: g[0])
    )  # fmt: skip


def alle_zurueckgestellten(urteil: Urteil, lauf: Lauf, journal: Journal) -> tuple[Gehalten, ...]:
    """Return what is held of all municipalities, by BFS-Nr. of those that exist today."""
    heute = sorted({urteil.stammdaten.gebiet.nachfolgerin(n, urteil.stichtag) for n in _nummern(urteil)})
    return tuple(g for bfs in heute for g in zurueckgestellte(urteil, lauf, bfs, journal))


def _nummern(urteil: Urteil) -> set[int]:
    return {a.bfs_nr for a in urteil.ansprueche} | {z.bfs_nr for z in urteil.zeilen if z.bfs_nr is not None}


def _einzelne(urteil: Urteil, bfs: int) -> Iterator[Eintrag]:
    """Yield held claims; then what a form could not count, or what waits in a newer one; then forms that never came."""
    alle = {(a.periode, a.leistung): a for a in urteil.ansprueche if a.bfs_nr == bfs and a.status != "ersetzt"}
    gehalten = {k: a for k, a in alle.items() if a.status in (ZURUECKGESTELLT, NOCH_NICHT)}
    formulare_ = {f.akte.periode: f for f in urteil.gueltige if f.akte.bfs_nr == bfs}
    for (periode, leistung), a in gehalten.items():
        bekannt = _anzahl(formulare_.get(periode), leistung.schluessel) is not None or leistung is Leistung.SOCKEL
        yield periode, leistung, a.betrag if bekannt else None, _codes(a.grund)
    for z in (z for z in urteil.zeilen if z.bfs_nr == bfs):
        if z.formular == "Anhang 2" and z.status in (FEHLT, NOCH_NICHT):
            yield z.periode, Leistung.ERST, None, (_KEIN_ANHANG_2,)
        elif z.fassung is not None and z.status in ("fehlerhaft", "Rückfrage offen"):
            gilt = any(f is z.fassung for f in urteil.gueltige)
            schon = alle if gilt else gehalten
            yield from (e for e in _aus_formular(z.fassung, gilt) if (e[0], e[1]) not in schon)


def _aus_formular(f: Fassung, gilt: bool) -> Iterator[Eintrag]:
    """Yield what waits without being a claim: a count is missing, or the version before is still in force."""
    for schluessel, leistung in LEISTUNG.items():
        codes = [b.code for b in f.offen if schluessel in b.ansprueche and b.stufe in HALTEND]
        anzahl = _anzahl(f, schluessel)
        if codes and schluessel in f.ansprueche - f.abgelehnt and (anzahl is None if gilt else anzahl != 0):
            yield f.akte.periode, leistung, None, tuple(dict.fromkeys(codes))


def _anzahl(f: Fassung | None, schluessel: str) -> int | None:
    """Return a count of Anhang 2, None where it is not all there: half a count would be half an amount."""
    if f is None or not isinstance(f.modell, Anhang2):
        return None
    return f.modell.summen(ganz=True).get(schluessel)


def _faellig(urteil: Urteil, lauf: Lauf, leistung: Leistung, periode: str) -> bool:
    wann = lauf_von(leistung, periode)
    return wann is not None and wann <= lauf and gefuehrt(urteil.stammdaten.einstellungen, periode)


def total(betraege: Iterable[Decimal | None]) -> Decimal | None:
    """Return a sum in CHF; None where a part of it is not known."""
    liste = list(betraege)
    return None if any(b is None for b in liste) else sum((b for b in liste if b is not None), NULL)


def _codes(grund: str) -> tuple[str, ...]:
    """Return the reasons one by one, without what runs add about payments (krs.lauf.status)."""
    return tuple(grund.partition("; ")[0].split(", "))


def gehalten_weil(urteil: Urteil, a: Anspruch) -> str:
    """Return why a claim is held, in words."""
    return " ".join(_satz(urteil, a.bfs_nr, a.periode, code) for code in _codes(a.grund))


def _satz(urteil: Urteil, bfs: int, periode: str, code: str) -> str:
    """Return what a municipality has to know about one reason."""
    if code.endswith(" fehlt"):
        return _fehlende(urteil, bfs, periode, code.removesuffix(" fehlt"))
    if code == ZURUECK:
        return "Der Kanton hat den Beitrag zurückgestellt und meldet sich bei Ihnen."
    if code.startswith("S-"):
        return "Der Kanton klärt noch eine Angabe ab; Sie müssen nichts tun."
    lead = urteil.stammdaten.gebiet.leitgemeinde(bfs, periodenbeginn(periode))
    saetze = _saetze(urteil, bfs, periode, code) or _saetze(urteil, lead, periode, code)
    if len(saetze) > _HOECHSTENS:
        return f"{saetze[0]} Ebenso an {len(saetze) - 1} weiteren Stellen."
    return " ".join(saetze) or (f"{meldungen()[code].titel}." if code in meldungen() else code)


def _saetze(urteil: Urteil, bfs: int | None, periode: str, code: str) -> list[str]:
    """Return the open messages; a Selbstdeklaration holds talks of its year too (docs/entscheide/05)."""
    gemeint = (b for b, e in urteil.befunde if (b.bfs_nr, b.code) == (bfs, code) and not erledigt(b, e))
    return [*dict.fromkeys(aufforderung(b) for b in gemeint if b.periode in (periode, periode[:4]))]


def _fehlende(urteil: Urteil, bfs: int, periode: str, name: str) -> str:
    z = next((z for z in urteil.zeilen if (z.bfs_nr, z.formular, z.periode) == (bfs, name, periode)), None)
    titel = next(f.titel for f in formulare() if f.name == name)
    frist = f" (Frist: {mit_wochentag(z.frist)})" if z is not None and z.frist is not None else ""
    return f"{name} ({titel}) fehlt{frist}. Bitte reichen Sie das Formular ein."
