"""What the gates cost on good forms: reading with all of them against the same reading without any."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence

from tests.eingaben.bauen import ausgefuellt, geteilte_texte

from benchmarks.lesen import abwechselnd
from krs.formulare.eingabe import Eingabe
from krs.mappen.lesen import mappe as xlsx
from krs.mappen.lesen.arbeiter import lesen_sicher
from krs.mappen.lesen.formular import lesen
from krs.mappen.lesen.schranke import Schranke

HOECHSTENS = 1.5


class Offen(Schranke):
    """No gate at all: every check lets everything pass."""

    def datei(self, daten: bytes, datei: str) -> None:
        """Pass."""

    def eintraege(self, eintraege: Sequence[zipfile.ZipInfo]) -> None:
        """Pass."""

    def teil(self, info: zipfile.ZipInfo) -> None:
        """Pass."""

    def xml(self, daten: bytes) -> None:
        """Pass."""


def messen() -> list[tuple[str, float, float]]:
    """Return for each form its name and the CPU seconds of one reading, without and with all gates."""
    return [(k, *_messen(geteilte_texte(ausgefuellt(k)))) for k in ("anhang2", "anhang3")]


def _messen(daten: bytes) -> tuple[float, float]:
    ohne, mit = abwechselnd(lambda: _ohne(daten), lambda: lesen_sicher(daten, "x.xlsx"))
    return ohne, mit


def _ohne(daten: bytes) -> Eingabe:
    """Read with `lesen` alone: neither limits nor the look at what may be heavy."""
    xlsx.Schranke = Offen  # the one place where reading takes its gates from
    try:
        return lesen(daten, "x.xlsx")
    finally:
        xlsx.Schranke = Schranke
