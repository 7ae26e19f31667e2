"""When something of ours breaks on a desktop: a note of where, without any content, and the sentence that says so."""

from __future__ import annotations

import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from krs import __version__

LOG = "krs_fehler.log"
LOG_BYTES = 1_000_000
UNERWARTET = "Im Programm ist ein unerwarteter Fehler aufgetreten. Melden Sie ihn mit diesem Satz der Informatik."


def satz(fehler: Exception, was: str = UNERWARTET) -> str:
    """Note where it broke; return the sentence for the person, with the place of the note."""
    log = _notiert(fehler)
    return f"{was} Einzelheiten stehen in «{log}»." if log else was


def _notiert(fehler: Exception) -> Path | None:
    """Append the places in the program to the log in the temporary folder, never the values that were at hand."""
    datei = Path(tempfile.gettempdir()) / LOG
    stellen = (f"  {s.filename}:{s.lineno} {s.name}\n" for s in traceback.extract_tb(fehler.__traceback__))
    kopf = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} krs {__version__} {type(fehler).__name__}\n"
    try:
        modus = "w" if datei.exists() and datei.stat().st_size > LOG_BYTES else "a"
        with datei.open(modus, encoding="utf-8") as offen:
            offen.writelines((kopf, *stellen))
    except OSError:
        return None
    return datei
