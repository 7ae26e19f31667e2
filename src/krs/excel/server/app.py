"""The server as one application of Starlette: its routes, and around each request our one middleware."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from krs.excel.server import protokoll
from krs.excel.server.anmeldung import Anmeldung
from krs.excel.server.antworten import Abweisung, abgewiesen
from krs.excel.server.einstellungen import Einstellungen
from krs.excel.server.kopfzeilen import Kopfzeilen
from krs.excel.server.routen import Routen, Weg
from krs.excel.server.tor import Tor

_OHNE_ROLLE = "Ihr Konto hat keine Rolle in start.integration. Wenden Sie sich an die Informatik."


def _heute() -> date:
    return date.today()  # noqa: DTZ011 the user's day


def anwendung(e: Einstellungen, heute: Callable[[], date] = _heute, anmeldung: Anmeldung | None = None) -> Starlette:
    """Return the server; tests bring their day and their sign-on.

    Raises: ValueError: the settings do not go together (one German sentence).
    """
    e.pruefen()
    e = replace(e, ablage=e.ablage.resolve()) if e.ablage else e  # whatever becomes of the current folder
    wege = Routen(e, heute).wege()
    wache = Middleware(Wache, wege, e, anmeldung or Anmeldung(e, heute))
    return Starlette(routes=wege, middleware=[wache], exception_handlers={HTTPException: abgewiesen})


class Wache:
    """Gate and sign-on before each request, headers and log after it; every mistake becomes a sentence."""

    def __init__(self, app: ASGIApp, wege: Sequence[Weg], e: Einstellungen, anmeldung: Anmeldung) -> None:
        self._app, self._wege, self._anmeldung = app, wege, anmeldung
        self._tor, self._kopfzeilen = Tor(e), Kopfzeilen(e)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        beginn, status = time.perf_counter(), 0
        weg = scope["weg"] = next((w for w in self._wege if w.matches(scope)[0] is not Match.NONE), None)

        async def senden(nachricht: Message) -> None:
            nonlocal status
            if nachricht["type"] == "http.response.start":
                status = nachricht["status"]
                nachricht["headers"] = self._kopfzeilen.zu(nachricht["headers"])
            await send(nachricht)

        try:
            await self._einlassen(weg, scope)
            await self._app(scope, receive, senden)
        except Exception as fehler:  # no trace reaches a user
            if status:
                raise
            antwort = await abgewiesen(Request(scope), fehler if isinstance(fehler, Abweisung) else _unerwartet(fehler))
            await antwort(scope, receive, senden)
        dauer = (time.perf_counter() - beginn) * 1000
        visum = person.visum if (person := scope.get("user")) else ""
        protokoll.zeile(scope["method"], weg.muster if weg else "(unbekannt)", status, dauer, visum)

    async def _einlassen(self, weg: Weg | None, scope: Scope) -> None:
        """Note who asks. Raises: Abweisung: 400, 401, 403, 404, 405."""
        methode, kopf = scope["method"], Headers(scope=scope)
        self._tor.pruefen(methode, kopf, offen=weg is None or weg.offen)
        if weg is None:
            raise Abweisung(404, "Diese Adresse gibt es auf dem Server nicht.")
        if methode not in weg.methods:
            raise Abweisung(
                405, "So lässt sich diese Adresse nicht aufrufen.", {"allow": ", ".join(sorted(weg.methods))}
            )
        if weg.offen:
            return
        adresse = (scope.get("client") or ("",))[0]
        person = await self._anmeldung.person(kopf.getlist("authorization"), adresse)
        if person is not None and not (person.rollen or weg.ohne_rolle):
            raise Abweisung(403, _OHNE_ROLLE)
        scope["user"] = person


def _unerwartet(fehler: Exception) -> Abweisung:
    kennung = secrets.token_hex(4)
    protokoll.unerwartet(kennung, fehler)
    return Abweisung(
        500, f"Unerwarteter Fehler im Server; Kennung {kennung}. Melden Sie ihn mit der Kennung der Informatik."
    )
