"""The boxes in which Excel shows notes: an old drawing language (VML), one drawing per sheet."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import etree

from krs.mappen.antwort.paket import NichtTragbar, Paket
from krs.mappen.antwort.xmlteil import BLATT, rel_id, rel_ns, setze_ein
from krs.mappen.lesen.zellen import namensraum

_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_V, _O = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:office}"
_X = "{urn:schemas-microsoft-com:office:excel}"
_FORMEN = tuple(_V + n for n in ("shape", "group", "rect", "line", "oval", "image", "polyline"))
_BLOCK = 1024  # shape ids are given out in blocks, which the drawing names
Ort = tuple[int, int]


def fuege_an(paket: Paket, teil: str, vml: bytes, ohne: set[Ort]) -> None:
    """Add boxes to a sheet, but for cells that have one. Raises: NichtTragbar."""
    blatt, neue = paket.aendere(teil), etree.fromstring(vml)
    for form in _rahmen(neue):
        if _rahmenort(form) in ohne:
            neue.remove(form)
    if not _rahmen(neue):
        return
    vteil = _vmlteil(paket, teil)
    if vteil:
        _vereine(paket.aendere(vteil), neue)
    else:
        vteil = paket.freier_teil("xl/drawings/vmlDrawing{}.vml")
        paket.setze(vteil, etree.tostring(neue))
        paket.endungstyp(vteil, _VML)
        bezug = setze_ein(blatt, etree.Element(namensraum(blatt) + "legacyDrawing"), BLATT)
        bezug.set(f"{{{rel_ns(blatt)}}}id", paket.beziehe(teil, f"{rel_ns(blatt)}/vmlDrawing", vteil))


def entferne(paket: Paket, teil: str, weg: set[Ort]) -> None:
    """Remove the boxes of notes that are gone; the last one takes the drawing with it."""
    vteil = _vmlteil(paket, teil)
    if not vteil:
        return
    blatt = paket.aendere(teil)
    wurzel = paket.aendere(vteil)
    for rahmen in _rahmen(wurzel):
        if _rahmenort(rahmen) in weg:
            rahmen.getparent().remove(rahmen)  # type: ignore[union-attr]
    verweis = _verweis(blatt)
    if verweis is not None and next(wurzel.iter(*_FORMEN), None) is None:
        blatt.remove(verweis)
        paket.loese(teil, beziehung(paket, teil, vteil))


def beziehung(paket: Paket, teil: str, ziel: str) -> str:
    """Return the id by which one part refers to another."""
    return next(b.id for b in paket.beziehungen(teil) if b.ziel == ziel)


def _verweis(blatt: etree._Element) -> etree._Element | None:
    return blatt.find(namensraum(blatt) + "legacyDrawing")


def _vmlteil(paket: Paket, teil: str) -> str:
    """Return the part of the boxes of a sheet, nothing without one."""
    verweis = _verweis(paket.baum(teil))
    if verweis is None:
        return ""
    ziel = next((b.ziel for b in paket.beziehungen(teil) if b.id == rel_id(verweis)), "")
    if not ziel:
        raise NichtTragbar("die Rahmen der Notizen")
    return ziel


def _rahmen(wurzel: etree._Element) -> list[etree._Element]:
    return [r for r in wurzel.iter(_V + "shape") if _rahmenort(r) is not None]


def _rahmenort(rahmen: etree._Element) -> Ort | None:
    """Return the cell that a box belongs to, None where it is no note."""
    daten = rahmen.find(_X + "ClientData")
    if daten is None or daten.get("ObjectType") != "Note":
        return None
    zahlen = [(daten.findtext(_X + n) or "").strip() for n in ("Row", "Column")]
    return (int(zahlen[0]) + 1, int(zahlen[1]) + 1) if all(z.isdecimal() for z in zahlen) else None


def _vereine(wurzel: etree._Element, neue: etree._Element) -> None:
    """Add boxes under ids that are free in this drawing."""
    kennungen = [s.get(a) or "" for s in wurzel.iter(_V + "shape") for a in ("id", _O + "spid")]
    nummern = [int(n) for k in kennungen for n in re.findall(r"_s(\d{1,9})$", k)]
    naechste = max([_BLOCK, *nummern]) + 1
    if not any(s.get("id") == "_x0000_t202" for s in wurzel.iter(_V + "shapetype")):
        wurzel.extend(deepcopy(s) for s in neue.iter(_V + "shapetype"))
    rahmen = _rahmen(neue)
    orte = {_rahmenort(r) for r in rahmen}
    for verwaist in _rahmen(wurzel):
        if _rahmenort(verwaist) in orte:  # a box whose note is gone
            verwaist.getparent().remove(verwaist)  # type: ignore[union-attr]
    for nummer, kind in enumerate(rahmen, naechste):
        kind.set("id", f"_x0000_s{nummer}")
        wurzel.append(kind)
    for karte in wurzel.iter(_O + "idmap"):
        bloecke = [b for b in (karte.get("data") or "").split(",") if b]
        gebraucht = {str(n // _BLOCK) for n in range(naechste, naechste + len(rahmen))}
        karte.set("data", ",".join([*bloecke, *sorted(gebraucht - set(bloecke))]))
