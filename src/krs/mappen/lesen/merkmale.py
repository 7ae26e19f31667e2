"""What a workbook shows besides the fields of its form: macros, links, a second form, AHV numbers (design 6).

Nothing of it is run or followed, and nothing of it blocks the reading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from functools import cache, lru_cache
from typing import NamedTuple

from krs.formulare.ahv import ohne_ahv
from krs.formulare.eingabe import KENNBLATT, Eingabe, Merkmal, Zelle
from krs.formulare.formular import formulare
from krs.formulare.typen import normal
from krs.mappen.lesen.mappe import Mappe
from krs.mappen.lesen.nummern import Suche, verdaechtig, zellen

BEIBLAETTER = frozenset({"Nachweis", "Erläuterungen", KENNBLATT})
_UEBERSCHRIFTEN = 3  # section titles of a form that make a sheet a form; the sheet Erläuterungen has none
_MAKRO = re.compile(r"(?:^|/)(?:vbaproject\.bin$|(?:intl)?macrosheets/)")
_VERKNUEPFT = re.compile(r"(?:^|/)(?:externallinks/|querytables/|connections\.xml$)")
_MAKRO_ART = ("/vbaProject", "/xlMacrosheet", "/xlIntlMacrosheet")
_VERKNUEPFT_ART = ("/externalLink", "/queryTable", "/connections")
_HEIKEL = re.compile(rb"External|vbaProject|acrosheet|externalLink|queryTable|/connections")
_OHNE_TEXT = re.compile(r"_rels/|^customxml/|^\[content|/theme/|/(?:styles|calcchain)\.xml$")


def finde(mappe: Mappe, eingabe: Eingabe) -> tuple[Merkmal, ...]:
    """Return the traits of a workbook; the cells that were read from it as a form are judged elsewhere."""
    return tuple(_alle(mappe, eingabe))


def _alle(mappe: Mappe, eingabe: Eingabe) -> Iterator[Merkmal]:
    teile = mappe.behaelter
    inhalt = _inhalt(tuple(teile.eintraege))
    heikel = [n for n in inhalt.beziehungen if _HEIKEL.search(teile.roh(n))]
    beziehungen = [b for name in heikel for b in teile.rohbeziehungen(name)]
    if inhalt.makros or any(b["Type"].endswith(_MAKRO_ART) for b in beziehungen):
        yield Merkmal("E-16")
    if inhalt.verknuepfungen or any(_fuehrt_hinaus(b) for b in beziehungen):
        yield Merkmal("E-17")
    yield from _zweites_formular(mappe, eingabe)
    yield from (Merkmal("F-30", Zelle(rein)) for name in mappe.blaetter if (rein := ohne_ahv(name)) is not name)
    verdacht = [n for n in inhalt.texte if verdaechtig(teile.roh(n))]
    if verdacht:
        yield from (Merkmal("F-30", zelle) for zelle in Suche(mappe, eingabe).orte(verdacht))


class _Inhalt(NamedTuple):
    """What the names of the parts tell."""

    makros: bool
    verknuepfungen: bool
    beziehungen: tuple[str, ...]
    texte: tuple[str, ...]


@lru_cache(100)  # most forms have the same parts
def _inhalt(namen: tuple[str, ...]) -> _Inhalt:
    return _Inhalt(
        any(map(_MAKRO.search, namen)),
        any(map(_VERKNUEPFT.search, namen)),
        tuple(n for n in namen if n.endswith(".rels")),
        tuple(n for n in namen if n.endswith(".xml") and not _OHNE_TEXT.search(n)),
    )


def _fuehrt_hinaus(beziehung: dict[str, str]) -> bool:
    """Tell whether a relationship leads to another file or program; hyperlinks are for people to click."""
    art = beziehung["Type"]
    return art.endswith(_VERKNUEPFT_ART) or (beziehung["TargetMode"] == "External" and not art.endswith("/hyperlink"))


# --- a second form ---------------------------------------------------------------------------
def _zweites_formular(mappe: Mappe, eingabe: Eingabe) -> Iterator[Merkmal]:
    """Yield E-18: names of sheets say little, the section titles of a form say what a sheet is."""
    orte = Counter(z.blatt for z in eingabe.felder.values())
    fremde = [n for n in mappe.blaetter if n not in BEIBLAETTER and ohne_ahv(n) not in orte]
    weitere = [n for n in fremde if _ist_formular(mappe, n)] or [n for n in fremde if n.startswith(KENNBLATT)]
    if weitere and orte:
        worte = ", ".join(f"«{ohne_ahv(n)}»" for n in weitere)
        yield Merkmal("E-18", werte=(("blatt", orte.most_common(1)[0][0]), ("weitere", worte)))


def _ist_formular(mappe: Mappe, name: str) -> bool:
    texte = {normal(z.wert) for z in zellen(mappe, name) if isinstance(z.wert, str)}
    return any(len(titel & texte) >= _UEBERSCHRIFTEN for titel in _titel())


@cache
def _titel() -> tuple[Set[str], ...]:
    return tuple(frozenset(normal(a["titel"]) for a in f.abschnitte if "titel" in a) for f in formulare())
