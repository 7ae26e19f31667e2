"""What a number format makes of a value: the digits that the sheet shows, and whether they are the value (entwurf 6).

Rendered as Excel does it, as far as counts, amounts, shares and days go; what cannot be told shows something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from krs.formulare.eingabe import Rohwert
from krs.formulare.typen import normal

NICHTS, TAG, UNKLAR = "nichts", "ein Datum oder eine Zeit", "etwas anderes"
_LAENGSTES = 255  # characters of a format; Excel takes no more
_STELLEN = 40  # places of a number; more shows nobody
_STUECK = re.compile(
    r'"([^"]*)"?|\\(.)|_(.)|\*(.)|\[([^\]]*)\]|(general|standard)|(e[+-])|(am/pm|a/p)|(.)', re.DOTALL | re.IGNORECASE
)
_BEDINGUNG = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_WAEHRUNG = re.compile(r"\$([^-]*)(?:-(.*))?", re.DOTALL)
_W = r"(?:S?Fr\.?|CHF|Franken)"
_E = r"(?:Pers(?:\.|onen)?|Gespräche?|Einsätze?|Familien|Gruppen|Std\.?|Stunden|h|Stk\.?|Stück)"
# The shown number as somebody reads it: with marks between thousands, «%», its currency or what is counted.
_ZAHL = re.compile(rf"(?:{_W} ?)?['’]?(\d[\d'’ ]*?)?(?:\.(\d*)|[.,][-–—]+)? ?(%)?(?: ?(?:{_W}|{_E}))?", re.IGNORECASE)
_NULL = re.compile(rf"(?:{_W} ?)?[-–—.]*(?: ?{_W})?", re.IGNORECASE)
_FARBEN = {
    "black": "000000", "white": "FFFFFF", "red": "FF0000", "green": "00FF00", "blue": "0000FF", "yellow": "FFFF00",
    "magenta": "FF00FF", "cyan": "00FFFF",
}  # fmt: skip
_NUMMERN = dict(enumerate(_FARBEN.values(), 1))  # [Color1] to [Color8]


class _Stueck(NamedTuple):
    """One piece: text, (n) a place for a digit, (d) of a day, (g) General, (c) colour, (l) language, (if), itself."""

    art: str
    text: str = ""


def farbe(code: str, wert: Rohwert) -> str:
    """Return the colour that a format gives to a value, `FFFFFF`; nothing where it gives none."""
    stuecke = _abschnitt(code, wert) if "[" in code else ()
    return next((s.text for s in stuecke if s.art == "c"), "")


@lru_cache(5000)
def anders(code: str, wert: Rohwert, art: str) -> str:
    """Return what a format shows where that is not the value; nothing where it is.

    Args:
        code: the format.
        wert: what the cell holds.
        art: the kind of field.

    >>> anders("#,##0", Decimal(3000), "anzahl"), anders('0"0"', Decimal(5), "anzahl"), anders(";;;", "Ja", "ja_nein")
    ('', '«50»', 'nichts')
    """
    if len(code) > _LAENGSTES:
        return UNKLAR
    stuecke = _abschnitt(code, wert)
    if isinstance(wert, (str, bool)):
        return _text_anders(stuecke, wert if isinstance(wert, str) else "WAHR")
    if isinstance(wert, date):
        return _tag_anders(stuecke)
    return _zahl_anders(stuecke, wert, art) if isinstance(wert, Decimal) and wert >= 0 else ""


# --- the pieces of a format ---------------------------------------------------------------------
def _stuecke(code: str) -> Iterator[_Stueck]:
    for m in _STUECK.finditer(code):
        zitat, masken, breite, fuellung, klammer, allgemein, exponent, uhr, zeichen = m.groups()
        if zitat is not None or masken:
            yield _Stueck("t", zitat or masken or "")
        elif breite:
            yield _Stueck("t", " ")
        elif fuellung:
            yield _Stueck("t", 2 * fuellung if fuellung.isalnum() or fuellung == "-" else " ")
        elif klammer is not None:
            yield _klammer(klammer)
        elif allgemein or exponent or uhr:
            yield _Stueck("g" if allgemein else "E" if exponent else "d")
        else:
            yield _zeichen(zeichen)


def _zeichen(zeichen: str) -> _Stueck:
    if zeichen in "0#?":
        return _Stueck("n", zeichen)
    if zeichen in ".,%/@;":
        return _Stueck(zeichen)
    return _Stueck("d" if zeichen.lower() in "dmyhsbegr" else "t", zeichen)


def _klammer(inhalt: str) -> _Stueck:
    klein = inhalt.lower()
    if bedingung := _BEDINGUNG.fullmatch(inhalt.strip()):
        return _Stueck("if", " ".join(bedingung.groups()))
    if waehrung := _WAEHRUNG.fullmatch(inhalt):
        zeit = (waehrung[2] or "").upper() in ("F800", "F400")
        return _Stueck("d") if zeit else _Stueck("t" if waehrung[1] else "l", waehrung[1])
    if klein and not klein.strip("hms"):
        return _Stueck("d")
    nummer = klein.removeprefix("color").strip()
    bunt = _FARBEN.get(klein) or (_NUMMERN.get(int(nummer)) if nummer.isascii() and nummer.isdigit() else None)
    if bunt or klein.startswith("color"):
        return _Stueck("c", bunt or "")
    return _Stueck("t", "?")  # digits of another script, or nobody knows


@lru_cache(1000)
def _abschnitte(code: str) -> tuple[tuple[_Stueck, ...], ...]:
    alle: list[list[_Stueck]] = [[]]
    for s in _stuecke(code):
        if s.art == ";":
            alle.append([])
        else:
            vorne = all(v.art in ("c", "if", "l") for v in alle[-1])
            alle[-1].append(s if s.art != "l" or vorne else _Stueck("t", "?"))  # a language counts in front only
    return tuple(map(tuple, alle))


def _abschnitt(code: str, wert: Rohwert) -> tuple[_Stueck, ...]:
    """Return the section of a format that is for a value."""
    abschnitte = _abschnitte(code)
    zahlen, texte = abschnitte[:3], abschnitte[3:4]
    if not texte and any(s.art == "@" for s in zahlen[-1]):
        zahlen, texte = zahlen[:-1], zahlen[-1:]
    if isinstance(wert, (str, bool)):
        return texte[0] if texte else (_Stueck("@"),)
    if not zahlen or not code:
        return (_Stueck("g"),)
    if any(s.art == "@" for a in zahlen for s in a):  # in front of others: nobody knows
        return (_Stueck("t", "?"),)
    zahl = wert if isinstance(wert, Decimal) else Decimal(45_000)
    return next((a for n, a in enumerate(zahlen) if _gilt(a, n, len(zahlen), zahl)), zahlen[-1])


def _gilt(abschnitt: tuple[_Stueck, ...], nummer: int, anzahl: int, wert: Decimal) -> bool:
    if bedingung := next((s.text for s in abschnitt if s.art == "if"), ""):
        wie, grenze = bedingung.split(" ")
        vergleich = {"<": wert < Decimal(grenze), ">": wert > Decimal(grenze), "=": wert == Decimal(grenze)}
        return (not vergleich["="]) if wie == "<>" else any(vergleich[z] for z in wie)
    if nummer == 0:
        return wert > 0 or (wert == 0 and anzahl < 3)
    return wert < 0 if nummer == 1 and anzahl == 3 else nummer == anzahl - 1


# --- what it shows ------------------------------------------------------------------------------
def _gesagt(text: str) -> str:
    return f"«{text[:40]}»" if text else NICHTS


def _text_anders(stuecke: tuple[_Stueck, ...], wert: str) -> str:
    gezeigt = normal("".join(wert if s.art in "@g" else s.text for s in stuecke if s.art in "@gt"))
    return "" if gezeigt == normal(wert) else _gesagt(gezeigt)


def _tag_anders(stuecke: tuple[_Stueck, ...]) -> str:
    arten = {s.art for s in stuecke}
    text = normal("".join(s.text for s in stuecke if s.art == "t"))
    if arten.isdisjoint("dng@"):
        return _gesagt(text)
    return UNKLAR if re.search(r"\d", text) else ""


def _zahl_anders(stuecke: tuple[_Stueck, ...], wert: Decimal, art: str) -> str:
    if any(s.art == "d" for s in stuecke):
        return "" if art == "datum" else TAG
    gezeigt = normal(_gezeigt(stuecke, wert))
    if wert == 0 and _NULL.fullmatch(gezeigt):
        return ""  # an empty cell, or a stroke: nobody misses a 0
    m = _ZAHL.fullmatch(gezeigt)
    if m is None or not (m[1] or m[2]) or (m[3] and art != "anteil"):
        return _gesagt(gezeigt)
    stellen = m[2] or ""
    zahl = Decimal(re.sub(r"\D", "", m[1] or "0") + "." + (stellen or "0")) / (100 if m[3] else 1)
    genau = Decimal(5).scaleb(-1 - len(stellen) - (2 if m[3] else 0))
    return "" if abs(zahl - wert) <= genau and (zahl or not wert) else _gesagt(gezeigt)


def _gezeigt(stuecke: tuple[_Stueck, ...], wert: Decimal) -> str:
    arten = [s.art for s in stuecke]
    plaetze = arten.count("n")
    if plaetze > _STELLEN:
        return UNKLAR
    if "g" in arten or "@" in arten:
        wert *= 100 ** arten.count("%")
        return "".join(format(wert, "f") if s.art in "g@" else s.text or s.art for s in stuecke if s.art in "g@t%")
    if "E" in arten or ("/" in arten and plaetze):
        return _in_anderer_form(stuecke, wert)
    return _mit_stellen(stuecke, wert)


def _in_anderer_form(stuecke: tuple[_Stueck, ...], wert: Decimal) -> str:
    """Return a number in powers of ten, or as a fraction: as it is where its digits have a place."""
    teiler = next(n for n, s in enumerate(stuecke) if s.art in "E/")
    vorne = [s for s in stuecke[:teiler] if s.art in "nt"]
    texte = "".join(s.text for s in vorne if s.art == "t").strip()
    noetig = len(wert.normalize().as_tuple().digits)
    bruch = stuecke[teiler].art == "/"
    ganzzahlig = wert == wert.to_integral_value() and any(s.art == "t" for s in vorne)  # a blank after the whole
    reicht = ganzzahlig if bruch else noetig <= sum(s.art == "n" for s in vorne)
    return format(wert, "f") if reicht and not texte else UNKLAR


def _mit_stellen(stuecke: tuple[_Stueck, ...], wert: Decimal) -> str:
    arten = [s.art for s in stuecke]
    punkt = arten.index(".") if "." in arten else len(arten)
    ganze = [n for n, a in enumerate(arten) if a == "n" and n < punkt]
    hinten = [n for n, a in enumerate(arten) if a == "n" and n > punkt]
    tausend = sum(_kommas(arten, orte[-1] + 1) for orte in (ganze, hinten) if orte)
    wert = wert * 100 ** arten.count("%") / 1000**tausend
    ganz, _, bruch = f"{wert.quantize(Decimal(1).scaleb(-len(hinten)), ROUND_HALF_UP):f}".partition(".")
    gruppiert = bool(ganze) and "," in arten[ganze[0] : ganze[-1]]
    ziffern = _ganze(ganz.lstrip("0"), [stuecke[n].text for n in ganze], gruppiert)
    zeigt = dict(zip(ganze, ziffern, strict=True)) | dict(
        zip(hinten, _bruch(bruch, [stuecke[n].text for n in hinten]), strict=True)
    )
    if punkt < len(arten):
        zeigt[punkt] = "." if ganze or not hinten else f"{ganz.lstrip('0')}."
    return "".join(zeigt.get(n, s.text if s.art == "t" else s.art * (s.art in "%/")) for n, s in enumerate(stuecke))


def _kommas(arten: list[str], ab: int) -> int:
    return next((n for n, a in enumerate(arten[ab:]) if a != ","), len(arten) - ab)


def _ganze(ziffern: str, plaetze: list[str], gruppiert: bool) -> list[str]:
    """Return what each place shows; the first also all digits that have none."""
    ueber = max(0, len(ziffern) - len(plaetze))
    alle = ziffern.rjust(len(plaetze) + ueber)
    leer = {"0": "0", "?": " ", "#": ""}
    gezeigt = [leer[plaetze[max(0, n - ueber)]] if z == " " else z for n, z in enumerate(alle)]
    if gruppiert:
        rest = len(alle)
        gezeigt = [z + "'" * (z.isdigit() and n < rest and (rest - n) % 3 == 0) for n, z in enumerate(gezeigt, 1)]
    return ["".join(gezeigt[: ueber + 1]), *gezeigt[ueber + 1 :]] if plaetze else []


def _bruch(ziffern: str, plaetze: list[str]) -> list[str]:
    gezeigt = list(ziffern)
    for n in reversed(range(len(gezeigt))):
        if plaetze[n] == "0" or gezeigt[n] != "0":
            break
        gezeigt[n] = " " if plaetze[n] == "?" else ""
    return gezeigt
