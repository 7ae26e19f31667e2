"""How long the whole ledger takes: 10 years × 106 municipalities × 2 runs with clawbacks, worked out twice."""

from __future__ import annotations

import random
import time
from datetime import date
from decimal import Decimal

from krs.lauf.buchung import Journal
from krs.lauf.kennung import Lauf
from krs.lauf.plan import Laufplan, laufplan
from krs.recht import Leistung
from krs.stammdaten.stammdaten import Bestandszeile, Gemeinde, Rueckforderung, Stammdaten
from krs.urteil.ansprueche import ANERKANNT, Anspruch
from krs.urteil.urteil import Urteil

HOECHSTENS = 30  # seconds
JAHRE, GEMEINDEN = range(2022, 2032), range(2401, 2507)
_ANSATZ = {Leistung.SOCKEL: Decimal(7), Leistung.ERST_DOLMETSCH: Decimal(160), Leistung.INTEG_DOLMETSCH: Decimal(160)}


def messen() -> tuple[float, int, bool]:
    """Return seconds for one pass, the number of bookings, and whether a second pass gives the same runs."""
    beginn = time.process_time()
    erste = _alle()
    sekunden = time.process_time() - beginn
    return sekunden, sum(len(p.buchungen) for p in erste), erste == _alle()


def _alle() -> list[Laufplan]:
    zufall, journal, plaene = random.Random(7), Journal(), []
    gemeinden = tuple(Gemeinde(bfs_nr=b, name=f"G{b}", beteiligt_ab=date(2017, 1, 1)) for b in GEMEINDEN)
    bestand = tuple(
        Bestandszeile(bfs_nr=b, stichtag=date(j - 2, 12, 31), anzahl=20, quelle="Probe")
        for j in JAHRE
        for b in GEMEINDEN
    )
    rueckforderungen: list[Rueckforderung] = []
    ansprueche: dict[tuple[int, Leistung, str], Anspruch] = {}
    for jahr in JAHRE:
        for monat in (3, 9):
            tag = date(jahr, monat, 20)
            perioden = [(f"{jahr - 1}-H2", True), (str(jahr), False)] if monat == 3 else [(f"{jahr}-H1", True)]
            for bfs in GEMEINDEN:
                for periode, gespraeche in perioden:
                    for leistung in [x for x in Leistung if (x is not Leistung.SOCKEL) == gespraeche]:
                        ansprueche[bfs, leistung, periode] = _anspruch(bfs, leistung, periode, zufall.randint(1, 40))
            for k in zufall.sample(sorted(ansprueche, key=str), 20):  # corrections of whatever period
                if k[1] is not Leistung.SOCKEL:
                    ansprueche[k] = _anspruch(*k, zufall.randint(1, 40))
            for bfs in zufall.sample(GEMEINDEN, 5):
                rueckforderungen.append(_rueckforderung(len(rueckforderungen), bfs, tag, zufall.randint(100, 20_000)))
            stamm = Stammdaten(gemeinden=gemeinden, bestandszeilen=bestand, rueckforderungen=tuple(rueckforderungen))
            urteil = Urteil(tag, (), (), tuple(ansprueche.values()), (), stamm, (), ())
            plan = laufplan(urteil, journal, Lauf(jahr, monat), tag)
            plaene.append(plan)
            neue = tuple((str(plan.lauf), r) for r in plan.rechnungen)
            journal = Journal(
                (*journal.buchungen, *plan.buchungen), (*journal.rechnungen, *neue), (*journal.laeufe, str(plan.lauf))
            )
    return plaene


def _anspruch(bfs: int, leistung: Leistung, periode: str, anzahl: int) -> Anspruch:
    ansatz = _ANSATZ.get(leistung, Decimal(200))
    return Anspruch(bfs, f"G{bfs}", leistung, periode, anzahl, ansatz, anzahl * ansatz, None, "4.3.2", ANERKANNT)


def _rueckforderung(nr: int, bfs: int, tag: date, betrag: int) -> Rueckforderung:
    return Rueckforderung(
        nr=f"R-{nr}", bfs_nr=bfs, datum=tag, betrag=Decimal(betrag), grund="Stichprobe", ziffer="4.7",
        verfuegt_von="AB", freigegeben_von="CD",
    )  # fmt: skip
