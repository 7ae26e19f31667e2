"""Draws docs/bilder/schichten.svg: the layers of krs as pyproject.toml demands them, each with its own first sentence.

Use: python scripts/schichten.py (tests/test_verweise.py tells whether the picture is as drawn).
"""

from __future__ import annotations

import ast
import re
import textwrap
import tomllib
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ZIEL = ROOT / "docs" / "bilder" / "schichten.svg"
BREITE, RAND, LUECKE, ZEILE = 1000, 20, 8, 15  # px
RECHTS = 150  # px beside the layers, for what holds of several
JE_ZEICHEN = 6.2  # px of a letter of the description, rather more than less
ROT, GRAU = "#C8102E", "#8C8C8C"


def vertrag(kennung: str) -> dict[str, list[str]]:
    """Return a contract of the import linter."""
    alle = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    return next(v for v in alle if v["id"] == kennung)


def schichten(kennung: str) -> list[list[str]]:
    """Return the layers of a contract from the top, each with the modules that stand side by side."""
    return [[m.strip(" ()") for m in re.split("[|:]", schicht)] for schicht in vertrag(kennung)["layers"]]


def satz(modul: str) -> str:
    """Return what a module says of itself, up to the first stop."""
    pfad = ROOT / "src" / Path(*modul.split("."))
    datei = pfad / "__init__.py" if pfad.is_dir() else pfad.with_suffix(".py")
    text = " ".join((ast.get_docstring(ast.parse(datei.read_text("utf-8"))) or "").split())
    return re.sub(r" \([^)]*\)|`", "", re.split(r"[.;] |[.;]$", text)[0])


class Bild:
    """Boxes one below the other."""

    def __init__(self) -> None:
        self.teile: list[str] = []

    def text(self, x: float, y: float, inhalt: str, art: str = "") -> None:
        self.teile.append(f'<text x="{x:.0f}" y="{y:.0f}"{art}>{escape(inhalt, quote=False)}</text>')

    def kasten(self, x: float, y: float, breite: float, hoehe: float, art: str) -> None:
        self.teile.append(f'<rect x="{x:.0f}" y="{y:.0f}" width="{breite:.0f}" height="{hoehe:.0f}" {art}/>')

    def stockwerk(self, module: list[str], x: float, y: float, breite: float) -> float:
        """Draw modules side by side; return their height."""
        weiten = breiten(module, breite)
        hoch = max(map(hoehe, module, weiten))
        for modul, weit in zip(module, weiten, strict=True):
            self.kasten(x, y, weit, hoch, f'fill="#FFFFFF" stroke="{ROT if modul == "krs.recht" else GRAU}"')
            self.text(x + 8, y + 17, modul.rpartition(".")[2], ' font-weight="bold"')
            for n, zeile in enumerate(zeilen(modul, weit), 1):
                self.text(x + 8, y + 17 + ZEILE * n, zeile)
            oben = y + kopfhoehe(modul, weit)
            for raeume in innen(modul):
                oben += self.stockwerk(raeume, x + 8, oben, weit - 16) + LUECKE
            x += weit + LUECKE
        return hoch


def innen(modul: str) -> list[list[str]]:
    """Return the floors within a module."""
    return [[f"{modul}.{m}" for m in schicht] for schicht in schichten("mappen")] if modul == "krs.mappen" else []


def breiten(module: list[str], breite: float) -> list[float]:
    """Return the widths side by side: half for one that has floors of its own."""
    anteile = [2 if innen(m) else 1 for m in module]
    return [(breite - LUECKE * (len(module) - 1)) * a / sum(anteile) for a in anteile]


def zeilen(modul: str, breite: float) -> list[str]:
    return textwrap.wrap(satz(modul), int((breite - 16) / JE_ZEICHEN))


def kopfhoehe(modul: str, breite: float) -> float:
    return 24 + ZEILE * len(zeilen(modul, breite))


def hoehe(modul: str, breite: float) -> float:
    raeume = [max(map(hoehe, m, breiten(m, breite - 16))) + LUECKE for m in innen(modul)]
    return kopfhoehe(modul, breite) + sum(raeume)


def zeichne() -> str:
    """Return the picture."""
    bild, y, breite = Bild(), float(RAND), BREITE - 2 * RAND - RECHTS
    rein = set(vertrag("ohne-mappen")["source_modules"])
    oben = unten = 0.0
    for module in schichten("schichten"):
        hoch = bild.stockwerk(module, RAND, y, breite)
        if rein.intersection(module):
            oben, unten = oben or y, y + hoch
        y += hoch + LUECKE
    x = RAND + breite + 12
    bild.kasten(x, oben, 4, unten - oben, f'fill="{ROT}"')
    for n, zeile in enumerate(("no workbook", "library,", "no clock")):
        bild.text(x + 14, (oben + unten) / 2 + ZEILE * n, zeile)
    for n, zeile in enumerate(
        ("Imports go", "downwards only;", "of those side by", "side, none imports", "the other.")
    ):
        bild.text(x, RAND + 17 + ZEILE * n, zeile)
    kopf = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {BREITE} {y - LUECKE + RAND:.0f}" '
        'font-family="Arial, Helvetica, sans-serif" font-size="12" fill="#1A1A1A" role="img">'
    )
    grund = '<rect width="100%" height="100%" fill="#F4F4F4"/>'
    return "\n".join([kopf, "<title>The layers of krs</title>", grund, *bild.teile, "</svg>"]) + "\n"


if __name__ == "__main__":
    ZIEL.write_text(zeichne(), encoding="utf-8")
