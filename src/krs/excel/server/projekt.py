"""What xlwings Server gives us: its client, its templates and the list of functions; its own routes stay closed.

Everything a browser may fetch is known when the server starts: pages are made from templates, files come from a list.
So no request reaches the code of xlwings Server, and no path of a request reaches the disk.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Coroutine, Mapping
from dataclasses import asdict
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from krs.excel.makrokatalog import makros
from krs.excel.server.einstellungen import Einstellungen

MANIFEST_ID = "622797b5-0100-4ac6-bc12-dd8f24e8b833"  # changed, Office would see another add-in
LIZENZ = "XLWINGS_LICENSE_KEY"
UNENTGELTLICH = "noncommercial"
_NICHT = frozenset({"js/examples.js", "js/wasm.js.map"})


def projektordner() -> Path:
    """Return the folder with templates and static files: in the installed package, else in the checkout."""
    gepackt = Path(__file__).parent / "projekt"
    return gepackt if gepackt.is_dir() else Path(__file__).parents[4] / "addin" / "server"


def lizenz() -> str:
    """Return «eigene» where a key of xlwings is configured, else «noncommercial»."""
    return "eigene" if os.environ.get(LIZENZ, UNENTGELTLICH) != UNENTGELTLICH else UNENTGELTLICH


def vorbereiten() -> None:
    """Set what xlwings reads when it is imported first: nothing of it may come from the surroundings."""
    os.environ.setdefault(LIZENZ, UNENTGELTLICH)
    for name in [n for n in os.environ if n.startswith("XLWINGS_") and n != LIZENZ]:
        del os.environ[name]
    os.environ |= {
        "DOTENV_PATH": os.devnull,
        "XLWINGS_ON_SERVER": "true",
        "XLWINGS_PROJECT_DIR": str(projektordner()),
        "XLWINGS_ENVIRONMENT": "prod",
        "XLWINGS_ENABLE_SOCKETIO": "false",
        "XLWINGS_ENABLE_EXAMPLES": "false",
        "XLWINGS_ENABLE_WASM": "false",
        "XLWINGS_ENABLE_ALPINEJS_CSP": "true",
        "XLWINGS_ENABLE_BOOTSTRAP": "true",
        "XLWINGS_ENABLE_HTMX": "true",
        "XLWINGS_CDN_OFFICEJS": "false",
        "XLWINGS_CORS_ALLOW_ORIGINS": "[]",
        "XLWINGS_AUTH_PROVIDERS": '["custom"]',  # should anyone start xlwings Server itself: closed
        "XLWINGS_FUNCTIONS_NAMESPACE": "",
        "XLWINGS_CUSTOM_FUNCTIONS_RETRY_CODES": "[502, 503, 504]",
        "XLWINGS_PROJECT_NAME": "start.integration",
        "XLWINGS_MANIFEST_ID_PROD": MANIFEST_ID,
        "XLWINGS_LOG_LEVEL": "WARNING",
    }


@cache
def _xlwings() -> Any:
    """Return the application of xlwings Server: its settings, templates and registered functions."""
    if "xlwings_server.config" not in sys.modules:
        vorbereiten()
    return import_module("xlwings_server.main")


class Seiten:
    """The pages of one server, ready to send."""

    def __init__(self, e: Einstellungen) -> None:
        haupt = _xlwings()
        wege = import_module("xlwings_server.routers.xlwings")
        # The names that the task pane's auth.js asks for; the client sends what it gets as Authorization.
        anbieter = {"keine": [], "token": ["custom"], "entra": ["entraid"]}[e.anmeldung]
        self._umgebung = haupt.templates.env
        self._einstellungen = haupt.settings.model_copy(
            update={
                "auth_providers": anbieter,
                "auth_entraid_client_id": e.entra_client or None,
                "auth_entraid_tenant_id": e.entra_tenant or None,
            }
        )
        self.funktionen = orjson.dumps(_sofort(wege.custom_functions_meta()))
        self.skripte = orjson.dumps(_sofort(wege.custom_scripts_meta()))
        self.stubs: bytes = _sofort(wege.custom_functions_code()).body
        self._fertig: dict[tuple[str, str], bytes] = {}

    def seite(self, vorlage: str, basis: str) -> bytes:
        """Return a page for the address by which it was asked for."""
        if (vorlage, basis) not in self._fertig:
            text = self._umgebung.get_template(vorlage).render(
                settings=self._einstellungen, request=None, base_url=basis, base_url_with_app_path=basis,
                manifest_id=MANIFEST_ID, version=version("krs"), makros=[asdict(m) for m in makros()],
            )  # fmt: skip
            if len(self._fertig) > 20:
                self._fertig.clear()
            self._fertig[vorlage, basis] = text.encode()
        return self._fertig[vorlage, basis]


def _sofort(ablauf: Coroutine[Any, Any, Any]) -> Any:
    """Return what a coroutine gives that waits for nothing: a server may be made inside a running loop."""
    try:
        ablauf.send(None)
    except StopIteration as ende:
        return ende.value
    raise RuntimeError


def statische() -> Mapping[str, Path]:
    """Return every file under /static/ by its path there; ours stand in for those of xlwings Server."""
    ihre = Path(str(import_module("xlwings_server").__file__)).parent / "static"
    gefunden: dict[str, Path] = {}
    for ordner in (ihre, projektordner() / "static"):
        gefunden |= {p.relative_to(ordner).as_posix(): p for p in sorted(ordner.rglob("*")) if p.is_file()}
    return {n: p for n, p in gefunden.items() if n not in _NICHT and not n.endswith((".map", ".py"))}
