"""What a Stammdaten.xlsx of an earlier version lacks: sheets, columns behind the last one, settings (entwurf 4.8)."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.utils.cell import column_index_from_string, get_column_letter, range_boundaries
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from krs.mappen.lesen.adresse import position
from krs.mappen.lesen.tabellen import lies_tabellen
from krs.mappen.nachtrag.beweis import Offen, geladen
from krs.mappen.nachtrag.zeilen import blatt_von, neues_blatt, reihen_schreiben, wie, zelle_von
from krs.mappen.stammdaten import LETZTE_ZEILE, stammdaten_mappe, vorgabe
from krs.stammdaten.lesen import Tabelle, tabelle_von
from krs.stammdaten.plan import Stammblatt, Stammspalte, blaetter, blatt, schluessel


def aktualisiert(daten: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return the workbook with what it lacks, and a German sentence for each addition; without one it is unchanged.

    Raises: NichtErgaenzbar: something else would change or be lost.
    """
    offen, muster, tabellen = Offen(daten), geladen(stammdaten_mappe()), lies_tabellen(daten)
    saetze: list[str] = []
    dazu: list[str] = []
    neu: dict[str, dict[tuple[int, int], object]] = {}
    for plan in blaetter():
        tabelle = tabelle_von(tabellen, plan)
        if tabelle is None:
            neues_blatt(offen.buch, plan)
            dazu.append(plan.name)
            saetze.append(f"Neues Blatt: {plan.name}.")
        elif tabelle.kopf:
            ziel = blatt_von(offen.buch, plan)
            neu[ziel.title] = {}
            for spalte in _fehlende(plan, tabelle):
                neu[ziel.title] |= _Spalte(ziel, muster[plan.name], plan, tabelle).anfuegen(spalte)
                saetze.append(f"Blatt {plan.name}: neue Spalte «{spalte.titel}».")
            for titel in _nachgefuehrt(ziel, muster[plan.name], plan, tabelle):
                saetze.append(f"Blatt {plan.name}: Die Spalte «{titel}» lässt in Excel zu, was krs annimmt.")
    einstellungen = tabelle_von(tabellen, blatt("einstellungen"))
    if einstellungen is not None:
        geschrieben, mehr = _einstellungen(offen.buch, muster, einstellungen)
        neu[blatt_von(offen.buch, blatt("einstellungen")).title] |= geschrieben
        saetze += mehr
    return (offen.fertig(neu, dazu) if saetze else daten), tuple(saetze)


def _fehlende(plan: Stammblatt, tabelle: Tabelle) -> Iterator[Stammspalte]:
    """Yield the columns of a later version; one that was always there has been renamed, and S-02 says so."""
    da = {schluessel(z.anzeige) for z in tabelle.kopf}
    return (s for s in plan.spalten if s.freiwillig and schluessel(s.titel) not in da)


def _nachgefuehrt(ziel: Worksheet, muster: Worksheet, plan: Stammblatt, tabelle: Tabelle) -> Iterator[str]:
    """Let Excel accept in our columns what krs accepts now: yield the title of each whose validation changed."""
    orte = {schluessel(z.anzeige): get_column_letter(position(z.adresse)[1]) for z in reversed(tabelle.kopf)}
    for n, spalte in enumerate(plan.spalten if plan.id != "einstellungen" else (), 1):  # there each cell has its own
        hier = column_index_from_string(orte.get(schluessel(spalte.titel), "XFD"))
        for soll in _regeln(muster, f"{get_column_letter(n)}2:"):
            for ist in ziel.data_validations.dataValidation if soll.type != "custom" else ():
                eigene = {b.min_col for b in ist.sqref.ranges} == {hier} and ist.type == soll.type
                if eigene and _grenzen(ist) != _grenzen(soll):
                    for was in ("formula1", "formula2", "operator", "error", "errorTitle", "errorStyle"):
                        setattr(ist, was, getattr(soll, was))
                    yield spalte.titel


def _regeln(blatt_: Worksheet, ort: str) -> list[DataValidation]:
    """Return the validations of the cells that begin so, `A2:` for a column."""
    return [r for r in blatt_.data_validations.dataValidation if f"{r.sqref}:".startswith(ort)]


def _grenzen(regel: DataValidation) -> tuple[object, ...]:
    if regel.type == "list":
        return (sorted((regel.formula1 or "").strip('"').split(",")),)
    wie_weit = regel.operator or "between"
    return wie_weit, regel.formula1, regel.formula2 if wie_weit == "between" else None


def _versetzt(regel: DataValidation, bereich: str, von: str, nach: str) -> DataValidation:
    """Return a validation for another place; a formula in it names the first cell."""
    neu = copy(regel)
    neu.sqref = type(regel.sqref)(bereich)
    neu.formula1 = (regel.formula1 or "").replace(von, nach) or None
    return neu


class _Spalte:
    """A place for a column: behind the last header of a sheet, as the sheet of `krs neu` has it."""

    def __init__(self, ziel: Worksheet, muster: Worksheet, plan: Stammblatt, tabelle: Tabelle) -> None:
        self.ziel, self.muster, self.plan = ziel, muster, plan
        self.kopf = position(tabelle.kopf[0].adresse)[0]
        self.tabelle = next((t for t in ziel.tables.values() if range_boundaries(t.ref)[1] == self.kopf), None)
        belegt = {z.column for z in ziel._cells.values() if z.value is not None and z.row <= LETZTE_ZEILE}
        kopf = [z.column for z in ziel[self.kopf] if z.value is not None]
        ende = range_boundaries(self.tabelle.ref)[2] or 0 if self.tabelle else 0
        self.nr = max([*kopf, ende]) + 1
        while self.nr in belegt:  # notes that somebody keeps beside the table
            self.nr += 1

    def anfuegen(self, spalte: Stammspalte) -> dict[tuple[int, int], object]:
        """Write header, note, formats and validation; return what stands there now."""
        vorbild = self.plan.spalten.index(spalte) + 1
        kopf, alt = zelle_von(self.ziel, self.kopf, self.nr), zelle_von(self.muster, 1, vorbild)
        kopf.value, kopf.comment = spalte.titel, copy(alt.comment)
        wie(kopf, alt)
        for zeile in range(self.kopf + 1, self._letzte() + 1):
            wie(zelle_von(self.ziel, zeile, self.nr), zelle_von(self.muster, 2, vorbild))
        self._breite(self.muster.column_dimensions[get_column_letter(vorbild)].width)
        self._pruefung(get_column_letter(vorbild))
        self._in_die_tabelle(spalte.titel)
        return {(self.kopf, self.nr): spalte.titel}

    def _letzte(self) -> int:
        return (range_boundaries(self.tabelle.ref)[3] if self.tabelle else None) or self.ziel.max_row

    def _breite(self, breite: float) -> None:
        """Give the column its width; a range of columns that it lies in ends before it and goes on behind it."""
        masse = self.ziel.column_dimensions
        for name, d in list(masse.items()):
            von, bis = d.min or column_index_from_string(name), d.max or column_index_from_string(name)
            if von < self.nr <= bis:
                d.max = self.nr - 1
            if von <= self.nr < bis:
                rest = copy(d)
                rest.index, rest.min, rest.max = get_column_letter(self.nr + 1), self.nr + 1, bis
                masse[rest.index] = rest
        buchstabe = get_column_letter(self.nr)
        masse[buchstabe] = ColumnDimension(self.ziel, buchstabe, width=breite, customWidth=True)

    def _pruefung(self, vorbild: str) -> None:
        hier, erste = get_column_letter(self.nr), self.kopf + 1
        for regel in _regeln(self.muster, f"{vorbild}2:"):
            bereich = f"{hier}{erste}:{hier}{LETZTE_ZEILE + 1}"
            self.ziel.add_data_validation(_versetzt(regel, bereich, f"{vorbild}2", f"{hier}{erste}"))

    def _in_die_tabelle(self, titel: str) -> None:
        """Let the Excel table end with this column, if it ends beside it."""
        t = self.tabelle
        if t is None or range_boundaries(t.ref)[2] != self.nr - 1:
            return
        von, _, bis = t.ref.partition(":")
        t.ref = f"{von}:{get_column_letter(self.nr)}{''.join(c for c in bis if c.isdigit())}"
        if t.autoFilter is not None:
            t.autoFilter.ref = t.ref
        t.tableColumns.append(TableColumn(id=max(c.id for c in t.tableColumns) + 1, name=titel))


def _einstellungen(
    buch: Workbook, muster: Workbook, tabelle: Tabelle
) -> tuple[dict[tuple[int, int], object], list[str]]:
    """Add the settings that have no row, with their defaults and prompts."""
    plan = blatt("einstellungen")
    ziel, vorbild = blatt_von(buch, plan), muster[plan.name]
    da = {schluessel(z.anzeige) for reihe in tabelle.zeilen for z in reihe}
    zeilen = [z for z in vorgabe()[plan.name] if schluessel(str(z[0])) not in da]
    if not zeilen:
        return {}, []
    reihen = [[w if isinstance(w, str | Decimal) and w != "" else None for w in z] for z in zeilen]
    neu = reihen_schreiben(ziel, plan, tabelle, reihen, {})
    kopf = {schluessel(z.anzeige): position(z.adresse)[1] for z in tabelle.kopf}
    name, wert = (get_column_letter(kopf[schluessel(s.titel)]) for s in plan.spalten)
    zeile_von = {str(vorbild.cell(n, 1).value): n for n in range(2, vorbild.max_row + 1)}
    for nummer in sorted({z for z, _ in neu}):
        quelle = zeile_von[str(ziel[f"{name}{nummer}"].value)]
        for hier, dort in ((name, 1), (wert, 2)):
            wie(zelle_von(ziel, nummer, column_index_from_string(hier)), zelle_von(vorbild, quelle, dort))
        for regel in _regeln(vorbild, f"B{quelle}:"):
            ziel.add_data_validation(_versetzt(regel, f"{wert}{nummer}", f"B{quelle}", f"{wert}{nummer}"))
    saetze = [f"Blatt {plan.name}: neue Zeile «{n}»{f' ({w})' if w != '' else ''}." for n, w in zeilen]
    return neu, saetze
