"""What anybody may fetch: pages, scripts, lists of names. There are no data in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse

import krs
from krs.excel.server import projekt
from krs.excel.server.antworten import Abweisung, als_json
from krs.excel.server.einstellungen import Einstellungen
from krs.formulare.erklaeren import erklaere

Endpunkt = Callable[[Request], Awaitable[Response]]
_NACHFRAGEN = {"cache-control": "no-cache"}
_LANGE_MERKEN = {"cache-control": "public, max-age=31536000, immutable"}


class Offene:
    """The open routes of one server."""

    def __init__(self, e: Einstellungen) -> None:
        self._e, self.seiten, self._dateien = e, projekt.Seiten(e), projekt.statische()

    async def bereit(self, _: Request) -> Response:
        """Tell that the server is there."""
        return als_json({
            "version": krs.__version__, "anmeldung": self._e.anmeldung, "ablage": self._e.ablage is not None,
            "lizenz": projekt.lizenz(),
        })  # fmt: skip

    def seite(self, vorlage: str, art: str) -> Endpunkt:
        """Return the route to a page that names our address."""

        async def antwort(anfrage: Request) -> Response:
            basis = (self._e.adresse or str(anfrage.base_url)).rstrip("/")
            return Response(self.seiten.seite(vorlage, basis), headers=_NACHFRAGEN, media_type=art)

        return antwort

    def liste(self, inhalt: bytes, art: str) -> Endpunkt:
        """Return the route to what stays the same while the server runs."""

        async def antwort(_: Request) -> Response:
            return Response(inhalt, headers=_NACHFRAGEN, media_type=art)

        return antwort

    async def regel(self, anfrage: Request) -> Response:
        """Return a rule of the checks in words. Raises: Abweisung: 404."""
        code = anfrage.path_params["rest"]
        try:
            return als_json({"code": code.upper(), "text": erklaere(code)})
        except ValueError as fehler:
            raise Abweisung(404, str(fehler)) from None

    async def statisch(self, anfrage: Request) -> Response:
        """Return a file of the list. Raises: Abweisung: 404."""
        name = anfrage.path_params["rest"]
        pfad = self._dateien.get(name)
        if pfad is None:
            raise Abweisung(404, "Diese Datei gibt es nicht.")
        # Nobody needs parts of a file; to odd ones starlette would answer in English.
        anfrage.scope["headers"] = [(k, v) for k, v in anfrage.scope["headers"] if k != b"range"]
        # Folders of vendors carry their version.
        merken = _LANGE_MERKEN if name.startswith("vendor/") else _NACHFRAGEN
        antwort = FileResponse(pfad, headers=merken, stat_result=pfad.stat())
        unveraendert = anfrage.headers.get("if-none-match") == antwort.headers["etag"]
        return NotModifiedResponse(antwort.headers) if unveraendert else antwort
