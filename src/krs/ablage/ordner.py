"""The working folder: where everything lies, one lock, and writing that never leaves half a file (entwurf 1, 7)."""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock

from krs.ablage.durchgang import KEIN_RECHT, Durchgang, durchgehen, sichtbarer_name, verschlossen
from krs.ablage.tagordner import Tagordner, tagordner
from krs.recht.zeit import JAHRE

_PERIODE = re.compile(r"\d{4}-H[12]")
_JAHR = re.compile(r"\d{4}")
_KOPIE = re.compile(r"stammdaten.+\.xlsx", re.IGNORECASE)
_REST = re.compile(r"\..+\.\d+\.neu")  # what a killed run left of a file it was writing
_WARTEN = 10  # seconds for another krs to finish
_ANLAEUFE = 25 if os.name == "nt" else 1  # there nobody can replace what somebody is just reading
_OHNE_SPERREN = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})


class AblageFehler(Exception):
    """Something about the folder stops us; the text is one German sentence for the user."""

    @property
    def gesperrt(self) -> bool:
        """True if the right is missing or another program, mostly Excel, holds the file."""
        return isinstance(self.__cause__, PermissionError)


class Ablage:
    """The folder that staff work with (entwurf 1)."""

    ORDNER = ("Vorlagen", "Eingang", "Archiv", "Laeufe", "Rueckmeldungen")

    def __init__(self, pfad: Path) -> None:
        self.pfad = pfad
        self.stammdaten = pfad / "Stammdaten.xlsx"
        self.master = pfad / "Master.xlsx"
        self.stichproben = pfad / "Stichproben"
        self.sicherungen = pfad / "Sicherungen"
        self.vorlagen, self.eingang, self.archiv, self.laeufe, self.rueckmeldungen = (pfad / o for o in self.ORDNER)

    @classmethod
    def oeffnen(cls, pfad: Path) -> Ablage:
        """Return an existing folder. Raises: AblageFehler: there is none at this place."""
        ablage = cls(pfad)
        if pfad.is_file():
            raise AblageFehler(f"«{pfad}» ist eine Datei. Nennen Sie den Ordner, in dem Stammdaten.xlsx liegt.")
        if not pfad.is_dir():
            raise AblageFehler(f"Den Ordner «{pfad}» gibt es nicht. Legen Sie ihn mit «krs neu {pfad}» an.")
        if not ablage.stammdaten.is_file():
            raise AblageFehler(ablage._ohne_stammdaten())
        for ort in (ablage.vorlagen, ablage.archiv, ablage.laeufe):
            pruefe_zugang(ort)
        return ablage

    def _ohne_stammdaten(self) -> str:
        """Return the sentence for a folder without Stammdaten.xlsx: lost, or never there."""
        kopien, fehlt = sorted(self.laeufe.glob("[!.]*/Stammdaten.xlsx")), f"«{self.pfad}» fehlt Stammdaten.xlsx"
        if not kopien and not (self.archiv / "index.csv").is_file():
            return f"Im Ordner {fehlt}; es ist keine Ablage. Legen Sie eine mit «krs neu» an."
        satz = f"In der Ablage {fehlt}. Stellen Sie die Datei aus der Sicherung wieder her"
        if kopien:
            lauf = kopien[-1].parent.name
            satz += f"; jene des Laufs {lauf} liegt unter «Laeufe/{lauf}/Stammdaten.xlsx» (kopieren, nicht verschieben)"
        return f"{satz}."

    def kopien_der_stammdaten(self) -> list[str]:
        """Return the names of workbooks beside Stammdaten.xlsx that look like a copy of it: nobody reads them."""
        namen = (p.name for p in self.pfad.iterdir() if p.is_file() and p != self.stammdaten)
        return sorted(n for n in namen if _KOPIE.fullmatch(n))

    @classmethod
    def anlegen(cls, pfad: Path, stammdaten: bytes) -> Ablage:
        """Make a new folder. Raises: AblageFehler: something is there already."""
        ablage = cls(pfad)
        with deutsch(pfad):
            if pfad.exists() and (not pfad.is_dir() or any(not _REST.fullmatch(p.name) for p in pfad.iterdir())):
                raise AblageFehler(f"«{pfad}» ist nicht leer. Nennen Sie einen neuen oder leeren Ordner.")
            schreibe(ablage.stammdaten, stammdaten)  # first: a run killed before it left an empty folder
            ablage._ordner()
        return ablage

    def _ordner(self) -> None:
        for ordner in self.ORDNER:
            (self.pfad / ordner).mkdir(exist_ok=True)

    @contextmanager
    def sperre(self, *, kurz: bool = False) -> Iterator[None]:
        """Hold the lock of this folder, which who writes needs. Raises: AblageFehler: why it cannot be had.

        Args:
            kurz: whoever can do without it does not wait long.
        """
        from filelock import FileLock

        schloss = FileLock(self.pfad / ".krs.lock", timeout=1 if kurz else _WARTEN)
        with deutsch(self.pfad):
            self._nimm(schloss)
            try:
                self._ordner()
                self._aufraeumen()
                yield
            finally:
                schloss.release()

    def _nimm(self, schloss: BaseFileLock) -> None:
        """Take the lock. Raises: AblageFehler: somebody works, or no right to write; OSError: no room, no locks."""
        from filelock import Timeout

        try:
            with suppress(Timeout):
                schloss.acquire()
                return
            probe = self.pfad / f".krs.{os.getpid()}.neu"  # on Windows a missing right may look like a held lock
            probe.touch()
            probe.unlink(missing_ok=True)
        except OSError as fehler:
            if fehler.errno in KEIN_RECHT:
                raise AblageFehler(kein_recht(self.pfad)) from fehler
            if fehler.errno in _OHNE_SPERREN:
                raise AblageFehler(
                    f"Das Laufwerk der Ablage «{self.pfad}» kennt keine Sperren: Zwei Personen könnten zugleich "
                    "schreiben. Legen Sie die Ablage auf ein anderes Laufwerk."
                ) from fehler
            raise
        raise AblageFehler(
            f"In der Ablage «{self.pfad}» wird bereits mit krs gearbeitet. Versuchen Sie es später erneut."
        )

    def _aufraeumen(self) -> None:
        """Remove what a killed run left; nobody else writes while we hold the lock."""
        reste = [p for ort in (self.pfad, self.archiv, self.laeufe) for p in ort.glob(".*.neu")]
        gefuellt = [self.rueckmeldungen, self.vorlagen, self.stichproben, self.sicherungen]
        gefuellt += [self.pfad / o for o in ("Anhang 1", "Berichte", "Uebergaben")]
        reste += [p for ort in gefuellt for p in ort.rglob(".*.neu")]
        for rest in (p for p in reste if _REST.fullmatch(p.name)):
            if rest.is_dir():  # a run that was never released
                shutil.rmtree(rest, ignore_errors=True)
            else:
                rest.unlink(missing_ok=True)

    def eingegangen(self) -> list[Path]:
        """Return all files below Eingang/, in order of their path. Raises: AblageFehler, as `durchgang`."""
        return self.durchgang().dateien

    def durchgang(self) -> Durchgang:
        """Return what is read below Eingang/, and what is passed over. Raises: AblageFehler: it may not be read."""
        pruefe_zugang(self.eingang)
        return durchgehen(self.eingang)

    def name(self, datei: Path) -> str:
        """Return what a file below Eingang/ is called everywhere: its path there, without characters nobody sees."""
        return sichtbarer_name(datei.relative_to(self.eingang).as_posix())

    def tagordner(self, datei: Path) -> Tagordner:
        """Return the day of receipt by the nearest parent folder `JJJJ-MM-TT` in Eingang/ (entwurf 1)."""
        eingang = self.eingang
        if not datei.is_relative_to(eingang):
            datei, eingang = datei.resolve(), eingang.resolve()
        return tagordner(datei.relative_to(eingang).parents) if datei.is_relative_to(eingang) else Tagordner()

    def zeiten(self) -> tuple[list[str], list[int]]:
        """Return the half-years and years for which templates were made: these are the forms that are due.

        Raises: AblageFehler: a folder is named after a time that the circular does not know.
        """
        namen = sorted(p.name for p in self.vorlagen.iterdir() if p.is_dir()) if self.vorlagen.is_dir() else []
        for n in namen:
            if (_PERIODE.fullmatch(n) or _JAHR.fullmatch(n)) and int(n[:4]) not in JAHRE:
                raise AblageFehler(
                    f"Der Ordner «Vorlagen/{n}» nennt eine Zeit ausserhalb von {JAHRE[0]} bis {JAHRE[-1]}. "
                    "Benennen Sie ihn um."
                )
        return [n for n in namen if _PERIODE.fullmatch(n)], [int(n) for n in namen if _JAHR.fullmatch(n)]


def kein_recht(ordner: Path) -> str:
    """Return the sentence for a folder that one may only read."""
    return f"In der Ablage «{ordner}» darf dieses Konto nicht schreiben. Prüfen Sie die Rechte."


def pruefe_zugang(ordner: Path) -> None:
    """Refuse a folder that one may not look into; it would seem to be empty. Raises: AblageFehler."""
    if verschlossen(ordner):
        raise AblageFehler(f"«{ordner}» kann nicht gelesen werden. Prüfen Sie die Rechte.")


@contextmanager
def deutsch(pfad: Path, was: str = "geschrieben") -> Iterator[None]:
    """Turn what the system says into one sentence; its cause stays with it."""
    try:
        yield
    except OSError as fehler:
        raise AblageFehler(satz(fehler, fehler.filename or pfad, was)) from fehler


def satz(fehler: OSError, ort: Path | str, was: str) -> str:
    """Return what the system says about a place as a German sentence."""
    if fehler.errno in KEIN_RECHT:
        offen = "Schliessen Sie die Datei in Excel oder prüfen" if os.path.isfile(ort) else "Prüfen"  # noqa: PTH113
        return f"«{ort}» kann nicht {was} werden. {offen} Sie die Rechte."
    if fehler.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"«{ort}» kann nicht {was} werden: Der Datenträger ist voll."
    return f"«{ort}» ist nicht zugänglich (Fehler {fehler.errno} des Systems). Prüfen Sie Pfad und Laufwerk."


def lies(pfad: Path) -> bytes:
    """Return the bytes of a file. Raises: AblageFehler: it cannot be read."""
    with deutsch(pfad, "gelesen"):
        return pfad.read_bytes()


def lies_hoechstens(pfad: Path, bytes_: int) -> bytes:
    """Return the beginning of a file, one byte more than allowed: who judges sees that it is too big.

    Raises: AblageFehler: it cannot be read.
    """
    with deutsch(pfad, "gelesen"), pfad.open("rb") as strom:
        return strom.read(bytes_ + 1)


def marke(pfad: Path) -> tuple[int, int, int] | None:
    """Return what changes whenever a file is written or replaced; None if it cannot be reached."""
    try:
        stand = pfad.stat()
    except (OSError, ValueError):  # ValueError: of a path that no system takes
        return None
    return stand.st_mtime_ns, stand.st_size, stand.st_ino


def schreibe(pfad: Path, daten: bytes) -> bool:
    """Write a file in one step; True if it changed. An interrupted write leaves the old file.

    Raises: AblageFehler: the place cannot be written; `gesperrt` tells whether another program holds it.
    """
    with deutsch(pfad):
        if pfad.exists():
            if pfad.stat().st_size == len(daten) and pfad.read_bytes() == daten:
                return False
        elif not pfad.parent.exists():
            pfad.parent.mkdir(parents=True, exist_ok=True)
        neben = pfad.with_name(f".{pfad.name}.{os.getpid()}.neu")
        try:
            neben.write_bytes(daten)
            _geduldig(lambda: neben.replace(pfad))
        except BaseException as fehler:
            neben.unlink(missing_ok=True)
            if isinstance(fehler, OSError):
                fehler.filename = str(pfad)  # the file that people know
            raise
    return True


def loesche_datei(pfad: Path) -> None:
    """Remove a file. Raises: AblageFehler: another program holds it, or the right is missing."""
    with deutsch(pfad, "gelöscht"):
        _geduldig(lambda: pfad.unlink(missing_ok=True))


def _geduldig(tun: Callable[[], object]) -> None:
    """Replace or remove a file, a moment later where somebody is just reading the old one."""
    for rest in reversed(range(_ANLAEUFE)):
        try:
            tun()
            return
        except PermissionError:
            if not rest:
                raise
            time.sleep(0.02)


def in_excel_offen(pfad: Path) -> bool:
    """Return True if an office program holds the file (its lock file lies beside it)."""
    return any(
        (pfad.parent / f"{vorne}{pfad.name}{hinten}").exists() for vorne, hinten in (("~$", ""), (".~lock.", "#"))
    )
