"""An e-mail as Outlook saves it (.msg, MS-OXMSG): its day, its sender and its parts; the container by olefile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from io import BytesIO

from olefile.olefile import OleDirectoryEntry, OleFileIO

from krs.ablage.post import eml
from krs.ablage.post.teil import HOECHSTE_ANHAENGE, HOECHSTE_EINTRAEGE, OUTLOOK, Teil, Vorrat, sauber
from krs.ablage.post.weg import Weg

_TEXT, _TEXT_ALT, _BINAER, _ZEIT, _ZAHL, _OBJEKT = "001F", "001E", "0102", "0040", "0003", "000D"
_UNGESENDET = 0x8
_MAIL, _VERWEIS = 5, 7  # how something is attached: an e-mail; a link to a cloud
_KOEPFE = {"mail": 32, "innen": 24, "anhang": 8}  # bytes before the fixed properties
_ANFANG = datetime(1601, 1, 1, tzinfo=UTC)


def oeffne(daten: bytes, vorrat: Vorrat) -> Nachricht:
    """Return the e-mail. Raises: those of `DEFEKT`: damaged, or made so as to take time and memory."""
    if not _glaubhaft(daten):
        raise ValueError
    behaelter = _Behaelter(BytesIO(daten))  # type: ignore[no-untyped-call]
    if not vorrat.nimm_eintraege(behaelter.geladen):
        raise ValueError
    wurzel = behaelter.root
    if wurzel is None or wurzel.size > len(daten):
        raise ValueError
    return Nachricht(_Speicher(behaelter, wurzel, _KOEPFE["mail"], vorrat))


def _glaubhaft(daten: bytes) -> bool:
    """Return False for a header that declares more than the file can hold: olefile takes its word."""
    zahlen = [int.from_bytes(daten[ort : ort + 4], "little") for ort in (44, 64, 72)]
    sektor, klein = (int.from_bytes(daten[ort : ort + 2], "little") for ort in (30, 32))
    if sektor not in (9, 12) or klein != 6 or any(n << sektor > len(daten) for n in zahlen):
        return False
    return zahlen[0] <= 2 + 2 * len(daten) // (1 << 2 * sektor - 2)  # olefile takes time by the square of the tables


class _Behaelter(OleFileIO):
    """A container with a bounded directory."""

    geladen = 0

    def _load_direntry(self, sid: int) -> OleDirectoryEntry:
        self.geladen += 1
        if self.geladen > HOECHSTE_EINTRAEGE:
            raise ValueError
        eintrag: OleDirectoryEntry = super()._load_direntry(sid)  # type: ignore[no-untyped-call]
        return eintrag


class _Speicher:
    """One folder of the container: an e-mail or an attachment, with its properties."""

    def __init__(self, ole: _Behaelter, ordner: OleDirectoryEntry, kopf: int, vorrat: Vorrat) -> None:
        self._ole, self._ordner, self._kopf, self._vorrat = ole, ordner, kopf, vorrat

    def strom(self, name: str) -> bytes:
        """Return the bytes of a stream, empty without one. Raises: ValueError: more than is left to unpack."""
        eintrag = self._ordner.kids_dict.get(name.lower())
        if eintrag is None or not eintrag.size:
            return b""
        if not self._vorrat.nimm(eintrag.size):
            raise ValueError
        daten: bytes = self._ole._open(eintrag.isectStart, eintrag.size).read()  # type: ignore[no-untyped-call]
        return daten

    def ordner(self, name: str, kopf: int) -> _Speicher | None:
        """Return a folder in this one."""
        eintrag = self._ordner.kids_dict.get(name.lower())
        return None if eintrag is None else _Speicher(self._ole, eintrag, kopf, self._vorrat)

    def anhaenge(self) -> Iterator[_Speicher]:
        """Yield the folders of the attachments, in the order of Outlook, one more than is read."""
        namen = sorted(n for n in self._ordner.kids_dict if n.startswith("__attach_version1.0_#"))
        for name in namen[: HOECHSTE_ANHAENGE + 1]:
            if anhang := self.ordner(name, _KOEPFE["anhang"]):
                yield anhang

    @cached_property
    def _feste(self) -> dict[str, bytes]:
        daten = self.strom(OUTLOOK)
        stuecke = (daten[ort : ort + 16] for ort in range(self._kopf, len(daten) - 15, 16))
        return {f"{int.from_bytes(s[:4], 'little'):08X}": s[8:] for s in stuecke}

    def zahl(self, nummer: str) -> int:
        """Return a number, 0 without one."""
        return int.from_bytes(self._feste.get(f"{nummer}{_ZAHL}", b"")[:4], "little")

    def zeit(self, nummer: str) -> datetime | None:
        """Return a point in time."""
        zehntel = int.from_bytes(self._feste.get(f"{nummer}{_ZEIT}", b""), "little") // 10
        return _ANFANG + timedelta(microseconds=zehntel) if zehntel else None

    def binaer(self, nummer: str) -> bytes:
        """Return bytes."""
        return self.strom(f"__substg1.0_{nummer}{_BINAER}")

    def text(self, nummer: str) -> str:
        """Return a text."""
        if weit := self.strom(f"__substg1.0_{nummer}{_TEXT}"):
            return weit.decode("utf-16-le", "replace").rstrip("\0")
        return self.strom(f"__substg1.0_{nummer}{_TEXT_ALT}").decode("cp1252", "replace").rstrip("\0")


class Nachricht:
    """An e-mail; what is asked of it may raise one of `DEFEKT`."""

    def __init__(self, speicher: _Speicher) -> None:
        self._s = speicher

    @property
    def entwurf(self) -> bool:
        """True if it was never sent."""
        return bool(self._s.zahl("0E07") & _UNGESENDET)

    @property
    def eingang(self) -> date | None:
        """The day of delivery, else that of the topmost Received, else of Date or sending."""
        gesendet = self._s.zeit("0039")
        return self.zugestellt or eml.eingang(self._kopfzeilen) or (gesendet and eml.tag_von(gesendet))

    @property
    def zugestellt(self) -> date | None:
        """The day of delivery, else that of the topmost Received."""
        zeit = self._s.zeit("0E06")
        return (zeit and eml.tag_von(zeit)) or eml.empfangen(self._kopfzeilen)

    @property
    def absender(self) -> str:
        """The address it came from, in lower case; empty without one."""
        kandidaten = (self._s.text(n) for n in ("5D02", "5D01", "0065", "0C1F"))  # X.500 of Exchange is none
        return next((a for a in map(eml.adresse, kandidaten) if a), "") or eml.absender(self._kopfzeilen)

    @property
    def weg(self) -> Weg:
        """What its header says about its way, as `eml.weg`."""
        return replace(eml.weg(eml.kopfzeilen(self._kopfzeilen)), absender=self.absender)

    @property
    def _kopfzeilen(self) -> bytes:
        return self._s.text("007D").encode("utf-8", "replace")

    def teile(self) -> Iterator[Teil]:
        """Yield its text and its attachments; those of an e-mail that is attached, in its place."""
        yield Teil("", "text/plain", False, self._s.text("1000").encode("utf-8", "replace"))
        yield Teil("", "text/html", False, self._s.binaer("1013") or self._s.text("1013").encode("utf-8", "replace"))
        for anhang in self._s.anhaenge():
            innen = anhang.ordner(f"__substg1.0_3701{_OBJEKT}", _KOEPFE["innen"])
            if anhang.zahl("3705") == _MAIL and innen is not None:
                inneres = Nachricht(innen)
                yield from (replace(t, wege=(inneres.weg, *t.wege)) for t in inneres.teile())
            else:
                yield _teil(anhang)


def _teil(anhang: _Speicher) -> Teil:
    name = sauber(anhang.text("3707") or anhang.text("3704") or anhang.text("3001"))
    if anhang.zahl("3705") == _VERWEIS:
        return Teil("", "text/plain", False, (anhang.text("370D") + " ").encode("utf-8", "replace"))
    versteckt = bool(anhang._feste.get("7FFE000B", b"\0")[0])
    return Teil(name, anhang.text("370E").lower(), not versteckt, anhang.binaer("3701"))
