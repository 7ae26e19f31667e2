"""krs writes into Stammdaten.xlsx: rows at the order of a person, after a copy to Sicherungen/ (entwurf 1)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.ordner import Ablage, AblageFehler, in_excel_offen, lies, loesche_datei, schreibe

if TYPE_CHECKING:
    from krs.formulare.befund import Befund
    from krs.mappen.nachtrag import Reihe, Wert
    from krs.stammdaten.stammdaten import Stammdaten


@dataclass(frozen=True, slots=True)
class Aenderung:
    """A Stammdaten.xlsx that is not written yet: what lies there, and what will."""

    ablage: Ablage
    alt: bytes
    neu: bytes

    def stammdaten(self) -> Stammdaten:
        """Return the Stammdaten as they will be. Raises: AblageFehler: a rule says that a new row is wrong."""
        from krs.mappen.lesen.tabellen import lies_tabellen
        from krs.stammdaten.stammdaten import lies_stammdaten

        vorher = lies_stammdaten(lies_tabellen(self.alt))[1]
        neu, befunde = lies_stammdaten(lies_tabellen(self.neu))
        for b in befunde:
            if b not in vorher:
                raise nicht_geschrieben(b)
        return neu

    def schreiben(self, stichtag: date) -> Path:
        """Replace Stammdaten.xlsx; return the copy of what stood there. The caller holds the lock.

        Args:
            stichtag: the day of the order; the copy carries it.
        Raises: AblageFehler: another program holds the file, or changed it meanwhile.
        """
        sicherung = _frei(self.ablage.sicherungen, stichtag)
        schreibe(sicherung, self.alt)
        try:
            if lies(self.ablage.stammdaten) != self.alt:
                raise AblageFehler(
                    "Stammdaten.xlsx wurde eben geändert; es ist nichts geschrieben. Versuchen Sie es erneut."
                )
            schreibe(self.ablage.stammdaten, self.neu)
        except AblageFehler:
            loesche_datei(sicherung)
            raise
        return sicherung


def anhaengen(ablage: Ablage, blatt: str, zeilen: Sequence[Sequence[Wert]], stichtag: date) -> Path:
    """Append rows to a sheet of Stammdaten.xlsx, made where it is missing; return the copy of what stood there."""
    return aenderung(ablage, blatt, zeilen).schreiben(stichtag)


def leeren(ablage: Ablage, blatt: str, nummern: Collection[int], stichtag: date) -> Path:
    """Empty whole rows of a sheet, by their numbers; else as `anhaengen`."""
    return aenderung(ablage, blatt, weg=nummern).schreiben(stichtag)


def aenderung(
    ablage: Ablage,
    blatt: str,
    zeilen: Sequence[Reihe] = (),
    weg: Collection[int] = (),
    setzen: Mapping[int, Mapping[str, Wert]] | None = None,
) -> Aenderung:
    """Return what rows below the last one of a sheet, and rows changed, make of Stammdaten.xlsx.

    Args:
        blatt: name of the sheet, such as `Zuordnungen`.
        zeilen: values in the order of the sheet's columns, None leaves a cell empty; or a copy of a row.
        weg: numbers of the rows that are emptied.
        setzen: values by column id, for rows by their numbers.
    Raises: AblageFehler: Excel holds the file, or it would lose something.
    """
    from krs.mappen.nachtrag import NichtErgaenzbar, ergaenzt

    daten = gelesen(ablage)
    try:
        return Aenderung(ablage, daten, ergaenzt(daten, blatt, zeilen, weg, setzen))
    except NichtErgaenzbar as fehler:
        raise nicht_schreibbar(fehler.grund, _von_hand(blatt, zeilen, weg)) from fehler


def gelesen(ablage: Ablage) -> bytes:
    """Return Stammdaten.xlsx, to be written into. Raises: AblageFehler: Excel holds it."""
    if in_excel_offen(ablage.stammdaten):
        raise AblageFehler("Stammdaten.xlsx ist in Excel offen; es ist nichts geändert. Schliessen Sie die Datei.")
    return lies(ablage.stammdaten)


def nicht_geschrieben(befund: Befund) -> AblageFehler:
    """Return what the user reads where a rule stands against a row; the row is not there, so its place is not named."""
    meldung = befund.meldung.removeprefix(f"{befund.blatt}!{befund.zelle}: ")
    meldung = re.sub(r"; bis dahin [^.]*\.", ".", meldung)  # nothing is there that would wait
    return AblageFehler(f"Es ist nichts geschrieben. {meldung}")


def nicht_schreibbar(grund: str, stattdessen: str) -> AblageFehler:
    """Return what the user reads where the workbook would lose something."""
    return AblageFehler(
        f"In Stammdaten.xlsx kann krs nicht schreiben: Die Mappe hat {grund}. Es ist nichts geändert; {stattdessen}"
    )


def _frei(ordner: Path, tag: date) -> Path:
    """Return the next free name, such as `Stammdaten_2024-08-12_1.xlsx`."""
    nummer = 1
    while (pfad := ordner / f"Stammdaten_{tag}_{nummer}.xlsx").exists():
        nummer += 1
    return pfad


def _von_hand(blatt: str, zeilen: Sequence[Reihe], weg: Collection[int]) -> str:
    """Return what to type instead."""
    if weg:
        return f"leeren Sie auf dem Blatt «{blatt}» von Hand die Zeile {', '.join(map(str, sorted(weg)))}."
    from krs.mappen.nachtrag import Kopie
    from krs.recht import datum
    from krs.stammdaten.plan import blaetter

    plan = next(b for b in blaetter() if b.name == blatt)
    reihen = (
        z.werte.items() if isinstance(z, Kopie) else zip((s.id for s in plan.spalten), z, strict=True) for z in zeilen
    )
    texte = (
        ", ".join(f"{plan.spalte(k).titel} {datum(w) if isinstance(w, date) else w}" for k, w in reihe if w is not None)
        for reihe in reihen
    )
    return f"tragen Sie auf dem Blatt «{blatt}» von Hand ein: {'; '.join(texte)}."
