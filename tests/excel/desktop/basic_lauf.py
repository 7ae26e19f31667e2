"""Run VBA in LibreOffice Basic: on the system's Python (python3-uno), one JSON in, one JSON out.

`/usr/bin/python3 basic_lauf.py PROFIL` reads {"module": {name: text}, "blaetter": {name: rows}, "rufe": [[modul,
funktion], …]} and prints the results.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "uno"))

import arbeiter  # type: ignore[import-not-found]


def laufe(auftrag: dict, profil: str) -> list:  # type: ignore[type-arg]
    """Load the modules into a new workbook with the sheets and call the functions."""
    buero = arbeiter.Buero(profil)
    try:
        werte = arbeiter._eigenschaften(Hidden=True, MacroExecutionMode=4)
        mappe = buero.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, werte)
        for name, zeilen in auftrag["blaetter"].items():
            mappe.Sheets.insertNewByName(name, 0)
            bereich = mappe.Sheets.getByName(name).getCellRangeByPosition(0, 0, len(zeilen[0]) - 1, len(zeilen) - 1)
            bereich.setDataArray(tuple(tuple(z) for z in zeilen))
        alle = mappe.BasicLibraries
        bibliothek = alle.getByName("Standard") if alle.hasByName("Standard") else alle.createLibrary("Standard")
        for name, text in auftrag["module"].items():
            bibliothek.insertByName(name, "Option VBASupport 1\n" + text)
        adresse = "vnd.sun.star.script:Standard.{}.{}?language=Basic&location=document"
        rufer = mappe.getScriptProvider()
        return [rufer.getScript(adresse.format(*ruf)).invoke((), (), ())[0] for ruf in auftrag["rufe"]]
    finally:
        buero.beenden()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(laufe(json.load(sys.stdin), sys.argv[1])))
