"""The functions of the cells (entwurf 4.6) as VBA wrappers, made from the catalogue of krs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlambau import Baufehler, basic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from krs.excel.katalog import Funktion

# What Excel's Application.MacroOptions takes for a description.
HILFE_ZEICHEN = 255

KOPF = """\
Attribute VB_Name = "KrsFunktionen"
Option Explicit

' Generated from the catalogue of krs (src/krs/excel/funktionen.toml).
"""


def modul(funktionen: Iterable[Funktion]) -> str:
    """Return the module KrsFunktionen: one wrapper a function, and their help texts."""
    alle = tuple(funktionen)
    return "\n".join([KOPF, *(_huelle(f) for f in alle), _hilfe(alle)])


def _huelle(funktion: Funktion) -> str:
    excel = basic.name(funktion.excel)
    namen = [basic.name(a.name) for a in funktion.argumente]
    _ohne_doppelte([excel, *namen])
    kopf = ", ".join(
        f"{'Optional ' if a.freiwillig else ''}ByVal {n} As Variant"
        for a, n in zip(funktion.argumente, namen, strict=True)
    )
    werte = ", ".join(f"KrsRohwert({n})" for n in namen)
    return f"""\
Public Function {excel}({kopf}) As Variant
Attribute {excel}.VB_Description = {basic.text(kurz(funktion.satz))}
    On Error GoTo gescheitert
    {excel} = KrsRufe({basic.text(funktion.name)}, Array({werte}))
    Exit Function
gescheitert:
    {excel} = KrsGescheitert(Err.Number, Err.Description)
End Function
"""


def _hilfe(funktionen: tuple[Funktion, ...]) -> str:
    zeilen = ["Public Sub KrsHilfetexte()"]
    for f in funktionen:
        argumente = basic.umbrochen("Array(", [basic.text(kurz(a.hilfe)) for a in f.argumente])
        teile = [basic.text(f.excel), basic.text(kurz(f.satz)), argumente.replace("\n", "\n    ")]
        zeilen += ["    " + zeile for zeile in basic.umbrochen("KrsHilfetext", teile, "").splitlines()]
    return "\n".join([*zeilen, "End Sub", ""])


def kurz(hilfe: str) -> str:
    """Return a help text as Excel takes it: at most 255 characters, whole sentences where they fit.

    >>> kurz("Ein Satz. Noch einer.")
    'Ein Satz. Noch einer.'
    """
    if len(hilfe) <= HILFE_ZEICHEN:
        return hilfe
    satz = re.match(rf"(?s).{{1,{HILFE_ZEICHEN - 1}}}\.(?=\s)", hilfe)
    if satz is None:
        raise Baufehler(f"Der Hilfetext «{hilfe[:40]}…» hat mehr als {HILFE_ZEICHEN} Zeichen vor dem ersten Punkt.")
    return satz.group()


def _ohne_doppelte(namen: list[str]) -> None:
    klein = [n.lower() for n in namen]
    doppelt = {n for n in klein if klein.count(n) > 1}
    if doppelt:
        raise Baufehler(f"VBA unterscheidet Gross und Klein nicht: «{doppelt.pop()}» kommt in {namen[0]} doppelt vor.")
