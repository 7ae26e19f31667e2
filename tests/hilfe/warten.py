"""Wait for what another process or thread does, however busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

GEDULD = 300.0  # seconds; only a test that fails needs them


def warte(auf: Callable[[], object]) -> None:
    """Return as soon as something has come true."""
    ende = time.monotonic() + GEDULD
    while not auf():
        if time.monotonic() > ende:
            raise AssertionError("Es kam nicht so weit.")
        time.sleep(0.01)
