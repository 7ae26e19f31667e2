"""107 forms dropped into the task pane in Chromium: from the drop to the board and the Master in Excel."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))  # as pytest has it

from excel.browser.buehne import CHROMIUM, Buehne, chromium
from excel.browser.daten import STICHTAG, post
from excel.browser.server import Server, starten

HOECHSTENS = 5.0


def messen(male: int = 3) -> float | None:
    """Return the slowest of some tries in seconds, the first with a cold server; None without Chromium."""
    if not Path(CHROMIUM).exists():
        return None
    with tempfile.TemporaryDirectory() as ordner:
        server = starten(Path(ordner))
        try:
            with chromium() as browser:
                buehne = Buehne(browser)
                sekunden = [_einmal(buehne, server) for _ in range(male)]
                buehne.wegraeumen()
            buehne.pruefen()
        finally:
            server.stoppen()
    return max(sekunden)


def _einmal(buehne: Buehne, server: Server) -> float:
    seite = buehne.oeffne(server)
    seite.page.get_by_label("Stichtag").first.fill(STICHTAG.isoformat())
    ablage = seite.als_ablage(post().formulare | {"Stammdaten.xlsx": post().stammdaten})
    anfang = time.perf_counter()
    seite.page.dispatch_event("#ablegen", "drop", {"dataTransfer": ablage})
    seite.page.get_by_role("button", name="Prüfen und konsolidieren").click()
    seite.page.get_by_role("button", name="Master öffnen").click()
    seite.reiter("Tafel")
    seite.page.get_by_text("107 von 107 Zeilen").wait_for()
    sekunden = time.perf_counter() - anfang
    assert len(seite.neue_mappen()) == 1
    return sekunden
