"""Raw arguments → typed values, ranges through pydantic; what does not fit is one German sentence (Eingabefehler)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, FailFast, Field, TypeAdapter, ValidationError

from krs.excel.anfrage import Eingabefehler
from krs.excel.katalog import Argument, Funktion
from krs.excel.rohzelle import Reihen, Umfang, einzige, masse, zeilen, zelle
from krs.formulare.arten import ARTEN, HOECHSTE_ANZAHL
from krs.formulare.befund import mehrzahl
from krs.formulare.typen import lesbar
from krs.recht import tausender

HOECHSTE_ZEILEN = 20_000  # of KRS_BEITRAEGE: all municipalities for more than ninety years
HOECHSTE_ANGABEN = 1_000  # of KRS_PRUEFEN: a form has about 60


_NULL = "erfassen Sie 0, wenn es keine gab"
_LEER = {"anzahl": _NULL, "franken": "erfassen Sie 0, wenn nichts offen ist"}


def _anzahl(roh: object) -> int | None:
    """Read one count that is no plain int: a float of COM, a text; None for nothing. Raises: ValueError."""
    if roh is None or roh == "":
        return None
    if type(roh) is float and roh.is_integer() and 0 <= roh <= HOECHSTE_ANZAHL:
        return int(roh)
    z = zelle(roh)
    return None if z.leer else int(ARTEN["anzahl"].aus(z))


# A plain int is judged inside pydantic; only what is not goes through Python, so that ten thousand rows stay quick.
_Anzahl = Annotated[
    Annotated[int, Field(strict=True, ge=0, le=HOECHSTE_ANZAHL)] | Annotated[Any, BeforeValidator(_anzahl)],
    Field(union_mode="left_to_right"),
]
_Zelle = Annotated[Any, BeforeValidator(zelle)]


@dataclass(frozen=True, slots=True)
class _Tabelle:
    """How one kind of range is read: its columns, its longest size, its rows."""

    spalten: tuple[str, ...]
    hoechstens: int
    muster: TypeAdapter[list[tuple[Any, ...]]]
    fertig: Callable[[list[tuple[Any, ...]]], list[Any]]


def _ganze_zeilen(gelesen: list[tuple[Any, ...]]) -> list[tuple[int, ...] | None]:
    """Return rows of counts, None for an empty one. Raises: ValueError: only some cells of a row are empty."""
    ergebnis: list[tuple[int, ...] | None] = []
    for zeile in gelesen:
        if None not in zeile:
            ergebnis.append(zeile)
        elif any(anzahl is not None for anzahl in zeile):
            ort = _ort(_TABELLEN["anzahlen"], len(ergebnis), zeile.index(None))
            raise ValueError(f"{ort}: Die Zelle ist leer; {_NULL}.")
        else:
            ergebnis.append(None)
    return ergebnis


_TABELLEN: Mapping[str, _Tabelle] = {
    "anzahlen": _Tabelle(
        ("erst", "erst_dolmetsch", "integ", "integ_dolmetsch"), HOECHSTE_ZEILEN,
        TypeAdapter(Annotated[list[tuple[_Anzahl, _Anzahl, _Anzahl, _Anzahl]], FailFast()]), _ganze_zeilen,
    ),
    "angaben": _Tabelle(
        ("Feld", "Wert"), HOECHSTE_ANGABEN, TypeAdapter(Annotated[list[tuple[_Zelle, _Zelle]], FailFast()]),
        lambda gelesen: [(lesbar(schluessel), wert) for schluessel, wert in gelesen],
    ),
}  # fmt: skip
BEREICHE = frozenset(_TABELLEN)


def _ort(tabelle: _Tabelle, zeile: int, spalte: int) -> str:
    return f"Zeile {tausender(zeile + 1)}, Spalte {spalte + 1} ({tabelle.spalten[spalte]})"


def _bereich(tabelle: _Tabelle, roh: object) -> list[Any]:
    """Return the rows of a range, its size judged before anything else. Raises: ValueError."""
    reihen = zeilen(roh)
    hoch, breit = masse(reihen)
    if hoch > tabelle.hoechstens:
        grenze = tausender(tabelle.hoechstens)
        raise ValueError(f"Der Bereich hat {tausender(hoch)} Zeilen; markieren Sie höchstens {grenze}.")
    if isinstance(reihen, Umfang) or not _rechteckig(reihen, len(tabelle.spalten)):
        ist = "1 Spalte" if breit == 1 else f"{tausender(breit)} Spalten"
        soll = f"{len(tabelle.spalten)} Spalten"
        raise ValueError(f"Der Bereich hat {ist}; markieren Sie {soll} ({', '.join(tabelle.spalten)}).")
    try:
        return tabelle.fertig(tabelle.muster.validate_python(reihen))
    except ValidationError as fehler:
        alle = fehler.errors(include_url=False, include_input=False)
        erster = next(e for e in alle if "error" in e.get("ctx", {}))  # the others are pydantic's own, in English
        zeile, spalte = erster["loc"][:2]
        raise ValueError(f"{_ort(tabelle, int(zeile), int(spalte))}: {erster['ctx']['error']}") from fehler


def _rechteckig(reihen: Reihen, breit: int) -> bool:
    return set(map(type, reihen)) <= {list, tuple} and set(map(len, reihen)) == {breit}


def _wert(argument: Argument, roh: object) -> Any:
    if argument.art in _TABELLEN:
        return _bereich(_TABELLEN[argument.art], roh)
    z = einzige(roh)
    if z is None:
        hoch, breit = masse(zeilen(roh))
        raise ValueError(f"Der Bereich hat {tausender(hoch)} × {tausender(breit)} Zellen; wählen Sie eine einzige.")
    if z.leer:
        raise ValueError(f"Die Zelle ist leer; {_LEER.get(argument.art, 'erfassen Sie einen Wert')}.")
    return ARTEN[argument.art].aus(z)


def lies(funktion: Funktion, argumente: Sequence[object]) -> list[Any]:
    """Return the typed arguments of a function; an optional one that is empty is left out with all after it.

    Raises: Eingabefehler: too few or too many arguments, or the first one that does not fit.
    """
    if len(argumente) > len(funktion.argumente) or len(argumente) < funktion.noetig:
        anzahl = mehrzahl(len(argumente), "Argument", "Argumente")
        raise Eingabefehler(f"{funktion.excel} hat {anzahl} erhalten; schreiben Sie {funktion.aufruf}.")
    werte = []
    for argument, roh in zip(funktion.argumente, argumente, strict=False):
        z = einzige(roh)
        if argument.freiwillig and z is not None and z.leer:
            break
        try:
            werte.append(_wert(argument, roh))
        except ValueError as fehler:
            raise Eingabefehler(f"Argument «{argument.name}»: {fehler}") from fehler
    return werte
