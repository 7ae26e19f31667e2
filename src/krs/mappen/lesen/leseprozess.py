"""A process that reads one workbook for us: `python -m krs.mappen.lesen.leseprozess`. It may spin, swell or die.

What it computes counts, not how long it takes: on a busy machine the same file has the same outcome (entwurf 9).
"""

from __future__ import annotations

import faulthandler
import io
import math
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from krs.formulare.eingabe import Eingabe, Kennung, Merkmal, Zelle
from krs.mappen.lesen.abgewiesen import ABBRUCH, Abgewiesen, ordentlich
from krs.mappen.lesen.formular import lesen

RECHENZEIT = 5  # seconds of CPU for one file; the worst that passes the gate takes about one
WANDZEIT = 120  # seconds after which it hangs
_NACHFRIST = 10  # seconds more, then it ends by itself: whoever asked is gone
_HOECHSTER_SPEICHER = 300_000_000  # bytes for one file, on Linux
_BEREIT = b"krs"  # begins what it says
_ZU_LANGE = 75  # its exit code where no signal ends it
# -P: a folder with hostile files may be the current one, nothing is imported from there.
_BEFEHL = (sys.executable, "-P", "-m", "krs.mappen.lesen.leseprozess")
_EINER = Lock()  # at a time, whoever asks: their memory adds up
_KEINE_ANTWORT = (pickle.UnpicklingError, ArithmeticError, AttributeError, LookupError, EOFError, TypeError, ValueError)
_ERLAUBT = {(k.__module__, k.__qualname__): k for k in (Decimal, date, Eingabe, Kennung, Merkmal, Zelle)}


def lesen_lassen(daten: bytes, befehl: Sequence[str] = _BEFEHL) -> Eingabe:
    """Return what `lesen` returns, without the name of the file.

    Raises: Abgewiesen: as `lesen`, and E-04, E-10; ChildProcessError: there is no process to read it.
    """
    for _ in range(2):  # twice: somebody may have ended the first one
        with _EINER:
            lauf = _frage(daten, befehl)
        if not lauf.stdout.startswith(_BEREIT):
            raise ChildProcessError
        with suppress(*_KEINE_ANTWORT):
            return auspacken(lauf.stdout.removeprefix(_BEREIT))
        if lauf.returncode in (_ZU_LANGE, -getattr(signal, "SIGXCPU", _ZU_LANGE)):
            raise Abgewiesen("E-10", grund=f"das Lesen braucht mehr als {RECHENZEIT} Sekunden Rechenzeit")
    raise Abgewiesen("E-04", grund=ABBRUCH)


def _frage(daten: bytes, befehl: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    fenster = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows none opens
    pipe, nichts = subprocess.PIPE, subprocess.DEVNULL
    try:
        return subprocess.run(
            befehl, input=daten, stdout=pipe, stderr=nichts, timeout=WANDZEIT, check=False, creationflags=fenster
        )
    except subprocess.TimeoutExpired as fehler:
        raise Abgewiesen("E-04", grund=f"das Lesen war nach {WANDZEIT} Sekunden nicht zu Ende") from fehler
    except OSError as fehler:
        raise ChildProcessError from fehler


class _Auspacker(pickle.Unpickler):
    """Takes what an Eingabe consists of, and nothing else: who answers has read hostile bytes."""

    def find_class(self, module: str, name: str) -> Any:
        """Return one of the classes allowed. Raises: pickle.UnpicklingError."""
        if (module, name) not in _ERLAUBT:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return _ERLAUBT[module, name]


def auspacken(antwort: bytes) -> Eingabe:
    """Return what was read. Raises: Abgewiesen: what the process raised; pickle.UnpicklingError and others: neither."""
    match _Auspacker(io.BytesIO(antwort)).load():
        case Eingabe() as gelesen:
            return gelesen
        case str(code), dict(werte):
            abgewiesen = Abgewiesen(code, **{str(k): str(v) for k, v in werte.items()})
            abgewiesen.befund("")  # the catalogue knows it
            raise abgewiesen
    raise pickle.UnpicklingError


# --- in the other process ------------------------------------------------------------------
def bedienen(
    lies: Callable[[bytes, str], Eingabe] = lesen, rechenzeit: int = RECHENZEIT, wandzeit: float = WANDZEIT + _NACHFRIST
) -> None:
    """Read the workbook that comes in and say what became of it."""
    _begrenzen(rechenzeit)
    faulthandler.dump_traceback_later(wandzeit, exit=True)  # to nowhere
    aus, sys.stdout = sys.stdout.buffer, sys.stderr  # the pipe is for the answer alone
    aus.write(_BEREIT)
    aus.flush()
    daten = sys.stdin.buffer.read()
    try:
        antwort = ordentlich(lambda: pickle.dumps(lies(daten, ""), 5))
    except Abgewiesen as fehler:
        antwort = pickle.dumps((fehler.code, fehler.werte), 5)
    aus.write(antwort)
    aus.flush()


def _begrenzen(rechenzeit: int) -> None:
    """Allow this process so much and no more."""
    bis = math.ceil(time.process_time()) + rechenzeit
    try:
        import resource  # noqa: PLC0415 not on Windows
    except ImportError:
        Thread(target=_enden, args=(bis,), daemon=True).start()
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # nobody finds what it read
    resource.setrlimit(resource.RLIMIT_CPU, (bis, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    if sys.platform == "linux":
        belegt = int(Path("/proc/self/statm").read_text("ascii").split()[5]) * resource.getpagesize()
        _, hart = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (belegt + _HOECHSTER_SPEICHER, hart))


def _enden(bis: float) -> None:
    """End the process by its CPU time where the system does not; while C code computes, only WANDZEIT does."""
    while time.process_time() < bis:
        time.sleep(0.1)
    os._exit(_ZU_LANGE)


if __name__ == "__main__":
    bedienen()
