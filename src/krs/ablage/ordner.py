"""The working folder: where everything lies, one lock, and writing that never leaves half a file (design 1, 7)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

_TAG = re.compile(r"\d{4}-\d{2}-\d{2}")
_PERIODE = re.compile(r"\d{4}-H[12]")
_JAHR = re.compile(r"\d{4}")
_WARTEN = 10  # seconds for another krs to finish


class AblageFehler(Exception):
    """Something about the folder stops us; the text is one German sentence for the user."""


class Ablage:
    """The folder that staff work with (design 1)."""

    ORDNER = ("Vorlagen", "Eingang", "Archiv", "Laeufe", "Rueckmeldungen")

    def __init__(self, pfad: Path) -> None:
        self.pfad = pfad
        self.stammdaten = pfad / "Stammdaten.xlsx"
        self.master = pfad / "Master.xlsx"
        self.vorlagen, self.eingang, self.archiv, self.laeufe, self.rueckmeldungen = (pfad / o for o in self.ORDNER)

    @classmethod
    def oeffnen(cls, pfad: Path) -> Ablage:
        """Return an existing folder. Raises: AblageFehler: there is none at this place."""
        ablage = cls(pfad)
        if not pfad.is_dir():
            raise AblageFehler(f"Den Ordner «{pfad}» gibt es nicht. Legen Sie ihn mit «krs neu {pfad}» an.")
        if not ablage.stammdaten.is_file():
            raise AblageFehler(
                f"Im Ordner «{pfad}» fehlt Stammdaten.xlsx; es ist keine Ablage. Legen Sie eine mit «krs neu» an."
            )
        for ordner in cls.ORDNER:
            (pfad / ordner).mkdir(exist_ok=True)
        return ablage

    @classmethod
    def anlegen(cls, pfad: Path, stammdaten: bytes) -> Ablage:
        """Make a new folder. Raises: AblageFehler: something is there already."""
        if pfad.exists() and (not pfad.is_dir() or any(pfad.iterdir())):
            raise AblageFehler(f"«{pfad}» ist nicht leer. Nennen Sie einen neuen oder leeren Ordner.")
        ablage = cls(pfad)
        with _deutsch(pfad):
            for ordner in cls.ORDNER:
                (pfad / ordner).mkdir(parents=True, exist_ok=True)
            schreibe(ablage.stammdaten, stammdaten)
        return ablage

    @contextmanager
    def sperre(self) -> Iterator[None]:
        """Hold the lock of this folder. Raises: AblageFehler: another krs is at work."""
        schloss = FileLock(self.pfad / ".krs.lock", timeout=_WARTEN)
        with _deutsch(self.pfad):
            try:
                schloss.acquire()
            except Timeout as fehler:
                raise AblageFehler(
                    f"In der Ablage «{self.pfad}» arbeitet schon ein anderes krs. Versuchen Sie es später erneut."
                ) from fehler
            try:
                yield
            finally:
                schloss.release()

    def eingegangen(self) -> list[Path]:
        """Return all files below Eingang/, in order of their path; hidden files are left out."""
        dateien = [p for p in self.eingang.rglob("*") if p.is_file() and not p.name.startswith(".")]
        return sorted(dateien, key=lambda p: p.relative_to(self.eingang).as_posix())

    def eingangstag(self, datei: Path) -> date | None:
        """Return the day of receipt by the nearest parent folder `JJJJ-MM-TT`, None if there is none (design 1)."""
        for ordner in datei.relative_to(self.eingang).parents:
            if _TAG.fullmatch(ordner.name):
                try:
                    return date.fromisoformat(ordner.name)
                except ValueError:
                    continue
        return None

    def zeiten(self) -> tuple[list[str], list[int]]:
        """Return the half-years and years for which templates were made: these are the forms that are due."""
        namen = sorted(p.name for p in self.vorlagen.iterdir() if p.is_dir()) if self.vorlagen.is_dir() else []
        return [n for n in namen if _PERIODE.fullmatch(n)], [int(n) for n in namen if _JAHR.fullmatch(n)]


@contextmanager
def _deutsch(pfad: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as fehler:
        ort = fehler.filename or pfad
        raise AblageFehler(
            f"Auf «{ort}» kann nicht geschrieben werden. Schliessen Sie die Datei in Excel oder prüfen Sie die Rechte."
        ) from fehler
    except OSError as fehler:
        grund = "der Datenträger ist voll" if fehler.errno == 28 else f"das System meldet Fehler {fehler.errno}"
        raise AblageFehler(f"«{fehler.filename or pfad}» ist nicht zugänglich: {grund}.") from fehler


def lies(pfad: Path) -> bytes:
    """Return the bytes of a file. Raises: AblageFehler: it cannot be read."""
    with _deutsch(pfad):
        return pfad.read_bytes()


def schreibe(pfad: Path, daten: bytes) -> bool:
    """Write a file in one step; True if it changed. An interrupted write leaves the old file.

    Raises: AblageFehler: the place cannot be written.
    """
    with _deutsch(pfad):
        try:
            if pfad.stat().st_size == len(daten) and pfad.read_bytes() == daten:
                return False
        except FileNotFoundError:
            pfad.parent.mkdir(parents=True, exist_ok=True)
        neben = pfad.with_name(f".{pfad.name}.{os.getpid()}.neu")
        try:
            neben.write_bytes(daten)
            neben.replace(pfad)
        finally:
            neben.unlink(missing_ok=True)
    return True


def in_excel_offen(pfad: Path) -> bool:
    """Return True if an office program holds the file (its lock file lies beside it)."""
    return any(
        (pfad.parent / f"{vorne}{pfad.name}{hinten}").exists() for vorne, hinten in (("~$", ""), (".~lock.", "#"))
    )
