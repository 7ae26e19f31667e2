"""Filled forms, damaged at random: each is refused with a code, or read and judged without an exception."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

import pytest

from eingaben.bauen import ausgefuellt, geteilte_texte, packen, teile
from krs.formulare.befund import meldungen
from krs.formulare.identitaet import zuordnen
from krs.formulare.kontext import Kontext
from krs.formulare.pruefen import pruefe, typisiere
from krs.mappen.lesen import Abgewiesen, alle_zellen, lesen

ANZAHL = 50  # per form and way of saving: 200
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


WEISEN = (
    *(bits, im_xml(bits), im_xml(wert), im_xml(wert), im_xml(wert), im_xml(element), im_xml(attribut)),
    *(im_xml(schnitt), ohne_teil, vertauscht, gekuerzt),
)


def ergebnisse(name: str, anzahl: int) -> Iterator[str]:
    """Yield the code of each refusal, «gelesen» for what was read and judged."""
    for nummer in range(anzahl):
        z = random.Random(f"{name} {nummer}")
        daten = z.choice(WEISEN)(z, FORMEN[name])
        try:
            beurteilen(daten)
        except Abgewiesen as fehler:
            yield fehler.befund("x.xlsx").code
        except Exception as fehler:
            raise AssertionError(f"{name}, Nummer {nummer}: {fehler!r}") from fehler
        else:
            yield "gelesen"


def beurteilen(daten: bytes) -> None:
    """Read the form and judge it, as krs does. Raises: Abgewiesen."""
    eingabe = lesen(daten, "x.xlsx")
    z = zuordnen(eingabe)
    if z.formular is not None and z.version is not None:
        gelesen = typisiere(eingabe, z.akte, z.formular, z.version)
        befunde = pruefe(gelesen, Kontext(z.akte, gelesen.eingabe, z.formular, z.version, z.akte.periode))
        assert all(b.code in meldungen() for b in befunde)
    alle_zellen(daten, "x.xlsx", lambda _: True)


@pytest.mark.parametrize("name", FORMEN)
def test_kein_zufaelliger_schaden_bringt_das_lesen_zu_fall(name: str) -> None:
    gesehen = set(ergebnisse(name, ANZAHL))
    assert {"gelesen", "E-04"} <= gesehen <= {"gelesen", "E-01", "E-02", "E-03", "E-04", "E-05", "E-10"}
