"""Why a figure differs between two runs, or between a run and today, in sentences an officer understands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from krs.lauf.buchung import Journal, Posten
from krs.lauf.gruende import Sicht
from krs.lauf.vergleich import aus_journal, aus_urteil, saetze, vergleiche
from krs.recht import Leistung
from lauf.hilfe import freigegeben, plane
from urteil.hilfe import urteil

MAERZ = {"lauf": "2024-03", "datum": date(2024, 3, 20)}
SEPTEMBER = {"lauf": "2024-09", "datum": date(2024, 9, 20)}
A = {"datei": "a", "gemeinde": 2401, "zeit": "2023-H2", "am": date(2024, 1, 20), "zahlen": [40, 0, 0, 0]}
B = {"datei": "b", "gemeinde": 2401, "zeit": "2024", "am": date(2024, 1, 20)}
NEU = A | {"datei": "d", "am": date(2024, 5, 2), "zahlen": [42, 0, 0, 0]}
SPAET = {"gemeinde": 2401, "zeit": "2023-H2", "code": "F-50", "entscheid": "anerkennen", "am": date(2024, 5, 10)}


def fall(**mehr: Any) -> dict[str, Any]:
    bestand = [[2401, date(2022, 12, 31), 1031]]
    return {"gemeinden": [2401, 2402], "bestand": bestand, "eingang": [A, B], "stichtag": date(2024, 9, 20)} | mehr


def nach(*laeufe: tuple[dict[str, Any], dict[str, Any]]) -> Journal:
    journal = Journal()
    for daten, lauf in laeufe:
        journal = freigegeben(journal, plane(daten, lauf, journal))
    return journal


def heute(**mehr: Any) -> tuple[Sicht, Sicht]:
    """Return what the run of March booked, and today."""
    u = urteil(fall(**mehr))
    return aus_journal(nach((fall(), MAERZ)), "2024-03", u), aus_urteil(u)


def test_ohne_unterschied_ein_satz() -> None:
    a, b = heute()
    assert vergleiche(a, b) == ()
    assert list(saetze(a, b)) == ["Zwischen Lauf 2024-03 und heute unterscheidet sich kein Betrag."]


def test_eine_korrektur_nennt_fassung_zelle_und_entscheid() -> None:
    a, b = heute(eingang=[A, B, NEU], entscheide=[SPAET])
    satz = (
        "Egerkingen, Erstinformationsgespräch 2023-H2: Lauf 2024-03 Fr. 8'000.00 (40 × 200.00), heute Fr. 8'400.00 "
        "(42 × 200.00): andere Fassung vom 02.05.2024 (d), Zelle Reporting!C21: Erstinformationsgespräche: mit "
        "Einzelpersonen 40 → 42; Entscheid F-50 anerkennen vom 10.05.2024 (AB)"
    )
    (u,) = vergleiche(a, b)
    assert (u.posten, u.gemeinde, u.satz) == (Posten(2401, Leistung.ERST, "2023-H2"), "Egerkingen", satz)
    assert (u.betrag, u.neu_faellig) == (Decimal("400.00"), False)
    assert list(saetze(a, b)) == [satz]


def test_ohne_die_dateien_bleiben_pruefsumme_und_zellen() -> None:
    spaeter = fall(eingang=[A, B, NEU], entscheide=[SPAET])
    journal = nach((fall(), MAERZ), (spaeter, SEPTEMBER))
    assert list(saetze(aus_journal(journal, "2024-03"), aus_journal(journal, "2024-09"))) == [
        "Egerkingen, Erstinformationsgespräch 2023-H2: Lauf 2024-03 Fr. 8'000.00 (40 × 200.00), Lauf 2024-09 Fr. "
        "8'400.00 (42 × 200.00): andere Datei (SHA-256 aaaaaaaaaaaa… → SHA-256 dddddddddddd…, Zellen "
        "Reporting!C21+C22+C23: 40 → 42)"
    ]


def test_eine_spaetere_meldung_ist_neu_eingegangen() -> None:
    neu = {"datei": "c", "gemeinde": 2402, "zeit": "2023-H2", "am": date(2024, 4, 5), "zahlen": [2, 0, 0, 0]}
    a, b = heute(eingang=[A, B, neu], entscheide=[SPAET | {"gemeinde": 2402}])
    assert list(saetze(a, b)) == [
        "Härkingen, Erstinformationsgespräch 2023-H2: Lauf 2024-03 nichts, heute Fr. 400.00 (2 × 200.00): neu "
        "eingegangen am 05.04.2024 (c); Entscheid F-50 anerkennen vom 10.05.2024 (AB)"
    ]


def test_was_damals_wartete_nennt_den_entscheid_der_es_loeste() -> None:
    # Received on 05.02., five days late: the run of March did not pay it.
    spaet = {"datei": "c", "gemeinde": 2402, "zeit": "2023-H2", "am": date(2024, 2, 5), "zahlen": [2, 0, 0, 0]}
    a, b = heute(eingang=[A, B, spaet], entscheide=[SPAET | {"gemeinde": 2402, "am": date(2024, 4, 2)}])
    assert list(saetze(a, b)) == [
        "Härkingen, Erstinformationsgespräch 2023-H2: Lauf 2024-03 nichts, heute Fr. 400.00 (2 × 200.00): eingegangen "
        "am 05.02.2024 (c), damals nicht anerkannt; Entscheid F-50 anerkennen vom 02.04.2024 (AB)"
    ]


def test_ein_anderer_ansatz_nennt_die_stammdaten_und_dass_bezahltes_bleibt() -> None:
    tarife = [{"Leistung": "Erstinformationsgespräch", "ab": date(2023, 7, 1), "Ansatz": 210, "Quelle": "AGS"}]
    anfang = (
        "Egerkingen, Erstinformationsgespräch 2023-H2: Lauf 2024-03 Fr. 8'000.00 (40 × 200.00), heute Fr. 8'400.00 "
        "(40 × 210.00): Ansatz 200.00 → 210.00 (Stammdaten, Tarife)"
    )
    bleibt = "; was bezahlt ist, ändert nur die Einstellung «Neuberechnung»"
    assert list(saetze(*heute(tarife=tarife))) == [anfang + bleibt]
    neu = [{"Name": "Neuberechnung", "Wert": "2023: neuer Ansatz"}]
    assert list(saetze(*heute(tarife=tarife, einstellungen=neu))) == [anfang]


def test_eine_neuberechnung_im_lauf_nennt_ihren_grund() -> None:
    tarife = [{"Leistung": "Erstinformationsgespräch", "ab": date(2023, 7, 1), "Ansatz": 210, "Quelle": "AGS"}]
    spaeter = fall(tarife=tarife, einstellungen=[{"Name": "Neuberechnung", "Wert": "2023: neuer Ansatz"}])
    journal, u = nach((fall(), MAERZ), (spaeter, SEPTEMBER)), urteil(spaeter)
    assert list(saetze(aus_journal(journal, "2024-03", u), aus_journal(journal, "2024-09", u))) == [
        "Egerkingen, Erstinformationsgespräch 2023-H2: Lauf 2024-03 Fr. 8'000.00 (40 × 200.00), Lauf 2024-09 Fr. "
        "8'400.00 (40 × 210.00): Ansatz 200.00 → 210.00 (Stammdaten, Tarife); Neuberechnung: neuer Ansatz"
    ]


def test_ein_anderer_bestand_nennt_die_stammdaten() -> None:
    a, b = heute(bestand=[[2401, date(2022, 12, 31), 1041]])
    # 1041 * 7 = 7287.
    assert list(saetze(a, b)) == [
        "Egerkingen, Sockelbeitrag 2024: Lauf 2024-03 Fr. 7'217.00 (1'031 × 7.00), heute Fr. 7'287.00 (1'041 × 7.00): "
        "Bestand 1'031 → 1'041 (Stammdaten, Ausländerbestand); was bezahlt ist, ändert nur die Einstellung "
        "«Neuberechnung»"
    ]


def test_zurueckgestelltes_nennt_den_entscheid_und_dass_bezahltes_bleibt() -> None:
    halt = SPAET | {"code": "", "entscheid": "zurückstellen"}
    assert list(saetze(*heute(entscheide=[halt]))) == [
        "Egerkingen, Erstinformationsgespräch 2023-H2: Lauf 2024-03 Fr. 8'000.00 (40 × 200.00), heute zurückgestellt: "
        "Entscheid zurückstellen vom 10.05.2024 (AB); heute zurückgestellt (Entscheid: zurückstellen); was bezahlt "
        "ist, bleibt, bis entschieden ist"
    ]


def test_ein_entscheid_zu_einem_befund_steht_nur_bei_den_anspruechen_die_er_trifft() -> None:
    # A2-08, more assignments than talks, touches the assignments alone. What was decided before the run is no reason.
    mehr = NEU | {"zahlen": [42, 45, 0, 0]}
    frueher = SPAET | {"code": "", "am": date(2024, 2, 1)}
    auch = SPAET | {"code": "A2-08", "am": date(2024, 5, 11)}
    a, b = heute(eingang=[A, B, mehr], entscheide=[frueher, SPAET, auch])
    saetze_ = list(saetze(a, b))
    assert len(saetze_) == 2
    assert saetze_[0].endswith("mit Einzelpersonen 40 → 42; Entscheid F-50 anerkennen vom 10.05.2024 (AB)")
    assert saetze_[1].endswith("F-50 anerkennen vom 10.05.2024 (AB); Entscheid A2-08 anerkennen vom 11.05.2024 (AB)")


def test_eine_abgelehnte_selbstdeklaration_beruehrt_den_sockelbeitrag() -> None:
    ablehnung = {"gemeinde": 2401, "zeit": "2024", "entscheid": "ablehnen", "am": date(2024, 6, 3)}
    assert list(saetze(*heute(entscheide=[ablehnung]))) == [
        "Egerkingen, Sockelbeitrag 2024: Lauf 2024-03 Fr. 7'217.00 (1'031 × 7.00), heute nicht beitragsberechtigt: "
        "Entscheid ablehnen vom 03.06.2024 (AB); heute nicht beitragsberechtigt (Entscheid: ablehnen)"
    ]


def test_eine_meldung_die_nicht_mehr_da_ist_wird_genannt() -> None:
    a, b = heute(eingang=[B])
    assert list(saetze(a, b)) == [
        "Egerkingen, Erstinformationsgespräch 2023-H2: Lauf 2024-03 Fr. 8'000.00 (40 × 200.00), heute nichts: eine "
        "Meldung dazu liegt nicht mehr vor"
    ]


def test_auf_null_korrigiert_ist_eine_andere_fassung_und_kein_fehlender_beleg() -> None:
    null = NEU | {"zahlen": [0, 0, 0, 0], "werte": {"nullmeldung": "Ja"}}
    a, b = heute(eingang=[A, B, null], entscheide=[SPAET])
    assert list(saetze(a, b)) == [
        "Egerkingen, Erstinformationsgespräch 2023-H2: Lauf 2024-03 Fr. 8'000.00 (40 × 200.00), heute Fr. 0.00: andere "
        "Fassung vom 02.05.2024 (d), Zelle Reporting!C16: Im Halbjahr wurden keine Gespräche geführt Nein → Ja, Zelle "
        "Reporting!C21: Erstinformationsgespräche: mit Einzelpersonen 40 → 0; Entscheid F-50 anerkennen vom "
        "10.05.2024 (AB)"
    ]


def test_was_nur_faellig_wurde_steht_zusammengefasst_am_schluss() -> None:
    h1 = {"zeit": "2024-H1", "am": date(2024, 7, 10)}
    neue = [
        {"datei": "e", "gemeinde": 2401, **h1, "zahlen": [20, 0, 0, 0]},
        {"datei": "f", "gemeinde": 2402, **h1, "zahlen": [6, 5, 0, 0]},
    ]
    spaeter = fall(eingang=[A, B, NEU, *neue], entscheide=[SPAET])
    journal, u = nach((fall(), MAERZ), (spaeter, SEPTEMBER)), urteil(spaeter)
    a, b = (aus_journal(journal, lauf, u) for lauf in ("2024-03", "2024-09"))
    saetze_ = list(saetze(a, b))
    # 26 * 200 = 5200 and 5 * 160 = 800.
    assert saetze_[1:] == [
        "Dolmetschen Erstinformationsgespräch 2024-H1: 1 Gemeinde, Fr. 800.00; fällig im Lauf 2024-09 (Ziff. 4.5.2)",
        "Erstinformationsgespräch 2024-H1: 2 Gemeinden, Fr. 5'200.00; fällig im Lauf 2024-09 (Ziff. 4.5.2)",
    ]
    assert saetze_[0].startswith("Egerkingen, Erstinformationsgespräch 2023-H2: Lauf 2024-03 Fr. 8'000.00")
    assert [u.neu_faellig for u in vergleiche(a, b)] == [False, True, True, True]


def test_die_reihenfolge_in_der_man_fragt_aendert_nichts() -> None:
    spaet = {"datei": "c", "gemeinde": 2402, "zeit": "2023-H2", "am": date(2024, 2, 5), "zahlen": [2, 0, 0, 0]}
    h1 = {"datei": "e", "gemeinde": 2401, "zeit": "2024-H1", "am": date(2024, 7, 10), "zahlen": [20, 0, 0, 0]}
    spaeter = fall(eingang=[A, B, NEU, spaet, h1], entscheide=[SPAET, SPAET | {"gemeinde": 2402}])
    journal, u = nach((fall(), MAERZ), (spaeter, SEPTEMBER)), urteil(spaeter)
    maerz, september = (aus_journal(journal, lauf, u) for lauf in ("2024-03", "2024-09"))
    for a, b in ((maerz, september), (maerz, aus_urteil(u))):
        assert len(vergleiche(a, b)) == 3
        assert vergleiche(b, a) == vergleiche(a, b)
        assert list(saetze(b, a)) == list(saetze(a, b))


def test_nach_einer_fusion_steht_der_name_der_gemeinde_der_der_anspruch_gehoert() -> None:
    form = {"datei": "a", "gemeinde": 2456, "zeit": "2023-H2", "am": date(2024, 1, 20), "zahlen": [6, 0, 0, 0]}
    daten = fall(gemeinden=[2456, 2465], bestand=[], eingang=[form])
    ohne = fall(gemeinden=[2456, 2465], bestand=[], eingang=[])
    journal = nach((daten, MAERZ))
    assert journal.buchungen[0].gemeinde == "Buchegg"
    (u,) = vergleiche(aus_journal(journal, "2024-03", urteil(ohne)), aus_urteil(urteil(ohne)))
    assert u.gemeinde == "Lüterswil-Gächliwil"
    leer = Sicht("leer", None, {})
    (u,) = vergleiche(leer, aus_journal(journal, "2024-03"))
    assert u.gemeinde == "BFS-Nr. 2456"


def test_die_ersten_laeufe_zaehlen_zusammen() -> None:
    spaeter = fall(eingang=[A, B, NEU], entscheide=[SPAET])
    journal = nach((fall(), MAERZ), (spaeter, SEPTEMBER))
    posten = Posten(2401, Leistung.ERST, "2023-H2")
    betraege = [aus_journal(journal, lauf).eintraege[posten].betrag for lauf in ("2024-03", "2024-09")]
    assert betraege == [Decimal("8000.00"), Decimal("8400.00")]


@pytest.mark.parametrize(
    ("journal", "satz"),
    [
        (Journal(), "Den Lauf 2024-03 gibt es nicht. Es gibt noch keinen."),
        (Journal(laeufe=("2023-09", "2023-03")), "Den Lauf 2024-03 gibt es nicht. Freigegeben sind: 2023-03, 2023-09."),
    ],
)
def test_ein_lauf_der_nicht_freigegeben_ist_wird_nicht_verglichen(journal: Journal, satz: str) -> None:
    with pytest.raises(ValueError, match="gibt es nicht") as fehler:
        aus_journal(journal, "2024-03")
    assert str(fehler.value) == satz
