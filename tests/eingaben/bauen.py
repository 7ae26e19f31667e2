"""Filled forms of our own, and their parts taken out, changed and put back."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

from krs.demo.fuellen import fuelle
from krs.formulare.befund import Befund
from krs.formulare.formular import formular
from krs.mappen.lesen.adresse import spaltenname, spaltennummer
from krs.mappen.vorlage.aufbau import plane
from krs.mappen.vorlage.stempel import Angaben, stempeln

MAPPE, RELS, TEXTE = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
BLATT = "xl/worksheets/sheet1.xml"  # the form; templates begin with it
TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
WERTE: dict[str, dict[str, object]] = {
    "anhang2": {
        "kontakt_name": "Anna Muster", "kontakt_funktion": "Integrationsbeauftragte",
        "kontakt_email": "anna.muster@example.ch", "kontakt_telefon": "032 123 45 67", "datum": date(2024, 7, 10),
        "nullmeldung": "Nein", "erst_einzelpersonen": 8, "erst_familien": 3, "erst_gruppen": 1,
        "erst_dolmetsch_einzelpersonen": 4, "erst_dolmetsch_familien": 1, "erst_dolmetsch_gruppen": 0,
        "erst_dolmetsch_andere": 0, "erst_personen": 19, "erst_neuzugezogene": 30, "erst_schweizer": 0,
        "erst_sozialregion": 0, "integ_einzelpersonen": 2, "integ_familien": 0, "integ_gruppen": 0,
        "integ_dolmetsch_einzelpersonen": 1, "integ_dolmetsch_familien": 0, "integ_dolmetsch_gruppen": 0,
        "integ_dolmetsch_andere": 0, "integ_personen": 2, "integ_sozialregion": 0,
        "integ_durch_verantwortliche": "Ja", "integ_nachweis": "Ja",
        "sprachen": [["Tigrinya", 4], ["Arabisch", 2]],
        "bemerkungen": "Grüsse aus «Olten» & Umgebung", "bestaetigung": "Ja",
    },
    "anhang3": {
        "kontakt_name": "Anna Muster", "kontakt_email": "anna.muster@example.ch", "datum": date(2024, 1, 20),
        "bedingung_organisation": "Ja", "bedingung_beauftragte": "Ja", "bedingung_umsetzung": "Ja",
        "beauftragte_name": "Anna Muster", "beauftragte_pensum": Decimal("0.2"), "leitgemeinde_modell": "Nein",
        **{f"aufgabe_{n}": "erfüllt" for n in range(1, 7)}, "sozialregion_delegation": "keine",
        "leistungsvertraege": [["Verein Brücke", "Aufgabe 4", 5000]],
        "kurse_besucht": "Ja", "vernetzung_besucht": "Ja", "aufwand_stunden": 120, "bestaetigung": "Ja",
    },
}  # fmt: skip
PERIODE = {"anhang2": "2024-H1", "anhang3": "2024"}
_FUELLEN = "Füllen Sie die Vorlage aus, die Sie vom Kanton erhalten haben."
MELDUNG = {
    "E-01": "Die Datei ist keine Excel-Arbeitsmappe. Senden Sie das ausgefüllte Formular als .xlsx-Datei."
    " (Ziff. 5.2, E-01)",
    "E-02": "Die Datei ist verschlüsselt. Entfernen Sie das Kennwort (Datei > Informationen >"
    " Arbeitsmappe schützen > Mit Kennwort verschlüsseln, Feld leeren) und senden Sie sie erneut."
    " Öffnet Excel sie ohne Kennwort, speichern Sie sie unter einem neuen Namen. (Ziff. 5.2, E-02)",
    "E-03": "Die Datei hat das Format {}. Öffnen Sie Ihr Formular in Excel, wählen Sie «Speichern unter», Dateityp"
    " «Excel-Arbeitsmappe (.xlsx)», und senden Sie die neue Datei. (Ziff. 5.2, E-03)",
    "E-04": "Die Datei ist beschädigt ({}). Öffnen Sie Ihr Original, speichern Sie es neu und senden Sie es"
    " erneut. (Ziff. 5.2, E-04)",
    "E-05": "Die Arbeitsmappe ist kein Reportingformular und keine Selbstdeklaration des Kantons."
    f" {_FUELLEN} (Ziff. 5.2, E-05)",
    "E-10": "Die Datei ist zu gross ({}). Füllen Sie die Vorlage neu aus, ohne weitere Blätter und Bilder"
    " einzufügen. (Ziff. 5.2, E-10)",
    "E-11": "Das ist keine Einreichung, sondern eine Sperrdatei, die Excel beim Öffnen anlegt. Schliessen Sie die"
    " Datei in Excel; die Sperrdatei verschwindet von selbst. (E-11)",
    "E-12": "Die Datei ist eine gespeicherte E-Mail, aus der sich keine Arbeitsmappe lesen liess. Senden Sie das"
    " ausgefüllte Formular selbst als .xlsx-Datei. (Ziff. 5.2, E-12)",
}


def meldung(code: str, *werte: str) -> tuple[str, str]:
    """Return what a Befund is compared with: code and whole text."""
    return code, MELDUNG[code].format(*werte)


def gezeigt(befund: Befund) -> tuple[str, str]:
    """Return code and whole text."""
    return befund.code, befund.meldung


@cache
def vorlage(kennung: str = "anhang2") -> bytes:
    """Return the stamped template of Olten, nothing filled in."""
    return stempeln(formular(kennung), Angaben(2581, "Olten", PERIODE[kennung], auslaender=6000))


@cache
def ausgefuellt(kennung: str = "anhang2") -> bytes:
    """Return a form filled in without a mistake."""
    return gefuellt(kennung)


def gefuellt(kennung: str = "anhang2", **werte: object) -> bytes:
    """Return a form filled in without a mistake but for these values."""
    return fuelle(vorlage(kennung), kennung, _version(kennung), {**WERTE[kennung], **werte})


def _version(kennung: str) -> str:
    form = formular(kennung)
    return form.version_fuer(PERIODE[kennung]).id


def ort(feld: str, kennung: str = "anhang2") -> str:
    """Return the cell of a field in the template, such as `C21`; of a list, its first."""
    form = formular(kennung)
    plan = plane(form, form.version_fuer(PERIODE[kennung]))
    return f"B{plan.listen[feld][0] + 1}" if feld in plan.listen else plan.adresse(feld)


def teile(daten: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook."""
    with zipfile.ZipFile(BytesIO(daten)) as zip_:
        return {name: zip_.read(name) for name in zip_.namelist()}


def packen(inhalt: Mapping[str, bytes], art: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a workbook of these parts."""
    puffer = BytesIO()
    with zipfile.ZipFile(puffer, "w", art) as zip_:
        for name, daten in inhalt.items():
            zip_.writestr(name, daten)
    return puffer.getvalue()


def umbau(daten: bytes, **aenderungen: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with parts changed: `mappe`, `rels`, `texte`, `blatt`, `kenn` or `alle`."""
    inhalt = teile(daten)
    kenn = max(n for n in inhalt if n.startswith("xl/worksheets/sheet"))
    namen = {"mappe": [MAPPE], "rels": [RELS], "texte": [TEXTE], "blatt": [BLATT], "kenn": [kenn]}
    namen["alle"] = [n for n in inhalt if n.endswith((".xml", ".rels"))]
    for wo, aendern in aenderungen.items():
        for name in namen[wo]:
            inhalt[name] = aendern(inhalt[name])
    return packen(inhalt)


def ersatz(alt: str, neu: str) -> Callable[[bytes], bytes]:
    """Return a change that replaces text, which must be there."""

    def aendern(xml: bytes) -> bytes:
        assert alt.encode() in xml, alt
        return xml.replace(alt.encode(), neu.encode())

    return aendern


def zelle(adresse: str, attribute: str, inhalt: str) -> Callable[[bytes], bytes]:
    """Return a change that writes one cell anew, in a sheet's XML."""

    def aendern(xml: bytes) -> bytes:
        neu = f'<c r="{adresse}" {attribute}>{inhalt}</c>'.encode()
        muster = rb'<c r="%s"[^>]*?(?:/>|>.*?</c>)' % adresse.encode()
        fertig, anzahl = re.subn(muster, lambda _: neu, xml)
        assert anzahl == 1, adresse
        return fertig

    return aendern


def mit_zelle(feld: str, attribute: str, inhalt: str, kennung: str = "anhang2") -> bytes:
    """Return the filled form with the cell of one field written anew."""
    return umbau(ausgefuellt(kennung), blatt=zelle(ort(feld, kennung), attribute, inhalt))


def geteilte_texte(daten: bytes) -> bytes:
    """Return the form as Excel saves it: texts not in the cells but in one table."""
    neue: list[bytes] = []

    def aendern(xml: bytes) -> bytes:
        return re.sub(rb' t="inlineStr"><is>(.*?)</is>', auslagern, xml)

    def auslagern(treffer: re.Match[bytes]) -> bytes:
        neue.append(treffer.group(1))
        return b' t="s"><v>%d</v>' % (vorhanden + len(neue) - 1)

    vorhanden = teile(daten)[TEXTE].count(b"<si>")
    daten = umbau(daten, blatt=aendern, kenn=aendern)
    anhang = b"".join(b"<si>%s</si>" % t for t in neue) + b"</sst>"
    return umbau(daten, texte=lambda xml: xml.replace(b"</sst>", anhang))


def ole(*stroeme: str) -> bytes:
    """Return a minimal OLE file: header and one sector of directory entries."""
    kopf = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 504
    return kopf + b"".join(f"{s}\0".encode("utf-16-le").ljust(128, b"\0") for s in ("Root Entry", *stroeme))


def namen(xml: bytes, aendern: Callable[[str], str]) -> bytes:
    """Return the workbook's XML with the target of each defined name changed."""
    muster = r"(<definedName [^>]*>)([^<]*)"
    return re.sub(muster, lambda m: m[1] + aendern(m[2]), xml.decode()).encode()


def namensziel(schluessel: str, ziel: str) -> Callable[[bytes], bytes]:
    """Return a change of the workbook's XML: one defined name points elsewhere."""

    def aendern(xml: bytes) -> bytes:
        fertig, anzahl = re.subn(rb'(<definedName name="%s">)[^<]*' % schluessel.encode(), rb"\1" + ziel.encode(), xml)
        assert anzahl == 1, schluessel
        return fertig

    return aendern


def weiter(adresse: str, zeilen: int, spalten: int) -> str:
    """Return an address or range moved down and to the right."""
    return re.sub(
        r"(\$?)([A-Z]+)(\$?)(\d+)",
        lambda m: f"{m[1]}{spaltenname(spaltennummer(m[2]) + spalten)}{m[3]}{int(m[4]) + zeilen}",
        adresse,
    )


def verschoben(daten: bytes, zeilen: int, spalten: int) -> bytes:
    """Return the form with empty rows and columns before the first: cells move, and names with them."""

    def blatt(xml: bytes) -> bytes:
        text = re.sub(
            r'<(?:c r|mergeCell ref)="[A-Z]+\d+(?::[A-Z]+\d+)?"', lambda m: weiter(m[0], zeilen, spalten), xml.decode()
        )
        return re.sub(r'<row r="(\d+)"', lambda m: f'<row r="{int(m[1]) + zeilen}"', text).encode()

    def ort_der_namen(ziel: str) -> str:
        blattname, _, bereich = ziel.partition("!")
        return f"{blattname}!{weiter(bereich, zeilen, spalten)}"

    return umbau(daten, blatt=blatt, mappe=lambda xml: namen(xml, ort_der_namen))


def umbenannt(daten: bytes, name: str) -> bytes:
    """Return Anhang 2 with its sheet renamed, as Excel does: the names follow."""
    ziel = "'" + name.replace("'", "''") + "'!"
    neu = f'name="{name}"'.encode()
    return umbau(
        daten,
        mappe=lambda xml: namen(xml, lambda ort: ort.replace("Reporting!", ziel)).replace(b'name="Reporting"', neu),
    )


def mit_teil(daten: bytes, name: str, inhalt: bytes) -> bytes:
    """Return the workbook with a part more, or another one in its place."""
    return packen({**teile(daten), name: inhalt})


def mit_beziehung(daten: bytes, rels: str, art: str, ziel: str, mehr: str = "", kennung: str = "") -> bytes:
    """Return the workbook with a relationship more; `rels` is the part that holds it."""
    kopf = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    typ = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{art}"
    kennung = kennung or f"n{len(teile(daten))}{art}"
    neu = f'<Relationship Id="{kennung}" Type="{typ}" Target="{ziel}"{mehr}/></Relationships>'
    alt = teile(daten).get(rels, kopf)
    return mit_teil(daten, rels, alt.replace(b"</Relationships>", neu.encode()))


def mit_blatt(daten: bytes, name: str, xml: bytes, zustand: str = "") -> bytes:
    """Return the workbook with a worksheet more, behind all others."""
    inhalt = teile(daten)
    nummer = 1 + sum(n.startswith("xl/worksheets/sheet") for n in inhalt)
    inhalt[f"xl/worksheets/sheet{nummer}.xml"] = xml
    blatt = f'<sheet name="{name}" sheetId="{nummer + 50}"{zustand} r:id="neu{nummer}"/></sheets>'.encode()
    inhalt[MAPPE] = inhalt[MAPPE].replace(b"</sheets>", blatt)
    art = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    bezug = f'<Relationship Id="neu{nummer}" Type="{art}" Target="worksheets/sheet{nummer}.xml"/></Relationships>'
    inhalt[RELS] = inhalt[RELS].replace(b"</Relationships>", bezug.encode())
    typ = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    eintrag = f'<Override PartName="/xl/worksheets/sheet{nummer}.xml" ContentType="{typ}"/></Types>'.encode()
    inhalt["[Content_Types].xml"] = inhalt["[Content_Types].xml"].replace(b"</Types>", eintrag)
    return packen(inhalt)


def eigenes_blatt(*zeilen: tuple[str, ...]) -> bytes:
    """Return the XML of a worksheet that a municipality added: rows of texts from A1 on."""
    xml = "".join(
        f'<row r="{z}">'
        + "".join(
            f'<c r="{spaltenname(s)}{z}" t="inlineStr"><is><t>{escape(t)}</t></is></c>' for s, t in enumerate(zeile, 1)
        )
        + "</row>"
        for z, zeile in enumerate(zeilen, 1)
    )
    return f'<worksheet xmlns="{TRANSITIONAL}"><sheetData>{xml}</sheetData></worksheet>'.encode()


def kopiertes_blatt(daten: bytes, name: str, aendern: Callable[[bytes], bytes] = lambda xml: xml) -> bytes:
    """Return Anhang 2 with its form sheet copied within the workbook, as Excel does: the copy has its own names."""
    inhalt = teile(daten)
    mehr = mit_blatt(daten, name, aendern(inhalt[BLATT]))
    nummer = inhalt[MAPPE].count(b"<sheet ")
    eigene = re.findall(rb'<definedName name="(\w+)">Reporting!([^<]*)', inhalt[MAPPE])
    lokale = b"".join(
        b'<definedName name="%s" localSheetId="%d">\'%s\'!%s</definedName>' % (n, nummer, name.encode(), ort_)
        for n, ort_ in eigene
    )
    return umbau(mehr, mappe=ersatz("</definedNames>", lokale.decode() + "</definedNames>"))


STILE = "xl/styles.xml"


def mit_stil(
    daten: bytes, adresse: str, code: str = "", schrift: str = "", fuellung: str = "", ausrichtung: str = ""
) -> bytes:
    """Return the workbook with one cell of its first sheet shown otherwise; what is not said stays."""
    inhalt = teile(daten)
    stile, xml = inhalt[STILE].decode(), inhalt[BLATT].decode()
    zellen = re.search(r"<cellXfs.*?</cellXfs>", stile, re.DOTALL)
    alte = re.search(rf'<c r="{adresse}"[^>]*? s="(\d+)"', xml)
    assert zellen
    assert alte, adresse
    xfs = re.findall(r"<xf [^>]*?/>|<xf .*?</xf>", zellen[0], re.DOTALL)
    xf, neue = xfs[int(alte[1])], {"numFmt": "", "font": schrift, "fill": fuellung}
    if code:
        nummer = 300 + stile.count("<numFmt ")
        neue["numFmt"] = f'<numFmt numFmtId="{nummer}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        xf = re.sub(r'numFmtId="\d+"', f'numFmtId="{nummer}"', xf)
    for art in ("font", "fill"):
        if neue[art]:
            xf = re.sub(rf'{art}Id="\d+"', f'{art}Id="{len(re.findall(rf"<{art}>", stile))}"', xf)
    if ausrichtung:
        xf = re.sub(r'(<alignment [^>]*?)horizontal="\w+"', rf'\1horizontal="{ausrichtung}"', xf)
    stile = stile.replace("</cellXfs>", f"{xf}</cellXfs>")
    for art, mehr in neue.items():
        stile = stile.replace(f"</{art}s>", f"{mehr}</{art}s>")
    inhalt[STILE] = stile.encode()
    inhalt[BLATT] = re.sub(rf'(<c r="{adresse}"[^>]*?) s="\d+"', rf'\1 s="{len(xfs)}"', xml).encode()
    return packen(inhalt)


def schrift(farbe: str = 'rgb="FF1A1A1A"', mehr: str = "") -> str:
    """Return a font."""
    return f'<font>{mehr}<sz val="10"/><color {farbe}/><name val="Arial"/></font>'


def fuellung(farbe: str) -> str:
    """Return a fill."""
    return f'<fill><patternFill patternType="solid"><fgColor {farbe}/><bgColor indexed="64"/></patternFill></fill>'


def bedingt(daten: bytes, bereich: str, regel: str, dxf: str = "") -> bytes:
    """Return the workbook with a conditional format on its first sheet."""
    neu = f'<conditionalFormatting sqref="{bereich}">{regel}</conditionalFormatting>'
    stile = teile(daten)[STILE]
    if dxf:
        stile = re.sub(rb"<dxfs[^>]*/>", f"<dxfs>{dxf}</dxfs>".encode(), stile)
    daten = umbau(daten, blatt=lambda xml: re.sub(rb"(?=<dataValidations)", neu.encode(), xml))
    return mit_teil(daten, STILE, stile)


def ueberdeckt(daten: bytes, von: tuple[int, int], bis: tuple[int, int], text: str) -> bytes:
    """Return the workbook with a text box over cells of its first sheet: row and column, counted from 0."""
    anker = "".join(
        f"<xdr:{name}><xdr:col>{s}</xdr:col><xdr:colOff>{weg}</xdr:colOff><xdr:row>{z}</xdr:row>"
        f"<xdr:rowOff>{weg}</xdr:rowOff></xdr:{name}>"
        for name, (z, s), weg in (("from", von, 0), ("to", bis, 9525))
    )
    daten = mit_textfeld(daten, text)
    xml = teile(daten)["xl/drawings/drawing1.xml"].replace(b"<xdr:sp>", f"{anker}<xdr:sp>".encode())
    daten = mit_teil(daten, "xl/drawings/drawing1.xml", xml)
    bezug = re.search(r'Id="([^"]+)"[^>]*/drawing"', teile(daten)["xl/worksheets/_rels/sheet1.xml.rels"].decode())
    assert bezug
    return umbau(daten, blatt=ersatz("</worksheet>", f'<drawing r:id="{bezug[1]}"/></worksheet>'))


def mit_kommentar(daten: bytes, adresse: str, text: str) -> bytes:
    """Return the workbook with a comment in a cell of its first sheet."""
    xml = (
        f'<comments xmlns="{TRANSITIONAL}"><authors><author>AM</author></authors><commentList><comment ref="{adresse}"'
        f' authorId="0"><text><r><t>{text}</t></r></text></comment></commentList></comments>'
    )
    daten = mit_teil(daten, "xl/comments1.xml", xml.encode())
    return mit_beziehung(daten, "xl/worksheets/_rels/sheet1.xml.rels", "comments", "../comments1.xml")


def mit_textfeld(daten: bytes, text: str) -> bytes:
    """Return the workbook with a text box on its first sheet; its text is cut in two runs."""
    halb = len(text) // 2
    laeufe = "".join(f"<a:r><a:rPr b='1'/><a:t>{t}</a:t></a:r>" for t in (text[:halb], text[halb:]))
    xml = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:sp><xdr:txBody>'
        f"<a:p>{laeufe}</a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>"
    )
    daten = mit_teil(daten, "xl/drawings/drawing1.xml", xml.encode())
    return mit_beziehung(daten, "xl/worksheets/_rels/sheet1.xml.rels", "drawing", "../drawings/drawing1.xml")
