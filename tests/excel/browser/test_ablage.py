"""A server with a working folder: what was dropped stays, the board is there before anybody drops anything."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from ablage.hilfe import ausgefuellt
from excel.browser.buehne import Buehne
from excel.browser.mappen import leer
from excel.browser.seite import Seite
from excel.browser.server import Amt

pytestmark = pytest.mark.xdist_group("chromium")

NAME, TAG = "Nachtrag.xlsx", "2024-07-20"


def falsch(amt: Amt, einsaetze: int = 12) -> bytes:
    """Return a form of Härkingen: interpreters, but no talks."""
    nichts = {"erst_einzelpersonen": 0, "erst_dolmetsch_einzelpersonen": einsaetze, "sprachen": [("Dari", einsaetze)]}
    return ausgefuellt(amt.ablage, 2402, **nichts)


@pytest.fixture
def anna(buehne: Buehne, amt: Amt) -> Seite:
    """Anna, signed on, on the board of 10 September 2024."""
    seite = buehne.oeffne(amt.server, leer(), token=amt.anna)
    seite.page.get_by_label("Stichtag").first.fill("2024-09-10")
    return seite


def test_die_tafel_ist_nach_der_anmeldung_da_ohne_dass_jemand_etwas_ablegt(anna: Seite) -> None:
    anna.reiter("Tafel")
    gemeinden = anna.page.locator("#bereich-tafel ul.zeilen strong")
    expect(gemeinden.filter(has_text="Egerkingen").first).to_be_visible()
    assert anna.gesendet("/krs/eingang") == []


def test_eigene_stammdaten_nimmt_ein_server_mit_ablage_nicht_an(anna: Seite, amt: Amt) -> None:
    anna.erlaube("status of 4")
    vorher = amt.ablage.stammdaten.read_bytes()
    anna.lass_fallen({"x.xlsx": falsch(amt), "Stammdaten.xlsx": b"fremd"})
    anna.konsolidiere()
    assert "Stammdaten" in anna.warte_auf_satz("")
    assert amt.ablage.stammdaten.read_bytes() == vorher
    assert not list(amt.ablage.eingang.rglob("x.xlsx"))


def test_eine_eingelegte_datei_ist_auch_spaeter_aus_dem_archiv_zu_oeffnen(
    buehne: Buehne, amt: Amt, anna: Seite
) -> None:
    anna.page.get_by_label("Stichtag").first.fill(TAG)
    anna.lass_fallen({NAME: falsch(amt)})
    anna.konsolidiere()
    anna.page.locator("#ergebnis").wait_for()
    assert (amt.ablage.eingang / TAG / NAME).read_bytes() == falsch(amt)

    spaeter = buehne.oeffne(amt.server, leer(), token=amt.beat)
    spaeter.reiter("Befunde")
    gruppe = spaeter.page.locator("#bereich-befunde h3 button", has_text="1 Fehler").first
    if gruppe.get_attribute("aria-expanded") != "true":
        gruppe.click()
    spaeter.page.locator("button.sprung", has_text="12 Dolmetscheinsätze").click()
    spaeter.page.get_by_role("button", name="Einreichung öffnen").click()
    spaeter.warte(spaeter.neue_mappen)
    assert spaeter.neue_mappen() == [falsch(amt)]


def test_konsolidieren_an_einem_frueheren_tag_oeffnet_den_master_jenes_tages(anna: Seite, amt: Amt) -> None:
    anna.fuehre_aus("konsolidieren", stichtag="2024-09-10")
    anna.page.get_by_role("button", name="Master öffnen").first.click()
    anna.warte(anna.neue_mappen)
    assert anna.neue_mappen() == [(amt.ablage.pfad / "Master_2024-09-10.xlsx").read_bytes()]


def test_eine_datei_zu_einem_ausgetauschten_namen_kommt_nicht_ueber_den_ordner_hinaus(anna: Seite, amt: Amt) -> None:
    anna.page.get_by_label("Stichtag").first.fill(TAG)
    anna.lass_fallen({"../../Stammdaten2.xlsx": falsch(amt, 13)})
    anna.konsolidiere()
    anna.page.locator("#ergebnis").wait_for()
    gefunden = [p.relative_to(amt.ablage.pfad).as_posix() for p in amt.ablage.pfad.rglob("*Stammdaten2*")]
    assert gefunden == [f"Eingang/{TAG}/Stammdaten2.xlsx"]


def test_bricht_eine_freigabe_ab_raet_niemand_zum_blinden_wiederholen(anna: Seite) -> None:
    anna.erlaube("net::ERR_")
    anna.page.route("**/custom-scripts-call/lauf_freigeben", lambda r: r.abort("connectionreset"))
    anna.fuehre_aus("lauf_freigeben", bestaetigt=True, lauf="2024-09", schritt="vorbereiten", datum="2024-09-10")
    assert anna.satz().startswith("Die Verbindung brach ab, bevor die Antwort kam.")
    assert "«Lauf: Vorschau»" in anna.satz()
    expect(anna.page.get_by_role("button", name="Erneut versuchen")).to_be_hidden()
    assert len(anna.gesendet("/xlwings/custom-scripts-call/")) == 1
