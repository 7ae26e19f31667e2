"""What krs counts is what the sheet shows, or there is a Fehler: whatever was moved, merged, copied or renamed."""

from __future__ import annotations

import pytest

from eingaben.bauen import ausgefuellt
from eingaben.lage import ANZAHLEN, BEWEGT, gezeigt, verletzt, verstellt

ANZAHL = 300


def test_das_auge_sieht_jede_anzahl_des_formulars() -> None:
    gesehen = gezeigt(ausgefuellt())
    assert set(gesehen) == set(ANZAHLEN)
    assert (gesehen["erst_einzelpersonen"], gesehen["integ_einzelpersonen"], gesehen["erst_neuzugezogene"]) == (
        "8", "2", "30",
    )  # fmt: skip
    assert verletzt(ausgefuellt()) == {}


@pytest.mark.parametrize("nummer", [4360, 8935])
def test_was_einmal_anders_gezaehlt_wurde_bleibt_berichtigt(nummer: int) -> None:
    assert verletzt(verstellt(nummer, BEWEGT)[1]) == {}


@pytest.mark.parametrize("hundert", range(ANZAHL // 100))
def test_gezaehlt_ist_was_das_blatt_zeigt_oder_es_gibt_einen_fehler(hundert: int) -> None:
    for nummer in range(100 * hundert, 100 * hundert + 100):
        was, daten = verstellt(nummer)
        assert verletzt(daten) == {}, (nummer, was)
