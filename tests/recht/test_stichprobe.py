"""The sample of the spot checks (Ziff. 4.2, 4.3.1, 6): reproducible by anyone."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krs.recht.stichprobe import Einheit, einheitstext, pruefsumme, reihenfolge, ziehe, zufallszahl

# printf %s 7-2401 | sha256sum, and so on: the first 13 digits.
HEX = {2401: 0x7B152BD2249AF, 2500: 0x73EDD08462895, 2581: 0x22887A4B76377}
EGERKINGEN, TRIMBACH, OLTEN = (
    Einheit(2401, Decimal(4000)), Einheit(2500, Decimal(1000)), Einheit(2581, Decimal(8000)),
)  # fmt: skip
DREI = (EGERKINGEN, TRIMBACH, OLTEN)

GEWICHTE = st.decimals(min_value=0, max_value=1_000_000, places=2)
GESAMTHEITEN = st.dictionaries(st.integers(1, 6999), GEWICHTE, min_size=1, max_size=12).map(
    lambda d: [Einheit(nr, gewicht) for nr, gewicht in d.items()]
)
SEEDS = st.integers(0, 10**12)


def nummern(gesamtheit: list[Einheit], anzahl: int, seed: int, gewichtet: bool) -> list[int]:
    return [g.einheit.bfs_nr for g in ziehe(gesamtheit, anzahl, seed, gewichtet)]


def ziehbare(gesamtheit: list[Einheit], gewichtet: bool) -> int:
    return sum(e.gewicht > 0 or not gewichtet for e in gesamtheit)


def u(bfs_nr: int) -> Fraction:
    """Return u as a fraction, from the digits of sha256sum."""
    return Fraction(2 * HEX[bfs_nr] + 1, 2**53)


def minus_ln(x: Fraction) -> Fraction:
    """Return -ln(x) for 0 < x < 1 to 50 digits and more, by a series of fractions: ln 2 = 2 artanh(1/3)."""

    def artanh(y: Fraction) -> Fraction:
        return sum((y ** (2 * k + 1) / (2 * k + 1) for k in range(60)), Fraction(0))

    halbiert = 0
    while x < Fraction(2, 3):
        x, halbiert = 2 * x, halbiert + 1
    return 2 * halbiert * artanh(Fraction(1, 3)) + 2 * artanh((1 - x) / (1 + x))


def test_die_zahl_u_liegt_genau_in_der_mitte_ihres_abschnitts_und_nie_auf_dem_rand() -> None:
    with localcontext(prec=10):  # the programme's own context counts, not the caller's
        assert Fraction(zufallszahl("0" * 64)) == Fraction(1, 2**53)
        assert Fraction(zufallszahl("f" * 64)) == Fraction(2**53 - 1, 2**53)
        assert Fraction(zufallszahl("7b152bd2249af" + "f" * 51)) == u(2401)


def test_mit_gleichen_chancen_gewinnt_das_kleinste_u() -> None:
    # By hand: 0x22… < 0x73… < 0x7b…
    folge = reihenfolge(DREI, 7, gewichtet=False)
    assert [(g.rang, g.einheit, Fraction(g.schluessel)) for g in folge] == [
        (1, OLTEN, u(2581)), (2, TRIMBACH, u(2500)), (3, EGERKINGEN, u(2401)),
    ]  # fmt: skip


def test_nach_betrag_gewinnt_der_kleinste_schluessel_und_er_stimmt_auf_40_stellen() -> None:
    # By hand: -ln(u)/w: 0.7323/4000 = 0.000183, 2.0031/8000 = 0.000250, 0.7923/1000 = 0.000792.
    folge = reihenfolge(DREI, 7, gewichtet=True)
    assert [g.einheit for g in folge] == [EGERKINGEN, OLTEN, TRIMBACH]
    for g, grob in zip(folge, ("0.000183", "0.000250", "0.000792"), strict=True):
        assert g.schluessel.quantize(Decimal("0.000001")) == Decimal(grob)
        soll = minus_ln(u(g.einheit.bfs_nr)) / int(g.einheit.gewicht)
        assert abs(Fraction(g.schluessel) / soll - 1) < Fraction(1, 10**40)
    # The order without any logarithm: -ln(a)/v < -ln(b)/w is a^w > b^v.
    assert u(2401) ** 8 > u(2581) ** 4
    assert u(2581) ** 1 > u(2500) ** 8


def test_der_hash_ist_jener_von_startwert_strich_bfs_nummer() -> None:
    (erste, *_) = ziehe(DREI, 1, 7, gewichtet=False)
    assert erste.sha256 == hashlib.sha256(b"7-2581").hexdigest()
    assert int(erste.sha256[:13], 16) == HEX[2581]


def test_ohne_betrag_wird_nach_betrag_nie_gezogen_mit_gleichen_chancen_schon() -> None:
    ohne = [EGERKINGEN, replace(OLTEN, gewicht=Decimal("0.00")), TRIMBACH]
    assert nummern(ohne, 2, 7, gewichtet=True) == [2401, 2500]
    assert nummern(ohne, 1, 7, gewichtet=False) == [2581]


@pytest.mark.parametrize(
    ("gesamtheit", "anzahl", "seed", "gewichtet", "satz"),
    [
        (DREI, 0, 7, False, "Eine Stichprobe umfasst mindestens 1 Gemeinde, verlangt sind 0."),
        (
            DREI, 4, 7, True,
            "Verlangt sind 4 Gemeinden, in der Grundgesamtheit sind nur 3 mit einem anerkannten Betrag.",
        ),
        (DREI, 4, 7, False, "Verlangt sind 4 Gemeinden, in der Grundgesamtheit sind nur 3."),
        ((), 1, 7, False, "Verlangt ist 1 Gemeinde, in der Grundgesamtheit sind keine."),
        (DREI, 1, -1, False, "Der Startwert ist eine ganze Zahl ab 0, gelesen wurde «-1»."),
        ((OLTEN, OLTEN), 1, 7, False, "BFS-Nr. 2581 steht in der Grundgesamtheit mehr als einmal."),
        (
            (Einheit(2581, Decimal("-0.05")),), 1, 7, False,
            "Das Gewicht von BFS-Nr. 2581 ist kein Betrag ab 0, gelesen wurde «-0.05».",
        ),
        (
            (Einheit(2581, Decimal("NaN")),), 1, 7, True,
            "Das Gewicht von BFS-Nr. 2581 ist kein Betrag ab 0, gelesen wurde «NaN».",
        ),
    ],
)  # fmt: skip
def test_was_nicht_geht_sagt_ein_satz(
    gesamtheit: tuple[Einheit, ...], anzahl: int, seed: int, gewichtet: bool, satz: str
) -> None:
    with pytest.raises(ValueError, match=r"\.$") as fehler:
        ziehe(gesamtheit, anzahl, seed, gewichtet)
    assert str(fehler.value) == satz


def test_die_pruefsumme_haengt_am_betrag_und_nicht_an_seiner_schreibweise() -> None:
    # printf '2500;1000\n2581;8000.5' | sha256sum
    soll = hashlib.sha256(b"2500;1000\n2581;8000.5").hexdigest()
    assert pruefsumme([Einheit(2581, Decimal("8000.50")), TRIMBACH]) == soll
    assert pruefsumme([Einheit(2500, Decimal("1E+3")), Einheit(2581, Decimal("8000.5"))]) == soll
    assert pruefsumme([TRIMBACH, OLTEN]) != soll
    assert einheitstext(Einheit(2549, Decimal("0.00"))) == "2549;0"


@given(GESAMTHEITEN, SEEDS, st.booleans(), st.randoms(use_true_random=False))
def test_die_reihenfolge_der_eingabe_aendert_nichts(
    gesamtheit: list[Einheit], seed: int, gewichtet: bool, zufall: Random
) -> None:
    gemischt = [*gesamtheit]
    zufall.shuffle(gemischt)
    assert reihenfolge(gemischt, seed, gewichtet) == reihenfolge(gesamtheit, seed, gewichtet)
    assert pruefsumme(gemischt) == pruefsumme(gesamtheit)


@given(GESAMTHEITEN, SEEDS, st.booleans())
def test_eine_groessere_stichprobe_enthaelt_die_kleinere_und_keine_gemeinde_zweimal(
    gesamtheit: list[Einheit], seed: int, gewichtet: bool
) -> None:
    alle = [g.einheit.bfs_nr for g in reihenfolge(gesamtheit, seed, gewichtet)]
    assert len(set(alle)) == len(alle) == ziehbare(gesamtheit, gewichtet)
    for anzahl in range(1, len(alle) + 1):
        assert nummern(gesamtheit, anzahl, seed, gewichtet) == alle[:anzahl]


@given(GESAMTHEITEN, SEEDS, st.data())
def test_wer_mehr_betrag_hat_wird_nicht_spaeter_gezogen_und_die_andern_behalten_ihre_ordnung(
    gesamtheit: list[Einheit], seed: int, daten: st.DataObject
) -> None:
    nummer = daten.draw(st.integers(0, len(gesamtheit) - 1))
    mehr = replace(gesamtheit[nummer], gewicht=gesamtheit[nummer].gewicht + daten.draw(GEWICHTE))
    schwerer = [mehr if e.bfs_nr == mehr.bfs_nr else e for e in gesamtheit]
    vorher = [g.einheit.bfs_nr for g in reihenfolge(gesamtheit, seed, gewichtet=True)]
    nachher = [g.einheit.bfs_nr for g in reihenfolge(schwerer, seed, gewichtet=True)]
    if mehr.bfs_nr in vorher:
        assert nachher.index(mehr.bfs_nr) <= vorher.index(mehr.bfs_nr)
    assert [n for n in nachher if n != mehr.bfs_nr] == [n for n in vorher if n != mehr.bfs_nr]


@given(GESAMTHEITEN, SEEDS, GEWICHTE)
def test_mit_gleichen_chancen_zaehlt_der_betrag_nicht(gesamtheit: list[Einheit], seed: int, gewicht: Decimal) -> None:
    gleich = [replace(e, gewicht=gewicht) for e in gesamtheit]
    assert nummern(gleich, len(gleich), seed, gewichtet=False) == nummern(
        gesamtheit, len(gleich), seed, gewichtet=False
    )
