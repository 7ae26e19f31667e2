"""Whether a field's value is what its cell shows: number format, colours, what lies over it (entwurf 6).

Only for files: who has the form open in Excel sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import islice

from lxml import etree

from krs.formulare.ahv import maskierte, ohne_ahv
from krs.formulare.eingabe import Eingabe, Kennung, Merkmal, Zelle
from krs.formulare.formular import formulare
from krs.formulare.kontext import benennung
from krs.formulare.typen import lesbar
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.adresse import Ecken, ecken, position
from krs.mappen.lesen.behaelter import teilname
from krs.mappen.lesen.formate import Stil, gleich
from krs.mappen.lesen.lage import Koepfe, beschriftungen
from krs.mappen.lesen.mappe import Mappe
from krs.mappen.lesen.zahlenformat import anders, farbe
from krs.mappen.lesen.zellen import Blatt

_TEXTE = ("text", "email")
_ZAHLEN = ("anzahl", "zahl", "betrag", "anteil")
_HOECHSTE_BEREICHE = 2_000  # of conditional formats; more no form has
_HOECHSTE_BILDER = 500
_BEDINGT = "eine bedingte Formatierung verbirgt den Wert oder zeigt ihn anders"
_STUECKE = "ein Teil davon ist durchgestrichen, hochgestellt oder unsichtbar"
_DARUEBER = "ein Bild oder ein Textfeld liegt darüber"
_NEIN = ("0", "false")
_ANKER = ("{*}twoCellAnchor", "{*}oneCellAnchor", "{*}absoluteAnchor")
_SPALTE, _ZEILE = 1_300_000, 200_000  # English Metric Units of a column and a row of a form, about
_RAND = (1, 1, 250, 30)  # where the labels of a form stand
_KUNDE = re.compile(
    rb"""<(?:\w{1,9}:)?ClientData\s[^<>]{0,200}?ObjectType\s{0,9}=\s{0,9}["'](\w{1,20})["'][^<>]{0,200}>"""
)
_ANKERTEXT = re.compile(rb"<(?:\w{1,9}:)?Anchor>([^<]{0,200})<")
_SICHTBAR = re.compile(rb"<(?:\w{1,9}:)?Visible\s{0,9}(?:/>|>(?!\s{0,9}[Ff]))")
_Mangel = tuple[str, tuple[tuple[str, str], ...]]


def ungezeigt(mappe: Mappe, eingabe: Eingabe) -> Iterator[Merkmal]:
    """Yield E-31, E-35, E-38 and E-39: cells that show something else than what is read from them, labels too.

    Raises: Abgewiesen: E-04, E-10.
    """
    form = next((f for f in formulare() if f.id == eingabe.kennung.formular), None)
    if form is None or eingabe.fehlende:
        return
    blaetter = {ohne_ahv(name): name for name in mappe.blaetter}
    seiten: dict[str, _Seite] = {}
    verschoben = {feld for m in eingabe.merkmale if m.code == "E-31" for feld in m.felder}
    for feld, art, zelle in _zellen(eingabe):
        if zelle.leer or zelle.fehler is not None:
            continue
        if zelle.blatt not in seiten:
            seiten[zelle.blatt] = _Seite(mappe, blaetter[zelle.blatt], eingabe.kennung)
        seite = seiten[zelle.blatt]
        schilder = () if feld in verschoben else seite.beschriftet(feld, art, zelle)
        for code, worte in (*seite.maengel(zelle, art), *schilder):
            name = (("feld", f"«{benennung(form.felder[feld])}»"), ("gelesen", lesbar(maskierte(zelle))))
            yield Merkmal(code, maskierte(zelle), (*name, *worte), (feld,))


def _zellen(eingabe: Eingabe) -> Iterator[tuple[str, str, Zelle]]:
    """Yield each cell that is read, with its field and its kind."""
    form = next(f for f in formulare() if f.id == eingabe.kennung.formular)
    for feld, zelle in eingabe.felder.items():
        yield feld, form.felder[feld].art, zelle
    for feld, zeilen in eingabe.listen.items():
        arten = [s.art for s in form.felder[feld].spalten]
        for zeile in zeilen:
            for art, zelle in zip(arten, zeile, strict=False):
                yield feld, art, zelle


class _Seite:
    """One sheet as it is seen."""

    def __init__(self, mappe: Mappe, name: str, kennung: Kennung) -> None:
        self._mappe, self._name, self._kennung = mappe, name, kennung
        self._blatt: Blatt = mappe.blatt(name)
        self._koepfe = Koepfe((kennung.formular, kennung.version), self._blatt)
        self._zellen = mappe.formate.zellen
        self._schilder: dict[str, tuple[bool, str]] = {}

    def maengel(self, zelle: Zelle, art: str) -> Iterator[_Mangel]:
        """Yield what is wrong with the look of a cell: code, and the words of its text."""
        c = self._blatt.stelle(zelle.adresse)
        stil = self._stil(c)
        if zeigt := anders(stil.code, zelle.wert, art):
            grund = f"das Zahlenformat «{ohne_ahv(stil.code)[:60]}»"
            yield "E-35", (("zeigt", ohne_ahv(zeigt)), ("grund", grund))
        elif stil.wiederholt:
            yield (
                "E-35",
                (
                    ("zeigt", f"«{lesbar(maskierte(zelle))}» mehrmals nebeneinander"),
                    ("grund", "die Ausrichtung «Ausfüllen»"),
                ),
            )
        if art in _TEXTE or (isinstance(zelle.wert, Decimal) and not zelle.wert):  # nobody misses a 0
            return
        if was := self._unlesbar(zelle, art, stil, c):
            yield "E-38", (("was", was),)
        if art in _ZAHLEN and self._ueberdeckt(zelle):
            yield "E-39", ()

    def beschriftet(self, feld: str, art: str, zelle: Zelle) -> Iterator[_Mangel]:
        """Yield what is wrong with the look of the label and the head of a field, as `maengel`."""
        for schild in beschriftungen(self._kennung, feld, self._blatt, self._koepfe, position(zelle.adresse)):
            if schild.adresse not in self._schilder:
                self._schilder[schild.adresse] = self._schild(schild)
            anders_, was = self._schilder[schild.adresse]
            if anders_:
                yield "E-31", ()
                return
            was = was or self._weg(position(schild.adresse), position(zelle.adresse))
            unwichtig = art in _TEXTE or (isinstance(zelle.wert, Decimal) and not zelle.wert)
            if was and not (unwichtig or (was == _DARUEBER and self._ueberdeckt(zelle))):
                yield "E-38", (("was", f"die Beschriftung in {schild.adresse} ist nicht zu lesen ({was})"),)

    def _schild(self, schild: Zelle) -> tuple[bool, str]:
        """Tell whether a label shows another text than its own, and why nobody reads it."""
        c = self._blatt.stelle(schild.adresse)
        stil = self._stil(c)
        was = self._unlesbar(schild, "anzahl", stil, c) or (_DARUEBER if self._ueberdeckt(schild) else "")
        return bool(anders(stil.code, schild.wert, "text")), was

    def _weg(self, schild: tuple[int, int], feld: tuple[int, int]) -> str:
        """Return why nobody sees a label; nothing where nobody sees the field either, which E-32 or E-33 says."""
        was = "" if self._blick(feld) else self._blick(schild)
        if was in ("Zeile", "Spalte"):
            return f"ihre {was} ist ausgeblendet"
        return f"sie liegt unter der verbundenen Zelle {was}" if was else ""

    def _blick(self, ort: tuple[int, int]) -> str:
        nah = ort[0] <= _RAND[2] and ort[1] <= _RAND[3]
        return (self._verborgen if nah else self._blatt.verborgen(((*ort, *ort),))).get(ort, "")

    @cached_property
    def _verborgen(self) -> Mapping[tuple[int, int], str]:
        return self._blatt.verborgen((_RAND,))

    def _stil(self, c: etree._Element | None) -> Stil:
        nummer = c.get("s") or "" if c is not None else ""
        n = int(nummer) if nummer.isdecimal() and len(nummer) < 9 else 0
        return self._zellen[n] if n < len(self._zellen) else self._zellen[0]

    # --- nobody can read it ---------------------------------------------------------------------
    def _unlesbar(self, zelle: Zelle, art: str, stil: Stil, c: etree._Element | None) -> str:
        stil = stil._replace(schrift=farbe(stil.code, zelle.wert) or stil.schrift)
        if stil.unlesbar:
            return stil.unlesbar
        if art in _ZAHLEN and isinstance(zelle.wert, str) and c is not None and self._gestueckelt(stil, c):
            return _STUECKE
        ort = position(zelle.adresse)
        treffend = (regel for regel, bereiche in self._bedingt if any(_enthaelt(b, ort) for b in bereiche))
        return _BEDINGT if any(self._verbirgt(regel, stil, zelle, art) for regel in treffend) else ""

    def _gestueckelt(self, stil: Stil, c: etree._Element) -> bool:
        """Tell whether a text that counts as a number has digits that nobody reads."""
        v = c.find("{*}v")
        text = self._mappe.textelement(int(v.text or 0)) if c.get("t") == "s" and v is not None else c
        for e in text.iter("{*}rPr"):
            if e.find("{*}vertAlign") is not None:
                return True
            schrift, mangel = self._mappe.formate.leser.schrift(e)
            if mangel or gleich(schrift, stil.fuellung):
                return True
        return False

    @cached_property
    def _bedingt(self) -> list[tuple[etree._Element, list[Ecken]]]:
        """The conditional formats with their ranges, those of newer versions too. Raises: Abgewiesen: E-10."""
        regeln, anzahl = [], 0
        bloecke = self._blatt.kinder("conditionalFormatting")
        bloecke += [e for x in self._blatt.kinder("extLst") for e in x.iter("{*}conditionalFormatting")]
        for e in bloecke:
            sqref = e.get("sqref") or next((s.text or "" for s in e.iter("{*}sqref")), "")
            bereiche = [b for teil in sqref.split() if (b := ecken(teil))]
            anzahl += len(bereiche) + 1
            if anzahl > _HOECHSTE_BEREICHE:
                raise Abgewiesen("E-10", grund="sie enthält zu viele bedingte Formate")
            regeln += [(regel, bereiche) for regel in e.iterchildren("{*}cfRule")]
        return regeln

    def _verbirgt(self, regel: etree._Element, stil: Stil, zelle: Zelle, art: str) -> bool:
        formate = self._mappe.formate
        if any(e.get("showValue") in _NEIN for name in ("dataBar", "iconSet") for e in regel.iterfind(f"{{*}}{name}")):
            return True
        nummer, eigen = regel.get("dxfId") or "", regel.find("{*}dxf")
        if eigen is not None:
            neu = formate.leser.bedingt(eigen)
        elif nummer.isdecimal() and len(nummer) < 9 and int(nummer) < len(formate.bedingt):
            neu = formate.bedingt[int(nummer)]
        else:
            return any(gleich(stil.schrift, formate.leser.farbe(e)) for e in regel.iterfind("{*}colorScale/{*}color"))
        if neu.mangel or (neu.code and anders(neu.code, zelle.wert, art)):
            return True
        return gleich(farbe(neu.code, zelle.wert) or neu.schrift or stil.schrift, neu.fuellung or stil.fuellung)

    # --- something lies over it --------------------------------------------------------------------
    def _ueberdeckt(self, zelle: Zelle) -> bool:
        ort = position(zelle.adresse)
        return any(_enthaelt(b, ort) for b in self._bilder)

    @cached_property
    def _bilder(self) -> list[Ecken]:
        """The cells that lie wholly or in part under a picture, a shape or a text box."""
        flaechen: list[Ecken] = []
        teil = self._mappe.blaetter[self._name]
        ids = {str(v) for e in self._blatt.kinder("drawing") for k, v in e.items() if str(k).endswith("}id")}
        alte = {str(v) for e in self._blatt.kinder("legacyDrawing") for k, v in e.items() if str(k).endswith("}id")}
        for b in self._mappe.behaelter.beziehungen(teil) if ids | alte else ():
            if b.id in ids and not b.extern:
                anker = self._mappe.behaelter.baum(b.ziel).iter(*_ANKER)
                flaechen += [_flaeche(a) for a in anker]
            elif b.id in alte and not b.extern:
                flaechen += _notizen(self._mappe.behaelter.roh(teilname(b.ziel)))
        return flaechen[:_HOECHSTE_BILDER]


def _enthaelt(b: Ecken, ort: tuple[int, int]) -> bool:
    return b[0] <= ort[0] <= b[2] and b[1] <= ort[1] <= b[3]


def _flaeche(anker: etree._Element) -> Ecken:
    """Return the cells under a drawing (1-based); a margin of its last row or column that it only touches is free.

    A drawing that hangs on no cell may lie over any.
    """
    if str(anker.tag).endswith("}absoluteAnchor"):
        return 1, 1, _ZEILE, _SPALTE
    oben, links = _ort(anker, "from")[:2]
    if anker.find("{*}to") is not None:
        unten, rechts, dy, dx = _ort(anker, "to")
        return oben, links, unten - (dy <= 0), rechts - (dx <= 0)
    masse = anker.find("{*}ext")
    breit, hoch = (_zahl(masse.get(k)) if masse is not None else 0 for k in ("cx", "cy"))
    return oben, links, oben + hoch // _ZEILE, links + breit // _SPALTE


def _notizen(vml: bytes) -> Iterator[Ecken]:
    """Yield the cells under notes that are always shown, and under shapes and controls of the old kind."""
    for kunde in islice(_KUNDE.finditer(vml), _HOECHSTE_BILDER):
        art, daten = kunde[1], vml[kunde.end() : kunde.end() + 5_000].partition(b"ClientData>")[0]
        anker = _ANKERTEXT.search(daten)
        if anker and (art != b"Note" or _SICHTBAR.search(daten)):
            zahlen = [_zahl(t.decode("ascii", "replace").strip()) for t in anker[1].split(b",")]
            links, _, oben, _, rechts, dx, unten, dy = (*zahlen, *[0] * 8)[:8]
            yield oben + 1, links + 1, unten + (dy > 0), rechts + (dx > 0)


def _ort(anker: etree._Element, was: str) -> tuple[int, int, int, int]:
    row, col, dy, dx = (_zahl(anker.findtext(f"{{*}}{was}/{{*}}{k}")) for k in ("row", "col", "rowOff", "colOff"))
    return row + 1, col + 1, dy, dx


def _zahl(text: str | None) -> int:
    return int(text) if text and text.strip().lstrip("-").isdecimal() and len(text) < 12 else 0
