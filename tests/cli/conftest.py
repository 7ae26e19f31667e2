"""The small working folder and a way to call the command line as a user does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ablage.conftest import muster  # noqa: F401 a fixture
from krs.ablage.ordner import Ablage
from krs.cli import app, laufen

Aufruf = Callable[..., tuple[int, str, str]]


@pytest.fixture
def krs(capsys: pytest.CaptureFixture[str]) -> Aufruf:
    """Return `krs(arguments…)` → exit code, what it says, what it complains about."""

    def aufruf(*argumente: object) -> tuple[int, str, str]:
        code = laufen(app, [str(a) for a in argumente])
        aus = capsys.readouterr()
        return code, aus.out, aus.err

    return aufruf


@pytest.fixture
def ablage(muster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ablage:  # noqa: F811 the same one
    """A copy of the folder, `Ablage` in the current directory."""
    shutil.copytree(muster, tmp_path / "Ablage")
    monkeypatch.chdir(tmp_path)
    return Ablage(Path("Ablage"))
