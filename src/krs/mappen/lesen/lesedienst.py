"""The process that reads workbooks for another one: `python -m krs.mappen.lesen.lesedienst` (see `leseprozess`)."""

from __future__ import annotations

import faulthandler
import io
import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from krs.formulare import eingabe
from krs.formulare.eingabe import Eingabe
from krs.mappen.lesen.abgewiesen import Abgewiesen, ordentlich
from krs.mappen.lesen.formular import lesen

HOECHSTER_SPEICHER = 300_000_000  # bytes for one file, on Linux
BEREIT = b"krs"
_NACHFRIST = 30.0  # seconds after which it ends by itself: whoever asked is gone
_ERLAUBT = {(k.__module__, k.__qualname__): k for k in (Decimal, date)} | {
    (k.__module__, k.__qualname__): k for k in vars(eingabe).values() if isinstance(k, type) and is_dataclass(k)
}


def bedienen(lies: Callable[[bytes, str], Eingabe] = lesen, nachfrist: float = _NACHFRIST) -> None:
    """Answer until there are no more questions.

    Args:
        lies: reads one file.
        nachfrist: seconds for one file, after which the process ends even if nobody is left to end it.
    """
    ein, aus = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # the pipe is for answers alone
    sende(aus, BEREIT)
    with Path(os.devnull).open("w") as nichts:
        while True:
            _begrenzen()
            datei, daten = empfange(ein), empfange(ein)
            if datei is None or daten is None:
                return
            faulthandler.dump_traceback_later(nachfrist, exit=True, file=nichts)
            sende(aus, _antwort(lies, daten, datei.decode("utf-8", "surrogatepass")))
            faulthandler.cancel_dump_traceback_later()


def _antwort(lies: Callable[[bytes, str], Eingabe], daten: bytes, datei: str) -> bytes:
    try:
        return ordentlich(lambda: pickle.dumps(lies(daten, datei), 5))
    except Abgewiesen as fehler:
        return pickle.dumps((fehler.code, fehler.werte), 5)


def _begrenzen() -> None:
    """Allow the next file so much memory and no more; on Linux only."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 not on Windows

        belegt = int(Path("/proc/self/statm").read_text("ascii").split()[5]) * resource.getpagesize()
        _, hart = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (belegt + HOECHSTER_SPEICHER, hart))


# --- the pipe: four bytes of length, then as many bytes --------------------------------------------
def sende(strom: IO[bytes], daten: bytes) -> None:
    """Send one message. Raises: OSError: nobody is there."""
    strom.write(len(daten).to_bytes(4, "big"))
    strom.write(daten)
    strom.flush()


def empfange(strom: IO[bytes]) -> bytes | None:
    """Return the next message; None at the end."""
    kopf = strom.read(4)
    laenge = int.from_bytes(kopf, "big")
    daten = strom.read(laenge) if len(kopf) == 4 and laenge <= HOECHSTER_SPEICHER else b""
    return daten if len(kopf) == 4 and len(daten) == laenge else None


class _Auspacker(pickle.Unpickler):
    """Takes what an Eingabe consists of, and nothing else: who answers has read hostile bytes."""

    def find_class(self, module: str, name: str) -> Any:
        """Return one of the classes allowed. Raises: pickle.UnpicklingError."""
        if (module, name) not in _ERLAUBT:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return _ERLAUBT[module, name]


def auspacken(antwort: bytes) -> Eingabe | Abgewiesen:
    """Return the answer of the process. Raises: pickle.UnpicklingError and others: it is none."""
    match _Auspacker(io.BytesIO(antwort)).load():
        case Eingabe() as gelesen:
            return gelesen
        case str(code), dict(werte):
            abgewiesen = Abgewiesen(code, **{str(k): str(v) for k, v in werte.items()})
            abgewiesen.befund("")  # the catalogue knows it
            return abgewiesen
    raise pickle.UnpicklingError


if __name__ == "__main__":
    bedienen()
