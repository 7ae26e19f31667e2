"""The catalogue of macros and what may be typed into its entries."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from krs.excel.anfrage import Anfrage, Eingabefehler, Rolle
from krs.excel.angaben import angaben, lies, zeit_
from krs.excel.makrokatalog import Art, Feld, Makro, makro, makros
from krs.excel.makros import MAKROS

NAMEN = (
    "einreichung_pruefen", "konsolidieren", "vorlagen_erstellen", "mahnungen", "stichprobe", "anhang1_erstellen",
    "lauf_vorschau", "lauf_freigeben", "finanz_export", "funktionen_einsetzen", "funktionen_entfernen",
)  # fmt: skip


def feld(art: Art, **anders: object) -> Feld:
    return Feld("x", "Angabe", "ein Hinweis", art, **anders)


def test_jedes_makro_des_katalogs_hat_seine_funktion_und_seinen_knopf() -> None:
    assert tuple(m.name for m in makros()) == NAMEN
    assert set(MAKROS) == set(NAMEN)


def test_jeder_eintrag_des_katalogs_ist_vollstaendig() -> None:
    for m in makros():
        assert m.knopf
        assert m.gruppe
        assert m.symbol
        assert m.hilfe.endswith(".")
        assert len({f.schluessel for f in m.felder}) == len(m.felder)
        for f in m.felder:
            assert f.text
            assert f.hinweis
            assert f.art in get_args(Art)
            assert bool(f.werte) is (f.art == "wahl")
            assert not f.vorgabe or lies(f, f.vorgabe) is not None


def test_wer_was_darf() -> None:
    rollen = {m.name: m.rolle for m in makros()}
    assert [n for n, r in rollen.items() if r is Rolle.FREIGABE] == ["finanz_export"]
    assert [n for n, r in rollen.items() if r is None] == [
        "einreichung_pruefen", "lauf_vorschau", "lauf_freigeben", "funktionen_einsetzen", "funktionen_entfernen",
    ]  # fmt: skip
    assert [m.name for m in makros() if not m.braucht_ablage] == [
        "einreichung_pruefen", "funktionen_einsetzen", "funktionen_entfernen",
    ]  # fmt: skip


def test_ein_unbekanntes_makro_gibt_es_nicht() -> None:
    assert makro("loeschen") is None


def test_der_katalog_laedt_weder_xlwings_noch_pydantic() -> None:
    code = (
        "import sys, krs.excel.makrokatalog as m; m.makros(); print({'xlwings', 'pydantic', 'lxml'} & {*sys.modules})"
    )
    fertig = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert fertig.stdout == "set()\n"


@pytest.mark.parametrize(
    ("art", "roh", "wert"),
    [
        ("text", "  Ein Grund ", "Ein Grund"), ("datum", "31.7.2024", date(2024, 7, 31)),
        ("datum", "2024-07-31", date(2024, 7, 31)), ("periode", "2024-H1", "2024-H1"),
        ("periode", " 2024-h1 ", "2024-H1"), ("jahr", "2024", 2024),
        ("jahr", 2024, 2024), ("lauf", "2024-09", "2024-09"), ("zahl", "7", 7), ("zahl", "007", 7), ("text", "", None),
        ("datum", None, None), ("zahl", "  ", None),
    ],
)  # fmt: skip
def test_was_getippt_wird_wird_verstanden(art: Art, roh: object, wert: object) -> None:
    assert lies(feld(art), roh) == wert


TAG = "erwartet wird ein Datum wie 31.07.2024 oder 2024-07-31."
ZAHL = "erwartet wird eine ganze Zahl von 0 bis 999'999'999."


@pytest.mark.parametrize(
    ("art", "roh", "satz"),
    [
        ("datum", "31.02.2024", f"Angabe: Gelesen wurde «31.02.2024»; {TAG}"),
        ("datum", "gestern", f"Angabe: Gelesen wurde «gestern»; {TAG}"),
        ("periode", "2024", "Angabe: Gelesen wurde «2024»; erwartet wird ein Halbjahr wie 2024-H1 (2017 bis 2100)."),
        ("jahr", "24", "Angabe: Gelesen wurde «24»; erwartet wird ein Jahr von 2017 bis 2100."),
        ("jahr", "2'024", "Angabe: Gelesen wurde «2'024»; erwartet wird ein Jahr von 2017 bis 2100."),
        ("lauf", "2024-04", "Angabe: «2024-04» ist kein Lauf. Ausbezahlt wird im März und im September: 2024-03 oder "
         "2024-09 (Ziff. 4.5.2)."),
        ("lauf", "../2024-03", "Angabe: «../2024-03» ist kein Lauf. Ausbezahlt wird im März und im September: 2024-03 "
         "oder 2024-09 (Ziff. 4.5.2)."),
        ("zahl", "-1", f"Angabe: Gelesen wurde «-1»; {ZAHL}"),
        ("zahl", "1.5", f"Angabe: Gelesen wurde «1.5»; {ZAHL}"),
        ("zahl", "²", f"Angabe: Gelesen wurde «²»; {ZAHL}"),
        ("zahl", "9" * 50, f"Angabe: Gelesen wurde «{'9' * 50}»; {ZAHL}"),
        ("text", "x" * 201, "Die Angabe «Angabe» ist länger als 200 Zeichen. Kürzen Sie sie."),
        ("text", "a\r\nX-Kopf: b", "Die Angabe «Angabe» enthält Zeichen, die man nicht sieht. Tippen Sie sie neu."),
        ("text", "a\u2028b", "Die Angabe «Angabe» enthält Zeichen, die man nicht sieht. Tippen Sie sie neu."),
        ("text", "a\u202eb", "Die Angabe «Angabe» enthält Zeichen, die man nicht sieht. Tippen Sie sie neu."),
        ("text", ["a"], "Die Angabe «Angabe» ist kein Text."),
        ("zahl", True, "Die Angabe «Angabe» ist kein Text."),
        ("text", 1.5, "Die Angabe «Angabe» ist kein Text."),
    ],
)  # fmt: skip
def test_was_nicht_zu_verstehen_ist_wird_mit_einem_satz_verweigert(art: Art, roh: object, satz: str) -> None:
    with pytest.raises(Eingabefehler) as fehler:
        lies(feld(art), roh)
    assert str(fehler.value) == satz


def test_eine_wahl_nennt_was_zur_wahl_steht() -> None:
    with pytest.raises(Eingabefehler) as fehler:
        lies(feld("wahl", werte=("ja", "nein")), "vielleicht")
    assert str(fehler.value) == "Angabe: «vielleicht» steht nicht zur Wahl. Wählen Sie ja oder nein."


@pytest.mark.parametrize("roh", ["ja", "Ja", " JA "])
def test_eine_wahl_darf_gross_geschrieben_sein(roh: str) -> None:
    assert lies(feld("wahl", werte=("nein", "ja")), roh) == "ja"


def test_eine_noetige_angabe_die_fehlt_wird_genannt() -> None:
    with pytest.raises(Eingabefehler) as fehler:
        lies(feld("zahl", pflicht=True), "")
    assert str(fehler.value) == "Es fehlt die Angabe «Angabe» (ein Hinweis)."


def anfrage(**werte: str) -> Anfrage:
    return Anfrage(Path("Ablage"), date(2024, 9, 10), werte)


def bekannt(name: str) -> Makro:
    return next(m for m in makros() if m.name == name)


def test_eine_fremde_angabe_wird_nicht_ueberhoert() -> None:
    with pytest.raises(Eingabefehler) as fehler:
        angaben(bekannt("konsolidieren"), anfrage(alle="ja"))
    assert str(fehler.value) == "Die Angabe «alle» gibt es bei diesem Befehl nicht."


@pytest.mark.parametrize("werte", [{}, {"periode": "2024-H1", "jahr": "2024"}])
def test_entweder_ein_halbjahr_oder_ein_jahr(werte: dict[str, str]) -> None:
    with pytest.raises(Eingabefehler) as fehler:
        zeit_(angaben(bekannt("vorlagen_erstellen"), anfrage(**werte)))
    assert str(fehler.value) == ("Nennen Sie entweder ein Halbjahr (2024-H1, Anhang 2) oder ein Jahr (2024, Anhang 3).")
