"""requirements/: complete, hashed, without addresses, and one version of each package in all of them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import umgebung

WURZEL = Path(__file__).parents[2]
PROJEKT: dict[str, Any] = tomllib.loads((WURZEL / "pyproject.toml").read_text(encoding="utf-8"))
GRUPPEN: dict[str, list[str]] = PROJEKT["dependency-groups"]
KERN: list[str] = PROJEKT["project"]["dependencies"]
ZUSATZ: dict[str, list[str]] = PROJEKT["project"]["optional-dependencies"]
# What each lock is for; more stands in it only because something of this needs it.
SOLL = {
    "kern": [*KERN, *GRUPPEN["bau"]],
    "server": [*KERN, *ZUSATZ["server"]],
    "desktop": [*KERN, *ZUSATZ["desktop"]],
    "addin": [*KERN, *ZUSATZ["desktop"], *GRUPPEN["addin"]],
    "test": [*KERN, *ZUSATZ["server"], *ZUSATZ["desktop"], *(p for gruppe in GRUPPEN.values() for p in gruppe)],
}
EINTRAG = re.compile(
    r"^([a-z0-9.-]+)==(\S+)((?: ; [^\n]*?)?)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n", re.MULTILINE
)


def text(name: str) -> str:
    return (WURZEL / "requirements" / f"{name}.lock").read_text(encoding="utf-8")


def eintraege(name: str) -> dict[str, tuple[str, ...]]:
    """Return version, marker and hashes of each package of a lock."""
    return {paket: tuple(rest) for paket, *rest in EINTRAG.findall(text(name))}


def test_jede_sperrdatei_hat_ihren_zweck() -> None:
    assert {p.name for p in (WURZEL / "requirements").iterdir()} == {f"{name}.lock" for name in SOLL}
    assert {lock for locks in umgebung.LAYERS.values() for lock in locks} == set(SOLL)


@pytest.mark.parametrize("name", SOLL)
def test_eine_sperrdatei_nennt_versionen_und_pruefsummen_und_keine_adresse(name: str) -> None:
    uebrig = re.sub(r"^ *#.*\n", "", EINTRAG.sub("", text(name)), flags=re.MULTILINE)
    assert uebrig == ""
    assert re.findall(r"://|--(?:extra-)?index|--find-links|@ ", text(name)) == []


@pytest.mark.parametrize("name", SOLL)
def test_eine_sperrdatei_hat_was_pyproject_verlangt(name: str) -> None:
    da = eintraege(name)
    for verlangt in map(Requirement, SOLL[name]):
        version = da[canonicalize_name(verlangt.name)][0]
        assert verlangt.specifier.contains(version), f"{verlangt}: {version}"


@pytest.mark.parametrize("name", SOLL)
def test_ein_paket_hat_ueberall_dieselbe_version_und_dieselben_pruefsummen(name: str) -> None:
    alle = eintraege("test")
    assert {paket: alle[paket] for paket in eintraege(name)} == eintraege(name)


@pytest.mark.parametrize("name", SOLL)
def test_jede_sperrdatei_nennt_den_befehl_der_sie_macht(name: str) -> None:
    befehl = text(name).splitlines()[1].removeprefix("#    uv pip compile ")
    immer, rest = befehl.split(" pyproject.toml ")
    anleitung = (WURZEL / "pyproject.toml").read_text(encoding="utf-8")
    assert f'lock() {{ uv pip compile {immer} pyproject.toml "$@"; }}\n' in anleitung
    assert f"#   lock {rest}\n" in anleitung


def test_der_kern_bringt_nichts_von_server_und_pruefungen_und_der_server_keine_werkzeuge() -> None:
    werkzeuge = {"hypothesis", "oletools", "pandas", "playwright", "pytest", "pyopenvba", "ruff"}
    fremd = {canonicalize_name(Requirement(p).name) for zusatz in ZUSATZ.values() for p in zusatz}
    assert eintraege("kern").keys() & (fremd | werkzeuge) == set()
    assert eintraege("server").keys() & (werkzeuge | {"hatchling"}) == set()
    assert eintraege("desktop").keys() & (werkzeuge | {"hatchling", "xlwings-server", "starlette"}) == set()
    assert "pywin32" in eintraege("desktop")
