"""The population of the spot checks: the Anhang 2 in force of one half-year (Ziff. 4.2, 4.3.1, 6)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.anhang2 import Anhang2
from krs.formulare.befund import Akte
from krs.recht import DOLMETSCHEN, GESPRAECH
from krs.recht.stichprobe import Einheit
from krs.urteil.ansprueche import summe

if TYPE_CHECKING:
    from krs.urteil.urteil import Urteil


@dataclass(frozen=True, slots=True)
class Zeile:
    """One municipality: talks and Linguadukt assignments as reported, and the recognised amount in CHF."""

    bfs_nr: int
    gemeinde: str
    bezirk: str
    gespraeche: int
    einsaetze: int
    betrag: Decimal

    @property
    def einheit(self) -> Einheit:
        """The municipality as the draw takes it, weighted by its amount."""
        return Einheit(self.bfs_nr, self.betrag)


def grundgesamtheit(urteil: Urteil, periode: str) -> tuple[Zeile, ...]:
    """Return one row for each Anhang 2 in force of a half-year `2024-H1`, by BFS number.

    Who has no recognised amount has 0: drawn with equal chances only, never by amount.
    """
    formulare = ((f.akte, f.modell) for f in urteil.gueltige if f.akte.periode == periode)
    return tuple(_zeile(urteil, akte, modell) for akte, modell in formulare if isinstance(modell, Anhang2))


def _zeile(urteil: Urteil, akte: Akte, modell: Anhang2) -> Zeile:
    bfs, gezaehlt = akte.bfs_nr or 0, modell.summen()
    return Zeile(
        bfs_nr=bfs,
        gemeinde=akte.gemeinde,
        bezirk=urteil.stammdaten.gebiet.bezirk(bfs),
        gespraeche=sum(gezaehlt[g.schluessel] or 0 for g in GESPRAECH.values()),
        einsaetze=sum(gezaehlt[d.schluessel] or 0 for d in DOLMETSCHEN.values()),
        betrag=summe(a for a in urteil.ansprueche if (a.bfs_nr, a.periode) == (bfs, akte.periode)),
    )
