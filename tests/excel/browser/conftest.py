"""One Chromium and few servers for the tests of a module; each test has pages of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ablage.laufhilfe import offene
from excel.browser.buehne import CHROMIUM, Buehne, chromium
from excel.browser.mappen import leer
from excel.browser.seite import Seite
from excel.browser.server import Amt, Server, starten
from krs.excel.anfrage import Rolle
from krs.excel.server.tokendatei import Eintrag, hinzufuegen


@pytest.fixture(scope="module")
def browser(verlange: Callable[[object, str], None]) -> Iterator[Browser]:
    """Chromium, where there is one. Not for the whole session: Playwright's loop runs on, and others want their own."""
    verlange(Path(CHROMIUM).exists(), f"{CHROMIUM} fehlt; «apt-get install chromium».")
    with chromium() as geoeffnet:
        yield geoeffnet


@pytest.fixture(scope="module")
def eine_seite(browser: Browser, server: Server) -> Iterator[Seite]:
    """One task pane for all tests of a module that asks for it."""
    buehne = Buehne(browser)
    try:
        yield buehne.oeffne(server, leer())
    finally:
        buehne.wegraeumen()


@pytest.fixture
def buehne(browser: Browser) -> Iterator[Buehne]:
    """Pages of one test; at its end none of them may have done what it should not."""
    b = Buehne(browser)
    try:
        yield b
    finally:
        b.wegraeumen()
    b.pruefen()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that keeps nothing and knows nobody."""
    laufend = starten(tmp_path_factory.mktemp("server"))
    yield laufend
    laufend.stoppen()


@pytest.fixture(scope="module")
def amt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amt]:
    """Anna enters and releases, Beat does, too; nobody does both steps of one run."""
    ordner = tmp_path_factory.mktemp("amt")
    ablage, tokens = offene(ordner), ordner / "tokens.toml"
    beide = frozenset(Rolle)
    anna = hinzufuegen(tokens, Eintrag("Anna Muster", "AM", beide, ""))
    beat = hinzufuegen(tokens, Eintrag("Beat Beispiel", "BB", beide, ""))
    laufend = starten(ordner, ablage=ablage.pfad, tokens=tokens)
    yield Amt(laufend, ablage, tokens, anna, beat)
    laufend.stoppen()
