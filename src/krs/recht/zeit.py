"""Half-years, Stichtag, deadlines and payout dates (Ziff. 4.3.2, 4.5.2, 4.7, 5.2). No clock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from krs.recht.daten import lade
from krs.recht.leistung import Leistung, NichtGeregelt

_TERMINE = lade("termine.toml")
JAHRE = range(_TERMINE["geltung"]["erstes_jahr"], _TERMINE["geltung"]["letztes_jahr"] + 1)
EIN_JAHR = f"ein Jahr von {JAHRE[0]} bis {JAHRE[-1]}"
EIN_HALBJAHR = f"ein Halbjahr wie 2024-H1 ({JAHRE[0]} bis {JAHRE[-1]})"
_AUSZAHLUNG: dict[Leistung, Mapping[str, Any]] = {
    Leistung(name): eintrag for eintrag in _TERMINE["auszahlung"] for name in eintrag["leistungen"]
}
_MUSTER = re.compile(r"([0-9]{4})-H([12])")
_WOCHENTAGE = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def pruefe_jahr(jahr: object) -> int:
    """Return the year if the circular can apply to it, else ValueError.

    >>> pruefe_jahr(2016)
    Traceback (most recent call last):
    ValueError: Gelesen wurde «2016»; erwartet wird ein Jahr von 2017 bis 2100.
    """
    if type(jahr) is int and jahr in JAHRE:
        return jahr
    raise ValueError(f"Gelesen wurde «{jahr}»; erwartet wird {EIN_JAHR}.")


def lies_jahr(text: str) -> int:
    """Return a year typed in digits. Raises: ValueError: it is none, or not one of the circular's.

    >>> lies_jahr("2024")
    2024
    """
    return pruefe_jahr(int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text)


@dataclass(frozen=True, order=True, slots=True)
class Halbjahr:
    """One half-year of service, January to June or July to December (Ziff. 4.5.2).

    >>> str(Halbjahr(2024, 1)), Halbjahr.parse("2024-H1").text
    ('2024-H1', '1. Halbjahr 2024')
    """

    jahr: int
    nummer: int

    def __post_init__(self) -> None:
        pruefe_jahr(self.jahr)
        if type(self.nummer) is not int or self.nummer not in (1, 2):
            raise ValueError(f"Ein Jahr hat das Halbjahr 1 und 2, gelesen wurde «{self.nummer}».")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the exact form «2024-H1»; anything else is a ValueError.

        >>> Halbjahr.parse("2024/1")
        Traceback (most recent call last):
        ValueError: Gelesen wurde «2024/1»; erwartet wird ein Halbjahr wie 2024-H1 (2017 bis 2100).
        """
        treffer = _MUSTER.fullmatch(str(text))
        if treffer is None:
            raise ValueError(f"Gelesen wurde «{text}»; erwartet wird {EIN_HALBJAHR}.")
        return cls(int(treffer[1]), int(treffer[2]))

    def __str__(self) -> str:
        return f"{self.jahr}-H{self.nummer}"

    @property
    def text(self) -> str:
        """The form for people: «1. Halbjahr 2024»."""
        return f"{self.nummer}. Halbjahr {self.jahr}"

    @property
    def beginn(self) -> date:
        """First day, inclusive.

        >>> Halbjahr(2018, 2).beginn
        datetime.date(2018, 7, 1)
        """
        return date(self.jahr, 6 * self.nummer - 5, 1)

    @property
    def ende(self) -> date:
        """Last day, inclusive."""
        return date(self.jahr, 6, 30) if self.nummer == 1 else date(self.jahr, 12, 31)

    def vorher(self) -> "Halbjahr":
        """The half-year before; ValueError before the circular began."""
        return Halbjahr(self.jahr, 1) if self.nummer == 2 else Halbjahr(self.jahr - 1, 2)

    def nachher(self) -> "Halbjahr":
        """The half-year after.

        >>> str(Halbjahr(2023, 2).nachher())
        '2024-H1'
        """
        return Halbjahr(self.jahr, 2) if self.nummer == 1 else Halbjahr(self.jahr + 1, 1)


ERSTES_HALBJAHR = Halbjahr(JAHRE[0], 1)


def _termin(eintrag: Mapping[str, Any], periode: Halbjahr | int, wofuer: str) -> date:
    """Look one date up; an entry knows either half-years or years, the other is a ValueError."""
    if isinstance(periode, Halbjahr):
        schluessel, jahr, erwartet = f"halbjahr_{periode.nummer}", periode.jahr, "ein Jahr (2024)"
    else:
        schluessel, jahr, erwartet = "jahr", pruefe_jahr(periode), "ein Halbjahr (2024-H1)"
    if schluessel not in eintrag:
        raise ValueError(f"{wofuer}: Erwartet wird {erwartet}, gelesen wurde «{periode}».")
    termin = eintrag[schluessel]
    return date(jahr + termin["jahr"], termin["monat"], termin["tag"])


def stichtag(jahr: int) -> date:
    """Return the day whose foreign residents count for a contribution year (Ziff. 4.3.2).

    >>> stichtag(2024)
    datetime.date(2022, 12, 31)
    """
    return _termin(_TERMINE["stichtag"], jahr, "Stichtag")


def frist(anhang: int, periode: Halbjahr | int) -> date:
    """Return the last day to file Anhang 2 (half-year) or Anhang 3 (year), as written (Ziff. 5.2).

    A weekend moves nothing (docs/entscheide/06); see `fristhinweis`.

    >>> frist(2, Halbjahr(2023, 2)), frist(3, 2024)
    (datetime.date(2024, 1, 31), datetime.date(2024, 1, 31))
    """
    eintrag = _TERMINE["frist"].get(f"anhang_{anhang}")
    if eintrag is None:
        raise ValueError(f"Eine Eingabefrist haben nur Anhang 2 und 3, gelesen wurde «{anhang}» (Ziff. 5.2).")
    return _termin(eintrag, periode, f"Anhang {anhang}")


def auszahlungstermin(leistung: Leistung, periode: Halbjahr | int) -> date:
    """Return the payout date of a half-year's talks or a year's Sockelbeitrag (Ziff. 4.5.2).

    Raises: NichtGeregelt: the circular names no date, or nothing was subsidised then.

    >>> auszahlungstermin(Leistung.ERST, Halbjahr(2023, 2))
    datetime.date(2024, 3, 31)
    """
    eintrag = _AUSZAHLUNG[leistung]
    termin = _termin(eintrag, periode, leistung)
    jahr = periode.jahr if isinstance(periode, Halbjahr) else periode
    for luecke in eintrag.get("nicht_geregelt", ()):
        if jahr < luecke["vor"]:
            raise NichtGeregelt(luecke["satz"])
    return termin


def faelligkeit(rechnungsdatum: date) -> date:
    """Return the last day to pay an invoiced remainder: 30 days after the invoice (Ziff. 4.7).

    >>> faelligkeit(date(2024, 3, 31))
    datetime.date(2024, 4, 30)
    """
    return rechnungsdatum + timedelta(days=_TERMINE["rechnung"]["zahlungsfrist_tage"])


def tage_verspaetet(eingang: date, frist: date) -> int:
    """Return the calendar days after the deadline, 0 if in time (Ziff. 5.2).

    >>> tage_verspaetet(date(2024, 2, 2), date(2024, 1, 31))
    2
    """
    return max(0, (eingang - frist).days)


def wochentag(tag: date) -> str:
    """Return the German weekday.

    >>> wochentag(date(2024, 1, 31))
    'Mittwoch'
    """
    return _WOCHENTAGE[tag.weekday()]


def datum(tag: date) -> str:
    """Return a day as the circular writes it.

    >>> datum(date(2024, 1, 31))
    '31.01.2024'
    """
    return f"{tag.day:02}.{tag.month:02}.{tag.year}"


def fristhinweis(frist: date) -> str:
    """Return a note if a deadline falls on a weekend, else an empty text (Ziff. 5.2, docs/entscheide/06).

    >>> fristhinweis(date(2021, 1, 31))
    'Die Frist vom 31.01.2021 ist ein Sonntag; sie gilt, wie sie im Kreisschreiben steht (Ziff. 5.2).'
    """
    if frist.weekday() < 5:
        return ""
    return (
        f"Die Frist vom {datum(frist)} ist ein {wochentag(frist)};"
        " sie gilt, wie sie im Kreisschreiben steht (Ziff. 5.2)."
    )
