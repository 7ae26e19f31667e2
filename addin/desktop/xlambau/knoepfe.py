"""The ribbon (tab «start.integration») and the Subs behind it, made from the catalogue of macros (entwurf 4.7)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from xlambau import DESKTOP, Baufehler, basic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from krs.excel.makrokatalog import Makro

NAMENSRAUM = "http://schemas.microsoft.com/office/2009/07/customui"
KOPF = """\
Attribute VB_Name = "KrsKnoepfe"
Option Explicit

' Generated from the catalogue of krs (src/krs/excel/makros.toml).
"""


@dataclass(frozen=True, slots=True)
class Knopf:
    """One button; its `ruf` is the Sub that Excel calls."""

    ruf: str
    text: str
    hilfe: str
    gruppe: str
    bild: str


def knoepfe(makros: Iterable[Makro]) -> list[Knopf]:
    """Return the buttons in the order of the ribbon: those of the catalogue, then those of the add-in itself."""
    daten = tomllib.loads((DESKTOP / "ribbon.toml").read_text(encoding="utf-8"))
    bilder = daten["bilder"]
    alle = []
    for m in makros:
        if m.symbol not in bilder:
            raise Baufehler(f"In addin/desktop/ribbon.toml fehlt ein Bild für das Symbol «{m.symbol}».")
        alle.append(Knopf(f"krs_{basic.name(m.name)}", m.knopf, m.hilfe, m.gruppe, bilder[m.symbol]))
    return [*alle, *(Knopf(**eigener) for eigener in daten["knopf"])]


def modul(makros: Iterable[Makro]) -> str:
    """Return the module KrsKnoepfe: one Sub a macro."""
    return "\n".join([KOPF, *(_sub(m.name) for m in makros)])


def _sub(makro: str) -> str:
    return f"""\
Public Sub krs_{basic.name(makro)}(control As IRibbonControl)
    KrsStarte {basic.text(makro)}
End Sub
"""


def ribbon(alle: Iterable[Knopf]) -> bytes:
    """Return customUI14.xml."""
    wurzel = etree.Element("customUI", nsmap={None: NAMENSRAUM})
    tab = etree.SubElement(
        etree.SubElement(etree.SubElement(wurzel, "ribbon"), "tabs"), "tab", id="krsTab", label="start.integration"
    )
    gruppen: dict[str, etree._Element] = {}
    for knopf in alle:
        if knopf.gruppe not in gruppen:
            gruppen[knopf.gruppe] = etree.SubElement(
                tab, "group", id=f"krsGruppe{len(gruppen) + 1}", label=knopf.gruppe
            )
        etree.SubElement(
            gruppen[knopf.gruppe],
            "button",
            id=f"{knopf.ruf}_knopf",
            label=knopf.text,
            imageMso=knopf.bild,
            size="large",
            screentip=knopf.text,
            supertip=knopf.hilfe,
            onAction=knopf.ruf,
        )
    return bytes(etree.tostring(wurzel, xml_declaration=True, encoding="UTF-8", standalone=True, pretty_print=True))
