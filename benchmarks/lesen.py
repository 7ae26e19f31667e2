"""How long reading one filled form takes, against the floor: unzip its parts and pass a regex over the sheet once."""

from __future__ import annotations

import re
import statistics
import time
import zipfile
from collections.abc import Callable
from io import BytesIO

from tests.eingaben.bauen import BLATT, ausgefuellt, geteilte_texte

from krs.mappen.lesen.formular import lesen

HOECHSTENS = 4  # times the floor
RUNDEN, LAEUFE = 40, 5
_ZELLE = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)


def messen() -> list[str]:
    """Return one line per form: the whole contract (values, cells, formulas, names, checks) against the floor."""
    zeilen = []
    for kennung in ("anhang2", "anhang3"):
        daten = geteilte_texte(ausgefuellt(kennung))
        gelesen, boden = abwechselnd(lambda d=daten: lesen(d, "x.xlsx"), lambda d=daten: _boden(d))
        faktor = gelesen / boden
        zeilen.append(
            f"lesen {kennung}: {gelesen * 1e3:.2f} ms CPU, Boden {boden * 1e3:.2f} ms,"
            f" Verhältnis {faktor:.1f} (höchstens {HOECHSTENS}: {'ja' if faktor <= HOECHSTENS else 'NEIN'})"
        )
    return zeilen


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


def _boden(daten: bytes) -> object:
    """Unzip the workbook and pass one regex over its sheet."""
    with zipfile.ZipFile(BytesIO(daten)) as zip_:
        inhalt = {name: zip_.read(name) for name in zip_.namelist()}
    return _ZELLE.findall(inhalt[BLATT])
