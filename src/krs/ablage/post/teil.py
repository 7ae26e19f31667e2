"""What an envelope brings: parts, what of them could not be opened, and the limits for all of it together."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from email.errors import MessageError
from pathlib import PurePosixPath

from krs.ablage.post.weg import Weg

HOECHSTE_GROESSE = 40_000_000  # bytes of one envelope, and of all that is unpacked from it
HOECHSTE_ANHAENGE = 200
HOECHSTE_EINTRAEGE = 5_000  # of the directories of archives and Outlook files, all together
_LAENGSTER_NAME = 120

MAPPEN = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".numbers", ".csv"})
_ANDERE = frozenset({".docx", ".docm", ".doc", ".dotx", ".odt", ".pptx", ".ppt", ".odp", ".pages", ".key", ".msg"})
_BILDER = frozenset({
    ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".webp", ".ico", ".emf", ".wmf", ".heic", ".tif", ".tiff",
})  # fmt: skip
_FOTO = 50_000  # bytes; below it is a logo
_BEIWERK = frozenset({".ics", ".p7s", ".vcf", ".asc", ".sig"})  # appointment, signature, visiting card
_BEIWERK_TYPEN = frozenset({
    "text/calendar", "text/vcard", "text/x-vcard",
    "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature",
    "application/pgp-encrypted",
})  # fmt: skip
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OUTLOOK = "__properties_version1.0"  # the stream that makes an OLE file an e-mail
DEFEKT = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, MessageError, OSError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Anhang:
    """One attachment; its name is one line, without a path but for the archive it lay in, and stands once.

    `wege`: the e-mails inside the outer one that carried it, the outermost first.
    """

    name: str
    daten: bytes
    wege: tuple[Weg, ...] = ()


@dataclass(frozen=True, slots=True)
class Mangel:
    """What could not be opened: the code of its Befund, the reason there, and the part's name (empty: all of it)."""

    code: str
    grund: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """What an envelope brings. `grund` says, as E-22 does, why not all of it was read.

    `absender` is the address of the outer e-mail, in lower case; empty if it names none or several. `behauptet`: its
    day is only what its sender wrote; no line says that a server took it. `daneben`: names of what was attached beside
    workbooks, and is not read.
    """

    eingang: date | None
    anhaenge: tuple[Anhang, ...]
    grund: str = ""
    maengel: tuple[Mangel, ...] = ()
    absender: str = ""
    behauptet: bool = field(default=False, compare=False)
    daneben: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Teil:
    """One part that holds no others, or one that could not be opened (`mangel`)."""

    name: str
    typ: str
    angehaengt: bool
    daten: bytes
    mangel: Mangel | None = None
    wege: tuple[Weg, ...] = ()

    @property
    def endung(self) -> str:
        """The ending of its name, in lower case."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def mappe(self) -> bool:
        """True if it is a workbook by its name or, where the name says nothing else, by its first bytes."""
        if self.mangel:
            return False
        return self.endung in MAPPEN or (self.daten.startswith((ZIP, OLE)) and self.endung not in _ANDERE)

    @property
    def outlook(self) -> bool:
        """True for an e-mail of Outlook, whatever it is called."""
        return self.daten.startswith(OLE) and OUTLOOK.encode("utf-16-le") in self.daten

    @property
    def beilage(self) -> bool:
        """True for what somebody attached; not the text, pictures, signatures and appointments."""
        if self.mangel or self._bild or self.typ in _BEIWERK_TYPEN or self.endung in _BEIWERK:
            return False
        return self.angehaengt or bool(self.name) or not self.typ.startswith(("text/", "multipart/"))

    @property
    def foto(self) -> bool:
        """True for a picture that may show a form."""
        return self._bild and len(self.daten) >= _FOTO

    @property
    def _bild(self) -> bool:
        return self.typ.startswith("image/") or self.endung in _BILDER

    def ohne(self, code: str, grund: str) -> Teil:
        """Return this part as one that could not be opened."""
        return replace(self, daten=b"", mangel=Mangel(code, grund, self.name))


class Vorrat:
    """How much may still be unpacked from one envelope, over all levels."""

    def __init__(self) -> None:
        self._bytes, self._eintraege = HOECHSTE_GROESSE, HOECHSTE_EINTRAEGE

    def nimm(self, anzahl: int) -> bool:
        """Take so many bytes; False if they are not left."""
        reicht = anzahl <= self._bytes
        self._bytes -= anzahl if reicht else 0
        return reicht

    def nimm_eintraege(self, anzahl: int) -> bool:
        """Take so many entries of a directory; False if they are not left."""
        reicht = anzahl <= self._eintraege
        self._eintraege -= anzahl if reicht else 0
        return reicht


def sauber(roh: str) -> str:
    """Return the last part of a name as it can be shown, in one line and not too long.

    >>> sauber("../C:\\\\Daten\\\\Ol\\u202eten.xlsx. ")
    'Ol�ten.xlsx'
    """
    letzter = re.split(r"[/\\]", unicodedata.normalize("NFC", roh))[-1]
    name = "".join(c if c.isprintable() else "�" for c in " ".join(letzter.split())).rstrip(". ")
    if len(name) <= _LAENGSTER_NAME:
        return name
    endung = PurePosixPath(name).suffix
    endung = endung if len(endung) <= 10 else ""
    return name[: _LAENGSTER_NAME - len(endung)] + endung
