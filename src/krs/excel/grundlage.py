"""What the functions compute with: the Stammdaten of an Ablage if there is one, else the data that krs brings along."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from krs import daten
from krs.ablage.ordner import Ablage, AblageFehler, marke
from krs.excel.anfrage import Eingabefehler
from krs.recht import TARIFE, Gebiet, GemeindeZeile, Tarife

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten

_schloss = Lock()


@dataclass(frozen=True)
class Grundlage:
    """Rates and municipalities in force; `tariffehler` says why the rates of the Stammdaten cannot be used."""

    alle_tarife: Tarife
    gebiet: Gebiet
    stammdaten: Stammdaten | None = None
    tariffehler: str = ""

    @property
    def tarife(self) -> Tarife:
        """The rates. Raises: Eingabefehler: a row of the sheet Tarife is wrong; no amount is guessed."""
        if self.tariffehler:
            raise Eingabefehler(self.tariffehler)
        return self.alle_tarife


def grundlage(ablage: Path | None) -> Grundlage:
    """Return what to compute with; Stammdaten are read again when their size or time stamp changed.

    Raises: Eingabefehler: the Stammdaten of the Ablage cannot be read.
    """
    return _mitgebracht() if ablage is None else _der_ablage(ablage)


@cache
def _mitgebracht() -> Grundlage:
    offen = dict.fromkeys(
        ("beteiligt_ab", "beteiligt_bis", "leitgemeinde", "leitgemeinde_ab", "leitgemeinde_bis", "empfaenger")
    )
    zeilen = (
        GemeindeZeile(g.bfs_nr, g.name, g.bezirk, g.gueltig_ab, g.gueltig_bis, g.nachfolgerin, **offen)
        for g in daten.gemeinden()
    )
    return Grundlage(TARIFE, Gebiet(zeilen))


def _der_ablage(ablage: Path) -> Grundlage:
    pfad = ablage / "Stammdaten.xlsx"
    stand = marke(pfad)
    if stand is None:
        raise Eingabefehler(f"Die Stammdaten «{pfad}» sind nicht zugänglich; prüfen Sie Pfad und Laufwerk.")
    with _schloss:  # two cells at a time read them once
        return _lies(ablage, stand)


@lru_cache(2)
def _lies(ablage: Path, _stand: tuple[int, int, int]) -> Grundlage:
    from krs.ablauf import stammdaten_laden
    from krs.formulare.befund import Stufe

    try:
        stammdaten, befunde, _ = stammdaten_laden(Ablage(ablage))
    except AblageFehler as fehler:
        raise Eingabefehler(str(fehler)) from fehler
    falsch = next((b.meldung for b in befunde if b.blatt == "Tarife" and b.stufe is Stufe.FEHLER), "")
    return Grundlage(stammdaten.tarife, stammdaten.gebiet, stammdaten, f"Stammdaten: {falsch}" if falsch else "")
