"""The small working folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ablage.conftest import muster  # noqa: F401 a fixture
from krs.ablage.ordner import Ablage


@pytest.fixture
def ablage(muster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ablage:  # noqa: F811 the same one
    """A copy of the folder, `Ablage` in the current directory."""
    shutil.copytree(muster, tmp_path / "Ablage")
    monkeypatch.chdir(tmp_path)
    return Ablage(Path("Ablage"))
