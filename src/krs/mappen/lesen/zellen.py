"""The cells of one sheet: value, formula and error as they stand in its XML, in any OOXML dialect."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice, pairwise

from lxml import etree

from krs.formulare.eingabe import Rohwert, Zelle
from krs.formulare.typen import dezimal
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.adresse import HOECHSTE_SPALTE, Ecken, Unlesbar, ecken, einheitlich, position, spaltenname
from krs.mappen.lesen.schranke import kurz

_UEBLICH = re.compile(r"[A-Z]{1,2}[1-9]\d{0,5}", re.ASCII)  # certainly on the sheet
_ZAHL = re.compile(r"\s*([+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d{1,3})?)\s*", re.ASCII)  # never goes back
_STELLEN = 10  # decimals kept; what lies behind is the noise of binary arithmetic
_MASKIERT = re.compile("_x([0-9A-Fa-f]{4})_")  # how Excel writes what XML cannot hold
_HOECHSTE_VERBUNDE = 2_000  # merges of a sheet; a form has about 60
_HOECHSTE_ZEILEN = 20_000  # that merges cover, each counted
_KLEINSTE_HOEHE, _KLEINSTE_BREITE = 3, 0.7  # points, characters
_JA = ("1", "true")
_WAHL = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_SICHTBARES = ("sheetData", "row", "c", "cols", "mergeCells", "conditionalFormatting", "drawing", "sheetFormatPr")
_WAHRHEIT = {"1": True, "true": True, "0": False, "false": False}


class Blatt:
    """The filled cells of a sheet. A stray cell in the last row costs no more than any other."""

    def __init__(self, name: str, wurzel: etree._Element, texte: Callable[[int], str]) -> None:
        """Raises: Unlesbar: two cells in one place, or a place that is none."""
        self.name, self._wurzel, self._texte = name, wurzel, texte
        self._ns = namensraum(wurzel)
        self._f, self._v, self._is = (self._ns + t for t in ("f", "v", "is"))
        self._gemeinsam: dict[str, str] | None = None
        self._gelesen: dict[tuple[int, int], Zelle] = {}
        self.ist_tabelle = wurzel.tag == self._ns + "worksheet"  # and no chart sheet
        self._zellen = self._nach_adresse() if self.ist_tabelle else {}

    def _nach_adresse(self) -> dict[str, etree._Element]:
        if len(self._wurzel.findall(self._ns + "sheetData")) > 1:
            raise Unlesbar("ein Blatt hat zwei Inhalte")
        gefuellt = [(c.get("r") or "", c) for c in self._am_ort() if len(c)]
        if len(gefuellt) < sum(1 for c in self._wurzel.iter(self._ns + "c") if len(c)) or self._wahlweise():
            raise Unlesbar("ein Blatt zeigt nicht in jedem Programm dasselbe")
        if not all(adresse for adresse, _ in gefuellt):
            gefuellt = list(self._gezaehlt())
        zellen = dict(gefuellt)
        if not all(map(_UEBLICH.fullmatch, zellen)):
            zellen = {einheitlich(adresse): c for adresse, c in gefuellt}
        if len(zellen) < len(gefuellt):
            raise Unlesbar("eine Zelle kommt doppelt vor")
        return zellen

    def _am_ort(self) -> Iterator[etree._Element]:
        """Yield the cells in the rows of the sheet; those elsewhere, in extensions, nobody sees."""
        for tabelle in self._wurzel.iterchildren(self._ns + "sheetData"):
            for reihe in tabelle.iterchildren(self._ns + "row"):
                yield from reihe.iterchildren(self._ns + "c")

    def _wahlweise(self) -> bool:
        """Tell whether what makes the sheet look as it does is there for some programs only."""
        sichtbares = [self._ns + name for name in _SICHTBARES]
        return any(next(e.iter(*sichtbares), None) is not None for e in self._wurzel.iter(_WAHL))

    def _gezaehlt(self) -> Iterator[tuple[str, etree._Element]]:
        """Yield the cells with their places; what leaves its place out comes after the one before."""
        zeile = 0
        for reihe in self._wurzel.iter(self._ns + "row"):
            zeile, spalte = _zeilennummer(reihe.get("r")) or zeile + 1, 0
            for c in reihe.iterchildren(self._ns + "c"):
                if spalte > HOECHSTE_SPALTE:
                    raise Unlesbar("eine Zelle hat keinen gültigen Ort")
                adresse = einheitlich(c.get("r") or f"{spaltenname(spalte + 1)}{zeile}")
                spalte = position(adresse)[1]
                if len(c):
                    yield adresse, c

    def zelle(self, zeile: int, spalte: int) -> Zelle:
        """Return one cell, empty if it holds nothing."""
        bekannt = self._gelesen.get((zeile, spalte))
        if bekannt is not None:  # many names may lead to one cell, and many look for the same label
            return bekannt
        adresse = f"{spaltenname(spalte)}{zeile}"
        c = self._zellen.get(adresse)
        if c is None and not self.ist_tabelle:
            raise Abgewiesen("E-04", grund="ein Blatt ist keine Tabelle")
        return self._gelesen.setdefault(
            (zeile, spalte), Zelle(self.name, adresse) if c is None else self._lesen(adresse, c)
        )

    def alle(self) -> dict[tuple[int, int], Zelle]:
        """Return all cells that hold anything, by row and column. Raises: Unlesbar."""
        gelesen = ((position(a), self._lesen(a, c)) for a, c in self._zellen.items())
        return {ort: zelle for ort, zelle in gelesen if not zelle.leer}

    def stelle(self, adresse: str) -> etree._Element | None:
        """Return a cell as it stands in the sheet."""
        return self._zellen.get(adresse)

    def kinder(self, pfad: str) -> list[etree._Element]:
        """Return the elements of the sheet on a path, such as `conditionalFormatting`, in its own namespace."""
        return self._wurzel.findall("/".join(self._ns + teil for teil in pfad.split("/")))

    def verborgen(self, bereiche: tuple[Ecken, ...]) -> Mapping[tuple[int, int], str]:
        """Return those of the cells that nobody sees: the corner of the merge, «Zeile» or «Spalte».

        Raises: Abgewiesen: E-10.
        """
        refs = [m.get("ref") or "" for m in self._wurzel.iterfind(f"{self._ns}mergeCells/{self._ns}mergeCell")]
        if len(refs) > _HOECHSTE_VERBUNDE:
            raise Abgewiesen("E-10", grund="sie enthält zu viele verbundene Zellen")
        verdeckt = _verdeckt(tuple(refs), bereiche)
        reihen, spalten = set(self._ohne_hoehe()), self._ohne_breite()
        if not (reihen or spalten):
            return verdeckt
        orte = [(z, s) for z, hier in _orte(bereiche).items() for s in hier]
        halb = {(z, s): "Spalte" for z, s in orte if any(von <= s <= bis for von, bis in spalten)}
        return halb | {(z, s): "Zeile" for z, s in orte if z in reihen} | verdeckt

    def _ohne_hoehe(self) -> list[int]:
        """The hidden rows."""
        sonst = next((e.get("defaultRowHeight") for e in self.kinder("sheetFormatPr")), None)
        weg = (
            r
            for r in self.kinder("sheetData/row")
            if r.get("hidden") in _JA or _unter(r.get("ht", sonst), _KLEINSTE_HOEHE)
        )
        return [_zeilennummer(r.get("r")) or 0 for r in weg]

    def _ohne_breite(self) -> list[tuple[int, int]]:
        """The hidden columns, from and to; also those without a width of their own where such have none."""
        sonst = next((e.get("defaultColWidth") for e in self.kinder("sheetFormatPr")), None)
        spalten, schmal = self.kinder("cols/col"), _KLEINSTE_BREITE
        weg = (s for s in spalten if s.get("hidden") in _JA or _unter(s.get("width", sonst), schmal))
        ohne = [_von_bis(s) for s in islice(weg, 100)]
        if _unter(sonst, schmal):
            grenzen = sorted([(0, 0), *map(_von_bis, spalten[:100]), (HOECHSTE_SPALTE + 1, 0)])
            ohne += [(a[1] + 1, b[0] - 1) for a, b in pairwise(grenzen)]
        return ohne

    def _lesen(self, adresse: str, c: etree._Element) -> Zelle:
        formel = roh = direkt = None
        gelesen: set[str] = set()
        for kind in c:
            if kind.tag == self._v:
                roh = kurz(kind.text) if kind.text else None
                gelesen.add(roh or "")
            elif kind.tag == self._f:
                formel = kurz(kind.text or self._gemeinsame_formel(kind.get("si")))
            elif kind.tag == self._is:
                direkt = kurz(fliesstext(kind))
        art = c.get("t") or "n"
        if len(gelesen) > 1 or (
            direkt and (roh or art != "inlineStr")
        ):  # which of them a program shows is anyone's guess
            raise Abgewiesen("E-04", grund="eine Zelle hat zwei Inhalte")
        if art == "e":
            return Zelle(self.name, adresse, None, formel, roh or "#VALUE!")
        return Zelle(self.name, adresse, direkt if roh is None else self._wert(art, roh), formel)

    def _wert(self, art: str, roh: str) -> Rohwert:
        match art:
            case "n":
                return zahl(roh)
            case "s":
                return self._texte(int(roh) if roh.isascii() and roh.isdigit() and len(roh) < 10 else -1)
            case "b":
                return _WAHRHEIT.get(roh.strip(), roh)
            case "d":
                return tag(roh)
        return entmaskiert(roh)

    def _gemeinsame_formel(self, si: str | None) -> str:
        """Return the formula that several cells share; it stands in the first of them."""
        if self._gemeinsam is None:
            formeln = ((f.get("si"), f.text) for f in self._wurzel.iter(self._f))
            self._gemeinsam = {s: text for s, text in formeln if s and text}
        return self._gemeinsam.get(si or "", "")


def zahl(roh: str) -> Decimal | str:
    """Return a number as entered: what programs add in the 11th decimal and beyond is dropped; no number, the text.

    >>> zahl("12.000000000000002"), zahl("0.30000000000000004"), zahl("1E2"), zahl("1_0")
    (Decimal('12'), Decimal('0.3'), Decimal('1E+2'), '1_0')
    """
    treffer = _ZAHL.fullmatch(roh)
    wert = dezimal(treffer[1]) if treffer else None
    if wert is None:
        return roh
    if len(roh) > _STELLEN and wert.adjusted() < 15 and round(wert, _STELLEN) != wert:
        return round(wert, _STELLEN).normalize()
    return wert


def tag(roh: str) -> date | str:
    """Return the day of an ISO date cell; anything else as text.

    >>> tag("2024-01-31T00:00:00"), tag("PT5H")
    (datetime.date(2024, 1, 31), 'PT5H')
    """
    try:
        return date.fromisoformat(roh[:10])
    except ValueError:
        return roh


def fliesstext(element: etree._Element) -> str:
    """Return the text of a string item: all its runs, without the phonetic ones."""
    if len(element) == 1 and not len(element[0]):  # nearly all: one plain text
        return entmaskiert(element[0].text or "")
    ns = namensraum(element)
    texte = (t.text or "" for t in element.iter(ns + "t") if not _phonetisch(t, ns))
    return entmaskiert("".join(texte))


def _phonetisch(t: etree._Element, ns: str) -> bool:
    eltern = t.getparent()
    return eltern is not None and eltern.tag == ns + "rPh"


def entmaskiert(text: str) -> str:
    r"""Return text with Excel's escapes resolved; characters that no text holds are dropped.

    >>> entmaskiert("eins_x000D_\nzwei_x0001_ _x005F_x0041_")
    'eins\nzwei _x0041_'
    """
    if "_x" not in text:
        return text
    klar = _MASKIERT.sub(lambda m: _zeichen(int(m[1], 16)), text)
    return klar.replace("\r\n", "\n").replace("\r", "\n")


def _zeichen(nummer: int) -> str:
    return chr(nummer) if chr(nummer).isprintable() or nummer in (9, 10, 13) else ""


def namensraum(element: etree._Element) -> str:
    """Return the namespace of an element as its tag begins: `{http://…}`, or nothing."""
    return element.tag[: element.tag.rfind("}") + 1]


@lru_cache(100)  # all forms of a version have the same
def _orte(bereiche: tuple[Ecken, ...]) -> dict[int, list[int]]:
    """Return the columns of each row."""
    orte: dict[int, list[int]] = defaultdict(list)
    for oben, links, unten, rechts in bereiche:
        for zeile in range(oben, unten + 1):
            orte[zeile] += range(links, rechts + 1)
    return orte


@lru_cache(100)
def _verdeckt(verbunde: tuple[str, ...], bereiche: tuple[Ecken, ...]) -> dict[tuple[int, int], str]:
    """Return the cells that lie under a merge, but for its corner, with that corner. Raises: Abgewiesen: E-10."""
    orte, gefunden, besucht = _orte(bereiche), {}, 0
    zeilen = sorted(orte)
    for oben, links, unten, rechts in filter(None, map(ecken, verbunde)):
        betroffen = zeilen[bisect_left(zeilen, oben) : bisect_right(zeilen, unten)]
        besucht += len(betroffen)
        if besucht > _HOECHSTE_ZEILEN:
            raise Abgewiesen("E-10", grund="sie enthält zu viele verbundene Zellen")
        for zeile in betroffen:
            for spalte in orte[zeile]:
                if links <= spalte <= rechts and (spalte != links or zeile != oben):
                    gefunden[zeile, spalte] = f"{spaltenname(links)}{oben}"
    return gefunden


def _unter(mass: str | None, grenze: float) -> bool:
    """Tell whether a height or width is so little that nobody sees what stands there."""
    try:
        return mass is not None and float(mass) < grenze
    except ValueError:
        return False


def _von_bis(spalte: etree._Element) -> tuple[int, int]:
    return _zeilennummer(spalte.get("min")) or 0, _zeilennummer(spalte.get("max")) or 0


def _zeilennummer(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else None
