"""The log of reminders as a CSV that Excel opens: who was reminded of what, when and where (Ziff. 5.2)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from krs.ablage.csvdatei import csv_schreiben, tag_lesen
from krs.ablage.ordner import AblageFehler, lies
from krs.formulare.formular import formular_fuer, periodenbeginn
from krs.schreiben.mahnung import Mahnung

KOPF = ("Datum", "Stufe", "BFS-Nr.", "Gemeinde", "Formular", "Periode", "an")
MIT_ZEIT = (*KOPF, "Zeit", "Konto")


def protokoll(rueckmeldungen: Path) -> Path:
    """Return where the log lies."""
    return rueckmeldungen / "Mahnungen" / "protokoll.csv"


def bisherige(rueckmeldungen: Path) -> tuple[Mahnung, ...]:
    """Return all reminders so far. Raises: AblageFehler: the log is damaged."""
    log = protokoll(rueckmeldungen)
    return protokoll_lesen(lies(log)) if log.exists() else ()


def protokoll_lesen(daten: bytes) -> tuple[Mahnung, ...]:
    """Return all reminders in the order of the file. Raises: AblageFehler: it is damaged."""
    try:
        text = daten.decode("utf-8-sig")
    except UnicodeDecodeError as fehler:
        raise _beschaedigt(1) from fehler
    zeilen = csv.reader(StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        kopf = tuple(next(zeilen, ()))
        if kopf not in (KOPF, MIT_ZEIT):
            raise ValueError
        return tuple(_mahnung(len(kopf), *werte) for werte in zeilen if any(werte))
    except (ValueError, TypeError, csv.Error) as fehler:
        raise _beschaedigt(max(1, zeilen.line_num)) from fehler


def _beschaedigt(zeile: int) -> AblageFehler:
    return AblageFehler(
        f"Das Protokoll der Mahnungen ist beschädigt (Zeile {zeile})."
        " Stellen Sie die Datei aus der Sicherung wieder her."
    )


def _mahnung(breite: int, tag: str, stufe: str, bfs: str, *rest: str) -> Mahnung:
    gemeinde, formular, periode, an, *hand = (t.removeprefix("'") for t in rest)
    periodenbeginn(periode)
    if len(rest) != breite - 3 or stufe not in ("1", "2") or formular_fuer(periode).name != formular:
        raise ValueError
    return Mahnung(tag_lesen(tag), int(stufe), int(bfs), gemeinde, formular, periode, an, *hand)


def protokoll_schreiben(mahnungen: Iterable[Mahnung]) -> bytes:
    """Return the log, oldest first; a reminder that stands there already is written once, with its first time."""
    alle: dict[Mahnung, Mahnung] = {}
    for m in mahnungen:
        alle.setdefault(m, m)
    sortiert = sorted(alle.values(), key=lambda m: (m.datum, m.bfs_nr, m.formular, m.periode, m.stufe, m.an))
    kopf = MIT_ZEIT if any(m.zeit or m.konto for m in sortiert) else KOPF
    zeilen = ([m.datum, m.stufe, m.bfs_nr, m.gemeinde, m.formular, m.periode, m.an, m.zeit, m.konto] for m in sortiert)
    return csv_schreiben(kopf, (z[: len(kopf)] for z in zeilen))
