"""Which of our workbooks is open: Anhang 1, 2 or 3, by what it carries, never by its name."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from krs.excel.anfrage import Eingabefehler
from krs.excel.live.plan import Plan, anhang1plan, formularplan
from krs.excel.live.zellen import gemerkte
from krs.excel.schutz import com_fehler
from krs.formulare.eingabe import KENNBLATT, KENNUNG_ZEILEN
from krs.formulare.formular import formulare
from krs.mappen.berichte.anhang1 import BLATT as ANHANG1
from krs.mappen.berichte.anhang1_tabellen import KOPF
from krs.mappen.vorlage.aufbau import Aufbau, plane
from krs.recht import runden

if TYPE_CHECKING:
    import xlwings as xw

LIVE, RECHNER = "krs Live", "Rechner"
MERKZELLE = "A7"  # of «krs Live»: which cells have functions
UNBEKANNT = (
    "In «{mappe}» gibt es nichts, worin die Funktionen rechnen könnten. Öffnen Sie einen Anhang 1, 2 oder 3, für den "
    "Rechner eine leere Arbeitsmappe, und versuchen Sie es noch einmal. Es wurde nichts geändert."
)
LEERES_FORMULAR = (
    "Dieses Formular gehört noch zu keiner Gemeinde und Periode. Öffnen Sie eine Vorlage, die für eine Gemeinde "
    "erstellt wurde, oder eine Einreichung. Es wurde nichts geändert."
)
VERSCHOBEN = (
    "Das Feld «{feld}» steht nicht dort, wo es in diesem Formular hingehört (Zelle {soll}). Öffnen Sie das Formular, "
    "wie es eingereicht oder erstellt wurde. Es wurde nichts geändert."
)
FREMD = (
    "In dieser Arbeitsmappe heisst schon ein anderes Blatt «{blatt}». Benennen Sie es um und versuchen Sie es noch "
    "einmal. Es wurde nichts geändert."
)
_TITEL = re.compile(r"Anhang 1[a-z]+ – Beiträge an die Einwohnergemeinden für das Jahr (20\d\d)")
_GEMEINDEN = "Gemeinden"
_HOECHSTE_ZEILEN, _HOECHSTE_SPALTEN = 2000, 100  # that are looked at; the longest table of Anhang 1 has about 110 rows
_KOEPFE = {7: "Ausländerinnen und Ausländer", 8: "Ansatz (Fr.)", 9: "Sockelbeitrag (Fr.)"}  # columns H, I, J


def erkenne(mappe: xw.Book) -> Plan | None:
    """Return how the open workbook is made live, None where it is none of our forms.

    Raises: Eingabefehler: it is one, but blank or its fields have moved.
    """
    namen = blattnamen(mappe)
    if KENNBLATT in namen:
        return _formular(mappe)
    if ANHANG1 in namen and _GEMEINDEN in namen:
        return _anhang1(mappe)
    return None


def blattnamen(mappe: xw.Book) -> list[str]:
    """Return the names of all sheets, hidden ones too."""
    return [b.name for b in mappe.sheets]


def eigenes(mappe: xw.Book, name: str) -> xw.Sheet | None:
    """Return «krs Live» or «Rechner» of this workbook, None without one.

    Raises: Eingabefehler: another sheet has this name.
    """
    if name.casefold() not in (n.casefold() for n in blattnamen(mappe)):
        return None
    blatt = mappe.sheets[name]
    if blatt.range("A1").value != name:
        raise Eingabefehler(FREMD.format(blatt=blatt.name))
    return blatt


def ist_leer(mappe: xw.Book) -> bool:
    """Tell whether no sheet but our own holds anything."""
    return all(_nichts_steht_in(b) for b in mappe.sheets if b.name not in (LIVE, RECHNER))


def _nichts_steht_in(blatt: xw.Sheet) -> bool:
    ende = blatt.used_range.last_cell
    if ende.row > _HOECHSTE_ZEILEN or ende.column > _HOECHSTE_SPALTEN:
        return False
    return all(wert in (None, "") for zeile in _werte(blatt) for wert in zeile)


def _werte(blatt: xw.Sheet) -> list[list[Any]]:
    """Return the values from A1 on, as far as one of our workbooks reaches: a stray cell may stand at the very end."""
    ende = blatt.used_range.last_cell
    unten, rechts = min(ende.row, _HOECHSTE_ZEILEN), min(ende.column, _HOECHSTE_SPALTEN)
    return list(blatt.range((1, 1), (unten, rechts)).options(ndim=2).value)


# --- Anhang 2 and 3 -------------------------------------------------------------------------
def _formular(mappe: xw.Book) -> Plan | None:
    roh = mappe.sheets[KENNBLATT].range("B1").resize(len(KENNUNG_ZEILEN), 1).value
    kennung = dict(zip(KENNUNG_ZEILEN, ("" if w is None else str(w) for w in roh), strict=True))
    form = next((f for f in formulare() if f.id == kennung["formular"]), None)
    version = form.version(kennung["version"]) if form else None
    if form is None or version is None:
        return None
    if not kennung["periode"]:
        raise Eingabefehler(LEERES_FORMULAR)
    plan = plane(form, version)
    return formularplan(plan, _blatt(mappe, plan))


def _blatt(mappe: xw.Book, plan: Aufbau) -> str:
    """Return the sheet on which all fields stand where they belong.

    Raises: Eingabefehler: a field is missing or elsewhere; the formulas would count other cells.
    """
    blatt = ""
    for feld, soll in plan.plaetze.items():
        if feld not in plan.formular.felder:
            continue
        ort = _bereich(mappe, feld)
        blatt = blatt or (ort.sheet.name if ort is not None else "")
        if ort is None or (ort.sheet.name, ort.row - 1, ort.column - 1) != (blatt, soll.zeile, soll.spalte):
            bezeichnung = plan.formular.felder[feld].voll
            raise Eingabefehler(VERSCHOBEN.format(feld=bezeichnung, soll=soll.adresse))
    return blatt


def _bereich(mappe: xw.Book, feld: str) -> xw.Range | None:
    """Return the cells that a defined name means, None where it means none."""
    if feld not in mappe.names:
        return None
    try:
        return mappe.names[feld].refers_to_range
    except com_fehler(ValueError, KeyError):  # deleted cells, a constant; a name that belongs to one sheet only
        return None


# --- Anhang 1 -------------------------------------------------------------------------------
def _anhang1(mappe: xw.Book) -> Plan | None:
    titel = _TITEL.match(str(mappe.sheets[ANHANG1].range("A1").value))
    werte = _werte(mappe.sheets[_GEMEINDEN])
    kopf = dict(enumerate(werte[KOPF])) if len(werte) > KOPF else {}
    if titel is None or any(kopf.get(s) != text for s, text in _KOEPFE.items()):
        return None
    gemeinden = list(takewhile(lambda zeile: _zahl(zeile[0]), werte[KOPF + 1 :]))  # below them the total
    erste = KOPF + 2
    gerechnet = {n: zeile for n, zeile in enumerate(gemeinden, erste) if all(_zahl(zeile[s]) for s in (7, 8))}
    live = eigenes(mappe, LIVE)
    if live is None:
        unsere = frozenset(n for n, zeile in gerechnet.items() if not _eigener_betrag(*zeile[7:10]))
    else:
        bereiche = gemerkte(str(live.range(MERKZELLE).value))
        unsere = frozenset(n for n in gerechnet if any(n in bereich for bereich in bereiche))
    tabelle = (erste, erste + max(0, len(gemeinden) - 1))
    jahr = int(titel.group(1))
    return anhang1plan(_GEMEINDEN, jahr, tabelle, tuple(sorted(unsere)), sorted(gerechnet.keys() - unsere))


def _eigener_betrag(anzahl: float, ansatz: float, betrag: object) -> bool:
    """Tell whether an amount was typed over the formula: it is not residents × rate."""
    return _zahl(betrag) and runden(Decimal(str(anzahl)) * Decimal(str(ansatz))) != Decimal(str(betrag))


def _zahl(wert: object) -> bool:
    return isinstance(wert, (int, float)) and not isinstance(wert, bool)
