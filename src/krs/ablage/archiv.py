"""The archive: every file ever read, by its SHA-256: who, what, when received, what it replaces (entwurf 1).

It only grows. What could not be read is kept too: it shows that somebody sent something, and when. What must be
purged leaves a tombstone: its row stays, with day, reason and mark.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from krs.ablage.csvdatei import csv_lesen, csv_schreiben
from krs.ablage.ordner import AblageFehler, lies, loesche_datei, schreibe
from krs.formulare.befund import aufgezaehlt
from krs.recht import datum

_SHA = re.compile(r"[0-9a-f]{64}")
NOETIG = ("SHA-256", "Eingang", "Datei")
_BIS_040 = (*NOETIG, "BFS-Nr.", "Gemeinde", "Formular", "Periode", "ersetzt", "gelöscht am", "Grund", "Visum")
_OHNE_STAND = (*_BIS_040, "zuerst gelesen am", "abgewiesen")
KOPF = (*_OHNE_STAND, "Stand")  # the last column only where something was purged
UNLESBAR = ".unlesbar"  # ending of what is no form: nothing opens it by a double click


@dataclass(frozen=True, slots=True)
class Wer:
    """Whose form it is and for which period, as its hidden sheet says; empty where that is not known."""

    bfs_nr: int | None = None
    gemeinde: str = ""
    formular: str = ""
    periode: str = ""


@dataclass(frozen=True, slots=True)
class Loeschung:
    """When an original was purged, why and by whom; `stand`: what it was worth then (krs.urteil.grabstein)."""

    am: date
    grund: str
    visum: str
    stand: str = ""


@dataclass(frozen=True, slots=True)
class Eintrag:
    """One archived file: when it was received, under which name first, whose it is; `loeschung` makes a tombstone.

    `gelesen_am` is the real day of its first reading, where it is known; `abgewiesen` the code of what is no form.
    """

    sha256: str
    eingang: date
    datei: str
    wer: Wer = Wer()
    loeschung: Loeschung | None = None
    gelesen_am: date | None = None
    abgewiesen: str = ""


class Archiv:
    """The folder Archiv/ with its index.csv, which Excel opens."""

    def __init__(self, ordner: Path) -> None:
        self.ordner = ordner
        self.index = ordner / "index.csv"
        self.dateien = [
            *ordner.glob("*.xlsx"),
            *ordner.glob(f"*{UNLESBAR}"),
        ]  # before the index: a file comes first, then its row
        self.eintraege: dict[str, Eintrag] = {}
        self._neu = False
        if self.index.exists():
            self._laden()

    def _laden(self) -> None:
        try:
            zeilen = list(csv_lesen(lies(self.index), KOPF, _OHNE_STAND, _BIS_040, NOETIG, mit_leeren=True))
            self.eintraege = {zeile["SHA-256"]: _eintrag(zeile) for zeile in zeilen}
        except ValueError as fehler:
            raise AblageFehler(
                f"«{self.index}» ist beschädigt. Stellen Sie die Datei aus der Sicherung wieder her."
            ) from fehler
        self._neu = any(len(zeile) < len(_OHNE_STAND) for zeile in zeilen)  # NOETIG alone: 0.1.0

    def ablegen(self, sha: str, daten: bytes) -> bool:
        """Keep the bytes of a form; True if the archive had it, but not, or no more, as it came."""
        geschrieben, alt = schreibe(self.pfad(sha), daten), self.eintraege.get(sha)
        self._unlesbar(sha).unlink(missing_ok=True)  # it came under a name that was refused first
        return geschrieben and alt is not None and not alt.abgewiesen

    def aufheben(self, sha: str, daten: bytes) -> None:
        """Keep the bytes of what is no form, unless they are kept as one."""
        if not self.pfad(sha).exists():
            schreibe(self._unlesbar(sha), daten)

    def _unlesbar(self, sha: str) -> Path:
        return self.ordner / f"{sha}{UNLESBAR}"

    def eintragen(self, eintrag: Eintrag) -> None:
        """Note when a form was received, what it is called and whose it is."""
        self._neu = self._neu or self.eintraege.get(eintrag.sha256) != eintrag
        self.eintraege[eintrag.sha256] = eintrag

    def pfad(self, sha: str) -> Path:
        """Return where a file lies."""
        return self.ordner / f"{sha}.xlsx"

    def lies(self, sha: str) -> bytes:
        """Return an archived file. Raises: AblageFehler: it is gone or was changed."""
        if not self.pfad(sha).exists():
            raise AblageFehler(self._verloren(sha, "fehlt im Archiv"))
        with self._beim_namen(sha):
            daten = lies(self.pfad(sha))
        if hashlib.sha256(daten).hexdigest() != sha:
            raise AblageFehler(self._verloren(sha, "wurde im Archiv verändert"))
        return daten

    def vorhanden(self, sha: str) -> bool:
        """Tell whether a form lies in the archive as it came."""
        return self.pfad(sha).exists() and hashlib.sha256(lies(self.pfad(sha))).hexdigest() == sha

    def name(self, sha: str) -> str:
        """Return whose form a file is, as far as the index knows it: people do not know 64 digits."""
        e = self.eintraege.get(sha)
        if e is None or not e.wer.gemeinde:
            return f"«{e.datei}»" if e and e.datei else f"Die Datei {sha[:12]}…"
        return f"Das Original von {e.wer.gemeinde}, {e.wer.formular} {e.wer.periode}, Eingang {datum(e.eingang)},"

    def _verloren(self, sha: str, was: str) -> str:
        return (
            f"{self.name(sha)} {was}. Stellen Sie «{sha[:12]}….xlsx» im Ordner «{self.ordner.name}» aus der Sicherung "
            "wieder her, oder legen Sie dieselbe Datei nochmals in den Eingang. Gibt es beides nicht, halten Sie den "
            f"Verlust fest: krs archiv ABLAGE loeschen {sha[:12]} --grund … --visum …; das Formular zählt dann "
            "weiterhin als eingegangen."
        )

    @contextmanager
    def _beim_namen(self, sha: str) -> Iterator[None]:
        """Say whose form it is where the system refuses to read, write or remove it."""
        try:
            yield
        except AblageFehler as fehler:
            raise AblageFehler(f"{self.name(sha).rstrip(',')}: {fehler}") from fehler.__cause__

    def geordnet(self) -> list[Eintrag]:
        """Return all entries in order of receipt."""
        return sorted(self.eintraege.values(), key=lambda e: (e.eingang, e.datei, e.sha256))

    def fremde(self) -> list[str]:
        """Return the sentence about workbooks that lay in the folder before and that the index does not know."""
        if not (namen := sorted(p.name for p in self.dateien if p.stem not in self.eintraege)):
            return []
        was = "die Datei" if len(namen) == 1 else "die Dateien"
        return [f"Im Archiv liegt {aufgezaehlt(namen)} ohne Eintrag in index.csv; legen Sie {was} in den Eingang."]

    def suche(self, sha: str) -> Eintrag:
        """Return the entry whose SHA-256 begins so. Raises: AblageFehler: none, or several."""
        anfang = sha.strip().lower()
        treffer = [e for s, e in self.eintraege.items() if s.startswith(anfang)] if len(anfang) >= 8 else []
        if len(treffer) == 1:
            return treffer[0]
        grund = "Mehrere Dateien beginnen so" if treffer else "Das Archiv hat keine Datei mit dieser SHA-256"
        raise AblageFehler(
            f"«{sha}»: {grund}. Kopieren Sie die SHA-256 aus dem Master, Blatt Einreichungen (mindestens 8 Zeichen)."
        )

    def loesche(self, loeschungen: Mapping[str, Loeschung]) -> None:
        """Purge originals and leave tombstones; one that stands already stays as it is.

        The tombstones come first, in one step: a kill in between loses no mark, and the same call completes.
        """
        for sha, loeschung in loeschungen.items():
            if (alt := self.eintraege[sha]).loeschung is None:
                self.eintragen(replace(alt, datei="", loeschung=loeschung))
        self.sichern()
        for sha in loeschungen:
            with self._beim_namen(sha):
                loesche_datei(self.pfad(sha))
                loesche_datei(self._unlesbar(sha))

    def sichern(self) -> None:
        """Write the index, after the files: a kill in between loses nothing, the next run completes."""
        if not self._neu:
            return
        alle = self.geordnet()
        vorher, zeilen = vorgaenger(alle), []
        kopf = KOPF if any(e.loeschung and e.loeschung.stand for e in alle) else _OHNE_STAND
        for e in alle:
            g = e.loeschung
            grab = [g.am, g.grund, g.visum] if g else ["", "", ""]
            wer = [e.wer.bfs_nr or "", e.wer.gemeinde, e.wer.formular, e.wer.periode]
            zuletzt = [e.gelesen_am, e.abgewiesen, g.stand if g else ""]
            zeile = [e.sha256, e.eingang, e.datei, *wer, vorher.get(e.sha256, ""), *grab, *zuletzt]
            zeilen.append(zeile[: len(kopf)])
        schreibe(self.index, csv_schreiben(kopf, zeilen))
        self._neu = False


def vorgaenger(eintraege: Iterable[Eintrag]) -> dict[str, str]:
    """Return which version each file replaces: the one of the same form received last on an earlier day."""
    ketten: dict[Wer, list[Eintrag]] = {}
    ergebnis: dict[str, str] = {}
    for e in sorted(eintraege, key=lambda e: (e.eingang, e.sha256)):
        if e.wer.bfs_nr is None:
            continue
        kette = ketten.setdefault(replace(e.wer, gemeinde=""), [])
        frueher = [v for v in kette if v.eingang < e.eingang]
        if frueher:
            ergebnis[e.sha256] = frueher[-1].sha256
        kette.append(e)
    return ergebnis


def _eintrag(zeile: Mapping[str, str]) -> Eintrag:
    """Return one row of the index; `ersetzt` follows from the others. Raises: ValueError."""
    feld = {**dict.fromkeys(KOPF, ""), **zeile}
    if not _SHA.fullmatch(feld["SHA-256"]):
        raise ValueError
    bfs = int(feld["BFS-Nr."]) if feld["BFS-Nr."] else None
    am, gelesen = feld["gelöscht am"], feld["zuerst gelesen am"]
    return Eintrag(
        feld["SHA-256"], date.fromisoformat(feld["Eingang"]), feld["Datei"],
        Wer(bfs, feld["Gemeinde"], feld["Formular"], feld["Periode"]),
        Loeschung(date.fromisoformat(am), feld["Grund"], feld["Visum"], feld["Stand"]) if am else None,
        date.fromisoformat(gelesen) if gelesen else None, feld["abgewiesen"],
    )  # fmt: skip
