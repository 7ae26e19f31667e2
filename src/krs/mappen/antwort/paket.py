"""A workbook as a package of parts: what nobody touches stays byte for byte as it came."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import count

from lxml import etree

from krs.mappen.gestalt.stile import ZEITPUNKT
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.behaelter import Behaelter, Beziehung, beziehungen_in, parser, rels, teilname, zerlegt

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_RELS_NS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPEN_NS = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_TYPEN = "[Content_Types].xml"
_LEERE_RELS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'


class NichtTragbar(Exception):
    """The workbook cannot carry the feedback without loss; `teil` names what stands against it, in German."""

    def __init__(self, teil: str) -> None:
        super().__init__(teil)
        self.teil = teil


class Paket(Behaelter):
    """The parts of an opened workbook, and what is changed in them."""

    PARSER = parser(mit_kommentaren=True)  # nothing may be lost

    def __init__(self, daten: bytes, datei: str) -> None:
        """Raises: NichtTragbar: no archive, or beyond the limits of the reader."""
        try:
            super().__init__(daten, datei)
        except Abgewiesen as fehler:
            raise NichtTragbar("eine Datei, die nicht lesbar ist") from fehler
        self._namen = {k: i.filename for k, i in self.eintraege.items()}
        self._baeume: dict[str, etree._Element] = {}  # what was parsed, and of that
        self._beruehrt: set[str] = set()  # what was changed
        self._neu: dict[str, bytes] = {}

    def __contains__(self, teil: str) -> bool:
        return teilname(teil) in self._namen

    def teile(self) -> list[str]:
        """Return the names of all parts, in small letters."""
        return list(self._namen)

    def lies(self, teil: str) -> bytes:
        """Return a part as it stands. Raises: NichtTragbar: missing or damaged."""
        k = teilname(teil)
        if k in self._beruehrt:
            return etree.tostring(self._baeume[k], encoding="UTF-8")
        if k in self._neu:
            return self._neu[k]
        if k not in self._namen:
            raise NichtTragbar(f"der fehlende Teil «{teil}»")
        try:
            return super().lies(teil)
        except Abgewiesen as fehler:
            raise NichtTragbar(f"ein beschädigter Teil («{teil}»)") from fehler

    def nennt(self, teil: str, text: str) -> bool:
        """Return True if a text stands in a part, in any of the usual encodings; quicker than parsing it."""
        inhalt = self.lies(teil)
        return any(text.encode(k) in inhalt for k in ("ascii", "utf-16-le", "utf-16-be"))

    def baum(self, teil: str) -> etree._Element:
        """Return the root of a part, to read only."""
        k = teilname(teil)
        if k not in self._baeume:
            inhalt = self.lies(teil)
            try:
                self._pruefe(teil, inhalt)
                self._baeume[k] = zerlegt(inhalt, self.PARSER)
            except (Abgewiesen, MemoryError) as fehler:
                raise NichtTragbar(f"ein Teil, der nicht lesbar ist («{teil}»)") from fehler
        return self._baeume[k]

    def aendere(self, teil: str) -> etree._Element:
        """Return the root of a part; what is changed in it is written."""
        wurzel = self.baum(teil)
        self._beruehrt.add(teilname(teil))
        return wurzel

    def setze(self, teil: str, inhalt: bytes) -> None:
        """Write a part as a whole."""
        k = teilname(teil)
        self._baeume.pop(k, None)
        self._beruehrt.discard(k)
        self._namen.setdefault(k, teil)
        self._neu[k] = inhalt

    def freier_teil(self, muster: str) -> str:
        """Return the first name that no part has; `muster` holds `{}` for a number."""
        return next(name for n in count(1) if (name := muster.format(n)) not in self)

    def packe(self) -> bytes:
        """Return the workbook; the same bytes for the same changes."""
        puffer = BytesIO()
        with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as ziel:
            for k, name in self._namen.items():
                info = zipfile.ZipInfo(name, ZEITPUNKT)
                ziel.writestr(info, self._inhalt(k), zipfile.ZIP_DEFLATED)
        return puffer.getvalue()

    def _inhalt(self, k: str) -> bytes:
        if k not in self._beruehrt:
            return self.lies(k)
        if k.endswith(".vml"):  # as Excel writes it, without a declaration
            return etree.tostring(self._baeume[k])
        return etree.tostring(self._baeume[k].getroottree(), encoding="UTF-8", xml_declaration=True, standalone=True)

    # --- relationships ----------------------------------------------------------------------
    def beziehungen(self, teil: str) -> list[Beziehung]:
        """Return what a part (`""`: the package) refers to."""
        return super().beziehungen(teil) if rels(teil) in self else []

    def _genannt(self, teil: str) -> list[Beziehung]:
        return beziehungen_in(self.baum(teil))

    def ziel(self, teil: str, art: str) -> str:
        """Return the first part of a kind, such as `styles`, that a part refers to; nothing without one."""
        return next((b.ziel for b in self.beziehungen(teil) if b.art.endswith(f"/{art}") and not b.extern), "")

    def beziehe(self, teil: str, art: str, ziel: str) -> str:
        """Add a relationship and return its id; `art` is the full address of the kind."""
        if rels(teil) not in self:
            self.setze(rels(teil), _LEERE_RELS)
        wurzel = self.aendere(rels(teil))
        vergeben = {(e.get("Id") or "").lower() for e in wurzel.iter(_RELS_NS + "Relationship")}
        # Not rId1: in a damaged workbook something may still wait for it.
        kennung = next(k for n in count(1) if (k := f"rIdKrs{n}").lower() not in vergeben)
        etree.SubElement(wurzel, _RELS_NS + "Relationship", Id=kennung, Type=art, Target=f"/{ziel}")
        return kennung

    def loese(self, teil: str, kennung: str) -> None:
        """Remove a relationship, and its target if nothing else refers to it."""
        wurzel = self.aendere(rels(teil))
        for e, bezug in zip(wurzel.findall("{*}Relationship"), self.beziehungen(teil), strict=True):
            if bezug.id == kennung:
                wurzel.remove(e)
                if not bezug.extern and bezug.ziel in self and not self._gebraucht(bezug.ziel):
                    self._entferne(bezug.ziel)
        if not len(wurzel):
            self.streiche(rels(teil))

    def _gebraucht(self, ziel: str) -> bool:
        gesucht = teilname(ziel)
        return any(teilname(b.ziel) == gesucht for b in self._alle_beziehungen() if not b.extern)

    def _alle_beziehungen(self) -> Iterator[Beziehung]:
        for name in list(self._namen):
            if name.endswith(".rels"):
                ordner, _, datei = name.rpartition("/")
                teil = f"{ordner.removesuffix('_rels')}{datei.removesuffix('.rels')}"
                yield from self.beziehungen(teil)

    def _entferne(self, teil: str) -> None:
        for bezug in self.beziehungen(teil):
            self.loese(teil, bezug.id)
        self.streiche(teil)

    def streiche(self, teil: str) -> None:
        """Take out a part that nothing refers to."""
        k = teilname(teil)
        self._namen.pop(k, None)
        self._neu.pop(k, None)
        self._baeume.pop(k, None)
        self._beruehrt.discard(k)
        self._ohne_typ(k)

    # --- content types ----------------------------------------------------------------------
    def typ(self, teil: str, typ: str) -> None:
        """State the content type of a part."""
        self._ohne_typ(teilname(teil))
        etree.SubElement(self.aendere(_TYPEN), _TYPEN_NS + "Override", PartName=f"/{teil}", ContentType=typ)

    def _ohne_typ(self, k: str) -> None:
        for e in self.baum(_TYPEN).findall(_TYPEN_NS + "Override"):
            if teilname(e.get("PartName") or "") == k:
                self.aendere(_TYPEN).remove(e)

    def endungstyp(self, teil: str, typ: str) -> None:
        """State the content type of a part by its ending, or by its name where the ending means something else."""
        endung = teil.rpartition(".")[2]
        vorhanden = [
            e for e in self.baum(_TYPEN).iter(_TYPEN_NS + "Default") if e.get("Extension", "").lower() == endung
        ]
        if not vorhanden:
            eintrag = etree.Element(_TYPEN_NS + "Default", Extension=endung, ContentType=typ)
            self.aendere(_TYPEN).insert(0, eintrag)
        elif vorhanden[0].get("ContentType") != typ:
            self.typ(teil, typ)
