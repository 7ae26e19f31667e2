"""The styles of a workbook: the number formats, colours and ways of writing that its cells name by number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from lxml import etree

from krs.formulare.ahv import ohne_ahv
from krs.mappen.lesen.behaelter import KLEIN, Behaelter

_HOECHSTES_DESIGN = 100_000  # bytes that are looked at
_EINGEBAUT = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)",
    48: "##0.0E+0", 49: "@",
    **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), "dd.mm.yyyy"),
}  # fmt: skip
_DESIGN = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
_IM_DESIGN = re.compile(
    rb"<(?:\w{1,9}:)?(lt1|dk1|lt2|dk2|accent[1-6]|hlink|folHlink)>\s{0,99}<[^<>]{0,99}?"
    rb'(?:lastClr|srgbClr val)="([0-9A-Fa-f]{6})"'
)
_HELL, _DUNKEL = "FFFFFF", "000000"
_GRUND = "000000FFFFFFFF000000FF000000FFFFFF00FF00FF00FFFF"
_PALETTE = re.findall(
    ".{6}",
    f"{_GRUND}{_GRUND}"
    "800000008000000080808000800080008080C0C0C08080809999FF993366FFFFCCCCFFFF660066FF80800066CCCCCCFF"
    "000080FF00FFFFFF0000FFFF8000808000000080800000FF00CCFFCCFFFFCCFFCCFFFF9999CCFFFF99CCCC99FFFFCC99"
    "3366FF33CCCC99CC00FFCC00FF9900FF6600666699969696003366339966003300333300993300993366333399333333"
    "000000FFFFFF",  # those of the window
)
_ABSTAND = 48  # of 255; closer in red, green and blue no eye tells two colours apart on paper
_KLEINSTE = 3.0  # points
_NEIN = ("0", "false", "none")
_ZEICHEN = re.compile(r"(wing|web|zapf ?)?dings|(zapf ?)?dingbats|symbol|marlett|bookshelf symbol|mt extra|ms outlook")
_SYMBOLE = "2"  # the character set of fonts without letters
_Wert = TypeVar("_Wert")


class Stil(NamedTuple):
    """How a cell is shown: number format, colours (nothing: nobody knows), and what else makes it unreadable."""

    code: str = "General"
    schrift: str = _DUNKEL
    fuellung: str = _HELL
    mangel: str = ""
    wiederholt: bool = False

    @property
    def unlesbar(self) -> str:
        """Why nobody reads the cell; nothing where everybody can."""
        return self.mangel or (
            "Schrift und Füllung haben dieselbe Farbe" if gleich(self.schrift, self.fuellung) else ""
        )


class Formate(NamedTuple):
    """The styles of the cells, and those of conditional formats: what these leave open is empty."""

    zellen: tuple[Stil, ...]
    bedingt: tuple[Stil, ...]
    leser: Stilleser


@lru_cache(1000)
def gleich(a: str, b: str) -> bool:
    """Tell whether two colours look the same; False where one is not known."""
    paare = zip(*(bytes.fromhex(f) for f in (a, b)), strict=True) if a and b else [(0, 255)]
    return all(abs(x - y) <= _ABSTAND for x, y in paare)


def formate(teile: Behaelter, teil: str, design: str) -> Formate:
    """Return the styles of a workbook.

    Args:
        teile: its parts.
        teil: the part of its styles, «» for none.
        design: the part of its theme.
    Raises: Abgewiesen: E-04, E-10.
    """
    daten = teile.roh(teil.lower()) or b"<styleSheet/>"  # without styles all is «General», black on white
    farben = teile.roh(design.lower())[:_HOECHSTES_DESIGN]
    if len(daten) < KLEIN:
        try:
            return _gemerkt(daten, farben)
        except (etree.XMLSyntaxError, ValueError):
            pass  # the gate says what is wrong with it
    return Stilleser(teile.baum(teil), farben).formate()


@lru_cache(100)  # most forms have the same
def _gemerkt(daten: bytes, design: bytes) -> Formate:
    wurzel = etree.fromstring(daten, Behaelter.PARSER)
    if wurzel.getroottree().docinfo.internalDTD is not None:
        raise ValueError
    return Stilleser(wurzel, design).formate()


class Stilleser:
    """Colours and ways of writing, as the palette and the theme of one workbook have them."""

    def __init__(self, wurzel: etree._Element, design: bytes) -> None:
        self._wurzel = wurzel
        self._design = {k.decode(): v.decode() for k, v in _IM_DESIGN.findall(design)}
        eigene = (e.get("rgb") or "" for e in self._alle("colors", "indexedColors", "rgbColor"))
        self._palette = [e[-6:] for e in eigene] or _PALETTE[:64]
        self._palette += _PALETTE[len(self._palette) :]
        self._codes = {e.get("numFmtId"): e.get("formatCode") or "" for e in self._alle("numFmts", "numFmt")}

    def _alle(self, *namen: str) -> list[etree._Element]:
        return self._wurzel.findall("/".join(f"{{*}}{n}" for n in namen))

    def formate(self) -> Formate:
        """Return all styles."""
        schriften = [self.schrift(e) for e in self._alle("fonts", "font")]
        fuellungen = [self._fuellung(e) for e in self._alle("fills", "fill")]
        zellen = []
        for xf in self._alle("cellXfs", "xf"):
            schrift, mangel = _von(schriften, xf.get("fontId"), (_DUNKEL, ""))
            fuellung = _von(fuellungen, xf.get("fillId"), _HELL)
            ausrichtung = xf.find("{*}alignment")
            wiederholt = ausrichtung is not None and ausrichtung.get("horizontal") == "fill"
            zellen.append(Stil(self._code(xf.get("numFmtId")), schrift, fuellung, mangel, wiederholt))
        bedingt = tuple(map(self.bedingt, self._alle("dxfs", "dxf")))
        return Formate(tuple(zellen) or (Stil(),), bedingt, self)

    def _code(self, kennung: str | None) -> str:
        if kennung in self._codes:
            return self._codes[kennung]
        nummer = int(kennung) if kennung and kennung.isdecimal() and len(kennung) < 9 else 0
        return _EINGEBAUT.get(nummer, "General")

    def bedingt(self, e: etree._Element) -> Stil:
        """Return what a conditional format changes; the rest is empty."""
        schrift, fuellung, code = (e.find(f"{{*}}{n}") for n in ("font", "fill", "numFmt"))
        farbe, mangel = ("", "") if schrift is None else self.schrift(schrift, "")
        grund = "" if fuellung is None else self._fuellung(fuellung, bedingt=True)
        return Stil("" if code is None else code.get("formatCode") or "", farbe, grund, mangel)

    def schrift(self, e: etree._Element, sonst: str = _DUNKEL) -> tuple[str, str]:
        """Return the colour of a way of writing, and what makes it unreadable."""
        durch, groesse = e.find("{*}strike"), e.find("{*}sz")
        mangel = ""
        if durch is not None and durch.get("val", "1") not in _NEIN:
            mangel = "die Schrift ist durchgestrichen"
        elif groesse is not None and _zahl(groesse.get("val"), 10) < _KLEINSTE:
            mangel = "die Schrift ist zu klein"
        elif (name := _ohne_ziffern(e)) is not None:
            mangel = f"die Schrift «{name}» zeigt andere Zeichen"
        return self.farbe(e.find("{*}color"), sonst), mangel

    def _fuellung(self, e: etree._Element, bedingt: bool = False) -> str:
        muster = e.find("{*}patternFill")
        if muster is None:  # a gradient
            return _eine([self.farbe(e) for e in e.iterfind("{*}gradientFill/{*}stop/{*}color")])
        art = muster.get("patternType", "solid" if bedingt else "none")
        if art not in ("solid", "none"):
            return _eine([self.farbe(muster.find("{*}fgColor"), _DUNKEL), self.farbe(muster.find("{*}bgColor"), _HELL)])
        vorne = muster.find("{*}bgColor" if bedingt else "{*}fgColor")
        return _HELL if art == "none" else self.farbe(vorne, _HELL)

    def farbe(self, e: etree._Element | None, sonst: str = "") -> str:
        """Return a colour, «» where nobody knows."""
        if e is None:
            return sonst
        rgb, design, nummer = e.get("rgb") or "", e.get("theme"), e.get("indexed")
        if re.fullmatch(r"(?:[0-9A-Fa-f]{2})?[0-9A-Fa-f]{6}", rgb):
            farbe = rgb[-6:]
        elif design and design.isdecimal():
            name = _von(_DESIGN, design, "")
            farbe = self._design.get(name, {"lt1": _HELL, "dk1": _DUNKEL}.get(name, ""))
        else:
            farbe = _von(self._palette, nummer, sonst) if nummer else sonst
        return _getoent(farbe, _zahl(e.get("tint"), 0)) if re.fullmatch("[0-9A-Fa-f]{6}", farbe) else ""


def _ohne_ziffern(schrift: etree._Element) -> str | None:
    """Return the name of a font that shows pictures for digits, as Wingdings; None for others."""
    namen = (n for e in schrift if str(e.tag).endswith(("}name", "}rFont")) and (n := e.get("val")))
    name, satz = next(namen, ""), schrift.find("{*}charset")
    zeichen = _ZEICHEN.match(name.strip().casefold()) or (satz is not None and satz.get("val") == _SYMBOLE)
    return ohne_ahv(name)[:60] if zeichen else None


def _eine(farben: list[str]) -> str:
    """Return the colour of a pattern or gradient; nothing where it has more than one."""
    return farben[0] if farben and all(gleich(farben[0], f) for f in farben) else ""


def _von(liste: Sequence[_Wert], nummer: str | None, sonst: _Wert) -> _Wert:
    """Return what a number names, the first where there is none."""
    n = int(nummer) if nummer and nummer.isdecimal() and len(nummer) < 9 else 0 if nummer is None else -1
    return liste[n] if 0 <= n < len(liste) else sonst


def _zahl(text: str | None, sonst: float) -> float:
    try:
        return float(text or sonst)
    except ValueError:
        return sonst


def _getoent(farbe: str, um: float) -> str:
    """Return a colour made darker (below 0) or lighter, as near as an eye needs it."""
    if not -1 <= um <= 1:
        return farbe
    return "".join(f"{round(w * (1 + um) if um < 0 else w + (255 - w) * um):02X}" for w in bytes.fromhex(farbe))
