"""The raw parts of a workbook that passed the gates, for a look at what no field shows. Nothing is parsed here."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping

_HOECHSTER_TEXT = 2_000_000  # bytes of a part that are looked at closely; comments and text boxes have some thousand
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BEZIEHUNG = re.compile(r"<(?:\w+:)?Relationship\s([^<>]*)>")
_WERT = re.compile(r"""\b(\w{1,40})\s{0,9}=\s{0,9}["']([^"'<>]*)["']""")


class Rohteile:
    """The parts by their compared names; what is missing or cannot be unpacked is empty: nothing reads it."""

    def __init__(self, daten: bytes, eintraege: Mapping[str, zipfile.ZipInfo], gelesen: Mapping[str, bytes]) -> None:
        """Take the workbook, its directory, and those of its parts that somebody has unpacked already."""
        self._daten, self._eintraege, self._gelesen = daten, eintraege, gelesen
        self.namen = tuple(eintraege)

    def lies(self, name: str) -> bytes:
        """Return a part, its ASCII as it is. The gates saw its size; zipfile would take three times as long."""
        if name in self._gelesen:
            return _ascii(self._gelesen[name])
        eintrag = self._eintraege.get(name)
        if eintrag is None:
            return b""
        ab = eintrag.header_offset + 30
        ab += sum(int.from_bytes(self._daten[n : n + 2], "little") for n in (ab - 4, ab - 2))
        daten = self._daten[ab : ab + eintrag.compress_size]
        if eintrag.compress_type == zipfile.ZIP_DEFLATED:
            try:
                daten = zlib.decompressobj(-15).decompress(daten, eintrag.file_size + 1)  # no more than declared
            except zlib.error:
                return b""
        return _ascii(daten)

    def text(self, name: str) -> str:
        """Return a part as text, at most 2 MB."""
        return self.lies(name)[:_HOECHSTER_TEXT].decode("utf-8", "replace")

    def beziehungen(self, name: str) -> Iterator[dict[str, str]]:
        """Yield Type, Target and TargetMode of each relationship in a `.rels` part."""
        leer = {"Type": "", "Target": "", "TargetMode": ""}
        for treffer in _BEZIEHUNG.finditer(self.text(name)):
            yield leer | dict(_WERT.findall(treffer[1]))


def _ascii(daten: bytes) -> bytes:
    return daten.decode("utf-16", "replace").encode() if daten[:2] in _UTF16 else daten


def teilname(name: str) -> str:
    """Return a part's name as it is compared: some programs write backslashes, case does not matter.

    >>> teilname("/xl/vbaProject.bin")
    'xl/vbaproject.bin'
    """
    return name.replace("\\", "/").lstrip("/").lower()
