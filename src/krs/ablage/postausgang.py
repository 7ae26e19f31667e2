"""The outbox: Rueckmeldungen/protokoll.csv notes which letter was drafted and sent, when, and about what (entwurf 1).

The log only grows. A draft that a person moved to Rueckmeldungen/Gesendet/ counts as sent; what it says is not drafted
again, unless it says something new or reminds.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from krs.ablage.ausgang import abgleichen, verzeichnet
from krs.ablage.csvdatei import csv_lesen, csv_schreiben, tag_lesen
from krs.ablage.ordner import AblageFehler, lies, loesche_datei, schreibe

KOPF = ("Datum", "Was", "Datei", "SHA-256", "BFS-Nr.", "Fassung", "Code", "Inhalt", "an")
ENTWORFEN, GESENDET = "entworfen", "gesendet"
ORDNER, MAHNUNG = "Gesendet", "Mahnung"  # where sent drafts go; the code of reminders in the log


@dataclass(frozen=True, slots=True)
class Sache:
    """One thing that a letter says: a question about a version of a form (its SHA-256), a decision.

    `inhalt`: what is said, as a key (`sache` makes it); the same thing is said once.
    """

    bfs_nr: int | None
    fassung: str
    code: str
    inhalt: str


def sache(bfs_nr: int | None, fassung: str, code: str, *texte: str) -> Sache:
    """Return a matter with the key of its words; it begins with a letter, so that Excel makes no number of it."""
    return Sache(bfs_nr, fassung, code, "k" + hashlib.sha256("\n".join(texte).encode()).hexdigest()[:15])


@dataclass(frozen=True, slots=True)
class Brief:
    """A letter to draft: `name` without day and suffix, such as `Mail_2402_Haerkingen`; `daten` is the .eml."""

    name: str
    sachen: tuple[Sache, ...]
    daten: bytes
    an: str = ""


@dataclass(frozen=True, slots=True)
class Vorgang:
    """One line of the log; `datei`: path of the draft below Rueckmeldungen/, `sha256`: of its bytes that day."""

    datum: date
    was: str
    datei: str
    sha256: str
    sache: Sache
    an: str


@dataclass(frozen=True, slots=True)
class Stand:
    """What the log knows of a matter: first drafted, drafted as `datei` and not sent yet, sent on these days."""

    erstmals: date | None = None
    datei: str = ""
    seit: date | None = None
    gesendet: tuple[date, ...] = ()

    @property
    def neu(self) -> bool:
        """True if no letter said it yet."""
        return not self.gesendet

    def faellig(self, tag: date, nach: int = 0, hoechstens: int = 1) -> bool:
        """Tell whether it is to be drafted: never sent, lying there as a draft, or sent `nach` days ago without answer.

        Args:
            hoechstens: how often it is sent at most.
        """
        if self.datei or self.neu:
            return True
        return len(self.gesendet) < hoechstens and (tag - self.gesendet[-1]).days >= nach


class Postausgang:
    """The log of one Rueckmeldungen/. Raises: AblageFehler: it is damaged."""

    def __init__(self, ordner: Path) -> None:
        self.ordner, self.log = ordner, ordner / "protokoll.csv"
        self.vorgaenge: list[Vorgang] = []
        self.staende: defaultdict[Sache, Stand] = defaultdict(Stand)
        try:
            zeilen = csv_lesen(lies(self.log), KOPF, mit_leeren=True) if self.log.exists() else ()
            for z in zeilen:
                self._nimm(_vorgang(z))
        except ValueError as fehler:
            raise AblageFehler(
                f"«{self.log}» ist beschädigt. Stellen Sie die Datei aus der Sicherung wieder her."
            ) from fehler

    def _nimm(self, v: Vorgang) -> None:
        self.vorgaenge.append(v)
        s = self.staende[v.sache]
        erstmals = min(filter(None, (s.erstmals, v.datum)))
        if v.was == GESENDET:
            self.staende[v.sache] = Stand(erstmals, "", None, (*s.gesendet, v.datum))
        else:
            self.staende[v.sache] = Stand(erstmals, v.datei, s.seit or v.datum, s.gesendet)

    def entworfen(self) -> dict[str, date]:
        """Return the day on which the answer to a version of a form was first drafted, by its SHA-256."""
        tage: dict[str, date] = {}
        for v in self.vorgaenge:
            if v.sache.fassung:
                tage[v.sache.fassung] = min(tage.get(v.sache.fassung, v.datum), v.datum)
        return tage

    def stand(self, s: Sache) -> Stand:
        """Return what is known of a matter, also where nothing is."""
        return self.staende.get(s, Stand())

    def offene(self, bis: date = date.max) -> dict[str, list[Vorgang]]:
        """Return the drafts that were not sent yet on a day, by their path, each with its last lines."""
        letzte = {v.sache: v for v in self.vorgaenge if v.datum <= bis}
        briefe: dict[str, list[Vorgang]] = {}
        for v in letzte.values():
            if v.was == ENTWORFEN:
                briefe.setdefault(v.datei, []).append(v)
        return briefe

    def zuletzt(self, vor: date) -> date | None:
        """Return the last day before this one on which an answer was drafted or sent; those lie in no folder."""
        return max((v.datum for v in self.vorgaenge if v.datum < vor and "/" not in v.datei), default=None)

    # --- sent ---------------------------------------------------------------------------------
    def gesendete(self, tag: date) -> int:
        """Note what lies in Gesendet/ as sent on this day; return how many letters are new there.

        A draft is known by its name, else by its bytes. Raises: AblageFehler: the log cannot be written.
        """
        ort, offene = self.ordner / ORDNER, self.offene()
        if not offene or not ort.is_dir():
            return 0
        namen, alle = {Path(d).name: d for d in offene}, {Path(v.datei).name for v in self.vorgaenge}
        inhalte = {v.sha256: d for d, zeilen in offene.items() for v in zeilen}
        inhalte |= {sha: d for d, unsere in self._verzeichnet(offene).items() for sha in unsere}
        gefunden: set[str] = set()
        for pfad in sorted(p for p in ort.rglob("*") if p.is_file()):
            if pfad.name in alle:
                gefunden |= {namen[pfad.name]} & {*offene} if pfad.name in namen else set()
            elif d := inhalte.get(hashlib.sha256(lies(pfad)).hexdigest()):
                gefunden.add(d)
        self._melde(sorted(gefunden), tag)
        return len(gefunden)

    def _verzeichnet(self, dateien: Iterable[str]) -> dict[str, frozenset[str]]:
        """Return what we wrote last under these paths."""
        ordner = sorted({d.rpartition("/")[0] for d in dateien})
        alle = {f"{o}/{n}".lstrip("/"): s for o in ordner for n, s in verzeichnet(self.ordner / o).items()}
        return {d: alle.get(d, frozenset()) for d in dateien}

    def senden(self, dateien: Iterable[str], tag: date) -> None:
        """Move drafts to Gesendet/ and note them as sent. Raises: AblageFehler: one cannot be moved."""
        liste = list(dateien)
        for d in liste:
            quelle = self.ordner / d
            if quelle.exists():
                schreibe(self.ordner / ORDNER / quelle.name, lies(quelle))
                loesche_datei(quelle)
        self._melde(liste, tag)

    def _melde(self, dateien: Sequence[str], tag: date) -> None:
        offene = self.offene()
        self._festhalten([Vorgang(tag, GESENDET, v.datei, v.sha256, v.sache, v.an) for d in dateien for v in offene[d]])

    # --- drafted ------------------------------------------------------------------------------
    def legen(self, briefe: Sequence[Brief], tag: date, beilagen: Mapping[str, bytes], wo: str = "") -> list[str]:
        """Make a folder hold these drafts and `beilagen`, note what is new; return sentences about what was left alone.

        A draft is named after the day on which its last matter was drafted first; it keeps its name until it is sent.

        Args:
            wo: folder below Rueckmeldungen/, which is then the caller's alone; by default this one itself.
        """
        namen = {self._name(b, tag, wo): b for b in briefe}
        dateien = {d.removeprefix(f"{wo}/" if wo else ""): b.daten for d, b in namen.items()}
        saetze = abgleichen(self.ordner / wo, {**dateien, **beilagen})
        self._festhalten([
            Vorgang(tag, ENTWORFEN, d, hashlib.sha256(b.daten).hexdigest(), s, b.an)
            for d, b in namen.items() for s in b.sachen if self.stand(s).datei != d
        ])  # fmt: skip
        return saetze

    def _name(self, b: Brief, tag: date, wo: str) -> str:
        liegende = {self.stand(s).datei for s in b.sachen}
        stamm = f"{wo}/{b.name}" if wo else b.name
        if len(liegende) == 1 and (alt := liegende.pop()).startswith(f"{stamm}_"):
            return alt
        seit = max((self.stand(s).seit or tag for s in b.sachen), default=tag)
        fort = {v.datei for v in self.vorgaenge if v.was == GESENDET}
        nummer, name = 1, f"{stamm}_{seit}.eml"
        while name in fort:
            nummer += 1
            name = f"{stamm}_{seit}_{nummer}.eml"
        return name

    def _festhalten(self, neue: Sequence[Vorgang]) -> None:
        if not neue:
            return
        for v in neue:
            self._nimm(v)
        schreibe(self.log, csv_schreiben(KOPF, map(_zeile, self.vorgaenge)))


def _vorgang(z: Mapping[str, str]) -> Vorgang:
    if z["Was"] not in (ENTWORFEN, GESENDET) or not z["Inhalt"]:
        raise ValueError
    s = Sache(int(z["BFS-Nr."]) if z["BFS-Nr."] else None, z["Fassung"], z["Code"], z["Inhalt"])
    return Vorgang(tag_lesen(z["Datum"]), z["Was"], z["Datei"], z["SHA-256"], s, z["an"])


def _zeile(v: Vorgang) -> tuple[object, ...]:
    s = v.sache
    return v.datum, v.was, v.datei, v.sha256, s.bfs_nr, s.fassung, s.code, s.inhalt, v.an
