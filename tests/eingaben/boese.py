"""Texts made to keep a search busy: for the tests and for `./run bench`, which measures how their cost grows."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

from eingaben.bauen import packen, teile

BILD = "xl/drawings/drawing1.xml"
BEZUEGE = "xl/worksheets/_rels/sheet1.xml.rels"
# What → its part, and its text of about n characters.
BOESE: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "756": (BILD, lambda n: b"756 " * (n // 4)),
    "Marken": (BILD, lambda n: (b"756" + b"<a>" * 20) * (n // 63)),
    "Prüfziffern": (BILD, lambda n: b"756.1234.5678.98='" * (n // 18)),
    "Klammern": (BILD, lambda n: b"<" * n),
    "Attribute": (BILD, lambda n: b"7561234567897" + b'="aaaaaaaaaaaaaaa' * (n // 17)),
    "Kommentare": ("xl/comments1.xml", lambda n: b'<comment ref="A1">756.1234.5678.97' * (n // 34)),
    "ein Name": (BEZUEGE, lambda n: b"External <Relationship " + b"x" * n + b"/>"),
    "Anführungszeichen": (BEZUEGE, lambda n: b"External <Relationship a='" + b"x='" * (n // 3)),
}


def boese(was: str, laenge: int, gut: bytes) -> bytes:
    """Return a good form with such a text in it."""
    teil, text = BOESE[was]
    return packen({**teile(gut), teil: text(laenge)}, zipfile.ZIP_STORED)
