"""The other end of arbeiter.py: start the worker on the system's Python and talk to it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ARBEITER = Path(__file__).with_name("arbeiter.py")
_KANDIDATEN = ("/usr/bin/python3", sys.executable, "python3")


def python_mit_uno() -> str:
    """Return a Python that imports uno, «» if there is none or no soffice."""
    if shutil.which("soffice") is None:
        return ""
    for python in _KANDIDATEN:
        try:
            if (
                subprocess.run([python, "-c", "import uno"], capture_output=True, check=False, timeout=600).returncode
                == 0
            ):
                return python
        except OSError:
            continue
    return ""


class Buero:
    """LibreOffice in another process; every method of arbeiter.py's Buero can be called."""

    def __init__(self, profil: Path) -> None:
        umgebung = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COVERAGE", "COV_"))}
        self._prozess = subprocess.Popen(
            [python_mit_uno(), str(ARBEITER), str(profil)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=umgebung,
        )  # fmt: skip

    def __call__(self, befehl: str, *werte: Any) -> Any:
        """Send one command and return its answer. Raises: RuntimeError: LibreOffice refused it."""
        assert self._prozess.stdin is not None
        assert self._prozess.stdout is not None
        self._prozess.stdin.write(json.dumps([befehl, *werte]) + "\n")
        self._prozess.stdin.flush()
        zeile = self._prozess.stdout.readline()
        if not zeile:
            raise RuntimeError("LibreOffice ist nicht mehr da")
        antwort = json.loads(zeile)
        if "fehler" in antwort:
            raise RuntimeError(antwort["fehler"])
        return antwort["ok"]

    def __enter__(self) -> Buero:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._prozess.stdin is not None
        assert self._prozess.stdout is not None
        self._prozess.stdin.close()
        try:
            self._prozess.wait(60)
        except subprocess.TimeoutExpired:
            self._prozess.kill()
        self._prozess.stdout.close()
