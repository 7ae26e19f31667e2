"""What krs accepts, Excel lets one type: every validation of every workbook against every accepted value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from krs.formulare.arten import ARTEN
from krs.formulare.befund import meldungen
from krs.formulare.eingabe import Zelle
from krs.formulare.formular import formulare
from krs.mappen.stammdaten import bedingt, stammdaten_mappe
from krs.stammdaten.plan import blaetter, einstellungen_plan

Wert = str | Decimal | date
WORKBOOKS = Path(__file__).parents[2] / "workbooks"
ZAHLEN = "0 1 2 5 10 15.5 20 100 0.05 0.0125 1.5 0.2 1000 2017 2024 2100 4500 9999 10000 999999 123456.05 999999999"
TEXTE = (
    "2024-H1", "2024-h2", " 2024-H1 ", "2024", "2017", "2100", "a2-07", "A2 - 07", " F-50 ", "a" * 8, "A" * 12,
    "f" * 64, " ".join(["0a1b2c3d"] * 8), "CH9300762011623852957", "ch93 0076 2011 6238 5295 7", "NO9386011117947",
    "MT84MALT011000012345MTLCAST001S", "MT84 MALT 0110 0001 2345 MTLC AST0 01S", "a@b.ch", "vor.name@amt.so.example",
)  # fmt: skip
WERTE: tuple[Wert, ...] = (
    *map(Decimal, ZAHLEN.split()), *TEXTE, *meldungen(),
    *(date(j, m, t) for j, m, t in ((1955, 1, 1), (2000, 1, 1), (2017, 1, 1), (2024, 2, 29), (2099, 12, 31))),
)  # fmt: skip
# On purpose stricter than krs: a year typed into a cell for a day would be a day of 1905.
ERSTER_TAG = date(1955, 1, 1)
TYP = {"whole": Decimal, "decimal": Decimal, "date": date, "textLength": (str, Decimal), "custom": str}


def erlaubt(regel: DataValidation, wert: Wert) -> bool:
    """Tell whether Excel takes a value that somebody types."""
    if regel.type in (None, "none") or regel.errorStyle in ("warning", "information"):
        return True
    if regel.type == "list":
        return str(wert) in (regel.formula1 or "").strip('"').split(",")
    if regel.type == "textLength":
        gemessen: Decimal = Decimal(len(str(wert)))
    else:
        gemessen = Decimal((wert - date(1899, 12, 30)).days) if isinstance(wert, date) else Decimal(str(wert))
    if regel.type == "whole" and gemessen != gemessen.to_integral_value():
        return False
    von, bis = Decimal(regel.formula1 or 0), Decimal(regel.formula2 or 0)
    return {
        "between": von <= gemessen <= bis, "greaterThanOrEqual": gemessen >= von, "equal": gemessen == von,
    }[regel.operator or "between"]  # fmt: skip


def angenommene(art: str, auswahl: tuple[str, ...], typ: str) -> Iterator[Wert]:
    """Yield what krs accepts of this kind, as a cell with such a validation holds it."""
    if auswahl or art == "ja_nein":
        yield from auswahl or ("Ja", "Nein")
        return
    for wert in WERTE:
        try:
            gelesen = ARTEN[art].lesen(Zelle(wert=wert))
        except ValueError:
            continue
        if art == "code" and gelesen not in meldungen():  # any text is read as a code; S-30 refuses the others
            continue
        if isinstance(wert, TYP.get(typ, (str, Decimal, date))):
            yield wert


def regeln_fuer(seite: Worksheet, zelle: str) -> list[DataValidation]:
    spalte, zeile, _, _ = range_boundaries(zelle)
    return [
        r for r in seite.data_validations.dataValidation
        if any(b.min_col <= spalte <= b.max_col and b.min_row <= zeile <= b.max_row for b in r.sqref.ranges)
    ]  # fmt: skip


def widersprueche(seite: Worksheet, zelle: str, art: str, auswahl: tuple[str, ...]) -> list[tuple[object, ...]]:
    return [
        (seite.title, zelle, art, wert)
        for regel in regeln_fuer(seite, zelle)
        for wert in angenommene(art, auswahl, regel.type)
        if not erlaubt(regel, wert)
    ]


def test_was_die_stammdaten_annehmen_laesst_excel_tippen() -> None:
    buch = openpyxl.load_workbook(BytesIO(stammdaten_mappe()))
    gefunden, geprueft = [], 0
    for plan in blaetter():
        for n, s in enumerate(plan.spalten, 1):
            zelle = f"{openpyxl.utils.get_column_letter(n)}2"
            if plan.id != "einstellungen":
                gefunden += widersprueche(buch[plan.name], zelle, s.art, s.auswahl)
                geprueft += len(regeln_fuer(buch[plan.name], zelle))
    for n, e in enumerate(einstellungen_plan(), 2):
        gefunden += widersprueche(buch["Einstellungen"], f"B{n}", e.art, e.auswahl)
        geprueft += len(regeln_fuer(buch["Einstellungen"], f"B{n}"))
    assert gefunden == []
    assert geprueft == sum(len(b.data_validations.dataValidation) for b in buch.worksheets)


@pytest.mark.parametrize(
    "datei", sorted(p.relative_to(WORKBOOKS).as_posix() for p in WORKBOOKS.rglob("Anhang_[23]*.xlsx"))
)
def test_was_ein_formular_annimmt_laesst_excel_tippen(datei: str) -> None:
    buch = openpyxl.load_workbook(WORKBOOKS / datei)
    form = next(f for f in formulare() if f.nummer == int(datei.rpartition("Anhang_")[2][0]))
    gefunden, geprueft = [], 0
    for name, feld in form.felder.items():
        if name not in buch.defined_names:
            continue
        ((blatt, bereich),) = buch.defined_names[name].destinations
        spalte, zeile, bis, _ = range_boundaries(bereich.replace("$", ""))
        arten = [(s.art, s.auswahl) for s in feld.spalten] or [(feld.art, feld.auswahl)]
        for n, (art, auswahl) in enumerate(arten):
            zelle = f"{openpyxl.utils.get_column_letter(min(spalte + n, bis))}{zeile}"
            gefunden += widersprueche(buch[blatt], zelle, art, auswahl)
            geprueft += len(regeln_fuer(buch[blatt], zelle))
    assert gefunden == []
    assert geprueft == len(buch.worksheets[0].data_validations.dataValidation)


def test_ein_bedingtes_format_der_stammdaten_meint_nur_leere_pflichtzellen() -> None:
    buch = openpyxl.load_workbook(BytesIO(stammdaten_mappe()))
    for plan in blaetter():
        gesehen = {
            (range_boundaries(str(b.sqref))[0], *r.formula)
            for b in buch[plan.name].conditional_formatting for r in b.rules
        }  # fmt: skip
        assert gesehen == {
            (n + 1, bedingt(n, len(plan.spalten))["criteria"].removeprefix("="))
            for n, s in enumerate(plan.spalten) if s.pflicht
        }  # fmt: skip


def test_die_eine_ausnahme_ist_ein_jahr_statt_eines_tages() -> None:
    regel = ARTEN["tag"].pruefung
    assert regel is not None
    assert (regel[1], ARTEN["tag"].lesen(Zelle(wert=date(1905, 7, 16)))) == (ERSTER_TAG, date(1905, 7, 16))
