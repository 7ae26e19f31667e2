"""The table that is shipped (src/krs/recht/tarife.toml): complete, with sources, and nothing carried on for ever."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from hilfe.tarife import ausgelieferte
from krs.recht import TARIFE, Leistung

AUSGELIEFERT = ausgelieferte()
BEGINN = date(2017, 1, 1)  # of the circular
FRANKEN = [Decimal("200"), Decimal("160"), Decimal("200"), Decimal("160"), Decimal("7")]  # Ziff. 4.3.2


def test_der_tarif_kennt_jede_leistung_und_gilt_von_anfang_an() -> None:
    assert list(AUSGELIEFERT) == list(Leistung)
    assert {tarif.werte[0].ab for tarif in AUSGELIEFERT.values()} == {BEGINN}
    assert {tarif.ziffer for tarif in AUSGELIEFERT.values()} == {"4.3.2"}


def test_die_ansaetze_von_2022_stehen_wie_im_kreisschreiben() -> None:
    tag = date(2022, 1, 1)
    assert [AUSGELIEFERT[leistung].am(tag).betrag for leistung in Leistung] == FRANKEN


@pytest.mark.parametrize("leistung", list(Leistung))
def test_jede_zeile_hat_quelle_oder_einen_satz_der_weiterhilft(leistung: Leistung) -> None:
    for zeile in AUSGELIEFERT[leistung].werte:
        if zeile.betrag is None:
            assert zeile.unbekannt.endswith(").")
            assert "(Ziff. 4." in zeile.unbekannt
        else:
            assert zeile.betrag > 0
            assert zeile.quelle
            assert zeile.zu_bestaetigen is ("zu bestätigen" in zeile.quelle)


@pytest.mark.parametrize("leistung", list(Leistung))
def test_was_zu_bestaetigen_ist_gilt_hoechstens_ein_jahr(leistung: Leistung) -> None:
    werte = AUSGELIEFERT[leistung].werte
    folgende = [*(zeile.ab for zeile in werte[1:]), date.max]
    for zeile, bis in zip(werte, folgende, strict=True):
        assert not zeile.zu_bestaetigen or bis - zeile.ab <= timedelta(days=366)


def test_kein_fall_haengt_am_ausgelieferten_tarif() -> None:
    assert TARIFE is not AUSGELIEFERT
    assert dict(TARIFE)[Leistung.ERST] is not AUSGELIEFERT[Leistung.ERST]
