"""Reading a request within limits: bytes are counted as they arrive, whatever its headers claim."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import anyio
import orjson
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.types import Message

from krs.ablauf.eingang import HOECHSTENS
from krs.excel.server.antworten import Abweisung
from krs.mappen.lesen.schranke import MB

FUNKTION = 10 * MB  # bytes: a range of 10,000 × 4 has 0.3
SKRIPT = 40 * MB  # bytes: the values of an open Master have 3
LANG = 32_000  # bytes: more is not read within the loop, where all others wait
_FELDER = 10
_FELDLAENGE = 1_000
_ABWARTEN = 16 * MB  # bytes that are still taken, so that the sender hears the refusal
_PAUSE = 15.0  # seconds without a byte


@dataclass(frozen=True, slots=True)
class Formulardaten:
    """What a multipart request brought: files by field, and entries."""

    dateien: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)
    felder: dict[str, str] = field(default_factory=dict)


class _Leser(MultiPartParser):
    """Reads files and entries, and knows whether the last one was whole: Starlette drops it in silence."""

    fertig = False

    def on_end(self) -> None:
        """Note the closing boundary."""
        self.fertig = True

    def pruefen(self) -> None:
        """Raise MultiPartException if the end was missing."""
        if not self.fertig:
            for strom in self._files_to_close_on_error:
                strom.close()
            raise MultiPartException("incomplete")


class Rumpf:
    """The body of one request."""

    def __init__(self, anfrage: Request, hoechstens: int, sekunden: float) -> None:
        self._kopf, self._receive = anfrage.headers, anfrage.receive
        self._hoechstens, self._sekunden = hoechstens, sekunden
        self.zu_gross = f"Die Anfrage ist zu gross. Senden Sie höchstens {hoechstens // MB} MB auf einmal."

    async def stuecke(self) -> AsyncGenerator[bytes, None]:
        """Yield the body as it arrives. Raises: Abweisung: 400 too slow or broken off, 413 too big."""
        bytes_, ende = 0, anyio.current_time() + self._sekunden
        angekuendigt = self._kopf.get("content-length", "")
        if angekuendigt.isdecimal() and int(angekuendigt) > self._hoechstens:
            await self._ablehnen()
        mehr = True
        while mehr:
            nachricht = await self._naechste(ende)
            stueck = nachricht.get("body", b"")
            mehr = nachricht.get("more_body", False)
            bytes_ += len(stueck)
            if bytes_ > self._hoechstens:
                await self._ablehnen()
            if stueck:
                yield stueck

    async def json_bytes(self) -> bytes:
        """Return a body that claims to be JSON. Raises: Abweisung: 400, 413."""
        if not self._kopf.get("content-type", "").lower().startswith("application/json"):
            raise Abweisung(400, "Die Anfrage muss JSON sein (Content-Type: application/json).")
        return b"".join([stueck async for stueck in self.stuecke()])

    async def json(self) -> Any:
        """Return the body as JSON. Raises: Abweisung: 400, 413."""
        daten = await self.json_bytes()
        return await anyio.to_thread.run_sync(lies_json, daten) if len(daten) > LANG else lies_json(daten)

    async def formular(self, dateien: int) -> Formulardaten:
        """Return files and entries. Raises: Abweisung: 400, 413, 415."""
        if not self._kopf.get("content-type", "").lower().startswith("multipart/form-data"):
            raise Abweisung(415, "Senden Sie die Dateien als Formular (multipart/form-data).")
        leser = _Leser(self._kopf, self.stuecke(), max_files=dateien, max_fields=_FELDER, max_part_size=_FELDLAENGE)
        try:
            form = await leser.parse()
            leser.pruefen()
        except (MultiPartException, FormParserError, UnicodeError) as fehler:  # the last: of a charset that is none
            text = str(getattr(fehler, "message", fehler))
            if text.startswith("Too many files"):
                satz = f"Das sind zu viele Dateien auf einmal. Senden Sie höchstens {dateien}."
                raise Abweisung(413, satz) from None
            raise Abweisung(400, "Die Anfrage ist kein lesbares Formular. Senden Sie die Dateien erneut.") from None
        try:
            return await anyio.to_thread.run_sync(_einsammeln, form.multi_items())
        finally:
            await form.close()

    async def _naechste(self, ende: float) -> Message:
        warten = min(_PAUSE, ende - anyio.current_time())
        try:
            with anyio.fail_after(max(warten, 0)):
                nachricht = await self._receive()
        except TimeoutError:
            satz = "Die Anfrage kam zu langsam an. Prüfen Sie die Verbindung und versuchen Sie es erneut."
            raise Abweisung(400, satz, {"connection": "close"}) from None
        if nachricht["type"] == "http.disconnect":
            raise Abweisung(400, "Die Verbindung brach ab. Versuchen Sie es erneut.")
        return nachricht

    async def _ablehnen(self) -> NoReturn:
        """Refuse after a little more: who still sends would otherwise see a broken connection, not the sentence."""
        bytes_, ende, mehr = 0, anyio.current_time() + 3, "expect" not in self._kopf  # else nothing is under way yet
        while mehr and bytes_ < _ABWARTEN and anyio.current_time() < ende:
            mehr = False
            with anyio.move_on_after(0.5):
                nachricht = await self._receive()
                bytes_ += len(nachricht.get("body", b""))
                mehr = nachricht.get("more_body", False)
        raise Abweisung(413, self.zu_gross, {"connection": "close"})


def lies_json(daten: bytes) -> Any:
    """Return what JSON holds. Raises: Abweisung: 400."""
    try:
        return orjson.loads(daten)
    except orjson.JSONDecodeError:
        raise Abweisung(400, "Die Anfrage ist kein gültiges JSON.") from None


def _einsammeln(teile: list[tuple[str, UploadFile | str]]) -> Formulardaten:
    daten = Formulardaten()
    for name, wert in teile:
        if isinstance(wert, str):
            daten.felder[name] = wert
            continue
        if (wert.size or 0) > HOECHSTENS:
            raise Abweisung(413, f"Eine Datei ist grösser als {HOECHSTENS // MB} MB. Senden Sie sie nicht mit.")
        daten.dateien.setdefault(name, []).append((wert.filename or "", wert.file.read()))
    return daten
