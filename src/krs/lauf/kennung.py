"""Which run it is, and which run a claim falls due in (Ziff. 4.5.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

from krs.recht import Halbjahr, Leistung, NichtGeregelt, auszahlungstermin
from krs.recht.zeit import JAHRE, wochentag

_FORM = re.compile(r"(\d{4})-(03|09)(?:-N([1-9]))?")


_OSTERN = {-2: "Karfreitag", 1: "Ostermontag", 39: "Auffahrt", 50: "Pfingstmontag"}  # days after Easter Sunday
_FEST = {
    (1, 1): "Neujahr", (1, 2): "Berchtoldstag", (5, 1): "Tag der Arbeit", (8, 1): "Bundesfeier",
    (12, 25): "Weihnachten", (12, 26): "Stephanstag",
}  # fmt: skip


def bankfrei(tag: date) -> str:
    """Return why Swiss banks make no payment on a day, empty where they do.

    >>> bankfrei(date(2024, 3, 29)), bankfrei(date(2024, 3, 31)), bankfrei(date(2024, 3, 28))
    ('Karfreitag', 'Sonntag', '')
    """
    fest = _FEST.get((tag.month, tag.day)) or _OSTERN.get((tag - easter(tag.year)).days, "")
    return fest or (wochentag(tag) if tag.weekday() >= 5 else "")


@dataclass(frozen=True, slots=True, order=True)
class Lauf:
    """The run of March or September of a year; runs are in order of time, and so are their names.

    `nummer`: of a Nachzahlung after that run, which pays again what the bank turned away and nothing else; 0 of the run
    itself (docs/entscheide/81).
    """

    jahr: int
    monat: int
    nummer: int = 0

    @classmethod
    def parse(cls, text: str) -> Lauf:
        """Return a run from `2024-03`, a Nachzahlung from `2024-03-N1`.

        Raises: ValueError: not a run of March or September (German sentence).

        >>> Lauf.parse("2024-03") < Lauf.parse("2024-09")
        True
        """
        treffer = _FORM.fullmatch(text.strip())
        if treffer is None or int(treffer[1]) not in JAHRE:
            raise ValueError(
                f"«{text}» ist kein Lauf. Ausbezahlt wird im März und im September: 2024-03 oder 2024-09 (Ziff. 4.5.2)."
            )
        return cls(int(treffer[1]), int(treffer[2]), int(treffer[3] or 0))

    def __str__(self) -> str:
        return f"{self.jahr}-{self.monat:02d}" + (f"-N{self.nummer}" if self.nummer else "")

    @property
    def valuta(self) -> date:
        """The last bank working day of the month.

        >>> Lauf(2024, 3).valuta, Lauf(2024, 9).valuta
        (datetime.date(2024, 3, 28), datetime.date(2024, 9, 30))
        """
        tag = date(self.jahr, self.monat, 31 if self.monat == 3 else 30)
        while bankfrei(tag):
            tag -= timedelta(days=1)
        return tag


def naechster_bankwerktag(tag: date) -> date:
    """Return the first day after this one on which banks pay.

    >>> naechster_bankwerktag(date(2024, 3, 28))
    datetime.date(2024, 4, 2)
    """
    tag += timedelta(days=1)
    while bankfrei(tag):
        tag += timedelta(days=1)
    return tag


@lru_cache(5000)
def lauf_von(leistung: Leistung, periode: str) -> Lauf | None:
    """Return the run in which a claim falls due; None where the circular names no date (Ziff. 4.5.2).

    >>> str(lauf_von(Leistung.ERST, "2023-H2")), str(lauf_von(Leistung.SOCKEL, "2024"))
    ('2024-03', '2024-03')
    """
    try:
        termin = auszahlungstermin(leistung, Halbjahr.parse(periode) if "-" in periode else int(periode))
    except NichtGeregelt:
        return None
    return Lauf(termin.year, termin.month)
