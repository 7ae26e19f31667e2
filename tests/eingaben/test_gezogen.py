"""Forms dragged, merged and copied about in LibreOffice: counted is what is shown, or there is a Fehler."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eingaben.bauen import ausgefuellt
from eingaben.lage import gezeigt, verletzt
from eingaben.urteil import urteile
from krs.mappen.vorlage.formeln import DOPPELT, VOLLSTAENDIG
from uno.buero import Buero, python_mit_uno

pytestmark = pytest.mark.xdist_group("soffice")
R = "Reporting"


@pytest.fixture(scope="module")
def buero(tmp_path_factory: pytest.TempPathFactory, verlange: Callable[[object, str], None]) -> Iterator[Buero]:
    verlange(python_mit_uno(), "soffice oder python3-uno fehlt")
    with Buero(tmp_path_factory.mktemp("profil")) as b:
        yield b


def nach(buero: Buero, ordner: Path, *befehle: tuple[Any, ...]) -> bytes:
    """Return the filled form after these commands, as LibreOffice saves it."""
    (ordner / "vorher.xlsx").write_bytes(ausgefuellt())
    buero("oeffnen", str(ordner / "vorher.xlsx"))
    for befehl in (("entsperren", R), *befehle):
        buero(*befehl)
    buero("speichern", str(ordner / "nachher.xlsx"))
    return (ordner / "nachher.xlsx").read_bytes()


def codes(daten: bytes) -> list[tuple[str, str]]:
    return [(b.code, b.zelle) for b in urteile(daten, "Formular.xlsx").befunde if b.code.startswith("E-")]


def test_eine_gezogene_zelle_zaehlt_nicht_zweimal(buero: Buero, tmp_path: Path) -> None:
    daten = nach(buero, tmp_path, ("ziehen", R, "C21", "C22"))
    assert codes(daten) == [("E-30", "C22")]
    assert gezeigt(daten)["erst_familien"] == "8"
    assert buero("lesen", [[R, "B5"]]) == [DOPPELT]  # the form itself says so


def test_die_pruefzeile_stoert_sich_nicht_an_eingefuegten_zeilen(buero: Buero, tmp_path: Path) -> None:
    nach(buero, tmp_path, ("zeilen", R, 20, 2), ("zeilen", R, 40, 1))
    assert buero("lesen", [[R, "B5"]]) == [VOLLSTAENDIG]


def test_eine_verbundene_zelle_verbirgt_keine_anzahl(buero: Buero, tmp_path: Path) -> None:
    assert codes(nach(buero, tmp_path, ("verbinden", R, "C21:C22"))) == [("E-32", "C22")]


def test_eine_zelle_in_einer_fremden_zeile_ist_ein_fehler(buero: Buero, tmp_path: Path) -> None:
    assert codes(nach(buero, tmp_path, ("ziehen", R, "C21", "H21"))) == [("E-31", "H21")]


def test_eingefuegte_zeilen_stoeren_nicht(buero: Buero, tmp_path: Path) -> None:
    daten = nach(buero, tmp_path, ("zeilen", R, 20, 2), ("zeilen", R, 40, 1))
    assert urteile(daten, "Formular.xlsx").befunde == ()
    assert verletzt(daten) == {}


@pytest.mark.parametrize("nummer", range(25))
def test_was_immer_gezogen_wird_gezaehlt_ist_gezeigt(nummer: int, buero: Buero, tmp_path: Path) -> None:
    z = random.Random(f"gezogen {nummer}")
    befehle: list[tuple[Any, ...]] = []
    for _ in range(z.randint(1, 3)):
        von, hin = (f"{z.choice('CCE')}{z.randint(20, 35)}" for _ in range(2))
        befehle.append(
            z.choice([
                ("ziehen", R, von, hin),
                ("ziehen", R, f"C{z.randint(20, 30)}:C{z.randint(31, 33)}", f"D{z.randint(20, 24)}"),
                ("verbinden", R, f"{z.choice('BC')}{z.randint(20, 30)}:{z.choice('CDE')}{z.randint(30, 32)}"),
                ("zeilen", R, z.randint(8, 40), z.randint(1, 3)),
                ("blatt_kopieren", R, f"Kopie {z.random()}"),
            ])
        )  # fmt: skip
    daten = nach(buero, tmp_path, *befehle)
    assert verletzt(daten) == {}, befehle
