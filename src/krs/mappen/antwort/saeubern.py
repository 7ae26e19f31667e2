"""What goes out in the canton's name holds nothing but what is on the list of the harmless (Entscheid 50).

Links and what nobody misses are taken out, every other byte stays. With anything else the workbook stays here.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from krs.formulare.kontext import aufzaehlung
from krs.mappen.antwort.paket import NichtTragbar, Paket
from krs.mappen.lesen.behaelter import Beziehung, rels, teilname
from krs.mappen.lesen.gefahr import Typen, beziehung, im_xml, nach_namen
from krs.mappen.lesen.harmlos import BILDER, ENTBEHRLICH, ERLAUBT, Art

_TYPEN = "[Content_Types].xml"
_BEZIEHUNG = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_GANZ = frozenset({"hyperlink", "customPr", "hlinkClick", "hlinkHover", "hlinkMouseOver"})  # nothing without its target
_BEHAELTER = frozenset({"hyperlinks", "customProperties"})  # not without content
_ENTFERNBAR = frozenset({Art.LINK, Art.NAME})


def saeubere(paket: Paket) -> None:
    """Take out of a workbook what leads outside or nobody misses, and what nothing refers to.

    Raises: NichtTragbar: it holds more than that, or is written so that programs may read it in different ways.
    """
    arten = set(nach_namen("\0".join(paket.teile())))
    typen = Typen(paket.baum(_TYPEN))
    teile = dict.fromkeys(["", *_gang(paket, typen, arten)])
    for teil in filter(None, teile):
        if BILDER.keys().isdisjoint(typen.von(teil)):
            arten.update(_ohne_aeusseres(paket, teil))
    if not typen.eindeutig or not paket.ziel("", "officeDocument"):
        arten.add(Art.FREMD)
    if arten:
        raise NichtTragbar(aufzaehlung([art.worte for art in Art if art in arten]))
    behalten = {teilname(t) for teil in teile for t in (teil, rels(teil))} | {teilname(_TYPEN)}
    for teil in paket.teile():
        if teil not in behalten:
            paket.streiche(teil)


def _gang(paket: Paket, typen: Typen, arten: set[Art]) -> Iterator[str]:
    """Yield each part that the package leads to; take out links and what nobody misses, note everything else."""
    offen, gesehen = [""], set[str]()
    while offen:
        quelle = offen.pop()
        for e, b in _beziehungen(paket, quelle, arten):
            art = beziehung(e)
            if art is Art.LINK or (art is None and e.get("Type") in ENTBEHRLICH):
                _loese(paket, quelle, b.id)
            elif art or not _passt(paket, typen, e, b):
                arten.add(art or Art.FREMD)
            elif (ziel := teilname(b.ziel)) not in gesehen:
                gesehen.add(ziel)
                offen.append(ziel)
                yield ziel


def _beziehungen(paket: Paket, quelle: str, arten: set[Art]) -> list[tuple[etree._Element, Beziehung]]:
    if rels(quelle) not in paket:
        return []
    kinder = list(paket.baum(rels(quelle)).iterchildren(etree.Element))
    if any(e.tag != _BEZIEHUNG or len(e) for e in kinder) or len({e.get("Id") for e in kinder}) < len(kinder):
        arten.add(Art.FREMD)
        return []
    return list(zip(kinder, paket.beziehungen(quelle), strict=True))


def _passt(paket: Paket, typen: Typen, e: etree._Element, b: Beziehung) -> bool:
    """Tell whether a relationship leads to a part of the kind that it says."""
    typ = typen.von(b.ziel)
    if b.ziel not in paket or len(typ) != 1 or not typ <= ERLAUBT[e.get("Type") or ""]:
        return False
    return typ.isdisjoint(BILDER) or paket.lies(b.ziel).startswith(BILDER[min(typ)])


def _loese(paket: Paket, quelle: str, kennung: str) -> None:
    """Remove a relationship and every mention of it."""
    paket.loese(quelle, kennung)
    if not quelle:
        return
    for e in list(paket.baum(quelle).iter(etree.Element)):
        for schluessel in [k for k, v in e.items() if v == kennung and "relationships}" in str(k)]:
            paket.aendere(quelle)
            if str(e.tag).rpartition("}")[2] in _GANZ:
                _entferne(e)
            else:
                del e.attrib[schluessel]


def _ohne_aeusseres(paket: Paket, teil: str) -> Iterator[Art]:
    """Take out of a part what may simply go; yield what else stands against it."""
    for fund in list(im_xml(paket.baum(teil))):
        if fund.art in _ENTFERNBAR:
            paket.aendere(teil)
            _entferne(fund.element)
        else:
            yield fund.art


def _entferne(e: etree._Element) -> None:
    eltern = e.getparent()
    if eltern is None:
        return
    eltern.remove(e)
    if not len(eltern) and str(eltern.tag).rpartition("}")[2] in _BEHAELTER:
        _entferne(eltern)
