"""Questions have an age: since when each is open, how often it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from krs.ablage.postausgang import GESENDET, Postausgang, Vorgang
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
    gesagt: dict[tuple[str, str], list[Vorgang]] = {}
    for v in post.vorgaenge:
        if v.datum <= tag and v.sache.fassung:
            gesagt.setdefault((v.sache.code, v.sache.fassung), []).append(v)
    for z in urteil.zeilen:
        if z.fassung is None or z.bfs_nr is None or z.status in VORBEI or z.fassung.beiseite:
            continue
        shas = formulare[z.bfs_nr, z.formular, z.periode] if z.formular else {z.sha256}
        for b, e in z.fassung.paare:
            if b.stufe in HALTEND and not erledigt(b, e):
                meine = [v for sha in shas for v in gesagt.get((b.code, sha), ())]
                gefragt = tuple(sorted({v.datum for v in meine if v.was == GESENDET}))
                yield Frage(z, b, min((v.datum for v in meine), default=tag), gefragt)
