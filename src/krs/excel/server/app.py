"""The server as one ASGI application: gate, sign-on, route, headers, log. Nothing else answers."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from datetime import date
from typing import Any

from starlette.datastructures import Headers, QueryParams

from krs.excel.server import protokoll
from krs.excel.server.anmeldung import Anmeldung
from krs.excel.server.antworten import JSON, Abweisung, Antwort
from krs.excel.server.einstellungen import Einstellungen
from krs.excel.server.grenzen import Empfangen
from krs.excel.server.kopfzeilen import Kopfzeilen
from krs.excel.server.routen import Route, Routen, tabelle
from krs.excel.server.ruf import Ruf
from krs.excel.server.tor import Tor

Senden = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Scope = MutableMapping[str, Any]
_UNBEKANNT = "(unbekannt)"
_OHNE_ROLLE = "Ihr Konto hat keine Rolle in start.integration. Wenden Sie sich an die Informatik."


def _heute() -> date:
    return date.today()  # noqa: DTZ011 the user's day


class Anwendung:
    """One server. Its parts can be replaced for tests: `heute` is the day, `anmeldung` the sign-on."""

    def __init__(
        self, e: Einstellungen, heute: Callable[[], date] = _heute, anmeldung: Anmeldung | None = None
    ) -> None:
        e.pruefen()
        e = replace(e, ablage=e.ablage.resolve()) if e.ablage else e  # whatever becomes of the current folder
        self.einstellungen = e
        self._ganze, self._anfaenge = tabelle(Routen(e, heute))
        self._anmeldung = anmeldung or Anmeldung(e, heute)
        self._kopfzeilen, self._tor = Kopfzeilen(e), Tor(e)

    async def __call__(self, scope: Scope, receive: Empfangen, send: Senden) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await _leben(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._antworten(scope, receive, send)

    async def _antworten(self, scope: Scope, receive: Empfangen, send: Senden) -> None:
        beginn = time.perf_counter()
        route, rest = self._finden(scope["path"])
        wer = ""
        try:
            ruf, wer = await self._einlassen(scope, receive, route, rest)
            antwort = await ruf
        except Abweisung as grund:
            antwort = grund.antwort(_art(route, scope))
        except Exception as fehler:  # noqa: BLE001 no trace reaches a user
            kennung = secrets.token_hex(4)
            protokoll.unerwartet(kennung, fehler)
            satz = f"Unerwarteter Fehler im Server; Kennung {kennung}. Melden Sie ihn mit der Kennung der Informatik."
            antwort = Abweisung(500, satz).antwort(_art(route, scope))
        await self._senden(antwort, send)
        dauer = (time.perf_counter() - beginn) * 1000
        protokoll.zeile(scope["method"], route.muster if route else _UNBEKANNT, antwort.status, dauer, wer)

    async def _einlassen(
        self, scope: Scope, receive: Empfangen, route: Route | None, rest: str
    ) -> tuple[Awaitable[Antwort], str]:
        """Return the answer to wait for, and who asked. Raises: Abweisung."""
        methode: str = scope["method"]
        kopf = Headers(raw=scope["headers"])
        host = self._tor.pruefen(methode, kopf, offen=route is None or route.offen)
        if route is None:
            raise Abweisung(404, "Diese Adresse gibt es auf dem Server nicht.")
        erlaubte = ("GET", "HEAD") if route.methode == "GET" else (route.methode,)
        if methode not in erlaubte:
            raise Abweisung(405, "So lässt sich diese Adresse nicht aufrufen.", {"allow": ", ".join(erlaubte)})
        person = None
        if not route.offen:
            adresse = (scope.get("client") or ("",))[0]
            werte = [v for k, v in scope["headers"] if k == b"authorization"]
            person = await self._anmeldung.person(werte, adresse)
            if person is not None and not (person.rollen or route.ohne_rolle):
                raise Abweisung(403, _OHNE_ROLLE)
        ruf = Ruf(kopf, QueryParams(scope["query_string"]), receive, rest, self._tor.basis(host), person)
        return route.tun(ruf), person.visum if person else ""

    def _finden(self, pfad: str) -> tuple[Route | None, str]:
        if pfad in self._ganze:
            return self._ganze[pfad], ""
        for anfang, route in self._anfaenge.items():
            if pfad.startswith(anfang):
                return route, pfad[len(anfang) :]
        return None, ""

    async def _senden(self, antwort: Antwort, send: Senden) -> None:
        kopf = [*(self._kopfzeilen.seite if antwort.seite else self._kopfzeilen.daten), *antwort.kopf]
        if antwort.art:
            kopf.append((b"content-type", antwort.art))
        if antwort.status != 304:
            kopf.append((b"content-length", str(len(antwort.inhalt)).encode()))
        await send({"type": "http.response.start", "status": antwort.status, "headers": kopf})
        await send({"type": "http.response.body", "body": antwort.inhalt})


def _art(route: Route | None, scope: Scope) -> bytes:
    """Return how an error is told: xlwings' client shows text, our pane reads JSON."""
    return route.art if route is not None and scope["method"] == route.methode else JSON


async def _leben(receive: Empfangen, send: Senden) -> None:
    """Answer to start and end; there is nothing to open or close."""
    while True:
        nachricht = await receive()
        await send({"type": f"{nachricht['type']}.complete"})
        if nachricht["type"] == "lifespan.shutdown":
            return


def anwendung(
    einstellungen: Einstellungen, heute: Callable[[], date] = _heute, anmeldung: Anmeldung | None = None
) -> Anwendung:
    """Return the server. Raises: ValueError: the settings do not go together (one German sentence)."""
    return Anwendung(einstellungen, heute, anmeldung)
