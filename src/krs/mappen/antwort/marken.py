"""Marks on cells: a condition that is always true, so that each cell keeps its own format and loses the mark again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from krs.formulare.befund import Befund, Stufe
from krs.mappen.antwort.blatt import MARKEN
from krs.mappen.antwort.paket import Paket
from krs.mappen.antwort.xmlteil import BLATT, setze_ein
from krs.mappen.lesen.zellen import namensraum

BEDINGUNG = 'N("krs")=0'  # by it our marks are found again


def entferne(paket: Paket, teil: str) -> None:
    """Take our marks out of a sheet; its own conditions stay."""
    if not any(paket.nennt(teil, f"N({q}krs{q})") for q in ('"', "&quot;")):
        return
    wurzel = paket.aendere(teil)
    ns = namensraum(wurzel)
    for behaelter in wurzel.findall(ns + "conditionalFormatting"):
        for regel in behaelter.findall(ns + "cfRule"):
            if (regel.findtext(ns + "formula") or "").replace(" ", "") == BEDINGUNG:
                behaelter.remove(regel)
        if behaelter.find(ns + "cfRule") is None:
            wurzel.remove(behaelter)


def markiere(wurzel: etree._Element, zellen: Mapping[str, Sequence[Befund]], farben: Mapping[Stufe, int]) -> None:
    """Colour cells by the gravest of their Befunde; `farben` are conditional formats of the workbook."""
    ns = namensraum(wurzel)
    schwerste = {z: min((b.stufe for b in befunde), key=list(MARKEN).index) for z, befunde in zellen.items()}
    gebraucht = {stufe: orte for stufe in farben if (orte := [z for z, s in schwerste.items() if s is stufe])}
    _mache_platz(wurzel, len(gebraucht))
    for rang, (stufe, orte) in enumerate(gebraucht.items(), 1):
        behaelter = etree.Element(ns + "conditionalFormatting", sqref=" ".join(orte))
        regel = etree.SubElement(
            behaelter, ns + "cfRule", type="expression", dxfId=str(farben[stufe]), priority=str(rang)
        )
        etree.SubElement(regel, ns + "formula").text = BEDINGUNG
        setze_ein(wurzel, behaelter, BLATT)


def _mache_platz(wurzel: etree._Element, anzahl: int) -> None:
    """Let the sender's own conditions come after ours, in their order."""
    regeln = list(wurzel.iter("{*}cfRule"))  # also those of Excel 2010 and later
    raenge = [int(v) for e in regeln if (v := e.get("priority") or "").isdecimal()]
    schritt = anzahl + 1 - min(raenge, default=anzahl + 1)
    if schritt > 0:
        for e in regeln:
            if (v := e.get("priority") or "").isdecimal():
                e.set("priority", str(int(v) + schritt))
