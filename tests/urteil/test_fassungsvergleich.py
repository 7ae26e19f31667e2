"""What changed between two versions of a form, as an officer reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hilfe.formulare import Lage, eingabe, gutes_formular
from krs.formulare.formular import formular
from krs.urteil.fassung import Einreichung, Fassung, fassung
from krs.urteil.fassungsvergleich import Aenderung, aenderungen, kurz


def lies(name: str = "anhang2", /, **werte: Any) -> Fassung:
    """Return the good form with other values, read as the programme does."""
    form = formular(name)
    periode = "2024-H1" if form.nummer == 2 else "2024"
    version = form.version_fuer(periode)
    ein = eingabe(Lage(form, version, periode, gutes_formular(form, version) | werte))
    return fassung(Einreichung("a.xlsx", "a" * 64, date(2024, 7, 1), ein))


def vergleiche(alt: dict[str, Any], neu: dict[str, Any], name: str = "anhang2") -> list[tuple[str, str, str]]:
    return [(a.feld, a.alt, a.neu) for a in aenderungen(lies(name, **alt), lies(name, **neu))]


def test_dieselben_angaben_sind_keine_aenderung() -> None:
    assert aenderungen(lies(), lies()) == ()
    assert aenderungen(lies("anhang3"), lies("anhang3")) == ()


def test_eine_aenderung_nennt_feld_bezeichnung_zelle_und_beide_werte() -> None:
    neu = lies(erst_familien=4)
    assert neu.gelesen is not None
    assert aenderungen(lies(erst_familien=3), neu) == (
        Aenderung(
            "erst_familien",
            "Erstinformationsgespräche: mit Familien",
            neu.gelesen.eingabe.felder["erst_familien"].adresse,
            "3",
            "4",
        ),
    )


def test_die_reihenfolge_ist_jene_des_formulars() -> None:
    alt = {"bemerkungen": "", "integ_familien": 1, "erst_familien": 3, "kontakt_name": "A. Muster"}
    neu = {"bemerkungen": "Korrektur", "integ_familien": 2, "erst_familien": "", "kontakt_name": "B. Muster"}
    assert vergleiche(alt, neu) == [
        ("kontakt_name", "A. Muster", "B. Muster"),
        ("erst_familien", "3", "leer"),
        ("integ_familien", "1", "2"),
        ("bemerkungen", "leer", "Korrektur"),
    ]


@pytest.mark.parametrize(
    ("feld", "alt", "neu"),
    [
        ("erst_familien", 12, "12"),
        ("erst_familien", 12, "12 "),
        ("erst_familien", 12, {"wert": Decimal(12), "formel": "=5+7"}),
        ("nullmeldung", "Nein", "nein "),
        ("datum", date(2024, 7, 1), "01.07.2024"),
        ("bemerkungen", "Zwei Worte", " Zwei  Worte\n"),
        ("bemerkungen", "", "   "),
        ("kontakt_email", "kein-email", " kein-email "),
    ],
)
def test_wer_dasselbe_anders_schreibt_aendert_nichts(feld: str, alt: Any, neu: Any) -> None:
    assert vergleiche({feld: alt}, {feld: neu}) == []


@pytest.mark.parametrize(
    ("feld", "alt", "neu", "gezeigt"),
    [
        ("erst_familien", 3, "drei", ("3", "drei")),
        ("erst_familien", "drei", "vier", ("drei", "vier")),
        ("erst_familien", 3, {"fehler": "#REF!"}, ("3", "#BEZUG!")),
        ("erst_familien", 3, {"formel": "=A1+1"}, ("3", "=A1+1")),
        ("erst_familien", 0, "", ("0", "leer")),
        ("bestaetigung", "Ja", "Nein", ("Ja", "Nein")),
        ("datum", date(2024, 7, 1), date(2024, 7, 2), ("01.07.2024", "02.07.2024")),
    ],
)
def test_gezeigt_wird_was_ein_mensch_liest(feld: str, alt: Any, neu: Any, gezeigt: tuple[str, str]) -> None:
    assert vergleiche({feld: alt}, {feld: neu}) == [(feld, *gezeigt)]


def test_betraege_anteile_und_auswahl_der_selbstdeklaration() -> None:
    alt = {"beauftragte_pensum": Decimal("0.2"), "aufwand_franken": 1200, "aufwand_stunden": 80, "aufgabe_1": "erfüllt"}
    neu = {
        "beauftragte_pensum": "25 %", "aufwand_franken": Decimal("1234.5"), "aufwand_stunden": Decimal("80.50"),
        "aufgabe_1": " Teilweise",
    }  # fmt: skip
    assert vergleiche(alt, neu, "anhang3") == [
        ("beauftragte_pensum", "20%", "25%"),
        ("aufgabe_1", "erfüllt", "teilweise"),
        ("aufwand_stunden", "80", "80.5"),
        ("aufwand_franken", "1'200.00", "1'234.50"),
    ]


def test_lange_texte_unterscheiden_sich_auch_am_schluss() -> None:
    lang = "x" * 100
    assert vergleiche({"bemerkungen": lang + "a"}, {"bemerkungen": lang + "b"}) == [
        ("bemerkungen", lang + "a", lang + "b")
    ]
    unlesbar = "x" * 100 + "@"
    assert len(vergleiche({"kontakt_email": unlesbar + "a"}, {"kontakt_email": unlesbar + "b"})) == 1


def test_listen_werden_als_ganze_zeilen_verglichen_wo_immer_sie_stehen() -> None:
    alt = {"sprachen": [["Arabisch", 3], ["Tigrinya", 2], ["Farsi", 1]]}
    neu = {"sprachen": [["Tigrinya ", "2"], ["Arabisch", 4], [], ["Türkisch", 5]]}
    fassung_neu = lies(**neu)
    assert fassung_neu.gelesen is not None
    orte = [zeile[0].adresse for zeile in fassung_neu.gelesen.eingabe.listen["sprachen"]]
    gefunden = aenderungen(lies(**alt), fassung_neu)
    assert [(a.feld, a.zelle, a.alt, a.neu) for a in gefunden] == [
        ("sprachen", orte[1], "Arabisch, 3", "Arabisch, 4"),
        ("sprachen", orte[3], "leer", "Türkisch, 5"),
        ("sprachen", orte[0], "Farsi, 1", "leer"),
    ]
    assert vergleiche({"sprachen": [["Arabisch", 3]]}, {"sprachen": [["Arabisch", 3], ["Arabisch", 3]]}) == [
        ("sprachen", "leer", "Arabisch, 3")
    ]


def test_leistungsvertraege_zeigen_den_betrag() -> None:
    alt = {"leistungsvertraege": [["Caritas", "Kurse", 4500]]}
    neu = {"leistungsvertraege": [["Caritas", "Kurse", "4'600.50"]]}
    assert vergleiche(alt, neu, "anhang3") == [
        ("leistungsvertraege", "Caritas, Kurse, 4'500.00", "Caritas, Kurse, 4'600.50")
    ]


def test_eine_ahv_nummer_erscheint_in_keinem_vergleich() -> None:
    neu = {"bemerkungen": "Frau X, 756.1234.5678.97"}
    assert vergleiche({}, neu) == [("bemerkungen", "leer", "Frau X, [AHV-Nummer]")]


def test_nur_fassungen_desselben_formulars_werden_verglichen() -> None:
    for anderes in (lies("anhang3"), replace(lies(), gelesen=None)):
        with pytest.raises(ValueError, match=r"^Verglichen werden nur zwei Fassungen desselben Formulars\.$"):
            aenderungen(lies(), anderes)


def test_kurz_bleibt_lesbar_und_zaehlt_den_rest() -> None:
    alt = {f"erst_{g}": 1 for g in ("einzelpersonen", "familien", "gruppen")}
    neu = {f"erst_{g}": 2 for g in ("einzelpersonen", "familien", "gruppen")}
    alt |= {f"integ_dolmetsch_{g}": 1 for g in ("einzelpersonen", "familien", "gruppen")}
    neu |= {f"integ_dolmetsch_{g}": 2 for g in ("einzelpersonen", "familien", "gruppen")}
    text = kurz(aenderungen(lies(**alt), lies(**neu, bemerkungen="x" * 500)))
    assert text == (
        "erst_einzelpersonen: 1 → 2; erst_familien: 1 → 2; erst_gruppen: 1 → 2;"
        " integ_dolmetsch_einzelpersonen: 1 → 2; integ_dolmetsch_familien: 1 → 2; … und 2 weitere"
    )
    assert kurz(aenderungen(lies(), lies(bemerkungen="Wort " * 100))) == (
        "bemerkungen: leer → Wort Wort Wort Wort Wort Wort Wort Wort…"
    )
    assert kurz(()) == ""
