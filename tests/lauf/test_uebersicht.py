"""What the screen lists: Rückforderungen with their invoices (Ziff. 4.7), the credit, other rates (Ziff. 4.3.3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from krs.lauf.ansaetze import was_waere_wenn
from krs.lauf.buchung import Journal
from krs.lauf.kredit import kreditstand
from krs.lauf.uebersicht import FORDERUNG, KREDIT, WIRKUNG, Liste, forderungszeilen, kredit, rueckforderungen, wirkung
from krs.recht import Leistung
from lauf.hilfe import freigegeben, plane
from urteil.hilfe import stammdaten, urteil

MAERZ = {"lauf": "2024-03", "datum": date(2024, 3, 20)}
H2 = {"zeit": "2023-H2", "am": date(2024, 1, 20)}
EINGANG = [
    {"datei": "a", "gemeinde": 2401, **H2, "zahlen": [10, 0, 0, 0]},
    {"datei": "b", "gemeinde": 2402, **H2, "zahlen": [3, 0, 0, 0]},
]
# Egerkingen: 2000 against 500. Härkingen: 600 against 400 and 900, so 700 of the second are invoiced, due 19.04.2024.
FORDERUNGEN = [
    {"nr": "RF-1", "gemeinde": 2402, "am": date(2024, 1, 5), "betrag": 400},
    {"nr": "RF-2", "gemeinde": 2401, "am": date(2024, 2, 1), "betrag": 500},
    {"nr": "RF-3", "gemeinde": 2402, "am": date(2024, 2, 2), "betrag": 900},
]


def fall(**mehr: Any) -> dict[str, Any]:
    grund = {"gemeinden": [2401, 2402], "eingang": EINGANG, "rueckforderungen": FORDERUNGEN}
    return grund | {"stichtag": date(2024, 3, 20), "kredit": [{"Jahr": 2023, "Kredit": 3000}]} | mehr


def liste(daten: dict[str, Any], journal: Journal, tag: date) -> Liste:
    return rueckforderungen(stammdaten(daten), journal, tag)


def bezahlt(journal: Journal | None = None) -> Journal:
    return freigegeben(journal or Journal(), plane(fall(), MAERZ, journal or Journal()))


def test_ohne_rueckforderung_sagt_es_ein_satz() -> None:
    leer = liste(fall(rueckforderungen=[]), Journal(), date(2024, 3, 1))
    assert leer == Liste(FORDERUNG, (), ("Es gibt keine Rückforderungen.",))


def test_vor_dem_lauf_ist_alles_offen() -> None:
    assert liste(fall(), Journal(), date(2024, 3, 1)) == Liste(
        (
            "Nr.", "BFS-Nr.", "Gemeinde", "Datum", "Betrag", "verrechnet", "bezahlt", "Rest", "Rechnung", "fällig am",
            "Tage überfällig", "Stand",
        ),
        (
            ("RF-1", "2402", "Härkingen", "05.01.2024", "400.00", "0.00", "0.00", "400.00", "–", "–", "–", "offen"),
            ("RF-2", "2401", "Egerkingen", "01.02.2024", "500.00", "0.00", "0.00", "500.00", "–", "–", "–", "offen"),
            ("RF-3", "2402", "Härkingen", "02.02.2024", "900.00", "0.00", "0.00", "900.00", "–", "–", "–", "offen"),
            ("Total", "", "", "", "1'800.00", "0.00", "0.00", "1'800.00", "", "", "", ""),
        ),
        ("Der nächste Lauf verrechnet oder stellt in Rechnung: Fr. 1'800.00.",),
    )  # fmt: skip


def test_nach_dem_lauf_ist_der_rest_in_rechnung_und_dreissig_tage_spaeter_ueberfaellig() -> None:
    journal = bezahlt()
    zeilen = (
        ("RF-1", "2402", "Härkingen", "05.01.2024", "400.00", "400.00", "0.00", "0.00", "–", "–", "–", "erledigt"),
        ("RF-2", "2401", "Egerkingen", "01.02.2024", "500.00", "500.00", "0.00", "0.00", "–", "–", "–", "erledigt"),
    )
    dritte = ("RF-3", "2402", "Härkingen", "02.02.2024", "900.00", "200.00", "0.00", "700.00", "R-2024-03-2402")
    total = ("Total", "", "", "", "1'800.00", "1'100.00", "0.00", "700.00", "", "", "", "")
    nichts = "Der nächste Lauf verrechnet oder stellt in Rechnung: Fr. 0.00."
    assert liste(fall(), journal, date(2024, 4, 19)) == Liste(
        FORDERUNG, (*zeilen, (*dritte, "19.04.2024", "–", "in Rechnung"), total), (nichts,)
    )
    assert liste(fall(), journal, date(2024, 4, 22)) == Liste(
        FORDERUNG,
        (*zeilen, (*dritte, "19.04.2024", "3", "überfällig"), total),
        (
            nichts,
            "1 Rückforderung ist überfällig: Fr. 700.00. Bezahltes gehört in die Stammdaten, Blatt Rückforderungen "
            "(«bezahlt am»); dort lässt sich auch «erneut verrechnen» setzen (Ziff. 4.7).",
        ),
    )


def test_eine_bezahlte_rechnung_ist_erledigt_und_eine_erneut_zu_verrechnende_nicht_ueberfaellig() -> None:
    journal, tag = bezahlt(), date(2024, 6, 1)
    zahlung = [*FORDERUNGEN[:2], FORDERUNGEN[2] | {"bezahlt_am": date(2024, 4, 15), "bezahlt": 700}]
    z = forderungszeilen(stammdaten(fall(rueckforderungen=zahlung)), journal, tag)[2]
    assert (z.tage, z.stand, z.forderung.rest, z.texte[7]) == (0, "erledigt", Decimal("0.00"), "0.00")
    erneut = fall(rueckforderungen=[*FORDERUNGEN[:2], FORDERUNGEN[2] | {"erneut": True}])
    z = forderungszeilen(stammdaten(erneut), journal, tag)[2]
    assert (z.tage, z.stand) == (0, "erneut zu verrechnen")
    assert liste(erneut, journal, tag).saetze == ("Der nächste Lauf verrechnet oder stellt in Rechnung: Fr. 700.00.",)


def test_was_nicht_zusammenpasst_steht_darunter() -> None:
    zuviel = [*FORDERUNGEN[:2], FORDERUNGEN[2] | {"bezahlt_am": date(2024, 4, 15), "bezahlt": 900}]
    saetze = liste(fall(rueckforderungen=zuviel), bezahlt(), date(2024, 6, 1)).saetze
    assert len(saetze) == 2
    assert saetze[1].startswith("Rückforderung RF-3: Verrechnet (200.00) und bezahlt (900.00) sind zusammen 200.00 ")


def test_der_kredit_steht_als_zahlen_darunter_was_zu_sagen_ist() -> None:
    u = urteil(fall())
    # 2000 + 600 are recognised; 3000 - 2600 are left.
    k = kreditstand(u, Journal(), 2023, date(2024, 3, 20))
    zeilen = (
        ("Kredit 2023", "3'000.00"),
        ("bezahlt", "0.00"),
        ("anerkannt, noch nicht bezahlt", "2'600.00"),
        ("Rest", "400.00"),
        ("zurückgestellt (im Rest enthalten)", "0.00"),
    )
    assert kredit(k) == Liste(KREDIT, zeilen, ("Noch nicht verlangt (Anhang 2): 2023-H1.",))
    zu = fall(kredit=[{"Jahr": 2023, "Kredit": 3000, "abgeschlossen am": date(2024, 6, 30)}])
    k = kreditstand(urteil(zu), bezahlt(), 2023, date(2024, 6, 30))
    assert kredit(k).zeilen == (
        *(("Kredit 2023", "3'000.00"), ("bezahlt", "2'600.00"), ("anerkannt, noch nicht bezahlt", "0.00")),
        *(*zeilen[3:], ("an den Kredit für Projekte", "400.00")),
    )
    ohne = kredit(kreditstand(urteil(fall(kredit=[])), Journal(), 2023, date(2024, 3, 20)))
    assert ohne.zeilen[0] == ("Kredit 2023", "–")
    assert ohne.zeilen[3] == ("Rest", "–")
    assert ohne.saetze[0] == "Der Kredit 2023 ist nicht erfasst: Tragen Sie ihn in den Stammdaten, Blatt Kredit, ein."


def test_andere_ansaetze_stehen_je_gemeinde_mit_total_und_rest() -> None:
    u = urteil(fall())
    k = kreditstand(u, Journal(), 2023, date(2024, 3, 20))
    gezeigt = wirkung(was_waere_wenn(u, Journal(), 2023, {Leistung.ERST: Decimal(230)}), k)
    assert gezeigt == Liste(
        WIRKUNG,
        (
            ("2401", "Egerkingen", "Erstinformationsgespräch", "10", "2'000.00", "2'300.00", "300.00"),
            ("2402", "Härkingen", "Erstinformationsgespräch", "3", "600.00", "690.00", "90.00"),
            ("Total", "", "", "", "2'600.00", "2'990.00", "390.00"),
        ),
        ("Rest des Kredits 2023: heute Fr. 400.00, mit diesen Ansätzen Fr. 10.00.",),
    )
    teuer = wirkung(was_waere_wenn(u, Journal(), 2023, {Leistung.ERST: Decimal(231)}), k)
    # 13 * 231 = 3003.
    assert teuer.saetze == (
        "Rest des Kredits 2023: heute Fr. 400.00, mit diesen Ansätzen Fr. -3.00. Der Kredit reicht dafür nicht "
        "(Ziff. 4.3.3).",
    )
    assert wirkung((), k).zeilen == (("Total", "", "", "", "0.00", "0.00", "0.00"),)
    ohne = kreditstand(urteil(fall(kredit=[])), Journal(), 2023, date(2024, 3, 20))
    assert wirkung((), ohne).saetze == (
        "Der Kredit 2023 ist nicht erfasst: Tragen Sie ihn in den Stammdaten, Blatt Kredit, ein.",
    )
