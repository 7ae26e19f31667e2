"""The add-in's VBA, xlwings' COM object and krs together: a cell is computed, a mistake explained, a button pressed."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.interpreter._values import VBAErrorValue

import krs
from excel.desktop.doppel import PYTHON, Excel, PythonDoppel
from krs.excel.anfrage import Eingabefehler

WERT = VBAErrorValue(2015)  # #WERT!
# xlwings on Python without pywin32 looks for it at every import.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:xlwings.*")


def test_eine_zelle_rechnet_wie_der_kern(excel: Excel) -> None:
    assert excel.rechne('KRS_FALLPAUSCHALE(3, "2024-H1")', "B2") == 600.0


def test_eine_zelle_gibt_bare_werte_weiter(excel: Excel, python: PythonDoppel) -> None:
    blatt = excel.app.sheet(1)
    blatt.set_value("A1", 3)
    blatt.set_value("B1", "2024-H1")
    assert excel.rechne('KRS_FALLPAUSCHALE(Range("A1"), Range("B1"))', "C1") == 600.0
    assert python.gesehen == [(krs.__version__, "krs_fallpauschale", 3, "2024-H1", None)]


def test_ein_tag_kommt_als_datum_in_die_zelle(excel: Excel) -> None:
    assert excel.rechne("KRS_STICHTAG(2024)", "B2") == datetime(2022, 12, 31)  # noqa: DTZ001 a day of Excel has no zone


def test_ein_bereich_ergibt_eine_spalte(excel: Excel) -> None:
    blatt = excel.app.sheet(1)
    for ort, wert in {"A1": 3, "B1": 0, "C1": 0, "D1": 0, "A2": 1, "B2": 0, "C2": 0, "D2": 0}.items():
        blatt.set_value(ort, wert)
    assert excel.rechne('KRS_BEITRAEGE(Range("A1:D2"), "2024-H1")', "F1") == [[600.0], [200.0]]


def test_ein_fehler_zeigt_wert_und_der_satz_ist_lesbar(excel: Excel) -> None:
    assert excel.rechne('KRS_FALLPAUSCHALE("viel", "2024-H1")', "B2") == WERT
    satz = "Argument «anzahl»: Gelesen wurde «viel»; erwartet wird eine ganze Zahl von 0 bis 9'999."
    assert excel.rechne('KrsErklaerung(Range("B2"))') == satz


def test_der_satz_verschwindet_wenn_die_zelle_wieder_rechnet(excel: Excel) -> None:
    excel.rechne('KRS_FALLPAUSCHALE("viel", "2024-H1")', "B2")
    excel.rechne('KRS_FALLPAUSCHALE(3, "2024-H1")', "B2")
    assert excel.rechne('KrsErklaerung(Range("B2"))') == "In dieser Zelle steht kein Fehler."


def test_jede_zelle_hat_ihren_satz(excel: Excel, monkeypatch: pytest.MonkeyPatch) -> None:
    def rufe(_name: str, argumente: list[Any], _ablage: object) -> object:
        raise Eingabefehler(f"Satz zu {argumente[0]}.")

    monkeypatch.setattr("krs.excel.funktionen.rufe", rufe)
    for zelle, text in {"B2": "eins", "B3": "zwei"}.items():
        assert excel.rechne(f'KRS_IBAN("{text}")', zelle) == WERT
    assert excel.rechne('KrsErklaerung(Range("B2"))') == "Satz zu eins."
    assert excel.rechne('KrsErklaerung(Range("B3"))') == "Satz zu zwei."


def test_fehler_erklaeren_sagt_auch_wenn_es_nichts_weiss(excel: Excel) -> None:
    blatt = excel.app.sheet(1)
    assert excel.druecke("krs_fehler_erklaeren") == ["In dieser Zelle steht kein Fehler."]
    excel.app.add_module('Sub Fremd()\nRange("A1").Value = CVErr(2042)\nEnd Sub\n', name="Fremd")
    excel.app.run("Fremd")
    assert blatt.value("A1") == VBAErrorValue(2042)
    assert excel.druecke("krs_fehler_erklaeren") == ["Der Fehler in dieser Zelle kommt nicht von einer KRS_-Funktion."]


def test_von_einem_riesigen_bereich_geht_nur_die_groesse_nach_python(excel: Excel, python: PythonDoppel) -> None:
    assert excel.rechne('KRS_BEITRAEGE(Range("A:D"), "2024-H1")', "F1") == WERT
    assert python.gesehen == [(krs.__version__, "krs_beitraege", "\x041048576;4", "2024-H1")]
    assert "1'048'576" in excel.rechne('KrsErklaerung(Range("F1"))')


def test_ein_mehrfachbereich_ist_ein_fehler_mit_satz(excel: Excel) -> None:
    assert excel.rechne('KRS_BEITRAEGE(Union(Range("A1:D1"), Range("A9:D9")), "2024-H1")', "F1") == WERT
    assert excel.rechne('KrsErklaerung(Range("F1"))') == "Markieren Sie einen einzigen zusammenhängenden Bereich."


def test_ein_unerwarteter_fehler_bleibt_ein_deutscher_satz(
    excel: Excel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def rufe(*_: object) -> object:
        raise KeyError("english and secret")

    monkeypatch.setattr("krs.excel.funktionen.rufe", rufe)
    assert excel.rechne('KRS_IBAN("x")', "B2") == WERT
    assert excel.rechne('KrsErklaerung(Range("B2"))') == (
        "Im Programm ist ein unerwarteter Fehler aufgetreten. Melden Sie ihn mit diesem Satz der Informatik. "
        f"Einzelheiten stehen in «{tmp_path / 'krs_fehler.log'}»."
    )
    log = (tmp_path / "krs_fehler.log").read_text(encoding="utf-8")
    assert "KeyError" in log
    assert "secret" not in log


@pytest.mark.parametrize(
    ("setzen", "satz"),
    [
        ({"RegWert": ""}, "Auf diesem Computer ist krs nicht eingerichtet. Führen Sie install.ps1 erneut aus."),
        ({"Datei": ""}, f"Python fehlt an seinem Ort ({PYTHON}). Führen Sie install.ps1 erneut aus."),
        (
            {"DLLFehlt": True},
            "Auf diesem Computer fehlt xlwings 0.37.8, zu dem dieses Add-in gehört. Führen Sie install.ps1 erneut aus.",
        ),
    ],
)
def test_ohne_python_ein_satz(excel: Excel, setzen: dict[str, object], satz: str) -> None:
    excel.setze(**setzen)
    assert excel.rechne('KRS_IBAN("x")', "B2") == WERT
    assert excel.rechne('KrsErklaerung(Range("B2"))') == satz
    assert excel.druecke("krs_konsolidieren") == [satz]
    assert excel.druecke("krs_python_neu") == [satz]


def test_ein_add_in_anderer_version_rechnet_nicht(excel: Excel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(krs, "__version__", "99.0")
    monkeypatch.setattr("krs.excel.udf.__version__", "99.0")
    assert excel.rechne('KRS_FALLPAUSCHALE(3, "2024-H1")', "B2") == WERT
    satz = excel.rechne('KrsErklaerung(Range("B2"))')
    assert "99.0" in satz
    assert excel.druecke("krs_konsolidieren") == [satz]


def test_ein_knopf_ruft_sein_makro_mit_der_aktiven_mappe(excel: Excel, monkeypatch: pytest.MonkeyPatch) -> None:
    gerufen: list[tuple[str, str]] = []

    def starte(makro: str) -> None:
        gerufen.append((makro, sys.modules["xlwings._xlwindows"].BOOK_CALLER.name))

    monkeypatch.setattr("krs.excel.desktop.starte", starte)
    assert excel.druecke("krs_konsolidieren") == []
    assert gerufen == [("konsolidieren", "Anhang_2_Muster.xlsx")]
    assert excel.rechne("Application.StatusBar") is False


def test_python_neu_beendet_den_einen_prozess(excel: Excel) -> None:
    assert excel.druecke("krs_python_neu") == ["Python startet beim nächsten Aufruf neu."]
    assert excel.rechne("Befehl") == f'-1 "{PYTHON}" -I -B -c "import xlwings; xlwings.serve(\'$(CLSID)\')"'


def test_beim_oeffnen_kommen_die_hilfetexte_hinein(excel: Excel) -> None:
    excel.app.run("ThisWorkbook.Workbook_Open")
    hilfen = excel.app.application.hilfen  # type: ignore[attr-defined]
    assert len(hilfen) == 14
    text, kategorie, argumente = hilfen["'krs.xlam'!KRS_STICHTAG"]
    assert kategorie == "start.integration"
    assert text.startswith("Nennt den Tag")
    assert argumente == ("Beitragsjahr, zum Beispiel 2024.",)


def test_ueber_nennt_beide_versionen(excel: Excel) -> None:
    (text,) = excel.druecke("krs_ueber")
    assert text.startswith(f"start.integration (krs {krs.__version__}, xlwings 0.37.8).")
