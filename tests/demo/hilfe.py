"""The demo, built once per process: its Master is the richest one there is."""

from __future__ import annotations

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from krs.ablauf import Konsolidiert
from krs.demo import vorfuehren


@cache
def demo() -> tuple[Path, Konsolidiert]:
    """Return the folder of the demo and what the last consolidation said; do not change the folder."""
    ordner = Path(mkdtemp(prefix="krs-demo-"))
    atexit.register(shutil.rmtree, ordner, ignore_errors=True)
    return ordner / "Demo", vorfuehren(ordner / "Demo").konsolidiert
