"""Who gets the e-mail of a municipality; one Koordinationsstelle for several gets one (Ziff. 3.4.2, 4.5.1)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten


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


def alphabetisch(name: str) -> str:
    """Return the sort key of a name: umlauts stand with their vowel.

    >>> sorted(["Zuchwil", "Härkingen", "Halten"], key=alphabetisch)
    ['Halten', 'Härkingen', 'Zuchwil']
    """
    zerlegt = unicodedata.normalize("NFKD", name)
    return "".join(c for c in zerlegt if not unicodedata.combining(c)).casefold()
