"""Servers over a small working folder with money in it: one for this computer, one with tokens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ablage import laufhilfe
from excel.server.hilfe import Server, laufend, tokendatei_anlegen
from krs.excel.server.einstellungen import Einstellungen


@pytest.fixture(scope="session")
def ordner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder of the servers; nothing may change it."""
    return laufhilfe.offene(tmp_path_factory.mktemp("server")).pfad


@pytest.fixture(scope="session")
def lokal(ordner: Path) -> Iterator[Server]:
    """A server without sign-on."""
    with laufend(Einstellungen(ablage=ordner, megabyte=3, dateien=120)) as server:
        yield server


@pytest.fixture(scope="session")
def eilig() -> Iterator[Server]:
    """A server without sign-on that waits a second for a request."""
    with laufend(Einstellungen(sekunden=1)) as server:
        yield server


@pytest.fixture(scope="session")
def mit_tokens(ordner: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with sign-on by token."""
    datei = tmp_path_factory.mktemp("tokens") / "tokens.toml"
    tokens = tokendatei_anlegen(datei)
    with laufend(Einstellungen(ablage=ordner, tokens=datei, adresse="https://krs.so.ch"), tokens) as server:
        yield server
