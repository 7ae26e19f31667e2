"""The gate before any parser: every limit that a workbook must keep, in one place (entwurf 6).

The limits follow from measurement: the worst that passes them is read in about 1 second and with 200 MB.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from krs.mappen.lesen import fremd
from krs.mappen.lesen.abgewiesen import Abgewiesen

MB = 1_000_000
HOECHSTE_DATEI = 20 * MB  # bytes; a filled form has about 20,000
HOECHSTE_TEILE = 5_000  # a form has 12
HOECHSTE_ZUSAETZE = 100_000  # bytes of extra fields, all parts together: zipfile takes time by their square
HOECHSTE_PACKUNG = 300  # times; sheets reach 10, and no deflate more than 1032
HOECHSTER_TEXT = 32_767  # characters; more no cell of Excel holds, and no Master could show
HARMLOS = 1 * MB  # bytes unpacked, pictures apart: read in less than half a second, whatever they are
DEFEKT = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)

_UNGEZAEHLT = 100_000  # bytes
_UEBLICH = (b'<?xml version="1.0" encoding="UTF-8"', b"<?xml version='1.0' encoding='UTF-8'")
_EINTRAG = b"PK\x01\x02"  # begins every entry of an archive's directory
_DOCTYPE = tuple("<!DOCTYPE".encode(k) for k in ("ascii", "utf-16-le", "utf-16-be"))
_KODIERUNG = re.compile(rb"""[^>]*?\sencoding\s*=\s*["']([\w.-]*)["'][^>]*\?>""")
_KODIERUNGEN = frozenset(
    {b"utf-8", b"utf8", b"utf-16", b"utf-16le", b"utf-16be", b"us-ascii", b"iso-8859-1", b"windows-1252"}
)


class Grenzen(NamedTuple):
    """What one workbook may hold."""

    inhalt: int  # bytes unpacked, all parts together, as declared
    gelesen: int  # bytes unpacked, the parts that are parsed
    knoten: int  # elements and attributes, the parts that are parsed: at most 320 bytes of memory each


FORMULAR = Grenzen(inhalt=60 * MB, gelesen=20 * MB, knoten=600_000)  # a form: 0.1 MB, 7,000
EIGENE = Grenzen(inhalt=200 * MB, gelesen=120 * MB, knoten=10_000_000)  # Master of 1,070 municipalities: 12 MB, 2 M


def archiv(daten: bytes, datei: str, schranke: Schranke) -> zipfile.ZipFile:
    """Return the archive that a workbook is. Raises: Abgewiesen: E-01 to E-04, E-10 to E-12, E-14."""
    schranke.datei(daten, datei)
    try:
        zip_ = zipfile.ZipFile(BytesIO(daten))
    except DEFEKT as fehler:
        raise Abgewiesen("E-04", grund="das Archiv ist unvollständig") from fehler
    schranke.eintraege(zip_.infolist())
    return zip_


def _verzeichnis(daten: bytes) -> tuple[int, int]:
    """Return how many parts an archive declares, and the bytes of their extra fields; what looks like one counts."""
    teile = zusaetze = 0
    ort = daten.find(_EINTRAG)
    while ort >= 0 and teile <= HOECHSTE_TEILE:
        teile += 1
        zusaetze += int.from_bytes(daten[ort + 30 : ort + 32], "little")
        ort = daten.find(_EINTRAG, ort + 4)
    return teile, zusaetze


class Schranke:
    """All checks on the way of one workbook, from its name to each part; it counts what was parsed so far."""

    def __init__(self, grenzen: Grenzen) -> None:
        self._grenzen, self._gelesen, self._knoten = grenzen, 0, 0

    def datei(self, daten: bytes, datei: str) -> None:
        """Check name, size and container. Raises: Abgewiesen."""
        if grund := fremd.nach_name(datei):
            raise grund
        if len(daten) > HOECHSTE_DATEI:
            raise Abgewiesen("E-10", grund=f"über {HOECHSTE_DATEI // MB} MB")
        if not daten:
            raise Abgewiesen("E-04", grund="sie ist leer")
        if not daten.startswith(b"PK\x03\x04"):
            raise fremd.nach_inhalt(daten, datei)
        teile, zusaetze = _verzeichnis(daten)
        if teile > HOECHSTE_TEILE:
            raise Abgewiesen("E-10", grund="über 5'000 Teile")
        if zusaetze > HOECHSTE_ZUSAETZE:
            raise Abgewiesen("E-04", grund="das Archiv hat ein unübliches Verzeichnis")

    def eintraege(self, eintraege: Sequence[zipfile.ZipInfo]) -> None:
        """Check what the archive declares. Raises: Abgewiesen."""
        if sum(i.file_size for i in eintraege) > self._grenzen.inhalt:
            raise _ausgepackt(self._grenzen.inhalt, max(eintraege, key=lambda i: i.file_size))
        if zu_stark := next((i for i in eintraege if i.file_size > max(MB, HOECHSTE_PACKUNG * i.compress_size)), None):
            raise Abgewiesen("E-10", grund=f"auffällig stark gepackt{_formatiert(zu_stark)}")

    def teil(self, info: zipfile.ZipInfo) -> None:
        """Check a part before it is unpacked. Raises: Abgewiesen."""
        self._gelesen += info.file_size
        if self._gelesen > self._grenzen.gelesen:
            raise _ausgepackt(self._grenzen.gelesen, info)

    def xml(self, daten: bytes) -> None:
        """Check a part before it is parsed. Raises: Abgewiesen."""
        # Nothing that makes a node is shorter than 4 bytes; counting the parts of a form would double the gate's cost.
        self._knoten += len(daten) // 4 if len(daten) < _UNGEZAEHLT else daten.count(b"<") + daten.count(b"=")
        if self._knoten > self._grenzen.knoten:
            raise Abgewiesen("E-10", grund="sie enthält zu viele Zellen; löschen Sie im Blatt die leeren Zeilen unten")
        ueblich = daten.startswith(_UEBLICH)
        if any(d in daten for d in _DOCTYPE[: 1 if ueblich else None]):
            raise dokumentdefinition()
        if not ueblich and not _zaehlbar(daten):
            raise Abgewiesen("E-04", grund="ein Teil ist nicht lesbar")


def _zaehlbar(daten: bytes) -> bool:
    """Return True if the part is in an encoding in which «<» is «<»: others hide from every count before parsing."""
    kopf = daten[:2000].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe")
    if not kopf.startswith(b"<?xml"):
        return kopf.lstrip().startswith(b"<")
    if b"encoding" not in kopf.partition(b"?>")[0]:
        return b"?>" in kopf
    treffer = _KODIERUNG.match(kopf)
    return treffer is not None and treffer[1].lower() in _KODIERUNGEN


def kurz(text: str) -> str:
    """Return the text of a cell. Raises: Abgewiesen: E-10: no cell of Excel holds as much."""
    if len(text) > HOECHSTER_TEXT:
        raise Abgewiesen("E-10", grund="ein Text ist länger als 32'767 Zeichen")
    return text


def dokumentdefinition() -> Abgewiesen:
    """Return the refusal of a part that declares entities or anything else."""
    return Abgewiesen("E-04", grund="sie enthält eine unzulässige Dokumentdefinition")


def _ausgepackt(grenze: int, groesster: zipfile.ZipInfo) -> Abgewiesen:
    return Abgewiesen("E-10", grund=f"ausgepackt über {grenze // MB} MB{_formatiert(groesster)}")


def _formatiert(info: zipfile.ZipInfo) -> str:
    """Return the cause that one can mend where a sheet is the large part: formats down to the last row."""
    return "; löschen Sie im Blatt die leeren Zeilen unten" if "worksheets/" in info.filename.lower() else ""
