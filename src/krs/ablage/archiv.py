"""The archive: every form ever read, by its SHA-256, with the day it was received. It only grows (design 1)."""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from krs.ablage.ordner import AblageFehler, lies, schreibe

_FORMEL = ("=", "+", "-", "@", "\t", "\r", "'")
_SHA = re.compile(r"[0-9a-f]{64}")
KOPF = ("SHA-256", "Eingang", "Datei")


@dataclass(frozen=True, slots=True)
class Eintrag:
    """One archived file: when it was received and under which name first."""

    sha256: str
    eingang: date
    datei: str


class Archiv:
    """The folder Archiv/ with its index.csv, which Excel opens."""

    def __init__(self, ordner: Path) -> None:
        self.ordner = ordner
        self.index = ordner / "index.csv"
        self.eintraege: dict[str, Eintrag] = {}
        self._neu = False
        if self.index.exists():
            self._laden()

    def _laden(self) -> None:
        daten = lies(self.index)
        try:
            zeilen = csv.reader(StringIO(daten.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
            if tuple(next(zeilen)) != KOPF:
                raise ValueError
            for sha, eingang, datei in zeilen:
                if not _SHA.fullmatch(sha):
                    raise ValueError
                self.eintraege[sha] = Eintrag(sha, date.fromisoformat(eingang), datei.removeprefix("'"))
        except (ValueError, StopIteration, csv.Error) as fehler:
            raise AblageFehler(
                f"«{self.index}» ist beschädigt. Stellen Sie die Datei aus der Sicherung wieder her."
            ) from fehler

    def ablegen(self, sha: str, daten: bytes) -> bool:
        """Keep the bytes of a form; True if the archive had it, but not, or no more, as it came."""
        return schreibe(self.pfad(sha), daten) and sha in self.eintraege

    def eintragen(self, sha: str, eingang: date, datei: str) -> Eintrag:
        """Note when a form was received and what it is called."""
        neu = Eintrag(sha, eingang, datei)
        self._neu = self._neu or self.eintraege.get(sha) != neu
        self.eintraege[sha] = neu
        return neu

    def pfad(self, sha: str) -> Path:
        """Return where a file lies."""
        return self.ordner / f"{sha}.xlsx"

    def lies(self, sha: str) -> bytes:
        """Return an archived file. Raises: AblageFehler: it is gone or was changed."""
        if not self.pfad(sha).exists():
            raise AblageFehler(f"«{self.pfad(sha)}» fehlt. Stellen Sie die Datei aus der Sicherung wieder her.")
        daten = lies(self.pfad(sha))
        if hashlib.sha256(daten).hexdigest() != sha:
            raise AblageFehler(
                f"«{self.pfad(sha)}» wurde verändert. Stellen Sie die Datei aus der Sicherung wieder her."
            )
        return daten

    def sichern(self) -> None:
        """Write the index, after the files: a kill in between loses nothing, the next run completes."""
        if not self._neu:
            return
        puffer = StringIO()
        schreiber = csv.writer(puffer, delimiter=";", lineterminator="\r\n")
        schreiber.writerow(KOPF)
        for e in sorted(self.eintraege.values(), key=lambda e: (e.eingang, e.datei, e.sha256)):
            name = "'" + e.datei if e.datei[:1] in _FORMEL else e.datei  # a name never becomes a formula
            schreiber.writerow([e.sha256, str(e.eingang), name])
        schreibe(self.index, puffer.getvalue().encode("utf-8-sig"))
        self._neu = False
