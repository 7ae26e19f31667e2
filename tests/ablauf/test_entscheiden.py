"""`krs entscheid`: rows appended, its effect in francs, refused without one, taken back unless a run used it."""

import hashlib
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from ablage.hilfe import ausgefuellt, einwerfen, neue_ablage
from ablage.laufhilfe import LAUF, TAG, bauen, freigeben
from krs import ablauf
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf import stammdaten_laden
from krs.ablauf.entscheiden import Auftrag, entscheiden
from krs.ablauf.gemeinsam import Uhr
from krs.ablauf.konsolidierung import beurteilen, nochmals

AM = date(2024, 8, 12)
GRUND = {"begruendung": "Ferien, telefonisch", "visum": "AB"}


@pytest.fixture
def ablage(tmp_path: Path) -> Ablage:
    """Egerkingen is late; Härkingen asks for assignments without talks; Kestenholz sent nothing."""
    ablage = neue_ablage(tmp_path / "Ablage")
    einwerfen(ablage, "2024-08-05/eger.xlsx", ausgefuellt(ablage))
    mehr = {"integ_einzelpersonen": 1, "integ_durch_verantwortliche": "Ja", "integ_nachweis": "Nein"}
    einwerfen(ablage, "2024-07-20/haer.xlsx", ausgefuellt(ablage, 2402, **mehr))
    return ablage


def zellen(ablage: Ablage) -> dict[str, list[list[object]]]:
    buch = openpyxl.load_workbook(BytesIO(ablage.stammdaten.read_bytes()))
    return {b.title: [[c.value for c in reihe] for reihe in b.iter_rows()] for b in buch.worksheets}


def test_ein_entscheid_ist_eine_zeile_und_alles_andere_bleibt(ablage: Ablage) -> None:
    vorher, alt = zellen(ablage), ablage.stammdaten.read_bytes()
    e = entscheiden(ablage.pfad, Auftrag("Egerkingen", "2024-H1", ("F-50", "anerkennen"), **GRUND), AM)
    assert (e.gemeinde, e.formular, e.codes, e.wort) == ("Egerkingen", "Anhang 2", ("F-50",), "anerkennen")
    assert e.aendert == {
        "anerkannt": Decimal("760.00"), "zurückgestellt": Decimal("-760.00"), "noch nicht fällig": Decimal(0),
        "nicht beitragsberechtigt": Decimal(0),
    }  # fmt: skip
    assert e.sicherung.read_bytes() == alt
    nachher = zellen(ablage)
    zeile = [2401, "Egerkingen", "Anhang 2", "2024-H1", "F-50", None, "anerkennen", "Ferien, telefonisch", "AB"]
    assert [str(w or "") for w in nachher["Entscheide"].pop(1)] == [
        *(str(w or "") for w in zeile),
        f"{AM} 00:00:00",
        "",
        "",
    ]
    vorher["Entscheide"].pop(1)
    assert nachher == vorher
    assert not [b for b, e in ablauf.konsolidieren(ablage.pfad, AM).urteil.befunde if b.code == "F-50" and not e]


def test_nochmals_geurteilt_wird_ueber_dasselbe_auch_ueber_geloeschtes_und_ab_der_antwort(ablage: Ablage) -> None:
    """Härkingen answers in time only because the answer was drafted late; Kestenholz's form is purged."""
    kest = ausgefuellt(ablage, 2403)
    einwerfen(ablage, "2024-07-20/kest.xlsx", kest)
    ablauf.konsolidieren(ablage.pfad, AM)
    einwerfen(ablage, "2024-08-20/haer.xlsx", ausgefuellt(ablage, 2402, erst_einzelpersonen=5))
    am = date(2024, 8, 21)
    ablauf.konsolidieren(ablage.pfad, am)
    ablauf.archiv_loeschen(ablage.pfad, hashlib.sha256(kest).hexdigest(), am, "Namen", "MB", trotzdem=True)
    urteil = beurteilen(ablage, Uhr(am), festhalten=False)[0]
    assert [z.status for z in urteil.zeilen if z.bfs_nr in {2402, 2403} and z.eingang] == [
        "ersetzt", "angenommen mit Hinweisen", "gelöscht",
    ]  # fmt: skip
    assert nochmals(ablage, urteil, urteil.stammdaten) == urteil


def test_ohne_code_gilt_er_dem_ganzen_formular_und_umlaute_braucht_es_nicht(ablage: Ablage) -> None:
    e = entscheiden(ablage.pfad, Auftrag("2401", "2024-h1", ("zurueckstellen",), **GRUND), AM)
    assert (e.codes, e.wort, sum(e.aendert.values())) == (("",), "zurückstellen", Decimal(0))


def test_mehrere_codes_auf_einmal_und_einer_ohne_wirkung_haelt_alle_an(ablage: Ablage) -> None:
    einwerfen(ablage, "2024-08-05/eger.xlsx", ausgefuellt(ablage, erst_einzelpersonen=0, erst_personen=0))
    codes = ("F-50", "A2-07")
    alt = ablage.stammdaten.read_bytes()
    with pytest.raises(AblageFehler) as fehler:
        entscheiden(ablage.pfad, Auftrag("2401", "2024-H1", (*codes, "A2-20", "zurückstellen"), **GRUND), AM)
    assert str(fehler.value) == (
        "Es ist nichts geschrieben. Der Entscheid hat keine Wirkung: Zu Anhang 2, 2024-H1, gibt es bis zum 12.08.2024 "
        "keinen Befund A2-20. Prüfen Sie Gemeinde, Formular, Periode, Code, SHA-256 und Datum. (S-33)"
    )
    assert ablage.stammdaten.read_bytes() == alt
    e = entscheiden(ablage.pfad, Auftrag("2401", "2024-H1", (*codes, "ablehnen"), **GRUND), AM)
    assert e.codes == codes
    assert [e.code for e in stammdaten_laden(ablage)[0].entscheide] == [*codes]
    with pytest.raises(AblageFehler) as fehler:
        entscheiden(ablage.pfad, Auftrag("2401", "2024-H1", ("F-50", "anerkennen"), **GRUND), AM)
    assert str(fehler.value) == (
        "Es ist nichts geschrieben: Darüber ist am 12.08.2024 schon entschieden, «ablehnen» (Blatt Entscheide, Zeile "
        "2). Nehmen Sie das zuerst zurück: «krs entscheid ABLAGE 2401 2024-H1 F-50 --zurueck»."
    )


def test_eine_datei_wird_an_acht_zeichen_erkannt(ablage: Ablage) -> None:
    sha = next(z.sha256 for z in ablauf.konsolidieren(ablage.pfad, AM).urteil.zeilen if z.bfs_nr == 2401 and z.sha256)
    entscheiden(ablage.pfad, Auftrag("2401", "2024-H1", ("F-50", "ablehnen"), sha=sha[:8].upper(), **GRUND), AM)
    assert [e.sha256 for e in stammdaten_laden(ablage)[0].entscheide] == [sha]


def test_kuerzen_nennt_leistung_und_anzahl(ablage: Ablage) -> None:
    auftrag = Auftrag("2402", "2024-H1", ("ku\u0308rzen",), leistung="erst", anzahl=2, **GRUND)
    zeile = entscheiden(ablage.pfad, auftrag, AM)
    assert zeile.wort == "kürzen"
    (e,) = stammdaten_laden(ablage)[0].entscheide
    assert (e.leistung, e.anerkannte_anzahl) == ("Erstinformationsgespräch", 2)


def test_ablehnen_ohne_code_schliesst_ein_fehlendes_formular(ablage: Ablage) -> None:
    entscheiden(ablage.pfad, Auftrag("Kestenholz", "2024-H1", ("ablehnen",), **GRUND), AM)
    entscheiden(ablage.pfad, Auftrag("Kestenholz", "2024", ("ablehnen",), **GRUND), AM)
    assert [(e.formular, e.code) for e in stammdaten_laden(ablage)[0].entscheide] == [
        ("Anhang 2", ""),
        ("Anhang 3", ""),
    ]


@pytest.mark.parametrize(
    ("auftrag", "satz"),
    [
        (Auftrag("2401", "2024-H1", ("F-50",), **GRUND), r"^Nennen Sie einen Entscheid: anerkennen, kürzen"),
        (Auftrag("2401", "2024-H1", ("F-50", "ablehnen", "anerkennen"), **GRUND), r"^Nennen Sie einen Entscheid"),
        (Auftrag("2401", "2024-H1", ("F-50", "anerkennen"), visum="AB"), r"^Sagen Sie, weshalb \(--begruendung\)"),
        (Auftrag("2401", "2024-H1", ("F-50", "anerkennen"), begruendung="Ferien"), r"^Nennen Sie Ihr Visum"),
        (Auftrag("Trimbach", "2024-H1", ("F-50", "anerkennen"), **GRUND), r"^«Trimbach» ist keine Gemeinde"),
        (Auftrag("2401", "2024-H3", ("F-50", "anerkennen"), **GRUND), r"^Gelesen wurde «2024-H3»; erwartet"),
        (Auftrag("2401", "2024-H1", ("X-99", "anerkennen"), **GRUND), r"^Es ist nichts gesch.*«X-99» gibt es nicht"),
        (Auftrag("2401", "2024-H1", ("F-01", "anerkennen"), **GRUND), r"^Es ist nichts geschrieben.*nicht anerkennen"),
        (Auftrag("2401", "2024-H1", ("A3-01", "ablehnen"), **GRUND), r"Der Code «A3-01» passt nicht zu Anhang 2"),
        (Auftrag("2401", "2024-H1", ("A2-20", "ablehnen"), **GRUND), r"keinen Befund A2-20"),
        (Auftrag("2401", "2023-H2", ("anerkennen",), **GRUND), r"keine Einreichung, die er meint"),
        (Auftrag("2403", "2024-H1", ("anerkennen",), **GRUND), r"keine Einreichung, die er meint"),
        (Auftrag("2401", "2024-H1", ("ablehnen",), sha="f" * 8, **GRUND), r"^«ffffffff»: Keine Datei dieser Gem"),
        (Auftrag("2401", "2024-H1", ("kürzen",), leistung="Dol", anzahl=1, **GRUND), r"^«Dol» ist keine Leistung"),
        (Auftrag("2401", "2024-H1", ("kürzen",), **GRUND), r"«kürzen» nennt eine Leistung und die anerkannte Anzahl"),
        (Auftrag("2401", "2024-H1", ("F-50",), zurueck=True), r"^Einen solchen Entscheid gibt es nicht"),
    ],
)  # fmt: skip
def test_was_keine_wirkung_haette_sagt_ein_satz_und_nichts_aendert_sich(
    ablage: Ablage, auftrag: Auftrag, satz: str
) -> None:
    alt = ablage.stammdaten.read_bytes()
    with pytest.raises((AblageFehler, ValueError), match=satz):
        entscheiden(ablage.pfad, auftrag, AM)
    assert ablage.stammdaten.read_bytes() == alt
    assert not ablage.sicherungen.exists()


def test_zweimal_dasselbe_wird_nicht_geschrieben(ablage: Ablage) -> None:
    auftrag = Auftrag("2401", "2024-H1", ("F-50", "anerkennen"), **GRUND)
    entscheiden(ablage.pfad, auftrag, AM)
    with pytest.raises(AblageFehler, match="es ist schon so entschieden, oder es gibt nichts zu entscheiden"):
        entscheiden(ablage.pfad, auftrag, AM)


def test_was_nicht_geschrieben_ist_haelt_nichts_an_und_sagt_es_auch_nicht(ablage: Ablage) -> None:
    entscheiden(ablage.pfad, Auftrag("2401", "2024-H1", ("F-50", "anerkennen"), **GRUND), AM)
    with pytest.raises(AblageFehler) as fehler:
        entscheiden(ablage.pfad, Auftrag("2401", "2024-H1", ("F-50", "ablehnen"), **GRUND), AM)
    assert str(fehler.value) == (
        "Es ist nichts geschrieben: Darüber ist am 12.08.2024 schon entschieden, «anerkennen» (Blatt Entscheide, Zeile "
        "2). Nehmen Sie das zuerst zurück: «krs entscheid ABLAGE 2401 2024-H1 F-50 --zurueck»."
    )


def test_zuruecknehmen_stellt_den_vorigen_stand_her(ablage: Ablage) -> None:
    entscheiden(ablage.pfad, Auftrag("2401", "2024-H1", ("F-50", "anerkennen"), **GRUND), AM)
    e = entscheiden(ablage.pfad, Auftrag("Egerkingen", "2024-H1", ("F-50",), zurueck=True), AM)
    assert (e.wort, e.aendert["anerkannt"]) == ("", Decimal("-760.00"))
    assert stammdaten_laden(ablage)[0].entscheide == ()


def test_womit_ein_lauf_gerechnet_hat_bleibt(tmp_path: Path) -> None:
    ablage = bauen(tmp_path / "Ablage")
    entscheiden(ablage.pfad, Auftrag("2401", "2024-H1", ("ablehnen",), **GRUND), AM)
    freigeben(ablage, LAUF, TAG)
    with pytest.raises(AblageFehler) as fehler:
        entscheiden(ablage.pfad, Auftrag("2401", "2024-H1", zurueck=True), TAG)
    assert str(fehler.value) == (
        "Mit dieser Zeile hat der Lauf 2024-09 gerechnet; sie bleibt stehen. Ein neuer Entscheid mit späterem Datum "
        "ersetzt ihn."
    )
