"""The server of the add-in against a bare one: round trips of functions, readiness, and many users at once."""

from __future__ import annotations

import http.client
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

HIER = Path(__file__).resolve()
FUNKTION = "/xlwings/custom-functions-call"
KOPF = {"Content-Type": "application/json"}


class Last(NamedTuple):
    """What a load test measured."""

    aufrufe: int
    fehler: int
    p95: float  # seconds
    hoechste: float  # seconds


def _rumpf(name: str, argumente: list[Any]) -> bytes:
    return json.dumps({
        "client": "Office.js", "func_name": name, "args": argumente, "caller_address": "[Mappe1.xlsx]Tabelle1!B2",
        "session_id": "s1", "culture_info_name": "de-CH", "date_format": "TT.MM.JJJJ", "version": "0.37.8",
        "runtime": "1.4",
    }).encode()  # fmt: skip


def faelle() -> dict[str, bytes]:
    """Return the calls that are measured: three scalars, and ranges of 107 × 4 and 10,000 × 4."""

    def bereich(zeilen: int) -> list[list[int]]:
        return [[n % 7, n % 3, n % 5, n % 2] for n in range(zeilen)]

    return {
        "3 Werte": _rumpf("krs_fallpauschale", [[[12]], [["2024-H1"]], [["erst"]]]),
        "107 × 4": _rumpf("krs_beitraege", [bereich(107), [["2024-H1"]]]),
        "10'000 × 4": _rumpf("krs_beitraege", [bereich(10_000), [["2024-H1"]]]),
    }


# --- the bare server: `python benchmarks/server.py PORT` ---------------------------------------------
def _kahl(port: int) -> None:
    """Answer with the arguments that came: Starlette and orjson, nothing else."""

    async def zurueck(anfrage: Request) -> Response:
        daten = orjson.loads(await anfrage.body())
        return Response(orjson.dumps({"result": daten["args"][0]}), media_type="application/json")

    app = Starlette(routes=[Route(FUNKTION, zurueck, methods=["POST"])])
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="error", http="h11", loop="asyncio")


def freier_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def prozess(befehl: Sequence[str], port: int, sekunden: float = 30) -> Iterator[float]:
    """Run a server; yield after how many seconds it answered."""
    beginn = time.perf_counter()
    p = subprocess.Popen(befehl, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _antwortet(port):
            if p.poll() is not None or time.perf_counter() - beginn > sekunden:
                raise SystemExit(f"{' '.join(befehl)} antwortet nicht.")
            time.sleep(0.01)
        yield time.perf_counter() - beginn
    finally:
        p.terminate()
        p.wait()


def _antwortet(port: int) -> bool:
    try:
        verbindung = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        verbindung.request("GET", "/bereit")
        return verbindung.getresponse().status in (200, 404)
    except OSError:
        return False


@contextmanager
def krs_serve(*optionen: str) -> Iterator[tuple[int, float]]:
    """Run `krs serve`; yield its port, and after how many seconds it answered."""
    port = freier_port()
    with prozess([str(Path(sys.executable).with_name("krs")), "serve", "--port", str(port), *optionen], port) as bereit:
        yield port, bereit


# --- figures -----------------------------------------------------------------------------------------
def rundreisen(wiederholungen: int = 60) -> dict[str, tuple[float, float]]:
    """Return for each call the median milliseconds of ours and its ratio to the bare server, measured in turns."""
    kahl = freier_port()
    with krs_serve() as (port, _), prozess([sys.executable, str(HIER), str(kahl)], kahl):
        unsere, andere = (http.client.HTTPConnection("127.0.0.1", p) for p in (port, kahl))
        ergebnis = {}
        for name, rumpf in faelle().items():
            for verbindung in (unsere, andere) * 5:
                _dauer(verbindung, rumpf)
            zeiten = [(_dauer(unsere, rumpf), _dauer(andere, rumpf)) for _ in range(wiederholungen)]
            wir, sie = (statistics.median(spalte) for spalte in zip(*zeiten, strict=True))
            ergebnis[name] = (wir * 1000, wir / sie)
        return ergebnis


def _dauer(verbindung: http.client.HTTPConnection, rumpf: bytes) -> float:
    beginn = time.perf_counter()
    verbindung.request("POST", FUNKTION, rumpf, KOPF)
    antwort = verbindung.getresponse()
    inhalt = antwort.read()
    if antwort.status != 200:
        raise SystemExit(inhalt.decode())
    return time.perf_counter() - beginn


def bereitschaft(wiederholungen: int = 3) -> float:
    """Return the median seconds from `krs serve` to its first answer."""
    zeiten = []
    for _ in range(wiederholungen):
        with krs_serve() as (_, bereit):
            zeiten.append(bereit)
    return statistics.median(zeiten)


def last(benutzer: int = 20, sekunden: float = 60, pause: float = 2) -> Last:
    """Return what many users notice: each calls, waits, calls again; every tenth call is a range of 10,000 × 4."""
    zeiten: list[float] = []
    fehler: list[str] = []
    rufe = list(faelle().values())
    with krs_serve() as (port, _):

        def einer(nummer: int) -> None:
            ende, n = time.monotonic() + sekunden, nummer
            time.sleep(pause * nummer / benutzer)
            while time.monotonic() < ende:
                rumpf = rufe[2] if n % 10 == 0 else rufe[n % 2]
                n += 1
                try:
                    zeiten.append(_dauer(http.client.HTTPConnection("127.0.0.1", port, timeout=30), rumpf))
                except (OSError, http.client.HTTPException, SystemExit) as grund:
                    fehler.append(str(grund))
                time.sleep(pause)

        faeden = [threading.Thread(target=einer, args=(n,)) for n in range(benutzer)]
        for faden in faeden:
            faden.start()
        for faden in faeden:
            faden.join()
    geordnet = sorted(zeiten) or [0.0]
    return Last(len(zeiten) + len(fehler), len(fehler), geordnet[int(len(geordnet) * 0.95)], geordnet[-1])


def alle(sekunden: float = 60) -> Iterator[tuple[str, str]]:
    """Yield every figure as text."""
    for name, (ms, mal) in rundreisen().items():
        yield f"Funktion {name}", f"{ms:.2f} ms, {mal:.1f} × Starlette + orjson (Ziel: 6)"
    yield "krs serve bereit", f"{bereitschaft():.2f} s (Ziel: 3)"
    wert = last(sekunden=sekunden)
    text = f"{wert.aufrufe} Aufrufe, {wert.fehler} Fehler, p95 {wert.p95 * 1000:.0f} ms (Ziel: 1'000)"
    yield f"20 Benutzer, {sekunden:.0f} s", text


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _kahl(int(sys.argv[1]))
    else:
        for was, wert in alle(10):
            sys.stdout.write(f"{was}: {wert}\n")
