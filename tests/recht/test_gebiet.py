"""Municipalities over time (Ziff. 3.4.2, 4.2, 4.5.2, docs/entscheide/13, 19, 20)."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krs.recht import Beteiligung, Gebiet, GemeindeZeile
from krs.recht.gemeinde import tage

Zeile = Callable[..., GemeindeZeile]
NEUJAHR_2021, SILVESTER_2020 = date(2021, 1, 1), date(2020, 12, 31)
H1_2023 = (date(2023, 1, 1), date(2023, 6, 30))


def test_eine_gemeinde_besteht_bis_und_mit_dem_tag_vor_der_fusion(gebiet: Gebiet) -> None:
    assert gebiet.gemeinde(2423, SILVESTER_2020) is not None
    assert gebiet.gemeinde(2423, NEUJAHR_2021) is None
    assert gebiet.gemeinde(2430, SILVESTER_2020) is None
    assert gebiet.besteht(2423, SILVESTER_2020, date(2021, 12, 31))
    assert not gebiet.besteht(2423, NEUJAHR_2021, date(2021, 12, 31))
    assert not gebiet.besteht(2999, SILVESTER_2020, NEUJAHR_2021)


def test_ohne_tag_gilt_die_letzte_zeile(gebiet: Gebiet) -> None:
    zeile = gebiet.gemeinde(2423)
    assert zeile is not None
    assert zeile.name == gebiet.name(2423) == "Gänsbrunnen"
    assert gebiet.gemeinde(2999) is None
    assert gebiet.name(2999) == "BFS-Nr. 2999"


def test_ein_neuer_name_gilt_ab_seinem_tag(zeile: Zeile) -> None:
    gebiet = Gebiet([zeile(2401, "Neu", gueltig_ab=NEUJAHR_2021), zeile(2401, "Alt", gueltig_bis=SILVESTER_2020)])
    namen = [gebiet.gemeinde(2401, tag) for tag in (SILVESTER_2020, NEUJAHR_2021)]
    assert [zeile.name for zeile in namen if zeile] == ["Alt", "Neu"]
    assert gebiet.name(2401) == "Neu"
    assert gebiet.beteiligung(2401, date(2020, 7, 1), date(2021, 6, 30)) is Beteiligung.GANZ


def test_bestehend_sind_2021_die_fusionierten_nicht_mehr(gebiet: Gebiet) -> None:
    assert gebiet.bestehende(SILVESTER_2020) == (2401, 2423, 2429, 2456, 2465, 2498, 2499, 2520, 2525, 2529)
    assert gebiet.bestehende(NEUJAHR_2021) == (2401, 2430, 2456, 2465, 2499, 2520, 2525, 2529)


def test_die_nachfolgerin_tritt_am_tag_der_fusion_ein(gebiet: Gebiet) -> None:
    assert gebiet.nachfolgerin(2423, SILVESTER_2020) == 2423
    assert gebiet.nachfolgerin(2423, NEUJAHR_2021) == 2430
    assert gebiet.nachfolgerin(2456, date(2024, 1, 1)) == 2465
    assert gebiet.nachfolgerin(2430, SILVESTER_2020) == 2430
    assert gebiet.nachfolgerin(2999, NEUJAHR_2021) == 2999


def test_fusionen_in_folge_fuehren_zur_letzten_gemeinde(zeile: Zeile) -> None:
    gebiet = Gebiet(
        [
            zeile(1, "A", gueltig_bis=date(2018, 12, 31), nachfolgerin=2),
            zeile(2, "B", gueltig_ab=date(2019, 1, 1), gueltig_bis=SILVESTER_2020, nachfolgerin=3),
            zeile(3, "C", gueltig_ab=NEUJAHR_2021),
        ]
    )
    assert [gebiet.nachfolgerin(1, tag) for tag in (date(2018, 1, 1), SILVESTER_2020, NEUJAHR_2021)] == [
        1,
        2,
        3,
    ]
    assert gebiet.vorgaengerinnen(3, date(2018, 1, 1)) == (1,)
    assert gebiet.vorgaengerinnen(3, date(2020, 1, 1)) == (2,)
    assert gebiet.vorgaengerinnen(2, date(2018, 1, 1)) == (1,)
    assert gebiet.vorgaengerinnen(2, date(2018, 1, 1), bis=NEUJAHR_2021) == ()


def test_nachfolgerinnen_im_kreis_halten_nichts_auf(zeile: Zeile) -> None:
    ende = {"gueltig_bis": SILVESTER_2020}
    gebiet = Gebiet([zeile(1, "A", **ende, nachfolgerin=2), zeile(2, "B", **ende, nachfolgerin=1)])
    assert gebiet.nachfolgerin(1, NEUJAHR_2021) in (1, 2)
    assert gebiet.vorgaengerinnen(1, SILVESTER_2020) == (2,)


def test_vorgaengerinnen_sind_wer_damals_bestand_und_seither_aufging(gebiet: Gebiet) -> None:
    assert gebiet.vorgaengerinnen(2430, date(2019, 12, 31)) == (2423, 2429)
    assert gebiet.vorgaengerinnen(2430, date(2022, 12, 31)) == ()
    assert gebiet.vorgaengerinnen(2465, date(2022, 12, 31)) == (2456,)
    assert gebiet.vorgaengerinnen(2525, date(2022, 12, 31)) == (2520, 2529)
    assert gebiet.vorgaengerinnen(2525, date(2022, 12, 31), bis=date(2025, 12, 31)) == ()


def test_eine_leere_beteiligung_heisst_nicht_dabei(zeile: Zeile) -> None:
    gebiet = Gebiet([zeile(2401, "Egerkingen", beteiligt_ab=None)])
    assert gebiet.beteiligung(2401, *H1_2023) is Beteiligung.KEINE


@pytest.mark.parametrize(
    ("ab", "bis", "erwartet"),
    [
        (date(2017, 1, 1), None, Beteiligung.GANZ),
        (date(2023, 1, 1), date(2023, 6, 30), Beteiligung.GANZ),
        (date(2023, 1, 2), None, Beteiligung.TEILWEISE),
        (date(2017, 1, 1), date(2023, 6, 29), Beteiligung.TEILWEISE),
        (date(2023, 7, 1), None, Beteiligung.KEINE),
        (date(2017, 1, 1), date(2022, 12, 31), Beteiligung.KEINE),
    ],
)
def test_beitritt_oder_austritt_mitten_im_halbjahr_ist_teilweise(
    zeile: Zeile, ab: date, bis: date | None, erwartet: Beteiligung
) -> None:
    gebiet = Gebiet([zeile(2401, "Egerkingen", beteiligt_ab=ab, beteiligt_bis=bis)])
    assert gebiet.beteiligung(2401, *H1_2023) is erwartet


def test_eine_fusion_mitten_in_der_zeit_ist_kein_austritt(gebiet: Gebiet) -> None:
    jahreswechsel = (date(2020, 7, 1), date(2021, 6, 30))
    for bfs in (2423, 2429, 2430, 2499):
        assert gebiet.beteiligung(bfs, *jahreswechsel) is Beteiligung.GANZ
    assert gebiet.beteiligung(2423, NEUJAHR_2021, date(2021, 6, 30)) is Beteiligung.KEINE


def test_austritt_und_wiedereintritt_stehen_in_zwei_zeilen(zeile: Zeile) -> None:
    gebiet = Gebiet(
        [
            zeile(2401, "Egerkingen", beteiligt_bis=date(2019, 12, 31)),
            zeile(2401, "Egerkingen", beteiligt_ab=NEUJAHR_2021),
        ]
    )
    jahre = [gebiet.beteiligung(2401, date(jahr, 1, 1), date(jahr, 12, 31)) for jahr in (2019, 2020, 2021)]
    assert jahre == [Beteiligung.GANZ, Beteiligung.KEINE, Beteiligung.GANZ]
    assert gebiet.beteiligung(2401, date(2019, 7, 1), date(2020, 6, 30)) is Beteiligung.TEILWEISE
    ohne_luecke = Gebiet(
        [
            zeile(2401, "Egerkingen", beteiligt_bis=SILVESTER_2020),
            zeile(2401, "Egerkingen", beteiligt_ab=NEUJAHR_2021),
        ]
    )
    assert ohne_luecke.beteiligung(2401, date(2020, 7, 1), date(2021, 6, 30)) is Beteiligung.GANZ


def gefuehrt(zeile: Zeile, **felder: object) -> Gebiet:
    mitglied = zeile(2402, "Härkingen", leitgemeinde=2401, leitgemeinde_ab=NEUJAHR_2021, **felder)
    return Gebiet([zeile(2401, "Egerkingen"), mitglied, zeile(2403, "Kestenholz")])


def test_die_leitgemeinde_gilt_nur_zwischen_ihren_daten(zeile: Zeile) -> None:
    gebiet = gefuehrt(zeile, leitgemeinde_bis=date(2022, 12, 31))
    tage_dazu = (SILVESTER_2020, NEUJAHR_2021, date(2022, 12, 31), date(2023, 1, 1))
    assert [gebiet.leitgemeinde(2402, tag) for tag in tage_dazu] == [None, 2401, 2401, None]
    assert [gebiet.mitglieder(2401, tag) for tag in tage_dazu] == [(), (2402,), (2402,), ()]
    assert gebiet.leitgemeinde(2401, NEUJAHR_2021) is None


def test_bezahlt_wird_die_gemeinde_selbst_auch_im_leitgemeindemodell(zeile: Zeile) -> None:
    assert gefuehrt(zeile).empfaenger(2402, NEUJAHR_2021) == 2402


def test_bezahlt_wird_die_leitgemeinde_nur_mit_datiertem_eintrag(zeile: Zeile) -> None:
    gebiet = gefuehrt(zeile, empfaenger=2401, leitgemeinde_bis=date(2022, 12, 31))
    tage_dazu = (SILVESTER_2020, NEUJAHR_2021, date(2022, 12, 31), date(2023, 1, 1))
    assert [gebiet.empfaenger(2402, tag) for tag in tage_dazu] == [2402, 2401, 2401, 2402]


def test_eine_leitgemeinde_die_sich_selbst_nennt_ist_nicht_ihr_mitglied(zeile: Zeile) -> None:
    gebiet = Gebiet([zeile(2401, "Egerkingen", leitgemeinde=2401)])
    assert gebiet.leitgemeinde(2401, NEUJAHR_2021) is None
    assert gebiet.mitglieder(2401, NEUJAHR_2021) == ()


def test_ein_wechsel_der_leitgemeinde_steht_in_zwei_zeilen(zeile: Zeile) -> None:
    bis_2020 = {"leitgemeinde": 2401, "leitgemeinde_bis": SILVESTER_2020}
    ab_2021 = {"leitgemeinde": 2403, "leitgemeinde_ab": NEUJAHR_2021}
    gebiet = Gebiet(
        [
            zeile(2402, "Härkingen", **ab_2021),
            zeile(2402, "Härkingen", **bis_2020),
            zeile(2401, "Egerkingen"),
            zeile(2403, "Kestenholz"),
        ]
    )
    assert [gebiet.leitgemeinde(2402, tag) for tag in (SILVESTER_2020, NEUJAHR_2021)] == [2401, 2403]
    zeilen = [gebiet.gemeinde(2402, tag) for tag in (SILVESTER_2020, NEUJAHR_2021)]
    assert [zeile.leitgemeinde for zeile in zeilen if zeile] == [2401, 2403]


def test_die_nachfolgerin_erhaelt_das_letzte_halbjahr_der_fusionierten(gebiet: Gebiet) -> None:
    assert gebiet.empfaenger(2456, date(2023, 12, 31)) == 2456
    assert gebiet.empfaenger(2456, date(2024, 3, 31)) == 2465


def test_fuer_eine_fusionierte_leitgemeinde_steht_ihre_nachfolgerin(zeile: Zeile) -> None:
    gebiet = Gebiet(
        [
            zeile(2429, "Welschenrohr", gueltig_bis=SILVESTER_2020, nachfolgerin=2430),
            zeile(2430, "Welschenrohr-Gänsbrunnen", gueltig_ab=NEUJAHR_2021),
            zeile(2401, "Egerkingen", leitgemeinde=2429, empfaenger=2429),
        ]
    )
    assert [gebiet.leitgemeinde(2401, tag) for tag in (SILVESTER_2020, NEUJAHR_2021)] == [2429, 2430]
    assert [gebiet.empfaenger(2401, tag) for tag in (SILVESTER_2020, NEUJAHR_2021)] == [2429, 2430]
    assert gebiet.mitglieder(2430, NEUJAHR_2021) == (2401,)


SPANNEN = st.tuples(st.integers(1, 60), st.integers(0, 60))


@given(st.lists(SPANNEN, max_size=6))
def test_ueberlappende_spannen_zaehlen_jeden_tag_einmal(zahlen: list[tuple[int, int]]) -> None:
    spannen = [(date.fromordinal(700_000 + ab), date.fromordinal(700_000 + bis)) for ab, bis in zahlen]
    assert tage(spannen) == len({tag for ab, bis in zahlen for tag in range(ab, bis + 1)})
