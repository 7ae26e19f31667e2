"""The task pane by keyboard alone, at every width that Excel gives it, and readable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FileChooser, Page, expect

from excel.browser.buehne import Buehne
from excel.browser.daten import STICHTAG, post
from excel.browser.mappen import als_json, leer
from excel.browser.seite import Seite
from excel.browser.server import Amt, Server

pytestmark = pytest.mark.xdist_group("chromium")

BEREICHE = ("Eingang", "Tafel", "Befunde", "Befehle")
MESSEN = (Path(__file__).parent / "kontrast.js").read_text("utf-8")


@pytest.fixture(scope="module")
def volle(browser: Browser, server: Server) -> Iterator[Seite]:
    """A task pane in which every part has something to show."""
    buehne = Buehne(browser)
    seite = buehne.oeffne(server, leer())
    try:
        seite.lass_fallen(dict(post().formular(b) for b in (2001, 2003, 2005)) | {"Stammdaten.xlsx": post().stammdaten})
        seite.page.get_by_label("Stichtag").first.fill(STICHTAG.isoformat())
        seite.page.get_by_role("button", name="Prüfen und konsolidieren").click()
        seite.page.locator("#ergebnis").wait_for()
        yield seite
    finally:
        buehne.wegraeumen()
    buehne.pruefen()


def oeffne_alles(seite: Seite, bereich: str) -> None:
    """Show a part with everything in it unfolded."""
    seite.reiter(bereich)
    if bereich == "Tafel":
        seite.page.locator("#bereich-tafel .chips button").first.click()
    if bereich == "Befunde":
        zu = seite.page.locator("#bereich-befunde h3 button[aria-expanded=false]")
        while zu.count():
            zu.first.click()
    if bereich == "Befehle":
        seite.oeffne_befehl("lauf_freigeben")


@pytest.mark.parametrize("breite", [320, 380, 480])
@pytest.mark.parametrize("bereich", BEREICHE)
def test_nichts_ragt_ueber_den_rand_des_aufgabenbereichs(volle: Seite, bereich: str, breite: int) -> None:
    volle.page.set_viewport_size({"width": breite, "height": 800})
    oeffne_alles(volle, bereich)
    ueber = volle.page.evaluate(
        """breite => [document.documentElement.scrollWidth, ...[...document.querySelectorAll("#krs *")]
            .filter(e => e.checkVisibility() && !e.closest(".visually-hidden"))
            .filter(e => e.getBoundingClientRect().right > breite + 0.5)
            .map(e => e.outerHTML.slice(0, 120))]""",
        breite,
    )
    assert ueber == [breite]


@pytest.mark.parametrize("bereich", BEREICHE)
def test_jeder_sichtbare_text_hat_genug_kontrast(volle: Seite, bereich: str) -> None:
    oeffne_alles(volle, bereich)
    gemessen: list[dict[str, Any]] = volle.page.evaluate(MESSEN)
    assert len(gemessen) > 10
    assert [g for g in gemessen if g["kontrast"] < 4.5] == []


def test_auch_anmeldung_und_meldung_haben_genug_kontrast(buehne: Buehne, amt: Amt) -> None:
    seite = buehne.oeffne(amt.server, leer())
    seite.erlaube("status of 401")
    seite.page.get_by_label("Zugangscode").fill("falsch")
    seite.page.get_by_role("button", name="Anmelden", exact=True).click()
    seite.warte_auf_satz("Der Zugangscode gilt nicht")
    assert [g for g in seite.page.evaluate(MESSEN) if g["kontrast"] < 4.5] == []


# --- keyboard -------------------------------------------------------------------------------
def fokus(page: Page) -> dict[str, Any]:
    """Return what has the focus, and whether one sees it."""
    ort: dict[str, Any] = page.evaluate(
        """() => {
            const e = document.activeElement;
            const r = (e.id === "dateiwahl" ? document.querySelector("label[for=dateiwahl]") : e);
            const s = getComputedStyle(r);
            const linie = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
            const kasten = r.getBoundingClientRect();
            return {
                id: e.id, name: (e.getAttribute("aria-label") || e.textContent || "").trim().replace(/\\s+/g, " "),
                sichtbar: linie || s.boxShadow !== "none",
                im_bild: kasten.width > 0 && kasten.bottom > 0 && kasten.top < innerHeight,
                ganz: e === document.body, nummer: [...document.querySelectorAll("*")].indexOf(e),
            };
        }"""
    )
    return ort


def runde(page: Page) -> list[dict[str, Any]]:
    """Press Tab from the top until the page is left; return every stop."""
    page.evaluate("const kopf = document.querySelector('h1'); kopf.tabIndex = -1; kopf.focus()")
    orte: dict[int, dict[str, Any]] = {}
    for _ in range(600):
        page.keyboard.press("Tab")
        ort = fokus(page)
        if ort["ganz"]:
            break
        # A date has several stops of its own: its ring shows at the first of them.
        orte.setdefault(ort["nummer"], ort)
    return list(orte.values())


@pytest.mark.parametrize("bereich", BEREICHE)
def test_tab_erreicht_jeden_knopf_und_jedes_feld_und_der_fokus_ist_zu_sehen(volle: Seite, bereich: str) -> None:
    oeffne_alles(volle, bereich)
    orte = runde(volle.page)
    bedienbar = volle.page.evaluate(
        """() => [...document.querySelectorAll("#krs button, #krs input, #krs select, #krs summary, #krs a")]
            .filter(e => e.checkVisibility() && !e.disabled && e.getAttribute("tabindex") !== "-1").length"""
    )
    assert len(orte) == bedienbar
    assert [o for o in orte if not (o["sichtbar"] and o["im_bild"])] == []


def test_pfeiltasten_wechseln_den_bereich_und_der_fokus_geht_mit(volle: Seite) -> None:
    page = volle.page
    volle.reiter("Eingang")
    page.locator("#reiter-eingang").focus()
    besucht = []
    for taste in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Home", "End"):
        page.keyboard.press(taste)
        expect(page.locator("[role=tab][aria-selected=true]")).to_be_focused()
        besucht.append(fokus(page)["id"].removeprefix("reiter-"))
    assert besucht == ["tafel", "befunde", "befehle", "eingang", "befehle", "eingang", "befehle"]


def bis(page: Page, text: str) -> None:
    """Press Tab until something with this text or id has the focus."""
    for _ in range(200):
        ort = fokus(page)
        if ort["id"].startswith(text) or ort["name"].startswith(text):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"«{text}» ist mit der Tabulatortaste nicht erreichbar.")


def test_der_ganze_weg_von_der_datei_bis_zur_zelle_geht_ohne_maus(buehne: Buehne, server: Server) -> None:
    name, daten = post().formular(2003)
    seite = buehne.oeffne(server, als_json(daten, name))
    page = seite.page
    dialoge: list[FileChooser] = []
    page.on("filechooser", lambda dialog: dialoge.append(dialog))  # noqa: PLW0108 Playwright marks what it is given
    bis(page, "dateiwahl")
    page.keyboard.press("Space")
    seite.warte(lambda: dialoge)
    dialoge[0].set_files([{"name": name, "mimeType": "", "buffer": daten}])
    bis(page, "Nur prüfen")
    page.keyboard.press("Enter")
    page.locator("#ergebnis").wait_for()
    bis(page, "reiter-")
    while page.locator("#reiter-befunde").get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowRight")
    bis(page, "Reporting!C25")
    page.keyboard.press("Enter")
    seite.warte_auf_auswahl("Reporting!C25")
    assert seite.mappe("zelle", seite.mappe("auswahl"))["wert"] == 12


def test_ein_befehl_mit_rueckfrage_geht_ohne_maus_und_bricht_auf_wunsch_ab(buehne: Buehne, amt: Amt) -> None:
    seite = buehne.oeffne(amt.server, leer(), token=amt.anna)
    page = seite.page
    seite.reiter("Befehle")
    bis(page, "makro-lauf_freigeben")
    page.keyboard.press("Enter")
    bis(page, "feld-lauf_freigeben-lauf")
    page.keyboard.type("2024-09")
    bis(page, "feld-lauf_freigeben-schritt")
    page.keyboard.press("v")  # vorbereiten
    bis(page, "start-lauf_freigeben")
    page.keyboard.press("Enter")
    expect(page.locator("#frage-lauf_freigeben")).to_be_focused()
    bis(page, "Abbrechen")
    page.keyboard.press("Enter")
    expect(page.locator("#start-lauf_freigeben")).to_be_focused()
    assert seite.gesendet("/xlwings/custom-scripts-call/") == []


def test_wer_vorlesen_laesst_hoert_namen_zu_jedem_feld_und_knopf(volle: Seite) -> None:
    for bereich in BEREICHE:
        oeffne_alles(volle, bereich)
        ohne = volle.page.evaluate(
            """() => [...document.querySelectorAll("#krs button, #krs input, #krs select, #krs progress")]
                .filter(e => e.checkVisibility())
                .filter(e => !(e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.length))
                .map(e => e.outerHTML)"""
        )
        assert ohne == []
