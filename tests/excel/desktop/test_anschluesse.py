"""Ribbon, Subs, wrappers and help texts against the catalogues and the Python functions behind them."""

from __future__ import annotations

import doctest
import inspect
import re
import zipfile
from io import BytesIO

from lxml import etree
from xlambau import DESKTOP, basic, huellen, knoepfe, paket

from krs.excel import udf
from krs.excel.katalog import funktionen
from krs.excel.makrokatalog import makros
from krs.excel.rohwerte import HOECHSTE_ZEILEN

UI = {"c": knoepfe.NAMENSRAUM}
EIGENE = ["krs_fehler_erklaeren", "krs_python_neu", "krs_ueber"]


def _zip(addin: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(addin))


def _ribbon(addin: bytes) -> etree._Element:
    return etree.fromstring(_zip(addin).read(paket.RIBBON))


# --- ribbon ↔ Sub ↔ Python --------------------------------------------------------------------
def test_jeder_knopf_hat_sein_sub_mit_der_verlangten_signatur(addin: bytes, module: dict[str, str]) -> None:
    rufe = [str(r) for r in _ribbon(addin).xpath("//c:button/@onAction", namespaces=UI)]
    subs = re.findall(r"^Public Sub (krs_\w+)\(control As IRibbonControl\)$", "\n".join(module.values()), re.MULTILINE)
    assert rufe == [f"krs_{m.name}" for m in makros()] + EIGENE
    assert sorted(subs) == sorted(rufe)


def test_jedes_sub_ruft_ein_makro_das_python_hat(module: dict[str, str]) -> None:
    muster = r"^Public Sub krs_(\w+)\(.*\n    KrsStarte \"(\w+)\"\nEnd Sub$"
    gerufen = re.findall(muster, module["KrsKnoepfe"], re.MULTILINE)
    assert gerufen == [(m.name, m.name) for m in makros()]
    assert len(gerufen) == 11


def test_was_vba_von_python_ruft_gibt_es(module: dict[str, str]) -> None:
    code = module["KrsAufruf"]
    assert re.findall(r'MODUL As String = "([\w.]+)"', code) == ["krs.excel.udf"]
    assert sorted(re.findall(r'python\.Module\(MODUL\), "(\w+)"', code)) == ["knopf", "rufe"]
    assert list(inspect.signature(udf.knopf).parameters) == ["addin", "makro", "mappe"]
    assert list(inspect.signature(udf.rufe).parameters) == ["addin", "name", "argumente"]
    zeichen = {name: chr(int(nummer)) for name, nummer in re.findall(r"ZEICHEN_(\w+) As Long = (\d)", code)}
    assert zeichen == {"SATZ": udf.SATZ, "TAG": udf.TAG, "UMFANG": udf.UMFANG}


def test_das_register_zeigt_die_texte_des_katalogs(addin: bytes) -> None:
    ribbon = _ribbon(addin)
    assert ribbon.xpath("//c:tab/@label", namespaces=UI) == ["start.integration"]
    assert ribbon.xpath("//c:group/@label", namespaces=UI) == ["Formulare", "Zahlungen", "Funktionen", "Hilfe"]
    knopf = ribbon.xpath("//c:button", namespaces=UI)
    gezeigt = [(str(k.get("label")), str(k.get("supertip"))) for k in knopf]
    assert gezeigt[: len(makros())] == [(m.knopf, m.hilfe) for m in makros()]
    assert all(k.get("imageMso") for k in knopf)
    assert max(len(hilfe) for _, hilfe in gezeigt) <= 1024  # Office's limit for a supertip
    kennungen = [str(k) for k in ribbon.xpath("//@id")]
    assert len(set(kennungen)) == len(kennungen)


def test_das_paket_verweist_auf_das_register(addin: bytes) -> None:
    beziehungen = etree.fromstring(_zip(addin).read("_rels/.rels"))
    ziele = {str(b.get("Target")): str(b.get("Type")) for b in beziehungen}
    assert ziele["customUI/customUI14.xml"] == "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    kennungen = [b.get("Id") for b in beziehungen]
    assert len(set(kennungen)) == len(kennungen)


# --- functions --------------------------------------------------------------------------------
def test_jede_funktion_hat_ihre_huelle_mit_ihren_argumenten(module: dict[str, str]) -> None:
    huellen_ = re.findall(r"^Public Function (KRS_\w+)\((.*)\) As Variant$", module["KrsFunktionen"], re.MULTILINE)
    gefunden = {
        name: [(wahl == "Optional ", argument) for wahl, argument in re.findall(r"(Optional )?ByVal (\w+) As", kopf)]
        for name, kopf in huellen_
    }
    assert gefunden == {f.excel: [(a.freiwillig, a.name) for a in f.argumente] for f in funktionen()}


def test_jede_huelle_reicht_ihre_argumente_in_der_reihenfolge_weiter(module: dict[str, str]) -> None:
    aufrufe = re.findall(r'^    (KRS_\w+) = KrsRufe\("(\w+)", Array\((.*)\)\)$', module["KrsFunktionen"], re.MULTILINE)
    assert [(x, n, re.findall(r"KrsRohwert\((\w+)\)", a)) for x, n, a in aufrufe] == [
        (f.excel, f.name, [a.name for a in f.argumente]) for f in funktionen()
    ]


def test_jeder_deutsche_hilfetext_steht_ganz_im_modul(module: dict[str, str]) -> None:
    glatt = re.sub(r" _\n *", " ", module["KrsFunktionen"]).replace('""', "\x00")
    texte = [t.replace("\x00", '"') for t in re.findall(r'"([^"\n]*)"', glatt)]
    for f in funktionen():
        for hilfe in (f.satz, *(a.hilfe for a in f.argumente)):
            assert huellen.kurz(hilfe) in texte
            assert len(huellen.kurz(hilfe)) <= 255


def test_ein_bereich_ist_erst_zu_gross_wenn_keine_funktion_ihn_mehr_nimmt() -> None:
    assert udf.HOECHSTENS_ZELLEN > HOECHSTE_ZEILEN * 4


# --- docs -------------------------------------------------------------------------------------
def test_die_anleitung_nennt_jedes_modul(module: dict[str, str]) -> None:
    anleitung = (DESKTOP / "README.md").read_text(encoding="utf-8")
    assert [name for name in module if f"`{name}`" not in anleitung] == []


def test_die_beispiele_in_den_erklaerungen_stimmen() -> None:
    assert [tuple(doctest.testmod(modul)) for modul in (basic, huellen)] == [(0, 2), (0, 1)]
