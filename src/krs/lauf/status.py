"""What released runs say about the claims of today: paid, or paid with a difference (entwurf 4.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from krs.lauf.buchung import Journal, Posten
from krs.recht import chf
from krs.urteil.ansprueche import ANERKANNT, BEZAHLT, Anspruch

if TYPE_CHECKING:
    from krs.urteil.urteil import Urteil


def mit_laeufen(urteil: Urteil, journal: Journal) -> Urteil:
    """Return the judgement with claims marked that released runs have paid, and the last run of each."""
    if not journal.buchungen:
        return urteil
    laeufe = {b.posten: b.lauf for b in journal.buchungen if b.posten is not None}  # the last one stays
    return replace(urteil, ansprueche=tuple(_gezeigt(a, journal, laeufe) for a in urteil.ansprueche))


def _gezeigt(a: Anspruch, journal: Journal, laeufe: dict[Posten, str]) -> Anspruch:
    posten = Posten(a.bfs_nr, a.leistung, a.periode)
    stand = journal.staende.get(posten)
    if stand is None or a.status == "ersetzt":
        return a
    if a.status == ANERKANNT and stand.betrag == a.betrag:
        return replace(a, status=BEZAHLT, lauf=laeufe[posten])
    gruende = [a.grund, f"bezahlt {chf(stand.betrag)}"] if stand.betrag else [a.grund]
    return replace(a, lauf=laeufe[posten], grund="; ".join(filter(None, gruende)))
