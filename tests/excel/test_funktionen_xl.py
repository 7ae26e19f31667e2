"""What xlwings tells Excel about the functions, in a process of its own: its first import decides the host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from krs.excel.katalog import funktionen

SERVER = """
import asyncio, json
import krs.excel.xl as xl
from xlwings import XlwingsError
from xlwings.server import custom_functions_call, custom_functions_meta

daten = {
    "client": "Office.js", "func_name": "krs_stichtag", "args": [[[2024]]], "caller_address": "[M.xlsx]Tabelle1!B2",
    "session_id": "s", "culture_info_name": "de-CH", "date_format": "TT.MM.JJJJ", "version": "0.37.8",
    "runtime": "1.4",
}
try:
    satz = asyncio.run(custom_functions_call(daten, xl))
except XlwingsError as fehler:
    satz = str(fehler)
print(json.dumps({"meta": custom_functions_meta(xl), "namen": sorted(set(xl.__all__)), "satz": satz}))
"""

SCHLANK = """
import json, sys
import krs.excel.funktionen
krs.excel.funktionen.rufe("krs_beitrag", [1, 1, 1, 1, "2022-H1"])
print(json.dumps(sorted({m.split(".")[0] for m in sys.modules} & {
    "xlwings", "pandas", "numpy", "lxml", "openpyxl", "xlsxwriter", "typer", "rich", "starlette",
})))
"""


def prozess(quelltext: str, **umgebung: str) -> Any:
    """Run Python in a process of its own and return what it prints as JSON."""
    ohne = {k: v for k, v in os.environ.items() if not k.startswith(("XLWINGS_", "KRS_"))}
    lauf = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", quelltext],
        env=ohne | umgebung, capture_output=True, check=False, text=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert lauf.returncode == 0, lauf.stderr
    return json.loads(lauf.stdout)


@pytest.fixture(scope="module")
def server() -> Any:
    pytest.importorskip("xlwings", reason="xlwings ist nicht installiert")
    return prozess(SERVER, XLWINGS_ON_SERVER="true", XLWINGS_LICENSE_KEY="noncommercial")


def test_die_funktionen_brauchen_weder_xlwings_noch_pandas() -> None:
    assert prozess(SCHLANK) == []


def test_der_server_zeigt_jede_funktion_mit_deutscher_hilfe_und_ohne_namensraum(server: Any) -> None:
    gezeigt = {
        f["name"]: (
            f["id"],
            f["description"],
            [(p["name"], p["description"], p.get("optional", False)) for p in f["parameters"]],
        )
        for f in server["meta"]["functions"]
    }
    assert gezeigt == {
        f.excel: (f.excel, f.satz, [(a.name, a.hilfe, a.freiwillig) for a in f.argumente]) for f in funktionen()
    }
    assert server["namen"] == sorted(f.name for f in funktionen())
    assert server["meta"]["allowErrorForDataTypeAny"] is True


def test_ohne_unseren_server_rechnet_keine_funktion(server: Any) -> None:
    assert server["satz"] == "Die Funktionen rechnen nur mit «krs serve». Wenden Sie sich an die Informatik."
