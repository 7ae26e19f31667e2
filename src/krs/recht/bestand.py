"""Foreign residents for the Sockelbeitrag, mergers included (Ziff. 4.3.2, docs/entscheide/02, 20)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from krs.recht.gebiet import Gebiet
from krs.recht.zeit import datum, stichtag

GEBIETSSTAND_NEU = "Gebietsstand neu"
_BLATT = "in den Stammdaten, Blatt Ausländerbestand"


@dataclass(frozen=True, slots=True)
class BestandZeile:
    """One row of Stammdaten, sheet Ausländerbestand."""

    bfs_nr: int
    stichtag: date
    anzahl: int
    quelle: str


@dataclass(frozen=True, slots=True)
class Bestand:
    """The residents that count for a contribution year, and the rows they come from."""

    anzahl: int
    zeilen: tuple[BestandZeile, ...]


class BestandFehlt(Exception):
    """A row is missing: the Sockelbeitrag is zurückgestellt, it is never 0. Text: one German sentence."""


class BestandUnklar(Exception):
    """Rows contradict each other: Fehler. Text: one German sentence."""


def _zeile_von(bestand: Sequence[BestandZeile], gebiet: Gebiet, bfs: int, tag: date) -> BestandZeile | None:
    zeilen = [zeile for zeile in bestand if zeile.bfs_nr == bfs and zeile.stichtag == tag]
    if len(zeilen) > 1:
        raise BestandUnklar(
            f"Der Ausländerbestand von {_mit_nr(gebiet, bfs)} per {datum(tag)} ist {len(zeilen)}-mal erfasst;"
            f" lassen Sie {_BLATT}, eine Zeile stehen (Ziff. 4.3.2)."
        )
    return zeilen[0] if zeilen else None


def _mit_nr(gebiet: Gebiet, *bfs: int) -> str:
    return ", ".join(f"{gebiet.name(nr)} (BFS-Nr. {nr})" if gebiet.gemeinde(nr) else gebiet.name(nr) for nr in bfs)


def _fehlt(gebiet: Gebiet, bfs: int, fehlende: Iterable[int], tag: date) -> BestandFehlt:
    wer = _mit_nr(gebiet, bfs)
    if tuple(fehlende) == (bfs,):
        return BestandFehlt(
            f"Der Ausländerbestand von {wer} per {datum(tag)} fehlt;"
            f" erfassen Sie ihn mit Quelle {_BLATT} (Ziff. 4.3.2)."
        )
    return BestandFehlt(
        f"Für {wer} fehlt per {datum(tag)} der Ausländerbestand von {_mit_nr(gebiet, *fehlende)};"
        f" erfassen Sie ihn {_BLATT}, oder statt aller Zeilen der früheren Gemeinden"
        f" eine Zeile von {gebiet.name(bfs)} mit Quelle «{GEBIETSSTAND_NEU}» (Ziff. 4.3.2)."
    )


def _doppelt(gebiet: Gebiet, bfs: int, fruehere: Iterable[int], tag: date) -> BestandUnklar:
    return BestandUnklar(
        f"Der Ausländerbestand von {_mit_nr(gebiet, bfs)} per {datum(tag)} ist doppelt erfasst, für die"
        f" Gemeinde im neuen Gebietsstand und für {_mit_nr(gebiet, *fruehere)}; löschen Sie {_BLATT},"
        " das eine oder das andere (Ziff. 4.3.2)."
    )


def _nicht_bestehend(gebiet: Gebiet, bfs: int, beginn: date) -> BestandUnklar:
    neu = gebiet.nachfolgerin(bfs, beginn)
    wohin = "" if neu == bfs else f"; ihr Ausländerbestand zählt bei {_mit_nr(gebiet, neu)}"
    return BestandUnklar(f"{_mit_nr(gebiet, bfs)} besteht am {datum(beginn)} nicht{wohin}.")


def auslaender(bestand: Sequence[BestandZeile], gebiet: Gebiet, bfs: int, jahr: int) -> Bestand:
    """Return the residents of `stichtag(jahr)` in the territory of 01.01.`jahr` (docs/entscheide/20).

    A municipality counts its own row and those of all that have merged into it since the
    Stichtag. Its own row with Quelle «Gebietsstand neu» stands for the whole instead.

    Raises:
        BestandFehlt: a row is missing.
        BestandUnklar: rows count people twice, or the municipality does not exist on 01.01.
    """
    tag, beginn = stichtag(jahr), date(jahr, 1, 1)
    if not gebiet.besteht(bfs, beginn, beginn):
        raise _nicht_bestehend(gebiet, bfs, beginn)
    eigene = _zeile_von(bestand, gebiet, bfs, tag)
    fruehere = {nr: _zeile_von(bestand, gebiet, nr, tag) for nr in gebiet.vorgaengerinnen(bfs, tag, beginn)}
    erfasst = [nr for nr, zeile in fruehere.items() if zeile is not None]
    neu = eigene is not None and GEBIETSSTAND_NEU.casefold() in eigene.quelle.casefold()
    damals = gebiet.besteht(bfs, tag, tag)
    if erfasst and eigene is not None and (neu or not damals):
        raise _doppelt(gebiet, bfs, erfasst, tag)
    gefragt = {bfs: eigene} if damals or neu or not fruehere else {}
    if not neu:
        gefragt |= fruehere
    if fehlende := [nr for nr, zeile in gefragt.items() if zeile is None]:
        raise _fehlt(gebiet, bfs, fehlende, tag)
    zeilen = tuple(zeile for zeile in gefragt.values() if zeile is not None)
    return Bestand(sum(zeile.anzahl for zeile in zeilen), zeilen)
