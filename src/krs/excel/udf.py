"""What the Windows add-in calls through xlwings' COM server: a function of a cell, a button (addin/desktop).

Nothing is raised to Excel: a mistake comes back as a marked sentence, and the add-in makes #WERT! of it.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs import __version__
from krs.excel import stoerung
from krs.excel.anfrage import Eingabefehler, eingestellte_ablage
from krs.formulare.eingabe import NULLTAG

if TYPE_CHECKING:
    from krs.excel.ergebnis import Wert
    from krs.excel.funktionen import Rueckgabe

Zelle = str | float | bool

# Characters that nobody types mark what a text means; KrsAufruf.bas reads and writes them.
SATZ = "\x02"
TAG = "\x03"
UMFANG = "\x04"
_GROESSE = re.compile(UMFANG + r"(\d{1,7});(\d{1,7})")
# Of a longer range only the size is sent: handing over its values would take Excel seconds.
HOECHSTENS_ZELLEN = 100_000
# What one cell takes.
ZEICHEN = 32_767


def rufe(addin: str, name: str, *argumente: object) -> Zelle | tuple[tuple[Zelle, ...], ...]:
    """Return what a function gives: one value, or rows of values; a mistake as SATZ and its sentence.

    Args:
        addin: the version of krs that the add-in was built with.
        name: «krs_beitrag» and so on.
        argumente: bare values as COM hands them over: a value or rows of values, in the order of the catalogue.
    """
    try:
        satz = _anderes_addin(addin)
        if satz:
            return SATZ + satz
        from krs.excel.funktionen import rufe as kern

        return _ergebnis(kern(name, [_argument(a) for a in argumente], eingestellte_ablage()))
    except Eingabefehler as error:
        return SATZ + str(error)
    except Exception as error:  # noqa: BLE001 - English and tracebacks never reach a cell
        return SATZ + stoerung.satz(error)


def knopf(addin: str, makro: str, mappe: object) -> str:
    """Run the macro of a button on a workbook; return a sentence to show where it could not run, else nothing.

    Args:
        mappe: the active workbook as COM object; None where none is open.
    """
    try:
        satz = _anderes_addin(addin)
        if satz:
            return satz
        from krs.excel.desktop import starte
        from krs.excel.makrokatalog import makro as bekannt

        if bekannt(makro) is None:
            return f"Das Makro «{makro}» gibt es nicht."
        if mappe is None:
            return "Öffnen Sie zuerst eine Mappe; in der geschützten Ansicht wählen Sie «Bearbeitung aktivieren»."
        _merke_mappe(mappe)
        starte(makro)
    except Eingabefehler as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - English and tracebacks never reach a person
        return stoerung.satz(error)
    return ""


def _merke_mappe(mappe: object) -> None:
    """Tell xlwings which workbook `xw.Book.caller()` is."""
    from importlib import import_module

    # The same module and name that xlwings' own «USE UDF SERVER» sets.
    vars(import_module("xlwings._xlwindows"))["BOOK_CALLER"] = mappe


def _anderes_addin(addin: str) -> str:
    """Return the sentence for an add-in of another version, else nothing."""
    if addin.strip() == __version__:
        return ""
    return (
        f"Das Add-in hat die Version {addin.strip() or 'unbekannt'}, krs hat {__version__}. Bitten Sie die Informatik, "
        "beide neu einzurichten."
    )


def _argument(roh: object) -> object:
    """Return a raw argument; the size of a range that the add-in did not read becomes an Umfang."""
    umfang = _GROESSE.fullmatch(roh) if isinstance(roh, str) else None
    if umfang is None:
        return roh
    from krs.excel.rohzelle import Umfang

    return Umfang(int(umfang[1]), int(umfang[2]))


def _ergebnis(wert: Rueckgabe) -> Zelle | tuple[tuple[Zelle, ...], ...]:
    if isinstance(wert, (list, tuple)):
        return tuple(tuple(_zelle(w) for w in zeile) for zeile in wert)
    return _zelle(wert)


def _zelle(wert: Wert) -> Zelle:
    """Return a value as COM takes it without a time zone, a currency type or 64-bit numbers coming in."""
    if wert is None:
        return ""
    if isinstance(wert, bool):
        return wert
    if isinstance(wert, (int, Decimal)):
        return float(wert)
    if isinstance(wert, date):
        return f"{TAG}{(wert - NULLTAG).days}"
    return wert.lstrip(SATZ + TAG + UMFANG)[:ZEICHEN]
