"""What released runs still know of forms that are purged: it stays paid (entwurf 4.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from krs.lauf.buchung import Journal, Posten
from krs.recht import Leistung
from krs.urteil import ordnung
from krs.urteil.ansprueche import BEZAHLT, ERSETZT, Anspruch

if TYPE_CHECKING:
    from krs.urteil.fassung import Schluessel
    from krs.urteil.urteil import Urteil


WEG = "Formular gelöscht"  # reason of a claim of which only the runs still know


def mit_geloeschten(urteil: Urteil, journal: Journal) -> Urteil:
    """Return the judgement with what runs paid for forms that are purged: it stays paid (docs/entscheide/51)."""
    bekannt = {Posten(a.bfs_nr, a.leistung, a.periode) for a in urteil.ansprueche if a.status != ERSETZT}
    neue = [
        _bezahlt(urteil, p, journal) for p, stand in journal.staende.items()
        if stand.betrag and p not in bekannt and formular_von(p) in urteil.ohne_beleg
    ]  # fmt: skip
    return (
        replace(urteil, ansprueche=tuple(sorted([*urteil.ansprueche, *neue], key=ordnung.ansprueche)))
        if neue
        else urteil
    )


def formular_von(p: Posten) -> Schluessel:
    """Return the form that a claim rests on."""
    return p.bfs_nr, "Anhang 3" if p.leistung is Leistung.SOCKEL else "Anhang 2", p.periode


def _bezahlt(urteil: Urteil, p: Posten, journal: Journal) -> Anspruch:
    """Return a claim as the runs booked it."""
    stand, lauf = journal.stand(p), next(b.lauf for b in reversed(journal.buchungen) if b.posten == p)
    return Anspruch(
        p.bfs_nr, urteil.stammdaten.gebiet.name(p.bfs_nr), p.leistung, p.periode, stand.anzahl, stand.ansatz,
        stand.betrag, None, urteil.stammdaten.tarife[p.leistung].ziffer, BEZAHLT, WEG,
        f"wie im Lauf {lauf} bezahlt", "", stand.sha256, lauf,
    )  # fmt: skip
