"""Rows of the Stammdaten that meet nothing: a typing mistake would go unnoticed (S-33, S-42)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from krs.formulare.befund import Akte, Befund, melde
from krs.recht import datum
from krs.urteil.entscheide import gemeldet, gilt_fuer, kuerzbar, verzicht
from krs.urteil.fassung import Fassung, Schluessel
from krs.urteil.nachbarn import beteiligte

if TYPE_CHECKING:
    from datetime import date

    from krs.stammdaten.stammdaten import Entscheid, Stammdaten


@dataclass(frozen=True, slots=True)
class Wirkung:
    """What rows may meet: forms, files that are none, the forms in use."""

    s: Stammdaten
    entscheide: Mapping[Schluessel, Sequence[Entscheid]]
    ketten: Mapping[Schluessel, Sequence[Fassung]]
    fremde: Sequence[Fassung]
    zeiten: Collection[tuple[str, str]]  # form and period that are owed, or were filed

    def entscheide_ohne(self) -> Iterator[Befund]:
        """Yield S-33: a decision that meets neither a form nor a Befund, a wrong period for instance."""
        for k, entscheide in self.entscheide.items():
            for e in (e for e in entscheide if not self._trifft(e)):
                akte = Akte("Stammdaten.xlsx", self.s.gebiet.name(k[0]), *k)
                if (zuviel := self._zuviel(e)) is not None:
                    yield melde(akte, "S-43", e.zelle("anerkannte_anzahl"), **zuviel)
                    continue
                was = f"keinen Befund {e.code}" if e.code else "keine Einreichung, die er meint"
                yield melde(akte, "S-33", e.zelle("bfs_nr"), was=was, formular=k[1], periode=k[2], am=datum(e.datum))

    def _betroffen(self, e: Entscheid) -> list[Fassung]:
        return [f for f in self.ketten.get((e.bfs_nr, e.formular, e.periode), ()) if gilt_fuer(e, f)]

    def _zuviel(self, e: Entscheid) -> dict[str, object] | None:
        """Return what a «kürzen» says that recognises more than any form declares."""
        betroffen = self._betroffen(e)
        if e.leistung is None or not betroffen or any(kuerzbar(e, f) for f in betroffen):
            return None
        anzahl = gemeldet(betroffen[-1], e.leistung.schluessel)
        return {"anzahl": e.anerkannte_anzahl, "leistung": e.leistung, "gemeldet": anzahl or "keine"}

    def _trifft(self, e: Entscheid) -> bool:
        betroffen = [f for f in self._betroffen(e) if e.leistung is None or kuerzbar(e, f)]
        trifft = any(not e.code or any(b.code == e.code for b in f.befunde) for f in betroffen)
        fremd = any(e in f.entscheide for f in self.fremde)
        ohne_formular = e.formular == "Anhang 3" and not e.sha256 and e.code in ("", "F-07")
        ohne_formular = ohne_formular or (verzicht([e]) is not None and (e.formular, e.periode) in self.zeiten)
        return trifft or fremd or (ohne_formular and e.bfs_nr in beteiligte(self.s, e.periode))

    def mehrdeutig(self, entscheide: Sequence[Entscheid]) -> Iterator[Befund]:
        """Yield S-33 for decisions whose SHA-256 begins as those of several files of the form."""
        for e in entscheide:
            akte = Akte("Stammdaten.xlsx", self.s.gebiet.name(e.bfs_nr), e.bfs_nr, e.formular, e.periode)
            was = f"mehrere Dateien, deren SHA-256 mit {e.sha256} beginnt"
            worte = {"was": was, "formular": e.formular, "periode": e.periode, "am": datum(e.datum)}
            yield melde(akte, "S-33", e.zelle("sha256"), **worte)

    def fristen_ohne(self, stichtag: date) -> Iterator[Befund]:
        """Yield S-42: an extended deadline of a form that nobody owes."""
        for f in self.s.fristen:
            bfs, gebiet = f.bfs_nr, self.s.gebiet
            gebraucht = (f.formular, f.periode) in self.zeiten
            if f.datum > stichtag or (gebraucht and (bfs is None or bfs in beteiligte(self.s, f.periode))):
                continue
            name = gebiet.name(bfs) if bfs is not None else ""
            akte = Akte("Stammdaten.xlsx", name, bfs, f.formular, f.periode)
            wer = f"{name} nicht" if name and gebraucht else "niemand"
            yield melde(akte, "S-42", f.zelle("periode"), formular=f.formular, periode=f.periode, wer=wer)
