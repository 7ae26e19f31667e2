"""The journal of a run in the shape that an accounting program loads, told by a TOML file (docs/entscheide/76)."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from pkgutil import get_data
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from krs.ablage.csvdatei import als_text, csv_lesen
from krs.ablage.laufdateien import JOURNAL
from krs.ablage.ordner import AblageFehler, lies

MITGELIEFERT = ("banana", "generisch")
_FELD = re.compile(r"\{([^{}]*)\}")


class Spalte(BaseModel):
    """One column: `wert` is text with names of columns of journal.csv in braces, cut to `laenge`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    titel: str = ""
    wert: str
    laenge: Annotated[int, Field(gt=0)] | None = None


class Zuordnung(BaseModel):
    """How a program wants its lines. `hinweis` says what was not tried; `datum` as Python writes days."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    hinweis: str = ""
    endung: Annotated[str, Field(pattern=r"^[a-z0-9]{1,5}$")] = "csv"
    trenner: Annotated[str, Field(min_length=1, max_length=1, pattern=r'^[^"\r\n]$')] = ";"
    kopf: bool = True
    datum: Annotated[str, Field(pattern=r"^(%[dmYy]|[-./ ])+$")] = "%Y-%m-%d"
    dezimal: Literal[".", ","] = "."
    zeichensatz: Literal["utf-8", "utf-8-sig", "cp1252"] = "utf-8-sig"
    spalte: Annotated[tuple[Spalte, ...], Field(min_length=1)]


def zuordnung(name: str) -> tuple[str, Zuordnung]:
    """Return a mapping that comes with krs, or that of a `.toml` file, and what its files are called by.

    Raises: AblageFehler: there is none, or it says something that no mapping knows (German sentence).
    """
    if name.endswith(".toml"):
        daten, kurz = lies(Path(name)), re.sub(r"[^A-Za-z0-9_-]+", "_", Path(name).stem)
    elif name in MITGELIEFERT:
        daten, kurz = get_data("krs.ablage", f"zuordnungen/{name}.toml") or b"", name
    else:
        bekannt = " und ".join(f"«{m}»" for m in MITGELIEFERT)
        raise AblageFehler(f"«{name}» ist keine Zuordnung. Es gibt {bekannt}, oder nennen Sie eine eigene .toml-Datei.")
    try:
        z = Zuordnung.model_validate(tomllib.loads(daten.decode()))
    except ValidationError as fehler:
        wo = ", ".join(sorted({".".join(map(str, f["loc"])) for f in fehler.errors()}))
        raise AblageFehler(f"Die Zuordnung «{name}» ist so nicht brauchbar; prüfen Sie: {wo}.") from fehler
    except ValueError as fehler:
        raise AblageFehler(f"Die Zuordnung «{name}» ist keine lesbare TOML-Datei.") from fehler
    fremd = sorted({f for s in z.spalte for f in _FELD.findall(s.wert)} - set(JOURNAL))
    if fremd:
        raise AblageFehler(f"Die Zuordnung «{name}» nennt Spalten, die journal.csv nicht hat: {', '.join(fremd)}.")
    return kurz, z


def zugeordnet(journal: bytes, z: Zuordnung) -> bytes:
    """Return the journal as the mapping tells. Raises: ValueError: no journal; AblageFehler: a sign is not writable."""
    puffer = StringIO()
    schreiber = csv.writer(puffer, delimiter=z.trenner, lineterminator="\r\n")
    if z.kopf:
        schreiber.writerow([s.titel for s in z.spalte])
    for zeile in csv_lesen(journal, JOURNAL):
        werte = zeile | {
            "Datum": date.fromisoformat(zeile["Datum"]).strftime(z.datum),
            "Betrag": zeile["Betrag"].replace(".", z.dezimal),
        }
        schreiber.writerow([als_text(_wert(s, werte)) for s in z.spalte])
    try:
        return puffer.getvalue().encode(z.zeichensatz)
    except UnicodeEncodeError as fehler:
        zeichen = fehler.object[fehler.start : fehler.end]
        raise AblageFehler(f"«{zeichen}» lässt sich in {z.zeichensatz} nicht schreiben; nehmen Sie utf-8.") from fehler


def _wert(s: Spalte, werte: Mapping[str, str]) -> str:
    return _FELD.sub(lambda m: werte[m[1]], s.wert)[: s.laenge]
