"""The manifest: what Office reads before anything of ours runs."""

from __future__ import annotations

import re
import runpy
import struct
import uuid
from pathlib import Path

import pytest
from lxml import etree

from excel.seitenhilfe import BASIS, seite
from krs import __version__
from krs.excel.makrokatalog import makros
from krs.excel.server.projekt import MANIFEST_ID, statische

WURZEL = Path(__file__).parents[2]
O = "{http://schemas.microsoft.com/office/appforoffice/1.1}"  # noqa: E741 the namespace's usual letter
V = "{http://schemas.microsoft.com/office/taskpaneappversionoverrides}"
B = "{http://schemas.microsoft.com/office/officeappbasictypes/1.0}"
GROESSEN = (16, 32, 64, 80)


def manifest(*, entra: bool = False) -> etree._Element:
    return etree.fromstring(seite("manifest.xml", entra=entra).encode())


def quellen(m: etree._Element) -> dict[str, str]:
    """Return every resource by its id; an id stands once."""
    alle = [
        (e.get("id", ""), e.get("DefaultValue", ""))
        for e in m.iter(f"{B}Image", f"{B}Url", f"{B}String")
        if e.get("id")
    ]
    assert len({name for name, _ in alle}) == len(alle)
    return dict(alle)


def datei(adresse: str) -> Path:
    """Return the file behind an address of ours."""
    assert adresse.startswith(f"{BASIS}/static/")
    return statische()[adresse.removeprefix(f"{BASIS}/static/")]


def test_kopf_und_reihenfolge_sind_wie_office_sie_verlangt() -> None:
    m = manifest()
    assert [etree.QName(e).localname for e in m if isinstance(e.tag, str)] == [
        "Id", "Version", "ProviderName", "DefaultLocale", "DisplayName", "Description", "IconUrl",
        "HighResolutionIconUrl", "SupportUrl", "AppDomains", "Hosts", "Requirements", "DefaultSettings", "Permissions",
        "VersionOverrides",
    ]  # fmt: skip
    assert m.findtext(f"{O}Id") == MANIFEST_ID
    assert uuid.UUID(MANIFEST_ID).version == 4
    assert m.findtext(f"{O}Version") == f"1.{__version__}"  # Office takes no version below 1.0
    assert m.findtext(f"{O}DefaultLocale") == "de-CH"
    assert m.find(f"{O}DisplayName").get("DefaultValue") == "start.integration"  # type: ignore[union-attr]
    assert m.findtext(f"{O}Permissions") == "ReadWriteDocument"


def test_jeder_verweis_auf_eine_quelle_fuehrt_zu_einer_und_jede_quelle_wird_gebraucht() -> None:
    m = manifest()
    assert {e.get("resid") for e in m.iter() if e.get("resid")} == set(quellen(m))


def test_jeder_befehl_hat_seinen_knopf_in_seiner_gruppe_und_kein_knopf_ist_uebrig() -> None:
    m, q = manifest(), quellen(manifest())
    gruppen = {}
    for gruppe in m.iter(f"{V}Group"):
        knoepfe = [k for k in gruppe.iter(f"{V}Control") if k.find(f"{V}Action/{V}FunctionName") is not None]
        gruppen[q[gruppe.find(f"{V}Label").get("resid", "")]] = [  # type: ignore[union-attr]
            (k.findtext(f"{V}Action/{V}FunctionName"), q[k.find(f"{V}Label").get("resid", "")])  # type: ignore[union-attr]
            for k in knoepfe
        ]
    erwartet: dict[str, list[tuple[str | None, str]]] = {"Übersicht": []}
    for makro in makros():
        erwartet.setdefault(makro.gruppe, []).append((makro.name, makro.knopf))
    assert gruppen == erwartet


def test_der_erste_knopf_oeffnet_den_aufgabenbereich() -> None:
    aktionen = manifest().findall(f".//{V}Action")
    arten = [a.get("{http://www.w3.org/2001/XMLSchema-instance}type") for a in aktionen]
    assert arten == ["ShowTaskpane", *["ExecuteFunction"] * len(makros())]


def test_ribbon_js_gibt_jedem_befehl_der_seite_eine_funktion() -> None:
    skript = statische()["js/ribbon.js"].read_text("utf-8")
    assert 'getElementById("krs-makros")' in skript
    assert "for (const { name } of makros)" in skript
    assert "Office.actions.associate(name," in skript
    assert "ereignis.completed()" in skript


def test_kennungen_stehen_einmal() -> None:
    ids = [e.get("id") for e in manifest().iter(f"{V}CustomTab", f"{V}Group", f"{V}Control")]
    assert len(set(ids)) == len(ids)


def test_funktionen_haben_keinen_vorsatz() -> None:
    assert list(manifest().iter(f"{V}Namespace")) == []


def test_alle_adressen_sind_unsere_und_verschluesselt() -> None:
    m = manifest()
    werte = [w for e in m.iter() if isinstance(e.tag, str) for w in (e.get("DefaultValue", ""), e.text or "")]
    adressen = [w for w in werte if "://" in w]
    assert adressen
    assert [a for a in adressen if not a.startswith(BASIS)] == []


def test_symbole_sind_da_und_haben_ihre_groesse() -> None:
    m = manifest()
    genannt = {(name, wert) for name, wert in quellen(m).items() if wert.endswith(".png")}
    genannt |= {("32", m.find(f"{O}IconUrl").get("DefaultValue", ""))}  # type: ignore[union-attr]
    genannt |= {("64", m.find(f"{O}HighResolutionIconUrl").get("DefaultValue", ""))}  # type: ignore[union-attr]
    for name, adresse in genannt:
        kante = int(name.rsplit(".", 1)[-1])
        assert struct.unpack(">II", datei(adresse).read_bytes()[16:24]) == (kante, kante)


@pytest.mark.parametrize("symbol", sorted({m.symbol for m in makros()} | {"krs", "bereich"}))
def test_jedes_symbol_gibt_es_in_vier_groessen(symbol: str) -> None:
    for kante in GROESSEN:
        bild = statische()[f"images/icons/{symbol}-{kante}.png"].read_bytes()
        assert bild[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", bild[16:24]) == (kante, kante)


def test_die_symbole_sind_was_das_skript_zeichnet() -> None:
    skript = runpy.run_path(str(WURZEL / "scripts" / "symbole.py"))
    for name, lagen in skript["SYMBOLE"].items():
        assert skript["zeichne"](lagen, 16) == statische()[f"images/icons/{name}-16.png"].read_bytes()


def test_texte_sind_kurz_genug_fuer_office_und_deutsch() -> None:
    m = manifest()
    kurz = [e.get("DefaultValue", "") for e in m.iterfind(f".//{B}ShortStrings/{B}String")]
    lang = [e.get("DefaultValue", "") for e in m.iterfind(f".//{B}LongStrings/{B}String")]
    assert len(kurz) == len(makros()) + len({x.gruppe for x in makros()}) + 3
    assert len(lang) == len(makros()) + 1
    assert [t for t in kurz if not 0 < len(t) <= 125] == []
    assert [t for t in lang if not 0 < len(t) <= 250] == []
    assert [
        t for t in (*kurz, *lang) if "ß" in t or re.search(r"\b(the|and|show|click|group|task pane)\b", t, re.I)
    ] == []


def test_anmeldung_bei_microsoft_steht_nur_darin_wo_sie_eingerichtet_ist() -> None:
    assert list(manifest().iter(f"{V}WebApplicationInfo")) == []
    (block,) = manifest(entra=True).iter(f"{V}WebApplicationInfo")
    client = "c0ffee00-0000-4000-8000-000000000002"
    assert [block.findtext(f"{V}Id"), block.findtext(f"{V}Resource")] == [client, f"api://krs.so.ch/{client}"]
    assert [s.text for s in block.iter(f"{V}Scope")] == ["openid", "profile"]
