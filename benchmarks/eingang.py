"""What the gates cost on good forms: reading with all of them against the same reading without any."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence

from tests.eingaben.bauen import ausgefuellt, geteilte_texte
from tests.eingaben.boese import BOESE, boese

from benchmarks.lesen import abwechselnd
from krs.formulare.eingabe import Eingabe
from krs.mappen.lesen import behaelter
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


def boesester() -> tuple[str, float]:
    """Return the hostile text whose reading grows most, and how many times it takes for twice the text."""
    gut, faktoren = ausgefuellt(), {}
    for was in BOESE:
        einfach, doppelt = (boese(was, n, gut) for n in (1_000_000, 2_000_000))
        a, b = abwechselnd(lambda d=einfach: lesen(d, "x.xlsx"), lambda d=doppelt: lesen(d, "x.xlsx"), runden=3)
        faktoren[was] = b / a
    return max(faktoren.items(), key=lambda f: f[1])


def _messen(daten: bytes) -> tuple[float, float]:
    ohne, mit = abwechselnd(lambda: _ohne(daten), lambda: lesen_sicher(daten, "x.xlsx"))
    return ohne, mit


def _ohne(daten: bytes) -> Eingabe:
    """Read with `lesen` alone: neither limits nor the look at what may be heavy."""
    behaelter.Schranke = Offen  # the one place where reading takes its gates from
    try:
        return lesen(daten, "x.xlsx")
    finally:
        behaelter.Schranke = Schranke
