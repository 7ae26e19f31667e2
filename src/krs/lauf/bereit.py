"""What the Stammdaten still lack before forms or contributions of a period go out (Ziff. 4.3.2, 4.3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from krs.formulare.befund import aufgezaehlt
from krs.formulare.formular import formular_fuer, periodenbeginn
from krs.recht import DOLMETSCHEN, GESPRAECH, Halbjahr, Leistung, NichtGeregelt, pauschale, sockelbeitrag
from krs.urteil.nachbarn import beteiligte

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten


def schalter(zeit: str) -> str:
    """Return how the command line names a time.

    >>> schalter("2024-H1"), schalter("2024")
    ('--periode 2024-H1', '--jahr 2024')
    """
    return f"--periode {zeit}" if "-" in zeit else f"--jahr {zeit}"


def ungeregelt(s: Stammdaten, leistung: Leistung, zeit: str) -> str:
    """Return what is not known of a rate for a half-year, of the Sockelbeitrag's for a year; nothing if it is."""
    try:
        if leistung is Leistung.SOCKEL:
            sockelbeitrag(1, periodenbeginn(zeit).year, s.tarife)
        else:
            pauschale(leistung, 1, Halbjahr.parse(zeit), s.tarife)
    except NichtGeregelt as fehler:
        return str(fehler)
    return ""


def luecken(s: Stammdaten, zeit: str) -> Iterator[str]:
    """Yield a sentence for each rate and for the residents that a half-year `2024-H1` or a year `2024` needs."""
    jahr = periodenbeginn(zeit).year
    leistungen = [Leistung.SOCKEL]
    if "-" in zeit:
        arten = formular_fuer(zeit).version_fuer(zeit).arten
        leistungen = [x for art in arten for x in (GESPRAECH[art], DOLMETSCHEN[art])]
    if satz := next(filter(None, (ungeregelt(s, x, zeit) for x in leistungen)), ""):
        yield satz
    if "-" not in zeit and (ohne := [s.gebiet.name(b) for b in beteiligte(s, zeit) if s.auslaender(b, jahr) is None]):
        yield f"Der Ausländerbestand für {zeit} fehlt: {aufgezaehlt(ohne)}."
