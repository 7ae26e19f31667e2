"""An archive (.zip): the files in it, one level deep. Names never become paths; nothing is written (Entscheid 44)."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

from krs.ablage.durchgang import APPLE
from krs.ablage.post.teil import DEFEKT, HOECHSTE_EINTRAEGE, MAPPEN, ZIP, Teil, Vorrat, sauber

_LEER = b"PK\x05\x06"
_EINTRAG = b"PK\x01\x02"  # begins every entry of an archive's directory
_HOECHSTE_ZUSAETZE = 100_000  # bytes of extra fields: zipfile takes time by their square
_HOECHSTE_PACKUNG = 300  # times, as for the parts of a workbook
_IMMER = 1_000_000  # bytes: so much may come out of anything
_DOKUMENT = frozenset({  # what makes a .zip a workbook or a letter, whatever it is called
    "[content_types].xml", "_rels/.rels", "mimetype", "xl/workbook.xml", "xl/workbook.bin", "index/document.iwa",
})  # fmt: skip
_BEIWERK = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})


def oeffne(daten: bytes) -> zipfile.ZipFile | None:
    """Return an archive of files; None for anything else: a workbook, a letter, a picture.

    Raises: zipfile.BadZipFile: no program can unpack it, or its directory is made to take time.
    """
    if not daten.startswith((ZIP, _LEER)):
        return None
    if _zusaetze(daten) > _HOECHSTE_ZUSAETZE:
        raise zipfile.BadZipFile
    try:
        zip_ = zipfile.ZipFile(BytesIO(daten))
    except (*DEFEKT, RuntimeError) as fehler:
        raise zipfile.BadZipFile from fehler
    return None if any(n.replace("\\", "/").lower() in _DOKUMENT for n in zip_.namelist()) else zip_


def _zusaetze(daten: bytes) -> int:
    """Return the bytes of extra fields as declared, more than allowed where there are too many entries."""
    anzahl = summe = 0
    ort = daten.find(_EINTRAG)
    while ort >= 0:
        anzahl += 1
        summe += int.from_bytes(daten[ort + 30 : ort + 32], "little")
        if anzahl > HOECHSTE_EINTRAEGE:
            return _HOECHSTE_ZUSAETZE + 1
        ort = daten.find(_EINTRAG, ort + 4)
    return summe


def teile(zip_: zipfile.ZipFile, huelle: str, vorrat: Vorrat) -> Iterator[Teil]:
    """Yield the files of an archive, workbooks first: they come before pictures use up the room.

    Args:
        huelle: what the archive is called; each file is named «Formulare.zip/Olten.xlsx».
        vorrat: what may be unpacked.
    """
    eintraege = [(i, _name(i)) for i in zip_.infolist() if not _uebergangen(i)]
    ganz = Teil(huelle, "application/zip", True, b"")
    if not eintraege:
        yield ganz.ohne("E-21", "es enthält keine Datei")
    elif not vorrat.nimm_eintraege(len(zip_.infolist())):
        yield ganz.ohne("E-21", f"es enthält über {HOECHSTE_EINTRAEGE} Dateien")
    elif any(i.flag_bits & 1 for i, _ in eintraege):
        yield ganz.ohne("E-21", "es ist mit einem Kennwort geschützt")
    else:
        leer = True
        for info, name in sorted(eintraege, key=lambda e: PurePosixPath(e[1]).suffix.lower() not in MAPPEN):
            teil = _teil(zip_, info, Teil(f"{huelle}/{name}", "", True, b""), vorrat)
            if not (name.startswith("._") and teil.daten.startswith(APPLE)):  # what macOS puts beside a file
                yield teil
                leer = False
        if leer:
            yield ganz.ohne("E-21", "es enthält keine Datei")


def _teil(zip_: zipfile.ZipFile, info: zipfile.ZipInfo, leer: Teil, vorrat: Vorrat) -> Teil:
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return leer.ohne("E-21", "die Datei ist auf unübliche Art gepackt")
    if info.file_size > max(_IMMER, _HOECHSTE_PACKUNG * info.compress_size):
        return leer.ohne("E-21", "die Datei ist auffällig stark gepackt")
    if not vorrat.nimm(info.file_size):
        return leer.ohne("E-21", "ausgepackt über 40 MB")
    try:
        with zip_.open(info) as strom:
            daten = strom.read(info.file_size + 1)  # never more than declared; the end checks the CRC
    except (*DEFEKT, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        return leer.ohne("E-21", "die Datei darin ist beschädigt")
    return Teil(leer.name, "", True, daten)


def _uebergangen(info: zipfile.ZipInfo) -> bool:
    """Tell whether an entry is no file of the sender: folders, and what macOS and Windows add."""
    stuecke = re.split(r"[/\\]", info.filename)
    fremd = stuecke[0] == "__MACOSX" and PurePosixPath(stuecke[-1]).suffix.lower() not in MAPPEN
    return fremd or not stuecke[-1] or stuecke[-1].lower() in _BEIWERK


def _name(info: zipfile.ZipInfo) -> str:
    """Return the file's name; macOS writes UTF-8 without saying so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    return sauber(name) or "Datei"
