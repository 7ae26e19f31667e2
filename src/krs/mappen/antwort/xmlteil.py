"""Elements of a workbook's XML at their right place, whatever its namespace and prefixes."""

from __future__ import annotations

from lxml import etree

from krs.mappen.antwort.paket import RELS, RELS_STRICT, STRICT, TRANSITIONAL
from krs.mappen.lesen.zellen import namensraum

# The order that the standard prescribes (ECMA-376, CT_Worksheet, CT_Workbook, CT_Stylesheet).
BLATT = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting "
    "dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties "
    "cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls "
    "webPublishItems tableParts extLst"
)
MAPPE = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences "
    "definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing "
    "fileRecoveryPr webPublishObjects extLst"
)
STILE = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst"


def setze_ein(wurzel: etree._Element, neu: etree._Element, ordnung: str) -> etree._Element:
    """Insert a child after the last one that may stand before it or is of its kind; return it."""
    ns, rang = namensraum(wurzel), {name: n for n, name in enumerate(ordnung.split())}
    eigener, platz = rang[etree.QName(neu).localname], 0
    for n, kind in enumerate(wurzel, 1):
        name = kind.tag.removeprefix(ns) if ist_element(kind) else ""
        if rang.get(name, len(rang)) <= eigener:
            platz = n
    wurzel.insert(platz, neu)
    return neu


def hole(wurzel: etree._Element, name: str, ordnung: str) -> etree._Element:
    """Return the child of this name, made at its place where it is missing."""
    ns = namensraum(wurzel)
    vorhanden = wurzel.find(ns + name)
    return vorhanden if vorhanden is not None else setze_ein(wurzel, etree.Element(ns + name), ordnung)


def rel_ns(wurzel: etree._Element) -> str:
    """Return the address of the relationships that belongs to the dialect of a part."""
    return RELS_STRICT if namensraum(wurzel) == f"{{{STRICT}}}" else RELS


def im_dialekt(xml: bytes, wurzel: etree._Element) -> bytes:
    """Return XML of our own in the dialect of the part that it goes into."""
    if rel_ns(wurzel) == RELS:
        return xml
    return xml.replace(TRANSITIONAL.encode(), STRICT.encode()).replace(RELS.encode(), RELS_STRICT.encode())


def zaehle(behaelter: etree._Element) -> None:
    """Put the attribute `count` right, where there is one."""
    if behaelter.get("count") is not None:
        behaelter.set("count", str(sum(map(ist_element, behaelter))))


def rel_id(element: etree._Element) -> str:
    """Return the id of the relationship that an element names, in any dialect; nothing without one."""
    return next((str(v) for k, v in element.items() if str(k).endswith("}id")), "")


def ist_element(knoten: object) -> bool:
    """Return False for comments and processing instructions, which stand among the elements."""
    return isinstance(getattr(knoten, "tag", None), str)
