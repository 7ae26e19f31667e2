"""What anybody may fetch: pages, scripts, lists of names. There are no data in them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse

import krs
from krs.excel.server import projekt
from krs.excel.server.antworten import JSON, Abweisung, als_json
from krs.excel.server.einstellungen import Einstellungen
from krs.formulare.erklaeren import erklaere

_NACHFRAGEN = {"cache-control": "no-cache"}
_LANGE_MERKEN = {"cache-control": "public, max-age=31536000, immutable"}


class Offene:
    """The open routes of one server."""

    def __init__(self, e: Einstellungen) -> None:
        self._e, self._seiten, self._dateien = e, projekt.Seiten(e), projekt.statische()

    async def bereit(self, _: Request) -> Response:
        """Tell that the server is there."""
        return als_json({
            "version": krs.__version__, "anmeldung": self._e.anmeldung, "ablage": self._e.ablage is not None,
            "lizenz": projekt.lizenz(),
        })  # fmt: skip

    async def aufgabenbereich(self, anfrage: Request) -> Response:
        """Return the task pane."""
        return self._seite("taskpane.html", anfrage, "text/html")

    async def manifest(self, anfrage: Request) -> Response:
        """Return the manifest that Office reads."""
        return self._seite("manifest.xml", anfrage, "text/xml")

    def _seite(self, vorlage: str, anfrage: Request, art: str) -> Response:
        basis = (self._e.adresse or str(anfrage.base_url)).rstrip("/")
        return Response(self._seiten.seite(vorlage, basis), headers=_NACHFRAGEN, media_type=art)

    async def funktionsliste(self, _: Request) -> Response:
        """Return names and help of the functions."""
        return Response(self._seiten.funktionen, headers=_NACHFRAGEN, media_type=JSON)

    async def funktionsstubs(self, _: Request) -> Response:
        """Return the JavaScript that calls us for each function."""
        return Response(self._seiten.stubs, headers=_NACHFRAGEN, media_type="text/javascript")

    async def skriptliste(self, _: Request) -> Response:
        """Return the names of the macros."""
        return Response(self._seiten.skripte, headers=_NACHFRAGEN, media_type=JSON)

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
        # Folders of vendors carry their version.
        merken = _LANGE_MERKEN if name.startswith("vendor/") else _NACHFRAGEN
        antwort = FileResponse(pfad, headers=merken, stat_result=pfad.stat())
        unveraendert = anfrage.headers.get("if-none-match") == antwort.headers["etag"]
        return NotModifiedResponse(antwort.headers) if unveraendert else antwort
