"""The canton's municipalities over time: existence, mergers, Leitgemeinde, payee.

Ziff. 3.4.2, 4.2, 4.5.2; docs/entscheide/13, 19, 20.
"""

from collections.abc import Iterable
from datetime import date

from krs.recht.gemeinde import Beteiligung, GemeindeZeile, tage
from krs.recht.zeit import datum

__all__ = ["Beteiligung", "Gebiet", "GemeindeZeile", "gemeinde"]


class Gebiet:
    """All rows of Stammdaten, sheet Gemeinden, indexed by BFS-Nr.; immutable."""

    __slots__ = ("_gefuehrte", "_vorher", "_zeilen")

    def __init__(self, zeilen: Iterable[GemeindeZeile]) -> None:
        self._zeilen: dict[int, tuple[GemeindeZeile, ...]] = {}
        self._vorher: dict[int, set[int]] = {}
        for zeile in sorted(zeilen, key=lambda zeile: (zeile.bfs_nr, zeile.reihenfolge)):
            self._zeilen[zeile.bfs_nr] = (*self._zeilen.get(zeile.bfs_nr, ()), zeile)
            if zeile.nachfolgerin is not None and zeile.gueltig_bis is not None:
                self._vorher.setdefault(zeile.nachfolgerin, set()).add(zeile.bfs_nr)
        self._gefuehrte = tuple(
            bfs for bfs, reihe in self._zeilen.items() if any(zeile.leitgemeinde for zeile in reihe)
        )

    def gemeinde(self, bfs: int, tag: date | None = None) -> GemeindeZeile | None:
        """Return the row in force on a day, or the latest row; None if there is none.

        If several rows exist that day, the one taking part, then the one with a lead, then the latest.
        """
        reihe = self._zeilen.get(bfs, ())
        if tag is None:
            return reihe[-1] if reihe else None
        in_kraft = [zeile for zeile in reversed(reihe) if zeile.besteht_am(tag)]
        return max(in_kraft, key=lambda z: (z.beteiligt_am(tag), z.gefuehrt_am(tag)), default=None)

    def name(self, bfs: int) -> str:
        """Return the latest name; «BFS-Nr. 2999» for a number that is not in the Stammdaten."""
        zeile = self.gemeinde(bfs)
        return zeile.name if zeile else f"BFS-Nr. {bfs}"

    def bezirk(self, bfs: int, tag: date | None = None) -> str:
        """Return the district on a day, else the latest; empty for a number that is not in the Stammdaten."""
        zeile = self.gemeinde(bfs, tag) or self.gemeinde(bfs)
        return zeile.bezirk if zeile else ""

    def besteht(self, bfs: int, von: date, bis: date) -> bool:
        """Tell whether the municipality exists on some day of the span, both ends inclusive."""
        return tage(self._bestehen(bfs, von, bis)) > 0

    def beteiligung(self, bfs: int, von: date, bis: date) -> Beteiligung:
        """Judge the participation over the part of a span on which the municipality exists (Ziff. 4.2).

        No pro rata follows: TEILWEISE asks for an officer's decision (docs/entscheide/19).
        """
        bestehen = tage(self._bestehen(bfs, von, bis))
        beteiligt = tage(
            (max(ab, zeile.beteiligt_ab), min(ende, zeile.beteiligt_bis or ende))
            for zeile in self._zeilen.get(bfs, ())
            for ab, ende in self._spannen((zeile,), von, bis)
            if zeile.beteiligt_ab is not None
        )
        if beteiligt == 0:
            return Beteiligung.KEINE
        return Beteiligung.GANZ if beteiligt == bestehen else Beteiligung.TEILWEISE

    def leitgemeinde(self, bfs: int, tag: date) -> int | None:
        """Return the lead of a member on a day, None without one (Ziff. 3.4.2).

        A lead that names itself has none. A lead that has merged is replaced by its successor.
        """
        zeile = self._gefuehrt(bfs, tag)
        if zeile is None or zeile.leitgemeinde is None:
            return None
        leit = self.nachfolgerin(zeile.leitgemeinde, tag)
        return None if leit == bfs else leit

    def mitglieder(self, lead: int, tag: date) -> tuple[int, ...]:
        """Return the members that a lead has on a day, ascending, without the lead itself."""
        return tuple(bfs for bfs in self._gefuehrte if self.leitgemeinde(bfs, tag) == lead)

    def empfaenger(self, bfs: int, tag: date) -> int:
        """Return who is paid on a day for a municipality's claims (Ziff. 4.5.2, docs/entscheide/13, 20).

        The municipality itself, after a merger its successor; the lead only by a dated entry.
        """
        bfs = self.nachfolgerin(bfs, tag)
        zeile = self._gefuehrt(bfs, tag)
        if zeile is None or zeile.empfaenger is None:
            return bfs
        return self.nachfolgerin(zeile.empfaenger, tag)

    def nachfolgerin(self, bfs: int, tag: date) -> int:
        """Follow mergers to the municipality that exists on a day; itself if it does (docs/entscheide/20).

        Also itself if it does not exist yet, is unknown, or ended without a successor.
        """
        gesehen: set[int] = set()
        while bfs not in gesehen:
            gesehen.add(bfs)
            reihe = self._zeilen.get(bfs, ())
            if any(zeile.besteht_am(tag) for zeile in reihe):
                return bfs
            bfs = next((z.nachfolgerin for z in reversed(reihe) if z.nachfolgerin and z.endet_vor(tag)), bfs)
        return bfs

    def vorgaengerinnen(self, bfs: int, tag: date, bis: date | None = None) -> tuple[int, ...]:
        """Return who existed on `tag` and has since become `bfs`, ascending, without `bfs` itself.

        With `bis`, only those whose merger had taken effect on that day.
        """
        offen, gefunden = [bfs], {bfs}
        while offen:
            neue = self._vorher.get(offen.pop(), set()) - gefunden
            gefunden |= neue
            offen += neue
        damals = (nr for nr in sorted(gefunden - {bfs}) if self.besteht(nr, tag, tag))
        return tuple(nr for nr in damals if bis is None or self.nachfolgerin(nr, bis) == bfs)

    def bestehende(self, tag: date) -> tuple[int, ...]:
        """Return the BFS-Nr. of all municipalities that exist on a day, ascending."""
        return tuple(bfs for bfs in self._zeilen if self.besteht(bfs, tag, tag))

    def _gefuehrt(self, bfs: int, tag: date) -> GemeindeZeile | None:
        return next((zeile for zeile in reversed(self._zeilen.get(bfs, ())) if zeile.gefuehrt_am(tag)), None)

    def _bestehen(self, bfs: int, von: date, bis: date) -> list[tuple[date, date]]:
        return self._spannen(self._zeilen.get(bfs, ()), von, bis)

    @staticmethod
    def _spannen(reihe: Iterable[GemeindeZeile], von: date, bis: date) -> list[tuple[date, date]]:
        """Cut the validity of each row to the span; an empty cut (start after end) counts no day."""
        return [(max(von, zeile.gueltig_ab or von), min(bis, zeile.gueltig_bis or bis)) for zeile in reihe]


def gemeinde(bfs_nr: int, gebiet: Gebiet, tag: date | None = None) -> GemeindeZeile:
    """Return the row of a municipality in force on a day, without a day the latest one (docs/entscheide/20).

    Raises: ValueError: unknown, or it did not exist on that day; then the sentence names the successor.
    """
    zeile = gebiet.gemeinde(bfs_nr, tag)
    if zeile is not None:
        return zeile
    if tag is None or gebiet.gemeinde(bfs_nr) is None:
        raise ValueError(f"Eine Gemeinde mit der BFS-Nr. {bfs_nr} ist nicht bekannt; prüfen Sie die Nummer.")
    neu = gebiet.nachfolgerin(bfs_nr, tag)
    rat = f"Nachfolgerin ist {gebiet.name(neu)} (BFS-Nr. {neu})" if neu != bfs_nr else "prüfen Sie den Tag"
    raise ValueError(f"{gebiet.name(bfs_nr)} (BFS-Nr. {bfs_nr}) besteht am {datum(tag)} nicht; {rat}.")
