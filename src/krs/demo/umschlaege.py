"""Envelopes of the demo: mails with a right and a wrong clock, a forwarded one, one of Outlook, an archive."""

from __future__ import annotations

import struct
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from krs.export.mail import entwurf

KOLLEGIN = "kollegin@so.example"
_ENDE, _KEINER, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SEKTOR = 512


def gepackt(name: str, daten: bytes) -> bytes:
    """Return an archive with one form; without a clock, so that two demos are equal."""
    puffer = BytesIO()
    with ZipFile(puffer, "w") as archiv:
        archiv.writestr(ZipInfo(name), daten)
    return puffer.getvalue()


def mail(am: date, name: str, daten: bytes, gemeinde: str, an: str = "start.integration@so.example") -> bytes:
    """Return the e-mail as the canton's server saved it: its Received says when it came."""
    text = f"Guten Tag\n\nAnbei das Formular von {gemeinde}.\n\nFreundliche Grüsse\n"
    kopf = f"Received: from mail.example by so.example; {format_datetime(_zeit(am))}\r\n"
    brief = entwurf([an], f"Formular {gemeinde}", text, [(name, daten)])
    return kopf.encode() + brief.replace(b"X-Unsent: 1\r\n", b"", 1)  # it was sent


def weitergeleitet(am: date, innen: bytes, gemeinde: str) -> bytes:
    """Return the e-mail with which a colleague of the canton passes another one on."""
    return mail(am, "Formular.eml", innen, gemeinde).replace(b"Received:", f"From: {KOLLEGIN}\r\nReceived:".encode(), 1)


def outlook(am: date, name: str, daten: bytes, absender: str) -> bytes:
    """Return an e-mail of Outlook (.msg): the least container that holds day, sender and one attachment (MS-CFB).

    Every stream has 4096 bytes or more, so that it needs no second store for small ones.
    """
    zugestellt = int((_zeit(am) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10**7
    teile = (  # name, kind, bytes, next in the same folder, first in it
        ("Root Entry", 5, b"", _KEINER, 1),
        ("__properties_version1.0", 2, bytes(32) + struct.pack("<IIQ", 0x0E060040, 6, zugestellt), 2, _KEINER),
        ("__substg1.0_5D01001F", 2, absender.encode("utf-16-le"), 3, _KEINER),
        ("__attach_version1.0_#00000000", 1, b"", _KEINER, 4),
        ("__properties_version1.0", 2, bytes(8) + struct.pack("<IIQ", 0x37050003, 6, 1), 5, _KEINER),
        ("__substg1.0_3707001F", 2, name.encode("utf-16-le"), 6, _KEINER),
        ("__substg1.0_37010102", 2, daten, _KEINER, _KEINER),
    )
    tabelle, sektoren, verzeichnis = list[int](), b"", b""
    for titel, art, inhalt, weiter, kind in teile:
        strom, lang = inhalt.ljust(4096, b"\0") if art == 2 else b"", titel.encode("utf-16-le")
        verzeichnis += struct.pack("<64sHBBIII36x", lang, len(lang) + 2, art, 1, _KEINER, weiter, kind)
        verzeichnis += struct.pack("<IQ", len(tabelle) if strom else _ENDE, len(strom))
        sektoren += _lege(tabelle, strom)
    ort = len(tabelle)
    sektoren += _lege(tabelle, verzeichnis)
    tabelle.append(_FAT)
    sektoren += struct.pack(f"<{len(tabelle)}I", *tabelle).ljust(_SEKTOR, b"\xff")
    kopf = struct.pack("<8s16x5H6x", bytes.fromhex("D0CF11E0A1B11AE1"), 62, 3, 0xFFFE, 9, 6)
    kopf += struct.pack("<10I", 0, 1, ort, 0, 4096, _ENDE, 0, _ENDE, 0, len(tabelle) - 1)
    return kopf.ljust(_SEKTOR, b"\xff") + sektoren


def _lege(tabelle: list[int], strom: bytes) -> bytes:
    """Return a stream in whole sectors and chain them in the table."""
    anzahl, beginn = -(-len(strom) // _SEKTOR), len(tabelle)
    tabelle += [*range(beginn + 1, beginn + anzahl), _ENDE][:anzahl]
    return strom.ljust(anzahl * _SEKTOR, b"\0")


def _zeit(tag: date) -> datetime:
    return datetime.combine(tag, time(9, 12), UTC)
