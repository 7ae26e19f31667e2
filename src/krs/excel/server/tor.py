"""The gate before every route: where a request comes from, and for which name of this server."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from krs.excel.server.antworten import Abweisung
from krs.excel.server.einstellungen import Einstellungen, ist_lokal

_HOST = re.compile(r"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(?::\d{1,5})?")
_WEITERGELEITET = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "via", "x-real-ip")
_FREMD = "Die Anfrage kommt von einer anderen Website und wird abgelehnt. Öffnen Sie den Aufgabenbereich in Excel."
_KEIN_HTTP = "Die Anfrage ist kein gültiges HTTP."
_FALSCHER_NAME = "Unter diesem Namen antwortet der Server nicht. Nehmen Sie die Adresse, die «krs serve» nennt."
_DAHINTER = (
    "Ohne Anmeldung antwortet der Server nur direkt auf diesem Computer, nicht hinter einem Proxy. Starten Sie ihn mit "
    "einer Token-Datei oder mit Entra ID."
)


class Tor:
    """The gate of one server."""

    def __init__(self, e: Einstellungen) -> None:
        self._offen = e.anmeldung == "keine"
        self._adresse = e.adresse.rstrip("/")

    def pruefen(self, methode: str, kopf: Headers, *, offen: bool) -> None:
        """Let a request pass, or refuse it.

        Args:
            offen: pages that hold no data: another website may link to them.
        Raises: Abweisung: 400, 403.
        """
        if "content-length" in kopf and "transfer-encoding" in kopf:
            # A proxy may believe the one and we the other: what follows would be another's request.
            raise Abweisung(400, _KEIN_HTTP, {"connection": "close"})
        namen = kopf.getlist("host")
        name = _name(namen[0]) if len(namen) == 1 else ""
        if not name:
            raise Abweisung(400, _FALSCHER_NAME)
        if self._offen:
            # Another website may point its name at 127.0.0.1; only by our own names are we asked from here.
            if not ist_lokal(name):
                raise Abweisung(403, _FALSCHER_NAME)
            if any(k in kopf for k in _WEITERGELEITET):
                raise Abweisung(403, _DAHINTER)
        if not offen or methode not in ("GET", "HEAD"):
            self._herkunft(namen[0], kopf)

    def _herkunft(self, host: str, kopf: Headers) -> None:
        """Refuse what another website makes a browser send. Raises: Abweisung: 403."""
        erlaubt = {self._adresse, f"https://{host}", f"http://{host}"} - {""}
        if any(o not in erlaubt for o in kopf.getlist("origin")):
            raise Abweisung(403, _FREMD)
        if any(s not in ("same-origin", "none") for s in kopf.getlist("sec-fetch-site")):
            raise Abweisung(403, _FREMD)


def _name(host: str) -> str:
    """Return the name without the port, empty for what is none."""
    try:
        return (_HOST.fullmatch(host) and urlsplit(f"//{host}").hostname) or ""
    except ValueError:  # brackets around what is no IPv6 address
        return ""
