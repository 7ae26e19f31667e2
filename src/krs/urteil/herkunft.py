"""Who sent a form by mail: an address that is none of its municipality's is asked about (docs/entscheide/54)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from krs.formulare.befund import aufgezaehlt, begrenzt, melde
from krs.formulare.formular import periodenbeginn
from krs.stammdaten.adressen import adressat, alphabetisch, besitzer
from krs.urteil.fassung import Fassung

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Gemeinde, Stammdaten

_AN = "Prüfen Sie, ob es von der Gemeinde stammt. Was es zu antworten gibt, geht an {an}, nicht an den Absender."
_OHNE = (
    "Prüfen Sie zuerst, ob es von der Gemeinde stammt: Für sie steht dort keine E-Mail-Adresse für Antworten; gibt es "
    "etwas zu antworten, hat der Entwurf keinen Empfänger."
)


def sendungen(fassungen: Iterable[Fassung]) -> dict[str, set[int]]:
    """Return of which municipalities each address sent forms."""
    ergebnis: dict[str, set[int]] = {}
    for f in fassungen:
        for adresse in f.einreichung.absender:
            ergebnis.setdefault(adresse, set()).add(f.schluessel[0])
    return ergebnis


def mit_herkunft(f: Fassung, s: Stammdaten, stichtag: date, gesendet: Mapping[str, set[int]]) -> Fassung:
    """Add F-63 to a form that came by mail alone, and from nobody whom the Stammdaten know for its municipality."""
    von, bfs = f.einreichung.absender, f.akte.bfs_nr
    if not von or bfs is None or not s.gebiet.gemeinde(bfs):
        return f
    eigene = _zustaendig(f, bfs, s)
    if any(set.union(*besitzer(a, eigene)) for a in von):
        return f
    an = adressat(s, bfs, stichtag).email
    worte = {"absender": aufgezaehlt(von), "gemeinde": s.gebiet.name(bfs), "mehr": _mehr(von, bfs, s, gesendet)}
    befund = melde(f.akte, "F-63", tun=_AN.format(an=f"«{an}»") if an else _OHNE, **worte)
    return replace(f, befunde=(*f.befunde, befund))


def _zustaendig(f: Fassung, bfs: int, s: Stammdaten) -> list[Gemeinde]:
    """Return who may send a form of a municipality: itself, before and after a merger, and its lead (Ziff. 3.4.2)."""
    tag, beginn = f.einreichung.eingang, periodenbeginn(f.akte.periode)
    nummern = {bfs, s.gebiet.nachfolgerin(bfs, tag), *(s.gebiet.leitgemeinde(bfs, t) for t in (tag, beginn))}
    return [g for g in s.gemeinden if nummern & {g.bfs_nr, s.gebiet.nachfolgerin(g.bfs_nr, tag)}]


def _mehr(von: Sequence[str], bfs: int, s: Stammdaten, gesendet: Mapping[str, set[int]]) -> str:
    """Return whose the addresses are instead, and of whom they sent forms, too."""
    andere = {b for a in von for b in set.union(*besitzer(a, s.gemeinden))}
    auch = {b for a in von for b in gesendet.get(a, ())} - andere - {bfs}
    satz = f" Sie gehört zu einer andern Gemeinde ({_namen(andere, s)})." if andere else ""
    return satz + (f" Von dort kamen auch andere Formulare ({_namen(auch, s)})." if auch else "")


def _namen(nummern: Iterable[int], s: Stammdaten) -> str:
    namen = sorted((s.gebiet.name(b) for b in nummern), key=alphabetisch)
    return begrenzt(namen)
