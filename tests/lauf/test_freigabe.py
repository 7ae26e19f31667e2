"""What stands in the way of a release: its day, whole sentences, each once (entwurf 4.5)."""

from __future__ import annotations

from datetime import date

import pytest

from krs.formulare.befund import Akte, Befund, melde
from krs.lauf.freigabe import hindernisse, kuenftig
from krs.lauf.kennung import Lauf
from krs.lauf.plan import Laufplan
from krs.urteil.urteil import Urteil
from urteil.hilfe import urteil

HEUTE = date(2024, 3, 20)


def plan(tag: date, valuta: date | None = None, lauf: str = "2024-03") -> Laufplan:
    kennung = Lauf.parse(lauf)
    return Laufplan(kennung, tag, valuta or kennung.valuta, (), (), ())


@pytest.mark.parametrize(
    ("tag", "heute", "saetze"),
    [
        (date(2024, 3, 20), HEUTE, ()),
        (date(2024, 1, 1), HEUTE, ()),
        (date(2024, 5, 2), date(2024, 5, 2), ()),  # late
        (date(2024, 3, 28), HEUTE,  # what comes until then, the run would not know
         ("Der Tag des Laufs, 28.03.2024, liegt in der Zukunft. Nennen Sie einen anderen mit --datum.",)),
        (date(2042, 3, 20), HEUTE,
         ("Der Tag des Laufs, 20.03.2042, liegt in der Zukunft. Nennen Sie einen anderen mit --datum.",)),
    ],
)  # fmt: skip
def test_ein_lauf_ist_nicht_von_einem_kuenftigen_tag(tag: date, heute: date, saetze: tuple[str, ...]) -> None:
    """A slip in a year, once released, would refuse every run before it."""
    assert tuple(kuenftig(plan(tag), heute)) == saetze


def test_ein_lauf_beginnt_hoechstens_zwei_monate_vor_seinem_monat() -> None:
    satz = "Der Lauf 2024-03 liegt mehr als 2 Monate nach dem Tag des Laufs, dem 31.12.2023."
    assert satz in hindernisse(plan(date(2023, 12, 31)), leer(), [])
    assert not [h for h in hindernisse(plan(date(2024, 1, 1)), leer(), []) if "Monate" in h]


def leer() -> Urteil:
    return urteil({"stichtag": HEUTE, "gemeinden": [2402]})


def fehler(nummer: int) -> Befund:
    return melde(Akte(f"Datei {nummer}"), "E-10", grund=str(nummer))


@pytest.mark.parametrize("anzahl", [3, 4, 23])
def test_gleiche_fehler_der_stammdaten_sind_ab_vieren_ein_satz(anzahl: int) -> None:
    """As `krs lauf` lists them above; others keep a sentence each."""
    viele, anderer = [fehler(n) for n in range(anzahl)], melde(Akte("Datei"), "E-15", grund="x")
    ohne, saetze = hindernisse(plan(HEUTE), leer(), []), hindernisse(plan(HEUTE), leer(), [*viele, anderer])
    assert saetze[0] == "Im Lauf 2024-03 gibt es nichts auszuzahlen, zu verrechnen oder in Rechnung zu stellen."
    einzeln = [f"Stammdaten, {b.meldung}" for b in viele]
    erwartet = einzeln if anzahl == 3 else [f"Stammdaten, {anzahl} × E-10, zuerst {viele[0].meldung}"]
    assert [s for s in saetze if s not in ohne] == [*erwartet, f"Stammdaten, {anderer.meldung}"]


@pytest.mark.parametrize("valuta", [date(2024, 3, 19), date(2017, 1, 1)])
def test_der_zahltag_liegt_nicht_vor_dem_lauf(valuta: date) -> None:
    assert (
        f"Der Zahltag {valuta:%d.%m.%Y} liegt vor dem Tag des Laufs 20.03.2024. "
        "Nennen Sie einen späteren: --valuta JJJJ-MM-TT."
    ) in hindernisse(plan(HEUTE, valuta), leer(), [])
    assert not [h for h in hindernisse(plan(HEUTE, HEUTE), leer(), []) if "Zahltag" in h]
