"""The server's log: one line a request, no contents, no file names, no tokens."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TextIO

_LOG = logging.getLogger("krs.server")
_METHODEN = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})


def einrichten(strom: TextIO | None = None) -> None:
    """Write the log to a stream, by default to that for errors; systemd and Windows services keep it."""
    halter = logging.StreamHandler(strom or sys.stderr)
    halter.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S"))
    _LOG.handlers[:] = [halter]
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False


def zeile(methode: str, muster: str, status: int, millisekunden: float, visum: str) -> None:
    """Note one request; the path is that of our table, never what was typed."""
    m = methode if methode in _METHODEN else "?"
    _LOG.info("%s %s %d %.0fms %s", m, muster, status, millisekunden, einzeilig(visum) or "-")


def unerwartet(kennung: str, fehler: BaseException) -> None:
    """Note a mistake of ours: where it happened and its kind; its text may hold what was sent."""
    orte = traceback.extract_tb(fehler.__traceback__)
    stellen = " < ".join(f"{o.filename.rpartition('/')[2]}:{o.lineno} {o.name}" for o in reversed(orte))
    _LOG.error("Unerwarteter Fehler %s: %s (%s)", kennung, type(fehler).__name__, einzeilig(stellen))


def einzeilig(text: str) -> str:
    """Return a text that cannot pretend to be another line of the log.

    >>> einzeilig("AB\\r\\n2024-01-01 alles gut")
    'AB  2024-01-01 alles gut'
    """
    return "".join(z if z.isprintable() else " " for z in text)[:500]
