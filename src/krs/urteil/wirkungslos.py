"""Decisions that meet neither a form nor a Befund (S-33)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.formular import periodenbeginn
from krs.recht import Halbjahr, datum
from krs.recht.zeit import ERSTES_HALBJAHR
from krs.urteil.fassung import Fassung, Schluessel, gilt_fuer
from krs.urteil.nachbarn import beteiligte

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid, Stammdaten


@dataclass(frozen=True, slots=True)
class Eingegangen:
    """Everything that a decision can meet: forms, files that are none, and purged forms."""

    ketten: Mapping[Schluessel, Sequence[Fassung]]
    fremde: Sequence[Fassung]
    graeber: Mapping[Schluessel, Sequence[Fassung]]


def ohne_wirkung(entscheide: Iterable[Entscheid], da: Eingegangen, s: Stammdaten) -> Iterator[Befund]:
    """Yield S-33 for each decision that meets nothing, a wrong period for instance."""
    for e in entscheide:
        if not _trifft(e, da, s) and not _traf_geloeschtes(e, da, s):
            akte = Akte("Stammdaten.xlsx", s.gebiet.name(e.bfs_nr), e.bfs_nr, e.formular, e.periode)
            was = f"keinen Befund {e.code}" if e.code else "keine Einreichung, die er meint"
            werte = {"was": was, "formular": e.formular, "periode": e.periode, "am": datum(e.datum)}
            yield melde(akte, "S-33", e.zelle("bfs_nr"), **werte)


def _trifft(e: Entscheid, da: Eingegangen, s: Stammdaten) -> bool:
    betroffen = [f for f in da.ketten.get((e.bfs_nr, e.formular, e.periode), ()) if gilt_fuer(e, f)]
    trifft = any(not e.code or any(b.code == e.code for b in f.befunde) for f in betroffen)
    fremd = any(e in f.entscheide for f in da.fremde)
    ohne_formular = e.formular == "Anhang 3" and not e.sha256 and e.code in ("", "F-07")
    return trifft or fremd or (ohne_formular and e.bfs_nr in beteiligte(s, e.periode))


def _traf_geloeschtes(e: Entscheid, da: Eingegangen, s: Stammdaten) -> bool:
    """Tell whether a decision may have met a form before it, or its neighbour, was purged."""
    zeiten = {e.periode}
    if "-" in e.periode and (halbjahr := Halbjahr.parse(e.periode)) > ERSTES_HALBJAHR:
        zeiten.add(str(halbjahr.vorher()))
    wer = {e.bfs_nr, s.gebiet.leitgemeinde(e.bfs_nr, periodenbeginn(e.periode))}
    wer |= {k[0] for k in da.graeber if s.gebiet.leitgemeinde(k[0], periodenbeginn(k[2])) == e.bfs_nr}
    nahe = [f for k, alle in da.graeber.items() for f in alle if k[0] in wer and k[1] == e.formular and k[2] in zeiten]
    return any((grab := f.einreichung.grab) is not None and e.datum <= grab.am for f in nahe)
