"""Amounts, rounding, netting (Ziff. 4.3.2, 4.7, docs/entscheide/02, 07, 08, 16, 22)."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krs.recht import (
    AUFGABEN,
    BEDINGUNGEN,
    Halbjahr,
    beitrag,
    chf,
    dolmetschpauschale,
    fallpauschale,
    franken,
    runden,
    sockelbeitrag,
    summe,
    verrechnung,
)
from krs.recht.tarife import TARIFE, Leistung, TarifZeile

BETRAEGE = st.decimals(0, 9_999_999, places=2)
P = Halbjahr(2023, 1)


def test_ein_gespraech_mit_einer_familie_ist_eine_pauschale() -> None:
    assert fallpauschale(1, P).betrag == Decimal("200.00")


def test_wiederholte_gespraeche_haben_keine_obergrenze() -> None:
    assert fallpauschale(5000, P).betrag == Decimal("1000000.00")


def test_der_sockelbeitrag_rechnet_mit_den_auslaendern_am_stichtag() -> None:
    schritt = sockelbeitrag(73569, 2023)
    assert (schritt.betrag, schritt.periode) == (Decimal("514983.00"), "2023")
    assert sockelbeitrag(0, 2023).betrag == Decimal("0.00")


def test_der_rechenweg_nennt_die_quelle_des_ansatzes() -> None:
    assert dolmetschpauschale(1, P).quelle == "KRS-GEF-2017/01, Ziff. 4.3.2, Fussnote 3"
    assert dolmetschpauschale(1, P, "integ").quelle == "KRS-GEF-2017/01, Ziff. 4.3.2, Fassung vom 01.01.2022"


@pytest.mark.parametrize("anzahl", [-1, True, 3.0, "3", None, Decimal(3)])
def test_eine_anzahl_ist_eine_ganze_zahl_ab_null(anzahl: Any) -> None:
    satz = f"Die Anzahl muss eine ganze Zahl ab 0 sein, gelesen wurde «{anzahl}»."
    versuche = (
        lambda: fallpauschale(anzahl, P),
        lambda: dolmetschpauschale(anzahl, P),
        lambda: sockelbeitrag(anzahl, 2023),
        lambda: beitrag(0, 0, 0, anzahl, P),
    )
    for versuch in versuche:
        with pytest.raises(ValueError) as fehler:  # noqa: PT011 - the whole sentence is compared
            versuch()
        assert str(fehler.value) == satz


@pytest.mark.parametrize("rechnung", [fallpauschale, dolmetschpauschale])
def test_die_art_ist_erst_oder_integ(rechnung: Any) -> None:
    with pytest.raises(ValueError, match="Die Art muss «erst» oder «integ» sein, gelesen wurde «Erst»"):
        rechnung(1, P, "Erst")


def test_gerundet_wird_einmal_pro_buchung_auf_fuenf_rappen() -> None:
    tarife = TARIFE.mit([TarifZeile(Leistung.SOCKEL, P.beginn, Decimal("7.333"), "Probe")])
    assert sockelbeitrag(100, 2023, tarife).betrag == Decimal("733.30")
    assert sockelbeitrag(5, 2023, tarife).betrag == Decimal("36.65")  # 36.665
    assert sockelbeitrag(1, 2023, tarife).betrag == Decimal("7.35")


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_mit_ganzen_franken_entsteht_keine_rundung(erst: int, einsaetze: int) -> None:
    assert summe(beitrag(erst, einsaetze, 0, 0, P)) == Decimal(200 * erst + 160 * einsaetze)


@given(st.decimals(-(10**6), 10**6, places=4))
def test_gerundete_betraege_sind_fuenfrappen_und_spiegeln_sich(betrag: Decimal) -> None:
    gerundet = runden(betrag)
    assert gerundet % Decimal("0.05") == 0
    assert abs(gerundet - betrag) <= Decimal("0.025")
    assert runden(-betrag) == -gerundet


@given(BETRAEGE, BETRAEGE)
def test_bei_der_verrechnung_geht_nichts_verloren(guthaben: Decimal, rueckforderung: Decimal) -> None:
    ergebnis = verrechnung(guthaben, rueckforderung)
    assert ergebnis.verrechnet + ergebnis.auszahlung == guthaben
    assert ergebnis.verrechnet + ergebnis.rechnung == rueckforderung
    assert min(ergebnis.auszahlung, ergebnis.rechnung) == 0
    assert min(ergebnis.verrechnet, ergebnis.auszahlung, ergebnis.rechnung) >= 0


def test_die_verrechnung_nimmt_keine_negativen_betraege() -> None:
    with pytest.raises(ValueError, match=r"^Das Guthaben muss ein Betrag ab 0 sein, gelesen wurde «Fr\. -5\.00»"):
        verrechnung(Decimal("-5"), Decimal("0"))
    with pytest.raises(ValueError, match=r"^Die Rückforderung muss ein Betrag ab 0 sein, gelesen wurde «NaN»"):
        verrechnung(Decimal("5"), Decimal("NaN"))


@pytest.mark.parametrize(
    ("betrag", "text"),
    [
        ("0", "0.00"),
        ("-0.001", "0.00"),
        ("999.95", "999.95"),
        ("1234.5", "1'234.50"),
        ("1234567.005", "1'234'567.01"),
        ("-1234.5", "-1'234.50"),
    ],
)
def test_betraege_erscheinen_mit_apostroph_und_rappen(betrag: str, text: str) -> None:
    assert chf(Decimal(betrag)) == text
    assert franken(Decimal(betrag)) == f"Fr. {text}"


def test_nur_aufgabe_4_darf_an_dritte_vergeben_werden() -> None:
    assert [aufgabe.feld for aufgabe in AUFGABEN if aufgabe.an_dritte] == ["aufgabe_4"]
    assert len(AUFGABEN) == 6
    assert [bedingung.ziffer for bedingung in BEDINGUNGEN] == ["4.2"] * 3
