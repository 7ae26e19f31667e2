"""Shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from hilfe.sauber import verstoesse
from hilfe.tarife import friere_ein
from krs.cli import app, laufen
from krs.mappen.antwort.paket import Paket

Aufruf = Callable[..., tuple[int, str, str]]

friere_ein()  # before anything computes


@pytest.fixture(scope="session")
def verlange() -> Callable[[object, str], None]:
    """Return `verlange(there, reason)`: skip where a program is missing, but fail in CI (KRS_CI)."""

    def pruefe(vorhanden: object, grund: str) -> None:
        if not vorhanden:
            (pytest.fail if os.environ.get("KRS_CI") else pytest.skip)(grund)

    return pruefe


@pytest.fixture(autouse=True)
def _nichts_gefaehrliches(monkeypatch: pytest.MonkeyPatch) -> None:
    """See in every test that what goes back to a sender stands on the list of the harmless, part by part."""

    def gepackt(paket: Paket) -> bytes:
        daten = packe(paket)
        assert verstoesse(daten) == []
        return daten

    packe = Paket.packe
    monkeypatch.setattr(Paket, "packe", gepackt)


@pytest.fixture
def krs(capsys: pytest.CaptureFixture[str]) -> Aufruf:
    """Return `krs(arguments…)` → exit code, what it says, what it complains about."""

    def aufruf(*argumente: object) -> tuple[int, str, str]:
        code = laufen(app, [str(a) for a in argumente])
        aus = capsys.readouterr()
        return code, aus.out, aus.err

    return aufruf


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name no test after the bytes of a file: an archive carries the clock, and two workers must agree on all names."""
    return argname if isinstance(val, bytes) and len(val) > 40 else None
