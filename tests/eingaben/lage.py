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
    fuellung,
    gefuellt,
    geteilte_texte,
    kopiertes_blatt,
    mit_stil,
    namen,
    namensziel,
    ort,
    schrift,
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


def _mit_punkt(n: int) -> str:
    return f"{n // 10}.{n % 10}"


# What a number of a count looks like in a format, worked out by hand.
FORMATE: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(("General", "0", "#,##0", "# ##0", "0.00", "[$-807]#,##0", "#\\'##0", '0 "Gespräche"'), str),
    "0;-0;;@": str,
    **dict.fromkeys(('_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ ', "[Blue]0", "[<1000]0;#,##0", "@", "0.–"), str),
    **dict.fromkeys((";;;", " ", ";0"), lambda _: ""),
    **dict.fromkeys(("dd.mm.yyyy", "[h]:mm", "mmm yy"), "Tag {}".format),
    '"12"': lambda _: "12", '0"0"': "{}0".format, '"1"0': "1{}".format, "0%": "{}00%".format, "0\\.0": _mit_punkt,
    "0.0,": lambda n: f"{n / 1000:.1f}", "0,": lambda n: f"{n / 1000:.0f}", '0" Dutzend"': "{} Dutzend".format,
    '[>5]"3";0': lambda n: "3" if n > 5 else str(n), '[=0]"7";General': lambda n: str(n or 7), "*90": "999{}".format,
    "0;0;0": str, '0;0;"4"': lambda n: str(n or 4), '0"²"': "{}²".format, "-0": "-{}".format,
}  # fmt: skip
HELL, DUNKEL = ("FFFFFFFF", "FFFFF9DB"), ("FF1A1A1A", "FF000000")


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
        raster[int(m[2]), m[1]] = _anzusehen(raster[int(m[2]), m[1]], attribute, inhalt["xl/styles.xml"].decode())
    for zeile in re.findall(r'<row r="(\d+)"[^>]*? hidden="1"', xml):
        raster |= dict.fromkeys([ort_ for ort_ in raster if ort_[0] == int(zeile)], "")
    for von, oben, bis, unten in _VERBUND.findall(xml):
        for z, s in list(raster):
            if int(oben) <= z <= int(unten) and _nr(von) <= _nr(s) <= _nr(bis) and (z, s) != (int(oben), von):
                del raster[z, s]
    return raster


def _anzusehen(text: str, attribute: str, stile: str) -> str:
    """Return what a cell of ours looks like in the style that was put on it."""
    nummer = re.search(r'\bs="(\d+)"', attribute)
    xf = re.findall(r"<xf [^>]*>", stile.partition("<cellXfs")[2])[int(nummer[1])] if nummer else ""
    kennungen = {k: re.search(rf'{k}Id="(\d+)"', xf) for k in ("numFmt", "font", "fill")}
    n, schrift_, fuellung_ = (int(m[1]) if m else 0 for m in kennungen.values())
    code = re.search(rf'numFmtId="{n}" formatCode="([^"]*)"', stile) if n >= 300 else None
    zeigt = FORMATE[unescape(code[1])](int(text)) if code and text.isdecimal() else text
    fonts, fills = (re.findall(rf"<{k}>.*?</{k}>", stile) for k in ("font", "fill"))
    farben = [re.search(r'olor rgb="(\w+)"', teil) for teil in (fonts[schrift_], fills[fuellung_])]
    hell = [bool(m and m[1] in HELL) or (m is None and k) for k, m in enumerate(farben)]
    return "" if hell[0] == hell[1] or "<strike/>" in fonts[schrift_] else zeigt


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
    gesagt = {b.feld for b in ergebnis.befunde if b.stufe is Stufe.FEHLER or b.code in ("F-23", "E-33", "E-38")}
    return {
        feld: (ergebnis.werte.get(feld), text)
        for feld, text in gezeigt(daten).items()
        if feld not in gesagt and not _dasselbe(str(ergebnis.werte.get(feld, "")), text)
    }


def _dasselbe(gezaehlt: str, gezeigt_: str) -> bool:
    return gezaehlt == gezeigt_ or (gezaehlt == "0" and not gezeigt_.strip("0.%"))  # nobody misses a 0


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


def format_anders(z: random.Random, daten: bytes) -> bytes:
    return mit_stil(daten, ort(z.choice(ANZAHLEN)), z.choice(list(FORMATE)))


def farbe_anders(z: random.Random, daten: bytes) -> bytes:
    vorne, hinten = z.choice(HELL + DUNKEL), z.choice(HELL + DUNKEL)
    strich = z.choice(["", "", "<strike/>"])
    return mit_stil(
        daten, ort(z.choice(ANZAHLEN)), schrift=schrift(f'rgb="{vorne}"', strich), fuellung=fuellung(f'rgb="{hinten}"')
    )


def zeile_weg(z: random.Random, daten: bytes) -> bytes:
    zeile = z.randint(20, 33)
    return umbau(daten, blatt=ersatz(f'<row r="{zeile}"', f'<row r="{zeile}" hidden="1"'))


BEWEGT: tuple[Art, ...] = (
    name_weg, namen_tauschen, alle_namen_verschoben, name_doppelt, namen_anders, zelle_weg, zelle_weg, verbunden,
    verbunden, adressen_anders, zeilen_gemischt, zelle_doppelt, eingefuegt, kopiert, neuer_name, texte_geteilt,
)  # fmt: skip
ARTEN = (*BEWEGT, format_anders, format_anders, format_anders, farbe_anders, farbe_anders, zeile_weg)


def verstellt(nummer: int, arten: tuple[Art, ...] = ARTEN) -> tuple[str, bytes]:
    """Return how a form was changed, and the form; always the same for a number."""
    z = random.Random(f"lage {nummer}")
    werte = {k: z.choice([0, 1, 2, 3, 5, 8, 13, 40, 9999, ""]) for k in ANZAHLEN}
    daten = gefuellt(**werte) if nummer else ausgefuellt()
    wege = z.sample(arten, z.choice([1, 1, 2, 3])) if nummer else []
    for weg in wege:
        try:
            daten = weg(z, daten)
        except AssertionError:  # what one change looks for, another took away
            continue
    return ", ".join(weg.__name__ for weg in wege), daten
