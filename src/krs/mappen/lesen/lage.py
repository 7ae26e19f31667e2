"""Whether what is counted is what the sheet shows: fields on their places, nothing hidden, nothing beside (entwurf 6).

A field counts by its name, a person reads it by its label: both must lead to the same cell.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from itertools import chain, combinations, islice
from typing import NamedTuple, Protocol

from krs.formulare.ahv import maskierte
from krs.formulare.eingabe import Eingabe, Kennung, Merkmal, Zelle
from krs.formulare.formular import Formular, Version, formular
from krs.formulare.kontext import benennung
from krs.formulare.typen import lesbar, normal
from krs.mappen.lesen.adresse import Ecken, spaltenname
from krs.mappen.lesen.mappe import Bereich
from krs.mappen.vorlage.aufbau import plane

_Belegt = Mapping[tuple[str, str], list[tuple[str, Zelle]]]  # sheet and address → what reads them
_HALB = ("Zeile", "Spalte")
_DARUEBER = 30  # rows above a field in which the head of its column may stand
_LINKS = 8  # columns to the left of a field in which its label may stand


class Sicht(Protocol):
    """One sheet as it is seen."""

    name: str

    def zelle(self, zeile: int, spalte: int) -> Zelle:
        """Return one cell (1-based), empty if it holds nothing."""

    def verborgen(self, bereiche: tuple[Ecken, ...]) -> Mapping[tuple[int, int], str]:
        """Return those of the cells that nobody sees: the corner of the merge, «Zeile» or «Spalte»."""


class _Platz(NamedTuple):
    """Where the template has an entry (1-based), and the label that stands left of it, or above it for a list."""

    zeile: int
    spalte: int
    text: str
    hilfe: str = ""
    allein: bool = False  # no cell of the template right of it belongs to it


class _Plan(NamedTuple):
    felder: dict[str, _Platz]
    listen: dict[str, tuple[_Platz, int, str]]  # its first head, its rows, the title of what comes after it
    listenkoepfe: dict[str, tuple[str, ...]]  # all heads of a list
    texte: frozenset[str]  # all labels
    zahlen: dict[int, tuple[str, ...]]  # the counts of each column; the column after it shows the previous period
    koepfe: dict[str, str]  # the head of the column that a field stands in


@cache
def _plan(kennung: str, fassung: str) -> _Plan:
    form = formular(kennung)
    version = form.version(fassung)
    assert version is not None
    plan = plane(form, version)
    felder = {}
    for k, platz in plan.plaetze.items():
        feld = form.felder.get(k)
        if feld is not None and feld.eingabe and feld.art != "liste":
            text = normal(form.felder[k.removesuffix("_text")].bezeichnung)
            felder[k] = _Platz(platz.zeile + 1, platz.spalte + 1, text, normal(feld.hilfe), platz.bis == platz.spalte)
    titel = {b.titelzeile: normal(b.daten["titel"]) for b in plan.bloecke if b.titelzeile is not None}
    listen = {}
    for k, (zeile, zeilen, _) in plan.listen.items():
        kopf = normal(form.felder[k].spalten[0].titel)
        danach = titel.get(zeile + zeilen + 1, "")
        listen[k] = (_Platz(zeile, plan.plaetze[k].spalte + 1, kopf), zeilen, danach)
    anzahlen = {k: p.spalte for k, p in felder.items() if form.felder[k].art == "anzahl"}
    zahlen = {s: tuple(k for k in anzahlen if anzahlen[k] == s) for s in anzahlen.values()}
    spalten = [s for b in plan.bloecke for s in b.daten.get("spalten", ()) if "praefix" in s]
    koepfe = {k: normal(s["titel"]) for s in spalten for k in felder if k.startswith(s["praefix"])}
    listenkoepfe = {k: tuple(normal(s.titel) for s in form.felder[k].spalten) for k in listen}
    return _Plan(felder, listen, listenkoepfe, frozenset(p.text for p in felder.values()), zahlen, koepfe)


@lru_cache(200)  # most forms of a version have the same
def _geometrie(plan: tuple[str, str], wo: tuple[tuple[str, Bereich], ...]) -> tuple[frozenset[str], int]:
    """Return the fields that are out of their sheet, column or row as the others have it, and the column of labels."""
    plaetze = _plan(*plan).felder
    blatt = Counter(b.blatt for _, b in wo).most_common(1)[0][0] if wo else ""
    spalten = _spalten(plaetze, wo)
    gut = {k: b for k, b in wo if b.blatt == blatt and b.spalte == spalten.get(plaetze[k].spalte)}
    while stoerer := _unordnung([(k, plaetze[k].zeile, b.zeile) for k, b in gut.items()]):
        del gut[stoerer]
    return frozenset(k for k, _ in wo if k not in gut), max(1, min(spalten.values(), default=2) - 1)


def _unordnung(zeilen: list[tuple[str, int, int]]) -> str:
    """Return the field whose row contradicts most others (row in the template, row in the file), «» if none does."""
    gegen: Counter[str] = Counter()
    for (a, soll_a, ist_a), (b, soll_b, ist_b) in combinations(zeilen, 2):
        if (soll_a < soll_b) != (ist_a < ist_b) or (soll_a == soll_b) != (ist_a == ist_b):
            gegen.update((a, b))
    return gegen.most_common(1)[0][0] if gegen else ""


def _spalten(plaetze: Mapping[str, _Platz], wo: tuple[tuple[str, Bereich], ...]) -> dict[int, int]:
    """Return where most fields of each column of the template stand; none for columns out of order."""
    orte: dict[int, Counter[int]] = defaultdict(Counter)
    for feld, b in wo:
        orte[plaetze[feld].spalte][b.spalte] += 1
    spalten: dict[int, int] = {}
    for soll in sorted(orte):
        ist = orte[soll].most_common(1)[0][0]
        if ist > max(spalten.values(), default=0):
            spalten[soll] = ist
    return spalten


class Lage:
    """The places of one form's fields. `wo`: each field and list that was found, with its range."""

    def __init__(
        self, form: Formular, version: Version, wo: Mapping[str, Bereich], blatt: Callable[[str], Sicht]
    ) -> None:
        self.form, self.wo, self._blatt = form, wo, blatt
        self.plan_von = form.id, version.id
        self.plan = _plan(*self.plan_von)
        self._koepfe: dict[str, Koepfe] = {}
        self._rechts = max((b.bis_spalte for b in wo.values()), default=0)

    def merkmale(self, eingabe: Eingabe) -> Iterator[Merkmal]:
        """Yield E-30 to E-34, without AHV numbers."""
        zellen = _zellen(eingabe)
        doppelt = list(self._doppelt(zellen))
        gemeldet = {feld for m in doppelt for feld in m.felder}
        anderswo = (m for m in self._anderswo(eingabe) if not gemeldet.issuperset(m.felder))
        for m in chain(doppelt, anderswo, self._verborgen(zellen), self._daneben(eingabe, zellen)):
            yield replace(m, zelle=maskierte(m.zelle))

    def _name(self, feld: str) -> str:
        return f"«{benennung(self.form.felder[feld])}»"

    def _doppelt(self, zellen: _Belegt) -> Iterator[Merkmal]:
        gemeldet = set()
        for belegt in zellen.values():
            felder = tuple(feld for feld, _ in belegt)
            if len(felder) > 1 and felder not in gemeldet:
                gemeldet.add(felder)
                namen = " und ".join(dict.fromkeys(map(self._name, felder)))
                yield Merkmal("E-30", belegt[0][1], (("felder", namen),), felder)

    # --- fields away from their labels ------------------------------------------------------------
    def _anderswo(self, eingabe: Eingabe) -> Iterator[Merkmal]:
        for feld in self._verschoben():
            zelle = eingabe.felder[feld] if feld in eingabe.felder else Zelle(*self._ecke(feld))
            yield Merkmal("E-31", zelle, (("feld", self._name(feld)),), (feld,))

    def _ecke(self, feld: str) -> tuple[str, str]:
        b = self.wo[feld]
        return self._blatt(b.blatt).name, f"{spaltenname(b.spalte)}{b.zeile}"

    def _verschoben(self) -> Iterator[str]:
        """Yield the fields whose cell is not where their label says, in the order of the template."""
        schief, label = _geometrie(self.plan_von, tuple((k, b) for k, b in self.wo.items() if k in self.plan.felder))
        gut = {
            feld: feld not in schief and self._richtiger_kopf(feld) and self._beschriftet(self.wo[feld], platz, label)
            for feld, platz in self.plan.felder.items()
            if feld in self.wo
        }
        sicher = False not in gut.values()  # only then is «perhaps» enough
        yield from (feld for feld, wie in gut.items() if not (wie or (wie is None and sicher)))
        yield from (feld for feld in self.plan.listen if feld in self.wo and not self._liste_gut(feld))

    def _beschriftet(self, b: Bereich, platz: _Platz, label: int) -> bool | None:
        """Tell whether the label stands left of the cell.

        None: further left than most, or no label of ours does, but the cell has not moved.
        """
        blatt = self._blatt(b.blatt)
        if label < b.spalte and _text(blatt.zelle(b.zeile, label)) == platz.text:
            return True  # as in the template, wherever its columns are now
        links = range(b.spalte - 1, max(0, b.spalte - _LINKS), -1)
        texte = {normal(z.wert) for s in links if isinstance((z := blatt.zelle(b.zeile, s)).wert, str)}
        if platz.text in texte:
            return None
        return None if (b.zeile, b.spalte) == (platz.zeile, platz.spalte) and not texte & self.plan.texte else False

    def _richtiger_kopf(self, feld: str) -> bool:
        """Tell whether the head above the field, if it is one of ours, is that of its column."""
        soll, b = self.plan.koepfe.get(feld), self.wo[feld]
        if soll is None:
            return True
        if b.blatt not in self._koepfe:
            self._koepfe[b.blatt] = Koepfe(self.plan_von, self._blatt(b.blatt))
        kopf = self._koepfe[b.blatt].ueber(b.zeile, b.spalte)
        return kopf is None or _text(kopf) == soll

    def _liste_gut(self, feld: str) -> bool:
        """Tell whether a list begins under its heads and has all rows up to the next title, or has not moved."""
        kopf, zeilen, danach = self.plan.listen[feld]
        b = self.wo[feld]
        blatt = self._blatt(b.blatt)
        if any(b.blatt != self.wo[k].blatt for k in ("bestaetigung", "datum")):
            return False
        koepfe = self.plan.listenkoepfe[feld]
        texte = (_text(blatt.zelle(b.zeile - 1, s)) for s in range(b.spalte, min(b.bis_spalte, b.spalte + _LINKS) + 1))
        plaetze = [koepfe.index(t) for t in texte if t in koepfe]
        if plaetze != sorted(plaetze):
            return False
        if _text(blatt.zelle(b.zeile - 1, b.spalte)) != kopf.text:
            return (b.zeile, b.spalte, b.bis_zeile) == (kopf.zeile + 1, kopf.spalte, kopf.zeile + zeilen)
        ganz = b.bis_zeile - b.zeile + 1 == zeilen
        return ganz or danach == _text(blatt.zelle(b.bis_zeile + 2, b.spalte))

    # --- hidden values, values beside ---------------------------------------------------------------
    def _verborgen(self, zellen: _Belegt) -> Iterator[Merkmal]:
        for name in dict.fromkeys(b.blatt for b in self.wo.values()):
            blatt = self._blatt(name)
            bereiche = tuple(b[1:] for b in self.wo.values() if b.blatt == name)
            for (zeile, spalte), was in sorted(blatt.verborgen(bereiche).items()):
                for feld, zelle in zellen.get((blatt.name, f"{spaltenname(spalte)}{zeile}"), ())[:1]:
                    yield from self._unsichtbar(feld, zelle, was)

    def _unsichtbar(self, feld: str, zelle: Zelle, was: str) -> Iterator[Merkmal]:
        worte = (("feld", self._name(feld)), ("gelesen", lesbar(maskierte(zelle))), ("was", was))
        if was not in _HALB and not zelle.leer:
            yield Merkmal("E-32", zelle, worte, (feld,))
        elif was in _HALB and not zelle.leer and zelle.wert != 0:  # nobody misses a 0
            yield Merkmal("E-33", zelle, worte, (feld,))

    def _daneben(self, eingabe: Eingabe, zellen: _Belegt) -> Iterator[Merkmal]:
        """Yield E-34: a field is empty, and something stands right of it that no template has there."""
        for feld, platz in self.plan.felder.items():
            zelle = eingabe.felder.get(feld)
            if zelle is None or not (platz.allein and zelle.leer):
                continue
            b = self.wo[feld]
            blatt = self._blatt(b.blatt)
            for spalte in range(b.spalte + 1, self._rechts + 1):
                fund = blatt.zelle(b.zeile, spalte)
                if (blatt.name, fund.adresse) in zellen:
                    break
                vorher = spalte == b.spalte + 1 and platz.spalte in self._vorperioden
                if not (vorher or self._vom_kanton(fund, platz)):
                    worte = (("feld", self._name(feld)), ("ort", fund.adresse), ("gelesen", lesbar(fund)))
                    yield Merkmal("E-34", zelle, worte)
                    break

    @cached_property
    def _vorperioden(self) -> frozenset[int]:
        """The columns of counts beside which the template printed those of the previous period, all of them."""
        return frozenset(s for s, felder in self.plan.zahlen.items() if all(map(self._gedruckt, felder)))

    def _gedruckt(self, feld: str) -> bool:
        b = self.wo.get(feld)
        return b is not None and isinstance(self._blatt(b.blatt).zelle(b.zeile, b.spalte + 1).wert, Decimal)

    def _vom_kanton(self, fund: Zelle, platz: _Platz) -> bool:
        if fund.leer or fund.formel is not None or _text(fund) == platz.hilfe:
            return True
        return maskierte(fund) is not fund  # F-30 says so


class Koepfe:
    """The heads of the columns of a sheet; fields that stand below each other share one."""

    def __init__(self, plan: tuple[str, str], blatt: Sicht) -> None:
        self._blatt, self._texte = blatt, frozenset(_plan(*plan).koepfe.values())
        self._gefunden: dict[tuple[int, int], int] = {}

    def ueber(self, zeile: int, spalte: int) -> Zelle | None:
        """Return the nearest cell above a place that is a head of ours; None if there is none near."""
        for z in range(zeile - 1, max(0, zeile - _DARUEBER), -1):
            kopf = self._gefunden.get((z, spalte), z)  # where the walk from that row ended
            if kopf != z or _text(self._blatt.zelle(z, spalte)) in self._texte:
                self._gefunden.update(((w, spalte), kopf) for w in range(z, zeile))
                return self._blatt.zelle(kopf, spalte) if kopf > zeile - _DARUEBER else None
        return None


def beschriftungen(kennung: Kennung, feld: str, blatt: Sicht, koepfe: Koepfe, ort: tuple[int, int]) -> Iterator[Zelle]:
    """Yield the cells that say what a field is: its label left of it, and the head above it, where they are ours."""
    plan, (zeile, spalte) = _plan(kennung.formular, kennung.version), ort
    if feld in plan.felder:
        links = (blatt.zelle(zeile, s) for s in range(spalte - 1, max(0, spalte - _LINKS), -1))
        yield from islice((z for z in links if _text(z) == plan.felder[feld].text), 1)
    if feld in plan.koepfe:
        kopf = koepfe.ueber(zeile, spalte)
        if kopf is not None:
            yield kopf
    elif titel := plan.listenkoepfe.get(feld):
        darueber = (blatt.zelle(z, spalte) for z in range(zeile - 1, max(0, zeile - _DARUEBER), -1))
        yield from islice((z for z in darueber if _text(z) in titel), 1)


def _text(zelle: Zelle) -> str:
    return _normal(zelle.wert) if isinstance(zelle.wert, str) else ""


@lru_cache(1000)  # all forms of a version have the same labels
def _normal(text: str) -> str:
    return normal(text)


def _zellen(eingabe: Eingabe) -> _Belegt:
    """Return each cell that is read, with the fields that read it."""
    belegt: dict[tuple[str, str], list[tuple[str, Zelle]]] = defaultdict(list)
    aus_listen = ((feld, chain.from_iterable(zeilen)) for feld, zeilen in eingabe.listen.items())
    einzeln = ((feld, (zelle,)) for feld, zelle in eingabe.felder.items())
    for feld, zellen in chain(einzeln, aus_listen):
        for zelle in zellen:
            belegt[zelle.blatt, zelle.adresse].append((feld, zelle))
    return belegt
