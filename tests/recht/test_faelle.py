"""The cases that an officer can read: tests/faelle/recht.toml."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from krs.recht import (
    Halbjahr,
    Leistung,
    NichtGeregelt,
    Rechenschritt,
    Verrechnung,
    auszahlungstermin,
    beitrag,
    dolmetschpauschale,
    fallpauschale,
    frist,
    fristhinweis,
    runden,
    sockelbeitrag,
    summe,
    verrechnung,
)

DATEI = Path(__file__).parents[1] / "faelle" / "recht.toml"
FAELLE = tomllib.loads(DATEI.read_text(encoding="utf-8"), parse_float=Decimal)
PERIODEN = [f"{jahr}-H{nummer}" for jahr in range(2017, 2025) for nummer in (1, 2)] + ["2025-H1"]
JAHRE = [str(jahr) for jahr in range(2017, 2026)]


def faelle(art: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("fall", [pytest.param(fall, id=fall["name"]) for fall in FAELLE[art]])


def periode_aus(text: str) -> Halbjahr | int:
    return Halbjahr.parse(text) if "-" in text else int(text)


def rechne(leistung: Leistung, anzahl: int, periode: str) -> Rechenschritt:
    if leistung is Leistung.SOCKEL:
        return sockelbeitrag(anzahl, int(periode))
    art = "integ" if leistung in (Leistung.INTEG, Leistung.INTEG_DOLMETSCH) else "erst"
    dolmetschen = leistung in (Leistung.ERST_DOLMETSCH, Leistung.INTEG_DOLMETSCH)
    return (dolmetschpauschale if dolmetschen else fallpauschale)(anzahl, Halbjahr.parse(periode), art)


@pytest.mark.parametrize(
    ("leistung", "anzahl", "fall"),
    [
        pytest.param(Leistung(name), tarif["anzahl"], fall, id=f"{name} {fall['periode']}")
        for name, tarif in FAELLE["tarife"].items()
        for fall in tarif["perioden"]
    ],
)
def test_jede_periode_hat_ihren_betrag_oder_ihren_satz(leistung: Leistung, anzahl: int, fall: dict[str, Any]) -> None:
    if "satz" in fall:
        with pytest.raises(NichtGeregelt) as fehler:
            rechne(leistung, anzahl, fall["periode"])
        assert str(fehler.value) == fall["satz"]
        return
    schritt = rechne(leistung, anzahl, fall["periode"])
    assert (schritt.leistung, schritt.periode, schritt.anzahl) == (leistung, fall["periode"], anzahl)
    assert (schritt.betrag, schritt.gueltig_ab) == (fall["betrag"], fall["gueltig_ab"])
    assert schritt.zu_bestaetigen is fall.get("zu_bestaetigen", False)


def test_kein_halbjahr_und_keine_leistung_fehlt_in_den_faellen() -> None:
    assert list(FAELLE["tarife"]) == list(Leistung)
    for name, tarif in FAELLE["tarife"].items():
        erwartet = JAHRE if name == Leistung.SOCKEL else PERIODEN
        assert [fall["periode"] for fall in tarif["perioden"]] == erwartet


@faelle("rechenweg")
def test_rechenweg(fall: dict[str, Any]) -> None:
    erst, erst_dolmetsch, integ, integ_dolmetsch = fall["anzahlen"]
    periode = Halbjahr.parse(fall["periode"])
    if "satz" in fall:
        with pytest.raises(NichtGeregelt) as fehler:
            beitrag(erst, erst_dolmetsch, integ, integ_dolmetsch, periode)
        assert str(fehler.value) == fall["satz"]
        return
    schritte = beitrag(erst, erst_dolmetsch, integ, integ_dolmetsch, periode)
    assert [schritt.text for schritt in schritte] == fall["zeilen"]
    assert summe(schritte) == fall["summe"]


@faelle("frist")
def test_frist(fall: dict[str, Any]) -> None:
    tag = frist(fall["anhang"], periode_aus(fall["periode"]))
    assert tag == fall["tag"]
    assert fristhinweis(tag) == fall.get("hinweis", "")


@faelle("auszahlung")
def test_auszahlungstermin(fall: dict[str, Any]) -> None:
    leistung, periode = Leistung(fall["leistung"]), periode_aus(fall["periode"])
    if "satz" in fall:
        with pytest.raises(NichtGeregelt) as fehler:
            auszahlungstermin(leistung, periode)
        assert str(fehler.value) == fall["satz"]
        return
    assert auszahlungstermin(leistung, periode) == fall["tag"]


@faelle("verrechnung")
def test_verrechnung(fall: dict[str, Any]) -> None:
    erwartet = Verrechnung(fall["verrechnet"], fall["auszahlung"], fall["rechnung"])
    assert verrechnung(fall["guthaben"], fall["rueckforderung"]) == erwartet


@faelle("rundung")
def test_rundung(fall: dict[str, Any]) -> None:
    assert str(runden(Decimal(fall["betrag"]))) == str(fall["gerundet"])
