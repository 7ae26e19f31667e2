"""Stammdaten.xlsx as data: sheets, columns, settings (entwurf 4.8), read from stammdaten.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pkgutil import get_data
from typing import Any

from krs.formulare.arten import ARTEN
from krs.formulare.eingabe import Zelle
from krs.formulare.leser import auswahl
from krs.formulare.typen import normal


@dataclass(frozen=True, slots=True)
class Stammspalte:
    """One column: its header is public, `id` is the key in the typed row.

    `ersatz`: a wrong value counts as empty and the row stays. `vorschlag`: a list that is offered, not demanded.
    `freiwillig`: the column may be missing.
    A setting is one too, so that one reader serves both: `vorgabe` is what `krs neu` writes.
    """

    id: str
    titel: str
    art: str
    breite: int
    notiz: str
    pflicht: bool = False
    ersatz: bool = False
    freiwillig: bool = False
    auswahl: tuple[str, ...] = ()
    vorschlag: tuple[str, ...] = ()
    vorgabe: str = ""

    def lies(self, zelle: Zelle) -> Any:
        """Return the value of a cell that holds something. Raises: ValueError: not of the column's kind."""
        return auswahl(zelle, self.auswahl) if self.art == "auswahl" else ARTEN[self.art].lesen(zelle)

    @property
    def erwartet(self) -> str:
        """What the column accepts, as a message says it."""
        werte = ", ".join(f"«{w}»" for w in self.auswahl)
        return f"einer der Werte {werte}" if self.art == "auswahl" else ARTEN[self.art].erwartet


@dataclass(frozen=True, slots=True)
class Stammblatt:
    """One sheet with its Excel table; `tabelle` is the table's ASCII name. `freiwillig`: it may be missing.

    `vorbereitet`: a row that holds these columns alone waits for its value and says nothing yet (docs/entscheide/62).
    `schluesselspalten`: by these a row is found again in another edition; empty: what it says moves no money.
    """

    id: str
    name: str
    tabelle: str
    fest: int
    leerzeilen: int
    spalten: tuple[Stammspalte, ...]
    seiten_breit: int = 1
    freiwillig: bool = False
    vorbereitet: tuple[str, ...] = ()
    schluesselspalten: tuple[str, ...] = ()

    def spalte(self, kennung: str) -> Stammspalte:
        """Return the column with this id."""
        return next(s for s in self.spalten if s.id == kennung)


def schluessel(text: str) -> str:
    """Return how a sheet, header or setting is compared: case and blanks do not matter.

    >>> schluessel(" BFS-Nr. ") == schluessel("bfs - nr.")
    True
    """
    return normal(text).replace(" ", "").casefold()


def _spalte(daten: dict[str, Any]) -> Stammspalte:
    listen: dict[str, Any] = {k: tuple(daten[k]) for k in ("auswahl", "vorschlag") if k in daten}
    return Stammspalte(**(daten | listen))


@cache
def _daten() -> dict[str, Any]:
    return tomllib.loads((get_data("krs.stammdaten", "stammdaten.toml") or b"").decode())


@cache
def blaetter() -> tuple[Stammblatt, ...]:
    """Return the sheets in order.

    >>> [b.name for b in blaetter()][:3]
    ['Gemeinden', 'Ausländerbestand', 'Tarife']
    """
    return tuple(
        Stammblatt(
            **(
                b
                | {"spalten": tuple(map(_spalte, b["spalten"]))}
                | {k: tuple(b[k]) for k in ("vorbereitet", "schluesselspalten") if k in b}
            )
        )
        for b in _daten()["blatt"]
    )


@cache
def blatt(kennung: str) -> Stammblatt:
    """Return the sheet with this id, such as `bestand`."""
    return next(b for b in blaetter() if b.id == kennung)


@cache
def einstellungen_plan() -> tuple[Stammspalte, ...]:
    """Return all settings in order.

    >>> einstellungen_plan()[-1].titel
    'Nachfassen Tage'
    """
    return tuple(Stammspalte(**e, breite=0, ersatz=True) for e in _daten()["einstellung"])
