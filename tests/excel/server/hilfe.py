"""A real server in this process, and requests to it as bytes: no client repairs what an attacker would send."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import uvicorn

from krs.excel.anfrage import Rolle
from krs.excel.server import tokendatei
from krs.excel.server.anmeldung import Anmeldung
from krs.excel.server.app import anwendung
from krs.excel.server.einstellungen import Einstellungen
from krs.excel.server.lauf import optionen

KRS = Path(sys.executable).with_name("krs")
HEUTE = date(2024, 9, 10)
MAPPE: dict[str, Any] = {
    "client": "Office.js", "version": "0.37.8", "names": [],
    "book": {"name": "Mappe1.xlsx", "active_sheet_index": 0, "selection": "A1"},
    "sheets": [{"name": "Tabelle1", "values": [["a", 1]], "pictures": [], "tables": []}],
}  # fmt: skip


@dataclass
class Server:
    """A running server: its port, and its sign-on to reset what was counted."""

    port: int
    anmeldung: Anmeldung
    tokens: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Antwort:
    """What came back."""

    status: int
    kopf: Mapping[str, str]
    inhalt: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.inhalt.decode("utf-8", "replace")

    @property
    def satz(self) -> str:
        """The sentence of a refusal, however it is told."""
        if self.kopf.get("content-type") == "application/json":
            wert = json.loads(self.inhalt)
            return str(wert.get("fehler", "")) if isinstance(wert, dict) else ""
        return self.text


@contextmanager
def laufend(e: Einstellungen, tokens: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run a server on a free port."""
    anmeldung = Anmeldung(e, lambda: HEUTE)
    app = anwendung(e, lambda: HEUTE, anmeldung)
    with socket.socket() as horcher:
        horcher.bind(("127.0.0.1", 0))
        port = horcher.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, **{**optionen(e), "port": port}))
        faden = threading.Thread(target=server.run, kwargs={"sockets": [horcher]})
        faden.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield Server(port, anmeldung, tokens or {})
        finally:
            server.should_exit = True
            faden.join()


@contextmanager
def krs_serve(*optionen: str) -> Iterator[int]:
    """Run `krs serve` as a process of its own."""
    with socket.socket() as frei:
        frei.bind(("127.0.0.1", 0))
        port = int(frei.getsockname()[1])
    befehl = [KRS, "serve", "--port", str(port), *optionen]
    p = subprocess.Popen(befehl, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        bis = time.monotonic() + 60
        while True:
            try:
                roh(port, anfrage("GET", "/bereit"))
                break
            except OSError:
                assert p.poll() is None
                assert time.monotonic() < bis
                time.sleep(0.05)
        yield port
    finally:
        p.terminate()
        p.wait(60)


def roh(port: int, daten: bytes | Sequence[bytes], sekunden: float = 60) -> Antwort:
    """Send bytes as they are, in pieces if there are several; HOST stands for the name of the server."""
    stuecke = [daten] if isinstance(daten, bytes) else daten
    with socket.create_connection(("127.0.0.1", port), timeout=sekunden) as verbindung:
        for stueck in stuecke:
            try:
                verbindung.sendall(stueck.replace(b"HOST", f"localhost:{port}".encode()))
            except OSError:
                break  # refused before the end
        methode = stuecke[0].split(b" ", 1)[0].decode("ascii", "replace")
        antwort = http.client.HTTPResponse(verbindung, method=methode)
        antwort.begin()
        return Antwort(antwort.status, {k.lower(): v for k, v in antwort.getheaders()}, antwort.read())


def anfrage(methode: str, ziel: str, rumpf: bytes = b"", *kopf: str, host: str = "HOST") -> bytes:
    """Return a request; headers that come with it stand in for the usual ones of the same name."""
    namen = {k.partition(":")[0].lower() for k in kopf}
    zeilen = [f"{methode} {ziel} HTTP/1.1", f"Host: {host}", *kopf]
    if rumpf and not namen & {"content-length", "transfer-encoding"}:
        zeilen.append(f"Content-Length: {len(rumpf)}")
    return "\r\n".join(zeilen).encode("utf-8") + b"\r\n\r\n" + rumpf


def json_post(ziel: str, wert: object, *kopf: str, host: str = "HOST") -> bytes:
    """Return a request with JSON; bytes are sent as they are."""
    rumpf = wert if isinstance(wert, bytes) else json.dumps(wert).encode()
    return anfrage("POST", ziel, rumpf, "Content-Type: application/json", *kopf, host=host)


def formular(ziel: str, teile: Sequence[tuple[str, str | None, bytes]], *kopf: str) -> bytes:
    """Return a request with files: field, file name (None for an entry), bytes."""
    rumpf = b""
    for feld, name, daten in teile:
        datei = "" if name is None else f'; filename="{name}"'
        rumpf += f'--grenze\r\nContent-Disposition: form-data; name="{feld}"{datei}\r\n\r\n'.encode() + daten + b"\r\n"
    rumpf += b"--grenze--\r\n"
    return anfrage("POST", ziel, rumpf, "Content-Type: multipart/form-data; boundary=grenze", *kopf)


def dateien(ziel: str, *teile: tuple[str, bytes], kopf: Sequence[str] = ()) -> bytes:
    """Return a request that drops files."""
    return formular(ziel, [("dateien", name, daten) for name, daten in teile], *kopf)


def makro(name: str, *kopf: str, **angaben: str) -> bytes:
    """Return a call of a macro over a small workbook."""
    return json_post(f"/xlwings/custom-scripts-call/{name}", {**MAPPE, "args": [angaben]}, *kopf)


def tokendatei_anlegen(pfad: Any) -> dict[str, str]:
    """Make a token file with five persons and return their tokens by mark; that of XY is past its end."""
    beide = frozenset(Rolle)
    personen = (
        ("Anna Bauer", "AB", beide, None), ("Carl Dubs", "CD", beide, None),
        ("Eva Frei", "EF", frozenset({Rolle.ERFASSUNG}), None), ("Gil Huber", "GH", frozenset({Rolle.FREIGABE}), None),
        ("Xaver Yersin", "XY", beide, date(2024, 9, 9)),
    )  # fmt: skip
    return {
        visum: tokendatei.hinzufuegen(pfad, tokendatei.Eintrag(name, visum, rollen, "", bis))
        for name, visum, rollen, bis in personen
    }
