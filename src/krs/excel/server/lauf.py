"""Start the server and keep it running: strict HTTP, no header that names the software, no slow connections."""

from __future__ import annotations

import asyncio
import gc
import os
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from krs.excel.server import protokoll
from krs.excel.server.app import Anwendung, anwendung
from krs.excel.server.einstellungen import Einstellungen, aus_umgebung

_FRIST = 20.0  # seconds until a request has told its headers
_UNLESBAR = '{"fehler":"Die Anfrage ist kein gültiges HTTP."}'


class Verbindung(H11Protocol):
    """One connection: closed where headers do not come, and what is no HTTP is refused in our words."""

    _wecker: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request, but not for ever."""
        super().connection_made(transport)
        self._wecker = self.loop.call_later(_FRIST, self._zu_langsam)

    def data_received(self, data: bytes) -> None:
        """Take bytes; the clock runs while they make no whole request."""
        super().data_received(data)
        self._stellen()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._anhalten()
        super().connection_lost(exc)

    def _anhalten(self) -> None:
        if self._wecker is not None:
            self._wecker.cancel()
            self._wecker = None

    def _wartet(self) -> bool:
        runde: Any = self.cycle  # None before the first request, whatever its annotation says
        return runde is None or bool(runde.response_complete)

    def _stellen(self) -> None:
        if not self._wartet():
            self._anhalten()
        elif self._wecker is None and not self.transport.is_closing():
            self._wecker = self.loop.call_later(_FRIST, self._zu_langsam)

    def _zu_langsam(self) -> None:
        self._wecker = None
        if self._wartet() and not self.transport.is_closing():
            self.transport.close()

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
        "timeout_keep_alive": 30, "timeout_graceful_shutdown": 20, "backlog": 512,
        "ssl_certfile": e.zertifikat, "ssl_keyfile": e.schluessel,
    }  # fmt: skip


def seltener_aufraeumen() -> None:
    """Look for garbage seldom: a range of 10,000 rows makes 10,000 lists, all gone with the answer."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def aus_der_umgebung() -> Anwendung:
    """Return the server that the environment describes: how each of several processes makes its own."""
    protokoll.einrichten()
    app = anwendung(aus_umgebung(os.environ))
    seltener_aufraeumen()
    return app


def starten(e: Einstellungen) -> None:
    """Answer until stopped. Raises: ValueError: settings; OSError: the port is taken."""
    protokoll.einrichten()
    gc.enable()  # `krs` runs without it; a server lives long
    if e.arbeiter == 1:
        app = anwendung(e)
        seltener_aufraeumen()
        uvicorn.run(app, **optionen(e))
        return
    os.environ |= e.als_umgebung()
    uvicorn.run("krs.excel.server.lauf:aus_der_umgebung", factory=True, workers=e.arbeiter, **optionen(e))
