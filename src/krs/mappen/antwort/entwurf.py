"""The parts to be grafted, drawn by XlsxWriter into a workbook of its own: known to open everywhere."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from lxml import etree
from xlsxwriter.worksheet import Worksheet

from krs.formulare.befund import Befund, Stufe
from krs.mappen.antwort.blatt import MARKEN, Ziel, zeichne
from krs.mappen.antwort.notizen import KOPF
from krs.mappen.antwort.paket import TRANSITIONAL
from krs.mappen.gestalt import stile
from krs.mappen.gestalt.schrift import hoehe, zeilen
from krs.mappen.gestalt.stile import Mappe
from krs.mappen.lesen.adresse import position
from krs.mappen.lesen.zellen import namensraum
from krs.schreiben.rueckmeldung import Rueckmeldung, aufforderung, gelesen, klausel

Marken = Mapping[str, Sequence[Befund]]  # cell → its Befunde
_NS = f"{{{TRANSITIONAL}}}"
_ROT, _GELB = stile.MARKEN["rot"], stile.MARKEN["gelb"]
_ZELLMARKEN = {  # a Hinweis keeps the yellow of a cell to fill in: grey would look locked
    Stufe.FEHLER: {**_ROT, "border": 1, "border_color": _ROT["font_color"]},
    Stufe.RUECKFRAGE: {**_GELB, "bg_color": "#FFD966", "border": 1, "border_color": _GELB["font_color"]},
    Stufe.HINWEIS: {"border": 3, "border_color": stile.TEXT},
}
_BREITE, _ZEICHEN = 340, 46  # of a note: px, and characters on a line
_SPALTEN, _ZEILEN = 60, 25  # how far a note may reach
_LAENGSTER_AUTOR = 52


@dataclass(frozen=True, slots=True)
class Entwurf:
    """The drawn parts: the sheet with its strings inside, the styles, and notes with boxes per marked sheet."""

    blatt: bytes
    stile: bytes
    kopfzeile: int
    farben: Mapping[Stufe, int]  # the conditional format of each Stufe, by its number in `stile`
    notizen: tuple[tuple[bytes, bytes], ...]


def entwirf(r: Rueckmeldung, absender: str, ziel: Ziel, marken: Sequence[tuple[etree._Element, Marken]]) -> Entwurf:
    """Return the parts for one feedback.

    Args:
        ziel: leads from a Befund to its cell.
        marken: each marked sheet of the sender with its marked cells.
    """
    mappe = Mappe("")
    kopfzeile = zeichne(mappe, r, absender, ziel)
    for nummer, (wurzel, zellen) in enumerate(marken, 1):
        blatt = mappe.buch.add_worksheet(str(nummer))
        _masse(blatt, wurzel, zellen)
        for adresse, befunde in zellen.items():
            text = _notiz(befunde)
            hoch = sum(zeilen(absatz, _ZEICHEN, 9) for absatz in text.split("\n"))
            masse = {"width": _BREITE, "height": round(hoehe(hoch + 1, 9) * 96 / 72)}
            schrift = {"author": absender[:_LAENGSTER_AUTOR], "font_name": "Arial", "font_size": 9}
            blatt.write_comment(adresse, text, {**masse, **schrift})
    _farben(mappe)
    with zipfile.ZipFile(BytesIO(mappe.bytes())) as zip_:
        farben = _nummern(zip_.read(f"xl/worksheets/sheet{len(marken) + 2}.xml"))
        n = range(1, len(marken) + 1)
        kommentare = (_mit_kopf(zip_.read(f"xl/comments{i}.xml")) for i in n)
        notizen = tuple(zip(kommentare, (zip_.read(f"xl/drawings/vmlDrawing{i}.vml") for i in n), strict=True))
        blattxml = _mit_texten(zip_.read("xl/worksheets/sheet1.xml"), zip_.read("xl/sharedStrings.xml"))
        return Entwurf(blattxml, zip_.read("xl/styles.xml"), kopfzeile, farben, notizen)


def _farben(mappe: Mappe) -> None:
    """Draw the marks of cells, to be seen beside the pale yellow of a form's own cells."""
    blatt = mappe.buch.add_worksheet("Farben")
    for zeile, stufe in enumerate(MARKEN):
        format_ = mappe.buch.add_format(_ZELLMARKEN[stufe])
        blatt.conditional_format(zeile, 0, zeile, 0, {"type": "formula", "criteria": "=TRUE", "format": format_})


def _nummern(blatt: bytes) -> dict[Stufe, int]:
    regeln = etree.fromstring(blatt).iter(_NS + "cfRule")
    return {stufe: int(regel.get("dxfId") or 0) for stufe, regel in zip(MARKEN, regeln, strict=True)}


def _notiz(befunde: Sequence[Befund]) -> str:
    """Return the text of a note: per Befund its kind, what was read, what to do, clause and code."""
    absaetze = [KOPF]
    for b in befunde:
        absaetze.append(f"{b.stufe}: {aufforderung(b)}\nGelesen: {gelesen(b)} ({klausel(b)})")
    return "".join(z for z in "\n".join(absaetze) if z.isprintable() or z == "\n")


def _masse(blatt: Worksheet, wurzel: etree._Element, zellen: Marken) -> None:
    """Give a scratch sheet the columns and rows of the sender's: the size of a note hangs on them."""
    ns = namensraum(wurzel)
    for spalte in wurzel.iter(ns + "col"):
        von, bis, breite = (spalte.get(n) or "" for n in ("min", "max", "width"))
        if von.isdecimal() and bis.isdecimal() and 0 < int(von) <= _SPALTEN and _zahl(breite) is not None:
            blatt.set_column(int(von) - 1, min(int(bis), _SPALTEN) - 1, _zahl(breite))
    gebraucht = {z + n for z, _ in map(position, zellen) for n in range(-2, _ZEILEN)}
    for zeile in wurzel.iter(ns + "row"):
        nummer, hoch = zeile.get("r") or "", _zahl(zeile.get("ht") or "")
        if nummer.isdecimal() and int(nummer) in gebraucht and hoch is not None:
            blatt.set_row(int(nummer) - 1, hoch)


def _zahl(text: str) -> float | None:
    try:
        zahl = float(text)
    except ValueError:
        return None
    return zahl if 0 < zahl <= 409 else None  # the greatest height of a row; a width is at most 255


def _mit_kopf(kommentare: bytes) -> bytes:
    """Set the first line of each note in bold, as a run of its own."""
    wurzel = etree.fromstring(kommentare)
    for text in wurzel.iter(_NS + "text"):
        lauf = text.find(_NS + "r")
        if lauf is not None:
            kopf = etree.fromstring(etree.tostring(lauf))
            _setze_text(kopf, KOPF + "\n")
            _setze_text(lauf, (lauf.findtext(_NS + "t") or "").removeprefix(KOPF + "\n"))
            kopf[0].insert(0, etree.Element(_NS + "b"))
            text.insert(0, kopf)
    return etree.tostring(wurzel, encoding="UTF-8", xml_declaration=True, standalone=True)


def _setze_text(lauf: etree._Element, text: str) -> None:
    t = lauf.find(_NS + "t")
    assert t is not None
    t.text = text
    t.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _mit_texten(blatt: bytes, texte: bytes) -> bytes:
    """Return the sheet with its strings in the cells: the sender's table of strings stays untouched."""
    tabelle = etree.fromstring(texte).findall(_NS + "si")
    wurzel = etree.fromstring(blatt)
    for c in wurzel.iter(_NS + "c"):
        if c.get("t") == "s":
            nummer = int(c.findtext(_NS + "v") or 0)
            c.remove(c[0])
            c.set("t", "inlineStr")
            inhalt = etree.SubElement(c, _NS + "is")
            inhalt.extend(etree.fromstring(etree.tostring(k)) for k in tabelle[nummer])
    return etree.tostring(wurzel, encoding="UTF-8", xml_declaration=True, standalone=True)
