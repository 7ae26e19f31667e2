"""The container of a workbook: checked before it is unpacked, bounded while it is (entwurf 6).

Parts are looked up by name and never become paths. Nothing is evaluated: no macro, no link, no entity.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from functools import lru_cache
from posixpath import join, normpath
from typing import NamedTuple, TypeVar
from unicodedata import normalize
from urllib.parse import unquote

from lxml import etree

from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.fremd import KENNWORT
from krs.mappen.lesen.schranke import DEFEKT, FORMULAR, HARMLOS, Grenzen, Schranke, archiv, dokumentdefinition

T = TypeVar("T")
S = TypeVar("S", str, bytes)
_KEIN_SPEICHER = etree.ErrorTypes.ERR_NO_MEMORY
_LAENGSTES_ZIEL = 1000  # characters of a part's name
_BILDER = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf")  # never unpacked to be read
_HOECHSTER_TEXT = 2_000_000  # bytes of a part that are looked at closely; comments and text boxes have some thousand
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
KLEIN = 20_000  # bytes of a part that most forms have alike, and that is worth remembering
_KOPF = b"PK\3\4"  # begins each part
_ABWEICHEND = 0x61  # flags of an entry: encrypted, patched
_MEHRDEUTIG = re.compile(r"%|(?:^|/)\.{0,2}/|[. ]$|\]")
_STUECK = re.compile(r"/\[\d{1,9}\](?:\.last)?\.piece$")


def parser(mit_kommentaren: bool) -> etree.XMLParser:
    """Return a parser that fetches and resolves nothing."""
    ohne = not mit_kommentaren
    return etree.XMLParser(  # never collect_ids=False: libxml2 then reads a DTD that the file names
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=ohne, remove_pis=ohne
    )


def gemerkt(frage: Callable[[S], T]) -> Callable[[S], T]:
    """Remember the answers about 200 small parts or texts, by what they are and never by what they are called."""
    antworten = lru_cache(200)(frage)
    return lambda was: antworten(was) if len(was) < KLEIN else frage(was)


class Beziehung(NamedTuple):
    """What one part says of another; `ziel` is the name of a part, meaningless where `extern`."""

    id: str
    art: str
    ziel: str
    extern: bool


class Behaelter:
    """The parts of a workbook. Names are compared as Office compares them: without case, «\\» as «/»."""

    PARSER = parser(mit_kommentaren=False)  # they would cut a text in two

    def __init__(self, daten: bytes, datei: str, grenzen: Grenzen = FORMULAR) -> None:
        """Raises: Abgewiesen: E-01 to E-04, E-10 to E-12, E-14."""
        self._daten, self._schranke = daten, Schranke(grenzen)
        self._zip = archiv(daten, datei, self._schranke)
        eintraege = [i for i in self._zip.infolist() if not i.filename.endswith(("/", "\\"))]
        self.eintraege = {teilname(i.filename): i for i in eintraege}
        if len(self.eintraege) < len(eintraege) or _zweideutig(tuple(self.eintraege)):
            # which one other programs take is anyone's guess
            raise Abgewiesen("E-04", grund="ein Teil kommt doppelt vor")
        self._gelesen: dict[str, bytes] = {}  # what was parsed so far

    def __contains__(self, teil: str) -> bool:
        return teilname(teil) in self.eintraege

    @property
    def schwer(self) -> bool:
        """True if it holds more than what is read quickly, whatever it is."""
        return sum(i.file_size for k, i in self.eintraege.items() if not k.endswith(_BILDER)) > HARMLOS

    def lies(self, teil: str) -> bytes:
        """Return a part as it stands. Raises: Abgewiesen: missing, encrypted or damaged."""
        return self._auspacken(self._info(teil))

    def _auspacken(self, info: zipfile.ZipInfo) -> bytes:
        if info.flag_bits & 1:
            raise Abgewiesen("E-02", abhilfe=KENNWORT)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Abgewiesen("E-04", grund="das Archiv ist unbekannt gepackt")
        daten, name = self._gespeichert(info)
        ganz = len(daten) == info.file_size and zlib.crc32(daten) == info.CRC
        if ganz and name == info.orig_filename.encode() and not info.flag_bits & _ABWEICHEND:
            return daten
        try:  # zipfile has the last word on everything that is not as usual
            with self._zip.open(info) as strom:
                return strom.read(info.file_size + 1)  # never more than declared; the end checks the CRC
        except DEFEKT as fehler:
            raise Abgewiesen("E-04", grund="das Archiv ist beschädigt") from fehler

    def _gespeichert(self, info: zipfile.ZipInfo) -> tuple[bytes, bytes]:
        """Return what an entry holds, unchecked, and the name before it; zipfile would take three times as long."""
        beginn, ab = info.header_offset, info.header_offset + 30
        name, zusatz = (int.from_bytes(self._daten[n : n + 2], "little") for n in (ab - 4, ab - 2))
        gepackt = daten = self._daten[ab + name + zusatz : ab + name + zusatz + info.compress_size]
        if info.compress_type == zipfile.ZIP_DEFLATED:
            daten = (_entpackt if info.file_size < KLEIN else _entpackt.__wrapped__)(gepackt, info.file_size)
        return daten, self._daten[ab : ab + name] if self._daten.startswith(_KOPF, beginn) else b""

    def _info(self, teil: str) -> zipfile.ZipInfo:
        info = self.eintraege.get(teilname(teil))
        if info is None:
            raise Abgewiesen("E-04", grund=f"der Teil «{teil[:60]}» fehlt")
        return info

    def baum(self, teil: str) -> etree._Element:
        """Return the root of a part. Raises: Abgewiesen; MemoryError."""
        return zerlegt(self.zugelassen(teil), self.PARSER)

    def zugelassen(self, teil: str) -> bytes:
        """Return a part that may be parsed. Raises: Abgewiesen."""
        info = self._info(teil)
        self._schranke.teil(info)
        daten = self._gelesen[teilname(teil)] = self._auspacken(info)
        self._pruefe(teil, daten)
        return daten

    def _pruefe(self, teil: str, daten: bytes) -> None:
        if teil.lower().endswith(_BILDER):  # nobody asked how much it holds
            raise Abgewiesen("E-04", grund="ein Teil ist nicht lesbar")
        self._schranke.xml(daten)

    def beziehungen(self, teil: str) -> list[Beziehung]:
        """Return what a part (`""`: the package) refers to. Raises: as `baum`."""
        return [b._replace(ziel=zielname(teil, b.ziel)) for b in self._genannt(rels(teil))]

    def _genannt(self, teil: str) -> list[Beziehung]:
        return _beziehungen(self.zugelassen(teil))

    # --- at a glance: what is missing or cannot be unpacked is empty, nothing reads it -------------
    def roh(self, teil: str) -> bytes:
        """Return a part, its ASCII as it is. The gates saw its size."""
        if teil in self._gelesen:
            return _ascii(self._gelesen[teil])
        eintrag = self.eintraege.get(teil)
        if eintrag is None:
            return b""
        return _ascii(self._gespeichert(eintrag)[0])

    def text(self, teil: str) -> str:
        """Return a part as text, at most 2 MB."""
        return self.roh(teil)[:_HOECHSTER_TEXT].decode("utf-8", "replace")


@lru_cache(200)  # the same bytes packed are the same object unpacked, and what is known of it is found at once
def _entpackt(gepackt: bytes, groesse: int) -> bytes:
    """Return what was packed, at most one byte more than declared; nothing where it is damaged."""
    try:
        return zlib.decompressobj(-15).decompress(gepackt, groesse + 1)
    except zlib.error:
        return b""


def _ascii(daten: bytes) -> bytes:
    return daten.decode("utf-16", "replace").encode() if daten[:2] in _UTF16 else daten


def zerlegt(daten: bytes, parser: etree.XMLParser | None = None) -> etree._Element:
    """Return the root of what passed the gates. Raises: Abgewiesen; MemoryError."""
    try:
        wurzel = etree.fromstring(daten, parser or Behaelter.PARSER)
    except (etree.XMLSyntaxError, ValueError) as fehler:
        if getattr(fehler, "code", None) == _KEIN_SPEICHER:
            raise MemoryError from fehler
        raise Abgewiesen("E-04", grund="ein Teil ist nicht lesbar") from fehler
    if wurzel.getroottree().docinfo.internalDTD is not None:  # however it was written
        raise dokumentdefinition()
    return wurzel


def teilname(name: str) -> str:
    """Return a part's name as it is compared: some programs write backslashes, case does not matter.

    >>> teilname("/xl/vbaProject.bin")
    'xl/vbaproject.bin'
    """
    return name.replace("\\", "/").lstrip("/").lower()


@lru_cache(100)  # most forms have the same parts
def _zweideutig(namen: tuple[str, ...]) -> bool:
    """Tell whether two names are one to some program: `a/./b`, `a//b`, `%62`, a point at the end, pieces of a part."""
    rein = {_rein(name) if _MEHRDEUTIG.search(name) or not name.isascii() else name for name in namen}
    return len(rein) < len(namen)


def _rein(name: str) -> str:
    kern = _STUECK.sub("", unquote(normalize("NFKC", name)).replace("\\", "/"))
    return normpath("/" + kern).lstrip("/").rstrip(". ").casefold()


def rels(teil: str) -> str:
    """Return the part with the relationships of a part.

    >>> rels("xl/workbook.xml"), rels("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    ordner, _, datei = teil.replace("\\", "/").rpartition("/")
    return f"{ordner}/_rels/{datei}.rels".lstrip("/")


@gemerkt
def _beziehungen(daten: bytes) -> list[Beziehung]:
    return beziehungen_in(zerlegt(daten))


def beziehungen_in(wurzel: etree._Element) -> list[Beziehung]:
    """Return the relationships with their targets as they stand."""
    return [_beziehung(e) for e in wurzel.iterchildren("{*}Relationship")]


def _beziehung(e: etree._Element) -> Beziehung:
    ziel = (e.get("Target") or "")[:_LAENGSTES_ZIEL]
    return Beziehung(e.get("Id") or "", e.get("Type") or "", ziel, e.get("TargetMode") == "External")


@lru_cache(1000)  # most forms have the same
def zielname(teil: str, ziel: str) -> str:
    """Return the name of the part that a part refers to.

    >>> zielname("xl/worksheets/sheet1.xml", "../comments1.xml")
    'xl/comments1.xml'
    """
    ordner = "/" + teil.replace("\\", "/").rpartition("/")[0]
    return normpath(join(ordner, ziel.replace("\\", "/"))).lstrip("/")
