"""What the other parts take from the Stammdaten."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from krs import daten
from krs.formulare.kontext import Grenzen
from krs.recht import BestandUnklar, Halbjahr, Leistung, auslaender
from krs.stammdaten.plan import blaetter, blatt, einstellungen_plan
from krs.stammdaten.stammdaten import Einstellungen, Kredit, Stammdaten, Tabelle, lies_stammdaten
from krs.stammdaten.zeilen import MODELLE, Frist
from stammdaten.hilfe import tabelle, tabellen

DATEI = Path(__file__).parents[1] / "faelle" / "stammdaten.toml"
ALLES = tomllib.loads(DATEI.read_text(encoding="utf-8"), parse_float=Decimal)


@pytest.fixture(scope="module")
def gut() -> Stammdaten:
    return lies_stammdaten(tabellen(ALLES["fall"][0], ALLES["ausgangslage"]))[0]


def lies(kennung: str, *zeilen: dict[str, object]) -> Stammdaten:
    fall = {"zeilen": {blatt(kennung).name: zeilen}}
    return lies_stammdaten(tabellen(fall, ALLES["ausgangslage"]))[0]


def test_spalten_und_typisierte_zeilen_haben_dieselben_felder() -> None:
    for plan in blaetter():
        felder = (
            set(MODELLE[plan.id].model_fields) - {"zellen", "uebernommen"} if plan.id in MODELLE else {"name", "wert"}
        )
        assert felder == {s.id for s in plan.spalten}, plan.name
    assert {e.id for e in einstellungen_plan()} == set(Einstellungen.model_fields) - {"zellen"}


def test_jede_spalte_hat_eine_notiz_und_pflicht_steht_darin() -> None:
    for plan in blaetter():
        for spalte in plan.spalten:
            if plan.id != "einstellungen":
                assert spalte.notiz.startswith("Pflicht.") is spalte.pflicht, (plan.name, spalte.titel)
            assert spalte.notiz.endswith((".", ")"))
    assert all(len(e.notiz) <= 255 and len(e.titel) <= 32 for e in einstellungen_plan())


def test_gebiet_bestand_und_tarife_gehen_an_das_recht(gut: Stammdaten) -> None:
    assert gut.gebiet.leitgemeinde(2402, date(2020, 6, 30)) == 2401
    assert gut.gebiet.empfaenger(2402, date(2022, 3, 31)) == 2402
    assert auslaender(gut.bestand, gut.gebiet, 2430, 2021).anzahl == 134
    assert gut.tarife[Leistung.SOCKEL].am(date(2025, 1, 1)).ansatz == Decimal("7.125")


def test_die_volle_zeile_einer_gemeinde_gilt_am_tag(gut: Stammdaten) -> None:
    damals, heute = gut.gemeinde(2402, date(2020, 6, 30)), gut.gemeinde(2402, date(2024, 6, 30))
    assert damals is not None
    assert heute is not None
    assert (damals.beteiligt_bis, heute.beteiligt_bis) == (date(2021, 12, 31), None)
    assert gut.gemeinde(2999) is None


def test_eine_gemeinde_traegt_iban_und_adresse(gut: Stammdaten) -> None:
    gemeinde = gut.gemeinde(2401)
    assert gemeinde is not None
    assert (gemeinde.iban, gemeinde.strasse, gemeinde.hausnummer, gemeinde.plz, gemeinde.ort) == (
        "CH9300762011623852957",
        "Bahnhofstrasse",
        "22",
        4622,
        "Egerkingen",
    )
    assert gemeinde.zelle("iban").adresse == "M2"


def test_einstellungen_gelten_mit_ihren_vorgaben(gut: Stammdaten) -> None:
    werte = gut.einstellungen
    assert werte.grenzen == Grenzen(Decimal("2.50"), 20)
    assert werte.publikationsgrenze == 5
    assert werte.neuberechnung == ((2022, "neuer Ansatz"), (2023, "Bestand berichtigt"))
    assert (werte.gefuehrt(Halbjahr(2023, 2)), werte.gefuehrt(Halbjahr(2024, 1))) == (False, True)
    assert werte.zelle("gefuehrt_ab").adresse == "B3"


def test_ohne_gefuehrt_ab_zaehlen_alle_perioden() -> None:
    assert Einstellungen().gefuehrt(Halbjahr(2017, 1))


def test_betraege_sind_genau(gut: Stammdaten) -> None:
    kredit = gut.kredit_von(2024)
    assert kredit is not None
    assert str(kredit.kredit) == "1150000.50"
    assert gut.kredit_von(2019) is None
    binaer = lies("kredit", {"Jahr": 2024, "Kredit": Decimal("1234.5500000000002")})
    assert str(binaer.kredit[0].kredit) == "1234.55"


@pytest.mark.parametrize("betrag", ["1.005", "NaN", "1e9", "-0.01", "zwölf", "1,2,3"])
def test_was_kein_betrag_in_rappen_ist_wird_nicht_gerundet(betrag: str) -> None:
    assert not lies("kredit", {"Jahr": 2024, "Kredit": betrag}).kredit


def test_ein_widerspruch_im_bestand_haelt_den_sockelbeitrag_zurueck() -> None:
    zeilen = [
        {"BFS-Nr.": 2401, "Stichtag": date(2022, 12, 31), "Anzahl": n, "Quelle": "Kantonale Statistik"} for n in (1, 2)
    ]
    stammdaten = lies("bestand", *zeilen)
    with pytest.raises(BestandUnklar):
        auslaender(stammdaten.bestand, stammdaten.gebiet, 2401, 2024)


def test_ueberschriften_duerfen_vertauscht_und_anders_geschrieben_sein() -> None:
    plan = blatt("kredit")
    normal = tabelle(plan, [{"Jahr": 2024, "Kredit": 100}])
    kopf = tuple(reversed(normal.kopf))
    umgekehrt = Tabelle(" kredit", kopf, tuple(tuple(reversed(z)) for z in normal.zeilen))
    blaetter_ = {**tabellen({}, ALLES["ausgangslage"]), "Kredit": normal}
    del blaetter_["Kredit"]
    stammdaten, befunde = lies_stammdaten({**blaetter_, " kredit": umgekehrt})
    assert befunde == ()
    assert [(k.jahr, k.kredit) for k in stammdaten.kredit] == [(2024, Decimal("100.00"))]


def test_ein_befund_nennt_datei_und_gemeinde() -> None:
    fall = {"zeilen": {"Ausländerbestand": [{"BFS-Nr.": 2401, "Anzahl": "viele"}]}}
    befund = lies_stammdaten(tabellen(fall, ALLES["ausgangslage"]), "Alt.xlsx")[1][0]
    assert (befund.datei, befund.bfs_nr, befund.gemeinde, befund.feld) == ("Alt.xlsx", 2401, "Egerkingen", "Stichtag")


def test_eine_kurze_zeile_hat_leere_zellen() -> None:
    voll = tabelle(blatt("kredit"), [{"Jahr": 2024, "Kredit": 100}])
    kurz = Tabelle("Kredit", voll.kopf, (voll.zeilen[0][:1],))
    befunde = lies_stammdaten({**tabellen({}, ALLES["ausgangslage"]), "Kredit": kurz})[1]
    assert [b.meldung for b in befunde] == [
        "Kredit: Die Pflichtangabe «Kredit» ist leer. Ergänzen Sie die Zelle; bis dahin wird die Zeile nicht"
        " verwendet. (S-05)"
    ]


def test_zeilen_sind_streng_und_unveraenderlich() -> None:
    with pytest.raises(ValidationError):
        Kredit(jahr="2024", kredit=Decimal(1))  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        Kredit(jahr=2024, kredit=Decimal(1)).jahr = 2025  # type: ignore[misc]


def test_die_mitgelieferten_gemeinden_sind_vollzaehlig() -> None:
    for jahr, anzahl in ((2017, 109), (2021, 107), (2024, 106), (2026, 104)):
        tag = date(jahr, 1, 1)
        bestehen = [g for g in daten.gemeinden() if (g.gueltig_ab or tag) <= tag <= (g.gueltig_bis or date.max)]
        assert len(bestehen) == anzahl, jahr
    nummern = {g.bfs_nr for g in daten.gemeinden()}
    assert {p.bfs_nr for p in daten.plz()} | {s.bfs_nr for s in daten.auslaender_schaetzung()} <= nummern
    assert {g.nachfolgerin for g in daten.gemeinden() if g.gueltig_bis} <= nummern


INHALT = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=20),
    st.dates(),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12),
    st.sampled_from(["2024-H1", "2024", "Anhang 2", "anerkennen", "A2-09", "Sockelbeitrag", "AB", "31.12.2022"]),
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_was_auch_immer_in_den_zellen_steht_es_gibt_einen_befund_statt_eines_absturzes(data: st.DataObject) -> None:
    plan = data.draw(st.sampled_from(blaetter()))
    zeilen = data.draw(st.lists(st.fixed_dictionaries({s.titel: INHALT for s in plan.spalten}), max_size=4))
    stammdaten, befunde = lies_stammdaten(tabellen({"zeilen": {plan.name: zeilen}}, ALLES["ausgangslage"]))
    assert stammdaten.gebiet.name(2401)
    assert stammdaten.tarife[Leistung.ERST]
    assert all(b.meldung.endswith(")") for b in befunde)


def test_die_spaeteste_erstreckte_frist_gilt() -> None:
    """docs/entscheide/57: from its Datum on, for one or for all; the circular's is the least."""
    zeile = {"formular": "Anhang 2", "periode": "2024-H1", "grund": "Ferien", "visum": "AB"}
    s = Stammdaten(
        fristen=(
            Frist(neue_frist=date(2024, 8, 9), datum=date(2024, 7, 20), **zeile),
            Frist(bfs_nr=2401, neue_frist=date(2024, 8, 16), datum=date(2024, 8, 1), **zeile),
            Frist(bfs_nr=2401, neue_frist=date(2024, 8, 2), datum=date(2024, 8, 5), **zeile),
        )
    )
    wann = [date(2024, 7, 19), date(2024, 7, 20), date(2024, 8, 1), date(2024, 8, 31)]
    assert [s.frist(2401, "Anhang 2", "2024-H1", t) for t in wann] == [
        date(2024, 7, 31), date(2024, 8, 9), date(2024, 8, 16), date(2024, 8, 16),
    ]  # fmt: skip
    assert [s.frist(2402, "Anhang 2", "2024-H1", t) for t in wann] == [date(2024, 7, 31), *[date(2024, 8, 9)] * 3]
    assert s.frist(2401, "Anhang 3", "2024", wann[3]) == date(2024, 1, 31)
