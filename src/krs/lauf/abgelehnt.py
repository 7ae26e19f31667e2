"""What a municipality is not paid, and why: refused, shortened, or none of what is paid (Ziff. 4.1.1, 4.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.befund import meldungen
from krs.formulare.formular import periodenbeginn
from krs.lauf.kennung import Lauf, lauf_von
from krs.lauf.posten import gefuehrt
from krs.lauf.zurueckgestellt import Gehalten, gehalten_weil, total, zurueckgestellte
from krs.recht import LEISTUNG, Leistung, datum, tausender
from krs.urteil.ansprueche import ERSETZT, NICHT_BERECHTIGT, ZURUECKGESTELLT, Anspruch
from krs.urteil.fassung import letzter

if TYPE_CHECKING:
    from krs.lauf.buchung import Journal
    from krs.stammdaten.stammdaten import Entscheid
    from krs.urteil.urteil import Urteil


@dataclass(frozen=True, slots=True)
class _Posten:
    """One claim that is not paid; `am`: day of the decision, None where the circular itself says so."""

    bfs_nr: int
    periode: str
    leistung: Leistung
    betrag: Decimal | None
    satz: str
    am: date | None = None


def ohne_geld(
    urteil: Urteil, lauf: Lauf, bfs: int, journal: Journal
) -> tuple[tuple[Gehalten, ...], tuple[Gehalten, ...]]:
    """Return what a statement names beside the money: what is held, what is not paid.

    Args:
        journal: the runs released before this one.
    """
    seit = max((b.datum for b in journal.buchungen), default=date.min)
    return zurueckgestellte(urteil, lauf, bfs, journal), nicht_ausgerichtete(urteil, lauf, bfs, seit)


def nicht_ausgerichtete(urteil: Urteil, lauf: Lauf, bfs: int, seit: date) -> tuple[Gehalten, ...]:
    """Return what is not paid of a municipality (after a merger: its predecessors' too), with the reason in words.

    Args:
        seit: day of the run before; what was decided by then and fell due earlier was in its statement.
    """
    gebiet = urteil.stammdaten.gebiet
    gruppen: defaultdict[tuple[str, int, str], list[_Posten]] = defaultdict(list)
    for p in _alle(urteil):
        faellig = lauf_von(p.leistung, p.periode)
        neu = faellig == lauf or (p.am is not None and p.am > seit and faellig is not None and faellig < lauf)
        wer = gebiet.nachfolgerin(p.bfs_nr, urteil.stichtag)
        if neu and wer == bfs and gefuehrt(urteil.stammdaten.einstellungen, p.periode):
            gruppen[p.periode, p.bfs_nr, p.satz].append(p)
    return tuple(
        Gehalten(
            nr,
            gebiet.name(nr),
            periode,
            tuple(p.leistung for p in teile),
            total(p.betrag for p in teile),
            (("", satz),),
        )
        for (periode, nr, satz), teile in sorted(gruppen.items())
    )


def weshalb(urteil: Urteil, a: Anspruch) -> str:
    """Return in words why a claim is held or refused, else nothing."""
    if a.status == ZURUECKGESTELLT:
        return gehalten_weil(urteil, a)
    return _abgelehnt(urteil, a).satz if a.status == NICHT_BERECHTIGT else ""


def _alle(urteil: Urteil) -> Iterator[_Posten]:
    gekuerzt = {(f.einreichung.sha256, LEISTUNG[k]): e for f in urteil.gueltige for k, e in f.gekuerzt}
    for a in urteil.ansprueche:
        e = gekuerzt.get((a.sha256, a.leistung)) if a.status != ERSETZT else None
        if a.status == NICHT_BERECHTIGT:
            yield _abgelehnt(urteil, a)
        elif e is not None and a.anzahl is not None and a.gemeldet is not None and a.anzahl < a.gemeldet:
            satz = f"Gemeldet sind {tausender(a.gemeldet)}, anerkannt {tausender(a.anzahl)} (Ziff. 4.2). {_grund(e)}"
            weniger = None if a.ansatz is None else a.ansatz * (a.gemeldet - a.anzahl)
            yield _Posten(a.bfs_nr, a.periode, a.leistung, weniger, satz, e.datum)


def _abgelehnt(urteil: Urteil, a: Anspruch) -> _Posten:
    e, wessen = _entscheid(urteil, a)
    if e is None:
        satz = " ".join(f"{meldungen()[c].titel}." for c in a.grund.split(", ") if c in meldungen())
        return _Posten(a.bfs_nr, a.periode, a.leistung, a.betrag, satz or f"{a.grund}.")
    worum = f" zur Selbstdeklaration der Leitgemeinde {wessen}" if wessen else ""
    satz = f"Entscheid vom {datum(e.datum)}{worum}: abgelehnt. {_grund(e)}"
    return _Posten(a.bfs_nr, a.periode, a.leistung, a.betrag, satz, e.datum)


def _entscheid(urteil: Urteil, a: Anspruch) -> tuple[Entscheid | None, str]:
    """Return the decision that refused a claim, and the lead whose form it is about; nothing for the own form."""
    s, jahr = urteil.stammdaten, str(periodenbeginn(a.periode).year)
    eigene = [(a.bfs_nr, "Anhang 2", a.periode)] if a.leistung is not Leistung.SOCKEL else []
    lead = s.gebiet.leitgemeinde(a.bfs_nr, periodenbeginn(jahr))
    for wer in (*eigene, (a.bfs_nr, "Anhang 3", jahr), (lead, "Anhang 3", jahr)):
        e = letzter(
            x for x in s.entscheide
            if (x.bfs_nr, x.formular, x.periode) == wer and x.datum <= urteil.stichtag and x.entscheid == "ablehnen"
        )  # fmt: skip
        if e is not None:
            return e, s.gebiet.name(lead) if lead and wer[0] == lead != a.bfs_nr else ""
    return None, ""


def _grund(e: Entscheid) -> str:
    return f"{e.begruendung.rstrip('.')}."
