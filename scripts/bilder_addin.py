"""Make the pictures of the task pane for the manual: python scripts/bilder_addin.py DEMO (needs Chromium)."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

WURZEL = Path(__file__).resolve().parents[1]
ZIEL = WURZEL / "docs" / "bilder"
STICHTAG, GEMEINDE, HOEHE = "2024-09-20", "2403", 900
# Debian's Chromium speaks English only; in a German Excel a date shows like this.
DATUM = """() => document.querySelectorAll("input[type=date]").forEach(feld => {
    const tag = feld.value.split("-").reverse().join(".");
    Object.assign(feld, { type: "text", value: tag, placeholder: "tt.mm.jjjj" });
    feld.classList.add("war-datum");
})"""
ZURUECK = """() => document.querySelectorAll(".war-datum").forEach(feld => {
    const tag = feld.value.split(".").reverse().join("-");
    Object.assign(feld, { type: "date", value: tag });
    feld.classList.remove("war-datum");
})"""
# The stage and the stand-in of office.js are those of the tests: what the manual shows is what was tested.
sys.path.insert(0, str(WURZEL / "tests"))

if TYPE_CHECKING:
    from playwright.sync_api import Page


def bild(page: Page, name: str) -> None:
    """Photograph the pane as high as it is, at most one screen."""
    page.mouse.move(379, 1)
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.evaluate(DATUM)
    hoehe = min(HOEHE, page.evaluate("Math.ceil(document.querySelector('#krs').getBoundingClientRect().height)"))
    page.screenshot(path=ZIEL / f"addin-{name}.png", clip={"x": 0, "y": 0, "width": 380, "height": hoehe})
    page.evaluate(ZURUECK)


def main() -> None:
    """Photograph sign-on, intake, board, Befunde and macros from a copy of the demo."""
    from excel.browser.buehne import Buehne, chromium
    from excel.browser.mappen import leer
    from excel.browser.seite import anmelden
    from excel.browser.server import starten
    from krs.excel.anfrage import Rolle
    from krs.excel.server.tokendatei import Eintrag, hinzufuegen

    with tempfile.TemporaryDirectory() as ordner, chromium() as browser:
        demo, tokens = Path(ordner) / "Demo", Path(ordner) / "tokens.toml"
        shutil.copytree(sys.argv[1], demo)
        token = hinzufuegen(tokens, Eintrag("Maria Beispiel", "MB", frozenset(Rolle), ""))
        server = starten(Path(ordner), ablage=demo, tokens=tokens)
        try:
            seite = Buehne(browser).oeffne(server, leer(), schaerfe=2)
            page = seite.page
            page.set_viewport_size({"width": 380, "height": HOEHE})
            page.get_by_label("Zugangscode").wait_for()
            bild(page, "anmeldung")
            anmelden(seite, token)
            page.get_by_label("Stichtag").first.fill(STICHTAG)
            formulare = {p.name: p.read_bytes() for p in (demo / "Eingang").rglob("*2024-H1_24*.xlsx")}
            seite.lass_fallen(dict(sorted(formulare.items())[:4]))
            bild(page, "eingang")
            seite.reiter("Tafel")
            page.get_by_role("button", name="Neu laden").click()
            page.get_by_role("button", name="Neu laden").and_(page.locator(":enabled")).wait_for()
            bild(page, "tafel")
            page.get_by_label("Suchen").fill(GEMEINDE)
            page.locator("#bereich-tafel .ansage", has_text="von").wait_for()
            page.wait_for_timeout(300)
            page.locator("#bereich-tafel ul.zeilen button").first.click()
            bild(page, "befunde")
            seite.oeffne_befehl("lauf_vorschau", lauf="2024-09", datum=STICHTAG)
            bild(page, "befehle")
            seite.pruefen()
        finally:
            server.stoppen()


if __name__ == "__main__":
    main()
