"""Rebuild what is generated and committed: workbooks/ and docs/handbuch/regeln.md (`./run bauen`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from krs.ablage.ordner import schreibe

WURZEL = Path(__file__).resolve().parents[2]
STICHTAG = date(2024, 1, 1)  # of the empty Master and Anhang 1; any day with known rates would do, but always the same


def dateien() -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every generated file."""
    from krs.formulare.erklaeren import regeln_md
    from krs.formulare.formular import formulare
    from krs.mappen.berichte.anhang1 import anhang1_mappe
    from krs.mappen.master.master import master_mappe
    from krs.mappen.stammdaten import lies_tabellen, stammdaten_mappe, vorgabe
    from krs.mappen.vorlage.stempel import leer
    from krs.schreiben.anhang1 import anhang1
    from krs.stammdaten.stammdaten import lies_stammdaten
    from krs.urteil.urteil import urteile

    for form in formulare():
        for version in form.versionen:
            neueste = version is form.versionen[-1]
            name = f"Anhang_{form.nummer}.xlsx" if neueste else f"frueher/Anhang_{form.nummer}_{version.id}.xlsx"
            yield f"workbooks/{name}", leer(form, version.id)
    stamm = stammdaten_mappe(vorgabe())
    yield "workbooks/Stammdaten.xlsx", stamm
    stammdaten, _ = lies_stammdaten(lies_tabellen(stamm, "Stammdaten.xlsx"))
    yield "workbooks/Anhang_1.xlsx", anhang1_mappe(anhang1(stammdaten, STICHTAG.year))
    yield "workbooks/Master.xlsx", master_mappe(urteile([], stammdaten, [], [], STICHTAG), (), "")
    yield "docs/handbuch/regeln.md", regeln_md().encode()


def main() -> None:
    """Write what changed and say so."""
    for name, inhalt in dateien():
        if schreibe(WURZEL / name, inhalt):
            sys.stdout.write(f"neu geschrieben: {name}\n")


if __name__ == "__main__":
    main()
