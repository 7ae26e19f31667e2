"""Judge everything received: versions, Befunde, who owes, claims. Pure: no file, no clock."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from krs.formulare.befund import Akte, Befund, Stufe, melde, meldungen
from krs.formulare.eingabe import LEERE_ZELLE, Zelle
from krs.formulare.formular import periodenbeginn, periodenende
from krs.formulare.kontext import Kontext
from krs.formulare.pruefen import pruefe
from krs.recht import BestandFehlt, BestandUnklar, Beteiligung, Leistung, auslaender, datum
from krs.urteil.absender import mit_absender, staende, wirkungslose
from krs.urteil.ansprueche import ZURUECK, Anspruch, Halt, Sockel, gesperrt, gespraeche, sockel
from krs.urteil.fassung import (
    Einreichung,
    Fassung,
    Schluessel,
    entscheiden,
    fassung,
    gehoben,
    gilt_fuer,
    in_kraft,
    letzter,
    mit_eingang,
    status,
    waehlen,
)
from krs.urteil.kontakte import kontakte
from krs.urteil.nachbarn import beteiligte, mit_a222, vorsummen
from krs.urteil.tafel import FEHLT, Zeile, eingegangen, fehlend, fremde

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid, Stammdaten


@dataclass(frozen=True, slots=True)
class Urteil:
    """The whole result; the Master shows it and nothing else."""

    stichtag: date
    zeilen: tuple[Zeile, ...]
    befunde: tuple[tuple[Befund, Entscheid | None], ...]
    ansprueche: tuple[Anspruch, ...]
    gueltige: tuple[Fassung, ...]
    stammdaten: Stammdaten
    jahre: tuple[int, ...]
    perioden: tuple[str, ...]

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

    def ohne_betrag(self) -> int:
        """Return how many claims have no amount yet."""
        return sum(a.betrag is None for a in self.ansprueche)

    def offen(self) -> tuple[Zeile, ...]:
        """Return who still owes a form whose deadline has passed."""
        return tuple(z for z in self.zeilen if z.status == FEHLT and z.frist is not None and z.frist < self.stichtag)


def nach_stufe(befunde: Iterable[tuple[Befund, Entscheid | None]]) -> list[tuple[Stufe, int, int]]:
    """Return per stufe how many Befunde there are, and how many of them an officer lifted."""
    paare = list(befunde)
    zahl, gehobene = Counter(b.stufe for b, _ in paare), Counter(b.stufe for b, e in paare if gehoben(b, e))
    return [(s, zahl[s], gehobene[s]) for s in Stufe]


def urteile(
    einreichungen: Iterable[Einreichung],
    stammdaten: Stammdaten,
    perioden: Iterable[str],
    jahre: Iterable[int],
    stichtag: date,
) -> Urteil:
    """Return the judgement on all submissions received up to `stichtag`.

    Args:
        einreichungen: files as read, in any order.
        perioden: half-years `2024-H1` in which everyone owes a form; none given: those of the files.
        jahre: years for which everyone owes a Selbstdeklaration; none given: those of the files.
        stichtag: what arrived later is left out.
    """
    return _Richter(stammdaten, stichtag).urteile([e for e in einreichungen if e.eingang <= stichtag], perioden, jahre)


class _Richter:
    def __init__(self, stammdaten: Stammdaten, stichtag: date) -> None:
        self.s, self.stichtag = stammdaten, stichtag
        self.entscheide: dict[Schluessel, list[Entscheid]] = defaultdict(list)
        for e in stammdaten.entscheide:
            if e.datum <= stichtag:
                self.entscheide[(e.bfs_nr, e.formular, e.periode)].append(e)
        self.ketten: dict[Schluessel, list[Fassung]] = {}
        self.gueltig: dict[Schluessel, Fassung] = {}
        self.fremde: list[Fassung] = []
        self.weitere: dict[Befund, Entscheid | None] = {}

    def urteile(self, einreichungen: Sequence[Einreichung], perioden: Iterable[str], jahre: Iterable[int]) -> Urteil:
        self._sammeln(einreichungen)
        von_dateien = {k[2] for k in self.ketten if k[1] == "Anhang 2"}
        jahre_von_dateien = {int(k[2]) for k in self.ketten if k[1] == "Anhang 3"}
        faellig, faellige_jahre = sorted({*perioden} or von_dateien), sorted({*jahre} or jahre_von_dateien)
        alle, alle_jahre = sorted({*faellig, *von_dateien}), sorted({*faellige_jahre, *jahre_von_dateien})
        for periode in alle:
            self._richten("Anhang 2", periode)
        for jahr in alle_jahre:
            self._richten("Anhang 3", str(jahr))
        zeilen = [*fremde(staende(self.fremde, self.ketten, self.s)), *self._fehlend(faellig, faellige_jahre)]
        zeilen += [z for k in sorted(self.ketten) for z in eingegangen(self.ketten[k], self.gueltig.get(k))]
        ansprueche = gesperrt([*self._gespraeche(alle), *self._sockel(faellige_jahre, alle_jahre)], self.s.sperren)
        fassungen = chain(self.fremde, *(self.ketten[k] for k in sorted(self.ketten)))
        befunde = [p for f in fassungen for p in f.paare]
        befunde += [(b, None) for b in (*self._wirkungslos(), *wirkungslose(self.fremde, self.s, self.stichtag))]
        return Urteil(
            self.stichtag, tuple(sorted(zeilen, key=_ordnung)),
            tuple(sorted([*befunde, *self.weitere.items()], key=lambda p: _befundordnung(p[0]))),
            tuple(sorted(ansprueche, key=_anspruchordnung)),
            tuple(self.gueltig[k] for k in sorted(self.gueltig)), self.s, tuple(alle_jahre), tuple(alle),
        )  # fmt: skip

    # --- versions ---------------------------------------------------------------------------
    def _sammeln(self, einreichungen: Sequence[Einreichung]) -> None:
        ketten: dict[Schluessel, list[Fassung]] = defaultdict(list)
        for e in sorted(einreichungen, key=lambda x: (x.eingang, x.sha256, x.datei)):
            f = fassung(e)
            if f.gelesen is None:
                self.fremde.append(mit_absender(f, self.s, self.stichtag))
            elif all(g.einreichung.sha256 != e.sha256 for g in ketten[f.schluessel]):  # the same file counts once
                ketten[f.schluessel].append(f)
        self.ketten = dict(ketten)

    def _richten(self, name: str, periode: str) -> None:
        """Judge all forms of one kind and period; earlier periods are done."""
        schluessel = [k for k in self.ketten if k[1:] == (name, periode)]
        for k in schluessel:
            geprueft = [self._pruefen(f) for f in self.ketten[k]]
            tage: dict[date, list[Fassung]] = defaultdict(list)
            for f in geprueft:
                if f.identitaet_gut:
                    tage[f.einreichung.eingang].append(f)
            self.ketten[k] = [mit_eingang(f, tage[f.einreichung.eingang]) for f in geprueft]
        if name == "Anhang 2":
            self._gleiche_zahlen(schluessel, periode)
        for k in schluessel:
            self.ketten[k] = self._entschieden(k)
            gilt = in_kraft(self.ketten[k])
            if gilt is not None:
                self.gueltig[k] = gilt

    def _entschieden(self, k: Schluessel) -> list[Fassung]:
        return waehlen([entscheiden(f, self.entscheide.get(k, ())) for f in self.ketten[k]])

    def _pruefen(self, f: Fassung) -> Fassung:
        assert f.gelesen is not None
        assert f.formular is not None
        assert f.version is not None
        bfs, zeit, anhang2 = f.akte.bfs_nr, f.akte.periode, f.formular.nummer == 2
        vorher = vorsummen(self.gueltig, self.s, bfs, zeit) if bfs is not None and anhang2 else ("", None)
        bestand = self.s.auslaender(bfs, int(zeit)) if bfs is not None and not anhang2 else None
        gebiet = None if bfs in self.s.weggelassen else self.s.gebiet  # our mistake (docs/entscheide/28)
        k = Kontext(
            f.akte, f.gelesen.eingabe, f.formular, f.version, zeit, gebiet, f.einreichung.eingang,
            *vorher, bestand, self.s.einstellungen.grenzen,
            kontakte(self.s, bfs, f.einreichung.eingang) if bfs is not None and not anhang2 else (),
        )  # fmt: skip
        return replace(f, befunde=pruefe(f.gelesen, k))

    def _gleiche_zahlen(self, schluessel: Sequence[Schluessel], periode: str) -> None:
        """A2-22: lead and member with identical counts (docs/entscheide/13); a corrected version asks no more."""
        tag = periodenbeginn(periode)
        paare = [(k, (self.s.gebiet.leitgemeinde(k[0], tag) or 0, *k[1:])) for k in schluessel]
        paare = [(k, lead) for k, lead in paare if lead in self.ketten]
        stand = {k: in_kraft(self._entschieden(k)) for paar in paare for k in paar}
        for k, lead in paare:
            for hier, dort in ((k, stand[lead]), (lead, stand[k])):
                self.ketten[hier] = [mit_a222(f, dort) for f in self.ketten[hier]]

    # --- board ------------------------------------------------------------------------------
    def _fehlend(self, perioden: Sequence[str], jahre: Sequence[int]) -> Iterator[Zeile]:
        for name, zeiten in (("Anhang 2", perioden), ("Anhang 3", [str(j) for j in jahre])):
            for zeit in zeiten:
                for bfs in beteiligte(self.s, zeit):
                    k = bfs, name, zeit
                    if k not in self.gueltig:
                        lead = self._lead_fassung(bfs, zeit) if name == "Anhang 3" else None
                        wer = lead.akte.gemeinde if lead else ""
                        yield fehlend(k, self.s.gebiet.name(bfs), wer, self.ketten.get(k, ()), self.stichtag)

    def _lead_fassung(self, bfs: int, jahr: str) -> Fassung | None:
        """Return the lead's Selbstdeklaration as it stands for a member: F-07 is about the lead alone."""
        lead = self.s.gebiet.leitgemeinde(bfs, periodenbeginn(jahr))
        f = self.gueltig.get((lead, "Anhang 3", jahr)) if lead else None
        if f is None or all(b.code != "F-07" for b in f.befunde):
            return f
        ohne = replace(f, befunde=tuple(b for b in f.befunde if b.code != "F-07"), entscheide=())
        return entscheiden(ohne, self.entscheide.get(f.schluessel, ()))

    # --- claims -----------------------------------------------------------------------------
    def _halt(self, bfs: int, jahr: str) -> Halt:
        """Return what the Selbstdeklaration of the year (own or the lead's) holds (docs/entscheide/05)."""
        codes: dict[str, list[str]] = defaultdict(list)
        abgelehnt: frozenset[str] = frozenset()
        for f in filter(None, (self.gueltig.get((bfs, "Anhang 3", jahr)), self._lead_fassung(bfs, jahr))):
            abgelehnt |= f.abgelehnt
            offen = [b for b in f.offen if b.stufe is not Stufe.HINWEIS]
            for b in offen:
                for a in b.ansprueche:
                    codes[a].append(b.code)
            for a in f.gehalten.difference(*(b.ansprueche for b in offen)):
                codes[a].append(ZURUECK)
        return Halt({a: tuple(dict.fromkeys(c)) for a, c in codes.items()}, abgelehnt)

    def _gespraeche(self, perioden: Sequence[str]) -> Iterator[Anspruch]:
        for periode in perioden:
            for k in sorted(k for k in self.ketten if k[1:] == ("Anhang 2", periode)):
                halt = self._halt(k[0], periode[:4])
                for f in self.ketten[k]:
                    gilt = f is self.gueltig.get(k)
                    if not f.identitaet_gut or (not gilt and status(f, self.gueltig.get(k)) != "ersetzt"):
                        continue
                    for anspruch, satz in gespraeche(f, self.s.tarife, halt, gilt):
                        if satz and gilt:
                            self._melde_stamm("S-23", f.akte, "Tarife", satz, anspruch.leistung.schluessel)
                        yield anspruch

    def _sockel(self, faellige: Sequence[int], jahre: Sequence[int]) -> Iterator[Anspruch]:
        """Yield the Sockelbeitrag of all that take part; in years without templates of those that filed."""
        for jahr in jahre:
            for bfs in beteiligte(self.s, str(jahr)):
                if jahr not in faellige and self._formular3(bfs, str(jahr)) is None:
                    continue
                anspruch, satz = sockel(self._sockel_lage(bfs, jahr), self.s.tarife)
                if satz:
                    akte = Akte("", anspruch.gemeinde, bfs, "Anhang 3", str(jahr))
                    self._melde_stamm("S-23", akte, "Tarife", satz, "sockel")
                yield anspruch

    def _formular3(self, bfs: int, jahr: str) -> Fassung | None:
        """Return the Selbstdeklaration that releases the Sockelbeitrag: the lead's, else the own."""
        return self._lead_fassung(bfs, jahr) or self.gueltig.get((bfs, "Anhang 3", jahr))

    def _sockel_lage(self, bfs: int, jahr: int) -> Sockel:
        zeit, gebiet = str(jahr), self.s.gebiet
        akte = Akte("", gebiet.name(bfs), bfs, "Anhang 3", zeit)
        f, halt = self._formular3(bfs, zeit), self._halt(bfs, zeit)
        gruende, abgelehnt = list(halt.codes.get("sockel", ())), "sockel" in halt.abgelehnt
        if (bfs, "Anhang 3", zeit) not in self.gueltig:
            mehr, nein = self._ohne_formular(akte, f is None)
            gruende, abgelehnt = [*gruende, *mehr], abgelehnt or nein
        anzahl: int | None = None
        try:
            anzahl = auslaender(self.s.bestand, gebiet, bfs, jahr).anzahl
        except BestandFehlt as fehler:
            gruende.append(self._melde_stamm("S-21", akte, "Ausländerbestand", str(fehler), "sockel"))
        except BestandUnklar as fehler:
            gruende.append(self._melde_stamm("S-22", akte, "Ausländerbestand", str(fehler), "sockel"))
        return Sockel(bfs, akte.gemeinde, jahr, anzahl, f, tuple(dict.fromkeys(gruende)), abgelehnt)

    def _ohne_formular(self, akte: Akte, fehlt: bool) -> tuple[list[str], bool]:
        """Return why a Sockelbeitrag without an own form is held, and whether an officer refused it.

        A decision on the whole form releases it (docs/entscheide/04). Who takes part in a part of the year only
        waits for a decision: no pro rata (F-07, docs/entscheide/19).
        """
        bfs, zeit, gruende = akte.bfs_nr or 0, akte.periode, []
        entscheide = [e for e in self.entscheide.get((bfs, "Anhang 3", zeit), ()) if not e.sha256]
        ganz = letzter(e for e in entscheide if not e.code)
        wort = ganz.entscheid if ganz else ""
        if fehlt and wort != "anerkennen":
            gruende.append("Anhang 3 fehlt")
        if wort == "zurückstellen":
            gruende.append(ZURUECK)
        abgelehnt = wort == "ablehnen"
        if self.s.gebiet.beteiligung(bfs, periodenbeginn(zeit), periodenende(zeit)) is not Beteiligung.GANZ:
            befund = melde(akte, "F-07", LEERE_ZELLE, "bfs_nr", ("sockel",), gemeinde=akte.gemeinde, periode=zeit)
            e = self.weitere[befund] = letzter(e for e in entscheide if e.code in ("", "F-07"))
            gruende += [] if gehoben(befund, e) else ["F-07"]
            abgelehnt = abgelehnt or (e is not None and e.entscheid == "ablehnen")
        return gruende, abgelehnt

    def _wirkungslos(self) -> Iterator[Befund]:
        """S-33: a decision that meets neither a form nor a Befund, a wrong period for instance."""
        for k, entscheide in self.entscheide.items():
            for e in (e for e in entscheide if not self._trifft(e)):
                akte = Akte("Stammdaten.xlsx", self.s.gebiet.name(k[0]), *k)
                was = f"keinen Befund {e.code}" if e.code else "keine Einreichung, die er meint"
                yield melde(akte, "S-33", e.zelle("bfs_nr"), was=was, formular=k[1], periode=k[2], am=datum(e.datum))

    def _trifft(self, e: Entscheid) -> bool:
        betroffen = [f for f in self.ketten.get((e.bfs_nr, e.formular, e.periode), ()) if gilt_fuer(e, f)]
        trifft = any(not e.code or any(b.code == e.code for b in f.befunde) for f in betroffen)
        fremd = any(e in f.entscheide for f in self.fremde)
        ohne_formular = e.formular == "Anhang 3" and not e.sha256 and e.code in ("", "F-07")
        return trifft or fremd or (ohne_formular and e.bfs_nr in beteiligte(self.s, e.periode))

    def _melde_stamm(self, code: str, akte: Akte, blatt: str, satz: str, anspruch: str) -> str:
        kurz = satz.removesuffix(f" (Ziff. {meldungen()[code].ziffer}).")  # the clause follows anyway
        satz = satz if kurz == satz else f"{kurz}."
        stamm = replace(akte, datei="Stammdaten.xlsx")
        self.weitere[melde(stamm, code, Zelle(blatt), "", (anspruch,), satz=satz)] = None
        return code


def _ordnung(z: Zeile) -> tuple[object, ...]:
    return z.formular, z.periode, z.bfs_nr or 0, z.eingang or date.max, z.datei


def _ort(zelle: str) -> tuple[int, str]:
    """Return row and column, so that C9 comes before C10."""
    ziffern = zelle.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(ziffern or 0), zelle


def _anspruchordnung(a: Anspruch) -> tuple[object, ...]:
    return a.periode, a.bfs_nr, list(Leistung).index(a.leistung), a.sha256


def _befundordnung(b: Befund) -> tuple[object, ...]:
    return b.bfs_nr or 0, b.formular, b.periode, b.datei, list(Stufe).index(b.stufe), b.blatt, _ort(b.zelle), b.code
