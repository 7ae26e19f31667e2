"""Read any file, however hostile, without harm to the run: what may be heavy is read in a process of its own."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from krs.formulare.eingabe import Eingabe
from krs.mappen.lesen.abgewiesen import Abgewiesen, ordentlich
from krs.mappen.lesen.behaelter import Behaelter
from krs.mappen.lesen.formular import aus_behaelter


def lesen_sicher(daten: bytes, datei: str) -> Eingabe:
    """Return the form that a municipality filled in; the outcome is the same as that of `lesen`.

    A good form is read here, with pictures in it too. A file that unpacks to more than a form ever does is read in a
    process of its own, with 5 seconds of CPU and, on Linux, 300 MB; elsewhere the gate alone bounds the memory.

    Args:
        daten: the file.
        datei: its name, for messages.
    Raises: Abgewiesen: as `lesen`; E-10: takes too much time or memory; E-04: reading broke off or stood still.
    """
    behaelter = ordentlich(lambda: Behaelter(daten, datei))  # what the gate refuses needs no process
    if behaelter.schwer:
        from krs.mappen.lesen.leseprozess import lesen_lassen  # noqa: PLC0415 most runs meet no such file

        with suppress(ChildProcessError):  # this computer starts no process for us: then the gate is the limit
            return replace(lesen_lassen(daten), datei=datei)
    return ordentlich(lambda: aus_behaelter(behaelter, datei))


__all__ = ["Abgewiesen", "lesen_sicher"]
