"""An e-mail dropped into Eingang/: its day of receipt and the workbooks attached to it (entwurf 1, 6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

HOECHSTE_GROESSE = 40 * 1024 * 1024
HOECHSTE_ANHAENGE = 200
_HOECHSTE_ZEILEN = 2_000_000
_HOECHSTE_TEILE = 10_000
_HOECHSTER_AUFWAND = 50_000_000  # lines × boundaries: the parser compares each line with all open boundaries
_TIEFE = 20  # e-mails in e-mails that came as a file
_KOPF = 1024 * 1024
_LAENGSTES_FELD = 10_000
_LAENGSTER_NAME = 120

_MAPPEN = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".numbers", ".csv"})
_ANDERE = frozenset({".docx", ".docm", ".doc", ".dotx", ".odt", ".pptx", ".ppt", ".odp", ".pages", ".key", ".msg"})
_BILDER = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".webp", ".ico", ".emf", ".wmf"})
_BEIWERK = frozenset({".ics", ".p7s", ".vcf", ".asc", ".sig"})  # appointment, signature, visiting card
_BEIWERK_TYPEN = frozenset({
    "text/calendar", "text/vcard", "text/x-vcard",
    "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature",
})  # fmt: skip
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDUNGEN = {_ZIP: ".xlsx", _OLE: ".xls", b"%PDF": ".pdf"}
_DEFEKT = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError, MessageError)


@dataclass(frozen=True, slots=True)
class Anhang:
    """One attachment; its name is one line without a path and stands once in the e-mail."""

    name: str
    daten: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What an e-mail brings. `grund` says, as E-10 does, why not all of it was read."""

    eingang: date | None
    anhaenge: tuple[Anhang, ...]
    grund: str = ""


@dataclass(frozen=True, slots=True)
class _Teil:
    name: str
    typ: str
    angehaengt: bool
    daten: bytes

    @property
    def endung(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    @property
    def mappe(self) -> bool:
        """True if it is a workbook by its name or, where the name says nothing else, by its first bytes."""
        return self.endung in _MAPPEN or (self.daten.startswith((_ZIP, _OLE)) and self.endung not in _ANDERE)

    @property
    def beilage(self) -> bool:
        """True for what somebody attached; not the text, pictures, signatures and appointments."""
        if self.typ in _BEIWERK_TYPEN or self.typ.startswith("image/") or self.endung in _BILDER | _BEIWERK:
            return False
        return self.angehaengt or bool(self.name) or not self.typ.startswith(("text/", "multipart/"))


class _Felder(Compat32):
    """Header fields as bounded text. The stricter policies parse them, which hostile ones make slow or fail."""

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 as in the base class
        roh = value[:_LAENGSTES_FELD].encode("utf-8", "surrogateescape")
        try:
            text = roh.decode()
        except UnicodeDecodeError:
            text = roh.decode("cp1252", "replace")
        return re.sub(r"[\r\n]+[ \t]*", " ", text).strip()


_REGEL = _Felder()


def lies_mail(daten: bytes) -> Mail:
    """Return the day of receipt and the submissions of an e-mail (.eml); nothing in it stops us.

    The day is that of the topmost Received, else of Date, as the calendar in Switzerland had it. If a workbook is
    attached, workbooks alone are returned, else the other attachments, so that the reader can name them. E-mails
    that were attached are opened; what is attached to them counts, their days do not.
    """
    daten = daten.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    eingang, grund = _eingang(daten), _zu_viel(daten)
    if grund:
        return Mail(eingang, (), grund)
    try:
        teile = list(_teile(daten, _TIEFE))
    except _DEFEKT:
        return Mail(eingang, (), "zu tief verschachtelt")
    gewaehlt = [t for t in teile if t.mappe] or [t for t in teile if t.beilage]
    grund = f"mehr als {HOECHSTE_ANHAENGE} Anhänge" if len(gewaehlt) > HOECHSTE_ANHAENGE else ""
    return Mail(eingang, tuple(_benannt(gewaehlt[:HOECHSTE_ANHAENGE])), grund)


def ist_entwurf(daten: bytes) -> bool:
    """Tell whether an e-mail was never sent, as our own drafts."""
    return BytesHeaderParser(policy=_REGEL).parsebytes(daten[:_KOPF]).get("X-Unsent", "").strip() == "1"


def _zu_viel(daten: bytes) -> str:
    """Return why an e-mail is not unpacked: size, or a structure that no program for e-mails makes."""
    if len(daten) > HOECHSTE_GROESSE:
        return "über 40 MB"
    zeilen = max(daten.count(b"\n"), daten.count(b"\r"))
    if zeilen > _HOECHSTE_ZEILEN or daten.count(b"\n--") > 2 * _HOECHSTE_TEILE:
        return "zu viele Teile"
    return "zu tief verschachtelt" if zeilen * daten.lower().count(b"boundary") > _HOECHSTER_AUFWAND else ""


# --- day of receipt -------------------------------------------------------------------------
def _eingang(daten: bytes) -> date | None:
    kopf = BytesHeaderParser(policy=_REGEL).parsebytes(daten[:_KOPF])
    return _tag(str(kopf.get("Received", "")).rpartition(";")[2]) or _tag(str(kopf.get("Date", "")))


def _tag(text: str) -> date | None:
    """Return the Swiss day of a time such as «Wed, 31 Jul 2024 23:30:00 +0000», None for anything else."""
    zone = ZoneInfo("Europe/Zurich")  # outside of try: without the package tzdata no day would be right
    try:
        zeit = parsedate_to_datetime(text)
        zeit = zeit if zeit.tzinfo else zeit.replace(tzinfo=UTC)
        tag = zeit.astimezone(zone).date()
    except _DEFEKT:
        return None
    return tag if 2000 <= tag.year <= 2100 else None


# --- parts ----------------------------------------------------------------------------------
def _teile(daten: bytes, tiefe: int) -> Iterator[_Teil]:
    """Yield the parts that hold no others, in their order."""
    offen: list[Message] = [message_from_bytes(daten, policy=_REGEL)]
    while offen:
        nachricht = offen.pop()
        if nachricht.is_multipart():
            innen = [m for m in nachricht.get_payload() if isinstance(m, Message)]
            if nachricht.get_content_type() != "message/rfc822" or "content-transfer-encoding" not in nachricht:
                offen += reversed(innen)
                continue
            nachricht = _verpackt(nachricht, innen)
        teil = _teil(nachricht)
        if tiefe and (teil.endung == ".eml" or teil.typ == "message/rfc822"):
            yield from _teile(teil.daten, tiefe - 1)
        else:
            yield teil


def _verpackt(huelle: Message, innen: list[Message]) -> Message:
    """Return an e-mail that was attached in base64: the parser took its lines for a text without header."""
    ergebnis = Message(policy=_REGEL)
    ergebnis["Content-Type"] = "message/rfc822"
    ergebnis["Content-Transfer-Encoding"] = str(huelle["Content-Transfer-Encoding"])
    ergebnis.set_payload(innen[0].as_string() if innen else "")
    return ergebnis


def _teil(nachricht: Message) -> _Teil:
    typ = nachricht.get_content_type()
    angehaengt = str(nachricht.get("Content-Disposition", "")).lower().startswith("attachment")
    name = _name(nachricht) or ("winmail.dat" if typ == "application/ms-tnef" else "")
    return _Teil(name, typ, angehaengt, _inhalt(nachricht))


def _inhalt(nachricht: Message) -> bytes:
    daten = nachricht.get_payload(decode=True)
    return daten if isinstance(daten, bytes) else b""


# --- names ----------------------------------------------------------------------------------
def _name(nachricht: Message) -> str:
    """Return the name of an attachment as it can be shown, empty if it has none."""
    try:
        roh = _entschluesselt(nachricht.get_filename() or "")
    except _DEFEKT:
        return ""
    letzter = re.split(r"[/\\]", unicodedata.normalize("NFC", roh))[-1]
    name = "".join(c if c.isprintable() else "�" for c in " ".join(letzter.split())).rstrip(". ")
    if len(name) <= _LAENGSTER_NAME:
        return name
    endung = PurePosixPath(name).suffix
    endung = endung if len(endung) <= 10 else ""
    return name[: _LAENGSTER_NAME - len(endung)] + endung


def _entschluesselt(name: str) -> str:
    """Return a name that was written like a subject, «=?utf-8?Q?…?=» (RFC 2047)."""
    if "=?" not in name:
        return name
    try:
        teile = decode_header(name)
        return "".join(t if isinstance(t, str) else t.decode(satz or "latin-1", "replace") for t, satz in teile)
    except _DEFEKT:
        return name


def _benannt(teile: Iterable[_Teil]) -> Iterator[Anhang]:
    """Yield the attachments, each with a name of its own: «Anhang 1.xlsx» without one, «a (2).xlsx» for a second."""
    vergeben: set[str] = set()
    for nummer, teil in enumerate(teile, start=1):
        endung = next((e for anfang, e in _ENDUNGEN.items() if teil.daten.startswith(anfang)), "")
        name = PurePosixPath(teil.name or f"Anhang {nummer}{endung}")
        eigener, weitere = name.name, 1
        while eigener.casefold() in vergeben:
            weitere += 1
            eigener = f"{name.stem} ({weitere}){name.suffix}"
        vergeben.add(eigener.casefold())
        yield Anhang(eigener, teil.daten)
