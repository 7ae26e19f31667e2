"""The same file is read once: what krs reads anew with each command costs an office seconds, and us an hour."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from krs.ablauf import gemeinsam
from krs.mappen import stammdaten as mappe
from krs.mappen.lesen import tabellen as lesende
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.stammdaten import stammdaten


@contextmanager
def merkend() -> Iterator[None]:
    """Remember forms and Stammdaten by their bytes; reading is pure."""
    stellen = (
        (gemeinsam, "lesen_sicher"), (mappe, "lies_tabellen"), (lesende, "lies_tabellen"),
        (stammdaten, "lies_stammdaten"),
    )  # fmt: skip
    alte = [getattr(modul, name) for modul, name in stellen]
    lesen, tabellen, _, zeilen = alte
    gemerkt: dict[int, Any] = {}

    def lies_stammdaten(gelesene: Any) -> Any:
        if id(gelesene) not in gemerkt:
            gemerkt[id(gelesene)] = gelesene, zeilen(gelesene)  # kept, so that its id stays its own
        return gemerkt[id(gelesene)][1]

    tabellen = _gemerkt(tabellen)
    neue = (_gemerkt(lesen), tabellen, tabellen, lies_stammdaten)
    try:
        for (modul, name), neu in zip(stellen, neue, strict=True):
            setattr(modul, name, neu)
        yield
    finally:
        for (modul, name), alt in zip(stellen, alte, strict=True):
            setattr(modul, name, alt)


def _gemerkt(lies: Callable[[bytes, str], Any]) -> Callable[..., Any]:
    """Return a reader that remembers by bytes and name, refusals too."""
    bekannt: dict[tuple[bytes, str], Any] = {}

    def lies_einmal(daten: bytes, datei: str = "") -> Any:
        schluessel = hashlib.sha256(daten).digest(), datei
        if schluessel not in bekannt:
            try:
                bekannt[schluessel] = lies(daten, datei)
            except Abgewiesen as fehler:
                bekannt[schluessel] = fehler
        ergebnis = bekannt[schluessel]
        if isinstance(ergebnis, Abgewiesen):
            raise ergebnis
        return ergebnis

    return lies_einmal
