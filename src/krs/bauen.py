"""Rebuild what is generated and committed: workbooks/, docs/handbuch/regeln.md and befehle.md (`./run bauen`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from krs.ablage.ordner import schreibe

WURZEL = Path(__file__).resolve().parents[2]
STICHTAG = date(2024, 1, 1)  # of the empty Master and Anhang 1; any day with known rates would do, but always the same


_BEFEHLE = """\
# Alle Befehle

<!-- Erzeugt aus src/krs/cli mit `./run bauen`; nicht von Hand ändern. -->

Diese Seite ist erzeugt (`./run bauen`) und zeigt, was `krs --help` und `krs BEFEHL --help` im Terminal sagen. Wozu und
in welcher Reihenfolge man die Befehle braucht, steht im [Handbuch für den Kanton](kanton.md).
"""


def befehle_md() -> str:
    """Return docs/handbuch/befehle.md: the help of every command."""
    import typer.main

    from krs.cli import app

    gruppe: Any = typer.main.get_command(app)
    wie: Any = {**gruppe.context_settings, "terminal_width": 80}
    oben = typer.Context(gruppe, info_name="krs", **wie)
    hilfen = {"krs": oben.get_help()}
    for name, befehl in gruppe.commands.items():
        hilfen[f"krs {name}"] = typer.Context(befehl, info_name=name, parent=oben, **wie).get_help()
    return "\n".join([_BEFEHLE, *(f"## {name}\n\n```text\n{hilfe}\n```\n" for name, hilfe in hilfen.items())])


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
    yield "docs/handbuch/befehle.md", befehle_md().encode()


def main() -> None:
    """Write what changed and say so."""
    for name, inhalt in dateien():
        if schreibe(WURZEL / name, inhalt):
            sys.stdout.write(f"neu geschrieben: {name}\n")


if __name__ == "__main__":
    main()
