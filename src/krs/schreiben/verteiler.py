"""Distribution lists: those of the circular, and those that the office keeps (Verteiler at the end of the circular)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from krs.formulare.typen import grundform
from krs.recht import Beteiligung
from krs.stammdaten.adressen import alphabetisch

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Gemeinde, Stammdaten

KOORDINATIONSSTELLEN = "Koordinationsstellen"
_BEAUFTRAGTE = "beauftragte", "email"
_JE_GEMEINDE = {  # list → columns of the sheet Gemeinden: what the name is called, address
    "Präsidien": (("", "email_praesidium"),),
    "Integrationsbeauftragte und strategische Leitungen": (
        _BEAUFTRAGTE,
        ("strategische_leitung", "email_strategische_leitung"),
    ),
    KOORDINATIONSSTELLEN: (("koordinationsstelle", "email_koordination"),),
    "Finanzverwaltungen": (("", "email_finanzen"),),
}
SOZIALREGIONEN = "Leitungen der Sozialregionen"


@dataclass(frozen=True, slots=True)
class Eintrag:
    """One address of a list; `bfs_nr` and `gemeinde` where it belongs to a municipality."""

    bfs_nr: int | None
    gemeinde: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Liste:
    """One list; `ohne` names who belongs to it and has no address."""

    name: str
    eintraege: tuple[Eintrag, ...]
    ohne: tuple[str, ...] = ()

    @property
    def adressen(self) -> tuple[str, ...]:
        """Each address once, whatever its case, in the order of the list."""
        return tuple({e.email.casefold(): e.email for e in self.eintraege}.values())


def verteiler(s: Stammdaten, tag: date) -> tuple[Liste, ...]:
    """Return all lists as of a day: the circular's for the municipalities that exist then, then the office's own."""
    zeilen = sorted(
        (g for bfs in {g.bfs_nr for g in s.gemeinden} if (g := s.gemeinde(bfs, tag))),
        key=lambda g: (alphabetisch(g.name), g.bfs_nr),
    )
    keine = {g.bfs_nr for g in zeilen if s.gebiet.beteiligung(g.bfs_nr, tag, tag) is Beteiligung.KEINE}
    listen = [_je_gemeinde(name, zeilen, keine) for name in _JE_GEMEINDE]
    regionen = sorted(s.sozialregionen, key=lambda r: alphabetisch(r.sozialregion))
    leitungen = tuple(Eintrag(None, r.sozialregion, r.leitung, r.email) for r in regionen if r.email)
    listen.append(Liste(SOZIALREGIONEN, leitungen, tuple(r.sozialregion for r in regionen if not r.email)))
    alle = {_kern(liste.name): liste for liste in listen}
    for z in s.verteiler:  # the same name written otherwise is the same list
        liste = alle.get(_kern(z.liste), Liste(z.liste, ()))
        alle[_kern(z.liste)] = replace(liste, eintraege=(*liste.eintraege, Eintrag(None, "", z.name, z.email)))
    return tuple(alle.values())


def _kern(name: str) -> str:
    return re.sub(r"\W", "", grundform(name))


def _je_gemeinde(name: str, zeilen: list[Gemeinde], keine: set[int]) -> Liste:
    """Return a list, and who should have an address in it: without taking part there is no Koordinationsstelle."""
    mit = {g.bfs_nr: tuple(_eintraege(name, g)) for g in zeilen}
    frei = keine if _BEAUFTRAGTE in _JE_GEMEINDE[name] or name == KOORDINATIONSSTELLEN else set()
    ohne = tuple(g.name for g in zeilen if not mit[g.bfs_nr] and g.bfs_nr not in frei)
    return Liste(name, tuple(e for alle in mit.values() for e in alle), ohne)


def _eintraege(liste: str, g: Gemeinde) -> Iterator[Eintrag]:
    """Yield the addresses; the Koordinationsstelle is the Integrationsbeauftragte unless another is named (4.5.1)."""
    felder = _JE_GEMEINDE[liste]
    if liste == KOORDINATIONSSTELLEN and not g.email_koordination:
        felder = (_BEAUFTRAGTE,)
    for person, adresse in felder:
        if email := getattr(g, adresse):
            yield Eintrag(g.bfs_nr, g.name, getattr(g, person) if person else "", email)
