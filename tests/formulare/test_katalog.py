"""What holds for every code, field and version of the forms."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatchcase
from pkgutil import get_data
from string import Formatter
from typing import Any

import pytest

from hilfe.formulare import alle_faelle, lade
from krs.formulare import typen
from krs.formulare.befund import Meldung, Stufe, meldungen
from krs.formulare.formular import Feld, Formular, formulare
from krs.formulare.typisieren import MODELLE

# Codes that arise elsewhere, and where they are tested.
ANDERSWO = {
    **dict.fromkeys(("E-01", "E-02", "E-03", "E-04", "E-05", "E-10", "E-11", "E-12", "E-14"), "tests/mappen"),
    **dict.fromkeys(("E-16", "E-17", "E-18", *(f"E-3{n}" for n in range(10))), "tests/eingaben"),
    **dict.fromkeys(("E-15", "E-19", *(f"E-2{n}" for n in range(9))), "tests/ablage"),
    **dict.fromkeys(("F-50", "F-51", "F-52", "F-63", "F-64", "F-65", "A2-22"), "tests/urteil"),
}
CODES = [m for m in meldungen().values() if m.code.partition("-")[0] in ("E", "F", "A2", "A3")]
FELDER = [
    pytest.param(form, feld, id=f"{form.id} {feld.schluessel}") for form in formulare() for feld in form.felder.values()
]
# entwurf 4.3: a Rückfrage comes from a closed list of rules.
RUECKFRAGEN = {
    "E-18", "E-33", "E-38", "E-39",
    "F-07", "F-50", "F-51", "F-52", "F-65", "A2-08", "A2-09", "A2-10", "A2-12", "A2-13", "A2-14", "A2-20", "A2-22",
    "A2-24", "A3-01", "A3-02", "A3-04", "A3-05", "A3-06", "A3-07", "A3-08",
}  # fmt: skip
# entwurf 4.8: an Entscheid cannot lift a Fehler of intake, identity or type; these it can.
HEBBARE_FEHLER = {"F-40", "A2-03", "A2-07", "A2-15", "A2-16"}
JE_CODE = pytest.mark.parametrize("meldung", [pytest.param(m, id=m.code) for m in CODES])


def test_jeder_code_hat_einen_fall_oder_einen_anderen_ort() -> None:
    aus_faellen = {b["code"] for _, _, fall in alle_faelle() for b in fall["befunde"]}
    aus_leer = {e["code"] for name in ("anhang2.toml", "anhang3.toml") for e in lade(name)["leer"]}
    gezeigt = aus_faellen | aus_leer
    assert gezeigt.isdisjoint(ANDERSWO)
    assert gezeigt | set(ANDERSWO) == {m.code for m in CODES}


def test_jeder_fall_hat_einen_eigenen_namen_und_eine_ziffer() -> None:
    namen = [fall["name"] for _, _, fall in alle_faelle()]
    assert len(namen) == len(set(namen))
    for _, _, fall in alle_faelle():
        assert re.fullmatch(r"[A-ZÄÖÜ«=0-9].*\.", fall["name"]), fall["name"]
        assert re.fullmatch(r"[3-6]\.\d(\.\d)?", fall["ziffer"])


def test_rueckfragen_treffen_einen_anspruch_und_hinweise_keinen() -> None:
    stufen = {m.code: m.stufe for m in CODES}
    for _, _, fall in alle_faelle():
        for befund in fall["befunde"]:
            assert befund["stufe"] == stufen[befund["code"]]
            getroffen = bool(befund.get("ansprueche"))
            if befund["stufe"] == "Rückfrage":
                assert getroffen, fall["name"]
            if befund["stufe"] == "Hinweis":
                assert not getroffen, fall["name"]


def test_die_liste_der_rueckfragen_ist_geschlossen() -> None:
    assert {m.code for m in CODES if m.stufe is Stufe.RUECKFRAGE} == RUECKFRAGEN


def test_ein_entscheid_hebt_keinen_fehler_des_eingangs_der_identitaet_oder_einer_angabe() -> None:
    assert {m.code for m in CODES if m.stufe is Stufe.FEHLER and m.hebbar} == HEBBARE_FEHLER


@JE_CODE
def test_meldungen_sind_ganze_deutsche_saetze(meldung: Meldung) -> None:
    for text in (meldung.text, meldung.warum):
        assert text.endswith((".", "}"))
        assert text == text.strip()
    for text in (meldung.titel, meldung.text, meldung.warum, meldung.beispiel, meldung.betrifft):
        assert text
        assert "ß" not in text
        assert "  " not in text
        assert not re.search(r"\b(\w{2,}) \1\b", text), text
        assert not re.search(r"(?<!\d)[\"']\w", text), "Anführungszeichen sind « und »"
    assert len(meldung.titel) <= 60
    assert re.fullmatch(r"([3-6]\.\d(\.\d)?)?", meldung.ziffer)


@JE_CODE
def test_was_eine_meldung_betrifft_passt_zu_ihrer_stufe(meldung: Meldung) -> None:
    ohne = meldung.stufe is Stufe.HINWEIS or meldung.code == "F-30"
    assert (meldung.betrifft == "keine Ansprüche") is ohne


@JE_CODE
def test_die_felder_einer_meldung_gibt_es(meldung: Meldung) -> None:
    alle = {k for form in formulare() for k in form.felder}
    for wort in re.findall(r"[a-z]\w*_[\w*]+", meldung.felder):
        assert any(fnmatchcase(k, wort) for k in alle), wort


def test_platzhalter_einer_meldung_heissen_wie_woerter() -> None:
    for meldung in CODES:
        for _, name, form, _ in Formatter().parse(meldung.text):
            assert name is None or re.fullmatch(r"[a-z_]+", name)
            assert not form


@pytest.mark.parametrize("form", formulare(), ids=lambda f: f.id)
def test_modell_und_formular_haben_dieselben_felder(form: Formular) -> None:
    modell = MODELLE[form.id]
    assert set(modell.model_fields) == {k for k, f in form.felder.items() if f.art != "berechnet"}
    arten = {
        "anzahl": typen.Anzahl, "zahl": typen.Zahl, "betrag": typen.Zahl, "anteil": typen.Anteil,
        "datum": typen.Datum, "ja_nein": typen.JaNein, "liste": None, "konstante_zahl": None,
    }  # fmt: skip
    for schluessel, feld in form.felder.items():
        if arten.get(feld.art, typen.Text) is not None and feld.art != "berechnet":
            assert modell.model_fields[schluessel].annotation == arten.get(feld.art, typen.Text), schluessel


@pytest.mark.parametrize("form", formulare(), ids=lambda f: f.id)
def test_eine_version_nennt_nur_ihre_unterschiede(form: Formular) -> None:
    daten: dict[str, Any] = tomllib.loads((get_data("krs.formulare", f"{form.id}.toml") or b"").decode())
    erste, *spaetere = daten["version"]
    assert set(erste) == {"id", "ab", "unterschied"}
    for vorher, version in zip(daten["version"], spaetere, strict=False):
        assert set(version) <= {"id", "basis", "ab", "unterschied", "neu", "entfaellt"}
        assert version["basis"] == vorher["id"]
        alt, neu = form.version(vorher["id"]), form.version(version["id"])
        assert alt is not None
        assert neu is not None
        assert set(version.get("neu", ())) == set(neu.felder) - set(alt.felder)
        assert set(version.get("entfaellt", ())) == set(alt.felder) - set(neu.felder)
    assert [v.ab for v in form.versionen] == sorted(v.ab for v in form.versionen)


@pytest.mark.parametrize(("form", "feld"), FELDER)
def test_jedes_bezahlte_feld_nennt_seinen_anspruch(form: Formular, feld: Feld) -> None:
    if feld.bezahlt:
        assert (form.nummer, feld.art, feld.pflicht) == (2, "anzahl", "ohne_nullmeldung")
        assert feld.anspruch == (feld.schluessel.rpartition("_")[0],)
    elif feld.streng:
        assert feld.anspruch
    elif feld.art == "anzahl" and form.nummer == 2:
        assert not feld.anspruch


@pytest.mark.parametrize(("form", "feld"), FELDER)
def test_hilfe_und_bezeichnung_haben_platz(form: Formular, feld: Feld) -> None:
    assert 0 < len(feld.hilfe) <= 255
    assert feld.hilfe.endswith(".")
    assert "ß" not in feld.hilfe + feld.bezeichnung
    assert len(feld.bezeichnung) <= 2 * form.spaltenbreiten[1], (
        "höchstens zwei Zeilen; die Höhe prüft tests/mappen/vorlage"
    )


@pytest.mark.parametrize(("form", "feld"), FELDER)
def test_jedes_feld_verweist_auf_eine_ziffer_und_felder_die_es_gibt(form: Formular, feld: Feld) -> None:
    assert re.fullmatch(r"[3-6]\.\d(\.\d)?", feld.ziffer)
    assert {*feld.wenn_summe, *([feld.wenn_ja] if feld.wenn_ja else [])} <= set(form.felder)
    assert bool(feld.wenn_summe or feld.wenn_ja) is (feld.pflicht == "wenn")
    if feld.leer:
        assert feld.leer in meldungen()
