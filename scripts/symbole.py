"""Draws the icons of the add-in: plain shapes, near-black with one stroke of red, no program needed.

Use: python scripts/symbole.py [--pruefen] (`--pruefen`: change nothing, tell whether the files are as drawn).
"""

from __future__ import annotations

import itertools
import struct
import sys
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

ZIEL = Path(__file__).resolve().parents[1] / "addin" / "server" / "static" / "images" / "icons"
GROESSEN = (16, 32, 64, 80)
FEIN = 4  # points per pixel and direction: edges become smooth

Farbe = tuple[int, int, int]
Form = Callable[[float, float], bool]
SCHWARZ: Farbe = (0x1A, 0x1A, 0x1A)
ROT: Farbe = (0xC8, 0x10, 0x2E)
WEISS: Farbe = (0xFF, 0xFF, 0xFF)


# All shapes stand on a field of 32 × 32, y downwards.
def rechteck(x: float, y: float, breite: float, hoehe: float) -> Form:
    return lambda px, py: x <= px <= x + breite and y <= py <= y + hoehe


def kreis(x: float, y: float, radius: float) -> Form:
    return lambda px, py: (px - x) ** 2 + (py - y) ** 2 <= radius**2


def ring(x: float, y: float, radius: float, dicke: float) -> Form:
    return lambda px, py: (radius - dicke) ** 2 <= (px - x) ** 2 + (py - y) ** 2 <= radius**2


def strich(x1: float, y1: float, x2: float, y2: float, dicke: float) -> Form:
    dx, dy = x2 - x1, y2 - y1

    def drin(px: float, py: float) -> bool:
        t = max(0.0, min(1.0, ((px - x1) * dx + (py - y1) * dy) / (dx * dx + dy * dy)))
        return (px - x1 - t * dx) ** 2 + (py - y1 - t * dy) ** 2 <= (dicke / 2) ** 2

    return drin


def vieleck(*ecken: tuple[float, float]) -> Form:
    def drin(px: float, py: float) -> bool:
        innen = False
        for (x1, y1), (x2, y2) in zip(ecken, (*ecken[1:], ecken[0]), strict=True):
            if (y1 > py) != (y2 > py) and px < (x2 - x1) * (py - y1) / (y2 - y1) + x1:
                innen = not innen
        return innen

    return drin


def zug(dicke: float, *punkte: tuple[float, float]) -> list[Form]:
    return [strich(*a, *b, dicke) for a, b in itertools.pairwise(punkte)]


Lage = tuple[Farbe, list[Form]]
BLATT: list[Lage] = [(SCHWARZ, [rechteck(5, 3, 19, 26)]), (WEISS, [rechteck(7.5, 5.5, 14, 21)])]
ZEILEN: Lage = (SCHWARZ, [rechteck(10, y, 9, 2) for y in (9, 14, 19)])
HAKEN: Lage = (ROT, zug(4, (14, 22), (19, 27), (29, 14)))
PFEIL_RUNTER: Lage = (ROT, [rechteck(14, 4, 4, 13), vieleck((7, 14), (25, 14), (16, 23))])


def _um(form: Form, rand: float = 2.0) -> Form:
    """Return a white margin around a stroke, so that it stays clear of what lies below."""
    versatz = [(a, b) for a in (-rand, 0, rand) for b in (-rand, 0, rand)]
    return lambda px, py: any(form(px + a, py + b) for a, b in versatz)


def frei(lage: Lage) -> list[Lage]:
    return [(WEISS, [_um(f) for f in lage[1]]), lage]


SYMBOLE: dict[str, list[Lage]] = {
    "krs": [
        (ROT, [rechteck(2, 2, 28, 28)]),
        (WEISS, [*zug(4.5, (9, 16), (15, 22), (24, 9))]),
    ],
    "bereich": [
        (SCHWARZ, [rechteck(3, 5, 26, 22)]), (WEISS, [rechteck(5.5, 7.5, 12, 17)]), (ROT, [rechteck(20, 7.5, 6.5, 17)]),
    ],
    "pruefen": [*BLATT, ZEILEN, *frei(HAKEN)],
    "master": [
        (SCHWARZ, [rechteck(3, 4, 26, 24)]), (WEISS, [rechteck(5.5, 11, 21, 14.5)]), (ROT, [rechteck(5.5, 6.5, 21, 3)]),
        (SCHWARZ, [rechteck(12, 11, 2, 15), rechteck(19, 11, 2, 15), rechteck(5, 17, 22, 2)]),
    ],
    "vorlagen": [
        (SCHWARZ, [rechteck(10, 2, 17, 22)]), (WEISS, [rechteck(12.5, 4.5, 12, 17)]),
        (SCHWARZ, [rechteck(4, 8, 17, 22)]), (WEISS, [rechteck(6.5, 10.5, 12, 17)]),
        (ROT, [rechteck(11, 14, 3, 10), rechteck(7.5, 17.5, 10, 3)]),
    ],
    "mahnung": [
        (SCHWARZ, [rechteck(2, 7, 28, 20)]), (WEISS, [rechteck(4.5, 9.5, 23, 15)]),
        (SCHWARZ, zug(2.5, (3.5, 9), (16, 18.5), (28.5, 9))), *frei((ROT, [rechteck(24, 2, 4, 9), kreis(26, 15, 2.4)])),
    ],
    "stichprobe": [
        (SCHWARZ, [ring(13, 13, 11, 3), strich(21, 21, 28.5, 28.5, 4.5)]), (ROT, [kreis(13, 13, 3.5)]),
    ],
    "anhang1": [
        *BLATT, (ROT, [rechteck(10, 8, 9, 2.5)]),
        (SCHWARZ, [rechteck(14.2, 13, 3, 11), strich(15, 14.2, 11.5, 16.5, 2.6)]),
    ],
    "vorschau": [
        (SCHWARZ, [vieleck((1, 16), (8, 8.5), (16, 6), (24, 8.5), (31, 16), (24, 23.5), (16, 26), (8, 23.5))]),
        (WEISS, [vieleck((5, 16), (10, 11), (16, 9), (22, 11), (27, 16), (22, 21), (16, 23), (10, 21))]),
        (ROT, [kreis(16, 16, 4.6)]),
    ],
    "freigabe": [
        (SCHWARZ, [ring(16, 16, 14, 3)]), (ROT, zug(4, (9, 16), (14.5, 21.5), (23, 10.5))),
    ],
    "export": [
        (SCHWARZ, [rechteck(3, 20, 3, 9), rechteck(26, 20, 3, 9), rechteck(3, 26, 26, 3)]), PFEIL_RUNTER,
    ],
    "funktion": [
        (SCHWARZ, zug(3, (4, 27), (7.5, 25), (12, 8), (15, 4.5), (18, 5.5))), (SCHWARZ, [rechteck(6, 13, 11, 3)]),
        (ROT, zug(3.2, (19, 16), (28, 27))), (ROT, zug(3.2, (28, 16), (19, 27))),
    ],
    "entfernen": [
        (SCHWARZ, zug(3, (4, 27), (7.5, 25), (12, 8), (15, 4.5), (18, 5.5))), (SCHWARZ, [rechteck(6, 13, 11, 3)]),
        (ROT, [rechteck(18, 20, 12, 3.6)]),
    ],
}  # fmt: skip


def zeichne(lagen: Iterable[Lage], kante: int) -> bytes:
    """Return a PNG of `kante` × `kante` points with transparency; what no shape covers is clear."""
    lagen = list(lagen)
    zeilen = []
    for y in range(kante):
        zeile = bytearray([0])  # filter of the row: none
        for x in range(kante):
            zeile += _punkt(lagen, x, y, kante)
        zeilen.append(bytes(zeile))
    kopf = struct.pack(">IIBBBBB", kante, kante, 8, 6, 0, 0, 0)
    teile = ((b"IHDR", kopf), (b"IDAT", zlib.compress(b"".join(zeilen), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_teil(name, inhalt) for name, inhalt in teile)


def _punkt(lagen: list[Lage], x: int, y: int, kante: int) -> bytes:
    """Return red, green, blue and opacity of one point, from the colours of its parts."""
    summe, deckend = [0, 0, 0], 0
    for teil in range(FEIN * FEIN):
        px = (x + (teil % FEIN + 0.5) / FEIN) * 32 / kante
        py = (y + (teil // FEIN + 0.5) / FEIN) * 32 / kante
        farbe = next((f for f, formen in reversed(lagen) if any(form(px, py) for form in formen)), None)
        if farbe is not None:
            deckend += 1
            summe = [s + f for s, f in zip(summe, farbe, strict=True)]
    if not deckend:
        return bytes(4)
    return bytes([*(s // deckend for s in summe), deckend * 255 // FEIN**2])


def _teil(name: bytes, inhalt: bytes) -> bytes:
    return struct.pack(">I", len(inhalt)) + name + inhalt + struct.pack(">I", zlib.crc32(name + inhalt))


def alle() -> dict[str, bytes]:
    """Return every icon by its file name."""
    return {f"{name}-{kante}.png": zeichne(lagen, kante) for name, lagen in SYMBOLE.items() for kante in GROESSEN}


def main() -> int:
    bilder = alle()
    if "--pruefen" in sys.argv[1:]:
        anders = [n for n, b in bilder.items() if not (ZIEL / n).is_file() or (ZIEL / n).read_bytes() != b]
        for name in anders:
            print(f"{name} ist nicht, was scripts/symbole.py zeichnet.", file=sys.stderr)
        return 1 if anders else 0
    ZIEL.mkdir(parents=True, exist_ok=True)
    for name, bild in bilder.items():
        (ZIEL / name).write_bytes(bild)
    return 0


if __name__ == "__main__":
    sys.exit(main())
