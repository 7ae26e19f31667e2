"""The order in which a judgement names things; it depends on nothing but what they say."""

from __future__ import annotations

from datetime import date

from krs.formulare.befund import Befund, Stufe
from krs.recht import Leistung
from krs.urteil.ansprueche import Anspruch
from krs.urteil.tafel import Zeile


def zeilen(z: Zeile) -> tuple[object, ...]:
    """Sort rows of the board by form, period, municipality and day of receipt."""
    return z.formular, z.periode, z.bfs_nr or 0, z.eingang or date.max, z.datei, z.sha256


def ansprueche(a: Anspruch) -> tuple[object, ...]:
    """Sort claims by period, municipality, Leistung and file."""
    return a.periode, a.bfs_nr, list(Leistung).index(a.leistung), a.sha256


def befunde(b: Befund) -> tuple[object, ...]:
    """Sort Befunde by form, file and stufe, then as they stand in the sheet."""
    return b.bfs_nr or 0, b.formular, b.periode, b.datei, list(Stufe).index(b.stufe), b.blatt, _ort(b.zelle), b.code


def _ort(zelle: str) -> tuple[int, str]:
    """Return row and column, so that C9 comes before C10."""
    ziffern = zelle.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(ziffern or 0), zelle
