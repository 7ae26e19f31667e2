"""What goes back over the wire: data, files, and refusals with one German sentence."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Abweisung(HTTPException):
    """The request is refused: status, one German sentence, perhaps headers."""


async def abgewiesen(anfrage: Request, grund: Exception) -> Response:
    """Return a refusal as JSON, or as text where the client of xlwings shows the text."""
    assert isinstance(grund, HTTPException)  # Starlette calls it for nothing else
    weg = anfrage.scope["weg"]
    if weg is not None and weg.als_text and anfrage.method in weg.methods:
        return PlainTextResponse(grund.detail, grund.status_code, grund.headers)
    return Response(json_bytes({"fehler": grund.detail}), grund.status_code, grund.headers, JSON)


def als_json(wert: Any) -> Response:
    """Return data as an answer."""
    return Response(json_bytes(wert), media_type=JSON)


def json_bytes(wert: Any) -> bytes:
    """Return data as JSON."""
    return orjson.dumps(wert, default=_schlicht)


def _schlicht(wert: object) -> object:
    if isinstance(wert, Decimal):
        return float(wert)
    if isinstance(wert, Mapping):
        return dict(wert)
    raise TypeError(type(wert).__name__)


def datei(daten: bytes, name: str) -> Response:
    """Return a workbook to save; its name is readable in any browser and cannot break the header."""
    schlicht = "".join(z if z.isascii() and (z.isalnum() or z in "._-") else "_" for z in name) or "Datei"
    kopf = f"attachment; filename=\"{schlicht}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(daten, headers={"content-disposition": kopf}, media_type=XLSX)
