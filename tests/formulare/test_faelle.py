"""The cases that an officer can read: tests/faelle/gemeinsam.toml, anhang2.toml, anhang3.toml."""

from __future__ import annotations

import re
from typing import Any

import pytest

from hilfe.formulare import alle_faelle, erwartet, gezeigt, gutes_formular, lade, lage, urteile
from krs.formulare.befund import Befund
from krs.formulare.formular import Formular, Version, formular, formulare

FAELLE = [pytest.param(daten, fall, id=fall["name"]) for _, daten, fall in alle_faelle()]
LEER = [
    pytest.param(daten, eintrag, id=f"{daten['formular']} {eintrag.get('periode', '')} {eintrag['feld']} leer")
    for daten in (lade("anhang2.toml"), lade("anhang3.toml"))
    for eintrag in daten["leer"]
]
AHV = re.compile(r"(?<!\d)7561234567897")
VERSIONEN = [pytest.param(f, v, id=f"{f.id} {v.id}") for f in formulare() for v in f.versionen]


def ort_und_klausel(befund: Befund) -> None:
    """Sheet, cell and clause stand in the text as they stand in the columns."""
    ort = f"{befund.blatt}!{befund.zelle}: " if befund.zelle else ""
    klausel = f"Ziff. {befund.ziffer}, {befund.code}" if befund.ziffer else befund.code
    assert befund.meldung.startswith(ort)
    assert befund.meldung.endswith(f" ({klausel})")


@pytest.mark.parametrize(("daten", "fall"), FAELLE)
def test_fall(daten: dict[str, Any], fall: dict[str, Any]) -> None:
    eine = lage(daten, fall)
    eingabe, gelesen, befunde = urteile(eine)
    assert [gezeigt(b) for b in befunde] == [erwartet(b) for b in fall["befunde"]]
    if fall["befunde"]:
        assert fall["ziffer"] in {b.ziffer for b in befunde}
    for befund in befunde:
        ort_und_klausel(befund)
        assert (befund.datei, befund.periode) == (eingabe.datei, eingabe.kennung.periode)
        assert befund.formular == ("" if eingabe.kennung.formular == "anhang9" else eine.formular.name)
        assert (befund.gemeinde, str(befund.bfs_nr or "")) == (eingabe.kennung.gemeinde, eingabe.kennung.bfs_nr)
    for feld, wert in fall.get("gelesen", {}).items():
        assert gelesen is not None
        assert gelesen.modell.wert(feld) == (None if wert == "" else wert)
    assert not AHV.search(re.sub(r"[^\w']", "", repr((befunde, gelesen))))


@pytest.mark.parametrize(("daten", "eintrag"), LEER)
def test_ein_leeres_feld_ist_genau_ein_befund(daten: dict[str, Any], eintrag: dict[str, Any]) -> None:
    feld = eintrag["feld"]
    fall = eintrag | {"werte": eintrag.get("werte", {}) | {feld: ""}}
    for leer in ("", "  ", " \t "):
        fall["werte"][feld] = leer
        _, gelesen, befunde = urteile(lage(daten, fall))
        assert gelesen is not None
        assert gelesen.modell.wert(feld) is None
        assert [gezeigt(b) | {"wert": ""} for b in befunde] == [erwartet(eintrag)]


@pytest.mark.parametrize(("form", "version"), VERSIONEN)
def test_jedes_feld_hat_seinen_fall_fuer_leer(form: Formular, version: Version) -> None:
    daten = lade(f"{form.id}.toml")
    mit_befund = {e["feld"] for e in daten["leer"]}
    frei = set(daten["leer_erlaubt"])
    assert mit_befund.isdisjoint(frei)
    eingaben = {f.schluessel for f in form.felder_von(version) if f.eingabe}
    assert eingaben <= mit_befund | frei


@pytest.mark.parametrize(("form", "version"), VERSIONEN)
def test_was_leer_sein_darf_gibt_keinen_befund(form: Formular, version: Version) -> None:
    daten = lade(f"{form.id}.toml")
    periode = {"2017-01": "2017", "2018-07": "2019", "2022-01": "2024"}[version.id]
    fall: dict[str, Any] = {"periode": f"{periode}-H1" if form.nummer == 2 else periode}
    frei = {k: [] if form.felder[k].art == "liste" else "" for k in daten["leer_erlaubt"] if k in version.felder}
    null = {"erst_dolmetsch_einzelpersonen": 0, "erst_dolmetsch_familien": 0, "erst_dolmetsch_gruppen": 0}
    null |= {k.replace("erst", "integ"): 0 for k in null}
    fall["werte"] = frei | ({k: v for k, v in null.items() if k in version.felder} if form.nummer == 2 else {})
    assert urteile(lage(daten, fall))[2] == ()


@pytest.mark.parametrize(("form", "version"), VERSIONEN)
def test_das_gute_formular_gibt_keinen_befund(form: Formular, version: Version) -> None:
    periode = {"2017-01": "2017-H1", "2018-07": "2019-H1", "2022-01": "2022-H1"}[version.id]
    fall = {"periode": periode if form.nummer == 2 else periode[:4], "formular": form.id}
    daten = lade(f"{form.id}.toml")
    _, gelesen, befunde = urteile(lage(daten, fall))
    assert befunde == ()
    assert gelesen is not None
    assert {k for k in gutes_formular(form, version) if gelesen.modell.wert(k) in (None, ())} == set(
        daten["leer_im_guten"]
    ) & set(version.felder)


def test_formular_und_faelle_nennen_dieselben_felder() -> None:
    for name in ("anhang2", "anhang3"):
        daten = lade(f"{name}.toml")
        genannt = {k for fall in daten["fall"] for k in fall.get("werte", {})} | set(daten["gut"])
        assert genannt <= set(formular(name).felder)
