"""The stage itself: it must notice what it is there to notice, and refuse what Excel refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from excel.browser.buehne import Buehne
from excel.browser.mappen import leer
from excel.browser.seite import Seite
from excel.browser.server import Server

pytestmark = pytest.mark.xdist_group("chromium")


@pytest.fixture
def excel(eine_seite: Seite) -> Seite:
    """The task pane beside an empty workbook."""
    eine_seite.mappe("lade", leer())
    return eine_seite


@pytest.fixture
def seite(browser: Browser, server: Server) -> Iterator[Seite]:
    """A task pane that is spoilt."""
    buehne = Buehne(browser)
    try:
        yield buehne.oeffne(server, leer())
    finally:
        buehne.wegraeumen()


def beanstandet(seite: Seite, skript: str) -> str:
    """Return what the stage objects to after this script."""
    seite.fehler.clear()
    seite.page.evaluate(skript)
    seite.warte(lambda: seite.fehler)
    with pytest.raises(AssertionError) as gefunden:
        seite.pruefen()
    return str(gefunden.value)


def test_die_buehne_bemerkt_fremde_server_eingebettete_skripte_und_ausnahmen(seite: Seite) -> None:
    assert "Content Security Policy" in beanstandet(seite, "fetch('https://example.invalid/x').catch(() => {})")
    assert "Content Security Policy" in beanstandet(
        seite, "document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))"
    )
    assert "kaputt" in beanstandet(seite, "setTimeout(() => { throw new Error('kaputt'); }, 0)")
    assert "https://example.invalid/y" in beanstandet(seite, "void window.open('https://example.invalid/y', '_self')")


OFFICE: tuple[tuple[str, str, str], ...] = (
    ("was nicht geladen ist, lässt sich nicht lesen", "blatt.name", "PropertyNotLoaded"),
    ("auch nach sync ohne load nicht", "await context.sync(); blatt.name", "PropertyNotLoaded"),
    ("was es nicht gibt, lässt sich nicht laden", "blatt.load('nahme'); await context.sync()", "InvalidArgument"),
    (
        "ein fehlendes Blatt fällt erst bei sync auf",
        "context.workbook.worksheets.getItem('fehlt'); 0; await context.sync()",
        "ItemNotFound",
    ),
    (
        "ein Blattname ist einmalig, ohne Rücksicht auf Gross und Klein",
        "context.workbook.worksheets.add('TABELLE1'); await context.sync()",
        "ItemAlreadyExists",
    ),
    (
        "ein geschütztes Blatt nimmt nichts an",
        "blatt.protection.protect(); blatt.getRange('A1').values = [[1]]; await context.sync()",
        "AccessDenied",
    ),
    (
        "die Form der Werte muss passen",
        "blatt.getRange('A1:B2').values = [[1, 2]]; await context.sync()",
        "InvalidArgument",
    ),
    (
        "das letzte sichtbare Blatt bleibt",
        "blatt.delete(); await context.sync()",
        "InvalidOperation",
    ),
)


@pytest.mark.parametrize(("skript", "fehler"), [o[1:] for o in OFFICE], ids=[o[0] for o in OFFICE])
def test_der_stellvertreter_von_office_js_weist_ab_was_excel_abweist(excel: Seite, skript: str, fehler: str) -> None:
    assert gefangen(excel, skript) == fehler


def gefangen(seite: Seite, skript: str) -> str:
    """Run a script against Excel and return the code of its error."""
    code: str = seite.page.evaluate(
        "Excel.run(async (context) => { const blatt = context.workbook.worksheets.getItem('Tabelle1'); "
        f"{skript} }}).then(() => '', (e) => e.code)"
    )
    return code


def test_was_vor_einem_fehler_steht_ist_getan_was_danach_steht_nicht(excel: Seite) -> None:
    skript = (
        "blatt.getRange('A1').values = [['vorher']]; context.workbook.worksheets.getItem('fehlt'); "
        "blatt.getRange('A2').values = [['nachher']]; await context.sync();"
    )
    assert gefangen(excel, skript) == "ItemNotFound"
    assert excel.mappe("werte", "A1:A2") == [["vorher"], [""]]


def test_text_wird_gelesen_wie_excel_ihn_liest(excel: Seite) -> None:
    excel.mappe("tippe", "A1:G1", [["12.5", "2024-09-10", "WAHR", "'=1+1", "=1+1", "007", "zwölf"]])
    assert excel.mappe("werte", "A1:G1") == [[12.5, 45545, True, "=1+1", 2, 7, "zwölf"]]
    assert excel.mappe("formeln", "Tabelle1") == {"E1": "=1+1"}
