"""Show a planned run as the rows that tests/faelle/laeufe.toml writes down, and check that its sums close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from krs.lauf.buchung import Art, Buchung, Journal, Rechnung, Rueckweisung, summe
from krs.lauf.forderungen import Forderung, forderungen
from krs.lauf.kennung import Lauf
from krs.lauf.plan import Abrechnung, Laufplan, laufplan
from krs.recht import chf, datum
from urteil.hilfe import urteil

NULL = Decimal("0.00")


def plane(fall: Mapping[str, Any], lauf: Mapping[str, Any], journal: Journal) -> Laufplan:
    """Plan a run of a case; what the run itself states stands for the Stammdaten and the Eingang of that day."""
    bezahlt = journal.ausbezahlt()
    bisher = {"ausbezahlt": bezahlt.perioden, "bezahlte_dateien": bezahlt.dateien}
    stand = {**fall, **lauf, **bisher, "stichtag": lauf["datum"]}
    return laufplan(urteil(stand), journal, Lauf.parse(lauf["lauf"]), lauf["datum"])


def freigegeben(journal: Journal, plan: Laufplan) -> Journal:
    """Return the journal with a run that is now released."""
    neue = ((str(plan.lauf), r) for r in plan.rechnungen)
    return replace(
        journal,
        buchungen=(*journal.buchungen, *plan.buchungen),
        rechnungen=(*journal.rechnungen, *neue),
        laeufe=(*journal.laeufe, str(plan.lauf)),
    )


def zurueckgewiesen(journal: Journal, lauf: Mapping[str, Any]) -> Journal:
    """Return the journal with the payments that the bank turned away before a run."""
    neue = (
        Rueckweisung(r["lauf"], r["gemeinde"], Decimal(r["betrag"]), r.get("grund", ""))
        for r in lauf.get("zurueckgewiesen", ())
    )
    return replace(journal, rueckweisungen=(*journal.rueckweisungen, *neue))


def _reihe(*werte: object) -> str:
    return " | ".join("–" if w is None or w == "" else str(w) for w in werte)


def zeile(a: Abrechnung) -> str:
    """Return the line of one municipality."""
    betraege = (a.anspruch, a.differenz, a.verrechnet, a.auszahlung, a.rechnung)
    return _reihe(f"{a.bfs_nr} {a.gemeinde}", a.empfaenger, *map(chf, betraege))


def buchung(b: Buchung) -> str:
    """Return one booking; its file by the letter that the case gives it."""
    assert b.sha256 == b.sha256[:1] * 64
    ansatz = chf(b.ansatz) if b.ansatz is not None else None
    return _reihe(
        b.id, b.art, chf(b.betrag), b.anzahl, ansatz, b.rueckforderung, b.kreditjahr, b.sha256[:1], b.zellen, b.grund
    )


def rechnung(r: Rechnung) -> str:
    """Return one invoice with what it demands."""
    posten = ", ".join(f"{p.nr} {chf(p.betrag)}" for p in r.posten)
    return _reihe(r.nr, f"{r.bfs_nr} {r.gemeinde}", chf(r.betrag), datum(r.faellig), posten)


def forderung(f: Forderung, tag: date) -> str:
    """Return what became of one Rückforderung."""
    return _reihe(f.nr, f.bfs_nr, *map(chf, (f.betrag, f.verrechnet, f.bezahlt, f.rest)), f.stand(tag))


def schliesst(plan: Laufplan, vorher: Journal) -> None:
    """Assert that no Rappen of a run is lost or made, and that each line says what its bookings say."""
    lauf, je_art = str(plan.lauf), {a: [b for b in plan.buchungen if b.art is a] for a in Art}
    assert len({b.id for b in (*vorher.buchungen, *plan.buchungen)}) == len(vorher.buchungen) + len(plan.buchungen)
    assert {b.bfs_nr for b in plan.buchungen} <= {a.bfs_nr for a in plan.abrechnungen}
    assert len({a.bfs_nr for a in plan.abrechnungen}) == len(plan.abrechnungen)
    for b in plan.buchungen:
        assert b.id.startswith(f"{lauf}/")
        assert (b.lauf, b.datum) == (lauf, plan.datum)
        assert b.betrag
        assert (b.posten is None) is (b.kreditjahr is None) is (b.art not in (Art.ANSPRUCH, Art.DIFFERENZ))
        assert b.posten is None or b.id == f"{lauf}/{b.posten}"
    for a in plan.abrechnungen:
        eigene = [b for b in plan.buchungen if b.bfs_nr == a.bfs_nr]
        assert {(b.gemeinde, b.empfaenger) for b in eigene} <= {(a.gemeinde, a.empfaenger)}
        von = {art: summe(b for b in je_art[art] if b.bfs_nr == a.bfs_nr) for art in Art}
        assert summe(eigene) == a.auszahlung
        assert (von[Art.ANSPRUCH], -von[Art.VERRECHNUNG]) == (a.anspruch, a.verrechnet)
        assert von[Art.DIFFERENZ] + von[Art.RUECKWEISUNG] == a.differenz
        assert min(a.anspruch, a.verrechnet, a.auszahlung, a.rechnung) >= 0
        assert a.anspruch + a.differenz == a.auszahlung + a.verrechnet - von[Art.RUECKFORDERUNG]
        assert a.rechnung == sum((r.betrag for r in plan.rechnungen if r.bfs_nr == a.bfs_nr), NULL)
        assert not (a.rechnung and a.auszahlung)
    for r in plan.rechnungen:
        assert r.betrag == sum(p.betrag for p in r.posten) > 0
        assert min(p.betrag for p in r.posten) > 0
        assert len({p.nr for p in r.posten}) == len(r.posten)


def stand(fall: Mapping[str, Any], lauf: Mapping[str, Any], journal: Journal) -> list[str]:
    """Return all Rückforderungen as on the day of a run, after it."""
    s = urteil({**fall, **lauf, "stichtag": lauf["datum"]}).stammdaten
    return [forderung(f, lauf["datum"]) for f in forderungen(s, journal, lauf["datum"])]
