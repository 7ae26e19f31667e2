"""The same forms built from scratch with openpyxl, one after the other (styles, validations, names, formulas left out).

Called as a whole process: python benchmarks/naive_vorlagen.py ZIEL ANZAHL
"""

from __future__ import annotations

import sys
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from krs.formulare.formular import Formular, formulare
from krs.mappen.aufbau import plane

GELB, DUENN = PatternFill("solid", fgColor="FFF9DB"), Side(style="thin", color="8C8C8C")


def baue(form: Formular, name: str) -> Workbook:
    """Return one form with a label, a styled entry cell, a validation and a name per field, and the help sheet."""
    version = form.versionen[-1]
    plan = plane(form, version)
    buch = Workbook()
    blatt = buch.active
    blatt.title = form.blatt
    blatt["B2"] = name
    for schluessel, platz in plan.plaetze.items():
        feld = form.felder.get(schluessel)
        zelle = blatt[platz.adresse]
        zelle.fill, zelle.border = GELB, Border(DUENN, DUENN, DUENN, DUENN)
        zelle.font, zelle.alignment = Font(name="Arial", size=10), Alignment(wrap_text=True)
        zelle.protection = Protection(locked=False)
        blatt.cell(platz.zeile + 1, 2, feld.bezeichnung if feld else schluessel).font = Font(name="Arial", size=10)
        if feld and feld.auswahl:
            regel = DataValidation(type="list", formula1='"' + ",".join(feld.auswahl) + '"')
            blatt.add_data_validation(regel)
            regel.add(platz.adresse)
        buch.defined_names[schluessel] = DefinedName(schluessel, attr_text=f"{form.blatt}!{platz.adresse}")
    hilfe = buch.create_sheet("Erläuterungen")
    for zeile, feld in enumerate(form.felder.values(), 1):
        for spalte, text in enumerate((feld.bezeichnung, feld.hilfe, feld.ziffer), 1):
            hilfe.cell(zeile, spalte, text).font = Font(name="Arial", size=10)
    return buch


def main() -> None:
    """Build and save them all."""
    ziel = Path(sys.argv[1])
    for form in formulare():
        for n in range(int(sys.argv[2])):
            baue(form, f"Beispielwil {n}").save(ziel / f"Anhang_{form.nummer}_{n}.xlsx")


if __name__ == "__main__":
    main()
