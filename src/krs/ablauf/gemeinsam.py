"""What all steps share: progress, the Stammdaten, one file as it arrived."""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.eingangsjournal import NIEMAND, Hand
from krs.ablage.ordner import Ablage, AblageFehler, lies
from krs.formulare.ahv import ERSATZ
from krs.formulare.befund import Befund, meldungen
from krs.formulare.eingabe import Merkmal, Zelle
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.arbeiter import lesen_sicher
from krs.recht import datum
from krs.urteil.fassung import Einreichung

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten


@dataclass(frozen=True, slots=True)
class Uhr:
    """The day that is judged, and today where a host knows it; `stimmt`: somebody confirmed that this is today.

    `hand`: who acts and when really, for the journal of intake.
    """

    stichtag: date
    heute: date | None = None
    stimmt: bool = False
    hand: Hand = NIEMAND

    @property
    def tag(self) -> date:
        """The day on which a file without a day of its own is received."""
        return self.heute or self.stichtag


def konto() -> str:
    """Return the account of the system, as a record of who acted."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def nicht_kuenftig(tag: date, hand: Hand, was: str) -> None:
    """Raises: AblageFehler: the day that is chosen for an act is still to come (docs/entscheide/79)."""
    if hand.zeit is not None and tag > hand.zeit.date():
        raise AblageFehler(
            f"{was}, {datum(tag)}, liegt in der Zukunft. Nennen Sie den heutigen Tag oder einen früheren."
        )


Fortschritt = Callable[[Iterable[Path], int, str], Iterable[Path]]


def stille(dateien: Iterable[Path], anzahl: int, text: str) -> Iterable[Path]:  # noqa: ARG001 the shape of Fortschritt
    """Show nothing: the progress of hosts that have no screen."""
    return dateien


def stammdaten_laden(ablage: Ablage) -> tuple[Stammdaten, tuple[Befund, ...], bytes]:
    """Return the Stammdaten, what is wrong in them, and their bytes.

    Raises: AblageFehler: the workbook cannot be read at all.
    """
    daten = lies(ablage.stammdaten)
    return *stammdaten_aus(daten, ablage.stammdaten), daten


def stammdaten_aus(daten: bytes, pfad: Path) -> tuple[Stammdaten, tuple[Befund, ...]]:
    """Return the Stammdaten in the bytes of a workbook, and what is wrong in them. Raises: as `stammdaten_laden`."""
    from krs.mappen.stammdaten import lies_tabellen
    from krs.stammdaten.stammdaten import lies_stammdaten

    try:
        return lies_stammdaten(lies_tabellen(daten, pfad.name))
    except Abgewiesen as fehler:
        raise AblageFehler(
            f"Die Stammdaten «{pfad}» sind nicht lesbar ({meldungen()[fehler.code].titel}). "
            "Speichern Sie die Datei in Excel als .xlsx, oder stellen Sie sie aus der Sicherung wieder her."
        ) from fehler


def einreichung(daten: bytes, datei: str, eingang: date, sha: str = "") -> Einreichung:
    """Return a file as read, or as refused with a Befund."""
    sha = sha or hashlib.sha256(daten).hexdigest()
    try:
        eingabe = lesen_sicher(daten, datei)
        if ERSATZ in datei:
            eingabe = replace(eingabe, merkmale=(*eingabe.merkmale, Merkmal("F-30", Zelle("Dateiname", "", datei))))
        return Einreichung(datei, sha, eingang, eingabe)
    except Abgewiesen as fehler:
        return Einreichung(datei, sha, eingang, abweisung=fehler.befund(datei), inhalt=fehler.inhalt)
