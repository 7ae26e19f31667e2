"""What a workbook shows besides its fields never stops the reading, and a number found there is never shown."""

from __future__ import annotations

import pickle
import re
import zipfile
from collections import Counter
from typing import Any

import pytest

from eingaben.bauen import (
    RELS,
    ausgefuellt,
    eigenes_blatt,
    ersatz,
    mit_beziehung,
    mit_blatt,
    mit_kommentar,
    mit_teil,
    packen,
    teile,
    umbau,
    zelle,
)
from eingaben.boese import BEZUEGE, BILD, BOESE, boese
from eingaben.faelle import AHV, dateien, mit_verknuepfung
from eingaben.urteil import urteile
from krs.formulare import ahv
from krs.formulare.eingabe import Merkmal, Zelle
from krs.mappen.lesen import behaelter, nummern
from krs.mappen.lesen import merkmale as merkmal
from krs.mappen.lesen.formular import lesen

GUT = ausgefuellt()


def merkmale(daten: bytes) -> tuple[Merkmal, ...]:
    return lesen(daten, "Formular.xlsx").merkmale


def codes(daten: bytes) -> list[str]:
    return [m.code for m in merkmale(daten)]


@pytest.mark.parametrize(
    ("name", "gezeigt"),
    [
        ("AHV-Nummer neben den Feldern", Zelle("Reporting", "D21", "Frau X: [AHV-Nummer]")),
        ("AHV-Nummer im Nachweis", Zelle("Nachweis", "D5", "[AHV-Nummer]")),
        ("AHV-Nummer auf einem eigenen Blatt", Zelle("Liste", "B2", "[AHV-Nummer]")),
        ("AHV-Nummer in einem Kommentar", Zelle("Reporting", "C21", "Frau X, [AHV-Nummer]")),
        ("AHV-Nummer in einem Textfeld", Zelle("Reporting", "", "Frau X, [AHV-Nummer]")),
        ("AHV-Nummer in der Kopfzeile", Zelle("Reporting", "", "&L[AHV-Nummer]")),
        ("AHV-Nummer als Blattname", Zelle("[AHV-Nummer]")),
    ],
)
def test_eine_ahv_nummer_ausserhalb_der_felder_wird_ohne_die_nummer_gezeigt(name: str, gezeigt: Zelle) -> None:
    eingabe = lesen(*dateien()[name])
    assert eingabe.merkmale == (Merkmal("F-30", gezeigt),)
    assert AHV not in repr(eingabe)


def test_eine_mappe_ohne_auffaelligkeit_hat_keine_merkmale() -> None:
    assert merkmale(GUT) == merkmale(ausgefuellt("anhang3")) == ()


def test_ein_kommentar_ohne_blatt_und_ein_neuer_kommentar_werden_gefunden() -> None:
    ohne_blatt = {k: v for k, v in teile(mit_kommentar(GUT, "C21", AHV)).items() if k != BEZUEGE}
    assert merkmale(packen(ohne_blatt)) == (Merkmal("F-30", Zelle("", "", "[AHV-Nummer]")),)
    neu = f'<T xmlns="t"><threadedComment ref="E21" id="1"><text>{AHV}</text></threadedComment></T>'
    daten = mit_teil(GUT, "xl/threadedComments/threadedComment1.xml", neu.encode())
    daten = mit_beziehung(daten, BEZUEGE, "threadedComment", "/xl/threadedComments/threadedComment1.xml")
    assert merkmale(daten) == (Merkmal("F-30", Zelle("Reporting", "E21", "[AHV-Nummer]")),)


def test_der_hinweis_einer_eingaberegel_wird_gelesen() -> None:
    regel = f'<dataValidation promptTitle="Frau X" prompt="{AHV}" sqref="C21"/></dataValidations>'
    daten = umbau(GUT, blatt=lambda xml: xml.replace(b"</dataValidations>", regel.encode()))
    assert merkmale(daten) == (Merkmal("F-30", Zelle("Reporting", "", "[AHV-Nummer]")),)


def test_auch_ein_formular_das_nicht_zugeordnet_wird_zeigt_seine_merkmale() -> None:
    daten = umbau(dateien()["AHV-Nummer in den Bemerkungen"][0], kenn=zelle("B2", 't="str"', "<v>2099-01</v>"))
    assert merkmale(daten) == (Merkmal("F-30", Zelle("Reporting", "C59", "Frau X, [AHV-Nummer], umgezogen")),)
    assert codes(mit_verknuepfung(daten, "")) == ["E-17", "F-30"]


@pytest.mark.parametrize(
    "xml",
    [b"", b"<worksheet>", b"kein XML", b"<!DOCTYPE w [<!ENTITY a 'b'>]><worksheet/>",
     eigenes_blatt(("a",)).replace(b'r="A1"', b'r="quer"'), eigenes_blatt(("a", "b")).replace(b'"B1"', b'"A1"')],
    ids=["leer", "unvollständig", "kein XML", "Dokumentdefinition", "Zelle ohne Ort", "Zelle doppelt"],
)  # fmt: skip
def test_ein_kaputtes_eigenes_blatt_haelt_niemanden_auf(xml: bytes) -> None:
    ergebnis = urteile(mit_blatt(GUT, "Liste", xml), "Formular.xlsx")
    assert ergebnis == urteile(GUT, "Formular.xlsx")


def test_ein_kaputtes_bild_haelt_niemanden_auf() -> None:
    daten = packen({**teile(GUT), BILD: b"x" * 5000}, zipfile.ZIP_STORED)
    kaputt = daten.replace(b"x" * 5000, b"y" * 5000)
    assert urteile(kaputt, "Formular.xlsx") == urteile(GUT, "Formular.xlsx")


@pytest.mark.parametrize("blatt", ["Hilfe", "Reporting alt", "_krs_alt"])
def test_ein_eigenes_blatt_ist_kein_formular_wie_es_auch_heisst(blatt: str) -> None:
    liste = eigenes_blatt(("1 Wer dieses Formular ausfüllt",), ("2 Nullmeldung",), ("Name, Vorname",), ("E-Mail",))
    assert codes(mit_blatt(GUT, blatt, liste)) == (["E-18"] if blatt.startswith("_krs") else [])


@pytest.mark.parametrize("zustand", ["hidden", "veryHidden"])
def test_neben_einem_ausgeblendeten_formular_gilt_kein_blatt_das_zu_sehen_ist(zustand: str) -> None:
    liste = eigenes_blatt(("Gespräche mit Einzelpersonen", "2"))
    versteckt = umbau(GUT, mappe=ersatz('"Reporting"', f'"Reporting" state="{zustand}"'))
    assert urteile(versteckt, "F.xlsx") == urteile(GUT, "F.xlsx")
    assert urteile(mit_blatt(versteckt, "Liste", liste, ' state="hidden"'), "F.xlsx") == urteile(GUT, "F.xlsx")
    assert urteile(mit_blatt(GUT, "Liste", liste), "F.xlsx") == urteile(GUT, "F.xlsx")
    assert [b.meldung for b in urteile(mit_blatt(versteckt, "Liste", liste), "F.xlsx").befunde] == [
        "Neben «Reporting» enthält die Arbeitsmappe ein weiteres Formularblatt («Liste»; «Reporting» ist ausgeblendet)."
        " Gelesen wurde nur «Reporting». Senden Sie jedes Formular als eigene Datei, in der Vorlage der betreffenden"
        " Gemeinde. (Ziff. 5.2, E-18)"
    ]


def test_drei_ueberschriften_machen_ein_formular() -> None:
    titel = ("1 Wer dieses Formular ausfüllt", "2  Nullmeldung ", "6\u00a0Bemerkungen und Bestätigung")
    assert codes(mit_blatt(GUT, "Kopie", eigenes_blatt(*((t,) for t in titel)))) == ["E-18"]


@pytest.mark.parametrize(
    ("art", "code"),
    [("externalLink", "E-17"), ("connections", "E-17"), ("queryTable", "E-17"), ("vbaProject", "E-16"),
     ("xlMacrosheet", "E-16"), ("xlIntlMacrosheet", "E-16"), ("sharedStringsAlt", "")],
)  # fmt: skip
def test_beziehungen_sagen_was_ein_teil_ist_wie_er_auch_heisst(art: str, code: str) -> None:
    daten = mit_beziehung(mit_teil(GUT, "xl/daten/x.bin", b"x"), RELS, art, "daten/x.bin")
    assert codes(daten) == ([code] if code else [])


def test_merkmale_kommen_durch_einen_anderen_prozess() -> None:
    eingabe = lesen(*dateien()["Blatt in der Mappe kopiert"])
    assert pickle.loads(pickle.dumps(eingabe)) == eingabe
    assert hash(eingabe.merkmale)


@pytest.mark.parametrize("was", BOESE)
def test_boese_texte_werden_nur_einige_male_durchsucht(was: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long one search takes is for `./run bench`: a pattern cannot be watched at work."""
    gesehen = Counter[str]()
    for modul in (ahv, behaelter, merkmal, nummern):
        for name, muster in vars(modul).copy().items():
            if isinstance(muster, re.Pattern):
                monkeypatch.setattr(modul, name, Gezaehlt(muster, gesehen))
    daten = boese(was, 500_000, GUT)
    assert codes(daten) == (["F-30"] if was in ("Attribute", "Kommentare") else [])
    assert gesehen.total() < 6 * 500_000


class Gezaehlt:
    """A pattern that counts what it is given to search."""

    def __init__(self, muster: re.Pattern[Any], gesehen: Counter[str]) -> None:
        self.muster, self.gesehen = muster, gesehen

    def __getattr__(self, name: str) -> Any:
        def suche(*args: Any) -> Any:
            self.gesehen[self.muster.pattern] += len(args[-1])
            return getattr(self.muster, name)(*args)

        return suche
