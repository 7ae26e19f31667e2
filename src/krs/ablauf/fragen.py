"""Questions have an age: since when each is open, how often it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from krs.ablage.postausgang import GESENDET, Postausgang
from krs.urteil.fassung import HALTEND, erledigt
from krs.urteil.tafel import VORBEI

if TYPE_CHECKING:
    from krs.formulare.befund import Befund
    from krs.urteil.tafel import Zeile
    from krs.urteil.urteil import Urteil


@dataclass(frozen=True, slots=True)
class Frage:
    """One open question to a municipality: open since, and the days on which it was asked."""

    zeile: Zeile
    befund: Befund
    seit: date
    gefragt: tuple[date, ...]


def fragen(urteil: Urteil, post: Postausgang) -> Iterator[Frage]:
    """Yield what is open; a question that a later version raises again keeps its age."""
    tag = urteil.stichtag
    formulare: dict[tuple[object, ...], set[str]] = {}
    for z in urteil.zeilen:
        formulare.setdefault((z.bfs_nr, z.formular, z.periode), set()).add(z.sha256)
    gesagt = [v for v in post.vorgaenge if v.datum <= tag and v.sache.fassung]
    for z in urteil.zeilen:
        if z.fassung is None or z.bfs_nr is None or z.status in VORBEI or z.fassung.beiseite:
            continue
        shas = formulare[z.bfs_nr, z.formular, z.periode] if z.formular else {z.sha256}
        for b, e in z.fassung.paare:
            if b.stufe in HALTEND and not erledigt(b, e):
                meine = [v for v in gesagt if v.sache.code == b.code and v.sache.fassung in shas]
                gefragt = tuple(sorted({v.datum for v in meine if v.was == GESENDET}))
                yield Frage(z, b, min((v.datum for v in meine), default=tag), gefragt)
