"""install.ps1 and uninstall.ps1: what can be checked without Windows. They are run from docs' Windows check list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from xlambau import DESKTOP, WURZEL, sperre

from excel.desktop.doppel import PYTHON

SKRIPTE = [DESKTOP / "install.ps1", DESKTOP / "uninstall.ps1"]
SCHLUESSEL = r"HKCU:\Software\VB and VBA Program Settings\krs"  # where VBA's GetSetting("krs", …) looks
PAARE = {")": "(", "}": "{", "]": "["}
# A string in single or double quotes, a remark: what the brackets of the code are not in.
TEXTE = re.compile(r"<#.*?#>|'(?:[^'\n]|'')*'|\"(?:[^\"`\n]|`.)*\"|#[^\n]*", re.DOTALL)


def _text(skript: Path) -> str:
    return skript.read_text(encoding="utf-8-sig")


def _code(skript: Path) -> str:
    return TEXTE.sub("''", _text(skript))


@pytest.fixture(params=SKRIPTE, ids=lambda p: p.name)
def skript(request: pytest.FixtureRequest) -> Path:
    pfad: Path = request.param
    return pfad


def test_umlaute_ueberstehen_windows_powershell(skript: Path) -> None:
    """Windows PowerShell 5.1 reads a script without a byte order mark in the code page of the computer."""
    assert skript.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "ß" not in _text(skript)


def test_jede_klammer_schliesst(skript: Path) -> None:
    offen: list[str] = []
    for zeichen in _code(skript):
        if zeichen in "({[":
            offen.append(zeichen)
        elif zeichen in PAARE:
            assert offen.pop() == PAARE[zeichen]
    assert offen == []


def test_jeder_fehler_haelt_an_und_sagt_einen_satz(skript: Path) -> None:
    text = _text(skript)
    assert "Set-StrictMode -Version 3.0" in text
    assert "$ErrorActionPreference = 'Stop'" in text
    saetze = re.findall(r"^Schritt '([^'\n]+)' \{$", text, re.MULTILINE)
    assert len(saetze) == len(re.findall(r"^Schritt ", text, re.MULTILINE)) >= 4
    for satz in saetze:
        assert re.fullmatch(r"[A-ZÄÖÜk].*\.", satz), satz


def test_kein_pfad_steht_ungeschuetzt(skript: Path) -> None:
    code = _code(skript)
    for befehl in re.findall(
        r"^.*\b(?:Remove-Item|Test-Path|Copy-Item|Unblock-File|Get-ChildItem)\b.*$", code, re.MULTILINE
    ):
        assert "-LiteralPath" in befehl, befehl
    assert (
        re.findall(
            r"(?i)Invoke-Expression|\biex\b|Start-Process|-Verb RunAs|HKLM|DownloadString|Invoke-WebRequest", code
        )
        == []
    )


def test_beide_skripte_meinen_dieselben_orte_wie_das_add_in(module: dict[str, str]) -> None:
    assert 'GetSetting("krs", "Python", "Interpreter", "")' in module["KrsEinstellung"]
    for skript in SKRIPTE:
        assert f"$Schluessel = '{SCHLUESSEL}'" in _text(skript)
        assert r"Microsoft\Excel\XLSTART" in _text(skript)
    namen = set(re.findall(r"-Name '(\w+)' -Value", _text(SKRIPTE[0])))
    assert namen == {"Interpreter", "Umgebung", "Ablage"}
    assert set(re.findall(r"Lies-Einstellung '(\w+)'", _text(SKRIPTE[1]))) == namen - {"Interpreter"}
    assert r"Scripts\python.exe" in _text(SKRIPTE[0])
    assert PYTHON.endswith(r"Scripts\python.exe")


def test_entfernt_wird_nur_was_eingerichtet_wurde() -> None:
    geloescht = re.findall(r"Remove-Item -LiteralPath (\S+)", _text(SKRIPTE[1]))
    assert geloescht == ["$xlam", "$umgebung", "$ordner", "$Schluessel"]
    assert re.findall(r"Remove-Item -LiteralPath (\S+)", _text(SKRIPTE[0])) == ["$umgebung"]


# --- the packages -----------------------------------------------------------------------------
LOCK = """\
# kopf
anders==1 \\
    --hash=sha256:00
    # via
    #   pytest
    #   xlwings-server
numpy-kern==1 \\
    --hash=sha256:01
    # via Xlwings
pywin32==3 ; sys_platform == 'win32' \\
    --hash=sha256:02 \\
    --hash=sha256:03
    # via
    #   numpy_kern
    #   portalocker
xlwings==0.37.8 \\
    --hash=sha256:04
    # via
    #   krs (pyproject.toml)
    #   xlwings-server
"""
PROJEKT = """\
[project]
dependencies = []
[project.optional-dependencies]
desktop = ["xlwings==0.37.8"]
server = ["xlwings-server>=1"]
"""


def test_die_sperrdatei_nimmt_nur_was_das_add_in_braucht() -> None:
    vorn, anders, rest = LOCK.partition("anders==1")
    assert vorn == "# kopf\n"
    _, numpy, hinten = (anders + rest).partition("numpy-kern==1")
    assert sperre.sperre(LOCK, PROJEKT) == sperre.KOPF + numpy + hinten


def test_eine_fehlende_abhaengigkeit_haelt_an() -> None:
    with pytest.raises(sperre.Baufehler, match=r"^In requirements\.lock fehlt «xlwings»; erneuern Sie die Datei\.$"):
        sperre.sperre("", PROJEKT)


def test_die_sperrdatei_dieses_standes_hat_pywin32_aber_keinen_server() -> None:
    text = sperre.desktop()
    namen = set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))
    assert {"lxml", "pydantic", "pydantic-core", "pywin32", "typer", "xlwings"} <= namen
    assert namen & {"xlwings-server", "starlette", "orjson", "pytest", "pyopenvba", "hatchling"} == set()
    lock = (WURZEL / "requirements.lock").read_text(encoding="utf-8")
    assert all(zeile in lock for zeile in text.splitlines()[1:])


def test_die_sperrdatei_des_servers_hat_keine_werkzeuge_der_tests() -> None:
    text = sperre.server()
    namen = set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))
    assert {"lxml", "orjson", "pydantic-core", "starlette", "typer", "uvicorn", "xlwings", "xlwings-server"} <= namen
    assert (
        namen & {"hypothesis", "oletools", "openpyxl", "playwright", "pytest", "pyopenvba", "ruff", "hatchling"}
        == set()
    )
    lock = (WURZEL / "requirements.lock").read_text(encoding="utf-8")
    assert all(zeile in lock for zeile in text.splitlines()[1:])
