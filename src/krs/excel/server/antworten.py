"""What goes back over the wire: answers, and refusals with one German sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import orjson

JSON, TEXT = b"application/json", b"text/plain; charset=utf-8"
XLSX = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Kopf = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Antwort:
    """One answer; `seite` for what a browser shows or runs, everything else is data."""

    inhalt: bytes
    art: bytes = JSON
    status: int = 200
    kopf: tuple[Kopf, ...] = ()
    seite: bool = False


class Abweisung(Exception):
    """The request is refused: status and one German sentence."""

    def __init__(self, status: int, satz: str, kopf: Mapping[str, str] | None = None) -> None:
        super().__init__(satz)
        self.status, self.satz, self.kopf = status, satz, dict(kopf or {})

    def antwort(self, art: bytes) -> Antwort:
        """Return it as JSON, or as text where the client of xlwings shows the text."""
        inhalt = self.satz.encode() if art is TEXT else orjson.dumps({"fehler": self.satz})
        kopf = tuple((k.encode("ascii"), v.encode("ascii")) for k, v in self.kopf.items())
        return Antwort(inhalt, art, self.status, kopf)


def als_json(wert: Any) -> Antwort:
    """Return data as an answer."""
    return Antwort(orjson.dumps(wert, default=_schlicht))


def _schlicht(wert: object) -> object:
    if isinstance(wert, Decimal):
        return float(wert)
    if isinstance(wert, Mapping):
        return dict(wert)
    raise TypeError(type(wert).__name__)


def datei(daten: bytes, name: str, art: bytes = XLSX) -> Antwort:
    """Return a file to save; the name is readable in any browser and cannot break the header."""
    schlicht = "".join(z if z.isascii() and (z.isalnum() or z in "._-") else "_" for z in name) or "Datei"
    kopf = f"attachment; filename=\"{schlicht}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Antwort(daten, art, kopf=((b"content-disposition", kopf.encode("ascii")),))
