"""The same VBA in an independent Basic (LibreOffice): what reads settings and what calls Python, word for word."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from excel.desktop.doppel import PYTHON

BOESE = r"\\fremd\freigabe\boese.exe"
# What Windows, the DLL of xlwings and the memory of sentences (which needs the cell that calls) would answer.
DOPPEL = f"""\
Public Satz As String
Public Function GetSetting(a As String, t As String, n As String, Optional v As String) As String
    If a & "/" & t & "/" & n = "krs/Python/Interpreter" Then GetSetting = "{PYTHON}"
End Function
Public Function FileExistsOnWindows(p As String) As Boolean
    FileExistsOnWindows = (p = "{PYTHON}")
End Function
Public Function XLPy() As Object
    Err.Raise 1000, , "Could not create Python process"
End Function
Public Sub KrsMerke(s As String)
    Satz = s
End Sub
Public Sub KrsVergiss()
End Sub
Public Function Interpreter() As String
    Interpreter = GetConfig("INTERPRETER_WIN", "x", "") & "|" & GetConfig("PYTHONPATH", "vorgabe", "")
End Function
Public Function Zeile() As String
    Zeile = XLPyCommand()
End Function
Public Function OhnePython() As String
    Dim w As Variant
    w = KRS_IBAN("x")
    OhnePython = IsError(w) & "|" & Satz
End Function
"""


@pytest.mark.xdist_group("soffice")
def test_auch_in_libreoffice_fragt_das_add_in_keine_mappe(
    module: dict[str, str], tmp_path: Path, verlange: Callable[[object, str], None]
) -> None:
    uno = subprocess.run(["/usr/bin/python3", "-c", "import uno"], capture_output=True, check=False)
    verlange(shutil.which("soffice") and uno.returncode == 0, "LibreOffice mit python3-uno fehlt")
    namen = ("KrsEinstellung", "KrsAufruf", "KrsFunktionen", "KrsVersion")
    texte = {n: re.sub(r"^Attribute .*\n", "", module[n], flags=re.MULTILINE) for n in namen}
    texte["Doppel"] = 'Public Const XLWINGS_VERSION As String = "0.37.8"\n' + DOPPEL
    gift = [["INTERPRETER_WIN", BOESE], ["PYTHONPATH", BOESE]]
    auftrag = {
        "module": texte,
        "blaetter": dict.fromkeys(("krs.conf", "xlwings.conf"), gift),
        "rufe": [["Doppel", "Interpreter"], ["Doppel", "Zeile"], ["Doppel", "OhnePython"]],
    }
    lauf = subprocess.run(
        ["/usr/bin/python3", str(Path(__file__).with_name("basic_lauf.py")), str(tmp_path / "profil")],
        input=json.dumps(auftrag), capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert lauf.returncode == 0, lauf.stderr
    assert json.loads(lauf.stdout) == [
        f"{PYTHON}|vorgabe",
        f'"{PYTHON}" -I -B -c "import xlwings; xlwings.serve(\'$(CLSID)\')"',
        "True|Python antwortet nicht. Wählen Sie «Python neu starten» im Register start.integration; "
        "hilft das nicht, führen Sie install.ps1 erneut aus.",
    ]
