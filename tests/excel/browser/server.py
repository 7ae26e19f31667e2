"""A server of its own for the tests: `krs serve` as a process on a free port of the loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from krs.ablage.ordner import Ablage

SEKUNDEN = 60


@dataclass
class Server:
    """A running `krs serve` on a free port of the loopback."""

    url: str
    prozess: subprocess.Popen[bytes]
    protokoll: Path

    def stoppen(self) -> None:
        """End the process and wait for it."""
        self.prozess.terminate()
        try:
            self.prozess.wait(10)
        except subprocess.TimeoutExpired:
            self.prozess.kill()
            self.prozess.wait()


@dataclass
class Amt:
    """A server with a working folder of three forms, and the tokens of the two people who may use it."""

    server: Server
    ablage: Ablage
    tokens: Path
    anna: str
    beat: str


def freier_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def starten(ordner: Path, port: int | None = None, **einstellungen: object) -> Server:
    """Start `krs serve` and wait until it answers; settings by their names in `Einstellungen`."""
    port = port or freier_port()
    umgebung = {k: v for k, v in os.environ.items() if not k.startswith(("KRS_", "XLWINGS_"))}
    umgebung |= {f"KRS_{k.upper()}": str(v) for k, v in einstellungen.items()}
    befehl = [sys.executable, "-m", "krs", "serve", "--port", str(port)]
    protokoll = ordner / f"server-{port}.log"
    with protokoll.open("wb") as log:
        prozess = subprocess.Popen(befehl, env=umgebung, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    server = Server(f"http://127.0.0.1:{port}", prozess, protokoll)
    ende = time.monotonic() + SEKUNDEN
    while time.monotonic() < ende and prozess.poll() is None:
        if _bereit(server.url):
            return server
        time.sleep(0.05)
    server.stoppen()
    raise AssertionError(f"Der Server startet nicht:\n{protokoll.read_text('utf-8', 'replace')}")


def _bereit(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/bereit", timeout=2) as antwort:
            return bool(antwort.status == 200)
    except (urllib.error.URLError, OSError):
        return False
