"""The same forms built from scratch with openpyxl, one after the other: cells, styles, validations, names, widths.

Called as a whole process: python -m benchmarks.naive_vorlagen ZIEL ANZAHL. What a form holds is taken from ours once;
each file is then built anew, as a script with openpyxl would do it. Print set-up and very hidden sheets are left out.
"""

from __future__ import annotations

import sys
from copy import copy
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from krs.formulare.formular import formulare
from krs.mappen.vorlage.stempel import leer

_ARTEN = ("font", "fill", "border", "alignment", "protection")
_STILE: dict[int, list[object]] = {}  # made once and shared, as a careful script does


def baue(vorbild: Workbook, name: str) -> Workbook:
    """Return a workbook with the content of `vorbild`, written cell by cell."""
    buch = Workbook()
    buch.remove(buch.active)
    for quelle in vorbild.worksheets:
        _blatt(buch.create_sheet(quelle.title), quelle)
    for schluessel, ort in vorbild.defined_names.items():
        buch.defined_names[schluessel] = DefinedName(schluessel, attr_text=ort.attr_text)
    buch.worksheets[0]["B2"] = name
    return buch


def _blatt(blatt: Worksheet, quelle: Worksheet) -> None:
    for reihe in quelle.iter_rows():
        for alt in reihe:
            neu = blatt.cell(alt.row, alt.column)
            if alt.value is not None:
                neu.value = alt.value
            if alt.has_style:
                stil = _STILE.setdefault(alt.style_id, [copy(getattr(alt, art)) for art in _ARTEN])
                for art, wert in zip(_ARTEN, stil, strict=True):
                    setattr(neu, art, wert)
                neu.number_format = alt.number_format
    for bereich in quelle.merged_cells.ranges:
        blatt.merge_cells(str(bereich))
    for buchstabe, spalte in quelle.column_dimensions.items():
        blatt.column_dimensions[buchstabe].width = spalte.width
    for regel in quelle.data_validations.dataValidation:
        neue = DataValidation(
            type=regel.type, formula1=regel.formula1, formula2=regel.formula2, operator=regel.operator
        )
        neue.prompt, neue.promptTitle = regel.prompt, regel.promptTitle
        neue.sqref = regel.sqref
        blatt.add_data_validation(neue)
    blatt.protection.sheet = True


def main() -> None:
    """Build and save them all."""
    ziel = Path(sys.argv[1])
    for form in formulare():
        _STILE.clear()
        vorbild = load_workbook(BytesIO(leer(form, form.versionen[-1].id)))
        for n in range(int(sys.argv[2])):
            baue(vorbild, f"Beispielwil {n}").save(ziel / f"Anhang_{form.nummer}_{n}.xlsx")


if __name__ == "__main__":
    main()
