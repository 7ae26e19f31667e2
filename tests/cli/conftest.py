"""The small working folder."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from ablage.conftest import muster  # noqa: F401 a fixture
from krs.ablage.ordner import Ablage
from krs.cli import formulare


@pytest.fixture
def ablage(muster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ablage:  # noqa: F811 the same one
    """A copy of the folder, `Ablage` in the current directory."""
    shutil.copytree(muster, tmp_path / "Ablage")
    monkeypatch.chdir(tmp_path)
    return Ablage(Path("Ablage"))


@pytest.fixture(autouse=True)
def am_stichtag(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let today be the Stichtag that a call names: an earlier one is a look back."""
    echt, zuletzt = formulare.tag, list[date]()

    def tag(text: str) -> date:
        if text:
            zuletzt[:] = [echt(text)]
        return zuletzt[0] if zuletzt else echt("")

    monkeypatch.setattr(formulare, "tag", tag)
