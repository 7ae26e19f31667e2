"""The archive: every form ever read, by its SHA-256, with the day it was received. It only grows (design 1)."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from krs.ablage.ordner import AblageFehler, lies, schreibe

_FORMEL = ("=", "+", "-", "@", "\t", "\r")
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
        zeilen = csv.reader(StringIO(lies(self.index).decode("utf-8-sig")), delimiter=";")
        try:
            if tuple(next(zeilen)) != KOPF:
                raise ValueError
            for sha, eingang, datei in zeilen:
                name = datei[1:] if datei[:1] == "'" and datei[1:2] in _FORMEL else datei
                self.eintraege[sha] = Eintrag(sha, date.fromisoformat(eingang), name)
        except (ValueError, StopIteration) as fehler:
            raise AblageFehler(
                f"«{self.index}» ist beschädigt. Stellen Sie die Datei aus der Sicherung wieder her."
            ) from fehler

    def aufnehmen(self, daten: bytes, eingang: date, datei: str) -> Eintrag:
        """Keep a file; one that is known already keeps its first day and name."""
        sha = hashlib.sha256(daten).hexdigest()
        if sha not in self.eintraege:
            schreibe(self.pfad(sha), daten)
            self.eintraege[sha] = Eintrag(sha, eingang, datei)
            self._neu = True
        return self.eintraege[sha]

    def pfad(self, sha: str) -> Path:
        """Return where a file lies."""
        return self.ordner / f"{sha}.xlsx"

    def lies(self, sha: str) -> bytes:
        """Return an archived file. Raises: AblageFehler: it is gone or was changed."""
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
