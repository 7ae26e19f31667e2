"""What the cases of tests/faelle/laeufe.toml do not show: names and days of runs, the journal, states of a demand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from krs.lauf.buchung import Art, Buchung, Journal, Posten, Rechnung, Rechnungsposten, Stand
from krs.lauf.forderungen import forderungen, unstimmig
from krs.lauf.kennung import Lauf, bankfrei, lauf_von
from krs.recht import Leistung
from krs.stammdaten.stammdaten import Gemeinde, Rueckforderung, Stammdaten

TAG = date(2024, 3, 20)
POSTEN = Posten(2401, Leistung.ERST, "2023-H2")
GEMEINDEN = tuple(
    Gemeinde(bfs_nr=nr, name=name, beteiligt_ab=date(2017, 1, 1))
    for nr, name in ((2401, "Egerkingen"), (2402, "Härkingen"))
)


def buchung(lauf: str, betrag: str, anzahl: int, tag: date = TAG) -> Buchung:
    return Buchung(
        f"{lauf}/{POSTEN}", lauf, tag, Art.ANSPRUCH, 2401, "Egerkingen", 2401, Decimal(betrag),
        POSTEN, anzahl, Decimal("200.00"), sha256="a" * 64,
    )  # fmt: skip


def gebildet(lauf: str, betrag: str) -> Buchung:
    return Buchung(
        f"{lauf}/2401/Rückforderung", lauf, TAG, Art.RUECKFORDERUNG, 2401, "Egerkingen", 2401, Decimal(betrag),
        rueckforderung=f"{lauf}-2401",
    )  # fmt: skip


def rechnung(nr: str, faellig: date, betrag: str = "400.00") -> Rechnung:
    posten = (Rechnungsposten("RF-1", Decimal(betrag)),)
    return Rechnung(nr, 2401, "Egerkingen", Decimal(betrag), faellig, posten)


def stamm(nr: str = "RF-1", bfs: int = 2401, betrag: str = "400.00", *, erneut: bool = False) -> Stammdaten:
    zeile = Rueckforderung(
        nr=nr, bfs_nr=bfs, datum=TAG, betrag=Decimal(betrag), grund="g", ziffer="4.7", verfuegt_von="AB",
        freigegeben_von="CD", erneut_verrechnen=erneut,
    )  # fmt: skip
    return Stammdaten(gemeinden=GEMEINDEN, rueckforderungen=(zeile,))


# --- which run ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lauf", "valuta"),
    [
        ("2018-03", date(2018, 3, 29)),  # 30.03. Good Friday, 31.03. Saturday
        ("2023-03", date(2023, 3, 31)),
        ("2024-03", date(2024, 3, 28)),  # 29.03. Good Friday, 31.03. Easter
        ("2059-03", date(2059, 3, 27)),  # 28.03. Good Friday, 31.03. Easter Monday
        ("2018-09", date(2018, 9, 28)),  # 30.09. Sunday
        ("2023-09", date(2023, 9, 29)),  # 30.09. Saturday
        ("2024-09", date(2024, 9, 30)),
    ],
)
def test_valuta_ist_der_letzte_bankwerktag_des_monats(lauf: str, valuta: date) -> None:
    assert Lauf.parse(lauf).valuta == valuta


def test_schweizer_banken_zahlen_an_zehn_feiertagen_nicht() -> None:
    tage = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
    assert {str(t)[5:]: bankfrei(t) for t in tage if t.weekday() < 5 and bankfrei(t)} == {
        "01-01": "Neujahr", "01-02": "Berchtoldstag", "03-29": "Karfreitag", "04-01": "Ostermontag",
        "05-01": "Tag der Arbeit", "05-09": "Auffahrt", "05-20": "Pfingstmontag", "08-01": "Bundesfeier",
        "12-25": "Weihnachten", "12-26": "Stephanstag",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["2024-06", "2024-3", "2016-09", "2101-03", "2024", "2024-H1", "", "x2024-03"])
def test_was_kein_lauf_ist_wird_mit_einem_satz_abgelehnt(text: str) -> None:
    with pytest.raises(ValueError, match="ist kein Lauf") as fehler:
        Lauf.parse(text)
    assert str(fehler.value) == (
        f"«{text}» ist kein Lauf. Ausbezahlt wird im März und im September: 2024-03 oder 2024-09 (Ziff. 4.5.2)."
    )


@pytest.mark.parametrize(
    ("leistung", "periode", "lauf"),
    [
        (Leistung.ERST, "2017-H1", "2017-09"),
        (Leistung.ERST_DOLMETSCH, "2023-H2", "2024-03"),
        (Leistung.INTEG, "2021-H2", "None"),  # not subsidised before 2022
        (Leistung.INTEG, "2022-H1", "2022-09"),
        (Leistung.SOCKEL, "2017", "None"),
        (Leistung.SOCKEL, "2021", "None"),  # the circular names no day
        (Leistung.SOCKEL, "2022", "2022-03"),
    ],
)
def test_jeder_anspruch_hat_seinen_lauf_oder_keinen(leistung: Leistung, periode: str, lauf: str) -> None:
    assert str(lauf_von(leistung, periode)) == lauf


def test_die_laeufe_stehen_in_der_reihenfolge_der_zeit() -> None:
    assert [str(lauf) for lauf in sorted(map(Lauf.parse, ["2024-09", "2023-09", "2024-03"]))] == [
        "2023-09", "2024-03", "2024-09",
    ]  # fmt: skip


# --- the journal ----------------------------------------------------------------------------
def test_das_journal_summiert_je_anspruch_und_kennt_die_letzte_buchung() -> None:
    spaeter = date(2024, 9, 20)
    journal = Journal((buchung("2024-03", "600.00", 3), buchung("2024-09", "-400.00", 1, spaeter)))
    assert journal.staende == {POSTEN: Stand(Decimal("200.00"), 1, Decimal("200.00"), "a" * 64, spaeter)}
    assert not Stand().gebucht


def test_ein_fortgeschriebenes_journal_zaehlt_nichts_doppelt() -> None:
    journal = Journal((buchung("2024-03", "600.00", 3),), laeufe=("2024-03",))
    assert replace(journal, laeufe=("2024-03", "2024-09")).staende[POSTEN].betrag == Decimal("600.00")
    assert journal.staende[POSTEN].betrag == Decimal("600.00")


# --- what became of a Rückforderung --------------------------------------------------------
def test_am_tag_der_faelligkeit_ist_eine_rechnung_noch_nicht_ueberfaellig() -> None:
    journal = Journal(rechnungen=(("2024-03", rechnung("R-2024-03-2401", date(2024, 4, 19))),))
    (f,) = forderungen(stamm(), journal, date(2024, 4, 19))
    assert f.stand(date(2024, 4, 19)) == "in Rechnung"
    assert f.stand(date(2024, 4, 20)) == "überfällig"


def test_es_gilt_die_letzte_rechnung() -> None:
    erste = rechnung("R-2024-03-2401", date(2024, 4, 19))
    zweite = rechnung("R-2024-09-2401", date(2024, 10, 20), "200.00")
    (f,) = forderungen(stamm(), Journal(rechnungen=(("2024-03", erste), ("2024-09", zweite))), date(2024, 9, 21))
    assert f.rechnung == zweite
    assert f.faellig == date(2024, 4, 19)  # a second invoice does not make the debt younger
    assert f.stand(date(2024, 9, 21)) == "überfällig"


def test_ohne_rechnung_ist_eine_rueckforderung_offen_mit_vermerk_erneut_zu_verrechnen() -> None:
    (f,) = forderungen(stamm(), Journal(), TAG)
    assert (f.stand(TAG), f.offen) == ("offen", Decimal("400.00"))
    journal = Journal(rechnungen=(("2024-03", rechnung("R-2024-03-2401", date(2024, 4, 19))),))
    (f,) = forderungen(stamm(erneut=True), journal, TAG)
    assert (f.stand(TAG), f.offen) == ("erneut zu verrechnen", Decimal("400.00"))
    (f,) = forderungen(stamm(), journal, TAG)
    assert f.offen == 0


def test_eine_zeile_mit_der_nummer_eines_laufs_aber_fremder_gemeinde_gilt_nicht() -> None:
    journal = Journal((gebildet("2024-03", "400.00"),))
    assert list(unstimmig(stamm("2024-03-2401"), journal, TAG)) == []
    assert list(unstimmig(stamm("2024-03-2401", 2402), journal, TAG)) == [
        "Rückforderung 2024-03-2401: Das Blatt Rückforderungen nennt 400.00 von BFS-Nr. 2402, "
        "gebildet hat sie ein Lauf mit 400.00 von BFS-Nr. 2401. Es gilt der Lauf."
    ]
    (f,) = forderungen(stamm("2024-03-2401", 2402), journal, TAG)
    assert (f.bfs_nr, f.betrag) == (2401, Decimal("400.00"))
