"""What a workbook shows besides the fields of its form: macros, links, a second form, AHV numbers (entwurf 6).

Nothing of it is run or followed, and nothing of it blocks the reading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from functools import cache

from krs.formulare.ahv import ohne_ahv
from krs.formulare.eingabe import KENNBLATT, Eingabe, Merkmal, Zelle
from krs.formulare.formular import formulare
from krs.formulare.kontext import aufzaehlung
from krs.formulare.typen import normal
from krs.mappen.lesen.ansicht import ungezeigt
from krs.mappen.lesen.behaelter import gemerkt
from krs.mappen.lesen.gefahr import gezeigt
from krs.mappen.lesen.harmlos import Art
from krs.mappen.lesen.mappe import Mappe
from krs.mappen.lesen.nummern import Suche, verdaechtig, zellen

BEIBLAETTER = frozenset({"Nachweis", "Erläuterungen", KENNBLATT})
_UEBERSCHRIFTEN = 3  # section titles of a form that make a sheet a form; the sheet Erläuterungen has none
_MIT_INHALT = re.compile(r"^(?!docprops/|\[content).*\.(?:xml|vml)$")  # formulas, objects
_OHNE_TEXT = re.compile(r"_rels/|^customxml/|^\[content|/calcchain\.xml$")


def finde(mappe: Mappe, eingabe: Eingabe) -> tuple[Merkmal, ...]:
    """Return the traits of a workbook; the cells that were read from it as a form are judged elsewhere."""
    return tuple(_alle(mappe, eingabe))


def _alle(mappe: Mappe, eingabe: Eingabe) -> Iterator[Merkmal]:
    teile = mappe.behaelter
    texte, inhalte = _auswahl("\0".join(teile.eintraege))
    yield from ungezeigt(mappe, eingabe)
    yield from _gefahren(gezeigt(teile, inhalte))
    yield from _zweites_formular(mappe, eingabe)
    yield from (Merkmal("F-30", Zelle(rein)) for name in mappe.blaetter if (rein := ohne_ahv(name)) is not name)
    verdacht = [n for n in texte if verdaechtig(teile.roh(n))]
    if verdacht:
        yield from (Merkmal("F-30", zelle) for zelle in Suche(mappe, eingabe).orte(verdacht))


@gemerkt
def _auswahl(namen: str) -> tuple[list[str], list[str]]:
    """Return which parts may hold texts, and which formulas and objects; \\0 stands between the names."""
    teile = namen.split("\0")
    texte = [n for n in teile if n.endswith((".xml", ".vml")) and not _OHNE_TEXT.search(n)]
    return texte, [n for n in teile if _MIT_INHALT.search(n)]


def _gefahren(arten: Set[Art]) -> Iterator[Merkmal]:
    """Yield one trait for each code, which names what was found; E-16 and E-17 say it by themselves."""
    for code in sorted({art.code for art in arten} - {""}):
        was = aufzaehlung([art.worte for art in Art if art in arten and art.code == code])
        yield Merkmal(code, werte=(("was", was),) if code > "E-17" else ())


# --- a second form ---------------------------------------------------------------------------
def _zweites_formular(mappe: Mappe, eingabe: Eingabe) -> Iterator[Merkmal]:
    """Yield E-18: names of sheets say little, the section titles of a form say what a sheet is.

    Where nobody sees the form, any sheet beside it that somebody sees may be what was filled in and confirmed.
    """
    orte = Counter(z.blatt for z in eingabe.felder.values())
    if not orte:
        return
    blatt = orte.most_common(1)[0][0]
    versteckt = any(ohne_ahv(n) == blatt for n in mappe.verborgen)
    fremde = [n for n in mappe.blaetter if n not in BEIBLAETTER and ohne_ahv(n) not in orte]
    weitere = [n for n in fremde if _ist_formular(mappe, n) or (versteckt and n not in mappe.verborgen)]
    if weitere := weitere or [n for n in fremde if n.startswith(KENNBLATT)]:
        worte = ", ".join(f"«{ohne_ahv(n)}»" for n in weitere) + f"; «{blatt}» ist ausgeblendet" * versteckt
        yield Merkmal("E-18", werte=(("blatt", blatt), ("weitere", worte)))


def _ist_formular(mappe: Mappe, name: str) -> bool:
    texte = {normal(z.wert) for z in zellen(mappe, name) if isinstance(z.wert, str)}
    return any(len(titel & texte) >= _UEBERSCHRIFTEN for titel in _titel())


@cache
def _titel() -> tuple[Set[str], ...]:
    return tuple(frozenset(normal(a["titel"]) for a in f.abschnitte if "titel" in a) for f in formulare())
