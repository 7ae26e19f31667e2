"""The container of a workbook: checked before it is unpacked, bounded while it is (design 6).

Parts are looked up by name and never become paths. Nothing is evaluated: no macro, no link, no entity.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property, lru_cache
from posixpath import join, normpath
from typing import NamedTuple

from lxml import etree

from krs.formulare.eingabe import NULLTAG
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.fremd import KENNWORT
from krs.mappen.lesen.schranke import DEFEKT, FORMULAR, Grenzen, Schranke, archiv, dokumentdefinition, kurz
from krs.mappen.lesen.zellen import Blatt, Unlesbar, fliesstext, namensraum, spaltennummer

_KEIN_SPEICHER = etree.ErrorTypes.ERR_NO_MEMORY
_LAENGSTES_ZIEL = 1000  # characters of a part's name
_ORT = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_EPOCHE = {False: NULLTAG, True: date(1904, 1, 1)}
# Comments would cut a text in two. Never collect_ids=False: libxml2 then reads a DTD that the file names.
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)


class Bereich(NamedTuple):
    """A defined name: sheet and corner cells (1-based)."""

    blatt: str
    zeile: int
    spalte: int
    bis_zeile: int
    bis_spalte: int


def oeffnen(daten: bytes, datei: str, grenzen: Grenzen = FORMULAR) -> Mappe:
    """Return the workbook. Raises: Abgewiesen: E-01 to E-04, E-10 to E-12, E-14."""
    schranke = Schranke(grenzen)
    return Mappe(archiv(daten, datei, schranke), schranke)


class Mappe:
    """One open workbook: sheets and defined names; each part is unpacked when it is asked for."""

    def __init__(self, zip_: zipfile.ZipFile, schranke: Schranke) -> None:
        self._zip, self._schranke = zip_, schranke
        self.roh: dict[str, bytes] = {}  # the parts unpacked so far
        liste = zip_.infolist()
        self.eintraege = {teilname(i.filename): i for i in liste}
        if len(self.eintraege) < len(liste):  # which one other programs take is anyone's guess
            raise Abgewiesen("E-04", grund="ein Teil kommt doppelt vor")
        self._fremdes_format()
        teil = self._mappenteil()
        self._wurzel = self._xml(teil)
        self._ns = namensraum(self._wurzel)
        if self._wurzel.tag != self._ns + "workbook":
            raise Abgewiesen("E-01")
        self._ziele, self._textteil = self._beziehungen(teil)
        self.blaetter = self._blaetter()
        self._gelesen: dict[int, str] = {}

    def _fremdes_format(self) -> None:
        if "mimetype" in self.eintraege:
            ods = b"opendocument.spreadsheet" in self._lies("mimetype")
            raise Abgewiesen("E-03", format="OpenDocument (.ods)") if ods else Abgewiesen("E-01")
        if "xl/workbook.bin" in self.eintraege:
            raise Abgewiesen("E-03", format="Excel-Binärarbeitsmappe (.xlsb)")
        if "index/document.iwa" in self.eintraege:
            raise Abgewiesen("E-03", format="Apple Numbers")

    def _lies(self, name: str) -> bytes:
        info = self.eintraege.get(teilname(name))
        if info is None:
            raise Abgewiesen("E-04", grund=f"der Teil «{name[:60]}» fehlt")
        self._schranke.teil(info)
        if info.flag_bits & 1:
            raise Abgewiesen("E-02", abhilfe=KENNWORT)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Abgewiesen("E-04", grund="das Archiv ist unbekannt gepackt")
        try:
            with self._zip.open(info) as strom:
                daten = strom.read(info.file_size + 1)  # never more than declared; the end checks the CRC
        except DEFEKT as fehler:
            raise Abgewiesen("E-04", grund="das Archiv ist beschädigt") from fehler
        self.roh[teilname(name)] = daten
        return daten

    def _xml(self, name: str) -> etree._Element:
        daten = self._lies(name)
        self._schranke.xml(daten)
        try:
            wurzel = etree.fromstring(daten, _PARSER)
        except (etree.XMLSyntaxError, ValueError) as fehler:
            if getattr(fehler, "code", None) == _KEIN_SPEICHER:
                raise MemoryError from fehler
            raise Abgewiesen("E-04", grund="ein Teil ist nicht lesbar") from fehler
        if wurzel.getroottree().docinfo.internalDTD is not None:  # however it was written
            raise dokumentdefinition()
        return wurzel

    def _mappenteil(self) -> str:
        """Return the part of the workbook, as the package names it."""
        if "_rels/.rels" in self.eintraege:
            for beziehung in self._xml("_rels/.rels"):
                if (beziehung.get("Type") or "").endswith("/officeDocument"):
                    return _ziel("", beziehung)
        if "xl/workbook.xml" in self.eintraege:
            return "xl/workbook.xml"
        raise Abgewiesen("E-01")

    def _beziehungen(self, teil: str) -> tuple[dict[str, str], str]:
        """Return the parts that the workbook names, by id, and the part of the shared texts."""
        ordner, _, name = teil.rpartition("/")
        ziele, textteil = {}, ""
        for beziehung in self._xml(f"{ordner}/_rels/{name}.rels"):
            ziele[beziehung.get("Id") or ""] = ziel = _ziel(ordner, beziehung)
            if (beziehung.get("Type") or "").endswith("/sharedStrings"):
                textteil = ziel
        return ziele, textteil

    def _blaetter(self) -> dict[str, str]:
        blaetter: dict[str, str] = {}
        for blatt in self._wurzel.iter(self._ns + "sheet"):
            name = blatt.get("name") or ""
            kennung = next((str(v) for k, v in blatt.items() if str(k).endswith("}id")), "")
            if name in blaetter:
                raise Abgewiesen("E-04", grund="ein Blatt kommt doppelt vor")
            if kennung in self._ziele:
                blaetter[name] = self._ziele[kennung]
        return blaetter

    @cached_property
    def _namen(self) -> dict[str, str]:
        """Each defined name with its target; those of the workbook win over those of a sheet."""
        eintraege = sorted(self._wurzel.iter(self._ns + "definedName"), key=lambda e: e.get("localSheetId") is None)
        namen: dict[str, str] = {}
        for e in eintraege:
            name, ziel = e.get("name") or "", e.text or ""
            if name not in namen or lies_bereich(ziel) is not None:  # a sheet was copied, the original deleted: #REF!
                namen[name] = ziel
        return namen

    def bereich(self, name: str) -> Bereich | None:
        """Return where a defined name points to; None if it is missing or leads to no cell of this workbook."""
        bereich = lies_bereich(self._namen.get(name, ""))
        return bereich if bereich is not None and bereich.blatt in self.blaetter else None

    def blatt(self, name: str) -> Blatt:
        """Return the cells of a sheet. Raises: Abgewiesen: E-04, E-10."""
        try:
            return Blatt(name, self._xml(self.blaetter[name]), self._text)
        except Unlesbar as fehler:
            raise Abgewiesen("E-04", grund=str(fehler)) from fehler

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
        wurzel = self._xml(self._textteil)
        return wurzel.findall(namensraum(wurzel) + "si")

    @cached_property
    def epoche(self) -> date:
        """Day 0 of the serial numbers."""
        eigenschaften = self._wurzel.find(self._ns + "workbookPr")
        return _EPOCHE[eigenschaften is not None and eigenschaften.get("date1904") in ("1", "true")]


def _ziel(ordner: str, beziehung: etree._Element) -> str:
    ziel = (beziehung.get("Target") or "")[:_LAENGSTES_ZIEL].replace("\\", "/")
    return normpath(join("/" + ordner, ziel)).lstrip("/")


@lru_cache(1000)  # all forms of a version have the same
def lies_bereich(text: str) -> Bereich | None:
    """Return the cells that a defined name points to; None for anything but one rectangle on a named sheet."""
    treffer = _ORT.fullmatch(text.strip()) if len(text) < 300 else None
    if treffer is None:
        return None
    zitiert, frei, links, oben, rechts, unten = treffer.groups()
    blatt = frei or zitiert.replace("''", "'")
    zeile, spalte = int(oben), spaltennummer(links)
    if unten is None:
        return Bereich(blatt, zeile, spalte, zeile, spalte)
    (zeile, bis_zeile), (spalte, bis_spalte) = sorted((zeile, int(unten))), sorted((spalte, spaltennummer(rechts)))
    return Bereich(blatt, zeile, spalte, bis_zeile, bis_spalte)


__all__ = ["Abgewiesen", "Bereich", "Mappe", "lies_bereich", "oeffnen"]


_HOECHSTER_TEXT = 2_000_000  # bytes of a part that are looked at closely; comments and text boxes have some thousand
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BEZIEHUNG = re.compile(r"<(?:\w+:)?Relationship\s([^<>]*)>")
_WERT = re.compile(r"""\b(\w{1,40})\s{0,9}=\s{0,9}["']([^"'<>]*)["']""")


class Rohteile:
    """The parts by their compared names; what is missing or cannot be unpacked is empty: nothing reads it."""

    def __init__(self, daten: bytes, eintraege: Mapping[str, zipfile.ZipInfo], gelesen: Mapping[str, bytes]) -> None:
        """Take the workbook, its directory, and those of its parts that somebody has unpacked already."""
        self._daten, self._eintraege, self._gelesen = daten, eintraege, gelesen
        self.namen = tuple(eintraege)

    def lies(self, name: str) -> bytes:
        """Return a part, its ASCII as it is. The gates saw its size; zipfile would take three times as long."""
        if name in self._gelesen:
            return _ascii(self._gelesen[name])
        eintrag = self._eintraege.get(name)
        if eintrag is None:
            return b""
        ab = eintrag.header_offset + 30
        ab += sum(int.from_bytes(self._daten[n : n + 2], "little") for n in (ab - 4, ab - 2))
        daten = self._daten[ab : ab + eintrag.compress_size]
        if eintrag.compress_type == zipfile.ZIP_DEFLATED:
            try:
                daten = zlib.decompressobj(-15).decompress(daten, eintrag.file_size + 1)  # no more than declared
            except zlib.error:
                return b""
        return _ascii(daten)

    def text(self, name: str) -> str:
        """Return a part as text, at most 2 MB."""
        return self.lies(name)[:_HOECHSTER_TEXT].decode("utf-8", "replace")

    def beziehungen(self, name: str) -> Iterator[dict[str, str]]:
        """Yield Type, Target and TargetMode of each relationship in a `.rels` part."""
        leer = {"Type": "", "Target": "", "TargetMode": ""}
        for treffer in _BEZIEHUNG.finditer(self.text(name)):
            yield leer | dict(_WERT.findall(treffer[1]))


def _ascii(daten: bytes) -> bytes:
    return daten.decode("utf-16", "replace").encode() if daten[:2] in _UTF16 else daten


def teilname(name: str) -> str:
    """Return a part's name as it is compared: some programs write backslashes, case does not matter.

    >>> teilname("/xl/vbaProject.bin")
    'xl/vbaproject.bin'
    """
    return name.replace("\\", "/").lstrip("/").lower()
