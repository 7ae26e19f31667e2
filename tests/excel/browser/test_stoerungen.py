"""What goes wrong in an office: protected sheets, lost connections, expired sign-on, foreign files, double clicks."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Route

from excel.browser.buehne import Buehne
from excel.browser.daten import drei, post
from excel.browser.mappen import als_json, leer
from excel.browser.seite import Seite
from excel.browser.server import Server, starten

pytestmark = pytest.mark.xdist_group("chromium")

NETZ = "Der Server antwortet nicht."
VERBINDUNG = "net::ERR_"


# --- the workbook ---------------------------------------------------------------------------
def stand(seite: Seite) -> object:
    """Return what must not change: sheets, formulas, protection."""
    return seite.page.evaluate("krsMappe.blaetter().map(b => [b, krsMappe.formeln(b), krsMappe.geschuetzt(b)])")


def test_ein_blatt_mit_kennwort_bleibt_wie_es_ist_und_ein_satz_sagt_was_zu_tun_ist(
    buehne: Buehne, server: Server
) -> None:
    name, daten = post().formular(2001)
    seite = buehne.oeffne(server, als_json(daten, name, kennwort="geheim"))
    vorher = stand(seite)
    seite.fuehre_aus("funktionen_einsetzen")
    assert seite.satz() == (
        "Das Blatt «Reporting» ist mit einem Kennwort geschützt. Heben Sie den Schutz auf (Überprüfen > Blattschutz "
        "aufheben) und wiederholen Sie den Befehl."
    )
    assert stand(seite) == vorher


def test_eine_mappe_ohne_neue_blaetter_bleibt_wie_sie_ist(buehne: Buehne, server: Server) -> None:
    name, daten = post().formular(2003)
    mappe = als_json(daten, name) | {"schutz": {"kennwort": None}}
    seite = buehne.oeffne(server, mappe)
    vorher = stand(seite)
    seite.fuehre_aus("einreichung_pruefen")
    assert seite.satz().startswith("Die offene Mappe lässt keine neuen Blätter zu. ")
    assert stand(seite) == vorher


def test_waehrend_jemand_in_einer_zelle_tippt_bittet_ein_satz_sie_abzuschliessen(
    buehne: Buehne, server: Server
) -> None:
    name, daten = post().formular(2003)
    seite = buehne.oeffne(server, als_json(daten, name))
    seite.page.evaluate("krsMappe.MODELL.bearbeitung = true")
    seite.fuehre_aus("einreichung_pruefen")
    assert seite.satz() == (
        "Excel ist im Bearbeitungsmodus. Schliessen Sie die Zelle mit Enter oder Esc ab und wiederholen Sie den Befehl."
    )
    seite.page.evaluate("krsMappe.MODELL.bearbeitung = false")
    seite.fuehre_aus("einreichung_pruefen")
    assert "krs Prüfung" in seite.mappe("blaetter")


def test_eine_fremde_mappe_kann_das_add_in_nicht_einstellen(buehne: Buehne, server: Server) -> None:
    mappe = leer("Fremd.xlsx", Tabelle1=[["x"]], **{"xlwings.conf": [["AUTH", "fremd"]]})
    seite = buehne.oeffne(server, mappe)
    seite.fuehre_aus("einreichung_pruefen")
    assert seite.satz().startswith("Die offene Mappe enthält ein Blatt «xlwings.conf»")
    assert seite.gesendet("/xlwings/custom-scripts-call/") == []


def test_was_kein_formular_ist_wird_mit_einem_satz_abgewiesen(buehne: Buehne, server: Server) -> None:
    seite = buehne.oeffne(server, leer(Tabelle1=[["Einkaufsliste"], ["Brot"]]))
    seite.erlaube("status of 400")
    vorher = stand(seite)
    seite.fuehre_aus("einreichung_pruefen")
    assert seite.satz().endswith(".")
    assert seite.satz() != ""
    assert stand(seite) == vorher


# --- the connection -------------------------------------------------------------------------
def test_bricht_die_verbindung_beim_senden_ab_liegen_die_dateien_noch_da(buehne: Buehne, server: Server) -> None:
    seite = buehne.oeffne(server, leer())
    seite.erlaube(VERBINDUNG)
    versuche: list[str] = []

    def abbrechen(route: Route) -> None:
        versuche.append(route.request.url)
        if len(versuche) == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    seite.page.route("**/krs/eingang", abbrechen)
    seite.lass_fallen(drei() | {"Stammdaten.xlsx": post().stammdaten})
    seite.konsolidiere()
    assert seite.warte_auf_satz(NETZ).endswith("Ihre Eingaben bleiben erhalten.")
    assert seite.bereit() == [*drei(), "Stammdaten.xlsx"]
    seite.page.get_by_role("button", name="Erneut versuchen").click()
    seite.page.locator("#ergebnis").wait_for()
    assert seite.satz() == ""
    assert len(versuche) == 2


def test_steht_der_server_still_sagt_es_ein_satz_und_nach_dem_neustart_geht_es_weiter(
    buehne: Buehne, tmp_path: Path
) -> None:
    erster = starten(tmp_path)
    try:
        seite = buehne.oeffne(erster, leer())
        seite.erlaube(VERBINDUNG, "Attempt")
        seite.lass_fallen(drei())
    finally:
        erster.stoppen()
    seite.konsolidiere()
    assert seite.warte_auf_satz(NETZ).endswith("Ihre Eingaben bleiben erhalten.")
    zelle = seite.rechne("A1", '=KRS_BEITRAG(3,1,0,0,"2024-H1")')
    assert (zelle["wert"], zelle["fehler"].startswith(NETZ)) == ("#VALUE!", True)
    zweiter = starten(tmp_path, port=int(erster.url.rsplit(":", 1)[1]))
    try:
        seite.page.get_by_role("button", name="Erneut versuchen").click()
        seite.page.locator("#ergebnis").wait_for()
    finally:
        zweiter.stoppen()
    assert seite.satz() == ""


def test_die_englische_seite_eines_vorgeschalteten_servers_kommt_nicht_auf_den_bildschirm(
    buehne: Buehne, server: Server
) -> None:
    seite = buehne.oeffne(server, leer())
    seite.erlaube("status of 502")
    seite.page.route(
        "**/krs/eingang",
        lambda r: r.fulfill(status=502, content_type="text/html", body="<html><h1>502 Bad Gateway</h1></html>"),
    )
    seite.lass_fallen(drei())
    seite.konsolidiere()
    assert seite.warte_auf_satz(NETZ).endswith("Ihre Eingaben bleiben erhalten.")
    assert "Gateway" not in seite.page.locator("body").inner_text()
    assert len(seite.bereit()) == 3


def test_ein_doppelklick_sendet_nur_einmal(buehne: Buehne, server: Server) -> None:
    seite = buehne.oeffne(server, leer())
    seite.lass_fallen(drei())
    seite.page.get_by_role("button", name="Prüfen und konsolidieren").dblclick()
    seite.page.locator("#ergebnis").wait_for()
    assert len(seite.gesendet("/krs/eingang")) == 1
    seite.oeffne_befehl("funktionen_einsetzen")
    seite.page.locator("#start-funktionen_einsetzen").dblclick()
    seite.warte_auf_befehl()
    assert len(seite.gesendet("/xlwings/custom-scripts-call/")) == 1
