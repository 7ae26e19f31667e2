"""Who gets the e-mail of a municipality; one Koordinationsstelle for several gets one (Ziff. 3.4.2, 4.5.1).

And whose an address is: an address of the Stammdaten, or one of the same domain (docs/entscheide/54).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from krs.formulare.typen import ohne_akzente

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Gemeinde, Stammdaten

# Whoever writes from there may be anybody: their domain says nothing about a municipality.
_ANBIETER = re.compile(
    r"(aol|besonet|bluemail|bluewin|datacomm|eblcom|freesurf|ggs|gmail|gmx|googlemail|green|greenmail|hispeed|hotmail"
    r"|icloud|live|mac|mail|mailbox|me|msn|netplus|outlook|pm|posteo|proton|protonmail|quickline|romandie|solnet"
    r"|sunrise|swissonline|t-online|teleport|tiscali|vtxmail|vtxnet|web|yahoo)\.(at|ch|com|de|eu|fr|it|li|me|net|org)"
)


@dataclass(frozen=True, slots=True)
class Adressat:
    """A recipient; without an `email` the officer fills it in. Equal `schluessel`: the same recipient."""

    name: str
    email: str
    schluessel: str


def adressat(stammdaten: Stammdaten, bfs: int, tag: date) -> Adressat:
    """Return who answers for a municipality on a day: Koordinationsstelle, else Integrationsbeauftragte/r, else Präsidium.

    After a merger the successor answers (docs/entscheide/20).
    """  # noqa: E501
    g = stammdaten.gemeinde(stammdaten.gebiet.nachfolgerin(bfs, tag), tag) or stammdaten.gemeinde(bfs)
    if g is None:
        return Adressat(stammdaten.gebiet.name(bfs), "", f"{bfs}")
    moegliche = (
        (g.koordinationsstelle, g.email_koordination),
        (g.beauftragte, g.email),
        (f"Präsidium {g.name}", g.email_praesidium),
    )
    name, email = next((paar for paar in moegliche if paar[1]), (g.name, ""))
    return Adressat(name, email, email.casefold() or f"{g.bfs_nr}")


def gruppiert(
    stammdaten: Stammdaten, bfs_nummern: Iterable[int], tag: date
) -> tuple[tuple[Adressat, tuple[int, ...]], ...]:
    """Return each recipient with its municipalities, both in the order of the municipalities' names."""
    gruppen: dict[str, tuple[Adressat, list[int]]] = {}
    for bfs in sorted(set(bfs_nummern), key=lambda b: (alphabetisch(stammdaten.gebiet.name(b)), b)):
        wer = adressat(stammdaten, bfs, tag)
        gruppen.setdefault(wer.schluessel, (wer, []))[1].append(bfs)
    return tuple((wer, tuple(nummern)) for wer, nummern in gruppen.values())


def anbieter(domain: str) -> bool:
    """Tell whether a domain is that of a provider for everybody."""
    return _ANBIETER.fullmatch(domain) is not None


def besitzer(adresse: str, gemeinden: Iterable[Gemeinde]) -> tuple[set[int], set[int]]:
    """Return whose an address is: of whom the Stammdaten have it, and who else has one of its domain.

    The domain of a provider for everybody, as gmail.com, says nothing.
    """
    klein = adresse.strip().casefold()
    domain = klein.rpartition("@")[2]
    fuer_alle = anbieter(domain)
    genau, gleiche = set[int](), set[int]()
    for g in gemeinden:
        alle = (g.email, g.email_koordination, g.email_praesidium, g.email_finanzen, g.email_strategische_leitung)
        for eigene in filter(None, alle):
            if eigene.casefold() == klein:
                genau.add(g.bfs_nr)
            elif not fuer_alle and eigene.casefold().rpartition("@")[2] == domain:
                gleiche.add(g.bfs_nr)
    return genau, gleiche - genau


def alphabetisch(name: str) -> str:
    """Return the sort key of a name: umlauts stand with their vowel.

    >>> sorted(["Zuchwil", "Härkingen", "Halten"], key=alphabetisch)
    ['Halten', 'Härkingen', 'Zuchwil']
    """
    return ohne_akzente(name).casefold()
