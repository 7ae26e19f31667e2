"""Formats of our own in the sender's style part: appended, or found where they already are."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from krs.mappen.antwort.xmlteil import STILE, hole, ist_element, zaehle
from krs.mappen.lesen.zellen import namensraum

_TEILE = (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"))
Form = tuple[object, ...]


def uebernimm(ziel: etree._Element, quelle: etree._Element) -> tuple[list[int], list[int]]:
    """Take over all cell formats and conditional formats of one style part into another, in the same dialect.

    Number formats of our own are not needed: the sheet «Rückmeldung» holds nothing but text.

    Returns: for each cell format, and for each conditional format of `quelle`, its number in `ziel`.
    """
    karten = {attribut: _alle(ziel, quelle, behaelter) for attribut, behaelter in _TEILE}
    formate = []
    for xf in _kinder(quelle, "cellXfs"):
        neu = deepcopy(xf)
        for attribut, karte in karten.items():
            neu.set(attribut, str(karte[int(xf.get(attribut) or 0)]))
        neu.set("xfId", "0")
        formate.append(neu)
    return _fuege_an(ziel, "cellXfs", formate), _alle(ziel, quelle, "dxfs")


def _kinder(wurzel: etree._Element, behaelter: str) -> list[etree._Element]:
    gefunden = wurzel.find(namensraum(wurzel) + behaelter)
    return [] if gefunden is None else [k for k in gefunden if ist_element(k)]


def _alle(ziel: etree._Element, quelle: etree._Element, behaelter: str) -> list[int]:
    return _fuege_an(ziel, behaelter, [deepcopy(k) for k in _kinder(quelle, behaelter)])


def _fuege_an(ziel: etree._Element, behaelter: str, neue: list[etree._Element]) -> list[int]:
    """Append what is not there yet; return the number of each."""
    if not neue:
        return []
    nummern: dict[Form, int] = {}
    for nummer, kind in enumerate(_kinder(ziel, behaelter)):
        nummern.setdefault(_form(kind), nummer)
    ort, anzahl, ergebnis = hole(ziel, behaelter, STILE), len(_kinder(ziel, behaelter)), []
    for kind in neue:
        form = _form(kind)
        if form not in nummern:
            ort.append(kind)
            nummern[form], anzahl = anzahl, anzahl + 1
        ergebnis.append(nummern[form])
    zaehle(ort)
    return ergebnis


def _form(element: etree._Element) -> Form:
    """Return what makes two elements the same: names, attributes, children."""
    kinder = tuple(_form(k) for k in element if ist_element(k))
    return element.tag, tuple(sorted(element.items())), kinder
