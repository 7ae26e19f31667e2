"""Dated tariffs and what Stammdaten add to them (Ziff. 4.3, docs/entscheide/01, 11, 17)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krs.recht import (
    TARIFE,
    Halbjahr,
    Leistung,
    NichtGeregelt,
    Tarif,
    Tarifstufe,
    TarifZeile,
    fallpauschale,
    sockelbeitrag,
)

TAGE = st.dates(date(2017, 1, 1), date(2030, 12, 31))
WERTE = st.builds(Tarifstufe, TAGE, st.sampled_from((None, Decimal("1"), Decimal("2"))))
REIHEN = st.lists(WERTE, max_size=6, unique_by=lambda wert: wert.ab)


def dated(werte: list[Tarifstufe]) -> Tarif:
    reihe = tuple(sorted(werte, key=lambda wert: wert.ab))
    return Tarif("Probe", "CHF pro Stück", "4.3.2", "Stück", "Stücke", reihe)


def betrag_am(tarif: Tarif, tag: date) -> Decimal | None:
    try:
        return tarif.am(tag).betrag
    except NichtGeregelt:
        return None


@given(REIHEN, TAGE)
def test_es_gilt_die_letzte_zeile_bis_und_mit_dem_tag(werte: list[Tarifstufe], tag: date) -> None:
    bisher = [wert for wert in werte if wert.ab <= tag]
    erwartet = max(bisher, key=lambda wert: wert.ab).betrag if bisher else None
    assert betrag_am(dated(werte), tag) == erwartet


@given(REIHEN, WERTE, TAGE)
def test_eine_neue_zeile_aendert_nur_die_zeit_bis_zur_naechsten(
    werte: list[Tarifstufe], neu: Tarifstufe, tag: date
) -> None:
    naechste = min((wert.ab for wert in werte if wert.ab > neu.ab), default=date.max)
    ergaenzt, vorher = dated(werte).mit([neu]), dated(werte)
    erwartet = neu.betrag if neu.ab <= tag < naechste else betrag_am(vorher, tag)
    assert betrag_am(ergaenzt, tag) == erwartet


@given(REIHEN, TAGE, st.integers(0, 400))
def test_ueber_eine_zeit_gilt_ein_wert_genau_wenn_er_an_jedem_tag_gilt(
    werte: list[Tarifstufe], beginn: date, laenge: int
) -> None:
    tarif = dated(werte)
    an_jedem_tag = {betrag_am(tarif, beginn + timedelta(days=tage)) for tage in range(laenge + 1)}
    try:
        ueber = {tarif.ueber(beginn, beginn + timedelta(days=laenge)).betrag}
    except NichtGeregelt:
        assert len(an_jedem_tag) > 1 or an_jedem_tag == {None}
    else:
        assert ueber == an_jedem_tag


def test_zeilen_ohne_reihenfolge_oder_doppelt_sind_ein_fehler() -> None:
    eins = Tarifstufe(date(2020, 1, 1), Decimal("1"))
    for werte in ((eins, eins), (Tarifstufe(date(2021, 1, 1), None), eins)):
        with pytest.raises(ValueError, match="müssen nach «ab» aufsteigen"):
            Tarif("Probe", "", "4.3.2", "", "", werte)


def test_es_gilt_der_tarif_am_leistungstag() -> None:
    dolmetschen = TARIFE[Leistung.ERST_DOLMETSCH]
    assert dolmetschen.am(date(2018, 7, 1)).ansatz == Decimal("160.00")
    with pytest.raises(NichtGeregelt) as fehler:
        dolmetschen.am(date(2018, 6, 30))
    assert str(fehler.value) == (
        "Dolmetschpauschale Erstinformationsgespräch am 30.06.2018: Das Kreisschreiben nennt den Ansatz vor"
        " dem 01.07.2018 nicht; erfassen Sie ihn mit Quelle in den Stammdaten, Blatt Tarife"
        " (Ziff. 4.3.2, Fussnote 3)."
    )


def test_ein_tarif_der_mitten_im_halbjahr_wechselt_wird_abgelehnt() -> None:
    tarife = TARIFE.mit([TarifZeile(Leistung.ERST, date(2023, 4, 1), Decimal("220.00"), "Probe")])
    with pytest.raises(NichtGeregelt) as fehler:
        fallpauschale(1, Halbjahr(2023, 1), tarife=tarife)
    assert str(fehler.value) == (
        "Fallpauschale Erstinformationsgespräch: Der Ansatz wechselt am 01.04.2023 von Fr. 200.00 auf"
        " Fr. 220.00, also innerhalb der Zeit vom 01.01.2023 bis 30.06.2023; erfassen Sie den Wechsel in"
        " den Stammdaten, Blatt Tarife, auf den Beginn einer Periode (Ziff. 4.3.2, Fussnote 3)."
    )
    assert fallpauschale(1, Halbjahr(2023, 2), tarife=tarife).betrag == Decimal("220.00")


def test_ein_sockelbeitrag_der_mitten_im_jahr_wechselt_wird_abgelehnt() -> None:
    tarife = TARIFE.mit([TarifZeile(Leistung.SOCKEL, date(2023, 7, 1), Decimal("8"), "Probe")])
    with pytest.raises(NichtGeregelt, match=r"wechselt am 01\.07\.2023 von Fr\. 7\.00 auf Fr\. 8\.00"):
        sockelbeitrag(100, 2023, tarife)
    assert sockelbeitrag(100, 2022, tarife).betrag == Decimal("700.00")


def test_dieselbe_zahl_mit_neuem_datum_ist_kein_wechsel() -> None:
    tarife = TARIFE.mit([TarifZeile(Leistung.ERST, date(2023, 4, 1), Decimal("200"), "Bestätigung")])
    schritt = fallpauschale(2, Halbjahr(2023, 1), tarife=tarife)
    assert (schritt.betrag, schritt.gueltig_ab) == (Decimal("400.00"), date(2017, 1, 1))


def test_ein_vorbehalt_mitten_in_der_zeit_bleibt_sichtbar() -> None:
    tarif = dated(
        [Tarifstufe(date(2023, 1, 1), Decimal("1")), Tarifstufe(date(2023, 4, 1), Decimal("1"), zu_bestaetigen=True)]
    )
    assert tarif.ueber(date(2023, 1, 1), date(2023, 6, 30)).zu_bestaetigen is True
    assert tarif.ueber(date(2023, 1, 1), date(2023, 3, 31)).zu_bestaetigen is False


@pytest.mark.parametrize("leistung", list(Leistung))
def test_die_ansaetze_2024_sind_weitergefuehrt_und_zu_bestaetigen(leistung: Leistung) -> None:
    ende_2023, ende_2024 = TARIFE[leistung].am(date(2023, 12, 31)), TARIFE[leistung].am(date(2024, 12, 31))
    assert ende_2024.betrag == ende_2023.betrag
    assert (ende_2023.zu_bestaetigen, ende_2024.zu_bestaetigen) == (False, True)
    assert ende_2024.quelle == "Ansatz 2022 weitergeführt (Anhang 1h), zu bestätigen durch AGS"


@pytest.mark.parametrize("leistung", list(Leistung))
def test_ab_2025_wird_abgelehnt_bis_tarife_eine_zeile_hat(leistung: Leistung) -> None:
    with pytest.raises(NichtGeregelt) as fehler:
        TARIFE[leistung].am(date(2025, 1, 1))
    assert str(fehler.value) == (
        f"{TARIFE[leistung].bezeichnung} am 01.01.2025: Ab 01.01.2025 ist kein Ansatz bekannt; erfassen Sie"
        " ihn mit Quelle in den Stammdaten, Blatt Tarife (Ziff. 4.1.2, 4.3.3)."
    )
    mit = TARIFE.mit([TarifZeile(leistung, date(2025, 1, 1), Decimal("9.00"), "Verfügung AGS")])
    assert mit[leistung].am(date(2025, 12, 31)).betrag == Decimal("9.00")


def test_eine_zeile_der_stammdaten_bestaetigt_den_ansatz_2024() -> None:
    tarife = TARIFE.mit([TarifZeile(Leistung.ERST, date(2024, 1, 1), Decimal("200.00"), "Anhang 1h")])
    schritt = fallpauschale(1, Halbjahr(2024, 1), tarife=tarife)
    assert schritt.text == "1 Gespräch × Fr. 200.00 (gültig ab 01.01.2024) = Fr. 200.00 (Ziff. 4.3.2)"
    assert schritt.quelle == "Anhang 1h"


def test_ein_leerer_ansatz_beendet_den_tarif() -> None:
    tarife = TARIFE.mit([TarifZeile(Leistung.INTEG, date(2023, 7, 1), None, "RRB 2023/1")])
    assert tarife[Leistung.INTEG].am(date(2023, 6, 30)).betrag == Decimal("200.00")
    with pytest.raises(NichtGeregelt) as fehler:
        fallpauschale(1, Halbjahr(2023, 2), "integ", tarife)
    assert str(fehler.value) == (
        "Fallpauschale Integrationsgespräch am 01.07.2023: Der Tarif ist per 01.07.2023 beendet"
        " (Quelle: RRB 2023/1); ein neuer Ansatz gehört mit Quelle in die Stammdaten, Blatt Tarife."
    )


def test_integrationsgespraeche_vor_2022_sind_nicht_unbekannt_sondern_nicht_subventioniert() -> None:
    with pytest.raises(NichtGeregelt) as fehler:
        TARIFE[Leistung.INTEG].am(date(2021, 12, 31))
    assert str(fehler.value) == (
        "Fallpauschale Integrationsgespräch am 31.12.2021: Integrationsgespräche werden erst ab 01.01.2022"
        " subventioniert, vorher besteht kein Beitrag (Ziff. 4.3.1)."
    )


def test_vor_der_ersten_fassung_ist_nichts_bekannt() -> None:
    with pytest.raises(NichtGeregelt) as fehler:
        TARIFE[Leistung.ERST].am(date(2016, 12, 31))
    assert str(fehler.value) == (
        "Fallpauschale Erstinformationsgespräch am 31.12.2016: Kein Ansatz ist bekannt; erfassen Sie ihn mit"
        " Quelle in den Stammdaten, Blatt Tarife (Ziff. 4.3.2)."
    )


def test_stammdaten_aendern_nur_eine_kopie_und_nur_ihre_leistung() -> None:
    neu = TARIFE.mit([TarifZeile(Leistung.ERST, date(2022, 1, 1), Decimal("250"), "Probe")])
    assert neu[Leistung.ERST].am(date(2022, 1, 1)).betrag == Decimal("250")
    assert TARIFE[Leistung.ERST].am(date(2022, 1, 1)).betrag == Decimal("200.00")
    assert neu[Leistung.INTEG] is TARIFE[Leistung.INTEG]
    assert list(neu) == list(Leistung)
    assert len(neu) == 5


def test_zwei_zeilen_fuer_denselben_tag_werden_abgelehnt() -> None:
    zeilen = [TarifZeile(Leistung.ERST, date(2025, 1, 1), Decimal(betrag), "Probe") for betrag in (200, 210)]
    with pytest.raises(ValueError, match=r"Erstinformationsgespräch ab 01\.01\.2025 ist mehrmals erfasst"):
        TARIFE.mit(zeilen)


@pytest.mark.parametrize("ansatz", ["-1", "NaN", "Infinity"])
def test_ein_negativer_ansatz_wird_abgelehnt(ansatz: str) -> None:
    with pytest.raises(ValueError, match=f"muss ein Betrag ab 0 sein, gelesen wurde «{ansatz}»"):
        TARIFE.mit([TarifZeile(Leistung.ERST, date(2025, 1, 1), Decimal(ansatz), "Probe")])


def test_ein_wert_ohne_betrag_hat_keinen_ansatz() -> None:
    with pytest.raises(NichtGeregelt, match="nicht bekannt"):
        Tarifstufe(date(2017, 1, 1), None, unbekannt="nicht bekannt").ansatz  # noqa: B018 - the read raises


@pytest.mark.parametrize(
    ("leistung", "einheit", "eins", "viele"),
    [
        (Leistung.ERST, "CHF pro Gespräch", "1 Gespräch", "2'000 Gespräche"),
        (Leistung.ERST_DOLMETSCH, "CHF pro Einsatz", "1 Einsatz", "2'000 Einsätze"),
        (Leistung.INTEG, "CHF pro Gespräch", "1 Gespräch", "2'000 Gespräche"),
        (Leistung.INTEG_DOLMETSCH, "CHF pro Einsatz", "1 Einsatz", "2'000 Einsätze"),
        (Leistung.SOCKEL, "CHF pro Ausländerin oder Ausländer", "1 Person", "2'000 Personen"),
    ],
)
def test_jede_leistung_hat_einheit_und_zaehlwort(leistung: Leistung, einheit: str, eins: str, viele: str) -> None:
    tarif = TARIFE[leistung]
    assert (tarif.einheit, tarif.gezaehlt(1), tarif.gezaehlt(2000)) == (einheit, eins, viele)
    assert tarif.ziffer == "4.3.2"
