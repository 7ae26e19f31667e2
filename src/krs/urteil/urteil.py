"""Judge everything received: versions, Befunde, who owes, claims. Pure: no file, no clock."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from krs.formulare.befund import Befund, Stufe
from krs.formulare.formular import folgeperiode, periodenbeginn, periodenende
from krs.formulare.kontext import Kontext
from krs.formulare.pruefen import pruefe
from krs.recht import Beteiligung
from krs.urteil import ordnung
from krs.urteil.absender import mit_absender, staende, umgedeutet, wirkungslose
from krs.urteil.anspruchslage import Anspruchslage
from krs.urteil.ansprueche import Anspruch, jahr_von
from krs.urteil.entscheide import verzicht
from krs.urteil.fassung import (
    Einreichung,
    Fassung,
    Schluessel,
    erledigt,
    fassung,
    in_kraft,
    mit_grabsteinen,
)
from krs.urteil.folge import Ausbezahlt, Nachfolge, Umfeld
from krs.urteil.herkunft import mit_herkunft, sendungen
from krs.urteil.kontakte import kontakte
from krs.urteil.nachbarn import beteiligte, mit_a222, vorsummen
from krs.urteil.tafel import FEHLT, NOCH_NICHT, VORBEI, Zeile, eingegangen, fehlend, fremde, geloeschte, geschlossen
from krs.urteil.wirkungslos import Wirkung

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid, Stammdaten


@dataclass(frozen=True, slots=True)
class Urteil:
    """The whole result; the Master shows it and nothing else.

    `geloeschte`: purged forms that are in force; `ohne_beleg`: whose claims are what runs paid, and nothing else.
    `einreichungen`: what was judged.
    """

    stichtag: date
    zeilen: tuple[Zeile, ...]
    befunde: tuple[tuple[Befund, Entscheid | None], ...]
    ansprueche: tuple[Anspruch, ...]
    gueltige: tuple[Fassung, ...]
    stammdaten: Stammdaten
    jahre: tuple[int, ...]
    perioden: tuple[str, ...]
    geloeschte: tuple[Fassung, ...] = ()
    ohne_beleg: frozenset[Schluessel] = frozenset()
    einreichungen: tuple[Einreichung, ...] = ()

    def stand(self) -> dict[tuple[str, str], Counter[str]]:
        """Return how many submissions are in which state, by form and period; files that are none under («», «»)."""
        gruppen: dict[tuple[str, str], Counter[str]] = {}
        for z in self.zeilen:
            gruppen.setdefault((z.formular, z.periode), Counter())[z.status] += 1
        return gruppen

    def tafel(self) -> tuple[Zeile, ...]:
        """Return one row per municipality and form: what is in force, else what came in last, else what is owed.

        A newer version that waits beside the one in force is shown too; so are files that are no form.
        """
        return tuple(z for z in self.zeilen if z.status != "ersetzt")

    def vorbei(self) -> frozenset[str]:
        """Return the files about which nobody has to do anything: replaced, settled, purged."""
        return frozenset(z.datei for z in self.zeilen if z.datei and z.status in VORBEI)

    def zaehlende(self) -> tuple[tuple[Befund, Entscheid | None], ...]:
        """Return the Befunde that count: not those of versions that are replaced or settled."""
        vorbei = self.vorbei()
        return tuple(p for p in self.befunde if p[0].datei not in vorbei)

    def ohne_betrag(self) -> int:
        """Return how many claims have no amount yet."""
        return sum(a.betrag is None for a in self.ansprueche)

    def offen(self) -> tuple[Zeile, ...]:
        """Return who still owes a form whose deadline has passed."""
        return tuple(z for z in self.zeilen if z.status == FEHLT and z.frist is not None and z.frist < self.stichtag)


def nach_stufe(befunde: Iterable[tuple[Befund, Entscheid | None]]) -> list[tuple[Stufe, int, int]]:
    """Return per stufe how many Befunde there are, and how many of them an officer settled: lifted or refused."""
    paare = list(befunde)
    zahl, fertige = Counter(b.stufe for b, _ in paare), Counter(b.stufe for b, e in paare if erledigt(b, e))
    return [(s, zahl[s], fertige[s]) for s in Stufe]


def urteile(  # noqa: PLR0913, PLR0917 what came in, what it is judged by, what happened since
    einreichungen: Iterable[Einreichung],
    stammdaten: Stammdaten,
    perioden: Iterable[str],
    jahre: Iterable[int],
    stichtag: date,
    entworfen: Mapping[str, date] = MappingProxyType({}),
    ausbezahlt: Ausbezahlt = Ausbezahlt(),  # noqa: B008 frozen
) -> Urteil:
    """Return the judgement on all submissions received up to `stichtag`.

    Args:
        einreichungen: files as read, in any order.
        perioden: half-years `2024-H1` in which everyone owes a form; none given: those of the files.
        jahre: years for which everyone owes a Selbstdeklaration; none given: those of the files.
        stichtag: what arrived later is left out.
        entworfen: SHA-256 of a form → day on which its answer was first drafted (domain 4b).
        ausbezahlt: what released runs paid.
    """
    da = [e for e in einreichungen if e.eingang <= stichtag]
    return _Richter(stammdaten, stichtag, entworfen, ausbezahlt).urteile(da, perioden, jahre)


class _Richter:
    def __init__(self, s: Stammdaten, stichtag: date, entworfen: Mapping[str, date], ausbezahlt: Ausbezahlt) -> None:
        self.s, self.stichtag, self.entworfen, self.ausbezahlt = s, stichtag, entworfen, ausbezahlt
        self.gefragt: set[str] = set()
        self.mehrdeutige: list[Entscheid] = []
        self.entscheide: dict[Schluessel, list[Entscheid]] = defaultdict(list)
        for e in s.entscheide:
            if e.datum <= stichtag:
                self.entscheide[(e.bfs_nr, e.formular, e.periode)].append(e)
        self.ketten: dict[Schluessel, list[Fassung]] = {}
        self.gueltig: dict[Schluessel, Fassung] = {}
        self.graeber: dict[Schluessel, list[Fassung]] = defaultdict(list)
        self.geloescht: dict[Schluessel, Fassung] = {}  # in force, and purged
        self.fremde: list[Fassung] = []
        self.gesendet: dict[str, set[int]] = {}

    def urteile(self, einreichungen: Sequence[Einreichung], perioden: Iterable[str], jahre: Iterable[int]) -> Urteil:
        self._sammeln(einreichungen)
        da = {*self.ketten, *self.graeber}
        von_dateien = {k[2] for k in da if k[1] == "Anhang 2"}
        jahre_von_dateien = {int(k[2]) for k in da if k[1] == "Anhang 3"}
        faellig, faellige_jahre = sorted({*perioden} or von_dateien), sorted({*jahre} or jahre_von_dateien)
        alle, alle_jahre = sorted({*faellig, *von_dateien}), sorted({*faellige_jahre, *jahre_von_dateien})
        for periode in alle:
            self._richten("Anhang 2", periode)
        for jahr in alle_jahre:
            self._richten("Anhang 3", str(jahr))
        lage = Anspruchslage(self.s, self.stichtag, self.entscheide, self.ketten, self.gueltig, self.geloescht)
        fehlende = list(self._fehlend(lage, faellig, faellige_jahre))
        geschuldet = [z for z in fehlende if z.status in (FEHLT, NOCH_NICHT)]
        zeilen = [*fremde(staende(self.fremde, self.ketten, self.s, geschuldet)), *fehlende]
        zeilen += [z for k in sorted(self.ketten) for z in eingegangen(self.ketten[k], lage.gilt(k))]
        zeilen += [z for k in sorted(self.graeber) for z in geloeschte(self.graeber[k], lage.gilt(k))]
        ansprueche = sorted(lage.alle(alle, faellige_jahre, alle_jahre), key=ordnung.ansprueche)
        fassungen = chain(self.fremde, *(self.ketten[k] for k in sorted(self.ketten)))
        zeiten = {("Anhang 2", p) for p in alle} | {("Anhang 3", str(j)) for j in alle_jahre}
        befunde = [p for f in fassungen for p in f.paare]
        befunde += [(b, None) for b in self._wirkungslose(zeiten)]
        return Urteil(
            self.stichtag, tuple(sorted(zeilen, key=ordnung.zeilen)),
            tuple(sorted([*befunde, *lage.weitere.items()], key=lambda p: ordnung.befunde(p[0]))), tuple(ansprueche),
            tuple(self.gueltig[k] for k in sorted(self.gueltig)), self.s, tuple(alle_jahre), tuple(alle),
            tuple(self.geloescht[k] for k in sorted(self.geloescht)), frozenset(lage.ohne_beleg), tuple(einreichungen),
        )  # fmt: skip

    def _wirkungslose(self, zeiten: Collection[tuple[str, str]]) -> Iterator[Befund]:
        wirkung = Wirkung(self.s, self.entscheide, self.ketten, self.fremde, self.graeber, zeiten)
        yield from wirkung.entscheide_ohne()
        yield from wirkung.mehrdeutig(self.mehrdeutige)
        yield from wirkung.fristen_ohne(self.stichtag)
        formulare = chain(*self.ketten.values(), *self.graeber.values())
        yield from wirkungslose(self.fremde, formulare, self.s, self.stichtag)

    # --- versions ---------------------------------------------------------------------------
    def _sammeln(self, einreichungen: Sequence[Einreichung]) -> None:
        ketten: dict[Schluessel, list[Fassung]] = defaultdict(list)
        for e in sorted(einreichungen, key=lambda x: (x.eingang, x.sha256, x.datei)):
            f = umgedeutet(fassung(e, self.s, self.stichtag), self.s, self.stichtag)
            if e.grab is not None:
                self.graeber[f.schluessel].append(f)
            elif f.gelesen is None:
                self.fremde.append(mit_absender(f, self.s, self.stichtag))
            elif all(g.einreichung.sha256 != e.sha256 for g in ketten[f.schluessel]):  # the same file counts once
                ketten[f.schluessel].append(f)
        self.ketten = dict(ketten)
        self.gesendet = sendungen(f for kette in ketten.values() for f in kette)
        for k, entscheide in self.entscheide.items():  # which of several files is meant must not be guessed
            shas = {f.einreichung.sha256 for f in (*self.ketten.get(k, ()), *self.graeber.get(k, ()))}
            self.mehrdeutige += [e for e in entscheide if e.sha256 and sum(s.startswith(e.sha256) for s in shas) > 1]
            self.entscheide[k] = [e for e in entscheide if e not in self.mehrdeutige]

    def _richten(self, name: str, periode: str) -> None:
        """Judge all forms of one kind and period; earlier periods are done."""
        schluessel = [k for k in self.ketten if k[1:] == (name, periode)]
        for k in schluessel:
            self.ketten[k] = [self._pruefen(f) for f in self.ketten[k]]
        if name == "Anhang 2":
            self._gleiche_zahlen(schluessel, periode)
        for k in schluessel:
            self.ketten[k] = self._entschieden(k)
        for k in (*schluessel, *(k for k in self.graeber if k[1:] == (name, periode) and k not in self.ketten)):
            gilt = self._in_kraft(k, self.ketten.get(k, ()))
            if gilt is not None:
                (self.geloescht if gilt.einreichung.grab else self.gueltig)[k] = gilt

    def _in_kraft(self, k: Schluessel, kette: Sequence[Fassung]) -> Fassung | None:
        """Return the version in force, be it purged."""
        return in_kraft(mit_grabsteinen(kette, self.graeber.get(k, ()), self.entscheide.get(k, ())))

    def _entschieden(self, k: Schluessel) -> list[Fassung]:
        umfeld = Umfeld(
            self.entscheide.get(k, ()), self.s.einstellungen.korrekturfrist_tage, self.entworfen, self.gefragt,
            self._nachfolge(k), self.ausbezahlt.dateien, self.graeber.get(k, ()),
            [f for f in self.fremde if f.zuordnung and f.schluessel == k],
        )  # fmt: skip
        return umfeld.gerichtet(self.ketten[k])

    def _nachfolge(self, k: Schluessel) -> Nachfolge | None:
        """Return the period after this one, None where the municipality owes no form for it."""
        bfs, name, periode = k
        folge, gebiet = folgeperiode(periode), self.s.gebiet
        spanne = (periodenbeginn(folge), periodenende(folge)) if folge else None
        if spanne is None or not gebiet.besteht(bfs, *spanne):
            return None
        if gebiet.beteiligung(bfs, *spanne) is Beteiligung.KEINE:
            return None
        naechste = bfs, name, folge
        formulare = (*self.ketten.get(naechste, ()), *self.graeber.get(naechste, ()))
        return Nachfolge(folge, formulare, self.ausbezahlt.perioden.get(periode))

    def _pruefen(self, f: Fassung) -> Fassung:
        assert f.gelesen is not None
        assert f.formular is not None
        assert f.version is not None
        bfs, zeit, anhang2 = f.akte.bfs_nr, f.akte.periode, f.formular.nummer == 2
        vorher = vorsummen(self.gueltig, self.s, bfs, zeit) if bfs is not None and anhang2 else ("", None)
        bestand = self.s.auslaender(bfs, jahr_von(zeit)) if bfs is not None else None
        gebiet = None if bfs in self.s.weggelassen else self.s.gebiet  # our mistake (docs/entscheide/28)
        k = Kontext(
            f.akte, f.gelesen.eingabe, f.formular, f.version, zeit, gebiet, f.einreichung.eingang,
            *vorher, bestand, self.s.einstellungen.grenzen,
            kontakte(self.s, bfs, f.einreichung.eingang, self.stichtag) if bfs is not None and not anhang2 else (),
        )  # fmt: skip
        geprueft = replace(f, befunde=pruefe(f.gelesen, k))
        return mit_herkunft(geprueft, self.s, self.stichtag, self.gesendet)

    def _gleiche_zahlen(self, schluessel: Sequence[Schluessel], periode: str) -> None:
        """A2-22: lead and member with identical counts (docs/entscheide/13); a corrected version asks no more."""
        tag = periodenbeginn(periode)
        paare = [(k, (self.s.gebiet.leitgemeinde(k[0], tag) or 0, *k[1:])) for k in schluessel]
        paare = [(k, lead) for k, lead in paare if lead in self.ketten]
        alle = ((f, b) for f in chain(*self._mit_a222(paare).values()) for b in f.befunde)
        self.gefragt |= {f.einreichung.sha256 for f, b in alle if b.code == "A2-22"}
        self.ketten |= self._mit_a222(paare)  # again: what was asked for may be in time, and changes what is in force

    def _mit_a222(self, paare: Sequence[tuple[Schluessel, Schluessel]]) -> dict[Schluessel, list[Fassung]]:
        stand = {k: self._in_kraft(k, self._entschieden(k)) for paar in paare for k in paar}
        neue = {k: self.ketten[k] for k in stand}
        for k, lead in paare:
            for hier, dort in ((k, stand[lead]), (lead, stand[k])):
                neue[hier] = [mit_a222(f, dort) for f in neue[hier]]
        return neue

    # --- board ------------------------------------------------------------------------------
    def _fehlend(self, lage: Anspruchslage, perioden: Sequence[str], jahre: Sequence[int]) -> Iterator[Zeile]:
        for name, zeiten in (("Anhang 2", perioden), ("Anhang 3", [str(j) for j in jahre])):
            for zeit in zeiten:
                for bfs in beteiligte(self.s, zeit):
                    k = bfs, name, zeit
                    if lage.gilt(k) is None:
                        lead = lage.lead(bfs, zeit) if name == "Anhang 3" else None
                        yield self._fehlende(k, lead.akte.gemeinde if lead else "")

    def _fehlende(self, k: Schluessel, lead: str) -> Zeile:
        frist, e = self.s.frist(*k, self.stichtag), verzicht(self.entscheide.get(k, ()))
        zeile = fehlend(k, self.s.gebiet.name(k[0]), frist, lead, self.ketten.get(k, ()), self.stichtag)
        return zeile if e is None or lead else geschlossen(zeile, e)
