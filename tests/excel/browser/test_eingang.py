"""107 forms dropped into the task pane: board, Befunde, the way to the cell, and the Master."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from excel.browser.buehne import Buehne
from excel.browser.daten import STICHTAG, konsolidiert, post
from excel.browser.mappen import als_json, leer
from excel.browser.seite import Seite
from excel.browser.server import Server
from krs import ablauf
from krs.excel import tafel
from krs.formulare.befund import Befund

pytestmark = pytest.mark.xdist_group("chromium")


# What a user sees from the click to the end: the sentence, whether the progress shows, whether the button is locked.
MITSCHREIBEN = """() => {
    globalThis.verlauf = [];
    const zeige = (wahl) => document.querySelector(wahl);
    const stand = () => {
        const neu = [
            zeige("#bereich-eingang .ansage").textContent,
            zeige("#bereich-eingang progress").checkVisibility(),
            zeige("#konsolidieren").disabled,
        ];
        if (JSON.stringify(neu) !== JSON.stringify(verlauf.at(-1))) verlauf.push(neu);
    };
    const alles = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(stand).observe(zeige("#krs"), alles);
}"""


@dataclass
class Fall:
    """A task pane after 107 forms, and what the same post gives without any server."""

    seite: Seite
    ohne: ablauf.Konsolidiert
    summe: str
    verlauf: list[list[object]]

    def befund(self, bfs: int, code: str) -> Befund:
        """Return the only Befund of a municipality with this code."""
        (gefunden,) = [b for b, _ in self.ohne.urteil.befunde if b.bfs_nr == bfs and b.code == code]
        return gefunden

    def zeige(self, bfs: int) -> None:
        """Find a municipality on the board and go to its Befunde."""
        page = self.seite.page
        self.seite.reiter("Tafel")
        page.get_by_label("Suchen").fill(str(bfs))
        expect(page.locator("#bereich-tafel ul.zeilen strong")).to_have_text([f"Beispielwil {bfs}"])
        page.locator("#bereich-tafel ul.zeilen button").click()

    def springe(self, befund: Befund) -> None:
        """Click a Befund."""
        text = befund.meldung.removeprefix(f"{befund.blatt}!{befund.zelle}: ")  # the place stands above the text
        self.seite.page.locator("button.sprung", has_text=text).click()


@pytest.fixture(scope="module")
def fall(browser: Browser, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fall]:
    """Drop the forms, choose the Stammdaten, consolidate."""
    buehne = Buehne(browser)
    seite = buehne.oeffne(server, leer())
    page = seite.page
    try:
        seite.lass_fallen(post().formulare)
        seite.waehle({"Stammdaten.xlsx": post().stammdaten})
        summe = page.locator(".summe span").text_content() or ""
        page.get_by_label("Stichtag").first.fill(STICHTAG.isoformat())
        page.evaluate(MITSCHREIBEN)
        page.get_by_role("button", name="Prüfen und konsolidieren").click()
        page.locator("#ergebnis").wait_for()
        ohne = konsolidiert(tmp_path_factory.mktemp("ohne") / "Ablage")
        yield Fall(seite, ohne, summe, page.evaluate("globalThis.verlauf"))
    finally:
        buehne.wegraeumen()
    buehne.pruefen()


def test_waehrend_des_sendens_steht_der_fortschritt_da_und_der_knopf_ist_gesperrt(fall: Fall) -> None:
    assert re.fullmatch(r"108 Dateien, 2\.0 MB", fall.summe)
    assert ["Dateien werden gesendet …", True, True] in fall.verlauf
    assert ["Die Dateien sind beim Server und werden geprüft …", True, True] in fall.verlauf
    assert fall.verlauf[-1] == ["Fertig.", False, False]
    assert len(fall.seite.gesendet("/krs/eingang")) == 1


def test_die_zahlen_sind_die_der_befehlszeile(fall: Fall) -> None:
    erwartet = {
        z["text"]: z["wert"] for z in tafel.als_tafel(fall.ohne.urteil, (), fall.ohne.stammdaten_befunde)["zahlen"]
    }
    page = fall.seite.page
    gezeigt = dict(
        zip(
            page.locator("#ergebnis dt").all_text_contents(),
            page.locator("#ergebnis dd").all_text_contents(),
            strict=True,
        )
    )
    assert gezeigt == erwartet
    assert gezeigt["Fehlerhaft"] == "3"


def test_die_tafel_zeigt_alle_107_die_fehlerhaften_zuerst(fall: Fall) -> None:
    fall.seite.reiter("Tafel")
    fall.seite.page.get_by_label("Suchen").fill("")
    zeilen = fall.seite.page.locator("#bereich-tafel ul.zeilen > li")
    expect(zeilen).to_have_count(107)
    assert zeilen.locator("strong").all_text_contents()[:3] == [
        "Beispielwil 2003",
        "Beispielwil 2005",
        "Beispielwil 2007",
    ]
    expect(fall.seite.page.locator("#bereich-tafel .ansage")).to_have_text("107 von 107 Zeilen")


def test_filter_und_suche_engen_die_tafel_ein(fall: Fall) -> None:
    page = fall.seite.page
    fall.seite.reiter("Tafel")
    page.get_by_label("Suchen").fill("")
    page.get_by_role("button", name="fehlerhaft 3").click()
    expect(page.locator("#bereich-tafel .ansage")).to_have_text("3 von 107 Zeilen")
    page.get_by_label("Suchen").fill("wil 2005")
    expect(page.locator("#bereich-tafel ul.zeilen strong")).to_have_text(["Beispielwil 2005"])
    page.get_by_label("Suchen").fill("gibt es nicht")
    expect(page.locator("#bereich-tafel .ansage")).to_have_text("0 von 107 Zeilen")
    page.get_by_label("Suchen").fill("")
    page.get_by_role("button", name="alle 107").click()


def test_ein_klick_auf_einen_befund_waehlt_die_zelle_der_offenen_einreichung(fall: Fall) -> None:
    name, daten = post().formular(2003)
    fall.seite.mappe("lade", als_json(daten, name))
    befund = fall.befund(2003, "A2-07")
    fall.zeige(2003)
    fall.springe(befund)
    fall.seite.warte_auf_auswahl(f"{befund.blatt}!{befund.zelle}")
    assert fall.seite.mappe("zelle", fall.seite.mappe("auswahl"))["wert"] == 12


def test_ein_klick_auf_einen_befund_waehlt_die_zeile_des_offenen_masters(fall: Fall) -> None:
    fall.seite.mappe("lade", als_json(fall.ohne.master.read_bytes(), "Master.xlsx"))
    befund = next(b for b, _ in fall.ohne.urteil.befunde if b.bfs_nr == 2005)
    fall.zeige(2005)
    fall.springe(befund)
    fall.seite.warte_auf_auswahl("Befunde!")
    (zeile,) = fall.seite.mappe("werte", fall.seite.mappe("auswahl"))
    assert {befund.code, befund.zelle, befund.meldung, 2005} <= set(zeile)


def test_ist_die_einreichung_nicht_offen_oeffnet_excel_genau_ihre_bytes(fall: Fall) -> None:
    fall.seite.mappe("lade", leer())
    befund = fall.befund(2003, "A2-07")
    fall.zeige(2003)
    fall.springe(befund)
    page = fall.seite.page
    expect(page.get_by_text("Diese Einreichung ist nicht die offene Mappe.")).to_be_visible()
    page.get_by_role("button", name="Einreichung öffnen").click()
    expect(page.get_by_text("Die Einreichung ist in einem eigenen Fenster offen.")).to_be_visible()
    assert fall.seite.neue_mappen()[-1] == post().formular(2003)[1]


def test_der_code_erklaert_seine_regel(fall: Fall) -> None:
    fall.zeige(2003)
    fall.seite.page.get_by_role("button", name="A2-07 erklären").click()
    expect(fall.seite.page.locator("p.regel")).to_contain_text("4.3.2")


def ohne_journal(daten: bytes) -> dict[str, list[tuple[object, ...]]]:
    """Return all cells of a Master but those that say who brought a file in and when, and the mark over all."""
    mappe = load_workbook(BytesIO(daten))
    return {
        b.title: list(b.iter_rows(values_only=True)) for b in mappe if b.title not in ("Eingangsjournal", "_krs_master")
    }


def test_der_geoeffnete_master_ist_jener_von_krs_konsolidieren(fall: Fall) -> None:
    fall.seite.reiter("Eingang")
    fall.seite.page.get_by_role("button", name="Master öffnen").click()
    expect(fall.seite.page.get_by_role("button", name="Master öffnen")).to_be_enabled()
    assert ohne_journal(fall.seite.neue_mappen()[-1]) == ohne_journal(fall.ohne.master.read_bytes())


def test_ohne_diese_faehigkeit_von_excel_wird_der_master_heruntergeladen(fall: Fall) -> None:
    page = fall.seite.page
    fall.seite.reiter("Eingang")
    page.evaluate("krsMappe.MODELL.verweigert.push('createWorkbook')")
    with page.expect_download() as herunter:
        page.get_by_role("button", name="Master öffnen").click()
    page.evaluate("krsMappe.MODELL.verweigert.pop()")
    assert herunter.value.suggested_filename == "Master.xlsx"
    assert ohne_journal(herunter.value.path().read_bytes()) == ohne_journal(fall.ohne.master.read_bytes())
    assert fall.seite.warte_auf_satz("Die Datei wurde heruntergeladen").endswith("Sie liegt im Ordner «Downloads».")
