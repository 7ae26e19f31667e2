"""The cases that an officer can read: tests/faelle/urteil.toml."""

from __future__ import annotations

from typing import Any

import pytest

from urteil.hilfe import DATEN, anspruch, befund, texte, urteil, zeile, zeilen

FAELLE = [pytest.param(fall, id=fall["name"]) for fall in DATEN["fall"]]


@pytest.mark.parametrize("fall", FAELLE)
def test_fall(fall: dict[str, Any]) -> None:
    ergebnis = urteil(fall)
    assert [zeile(z) for z in ergebnis.zeilen] == zeilen(fall["einreichungen"])
    assert [anspruch(a) for a in ergebnis.ansprueche] == zeilen(fall.get("ansprueche", ""))
    assert [befund(p) for p in ergebnis.befunde] == zeilen(fall.get("befunde", ""))
    assert dict(texte(ergebnis.befunde, fall.get("texte", {}))) == fall.get("texte", {})


@pytest.mark.parametrize("fall", FAELLE)
def test_die_reihenfolge_der_dateien_aendert_nichts(fall: dict[str, Any]) -> None:
    ergebnis = urteil(fall)
    umgekehrt = urteil({**fall, "eingang": [*reversed(fall.get("eingang", []))]})
    assert [zeile(z) for z in umgekehrt.zeilen] == [zeile(z) for z in ergebnis.zeilen]
    assert umgekehrt.ansprueche == ergebnis.ansprueche
    assert umgekehrt.befunde == ergebnis.befunde


def test_jeder_fall_nennt_seine_ziffer_und_heisst_anders() -> None:
    namen = [fall["name"] for fall in DATEN["fall"]]
    assert len(set(namen)) == len(namen)
    assert all(fall["ziffer"] and fall["name"].endswith(".") for fall in DATEN["fall"])
