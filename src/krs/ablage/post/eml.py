"""An e-mail as a file (.eml): its day of receipt, its sender and its parts (entwurf 1, 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import format_datetime, getaddresses, parsedate_to_datetime
from zoneinfo import ZoneInfo

from krs.ablage.post.teil import DEFEKT, HOECHSTE_GROESSE, Teil, sauber
from krs.ablage.post.weg import Stempel, Weg, server_aus

_HOECHSTE_ZEILEN = 2_000_000
_HOECHSTE_TEILE = 10_000
_HOECHSTER_AUFWAND = 50_000_000  # lines × boundaries: the parser compares each line with all open boundaries
_KOPF = 1024 * 1024
_LAENGSTES_FELD = 10_000
_MEISTE_STEMPEL = 50
_ADRESSE = re.compile(r"[^\s@<>\"',;:()]{1,64}@[^\s@<>\"',;:()]{1,180}\.\w{2,63}")


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


def ist_entwurf(daten: bytes) -> bool:
    """Tell whether an e-mail was never sent, as our own drafts."""
    return kopfzeilen(daten).get("X-Unsent", "").strip() == "1"


def zu_viel(daten: bytes) -> str:
    """Return why an e-mail is not unpacked: size, or a structure that no program for e-mails makes."""
    if len(daten) > HOECHSTE_GROESSE:
        return "über 40 MB"
    zeilen = max(daten.count(b"\n"), daten.count(b"\r"))
    if zeilen > _HOECHSTE_ZEILEN or daten.count(b"\n--") > 2 * _HOECHSTE_TEILE:
        return "zu viele Teile"
    return "zu tief verschachtelt" if zeilen * daten.lower().count(b"boundary") > _HOECHSTER_AUFWAND else ""


def kopfzeilen(daten: bytes) -> Message:
    """Return the header of an e-mail."""
    return BytesHeaderParser(policy=_REGEL).parsebytes(daten[:_KOPF])


def absender(daten: bytes) -> str:
    """Return the address that an e-mail came from (From), in lower case; empty for none, several or what is none."""
    return _absender(kopfzeilen(daten))


def _absender(kopf: Message) -> str:
    try:
        adressen = [a for _, a in getaddresses([str(kopf.get("From", ""))])]
    except DEFEKT:
        return ""
    return adresse(adressen[0]) if len(adressen) == 1 else ""


def adresse(text: str) -> str:
    """Return an address in lower case, empty if it is none."""
    klein = text.strip().lower()
    return klein if _ADRESSE.fullmatch(klein) and klein.isprintable() else ""


# --- day of receipt -------------------------------------------------------------------------
def eingang(daten: bytes) -> date | None:
    """Return the day of the topmost Received, else of Date, as the calendar in Switzerland had it."""
    return empfangen(daten) or _tag(str(kopfzeilen(daten).get("Date", "")))


def empfangen(daten: bytes) -> date | None:
    """Return the day of the topmost Received alone: Date is what the sender writes."""
    return _tag(str(kopfzeilen(daten).get("Received", "")).rpartition(";")[2])


def weg(kopf: Message) -> Weg:
    """Return what the header of an attached e-mail says about its way."""
    zeilen = [str(z) for z in kopf.get_all("Received", ())[:_MEISTE_STEMPEL]]
    stempel = [Stempel(server_aus(z), _tag(z.rpartition(";")[2])) for z in zeilen]
    if tag := _tag(str(kopf.get("Date", ""))):
        stempel.append(Stempel("", tag))
    return Weg(_erste_adresse(str(kopf.get("To", ""))), tuple(stempel), absender=_absender(kopf))


def _erste_adresse(text: str) -> str:
    try:
        return next((a for _, roh in getaddresses([text]) if (a := adresse(roh))), "")
    except DEFEKT:
        return ""


def tag_von(zeit: datetime) -> date | None:
    """Return the day of a point in time, as `eingang`."""
    return _tag(format_datetime(zeit))


def _tag(text: str) -> date | None:
    """Return the Swiss day of a time such as «Wed, 31 Jul 2024 23:30:00 +0000», None for anything else."""
    zone = ZoneInfo("Europe/Zurich")  # outside of try: without the package tzdata no day would be right
    try:
        zeit = parsedate_to_datetime(text)
        zeit = zeit if zeit.tzinfo else zeit.replace(tzinfo=UTC)
        tag = zeit.astimezone(zone).date()
    except DEFEKT:
        return None
    return tag if 2000 <= tag.year <= 2100 else None


# --- parts ----------------------------------------------------------------------------------
def teile(daten: bytes) -> Iterator[Teil]:
    """Yield the parts in their order, those of an e-mail that was attached in its place, with its way."""
    offen: list[tuple[Message, tuple[Weg, ...]]] = [(message_from_bytes(daten, policy=_REGEL), ())]
    while offen:
        nachricht, wege = offen.pop()
        if nachricht.is_multipart():
            innen = [m for m in nachricht.get_payload() if isinstance(m, Message)]
            weiter = nachricht.get_content_type() == "message/rfc822"
            if not (weiter and "content-transfer-encoding" in nachricht):
                offen += [(m, (*wege, weg(m)) if weiter else wege) for m in reversed(innen)]
                continue
            nachricht = _verpackt(nachricht, innen)
        yield replace(_teil(nachricht), wege=wege)


def _verpackt(huelle: Message, innen: list[Message]) -> Message:
    """Return an e-mail that was attached in base64: the parser took its lines for a text without header."""
    ergebnis = Message(policy=_REGEL)
    ergebnis["Content-Type"] = "message/rfc822"
    ergebnis["Content-Transfer-Encoding"] = str(huelle["Content-Transfer-Encoding"])
    ergebnis.set_payload(innen[0].as_string() if innen else "")
    return ergebnis


def _teil(nachricht: Message) -> Teil:
    typ = nachricht.get_content_type()
    angehaengt = str(nachricht.get("Content-Disposition", "")).lower().startswith("attachment")
    name = _name(nachricht) or ("winmail.dat" if typ == "application/ms-tnef" else "")
    return Teil(name, typ, angehaengt, _inhalt(nachricht))


def _inhalt(nachricht: Message) -> bytes:
    daten = nachricht.get_payload(decode=True)
    return daten if isinstance(daten, bytes) else b""


# --- names ----------------------------------------------------------------------------------
def _name(nachricht: Message) -> str:
    """Return the name of an attachment as it can be shown, empty if it has none."""
    try:
        return sauber(_entschluesselt(nachricht.get_filename() or ""))
    except DEFEKT:
        return ""


def _entschluesselt(name: str) -> str:
    """Return a name that was written like a subject, «=?utf-8?Q?…?=» (RFC 2047)."""
    if "=?" not in name:
        return name
    try:
        stuecke = decode_header(name)
        return "".join(t if isinstance(t, str) else t.decode(satz or "latin-1", "replace") for t, satz in stuecke)
    except DEFEKT:
        return name
