"""Rows into a Stammdaten.xlsx that people keep: below the last one, emptied, or a cell of them set."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from krs.mappen.gestalt.stile import DATUM
from krs.mappen.lesen.adresse import position
from krs.mappen.lesen.tabellen import lies_tabellen
from krs.mappen.nachtrag.beweis import NichtErgaenzbar, Offen, geladen
from krs.mappen.stammdaten import stammdaten_mappe
from krs.stammdaten.lesen import Tabelle, tabelle_von
from krs.stammdaten.plan import Stammblatt, blaetter, schluessel

Wert = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Kopie:
    """A row like the one with this number, also in columns that are not ours, but for these values by column id."""

    von: int
    werte: Mapping[str, Wert]


Reihe = Sequence[Wert] | Kopie


def ergaenzt(
    daten: bytes,
    blatt: str,
    zeilen: Sequence[Reihe] = (),
    leeren: Collection[int] = (),
    setzen: Mapping[int, Mapping[str, Wert]] | None = None,
) -> bytes:
    """Return the workbook with rows below the last one of a sheet; a sheet that is missing is made as by `krs neu`.

    Args:
        daten: Stammdaten.xlsx as it lies there.
        blatt: name of the sheet.
        zeilen: values in the order of the sheet's columns in `stammdaten.toml`, None leaves a cell empty; or a copy.
        leeren: numbers of rows whose cells become empty (the row stays).
        setzen: values by column id, for rows by their numbers.
    Raises: NichtErgaenzbar: nothing else may change, and something would.
    """
    plan = next(b for b in blaetter() if b.name == blatt)
    offen = Offen(daten)
    tabelle = tabelle_von(lies_tabellen(daten), plan)
    if fehlt := tabelle is None:
        neues_blatt(offen.buch, plan)
        tabelle = tabelle_von(lies_tabellen(stammdaten_mappe()), plan)
        assert tabelle is not None
    ziel = blatt_von(offen.buch, plan)
    auftrag = {nummer: dict.fromkeys(s.id for s in plan.spalten) for nummer in leeren} | dict(setzen or {})
    neu = reihen_schreiben(ziel, plan, tabelle, zeilen, auftrag)
    return offen.fertig({ziel.title: neu}, [plan.name] if fehlt else [])


def blatt_von(buch: Workbook, plan: Stammblatt) -> Worksheet:
    """Return the sheet by its name, whatever its case and blanks."""
    return next(b for b in buch.worksheets if schluessel(b.title) == schluessel(plan.name))


# --- writing --------------------------------------------------------------------------------
def reihen_schreiben(
    ziel: Worksheet,
    plan: Stammblatt,
    tabelle: Tabelle,
    zeilen: Sequence[Reihe],
    setzen: Mapping[int, Mapping[str, Wert]],
) -> dict[tuple[int, int], object]:
    """Write and empty cells; return what changed."""
    orte = _orte(plan, tabelle)
    kopfzeile = position(tabelle.kopf[0].adresse)[0]
    belegt = [position(z.adresse)[0] for reihe in tabelle.zeilen for z in reihe if not z.leer]
    erste = max([kopfzeile, *belegt]) + 1
    alle = dict(setzen)
    neu: dict[tuple[int, int], object] = {}
    for nummer, reihe in enumerate(zeilen, erste):
        if isinstance(reihe, Kopie):
            neu |= {(nummer, z.column): z.value for z in ziel[reihe.von] if z.value is not None}
            alle[nummer] = reihe.werte
        else:
            alle[nummer] = dict(zip((s.id for s in plan.spalten), reihe, strict=True))
    for nummer, werte in alle.items():
        neu |= dict(_an_ihrem_ort(plan, orte, nummer, werte))
    for (zeile, spalte), wert in neu.items():
        _setze(zelle_von(ziel, zeile, spalte), wert, _darueber(ziel, zeile, spalte, kopfzeile))
    _tabelle_bis(ziel, erste + len(zeilen) - 1)
    return neu


def _orte(plan: Stammblatt, tabelle: Tabelle) -> dict[str, int]:
    """Return the number of each column that is there, by its id."""
    kopf = {schluessel(z.anzeige): position(z.adresse)[1] for z in reversed(tabelle.kopf)}
    orte = {s.id: kopf[schluessel(s.titel)] for s in plan.spalten if schluessel(s.titel) in kopf}
    if fehlt := [s.titel for s in plan.spalten if s.id not in orte and not s.freiwillig]:
        raise NichtErgaenzbar(f"auf dem Blatt «{plan.name}» keine Spalte «{fehlt[0]}»")
    return orte


def _an_ihrem_ort(
    plan: Stammblatt, orte: Mapping[str, int], zeile: int, werte: Mapping[str, Wert]
) -> Iterator[tuple[tuple[int, int], Wert]]:
    for feld, wert in werte.items():
        if feld in orte:
            yield (zeile, orte[feld]), wert
        elif wert is not None:
            titel = plan.spalte(feld).titel
            raise NichtErgaenzbar(
                f"auf dem Blatt «{plan.name}» keine Spalte «{titel}» («krs aktualisieren» ergänzt sie)"
            )


def _darueber(ziel: Worksheet, zeile: int, spalte: int, kopfzeile: int) -> Cell | None:
    return zelle_von(ziel, zeile - 1, spalte) if zeile - 1 > kopfzeile else None


def zelle_von(blatt: Worksheet, zeile: int, spalte: int) -> Cell:
    zelle = blatt.cell(zeile, spalte)
    if isinstance(zelle, MergedCell):
        raise NichtErgaenzbar(f"auf dem Blatt «{blatt.title}» verbundene Zellen")
    return zelle


def wie(zelle: Cell, vorbild: Cell) -> None:
    for was in ("font", "fill", "border", "alignment", "number_format", "protection"):
        setattr(zelle, was, copy(getattr(vorbild, was)))


def _setze(zelle: Cell, wert: Any, vorbild: Cell | None) -> None:
    if not zelle.has_style and vorbild is not None:
        wie(zelle, vorbild)
    nur_tag = isinstance(wert, date) and not isinstance(wert, datetime)
    zelle.value = datetime(wert.year, wert.month, wert.day) if nur_tag else wert  # noqa: DTZ001
    if isinstance(wert, str):
        zelle.data_type = "s"  # never a formula, whatever it begins with
    if isinstance(wert, date) and not zelle.is_date:
        zelle.number_format = DATUM


def _tabelle_bis(ziel: Worksheet, zeile: int) -> None:
    """Let the Excel table reach down to a row."""
    tabellen = list(ziel.tables.values())
    for t in tabellen:
        if t.totalsRowCount:
            raise NichtErgaenzbar(f"auf dem Blatt «{ziel.title}» eine Ergebniszeile")
        von, _, bis = t.ref.partition(":")
        letzte = int(re.sub(r"\D", "", bis))
        if zeile > letzte and len(tabellen) == 1:
            t.ref = f"{von}:{re.sub(r'[0-9]', '', bis)}{zeile}"
            if t.autoFilter is not None:
                t.autoFilter.ref = t.ref


def neues_blatt(buch: Workbook, plan: Stammblatt) -> None:
    """Add a sheet as `krs neu` makes it, at the end."""
    muster = geladen(stammdaten_mappe())[plan.name]
    neu = buch.create_sheet(plan.name)
    for reihe in muster.iter_rows():
        for zelle in (z for z in reihe if isinstance(z, Cell)):
            ort = zelle_von(neu, zelle.row, zelle.column)
            ort.value = zelle.value
            wie(ort, zelle)
            ort.comment = copy(zelle.comment) if zelle.comment else None
    for name, spalte in muster.column_dimensions.items():
        neu.column_dimensions[name].width = spalte.width
    for regel in muster.data_validations.dataValidation:
        neu.add_data_validation(regel)
    for bereich in muster.conditional_formatting:
        for r in bereich.rules:
            neu.conditional_formatting.add(str(bereich.sqref), r)
    for t in muster.tables.values():
        neu.add_table(t)
    neu.freeze_panes, neu.print_title_rows = muster.freeze_panes, muster.print_title_rows
    neu.page_setup, neu.sheet_properties = copy(muster.page_setup), copy(muster.sheet_properties)
    neu.sheet_view.showGridLines = False
    neu.row_dimensions[1].height = muster.row_dimensions[1].height
