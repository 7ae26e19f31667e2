"""The stage: Chromium, and pages that fail on anything they should not do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Request, Route, sync_playwright

from excel.browser.seite import GEDULD, Seite, anmelden
from excel.browser.server import Server

CHROMIUM = "/usr/bin/chromium"
SCHALTER = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OFFICE_JS = re.compile(r"/office\.js(\?.*)?$")


def office_js() -> str:
    """Return the stand-in of office.js, one function made of the files in office/."""
    teile = sorted((Path(__file__).parent / "office").glob("*.js"))
    return '(function () {\n"use strict";\n' + "\n".join(t.read_text("utf-8") for t in teile) + "\n})();\n"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open Debian's Chromium without a window."""
    with sync_playwright() as spiel:
        browser = spiel.chromium.launch(executable_path=CHROMIUM, args=SCHALTER)
        yield browser
        browser.close()


@dataclass
class Buehne:
    """Opens task panes and looks after all of them at the end."""

    browser: Browser
    seiten: list[Seite] = field(default_factory=list)

    def oeffne(
        self,
        server: Server,
        mappe: dict[str, Any] | None = None,
        breite: int = 380,
        *,
        token: str = "",
        schaerfe: float = 1,
        antworten: dict[str, str] | None = None,
    ) -> Seite:
        """Open the task pane beside a workbook.

        Args:
            token: signs on.
            schaerfe: the density of pictures.
            antworten: path → JSON that stands in for the answer of the server.
        """
        context = self.browser.new_context(
            viewport={"width": breite, "height": 800},
            device_scale_factor=schaerfe,
            locale="de-CH",
            timezone_id="Europe/Zurich",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        context.set_default_timeout(GEDULD * 1000)
        page = context.new_page()
        seite = Seite(page, context, server)
        self.seiten.append(seite)
        _ueberwachen(seite)
        for pfad, text in (antworten or {}).items():
            page.route(f"{server.url}{pfad}", _antwort(text))
        if mappe is not None:
            page.add_init_script(f"globalThis.KRS_MAPPE = {json.dumps(mappe)};")
        page.goto(f"{server.url}/taskpane.html")
        seite.warte(lambda: page.evaluate("krsMappe.funktionen().length"))
        if token:
            anmelden(seite, token)
        return seite

    def wegraeumen(self) -> None:
        """Close all pages."""
        for seite in self.seiten:
            seite.context.close()

    def pruefen(self) -> None:
        """Fail if one of the pages did what it should not."""
        for seite in self.seiten:
            seite.pruefen()


def _antwort(text: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=text, content_type="application/json")


def _ueberwachen(seite: Seite) -> None:
    skript = office_js()

    def abweisen(route: Route) -> None:
        seite.fehler.append(f"Anfrage an einen fremden Server: {route.request.url}")
        route.abort()

    fremd = re.compile(rf"^(?!{re.escape(seite.server.url)}/|data:|blob:)")
    seite.context.route(fremd, abweisen)
    seite.context.route(OFFICE_JS, lambda r: r.fulfill(body=skript, content_type="text/javascript"))

    def merken(anfrage: Request) -> None:
        seite.anfragen.append(anfrage)

    seite.page.on("request", merken)
    seite.page.on("pageerror", lambda e: seite.fehler.append(f"Ausnahme: {e}"))
    seite.page.on("console", lambda m: seite.fehler.append(f"Konsole: {m.text}") if m.type == "error" else None)
