"""The list of macros: what they are called, who may, what they ask for (makros.toml). Light: no pydantic."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pkgutil import get_data
from typing import Any, Literal

from krs.excel.anfrage import Rolle

Art = Literal["text", "datum", "periode", "jahr", "lauf", "zahl", "wahl"]


@dataclass(frozen=True, slots=True)
class Feld:
    """One entry of a macro, as the task pane or the dialogs of the desktop ask for it.

    Args:
        schluessel: its name in `Anfrage.angaben`.
        werte: the choices of a `wahl`; none for the others.
        vorgabe: what is taken where nothing is typed; empty means nothing.
    """

    schluessel: str
    text: str
    hinweis: str
    art: Art
    werte: tuple[str, ...] = ()
    pflicht: bool = False
    vorgabe: str = ""


@dataclass(frozen=True, slots=True)
class Makro:
    """One button. `rolle` is what a signed-on person needs; None: every signed-on person may."""

    name: str
    knopf: str
    hilfe: str
    gruppe: str
    symbol: str
    braucht_ablage: bool
    rolle: Rolle | None = None
    felder: tuple[Feld, ...] = ()


@cache
def makros() -> tuple[Makro, ...]:
    """Return all macros in the order of the ribbon."""
    daten = tomllib.loads((get_data("krs.excel", "makros.toml") or b"").decode())
    return tuple(_makro(name, **m) for name, m in daten.items())


def _makro(name: str, rolle: str = "", felder: Sequence[dict[str, Any]] = (), **m: Any) -> Makro:
    alle = tuple(Feld(**{**f, "werte": tuple(f.get("werte", ()))}) for f in felder)
    return Makro(name, **m, rolle=Rolle(rolle) if rolle else None, felder=alle)


def makro(name: str) -> Makro | None:
    """Return one macro, None for a name that is none."""
    return next((m for m in makros() if m.name == name), None)
