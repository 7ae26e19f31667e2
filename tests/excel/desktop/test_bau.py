"""krs.xlam as a file: the same bytes every time, every module word for word, and what stops the build."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pyopenvba import ExcelFile
from pyopenvba.interpreter._parse import parse_module
from xlambau import WURZEL, Baufehler, bauen, huellen, knoepfe, paket

import krs
from excel.desktop.doppel import ohne_windows
from krs.excel.makrokatalog import makros

MODULE = ["KrsAufruf", "KrsDienst", "KrsEinstellung", "KrsFehler", "KrsFunktionen", "KrsHilfe", "KrsKnoepfe",
          "KrsVersion", "Sheet1", "ThisWorkbook", "xlwings"]  # fmt: skip
# What olevba points at, and why it is harmless. Nothing of it reads the network or runs text as code.
VERDAECHTIG = {
    "Call": "a method of xlwings' COM object",
    "Chr": "the signs that mark a text on the way to and from Python",
    "Lib": "the library of xlwings and LoadLibrary, which loads it from the folder of Python",
    "Register": "a German word in a sentence",
    "binary": "a word of xlwings' licence",
    "Hex Strings": "words that could be numbers",
    "Base64 Strings": "words that could be coded",
}
with warnings.catch_warnings():
    # oletools calls pyparsing by its old names.
    warnings.simplefilter("ignore", DeprecationWarning)
    from oletools.olevba import VBA_Parser
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:oletools.*")


def _zip(addin: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(addin))


# --- the same bytes ---------------------------------------------------------------------------
def test_zweimal_gebaut_ist_dasselbe(addin: bytes, tmp_path: Path) -> None:
    """Another process, folder and time zone."""
    umgebung = {**os.environ, "TZ": "Pacific/Auckland", "TMPDIR": str(tmp_path), "PYTHONHASHSEED": "7"}
    befehl = "import sys; from xlambau.bauen import addin; sys.stdout.buffer.write(addin())"
    anderswo = subprocess.run(
        [sys.executable, "-c", befehl], env={**umgebung, "PYTHONPATH": str(WURZEL / "addin" / "desktop")},
        cwd=tmp_path, capture_output=True, check=True,
    )  # fmt: skip
    assert anderswo.stdout == addin


def test_im_paket_steht_keine_zeit_und_kein_name_eines_rechners(addin: bytes) -> None:
    teile = _zip(addin)
    assert {i.date_time for i in teile.infolist()} == {paket.ZEIT}
    eigenschaften = teile.read("docProps/core.xml").decode()
    assert f"start.integration (krs {krs.__version__})" in eigenschaften
    assert re.findall(r"creator|lastModifiedBy|created|modified", eigenschaften) == []


# --- what is in -------------------------------------------------------------------------------
def test_alle_module_sind_drin_und_lauten_wie_die_quellen(addin: bytes, module: dict[str, str], tmp_path: Path) -> None:
    datei = tmp_path / "krs.xlam"
    datei.write_bytes(addin)
    with ExcelFile(datei) as mappe:
        gelesen = {name: mappe.get_module(name) for name in mappe.module_names()}
    assert sorted(gelesen) == MODULE
    for name, quelle in module.items():
        assert gelesen[name].replace("\r\n", "\n").endswith(quelle)


def test_olevba_liest_dieselben_texte(addin: bytes, module: dict[str, str]) -> None:
    gelesen = {name.partition(".")[0]: code for *_, name, code in _olevba(addin).extract_macros()}
    assert sorted(gelesen) == MODULE
    for name, quelle in module.items():
        assert gelesen[name].replace("\r\n", "\n").rstrip().endswith(quelle.rstrip())


def test_olevba_findet_einen_einzigen_selbststart_und_nur_bekannte_aufrufe(addin: bytes) -> None:
    funde = {(art, wort) for art, wort, _ in _olevba(addin).analyze_macros()}
    assert {wort for art, wort in funde if art == "AutoExec"} == {"Workbook_Open"}
    assert {wort for art, wort in funde if art == "Suspicious"} == set(VERDAECHTIG)
    assert {wort for art, wort in funde if art == "IOC"} == {"8.dll", "install.ps1"}


def _olevba(addin: bytes) -> Any:
    return VBA_Parser("krs.xlam", data=addin)


def test_excel_bekommt_eine_vollstaendige_mappe(addin: bytes) -> None:
    alt, art = _zip(addin), b"application/vnd.ms-excel.addin.macroEnabled.main+xml"
    assert art in alt.read("[Content_Types].xml")
    als_mappe = BytesIO()  # openpyxl does not open add-ins
    with zipfile.ZipFile(als_mappe, "w") as neu:
        for teil in alt.namelist():
            inhalt = alt.read(teil).replace(art, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
            neu.writestr(teil, inhalt)
    mappe = load_workbook(als_mappe)
    assert mappe.sheetnames == ["Sheet1"]
    assert [z.value for zeile in mappe["Sheet1"].iter_rows() for z in zeile if z.value is not None] == []


def test_jedes_modul_laesst_sich_uebersetzen(module: dict[str, str]) -> None:
    for name, quelle in module.items():
        geparst = parse_module(ohne_windows(quelle), name=name, kind="standard")
        erwartet = re.findall(r"^(?:Public |Private )?(?:Sub|Function) (\w+)", quelle, re.MULTILINE)
        assert [p.name for p in geparst.procedures] == erwartet
        assert "Option Explicit" in quelle


def test_kein_name_kommt_im_ganzen_projekt_doppelt_vor(module: dict[str, str]) -> None:
    namen = [
        n.lower()
        for quelle in module.values()
        for n in re.findall(r"^(?:Public )?(?:Sub|Function) (\w+)", quelle, re.MULTILINE)
    ]
    assert sorted(namen) == sorted(set(namen))


# --- what stops the build ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("quelle", "satz"),
    [
        ("' → \n", "M: «→» gibt es in VBA-Modulen nicht (Windows-1252)."),
        ("'" + "x" * 1023 + "\n", "M, Zeile 1: länger, als VBA erlaubt."),
        ("x = 1 _\n" * 26, "M, Zeile 25: länger, als VBA erlaubt."),
        ("Sub a()\nEnd Sub\nPrivate Sub A()\nEnd Sub\n", "M: «a» kommt doppelt vor."),
    ],
)
def test_was_der_editor_von_vba_nicht_nimmt_haelt_den_bau_an(quelle: str, satz: str) -> None:
    with pytest.raises(Baufehler) as fehler:
        paket.pruefe("M", quelle)
    assert str(fehler.value) == satz


def test_ein_argument_darf_nicht_wie_ein_wort_von_vba_heissen() -> None:
    with pytest.raises(Baufehler, match=r"^«date» ist in VBA kein möglicher Name\.$"):
        huellen.basic.name("date")


def test_ein_zu_langer_hilfetext_endet_nach_einem_satz() -> None:
    assert huellen.kurz("Kurz. " + "a" * 300) == "Kurz."
    with pytest.raises(Baufehler, match=r"hat mehr als 255 Zeichen vor dem ersten Punkt\.$"):
        huellen.kurz("a" * 300)


def test_ein_unbekanntes_symbol_haelt_den_bau_an() -> None:
    (erstes, *_) = makros()
    with pytest.raises(Baufehler, match=r"fehlt ein Bild für das Symbol «nichts»\.$"):
        knoepfe.knoepfe([replace(erstes, symbol="nichts")])


def test_die_versionen_stehen_im_add_in(module: dict[str, str]) -> None:
    assert f'KRS_VERSION As String = "{krs.__version__}"' in module["KrsVersion"]
    assert 'XLWINGS_VERSION As String = "0.37.8"' in module["xlwings"]
    assert '"xlwings==0.37.8"' in (WURZEL / "pyproject.toml").read_text(encoding="utf-8")
    assert (
        tuple(sorted((p.name for p in (WURZEL / "addin/desktop/vba").iterdir()), key=bauen.QUELLEN.index))
        == bauen.QUELLEN
    )
