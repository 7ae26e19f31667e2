"""`winmail.dat` (TNEF): the attachments that Exchange packs for other mail programs (MS-OXTNEF, Entscheid 45)."""

from __future__ import annotations

from collections.abc import Iterator

from krs.ablage.post.teil import Teil, Vorrat, sauber

ANFANG = bytes.fromhex("789f3e22")
_NEU, _NAME, _DATEN = 0x9002, 0x8010, 0x800F
_KOPF, _SUMME = 9, 2  # level, number and length before each attribute, a checksum behind it


def teile(huelle: Teil, vorrat: Vorrat) -> Iterator[Teil]:
    """Yield the attachments; an e-mail inside, or what is cut off, as not opened."""
    name, inhalt, begonnen = "", b"", False
    for nummer, daten in (*_angaben(huelle.daten), (_NEU, b"")):
        if nummer == _NEU:
            if begonnen and inhalt and vorrat.nimm(len(inhalt)):
                yield Teil(name, "", True, inhalt)
            elif begonnen:
                yield huelle.ohne("E-22", "ein Anhang steckt in «winmail.dat», einem Format von Outlook")
            name, inhalt, begonnen = "", b"", True
        elif nummer == _NAME:
            name = sauber(daten.decode("cp1252", "replace").rstrip("\0"))
        elif nummer == _DATEN:
            inhalt = daten


def _angaben(daten: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and value of each attribute; what is cut off has no value."""
    ort = len(ANFANG) + 2
    while ort + _KOPF <= len(daten):
        nummer = int.from_bytes(daten[ort + 1 : ort + 3], "little")
        ende = ort + _KOPF + int.from_bytes(daten[ort + 5 : ort + 9], "little")
        yield nummer, daten[ort + _KOPF : ende] if ende <= len(daten) else b""
        ort = ende + _SUMME
