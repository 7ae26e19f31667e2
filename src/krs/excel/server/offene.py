"""What anybody may fetch: pages, scripts, lists of names. There are no data in them."""

from __future__ import annotations

import mimetypes
from email.utils import formatdate

import anyio

import krs
from krs.excel.server import projekt
from krs.excel.server.antworten import Abweisung, Antwort, als_json
from krs.excel.server.einstellungen import Einstellungen
from krs.excel.server.kopfzeilen import LANGE_MERKEN, NACHFRAGEN
from krs.excel.server.ruf import Ruf
from krs.formulare.erklaeren import erklaere


class Offene:
    """The open routes of one server."""

    def __init__(self, e: Einstellungen) -> None:
        self._e, self._seiten, self._dateien = e, projekt.Seiten(e), projekt.statische()

    async def bereit(self, ruf: Ruf) -> Antwort:  # noqa: ARG002 all routes look alike
        """Tell that the server is there."""
        return als_json({
            "version": krs.__version__, "anmeldung": self._e.anmeldung, "ablage": self._e.ablage is not None,
            "lizenz": projekt.lizenz(),
        })  # fmt: skip

    async def aufgabenbereich(self, ruf: Ruf) -> Antwort:
        """Return the task pane."""
        return _seite(self._seiten.seite("taskpane.html", ruf.basis), b"text/html; charset=utf-8")

    async def manifest(self, ruf: Ruf) -> Antwort:
        """Return the manifest that Office reads."""
        return _seite(self._seiten.seite("manifest.xml", ruf.basis), b"text/xml; charset=utf-8")

    async def funktionsliste(self, ruf: Ruf) -> Antwort:  # noqa: ARG002
        """Return names and help of the functions."""
        return _seite(self._seiten.funktionen, b"application/json")

    async def funktionsstubs(self, ruf: Ruf) -> Antwort:  # noqa: ARG002
        """Return the JavaScript that calls us for each function."""
        return _seite(self._seiten.stubs, b"text/javascript; charset=utf-8")

    async def skriptliste(self, ruf: Ruf) -> Antwort:  # noqa: ARG002
        """Return the names of the macros."""
        return _seite(self._seiten.skripte, b"application/json")

    async def regel(self, ruf: Ruf) -> Antwort:
        """Return a rule of the checks in words. Raises: Abweisung: 404."""
        try:
            return als_json({"code": ruf.rest.upper(), "text": erklaere(ruf.rest)})
        except ValueError as fehler:
            raise Abweisung(404, str(fehler)) from None

    async def statisch(self, ruf: Ruf) -> Antwort:
        """Return a file of the list. Raises: Abweisung: 404."""
        pfad = self._dateien.get(ruf.rest)
        if pfad is None:
            raise Abweisung(404, "Diese Datei gibt es nicht.")
        s = pfad.stat()
        marke = f'"{s.st_mtime_ns:x}-{s.st_size:x}"'.encode()
        # Folders of vendors carry their version.
        kopf = ((b"etag", marke), LANGE_MERKEN if ruf.rest.startswith("vendor/") else NACHFRAGEN)
        if ruf.kopf.get("if-none-match", "").encode() == marke:
            return Antwort(b"", b"", 304, kopf, seite=True)
        art = mimetypes.guess_type(pfad.name)[0] or "application/octet-stream"
        if art.startswith("text/"):
            art += "; charset=utf-8"
        seit = (b"last-modified", formatdate(s.st_mtime, usegmt=True).encode())
        return Antwort(await anyio.to_thread.run_sync(pfad.read_bytes), art.encode(), 200, (*kopf, seit), seite=True)


def _seite(inhalt: bytes, art: bytes) -> Antwort:
    return Antwort(inhalt, art, kopf=(NACHFRAGEN,), seite=True)
