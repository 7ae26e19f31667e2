"""Files that no form is, too many files, and names that want to be more than names."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from excel.browser.buehne import Buehne
from excel.browser.daten import drei, post
from excel.browser.mappen import leer
from excel.browser.server import Server, starten

VERBINDUNG = "net::ERR_"
pytestmark = pytest.mark.xdist_group("chromium")


def test_zu_viel_auf_einmal_wird_mit_einem_satz_abgewiesen(buehne: Buehne, tmp_path: Path) -> None:
    klein = starten(tmp_path, megabyte=1)
    try:
        seite = buehne.oeffne(klein, leer())
        seite.erlaube("status of 413", VERBINDUNG)
        seite.lass_fallen(post().formulare)
        seite.konsolidiere()
        expect(seite.page.locator("#meldung .banner")).to_be_visible()
        assert "MB" in seite.satz()
        assert len(seite.bereit()) == 107
    finally:
        klein.stoppen()


def test_eine_fremde_datei_unter_den_formularen_wird_genannt_und_haelt_die_andern_nicht_auf(
    buehne: Buehne, server: Server
) -> None:
    seite = buehne.oeffne(server, leer())
    seite.lass_fallen(
        drei() | {"Stammdaten.xlsx": post().stammdaten, "Ferienfoto.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(99)}
    )
    seite.page.get_by_label("Stichtag").first.fill("2024-01-22")
    seite.konsolidiere()
    seite.page.locator("#ergebnis").wait_for()
    seite.reiter("Tafel")
    page = seite.page
    page.get_by_role("button", name="fehlt 104").click()
    expect(page.locator("#bereich-tafel .ansage")).to_contain_text("104 von ")
    page.get_by_role("button", name="angenommen 2").click()
    expect(page.locator("#bereich-tafel ul.zeilen strong")).to_have_text(["Beispielwil 2001", "Beispielwil 2002"])
    seite.reiter("Befunde")
    expect(seite.page.locator("#bereich-befunde h3", has_text="Ferienfoto.xlsx")).to_be_visible()


def test_html_in_einem_dateinamen_ist_nur_text(buehne: Buehne, server: Server) -> None:
    seite = buehne.oeffne(server, leer())
    name = '<img src=x onerror="document.title=1">.xlsx'
    seite.lass_fallen({name: b"PK kein xlsx"})
    assert seite.bereit() == [name]
    seite.konsolidiere()
    seite.page.locator("#ergebnis").wait_for()
    seite.reiter("Befunde")
    expect(seite.page.locator("#bereich-befunde h3", has_text="onerror")).to_be_visible()
    assert seite.page.locator("img[src=x]").count() == 0
    assert seite.page.title() == "start.integration"


def test_dieselbe_datei_zweimal_liegt_nur_einmal_bereit_und_laesst_sich_entfernen(
    buehne: Buehne, server: Server
) -> None:
    seite = buehne.oeffne(server, leer())
    for _ in range(2):
        seite.lass_fallen(drei())
    expect(seite.page.locator("#bereich-eingang .ansage")).to_have_text(
        "3 Dateien liegen bereit. 3 Dateien waren schon da."
    )
    for name in list(drei()):
        seite.page.get_by_role("button", name=f"{name} entfernen").click()
    assert seite.bereit() == []
    seite.konsolidiere()
    assert seite.satz().startswith("Es liegt noch keine Einreichung bereit.")
    assert seite.gesendet("/krs/eingang") == []
