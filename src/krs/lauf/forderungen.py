"""Rückforderungen: what is still open, oldest first, and what became of each (Ziff. 4.7, docs/entscheide/16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.lauf.buchung import NULL, Journal, Rechnung

if TYPE_CHECKING:
    from krs.formulare.stammdaten import Rueckforderung, Stammdaten


@dataclass(frozen=True, slots=True)
class Forderung:
    """One Rückforderung as on a day. Amounts in CHF.

    `bfs_nr` is who owes it today: after a merger the successor (docs/entscheide/20). `offen`: what the next run nets
    or invoices; 0 while an invoice demands it, unless an officer marked it «erneut verrechnen».
    """

    nr: str
    bfs_nr: int
    datum: date
    grund: str
    betrag: Decimal
    verrechnet: Decimal
    bezahlt: Decimal
    rechnung: Rechnung | None
    erneut: bool

    @property
    def rest(self) -> Decimal:
        """What has been neither netted nor paid."""
        return max(self.betrag - self.verrechnet - self.bezahlt, NULL)

    @property
    def offen(self) -> Decimal:
        """What the next run nets or invoices."""
        return self.rest if self.rechnung is None or self.erneut else NULL

    def stand(self, tag: date) -> str:
        """Return its state in words."""
        if not self.rest:
            return "erledigt"
        if self.rechnung is None:
            return "offen"
        if self.erneut:
            return "erneut zu verrechnen"
        return "überfällig" if self.rechnung.faellig < tag else "in Rechnung"


def forderungen(stammdaten: Stammdaten, journal: Journal, tag: date) -> tuple[Forderung, ...]:
    """Return all Rückforderungen dated up to `tag`, oldest first: those of the Stammdaten and those that runs made."""
    zeilen = {r.nr: r for r in stammdaten.rueckforderungen}
    entstanden = {b.rueckforderung for b in journal.entstanden()}
    alle = [*_erfasste(stammdaten, journal, tag, entstanden), *_entstandene(stammdaten, journal, tag, zeilen)]
    return tuple(sorted(alle, key=lambda f: (f.datum, f.nr)))


def _erfasste(s: Stammdaten, journal: Journal, tag: date, entstanden: set[str]) -> Iterator[Forderung]:
    for r in s.rueckforderungen:
        if r.datum <= tag and r.nr not in entstanden:
            yield _forderung(s, journal, tag, r, (r.nr, r.bfs_nr, r.datum, r.grund, r.betrag))


def _entstandene(s: Stammdaten, journal: Journal, tag: date, zeilen: dict[str, Rueckforderung]) -> Iterator[Forderung]:
    """Yield what runs made; a row of the Stammdaten with the same Nr. records its payment."""
    for b in journal.entstanden():
        kopf = (b.rueckforderung, b.bfs_nr, b.datum, b.grund, b.betrag)
        yield _forderung(s, journal, tag, zeilen.get(b.rueckforderung), kopf)


def _forderung(
    s: Stammdaten,
    journal: Journal,
    tag: date,
    r: Rueckforderung | None,
    kopf: tuple[str, int, date, str, Decimal],
) -> Forderung:
    nr, bfs, datum, grund, betrag = kopf
    bezahlt = r is not None and r.bezahlt_am is not None and r.bezahlt_am <= tag
    return Forderung(
        nr, s.gebiet.nachfolgerin(bfs, tag), datum, grund, betrag, journal.verrechnet(nr),
        (r.bezahlter_betrag or NULL) if r is not None and bezahlt else NULL,
        journal.in_rechnung(nr), r is not None and r.erneut_verrechnen,
    )  # fmt: skip
