"""Whether a workbook holds nothing but what is on the list of the harmless: found in another way than krs does it."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from posixpath import dirname, join, normpath

from lxml import etree

from krs.mappen.lesen.harmlos import ELEMENTE, ERLAUBT


def verstoesse(daten: bytes) -> list[str]:
    """Return what in a workbook is not on the list: parts, types, relationships, elements, attributes."""
    with zipfile.ZipFile(BytesIO(daten)) as zip_:
        inhalt = {_name(name): zip_.read(name) for name in zip_.namelist()}
    wurzel = etree.fromstring(inhalt["[content_types].xml"])
    je_name = {_name(e.get("PartName") or ""): e.get("ContentType") for e in wurzel.iter("{*}Override")}
    je_endung = {(e.get("Extension") or "").lower(): e.get("ContentType") for e in wurzel.iter("{*}Default")}
    erreicht, falsch = {"[content_types].xml"}, []
    for name, xml in inhalt.items():
        if name.endswith(".rels"):
            ordner = dirname(dirname(name))
            erreicht.add(name)
            for e in etree.fromstring(xml):
                ziel = _name(normpath(join("/", ordner, (e.get("Target") or "").replace("\\", "/"))))
                typ = je_name.get(ziel) or je_endung.get(ziel.rpartition(".")[2])
                erreicht.add(ziel)
                if e.get("TargetMode", "Internal") != "Internal" or ziel not in inhalt:
                    falsch.append(f"{name}: {e.get('Target')}")
                if typ not in ERLAUBT.get(e.get("Type") or "", ()):
                    falsch.append(f"{name}: {e.get('Type')} mit {typ}")
        elif not name.startswith(("[", "xl/media/")):
            falsch += [f"{name}: {w}" for w in _elemente(xml)]
    return falsch + sorted(set(inhalt) - erreicht)


def _name(teil: str) -> str:
    return teil.replace("\\", "/").lstrip("/").lower()


def _elemente(xml: bytes) -> list[str]:
    namen = {str(e.tag).rpartition("}")[2].lower() for e in etree.fromstring(xml).iter(etree.Element)}
    aussen = re.findall(rb'(?:macro|src|href|destinationFile)="[^"]+"|HYPERLINK\(|WEBSERVICE\(', xml)
    return sorted(namen & ELEMENTE.keys()) + [a.decode() for a in aussen]
