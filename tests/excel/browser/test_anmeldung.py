"""Signing on, expired sign-on, signing off."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from excel.browser.buehne import Buehne
from excel.browser.mappen import leer
from excel.browser.seite import anmelden
from excel.browser.server import Amt
from krs.excel.anfrage import Rolle
from krs.excel.server.tokendatei import Eintrag, hinzufuegen, widerrufen

pytestmark = pytest.mark.xdist_group("chromium")


def test_laeuft_die_anmeldung_ab_bleiben_die_dateien_liegen_bis_man_sich_wieder_anmeldet(
    buehne: Buehne, amt: Amt
) -> None:
    seite = buehne.oeffne(amt.server, leer(), token=amt.anna)
    seite.erlaube("status of 401")
    name, daten = "Nachtrag.xlsx", next((amt.ablage.vorlagen / "2024-H1").glob("*_2402_*")).read_bytes()
    seite.lass_fallen({name: daten})
    widerrufen(amt.tokens, "AM")
    seite.konsolidiere()
    assert seite.warte_auf_satz("Ihre Anmeldung fehlt oder ist abgelaufen.").endswith(
        "Dateien und Eingaben bleiben erhalten."
    )
    expect(seite.page.get_by_label("Zugangscode")).to_be_visible()
    assert seite.bereit() == [name]
    amt.anna = hinzufuegen(amt.tokens, Eintrag("Anna Muster", "AM", frozenset(Rolle), ""))
    anmelden(seite, amt.anna)
    assert seite.bereit() == [name]
    seite.page.get_by_label("Stichtag").first.fill("2024-07-20")
    seite.konsolidiere()
    seite.page.locator("#ergebnis").wait_for()
    assert (amt.ablage.eingang / "2024-07-20" / name).read_bytes() == daten


def test_ein_falscher_zugangscode_wird_mit_einem_satz_abgewiesen(buehne: Buehne, amt: Amt) -> None:
    seite = buehne.oeffne(amt.server, leer())
    seite.erlaube("status of 401")
    seite.page.get_by_label("Zugangscode").fill("falsch")
    seite.page.get_by_role("button", name="Anmelden", exact=True).click()
    assert seite.warte_auf_satz("Der Zugangscode gilt nicht").endswith("oder verlangen Sie einen neuen.")
    expect(seite.page.locator("#konsolidieren")).to_be_disabled()


def test_ohne_anmeldung_nennt_auch_die_funktion_in_der_zelle_den_grund(buehne: Buehne, amt: Amt) -> None:
    seite = buehne.oeffne(amt.server, leer())
    seite.erlaube("status of 401", "Attempt 1: ")
    zelle = seite.rechne("A1", '=KRS_BEITRAG(3,1,0,0,"2024-H1")')
    assert zelle["wert"] == "#VALUE!"
    assert zelle["fehler"].startswith("Melden Sie sich an: ")
    assert zelle["fehler"].endswith(".")
    assert len(seite.gesendet("/xlwings/custom-functions-call")) == 1


def test_abmelden_laesst_nichts_auf_dem_bildschirm(buehne: Buehne, amt: Amt) -> None:
    seite = buehne.oeffne(amt.server, leer(), token=amt.beat)
    seite.reiter("Tafel")
    expect(seite.page.locator("#bereich-tafel ul.zeilen > li").first).to_be_visible()
    seite.page.get_by_role("button", name="Abmelden").click()
    expect(seite.page.get_by_label("Zugangscode")).to_be_visible()
    expect(seite.page.locator("#bereich-tafel ul.zeilen > li")).to_have_count(0)
    assert "Egerkingen" not in seite.page.locator("body").inner_text()


def test_verweigert_office_die_anmeldung_sagt_ein_satz_was_zu_tun_ist(buehne: Buehne, amt: Amt) -> None:
    bereit = '{"version": "1", "anmeldung": "entra", "ablage": false, "lizenz": "eigene"}'
    seite = buehne.oeffne(amt.server, leer(), antworten={"/bereit": bereit})
    seite.erlaube("status of 401")
    expect(seite.page.get_by_text("Sie melden sich mit dem Geschäftskonto an")).to_be_visible()
    seite.page.get_by_role("button", name="Anmelden", exact=True).click()
    assert seite.warte_auf_satz("Microsoft hat Sie nicht angemeldet.").endswith(".")
    assert seite.gesendet("/krs/") == []
