"""All forms judged with and without those to be purged: what a run or a decision still needs (docs/entscheide/51)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from krs.ablage.archiv import Eintrag
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage
from krs.ablage.postausgang import Postausgang
from krs.ablauf.eingang import einlesen, grabstein
from krs.ablauf.gemeinsam import Uhr, stammdaten_laden, stille
from krs.lauf.buchung import Journal
from krs.lauf.loeschung import Wirkung, leitung, staende, wirkung
from krs.lauf.status import formular_von
from krs.stammdaten.stammdaten import Stammdaten
from krs.urteil.fassung import Einreichung
from krs.urteil.urteil import Urteil, urteile

UNBEZAHLT, OFFEN, NACHBAR = "noch nicht bezahlt", "offene Frage", "ein anderes Formular hängt davon ab"


@dataclass(frozen=True, slots=True)
class Loeschlage:
    """Everything received, judged on one day, with what runs paid."""

    einreichungen: tuple[Einreichung, ...]
    stammdaten: Stammdaten
    zeiten: tuple[list[str], list[int]]
    tag: date
    journal: Journal
    entworfen: Mapping[str, date]
    vorher: Urteil
    staende: Mapping[str, str]

    def wirkung(self, eintraege: Iterable[Eintrag]) -> Wirkung:
        """Return what purging some originals would do."""
        graeber = {e.sha256: e for e in eintraege}
        ohne = [self._ohne(e, graeber[e.sha256]) if e.sha256 in graeber else e for e in self.einreichungen]
        bezahlt = self.journal.ausbezahlt()
        nachher = urteile(ohne, self.stammdaten, *self.zeiten, self.tag, self.entworfen, bezahlt)
        return wirkung(self.vorher, nachher, self.journal)

    def _ohne(self, e: Einreichung, eintrag: Eintrag) -> Einreichung:
        grab = grabstein(eintrag.wer, self.tag, self.staende.get(e.sha256, ""))
        return e if grab is None else Einreichung("", e.sha256, e.eingang, grab=grab)

    def noetige(self, alle: Mapping[str, Eintrag]) -> dict[str, str]:
        """Return which originals must stay, by SHA-256, and why: purging all the others changes no franc."""
        offen = {z.sha256 for z in self.vorher.zeilen if z.status == "Rückfrage offen"}
        bleiben = {s: OFFEN for s in alle if s in offen}
        while neue := self._weitere({s: e for s, e in alle.items() if s not in bleiben}):
            bleiben |= neue
        return bleiben

    def _weitere(self, gehen: Mapping[str, Eintrag]) -> dict[str, str]:
        """Return what of the rest is needed after all."""
        w = self.wirkung(gehen.values())
        gruende = {formular_von(p): OFFEN for p in w.gehalten} | {formular_von(p): UNBEZAHLT for p in w.unbezahlt}
        betroffen = {(formular_von(p)[0], p.periode): NACHBAR for p in w.anders}
        ergebnis: dict[str, str] = {}
        for sha, e in gehen.items():
            for (bfs, form, periode), grund in gruende.items():
                if (e.wer.formular, e.wer.periode) == (form, periode) and self._gehoert(e, bfs, periode):
                    ergebnis[sha] = grund
            if any(self._gehoert(e, bfs, periode) for bfs, periode in betroffen):
                ergebnis.setdefault(sha, NACHBAR)
        return ergebnis or (dict.fromkeys(gehen, NACHBAR) if betroffen else {})

    def _gehoert(self, e: Eintrag, bfs: int, periode: str) -> bool:
        """Tell whether a form is a municipality's own, its lead's, or one of those it leads."""
        eigene = e.wer.bfs_nr
        return eigene is not None and (
            eigene in (bfs, leitung(self.vorher, bfs, periode)) or leitung(self.vorher, eigene, periode) == bfs
        )


def lage_von(ablage: Ablage, tag: date) -> Loeschlage:
    """Read and judge everything as on a day; nothing is kept. Raises: AblageFehler."""
    stammdaten, _, _ = stammdaten_laden(ablage)
    gelesen = einlesen(ablage, Uhr(tag), stille, stammdaten.einstellungen, festhalten=False)
    einreichungen = tuple(gelesen.einreichungen)
    zeiten, journal = ablage.zeiten(), Laeufe(ablage.laeufe).journal
    entworfen = Postausgang(ablage.rueckmeldungen).entworfen()
    vorher = urteile(einreichungen, stammdaten, *zeiten, tag, entworfen, journal.ausbezahlt())
    return Loeschlage(einreichungen, stammdaten, zeiten, tag, journal, entworfen, vorher, staende(vorher, journal))
