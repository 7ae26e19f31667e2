"""Read what a bank sends as XML (ISO 20022), whatever the version of the message; nothing outside the file is read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from krs.export.antwort_werte import AntwortFehler

# Without collect_ids=False: with it, libxml2 reads a DTD that the file names, whatever load_dtd says.
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)


def nachricht(daten: bytes, art: str, was: str) -> etree._Element:
    """Return the message inside the document; entities are never resolved.

    Args:
        art: pattern of the message's name without version, such as `pain.002`.
        was: what the file should be, for the sentence that refuses it.
    Raises: AntwortFehler: no such file.
    """
    try:
        wurzel = etree.fromstring(daten, _PARSER)
    except etree.XMLSyntaxError as fehler:
        raise AntwortFehler("Die Datei ist kein lesbares XML; bei der Bank neu herunterladen.") from fehler
    if wurzel.getroottree().docinfo.internalDTD is not None:
        raise AntwortFehler("Die Datei enthält eine DTD; eine Antwort der Bank hat keine: die richtige Datei wählen.")
    if not re.fullmatch(rf"\{{[^}}]*{art}\.001\.\d\d[^}}]*\}}Document", str(wurzel.tag)) or len(wurzel) != 1:
        raise AntwortFehler(f"Die Datei ist {was}; die richtige Datei wählen.")
    return wurzel[0]


def texte(element: etree._Element, ort: str) -> Iterator[str]:
    """Yield the texts at a path of element names, blanks as one."""
    for gefunden in element.iterfind(pfad(ort)):
        yield " ".join((gefunden.text or "").split())


def text(element: etree._Element, *orte: str) -> str:
    """Return the first text at these paths, else nothing."""
    return next((t for ort in orte for t in texte(element, ort) if t), "")


def pfad(ort: str) -> str:
    """Return the path for any version of a message."""
    return "/".join("{*}" + teil for teil in ort.split("/"))
