"""krs writes into Stammdaten.xlsx: rows at the order of a person, after a copy to Sicherungen/ (entwurf 1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.ordner import Ablage, AblageFehler, in_excel_offen, lies, loesche_datei, schreibe

if TYPE_CHECKING:
    from krs.mappen.nachtrag import Wert


def anhaengen(ablage: Ablage, blatt: str, zeilen: Sequence[Sequence[Wert]], stichtag: date) -> Path:
    """Append rows to a sheet of Stammdaten.xlsx, made where it is missing; return the copy of what stood there.

    The caller holds the lock. All else in the workbook stays, or nothing is written.

    Args:
        blatt: name of the sheet, such as `Zuordnungen`.
        zeilen: values in the order of the sheet's columns; None leaves a cell empty.
        stichtag: the day of the order; the copy carries it.
    Raises: AblageFehler: Excel holds the file, or it would lose something.
    """
    return _aendern(ablage, blatt, zeilen, (), stichtag)


def leeren(ablage: Ablage, blatt: str, nummern: Collection[int], stichtag: date) -> Path:
    """Empty whole rows of a sheet, by their numbers; else as `anhaengen`."""
    return _aendern(ablage, blatt, (), nummern, stichtag)


def _aendern(
    ablage: Ablage, blatt: str, zeilen: Sequence[Sequence[Wert]], weg: Collection[int], stichtag: date
) -> Path:
    from krs.mappen.nachtrag import NichtErgaenzbar, ergaenzt

    if in_excel_offen(ablage.stammdaten):
        raise AblageFehler("Stammdaten.xlsx ist in Excel offen; es ist nichts geändert. Schliessen Sie die Datei.")
    daten = lies(ablage.stammdaten)
    try:
        neu = ergaenzt(daten, blatt, zeilen, weg)
    except NichtErgaenzbar as fehler:
        raise AblageFehler(
            f"In Stammdaten.xlsx kann krs nicht schreiben: Die Mappe hat {fehler.grund}. Es ist nichts geändert; "
            f"{_von_hand(blatt, zeilen, weg)}"
        ) from fehler
    sicherung = _frei(ablage.sicherungen, stichtag)
    schreibe(sicherung, daten)
    try:
        if lies(ablage.stammdaten) != daten:
            raise AblageFehler(
                "Stammdaten.xlsx wurde eben geändert; es ist nichts geschrieben. Versuchen Sie es erneut."
            )
        schreibe(ablage.stammdaten, neu)
    except AblageFehler:
        loesche_datei(sicherung)
        raise
    return sicherung


def _frei(ordner: Path, tag: date) -> Path:
    """Return the next free name, such as `Stammdaten_2024-08-12_1.xlsx`."""
    nummer = 1
    while (pfad := ordner / f"Stammdaten_{tag}_{nummer}.xlsx").exists():
        nummer += 1
    return pfad


def _von_hand(blatt: str, zeilen: Sequence[Sequence[Wert]], weg: Collection[int]) -> str:
    """Return what to type instead."""
    if weg:
        return f"leeren Sie auf dem Blatt «{blatt}» von Hand die Zeile {', '.join(map(str, sorted(weg)))}."
    from krs.recht import datum
    from krs.stammdaten.plan import blaetter

    titel = [s.titel for b in blaetter() if b.name == blatt for s in b.spalten]
    reihen = (
        ", ".join(
            f"{t} {datum(w) if isinstance(w, date) else w}" for t, w in zip(titel, z, strict=True) if w is not None
        )
        for z in zeilen
    )
    return f"tragen Sie auf dem Blatt «{blatt}» von Hand ein: {'; '.join(reihen)}."
