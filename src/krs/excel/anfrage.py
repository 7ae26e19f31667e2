"""What a macro is asked: where, on which day, with which entries, and by whom."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.eingangsjournal import NIEMAND, Hand

if TYPE_CHECKING:
    from krs.ablauf import Fortschritt


class Eingabefehler(ValueError):
    """Something the user has to mend: one German sentence; nothing was changed."""


class Rollenfehler(Eingabefehler):
    """Who is signed on lacks the role for it; nothing was changed."""


class Rolle(StrEnum):
    """What a signed-on person may do; Freigabe is the release of runs and their hand-over."""

    ERFASSUNG = "Erfassung"
    FREIGABE = "Freigabe"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed on. `konto` is unique and stays in lauf.json; `visum` stands on runs and protocols."""

    konto: str
    visum: str
    rollen: frozenset[Rolle]


@dataclass(frozen=True, slots=True)
class Anfrage:
    """One call of a macro.

    Args:
        ablage: the working folder; None where none is configured.
        heute: the day of the call; domain code knows no clock.
        angaben: entry key (makros.toml) → what was typed.
        person: who is signed on; None on a desktop and on a loopback server without sign-on.
        zeit: the real time of the call, for the journal of intake.
        fortschritt: shows how far a long step is; None: nothing is shown.
    """

    ablage: Path | None
    heute: date
    angaben: Mapping[str, str] = field(default_factory=dict)
    person: Person | None = None
    fortschritt: Fortschritt | None = None
    zeit: datetime | None = None

    @property
    def hand(self) -> Hand:
        """Who acts and when really; nobody where the host has no clock."""
        return hand(self.person, self.zeit) if self.zeit else NIEMAND

    def visum(self, getippt: str) -> str:
        """Return whose mark it is. Raises: Eingabefehler: who is signed on typed another one."""
        if self.person is None:
            return getippt
        if getippt and getippt.casefold() != self.person.visum.casefold():
            raise Eingabefehler(
                f"Angemeldet sind Sie mit dem Visum {self.person.visum}; ein anderes gilt nicht. Lassen Sie das Feld "
                "«Visum» leer."
            )
        return self.person.visum


def hand(person: Person | None, zeit: datetime) -> Hand:
    """Return who acts: the person signed on, else the account of the system."""
    from krs.ablauf.gemeinsam import konto

    return Hand(zeit, person.konto, person.visum) if person else Hand(zeit, konto())


def jetzt() -> datetime:
    """Return the time of the system, with its zone."""
    return datetime.now().astimezone()


def eingestellte_ablage() -> Path | None:
    """Return the working folder of KRS_ABLAGE; None where none is set."""
    ort = os.environ.get("KRS_ABLAGE", "").strip()
    return Path(ort) if ort else None
