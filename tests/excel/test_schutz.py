"""Protected sheets on the desktop: opened and closed with the same permissions; a password is never asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from krs.excel import schutz
from krs.excel.anfrage import Eingabefehler
from krs.excel.live import _setze
from krs.excel.live.zellen import Ersatz


class ComFehler(Exception):
    """What pywin32 raises."""


class Com:
    """A sheet as COM shows it."""

    def __init__(self, geschuetzt: bool = True, passwort: str = "") -> None:
        self.ProtectContents, self._passwort = geschuetzt, passwort
        self.ProtectDrawingObjects, self.ProtectScenarios, self.EnableSelection = True, False, 1
        self.Protection = SimpleNamespace(**dict.fromkeys(schutz._ERLAUBNISSE, False) | {"AllowFormattingRows": True})
        self.gerufen: list[tuple[str, dict[str, Any]]] = []

    def Unprotect(self, passwort: str) -> None:  # noqa: N802 the name of Excel
        if passwort != self._passwort:
            raise ComFehler
        self.ProtectContents = False

    def Protect(self, passwort: str, **werte: Any) -> None:  # noqa: N802 the name of Excel
        self.gerufen.append((passwort, werte))
        self.ProtectContents = True


@pytest.fixture(autouse=True)
def _pywin32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pywintypes", SimpleNamespace(com_error=ComFehler))  # type: ignore[arg-type]


class Zelle:
    """A cell whose Excel may be too old for `formula2`."""

    def __init__(self, alt: bool) -> None:
        self._alt = alt

    @property
    def formula2(self) -> str:
        if self._alt:
            raise ComFehler
        return ""


def blatt(com: Com, struktur: bool = False, alt: bool = False) -> Any:
    """Return a sheet of a workbook on the desktop."""
    app = SimpleNamespace(engine=SimpleNamespace(type="desktop"))
    mappe = SimpleNamespace(app=app, name="Olten.xlsx", api=SimpleNamespace(ProtectStructure=struktur))
    b = SimpleNamespace(api=com, name="Reporting", book=mappe, range=lambda _: Zelle(alt))
    mappe.sheets = [b]
    return b


def test_nach_dem_schreiben_ist_das_blatt_geschuetzt_wie_vorher() -> None:
    com = Com()
    with schutz.offen(blatt(com)):
        assert com.ProtectContents is False
    soll = dict.fromkeys(schutz._ERLAUBNISSE, False) | {"AllowFormattingRows": True}
    soll |= {"DrawingObjects": True, "Scenarios": False, "Contents": True}
    assert com.gerufen == [("", soll)]
    assert (com.ProtectContents, com.EnableSelection) == (True, 1)


def test_auch_wenn_das_schreiben_misslingt_ist_das_blatt_wieder_geschuetzt() -> None:
    com = Com()
    with pytest.raises(ZeroDivisionError), schutz.offen(blatt(com)):
        raise ZeroDivisionError
    assert com.ProtectContents is True


def test_ein_blatt_ohne_schutz_bleibt_ohne() -> None:
    com = Com(geschuetzt=False)
    with schutz.offen(blatt(com)):
        pass
    assert (com.ProtectContents, com.gerufen) == (False, [])


@pytest.mark.parametrize(
    ("baue", "satz"),
    [
        (
            lambda: blatt(Com(passwort="geheim")),
            "Das Blatt «Reporting» ist mit einem Passwort geschützt. Heben Sie den Schutz auf (Überprüfen, Blattschutz "
            "aufheben) und versuchen Sie es noch einmal. Es wurde nichts geändert.",
        ),
        (
            lambda: blatt(Com(), struktur=True),
            "Die Arbeitsmappe «Olten.xlsx» lässt keine neuen Blätter zu. Heben Sie den Schutz auf (Überprüfen, "
            "Arbeitsmappe schützen) und versuchen Sie es noch einmal. Es wurde nichts geändert.",
        ),
        (
            lambda: blatt(Com(), alt=True),
            "Dieses Excel kennt keine Formeln, die mehrere Zellen füllen. Die Funktionen brauchen Excel 2021 oder "
            "Microsoft 365. Es wurde nichts geändert.",
        ),
    ],
)
def test_was_sich_nicht_aendern_laesst_wird_vorher_gesagt(baue: Callable[[], Any], satz: str) -> None:
    b = baue()
    with pytest.raises(Eingabefehler) as fehler:
        schutz.pruefe(b.book, (b,))
    assert str(fehler.value) == satz
    assert (b.api.ProtectContents, b.api.gerufen) == (True, [])


def test_auf_dem_desktop_stehen_die_funktionen_ohne_klammeraffe_und_als_einzelne_formel() -> None:
    geschrieben: dict[str, Any] = {}

    class Bereich:
        def __init__(self, ort: str) -> None:
            self._ort = ort

        @property
        def formula(self) -> None:
            return None

        @formula.setter
        def formula(self, wert: object) -> None:
            geschrieben[self._ort] = wert

    b = blatt(Com())
    b.range = Bereich
    ersatz = (Ersatz("E51", "=KRS_A(1)", "=A1"), Ersatz("E52", "=KRS_B(1)", "=A2"), Ersatz("E54", "=KRS_C(1)", "=A3"))
    _setze(b, ersatz, live=True)
    assert geschrieben == {"E51:E52": [["=KRS_A(1)"], ["=KRS_B(1)"]], "E54:E54": [["=KRS_C(1)"]]}
    _setze(b, ersatz, live=False)
    assert geschrieben == {"E51:E52": [["=A1"], ["=A2"]], "E54:E54": [["=A3"]]}
