"""The journal of intake, Archiv/eingang.csv: who brought which file, when really, for which day (Entscheid 47).

It only grows: what stands in it stays byte for byte, even where it is damaged; new lines come behind it, in the one
step of `schreibe`. Purging a file, and nothing else, takes its names out.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from krs.ablage.csvdatei import angehaengt, csv_lesen, csv_schreiben, tag_lesen
from krs.ablage.durchgang import sichtbarer_name
from krs.ablage.ordner import lies, schreibe
from krs.formulare.ahv import ohne_ahv

KOPF = ("Nr.", "Zeit", "Konto", "Visum", "Vorgang", "SHA-256", "Eingang", "Stichtag", "Herkunft", "Absender")
_KOPFZEILE = csv_schreiben(KOPF, ())
_VIELE = 10_000  # missing lines; a number that somebody mistyped says nothing about how many there were


class Vorgang(StrEnum):
    """What happened to a file."""

    HOCHGELADEN = "hochgeladen"
    AUFGENOMMEN = "aufgenommen"
    WEITERE = "weitere Herkunft"
    VORHANDEN = "schon im Archiv"  # it was there before this journal, or its line got lost
    NEUER_TAG = "neuer Tag"
    GELOESCHT = "gelöscht"


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts and when really, as the host knows it; below the hosts nothing knows a clock."""

    zeit: datetime | None = None
    konto: str = ""
    visum: str = ""


NIEMAND = Hand()


@dataclass(frozen=True, slots=True)
class Zeile:
    """One line: `eingang` is the day of receipt that was chosen, `stichtag` the day that was judged."""

    nr: int
    zeit: str
    konto: str
    visum: str
    vorgang: str
    sha256: str
    eingang: date
    stichtag: date
    herkunft: str = ""
    absender: str = ""


class Eingangsjournal:
    """The journal as it lies there, and what is to be added."""

    def __init__(self, archiv: Path) -> None:
        self.pfad = archiv / "eingang.csv"
        roh = lies(self.pfad) if self.pfad.exists() else b""
        self._roh = roh if roh.removeprefix(BOM_UTF8).strip() else b""
        zeilen = [z for z in self._roh.removeprefix(BOM_UTF8).splitlines() if z.strip()]
        kopf = bool(zeilen) and zeilen[0] == _KOPFZEILE.removeprefix(BOM_UTF8).rstrip()
        gelesen = {z.nr: z for z in map(_zeile, zeilen[kopf:]) if z}
        self.zeilen = [gelesen[nr] for nr in sorted(gelesen)]
        self._letzte = max(len(zeilen) - kopf, *gelesen, 0)
        self.schaeden = self._letzte - len(gelesen) + (bool(zeilen) and not kopf)  # unreadable, twice, or missing
        self._neu: list[Zeile] = []
        gelesene = [z for z in self.zeilen if z.vorgang != Vorgang.HOCHGELADEN]
        self._bekannt = {(z.sha256, z.herkunft) for z in gelesene}
        self.dateien = {z.sha256 for z in gelesene}  # of which a line says that they were read
        self.tage = {z.sha256: z.eingang for z in gelesene if z.vorgang != Vorgang.GELOESCHT}  # as chosen last
        self.absender: dict[str, list[str]] = {}
        for z in (z for z in gelesene if z.absender):
            self.absender.setdefault(z.sha256, []).append(z.absender)

    def nimm(self, hand: Hand, vorgang: Vorgang, tage: tuple[date, date], sha: str, *herkunft: str) -> None:
        """Add a line to be written.

        Args:
            tage: the day of receipt, and the day that is judged.
            herkunft: where the file lay, and who sent it.
        """
        zeit = hand.zeit.isoformat(timespec="seconds") if hand.zeit else ""
        konto, visum = (sichtbarer_name(ohne_ahv(t)) for t in (hand.konto, hand.visum))
        self._letzte += 1
        self._neu.append(Zeile(self._letzte, zeit, konto, visum, vorgang, sha, *tage, *herkunft))

    def aufgenommen(
        self, hand: Hand, tage: tuple[date, date], sha: str, orte: Sequence[tuple[str, str]], *, neu: bool
    ) -> None:
        """Note a file that was read, once for each place that it lay in, and when its day is another one.

        `neu`: the archive did not have it.
        """
        vorher = sha in self.dateien
        if self.tage.get(sha, tage[0]) != tage[0] and all((sha, ort) in self._bekannt for ort, _ in orte):
            self.nimm(hand, Vorgang.NEUER_TAG, tage, sha, *orte[0])
        for herkunft, absender in orte:
            if (sha, herkunft) not in self._bekannt:
                vorgang = Vorgang.WEITERE if vorher else Vorgang.AUFGENOMMEN if neu else Vorgang.VORHANDEN
                self.nimm(hand, vorgang, tage, sha, herkunft, absender)
                self._bekannt.add((sha, herkunft))
                self.dateien.add(sha)
                vorher = True

    def sichern(self) -> None:
        """Write what is new behind what is there. Raises: AblageFehler: the place cannot be written."""
        if self._neu:
            self._roh = angehaengt(self._roh, KOPF, map(astuple, self._neu))
            self._neu = []
        if self._roh:
            schreibe(self.pfad, self._roh)

    def saetze(self, archiviert: Iterable[str]) -> list[str]:
        """Return the sentence about lines that are damaged or missing; `archiviert`: files that must have one."""
        fehlt = self.schaeden + len(set(archiviert) - self.dateien)
        if not fehlt:
            return []
        was = (
            "1 Zeile fehlt oder ist"
            if fehlt == 1
            else f"{fehlt if fehlt < _VIELE else 'viele'} Zeilen fehlen oder sind"
        )
        return [
            f"Im Journal des Eingangs (Archiv/eingang.csv): {was} beschädigt. Vergleichen Sie die Datei mit der "
            "Sicherung; krs ändert darin nichts und schreibt unten weiter."
        ]

    def loesche(self, hand: Hand, am: date, eingaenge: Mapping[str, date]) -> None:
        """Take the names out of all lines of files that were purged, and note each once.

        Args:
            am: the chosen day of purging.
            eingaenge: SHA-256 → day of receipt.
        """
        zeilen = self._roh.splitlines(keepends=True)
        for nr, roh in enumerate(zeilen):
            if (z := _zeile(roh)) and z.sha256 in eingaenge and (z.herkunft or z.absender):
                ohne = replace(z, herkunft="", absender="")
                zeilen[nr] = csv_schreiben(KOPF, [astuple(ohne)]).removeprefix(_KOPFZEILE)
        self._roh = b"".join(zeilen)
        schon = {z.sha256 for z in self.zeilen if z.vorgang == Vorgang.GELOESCHT}
        for sha in sorted(eingaenge.keys() - schon):
            self.nimm(hand, Vorgang.GELOESCHT, (eingaenge[sha], am), sha)
        self.sichern()


def _zeile(roh: bytes) -> Zeile | None:
    """Return one line, None for a damaged one; Excel saves days as it shows them."""
    try:
        (w,) = csv_lesen(_KOPFZEILE + roh.removeprefix(BOM_UTF8), KOPF)
        nr, zeit, konto, visum, vorgang, sha, eingang, stichtag, *herkunft = w.values()
        return Zeile(int(nr), zeit, konto, visum, vorgang, sha, tag_lesen(eingang), tag_lesen(stichtag), *herkunft)
    except ValueError:
        return None
