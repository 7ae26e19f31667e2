"""The sheet Auswertung goes to others: small counts do not, nor what they would follow from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from krs.mappen.gestalt.stile import Mappe
from krs.mappen.gestalt.tabelle import Schreiber
from krs.mappen.master.auswertung import blatt
from krs.mappen.master.master import master_mappe, von_hand_geaendert
from krs.schreiben.publikation import NICHT_GENANNT, hinweise
from urteil.hilfe import urteil

N = NICHT_GENANNT
H2, H1 = {"zeit": "2023-H2", "am": date(2024, 1, 10)}, {"zeit": "2024-H1", "am": date(2024, 7, 1)}


def form(datei: str, zeit: dict[str, Any], zahlen: Sequence[int] = (), gemeinde: int = 2401, **werte: Any) -> Any:
    """Return one submission; talks, assignments, Integrationsgespräche, assignments."""
    mehr = {"zahlen": list(zahlen)} if zahlen else {}
    return {"datei": datei, "gemeinde": gemeinde, **zeit, **mehr, "werte": werte}


def fall(*eingang: Any, **mehr: Any) -> dict[str, Any]:
    gaeu = {str(nr): {"Bezirk": bezirk} for nr, bezirk in ((2401, "Gäu"), (2402, "Thal"))}
    grund = {"gemeinden": [2401, 2402], "gemeinde": gaeu, "stichtag": date(2024, 9, 10), "eingang": eingang}
    return grund | mehr


def tabellen(daten: dict[str, Any]) -> dict[str, list[list[Any]]]:
    """Return the rows of each table of the sheet, and under «» the sentences below."""
    mappe = Mappe("Test")
    blatt(Schreiber(mappe), urteil(daten))
    seite = load_workbook(BytesIO(mappe.bytes()))["Auswertung"]
    bereiche = {t.name: t.ref for t in seite.tables.values()}
    ergebnis = {n: [w for r in seite[ref][1:] if any(w := [z.value for z in r])] for n, ref in bereiche.items()}
    ende = max(int(ref.rpartition(":")[2][1:]) for ref in bereiche.values())
    unten = [[r[0]] for r in seite.iter_rows(min_row=ende + 1, values_only=True) if r[0]]
    return ergebnis | {"": unten}


def test_kleine_anzahlen_und_ihre_betraege_fehlen_die_uebrigen_zahlen_stehen_da() -> None:
    # Periods: 3 + 8 = 11 is the total of the districts, so the 8 stays away too.
    # Districts: 6 + 5 are both large; the amounts 20 * 200 + 3 * 200 would give the 3 away.
    daten = fall(
        form("a", H2, [20, 0, 3, 0]), form("b", H1, [30, 0, 3, 0]), form("c", H1, [10, 0, 5, 0], 2402),
    )  # fmt: skip
    gezeigt = tabellen(daten)
    assert gezeigt["Auswertung"] == [["2023-H2", 1, 20, 0, "1–4", 0, 23, N], ["2024-H1", 2, 40, 0, N, 0, 48, N]]
    assert gezeigt["Bezirke"] == [["Gäu", 2, 50, 0, 6, 0, 56], ["Thal", 1, 10, 0, 5, 0, 15]]
    assert gezeigt["Sprachen"] == []
    assert gezeigt[""] == [[satz] for satz in hinweise(5)]


def test_ohne_kleine_anzahl_steht_jeder_betrag_da() -> None:
    daten = fall(form("a", H2, [20, 0, 5, 0]), form("b", H1, [30, 0, 0, 0]))
    # 25 * 200 and 30 * 200.
    assert tabellen(daten)["Auswertung"] == [
        ["2023-H2", 1, 20, 0, 5, 0, 25, 5000], ["2024-H1", 1, 30, 0, 0, 0, 30, 6000],
    ]  # fmt: skip


def test_ein_betrag_aus_wenigen_anerkannten_gespraechen_fehlt_auch_wenn_viele_gemeldet_sind() -> None:
    # 20 talks came late and are held: Fr. 600.00 would be 3 talks of Egerkingen.
    spaet = {"zeit": "2024-H1", "am": date(2024, 8, 5)}
    daten = fall(form("a", H1, [3, 0, 0, 0]), form("b", spaet, [20, 0, 0, 0], 2402))
    gezeigt = tabellen(daten)
    assert gezeigt["Auswertung"] == [["2024-H1", 2, 23, 0, 0, 0, 23, N]]
    # 3 + 20 = 23: the 3 alone would follow.
    assert gezeigt["Bezirke"] == [["Gäu", 1, "1–4", 0, 0, 0, "1–4"], ["Thal", 1, N, 0, 0, 0, N]]


def test_kleine_sprachen_stehen_am_schluss_nach_dem_namen() -> None:
    sprachen = [["Tigrinya", 20], ["Farsi", 6], ["Türkisch", 9], ["Arabisch", 3]]
    gezeigt = tabellen(fall(form("a", H1, [50, 38, 0, 0], sprachen=sprachen)))
    # 3 is alone: the 6 stays away. 3 + 6 = 9 may be 1 + 8 as well.
    assert gezeigt["Sprachen"] == [["Tigrinya", 20], ["Türkisch", 9], ["Arabisch", "1–4"], ["Farsi", N]]


def test_die_summe_der_sprachen_verraet_keine_kleine_summe_der_einsaetze() -> None:
    # 23 assignments in all less 20 would be the 3 of the Integrationsgespräche.
    sprachen = [["Tigrinya", 15], ["Arabisch", 8]]
    gezeigt = tabellen(fall(form("a", H1, [30, 20, 6, 3], sprachen=sprachen)))
    assert gezeigt["Auswertung"] == [["2024-H1", 1, 30, 20, 6, "1–4", 36, N]]
    assert gezeigt["Sprachen"] == [["Tigrinya", 15], ["Arabisch", N]]


def test_aufwand_und_deckung_verraten_keine_anzahl() -> None:
    erklaerung = form("c", {"zeit": "2024", "am": date(2024, 1, 10)}, aufwand_stunden=80, aufwand_franken=8000)
    wenige = tabellen(fall(form("a", H2, [20, 0, 3, 0]), erklaerung))
    assert wenige["Aufwand"] == [[2023, 1, 80, 8000, N, N]]
    # 20 * 200 = 4000 are half of 8000.
    viele = tabellen(fall(form("a", H2, [20, 0, 0, 0]), erklaerung))
    assert viele["Aufwand"] == [[2023, 1, 80, 8000, 4000, 0.5]]
    # The amounts of 2402 stay away in the time series, and so in the year, even if only 2401 told its effort.
    andere = tabellen(fall(form("a", H2, [20, 0, 0, 0]), form("b", H2, [9, 0, 3, 0], 2402), erklaerung))
    assert andere["Aufwand"] == [[2023, 1, 80, 8000, N, N]]


def erreicht(datei: str, zeit: dict[str, Any], personen: Any, neue: Any, gemeinde: int = 2401, **werte: Any) -> Any:
    return form(datei, zeit, [6, 0, 0, 0], gemeinde, erst_personen=personen, erst_neuzugezogene=neue, **werte)


def test_erreicht_ist_die_summe_der_personen_durch_die_summe_der_neuzugezogenen() -> None:
    # 10 of 100 and 20 of 20 are 30 of 120, not the mean of 10 % and 100 %.
    daten = fall(erreicht("a", H1, 10, 100), erreicht("b", H1, 20, 20, 2402), erreicht("c", H2, 31, 40))
    assert tabellen(daten)["Erreichung"] == [["2023-H2", 1, 0.77], ["2024-H1", 2, 0.25]]


def test_wer_nicht_beides_nennt_zaehlt_nicht_mit_und_ohne_neuzugezogene_steht_kein_anteil() -> None:
    daten = fall(erreicht("a", H1, 10, 100), erreicht("b", H1, 20, "", 2402), erreicht("c", H2, 6, 0))
    assert tabellen(daten)["Erreichung"] == [["2023-H2", 1, None], ["2024-H1", 1, 0.1]]


def test_eine_nullmeldung_erreicht_niemanden() -> None:
    leer = dict.fromkeys(("erst_einzelpersonen", "erst_familien", "erst_gruppen", "erst_personen"), "")
    leer |= dict.fromkeys(("erst_dolmetsch_einzelpersonen", "erst_dolmetsch_familien"), "")
    null = form("a", H1, (), nullmeldung="Ja", sprachen=[], erst_neuzugezogene=20, **leer)
    assert tabellen(fall(null, erreicht("b", H1, 30, 40, 2402)))["Erreichung"] == [["2024-H1", 2, 0.5]]


def test_der_anteil_verraet_nicht_dass_wenige_erreicht_oder_verfehlt_sind() -> None:
    # 3 of 40, 37 of 40, 3 of 3: one of the two groups has 1 to 4 persons. 40 of 40 leaves nobody out.
    for personen, neue, gezeigt in ((3, 40, N), (37, 40, N), (3, 3, N), (40, 40, 1)):
        assert tabellen(fall(erreicht("a", H1, personen, neue)))["Erreichung"] == [["2024-H1", 1, gezeigt]]


def test_die_grenze_ist_eine_einstellung() -> None:
    eingang = form("a", H1, [6, 0, 3, 0])
    hoch = fall(eingang, einstellungen=[{"Name": "Publikationsgrenze", "Wert": 10}])
    # 6 and 3 are both below 10; their totals are small, so nothing else has to stay away.
    assert tabellen(hoch)["Auswertung"] == [["2024-H1", 1, "1–9", 0, "1–9", 0, "1–9", N]]
    assert tabellen(hoch)[""] == [[satz] for satz in hinweise(10)]
    aus = fall(eingang, einstellungen=[{"Name": "Publikationsgrenze", "Wert": 0}])
    assert tabellen(aus)["Auswertung"] == [["2024-H1", 1, 6, 0, 3, 0, 9, 1800]]
    assert tabellen(aus)[""] == [[satz] for satz in hinweise(0)]


def test_der_master_traegt_das_blatt_und_bleibt_als_unser_erkennbar() -> None:
    daten = master_mappe(urteil(fall(form("a", H1, [20, 0, 3, 0]))), (), "0" * 64)
    seite = load_workbook(BytesIO(daten))["Auswertung"]
    assert [z.value for z in seite[2]] == ["2024-H1", 1, 20, 0, "1–4", 0, 23, N]
    assert not von_hand_geaendert(daten)


def test_geloeschte_formulare_zaehlen_nicht_als_null() -> None:
    weg = {"geloescht": date(2024, 9, 1)}
    daten = fall(
        form("a", H2, [20, 0, 0, 0]) | weg, form("b", H1, [30, 0, 0, 0]), form("c", H1, [10, 0, 0, 0], 2402) | weg,
        {"datei": "d", "gemeinde": 2401, "zeit": "2024", "am": date(2024, 1, 20)} | weg,
    )  # fmt: skip
    gezeigt = tabellen(daten)
    assert gezeigt["Auswertung"] == [
        ["2023-H2", *["gelöscht"] * 6, 0], ["2024-H1", 1, 30, 0, 0, 0, 30, 6000],
    ]  # fmt: skip
    assert gezeigt["Erreichung"] == [["2023-H2", "gelöscht", "gelöscht"], ["2024-H1", 1, 1]]
    assert gezeigt["Aufwand"] == [[2023, *["gelöscht"] * 5]]
    assert gezeigt[""][-2:] == [
        ["Gelöschte Formulare, deren Angaben hier fehlen (Anhang 2): 2023-H2: 1, 2024-H1: 1. Was dafür bezahlt ist, "
         "ist enthalten."],
        ["Gelöschte Formulare, deren Angaben hier fehlen (Anhang 3): 2024: 1. Was dafür bezahlt ist, ist enthalten."],
    ]  # fmt: skip
