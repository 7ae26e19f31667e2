"""What is not told to others cannot be computed from what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krs.recht import Leistung
from krs.schreiben.publikation import NICHT_GENANNT, betraege, hinweise, klein, spalte, spanne, verraet
from krs.urteil.ansprueche import Anspruch

N = NICHT_GENANNT


@pytest.mark.parametrize(
    ("zahlen", "gezeigt"),
    [
        ([], []),
        ([0, 5, 20], [0, 5, 20]),
        ([3, 7, 0, 20], ["1–4", N, 0, 20]),  # 20 and the total give 10; 7 stays away, so 3 may be 1 to 4
        ([2, 3, 20], ["1–4", "1–4", 20]),  # 5 = 1 + 4 = 2 + 3 = 3 + 2 = 4 + 1
        ([1, 5, 20, 30], ["1–4", N, N, 30]),  # 6 is 1 + 5 only, so the 20 stays away too
        ([1, 1, 20], ["1–4", "1–4", N]),  # 2 is 1 + 1 only
        ([4, 4, 20], ["1–4", "1–4", N]),  # 8 is 4 + 4 only
        ([4, 4, 0], [N, N, N]),  # and there is nothing else: 0, 4 and 4 in any order, or 8
        ([1, 5], [N, N]),
        ([3, 0, 0], ["1–4", 0, 0]),  # a total of 3 is told nowhere
        ([1, 2, 0], ["1–4", "1–4", 0]),
        ([9, 3, 7, 7], [9, "1–4", N, 7]),  # of two equal ones the first
    ],
)
def test_eine_kleine_anzahl_nimmt_die_naechste_mit_wenn_die_summe_sie_verriete(
    zahlen: list[int], gezeigt: list[int | str]
) -> None:
    assert list(spalte(zahlen, 5)) == gezeigt


def test_verriete_eine_andere_tabelle_ihre_kleine_summe_so_fehlt_auch_hier_eine_zahl() -> None:
    assert spalte([20, 8, 0], 5, mindestens_eine=True) == (20, N, 0)
    assert spalte([20, 8, 3], 5, mindestens_eine=True) == (20, N, "1–4")
    assert spalte([], 5, mindestens_eine=True) == ()


@pytest.mark.parametrize("grenze", [0, 1, 2])
def test_unter_3_gibt_es_nichts_zu_verbergen(grenze: int) -> None:
    assert spalte([1, 2, 3, 0], grenze) == (1, 2, 3, 0)
    assert hinweise(grenze) == (
        f"Die Publikationsgrenze ist {grenze} (Stammdaten, Blatt Einstellungen): Auch kleine Anzahlen stehen da, wie"
        " sie sind.",
    )


def test_die_saetze_erklaeren_die_zeichen() -> None:
    assert hinweise(5) == (
        "«1–4» steht für eine Anzahl von 1 bis 4 Gesprächen, Einsätzen oder Personen; so kleine Zahlen gibt der Kanton"
        " nicht weiter (Publikationsgrenze 5: Stammdaten, Blatt Einstellungen).",
        "«nicht genannt» steht, wo sich sonst eine so kleine Anzahl aus Summen oder Beträgen errechnen liesse."
        " Meldungen und Gemeinden sind immer gezählt.",
    )
    assert spanne(3) == "1–2"


@given(st.lists(st.integers(0, 14), max_size=7), st.integers(3, 7), st.booleans())
def test_wer_die_summe_kennt_errechnet_keine_kleine_anzahl(zahlen: list[int], grenze: int, eine: bool) -> None:
    gezeigt = spalte(zahlen, grenze, eine)
    assert all(g == z for g, z in zip(gezeigt, zahlen, strict=True) if isinstance(g, int))
    assert not any(isinstance(g, int) and klein(g, grenze) for g in gezeigt)
    kleine, grosse = gezeigt.count(spanne(grenze)), gezeigt.count(N)
    if not kleine or sum(zahlen) < grenze:
        return
    rest = sum(zahlen) - sum(g for g in gezeigt if isinstance(g, int))

    def geht(wert: int) -> bool:
        """Tell whether one small count may have this value: the others are 1 to grenze - 1, and grenze or more."""
        uebrig = rest - wert
        tief = kleine - 1 + grosse * grenze
        return tief <= uebrig and (grosse > 0 or uebrig <= (kleine - 1) * (grenze - 1))

    assert sum(geht(w) for w in range(1, grenze)) >= 2


@given(st.lists(st.integers(0, 14), max_size=7), st.integers(3, 7))
def test_ohne_kleine_anzahl_bleibt_jede_spalte_wie_sie_ist(zahlen: list[int], grenze: int) -> None:
    ohne = [z for z in zahlen if not 0 < z < grenze]
    assert list(spalte(ohne, grenze)) == ohne


def anspruch(leistung: Leistung, anzahl: int | None, status: str = "anerkannt") -> Anspruch:
    return Anspruch(2581, "Olten", leistung, "2024-H1", anzahl, None, None, date(2024, 1, 1), "4.3.2", status)


def test_ein_betrag_verraet_eine_anzahl_wenn_die_anerkannten_je_leistung_wenige_sind() -> None:
    drei, neun = anspruch(Leistung.INTEG, 3), anspruch(Leistung.ERST, 9)
    assert verraet([neun, drei], 5)
    assert not verraet([neun, drei, replace(drei, bfs_nr=2401)], 5)  # 6 in all
    assert not verraet([neun, replace(drei, status="zurückgestellt")], 5)
    assert verraet([replace(neun, status="zurückgestellt"), replace(neun, anzahl=4)], 5)
    assert not verraet([anspruch(Leistung.SOCKEL, 3), anspruch(Leistung.ERST, None)], 5)
    assert not verraet([drei], 3)
    assert not verraet([], 5)


def test_ein_einzelner_betrag_nimmt_den_naechstkleineren_mit() -> None:
    franken = [Decimal(600), Decimal(0), Decimal(9000), Decimal(8000)]
    assert betraege(franken, [False] * 4) == tuple(franken)
    assert betraege(franken, [True, False, False, False]) == (N, Decimal(0), Decimal(9000), N)
    assert betraege(franken, [True, False, True, False]) == (N, Decimal(0), N, Decimal(8000))
    assert betraege([Decimal(600)], [True]) == (N,)
