"""What one state says of each claim: a released run, or today's judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.lauf.buchung import Posten
from krs.lauf.kennung import Lauf
from krs.recht import chf, franken, tausender

if TYPE_CHECKING:
    from krs.urteil.urteil import Urteil


@dataclass(frozen=True, slots=True)
class Sichtposten:
    """What one state says of one claim; `betrag` in CHF, 0 unless it is recognised or booked."""

    betrag: Decimal
    anzahl: int | None
    ansatz: Decimal | None
    sha256: str = ""
    zellen: str = ""
    status: str = ""  # of a claim that is not recognised
    grund: str = ""

    @property
    def rechnung(self) -> str:
        """«Fr. 8'000.00 (40 × 200.00)», or the state of what is not recognised."""
        if self.status:
            return self.status
        if self.anzahl is None or self.ansatz is None or not self.betrag:
            return franken(self.betrag)
        return f"{franken(self.betrag)} ({tausender(self.anzahl)} × {chf(self.ansatz)})"


@dataclass(frozen=True)
class Sicht:
    """What one state books per claim: `name` stands in the sentences, `tag` is its day (None: nothing is booked)."""

    name: str
    tag: date | None
    eintraege: Mapping[Posten, Sichtposten] = field(repr=False)
    lauf: Lauf | None = None  # None: what is recognised today
    urteil: Urteil | None = field(default=None, repr=False)
    gemeinden: Mapping[int, str] = field(default_factory=dict, repr=False)
