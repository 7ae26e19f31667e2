"""A process that reads workbooks for us, one after the other: it may hang, swell or die, we do not."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock, Timer
from typing import IO

from krs.formulare.eingabe import Eingabe
from krs.mappen.lesen.abgewiesen import ABBRUCH, SPEICHER, Abgewiesen, ordentlich
from krs.mappen.lesen.formular import lesen
from krs.mappen.lesen.lesedienst import BEREIT, auspacken, empfange, sende

HOECHSTE_DAUER = 5.0  # seconds for one file
_ABSCHIED = 1.0  # seconds
_ANLAUF = 60.0  # seconds until the process is ready, on a slow disk
# -P: a folder with hostile files may be the current one, nothing is imported from there.
_BEFEHL = (sys.executable, "-P", "-m", "krs.mappen.lesen.lesedienst")


class _Abgebrochen(Exception):
    """The process ended before it answered, or answered what it cannot mean."""


class _NichtGestartet(Exception):
    """This computer starts no process for us."""


class Leseprozess:
    """Starts the process when it is first needed and a new one after each mishap."""

    def __init__(self, befehl: Sequence[str] = _BEFEHL, sekunden: float = HOECHSTE_DAUER) -> None:
        self._befehl, self._sekunden, self._schloss, self._startet = tuple(befehl), sekunden, Lock(), True
        self._prozess: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The running process, if any."""
        return self._prozess.pid if self._prozess else None

    def lesen(self, daten: bytes, datei: str) -> Eingabe:
        """Return what `lesen` returns. Raises: Abgewiesen: what `lesen` raises, and E-04, E-10."""
        with self._schloss:
            for _ in range(2):  # twice: the first one may have been ended by somebody else
                try:
                    return self._frage(daten, datei)
                except _NichtGestartet:
                    return ordentlich(lambda: lesen(daten, datei))  # then the gate is the limit
                except _Abgebrochen:
                    continue
        raise Abgewiesen("E-04", grund=ABBRUCH)

    def beenden(self) -> None:
        """End the process, if any: it ends by itself when nothing more can come, unless it hangs."""
        prozess, self._prozess = self._prozess, None
        if prozess is not None and prozess.stdin and prozess.stdout:
            with suppress(OSError):  # what was not sent
                prozess.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                prozess.wait(_ABSCHIED)
            prozess.kill()
            prozess.wait()
            prozess.stdout.close()

    def _frage(self, daten: bytes, datei: str) -> Eingabe:
        ein, aus = self._stroeme()
        antwort, zu_spaet = self._innert(self._sekunden, lambda: _gesendet(ein, aus, daten, datei))
        if antwort is None and zu_spaet:
            raise Abgewiesen("E-10", grund=f"das Lesen dauert länger als {self._sekunden:g} Sekunden")
        try:
            gelesen = auspacken(antwort or b"")
        except (pickle.UnpicklingError, ArithmeticError, AttributeError, EOFError, LookupError, TypeError, ValueError):
            self.beenden()
            raise _Abgebrochen from None
        if isinstance(gelesen, Eingabe):
            return gelesen
        if gelesen.werte.get("grund") == SPEICHER:
            self.beenden()  # who knows what is left of it
        raise gelesen

    def _stroeme(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._prozess is None or self._prozess.poll() is not None:
            self.beenden()
            self._starten()
        if self._prozess is None or self._prozess.stdin is None or self._prozess.stdout is None:
            raise _NichtGestartet
        return self._prozess.stdin, self._prozess.stdout

    def _starten(self) -> None:
        """Start the process and wait until it is ready; where that fails once, it is not tried again."""
        if not self._startet:
            return
        fenster = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows none opens
        pipe, nichts = subprocess.PIPE, subprocess.DEVNULL
        with suppress(OSError):
            self._prozess = subprocess.Popen(
                self._befehl, stdin=pipe, stdout=pipe, stderr=nichts, creationflags=fenster
            )
            aus = self._prozess.stdout
            if aus and self._innert(_ANLAUF, lambda: empfange(aus))[0] == BEREIT:
                return
        self.beenden()
        self._startet = False

    def _innert(self, sekunden: float, tun: Callable[[], bytes | None]) -> tuple[bytes | None, bool]:
        """Return the answer, None if the process ended, and whether it was ended for being late."""
        zu_spaet = []

        def klingeln() -> None:
            zu_spaet.append(True)
            if self._prozess:
                self._prozess.kill()

        wecker = Timer(sekunden, klingeln)
        wecker.daemon = True
        wecker.start()
        antwort = None
        try:
            with suppress(OSError):  # the pipe is broken
                antwort = tun()
        finally:
            wecker.cancel()
            wecker.join()
            if antwort is None or zu_spaet:  # also if the user pressed Ctrl-C: the next answer is for this question
                self.beenden()
        return antwort, bool(zu_spaet)


def _gesendet(ein: IO[bytes], aus: IO[bytes], daten: bytes, datei: str) -> bytes | None:
    sende(ein, datei.encode("utf-8", "surrogatepass"))
    sende(ein, daten)
    return empfange(aus)
