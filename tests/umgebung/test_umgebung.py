"""The environment of ./run: half an install is never trusted, and nothing is installed twice."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import krs
import umgebung

WURZEL = Path(__file__).parents[2]
# The oldest pip that counts: Debian 12 brings it. From Python 3.12 on it does not run; there ensurepip's own is taken.
ALTES_PIP = "23.0.1"
NEU, PROJEKT, PRUEFEN = "venv --clear", "install --editable", "check"


def _kurz(befehl: list[str]) -> str:
    """Say what a step does: «install kern server»."""
    if "venv" in befehl:
        return NEU
    if "--editable" in befehl:
        return PROJEKT
    locks = [Path(b.partition("=")[2]).stem for b in befehl if b.startswith("--requirement=")]
    return " ".join([next(b for b in befehl if b in ("install", "check")), *locks])


@pytest.fixture
def schritte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Return `schritte(layer)`: what ensure() would run, in a project of its own in tmp_path."""
    getan: list[str] = []
    shutil.copytree(WURZEL / "requirements", tmp_path / "requirements")
    shutil.copyfile(WURZEL / "pyproject.toml", tmp_path / "pyproject.toml")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "python").touch()
    for name, pfad in {"ROOT": "", "VENV": ".venv", "LOCKS": "requirements", "STAMP": ".venv/stamp",
                       "PYTHON": ".venv/python"}.items():  # fmt: skip
        monkeypatch.setattr(umgebung, name, tmp_path / pfad)
    monkeypatch.setattr(umgebung, "_ensure_venv_module", lambda: None)
    monkeypatch.setattr(umgebung, "_quietly", lambda befehl: getan.append(_kurz(befehl)))

    def machen(teil: str) -> list[str]:
        getan.clear()
        umgebung.ensure(teil)
        return getan.copy()

    return machen


def test_jeder_teil_kommt_zum_vorhandenen_dazu_und_nur_einmal(schritte: Callable[[str], list[str]]) -> None:
    assert schritte("kern") == [NEU, "install kern", PROJEKT, PRUEFEN]
    assert schritte("kern") == []
    assert schritte("server") == ["install server", PRUEFEN]
    assert schritte("kern") == []
    assert schritte("test") == ["install desktop addin test", PRUEFEN]
    assert [schritte(teil) for teil in umgebung.LAYERS] == [[]] * len(umgebung.LAYERS)


def test_eine_geaenderte_sperrdatei_gibt_eine_neue_umgebung_wo_sie_gebraucht_wird(
    schritte: Callable[[str], list[str]], tmp_path: Path
) -> None:
    schritte("server")
    with (tmp_path / "requirements" / "server.lock").open("a") as datei:
        datei.write("# anders\n")
    assert schritte("kern") == []
    assert schritte("addin") == [NEU, "install kern addin", PROJEKT, PRUEFEN]  # else the remains of server would stay
    assert schritte("server") == ["install server", PRUEFEN]
    with (tmp_path / "requirements" / "kern.lock").open("a") as datei:
        datei.write("# anders\n")
    assert schritte("server") == [NEU, "install kern server", PROJEKT, PRUEFEN]


def test_geaenderte_angaben_richten_nur_krs_neu_ein(schritte: Callable[[str], list[str]], tmp_path: Path) -> None:
    schritte("kern")
    projekt = tmp_path / "pyproject.toml"
    projekt.write_text(projekt.read_text("utf-8").replace('version = "0', 'version = "9', 1), "utf-8")
    assert schritte("kern") == [PROJEKT, PRUEFEN]


@pytest.mark.parametrize("schritt", [NEU, "install kern", PROJEKT, PRUEFEN])
def test_eine_halbe_einrichtung_beginnt_von_vorn(
    schritte: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch, schritt: str
) -> None:
    def abbruch(befehl: list[str]) -> None:
        if _kurz(befehl) == schritt:
            raise KeyboardInterrupt

    with monkeypatch.context() as m:
        m.setattr(umgebung, "_quietly", abbruch)
        with pytest.raises(KeyboardInterrupt):
            umgebung.ensure("kern")
    assert schritte("kern") == [NEU, "install kern", PROJEKT, PRUEFEN]


def test_bricht_das_dazukommen_ab_bleibt_der_kern_und_der_rest_beginnt_von_vorn(
    schritte: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a network `./run krs serve` fails; `./run krs` still works."""
    schritte("kern")
    with monkeypatch.context() as m:
        m.setattr(umgebung, "_quietly", lambda _befehl: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            umgebung.ensure("server")
    assert schritte("kern") == []
    assert schritte("server") == [NEU, "install kern server", PROJEKT, PRUEFEN]


@pytest.mark.parametrize("stempel", ["", "{", "[]", '{"place": "woanders"}'])
def test_ein_stempel_der_nicht_passt_beginnt_von_vorn(
    schritte: Callable[[str], list[str]], tmp_path: Path, stempel: str
) -> None:
    schritte("kern")
    (tmp_path / ".venv" / "stamp").write_text(stempel)
    assert schritte("kern") == [NEU, "install kern", PROJEKT, PRUEFEN]


# The copy stands in for a fresh clone; the driver only swaps pip after `venv` has put in its own.
TREIBER = """
import subprocess, sys
sys.path.insert(0, "scripts")
import umgebung
tun = umgebung._quietly
def mit_altem_pip(befehl):
    tun(befehl)
    if "venv" in befehl and sys.version_info < (3, 12):
        tun([*umgebung.PIP, "install", "--no-deps", "pip==%s"])
umgebung._quietly = mit_altem_pip
umgebung.ensure("kern")
tun([*umgebung.PIP, "check"])
"""


def test_mit_dem_aeltesten_pip_entsteht_aus_dem_kern_ein_krs_das_laeuft(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "LICENSE", "CHANGELOG.md"):
        shutil.copyfile(WURZEL / name, tmp_path / name)
    for name in ("src", "scripts", "requirements"):
        shutil.copytree(WURZEL / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "docs").mkdir()
    shutil.copyfile(WURZEL / "docs" / "paket.md", tmp_path / "docs" / "paket.md")
    einrichten = [sys.executable, "-c", TREIBER % ALTES_PIP]
    ergebnis = subprocess.run(einrichten, cwd=tmp_path, env=_frei(), capture_output=True, text=True, check=False)
    assert ergebnis.returncode == 0, ergebnis.stdout + ergebnis.stderr
    bin_ = tmp_path / ".venv" / umgebung.BIN.name
    if sys.version_info < (3, 12):
        assert _sagt(bin_ / "python", "-m", "pip", "--version").startswith(f"pip {ALTES_PIP} ")
    assert _sagt(bin_ / "krs", "--version").splitlines()[0] == f"krs {krs.__version__}"
    liste = json.loads(_sagt(bin_ / "python", "-m", "pip", "list", "--format=json", "--disable-pip-version-check"))
    namen = {paket["name"].lower() for paket in liste}
    assert {"krs", "lxml", "typer"} <= namen
    assert namen & {"starlette", "xlwings", "pytest", "ruff"} == set()


def _sagt(*befehl: object) -> str:
    return subprocess.run([str(b) for b in befehl], env=_frei(), capture_output=True, text=True, check=True).stdout


def _frei() -> dict[str, str]:
    """Return the variables without those that lead to the sources or the coverage of this test run."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV"))}
