"""One municipality in one stretch of its history (Ziff. 3.4.2, 4.2, docs/entscheide/13, 19, 20)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Beteiligung(StrEnum):
    """Whether a municipality takes part in start.integration over a span (docs/entscheide/19)."""

    GANZ = "ganz"
    TEILWEISE = "teilweise"
    KEINE = "keine"


def _gilt(ab: date | None, bis: date | None, tag: date) -> bool:
    """Tell whether a day lies in a span, both ends inclusive; None is open."""
    return (ab is None or ab <= tag) and (bis is None or tag <= bis)


@dataclass(frozen=True, slots=True)
class GemeindeZeile:
    """One row of Stammdaten, sheet Gemeinden; several rows of one BFS-Nr. are its history.

    An empty `gueltig_ab` means always, an empty `beteiligt_ab` not taking part.
    """

    bfs_nr: int
    name: str
    bezirk: str
    gueltig_ab: date | None
    gueltig_bis: date | None
    nachfolgerin: int | None
    beteiligt_ab: date | None
    beteiligt_bis: date | None
    leitgemeinde: int | None
    leitgemeinde_ab: date | None
    leitgemeinde_bis: date | None
    empfaenger: int | None

    def besteht_am(self, tag: date) -> bool:
        """Tell whether the row is in force on a day."""
        return _gilt(self.gueltig_ab, self.gueltig_bis, tag)

    def endet_vor(self, tag: date) -> bool:
        """Tell whether the row ended before a day."""
        return self.gueltig_bis is not None and self.gueltig_bis < tag

    def beteiligt_am(self, tag: date) -> bool:
        """Tell whether the row takes part on a day."""
        return self.beteiligt_ab is not None and _gilt(self.beteiligt_ab, self.beteiligt_bis, tag)

    def gefuehrt_am(self, tag: date) -> bool:
        """Tell whether the row names a lead on a day on which it is in force (Ziff. 3.4.2)."""
        return (
            self.leitgemeinde is not None
            and _gilt(self.leitgemeinde_ab, self.leitgemeinde_bis, tag)
            and self.besteht_am(tag)
        )

    @property
    def reihenfolge(self) -> tuple[date, date, date, date]:
        """Sort key: the latest stretch of a history comes last."""
        return (
            self.gueltig_bis or date.max,
            self.gueltig_ab or date.min,
            self.beteiligt_ab or date.min,
            self.leitgemeinde_ab or date.min,
        )


def tage(spannen: Iterable[tuple[date, date]]) -> int:
    """Count the days that lie in at least one span, both ends inclusive.

    >>> tage([(date(2024, 1, 1), date(2024, 1, 3)), (date(2024, 1, 2), date(2024, 1, 4))])
    4
    """
    anzahl = gezaehlt_bis = 0
    for ab, bis in sorted(spannen):
        erster, letzter = max(ab.toordinal(), gezaehlt_bis + 1), bis.toordinal()
        if erster <= letzter:
            anzahl += letzter - erster + 1
            gezaehlt_bis = letzter
    return anzahl
