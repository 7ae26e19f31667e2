"""Filled forms, damaged at random with a seed: bits, values, elements, parts, the end of the file."""

from __future__ import annotations

import random
import re
import warnings
import zipfile
from collections.abc import Callable
from io import BytesIO

from eingaben.bauen import ausgefuellt, geteilte_texte, packen, teile

FORMEN = {
    f"{kennung} {art}": speichern(ausgefuellt(kennung))
    for kennung in ("anhang2", "anhang3")
    for art, speichern in (("Vorlage", bytes), ("Excel", geteilte_texte))
}
UNSINN = (
    *("", " ", "-1", "1E999", "NaN", "Ja", "0x10", "12.5", "9" * 400, "²", "\u202e12", "#REF!", "=1+1", "A" * 5000),
    *("1048577", "XFD1048576", "..", "/", "\\", "true", "&amp;", "&#0;", "]]>", "'", "[1]x!A1", "_x0000_", "é"),
)


def gelesene_teile(z: random.Random, inhalt: dict[str, bytes]) -> str:
    """Return one of the parts that the reader looks at."""
    return z.choice([n for n in inhalt if n.startswith(("_rels", "xl/_rels", "xl/work", "xl/shared"))])


def bits(z: random.Random, daten: bytes) -> bytes:
    neu = bytearray(daten)
    for _ in range(z.randint(1, 8)):
        neu[z.randrange(len(neu))] ^= 1 << z.randrange(8)
    return bytes(neu)


def im_xml(aendern: Callable[[random.Random, bytes], bytes]) -> Callable[[random.Random, bytes], bytes]:
    def veraendert(z: random.Random, daten: bytes) -> bytes:
        inhalt = teile(daten)
        name = gelesene_teile(z, inhalt)
        return packen({**inhalt, name: aendern(z, inhalt[name])})

    return veraendert


def wert(z: random.Random, xml: bytes) -> bytes:
    """Put nonsense into a text or an attribute, or several."""
    for _ in range(z.randint(1, 4)):
        stellen = list(re.finditer(rb'>([^<>]+)<|="([^"]*)"', xml))
        if stellen:
            m = z.choice(stellen)
            von, bis = m.span(1) if m.group(1) is not None else m.span(2)
            xml = xml[:von] + z.choice(UNSINN).encode() + xml[bis:]
    return xml


def element(z: random.Random, xml: bytes) -> bytes:
    """Take an element out, or put one a second time."""
    m = z.choice(list(re.finditer(rb"<(\w+)[^<>]*/>|<(\w+)[^<>]*>[^<>]*</\2>", xml)) or [None])
    if m is None:
        return xml
    return xml[: m.start()] + z.choice([b"", m.group() * 2]) + xml[m.end() :]


def attribut(z: random.Random, xml: bytes) -> bytes:
    """Take one kind of attribute out, everywhere or once."""
    namen = re.findall(rb' ([\w:]+)="', xml)
    return re.sub(rb' %s="[^"]*"' % z.choice(namen), b"", xml, count=z.choice([0, 1])) if namen else xml


def schnitt(z: random.Random, xml: bytes) -> bytes:
    von = z.randrange(len(xml))
    return xml[:von] + xml[von + z.randint(1, 200) :]


def ohne_teil(z: random.Random, daten: bytes) -> bytes:
    inhalt = teile(daten)
    del inhalt[z.choice(list(inhalt))]
    return packen(inhalt)


def vertauscht(z: random.Random, daten: bytes) -> bytes:
    inhalt = teile(daten)
    a, b = z.sample(list(inhalt), 2)
    return packen({**inhalt, a: inhalt[b], b: inhalt[a]})


def gekuerzt(z: random.Random, daten: bytes) -> bytes:
    return daten[: z.randrange(len(daten))]


def schlampig_gepackt(z: random.Random, daten: bytes) -> bytes:
    """Return the same parts in another order, some stored, one of them twice or under a wrong name."""
    inhalt = list(teile(daten).items())
    z.shuffle(inhalt)
    if z.random() < 0.5:
        name, wert_ = z.choice(inhalt)
        inhalt.append((z.choice([name.upper(), name.replace("/", "\\"), f"../{name}", f"/{name}"]), wert_))
    puffer = BytesIO()
    with zipfile.ZipFile(puffer, "w") as zip_, warnings.catch_warnings(action="ignore"):
        for name, wert_ in inhalt:
            zip_.writestr(name, wert_, z.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
    return puffer.getvalue()


def verzeichnis(z: random.Random, daten: bytes) -> bytes:
    """Change numbers in the zip's own directory: sizes, offsets, methods, flags."""
    neu, anfang = bytearray(daten), daten.find(b"PK\x01\x02")
    for _ in range(z.randint(1, 3)):
        neu[z.randrange(anfang, len(neu))] = z.choice([0, 1, 0x7F, 0xFF])
    return bytes(neu)


WEISEN = (
    *(bits, im_xml(bits), im_xml(wert), im_xml(wert), im_xml(wert), im_xml(element), im_xml(attribut)),
    *(im_xml(schnitt), ohne_teil, vertauscht, gekuerzt, schlampig_gepackt, verzeichnis),
)


def beschaedigt(name: str, nummer: int) -> bytes:
    """Return the damaged form number `nummer` of one kind of `FORMEN`; always the same."""
    z = random.Random(f"{name} {nummer}")
    return z.choice(WEISEN)(z, FORMEN[name])
