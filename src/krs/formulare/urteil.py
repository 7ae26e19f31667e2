"""Judge everything received: versions, Befunde, who owes, claims. Pure: no file, no clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from krs.formulare import ansprueche as claims
from krs.formulare.anhang2 import Anhang2
from krs.formulare.ansprueche import Anspruch, Halt, Sockel
from krs.formulare.befund import Akte, Befund, Stufe, melde
from krs.formulare.eingabe import LEERE_ZELLE, Zelle
from krs.formulare.formular import LEISTUNG, periodenbeginn, periodenende
from krs.formulare.kontext import Kontext, Summen
from krs.formulare.pruefen import pruefe
from krs.formulare.stammdaten import Entscheid, Stammdaten
from krs.formulare.versionen import (
    Einreichung,
    Fassung,
    Schluessel,
    eingabefrist,
    entscheiden,
    fassung,
    in_kraft,
    mit_eingang,
    status,
)
from krs.recht import BestandFehlt, BestandUnklar, Beteiligung, Halbjahr, auslaender, tage_verspaetet

TALKS = ("erst", "erst_dolmetsch", "integ", "integ_dolmetsch")


@dataclass(frozen=True, slots=True)
class Zeile:
    """One row of the board: a submission, or what is still owed (design 4.4)."""

    bfs_nr: int | None
    gemeinde: str
    formular: str
    periode: str
    version: str
    eingang: date | None
    frist: date | None
    tage: int
    nullmeldung: bool | None
    status: str
    datei: str
    sha256: str
    stufen: tuple[int, int, int]
    fassung: Fassung | None = None


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

    def offen(self) -> tuple[Zeile, ...]:
        """Return who still owes a form whose deadline has passed."""
        return tuple(z for z in self.zeilen if z.status == "fehlt" and z.frist is not None and z.frist < self.stichtag)


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
        self.weitere: list[tuple[Befund, Entscheid | None]] = []

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
        zeilen = [*self._eingegangen(), *self._fehlend(faellig, faellige_jahre)]
        ansprueche = [*self._talks(alle), *self._sockel(faellige_jahre, alle_jahre)]
        befunde = [p for f in self._alle_fassungen() for p in zip(f.befunde, _entscheide(f), strict=True)]
        return Urteil(
            self.stichtag, tuple(sorted(zeilen, key=_ordnung)),
            tuple(sorted([*befunde, *self.weitere], key=lambda p: _befundordnung(p[0]))),
            tuple(sorted(ansprueche, key=_anspruchordnung)),
            tuple(self.gueltig[k] for k in sorted(self.gueltig)), self.s, tuple(alle_jahre), tuple(alle),
        )  # fmt: skip

    # --- versions ---------------------------------------------------------------------------
    def _sammeln(self, einreichungen: Sequence[Einreichung]) -> None:
        ketten: dict[Schluessel, list[Fassung]] = defaultdict(list)
        for e in sorted(einreichungen, key=lambda x: (x.eingang, x.sha256)):
            f = fassung(e)
            if f.gelesen is None:
                self.fremde.append(f)
            else:
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
            kette = [entscheiden(f, self.entscheide.get(k, ())) for f in self.ketten[k]]
            self.ketten[k] = kette
            gilt = in_kraft(kette)
            if gilt is not None:
                self.gueltig[k] = gilt

    def _pruefen(self, f: Fassung) -> Fassung:
        assert f.gelesen is not None
        assert f.formular is not None
        assert f.version is not None
        vorperiode, vorsummen = self._vorperiode(f)
        k = Kontext(
            f.akte, f.gelesen.eingabe, f.formular, f.version, f.akte.periode, self.s.gebiet, f.einreichung.eingang,
            vorperiode, vorsummen, self._bestand(f), self.s.einstellungen.grenzen,
        )  # fmt: skip
        return replace(f, befunde=pruefe(f.gelesen, k))

    def _bestand(self, f: Fassung) -> int | None:
        if f.formular is None or f.formular.nummer != 3 or f.akte.bfs_nr is None:
            return None
        try:
            return auslaender(self.s.bestand, self.s.gebiet, f.akte.bfs_nr, int(f.akte.periode)).anzahl
        except (BestandFehlt, BestandUnklar):
            return None

    def _vorperiode(self, f: Fassung) -> tuple[str, Summen | None]:
        if f.formular is None or f.formular.nummer != 2 or f.akte.bfs_nr is None:
            return "", None
        return vorsummen(self.gueltig, self.s, f.akte.bfs_nr, f.akte.periode)

    def _gleiche_zahlen(self, schluessel: Sequence[Schluessel], periode: str) -> None:
        """A2-22: lead and member with identical counts (docs/entscheide/13)."""
        tag = periodenbeginn(periode)
        for k in schluessel:
            lead = self.s.gebiet.leitgemeinde(k[0], tag)
            k_lead = (lead or 0, k[1], k[2])
            for nummer, f in enumerate(self.ketten[k]):
                for nummer_lead, g in enumerate(self.ketten.get(k_lead, ())):
                    if _gleich(f, g):
                        self.ketten[k][nummer] = _mit_a222(self.ketten[k][nummer], g)
                        self.ketten[k_lead][nummer_lead] = _mit_a222(self.ketten[k_lead][nummer_lead], f)

    def _alle_fassungen(self) -> Iterator[Fassung]:
        yield from self.fremde
        for k in sorted(self.ketten):
            yield from self.ketten[k]

    # --- board ------------------------------------------------------------------------------
    def _eingegangen(self) -> Iterator[Zeile]:
        for f in self._alle_fassungen():
            k = f.schluessel if f.gelesen else None
            stand = status(f, self.gueltig.get(k)) if k else "fehlerhaft"
            if f.gelesen is None and all(b.stufe is Stufe.HINWEIS for b in f.befunde):
                continue
            frist = f.frist
            stufen = tuple(sum(b.stufe is s for b in f.befunde) for s in Stufe)
            null = f.modell.nullmeldung if isinstance(f.modell, Anhang2) else None
            yield Zeile(
                f.akte.bfs_nr, f.akte.gemeinde, f.akte.formular, f.akte.periode, f.version.id if f.version else "",
                f.einreichung.eingang, frist, tage_verspaetet(f.einreichung.eingang, frist) if frist else 0,
                null, stand, f.einreichung.datei, f.einreichung.sha256, (stufen[0], stufen[1], stufen[2]), f,
            )  # fmt: skip

    def _fehlend(self, perioden: Sequence[str], jahre: Sequence[int]) -> Iterator[Zeile]:
        for name, zeiten in (("Anhang 2", perioden), ("Anhang 3", [str(j) for j in jahre])):
            for zeit in zeiten:
                for bfs in self.erwartet(zeit):
                    if (bfs, name, zeit) not in self.gueltig:
                        yield self._fehlt(bfs, name, zeit)

    def _fehlt(self, bfs: int, name: str, zeit: str) -> Zeile:
        frist = eingabefrist(int(name[-1]), zeit)
        stand = "fehlt"
        if name == "Anhang 3" and self._lead_fassung(bfs, zeit) is not None:
            stand = "durch Leitgemeinde"
        tage = tage_verspaetet(self.stichtag, frist) if stand == "fehlt" else 0
        name_ = self.s.gebiet.name(bfs)
        return Zeile(bfs, name_, name, zeit, "", None, frist, tage, None, stand, "", "", (0, 0, 0))

    def erwartet(self, zeit: str) -> list[int]:
        """Return who takes part on some day of a half-year or year."""
        return beteiligte(self.s, zeit)

    def _lead_fassung(self, bfs: int, jahr: str) -> Fassung | None:
        lead = self.s.gebiet.leitgemeinde(bfs, periodenbeginn(jahr))
        return self.gueltig.get((lead, "Anhang 3", jahr)) if lead else None

    # --- claims -----------------------------------------------------------------------------
    def _halt(self, bfs: int, jahr: str) -> Halt:
        """Return what the Selbstdeklaration of the year (own or the lead's) holds (docs/entscheide/05)."""
        codes: dict[str, list[str]] = defaultdict(list)
        for f in (self.gueltig.get((bfs, "Anhang 3", jahr)), self._lead_fassung(bfs, jahr)):
            for b in f.offen if f else ():
                if b.stufe is not Stufe.HINWEIS:
                    for a in b.ansprueche:
                        codes[a].append(b.code)
        return Halt({a: tuple(dict.fromkeys(c)) for a, c in codes.items()})

    def _talks(self, perioden: Sequence[str]) -> Iterator[Anspruch]:
        for periode in perioden:
            for k in sorted(k for k in self.ketten if k[1:] == ("Anhang 2", periode)):
                halt = self._halt(k[0], periode[:4])
                for f in self.ketten[k]:
                    gilt = f is self.gueltig.get(k)
                    if not f.identitaet_gut or (not gilt and status(f, self.gueltig.get(k)) != "ersetzt"):
                        continue
                    for anspruch, satz in claims.gespraeche(f, self.s.tarife, halt, gilt):
                        if satz and gilt:
                            self._melde_stamm("S-23", f.akte, "Tarife", satz, anspruch.leistung)
                        yield anspruch

    def _sockel(self, faellige: Sequence[int], jahre: Sequence[int]) -> Iterator[Anspruch]:
        """Yield the Sockelbeitrag of all that take part; in years without templates of those that filed."""
        for jahr in jahre:
            for bfs in self.erwartet(str(jahr)):
                if jahr not in faellige and (bfs, "Anhang 3", str(jahr)) not in self.gueltig:
                    continue
                if not self.s.gebiet.besteht(bfs, date(jahr, 1, 1), date(jahr, 1, 1)):
                    continue
                anspruch, satz = claims.sockel(self._sockel_lage(bfs, jahr), self.s.tarife)
                if satz:
                    akte = Akte("", anspruch.gemeinde, bfs, "Anhang 3", str(jahr))
                    self._melde_stamm("S-23", akte, "Tarife", satz, anspruch.leistung)
                yield anspruch

    def _sockel_lage(self, bfs: int, jahr: int) -> Sockel:
        zeit, gebiet = str(jahr), self.s.gebiet
        eigene = self.gueltig.get((bfs, "Anhang 3", zeit))
        f = self._lead_fassung(bfs, zeit) or eigene
        akte = Akte("", gebiet.name(bfs), bfs, "Anhang 3", zeit)
        entscheid = self._ganzer_entscheid((bfs, "Anhang 3", zeit))
        gruende = list(self._halt(bfs, zeit).fuer("sockel"))
        if eigene is not None and "sockel" in eigene.gehalten and not gruende:
            gruende.append("Entscheid: zurückstellen")
        if f is None and entscheid != "anerkennen":
            gruende.append("Anhang 3 fehlt")
        if gebiet.beteiligung(bfs, date(jahr, 1, 1), date(jahr, 12, 31)) is not Beteiligung.GANZ and eigene is None:
            gruende += self._teilweise(akte, entscheid)
        anzahl: int | None = None
        try:
            anzahl = auslaender(self.s.bestand, gebiet, bfs, jahr).anzahl
        except BestandFehlt as fehler:
            gruende.append(self._melde_stamm("S-21", akte, "Ausländerbestand", str(fehler), "sockel"))
        except BestandUnklar as fehler:
            gruende.append(self._melde_stamm("S-22", akte, "Ausländerbestand", str(fehler), "sockel"))
        abgelehnt = entscheid == "ablehnen" or (eigene is not None and "sockel" in eigene.abgelehnt)
        return Sockel(bfs, akte.gemeinde, jahr, anzahl, f, tuple(dict.fromkeys(gruende)), abgelehnt)

    def _teilweise(self, akte: Akte, entscheid: str) -> list[str]:
        """F-07 for a member whose lead files: no pro rata, an officer decides (docs/entscheide/19)."""
        befund = melde(akte, "F-07", LEERE_ZELLE, "bfs_nr", ("sockel",), gemeinde=akte.gemeinde, periode=akte.periode)
        hebt = next((e for e in self.entscheide.get((akte.bfs_nr or 0, "Anhang 3", akte.periode), ())), None)
        gehoben = entscheid == "anerkennen"
        self.weitere.append((befund, hebt if gehoben else None))
        return [] if gehoben else ["F-07"]

    def _ganzer_entscheid(self, k: Schluessel) -> str:
        """Return the decision on a municipality's whole form, also where no file of its own arrived."""
        ganze = [e for e in self.entscheide.get(k, ()) if not e.code and not e.sha256]
        return max(ganze, key=lambda e: e.datum).entscheid if ganze and k not in self.gueltig else ""

    def _melde_stamm(self, code: str, akte: Akte, blatt: str, satz: str, anspruch: str) -> str:
        stamm = replace(akte, datei="Stammdaten.xlsx")
        befund = melde(stamm, code, Zelle(blatt), "", (str(anspruch),), satz=satz)
        if all(b != befund for b, _ in self.weitere):
            self.weitere.append((befund, None))
        return code


def beteiligte(stammdaten: Stammdaten, zeit: str) -> list[int]:
    """Return the BFS-Nr. of all that take part on some day of a half-year or year, in order."""
    von, bis = periodenbeginn(zeit), periodenende(zeit)
    gebiet = stammdaten.gebiet
    alle = sorted({*gebiet.bestehende(von), *gebiet.bestehende(bis)})
    return [b for b in alle if gebiet.beteiligung(b, von, bis) is not Beteiligung.KEINE]


def vorsummen(
    gueltig: dict[Schluessel, Fassung], stammdaten: Stammdaten, bfs: int, periode: str
) -> tuple[str, Summen | None]:
    """Return the previous half-year and its sums, with those of municipalities merged since (docs/entscheide/20)."""
    halbjahr = Halbjahr.parse(periode)
    if halbjahr <= Halbjahr(2017, 1):
        return "", None
    vorher = halbjahr.vorher()
    frueher = stammdaten.gebiet.vorgaengerinnen(bfs, vorher.beginn, halbjahr.beginn)
    fassungen = [gueltig.get((b, "Anhang 2", str(vorher))) for b in (bfs, *frueher)]
    summen = [f.modell.summen() for f in fassungen if f is not None and isinstance(f.modell, Anhang2)]
    if fassungen[0] is None or not summen:
        return str(vorher), None
    werte = [[getattr(s, k) for s in summen] for k in TALKS]
    return str(vorher), Summen(*(None if None in w else sum(w) for w in werte))


def _gleich(f: Fassung, g: Fassung) -> bool:
    if not (isinstance(f.modell, Anhang2) and isinstance(g.modell, Anhang2)):
        return False
    zahlen = f.modell.gezaehlt()
    return zahlen == g.modell.gezaehlt() and sum(z or 0 for z in zahlen) > 0


def _mit_a222(f: Fassung, andere: Fassung) -> Fassung:
    befund = melde(
        f.akte, "A2-22", LEERE_ZELLE, "", f.ansprueche,
        gemeinde=f.akte.gemeinde, andere=andere.akte.gemeinde, periode=f.akte.periode,
    )  # fmt: skip
    return f if befund in f.befunde else replace(f, befunde=(*f.befunde, befund))


def _entscheide(f: Fassung) -> tuple[Entscheid | None, ...]:
    return f.entscheide or (None,) * len(f.befunde)


def _ordnung(z: Zeile) -> tuple[object, ...]:
    return z.formular, z.periode, z.bfs_nr or 0, z.eingang or date.max, z.datei


def _anspruchordnung(a: Anspruch) -> tuple[object, ...]:
    return a.periode, a.bfs_nr, list(LEISTUNG.values()).index(a.leistung), a.sha256


def _befundordnung(b: Befund) -> tuple[object, ...]:
    return b.bfs_nr or 0, b.formular, b.periode, b.datei, list(Stufe).index(b.stufe), b.blatt, b.zelle, b.code


__all__ = ["Urteil", "Zeile", "beteiligte", "urteile", "vorsummen"]
