"""Residents for the Sockelbeitrag (Ziff. 4.3.2, docs/entscheide/02, 20)."""

from datetime import date

import pytest

from krs.recht import BestandFehlt, BestandUnklar, BestandZeile, Gebiet, auslaender

STATISTIK, NEU = "kantonale Statistik", "Gebietsstand neu"
ENDE_2019, ENDE_2022 = date(2019, 12, 31), date(2022, 12, 31)


def bestand(tag: date, *zeilen: tuple[int, int, str]) -> list[BestandZeile]:
    return [BestandZeile(bfs_nr, tag, anzahl, quelle) for bfs_nr, anzahl, quelle in zeilen]


def test_es_zaehlt_der_bestand_am_31_12_vor_zwei_jahren(gebiet: Gebiet) -> None:
    zeilen = [
        *bestand(date(2021, 12, 31), (2401, 1000, STATISTIK)),
        *bestand(ENDE_2022, (2401, 1031, STATISTIK), (2465, 300, STATISTIK)),
    ]
    ergebnis = auslaender(zeilen, gebiet, 2401, 2024)
    assert (ergebnis.anzahl, ergebnis.zeilen) == (1031, (zeilen[1],))
    assert auslaender(zeilen, gebiet, 2401, 2023).anzahl == 1000


def test_eine_fehlende_zeile_ist_nicht_null(gebiet: Gebiet) -> None:
    with pytest.raises(BestandFehlt) as fehler:
        auslaender([], gebiet, 2401, 2024)
    assert str(fehler.value) == (
        "Der Ausländerbestand von Egerkingen (BFS-Nr. 2401) per 31.12.2022 fehlt; erfassen Sie ihn mit Quelle"
        " in den Stammdaten, Blatt Ausländerbestand (Ziff. 4.3.2)."
    )


def test_eine_null_ist_ein_bestand(gebiet: Gebiet) -> None:
    assert auslaender(bestand(ENDE_2022, (2401, 0, STATISTIK)), gebiet, 2401, 2024).anzahl == 0


def test_zwei_zeilen_fuer_denselben_stichtag_sind_ein_fehler(gebiet: Gebiet) -> None:
    with pytest.raises(BestandUnklar) as fehler:
        auslaender(bestand(ENDE_2022, (2401, 5, STATISTIK), (2401, 5, STATISTIK)), gebiet, 2401, 2024)
    assert str(fehler.value) == (
        "Der Ausländerbestand von Egerkingen (BFS-Nr. 2401) per 31.12.2022 ist 2-mal erfasst; lassen Sie"
        " in den Stammdaten, Blatt Ausländerbestand, eine Zeile stehen (Ziff. 4.3.2)."
    )


def test_die_neue_gemeinde_erhaelt_die_bestaende_der_fusionierten(gebiet: Gebiet) -> None:
    zeilen = bestand(ENDE_2019, (2423, 12, STATISTIK), (2429, 180, STATISTIK))
    assert auslaender(zeilen, gebiet, 2430, 2021).anzahl == 192
    assert auslaender(zeilen, gebiet, 2430, 2021).zeilen == tuple(zeilen)


def test_die_aufnehmende_gemeinde_zaehlt_sich_und_die_eingemeindete(gebiet: Gebiet) -> None:
    zeilen = bestand(ENDE_2022, (2465, 300, STATISTIK), (2456, 25, STATISTIK))
    assert auslaender(zeilen, gebiet, 2465, 2024).anzahl == 325


def test_vor_der_fusion_zaehlt_jede_gemeinde_fuer_sich(gebiet: Gebiet) -> None:
    zeilen = bestand(date(2021, 12, 31), (2465, 300, STATISTIK), (2456, 25, STATISTIK))
    assert auslaender(zeilen, gebiet, 2465, 2023).anzahl == 300
    assert auslaender(zeilen, gebiet, 2456, 2023).anzahl == 25


@pytest.mark.parametrize("quelle", [NEU, "Kantonale Statistik, gebietsstand neu"])
def test_gebietsstand_neu_ersetzt_die_zeilen_der_fusionierten(gebiet: Gebiet, quelle: str) -> None:
    assert auslaender(bestand(ENDE_2019, (2430, 190, quelle)), gebiet, 2430, 2021).anzahl == 190
    assert auslaender(bestand(ENDE_2022, (2465, 326, quelle)), gebiet, 2465, 2024).anzahl == 326


@pytest.mark.parametrize("quelle", [NEU, STATISTIK])
def test_neuer_und_alter_gebietsstand_zugleich_sind_ein_fehler(gebiet: Gebiet, quelle: str) -> None:
    with pytest.raises(BestandUnklar) as fehler:
        auslaender(bestand(ENDE_2019, (2430, 190, quelle), (2423, 12, STATISTIK)), gebiet, 2430, 2021)
    assert str(fehler.value) == (
        "Der Ausländerbestand von Welschenrohr-Gänsbrunnen (BFS-Nr. 2430) per 31.12.2019 ist doppelt erfasst,"
        " für die Gemeinde im neuen Gebietsstand und für Gänsbrunnen (BFS-Nr. 2423); löschen Sie"
        " in den Stammdaten, Blatt Ausländerbestand, das eine oder das andere (Ziff. 4.3.2)."
    )


def test_auch_die_eingemeindete_darf_nicht_zweimal_zaehlen(gebiet: Gebiet) -> None:
    with pytest.raises(BestandUnklar, match="doppelt erfasst"):
        auslaender(bestand(ENDE_2022, (2465, 325, NEU), (2456, 25, STATISTIK)), gebiet, 2465, 2024)


def test_fehlt_eine_fusionierte_wird_zurueckgestellt(gebiet: Gebiet) -> None:
    with pytest.raises(BestandFehlt) as fehler:
        auslaender(bestand(ENDE_2019, (2423, 12, STATISTIK)), gebiet, 2430, 2021)
    assert str(fehler.value) == (
        "Für Welschenrohr-Gänsbrunnen (BFS-Nr. 2430) fehlt per 31.12.2019 der Ausländerbestand von"
        " Welschenrohr (BFS-Nr. 2429); erfassen Sie ihn in den Stammdaten, Blatt Ausländerbestand, oder statt"
        " aller Zeilen der früheren Gemeinden eine Zeile von Welschenrohr-Gänsbrunnen mit Quelle"
        " «Gebietsstand neu» (Ziff. 4.3.2)."
    )


def test_die_eigene_zeile_allein_genuegt_nach_einer_eingemeindung_nicht(gebiet: Gebiet) -> None:
    with pytest.raises(BestandFehlt, match=r"von Lüterswil-Gächliwil \(BFS-Nr\. 2456\)"):
        auslaender(bestand(ENDE_2022, (2465, 300, STATISTIK)), gebiet, 2465, 2024)
    with pytest.raises(
        BestandFehlt, match=r"^Der Ausländerbestand von Buchegg \(BFS-Nr\. 2465\) per 31\.12\.2022 fehlt"
    ):
        auslaender(bestand(ENDE_2022, (2456, 25, STATISTIK)), gebiet, 2465, 2024)


def test_eine_fusionierte_zaehlt_nach_der_fusion_nicht_mehr_fuer_sich(gebiet: Gebiet) -> None:
    with pytest.raises(BestandUnklar) as fehler:
        auslaender(bestand(ENDE_2022, (2456, 25, STATISTIK)), gebiet, 2456, 2024)
    assert str(fehler.value) == (
        "Lüterswil-Gächliwil (BFS-Nr. 2456) besteht am 01.01.2024 nicht; ihr Ausländerbestand zählt bei"
        " Buchegg (BFS-Nr. 2465)."
    )
    with pytest.raises(BestandUnklar, match=r"^BFS-Nr\. 2999 besteht am 01\.01\.2024 nicht\.$"):
        auslaender([], gebiet, 2999, 2024)


def test_kein_mensch_zaehlt_zweimal_und_keiner_geht_verloren(gebiet: Gebiet) -> None:
    damals = gebiet.bestehende(date(2022, 12, 31))
    zeilen = bestand(ENDE_2022, *((bfs, 10 + nr, STATISTIK) for nr, bfs in enumerate(damals)))
    total = sum(auslaender(zeilen, gebiet, bfs, 2024).anzahl for bfs in gebiet.bestehende(date(2024, 1, 1)))
    assert total == sum(zeile.anzahl for zeile in zeilen) == 108
