"""What stands in a cell is read as it was entered, whoever wrote the file (entwurf 6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from eingaben.bauen import (
    BLATT,
    WERTE,
    ausgefuellt,
    ersatz,
    geteilte_texte,
    gezeigt,
    meldung,
    mit_zelle,
    ort,
    packen,
    teile,
    umbau,
    zelle,
)
from krs.formulare.eingabe import Eingabe, Zelle
from krs.formulare.formular import formular
from krs.formulare.identitaet import zuordnen
from krs.formulare.typisieren import typisiere
from krs.mappen.lesen.formular import Abgewiesen, lesen

FELD = "erst_einzelpersonen"
ORT = ort(FELD)


def gelesen(daten: bytes) -> Eingabe:
    return lesen(daten, "Formular.xlsx")


def werte(eingabe: Eingabe) -> dict[str, Any]:
    """Return the typed form, after seeing that its cells raise no Befund."""
    z = zuordnen(eingabe)
    assert z.befund is None
    assert z.formular is not None
    assert z.version is not None
    ergebnis = typisiere(eingabe, z.akte, z.formular, z.version)
    assert [gezeigt(b) for b in ergebnis.befunde] == []
    return ergebnis.modell.model_dump()


@pytest.mark.parametrize("kennung", ["anhang2", "anhang3"])
@pytest.mark.parametrize("speichern", [lambda d: d, geteilte_texte], ids=["Vorlage", "Excel"])
def test_ein_ausgefuelltes_formular_kommt_wert_fuer_wert_an(kennung: str, speichern: Callable[[bytes], bytes]) -> None:
    eingabe = gelesen(speichern(ausgefuellt(kennung)))
    modell = werte(eingabe)
    ja_nein = {k for k, f in formular(kennung).felder.items() if f.art == "ja_nein"}
    for feld, wert in WERTE[kennung].items():
        if feld not in ("sprachen", "leistungsvertraege"):
            assert modell[feld] == (wert == "Ja" if feld in ja_nein else wert)
            assert eingabe.felder[feld].adresse == ort(feld, kennung)
    assert (eingabe.datei, eingabe.fehlende) == ("Formular.xlsx", ())
    assert (eingabe.kennung.bfs_nr, eingabe.kennung.gemeinde) == ("2581", "Olten")
    assert eingabe.felder["gemeinde"].wert == "Olten"
    assert eingabe.felder["bfs_nr"].wert == Decimal(2581)


def test_eine_liste_kommt_zeile_fuer_zeile_an() -> None:
    zeilen = gelesen(ausgefuellt()).listen["sprachen"]
    assert [[z.wert for z in zeile] for zeile in zeilen[:3]] == [["Tigrinya", 4], ["Arabisch", 2], [None, None]]
    assert zeilen[0][0].adresse == ort("sprachen")
    assert len(zeilen) == formular("anhang2").felder["sprachen"].zeilen


@pytest.mark.parametrize(
    ("attribute", "inhalt", "wert"),
    [
        ("", "<v>12</v>", Decimal(12)),
        ('t="n"', "<v>12</v>", Decimal(12)),
        ("", "<v> 12\n</v>", Decimal(12)),
        ("", "<v>1E2</v>", Decimal(100)),
        ("", "<v>1.2E+1</v>", Decimal(12)),
        ("", "<v>12.0</v>", Decimal(12)),
        ("", "<v>&#49;2</v>", Decimal(12)),
        ("", "<v>1<!-- -->2</v>", Decimal(12)),
        ("", "<v><![CDATA[12]]></v>", Decimal(12)),
        ("", "<v>12.000000000000002</v>", Decimal(12)),
        ("", "<v>11.999999999999998</v>", Decimal(12)),
        ("", "<v>0.30000000000000004</v>", Decimal("0.3")),
        ("", "<v>1.0000001</v>", Decimal("1.0000001")),
        ("", "<v>-3</v>", Decimal(-3)),
        ("", "<v>99999999999999999999</v>", Decimal("99999999999999999999")),
        ("", "<v>1E999</v>", "1E999"),
        ("", "<v>NaN</v>", "NaN"),
        ("", "<v>1_0</v>", "1_0"),
        ("", "<v>٣</v>", "٣"),
        ("", "<v>3,5</v>", "3,5"),
        ('t="b"', "<v>1</v>", True),
        ('t="b"', "<v>false</v>", False),
        ('t="b"', "<v>2</v>", "2"),
        ('t="d"', "<v>2024-07-10T00:00:00Z</v>", date(2024, 7, 10)),
        ('t="d"', "<v>PT5H</v>", "PT5H"),
        ('t="str"', "<v>12 </v>", "12 "),
        ('t="inlineStr"', "<is><t>12</t></is>", "12"),
        ('t="inlineStr"', "<v>12</v>", "12"),
        ('t="inlineStr"', "<is><r><t>1</t></r><r><rPr><b/></rPr><t>2</t></r></is>", "12"),
        ('t="inlineStr"', "<is><t>課</t><rPh sb='0' eb='1'><t>カ</t></rPh><phoneticPr/></is>", "課"),
        ('t="inlineStr"', "<is><t>eins_x000D_\nzwei_x0007_</t></is>", "eins\nzwei"),
        ('t="inlineStr"', "<is><t>&lt;b&gt;&#10;=1+1</t></is>", "<b>\n=1+1"),
        ('t="neu"', "<v>12</v>", "12"),
        ("", "", None),
        ("", "<v/>", None),
        ('t="s"', "<v></v>", None),
    ],
)  # fmt: skip
def test_der_wert_einer_zelle(attribute: str, inhalt: str, wert: object) -> None:
    eingabe = gelesen(mit_zelle(FELD, attribute, inhalt))
    assert eingabe.felder[FELD] == Zelle("Reporting", ORT, wert)  # type: ignore[arg-type]
    assert type(eingabe.felder[FELD].wert) is type(wert)


@pytest.mark.parametrize("roh", ["12.000000000000002", "12.0", "1.2E1", " 12 "])
def test_eine_von_einem_programm_geschriebene_anzahl_ist_eine_ganze_zahl(roh: str) -> None:
    assert werte(gelesen(mit_zelle(FELD, "", f"<v>{roh}</v>")))[FELD] == 12


@pytest.mark.parametrize(
    ("attribute", "inhalt", "erwartet"),
    [
        ("", "<f>5+7</f><v>12</v>", {"wert": Decimal(12), "formel": "5+7"}),
        ("", "<v>12</v><f>5+7</f>", {"wert": Decimal(12), "formel": "5+7"}),
        ("", "<f>5+7</f>", {"formel": "5+7"}),
        ("", "<f>5+7</f><v></v>", {"formel": "5+7"}),
        ('t="str"', "<f>A1</f><v>Ja</v>", {"wert": "Ja", "formel": "A1"}),
        ('t="b"', "<f>TRUE()</f><v>1</v>", {"wert": True, "formel": "TRUE()"}),
        ("", "<f>[1]Blatt!A1</f><v>12</v>", {"wert": Decimal(12), "formel": "[1]Blatt!A1"}),
        ("", "<f/><v>12</v>", {"wert": Decimal(12), "formel": ""}),
        ("", '<f t="array" ref="C21:C23">{1;2}</f><v>1</v>', {"wert": Decimal(1), "formel": "{1;2}"}),
        ('t="e"', "<f>1/0</f><v>#DIV/0!</v>", {"formel": "1/0", "fehler": "#DIV/0!"}),
        ('t="e"', "<v>#REF!</v>", {"fehler": "#REF!"}),
        ('t="e"', "", {}),
        ('t="e"', "<f>A1</f>", {"formel": "A1", "fehler": "#VALUE!"}),
    ],
)
def test_formeln_und_fehlerwerte_werden_gesehen(attribute: str, inhalt: str, erwartet: dict[str, Any]) -> None:
    assert gelesen(mit_zelle(FELD, attribute, inhalt)).felder[FELD] == Zelle("Reporting", ORT, **erwartet)


def test_eine_gemeinsame_formel_wird_in_jeder_ihrer_zellen_gesehen() -> None:
    erste = zelle("A1", "", '<f t="shared" ref="A1:C99" si="7">5+7</f><v>12</v>')
    folge = zelle(ORT, "", '<f t="shared" si="7"/><v>12</v>')
    fremd = zelle(ort("erst_familien"), "", '<f t="shared" si="8"/><v>3</v>')
    leer = ersatz('<c r="B1"', '<c r="A1"/><c r="B1"')
    eingabe = gelesen(umbau(ausgefuellt(), blatt=lambda xml: fremd(folge(erste(leer(xml))))))
    assert eingabe.felder[FELD] == Zelle("Reporting", ORT, Decimal(12), "5+7")
    assert eingabe.felder["erst_familien"].formel == ""


@pytest.mark.parametrize(("system", "nummer"), [("0", 45483), ("1", 44021), ("true", 44021)])
def test_ein_datum_wird_nach_der_zeitrechnung_der_mappe_gelesen(system: str, nummer: int) -> None:
    daten = mit_zelle("datum", "", f"<v>{nummer}.5</v>")
    eingabe = gelesen(umbau(daten, mappe=ersatz("<workbookPr ", f'<workbookPr date1904="{system}" ')))
    assert eingabe.felder["datum"].wert == date(2024, 7, 10)


@pytest.mark.parametrize("nummer", ["-1", "12", "99999", "1E20"])
def test_eine_zahl_die_kein_datum_unserer_zeit_ist_bleibt_eine_zahl(nummer: str) -> None:
    assert gelesen(mit_zelle("datum", "", f"<v>{nummer}</v>")).felder["datum"].wert == Decimal(nummer)


@pytest.mark.parametrize("nummer", ["9999", "-1", "1.5", "²", "x", "9" * 30])
def test_ein_text_den_es_nicht_gibt_ist_eine_beschaedigte_datei(nummer: str) -> None:
    with pytest.raises(Abgewiesen) as fehler:
        gelesen(mit_zelle("bemerkungen", 't="s"', f"<v>{nummer}</v>"))
    assert gezeigt(fehler.value.befund("")) == meldung("E-04", "ein Text fehlt")


def test_eine_zelle_die_zweimal_vorkommt_ist_eine_beschaedigte_datei() -> None:
    doppelt = ersatz("</sheetData>", f'<row r="99"><c r="{ORT}"><v>900</v></c></row></sheetData>')
    with pytest.raises(Abgewiesen) as fehler:
        gelesen(umbau(ausgefuellt(), blatt=doppelt))
    assert gezeigt(fehler.value.befund("")) == meldung("E-04", "eine Zelle kommt doppelt vor")


def test_ein_langer_text_kommt_ganz_an() -> None:
    text = "ä" * 32_767
    assert (
        gelesen(mit_zelle("bemerkungen", 't="inlineStr"', f"<is><t>{text}</t></is>")).felder["bemerkungen"].wert == text
    )


def test_leerzeichen_um_einen_text_bleiben_bis_zur_pruefung() -> None:
    eingabe = gelesen(mit_zelle("kontakt_name", 't="inlineStr"', '<is><t xml:space="preserve">  Anna </t></is>'))
    assert eingabe.felder["kontakt_name"].wert == "  Anna "
    assert werte(eingabe)["kontakt_name"] == "Anna"


def test_eine_zelle_in_der_letzten_ecke_stoert_nicht() -> None:
    ecke = ersatz("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    assert gelesen(umbau(ausgefuellt(), blatt=ecke)) == gelesen(ausgefuellt())


@pytest.mark.parametrize("angabe", ["A1", "A1:XFD1048576", "unsinn", ""])
def test_eine_falsche_angabe_der_groesse_stoert_nicht(angabe: str) -> None:
    falsch = ersatz('<dimension ref="A1:F60"', f'<dimension ref="{angabe}"') if angabe else None
    daten = teile(ausgefuellt())
    if falsch is None:
        daten[BLATT] = daten[BLATT].replace(b'<dimension ref="A1:F60"/>', b"")
    else:
        daten[BLATT] = falsch(daten[BLATT])
    assert gelesen(packen(daten)) == gelesen(ausgefuellt())
