"""Whatever stands in a cell: Befunde, never an exception (entwurf 6: nothing crashes, nothing is silently empty)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hilfe.formulare import Lage, eingabe, gutes_formular, kontext
from krs.formulare.eingabe import Eingabe, Zelle
from krs.formulare.formular import Formular, Version, formulare
from krs.formulare.identitaet import zuordnen
from krs.formulare.pruefen import pruefe, typisiere

TEXTE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["NaN", "inf", "-0", "1e9", "%", "20%", "3'000", "Ja", "nein", "erfüllt", "Aufgabe 2", "31.02.2024", "##", "½",
         "٣", "756.1234.5678.97", "\x00", "\u200b", "=1+1", "a@b.ch", "{x}", "9" * 400, "aufgabe 4" + " und 5" * 200]
    ),
)  # fmt: skip
ZAHLEN = st.one_of(
    st.integers(-3, 30).map(Decimal),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.sampled_from([Decimal("1E+29"), Decimal("1E-29"), Decimal("-0"), Decimal("sNaN"), Decimal(7561234567897)]),
)
WERTE = st.one_of(st.none(), TEXTE, ZAHLEN, st.booleans(), st.dates(), st.just(datetime(2024, 1, 1, 12)))  # noqa: DTZ001
FORMELN = st.one_of(
    st.none(), st.sampled_from(["5+7", "TRUE()", "", "[1]A!A1", "A[b]", "'[x]y'!A1", "x|y"]), st.text(max_size=9)
)
FEHLER = st.one_of(st.none(), st.none(), st.sampled_from(["#REF!", "#N/A", "Err:502", ""]))
VERSIONEN = [pytest.param(f, v, id=f"{f.id} {v.id}") for f in formulare() for v in f.versionen]


def zellen(blatt: str, adresse: str) -> st.SearchStrategy[Zelle]:
    return st.builds(Zelle, st.just(blatt), st.just(adresse), WERTE, FORMELN, FEHLER)


@st.composite
def eingaben(zieh: st.DrawFn, form: Formular, version: Version) -> Eingabe:
    periode = {"2017-01": "2017", "2018-07": "2019", "2022-01": "2024"}[version.id]
    lage = Lage(form, version, f"{periode}-H1" if form.nummer == 2 else periode, gutes_formular(form, version))
    gut = eingabe(lage)
    felder: dict[str, Zelle] = dict(gut.felder)
    for schluessel in zieh(st.lists(st.sampled_from(sorted(form.felder)), min_size=1, max_size=12)):
        alt = felder.get(schluessel, Zelle())
        felder[schluessel] = zieh(zellen(alt.blatt, alt.adresse))
    listen = {
        k: tuple(
            tuple(zieh(zellen(z.blatt, z.adresse)) for z in zeile[: zieh(st.integers(0, 3))]) for zeile in zeilen[:3]
        )
        for k, zeilen in gut.listen.items()
    }
    return replace(gut, felder=felder, listen=zieh(st.sampled_from([gut.listen, listen, {}])))


@pytest.mark.parametrize(("form", "version"), VERSIONEN)
def test_kein_inhalt_einer_zelle_bringt_die_pruefung_zum_absturz(form: Formular, version: Version) -> None:
    @settings(max_examples=200, derandomize=True, deadline=None, database=None)
    @given(eingaben(form, version))
    def pruefen(ein: Eingabe) -> None:
        z = zuordnen(ein)
        assert z.formular is not None
        assert z.version is not None
        lage = Lage(form, version, z.akte.periode, {}, kontext={"vorperiode": "x", "eingang": date(2024, 2, 1)})
        gelesen = typisiere(ein, z.akte, z.formular, z.version)
        befunde = pruefe(gelesen, kontext(lage, z.akte, ein))
        assert befunde == pruefe(gelesen, kontext(lage, z.akte, ein))
        for befund in befunde:
            sichtbar: dict[str, Any] = befund.als_dict()
            assert "756.1234.5678.97" not in repr(sichtbar)
            assert "7561234567897" not in repr(sichtbar)
        nichts_verschwindet(ein, gelesen.modell.model_dump(), {b.feld for b in befunde})

    pruefen()


def nichts_verschwindet(ein: Eingabe, modell: dict[str, Any], gemeldet: set[str]) -> None:
    """A cell that holds something is either in the model or named in a Befund."""
    for schluessel, zelle in ein.felder.items():
        if not zelle.leer and schluessel != "sockelbeitrag" and modell.get(schluessel) is None:
            assert schluessel in gemeldet, (schluessel, zelle)
