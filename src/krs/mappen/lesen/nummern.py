"""AHV numbers anywhere in a workbook, besides the fields of its form (Ziff. 5.1).

A clean workbook costs a search over its unpacked parts (0.1 ms); only a suspicion is parsed, to find the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from html import unescape

from krs.formulare.ahv import maskierte, ohne_ahv
from krs.formulare.eingabe import Eingabe, Zelle
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.adresse import Unlesbar
from krs.mappen.lesen.behaelter import teilname
from krs.mappen.lesen.mappe import Mappe

# «756» and ten more digits, with blanks, entities and tags between them: bounded at every step.
# The letter O may stand for 0; no step may take what another could, or the search would go back and forth.
_VERDACHT = re.compile(rb"756(?:[^0-9Oo<>]{0,24}(?:<[^<>]{0,200}>[^0-9Oo<>]{0,24}){0,20}[0-9Oo]){10}")
_BREITE_SIEBEN = "\uff17".encode()
_TAG = re.compile(r"</?(?:\w++:)?(\w*+)[^<>]*+>")
_ATTRIBUT = re.compile(r"""=["']([^"'<>]{13,1000})["']""")
_KOMMENTAR = re.compile(r"<(?:\w+:)?(?:threadedC|c)omment\s")
_KOMMENTAR_ORT = re.compile(r"""[^<>]*?\bref=["']([A-Z]{1,3}[1-9]\d{0,6})["']""")
# Names of sheets, which are looked at as such: in the properties, in the workbook, in references.
_BLATTNAMEN = re.compile(r"<(?:\w+:)?(TitlesOfParts|sheets)>.*?</(?:\w+:)?\1>", re.DOTALL)
_BEZUG = re.compile(r"'[^'<>]{1,99}'!|&apos;[^'<>]{1,99}?&apos;!")
_OFFEN = (("<!--", "<k>"), ("-->", "</k>"), ("<?", "<k>"), ("?>", "</k>"), ("<![CDATA[", ""), ("]]>", ""))
_OFFENER_TEXT = re.compile("<k>[^<>]*</k>")
_LAUF = frozenset({"r", "t", "rPr"})  # what splits a text without ending it
_GEMEINSAM = "sharedstrings"
_ENDE = "\n" * 4  # between two texts: more than an AHV number bridges
_HOECHSTER_TEXT = 2_000_000  # characters outside of cells that are looked at closely, all parts together


def verdaechtig(daten: bytes) -> bool:
    """Tell whether a part may hold an AHV number."""
    return _VERDACHT.search(daten) is not None or (b"\xef" in daten and _BREITE_SIEBEN in daten)


def zellen(mappe: Mappe, name: str) -> list[Zelle]:
    """Return the filled cells of a sheet that nobody needs; none where it is broken or too large."""
    try:
        return list(mappe.blatt(name).alle().values())
    except (Abgewiesen, Unlesbar):
        return []


class Suche:
    """Where in one workbook AHV numbers stand. The numbers themselves are never kept."""

    def __init__(self, mappe: Mappe, eingabe: Eingabe) -> None:
        self._teile, self._mappe, self._rest = mappe.behaelter, mappe, _HOECHSTER_TEXT
        zeilen = (zelle for zeilen in eingabe.listen.values() for zeile in zeilen for zelle in zeile)
        self._felder = {(z.blatt, z.adresse) for z in (*eingabe.felder.values(), *zeilen)}
        self._blatt_von = {teilname(teil): name for name, teil in mappe.blaetter.items()}

    def orte(self, verdacht: Sequence[str]) -> Iterator[Zelle]:
        """Yield each place outside the fields once, masked: cells, comments (their cell), other texts (their sheet)."""
        yield from dict.fromkeys(self._orte(verdacht))

    def _orte(self, verdacht: Sequence[str]) -> Iterator[Zelle]:
        gemeinsam = any(_GEMEINSAM in teil for teil in verdacht)
        for teil, name in self._blatt_von.items():
            if gemeinsam or teil in verdacht:
                yield from self._im_blatt(name)
            if teil in verdacht:
                yield from _in_texten(name, _ohne_zellen(self._text(teil)))
        for teil in verdacht:
            if teil not in self._blatt_von and _GEMEINSAM not in teil:
                yield from self._im_teil(teil)

    def _im_blatt(self, name: str) -> Iterator[Zelle]:
        blatt = ohne_ahv(name)
        for zelle in zellen(self._mappe, name):
            neu = maskierte(zelle)
            if neu is not zelle and (blatt, neu.adresse) not in self._felder:
                yield replace(neu, blatt=blatt)

    def _im_teil(self, teil: str) -> Iterator[Zelle]:
        if teil == self._mappe.teil:
            yield from _in_texten("Namen der Mappe", _BEZUG.sub("", _BLATTNAMEN.sub("", self._text(teil))))
            return
        if teil.startswith("docprops/"):
            yield from _in_texten("Eigenschaften der Datei", _BLATTNAMEN.sub("", self._text(teil)))
            return
        blatt = "Formate der Mappe" if teil in self._mappe.aussehen else self._blatt_zu.get(teil, "")
        vorne, *kommentare = _KOMMENTAR.split(self._text(teil))
        for kommentar in kommentare:
            ort = _KOMMENTAR_ORT.match(kommentar)
            for zelle in _in_texten(blatt, kommentar):
                yield replace(zelle, adresse=ort[1] if ort and blatt else "")
        yield from _in_texten(blatt, vorne)

    def _text(self, teil: str) -> str:
        text = self._teile.text(teil)[: self._rest]
        self._rest -= len(text)
        for was, offen in _OFFEN:  # comments, instructions, raw texts
            text = text.replace(was, offen) if was in text else text
        return text

    @cached_property
    def _blatt_zu(self) -> dict[str, str]:
        """Each part that a sheet refers to, with the sheet: comments, drawings."""
        ziele: dict[str, str] = {}
        for teil, name in self._blatt_von.items():
            with suppress(Abgewiesen, MemoryError):  # a sheet without any, or what nobody can read
                ziele |= {teilname(b.ziel): name for b in self._teile.beziehungen(teil)}
        return ziele


def _ohne_zellen(xml: str) -> str:
    """Return a sheet without its cells: headers, prompts of validations, comments of the file."""
    vorne, hinten = xml.find("sheetData"), xml.rfind("sheetData")
    dazwischen = "".join(_OFFENER_TEXT.findall(xml, vorne, hinten))
    return xml[:vorne] + dazwischen + xml[hinten:] if 0 <= vorne < hinten else xml


def _in_texten(blatt: str, xml: str) -> Iterator[Zelle]:
    """Yield a cell without address for each text or attribute with an AHV number; its value is masked."""
    fliessend = _TAG.sub(lambda t: "" if t[1] in _LAUF or t[0].endswith("/>") else _ENDE, xml)
    for text in (*unescape(fliessend).split(_ENDE), *map(unescape, _ATTRIBUT.findall(xml))):
        neu = ohne_ahv(text) if "7" in text or not text.isascii() else text
        if neu is not text:
            yield Zelle(ohne_ahv(blatt), "", neu.strip())
