"""Fill in a template as a person would: values typed into the entry cells, nothing else changed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape

from krs.formulare.eingabe import NULLTAG
from krs.formulare.formular import formular
from krs.mappen.gestalt.stile import ZEITPUNKT
from krs.mappen.vorlage.aufbau import LABEL, Platz
from krs.mappen.vorlage.stempel import blattnamen
from krs.mappen.vorlage.vorlage import vorlage

Wert = object


@dataclass(frozen=True, slots=True)
class Getippt:
    """A typed formula with its cached value; `wert` None: no result was saved; `fehler`: `#REF!`."""

    formel: str
    wert: int | None = None
    fehler: str = ""


def fuelle(daten: bytes, kennung: str, version: str, werte: Mapping[str, Wert], verbund: str = "") -> bytes:
    """Return the form with values in its cells.

    Args:
        daten: a stamped template of form `kennung` in `version`.
        werte: field key → value; for a list field a sequence of rows.
        verbund: cells that somebody merged, `C21:C22`.
    """
    plan = vorlage(kennung, version).plan
    zellen: dict[str, Wert] = {}
    for schluessel, wert in werte.items():
        if schluessel in plan.listen:
            zellen |= _liste(plan.listen[schluessel][0], wert)
        else:
            zellen[plan.adresse(schluessel)] = wert
    puffer = BytesIO()
    with zipfile.ZipFile(BytesIO(daten)) as quelle, zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as ziel:
        haupt, kenn = blattnamen(quelle, formular(kennung).blatt)
        getippt = {haupt: zellen, kenn: {}}
        for name in quelle.namelist():
            inhalt = quelle.read(name)
            neu = _tippen(inhalt, getippt[name]) if name in getippt else inhalt
            if name == haupt and verbund:
                neu = _verbinden(neu, verbund)
            ziel.writestr(zipfile.ZipInfo(name, ZEITPUNKT), neu, zipfile.ZIP_DEFLATED)
    return puffer.getvalue()


def _liste(erste: int, zeilen: object) -> dict[str, Wert]:
    assert isinstance(zeilen, Sequence)
    return {
        Platz(erste + z, LABEL + s, LABEL + s).adresse: wert
        for z, zeile in enumerate(zeilen)
        for s, wert in enumerate(zeile)
        if wert is not None
    }


def _tippen(xml: bytes, zellen: Mapping[str, Wert]) -> bytes:
    def ersetze(treffer: re.Match[bytes]) -> bytes:
        adresse = treffer.group(1).decode()
        if adresse not in zellen:
            return _ERGEBNIS.sub(b"", treffer.group()) if b"<f>" in treffer.group() else treffer.group()
        return b'<c r="%s"%s%s' % (treffer.group(1), treffer.group(2) or b"", _inhalt(zellen[adresse]))

    return re.sub(rb'<c r="([A-Z]+\d+)"( s="\d+")?(?:[^>]*/>|[^>]*>.*?</c>)', ersetze, xml)


def _verbinden(xml: bytes, verbund: str) -> bytes:
    mehr = re.sub(rb'<mergeCells count="(\d+)"', lambda t: b'<mergeCells count="%d"' % (int(t[1]) + 1), xml)
    return mehr.replace(b"</mergeCells>", f'<mergeCell ref="{verbund}"/></mergeCells>'.encode())


_ERGEBNIS = re.compile(rb' t="str"|<v>.*?</v>')  # stale once something is typed: whoever opens the file computes it


def _inhalt(wert: Wert) -> bytes:
    if isinstance(wert, Getippt):
        formel = f"<f>{escape(wert.formel)}</f>" if wert.formel else ""
        if wert.fehler:
            return f' t="e">{formel}<v>{wert.fehler}</v></c>'.encode()
        zahl = f"<v>{wert.wert}</v>" if wert.wert is not None else ""
        return f">{formel}{zahl}</c>".encode()
    if isinstance(wert, bool):
        return b' t="b"><v>%d</v></c>' % wert
    if isinstance(wert, date):
        return b"><v>%d</v></c>" % (wert - NULLTAG).days
    if isinstance(wert, (int, Decimal)):
        return f"><v>{wert}</v></c>".encode()
    text = escape(str(wert))
    return f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'.encode()
