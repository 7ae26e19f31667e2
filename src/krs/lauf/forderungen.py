"""Rückforderungen: what is still open, oldest first, and what became of each (Ziff. 4.7, docs/entscheide/16)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.lauf.buchung import NULL, Art, Buchung, Journal, Rechnung
from krs.recht import chf, datum, franken

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Rueckforderung, Stammdaten


ERLASS = "Erlass"
_Kopf = tuple[str, int, date, str, Decimal]


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
    faellig: date | None = None  # of its first invoice: a later one does not make it younger
    verbraucht: bool = False  # the mark «erneut verrechnen» is there, and a run has used it

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
        return "überfällig" if self.faellig is not None and self.faellig < tag else "in Rechnung"


def forderungen(
    stammdaten: Stammdaten, journal: Journal, tag: date, neue: Sequence[Buchung] = ()
) -> tuple[Forderung, ...]:
    """Return all Rückforderungen dated up to `tag`, oldest first: those of the Stammdaten and those that runs made.

    A row of the Stammdaten with the Nr. of one that a run made records its payment. One that waits for its second
    mark is none yet; an «Erlass» lessens the one that it names.

    Args:
        neue: of the run that is worked out: a claim that comes back brings back what a run took for it.
    """
    frei = [r for r in stammdaten.rueckforderungen if r.freigegeben_von]
    zeilen = {r.nr: r for r in frei if r.art != ERLASS}
    alle = {r.nr: (r.nr, r.bfs_nr, r.datum, r.grund, r.betrag) for r in zeilen.values() if r.datum <= tag}
    alle |= {b.rueckforderung: (b.rueckforderung, b.bfs_nr, b.datum, b.grund, b.betrag) for b in journal.entstanden()}
    erlassen = [r for r in frei if r.art == ERLASS and r.datum <= tag]
    zurueck = _zurueckgekehrt(stammdaten, journal, neue)
    gefunden = (
        _forderung(stammdaten, journal, tag, zeilen.get(nr), _vermindert(kopf, erlassen), nr in zurueck)
        for nr, kopf in alle.items()
    )
    return tuple(sorted(gefunden, key=lambda f: (f.datum, f.nr)))


def _vermindert(kopf: _Kopf, erlassen: Sequence[Rueckforderung]) -> _Kopf:
    nr, bfs, tag, grund, betrag = kopf
    eigene = [e for e in erlassen if e.zu_nr == nr]
    worte = "".join(f"; erlassen {franken(e.betrag)} am {datum(e.datum)}: {e.grund}" for e in eigene)
    return nr, bfs, tag, f"{grund}{worte}", max(betrag - sum((e.betrag for e in eigene), NULL), NULL)


def _zurueckgekehrt(s: Stammdaten, journal: Journal, neue: Sequence[Buchung]) -> set[str]:
    """Return the Rückforderungen that runs made out of claims of which a new run books some again."""
    if s.einstellungen.korrekturfrist_tage is None:  # the readings of krs 0.4
        return set()
    wieder = {b.posten for b in neue if b.posten is not None and b.betrag > 0}
    genommen = {(b.lauf, b.bfs_nr) for b in journal.buchungen if b.posten in wieder and b.betrag < 0}
    return {b.rueckforderung for b in journal.entstanden() if (b.lauf, b.bfs_nr) in genommen}


def wartende(stammdaten: Stammdaten, tag: date) -> Iterator[str]:
    """Yield what waits for its second mark: nothing is netted, and nobody else is held up."""
    for r in stammdaten.rueckforderungen:
        if not r.freigegeben_von and r.datum <= tag:
            was = f"{stammdaten.gebiet.name(r.bfs_nr)}, {franken(r.betrag)}"
            yield f"Rückforderung {r.nr} ({was}) wartet auf das zweite Visum; sie zählt noch nicht."


def veraendert(stammdaten: Stammdaten, vorher: Stammdaten, lauf: str, journal: Journal) -> Iterator[str]:
    """Yield what runs have used and the sheet says otherwise today: no run is released on it.

    Args:
        vorher: the Stammdaten that the last run kept.
        lauf: its name.
    """
    benutzt = _benutzte(journal) - {b.rueckforderung for b in journal.entstanden()}
    heute = {r.nr: r for r in stammdaten.rueckforderungen if r.freigegeben_von}
    for alt in (r for r in vorher.rueckforderungen if r.nr in benutzt):
        neu, name = heute.get(alt.nr), stammdaten.gebiet.name
        if neu is not None and _kern(neu) == _kern(alt):
            continue
        jetzt = f"steht {franken(neu.betrag)} von {name(neu.bfs_nr)} vom {datum(neu.datum)}" if neu else "fehlt sie"
        yield (
            f"Stammdaten, Blatt Rückforderungen, Nr. {alt.nr}: Der Lauf {lauf} kennt {franken(alt.betrag)} von "
            f"{name(alt.bfs_nr)} vom {datum(alt.datum)}, heute {jetzt}. Stellen Sie die Zeile wieder her; mehr oder "
            f"weniger ist eine neue Zeile mit der Art «Erhöhung» oder «Erlass» zu Nr. {alt.nr}."
        )


def _kern(r: Rueckforderung) -> tuple[object, ...]:
    return r.bfs_nr, r.datum, r.betrag, r.art == ERLASS, r.zu_nr


def _benutzte(journal: Journal) -> set[str]:
    """Return the Rückforderungen that runs have netted or demanded."""
    benutzt = {b.rueckforderung for b in journal.buchungen if b.art is Art.VERRECHNUNG}
    return benutzt | {p.nr for _, r in journal.rechnungen for p in r.posten}


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
    for nr in sorted(_benutzte(journal) - {f.nr for f in alle}):
        yield (
            f"Rückforderung {nr}: Ein früherer Lauf hat sie verrechnet oder in Rechnung gestellt, im Blatt "
            "Rückforderungen steht sie nicht mehr. Erfassen Sie sie wieder."
        )
    for r in stammdaten.rueckforderungen:
        if r.zu_nr and r.freigegeben_von and r.zu_nr not in {f.nr for f in alle}:
            yield f"{r.art} {r.nr}: Eine Rückforderung {r.zu_nr} gibt es nicht. Berichtigen Sie «zu Nr.»."
    yield from _abweichend(stammdaten, journal, tag)
    yield from wartende(stammdaten, tag)
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
    s: Stammdaten, journal: Journal, tag: date, r: Rueckforderung | None, kopf: _Kopf, zurueck: bool
) -> Forderung:
    nr, bfs, wann, grund, betrag = kopf
    bezahlt = r is not None and r.bezahlt_am is not None and r.bezahlt_am <= tag
    neu = s.einstellungen.korrekturfrist_tage is not None  # with krs 0.4 the mark held until somebody took it away
    erneut = r is not None and r.erneut_verrechnen
    verbraucht = erneut and neu and journal.verbraucht(nr)
    rechnungen = journal.rechnungen_zu(nr)
    return Forderung(
        nr, s.gebiet.nachfolgerin(bfs, tag), wann, grund, betrag, journal.verrechnet(nr),
        (r.bezahlter_betrag or NULL) if r is not None and bezahlt else NULL,
        rechnungen[-1][1] if rechnungen else None, (erneut and not verbraucht) or zurueck,
        rechnungen[0][1].faellig if rechnungen else None, verbraucht,
    )  # fmt: skip
