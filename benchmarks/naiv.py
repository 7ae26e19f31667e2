"""What a user would write: glob, read_excel, pick the same cells, concat, to_excel; nothing is checked.

Called as a whole process: python benchmarks/naiv.py EINGANG ZIEL CELLS.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd


def sammeln(eingang: Path, zellen: dict[str, dict[str, list[int]]]) -> dict[str, pd.DataFrame]:
    """Return one table per sheet name, one row per file."""
    zeilen: dict[str, list[dict[str, object]]] = {blatt: [] for blatt in zellen}
    for datei in sorted(eingang.rglob("*.xlsx")):
        blatt = "Reporting" if "Anhang_2" in datei.name else "Selbstdeklaration"
        mappe = pd.read_excel(datei, sheet_name=[blatt, "_krs"], header=None, engine="openpyxl")
        roh, kenn = mappe[blatt], mappe["_krs"]
        zeile: dict[str, object] = {"datei": datei.name, **dict(zip(kenn[0], kenn[1], strict=True))}
        for feld, (z, s) in zellen[blatt].items():
            zeile[feld] = roh.iat[z, s] if z < roh.shape[0] and s < roh.shape[1] else None
        zeilen[blatt].append(zeile)
    return {blatt: pd.concat([pd.DataFrame([z]) for z in reihen]) for blatt, reihen in zeilen.items() if reihen}


def main() -> None:
    """Gather and write."""
    tabellen = sammeln(Path(sys.argv[1]), json.loads(Path(sys.argv[3]).read_text("utf-8")))
    with pd.ExcelWriter(sys.argv[2], engine="openpyxl") as ziel:
        for blatt, tabelle in tabellen.items():
            tabelle.to_excel(ziel, sheet_name=blatt, index=False)


if __name__ == "__main__":
    main()
