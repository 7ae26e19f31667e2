"""Distribution lists: those of the circular, and those that the office keeps (Verteiler at the end of the circular)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from krs.stammdaten.adressen import alphabetisch

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Gemeinde, Stammdaten

_JE_GEMEINDE = {  # list → columns of the sheet Gemeinden: what the name is called, address
    "Präsidien": (("", "email_praesidium"),),
    "Integrationsbeauftragte und strategische Leitungen": (
        ("beauftragte", "email"),
        ("strategische_leitung", "email_strategische_leitung"),
    ),
    "Koordinationsstellen": (("koordinationsstelle", "email_koordination"),),
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
    listen = [_je_gemeinde(name, zeilen) for name in _JE_GEMEINDE]
    regionen = sorted(s.sozialregionen, key=lambda r: alphabetisch(r.sozialregion))
    leitungen = tuple(Eintrag(None, r.sozialregion, r.leitung, r.email) for r in regionen if r.email)
    listen.append(Liste(SOZIALREGIONEN, leitungen, tuple(r.sozialregion for r in regionen if not r.email)))
    eigene: dict[str, list[Eintrag]] = {}
    for z in s.verteiler:
        eigene.setdefault(z.liste, []).append(Eintrag(None, "", z.name, z.email))
    return (*listen, *(Liste(name, tuple(e)) for name, e in eigene.items()))


def _je_gemeinde(name: str, zeilen: list[Gemeinde]) -> Liste:
    mit = {g.bfs_nr: tuple(_eintraege(name, g)) for g in zeilen}
    return Liste(
        name, tuple(e for alle in mit.values() for e in alle), tuple(g.name for g in zeilen if not mit[g.bfs_nr])
    )


def _eintraege(liste: str, g: Gemeinde) -> Iterator[Eintrag]:
    for person, adresse in _JE_GEMEINDE[liste]:
        if email := getattr(g, adresse):
            yield Eintrag(g.bfs_nr, g.name, getattr(g, person) if person else "", email)
