"""The container of a workbook: checked before it is unpacked, bounded while it is (design 6).

Parts are looked up by name and never become paths. Nothing is evaluated: no macro, no link, no entity.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from datetime import date
from functools import cached_property, lru_cache
from io import BytesIO
from posixpath import join, normpath
from typing import NamedTuple

from lxml import etree

from krs.formulare.befund import Akte, Befund, melde
from krs.mappen.zellen import Blatt, Unlesbar, fliesstext, namensraum, spaltennummer

HOECHSTE_DATEI = 20_000_000  # bytes; a filled form has about 20,000
HOECHSTER_INHALT = 60_000_000  # bytes unpacked, all parts together, as declared and as read
HOECHSTE_TEILE = 5_000
HOECHSTE_KNOTEN = 2_000_000  # elements and attributes of one part: at most 400 MB of memory

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_OLE_STROEME = (  # names in the directory of an OLE file
    ("EncryptedPackage", "E-02", ""),
    ("__substg1.0_", "E-12", ""),
    ("Workbook\0", "E-03", "Excel 97–2003 (.xls)"),
    ("Book\0", "E-03", "Excel 5.0/95 (.xls)"),
)
_ANFAENGE = (
    (b"%pdf", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"<?xml", "XML"),
    (b"<html", "HTML"),
    (b"<!doctype html", "HTML"),
    (b"\x09\x00\x04\x00", "Excel 2.0 (.xls)"),
    (b"\x09\x02\x06\x00", "Excel 3.0 (.xls)"),
    (b"\x09\x04\x06\x00", "Excel 4.0 (.xls)"),
)
_DOCTYPE = tuple("<!DOCTYPE".encode(k) for k in ("ascii", "utf-16-le", "utf-16-be"))
_DEFEKT = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_ORT = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_EPOCHE = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
# Comments would cut a text in two; ids are not needed.
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, collect_ids=False
)


class Abgewiesen(Exception):
    """The file is no readable form; `code` and `werte` make the Befund."""

    def __init__(self, code: str, **werte: str) -> None:
        super().__init__(code)
        self.code, self.werte = code, werte

    def befund(self, datei: str) -> Befund:
        """Return the Befund for this file."""
        return melde(Akte(datei=datei), self.code, **self.werte)


class Bereich(NamedTuple):
    """A defined name: sheet and corner cells (1-based)."""

    blatt: str
    zeile: int
    spalte: int
    bis_zeile: int
    bis_spalte: int


def oeffnen(daten: bytes, datei: str) -> Mappe:
    """Return the workbook. Raises: Abgewiesen: E-01 to E-04, E-10 to E-12."""
    name = re.split(r"[/\\]", datei)[-1].lower()
    if name.startswith(("~$", ".~lock.")):
        raise Abgewiesen("E-11")
    if name.endswith((".eml", ".msg")):
        raise Abgewiesen("E-12")
    if len(daten) > HOECHSTE_DATEI or daten.count(b"PK\x01\x02") > HOECHSTE_TEILE:
        raise Abgewiesen("E-10", grund=f"{len(daten) // 1_000_000} MB")
    if not daten:
        raise Abgewiesen("E-04", grund="sie ist leer")
    if not daten.startswith(b"PK\x03\x04"):
        raise _kein_archiv(daten, name)
    try:
        return Mappe(zipfile.ZipFile(BytesIO(daten)))
    except _DEFEKT as fehler:
        raise Abgewiesen("E-04", grund="das Archiv ist unvollständig") from fehler


def _kein_archiv(daten: bytes, name: str) -> Abgewiesen:
    if daten.startswith(_OLE):
        for strom, code, art in _OLE_STROEME:
            if strom.encode("utf-16-le") in daten:
                return Abgewiesen(code, format=art)  # only E-03 names it
        return Abgewiesen("E-01")
    anfang = daten[:100].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    text = "Text (.csv)" if name.endswith((".csv", ".txt")) else ""
    art = next((a for beginn, a in _ANFAENGE if anfang.startswith(beginn) or daten.startswith(beginn)), text)
    return Abgewiesen("E-03", format=art) if art else Abgewiesen("E-01")


class Mappe:
    """One open workbook: sheets and defined names; each part is unpacked when it is asked for."""

    def __init__(self, zip_: zipfile.ZipFile) -> None:
        self._zip, self._gelesen = zip_, 0
        eintraege = zip_.infolist()
        self._teile = {_schluessel(i.filename): i for i in eintraege}
        if len(self._teile) < len(eintraege):  # which one other programs take is anyone's guess
            raise Abgewiesen("E-04", grund="ein Teil kommt doppelt vor")
        if sum(i.file_size for i in eintraege) > HOECHSTER_INHALT:
            raise Abgewiesen("E-10", grund="ausgepackt über 60 MB")
        self._fremdes_format()
        teil = self._mappenteil()
        self._wurzel = self._xml(teil)
        self._ns = namensraum(self._wurzel)
        if self._wurzel.tag != self._ns + "workbook":
            raise Abgewiesen("E-01")
        self._ziele, self._textteil = self._beziehungen(teil)
        self.blaetter = self._blaetter()

    def _fremdes_format(self) -> None:
        if "mimetype" in self._teile:
            ods = b"opendocument.spreadsheet" in self._lies("mimetype")
            raise Abgewiesen("E-03", format="OpenDocument (.ods)") if ods else Abgewiesen("E-01")
        if "xl/workbook.bin" in self._teile:
            raise Abgewiesen("E-03", format="Excel-Binärarbeitsmappe (.xlsb)")
        if "index/document.iwa" in self._teile:
            raise Abgewiesen("E-03", format="Apple Numbers")

    def _lies(self, name: str) -> bytes:
        info = self._teile.get(_schluessel(name))
        if info is None:
            raise Abgewiesen("E-04", grund=f"der Teil «{name[:60]}» fehlt")
        self._gelesen += info.file_size
        if self._gelesen > HOECHSTER_INHALT:  # several names may lead to one part
            raise Abgewiesen("E-10", grund="ausgepackt über 60 MB")
        if info.flag_bits & 1:
            raise Abgewiesen("E-02")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Abgewiesen("E-04", grund="das Archiv ist unbekannt gepackt")
        try:
            with self._zip.open(info) as strom:
                return strom.read(info.file_size + 1)  # never more than declared; the end checks the CRC
        except _DEFEKT as fehler:
            raise Abgewiesen("E-04", grund="das Archiv ist beschädigt") from fehler

    def _xml(self, name: str) -> etree._Element:
        daten = self._lies(name)
        if len(daten) > HOECHSTE_KNOTEN < daten.count(b"<") + daten.count(b"="):
            raise Abgewiesen("E-10", grund="ein Blatt enthält zu viele Zellen")
        if any(d in daten for d in _DOCTYPE):
            raise Abgewiesen("E-04", grund="sie enthält eine unzulässige Dokumentdefinition")
        try:
            wurzel = etree.fromstring(daten, _PARSER)
        except (etree.XMLSyntaxError, ValueError) as fehler:
            raise Abgewiesen("E-04", grund="ein Teil ist nicht lesbar") from fehler
        if wurzel.getroottree().docinfo.internalDTD is not None:  # in another encoding
            raise Abgewiesen("E-04", grund="sie enthält eine unzulässige Dokumentdefinition")
        return wurzel

    def _mappenteil(self) -> str:
        """Return the part of the workbook, as the package names it."""
        if "_rels/.rels" in self._teile:
            for beziehung in self._xml("_rels/.rels"):
                if (beziehung.get("Type") or "").endswith("/officeDocument"):
                    return _ziel("", beziehung)
        if "xl/workbook.xml" in self._teile:
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
        return {e.get("name") or "": e.text or "" for e in eintraege}

    def bereich(self, name: str) -> Bereich | None:
        """Return where a defined name points to; None if it is missing or leads to no cell of this workbook."""
        bereich = _bereich(self._namen.get(name, ""))
        return bereich if bereich is not None and bereich.blatt in self.blaetter else None

    def blatt(self, name: str) -> Blatt:
        """Return the cells of a sheet. Raises: Abgewiesen: E-04, E-10."""
        try:
            return Blatt(name, self._xml(self.blaetter[name]), self._text)
        except Unlesbar as fehler:
            raise Abgewiesen("E-04", grund=str(fehler)) from fehler

    def _text(self, nummer: int) -> str:
        if not 0 <= nummer < len(self._texte):
            raise Abgewiesen("E-04", grund="ein Text fehlt")
        return fliesstext(self._texte[nummer])

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


def _schluessel(name: str) -> str:
    """Return a part's name as it is compared: some programs write backslashes, case does not matter."""
    return name.replace("\\", "/").lstrip("/").lower()


def _ziel(ordner: str, beziehung: etree._Element) -> str:
    ziel = (beziehung.get("Target") or "").replace("\\", "/")
    return normpath(join("/" + ordner, ziel)).lstrip("/")


@lru_cache(1000)  # all forms of a version have the same
def _bereich(text: str) -> Bereich | None:
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
