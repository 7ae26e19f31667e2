"""Nothing dangerous goes out in the canton's name: each kind is shown on reading, and removed or kept back."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from eingaben.bauen import BLATT, ausgefuellt, packen
from eingaben.gefahren import GEFAHREN, ZEICHNUNG, mit_link, mit_name
from eingaben.urteil import urteile
from hilfe.sauber import verstoesse
from krs.formulare.kontext import aufzaehlung
from krs.mappen.antwort.einfuegen import annotiert, antwort
from krs.mappen.lesen.formular import lesen
from krs.mappen.lesen.harmlos import Art
from mappen.antwort.hilfe import ABSENDER, rueckmeldung, teile

GUT = ausgefuellt()
SATZ = "Ihre Arbeitsmappe konnte nicht markiert werden ({}); die Zellen sind unten genannt."
E36 = (
    "Die Datei enthält {}. Nichts davon wurde geöffnet oder ausgeführt; gelesen wurden nur die Werte. Füllen Sie die"
    " Vorlage aus, ohne Objekte, Steuerelemente oder Add-ins einzufügen. (Ziff. 5.2, E-36)"
)
E37 = (
    "Die Datei enthält {}. Nichts davon wurde aufgerufen; gelesen wurden nur die gespeicherten Werte. Entfernen Sie,"
    " was nach aussen führt; E-Mail-Adressen dürfen bleiben. (Ziff. 5.2, E-37)"
)
E16 = (
    "Die Datei enthält Makros. Sie wurden nicht ausgeführt; gelesen wurden nur die Werte."
    " Senden Sie das Formular beim nächsten Mal als Excel-Arbeitsmappe (.xlsx). (Ziff. 5.2, E-16)"
)
E17 = (
    "Die Datei enthält Verknüpfungen zu anderen Dateien oder Programmen. Sie wurden nicht aufgerufen; gelesen wurden"
    " nur die gespeicherten Werte. Entfernen Sie die Verknüpfungen in Excel unter «Daten», «Verknüpfungen bearbeiten»."
    " (Ziff. 5.2, E-17)"
)
TEXTE = {"E-16": E16, "E-17": E17, "E-36": E36, "E-37": E37}


@pytest.mark.parametrize("name", GEFAHREN)
def test_beim_lesen_steht_was_in_der_datei_ist(name: str) -> None:
    gefahr = GEFAHREN[name]
    ergebnis = urteile(gefahr.bauen(), "Formular.xlsx")
    erwartet = []
    for code, text in TEXTE.items():
        if worte := [a.worte for a in Art if a in gefahr.gezeigt and a.code == code]:
            erwartet.append((code, "Hinweis", "", frozenset(), text.format(aufzaehlung(worte))))
    gezeigt = [(b.code, str(b.stufe), b.zelle, frozenset(b.ansprueche), b.meldung) for b in ergebnis.befunde]
    assert gezeigt == erwartet
    assert ergebnis.werte == urteile(GUT, "Formular.xlsx").werte


@pytest.mark.parametrize("name", GEFAHREN)
def test_zurueck_geht_nur_was_auf_der_liste_steht(name: str) -> None:
    gefahr = GEFAHREN[name]
    daten, grund = antwort(gefahr.bauen(), rueckmeldung(), ABSENDER)
    worte = aufzaehlung([a.worte for a in Art if a in gefahr.haelt])
    assert grund == (SATZ.format(worte) if worte else "")
    assert verstoesse(daten) == []
    for inhalt in teile(daten).values():
        assert b"evil" not in inhalt
    if not grund:
        assert lesen(daten, "Formular.xlsx").felder == lesen(GUT, "Formular.xlsx").felder


def test_ein_link_geht_und_die_zelle_behaelt_ihren_text() -> None:
    neu = teile(annotiert(mit_link("http://evil.example/login"), rueckmeldung(), ABSENDER))
    assert neu == teile(annotiert(GUT, rueckmeldung(), ABSENDER)) | {k: neu[k] for k in neu if k.endswith(".rels")}
    assert b"hyperlink" not in neu["xl/worksheets/_rels/sheet1.xml.rels"]


def test_ein_name_geht_und_die_uebrigen_bleiben() -> None:
    neu = teile(annotiert(mit_name("_xlnm.Auto_Open", "Reporting!$A$1"), rueckmeldung(), ABSENDER))
    assert neu == teile(annotiert(GUT, rueckmeldung(), ABSENDER))


def test_was_niemandem_gehoert_bleibt_hier() -> None:
    neu = teile(
        annotiert(packen(teile(GUT) | {"xl/media/waise.png": b"\x89PNG", "x/y.bin": b"MZ"}), rueckmeldung(), ABSENDER)
    )
    assert neu == teile(annotiert(GUT, rueckmeldung(), ABSENDER))


def test_druckereinstellungen_gehen_ohne_verweis_ins_leere() -> None:
    neu = teile(annotiert(GEFAHREN["Druckereinstellungen"].bauen(), rueckmeldung(), ABSENDER))
    assert not [n for n in neu if "printer" in n]
    seite = etree.fromstring(neu[BLATT]).find("{*}pageSetup")
    assert seite is not None
    assert not [k for k in seite.attrib if str(k).endswith("}id")]


def test_was_in_einer_zeichnung_bleibt_ist_die_zeichnung() -> None:
    neu = teile(annotiert(GEFAHREN["Link in einer Zeichnung"].bauen(), rueckmeldung(), ABSENDER))
    assert not re.search(rb"hlink", neu[ZEICHNUNG])
    assert b"xdr:pic" in neu[ZEICHNUNG]
