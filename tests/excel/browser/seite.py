"""One task pane in the browser, and what a user does with it."""

from __future__ import annotations

import re
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playwright.sync_api import BrowserContext, FilePayload, JSHandle, Page, Request

if TYPE_CHECKING:
    from excel.browser.server import Server

GEDULD = 60  # seconds: against what hangs, not against a busy computer


@dataclass
class Seite:
    """One task pane with its workbook; `fehler` is what must stay empty, but for what a test expects."""

    page: Page
    context: BrowserContext
    server: Server
    fehler: list[str] = field(default_factory=list)
    anfragen: list[Request] = field(default_factory=list)
    erwartet: list[str] = field(default_factory=list)

    def erlaube(self, *muster: str) -> None:
        """Expect these faults (regular expressions) in the console."""
        self.erwartet += muster

    def pruefen(self) -> None:
        """Fail if the page wrote an error, broke the CSP or asked another server."""
        unerwartet = [f for f in self.fehler if not any(re.search(m, f) for m in self.erwartet)]
        if unerwartet:
            raise AssertionError("\n".join(unerwartet))

    def mappe(self, name: str, *argumente: object) -> Any:
        """Call a function of `krsMappe`, the window into the workbook of the stand-in."""
        return self.page.evaluate("([n, a]) => krsMappe[n](...a)", [name, list(argumente)])

    def rechne(self, ort: str, formel: str) -> dict[str, Any]:
        """Type a formula and return the cell when everything is computed."""
        self.mappe("tippe", ort, formel)
        self.mappe("ruhig")
        ergebnis: dict[str, Any] = self.mappe("zelle", ort)
        return ergebnis

    def als_ablage(self, dateien: Mapping[str, bytes]) -> JSHandle:
        """Return files as the page gets them when they are dropped."""
        inhalt = [[name, b64encode(daten).decode()] for name, daten in dateien.items()]
        return self.page.evaluate_handle(
            """inhalt => {
                const ablage = new DataTransfer();
                for (const [name, text] of inhalt) {
                    const bytes = Uint8Array.from(atob(text), z => z.charCodeAt(0));
                    ablage.items.add(new File([bytes], name, { lastModified: 1_700_000_000_000 }));
                }
                return ablage;
            }""",
            inhalt,
        )

    def lass_fallen(self, dateien: Mapping[str, bytes]) -> None:
        """Drop files with their real bytes onto the page."""
        self.page.dispatch_event("#ablegen", "drop", {"dataTransfer": self.als_ablage(dateien)})

    def waehle(self, dateien: Mapping[str, bytes]) -> None:
        """Choose files in the dialog of the browser."""
        wahl: list[FilePayload] = [{"name": n, "mimeType": "", "buffer": d} for n, d in dateien.items()]
        self.page.set_input_files("#dateiwahl", wahl)

    def bereit(self) -> list[str]:
        """Return the names of the files that lie ready."""
        return self.page.locator("ul.dateien .name").all_text_contents()

    def konsolidiere(self) -> None:
        """Send what lies ready."""
        self.page.get_by_role("button", name="Prüfen und konsolidieren").click()

    def neue_mappen(self) -> list[bytes]:
        """Return the workbooks that Excel was given to open."""
        return [b64decode(text) for text in self.page.evaluate("krsMappe.MODELL.neue_mappen")]

    def reiter(self, name: str) -> None:
        """Go to a part of the pane."""
        self.page.get_by_role("tab", name=name).click()
        bereiche = self.page.locator("[role=tabpanel]:visible")  # the one before goes a moment later
        self.warte(lambda: bereiche.evaluate_all("e => e.map(x => x.id)") == [f"bereich-{name.lower()}"])
        self.page.evaluate("new Promise(gezeichnet => requestAnimationFrame(() => requestAnimationFrame(gezeichnet)))")

    def satz(self) -> str:
        """Return the sentence of the banner; empty if there is none."""
        return self.page.locator("#meldung .banner p").text_content() or ""

    def warte_auf_satz(self, anfang: str) -> str:
        """Wait for a sentence of the banner and return it whole."""
        self.page.locator("#meldung .banner:visible", has_text=anfang).wait_for()
        return self.satz()

    def oeffne_befehl(self, name: str, **angaben: str) -> None:
        """Open the form of a macro and fill it in; `name` and the keys as in makros.toml."""
        self.reiter("Befehle")
        knopf = self.page.locator(f"#makro-{name}")
        if knopf.get_attribute("aria-expanded") != "true":
            knopf.click()
        for schluessel, wert in angaben.items():
            feld = self.page.locator(f"#feld-{name}-{schluessel}")
            if feld.evaluate("e => e.tagName") == "SELECT":
                feld.select_option(wert)
            else:
                feld.fill(wert)

    def fuehre_aus(self, name: str, *, bestaetigt: bool = False, **angaben: str) -> None:
        """Run a macro and wait until it is over, well or not."""
        self.oeffne_befehl(name, **angaben)
        self.page.locator(f"#start-{name}").click()
        if bestaetigt:
            self.page.get_by_role("button", name="Ja, ausführen").locator("visible=true").click()
        self.warte_auf_befehl()

    def warte_auf_befehl(self) -> None:
        """Wait until no macro runs and every function has its result."""
        self.warte(
            lambda: "Der Befehl läuft" not in (self.page.locator("#bereich-befehle .ansage").text_content() or "")
        )
        self.mappe("ruhig")

    def warte(self, bedingung: Callable[[], object]) -> None:
        """Wait until something holds; the CSP forbids Playwright to wait inside of the page."""
        ende = time.monotonic() + GEDULD
        while not bedingung():
            assert time.monotonic() < ende, "Es kam nicht so weit."
            self.page.wait_for_timeout(20)

    def warte_auf_auswahl(self, anfang: str) -> None:
        """Wait until cells are selected whose address begins so."""
        self.warte(lambda: self.mappe("auswahl").startswith(anfang))

    def gesendet(self, teil: str) -> list[Request]:
        """Return the requests whose path begins so."""
        return [r for r in self.anfragen if r.url.removeprefix(self.server.url).startswith(teil)]


def anmelden(seite: Seite, token: str) -> None:
    """Sign on with a token in the form of the task pane."""
    seite.page.get_by_label("Zugangscode").fill(token)
    seite.page.get_by_role("button", name="Anmelden", exact=True).click()
    seite.page.get_by_text("Angemeldet:").wait_for()
