"""Filled forms whose fields are moved, merged, copied, renamed at random, and what a person sees on them.

The eye is a reader of its own: labels on the left, heads above, a merge shows its corner only.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from html import unescape

from eingaben.bauen import (
    BLATT,
    TEXTE,
    ausgefuellt,
    ersatz,
    gefuellt,
    geteilte_texte,
    kopiertes_blatt,
    namen,
    namensziel,
    ort,
    teile,
    umbau,
    umbenannt,
    verschoben,
    zelle,
)
from eingaben.urteil import urteile
from krs.formulare.befund import Stufe
from krs.formulare.formular import formular
from krs.formulare.typen import normal

FELDER = tuple(k for k in formular("anhang2").version_fuer("2024-H1").felder if k.startswith(("erst_", "integ_")))
ANZAHLEN = tuple(k for k in FELDER if formular("anhang2").felder[k].art == "anzahl")
_KOPF = {"erst": "Erstinformations- gespräche", "integ": "Integrations- gespräche"}
_ZELLE = re.compile(r"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_TEXT = re.compile(r"<t[^>]*>([^<]*)")
_VERBUND = re.compile(r'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
Art = Callable[[random.Random, bytes], bytes]


# --- what a person sees ---------------------------------------------------------------------------
def _raster(daten: bytes) -> dict[tuple[int, str], str]:
    """Return what each cell of the form's sheet shows, by row and column; a cell under a merge shows nothing."""
    inhalt = teile(daten)
    texte = re.findall(r"<si>(.*?)</si>", inhalt.get(TEXTE, b"").decode(), re.DOTALL)
    xml = inhalt[BLATT].decode()
    raster = {}
    for attribute, kern in _ZELLE.findall(xml):
        adresse = re.search(r'\br="([^"]*)"', attribute)
        m = re.fullmatch(r"([A-Z]+)(\d+)", adresse[1].upper().replace("$", "") if adresse else "")
        wert = re.search(r"<v>(.*?)</v>", kern)
        if m is None:
            continue
        if 't="s"' in attribute and wert:
            text = "".join(_TEXT.findall(texte[int(wert[1])]))
        else:
            text = wert[1] if wert else "".join(_TEXT.findall(kern))
        raster[int(m[2]), m[1]] = normal(unescape(text))
    for von, oben, bis, unten in _VERBUND.findall(xml):
        for z, s in list(raster):
            if int(oben) <= z <= int(unten) and _nr(von) <= _nr(s) <= _nr(bis) and (z, s) != (int(oben), von):
                del raster[z, s]
    return raster


def _nr(spalte: str) -> tuple[int, str]:
    return len(spalte), spalte


def gezeigt(daten: bytes) -> dict[str, str]:
    """Return the counts that the sheet shows: what stands in the row of the label, under the head of the talk."""
    raster = _raster(daten)
    werte = {}
    texte = {k: normal(formular("anhang2").felder[k].bezeichnung) for k in ANZAHLEN}
    for feld, text in texte.items():
        art = feld.partition("_")[0]
        gleiche = [k for k in ANZAHLEN if k.startswith(art) and texte[k] == text]
        zeilen = sorted(z for (z, _), t in raster.items() if t == text)
        koepfe = [s for (_, s), t in raster.items() if t == _KOPF[art]]
        if len(zeilen) == len(gleiche) and len(koepfe) == 1:
            werte[feld] = raster.get((zeilen[gleiche.index(feld)], koepfe[0]), "")
    return werte


def verletzt(daten: bytes) -> dict[str, tuple[object, str]]:
    """Return the counts that differ from what the sheet shows, although nobody is told: field → (counted, shown)."""
    ergebnis = urteile(daten, "Formular.xlsx")
    codes = {b.code for b in ergebnis.befunde}
    if not ergebnis.werte or codes & {"E-18", "E-30"}:  # refused, or it touches all of the form
        return {}
    gesagt = {b.feld for b in ergebnis.befunde if b.stufe is Stufe.FEHLER or b.code in ("F-23", "E-33")}
    return {
        feld: (ergebnis.werte.get(feld), text)
        for feld, text in gezeigt(daten).items()
        if feld not in gesagt and str(ergebnis.werte.get(feld, "")) != text
    }


# --- what is done to a form -------------------------------------------------------------------------
def _irgendwo(z: random.Random) -> str:
    """Return a cell: mostly near or on a field."""
    return z.choice(
        [ort(z.choice(FELDER)), f"{z.choice('BCDEF')}{z.randint(14, 48)}", f"{z.choice('AGH')}{z.randint(1, 90)}"]
    )


def _absolut(adresse: str) -> str:
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", adresse)


def name_weg(z: random.Random, daten: bytes) -> bytes:
    return umbau(daten, mappe=namensziel(z.choice(FELDER), f"Reporting!{_absolut(_irgendwo(z))}"))


def namen_tauschen(z: random.Random, daten: bytes) -> bytes:
    a, b = z.sample(FELDER, 2)
    tausch = [namensziel(x, f"Reporting!{_absolut(ort(y))}") for x, y in ((a, b), (b, a))]
    return umbau(daten, mappe=lambda xml: tausch[1](tausch[0](xml)))


def alle_namen_verschoben(z: random.Random, daten: bytes) -> bytes:
    um = z.choice([-2, -1, 1, 2])
    return umbau(
        daten, mappe=lambda xml: namen(xml, lambda o: re.sub(r"\$(\d+)$", lambda m: f"${max(1, int(m[1]) + um)}", o))
    )


def name_doppelt(z: random.Random, daten: bytes) -> bytes:
    lokal = z.choice(["", ' localSheetId="0"', ' localSheetId="1"'])
    feld = z.choice([str.upper, str])(z.choice(FELDER))
    neu = f'<definedName name="{feld}"{lokal}>Reporting!{_absolut(_irgendwo(z))}</definedName></definedNames>'
    return umbau(daten, mappe=ersatz("</definedNames>", neu))


def namen_anders(z: random.Random, daten: bytes) -> bytes:
    wie = z.choice(
        [lambda o: f"={o}", str.lower, lambda o: f" {o} ", lambda o: o.replace("Reporting!", "'Reporting'!")]
    )
    return umbau(daten, mappe=lambda xml: namen(xml, wie))


def zelle_weg(z: random.Random, daten: bytes) -> bytes:
    """Move a value with its name, as cut and paste does."""
    von, nach = ort(feld := z.choice(FELDER)), f"{z.choice('CDE')}{z.randint(20, 35)}"
    xml = teile(daten)[BLATT].decode()
    inhalt = re.search(rf'<c r="{von}"([^>]*?)(?:/>|>(.*?)</c>)', xml, re.DOTALL)
    if inhalt is None or f'<c r="{nach}"' not in xml or nach == von:
        return daten
    weg, hin = zelle(von, "", ""), zelle(nach, inhalt[1], inhalt[2] or "")
    neu = umbau(daten, blatt=lambda x: hin(weg(x)))
    return umbau(neu, mappe=namensziel(feld, f"Reporting!{_absolut(nach)}")) if z.random() < 0.7 else neu


def verbunden(z: random.Random, daten: bytes) -> bytes:
    zeile, spalten = z.randint(18, 36), z.choice(["BC", "CC", "CD", "CE", "EE", "EF", "BF", "DE"])
    neu = f'<mergeCell ref="{spalten[0]}{zeile}:{spalten[1]}{zeile + z.randint(0, 2)}"/></mergeCells>'
    return umbau(daten, blatt=ersatz("</mergeCells>", neu))


def adressen_anders(z: random.Random, daten: bytes) -> bytes:
    wie = z.choice(
        [str.lower, lambda a: f"${a[0]}${a[1:]}", lambda a: a[0] + "0" + a[1:], lambda a: a[1:], str.swapcase]
    )

    def anders(m: re.Match[str]) -> str:
        return f'<c r="{wie(m[1])}"' if z.random() < 0.1 else m[0]

    return umbau(daten, blatt=lambda xml: re.sub(r'<c r="([A-Z]+\d+)"', anders, xml.decode()).encode())


def zeilen_gemischt(z: random.Random, daten: bytes) -> bytes:
    def mischen(xml: bytes) -> bytes:
        zeilen = re.findall(rb"<row .*?</row>|<row [^>]*/>", xml, re.DOTALL)
        z.shuffle(zeilen)
        vorne, hinten = xml.index(b"<sheetData>") + 11, xml.index(b"</sheetData>")
        return xml[:vorne] + b"".join(zeilen) + xml[hinten:]

    return umbau(daten, blatt=mischen)


def zelle_doppelt(z: random.Random, daten: bytes) -> bytes:
    adresse = ort(z.choice(FELDER))
    neu = f'<c r="{z.choice([str, str.lower])(adresse)}"><v>{z.randint(0, 99)}</v></c></row></sheetData>'
    return umbau(daten, blatt=lambda xml: re.sub(rb"</row></sheetData>", neu.encode(), xml))


def eingefuegt(z: random.Random, daten: bytes) -> bytes:
    return verschoben(daten, z.randint(0, 3), z.randint(0, 3))


def kopiert(z: random.Random, daten: bytes) -> bytes:
    mehr = kopiertes_blatt(daten, "Reporting (2)")
    if z.random() < 0.5:
        return mehr
    return umbau(mehr, mappe=namensziel(z.choice(FELDER), f"'Reporting (2)'!{_absolut(_irgendwo(z))}"))


def neuer_name(z: random.Random, daten: bytes) -> bytes:
    return umbenannt(daten, z.choice(["1. Halbjahr", "Blatt's", "reporting", "A1", "Tabelle1"]))


def texte_geteilt(_z: random.Random, daten: bytes) -> bytes:
    return geteilte_texte(daten)


ARTEN: tuple[Art, ...] = (
    name_weg, namen_tauschen, alle_namen_verschoben, name_doppelt, namen_anders, zelle_weg, zelle_weg, verbunden,
    verbunden, adressen_anders, zeilen_gemischt, zelle_doppelt, eingefuegt, kopiert, neuer_name, texte_geteilt,
)  # fmt: skip


def verstellt(nummer: int) -> tuple[str, bytes]:
    """Return how a form was changed, and the form; always the same for a number."""
    z = random.Random(f"lage {nummer}")
    werte = {k: z.choice([0, 1, 2, 3, 5, 8, 13, 40, 9999, ""]) for k in ANZAHLEN}
    daten = gefuellt(**werte) if nummer else ausgefuellt()
    wege = z.sample(ARTEN, z.choice([1, 1, 2, 3])) if nummer else []
    for weg in wege:
        try:
            daten = weg(z, daten)
        except AssertionError:  # what one change looks for, another took away
            continue
    return ", ".join(weg.__name__ for weg in wege), daten
