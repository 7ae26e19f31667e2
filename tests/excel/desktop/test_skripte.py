"""install.ps1 and uninstall.ps1: what can be checked without Windows. They are run from docs' Windows check list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from xlambau import DESKTOP

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


# --- the packages: what requirements/ holds is said in tests/umgebung/test_sperren.py ------------
def test_installiert_wird_aus_der_vollstaendigen_sperrdatei_ohne_eigene_suche() -> None:
    text = _text(SKRIPTE[0])
    assert "'install', '--no-index', '--find-links', $Raeder" in text
    assert "@('--require-hashes', '--no-deps', '-r', $sperre)" in text
    assert "'pip', '--disable-pip-version-check', 'check'" in text
