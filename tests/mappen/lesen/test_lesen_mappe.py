"""A field is found by its name, wherever it went and whichever program saved the file (entwurf 4.2, 6)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from functools import reduce

import pytest
from lxml import etree

from eingaben.bauen import (
    MAPPE,
    RELS,
    STRICT,
    TRANSITIONAL,
    ausgefuellt,
    ersatz,
    geteilte_texte,
    gezeigt,
    meldung,
    namen,
    ort,
    packen,
    teile,
    umbau,
    umbenannt,
    verschoben,
    vorlage,
    weiter,
    zelle,
)
from krs.formulare.eingabe import Eingabe
from krs.formulare.formular import formular
from krs.formulare.identitaet import zuordnen
from krs.mappen.lesen.adresse import spaltenname
from krs.mappen.lesen.formular import Abgewiesen, alle_zellen, lesen

GUT = ausgefuellt()
ERST = ort("erst_einzelpersonen")
NEU = "Füllen Sie die Vorlage neu aus, ohne Zeilen, Spalten oder Namen zu löschen."


def gelesen(daten: bytes) -> Eingabe:
    return lesen(daten, "Formular.xlsx")


def abgewiesen(daten: bytes) -> tuple[str, str]:
    with pytest.raises(Abgewiesen) as fehler:
        gelesen(daten)
    return gezeigt(fehler.value.befund(""))


def werte(eingabe: Eingabe) -> tuple[object, object]:
    """Return all values without their places."""
    felder = {k: z.wert for k, z in eingabe.felder.items()}
    listen = {k: [[z.wert for z in zeile] for zeile in zeilen] for k, zeilen in eingabe.listen.items()}
    return felder, listen


def plus_eins(treffer: re.Match[str]) -> str:
    return f"{treffer[1]}{int(treffer[2]) + 1}"


def blaetter_umgekehrt(xml: bytes) -> bytes:
    blaetter = re.findall(rb"<sheet [^>]*/>", xml)
    return re.sub(rb"<sheets>.*</sheets>", b"<sheets>" + b"".join(reversed(blaetter)) + b"</sheets>", xml)


def mit_praefix(xml: bytes) -> bytes:
    return re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", xml).replace(b' xmlns="', b' xmlns:x="')


def strikt(xml: bytes) -> bytes:
    return xml.replace(TRANSITIONAL.encode(), STRICT.encode()).replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


def ohne_orte(xml: bytes) -> bytes:
    """Leave out what can be counted: fill the gaps with empty rows and cells first."""
    wurzel = etree.fromstring(xml)
    ns = f"{{{TRANSITIONAL}}}"
    daten = wurzel.find(ns + "sheetData")
    assert daten is not None
    reihen = {int(r.get("r") or 0): r for r in daten}
    for nummer in range(1, max(reihen) + 1):
        alt = reihen.get(nummer, etree.Element(ns + "row"))
        zellen = {c.get("r"): c for c in alt}
        neu = etree.SubElement(daten, ns + "row")
        for spalte in range(1, 8):
            adresse = f"{spaltenname(spalte)}{nummer}"
            c = zellen.get(adresse, etree.Element(ns + "c"))
            c.attrib.pop("r", None)
            neu.append(c)
        if alt.getparent() is not None:
            daten.remove(alt)
    return etree.tostring(wurzel)


def utf16(xml: bytes) -> bytes:
    return xml.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


@pytest.mark.parametrize(
    "speichern",
    [
        pytest.param(geteilte_texte, id="gemeinsame Texte"),
        pytest.param(lambda d: umbau(d, alle=strikt), id="strict"),
        pytest.param(lambda d: umbau(d, mappe=mit_praefix, blatt=mit_praefix, kenn=mit_praefix), id="Präfix"),
        pytest.param(lambda d: umbau(geteilte_texte(d), texte=mit_praefix), id="Präfix der Texte"),
        pytest.param(lambda d: umbau(d, blatt=ohne_orte), id="ohne Orte"),
        pytest.param(lambda d: umbau(d, alle=utf16), id="UTF-16"),
        pytest.param(lambda d: packen(teile(d), zipfile.ZIP_STORED), id="ungepackt"),
        pytest.param(lambda d: packen(dict(reversed(teile(d).items()))), id="andere Reihenfolge"),
        pytest.param(lambda d: packen({k.replace("/", "\\"): v for k, v in teile(d).items()}), id="Rückstriche"),
        pytest.param(lambda d: packen({k.upper(): v for k, v in teile(d).items()}), id="Grossbuchstaben"),
        pytest.param(lambda d: packen({"/" + k: v for k, v in teile(d).items()}), id="Striche am Anfang"),
        pytest.param(
            lambda d: umbau(d, rels=ersatz('Target="worksheets/', 'Target="/xl/worksheets/')), id="absolute Ziele"
        ),
        pytest.param(
            lambda d: umbau(d, rels=ersatz('Target="worksheets/', 'Target="\\xl\\worksheets\\')), id="Ziele mit \\"
        ),
        pytest.param(
            lambda d: umbau(d, rels=ersatz('Target="worksheets/', 'Target="../xl/./worksheets/')), id="Ziele mit .."
        ),
        pytest.param(lambda d: packen({k: v for k, v in teile(d).items() if k != "_rels/.rels"}), id="ohne .rels"),
        pytest.param(lambda d: umbau(d, mappe=ersatz('"Reporting"', '"Reporting" state="hidden"')), id="versteckt"),
        pytest.param(lambda d: umbau(d, mappe=ersatz(' state="veryHidden"', "")), id="_krs sichtbar"),
        pytest.param(lambda d: umbau(d, mappe=blaetter_umgekehrt), id="Blätter verschoben"),
    ],
)  # fmt: skip
def test_jede_art_zu_speichern_wird_gleich_gelesen(speichern: Callable[[bytes], bytes]) -> None:
    assert gelesen(speichern(GUT)) == gelesen(GUT)


@pytest.mark.parametrize("name", ["Juli 2024", "Reporting (2)", "Kopie von Olten's Reporting", "報告", "A1"])
def test_ein_umbenanntes_blatt_wird_gefunden(name: str) -> None:
    eingabe = gelesen(umbenannt(GUT, name))
    assert werte(eingabe) == werte(gelesen(GUT))
    assert eingabe.felder["datum"].blatt == name


@pytest.mark.parametrize(("zeilen", "spalten"), [(1, 0), (0, 1), (3, 24), (900, 0)])
def test_eingefuegte_zeilen_und_spalten_verschieben_nur_den_ort(zeilen: int, spalten: int) -> None:
    eingabe = gelesen(verschoben(GUT, zeilen, spalten))
    assert werte(eingabe) == werte(gelesen(GUT))
    assert eingabe.felder["erst_einzelpersonen"].adresse == weiter(ERST, zeilen, spalten)


def test_eine_zeile_mitten_in_der_liste_verlaengert_sie() -> None:
    erste = int(ort("sprachen")[1:])
    laenger = umbau(GUT, mappe=lambda xml: namen(xml, lambda o: re.sub(rf"(\$B\${erste}:.*\$)(\d+)", plus_eins, o)))
    alt, neu = gelesen(GUT).listen["sprachen"], gelesen(laenger).listen["sprachen"]
    assert (neu[: len(alt)], len(neu)) == (alt, len(alt) + 1)


def breitere_liste(daten: bytes) -> bytes:
    """Return the form with a column put into its list: the name reaches one further."""
    return umbau(daten, mappe=lambda xml: namen(xml, lambda o: o.replace(":$C$", ":$D$")))


def test_eine_leere_spalte_mitten_in_der_liste_wird_uebergangen() -> None:
    erste = int(ort("sprachen")[1:])
    zellen = [zelle(f"C{erste}", "", ""), zelle(f"C{erste + 1}", "", "")]
    zellen += [zelle(f"D{erste}", "", "<v>4</v>"), zelle(f"D{erste + 1}", "", "<v>2</v>")]
    eingabe = gelesen(breitere_liste(umbau(GUT, blatt=lambda xml: reduce(lambda x, z: z(x), zellen, xml))))
    assert werte(eingabe) == werte(gelesen(GUT))
    assert [z.adresse[0] for z in eingabe.listen["sprachen"][0]] == ["B", "D"]
    leeren = [zelle(f"D{erste}", "", ""), zelle(f"D{erste + 1}", "", "")]
    leer = umbau(vorlage(), blatt=lambda xml: reduce(lambda x, z: z(x), leeren, xml))
    assert gelesen(breitere_liste(leer)) == gelesen(vorlage())


@pytest.mark.parametrize(
    "ziel", ["Reporting!$B$40:$B$44", "Reporting!$B$40:$D$44", "Reporting!$B$2:$C$1048576", "Reporting!$B$40:$XFD$44"]
)
def test_eine_liste_mit_anderen_spalten_fehlt(ziel: str) -> None:
    gefuellt = ersatz("</sheetData>", "".join(f'<row><c r="{s}41"><v>1</v></c></row>' for s in "BCD") + "</sheetData>")
    ohne = umbau(GUT, blatt=lambda xml: gefuellt(re.sub(rb'<c r="[BCD]41"[^>]*?(/>|>.*?</c>)', b"", xml)))
    daten = umbau(ohne, mappe=lambda xml: namen(xml, lambda o: ziel if ":" in o else o))
    assert gelesen(daten).fehlende == ("sprachen",)


@pytest.mark.parametrize(
    "ziel",
    ["#REF!", "Reporting!#REF!", "", "Fehlt!$C$21", "[1]Reporting!$C$21", "OFFSET(Reporting!$A$1,1,1)", "Reporting!C:C",
     "Reporting!$C$21,Reporting!$C$22", "Reporting!$XFDX$1", "'" * 10_000, "Reporting!$C$99999999"],
)  # fmt: skip
def test_ein_geloeschtes_feld_wird_genannt(ziel: str) -> None:
    muster = rb'(<definedName name="(?:erst_familien|datum)">)[^<]*'
    eingabe = gelesen(umbau(GUT, mappe=lambda xml: re.sub(muster, lambda m: m.group(1) + ziel.encode(), xml)))
    assert set(eingabe.fehlende) == {"datum", "erst_familien"}
    assert not {"datum", "erst_familien"} & set(eingabe.felder)
    befund = zuordnen(eingabe).befund
    assert befund is not None
    assert gezeigt(befund) == (
        "E-08",
        f"In der Arbeitsmappe fehlen 2 Felder: {fehlend(eingabe)}. {NEU} (Ziff. 5.2, E-08)",
    )


def fehlend(eingabe: Eingabe) -> str:
    felder = formular("anhang2").felder
    return " und ".join(f"«{felder[k].voll}»" for k in eingabe.fehlende)


def test_fehlen_alle_namen_werden_die_ersten_genannt() -> None:
    eingabe = gelesen(umbau(GUT, mappe=lambda xml: re.sub(rb"<definedNames>.*</definedNames>", b"", xml)))
    befund = zuordnen(eingabe).befund
    assert befund is not None
    assert befund.code == "E-08"
    assert f" und {len(eingabe.fehlende) - 5} weitere" in befund.meldung


def test_namen_eines_kopierten_blattes_gelten_nicht() -> None:
    kopie = '<definedName name="erst_einzelpersonen" localSheetId="1">Nachweis!$A$1</definedName>'
    for stelle in ("<definedNames>", "</definedNames>"):
        neu = stelle + kopie if stelle.startswith("<d") else kopie + stelle
        assert gelesen(umbau(GUT, mappe=ersatz(stelle, neu))) == gelesen(GUT)


def test_ein_feld_auf_einem_anderen_blatt_wird_dort_gelesen() -> None:
    woanders = umbau(GUT, mappe=lambda xml: re.sub(rb'("kontakt_name">)[^<]*', rb"\1Nachweis!$A$1", xml))
    gefunden = gelesen(woanders).felder["kontakt_name"]
    assert (gefunden.blatt, gefunden.adresse) == ("Nachweis", "A1")
    assert gefunden == alle_zellen(GUT, "x.xlsx", "Nachweis".__eq__)[0]["Nachweis"][1, 1]


def test_zeilen_ohne_ort_zaehlen_ab_der_letzten_mit_ort() -> None:
    zeilen = '<row r="90"><c r="C90"><v>1</v></c><c/><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>'
    zellen, _ = alle_zellen(umbau(GUT, blatt=ersatz("</sheetData>", zeilen)), "x.xlsx", "Reporting".__eq__)
    gefunden = {z.adresse: z.wert for (zeile, _), z in zellen["Reporting"].items() if zeile >= 90}
    assert gefunden == {"C90": 1, "E90": 2, "A91": 3}


@pytest.mark.parametrize("adresse", ["C0", "21", "ABCD1", "C21:C22", "C\u0661", "XFE1", "C1048577", "R21C3"])
def test_ein_ungueltiger_ort_ist_eine_beschaedigte_datei(adresse: str) -> None:
    daten = umbau(GUT, blatt=ersatz("</sheetData>", f'<row><c r="{adresse}"><v>1</v></c></row></sheetData>'))
    with pytest.raises(Abgewiesen) as fehler:
        alle_zellen(daten, "x.xlsx", lambda _: True)
    assert gezeigt(fehler.value.befund("")) == meldung("E-04", "eine Zelle hat keinen gültigen Ort")


@pytest.mark.parametrize("adresse", ["h90", "$H$90", "H090", " H90 "])
def test_ein_anders_geschriebener_ort_wird_gelesen(adresse: str) -> None:
    daten = umbau(GUT, blatt=ersatz("</sheetData>", f'<row><c r="{adresse}"><v>1</v></c></row></sheetData>'))
    zellen, _ = alle_zellen(daten, "x.xlsx", "Reporting".__eq__)
    assert (zellen["Reporting"][90, 8].adresse, zellen["Reporting"][90, 8].wert) == ("H90", 1)


def test_alle_zellen_nennt_jedes_gewaehlte_blatt_und_den_nulltag() -> None:
    zellen, nulltag = alle_zellen(GUT, "x.xlsx", lambda _: True)
    assert list(zellen) == ["Reporting", "Nachweis", "Erläuterungen", "_krs"]
    assert zellen["_krs"][3, 2].wert == "2581"
    assert zellen["Reporting"][int(ERST[1:]), 3].wert == Decimal(8)
    assert not any(z.leer for z in zellen["Reporting"].values())
    assert nulltag.isoformat() == "1899-12-30"
    assert list(alle_zellen(GUT, "x.xlsx", "_krs".__eq__)[0]) == ["_krs"]


def test_ein_diagrammblatt_hat_keine_zellen() -> None:
    daten = packen({**teile(GUT), "xl/worksheets/sheet2.xml": f'<chartsheet xmlns="{TRANSITIONAL}"/>'.encode()})
    assert list(alle_zellen(daten, "x.xlsx", lambda _: True)[0]) == ["Reporting", "Erläuterungen", "_krs"]
    assert gelesen(daten) == gelesen(GUT)


def test_eine_fremde_mappe_ist_keine_vorlage() -> None:
    assert abgewiesen(umbau(GUT, mappe=ersatz('name="_krs"', 'name="krs"'))) == meldung("E-05")
    assert abgewiesen(umbau(GUT, kenn=zelle("B1", "", ""))) == meldung("E-05")
    eigene = {MAPPE, RELS, "_rels/.rels"}
    ohne = {k: re.sub(rb"<sheet [^>]*/>", b"", v) for k, v in teile(GUT).items() if k in eigene}
    assert abgewiesen(packen(ohne)) == meldung("E-05")


def test_ein_anderes_dokument_ist_keine_arbeitsmappe() -> None:
    brief = {"_rels/.rels": teile(GUT)["_rels/.rels"], MAPPE: b'<w:document xmlns:w="w"/>'}
    assert abgewiesen(packen(brief)) == meldung("E-01")
    assert abgewiesen(packen({"[Content_Types].xml": b"<Types/>"})) == meldung("E-01")


def test_zwei_blaetter_gleichen_namens_sind_eine_beschaedigte_datei() -> None:
    daten = umbau(GUT, mappe=ersatz('name="Nachweis"', 'name="_krs"'))
    assert abgewiesen(daten) == meldung("E-04", "ein Blatt kommt doppelt vor")


@pytest.mark.parametrize(
    ("adresse", "inhalt", "code"),
    [("B1", "anhang9", "E-06"), ("B2", "2099-01", "E-06"), ("B4", "2024-H2", "E-09"), ("B7", "0", "E-09")],
)
def test_eine_veraenderte_kennzeichnung_wird_gesehen(adresse: str, inhalt: str, code: str) -> None:
    daten = umbau(GUT, kenn=zelle(adresse, 't="str"', f"<v>{inhalt}</v>"))
    befund = zuordnen(gelesen(daten)).befund
    assert befund is not None
    assert befund.code == code


def test_zahlen_im_versteckten_blatt_gelten_wie_text() -> None:
    daten = umbau(GUT, kenn=zelle("B3", "", "<v>2581</v>"))
    assert gelesen(daten) == gelesen(GUT)


def test_ein_leeres_formular_wird_mit_leeren_zellen_gelesen() -> None:
    eingabe = gelesen(vorlage())
    assert all(eingabe.felder[k].leer for k in ("erst_einzelpersonen", "nullmeldung", "bestaetigung"))
    assert eingabe.fehlende == ()
