"""What one program shows and another does not: counts that are written twice, elsewhere or the other way round."""

from __future__ import annotations

import re

import pytest

from eingaben.bauen import (
    TEXTE,
    ausgefuellt,
    ersatz,
    fuellung,
    gezeigt,
    meldung,
    mit_beziehung,
    mit_stil,
    mit_teil,
    mit_zelle,
    schrift,
    teile,
    ueberdeckt,
)
from eingaben.bauen import umbau as umgebaut
from eingaben.urteil import urteile
from krs.formulare.eingabe import Zelle
from krs.mappen.lesen.formular import alle_zellen

FELD, ORT = "erst_einzelpersonen", "C21"
WAHL = b'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
ZWEI = meldung("E-04", "eine Zelle hat zwei Inhalte")
PROGRAMM = meldung("E-04", "ein Blatt zeigt nicht in jedem Programm dasselbe")
ZEICHNUNG = "xl/drawings/drawing1.xml"
WEISS = '<color rgb="FFFFFFFF"/>'


def funde(daten: bytes) -> list[tuple[str, str]]:
    return [gezeigt(b) for b in urteile(daten, "F.xlsx").befunde]


def orte(daten: bytes, code: str) -> list[str]:
    return [b.zelle for b in urteile(daten, "F.xlsx").befunde if b.code == code]


def ohne_wert() -> bytes:
    return umgebaut(ausgefuellt(), blatt=lambda x: re.sub(rb'<c r="C21"( s="\d+")[^>]*>.*?</c>', rb'<c r="C21"\1/>', x))


@pytest.mark.parametrize(
    ("art", "inhalt"),
    [
        ('t="inlineStr"', "<v>99</v><is><t>8</t></is>"),
        ("", "<is><t>99</t></is>"),
        ('t="str"', "<v>8</v><is><t>99</t></is>"),
        ("", "<v>8</v><v>99</v>"),
    ],
)
def test_eine_zelle_mit_zwei_inhalten_wird_nicht_gelesen(art: str, inhalt: str) -> None:
    assert funde(mit_zelle(FELD, art, inhalt)) == [ZWEI]


def test_zellen_ausserhalb_der_zeilen_zaehlen_nicht() -> None:
    fern = '<extLst><ext uri="x"><c r="C21"><v>99</v></c></ext></extLst></worksheet>'
    assert funde(umgebaut(ohne_wert(), blatt=ersatz("</worksheet>", fern))) == [PROGRAMM]


@pytest.mark.parametrize("wahl", ['<c r="C21"><v>99</v></c>', "<mergeCells/>", "<cols/>"])
def test_was_nur_manche_programme_zeigen_wird_nicht_gelesen(wahl: str) -> None:
    inhalt = b"</sheetData><mc:AlternateContent %s><mc:Choice Requires='x'>%s</mc:Choice></mc:AlternateContent>" % (
        WAHL, wahl.encode(),
    )  # fmt: skip
    assert funde(umgebaut(ohne_wert(), blatt=lambda x: x.replace(b"</sheetData>", inhalt))) == [PROGRAMM]


@pytest.mark.parametrize("text", ["8\n\n000", "8\n000", "8" + " " * 40 + "000", "&#x202e;91", "&#x200f;9&#x200f;1"])
def test_ziffern_die_anders_zu_sehen_sind_sind_keine_anzahl(text: str) -> None:
    daten = mit_zelle(FELD, 't="inlineStr"', f'<is><t xml:space="preserve">{text}</t></is>')
    assert orte(daten, "F-21") == [ORT]
    assert FELD not in urteile(daten, "F.xlsx").werte


def test_vertauschte_koepfe_der_spalten_sind_ein_fehler() -> None:
    a, b = b"Erstinformations-\ngespr", b"Integrations-\ngespr"
    texte = teile(ausgefuellt())[TEXTE]
    neu = texte.replace(a, b"@@").replace(b, a).replace(b"@@", b)
    assert neu != texte
    gefunden = orte(mit_teil(ausgefuellt(), TEXTE, neu), "E-31")
    assert {"C21", "E21", "C25", "E27"} <= set(gefunden)


def test_ein_bild_liegt_auch_ohne_zelle_oder_nur_fuer_manche_programme_darueber() -> None:
    daten = ueberdeckt(ausgefuellt(), (20, 2), (21, 3), "8")
    xml = teile(daten)[ZEICHNUNG]
    frei = re.sub(rb"<xdr:from>.*?</xdr:to>", b'<xdr:pos x="0" y="0"/><xdr:ext cx="9" cy="9"/>', xml, flags=re.DOTALL)
    assert ORT in orte(mit_teil(daten, ZEICHNUNG, frei.replace(b"twoCellAnchor", b"absoluteAnchor")), "E-39")
    anker = b"<mc:AlternateContent %s><mc:Choice Requires='x'><xdr:twoCellAnchor>" % WAHL
    wahl = xml.replace(b"<xdr:twoCellAnchor>", anker)
    wahl = wahl.replace(b"</xdr:twoCellAnchor>", b"</xdr:twoCellAnchor></mc:Choice></mc:AlternateContent>")
    assert ORT in orte(mit_teil(daten, ZEICHNUNG, wahl), "E-39")


@pytest.mark.parametrize(
    "fuellung",
    [
        f'<gradientFill><stop position="0">{WEISS}</stop><stop position="1">{WEISS}</stop></gradientFill>',
        '<patternFill patternType="darkGray"><fgColor rgb="FFFFFFFF"/><bgColor rgb="FFFFFFFF"/></patternFill>',
    ],
)
def test_weiss_auf_einem_weissen_muster_sieht_niemand(fuellung: str) -> None:
    daten = mit_stil(ausgefuellt(), ORT, schrift=f"<font>{WEISS}</font>", fuellung=f"<fill>{fuellung}</fill>")
    assert orte(daten, "E-38") == [ORT]


ERST, INTEG = "Erstinformationsgespräche: mit Einzelpersonen", "Integrationsgespräche: mit Einzelpersonen"


def verstellt(ort: str, feld: str) -> tuple[str, str, str]:
    text = (
        f"Reporting!{ort}: Das Feld «{feld}» führt auf diese Zelle; bei seiner Beschriftung steht sie nicht. Füllen Sie"
        " die Vorlage neu aus, ohne Zellen zu verschieben. (Ziff. 5.2, E-31)"
    )
    return "E-31", ort, text


def schild(ort: str, feld: str, wert: str, wo: str, was: str) -> tuple[str, str, str]:
    text = (
        f"Reporting!{ort}: Im Feld «{feld}» steht «{wert}», auf dem Blatt ist es aber nicht richtig zu lesen: die"
        f" Beschriftung in {wo} ist nicht zu lesen ({was}). Formatieren Sie die Zelle neu und prüfen Sie den Wert;"
        " stimmt er, teilen Sie es mit. (Ziff. 5.2, E-38)"
    )
    return "E-38", ort, text


def ganze(daten: bytes) -> list[tuple[str, str, str]]:
    return [(b.code, b.zelle, b.meldung) for b in urteile(daten, "F.xlsx").befunde]


def test_eine_beschriftung_die_anders_zu_sehen_ist_ist_nicht_die_des_feldes() -> None:
    daten = mit_stil(ausgefuellt(), "B21", '0;0;0;"mit Familien"')
    assert ganze(daten) == [verstellt("C21", ERST), verstellt("E21", INTEG)]


def test_ein_kopf_der_anders_zu_sehen_ist_trifft_seine_spalte() -> None:
    gefunden = orte(mit_stil(ausgefuellt(), "C19", '0;0;0;"Integrationsgespräche"'), "E-31")
    assert {"C21", "C22", "C33"} <= set(gefunden)
    assert {ort[0] for ort in gefunden} == {"C"}


def test_eine_beschriftung_die_niemand_liest_ist_eine_rueckfrage() -> None:
    weiss = "Schrift und Füllung haben dieselbe Farbe"
    assert ganze(mit_stil(ausgefuellt(), "B21", schrift=schrift('rgb="FFFFFFFF"'))) == [
        schild("C21", ERST, "8", "B21", weiss), schild("E21", INTEG, "2", "B21", weiss),
    ]  # fmt: skip
    bild = "ein Bild oder ein Textfeld liegt darüber"
    assert ganze(ueberdeckt(ausgefuellt(), (20, 1), (20, 1), "mit Familien")) == [
        schild("C21", ERST, "8", "B21", bild), schild("E21", INTEG, "2", "B21", bild),
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["@", "General", "0", '"Nr. "0'])
def test_ein_format_das_die_beschriftung_zeigt_stoert_nicht(code: str) -> None:
    assert urteile(mit_stil(ausgefuellt(), "B21", code), "F.xlsx") == urteile(ausgefuellt(), "F.xlsx")


# --- labels that nobody sees ------------------------------------------------------------------
def _erste(daten: bytes, code: str, ort: str) -> tuple[int, str]:
    """Return how many Befunde of a code there are, and the text of the one at a place."""
    alle = [(b.zelle, b.meldung) for b in urteile(daten, "F.xlsx").befunde if b.code == code]
    return len(alle), dict(alle).get(ort, "")


def test_eine_ausgeblendete_spalte_der_beschriftungen_ist_eine_rueckfrage() -> None:
    daten = umgebaut(ausgefuellt(), blatt=ersatz('<col min="2" max="2" ', '<col min="2" max="2" hidden="1" '))
    anzahl, text = _erste(daten, "E-38", "C21")
    assert text == schild("C21", ERST, "8", "B21", "ihre Spalte ist ausgeblendet")[2]
    assert anzahl > 5


def test_ein_kopf_in_einer_ausgeblendeten_zeile_trifft_seine_spalten_ein_feld_darin_nur_sich() -> None:
    kopf = umgebaut(ausgefuellt(), blatt=ersatz('<row r="19" ', '<row r="19" hidden="1" '))
    assert _erste(kopf, "E-38", "C21")[1] == schild("C21", ERST, "8", "C19", "ihre Zeile ist ausgeblendet")[2]
    feld = umgebaut(ausgefuellt(), blatt=ersatz('<row r="21" ', '<row r="21" hidden="1" '))
    assert {c for c, _, _ in ganze(feld)} == {"E-33"}


def test_eine_beschriftung_unter_einem_verbund_ist_eine_rueckfrage() -> None:
    daten = umgebaut(
        ausgefuellt(), blatt=lambda x: re.sub(rb"(<mergeCells[^>]*>)", rb'\1<mergeCell ref="A21:B21"/>', x)
    )
    was = "sie liegt unter der verbundenen Zelle A21"
    assert ganze(daten) == [schild("C21", ERST, "8", "B21", was), schild("E21", INTEG, "2", "B21", was)]


def test_auch_der_zweite_kopf_einer_liste_muss_zu_lesen_sein() -> None:
    ort = next(b.adresse for b in _koepfe() if b.wert == "Einsätze")
    weiss = mit_stil(ausgefuellt(), ort, schrift=schrift('rgb="FFFFFFFF"'), fuellung=fuellung('rgb="FFFFFFFF"'))
    gefunden = [m for c, _, m in ganze(weiss) if c == "E-38"]
    assert gefunden
    assert all(f"die Beschriftung in {ort} ist nicht zu lesen (Schrift" in m for m in gefunden)


def _koepfe() -> list[Zelle]:
    zellen, _ = alle_zellen(ausgefuellt(), "F.xlsx", lambda n: n == "Reporting")
    return list(zellen["Reporting"].values())


def test_vertauschte_koepfe_einer_liste_sind_ein_fehler() -> None:
    a, b = b">Sprache<", ">Einsätze<".encode()
    texte = teile(ausgefuellt())[TEXTE]
    daten = mit_teil(ausgefuellt(), TEXTE, texte.replace(a, b"@@").replace(b, a).replace(b"@@", b))
    assert {c for c, _, _ in ganze(daten)} == {"E-31"}


# --- pictures for digits, notes over a field, columns without a width ---------------------------
@pytest.mark.parametrize(
    ("mehr", "name"),
    [
        ('<name val="Wingdings"/>', "Wingdings"), ('<name val="wingdings 3"/>', "wingdings 3"),
        ('<name val="Webdings"/>', "Webdings"), ('<name val="Symbol"/>', "Symbol"),
        ('<name val="Marlett"/>', "Marlett"),
        ('<name val="Arial"/><charset val="2"/>', "Arial"),
    ],
)  # fmt: skip
def test_ziffern_in_einer_schrift_aus_zeichen_liest_niemand(mehr: str, name: str) -> None:
    daten = mit_stil(ausgefuellt(), ORT, schrift=f'<font><sz val="10"/>{mehr}</font>')
    text = (
        f"Reporting!C21: Im Feld «{ERST}» steht «8», auf dem Blatt ist es aber nicht richtig zu lesen: die Schrift "
        f"«{name}» zeigt andere Zeichen. Formatieren Sie die Zelle neu und prüfen Sie den Wert; stimmt er, teilen Sie "
        "es mit. (Ziff. 5.2, E-38)"
    )
    assert ganze(daten) == [("E-38", "C21", text)]


VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape id="s1">'
    '<v:textbox><div>12<br></div></v:textbox><x:ClientData ObjectType="{}"><x:Anchor>\n 2, 5, 20, 2, 3, 0, 21, 4'
    "</x:Anchor>{}<x:Row>3</x:Row></x:ClientData></v:shape></xml>"
)


@pytest.mark.parametrize(
    ("art", "mehr", "orte_"),
    [
        ("Note", "<x:Visible/>", ["C21", "C22"]), ("Note", "", []), ("Note", "<x:Visible>False</x:Visible>", []),
        ("Rect", "", ["C21", "C22"]), ("Pict", "", ["C21", "C22"]),
    ],
)  # fmt: skip
def test_eine_notiz_die_immer_zu_sehen_ist_liegt_ueber_dem_feld(art: str, mehr: str, orte_: list[str]) -> None:
    daten = mit_teil(ausgefuellt(), "xl/drawings/vmlDrawing1.vml", VML.format(art, mehr).encode())
    daten = mit_beziehung(
        daten, "xl/worksheets/_rels/sheet1.xml.rels", "vmlDrawing", "../drawings/vmlDrawing1.vml", "", "n1"
    )
    daten = umgebaut(daten, blatt=ersatz("</worksheet>", '<legacyDrawing r:id="n1"/></worksheet>'))
    assert orte(daten, "E-39") == orte_


def test_spalten_ohne_eigene_breite_sind_so_schmal_wie_das_blatt_es_sagt() -> None:
    schmal = ersatz("<sheetFormatPr ", '<sheetFormatPr defaultColWidth="0.1" ')
    assert ganze(umgebaut(ausgefuellt(), blatt=schmal)) == []  # all have their own
    ohne = umgebaut(ausgefuellt(), blatt=lambda x: re.sub(rb'<col min="3" max="3"[^>]*/>', b"", schmal(x)))
    assert {ort[0] for ort in orte(ohne, "E-33")} == {"C"}
    eigene = umgebaut(
        ausgefuellt(), blatt=lambda x: re.sub(rb'(<col min="5" max="5") width="[^"]*"', rb"\1", schmal(x))
    )
    assert {ort[0] for ort in orte(eigene, "E-33")} == {"E"}
