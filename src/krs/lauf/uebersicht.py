"""Lists for the screen: Rückforderungen and their invoices, the credit, what other rates would mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.befund import mehrzahl
from krs.lauf.abgrenzung import ARTEN, Abgrenzung
from krs.lauf.ansaetze import Wirkung, rest_danach
from krs.lauf.buchung import NULL, Journal
from krs.lauf.forderungen import Forderung, forderungen, unstimmig
from krs.lauf.kredit import Kreditstand
from krs.recht import chf, datum, tage_verspaetet

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten

FORDERUNG = (
    "Nr.", "BFS-Nr.", "Gemeinde", "Datum", "Betrag", "verrechnet", "bezahlt", "Rest", "Rechnung", "fällig am",
    "Tage überfällig", "Stand",
)  # fmt: skip
KREDIT = ("Kredit", "CHF")
ABGRENZUNG = ("Leistung", "Periode", *ARTEN, "abzugrenzen")
WIRKUNG = ("BFS-Nr.", "Gemeinde", "Leistung", "Anzahl", "bisher", "neu", "Unterschied")


@dataclass(frozen=True, slots=True)
class Liste:
    """A table of texts: header, rows of the same width, and sentences below it."""

    kopf: tuple[str, ...]
    zeilen: tuple[tuple[str, ...], ...]
    saetze: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forderungszeile:
    """One Rückforderung with its municipality and the days its invoice is overdue, as on a day."""

    forderung: Forderung
    gemeinde: str
    tage: int
    stand: str

    @property
    def texte(self) -> tuple[str, ...]:
        """The row as texts, under the header FORDERUNG."""
        f, r = self.forderung, self.forderung.rechnung
        return (
            f.nr, str(f.bfs_nr), self.gemeinde, datum(f.datum), chf(f.betrag), chf(f.verrechnet), chf(f.bezahlt),
            chf(f.rest), r.nr if r else "–", datum(r.faellig) if r else "–", str(self.tage or "–"), self.stand,
        )  # fmt: skip


def forderungszeilen(stammdaten: Stammdaten, journal: Journal, tag: date) -> tuple[Forderungszeile, ...]:
    """Return all Rückforderungen as on a day, oldest first; also for the Master, whose columns take the values."""
    name = stammdaten.gebiet.name
    return tuple(
        Forderungszeile(f, name(f.bfs_nr), _ueberfaellig(f, tag), f.stand(tag))
        for f in forderungen(stammdaten, journal, tag)
    )


def _ueberfaellig(f: Forderung, tag: date) -> int:
    """Return the days since the invoice fell due, 0 where nothing is owed on it."""
    return tage_verspaetet(tag, f.faellig) if f.faellig is not None and f.rest and not f.erneut else 0


def rueckforderungen(stammdaten: Stammdaten, journal: Journal, tag: date) -> Liste:
    """Return what `krs rueckforderungen` shows: all Rückforderungen, their sums, what is overdue or does not fit."""
    zeilen, fragen = forderungszeilen(stammdaten, journal, tag), tuple(unstimmig(stammdaten, journal, tag))
    if not zeilen:
        return Liste(FORDERUNG, (), ("Es gibt keine Rückforderungen.", *fragen))
    alle = [z.forderung for z in zeilen]
    summen = (chf(sum(w, NULL)) for w in zip(*((f.betrag, f.verrechnet, f.bezahlt, f.rest) for f in alle), strict=True))
    total = ("Total", "", "", "", *summen, "", "", "", "")
    faellige = [z.forderung for z in zeilen if z.tage]
    offen = sum((f.offen for f in alle), NULL)
    saetze = [f"Der nächste Lauf verrechnet oder stellt in Rechnung: Fr. {chf(offen)}."]
    if faellige:
        rest = chf(sum((f.rest for f in faellige), NULL))
        worte = mehrzahl(len(faellige), "Rückforderung ist", "Rückforderungen sind")
        saetze.append(
            f"{worte} überfällig: Fr. {rest}. Bezahltes gehört in die Stammdaten, Blatt Rückforderungen "
            "(«bezahlt am»); dort lässt sich auch «erneut verrechnen» setzen (Ziff. 4.7)."
        )
    return Liste(FORDERUNG, (*(z.texte for z in zeilen), total), (*saetze, *fragen))


def kredit(k: Kreditstand) -> Liste:
    """Return what `krs kredit` shows for one year; warnings come before notes."""
    zeilen = [
        (f"Kredit {k.jahr}", _oder(k.kredit)),
        ("bezahlt", chf(k.bezahlt)),
        ("anerkannt, noch nicht bezahlt", chf(k.offen)),
        ("Rest", _oder(k.rest)),
        ("zurückgestellt (im Rest enthalten)", chf(k.zurueckgestellt)),
    ]
    if k.ueberschuss is not None:
        zeilen.append(("an den Kredit für Projekte", chf(k.ueberschuss)))
    return Liste(KREDIT, tuple(zeilen), (*k.warnungen(), *k.hinweise()))


def wirkung(wirkungen: Iterable[Wirkung], k: Kreditstand) -> Liste:
    """Return what `krs kredit --ansatz` shows: the effect per municipality and Leistung, and what is left then."""
    alle = tuple(wirkungen)
    zeilen = [
        (str(w.bfs_nr), w.gemeinde, str(w.leistung), str(w.anzahl), chf(w.bisher), chf(w.neu), chf(w.unterschied))
        for w in alle
    ]
    bisher, neu = sum((w.bisher for w in alle), NULL), sum((w.neu for w in alle), NULL)
    zeilen.append(("Total", "", "", "", chf(bisher), chf(neu), chf(neu - bisher)))
    danach = rest_danach(k, alle)
    if danach is None:
        return Liste(WIRKUNG, tuple(zeilen), tuple(k.warnungen()))
    ende = "" if danach >= 0 else " Der Kredit reicht dafür nicht (Ziff. 4.3.3)."
    satz = f"Rest des Kredits {k.jahr}: heute Fr. {_oder(k.rest)}, mit diesen Ansätzen Fr. {chf(danach)}.{ende}"
    return Liste(WIRKUNG, tuple(zeilen), (satz,))


def _oder(betrag: Decimal | None) -> str:
    return "–" if betrag is None else chf(betrag)


def abgrenzung(a: Abgrenzung) -> Liste:
    """Return what is accrued at the end of a year, with its sum."""
    zeilen = [(str(z.leistung), z.periode, *map(chf, z.je_art), chf(z.summe)) for z in a.zeilen]
    je_art = (sum((z.je_art[n] for z in a.zeilen), NULL) for n in range(len(ARTEN)))
    zeilen.append(("Total", "", *map(chf, je_art), chf(a.summe)))
    return Liste(ABGRENZUNG, tuple(zeilen), tuple(a.hinweise()))
