"""Filled forms, damaged at random: each is refused with a code, or read, judged and answered without an exception."""

from __future__ import annotations

import pytest

from eingaben.pruefstand import durchlauf
from eingaben.zufall import FORMEN, beschaedigt

ANZAHL = 125  # per form and way of saving: 500; `./run fuzz` takes 10,000


@pytest.mark.parametrize("name", FORMEN)
def test_kein_zufaelliger_schaden_bringt_lesen_pruefen_und_antworten_zu_fall(name: str) -> None:
    gesehen = set()
    for nummer in range(ANZAHL):
        try:
            gesehen.add(durchlauf(beschaedigt(name, nummer)))
        except Exception as fehler:
            raise AssertionError(f"{name}, Nummer {nummer}: {fehler!r}") from fehler
    assert {"gelesen", "E-04"} <= gesehen <= {"gelesen", "E-01", "E-02", "E-03", "E-04", "E-05", "E-10"}
