"""The sender's workbook part: its sheets, and what a sheet more or less changes there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from krs.formulare.befund import Befund
from krs.mappen.antwort import marken, notizen
from krs.mappen.antwort.blatt import BLATT
from krs.mappen.antwort.entwurf import Entwurf
from krs.mappen.antwort.paket import NichtTragbar, Paket
from krs.mappen.antwort.stilteil import uebernimm
from krs.mappen.antwort.xmlteil import MAPPE, hole, im_dialekt, rel_id, rel_ns
from krs.mappen.lesen.adresse import Unlesbar, position, zitiert
from krs.mappen.lesen.zellen import namensraum
from krs.schreiben.rueckmeldung import Rueckmeldung

ZEICHEN = "_krs_rueckmeldung"  # the hidden name by which our sheet is found again
_BLATTTYP = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@dataclass(frozen=True, slots=True)
class Senderblatt:
    """One sheet of the sender's workbook."""

    name: str
    teil: str
    element: etree._Element


Markiert = tuple[Senderblatt, dict[str, list[Befund]]]


class Buch:
    """The sender's workbook part and what hangs on it."""

    def __init__(self, paket: Paket) -> None:
        self.paket = paket
        self.teil = paket.ziel("", "officeDocument") or "xl/workbook.xml"
        self.wurzel = paket.aendere(self.teil)
        self.ns = namensraum(self.wurzel)

    def blaetter(self) -> list[Senderblatt]:
        """Return the sheets in their order."""
        ziele = {b.id: b.ziel for b in self.paket.beziehungen(self.teil)}
        alle = self.wurzel.iter(self.ns + "sheet")
        return [Senderblatt(e.get("name") or "", ziele.get(rel_id(e), ""), e) for e in alle]

    # --- an earlier round -------------------------------------------------------------------
    def raeume_auf(self) -> None:
        """Take out what an earlier feedback put in: sheet, marks, notes."""
        self._ohne_unser_blatt()
        for blatt in self.blaetter():
            if blatt.teil in self.paket:
                marken.entferne(self.paket, blatt.teil)
                notizen.entferne(self.paket, blatt.teil)

    def _namen(self) -> list[etree._Element]:
        return list(self.wurzel.iter(self.ns + "definedName"))

    def _ohne_unser_blatt(self) -> None:
        unsere = [n for n in self._namen() if n.get("name") == ZEICHEN]
        for n in unsere:
            n.getparent().remove(n)  # type: ignore[union-attr]
        fremde = " ".join(n.text or "" for n in self._namen() if not (n.get("name") or "").startswith("_xlnm."))
        for blatt in self.blaetter():
            arten = f"{zitiert(blatt.name)}!", f"{blatt.name}!"
            if any((n.text or "").startswith(arten) for n in unsere) and not any(a in fremde for a in arten):
                self._entferne(blatt)

    def _entferne(self, blatt: Senderblatt) -> None:
        index = [b.element for b in self.blaetter()].index(blatt.element)
        kennung = rel_id(blatt.element)
        blatt.element.getparent().remove(blatt.element)  # type: ignore[union-attr]
        for n in self._namen():
            nummer = _blattnummer(n)
            if nummer == index:
                n.getparent().remove(n)  # type: ignore[union-attr]
            elif nummer is not None and nummer > index:
                n.set("localSheetId", str(nummer - 1))
        self.paket.loese(self.teil, kennung)
        for b in self.paket.beziehungen(self.teil):
            if b.art.endswith("/calcChain") and b.ziel in self.paket:
                zellen = self.paket.baum(b.ziel).iter("{*}c")
                if any(c.get("i") == blatt.element.get("sheetId") for c in zellen):  # programs make it anew
                    self.paket.loese(self.teil, b.id)

    # --- marks ------------------------------------------------------------------------------
    def zu_markieren(self, r: Rueckmeldung) -> list[Markiert]:
        """Return the visible sheets with cells to mark, in their order."""
        nach_blatt: dict[str, dict[str, list[Befund]]] = {}
        for b, _ in (*r.offen, *r.hinweise):
            if b.zelle and _gueltig(b.zelle):
                nach_blatt.setdefault(b.blatt, {}).setdefault(b.zelle, []).append(b)
        sichtbar = [b for b in self.blaetter() if b.element.get("state", "visible") == "visible"]
        gesucht = [b for b in sichtbar if b.name in nach_blatt and b.teil in self.paket]
        tabellen = (b for b in gesucht if etree.QName(self.paket.baum(b.teil)).localname == "worksheet")
        return [(b, nach_blatt[b.name]) for b in tabellen]

    # --- the graft --------------------------------------------------------------------------
    def fuege_ein(self, entwurf: Entwurf, markierte: Sequence[Markiert]) -> None:
        """Put the drawn parts into the package."""
        xf, dxf = self._stile(entwurf)
        blatt = etree.fromstring(im_dialekt(entwurf.blatt, self.wurzel))
        _umnummeriert(blatt, xf, dxf)
        farben = {stufe: dxf[nummer] for stufe, nummer in entwurf.farben.items()}
        for (ziel, zellen), (kommentare, vml) in zip(markierte, entwurf.notizen, strict=True):
            marken.markiere(self.paket.aendere(ziel.teil), zellen, farben)
            notizen.fuege_an(self.paket, ziel.teil, kommentare, vml)
        self._nur_unser_blatt_gewaehlt()
        self._neues_blatt(etree.tostring(blatt, encoding="UTF-8", xml_declaration=True, standalone=True), entwurf)

    def _stile(self, entwurf: Entwurf) -> tuple[list[int], list[int]]:
        teil = self.paket.ziel(self.teil, "styles")
        if not teil:
            raise NichtTragbar("eine Arbeitsmappe ohne Formate")
        ziel = self.paket.aendere(teil)
        return uebernimm(ziel, etree.fromstring(im_dialekt(entwurf.stile, ziel)))

    def _nur_unser_blatt_gewaehlt(self) -> None:
        """Deselect all sheets: Excel would type into all that are selected at once."""
        for blatt in self.blaetter():
            if blatt.teil in self.paket and self.paket.nennt(blatt.teil, "tabSelected"):
                for sicht in self.paket.baum(blatt.teil).iter("{*}sheetView"):
                    if sicht.get("tabSelected") in ("1", "true"):
                        self.paket.aendere(blatt.teil)
                        del sicht.attrib["tabSelected"]
        for sicht in self.wurzel.iter(self.ns + "workbookView"):
            for attribut in ("activeTab", "firstSheet"):
                sicht.attrib.pop(attribut, "")  # the first sheet

    def _neues_blatt(self, inhalt: bytes, entwurf: Entwurf) -> None:
        name = _freier_name([b.name for b in self.blaetter()])
        teil = self.paket.freier_teil("xl/worksheets/rueckmeldung{}.xml")
        self.paket.setze(teil, inhalt)
        self.paket.typ(teil, _BLATTTYP)
        kennung = self.paket.beziehe(self.teil, f"{rel_ns(self.wurzel)}/worksheet", teil)
        nummern = [int(v) for b in self.blaetter() if (v := b.element.get("sheetId") or "").isdecimal()]
        element = etree.Element(self.ns + "sheet", name=name, sheetId=str(max([0, *nummern]) + 1))
        element.set(f"{{{rel_ns(self.wurzel)}}}id", kennung)
        hole(self.wurzel, "sheets", MAPPE).insert(0, element)
        for n in self._namen():
            if (nummer := _blattnummer(n)) is not None:
                n.set("localSheetId", str(nummer + 1))
        namen = hole(self.wurzel, "definedNames", MAPPE)
        zeile = entwurf.kopfzeile + 1
        titel = etree.SubElement(namen, self.ns + "definedName", name="_xlnm.Print_Titles", localSheetId="0")
        titel.text = f"{zitiert(name)}!${zeile}:${zeile}"
        zeichen = etree.SubElement(namen, self.ns + "definedName", name=ZEICHEN, hidden="1")
        zeichen.text = f"{zitiert(name)}!$A$1"


def _blattnummer(name: etree._Element) -> int | None:
    """Return to which sheet a defined name belongs, counted from 0; None for the whole workbook."""
    nummer = name.get("localSheetId") or ""
    return int(nummer) if nummer.isdecimal() else None


def _gueltig(adresse: str) -> bool:
    try:
        return bool(position(adresse))
    except Unlesbar:
        return False


def _freier_name(namen: Sequence[str]) -> str:
    """Return «Rückmeldung», or «Rückmeldung (2)» where the sender has a sheet of that name."""
    vergeben = {n.casefold() for n in namen}
    kandidaten = [BLATT, *(f"{BLATT} ({n})" for n in range(2, len(namen) + 3))]
    return next(k for k in kandidaten if k.casefold() not in vergeben)


def _umnummeriert(blatt: etree._Element, xf: Sequence[int], dxf: Sequence[int]) -> None:
    """Point our sheet to the sender's styles."""
    ns = namensraum(blatt)
    for name, attribut in (("c", "s"), ("row", "s"), ("col", "style")):
        for e in blatt.iter(ns + name):
            if nummer := e.get(attribut):
                e.set(attribut, str(xf[int(nummer)]))
    for regel in blatt.iter(ns + "cfRule"):
        regel.set("dxfId", str(dxf[int(regel.get("dxfId") or 0)]))
