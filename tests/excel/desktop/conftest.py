"""The build of the add-in stands beside its sources, not in the package: tests import it from there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# Runs on the system's Python, which has the module uno.
collect_ignore = ["basic_lauf.py"]
WURZEL = Path(__file__).parents[3]
sys.path.insert(0, str(WURZEL / "addin" / "desktop"))

from xlambau import bauen  # noqa: E402

from excel.desktop import doppel  # noqa: E402


@pytest.fixture(scope="session")
def module() -> dict[str, str]:
    """The modules of the add-in by name."""
    return bauen.module()


@pytest.fixture(scope="session")
def addin() -> bytes:
    """krs.xlam."""
    return bauen.addin()


@pytest.fixture
def com(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """xlwings' COM server on stand-ins of pywin32."""
    for name in [n for n in sys.modules if n in {"xlwings.com_server", "xlwings.udfs"}]:
        monkeypatch.delitem(sys.modules, name)
    for name, modul in doppel.pywin32().items():
        monkeypatch.setitem(sys.modules, name, modul)
    server = doppel.com_server()
    yield server
    server.loop.close()
    for name in ("xlwings.com_server", "xlwings.udfs"):
        sys.modules.pop(name, None)


@pytest.fixture
def python(com: Any) -> doppel.PythonDoppel:
    """The object that the add-in gets from xlwings' DLL."""
    return doppel.PythonDoppel(com.XLPython())


@pytest.fixture
def excel(
    module: dict[str, str], python: doppel.PythonDoppel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> doppel.Excel:
    """Excel with the add-in set up as install.ps1 does, and another workbook active."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return doppel.Excel(module, python, interpreter=doppel.PYTHON)


@pytest.fixture
def excel_mit(module: dict[str, str]) -> Callable[..., doppel.Excel]:
    """Make an Excel with other modules or settings."""

    def mache(module_: dict[str, str] | None = None, interpreter: str = "") -> doppel.Excel:
        return doppel.Excel(module_ if module_ is not None else module, None, interpreter=interpreter)

    return mache
