"""What in a workbook must not be passed on: found by types of relationships and parts, and by elements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from lxml import etree

from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.behaelter import KLEIN, Behaelter, gemerkt, teilname
from krs.mappen.lesen.formeln import fuehrt_hinaus, laeuft_von_selbst
from krs.mappen.lesen.harmlos import BEZIEHUNGEN, ELEMENTE, ENTBEHRLICH, ERLAUBT, TYPEN, Art

_ANGABEN = frozenset({"Id", "Type", "Target", "TargetMode"})
_TYPEN = "[content_types].xml"
_LANG = 10_000  # bytes of a formula; Excel takes 8,192 characters
_VORNE = 3  # bytes: where a declaration may begin
_ADRESSE = re.compile(r"\s*(?:[A-Za-z][\w+.-]*:|[/\\]{2})")
_UNKLAR = re.compile(r"[%?#*]")  # a name of a part that programs read in different ways
_NAMEN = {
    Art.MAKROS: re.compile(r"(?:^|/)(?:vbaproject\.bin$|(?:intl)?macrosheets/)"),
    Art.VERKNUEPFT: re.compile(r"(?:^|/)(?:externallinks/|querytables/|connections\.xml$)"),
    Art.SIGNATUR: re.compile(r"^_xmlsignatures/"),
    Art.PROTOKOLL: re.compile(r"^xl/revisions/"),
}
_FORMELN = frozenset(
    {"f", "formula", "formula1", "formula2", "definedname", "calculatedcolumnformula", "totalsrowformula"}
)
_VERWEISE = frozenset({"src", "href", "althref", "relhref", "movie"})  # of the old drawing language
# Without one of these, and formulas apart, no part shows anything: quicker than parsing it.
_WEITERE = ("hyperlink", "hlinkclick", "hlinkhover", "hlinkmouseover", "clientdata")
_WORTE = frozenset(wort.encode() for wort in (*ELEMENTE, *_WEITERE))
_ELEMENT = re.compile(rb"<(?:[^\s<>/=:]*:)?([\w.-]{1,40})")
_SILBEN = (b"src", b"href", b"movie", b"macro", b"onaction", b"textlink", b"base")
_ANGABE = re.compile(rb"(?:src|href|movie|macro|onaction|textlink|base)\s*=")
_ZEICHEN = (b"\0", b"<!", b"<script", b":script")
_VERWEIS = re.compile(rb"&#(?!(?:9|10|13|x9|xa|xd);)")  # a line break hides no name
_SCHALTER = re.compile(rb"""(?:function|vbprocedure|xlm)\s*=(?!\s*["'](?:0|false)["'])""")
_ENDE = rb"(?:\s[^<>]{0,2000})?>([^<]*)"  # of a tag, and the text after it
_FORMELTEXT = tuple(  # each begins with letters that are found quickly
    re.compile(wort + _ENDE) for wort in (rb"<f(?:ormula[12]?)?", rb":f(?:ormula[12]?)?", rb"Formula", rb"definedName")
)
_BASIS = "{http://www.w3.org/XML/1998/namespace}base"
_KEIN_BLATT = re.compile(r"[\[\]\\/@]")  # in no name of a sheet


class Fund(NamedTuple):
    """One thing and the element that shows it."""

    art: Art
    element: etree._Element


def beziehung(e: etree._Element) -> Art | None:
    """Judge one relationship; None where it is on the list of the harmless or can be left out."""
    typ, ziel = e.get("Type") or "", e.get("Target") or ""
    wort = typ.rpartition("/")[2].lower()
    if wort == "hyperlink":
        return Art.LINK
    if wort in BEZIEHUNGEN:
        return BEZIEHUNGEN[wort]
    if e.get("TargetMode", "Internal") != "Internal" or _ADRESSE.match(ziel):
        return Art.VERKNUEPFT
    bekannt = (typ in ERLAUBT or typ in ENTBEHRLICH) and _ANGABEN.issuperset(map(str, e.keys()))
    return None if bekannt and not _UNKLAR.search(ziel) else Art.FREMD


@gemerkt
def nach_namen(namen: str) -> frozenset[Art]:
    """Return what the names of the parts (with \\0 between them) tell, even of those that nothing refers to."""
    return frozenset(art for art, muster in _NAMEN.items() if any(map(muster.search, namen.split("\0"))))


def nach_typ(typ: str) -> Art | None:
    """Return what a content type tells."""
    return next((art for wort, art in TYPEN.items() if wort in typ.lower()), None)


class Typen:
    """The content types of a workbook's parts."""

    def __init__(self, wurzel: etree._Element) -> None:
        self._nach_name: dict[str, set[str]] = {}
        self._nach_endung: dict[str, set[str]] = {}
        for e in wurzel.iter("{*}Override"):
            self._nach_name.setdefault(teilname(e.get("PartName") or ""), set()).add(e.get("ContentType") or "")
        for e in wurzel.iter("{*}Default"):
            self._nach_endung.setdefault((e.get("Extension") or "").lower(), set()).add(e.get("ContentType") or "")

    def von(self, teil: str) -> set[str]:
        """Return the types of a part; more than one where they contradict each other, none where nothing is said."""
        k = teilname(teil)
        return self._nach_name.get(k) or self._nach_endung.get(k.rpartition(".")[2], set())

    @property
    def eindeutig(self) -> bool:
        """False if a name is written in a way that programs read differently."""
        return not any(map(_UNKLAR.search, self._nach_name))


def gezeigt(teile: Behaelter, namen: Iterable[str]) -> Set[Art]:
    """Return what a workbook shows of itself before it is opened; what cannot be parsed shows nothing.

    Args:
        teile: its parts.
        namen: the parts that may hold formulas and objects.
    """
    arten = set(nach_namen("\0".join(teile.eintraege)))
    for name in teile.eintraege:
        if name.endswith(".rels") and not (len(daten := teile.roh(name)) < KLEIN and _stille(daten)):
            arten.update(_in_beziehungen(_baum(teile, name)))
    if _typen_unklar(teile.roh(_TYPEN)):
        typen = Typen(_baum(teile, _TYPEN))
        arten.update(art for name in teile.eintraege for typ in typen.von(name) if (art := nach_typ(typ)))
    for name in namen:
        if _verdaechtig(teile.roh(name)):
            arten.update(fund.art for fund in im_xml(_baum(teile, name)))
    return arten


@gemerkt
def _typen_unklar(daten: bytes) -> bool:
    return b"&#" in daten or nach_typ(daten.decode("utf-8", "replace")) is not None


def _in_beziehungen(wurzel: etree._Element) -> Iterator[Art]:
    for e in wurzel.iter("{*}Relationship"):
        art = beziehung(e)
        if art and not (art is Art.LINK and (e.get("Target") or "").lower().startswith("mailto:")):  # Excel makes them
            yield art


def _baum(teile: Behaelter, name: str) -> etree._Element:
    try:
        return teile.baum(name)
    except (Abgewiesen, MemoryError):
        return etree.Element("leer")


@gemerkt
def _stille(daten: bytes) -> bool:
    """Tell whether a part with relationships shows nothing; False also where nobody knows."""
    try:
        return not any(_in_beziehungen(etree.fromstring(daten, Behaelter.PARSER)))
    except (etree.XMLSyntaxError, ValueError):
        return False


@gemerkt
def _verdaechtig(daten: bytes) -> bool:
    """Tell whether a part has to be parsed to know what it shows."""
    klein = daten.lower()
    vorne, hinten = klein.find(b"<sheetdata>"), klein.rfind(b"</sheetdata>")
    if not (0 <= vorne < hinten and klein.count(b"sheetdata") == 2):
        vorne = hinten = len(klein)
    if any(z in klein for z in _ZEICHEN) or klein.rfind(b"<?") > _VORNE or _VERWEIS.search(klein):
        return True
    if _nennt(klein[:vorne] + klein[hinten:]):
        return True
    formeln = {text for muster in _FORMELTEXT for text in muster.findall(daten)}
    return any(len(f) > _LANG or _hinaus(f) for f in formeln)


@gemerkt  # what stands around the cells
def _nennt(klein: bytes) -> bool:
    """Tell whether a part, but for its cells, names an element that may be dangerous, or a name that runs by itself."""
    if not _WORTE.isdisjoint(_ELEMENT.findall(klein)) or (any(w in klein for w in _SILBEN) and _ANGABE.search(klein)):
        return True
    return b"definedname" in klein and (b"auto" in klein or _SCHALTER.search(klein) is not None)


@lru_cache(1000)  # all forms of a version have the same
def _hinaus(formel: bytes) -> bool:
    return fuehrt_hinaus(unescape(formel.decode("utf-8", "replace"))) is not None


def im_xml(wurzel: etree._Element) -> Iterator[Fund]:
    """Yield what the elements of a part show."""
    for e in wurzel.iter(etree.Element):
        name = str(e.tag).rpartition("}")[2].lower()
        art = ELEMENTE.get(name) or _nach_inhalt(name, e) or _nach_angaben(e)
        if art:
            yield Fund(art, e)


def _nach_inhalt(name: str, e: etree._Element) -> Art | None:
    if name in _FORMELN:
        hinaus = fuehrt_hinaus("".join(map(str, e.itertext())))
        if name != "definedname":
            return hinaus
        an = any(e.get(k) in ("1", "true") for k in ("function", "vbProcedure", "xlm"))
        return Art.NAME if hinaus or an or laeuft_von_selbst(e.get("name") or "") else None
    if name.startswith("hlink") and e.get("action"):
        return Art.LINK
    if name == "hyperlink" and (e.get("url") or _KEIN_BLATT.search(e.get("location") or "")):
        return Art.LINK
    if name == "clientdata" and e.get("ObjectType", "Note") not in ("Note", "Pict", "Shape", "Group", "Line", "Rect"):
        return Art.STEUER
    return None


def _nach_angaben(e: etree._Element) -> Art | None:
    for schluessel, wert in e.items():
        k = str(schluessel)
        wort = k.rpartition("}")[2].lower()
        if k == _BASIS or (wort in _VERWEISE and wert):
            return Art.VERKNUEPFT
        if wort in ("macro", "onaction") and wert:
            return Art.MAKROS
        if wort == "textlink" and (art := fuehrt_hinaus(str(wert))):
            return art
    return None
