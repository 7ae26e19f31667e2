"""How long reading one filled form takes, against the floor: unzip its parts and pass a regex over the sheet once."""

from __future__ import annotations

import re
import statistics
import time
import zipfile
from collections.abc import Callable
from importlib.resources import files
from io import BytesIO

from tests.eingaben.bauen import BLATT, WERTE, gefuellt, geteilte_texte

from krs.mappen.lesen.formular import lesen

HOECHSTENS = 4  # times the floor
RUNDEN, LAEUFE = 40, 5
_ZELLE = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)


def messen() -> list[str]:
    """Return one line per kind of form: the whole contract (values, cells, formulas, checks) against the floor."""
    zeilen = []
    for was, formulare in _formulare().items():
        gelesen, boden = abwechselnd(lambda alle=formulare: _alle(alle), lambda alle=formulare: _boden(alle), runden=15)
        faktor, anzahl = gelesen / boden, len(formulare)
        zeilen.append(
            f"lesen {was}: {gelesen / anzahl * 1e3:.2f} ms CPU, Boden {boden / anzahl * 1e3:.2f} ms,"
            f" Verhältnis {faktor:.1f} (höchstens {HOECHSTENS}: {'ja' if faktor <= HOECHSTENS else 'NEIN'})"
        )
    return zeilen


def _formulare() -> dict[str, list[bytes]]:
    """Return forms that differ from each other, as those of a day do: what is remembered of one may not read it."""
    je = {k: [geteilte_texte(gefuellt(k, kontakt_name=f"Anna Muster {n}")) for n in range(20)] for k in WERTE}
    ordner = files("krs.demo") / "libreoffice"
    return je | {"LibreOffice": [f.read_bytes() for f in ordner.iterdir() if f.name.endswith(".xlsx")]}


def _alle(formulare: list[bytes]) -> None:
    for daten in formulare:
        lesen(daten, "x.xlsx")


def abwechselnd(*wege: Callable[[], object], runden: int = RUNDEN) -> list[float]:
    """Return the median time of each way, in CPU seconds; they take turns, so that a busy machine harms all alike."""
    zeiten: list[list[float]] = [[] for _ in wege]
    for _ in range(runden):
        for weg, liste in zip(wege, zeiten, strict=True):
            beginn = time.process_time()
            for _ in range(LAEUFE):
                weg()
            liste.append((time.process_time() - beginn) / LAEUFE)
    return [statistics.median(liste) for liste in zeiten]


def _boden(formulare: list[bytes]) -> None:
    """Unzip the workbooks and pass one regex over the first sheet of each."""
    for daten in formulare:
        with zipfile.ZipFile(BytesIO(daten)) as zip_:
            inhalt = {name: zip_.read(name) for name in zip_.namelist()}
        _ZELLE.findall(inhalt[BLATT])
