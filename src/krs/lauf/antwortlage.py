"""What is true beside an open question: which version is in force, what was paid for it, which claims really wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from krs.formulare.anhang2 import Anhang2
from krs.formulare.befund import Akte
from krs.lauf.buchung import NULL, Journal, Posten
from krs.lauf.gezahlt import mit_laeufen
from krs.recht import LEISTUNG, Leistung, franken
from krs.schreiben.rueckmeldung import Lage
from krs.urteil.ansprueche import ANERKANNT, BEZAHLT, ERSETZT, NICHT_BERECHTIGT, ZURUECKGESTELLT, Anspruch
from krs.urteil.fassung import BEIM_KANTON, HALTEND, Fassung, erledigt
from krs.urteil.fassungsvergleich import aenderungen
from krs.urteil.folge import verspaetet

if TYPE_CHECKING:
    from krs.urteil.urteil import Urteil

_HOECHSTENS = 5  # changes that a letter names


@dataclass(frozen=True)
class Antwortlage:
    """A judgement with the runs released so far; `entworfen`: SHA-256 → day on which the answer was first drafted."""

    urteil: Urteil
    journal: Journal
    entworfen: Mapping[str, date]

    @cached_property
    def alle(self) -> list[Anspruch]:
        """The claims of all that is in force, with what runs paid."""
        return [a for a in mit_laeufen(self.urteil, self.journal).ansprueche if a.status != ERSETZT]

    def zu(self, f: Fassung) -> Lage:
        """Return what holds about the form of one version."""
        if f.akte.bfs_nr is None or not f.akte.formular:
            return Lage(gehalten=())
        ansprueche = self._ansprueche(f)
        posten = {Posten(a.bfs_nr, a.leistung, a.periode) for a in ansprueche} | self._posten(f)
        bezahlt = sum((self.journal.stand(p).betrag for p in posten), NULL)
        laeufe = sorted({b.lauf for b in self.journal.buchungen if b.posten in posten and b.betrag})
        neu = sum((a.betrag for a in ansprueche if a.status == ANERKANNT and a.betrag and not self._bezahlt(a)), NULL)
        gilt = self._gilt(f)
        if gilt is None:
            gehalten = self._gehalten(f, ansprueche)
            return Lage(None, bezahlt, tuple(laeufe), neu, tuple(gehalten), bis=self._bis(f))
        wartend = [a.leistung for a in ansprueche if a.status == ZURUECKGESTELLT and not self._bezahlt(a)]
        worte = tuple(_aenderungen(gilt, f))
        tag = gilt.einreichung.eingang
        return Lage(tag, bezahlt, tuple(laeufe), neu, (), tuple(dict.fromkeys(wartend)), worte, self._bis(f))

    def folgen(self, akte: Akte) -> Iterator[str]:
        """Yield what becomes of the contributions of a form, by their state."""
        meine = [a for a in self.alle if (a.bfs_nr, a.periode) == (akte.bfs_nr, akte.periode)]
        for status, was in (
            (BEZAHLT, "Ausbezahlt"), (ANERKANNT, "Anerkannt und noch nicht ausbezahlt"),
            (ZURUECKGESTELLT, "Noch zurückgestellt"), (NICHT_BERECHTIGT, "Nicht ausgerichtet"),
        ):  # fmt: skip
            teile = [
                f"{a.leistung} {franken(a.betrag)}" if a.betrag is not None else f"{a.leistung}"
                for a in meine if a.status == status
            ]  # fmt: skip
            if teile:
                yield f"{was}: {', '.join(teile)}."

    def _gilt(self, f: Fassung) -> Fassung | None:
        """Return the version in force of the same form, be it purged, if it is another one.

        Of several of one day none is, until an officer names it (F-51).
        """
        wer = (f.akte.bfs_nr, f.akte.formular, f.akte.periode)
        tag = f.einreichung.eingang if any(b.code == "F-51" for b in f.offen) else None
        geltende = (g for g in (*self.urteil.gueltige, *self.urteil.geloeschte) if g.schluessel == wer)
        return next((g for g in geltende if g.einreichung != f.einreichung and g.einreichung.eingang != tag), None)

    def _ansprueche(self, f: Fassung) -> list[Anspruch]:
        """Return the claims that the form releases: of its period, or the Sockelbeitrag; a lead's, its members'."""
        eigene = [a for a in self.alle if (a.bfs_nr, a.periode) == (f.akte.bfs_nr, f.akte.periode)]
        if f.akte.formular == "Anhang 2":
            return eigene
        gefuehrt = [a for a in self.alle if a.sha256 == f.einreichung.sha256 and a.bfs_nr != f.akte.bfs_nr]
        return [*eigene, *gefuehrt]

    @staticmethod
    def _posten(f: Fassung) -> set[Posten]:
        """Return what may have been booked for a form that makes no claim any more."""
        bfs, periode = f.akte.bfs_nr or 0, f.akte.periode
        if f.akte.formular == "Anhang 3":
            return {Posten(bfs, Leistung.SOCKEL, periode)}
        return {Posten(bfs, x, periode) for x in Leistung if x is not Leistung.SOCKEL}

    def _bezahlt(self, a: Anspruch) -> bool:
        return bool(self.journal.stand(Posten(a.bfs_nr, a.leistung, a.periode)).betrag)

    def _gehalten(self, f: Fassung, ansprueche: list[Anspruch]) -> list[Leistung]:
        """Return the Leistungen that open Befunde of this form hold and that no run has paid."""
        offen = {a for b, e in f.paare if b.stufe in HALTEND and not erledigt(b, e) for a in b.ansprueche} - f.abgelehnt
        if f.akte.formular == "Anhang 3":  # it holds talks of its year, too (docs/entscheide/05)
            jahr = f.akte.periode
            ansprueche = [
                *ansprueche, *(a for a in self.urteil.ansprueche
                               if a.bfs_nr == f.akte.bfs_nr and a.periode.startswith(f"{jahr}-H")),
            ]  # fmt: skip
        wartend = {a.leistung for a in ansprueche if a.status == ZURUECKGESTELLT and not self._bezahlt(a)}
        if f.akte.formular == "Anhang 2":  # a count that is missing makes no claim, and waits all the same
            bekannt = {a.leistung for a in ansprueche}
            for schluessel in offen:
                posten = Posten(f.akte.bfs_nr or 0, LEISTUNG[schluessel], f.akte.periode)
                ohne = LEISTUNG[schluessel] not in bekannt and not self.journal.stand(posten).betrag
                wartend |= {LEISTUNG[schluessel]} if ohne and _anzahl(f, schluessel) != 0 else set()
        return [x for s, x in LEISTUNG.items() if s in offen and x in wartend]

    def _bis(self, f: Fassung) -> date | None:
        """Return the day by which an answer is in time (domain 4b); None where nothing is asked, or it came late."""
        tage = self.urteil.stammdaten.einstellungen.korrekturfrist_tage
        fragen = [b for b, e in f.paare if b.stufe in HALTEND and not erledigt(b, e) and b.code not in BEIM_KANTON]
        if f.frist is None or tage is None or not fragen or verspaetet(f):
            return None
        gefragt = self.entworfen.get(f.einreichung.sha256, self.urteil.stichtag)
        return max(f.frist, gefragt) + timedelta(tage)


def _anzahl(f: Fassung, schluessel: str) -> int | None:
    """Return a count of Anhang 2, None where it is not all there, or contradicts a Nullmeldung."""
    if any(b.code == "A2-03" for b in f.offen):
        return None
    return f.modell.summen(ganz=True).get(schluessel) if isinstance(f.modell, Anhang2) else None


def _aenderungen(alt: Fassung, neu: Fassung) -> list[str]:
    """Return what a newer version changes, as a letter names it."""
    if alt.gelesen is None or alt.formular is None or alt.formular != neu.formular or not neu.identitaet_gut:
        return []
    alle = aenderungen(alt, neu)
    worte = [f"{a.bezeichnung}: {_kurz(a.alt)} → {_kurz(a.neu)}" for a in alle if not _wer(a.feld)]
    rest = len(worte) - _HOECHSTENS
    worte = [*worte[:_HOECHSTENS], *([f"und {rest} weitere Angaben"] if rest > 0 else [])]
    return worte or (["Angaben zu Kontakt oder Datum"] if alle else [])


def _wer(feld: str) -> bool:
    """Tell whether a field says who filled the form in, and when: a letter names no person."""
    return feld.startswith(("kontakt_", "beauftragte_", "koordination_")) or feld == "datum"


def _kurz(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39].rstrip()}…"
