"""Macros from the task pane: result sheets, live forms, and a payment run that needs two people."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from excel.browser.buehne import Buehne
from excel.browser.daten import form
from excel.browser.mappen import als_json, leer
from excel.browser.seite import Seite
from excel.browser.server import Amt, Server

pytestmark = pytest.mark.xdist_group("chromium")

ABGELEHNT = "status of (400|403)"  # the browser notes each refusal in the console


def test_die_offene_mappe_wird_geprueft_und_ein_fremder_text_bleibt_text(buehne: Buehne, server: Server) -> None:
    daten = form(2003, kontakt_name='=HYPERLINK("http://boese.example";"x")', bemerkungen="=1+1")
    seite = buehne.oeffne(server, als_json(daten, "Formular.xlsx"))
    vorher = seite.mappe("blaetter")
    seite.page.get_by_role("button", name="Offene Mappe prüfen").click()
    seite.page.locator("#ergebnis").wait_for()
    (neu,) = [b for b in seite.mappe("blaetter") if b not in vorher]
    assert neu == "krs Prüfung"
    assert seite.mappe("formeln", neu) == {}
    zeilen = seite.mappe("inhalt", neu)
    assert any("A2-07" in zeile for zeile in zeilen)
    seite.reiter("Befunde")
    seite.page.get_by_role("button", name="A2-07 erklären").wait_for()


def test_zweimal_pruefen_hinterlaesst_ein_einziges_ergebnisblatt(buehne: Buehne, server: Server) -> None:
    seite = buehne.oeffne(server, als_json(form(2003), "Formular.xlsx"))
    knopf = seite.page.get_by_role("button", name="Offene Mappe prüfen")
    knopf.click()
    seite.warte(lambda: "krs Prüfung" in seite.mappe("blaetter"))
    erstes = seite.mappe("inhalt", "krs Prüfung")
    expect(knopf).to_be_enabled()
    knopf.click()
    seite.warte(lambda: len(seite.gesendet("/xlwings/custom-scripts-call/")) == 2)
    expect(knopf).to_be_enabled()
    assert seite.mappe("blaetter").count("krs Prüfung") == 1
    assert seite.mappe("inhalt", "krs Prüfung") == erstes


def test_die_vorschau_eines_laufs_zeigt_was_jede_gemeinde_erhaelt(buehne: Buehne, amt: Amt) -> None:
    seite = buehne.oeffne(amt.server, leer(), token=amt.anna)
    seite.fuehre_aus("lauf_vorschau", lauf="2024-09", datum="2024-09-10")
    (blatt,) = [b for b in seite.mappe("blaetter") if b.startswith("krs ")]
    zeilen = {z[1]: z for z in seite.mappe("inhalt", blatt) if z[0] in (2401, 2402, 2403)}
    # tests/ablage/laufhilfe.py: Egerkingen is paid 760, Härkingen 400 less 150, Kestenholz nothing but a bill of 240.
    assert 760 in zeilen["Egerkingen"]
    assert {400, 150, 250} <= set(zeilen["Härkingen"])
    assert {760, 240} <= set(zeilen["Kestenholz"])
    assert not (amt.ablage.pfad / "Laeufe" / "2024-09").exists()


def test_einen_lauf_gibt_eine_andere_person_frei_als_die_ihn_vorbereitet_hat(buehne: Buehne, amt: Amt) -> None:
    anna = buehne.oeffne(amt.server, leer(), token=amt.anna)
    anna.erlaube(ABGELEHNT)
    lauf = {"lauf": "2024-09", "datum": "2024-09-10"}
    anna.fuehre_aus("lauf_freigeben", schritt="vorbereiten", bestaetigt=True, **lauf)
    assert anna.satz() == ""
    anna.fuehre_aus("lauf_freigeben", schritt="freigeben", bestaetigt=True, **lauf)
    assert anna.satz() == ("Das Konto «Anna Muster» hat den Lauf vorbereitet. Freigeben muss ihn eine zweite Person.")
    frei = amt.ablage.pfad / "Laeufe" / "2024-09"
    assert not frei.exists()

    beat = buehne.oeffne(amt.server, leer(), token=amt.beat)
    beat.fuehre_aus("lauf_freigeben", schritt="freigeben", bestaetigt=True, **lauf)
    assert beat.satz() == ""
    visa = json.dumps(json.loads((frei / "lauf.json").read_text("utf-8")), ensure_ascii=False)
    assert "AM" in visa
    assert "BB" in visa


def test_ohne_ablage_sagt_der_befehl_was_fehlt_und_laesst_sich_nicht_ausfuehren(buehne: Buehne, server: Server) -> None:
    seite = buehne.oeffne(server, leer())
    seite.oeffne_befehl("lauf_vorschau", lauf="2024-09")
    expect(seite.page.locator("#start-lauf_vorschau")).to_be_disabled()
    expect(seite.page.locator("#formular-lauf_vorschau .grund")).to_have_text(
        "Braucht eine Ablage; dieser Server hat keine."
    )


def test_eine_fehlende_angabe_wird_am_feld_genannt_bevor_etwas_gesendet_wird(buehne: Buehne, amt: Amt) -> None:
    seite = buehne.oeffne(amt.server, leer(), token=amt.anna)
    seite.oeffne_befehl("lauf_vorschau")
    seite.page.locator("#start-lauf_vorschau").click()
    expect(seite.page.locator("#feld-lauf_vorschau-lauf-hinweis .mangel")).to_have_text("Füllen Sie «Lauf» aus.")
    expect(seite.page.locator("#feld-lauf_vorschau-lauf")).to_be_focused()
    assert seite.gesendet("/xlwings/custom-scripts-call/") == []


def test_ein_knopf_im_menueband_fuehrt_den_befehl_aus(buehne: Buehne, server: Server) -> None:
    seite = buehne.oeffne(server, als_json(form(2003), "Formular.xlsx"))
    seite.mappe("druecke", "einreichung_pruefen")
    seite.warte_auf_befehl()
    assert "krs Prüfung" in seite.mappe("blaetter")


def alle_befehle(seite: Seite) -> list[str]:
    """Return the macros of the pane."""
    return [
        str(k).removeprefix("makro-") for k in seite.page.locator("[id^=makro-]").evaluate_all("e => e.map(x => x.id)")
    ]


def test_jeder_befehl_hat_seinen_knopf_im_menueband(buehne: Buehne, server: Server) -> None:
    seite = buehne.oeffne(server, leer())
    assert sorted(alle_befehle(seite)) == seite.mappe("knoepfe")
    assert len(seite.mappe("knoepfe")) == 11
