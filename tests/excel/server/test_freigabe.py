"""A release over the server: two persons, the role, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ablage import laufhilfe
from ablage.hilfe import baum
from excel.server.hilfe import Server, laufend, makro, roh, tokendatei_anlegen
from krs.ablage.ordner import Ablage
from krs.excel.server.einstellungen import Einstellungen


@pytest.fixture
def ablage(tmp_path: Path) -> Ablage:
    """A working folder whose run 2024-09 is due."""
    return laufhilfe.offene(tmp_path)


@pytest.fixture
def server(ablage: Ablage, tmp_path: Path) -> Iterator[Server]:
    """A server over it, with tokens."""
    datei = tmp_path / "tokens.toml"
    tokens = tokendatei_anlegen(datei)
    with laufend(Einstellungen(ablage=ablage.pfad, tokens=datei), tokens) as s:
        yield s


def schritt(server: Server, visum: str, was: str) -> tuple[int, str]:
    """Prepare or release the run; return status and first sentence."""
    kopf = f"Authorization: Bearer {server.tokens[visum]}"
    antwort = roh(server.port, makro("lauf_freigeben", kopf, lauf="2024-09", schritt=was))
    if antwort.status != 200:
        return antwort.status, antwort.text
    ergebnis = json.loads(json.loads(antwort.inhalt)["actions"][-1]["args"][1])
    return 200, ergebnis["saetze"][0]


def test_wer_vorbereitet_gibt_nicht_frei_und_freigegeben_wird_einmal(server: Server, ablage: Ablage) -> None:
    assert schritt(server, "AB", "vorbereiten")[0] == 200
    vorher = baum(ablage.pfad)
    assert schritt(server, "AB", "freigeben") == (
        400, "Das Konto «Anna Bauer» hat den Lauf vorbereitet. Freigeben muss ihn eine zweite Person.",
    )  # fmt: skip
    assert schritt(server, "EF", "freigeben") == (
        403,
        "Um einen Lauf freizugeben, braucht es die Rolle Freigabe; EF hat sie nicht. Wenden Sie sich an die "
        "Informatik.",
    )
    assert baum(ablage.pfad) == vorher
    assert schritt(server, "CD", "freigeben")[0] == 200
    lauf = json.loads((ablage.laeufe / "2024-09" / "lauf.json").read_bytes())
    assert "Anna Bauer" in json.dumps(lauf)
    assert "Carl Dubs" in json.dumps(lauf)
    frei = baum(ablage.laeufe)
    status, satz = schritt(server, "CD", "freigeben")  # the same request once more
    assert status == 400
    assert "2024-09" in satz
    assert baum(ablage.laeufe) == frei
