"""Shared by all tests."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from hilfe.sauber import verstoesse
from krs.cli import app, laufen
from krs.mappen.antwort.paket import Paket
from krs.recht import tarife

Aufruf = Callable[..., tuple[int, str, str]]

# Every case computes with the frozen rates, whoever asks: the one table of this process holds them.
_EINGEFROREN = (Path(__file__).parent / "hilfe" / "tarife.toml").read_text("utf-8")
tarife.TARIFE._je_leistung = dict(tarife.aus_daten(tomllib.loads(_EINGEFROREN, parse_float=Decimal)))


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
