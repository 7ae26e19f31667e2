"""The sender's own workbook comes back with the cells marked: nothing lost, nothing else changed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from lxml import etree
from openpyxl import load_workbook

import krs.demo
from eingaben.bauen import BLATT, MAPPE, RELS, STRICT, TRANSITIONAL, ausgefuellt, geteilte_texte, packen, umbau
from eingaben.gefahren import mit_bild
from krs.formulare.befund import Akte, melde
from krs.mappen.antwort.blatt import rueckmeldung_mappe
from krs.mappen.antwort.einfuegen import NichtTragbar, annotiert, antwort
from krs.mappen.antwort.marken import BEDINGUNG
from krs.mappen.lesen.formular import Abgewiesen, lesen
from krs.schreiben.rueckmeldung import Rueckmeldung
from mappen.antwort.hilfe import (
    ABSENDER,
    NS,
    ahv,
    entscheid,
    fehler,
    hinweis,
    rueckfrage,
    rueckmeldung,
    teile,
    texte,
)

GUT = ausgefuellt()
UNSER = "xl/worksheets/rueckmeldung1.xml"
LIBREOFFICE = sorted((Path(krs.demo.__file__).parent / "libreoffice").glob("*.xlsx"))
ABSCHNITTE = ("conditionalFormatting", "legacyDrawing")


def mit_praefix(xml: bytes) -> bytes:
    return re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", xml).replace(b' xmlns="', b' xmlns:x="')


def strikt(xml: bytes) -> bytes:
    return xml.replace(TRANSITIONAL.encode(), STRICT.encode()).replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


def utf16(xml: bytes) -> bytes:
    return xml.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


def ohne_unseres(xml: bytes) -> bytes:
    """Return a sheet without what a feedback may change in it."""
    wurzel = etree.fromstring(xml)
    for kind in [k for k in wurzel if etree.QName(k).localname in ABSCHNITTE]:
        wurzel.remove(kind)
    for sicht in wurzel.iter("{*}sheetView"):
        sicht.attrib.pop("tabSelected", None)
    return etree.tostring(wurzel, method="c14n")


def bedingungen(xml: bytes) -> dict[str, tuple[str, str]]:
    """Return the conditions of a sheet: cells → formula and rank."""
    wurzel = etree.fromstring(xml)
    regeln = ((k, k[0]) for k in wurzel.iter("{*}conditionalFormatting"))
    return {k.get("sqref") or "": (r.findtext("{*}formula") or "", r.get("priority") or "") for k, r in regeln}


SPEICHERN: list[object] = [
    pytest.param(lambda d: d, id="wie ausgefüllt"),
    pytest.param(geteilte_texte, id="gemeinsame Texte"),
    pytest.param(lambda d: umbau(d, alle=strikt), id="strict"),
    pytest.param(lambda d: umbau(d, mappe=mit_praefix, blatt=mit_praefix, kenn=mit_praefix), id="Präfix"),
    pytest.param(lambda d: umbau(d, alle=utf16), id="UTF-16"),
    pytest.param(lambda d: packen(teile(d), zipfile.ZIP_STORED), id="ungepackt"),
    pytest.param(lambda d: packen(dict(reversed(teile(d).items()))), id="andere Reihenfolge"),
    pytest.param(lambda d: packen({k.replace("/", "\\"): v for k, v in teile(d).items()}), id="Rückstriche"),
    pytest.param(lambda d: packen({k.upper(): v for k, v in teile(d).items()}), id="Grossbuchstaben"),
]


@pytest.mark.parametrize("speichern", SPEICHERN)
def test_das_zurueckgeschickte_formular_liest_sich_wie_das_eingereichte(speichern: Callable[[bytes], bytes]) -> None:
    daten = speichern(GUT)
    neu = annotiert(daten, rueckmeldung(), ABSENDER)
    assert lesen(neu, "Olten.xlsx") == lesen(daten, "Olten.xlsx")


@pytest.mark.parametrize("speichern", SPEICHERN)
def test_eine_zweite_rueckmeldung_ersetzt_die_erste_spurlos(speichern: Callable[[bytes], bytes]) -> None:
    einmal = annotiert(speichern(GUT), rueckmeldung(), ABSENDER)
    assert annotiert(einmal, rueckmeldung(), ABSENDER) == einmal


@pytest.mark.parametrize("speichern", SPEICHERN)
def test_kein_teil_aendert_sich_ohne_grund(speichern: Callable[[bytes], bytes]) -> None:
    alt = teile(speichern(GUT))
    neu = teile(annotiert(packen(alt), rueckmeldung(), ABSENDER))
    anders = {n.replace("\\", "/").lower() for n in alt if neu[n] != alt[n]}
    assert anders == {"[content_types].xml", RELS, MAPPE, "xl/styles.xml", BLATT}
    assert sorted(set(neu) - set(alt)) == [
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/worksheets/_rels/sheet1.xml.rels",
        UNSER,
    ]
    blatt = next(n for n in alt if n.replace("\\", "/").lower() == BLATT)
    assert ohne_unseres(neu[blatt]) == ohne_unseres(alt[blatt])


@pytest.mark.parametrize("pfad", LIBREOFFICE, ids=lambda p: p.name)
def test_von_libreoffice_gespeicherte_formulare_bleiben_wie_sie_sind(pfad: Path) -> None:
    daten = pfad.read_bytes()
    blatt = next(iter(load_workbook(BytesIO(daten)).sheetnames))
    r = rueckmeldung(fehler(blatt=blatt))
    neu = annotiert(daten, r, ABSENDER)
    assert lesen(neu, pfad.name) == lesen(daten, pfad.name)
    assert annotiert(neu, r, ABSENDER) == neu
    alt, jetzt = teile(daten), teile(neu)
    anders = {n for n in alt if alt[n] != jetzt[n]}
    assert anders == {"[Content_Types].xml", RELS, MAPPE, "xl/styles.xml", BLATT}
    assert ohne_unseres(jetzt[BLATT]) == ohne_unseres(alt[BLATT])


def test_unser_blatt_ist_das_erste_und_als_einziges_gewaehlt() -> None:
    buch = load_workbook(BytesIO(annotiert(GUT, rueckmeldung(), ABSENDER)))
    assert buch.sheetnames == ["Rückmeldung", "Reporting", "Nachweis", "Erläuterungen", "_krs"]
    assert buch.active.title == "Rückmeldung"
    assert [b.title for b in buch if b.sheet_view.tabSelected] == ["Rückmeldung"]


def test_namen_die_zu_einem_blatt_gehoeren_bleiben_bei_ihm() -> None:
    vorher, nachher = load_workbook(BytesIO(GUT)), load_workbook(BytesIO(annotiert(GUT, rueckmeldung(), ABSENDER)))
    for blatt in vorher:
        assert nachher[blatt.title].print_title_rows == blatt.print_title_rows
        assert nachher[blatt.title].print_area == blatt.print_area
    assert set(nachher.defined_names) - set(vorher.defined_names) == {"_krs_rueckmeldung"}
    assert nachher.defined_names["_krs_rueckmeldung"].hidden
    assert nachher["Rückmeldung"].print_title_rows is not None


def test_jede_betroffene_zelle_ist_markiert_und_traegt_eine_notiz() -> None:
    neu = annotiert(GUT, rueckmeldung(), ABSENDER)
    assert bedingungen(teile(neu)[BLATT]) == {"C21": (BEDINGUNG, "1"), "B40": (BEDINGUNG, "2")}
    blatt = load_workbook(BytesIO(neu))["Reporting"]
    assert blatt["C21"].comment.author == ABSENDER
    assert blatt["C21"].comment.text == (
        "Rückmeldung start.integration\n"
        "Fehler: «acht» ist bei «mit Einzelpersonen» nicht möglich. Erfassen Sie die Anzahl als ganze Zahl von 0 bis"
        " 9'999.\n"
        "Gelesen: acht (Ziff. 4.3.2, F-21)\n"
        "Hinweis: Gespräche: 8, in 2023-H2 3. Bitte prüfen Sie die Zahl; stimmt sie, ist nichts zu tun.\n"
        "Gelesen: acht (Ziff. 4.2, A2-21)"
    )
    assert [c.coordinate for reihe in blatt.iter_rows() for c in reihe if c.comment] == ["C21", "B40"]


def test_eine_liste_fuehrt_von_unserem_blatt_zu_den_zellen() -> None:
    blatt = load_workbook(BytesIO(annotiert(GUT, rueckmeldung(), ABSENDER)))["Rückmeldung"]
    ziele = {c.value: c.hyperlink.location for reihe in blatt.iter_rows() for c in reihe if c.hyperlink}
    assert ziele == {"Reporting!C21": "'Reporting'!C21", "Reporting!B40": "'Reporting'!B40"}


def test_was_der_kanton_entschieden_hat_ist_nicht_mehr_markiert() -> None:
    r = rueckmeldung(fehler(), (rueckfrage(), entscheid(rueckfrage())))
    assert list(bedingungen(teile(annotiert(GUT, r, ABSENDER))[BLATT])) == ["C21"]


def test_die_formate_der_zellen_bleiben_und_unsere_kommen_hinzu() -> None:
    vorher, nachher = load_workbook(BytesIO(GUT)), load_workbook(BytesIO(annotiert(GUT, rueckmeldung(), ABSENDER)))
    for blatt in vorher:
        for zelle in (z for reihe in blatt.iter_rows() for z in reihe):
            neu = nachher[blatt.title][zelle.coordinate]
            assert (repr(neu.font), repr(neu.fill), repr(neu.border)) == (
                repr(zelle.font), repr(zelle.fill), repr(zelle.border),
            )  # fmt: skip
            assert neu.number_format == zelle.number_format
    assert nachher["Rückmeldung"]["A2"].font.sz == 18
    assert nachher["Rückmeldung"]["A2"].font.name == "Arial"


def test_jeder_teil_des_blatts_steht_an_seinem_platz() -> None:
    wurzel = etree.fromstring(teile(annotiert(GUT, rueckmeldung(), ABSENDER))[BLATT])
    namen = [etree.QName(k).localname for k in wurzel]
    assert namen[-8:] == [
        "conditionalFormatting", "conditionalFormatting", "dataValidations", "printOptions", "pageMargins",
        "pageSetup", "headerFooter", "legacyDrawing",
    ]  # fmt: skip


def test_unsere_texte_stehen_im_blatt_selbst_die_tabelle_der_texte_bleibt() -> None:
    neu = teile(annotiert(GUT, rueckmeldung(), ABSENDER))
    assert texte(neu[UNSER])[1] == "Olten"
    assert not [c for c in etree.fromstring(neu[UNSER]).iter(NS + "c") if c.get("t") == "s"]


def test_ein_fremdes_blatt_rueckmeldung_bleibt() -> None:
    daten = umbau(GUT, mappe=lambda x: x.replace(b'name="Nachweis"', 'name="RÜCKMELDUNG"'.encode()).replace(
        b"Nachweis!", "RÜCKMELDUNG!".encode()))  # fmt: skip
    einmal = annotiert(daten, rueckmeldung(), ABSENDER)
    namen = ["Rückmeldung (2)", "Reporting", "RÜCKMELDUNG", "Erläuterungen", "_krs"]
    assert load_workbook(BytesIO(einmal)).sheetnames == namen
    assert annotiert(einmal, rueckmeldung(), ABSENDER) == einmal


def test_unser_blatt_wird_auch_umbenannt_und_verschoben_gefunden() -> None:
    daten = annotiert(GUT, rueckmeldung(), ABSENDER)
    buch = load_workbook(BytesIO(daten))
    buch["Rückmeldung"].title = "gelesen"
    buch.move_sheet("gelesen", 2)
    buch.defined_names["_krs_rueckmeldung"].attr_text = "gelesen!$A$1"
    puffer = BytesIO()
    buch.save(puffer)
    neu = load_workbook(BytesIO(annotiert(puffer.getvalue(), rueckmeldung(), ABSENDER)))
    assert neu.sheetnames == ["Rückmeldung", "Reporting", "Nachweis", "Erläuterungen", "_krs"]


def test_berichtigt_die_gemeinde_eine_zelle_verschwinden_deren_marke_und_notiz() -> None:
    erste = annotiert(GUT, rueckmeldung(), ABSENDER)
    zweite = annotiert(erste, rueckmeldung(rueckfrage()), ABSENDER)
    assert bedingungen(teile(zweite)[BLATT]) == {"B40": (BEDINGUNG, "1")}
    notizen = [
        c.coordinate for reihe in load_workbook(BytesIO(zweite))["Reporting"].iter_rows() for c in reihe if c.comment
    ]
    assert notizen == ["B40"]
    assert teile(zweite)["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") == 1


def test_ist_alles_berichtigt_bleibt_im_formular_nichts_zurueck() -> None:
    erste = annotiert(GUT, rueckmeldung(), ABSENDER)
    leer = Rueckmeldung("Olten.xlsx", "", rueckmeldung().akte, None, None, ())
    zweite = teile(annotiert(erste, leer, ABSENDER))
    assert [n for n in zweite if "comments" in n or "vml" in n or "sheet1.xml.rels" in n] == []
    assert ohne_unseres(zweite[BLATT]) == ohne_unseres(teile(GUT)[BLATT])
    assert bedingungen(zweite[BLATT]) == {}
    assert b"legacyDrawing" not in zweite[BLATT]


# --- what the sender added ----------------------------------------------------------------------
def mit_eigenen_zusaetzen() -> bytes:
    """Return the form with a note on a cell that we mark, a note elsewhere, and a condition of the sender's."""
    from openpyxl.comments import Comment  # noqa: PLC0415 only here
    from openpyxl.formatting.rule import CellIsRule  # noqa: PLC0415
    from openpyxl.styles import PatternFill  # noqa: PLC0415

    buch = load_workbook(BytesIO(GUT))
    blatt = buch["Reporting"]
    blatt["C21"].comment = Comment("Bitte Anna fragen", "Kanzlei")
    blatt["C22"].comment = Comment("stimmt", "Kanzlei")
    gruen = PatternFill(bgColor="00FF00", fill_type="solid")
    blatt.conditional_formatting.add("C21:C23", CellIsRule("greaterThan", ["5"], fill=gruen))
    puffer = BytesIO()
    buch.save(puffer)
    return puffer.getvalue()


def test_notizen_der_gemeinde_bleiben_unsere_kommen_dazu_und_gehen_wieder() -> None:
    eigene = mit_eigenen_zusaetzen()
    erste = annotiert(eigene, rueckmeldung(), ABSENDER)
    blatt = load_workbook(BytesIO(erste))["Reporting"]
    assert blatt["C21"].comment.text.startswith("Bitte Anna fragen\n\nRückmeldung start.integration\nFehler: ")
    assert (blatt["C22"].comment.text, blatt["C22"].comment.author) == ("stimmt", "Kanzlei")
    assert blatt["B40"].comment.text.startswith("Rückmeldung start.integration\nRückfrage: ")
    assert annotiert(erste, rueckmeldung(), ABSENDER) == erste
    leer = Rueckmeldung("Olten.xlsx", "", rueckmeldung().akte, None, None, ())
    blatt = load_workbook(BytesIO(annotiert(erste, leer, ABSENDER)))["Reporting"]
    notizen = {c.coordinate: c.comment.text for reihe in blatt.iter_rows() for c in reihe if c.comment}
    assert notizen == {"C21": "Bitte Anna fragen", "C22": "stimmt"}


def test_die_rahmen_zweier_notizen_haben_nie_dieselbe_kennung() -> None:
    neu = teile(annotiert(mit_eigenen_zusaetzen(), rueckmeldung(), ABSENDER))
    vml = next(inhalt for name, inhalt in neu.items() if "vml" in name.lower())
    kennungen = [s.get("id") for s in etree.fromstring(vml).iter("{urn:schemas-microsoft-com:vml}shape")]
    assert len(kennungen) == len(set(kennungen)) == 3


def test_unsere_marken_gehen_den_bedingungen_der_gemeinde_vor() -> None:
    regeln = bedingungen(teile(annotiert(mit_eigenen_zusaetzen(), rueckmeldung(), ABSENDER))[BLATT])
    assert {k: rang for k, (_, rang) in regeln.items()} == {"C21:C23": "3", "C21": "1", "B40": "2"}


def test_ein_gespraech_in_excel_wird_nicht_angetastet() -> None:
    inhalt = teile(mit_eigenen_zusaetzen())
    name = next(n for n in inhalt if "comment" in n and n.endswith(".xml"))
    inhalt[name] = inhalt[name].replace(b"<author>Kanzlei</author>", b"<author>tc={A}</author>")
    erste = annotiert(packen(inhalt), rueckmeldung(), ABSENDER)
    for daten in (erste, annotiert(erste, rueckmeldung(), ABSENDER)):
        blatt = load_workbook(BytesIO(daten))["Reporting"]
        assert blatt["C21"].comment.text == "Bitte Anna fragen"
        assert blatt["B40"].comment is not None


def test_fremde_teile_bleiben_byte_fuer_byte() -> None:
    neu = teile(annotiert(mit_bild(), rueckmeldung(), ABSENDER))
    alt = teile(mit_bild())
    beruehrt = {BLATT, MAPPE, RELS, "[Content_Types].xml", "xl/styles.xml", "xl/worksheets/_rels/sheet1.xml.rels"}
    assert {n: neu[n] for n in alt.keys() - beruehrt} == {n: alt[n] for n in alt.keys() - beruehrt}


# --- what cannot be done ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("zusatz", "teil"),
    [
        ({"_xmlsignatures/sig1.xml": b"<a/>"}, "eine digitale Signatur"),
        ({"xl/revisions/revisionHeaders.xml": b"<a/>"}, "das Änderungsprotokoll einer freigegebenen Arbeitsmappe"),
        ({"xl/vbaProject.bin": b"\x00Makro\xff"}, "Makros"),
        ({"xl/macrosheets/sheet1.xml": b"<a/>"}, "Makros"),
        ({"xl/styles.xml": b"<styleSheet"}, "ein Teil, der nicht lesbar ist («xl/styles.xml»)"),
        (
            {"xl/styles.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><styleSheet/>'},
            "ein Teil, der nicht lesbar ist («xl/styles.xml»)",
        ),
    ],
)
def test_was_sich_nicht_treu_erhalten_laesst_geht_in_eine_eigene_mappe(zusatz: dict[str, bytes], teil: str) -> None:
    daten = packen(teile(GUT) | zusatz)
    with pytest.raises(NichtTragbar) as grund:
        annotiert(daten, rueckmeldung(), ABSENDER)
    assert grund.value.teil == teil
    satz = f"Ihre Arbeitsmappe konnte nicht markiert werden ({teil}); die Zellen sind unten genannt."
    assert antwort(daten, rueckmeldung(), ABSENDER) == (rueckmeldung_mappe(rueckmeldung(), ABSENDER, satz), satz)


def test_rahmen_von_notizen_die_kein_xml_sind_werden_nicht_angefasst() -> None:
    inhalt = teile(mit_eigenen_zusaetzen())
    name = next(n for n in inhalt if "vml" in n.lower())
    inhalt[name] = b"<xml><br></xml>"
    with pytest.raises(NichtTragbar) as grund:
        annotiert(packen(inhalt), rueckmeldung(), ABSENDER)
    assert grund.value.teil == f"ein Teil, der nicht lesbar ist («{name.lower()}»)"


def test_eine_mappe_mit_ahv_nummer_kommt_nie_zurueck() -> None:
    r = rueckmeldung(fehler(), ahv())
    satz = (
        "Ihre Arbeitsmappe enthält eine AHV-Nummer und kommt deshalb nicht zurück. Löschen Sie die Nummer in Ihrer"
        " eigenen Fassung; melden Sie nur Anzahlen, keine Angaben zu einzelnen Personen."
    )
    assert antwort(GUT, r, ABSENDER) == (rueckmeldung_mappe(r, ABSENDER, satz), satz)
    with pytest.raises(NichtTragbar):
        annotiert(GUT, r, ABSENDER)


def test_zu_einer_datei_die_kein_formular_ist_gibt_es_eine_eigene_mappe() -> None:
    akte = Akte("Bericht.pdf")
    r = Rueckmeldung("Bericht.pdf", "", akte, None, None, ((melde(akte, "E-03", format="PDF"), None),))
    satz = "Ihre Datei konnte nicht als Formular gelesen werden und ist deshalb nicht markiert."
    assert antwort(b"%PDF-1.7", r, ABSENDER) == (rueckmeldung_mappe(r, ABSENDER, satz), satz)


def test_ein_gutes_formular_kommt_ohne_begruendung_zurueck() -> None:
    assert antwort(GUT, rueckmeldung(), ABSENDER) == (annotiert(GUT, rueckmeldung(), ABSENDER), "")


def test_befunde_ohne_platz_in_der_mappe_stehen_nur_in_der_liste() -> None:
    r = rueckmeldung(fehler(blatt="Gelöscht"), hinweis())
    blatt = load_workbook(BytesIO(annotiert(GUT, r, ABSENDER)))["Rückmeldung"]
    stellen = [c.value for reihe in blatt.iter_rows() for c in reihe if str(c.value).endswith("!C21")]
    assert sorted(stellen) == ["Gelöscht!C21", "Reporting!C21"]
    assert [c.value for reihe in blatt.iter_rows() for c in reihe if c.hyperlink] == ["Reporting!C21"]


def test_eine_mappe_ohne_formate_wird_nicht_markiert() -> None:
    daten = umbau(GUT, rels=lambda xml: re.sub(rb"<Relationship [^>]*/styles\"[^>]*/>", b"", xml))
    with pytest.raises(NichtTragbar) as grund:
        annotiert(daten, rueckmeldung(), ABSENDER)
    assert grund.value.teil == "eine Arbeitsmappe ohne Formate"


def test_ein_verweis_ins_leere_fuehrt_nachher_nicht_zu_unserem_blatt() -> None:
    daten = umbau(GUT, rels=lambda xml: re.sub(rb"<Relationship [^>]*/sheet1.xml\"[^>]*/>", b"", xml))
    neu = annotiert(daten, rueckmeldung(), ABSENDER)
    for form in (daten, neu):
        with pytest.raises(Abgewiesen) as fehler:
            lesen(form, "Olten.xlsx")
        assert (fehler.value.code, fehler.value.werte) == ("E-04", {"grund": "ein Blatt fehlt"})


def test_ein_rahmen_dessen_notiz_fehlt_wird_ersetzt() -> None:
    inhalt = teile(annotiert(GUT, rueckmeldung(), ABSENDER))
    inhalt["xl/worksheets/_rels/sheet1.xml.rels"] = re.sub(
        rb"<Relationship [^>]*/comments\"[^>]*/>", b"", inhalt["xl/worksheets/_rels/sheet1.xml.rels"]
    )
    neu = teile(annotiert(packen(inhalt), rueckmeldung(), ABSENDER))
    assert neu["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") == 2


@pytest.mark.parametrize("saat", range(60))
def test_beschaedigte_mappen_werden_markiert_oder_begruendet_nicht_markiert(saat: int) -> None:
    zufall = Random(saat)
    inhalt = teile(annotiert(mit_eigenen_zusaetzen(), rueckmeldung(), ABSENDER))
    for _ in range(3):
        name = zufall.choice([n for n in inhalt if n.endswith((".xml", ".rels", ".vml"))])
        stellen = list(re.finditer(rb'="([^"]*)"|<[^>]*>', inhalt[name]))
        stelle = zufall.choice(stellen)
        ersatz = zufall.choice([b"", b'="-1"', b'="x"', b"<!-- -->", stelle.group() * 2])
        inhalt[name] = inhalt[name][: stelle.start()] + ersatz + inhalt[name][stelle.end() :]
    daten, grund = antwort(packen(inhalt), rueckmeldung(), ABSENDER)
    assert next(iter(blattnamen(daten))) == "Rückmeldung"
    assert grund == "" or grund.startswith("Ihre Arbeitsmappe konnte nicht markiert werden (")


def blattnamen(daten: bytes) -> list[str]:
    """Return the names of the sheets as they stand in the workbook's part."""
    return [str(e.get("name")) for e in etree.fromstring(teile(daten)[MAPPE]).iter("{*}sheet")]
