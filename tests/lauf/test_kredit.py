"""The credit of a year (Ziff. 4.3.4), and what other rates would cost (Ziff. 4.3.3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from krs.lauf.ansaetze import Wirkung, ansatz_lesen, rest_danach, was_waere_wenn
from krs.lauf.buchung import Journal
from krs.lauf.gezahlt import mit_laeufen
from krs.lauf.kredit import Kreditstand, kreditstand
from krs.recht import Leistung
from lauf.hilfe import freigegeben, plane
from urteil.hilfe import urteil

MAERZ = {"lauf": "2024-03", "datum": date(2024, 3, 20)}
SEPTEMBER = {"lauf": "2024-09", "datum": date(2024, 9, 20)}
H2 = {"zeit": "2023-H2", "am": date(2024, 1, 20)}
# Egerkingen: 3 * 200 + 160 + 2 * 200 + 160 = 1320 and 1031 * 7 = 7217. Härkingen: 1 * 200; its Anhang 3 is missing.
EINGANG = [
    {"datei": "a", "gemeinde": 2401, **H2, "zahlen": [3, 1, 2, 1]},
    {"datei": "b", "gemeinde": 2401, "zeit": "2024", "am": date(2024, 1, 20)},
    {"datei": "c", "gemeinde": 2402, **H2, "zahlen": [1, 0, 0, 0]},
]
KORREKTUR = [
    *EINGANG,
    {"datei": "d", "gemeinde": 2401, "zeit": "2023-H2", "am": date(2024, 5, 2), "zahlen": [5, 1, 2, 1]},
]
SPAET = {"gemeinde": 2401, "zeit": "2023-H2", "code": "F-50", "entscheid": "anerkennen", "am": date(2024, 5, 10)}


def fall(**mehr: Any) -> dict[str, Any]:
    kredit = [{"Jahr": j, "Kredit": 20_000} for j in (2023, 2024)]
    bestand = [[nr, date(2022, 12, 31), n] for nr, n in ((2401, 1031), (2402, 200))]
    grund = {"gemeinden": [2401, 2402], "bestand": bestand, "eingang": EINGANG, "jahre": [2024], "kredit": kredit}
    return grund | {"perioden": ["2023-H2"], "stichtag": date(2024, 3, 20)} | mehr


def nach(daten: dict[str, Any], *laeufe: dict[str, Any]) -> Journal:
    journal = Journal()
    for lauf in laeufe:
        journal = freigegeben(journal, plane(daten, lauf, journal))
    return journal


def zahlen(k: Kreditstand) -> tuple[str, ...]:
    """Return paid, recognised but not paid, left, held."""
    return tuple(str(w) for w in (k.bezahlt, k.offen, k.rest, k.zurueckgestellt))


def test_vor_dem_lauf_ist_anerkannt_und_noch_nicht_bezahlt_was_er_bezahlen_wird() -> None:
    daten = fall()
    vorher, nachher = Journal(), nach(daten, MAERZ)
    staende = [
        [kreditstand(urteil(daten), j, jahr, MAERZ["datum"]) for jahr in (2023, 2024)] for j in (vorher, nachher)
    ]
    assert [[zahlen(k) for k in reihe] for reihe in staende] == [
        [("0.00", "1520.00", "18480.00", "0.00"), ("0.00", "7217.00", "12783.00", "1400.00")],
        [("1520.00", "0.00", "18480.00", "0.00"), ("7217.00", "0.00", "12783.00", "1400.00")],
    ]
    assert list(staende[1][1].warnungen()) == []
    assert list(staende[1][0].hinweise()) == ["Noch nicht verlangt (Anhang 2): 2023-H1."]


def test_vor_dem_tag_eines_laufs_ist_er_noch_nicht_bezahlt() -> None:
    daten = fall()
    k = kreditstand(urteil(daten), nach(daten, MAERZ), 2023, date(2024, 3, 19))
    assert zahlen(k) == ("0.00", "1520.00", "18480.00", "0.00")


def test_der_master_mit_bezahlten_anspruechen_aendert_den_stand_nicht() -> None:
    daten = fall()
    journal = nach(daten, MAERZ)
    gezeigt = mit_laeufen(urteil(daten), journal)
    for jahr in (2023, 2024):
        assert kreditstand(gezeigt, journal, jahr, MAERZ["datum"]) == kreditstand(
            urteil(daten), journal, jahr, MAERZ["datum"]
        )


def test_eine_verrechnung_aendert_nicht_was_das_jahr_traegt() -> None:
    schuld = [{"nr": "RF-1", "gemeinde": 2401, "am": date(2024, 2, 1), "betrag": 5000}]
    daten = fall(rueckforderungen=schuld)
    k = kreditstand(urteil(daten), nach(daten, MAERZ), 2024, MAERZ["datum"])
    assert zahlen(k) == ("7217.00", "0.00", "12783.00", "1400.00")


def test_reicht_der_kredit_nicht_so_sagt_es_eine_warnung_und_nichts_wird_gekuerzt() -> None:
    # 7217 + 1400 = 8617, 617 more than 8000.
    daten = fall(kredit=[{"Jahr": 2024, "Kredit": 8000}])
    k = kreditstand(urteil(daten), Journal(), 2024, MAERZ["datum"])
    assert zahlen(k) == ("0.00", "7217.00", "783.00", "1400.00")
    assert list(k.warnungen()) == [
        "Der Kredit 2024 von Fr. 8'000.00 reicht nicht: Anerkannt sind Fr. 7'217.00, zurückgestellt Fr. 1'400.00; es "
        "fehlen Fr. 617.00. Gekürzt wird nicht, die Ansätze sind Mindestbeiträge (Ziff. 4.3.3)."
    ]
    genau = fall(kredit=[{"Jahr": 2024, "Kredit": 8617}])
    assert list(kreditstand(urteil(genau), Journal(), 2024, MAERZ["datum"]).warnungen()) == []


def test_ohne_erfassten_kredit_gibt_es_keinen_rest_sondern_einen_satz() -> None:
    k = kreditstand(urteil(fall(kredit=[])), Journal(), 2024, MAERZ["datum"])
    assert (k.kredit, k.rest, k.anerkannt) == (None, None, Decimal("7217.00"))
    assert list(k.warnungen()) == [
        "Der Kredit 2024 ist nicht erfasst: Tragen Sie ihn in den Stammdaten, Blatt Kredit, ein."
    ]


def test_was_nicht_bekannt_ist_wird_gezaehlt_und_nicht_geschaetzt() -> None:
    # Härkingen owes Anhang 2; its residents are missing, so its held Sockelbeitrag has no amount.
    daten = fall(eingang=EINGANG[:2], bestand=[[2401, date(2022, 12, 31), 1031]])
    alt, neu = (kreditstand(urteil(daten), Journal(), jahr, MAERZ["datum"]) for jahr in (2023, 2024))
    assert list(alt.hinweise()) == [
        "Noch nicht gemeldet: 1 Formular (Anhang 2); was dazukommt, ist nicht bekannt.",
        "Noch nicht verlangt (Anhang 2): 2023-H1.",
    ]
    assert zahlen(neu) == ("0.00", "7217.00", "12783.00", "0.00")
    assert list(neu.hinweise()) == [
        "Zurückgestellt ohne bekannten Betrag: 1 Anspruch (Grund im Master, Blatt Ansprüche).",
        "Noch nicht verlangt (Anhang 2): 2024-H1 und 2024-H2.",
    ]


def test_was_vor_gefuehrt_ab_liegt_belastet_hier_keinen_kredit() -> None:
    daten = fall(einstellungen=[{"Name": "geführt ab", "Wert": "2024-H1"}])
    k = kreditstand(urteil(daten), Journal(), 2023, MAERZ["datum"])
    assert zahlen(k) == ("0.00", "0.00", "20000.00", "0.00")
    assert list(k.hinweise()) == []


def test_ein_sockelbeitrag_ohne_auszahlungstermin_zaehlt_als_anerkannt() -> None:
    # Ziff. 4.5.2 names no date for 2018 to 2021: no run pays it, the credit bears it all the same. 100 * 7 = 700.
    daten = fall(
        gemeinden=[2401], bestand=[[2401, date(2017, 12, 31), 100]], jahre=[2019], perioden=[],
        eingang=[{"datei": "b", "gemeinde": 2401, "zeit": "2019", "am": date(2019, 1, 20)}],
        kredit=[{"Jahr": 2019, "Kredit": 1000}],
    )  # fmt: skip
    assert zahlen(kreditstand(urteil(daten), Journal(), 2019, date(2019, 2, 1))) == ("0.00", "700.00", "300.00", "0.00")


def test_ein_abgeschlossenes_jahr_gibt_den_ueberschuss_weiter_und_aendert_nicht_mehr() -> None:
    zu = [{"Jahr": 2023, "Kredit": 20_000, "abgeschlossen am": date(2024, 4, 30)}, {"Jahr": 2024, "Kredit": 20_000}]
    journal = nach(fall(), MAERZ)
    spaeter = fall(kredit=zu, eingang=KORREKTUR, entscheide=[SPAET], stichtag=date(2024, 6, 1))
    vorher = kreditstand(urteil(spaeter), journal, 2023, date(2024, 4, 29))
    assert (vorher.ueberschuss, zahlen(vorher)) == (None, ("1520.00", "400.00", "18080.00", "0.00"))
    # From 30.04. on, the two talks of the correction are borne by 2024: 2 * 200 = 400.
    k23, k24 = (kreditstand(urteil(spaeter), journal, jahr, date(2024, 6, 1)) for jahr in (2023, 2024))
    assert (k23.ueberschuss, zahlen(k23)) == (Decimal("18480.00"), ("1520.00", "0.00", "18480.00", "0.00"))
    assert zahlen(k24) == ("7217.00", "400.00", "12383.00", "1400.00")
    assert list(k23.hinweise()) == [
        "Noch nicht verlangt (Anhang 2): 2023-H1.",
        "Das Jahr 2023 ist seit 30.04.2024 abgeschlossen. Dem Kredit für Projekte werden Fr. 18'480.00 gutgeschrieben "
        "(Ziff. 4.3.4).",
    ]
    danach = freigegeben(journal, plane(spaeter, SEPTEMBER, journal))
    k23, k24 = (kreditstand(urteil(spaeter), danach, jahr, SEPTEMBER["datum"]) for jahr in (2023, 2024))
    assert zahlen(k23) == ("1520.00", "0.00", "18480.00", "0.00")
    assert zahlen(k24) == ("7617.00", "0.00", "12383.00", "1400.00")


def test_ist_auch_das_laufende_jahr_abgeschlossen_traegt_das_naechste_offene() -> None:
    tage = ((2023, date(2024, 4, 30)), (2024, date(2024, 12, 20)))
    zu = [{"Jahr": j, "Kredit": 20_000, "abgeschlossen am": tag} for j, tag in tage] + [{"Jahr": 2025, "Kredit": 5000}]
    spaeter = fall(kredit=zu, eingang=KORREKTUR, entscheide=[SPAET], stichtag=date(2024, 12, 31))
    journal = nach(fall(), MAERZ)
    # The correction of 400, and the held Sockelbeitrag of Härkingen.
    assert zahlen(kreditstand(urteil(spaeter), journal, 2025, date(2024, 12, 31))) == (
        "0.00", "400.00", "4600.00", "1400.00",
    )  # fmt: skip


def test_zurueckgestelltes_zaehlt_nur_mit_dem_was_noch_dazukaeme() -> None:
    # Paid were 3 talks. Another file says 5 and waits for a decision: 2 * 200 = 400 may be added.
    journal = nach(fall(), MAERZ)
    andere = [{"datei": "e", "gemeinde": 2401, **H2, "zahlen": [5, 1, 2, 1]}, *EINGANG[1:]]
    halt = [{"gemeinde": 2401, "zeit": "2023-H2", "entscheid": "zurückstellen", "am": date(2024, 5, 10)}]
    daten = fall(eingang=andere, entscheide=halt, stichtag=date(2024, 6, 1))
    k = kreditstand(urteil(daten), journal, 2023, date(2024, 6, 1))
    assert zahlen(k) == ("1520.00", "0.00", "18480.00", "400.00")
    # 2 talks instead of 3 add nothing, one more Integrationsgespräch adds 200; neither makes up for the other.
    weniger = [andere[0] | {"zahlen": [2, 1, 3, 1]}, *EINGANG[1:]]
    k = kreditstand(urteil(daten | {"eingang": weniger}), journal, 2023, date(2024, 6, 1))
    assert zahlen(k) == ("1520.00", "0.00", "18480.00", "200.00")
    # A late correction waits too, but the version that was paid stays in force: nothing is held.
    spaet = kreditstand(urteil(fall(eingang=KORREKTUR, stichtag=date(2024, 6, 1))), journal, 2023, date(2024, 6, 1))
    assert zahlen(spaet) == ("1520.00", "0.00", "18480.00", "0.00")


def test_andere_ansaetze_wirken_je_gemeinde_und_leistung_auf_anerkanntes() -> None:
    daten = fall()
    ansaetze = {Leistung.SOCKEL: Decimal("8.00"), Leistung.ERST: Decimal("210.00")}
    u = urteil(daten)
    # 2023: 3 * 210 = 630 and 1 * 210. 2024: 1031 * 8 = 8248; Härkingen is held and has no part in it.
    egerkingen = Wirkung(2401, "Egerkingen", Leistung.ERST, 3, Decimal("600.00"), Decimal("630.00"))
    haerkingen = Wirkung(2402, "Härkingen", Leistung.ERST, 1, Decimal("200.00"), Decimal("210.00"))
    sockel = Wirkung(2401, "Egerkingen", Leistung.SOCKEL, 1031, Decimal("7217.00"), Decimal("8248.00"))
    journal = nach(daten, MAERZ)
    for stand in (Journal(), journal):
        assert was_waere_wenn(u, stand, 2023, ansaetze) == (egerkingen, haerkingen)
        assert was_waere_wenn(u, stand, 2024, ansaetze) == (sockel,)
    assert was_waere_wenn(mit_laeufen(u, journal), journal, 2023, ansaetze) == (egerkingen, haerkingen)
    assert was_waere_wenn(u, journal, 2023, {}) == ()
    # 12783 - (8248 - 7217) = 11752.
    assert rest_danach(kreditstand(u, journal, 2024, MAERZ["datum"]), [sockel]) == Decimal("11752.00")
    assert rest_danach(kreditstand(urteil(fall(kredit=[])), journal, 2024, MAERZ["datum"]), [sockel]) is None


def test_gerundet_wird_je_anspruch_und_nicht_auf_der_summe() -> None:
    # 3 * 0.01 = 0.03 rounds to 0.05 in each half-year; 6 * 0.01 = 0.06 would round to 0.05.
    h1 = {"zeit": "2024-H1", "am": date(2024, 7, 20)}, {"zeit": "2024-H2", "am": date(2025, 1, 20)}
    eingang = [{"datei": d, "gemeinde": 2401, **z, "zahlen": [3, 0, 0, 0]} for d, z in zip("ab", h1, strict=True)]
    daten = fall(eingang=eingang, perioden=[], jahre=[], stichtag=date(2025, 2, 1))
    neu = was_waere_wenn(urteil(daten), Journal(), 2024, {Leistung.ERST: Decimal("0.01")})
    assert neu == (Wirkung(2401, "Egerkingen", Leistung.ERST, 6, Decimal("1200.00"), Decimal("0.10")),)
    assert neu[0].unterschied == Decimal("-1199.90")


@pytest.mark.parametrize(
    ("text", "leistung", "betrag"),
    [
        ("Sockelbeitrag=8.00", Leistung.SOCKEL, "8.00"),
        ("sockel = 8", Leistung.SOCKEL, "8.00"),
        ("ERST=210,5", Leistung.ERST, "210.50"),
        ("erst_dolmetsch=Fr. 1'160.00", Leistung.ERST_DOLMETSCH, "1160.00"),
        ("Erstinformationsgespräch=210", Leistung.ERST, "210.00"),
        ("erstinformationsgespraech=210", Leistung.ERST, "210.00"),
        ("Erstinformationsgespra\u0308ch=210", Leistung.ERST, "210.00"),
        ("dolmetschen integrationsgespräch=0", Leistung.INTEG_DOLMETSCH, "0.00"),
        ("Fallpauschale Integrationsgespräch=200.125", Leistung.INTEG, "200.125"),
        ("integ-dolmetsch=165", Leistung.INTEG_DOLMETSCH, "165.00"),
    ],
)
def test_ein_ansatz_wird_gelesen_wie_man_ihn_schreibt(text: str, leistung: Leistung, betrag: str) -> None:
    gelesen = ansatz_lesen(text)
    assert gelesen[0] is leistung
    assert str(gelesen[1]) == betrag


@pytest.mark.parametrize("text", ["", "8.00", "Sockelbeitrag", "Kurs=8.00", "Dolmetschen=160"])
def test_ohne_bekannte_leistung_sagt_ein_satz_was_erwartet_wird(text: str) -> None:
    with pytest.raises(ValueError, match="kein Ansatz") as fehler:
        ansatz_lesen(text)
    assert str(fehler.value) == (
        f"«{text}» ist kein Ansatz. Erwartet wird LEISTUNG=BETRAG, zum Beispiel sockel=8.00; Leistungen sind erst, "
        "erst_dolmetsch, integ, integ_dolmetsch, sockel oder ihre vollen Namen."
    )


@pytest.mark.parametrize("zahl", ["", "viel", "-8", "8.12345", "NaN", "1e3"])
def test_ohne_betrag_sagt_ein_satz_was_erwartet_wird(zahl: str) -> None:
    with pytest.raises(ValueError, match="kein Ansatz") as fehler:
        ansatz_lesen(f"sockel={zahl}")
    assert str(fehler.value) == (
        f"«{zahl}» ist kein Ansatz für Sockelbeitrag. Erwartet wird ein Betrag in Franken ab 0, zum Beispiel 8.00."
    )
