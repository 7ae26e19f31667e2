"""Rückforderungen: what is still open, oldest first, and what became of each (Ziff. 4.7, docs/entscheide/16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.lauf.buchung import NULL, Art, Journal, Rechnung
from krs.recht import chf, franken

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Rueckforderung, Stammdaten


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
    def zuviel(self) -> Decimal:
        """What was netted and paid beyond the amount: it belongs to the municipality."""
        return max(self.verrechnet + self.bezahlt - self.betrag, NULL)

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
    """Return all Rückforderungen dated up to `tag`, oldest first: those of the Stammdaten and those that runs made.

    A row of the Stammdaten with the Nr. of one that a run made records its payment.
    """
    zeilen = {r.nr: r for r in stammdaten.rueckforderungen}
    alle = {r.nr: (r.nr, r.bfs_nr, r.datum, r.grund, r.betrag) for r in zeilen.values() if r.datum <= tag}
    alle |= {b.rueckforderung: (b.rueckforderung, b.bfs_nr, b.datum, b.grund, b.betrag) for b in journal.entstanden()}
    gefunden = (_forderung(stammdaten, journal, tag, zeilen.get(nr), kopf) for nr, kopf in alle.items())
    return tuple(sorted(gefunden, key=lambda f: (f.datum, f.nr)))


def unstimmig(stammdaten: Stammdaten, journal: Journal, tag: date) -> Iterator[str]:
    """Yield what the sheet Rückforderungen says today against what runs did with it; nothing is corrected."""
    alle = forderungen(stammdaten, journal, tag)
    for f in alle:
        if f.zuviel:
            yield (
                f"Rückforderung {f.nr}: Verrechnet ({chf(f.verrechnet)}) und bezahlt ({chf(f.bezahlt)}) sind zusammen "
                f"{chf(f.zuviel)} mehr als gefordert. Prüfen Sie das Blatt Rückforderungen; was zu viel bezahlt ist, "
                "gehört der Gemeinde."
            )
    benutzt = {b.rueckforderung for b in journal.buchungen if b.art is Art.VERRECHNUNG}
    benutzt |= {p.nr for _, r in journal.rechnungen for p in r.posten}
    for nr in sorted(benutzt - {f.nr for f in alle}):
        yield (
            f"Rückforderung {nr}: Ein früherer Lauf hat sie verrechnet oder in Rechnung gestellt, im Blatt "
            "Rückforderungen steht sie nicht mehr. Erfassen Sie sie wieder."
        )
    yield from _abweichend(stammdaten, journal, tag)
    yield from (satz for satz, _ in doppelt_bezahlte(stammdaten, journal, tag))


def doppelt_bezahlte(s: Stammdaten, journal: Journal, tag: date) -> Iterator[tuple[str, Decimal]]:
    """Yield what was paid twice and not claimed back yet, with the amount in CHF (docs/entscheide/78).

    A Rückforderung with the Nr. that the sentence names settles it, of that municipality and at least that amount.
    """
    verlangt = {r.nr: r for r in s.rueckforderungen if r.datum <= tag}
    for b in journal.doppelte():
        nr = f"D-{b.rueckforderung}"
        r = verlangt.get(nr)
        if r is None or r.betrag < b.betrag or s.gebiet.nachfolgerin(r.bfs_nr, tag) != b.bfs_nr:
            gemeldet = b.rueckforderung.partition("/")[0]
            yield (
                (
                    f"Doppelt bezahlt: {b.gemeinde}, {franken(b.betrag)}. Die Zahlung des Laufs {gemeldet} war als "
                    f"zurückgewiesen gemeldet, der Lauf {b.lauf} hat sie erneut bezahlt, und die Bank hat sie doch "
                    f"ausgeführt. Erfassen Sie eine Rückforderung mit der Nr. {nr}."
                ),
                b.betrag,
            )


def _abweichend(s: Stammdaten, journal: Journal, tag: date) -> Iterator[str]:
    zeilen = {r.nr: r for r in s.rueckforderungen}
    for b in journal.entstanden():
        r = zeilen.get(b.rueckforderung)
        if r is None:
            continue
        wer = s.gebiet.nachfolgerin(r.bfs_nr, tag), s.gebiet.nachfolgerin(b.bfs_nr, tag)
        if r.betrag != b.betrag or wer[0] != wer[1]:
            yield (
                f"Rückforderung {r.nr}: Das Blatt Rückforderungen nennt {chf(r.betrag)} von BFS-Nr. {r.bfs_nr}, "
                f"gebildet hat sie ein Lauf mit {chf(b.betrag)} von BFS-Nr. {b.bfs_nr}. Es gilt der Lauf."
            )


def _forderung(
    s: Stammdaten, journal: Journal, tag: date, r: Rueckforderung | None, kopf: tuple[str, int, date, str, Decimal]
) -> Forderung:
    nr, bfs, datum, grund, betrag = kopf
    bezahlt = r is not None and r.bezahlt_am is not None and r.bezahlt_am <= tag
    return Forderung(
        nr, s.gebiet.nachfolgerin(bfs, tag), datum, grund, betrag, journal.verrechnet(nr),
        (r.bezahlter_betrag or NULL) if r is not None and bezahlt else NULL,
        journal.in_rechnung(nr), r is not None and r.erneut_verrechnen,
    )  # fmt: skip
