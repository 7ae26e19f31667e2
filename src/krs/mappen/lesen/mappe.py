"""One open workbook: its sheets and defined names (entwurf 6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from lxml import etree

from krs.formulare.eingabe import NULLTAG
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.adresse import Unlesbar, spaltennummer
from krs.mappen.lesen.behaelter import Behaelter, Beziehung, gemerkt, teilname, zerlegt
from krs.mappen.lesen.formate import Formate, formate
from krs.mappen.lesen.gefahr import Typen
from krs.mappen.lesen.schranke import kurz
from krs.mappen.lesen.zellen import Blatt, fliesstext, namensraum

_ECKE = r"\$?([A-Za-z]{1,3})\$?(\d{1,7})"
_ORT = re.compile(rf"=?\s*(?:'((?:[^']|'')+)'|([^'!]+?))\s*!\s*{_ECKE}(?:\s*:\s*{_ECKE})?", re.ASCII)
_EPOCHE = {False: NULLTAG, True: date(1904, 1, 1)}


_ANDERS = "ein Teil ist anders angekündigt, als er ist"
_UNBESTIMMT = ("", "application/xml", "text/xml")
_ARTEN = {
    "mappe": re.compile(
        r"spreadsheetml\.(?:sheet|template)\.main\+xml|ms-excel\.(?:sheet|template|addin)\.macroenabled\.main\+xml"
    ),
    **{art: re.compile(rf"spreadsheetml\.{art}\+xml") for art in ("worksheet", "sharedstrings", "styles")},
}


class Bereich(NamedTuple):
    """A defined name: sheet and corner cells (1-based)."""

    blatt: str
    zeile: int
    spalte: int
    bis_zeile: int
    bis_spalte: int


class _Buch(NamedTuple):
    """What the part of the workbook says."""

    blaetter: tuple[tuple[str, str], ...]  # each sheet with the id of its relationship
    verborgen: frozenset[str]  # the names of those that nobody sees
    namen: Mapping[str, Bereich | None] | None  # in small letters; None where it contradicts itself
    epoche: date


class Mappe:
    """One open workbook: sheets and defined names; each part is unpacked when it is asked for."""

    def __init__(self, behaelter: Behaelter) -> None:
        """Raises: Abgewiesen: E-01 to E-04, E-10."""
        self.behaelter = behaelter
        self._fremdes_format()
        teil = self._mappenteil()
        self._buch, self.teil = _lies_buch(behaelter.zugelassen(teil)), teilname(teil)
        beziehungen = behaelter.beziehungen(teil)
        self._bezug = {b.id: b for b in beziehungen}
        if len(self._bezug) < len(beziehungen):
            raise Abgewiesen("E-04", grund="eine Beziehung kommt doppelt vor")
        self._textteil, self._stile, self._design = (
            _einzig(beziehungen, art) for art in ("sharedStrings", "styles", "theme")
        )
        self.aussehen = {teilname(self._stile), teilname(self._design)}
        self._typen = _typen(behaelter)
        for art, name in (("mappe", teil), ("sharedstrings", self._textteil), ("styles", self._stile)):
            self._angekuendigt(name, art)
        self.blaetter = self._blaetter()
        self._gelesen: dict[int, str] = {}
        self._offen: dict[str, Blatt] = {}

    def _fremdes_format(self) -> None:
        if "mimetype" in self.behaelter:
            ods = b"opendocument.spreadsheet" in self.behaelter.lies("mimetype")
            raise Abgewiesen("E-03", format="OpenDocument (.ods)") if ods else Abgewiesen("E-01")
        if "xl/workbook.bin" in self.behaelter:
            raise Abgewiesen("E-03", format="Excel-Binärarbeitsmappe (.xlsb)")
        if "index/document.iwa" in self.behaelter:
            raise Abgewiesen("E-03", format="Apple Numbers")

    def _mappenteil(self) -> str:
        """Return the part of the workbook, as the package names it."""
        beziehungen = self.behaelter.beziehungen("") if "_rels/.rels" in self.behaelter else []
        if teil := _einzig(beziehungen, "officeDocument"):
            return teil
        if "xl/workbook.xml" in self.behaelter:
            return "xl/workbook.xml"
        raise Abgewiesen("E-01")

    def _blaetter(self) -> dict[str, str]:
        blaetter: dict[str, str] = {}
        self._blattart: dict[str, str] = {}
        for name, kennung in self._buch.blaetter:
            if name in blaetter:
                raise Abgewiesen("E-04", grund="ein Blatt kommt doppelt vor")
            b = self._bezug.get(kennung)  # left out, a form would look like a stranger's workbook
            blaetter[name] = b.ziel if b and not b.extern else ""
            self._blattart[name] = b.art.rpartition("/")[2] if b else ""
        ziele = [teilname(teil) for teil in blaetter.values() if teil]
        if len(set(ziele)) < len(ziele):
            raise Abgewiesen("E-04", grund="zwei Blätter sind dasselbe")
        return blaetter

    def bereich(self, name: str) -> Bereich | None:
        """Return where a defined name points to; None if it is missing or leads to no cell of this workbook."""
        if self._buch.namen is None:  # Excel would not open it
            raise Abgewiesen("E-04", grund="ein Name kommt doppelt vor")
        bereich = self._buch.namen.get(name)
        if bereich is None or bereich.blatt in self.blaetter:
            return bereich
        blatt = next((b for b in self.blaetter if b.casefold() == bereich.blatt.casefold()), None)
        return bereich._replace(blatt=blatt) if blatt else None

    def blatt(self, name: str) -> Blatt:
        """Return the cells of a sheet; it is parsed once. Raises: Abgewiesen: E-04, E-10."""
        if name in self._offen:
            return self._offen[name]
        if not self.blaetter[name]:
            raise Abgewiesen("E-04", grund="ein Blatt fehlt")
        try:
            self._offen[name] = Blatt(name, self.behaelter.baum(self.blaetter[name]), self._text)
        except Unlesbar as fehler:
            raise Abgewiesen("E-04", grund=str(fehler)) from fehler
        if self._offen[name].ist_tabelle:
            if self._blattart[name] != "worksheet":
                raise Abgewiesen("E-04", grund=_ANDERS)
            self._angekuendigt(self.blaetter[name], "worksheet")
        return self._offen[name]

    def schliessen(self) -> None:
        """Let the sheets go: they know the workbook, and the command line does not look for such circles."""
        self._offen.clear()

    def _angekuendigt(self, teil: str, art: str) -> None:
        """Compare the content type of a part with what it is read as. Raises: Abgewiesen: E-04."""
        typen = self._typen.von(teil) if teil else set()
        if typen and not any(typ in _UNBESTIMMT or _ARTEN[art].search(typ.lower()) for typ in typen):
            raise Abgewiesen("E-04", grund=_ANDERS)

    @property
    def verborgen(self) -> frozenset[str]:
        """The names of the hidden sheets."""
        return self._buch.verborgen

    @cached_property
    def formate(self) -> Formate:
        """How the cells are shown. Raises: Abgewiesen: E-04, E-10."""
        return formate(self.behaelter, self._stile, self._design)

    def textelement(self, nummer: int) -> etree._Element:
        """Return a shared text with its ways of writing."""
        return self._texte[nummer]

    def _text(self, nummer: int) -> str:
        """Return a shared text; it is put together once, however many cells share it."""
        if nummer not in self._gelesen:
            if not 0 <= nummer < len(self._texte):
                raise Abgewiesen("E-04", grund="ein Text fehlt")
            self._gelesen[nummer] = kurz(fliesstext(self._texte[nummer]))
        return self._gelesen[nummer]

    @cached_property
    def _texte(self) -> list[etree._Element]:
        if not self._textteil:
            return []
        wurzel = self.behaelter.baum(self._textteil)
        return wurzel.findall(namensraum(wurzel) + "si")

    @property
    def epoche(self) -> date:
        """Day 0 of the serial numbers."""
        return self._buch.epoche


@gemerkt
def _lies_buch(daten: bytes) -> _Buch:
    wurzel = zerlegt(daten)
    ns = namensraum(wurzel)
    if wurzel.tag != ns + "workbook":
        raise Abgewiesen("E-01")
    blaetter = tuple((b.get("name") or "", _kennung(b)) for b in wurzel.iter(ns + "sheet"))
    eigenschaften = wurzel.find(ns + "workbookPr")
    ab_1904 = eigenschaften is not None and eigenschaften.get("date1904") in ("1", "true")
    verborgen = frozenset(
        b.get("name") or "" for b in wurzel.iter(ns + "sheet") if b.get("state", "visible") != "visible"
    )
    return _Buch(blaetter, verborgen, _lies_namen(wurzel.iter(ns + "definedName")), _EPOCHE[ab_1904])


def _kennung(blatt: etree._Element) -> str:
    return next((str(v) for k, v in blatt.items() if str(k).endswith("}id")), "")


def _lies_namen(elemente: Iterable[etree._Element]) -> dict[str, Bereich | None] | None:
    """Return each defined name with its target; those of the workbook win over those of a sheet."""
    namen: dict[str, Bereich | None] = {}
    gesehen: dict[tuple[str, str | None], str] = {}
    for e in sorted(elemente, key=lambda e: e.get("localSheetId") is None):
        name, ziel = (e.get("name") or "").strip().lower(), e.text or ""
        if gesehen.setdefault((name, e.get("localSheetId")), ziel) != ziel:
            return None
        bereich = lies_bereich(ziel)
        if name not in namen or bereich is not None:  # a sheet was copied, the original deleted: #REF!
            namen[name] = bereich
    return namen


def _typen(teile: Behaelter) -> Typen:
    """Return the content types. Raises: Abgewiesen: E-04."""
    name = "[Content_Types].xml"
    return _lies_typen(teile.zugelassen(name)) if name in teile else Typen(etree.Element("Types"))


@gemerkt
def _lies_typen(daten: bytes) -> Typen:
    return Typen(zerlegt(daten))


def _einzig(beziehungen: list[Beziehung], art: str) -> str:
    """Return the one part of a kind, «» if there is none. Raises: Abgewiesen: E-04: there are two."""
    ziele = {teilname(b.ziel): b.ziel for b in beziehungen if b.art.endswith(f"/{art}") and not b.extern}
    if len(ziele) > 1:  # which one other programs take is anyone's guess
        raise Abgewiesen("E-04", grund="ein Teil kommt doppelt vor")
    return next(iter(ziele.values()), "")


@lru_cache(1000)  # all forms of a version have the same
def lies_bereich(text: str) -> Bereich | None:
    """Return the cells that a defined name points to; None for anything but one rectangle on a named sheet."""
    treffer = _ORT.fullmatch(text.strip()) if len(text) < 300 else None
    if treffer is None:
        return None
    zitiert, frei, links, oben, rechts, unten = treffer.groups()
    blatt = frei or zitiert.replace("''", "'")
    zeile, bis_zeile = sorted((int(oben), int(unten or oben)))
    spalte, bis_spalte = sorted(spaltennummer(s.upper()) for s in (links, rechts or links))
    return Bereich(blatt, zeile, spalte, bis_zeile, bis_spalte) if zeile else None
