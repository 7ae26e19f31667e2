"""Folders that krs fills for people to send from: it takes out what is settled, never what somebody changed.

index.csv in such a folder says which bytes we wrote; a file that could not be replaced has several rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from krs.ablage.csvdatei import csv_lesen, csv_schreiben
from krs.ablage.ordner import AblageFehler, in_excel_offen, lies, loesche_datei, schreibe

ERLEDIGT = "Erledigt"
_KOPF = ("Datei", "SHA-256")
_OFFEN = "«{}» ist offen und bleibt, wie es ist. Schliessen Sie die Datei und wiederholen Sie den Befehl."
_ERLEDIGT_OFFEN = "«{}» ist erledigt, aber offen. Schliessen Sie die Datei und wiederholen Sie den Befehl."


def abgleichen(ordner: Path, dateien: Mapping[str, bytes]) -> list[str]:
    """Make the folder hold these files (path below it → bytes); return a sentence for what was left alone.

    Raises: AblageFehler: the folder cannot be written, or its index is damaged.
    """
    index = ordner / "index.csv"
    frueher = _lesen(index)
    jetzt = {name: frozenset({hashlib.sha256(daten).hexdigest()}) for name, daten in dateien.items()}
    if not jetzt and not frueher:
        return []
    leer: frozenset[str] = frozenset()
    beide = {n: frueher.get(n, leer) | jetzt.get(n, leer) for n in {*frueher, *jetzt}}
    _schreiben(index, beide)  # first: a kill in between leaves no file of ours that we do not know
    saetze = {name: _ersetzen(ordner / name, name, daten, beide[name]) for name, daten in dateien.items()}
    for name in sorted(set(frueher) - set(jetzt)):
        saetze[name], weg = _entfernen(ordner, name, frueher[name])
        if not weg:
            jetzt[name] = frueher[name]
    # What was left alone may still be an earlier one of ours: open today, replaced tomorrow.
    _schreiben(index, {n: beide[n] if saetze[n] else unsere for n, unsere in jetzt.items()})
    return [satz for satz in saetze.values() if satz]


def _ersetzen(ziel: Path, name: str, daten: bytes, unsere: frozenset[str]) -> str:
    """Write one file; return a sentence where it was left alone."""
    try:
        if ziel.exists():
            sha = _sha(ziel)
            if sha not in unsere:
                return f"«{name}» wurde von Hand geändert und bleibt, wie es ist."
            if sha != hashlib.sha256(daten).hexdigest() and in_excel_offen(ziel):
                return _OFFEN.format(name)
        schreibe(ziel, daten)
    except AblageFehler as fehler:
        if not fehler.gesperrt or not ziel.exists():
            raise
        return _OFFEN.format(name)
    return ""


def _entfernen(ordner: Path, name: str, unsere: frozenset[str]) -> tuple[str, bool]:
    """Remove what is settled; return a sentence where it was open or kept, and whether we are done with it."""
    ziel, satz = ordner / name, ""
    try:
        if ziel.exists():
            if in_excel_offen(ziel):
                return _ERLEDIGT_OFFEN.format(name), False
            if _sha(ziel) not in unsere:
                satz = _aufheben(ordner, ziel, name)
            loesche_datei(ziel)
    except AblageFehler as fehler:
        if not fehler.gesperrt:
            raise
        return _ERLEDIGT_OFFEN.format(name), False
    if ziel.parent != ordner:
        with suppress(OSError):  # not empty, or looked at: an empty folder harms nobody
            ziel.parent.rmdir()
    return satz, True


def _aufheben(ordner: Path, ziel: Path, name: str) -> str:
    """Keep in Erledigt/ what somebody changed; return the sentence about it."""
    daten, nummer, neu = lies(ziel), 2, ordner / ERLEDIGT / ziel.name
    while neu.exists() and lies(neu) != daten:
        neu = ordner / ERLEDIGT / f"{ziel.stem}_{nummer}{ziel.suffix}"
        nummer += 1
    schreibe(neu, daten)
    return (
        f"«{name}» ist erledigt oder überholt, aber von Hand geändert; die Datei liegt jetzt in {ERLEDIGT}/{neu.name}."
    )


def verzeichnet(ordner: Path) -> dict[str, frozenset[str]]:
    """Return the SHA-256 of what we wrote into a folder, by its path below it. Raises: AblageFehler."""
    return _lesen(ordner / "index.csv")


def _sha(pfad: Path) -> str:
    return hashlib.sha256(lies(pfad)).hexdigest()


def _lesen(index: Path) -> dict[str, frozenset[str]]:
    stand: dict[str, frozenset[str]] = {}
    try:
        for zeile in csv_lesen(lies(index), _KOPF) if index.exists() else ():
            name = zeile["Datei"]
            if ".." in Path(name).parts or Path(name).is_absolute():
                raise ValueError  # we never wrote that, so we do not remove it
            stand[name] = stand.get(name, frozenset()) | {zeile["SHA-256"]}
    except ValueError as fehler:
        raise AblageFehler(
            f"«{index}» ist beschädigt. Löschen Sie die Datei; krs legt sie neu an und lässt stehen, was da ist."
        ) from fehler
    return stand


def _schreiben(index: Path, stand: Mapping[str, frozenset[str]]) -> None:
    zeilen = sorted((name, sha) for name, unsere in stand.items() for sha in unsere)
    schreibe(index, csv_schreiben(_KOPF, zeilen))
