"""What xlwings tells Excel about the functions: names, arguments and German help, from the catalogue.

Neither host calls through here: the Server answers calls itself (docs/entscheide/36), Windows calls krs.excel.udf.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature

import xlwings as xw

from krs.excel.katalog import Funktion, funktionen


def _angemeldet(f: Funktion) -> Callable[..., object]:
    """Return the function that xlwings registers, with the signature and the German help of the catalogue."""

    def huelle(*_argumente: object) -> object:
        raise xw.XlwingsError("Die Funktionen rechnen nur mit «krs serve». Wenden Sie sich an die Informatik.")

    huelle.__name__ = huelle.__qualname__ = f.name
    huelle.__doc__ = f.satz
    huelle.__annotations__ = {}
    huelle.__signature__ = Signature(  # type: ignore[attr-defined] # inspect reads it
        [
            Parameter(a.name, Parameter.POSITIONAL_OR_KEYWORD, default=None if a.freiwillig else Parameter.empty)
            for a in f.argumente
        ]
    )
    fertig: Callable[..., object] = huelle
    for a in f.argumente:
        fertig = xw.arg(a.name, doc=a.hilfe)(fertig)
    return xw.func(fertig)


__all__ = [f.name for f in funktionen()]
globals().update({f.name: _angemeldet(f) for f in funktionen()})
