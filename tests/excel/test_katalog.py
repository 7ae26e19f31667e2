"""The catalogue, the functions and the manual say the same; no function holds any logic."""

from __future__ import annotations

import inspect
import re
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from krs.excel import funktionen as modul
from krs.excel.anfrage import Eingabefehler
from krs.excel.funktionen import FORMEN, rufe
from krs.excel.grundlage import grundlage
from krs.excel.katalog import Funktion, funktion, funktionen
from krs.excel.rohwerte import BEREICHE
from krs.formulare.arten import ARTEN

HANDBUCH = Path(__file__).parents[2] / "docs" / "handbuch" / "excel-funktionen.md"
JE_FUNKTION = pytest.mark.parametrize("f", funktionen(), ids=lambda f: f.name)
# Entwurf 4.6, in its order.
AUFRUFE = (
    "KRS_TARIF(leistung; datum)",
    "KRS_STICHTAG(jahr)",
    "KRS_FRIST(anhang; periode)",
    "KRS_AUSZAHLUNGSTERMIN(leistung; periode)",
    "KRS_FALLPAUSCHALE(anzahl; periode; [art])",
    "KRS_DOLMETSCHPAUSCHALE(einsaetze; periode; [art])",
    "KRS_SOCKELBEITRAG(auslaender; jahr)",
    "KRS_BEITRAG(erst; erst_dolmetsch; integ; integ_dolmetsch; periode)",
    "KRS_BEITRAEGE(bereich; periode)",
    "KRS_RECHENWEG(erst; erst_dolmetsch; integ; integ_dolmetsch; periode)",
    "KRS_VERRECHNUNG(guthaben; rueckforderung)",
    "KRS_GEMEINDE(bfs_nr; [datum])",
    "KRS_PRUEFEN(bereich; anhang; periode)",
    "KRS_IBAN(text)",
)


def test_es_gibt_genau_die_vereinbarten_funktionen_mit_ihren_argumenten() -> None:
    assert tuple(f.aufruf for f in funktionen()) == AUFRUFE


@JE_FUNKTION
def test_die_hilfe_ist_deutsch_und_hat_in_excel_platz(f: Funktion) -> None:
    for text in (f.satz, *(a.hilfe for a in f.argumente)):
        assert 10 <= len(text) <= 255
        assert re.match(r"[A-ZÄÖÜ«0-9]", text)
        assert text.endswith((".", ".»"))
        assert "ß" not in text
    assert f.ergebnis
    assert not f.ergebnis.endswith(".")


@JE_FUNKTION
def test_arten_und_formen_gibt_es_und_freiwillige_argumente_stehen_zuletzt(f: Funktion) -> None:
    assert {a.art for a in f.argumente} <= ARTEN.keys() | BEREICHE
    assert f.form in FORMEN
    assert [a.freiwillig for a in f.argumente] == sorted(a.freiwillig for a in f.argumente)
    assert funktion(f.name) is f


# --- no logic -----------------------------------------------------------------------------------
@JE_FUNKTION
def test_eine_funktion_ruft_nur_ihr_vorbild_im_kern(f: Funktion, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it reads goes to its namesake unchanged, in this order, with parts of the Grundlage: no place for logic."""
    ort, _, name = f.vorbild.partition(":")
    assert ort.split(".")[:2] in (["krs", "recht"], ["krs", "formulare"], ["krs", "urteil"], ["krs", "export"])
    kern, gerufen = inspect.signature(getattr(import_module(ort), name)), []

    def merken(*args: object, **kwargs: object) -> None:
        gerufen.append(kern.bind(*args, **kwargs).arguments)

    merken.__signature__ = kern  # type: ignore[attr-defined]
    monkeypatch.setattr(import_module(ort), name, merken)
    monkeypatch.setattr(modul, "lies", lambda _, roh: list(roh))
    monkeypatch.setitem(FORMEN, f.form, lambda _: "")
    modul._kern.cache_clear()
    try:
        rufe(f.name, [a.name for a in f.argumente])
    finally:
        modul._kern.cache_clear()
    g = grundlage(None)
    teile = {"tarife": g.tarife, "gebiet": g.gebiet, "stammdaten": g.stammdaten}
    (erhalten,) = gerufen
    assert {p: w for p, w in erhalten.items() if p in teile} == {p: teile[p] for p in teile if p in kern.parameters}
    assert [w for p, w in erhalten.items() if p not in teile] == [a.name for a in f.argumente]


@JE_FUNKTION
def test_eine_funktion_hat_die_argumente_des_katalogs(f: Funktion) -> None:
    """Named alike in the core, but where a cell is better told something else; optional where it is optional there."""
    ort, _, name = f.vorbild.partition(":")
    anders = {
        "krs_dolmetschpauschale": {"anzahl": "einsaetze"},
        "krs_beitraege": {"zeilen": "bereich"},
        "krs_gemeinde": {"tag": "datum"},
        "krs_pruefen": {"angaben": "bereich", "zeit": "periode"},
        "krs_tarif": {"tag": "datum"},
    }.get(f.name, {})
    parameter = inspect.signature(getattr(import_module(ort), name)).parameters.values()
    eigene = [p for p in parameter if p.name not in ("tarife", "gebiet", "stammdaten")]
    assert [(anders.get(p.name, p.name), p.default is not p.empty) for p in eigene] == [
        (a.name, a.freiwillig) for a in f.argumente
    ]


@JE_FUNKTION
def test_namensgleich_heisst_das_vorbild_wie_die_funktion(f: Funktion) -> None:
    name = f.vorbild.partition(":")[2]
    assert name == {"krs_pruefen": "pruefe_angaben"}.get(f.name, f.name.removeprefix("krs_"))


# --- the manual ---------------------------------------------------------------------------------
def abschnitt(f: Funktion) -> str:
    teile = re.split(r"^###? (.+)\n", HANDBUCH.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(teile[1::2], teile[2::2], strict=True))[f.excel]


def tabellen(text: str) -> list[list[list[str]]]:
    """Return the tables of a section, each as rows of cells, without the rule under the header."""
    ergebnis: list[list[list[str]]] = [[]]
    for zeile in text.splitlines():
        if zeile.startswith("|"):
            zellen = [z.strip() for z in zeile.strip("|").split("|")]
            if set("".join(zellen)) != {"-"}:
                ergebnis[-1].append(zellen)
        elif ergebnis[-1]:
            ergebnis.append([])
    return [t for t in ergebnis if t]


def rohwert(text: str) -> Any:
    """Return what Excel sends for a cell that shows this."""
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text)
    if re.fullmatch(r"\d\d\.\d\d\.\d{4}", text):
        tag = date(int(text[6:]), int(text[3:5]), int(text[:2]))
        return float((tag - date(1899, 12, 30)).days)
    return text


def bereich(ort: str, raster: list[list[str]]) -> list[list[Any]]:
    """Return the cells of `A1:D3` out of the table that shows the sheet."""
    spalten = [ord(b) - ord("A") + 1 for b in re.findall("[A-Z]", ort)]
    zeilen = [int(z) for z in re.findall(r"\d+", ort)]
    return [[rohwert(z) for z in reihe[spalten[0] : spalten[1] + 1]] for reihe in raster[zeilen[0] : zeilen[1] + 1]]


def argument(text: str, raster: list[list[str]]) -> list[list[Any]]:
    if text.startswith('"'):
        return [[text.strip('"')]]
    return bereich(text, raster) if ":" in text else [[float(text)]]


def gezeigt(wert: object) -> str:
    if isinstance(wert, Decimal):
        return f"{wert:.2f}"
    if isinstance(wert, date):
        return f"{wert:%d.%m.%Y}"
    return "" if wert is None else str(wert)


def ergebnis(name: str, argumente: list[Any]) -> str | list[list[str]]:
    try:
        wert = rufe(name, argumente)
    except Eingabefehler as fehler:
        return f"Fehler: {fehler}"
    return [[gezeigt(z) for z in zeile] for zeile in wert] if isinstance(wert, list) else gezeigt(wert)


def erwartet(text: str, weitere: list[list[list[str]]]) -> str | list[list[str]]:
    """Return what the manual promises: a value, a column, a row, a table, or an error."""
    if text.startswith("Fehler: "):
        return text
    if text == "die Tabelle unten":
        return weitere[-1]
    werte = ["" if w == "leer" else w.strip("`") for w in re.findall(r"`[^`]+`|\bleer\b", text)]
    if text.endswith("untereinander"):
        return [[w] for w in werte]
    return [werte] if " und " in text else werte[0]


@JE_FUNKTION
def test_das_handbuch_sagt_dasselbe_wie_die_hilfe_in_excel(f: Funktion) -> None:
    text = abschnitt(f)
    assert text.split("\n\n")[0].strip() == f.satz
    assert f"\n`{f.aufruf}` ergibt: {f.ergebnis}\n" in text
    argumente = next(t for t in tabellen(text) if t[0][0] == "Argument")
    assert argumente[1:] == [[f"`{a.name}`", a.hilfe] for a in f.argumente]


@JE_FUNKTION
def test_die_beispiele_des_handbuchs_stimmen(f: Funktion) -> None:
    alle = tabellen(abschnitt(f))
    beispiele = next(t for t in alle if t[0][0] == "Beispiel")
    raster = next((t for t in alle if t[0][:2] == ["", "A"]), [])
    assert any(satz.startswith("Fehler: ") for _, satz in beispiele), "ein Beispiel mit Fehler fehlt"
    for formel, satz in beispiele[1:]:
        treffer = re.fullmatch(r"`=(KRS_\w+)\((.*)\)`", formel)
        assert treffer is not None, formel
        argumente = [argument(a, raster) for a in treffer[2].split("; ")]
        assert (treffer[1], ergebnis(f.name, argumente)) == (f.excel, erwartet(satz, alle))


def test_das_handbuch_hat_keine_funktion_zuviel() -> None:
    titel = re.findall(r"^### (.+)$", HANDBUCH.read_text(encoding="utf-8"), re.MULTILINE)
    assert titel == [f.excel for f in funktionen()]
