"""Why a figure differs between two runs, or between a run and today: down to file, cell, rate and Entscheid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.anhang2 import Anhang2
from krs.formulare.befund import mehrzahl
from krs.lauf.buchung import NULL, Journal, Posten
from krs.lauf.gruende import Sicht, Sichtposten, gruende
from krs.lauf.kennung import Lauf
from krs.lauf.posten import zellen
from krs.recht import LEISTUNG, Leistung, franken
from krs.urteil.ansprueche import ANERKANNT, BEZAHLT, ERSETZT, ZURUECKGESTELLT

if TYPE_CHECKING:
    from krs.urteil.urteil import Urteil


@dataclass(frozen=True, slots=True)
class Unterschied:
    """One claim that differs; `alt` or `neu` is None where a state says nothing of it. `satz` tells an officer why."""

    posten: Posten
    gemeinde: str
    alt: Sichtposten | None
    neu: Sichtposten | None
    gruende: tuple[str, ...]
    satz: str
    neu_faellig: bool = False  # the later run is the one in which it falls due: nothing to explain

    @property
    def betrag(self) -> Decimal:
        """What differs, in CHF."""
        return (self.neu.betrag if self.neu else NULL) - (self.alt.betrag if self.alt else NULL)


def aus_journal(journal: Journal, lauf: str, urteil: Urteil | None = None) -> Sicht:
    """Return what all runs up to and including one have booked.

    Args:
        urteil: today's judgement; with it the reasons reach down to cells and decisions.
    Raises: ValueError: the run is not released (German sentence).
    """
    kennung = Lauf.parse(lauf)
    if str(kennung) not in journal.laeufe:
        liste = f"Freigegeben sind: {', '.join(sorted(journal.laeufe))}." if journal.laeufe else "Es gibt noch keinen."
        raise ValueError(f"Den Lauf {kennung} gibt es nicht. {liste}")
    eintraege: dict[Posten, Sichtposten] = {}
    gemeinden: dict[int, str] = {}
    tag: date | None = None
    for b in journal.buchungen:
        if b.lauf > str(kennung):
            continue
        tag = max(tag or b.datum, b.datum)
        if b.posten is not None:
            bisher = eintraege[b.posten].betrag if b.posten in eintraege else NULL
            eintraege[b.posten] = Sichtposten(bisher + b.betrag, b.anzahl, b.ansatz, b.sha256, b.zellen, "", b.grund)
            if b.posten.bfs_nr == b.bfs_nr:  # after a merger the booking names the successor
                gemeinden[b.bfs_nr] = b.gemeinde
    return Sicht(f"Lauf {kennung}", tag, eintraege, kennung, urteil, gemeinden)


def aus_urteil(urteil: Urteil, name: str = "heute") -> Sicht:
    """Return what is recognised on the day of a judgement; what is held or refused counts 0 and says why."""
    formulare = {(f.akte.bfs_nr, f.akte.periode): f for f in urteil.gueltige}
    eintraege = dict(_nullen(urteil))
    for a in urteil.ansprueche:
        if a.status == ERSETZT:
            continue
        posten = Posten(a.bfs_nr, a.leistung, a.periode)
        gut = a.status in (ANERKANNT, BEZAHLT) and a.betrag is not None
        f = formulare.get((a.bfs_nr, a.periode))
        ort = "" if posten.leistung is Leistung.SOCKEL else zellen(f=f, posten=posten, s=urteil.stammdaten)
        eintraege[posten] = Sichtposten(
            a.betrag or NULL if gut else NULL, a.anzahl, a.ansatz, a.sha256, ort, "" if gut else a.status, a.grund
        )
    return Sicht(name, urteil.stichtag, eintraege, None, urteil)


def _nullen(urteil: Urteil) -> Iterator[tuple[Posten, Sichtposten]]:
    """Yield what forms in force say of every talk they ask for: 0, unless a claim says otherwise."""
    for f in urteil.gueltige:
        for schluessel in sorted(f.ansprueche - {"sockel"}) if isinstance(f.modell, Anhang2) else ():
            status = ZURUECKGESTELLT if schluessel in f.gehalten else ""
            posten = Posten(f.akte.bfs_nr or 0, LEISTUNG[schluessel], f.akte.periode)
            yield posten, Sichtposten(NULL, 0, None, f.einreichung.sha256, "", status)


def vergleiche(a: Sicht, b: Sicht) -> tuple[Unterschied, ...]:
    """Return what the later of two states books otherwise, by municipality, period and Leistung; nothing if equal."""
    a, b = _geordnet(a, b)
    folge = list(Leistung)
    alle = sorted({*a.eintraege, *b.eintraege}, key=lambda p: (p.bfs_nr, p.periode, folge.index(p.leistung)))
    return tuple(_unterschied(a, b, p) for p in alle if _verschieden(a.eintraege.get(p), b.eintraege.get(p)))


def saetze(a: Sicht, b: Sicht) -> Iterator[str]:
    """Yield the comparison as people read it; what merely fell due in between is summed up per Leistung and period."""
    a, b = _geordnet(a, b)
    alle = vergleiche(a, b)
    if not alle:
        yield f"Zwischen {a.name} und {b.name} unterscheidet sich kein Betrag."
        return
    yield from (u.satz for u in alle if not u.neu_faellig)
    neue: dict[tuple[str, Leistung], list[Unterschied]] = {}
    for u in alle:
        if u.neu_faellig:
            neue.setdefault((u.posten.periode, u.posten.leistung), []).append(u)
    for (periode, leistung), gruppe in sorted(neue.items()):
        total = sum((u.betrag for u in gruppe), NULL)
        wer = mehrzahl(len(gruppe), "Gemeinde", "Gemeinden")
        yield f"{leistung} {periode}: {wer}, {franken(total)}; {gruppe[0].gruende[0]}"


def _geordnet(a: Sicht, b: Sicht) -> tuple[Sicht, Sicht]:
    """Return the earlier state first: reasons tell what came later."""
    spaeter = b.lauf is not None and (a.lauf is None or a.lauf > b.lauf)
    return (b, a) if spaeter else (a, b)


def _verschieden(alt: Sichtposten | None, neu: Sichtposten | None) -> bool:
    """Tell whether the amounts differ, or an equal amount comes from another count or rate."""
    if alt is None or neu is None or not (alt.betrag and neu.betrag):
        return (alt.betrag if alt else NULL) != (neu.betrag if neu else NULL)
    return (alt.betrag, alt.anzahl, alt.ansatz) != (neu.betrag, neu.anzahl, neu.ansatz)


def _unterschied(a: Sicht, b: Sicht, posten: Posten) -> Unterschied:
    alt, neu = a.eintraege.get(posten), b.eintraege.get(posten)
    warum, faellig = gruende(a, b, posten)
    name = _name(a, b, posten.bfs_nr)
    betraege = f"{a.name} {_rechnung(alt)}, {b.name} {_rechnung(neu)}"
    satz = f"{name}, {posten.leistung} {posten.periode}: {betraege}: {'; '.join(warum)}"
    return Unterschied(posten, name, alt, neu, warum, satz, faellig)


def _rechnung(e: Sichtposten | None) -> str:
    return "nichts" if e is None else e.rechnung


def _name(a: Sicht, b: Sicht, bfs: int) -> str:
    urteil = b.urteil or a.urteil
    if urteil is not None:
        return urteil.stammdaten.gebiet.name(bfs)
    return b.gemeinden.get(bfs) or a.gemeinden.get(bfs) or f"BFS-Nr. {bfs}"
