"""Statements of a released run as PDF (Ziff. 4.5.2): where LibreOffice is there, once each."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from demo.hilfe import demo
from krs.ablage.ordner import AblageFehler
from krs.ablauf.laufmails import mitteilungen_als_pdf
from krs.export import pdf

pytestmark = pytest.mark.xdist_group("soffice")


@pytest.fixture
def ablage(tmp_path: Path) -> Path:
    """A copy of the demo, of which only three statements are left to convert."""
    shutil.copytree(demo()[0], tmp_path / "Demo")
    return tmp_path / "Demo"


def test_ohne_libreoffice_sagt_ein_satz_was_fehlt(ablage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)
    ordner, anzahl, saetze = mitteilungen_als_pdf(ablage, "2024-09")
    alle = len(list((ablage / "Laeufe/2024-09/mitteilungen").iterdir()))
    assert (anzahl, saetze) == (
        0, [f"{alle} PDF fehlen: LibreOffice (soffice) fehlt oder konnte nicht umwandeln."],
    )  # fmt: skip
    assert not ordner.exists()


def test_jede_mitteilung_wird_einmal_zum_pdf(ablage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gerufen: list[int] = []

    def umwandeln(_soffice: str, mappen: dict[str, bytes], _zeit: float) -> dict[str, bytes]:
        gerufen.append(len(mappen))
        return {n: b"%PDF-1.7" + pdf._marke(m) for n, m in mappen.items()}

    monkeypatch.setattr(pdf.shutil, "which", lambda _: "soffice")
    monkeypatch.setattr(pdf, "_umwandeln", umwandeln)
    ordner, anzahl, saetze = mitteilungen_als_pdf(ablage, "2024-09")
    namen = {f"{p.stem}.pdf" for p in (ablage / "Laeufe/2024-09/mitteilungen").iterdir()}
    assert (anzahl, saetze, {p.name for p in ordner.glob("*.pdf")}) == (len(namen), [], namen)
    (ordner / min(namen)).unlink()
    mitteilungen_als_pdf(ablage, "2024-09")
    assert gerufen == [len(namen), 1]


def test_zu_einem_lauf_ohne_freigabe_gibt_es_kein_pdf(ablage: Path) -> None:
    with pytest.raises(AblageFehler) as fehler:
        mitteilungen_als_pdf(ablage, "2025-03")
    assert str(fehler.value) == "Der Lauf 2025-03 ist nicht freigegeben; es gibt dazu keine Beitragsmitteilungen."
