"""krs.excel.udf: what comes back to COM is always a value that COM takes, never an exception."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import krs
from krs.excel import stoerung, udf
from krs.excel.anfrage import Eingabefehler

NEUER = "99.0"


@pytest.fixture(autouse=True)
def _protokoll(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def _gibt(monkeypatch: pytest.MonkeyPatch, wert: object) -> list[tuple[Any, ...]]:
    gerufen: list[tuple[Any, ...]] = []

    def rufe(*argumente: Any) -> object:
        gerufen.append(argumente)
        if isinstance(wert, Exception):
            raise wert
        return wert

    monkeypatch.setattr("krs.excel.funktionen.rufe", rufe)
    return gerufen


@pytest.mark.parametrize(
    ("wert", "zelle"),
    [
        (Decimal("600.00"), 600.0),
        (3, 3.0),
        (2**60, float(2**60)),
        (True, True),
        (None, ""),
        (date(2024, 3, 31), "\x0345382"),
        ("Olten", "Olten"),
        ("\x02Olten", "Olten"),
        ("a" * 40_000, "a" * 32_767),
        ([["a", None], [date(1900, 3, 1), Decimal("1.05")]], (("a", ""), ("\x0361", 1.05))),
    ],
)
def test_jeder_wert_kommt_so_an_dass_com_ihn_nimmt(
    monkeypatch: pytest.MonkeyPatch, wert: object, zelle: object
) -> None:
    _gibt(monkeypatch, wert)
    ergebnis = udf.rufe(krs.__version__, "krs_iban", "x")
    assert (ergebnis, type(ergebnis)) == (zelle, type(zelle))


def test_argumente_und_ablage_gehen_an_den_kern(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gerufen = _gibt(monkeypatch, "ja")
    monkeypatch.setenv("KRS_ABLAGE", str(tmp_path))
    udf.rufe(krs.__version__, "krs_pruefen", ((1.0, "a"),), 2.0, None)
    monkeypatch.setenv("KRS_ABLAGE", "  ")
    udf.rufe(krs.__version__, "krs_iban", "x")
    monkeypatch.delenv("KRS_ABLAGE")
    udf.rufe(krs.__version__, "krs_iban", "y")
    assert gerufen == [
        ("krs_pruefen", [((1.0, "a"),), 2.0, None], tmp_path), ("krs_iban", ["x"], None), ("krs_iban", ["y"], None),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["\x04", "\x045;", "\x04x;y", "\x045;5x", "\x04-1;2"])
def test_ein_text_mit_dem_zeichen_einer_groesse_bleibt_ein_text(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    gerufen = _gibt(monkeypatch, "ja")
    assert udf.rufe(krs.__version__, "krs_iban", text) == "ja"
    assert gerufen == [("krs_iban", [text], None)]


def test_ein_eingabefehler_ist_ein_gezeichneter_satz(monkeypatch: pytest.MonkeyPatch) -> None:
    _gibt(monkeypatch, Eingabefehler("So geht es nicht."))
    assert udf.rufe(krs.__version__, "krs_iban", "x") == "\x02So geht es nicht."


@pytest.mark.parametrize("fehler", [RecursionError("x"), MemoryError(), TypeError("english"), UnicodeError("x")])
def test_ein_unerwarteter_fehler_ist_ein_satz_und_ein_eintrag(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fehler: Exception
) -> None:
    _gibt(monkeypatch, fehler)
    datei = tmp_path / stoerung.LOG
    assert udf.rufe(krs.__version__, "krs_iban", "x") == (
        f"\x02Im Programm ist ein unerwarteter Fehler aufgetreten. Melden Sie ihn mit diesem Satz der "
        f"Informatik. Einzelheiten stehen in «{datei}»."
    )
    assert type(fehler).__name__ in datei.read_text(encoding="utf-8")


def test_auch_ohne_schreibrecht_bleibt_es_ein_satz(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _gibt(monkeypatch, TypeError())
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "fehlt"))
    assert udf.rufe(krs.__version__, "krs_iban", "x") == (
        "\x02Im Programm ist ein unerwarteter Fehler aufgetreten. Melden Sie ihn mit diesem Satz der Informatik."
    )


def test_das_protokoll_waechst_nicht_ohne_ende(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _gibt(monkeypatch, TypeError())
    (tmp_path / stoerung.LOG).write_bytes(b"x" * (stoerung.LOG_BYTES + 1))
    udf.rufe(krs.__version__, "krs_iban", "x")
    assert (tmp_path / stoerung.LOG).stat().st_size < 2_000


def test_ein_add_in_anderer_version_bekommt_einen_satz_statt_eines_betrags(monkeypatch: pytest.MonkeyPatch) -> None:
    gerufen = _gibt(monkeypatch, 1)
    ergebnis = udf.rufe(NEUER, "krs_iban", "x")
    assert isinstance(ergebnis, str)
    assert ergebnis.startswith("\x02Das Add-in hat die Version 99.0, krs hat ")
    assert udf.knopf(NEUER, "konsolidieren", object()) == ergebnis[1:]
    assert gerufen == []


@pytest.mark.parametrize(
    ("makro", "mappe", "satz"),
    [
        ("starte", object(), "Das Makro «starte» gibt es nicht."),
        ("__import__", object(), "Das Makro «__import__» gibt es nicht."),
        ("konsolidieren", None,
         "Öffnen Sie zuerst eine Mappe; in der geschützten Ansicht wählen Sie «Bearbeitung aktivieren»."),
    ],
)  # fmt: skip
def test_ein_knopf_ruft_nur_makros_und_nur_mit_mappe(makro: str, mappe: object, satz: str) -> None:
    assert udf.knopf(krs.__version__, makro, mappe) == satz


@pytest.mark.parametrize(
    ("fehler", "satz"),
    [
        (Eingabefehler("So geht es nicht."), "So geht es nicht."),
        (TypeError(), stoerung.UNERWARTET + " Einzelheiten stehen in «{}»."),
    ],
)
def test_was_ein_makro_wirft_wird_zum_satz(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fehler: Exception, satz: str
) -> None:
    def wirf(_makro: str) -> None:
        raise fehler

    monkeypatch.setattr("krs.excel.desktop.starte", wirf)
    monkeypatch.setattr(udf, "_merke_mappe", lambda _: None)
    assert udf.knopf(krs.__version__, "konsolidieren", object()) == satz.format(tmp_path / stoerung.LOG)
