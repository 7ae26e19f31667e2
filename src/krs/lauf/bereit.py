"""What the Stammdaten still lack before forms or contributions of a period go out (Ziff. 4.3.2, 4.3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from krs.formulare.befund import aufgezaehlt
from krs.formulare.formular import formular, periodenbeginn
from krs.recht import DOLMETSCHEN, GESPRAECH, Halbjahr, NichtGeregelt, pauschale, sockelbeitrag
from krs.urteil.nachbarn import beteiligte

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten


def luecken(s: Stammdaten, zeit: str) -> Iterator[str]:
    """Yield a sentence for each rate and for the residents that a half-year `2024-H1` or a year `2024` needs."""
    jahr = periodenbeginn(zeit).year
    try:
        if "-" not in zeit:
            sockelbeitrag(1, jahr, s.tarife)
        for art in formular("anhang2").version_fuer(zeit).arten if "-" in zeit else ():
            for leistung in (GESPRAECH[art], DOLMETSCHEN[art]):
                pauschale(leistung, 1, Halbjahr.parse(zeit), s.tarife)
    except NichtGeregelt as fehler:
        yield str(fehler)
    if "-" not in zeit and (ohne := [s.gebiet.name(b) for b in beteiligte(s, zeit) if s.auslaender(b, jahr) is None]):
        yield f"Der Ausländerbestand für {zeit} fehlt bei {aufgezaehlt(ohne)}."
