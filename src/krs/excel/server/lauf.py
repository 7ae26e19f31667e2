"""Start the server and keep it running: strict HTTP, no header that names the software, no slow connections."""

from __future__ import annotations

import gc
import os
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from krs.excel.server import protokoll
from krs.excel.server.app import anwendung
from krs.excel.server.einstellungen import Einstellungen, aus_umgebung

_FRIST = 20  # seconds for the headers of a request, and between two requests
_UNLESBAR = '{"fehler":"Die Anfrage ist kein gültiges HTTP."}'


class Verbindung(H11Protocol):
    """One connection: closed where headers do not come, and what is no HTTP is refused in our words.

    uvicorn's own clock starts after an answer and stops at the next byte. Here it runs from the beginning until the
    headers of a request are whole.
    """

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request, but not for ever."""
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def data_received(self, data: bytes) -> None:
        """Take bytes; a whole request stops the clock by itself."""
        self.conn.receive_data(data)
        self.handle_events()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 English
        """Refuse what is no HTTP."""
        inhalt = _UNLESBAR.encode()
        kopf = (
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\n"
            "x-content-type-options: nosniff\r\nreferrer-policy: no-referrer\r\ncache-control: no-store\r\n"
            "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n"
            f"content-length: {len(inhalt)}\r\n\r\n"
        )
        if not self.transport.is_closing():
            self.transport.write(kopf.encode() + inhalt)
            self.transport.close()


def optionen(e: Einstellungen) -> dict[str, Any]:
    """Return what uvicorn is told."""
    return {
        "host": e.host, "port": e.port, "http": Verbindung, "ws": "none", "lifespan": "on",
        "server_header": False, "access_log": False, "log_config": None, "log_level": "warning",
        "proxy_headers": bool(e.proxy), "forwarded_allow_ips": e.proxy or None,
        "timeout_keep_alive": _FRIST, "timeout_graceful_shutdown": 20, "backlog": 512,
        "ssl_certfile": e.zertifikat, "ssl_keyfile": e.schluessel,
    }  # fmt: skip


def aus_der_umgebung() -> Starlette:
    """Return the server that the environment describes: how each process makes its own."""
    protokoll.einrichten()
    app = anwendung(aus_umgebung(os.environ))
    gc.enable()  # `krs` runs without it; a server lives long
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)  # seldom: a range of 10,000 rows makes 10,000 lists, all gone with the answer
    return app


def starten(e: Einstellungen) -> None:
    """Answer until stopped. Raises: ValueError: settings; OSError: the port is taken."""
    os.environ |= e.als_umgebung()
    uvicorn.run("krs.excel.server.lauf:aus_der_umgebung", factory=True, workers=e.arbeiter, **optionen(e))
