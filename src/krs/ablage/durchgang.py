"""One walk through a folder: which files are read, and what is passed over and named (entwurf 1)."""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from krs.formulare.ahv import ohne_ahv
from krs.formulare.befund import aufgezaehlt

KEIN_RECHT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_BEIWERK = frozenset({"thumbs.db", "desktop.ini"})  # Windows puts them into folders that people look at
_EIGENES = _BEIWERK | {".ds_store"}
APPLE = b"\0\5\x16\7"  # how AppleDouble begins


@dataclass(frozen=True, slots=True)
class Durchgang:
    """All files below a folder in order of their path, and the names of what lies there and is not read.

    A folder that one may not look into stands for what is in it: who reads it says so. Passed over are links (they
    may lead out of the Ablage), pipes, devices and what is hidden; what systems put there is not even named.
    """

    dateien: list[Path]
    uebergangen: list[str]


def durchgehen(ordner: Path) -> Durchgang:
    """Return what is read below a folder, and what is passed over."""
    gesehen = [(p.relative_to(ordner).as_posix(), p, liest) for p, liest in _alles(ordner)]
    uebergangen = sorted(sichtbarer_name(name) for name, _, liest in gesehen if not liest)
    return Durchgang([p for _, p in sorted((name, p) for name, p, liest in gesehen if liest)], uebergangen)


def _alles(ordner: Path) -> Iterator[tuple[Path, bool]]:
    """Yield what is read or named, with True for what is read; os.walk follows no links."""
    for wo, unter, dateien in os.walk(ordner):
        ort = Path(wo)
        weiter = []
        for name in unter:
            pfad = ort / name
            if _versteckt(name) or pfad.is_symlink():
                yield pfad, False
            elif verschlossen(pfad):
                yield pfad, True
            else:
                weiter.append(name)
        unter[:] = weiter
        for name in dateien:
            pfad = ort / name
            if name.lower() not in _EIGENES and not (name.startswith("._") and _von_macos(pfad)):
                yield pfad, not _versteckt(name) and pfad.is_file() and not pfad.is_symlink()


def _von_macos(pfad: Path) -> bool:
    """Tell whether a file is what macOS puts beside another one (AppleDouble), whatever its name says."""
    try:
        if not pfad.is_file():  # a pipe would keep us waiting
            return False
        with pfad.open("rb") as strom:
            return strom.read(len(APPLE)) == APPLE
    except OSError:
        return False


def verschlossen(pfad: Path) -> bool:
    """Tell whether it is a folder that one may not look into."""
    try:
        os.scandir(f"{pfad}/.").close()  # with the dot it takes the right to reach its files, too
    except OSError as fehler:
        return fehler.errno in KEIN_RECHT
    return False


def _versteckt(name: str) -> bool:
    """Tell whether a name is hidden; `.Anhang.xlsx.icloud` stands for a file that is in the cloud, and is seen."""
    return name.startswith(".") and not name.endswith(".icloud")


def nicht_gelesen(namen: Sequence[str], daneben: Sequence[str] = ()) -> list[str]:
    """Return the sentences about what was passed over in a folder, and in envelopes beside a form, if anything was."""
    gruende = (
        ("weil versteckt, verknüpft oder keine gewöhnliche Datei", namen),
        ("weil in derselben Sendung eine Arbeitsmappe liegt", daneben),
    )
    return [f"Nicht gelesen, {grund}: {aufgezaehlt([ohne_ahv(n) for n in alle])}." for grund, alle in gruende if alle]


def sichtbarer_name(name: str) -> str:
    """Return a file name that every cell and screen can show: control characters and lone bytes become `�`.

    >>> sichtbarer_name("Olten\\nneu.xlsx")
    'Olten�neu.xlsx'
    """
    if name.isprintable():
        return name
    return "".join("�" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Cn") else c for c in name)
