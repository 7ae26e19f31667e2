"""Who gets the e-mail of a municipality (Ziff. 3.4.2, 4.5.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from krs.stammdaten.adressen import Adressat, adressat, gruppiert
from krs.stammdaten.stammdaten import Gemeinde, Stammdaten

TAG = date(2024, 8, 12)
VOLL: dict[str, Any] = {
    "koordinationsstelle": "Fachstelle Thal", "email_koordination": "Fachstelle@thal.example",
    "beauftragte": "Muster Anna", "email": "anna@gemeinde.example", "email_praesidium": "praesidium@gemeinde.example",
}  # fmt: skip


def stamm(*gemeinden: Gemeinde) -> Stammdaten:
    return Stammdaten(gemeinden=gemeinden)


@pytest.mark.parametrize(
    ("ohne", "erwartet"),
    [
        ((), Adressat("Fachstelle Thal", "Fachstelle@thal.example", "fachstelle@thal.example")),
        (("koordinationsstelle",), Adressat("", "Fachstelle@thal.example", "fachstelle@thal.example")),
        (("email_koordination",), Adressat("Muster Anna", "anna@gemeinde.example", "anna@gemeinde.example")),
        (
            ("email_koordination", "email"),
            Adressat("Präsidium Balsthal", "praesidium@gemeinde.example", "praesidium@gemeinde.example"),
        ),
        (("email_koordination", "email", "email_praesidium"), Adressat("Balsthal", "", "2422")),
    ],
)
def test_zuerst_die_koordinationsstelle_dann_die_beauftragte_dann_das_praesidium(
    ohne: tuple[str, ...], erwartet: Adressat
) -> None:
    felder = {k: v for k, v in VOLL.items() if k not in ohne}
    assert adressat(stamm(Gemeinde(bfs_nr=2422, name="Balsthal", **felder)), 2422, TAG) == erwartet


def test_es_gilt_die_zeile_die_am_tag_in_kraft_ist() -> None:
    alt = Gemeinde(bfs_nr=2422, name="Balsthal", gueltig_bis=date(2023, 12, 31), email="alt@gemeinde.example")
    neu = Gemeinde(bfs_nr=2422, name="Balsthal", gueltig_ab=date(2024, 1, 1), email="neu@gemeinde.example")
    adressen = [adressat(stamm(alt, neu), 2422, tag).email for tag in (date(2023, 12, 31), date(2024, 1, 1))]
    assert adressen == ["alt@gemeinde.example", "neu@gemeinde.example"]


def test_nach_einer_fusion_antwortet_die_nachfolgerin() -> None:
    alt = Gemeinde(
        bfs_nr=2456,
        name="Lüterswil-Gächliwil",
        gueltig_bis=date(2023, 12, 31),
        nachfolgerin=2465,
        email="alt@g.example",
    )
    neu = Gemeinde(bfs_nr=2465, name="Buchegg", email="neu@g.example")
    assert adressat(stamm(alt, neu), 2456, TAG) == Adressat("", "neu@g.example", "neu@g.example")
    assert adressat(stamm(alt), 2456, TAG).email == "alt@g.example"


def test_eine_unbekannte_gemeinde_hat_keine_adresse() -> None:
    assert adressat(stamm(), 2999, TAG) == Adressat("BFS-Nr. 2999", "", "2999")


def test_eine_koordinationsstelle_fuer_mehrere_gemeinden_ist_ein_adressat() -> None:
    gemeinden = stamm(
        Gemeinde(bfs_nr=2501, name="Zuchwil"),
        Gemeinde(bfs_nr=2402, name="Härkingen", email_koordination="FACHSTELLE@thal.example"),
        Gemeinde(bfs_nr=2420, name="Aedermannsdorf"),
        Gemeinde(
            bfs_nr=2401, name="Egerkingen", koordinationsstelle="Thal", email_koordination="Fachstelle@thal.example"
        ),
        Gemeinde(bfs_nr=2520, name="Halten", email="halten@g.example"),
    )
    assert gruppiert(gemeinden, [2501, 2402, 2420, 2401, 2402, 2520], TAG) == (
        (Adressat("Aedermannsdorf", "", "2420"), (2420,)),
        (Adressat("Thal", "Fachstelle@thal.example", "fachstelle@thal.example"), (2401, 2402)),
        (Adressat("", "halten@g.example", "halten@g.example"), (2520,)),
        (Adressat("Zuchwil", "", "2501"), (2501,)),
    )
