"""The task pane as text: German, nothing inline, a button for each macro, colours that can be read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from excel.seitenhilfe import Seite, seite
from krs.excel.makrokatalog import makros
from krs.excel.server.projekt import projektordner, statische

STATISCH = projektordner() / "static"
SKRIPTE = sorted(p for p in (STATISCH / "js").rglob("*.js"))
STIL = (STATISCH / "css" / "style.css").read_text("utf-8")
ENGLISCH = re.compile(
    r"\b(the|and|or|please|error|errors|failed|loading|load|reload|close|cancel|submit|search|open|file|files|drop|"
    r"sign|login|logout|retry|again|connection|expired|server error|unknown|not found|upload|check|yes|no|you|your)\b",
    re.IGNORECASE,
)
# What JavaScript and Excel call things; none of them is shown.
TECHNIK = re.compile(r"^[\w.:|/#?=&+ -]*$", re.ASCII)
# Text, ground, and what WCAG 2.2 AA asks for: 4.5 for text, 3 for borders, shapes and the focus ring.
PAARE = [
    ("text", "weiss", 4.5), ("text", "band", 4.5), ("text", "eingabe", 4.5), ("leise", "weiss", 4.5),
    ("leise", "band", 4.5), ("leise", "eingabe", 4.5), ("weiss", "text", 4.5), ("akzent", "weiss", 4.5),
    ("akzent", "band", 3.0), ("rahmen", "weiss", 3.0), ("rahmen", "eingabe", 3.0), ("rahmen", "band", 3.0),
    ("fokus", "weiss", 3.0), ("fokus", "eingabe", 3.0), ("fokus", "band", 3.0),
]  # fmt: skip


def pane() -> Seite:
    return Seite(seite("taskpane.html"))


def zeichenketten(skript: Path) -> list[str]:
    """Return what stands between quotation marks and could be read by people: something with a space or an umlaut."""
    code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", skript.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    funde = re.findall(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`', code)
    texte = [re.sub(r"\$\{[^}]*\}", "…", a or b) for a, b in funde]
    return [t for t in texte if " " in t.strip() and not TECHNIK.fullmatch(t)]


def test_die_seite_ist_als_deutsch_ausgezeichnet() -> None:
    assert pane().elemente[0] == ("html", {"lang": "de-CH"})


def test_sichtbare_texte_sind_deutsch_in_schweizer_schreibung() -> None:
    texte = pane().texte
    assert len(texte) > 100
    assert [t for t in texte if "ß" in t or '"' in t or ENGLISCH.search(t)] == []


@pytest.mark.parametrize("skript", SKRIPTE, ids=lambda p: p.name)
def test_saetze_im_javascript_sind_deutsch_in_schweizer_schreibung(skript: Path) -> None:
    assert [t for t in zeichenketten(skript) if "ß" in t or ENGLISCH.search(t)] == []


def test_meldungen_sind_ganze_saetze() -> None:
    code = (STATISCH / "js" / "krs" / "texte.js").read_text("utf-8")
    saetze = re.findall(r'export const [A-Z_]+ =\s+"([^"]+)";', code)
    assert len(saetze) >= 15
    assert [s for s in saetze if not re.fullmatch(r"[A-ZÄÖÜ«].*\.", s)] == []


def test_nichts_steht_als_skript_oder_stil_in_der_seite() -> None:
    p = pane()
    skripte = [werte for tag, werte in p.elemente if tag == "script" and "src" not in werte]
    assert [(w["id"], w["type"]) for w in skripte] == [
        ("config", "application/json"),
        ("krs-makros", "application/json"),
    ]
    assert [tag for tag, _ in p.elemente if tag in ("style", "iframe", "object", "embed", "base")] == []
    assert [w for _, w in p.elemente if "style" in w or any(n.startswith("on") for n in w)] == []
    assert [w for _, w in p.elemente if "x-html" in w] == []


def test_alles_was_die_seite_laedt_liegt_auf_unserem_server() -> None:
    p = pane()
    adressen = [w[n] for tag, w in p.elemente for n in ("src", "href") if tag in ("script", "link", "img") and n in w]
    eigene = {"/xlwings/custom-functions-code.js"}
    dateien = statische()
    assert len(adressen) > 20
    assert [a for a in adressen if a not in eigene and a.removeprefix("/static/") not in dateien] == []


def test_der_katalog_der_befehle_steht_in_der_seite() -> None:
    (block,) = re.findall(
        r'<script id="krs-makros" type="application/json">(.*?)</script>', seite("taskpane.html"), re.S
    )
    gelesen = json.loads(block)
    assert [(m["name"], [f["schluessel"] for f in m["felder"]]) for m in gelesen] == [
        (m.name, [f.schluessel for f in m.felder]) for m in makros()
    ]


def test_jeder_befehl_hat_knopf_und_formular_und_jedes_feld_eine_beschriftung() -> None:
    p = pane()
    ids, beschriftet = set(p.ids()), {w["for"] for tag, w in p.elemente if tag == "label"}
    felder = {f"feld-{m.name}-{f.schluessel}" for m in makros() for f in m.felder}
    teile = {f"{teil}-{m.name}" for m in makros() for teil in ("makro", "formular", "start")}
    assert teile | felder <= ids
    assert felder <= beschriftet
    eingaben = {w["id"] for tag, w in p.elemente if tag in ("input", "select", "textarea")}
    assert eingaben <= beschriftet


def test_jede_kennung_steht_einmal_und_jeder_verweis_fuehrt_zu_einer() -> None:
    p = pane()
    ids = p.ids()
    assert len(set(ids)) == len(ids)
    verweise = {
        w[n] for _, w in p.elemente for n in ("aria-controls", "aria-labelledby", "aria-describedby", "for") if n in w
    }
    assert verweise - set(ids) == set()


@pytest.mark.parametrize("skript", SKRIPTE, ids=lambda p: p.name)
def test_javascript_baut_kein_html_und_fuehrt_keinen_text_aus(skript: Path) -> None:
    verboten = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|https?://"
    assert re.findall(verboten, skript.read_text("utf-8")) == []


@pytest.mark.parametrize("skript", SKRIPTE, ids=lambda p: p.name)
def test_im_javascript_steht_kein_betrag_und_keine_ziffer(skript: Path) -> None:
    code = re.sub(r"^\s*(//|\*|/\*).*$", "", skript.read_text("utf-8"), flags=re.MULTILINE)
    assert re.findall(r"CHF|Ziff\.|Sockelbeitrag|Fallpauschale|fallpauschale|sockel", code) == []


def farben() -> dict[str, str]:
    (wurzel,) = re.findall(r":root \{(.*?)\}", STIL, re.DOTALL)
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", wurzel))


def helligkeit(farbe: str) -> float:
    """Return the relative luminance of WCAG."""
    anteile = [int(farbe[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (a / 12.92 if a <= 0.04045 else ((a + 0.055) / 1.055) ** 2.4 for a in anteile)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def kontrast(vorne: str, hinten: str) -> float:
    hell, dunkel = sorted((helligkeit(vorne), helligkeit(hinten)), reverse=True)
    return (hell + 0.05) / (dunkel + 0.05)


def test_kontrast_ist_gerechnet_wie_wcag_es_vorgibt() -> None:
    assert kontrast("#000000", "#ffffff") == 21
    assert round(kontrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize(("vorne", "hinten", "mindestens"), PAARE)
def test_farben_sind_lesbar(vorne: str, hinten: str, mindestens: float) -> None:
    f = farben()
    assert kontrast(f[vorne], f[hinten]) >= mindestens


def test_farben_stehen_nur_oben_und_jede_ist_geprueft() -> None:
    f = farben()
    assert f["akzent"] == "#c8102e"
    assert {farbe for paar in PAARE for farbe in paar[:2]} == set(f)
    ohne_wurzel = re.sub(r":root \{.*?\}", "", STIL, flags=re.DOTALL)
    assert (
        re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|rgba?\(|hsla?\(", re.sub(r"/\*.*?\*/", "", ohne_wurzel, flags=re.S))
        == []
    )


def test_der_fokus_ist_immer_zu_sehen() -> None:
    assert "outline: 3px solid var(--fokus)" in STIL
    assert re.findall(r"outline:\s*(?:none|0)\b", STIL) == []
