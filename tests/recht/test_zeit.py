"""Half-years, Stichtag, deadlines (Ziff. 4.3.2, 4.5.2, 4.7, 5.2)."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krs.recht import (
    Halbjahr,
    Leistung,
    auszahlungstermin,
    datum,
    faelligkeit,
    frist,
    stichtag,
    tage_verspaetet,
    wochentag,
)

halbjahre = st.builds(Halbjahr, st.integers(2018, 2099), st.sampled_from((1, 2)))


@given(halbjahre, halbjahre)
def test_halbjahre_ordnen_sich_wie_ihre_tage(eines: Halbjahr, anderes: Halbjahr) -> None:
    assert (eines < anderes) == (eines.beginn < anderes.beginn) == (eines.ende < anderes.ende)
    assert (eines == anderes) == (eines.beginn == anderes.beginn)


@given(halbjahre)
def test_halbjahre_schliessen_ohne_luecke_aneinander(halbjahr: Halbjahr) -> None:
    assert halbjahr.nachher().beginn == halbjahr.ende + timedelta(days=1)
    assert halbjahr.vorher().nachher() == halbjahr == halbjahr.nachher().vorher()
    assert halbjahr.vorher() < halbjahr < halbjahr.nachher()
    assert Halbjahr.parse(str(halbjahr)) == halbjahr


def test_ein_halbjahr_hat_form_text_und_tage() -> None:
    halbjahr = Halbjahr.parse("2024-H1")
    assert (str(halbjahr), halbjahr.text) == ("2024-H1", "1. Halbjahr 2024")
    assert (halbjahr.beginn, halbjahr.ende) == (date(2024, 1, 1), date(2024, 6, 30))
    assert Halbjahr(2024, 2).ende == date(2024, 12, 31)
    assert len({halbjahr, Halbjahr(2024, 1)}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "2024-h1",
        "2024-H3",
        "2024-H0",
        "2024H1",
        "24-H1",
        " 2024-H1",
        "2024-H1\n",
        "2024-H11",
        "٢٠٢٤-H1",
        "",
        "2024",
    ],
)
def test_nur_die_genaue_form_ist_eine_periode(text: str) -> None:
    with pytest.raises(ValueError) as fehler:  # noqa: PT011 - the whole sentence is compared
        Halbjahr.parse(text)
    assert str(fehler.value) == f"Gelesen wurde «{text}»; erwartet wird ein Halbjahr wie 2024-H1 (2017 bis 2100)."


@pytest.mark.parametrize("wert", [None, 2024, 2024.5, date(2024, 1, 1)])
def test_auch_was_kein_text_ist_wird_mit_einem_satz_abgelehnt(wert: Any) -> None:
    with pytest.raises(ValueError, match=r"erwartet wird ein Halbjahr wie 2024-H1 \(2017 bis 2100\)"):
        Halbjahr.parse(wert)


@pytest.mark.parametrize("jahr", [2016, 2101, 0, -1, True, 2024.0, "2024"])
def test_vor_2017_gilt_das_kreisschreiben_nicht(jahr: Any) -> None:
    satz = f"Gelesen wurde «{jahr}»; erwartet wird ein Jahr von 2017 bis 2100."
    for versuch in (lambda: Halbjahr(jahr, 1), lambda: stichtag(jahr), lambda: frist(3, jahr)):
        with pytest.raises(ValueError) as fehler:  # noqa: PT011 - the whole sentence is compared
            versuch()
        assert str(fehler.value) == satz


def test_vor_dem_ersten_und_nach_dem_letzten_halbjahr_kommt_keines() -> None:
    with pytest.raises(ValueError, match="Gelesen wurde «2016»; erwartet wird ein Jahr von 2017 bis 2100"):
        Halbjahr(2017, 1).vorher()
    with pytest.raises(ValueError, match="Gelesen wurde «2101»; erwartet wird ein Jahr von 2017 bis 2100"):
        Halbjahr(2100, 2).nachher()


@pytest.mark.parametrize("nummer", [0, 3, True, "1"])
def test_ein_jahr_hat_zwei_halbjahre(nummer: Any) -> None:
    with pytest.raises(ValueError, match=f"Ein Jahr hat das Halbjahr 1 und 2, gelesen wurde «{nummer}»"):
        Halbjahr(2024, nummer)


def test_der_stichtag_liegt_zwei_jahre_zurueck() -> None:
    assert [stichtag(jahr) for jahr in (2018, 2022, 2024)] == [
        date(2016, 12, 31),
        date(2020, 12, 31),
        date(2022, 12, 31),
    ]


@pytest.mark.parametrize("anhang", [0, 1, 4])
def test_nur_anhang_2_und_3_haben_eine_eingabefrist(anhang: int) -> None:
    with pytest.raises(ValueError, match=f"haben nur Anhang 2 und 3, gelesen wurde «{anhang}»"):
        frist(anhang, 2024)


def test_anhang_2_braucht_ein_halbjahr_und_anhang_3_ein_jahr() -> None:
    with pytest.raises(ValueError, match="Anhang 2: Erwartet wird ein Halbjahr"):
        frist(2, 2024)
    with pytest.raises(ValueError, match="Anhang 3: Erwartet wird ein Jahr"):
        frist(3, Halbjahr(2024, 1))
    with pytest.raises(ValueError, match="Sockelbeitrag: Erwartet wird ein Jahr"):
        auszahlungstermin(Leistung.SOCKEL, Halbjahr(2024, 1))
    with pytest.raises(ValueError, match="Integrationsgespräch: Erwartet wird ein Halbjahr"):
        auszahlungstermin(Leistung.INTEG, 2024)


def test_am_tag_der_frist_ist_rechtzeitig_und_danach_zaehlt_jeder_kalendertag() -> None:
    ende = date(2024, 1, 31)
    eingaenge = (date(2024, 1, 15), ende, date(2024, 2, 1), date(2024, 3, 1))
    assert [tage_verspaetet(eingang, ende) for eingang in eingaenge] == [0, 0, 1, 30]


def test_die_rechnung_ist_in_30_tagen_faellig() -> None:
    assert faelligkeit(date(2024, 1, 31)) == date(2024, 3, 1)


def test_tage_erscheinen_wie_im_kreisschreiben() -> None:
    assert datum(date(2018, 7, 1)) == "01.07.2018"
    woche = [wochentag(date(2024, 1, tag)) for tag in range(1, 8)]
    assert woche == ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]


def test_das_zweite_halbjahr_2023_wird_im_lauf_2024_03_ausbezahlt() -> None:
    assert auszahlungstermin(Leistung.ERST, Halbjahr(2023, 2)) == date(2024, 3, 31)
    assert auszahlungstermin(Leistung.SOCKEL, 2024) == date(2024, 3, 31)
