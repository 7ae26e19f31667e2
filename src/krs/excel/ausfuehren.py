"""Run a macro by its name: who may, with which entries, and what stands in the workbook afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from krs.ablage.ordner import AblageFehler
from krs.excel import blatt
from krs.excel.anfrage import Anfrage, Eingabefehler, Rollenfehler
from krs.excel.ergebnis import Ergebnis
from krs.excel.lesen import bereinige, vergiss
from krs.excel.makrokatalog import Makro, makro, makros
from krs.excel.worte import wie_in_excel
from krs.recht import BestandFehlt, BestandUnklar, NichtGeregelt
from krs.saetze import ist_satz

if TYPE_CHECKING:
    import xlwings as xw

Ziel = Callable[["xw.Book", Ergebnis], "xw.Book | None"]


def ausfuehren(name: str, mappe: xw.Book, anfrage: Anfrage, ziel: Ziel | None = None) -> Ergebnis:
    """Run one macro over the open workbook and write its result sheet.

    Args:
        name: as in makros.toml.
        ziel: gives the workbook for the result sheet, None for no sheet; without it the open one.
    Raises: Eingabefehler: one German sentence; nothing was written to the workbook.
    """
    m = pruefe(name, anfrage)
    if ziel is None:
        blatt.pruefe(mappe)
    bereinige(mappe)
    try:
        ergebnis = _ergebnis(m, mappe, anfrage)
    finally:
        vergiss(mappe)
    ort = ziel(mappe, ergebnis) if ziel else mappe
    if ort is not None and ergebnis.tabellen:
        blatt.schreibe(ort, ergebnis)
    return ergebnis


def _ergebnis(m: Makro, mappe: xw.Book, anfrage: Anfrage) -> Ergebnis:
    """Return what the macro gives. Raises: Eingabefehler, also for what the core refuses."""
    from krs.excel.angaben import angaben  # here: the catalogue and the checks load without the core
    from krs.excel.makros import MAKROS

    try:
        return MAKROS[m.name](mappe, anfrage, angaben(m, anfrage))
    except Eingabefehler:
        raise
    except (AblageFehler, NichtGeregelt, BestandFehlt, BestandUnklar) as fehler:
        raise Eingabefehler(wie_in_excel(str(fehler))) from fehler
    except OSError as fehler:
        wo = f"«{fehler.filename}»" if fehler.filename else "Eine Datei oder ein Ordner"
        satz = f"{wo} ist nicht zugänglich (Fehler {fehler.errno} des Systems). Prüfen Sie den Pfad."
        raise Eingabefehler(satz) from fehler
    except ValueError as fehler:
        if not ist_satz(fehler):
            raise
        raise Eingabefehler(wie_in_excel(str(fehler))) from fehler


def pruefe(name: str, anfrage: Anfrage) -> Makro:
    """Return the macro if this person may run it here. Raises: Eingabefehler."""
    m = makro(name)
    if m is None:
        raise Eingabefehler(f"Diesen Befehl gibt es nicht. Es gibt: {', '.join(x.name for x in makros())}.")
    person = anfrage.person
    if person is not None and m.rolle is not None and m.rolle not in person.rollen:
        raise Rollenfehler(
            f"Für «{m.knopf}» braucht es die Rolle {m.rolle}; {person.visum} hat sie nicht. Wenden Sie sich an die "
            "Informatik."
        )
    if m.braucht_ablage and anfrage.ablage is None:
        raise Eingabefehler(
            f"Für «{m.knopf}» braucht es eine Ablage. Auf dem Server richtet sie die Informatik ein; einzelne "
            "Formulare ziehen Sie in den Aufgabenbereich. Ohne Server öffnen Sie Stammdaten.xlsx oder Master.xlsx "
            "der Ablage."
        )
    return m
