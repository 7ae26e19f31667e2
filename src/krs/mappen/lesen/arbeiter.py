"""Read any file, however hostile, without harm to the run: what may be heavy is read in a process of its own."""

from __future__ import annotations

import atexit
from functools import cache
from typing import TYPE_CHECKING

from krs.formulare.eingabe import Eingabe
from krs.mappen.lesen.abgewiesen import Abgewiesen, ordentlich
from krs.mappen.lesen.formular import lesen
from krs.mappen.lesen.schranke import FORMULAR, Schranke, archiv, harmlos

if TYPE_CHECKING:
    from krs.mappen.lesen.leseprozess import Leseprozess


def lesen_sicher(daten: bytes, datei: str) -> Eingabe:
    """Return the form that a municipality filled in; the outcome is the same as that of `lesen`.

    A good form is read here. A file that unpacks to more than a form ever does is read in a process of its own,
    within 5 seconds and, on Linux, 300 MB; elsewhere the gate alone bounds the memory.

    Args:
        daten: the file.
        datei: its name, for messages.
    Raises: Abgewiesen: as `lesen`; E-10: takes too long or too much memory; E-04: reading broke off.
    """
    if harmlos(daten):
        return ordentlich(lambda: lesen(daten, datei))
    archiv(daten, datei, Schranke(FORMULAR)).close()  # what the gate refuses needs no process
    return _leseprozess().lesen(daten, datei)


@cache
def _leseprozess() -> Leseprozess:
    from krs.mappen.lesen.leseprozess import Leseprozess  # noqa: PLC0415 most runs meet no such file

    prozess = Leseprozess()
    atexit.register(prozess.beenden)
    return prozess


__all__ = ["Abgewiesen", "lesen_sicher"]
