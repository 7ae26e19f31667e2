"""A form beside its neighbours: who takes part, the half-year before, lead and member (docs/entscheide/13, 20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from krs.formulare.anhang2 import BEZAHLT, Anhang2
from krs.formulare.befund import melde
from krs.formulare.eingabe import LEERE_ZELLE
from krs.formulare.formular import periodenbeginn, periodenende
from krs.formulare.kontext import Summen
from krs.recht import Beteiligung, Halbjahr
from krs.recht.zeit import ERSTES_HALBJAHR
from krs.urteil.fassung import Fassung, Schluessel

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten


def beteiligte(stammdaten: Stammdaten, zeit: str) -> list[int]:
    """Return the BFS-Nr. of all that take part on some day of a half-year or year, in order.

    For a year those count that exist on 01.01.: they owe the Selbstdeklaration and earn the Sockelbeitrag.
    """
    von, bis = periodenbeginn(zeit), periodenende(zeit)
    gebiet = stammdaten.gebiet
    alle = {*gebiet.bestehende(von), *(gebiet.bestehende(bis) if "-" in zeit else ())}
    return [b for b in sorted(alle) if gebiet.beteiligung(b, von, bis) is not Beteiligung.KEINE]


def vorsummen(
    gueltig: dict[Schluessel, Fassung], stammdaten: Stammdaten, bfs: int, periode: str
) -> tuple[str, Summen | None]:
    """Return the previous half-year and its sums, with those of municipalities merged since (docs/entscheide/20)."""
    halbjahr = Halbjahr.parse(periode)
    if halbjahr <= ERSTES_HALBJAHR:
        return "", None
    vorher, gebiet = halbjahr.vorher(), stammdaten.gebiet
    alle = (bfs, *gebiet.vorgaengerinnen(bfs, vorher.beginn, halbjahr.beginn))
    frueher = [b for b in alle if gebiet.beteiligung(b, vorher.beginn, vorher.ende) is not Beteiligung.KEINE]
    summen = [_summen(gueltig.get((b, "Anhang 2", str(vorher)))) for b in frueher]
    if not summen:
        return str(vorher), None
    return str(vorher), {k: _summe([s[k] if s else None for s in summen]) for k in BEZAHLT}


def _summe(werte: Sequence[int | None]) -> int | None:
    """Return the sum, None if one is not known."""
    bekannt = [w for w in werte if w is not None]
    return sum(bekannt) if len(bekannt) == len(werte) else None


def _summen(f: Fassung | None) -> Summen | None:
    """Return the sums of a form, None each where a count is missing or the form does not ask for it."""
    if f is None or not isinstance(f.modell, Anhang2):
        return None
    return {k: n if k in f.ansprueche else None for k, n in f.modell.summen(ganz=True).items()}


def _gleich(f: Fassung, g: Fassung) -> bool:
    if not (isinstance(f.modell, Anhang2) and isinstance(g.modell, Anhang2)):
        return False
    zahlen = f.modell.gezaehlt()
    return zahlen == g.modell.gezaehlt() and sum(z or 0 for z in zahlen) > 0


def mit_a222(f: Fassung, andere: Fassung | None) -> Fassung:
    """Add A2-22 if lead and member report the same counts (Ziff. 3.4.2, docs/entscheide/13)."""
    if andere is None or not _gleich(f, andere):
        return f
    befund = melde(
        f.akte, "A2-22", LEERE_ZELLE, "", f.ansprueche,
        gemeinde=f.akte.gemeinde, andere=andere.akte.gemeinde, periode=f.akte.periode,
    )  # fmt: skip
    zahlen = f.modell.gezaehlt() if isinstance(f.modell, Anhang2) else ()
    befund = replace(befund, sieht=(*befund.sieht, ("zahlen", zahlen)))
    return f if befund in f.befunde else replace(f, befunde=(*f.befunde, befund))
