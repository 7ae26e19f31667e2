"""The hole that xlwings leaves open is closed: no workbook names the program that the add-in starts.

Each attack is first shown to work against xlwings' own VBA, so that the test would notice if it tested nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from pyopenvba.interpreter._objects import VBAObject, method
from xlambau import Baufehler, xlwings_vba

from excel.desktop.doppel import PYTHON, Excel, ohne_windows

BOESE = r"\\fremd\freigabe\boese.exe"
NAME = "x^&calc.exe&.xlsx"
SCHLUESSEL = ("INTERPRETER_WIN", "INTERPRETER", "PYTHONPATH", "CONDA PATH", "CONDA ENV", "LICENSE_KEY", "SHOW CONSOLE",
              "USE UDF SERVER", "UDF MODULES", "DEBUG UDFS", "TEMP DIR", "ADD_WORKBOOK_TO_PYTHONPATH")  # fmt: skip
BLAETTER = ("myaddin.conf", "xlwings.conf", "krs.conf", "_xlwings.conf")
# What a workbook, its folder or its sheets can be asked by; none of it may stand in the code that reads settings.
QUELLEN_VON_AUSSEN = re.compile(
    r"ActiveWorkbook|ThisWorkbook|ActiveSheet|Workbooks|Sheets|Range\(|\.Path\b|FullName|Environ|CurDir|\bDir\(|Open ",
    re.IGNORECASE,
)


class Woerterbuch(VBAObject):
    """Scripting.Dictionary, as far as xlwings' configuration uses it."""

    def __init__(self) -> None:
        self.werte: dict[str, object] = {}

    @method
    def Add(self, Key: object, Item: object) -> None:  # noqa: N802, N803 the names are Windows'
        self.werte[str(Key)] = Item

    @method
    def Exists(self, Key: object) -> object:  # noqa: N802, N803
        return str(Key) in self.werte

    @method
    def Item(self, Key: object) -> object:  # noqa: N802, N803
        return self.werte[str(Key)]


class Shell(VBAObject):
    """WScript.Shell, as far as xlwings' configuration uses it."""

    @method
    def ExpandEnvironmentStrings(self, s: object) -> object:  # noqa: N802
        return s


def _vergifte(excel: Excel) -> None:
    """Put sheets with settings into the active workbook, as a sender could."""
    for blatt in BLAETTER:
        excel.app.evaluate("Sheets.Add()")
        ansicht = next(s for s in excel.app.sheets() if s.name == excel.app.evaluate("ActiveSheet.Name"))
        for zeile, schluessel in enumerate(SCHLUESSEL, 1):
            ansicht.set_value(f"A{zeile}", schluessel)
            ansicht.set_value(f"B{zeile}", BOESE)
        ansicht.sheet.name = blatt


@pytest.fixture
def original(excel_mit: Callable[..., Excel], monkeypatch: pytest.MonkeyPatch) -> Excel:
    """Excel with xlwings' VBA as shipped."""
    text = xlwings_vba.original().replace('PROJECT_NAME As String = "myaddin"', 'PROJECT_NAME As String = "krs"')
    # pyOpenVBA does not compare the text «False» with True.
    text = text.replace('GetConfig("SHOW CONSOLE", False) = True', "False").replace(
        'GetConfig("DEBUG UDFS", False)', "False"
    )
    excel = excel_mit({"xlwings": text}, PYTHON)
    host: Any = excel.app.interpreter.host
    monkeypatch.setattr(host, "create", lambda name: Woerterbuch() if "Dictionary" in name else Shell())
    return excel


def test_xlwings_wie_geliefert_fragt_die_fremde_mappe(original: Excel) -> None:
    _vergifte(original)
    assert original.rechne('GetConfig("INTERPRETER_WIN", "")') == BOESE
    assert BOESE in original.rechne("XLPyCommand()")


def test_xlwings_wie_geliefert_schreibt_den_namen_der_mappe_in_die_befehlszeile(original: Excel) -> None:
    original.fremd.name = NAME
    assert original.rechne("XLPyCommand()").startswith("cmd.exe ")
    assert "x^^&calc.exe^&.xlsx" in original.rechne("XLPyCommand()")  # to cmd.exe, the first & is a new command


def test_das_add_in_fragt_keine_mappe(excel: Excel) -> None:
    _vergifte(excel)
    assert excel.rechne('GetConfig("INTERPRETER_WIN", "")') == PYTHON
    for schluessel in SCHLUESSEL[1:]:
        assert excel.rechne(f'GetConfig("{schluessel}", "vorgabe")') == "vorgabe"
    assert excel.rechne('KRS_FALLPAUSCHALE(3, "2024-H1")', "B2") == 600.0
    assert excel.rechne("Befehl") == f'1 "{PYTHON}" -I -B -c "import xlwings; xlwings.serve(\'$(CLSID)\')"'
    ordner = PYTHON.removesuffix(r"\python.exe")
    assert set(excel.rechne("Geladen").split("|")) == {rf"{ordner}\xlwings64-0.37.8.dll", ""}


def test_auch_blaetter_im_add_in_selbst_zaehlen_nicht(excel: Excel) -> None:
    excel.app.activate_workbook(excel.app.workbooks()[0])
    _vergifte(excel)
    assert excel.rechne('GetConfig("INTERPRETER_WIN", "")') == PYTHON


def test_ohne_einstellung_wird_nichts_geladen_und_nichts_gestartet(excel: Excel) -> None:
    """Else Windows would look for xlwings' library in the folder of the open workbook."""
    _vergifte(excel)
    excel.setze(RegWert="")
    excel.rechne('KRS_IBAN("x")', "B2")
    assert (excel.rechne("Befehl"), excel.rechne("Geladen")) == ("", "")


@pytest.mark.parametrize(
    "pfad",
    ["python", "pythonw", r"..\python.exe", r"\\server\freigabe\python.exe", 'C:\\a" & calc & "\\python.exe',
     r"C:\$(Environment:TEMP)\python.exe"],
)  # fmt: skip
def test_ein_pfad_der_keiner_ist_wird_abgelehnt(excel: Excel, pfad: str) -> None:
    excel.setze(RegWert=pfad, Datei=pfad)
    excel.rechne('KRS_IBAN("x")', "B2")
    assert (excel.rechne("Befehl"), excel.rechne("Geladen")) == ("", "")
    assert excel.rechne('KrsErklaerung(Range("B2"))') == (
        "Die Einstellung «Interpreter» von krs ist kein vollständiger Pfad. Führen Sie install.ps1 erneut aus."
    )


def test_der_name_der_mappe_kommt_in_keine_befehlszeile(excel: Excel) -> None:
    excel.rechne('KRS_IBAN("x")', "B2")
    vorher = excel.rechne("Befehl")
    excel.fremd.name = NAME
    excel.rechne('KRS_IBAN("x")', "B2")
    assert excel.rechne("Befehl") == vorher


def test_was_einstellungen_liest_kennt_keine_mappe(module: dict[str, str]) -> None:
    for name in ("xlwings", "KrsEinstellung"):
        code = _ohne_bemerkungen(module[name])
        assert QUELLEN_VON_AUSSEN.findall(code) == []
    alle = "\n".join(_ohne_bemerkungen(quelle) for quelle in module.values())
    assert len(re.findall(r"Function GetConfig\(", alle)) == 1
    assert re.findall(r"\bGetSetting\([^)]*\)", alle) == ['GetSetting("krs", "Python", "Interpreter", "")']


def test_ausser_der_uebergabe_an_das_makro_wird_keine_mappe_angefasst(module: dict[str, str]) -> None:
    stellen = [
        zeile.strip()
        for quelle in module.values()
        for zeile in _ohne_bemerkungen(quelle).splitlines()
        if re.search(r"ActiveWorkbook|ActiveSheet|Workbooks|Sheets", zeile)
    ]
    assert stellen == [
        "python.TupleFromArray(Array(KRS_VERSION, makro, ActiveWorkbook))))",
        "If ActiveWorkbook Is Nothing Then Exit Sub",
    ]


@pytest.mark.parametrize(
    "verboten",
    ["RunPython", "RunFrozenPython", "ExecuteWindows", "ImportPythonUDFs", "ImportXlwingsUdfsModule", "GetUdfModules",
     "embedded", "RunRemotePython", "WebClient", "Exec ", ".Exec", "Eval", "cmd.exe", "CreateObject",
     "Shell", "GetObject", "VBProject", "SendKeys"],
)  # fmt: skip
def test_was_code_aus_mappen_ausfuehrt_ist_nicht_dabei(module: dict[str, str], verboten: str) -> None:
    alle = "\n".join(_ohne_bemerkungen(quelle) for quelle in module.values())
    assert verboten.lower() not in alle.lower()


def test_ein_anderer_text_von_xlwings_haelt_den_bau_an(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlwings_vba, "PRUEFSUMME", "0" * 64)
    with pytest.raises(Baufehler, match=r"lautet anders als beim Durchsehen; lesen Sie es neu\.$"):
        xlwings_vba.original()


def test_eine_andere_version_von_xlwings_haelt_den_bau_an(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlwings_vba, "version", lambda _: "0.38.0")
    with pytest.raises(Baufehler, match=r"^Das Add-in braucht xlwings 0\.37\.8; installiert ist 0\.38\.0\.$"):
        xlwings_vba.original()


@pytest.mark.parametrize("fehlt", ["XLPyLoadDLL", "KillPy", "ParentFolder"])
def test_eine_fehlende_prozedur_haelt_den_bau_an(fehlt: str) -> None:
    text = xlwings_vba.original().replace(f" {fehlt}(", f" {fehlt}Neu(")
    with pytest.raises(Baufehler, match=rf"^«{fehlt}» steht in xlwings_custom_addin\.bas 0-mal statt einmal\.$"):
        xlwings_vba.auszug(text)


def test_der_auszug_steht_wort_fuer_wort_im_original(module: dict[str, str]) -> None:
    zeilen = set(xlwings_vba.original().splitlines())
    eigene = [z for z in module["xlwings"].splitlines() if z not in zeilen]
    assert eigene == ["Option Explicit"]


def _ohne_bemerkungen(quelle: str) -> str:
    return "\n".join(z for z in ohne_windows(quelle).splitlines() if not z.lstrip().startswith("'"))
