"""The small working folder, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ablage.hilfe import neue_ablage
from krs.ablage.ordner import Ablage


@pytest.fixture(scope="session")
def muster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Stammdaten and templates; do not change it."""
    pfad = tmp_path_factory.mktemp("muster") / "Ablage"
    neue_ablage(pfad)
    return pfad


@pytest.fixture
def ablage(muster: Path, tmp_path: Path) -> Ablage:
    """A copy of the folder to work in."""
    shutil.copytree(muster, tmp_path / "Ablage")
    return Ablage.oeffnen(tmp_path / "Ablage")
