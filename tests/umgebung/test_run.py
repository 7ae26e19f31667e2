"""./run: the help names every command, and a typo gets the nearest one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import run
import umgebung
from umgebung import Abbruch

WURZEL = Path(__file__).parents[2]


def test_die_hilfe_nennt_jeden_befehl() -> None:
    assert re.findall(r"^\./run (\w+)", run.HELP, re.MULTILINE) == list(run.COMMANDS)
    assert f"TEIL: {', '.join(umgebung.LAYERS)}" in run.HELP


@pytest.mark.parametrize(
    ("getippt", "satz"),
    [
        ("tset", "Unbekannter Befehl «tset». Meinten Sie «./run test»? ./run ohne Argument zeigt die Befehle."),
        ("Demo", "Unbekannter Befehl «Demo». Meinten Sie «./run demo»? ./run ohne Argument zeigt die Befehle."),
        ("xyz", "Unbekannter Befehl «xyz». ./run ohne Argument zeigt die Befehle."),
    ],
)
def test_ein_tippfehler_erhaelt_den_naechsten_befehl(getippt: str, satz: str) -> None:
    with pytest.raises(Abbruch) as fehler:
        run.main([getippt])
    assert str(fehler.value) == satz


@pytest.mark.parametrize(
    ("aufruf", "teil"),
    [
        ("demo", "kern"), ("krs lauf Ablage 2024-03", "kern"), ("krs", "kern"), ("krs serve --port 1", "server"),
        ("bauen", "kern"), ("addin", "addin"), ("test -k a", "test"), ("schnell", "test"), ("bench", "test"),
        ("fuzz", "test"), ("env", "kern"), ("env server", "server"),
    ],
)  # fmt: skip
def test_jeder_befehl_richtet_nur_ein_was_er_braucht(monkeypatch: pytest.MonkeyPatch, aufruf: str, teil: str) -> None:
    verlangt: list[str] = []
    monkeypatch.setattr(umgebung, "ensure", verlangt.append)
    monkeypatch.setattr(run, "COMMANDS", {n: (lambda _: 0, t) for n, (_, t) in run.COMMANDS.items()})
    assert run.main(aufruf.split()) == 0
    assert verlangt == [teil]


def test_einen_unbekannten_teil_der_umgebung_gibt_es_nicht() -> None:
    with pytest.raises(
        Abbruch, match=r"^«\./run env alles» gibt es nicht; die Teile heissen kern, server, addin, test\.$"
    ):
        run.main(["env", "alles"])


def test_run_und_run_cmd_suchen_dieselben_python() -> None:
    unix = re.findall(r"python(3\.\d+)", (WURZEL / "run").read_text("utf-8").partition("for candidate")[2])
    windows = re.findall(r"py -(3\.\d+)", (WURZEL / "run.cmd").read_text("ascii"))
    assert unix == windows == ["3.13", "3.12", "3.11", "3.14"]
