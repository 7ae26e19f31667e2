"""What the Excel functions answer to good and bad arguments, as both hosts send them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krs.excel.anfrage import Eingabefehler
from krs.excel.funktionen import KEINE_BEFUNDE, Rueckgabe, rufe
from krs.excel.katalog import Funktion, funktionen
from krs.excel.rohwerte import HOECHSTE_ANGABEN, HOECHSTE_ZEILEN
from krs.excel.rohzelle import Umfang
from krs.recht import Leistung

FEHLERZELLE = {"type": "Error", "basicType": "Error", "basicValue": "#DIV/0!", "errorType": "Div0"}
DIV0_COM = -2146826281
FEHLT_COM = -2147352572
ZAHL = "erwartet wird eine ganze Zahl von 0 bis 9'999."
VIER = "markieren Sie 4 Spalten (erst, erst_dolmetsch, integ, integ_dolmetsch)."
HALBJAHR = "erwartet wird ein Halbjahr wie 2024-H1 (2017 bis 2100)."


def satz(name: str, *argumente: object, ablage: Path | None = None) -> str:
    """Return the sentence with which a function refuses."""
    with pytest.raises(Eingabefehler) as fehler:
        rufe(name, argumente, ablage)
    return str(fehler.value)


# --- the same value, however a host sends it ----------------------------------------------------
@pytest.mark.parametrize(
    "roh",
    [
        [[12]], [[12.0]], ((12.0,),), 12.0, 12, [12], "12", [["12 "]], [["12.0"]], Decimal(12), 12.000000000001,
        {"type": "FormattedNumber", "basicValue": 12, "numberFormat": "0"}, [[{"type": "Double", "basicValue": 12}]],
    ],
)  # fmt: skip
def test_eine_anzahl_wird_gelesen_wie_im_formular(roh: object) -> None:
    assert rufe("krs_fallpauschale", [roh, [["2024-H1"]]]) == Decimal("2400.00")


def test_tausenderzeichen_werden_gelesen() -> None:
    assert rufe("krs_fallpauschale", ["3'000", "2024-H1"]) == Decimal("600000.00")


@pytest.mark.parametrize(
    "roh",
    [
        45291, 45291.0, 45291.75, [[45291]], "31.12.2023", "2023-12-31", " 31.12.2023 ", date(2023, 12, 31),
        datetime(2023, 12, 31, 14, 30, tzinfo=UTC), datetime.fromisoformat("2023-12-31T14:30"),
        {"type": "FormattedNumber", "basicValue": 45291, "numberFormat": "dd.mm.yyyy"},
    ],
)  # fmt: skip
def test_ein_datum_kommt_als_zahl_text_oder_zeit(roh: object) -> None:
    assert rufe("krs_gemeinde", [2456, roh]) == "Lüterswil-Gächliwil"
    assert rufe("krs_tarif", ["Sockelbeitrag", roh]) == Decimal("7.00")


def test_der_erste_und_der_naechste_tag_sind_richtig_gezaehlt() -> None:
    """45291 is 31.12.2023 in the 1900 system; on 01.01.2024 Lüterswil-Gächliwil has merged."""
    assert satz("krs_gemeinde", 2456, 45292) == (
        "Lüterswil-Gächliwil (BFS-Nr. 2456) besteht am 01.01.2024 nicht; Nachfolgerin ist Buchegg (BFS-Nr. 2465)."
    )


@pytest.mark.parametrize("roh", ["2024-H1", "2024-h1", " 2024-H1 "])
def test_eine_periode_darf_klein_und_mit_leerschlag_geschrieben_sein(roh: str) -> None:
    assert rufe("krs_frist", [[["Anhang 2"]], roh]) == date(2024, 7, 31)


@pytest.mark.parametrize("roh", [2024, 2024.0, "2024", [[2024]]])
def test_eine_zahl_ist_ein_jahr(roh: object) -> None:
    assert rufe("krs_frist", [3, roh]) == date(2024, 1, 31)
    assert rufe("krs_auszahlungstermin", ["SOCKELBEITRAG ", roh]) == date(2024, 3, 31)


@pytest.mark.parametrize("roh", [None, "", " ", [[None]], [[""]], [], FEHLT_COM, {"type": "Empty", "basicValue": ""}])
def test_ein_freiwilliges_argument_darf_fehlen_oder_leer_sein(roh: object) -> None:
    assert rufe("krs_fallpauschale", [3, "2024-H1", roh]) == Decimal("600.00")
    assert rufe("krs_gemeinde", [2456, roh]) == "Lüterswil-Gächliwil"


# --- refusals: where, what was read, what to do -------------------------------------------------
@pytest.mark.parametrize(
    ("roh", "gelesen"),
    [
        ("abc", "abc"), (-1, "-1"), (2.5, "2.5"), (10_000, "10000"), (45385, "45385"), (True, "WAHR"),
        (FEHLERZELLE, "#DIV/0!"), (DIV0_COM, "#DIV/0!"), (-2146826246, "#NV"), (-2146826238, "#WERT!"),
        (float("nan"), "#ZAHL!"), (float("inf"), "#ZAHL!"), (10**40, "#ZAHL!"), (date(2024, 4, 3), "03.04.2024"),
        ("a\nb\x00c", "a b�c"), ("\ud800", "�"), ("x" * 100, "x" * 59 + "…"), (object(), "#WERT!"),
        ({"type": "Entity", "basicValue": "#VALUE!", "basicType": "Error"}, "#WERT!"), ({}, None),
        ({"type": "Array", "basicValue": [[1]]}, "#WERT!"),
    ],
)  # fmt: skip
def test_was_keine_anzahl_ist_wird_genannt(roh: object, gelesen: str | None) -> None:
    grund = (
        f"Gelesen wurde «{gelesen}»; {ZAHL}" if gelesen else "Die Zelle ist leer; erfassen Sie 0, wenn es keine gab."
    )
    assert satz("krs_beitrag", 1, roh, 1, 1, "2024-H1") == f"Argument «erst_dolmetsch»: {grund}"
    assert satz("krs_beitraege", [[1, 1, 1, 1], [1, 1, 1, roh]], "2024-H1") == (
        f"Argument «bereich»: Zeile 2, Spalte 4 (integ_dolmetsch): {grund}"
    )


@pytest.mark.parametrize("roh", ["2024", 2024, "2024/1", "1. Halbjahr 2024", "2016-H2", "2024-H3", True])
def test_was_kein_halbjahr_ist_wird_genannt(roh: object) -> None:
    gelesen = "WAHR" if roh is True else roh
    assert satz("krs_fallpauschale", 1, roh) == f"Argument «periode»: Gelesen wurde «{gelesen}»; {HALBJAHR}"


@pytest.mark.parametrize("roh", [2024, "gestern", "31.02.2024", -45291.0, True])
def test_was_kein_datum_ist_wird_genannt(roh: object) -> None:
    gelesen = {True: "WAHR", -45291.0: "-45291"}.get(roh, roh) if not isinstance(roh, str) else roh
    assert satz("krs_tarif", "Sockelbeitrag", roh) == (
        f"Argument «datum»: Gelesen wurde «{gelesen}»; erwartet wird ein Datum wie 31.01.2024."
    )


def test_ein_bereich_statt_einer_zelle_sagt_was_zu_waehlen_ist() -> None:
    assert satz("krs_fallpauschale", [[1], [2], [3]], "2024-H1") == (
        "Argument «anzahl»: Der Bereich hat 3 × 1 Zellen; wählen Sie eine einzige."
    )
    assert satz("krs_gemeinde", 2581, Umfang(1_048_576, 1)) == (
        "Argument «datum»: Der Bereich hat 1'048'576 × 1 Zellen; wählen Sie eine einzige."
    )


def test_zu_wenige_und_zu_viele_argumente() -> None:
    assert satz("krs_gemeinde") == "KRS_GEMEINDE hat 0 Argumente erhalten; schreiben Sie KRS_GEMEINDE(bfs_nr; [datum])."
    assert (
        satz("krs_stichtag", 2024, 2025) == "KRS_STICHTAG hat 2 Argumente erhalten; schreiben Sie KRS_STICHTAG(jahr)."
    )


@pytest.mark.parametrize("name", ["krs_unbekannt", "KRS_BEITRAG", "rufe", "__class__", "", None, 3, ["krs_iban"]])
def test_eine_unbekannte_funktion_ist_ein_satz(name: Any) -> None:
    assert satz(name) == "Diese Funktion gibt es nicht; das Handbuch nennt alle Funktionen mit ihren Argumenten."


def test_argumente_die_keine_liste_sind_geben_einen_satz() -> None:
    with pytest.raises(Eingabefehler, match=r"^Diese Funktion gibt es nicht;"):
        rufe("krs_iban", {"text": "CH93"})  # type: ignore[arg-type]


def test_ab_2025_ist_kein_ansatz_bekannt() -> None:
    assert satz("krs_beitrag", 1, 0, 0, 0, "2025-H1") == (
        "Fallpauschale Erstinformationsgespräch am 01.01.2025: Ab 01.01.2025 ist kein Ansatz bekannt;"
        " erfassen Sie ihn mit Quelle in den Stammdaten, Blatt Tarife (Ziff. 4.1.2, 4.3.3)."
    )
    assert rufe("krs_beitrag", [0, 0, 0, 0, "2025-H1"]) == Decimal("0.00")


# --- ranges -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "bereich", [[[12, 4, 3, 1]], [12, 4, 3, 1], ((12.0, 4.0, 3.0, 1.0),), (12.0, "4", 3, 1.0)], ids=str
)
def test_eine_einzige_zeile_kommt_mit_oder_ohne_klammer(bereich: object) -> None:
    assert rufe("krs_beitraege", [bereich, "2022-H1"]) == [[Decimal("3800.00")]]


def test_leere_zeilen_bleiben_leer() -> None:
    assert rufe("krs_beitraege", [[["", None, " ", ""], [1, 0, 0, 0], [None] * 4], "2022-H1"]) == [
        [None], [Decimal("200.00")], [None],
    ]  # fmt: skip
    assert rufe("krs_beitraege", [[["", "", "", ""]], "2022-H1"]) == [[None]]


@pytest.mark.parametrize(
    ("bereich", "grund"),
    [
        ([[1] * 4] * (HOECHSTE_ZEILEN + 1), "Der Bereich hat 20'001 Zeilen; markieren Sie höchstens 20'000."),
        (Umfang(1_048_576, 4), "Der Bereich hat 1'048'576 Zeilen; markieren Sie höchstens 20'000."),
        ([[1], [2]], f"Der Bereich hat 1 Spalte; {VIER}"),
        (7, f"Der Bereich hat 1 Spalte; {VIER}"),
        (Umfang(10, 16_384), f"Der Bereich hat 16'384 Spalten; {VIER}"),
        ([[1, 2, 3, 4], [1, 2, 3]], f"Der Bereich hat 4 Spalten; {VIER}"),
    ],
    ids=["lang", "ganze Spalten", "schmal", "Zelle", "breit", "ungleich"],
)  # fmt: skip
def test_ein_bereich_der_falschen_form_sagt_was_zu_markieren_ist(bereich: object, grund: str) -> None:
    assert satz("krs_beitraege", bereich, "2022-H1") == f"Argument «bereich»: {grund}"


def test_ein_fehler_weit_unten_nennt_seine_zeile() -> None:
    bereich: list[list[object]] = [[1, 0, 0, 0] for _ in range(10_000)]
    bereich[9_998][0] = "zwölf"
    assert satz("krs_beitraege", bereich, "2024-H1") == (
        f"Argument «bereich»: Zeile 9'999, Spalte 1 (erst): Gelesen wurde «zwölf»; {ZAHL}"
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 9999)] * 4), min_size=1, max_size=8))
def test_viele_zeilen_ergeben_dasselbe_wie_jede_fuer_sich(zeilen: list[tuple[int, ...]]) -> None:
    einzeln = [[rufe("krs_beitrag", [*zeile, "2024-H1"])] for zeile in zeilen]
    assert rufe("krs_beitraege", [zeilen, "2024-H1"]) == einzeln


# --- KRS_PRUEFEN --------------------------------------------------------------------------------
NULLMELDUNG: list[list[object]] = [
    ["nullmeldung", "Ja"], ["bestaetigung", "Ja"], ["kontakt_name", "Muster Anna"], ["kontakt_funktion", "Leitung"],
    ["kontakt_email", "integration@olten.example"], ["kontakt_telefon", "062 111 22 33"], ["datum", 45488],
]  # fmt: skip
KOPF = ["Stufe", "Code", "Feld", "Meldung"]


def pruefe(*zusatz: list[object], anhang: object = 2, periode: object = "2024-H1") -> Rueckgabe:
    return rufe("krs_pruefen", [[*NULLMELDUNG, *zusatz], anhang, periode])


def test_eine_gute_nullmeldung_hat_keine_befunde() -> None:
    assert pruefe() == KEINE_BEFUNDE
    assert (
        pruefe(["", ""], [None, "Titel"], ["periode", "2024-H1"], ["bfs_nr", 2581], ["sprachen", ""]) == KEINE_BEFUNDE
    )


def test_ein_eintrag_einer_liste_ist_eine_zeile_mit_strichpunkt() -> None:
    assert pruefe(["sprachen", "Tigrinya; 4"], ["sprachen", "Arabisch (a; b); 2"]) == [
        KOPF,
        [
            "Hinweis", "A2-05", "nullmeldung",
            "nullmeldung: Die Nullmeldung ist mit «Ja» beantwortet; die Angaben in sprachen gibt es aber nur, wenn"
            " Gespräche geführt wurden. Prüfen Sie die Nullmeldung; stimmt sie, löschen Sie diese Angaben."
            " (Ziff. 5.2, A2-05)",
        ],
    ]  # fmt: skip


def test_eine_unlesbare_zahl_in_einer_liste_nennt_ihr_feld() -> None:
    assert pruefe(["sprachen", "Tigrinya; vier"]) == [
        KOPF,
        [
            "Hinweis", "F-23", "sprachen",
            "sprachen: «vier» ist bei «Einsätze» nicht lesbar; erwartet wird eine ganze Zahl von 0 bis 9'999."
            " Die Angabe wird nicht übernommen, bitte berichtigen Sie sie. (Ziff. 5.1, F-23)",
        ],
    ]  # fmt: skip


def test_eine_liste_ohne_strichpunkt_hat_nur_ihre_erste_spalte() -> None:
    ergebnis = pruefe(["sprachen", 5])
    assert isinstance(ergebnis, list)
    assert [zeile[:3] for zeile in ergebnis] == [KOPF[:3], ["Hinweis", "A2-11", "sprachen"]]


def test_eine_andere_periode_im_formular_ist_ein_fehler() -> None:
    ergebnis = pruefe(["periode", "2023-H2"])
    assert isinstance(ergebnis, list)
    assert [zeile[:3] for zeile in ergebnis] == [KOPF[:3], ["Fehler", "F-03", "periode"]]


def test_eine_bfs_nr_die_keine_ist_ist_ein_fehler() -> None:
    ergebnis = pruefe(["bfs_nr", "Olten"])
    assert isinstance(ergebnis, list)
    assert [zeile[:3] for zeile in ergebnis] == [KOPF[:3], ["Fehler", "F-01", "bfs_nr"]]


@pytest.mark.parametrize(
    ("zusatz", "anhang", "periode", "grund"),
    [
        (["nullmeldung", "Nein"], 2, "2024-H1",
         "Das Feld «nullmeldung» steht mehrmals im Bereich; lassen Sie eine Zeile stehen."),
        (["Feld", "Wert"], 2, "2024-H1",
         "«Feld» ist kein Feld von Anhang 2; nehmen Sie die Namen der Zellen im Formular."),
        (["", ""], 3, 2024, "«nullmeldung» ist kein Feld von Anhang 3; nehmen Sie die Namen der Zellen im Formular."),
        (["", ""], 2, 2024, "Anhang 2: Erwartet wird ein Halbjahr (2024-H1), gelesen wurde «2024»."),
        (["", ""], 3, "2024-H1", "Anhang 3: Erwartet wird ein Jahr (2024), gelesen wurde «2024-H1»."),
        (["", ""], 1, 2024,
         "Geprüft werden Anhang 2 und 3, gelesen wurde «1»; Anhang 1 erstellt der Kanton, er wird nicht geprüft."),
        (["", ""], 4, 2024, "Argument «anhang»: Gelesen wurde «4»; erwartet wird 1, 2 oder 3."),
    ],
)  # fmt: skip
def test_was_sich_nicht_pruefen_laesst_sagt_warum(
    zusatz: list[object], anhang: int, periode: object, grund: str
) -> None:
    assert satz("krs_pruefen", [*NULLMELDUNG, zusatz], anhang, periode) == grund


def test_zu_viele_angaben() -> None:
    assert satz("krs_pruefen", [["", ""]] * (HOECHSTE_ANGABEN + 1), 2, "2024-H1") == (
        "Argument «bereich»: Der Bereich hat 1'001 Zeilen; markieren Sie höchstens 1'000."
    )


def test_eine_ahv_nummer_erscheint_in_keinem_befund() -> None:
    ergebnis = pruefe(["bemerkungen", "Frau X, 756.1234.5678.97"], ["gemeinde", "756.1234.5678.97"])
    assert "F-30" in str(ergebnis)
    assert "5678" not in str(ergebnis)


# --- nothing but Eingabefehler ever leaves ------------------------------------------------------
BLATTWERT = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.decimals(), st.dates(),
    st.datetimes(timezones=st.none() | st.just(UTC)), st.binary(max_size=3),
    st.sampled_from([
        "", " ", "2024-H1", "2024", 2024, "Sockelbeitrag", "31.12.2023", "erst", 45291.0, 2581, "CH9300762011623852957",
        FEHLERZELLE, DIV0_COM, FEHLT_COM, -2146826200, "nullmeldung", "sprachen", "Ja", "3'000", "\ud800", Umfang(9, 9),
        "datum", "gemeinde", "bfs_nr", "periode", "erst_einzelpersonen", "Tigrinya; 4", "756.1234.5678.97", ";;;",
    ]),
    st.dictionaries(st.sampled_from(["type", "basicType", "basicValue", "x"]), st.none() | st.text() | st.floats()),
)  # fmt: skip
ROHWERT = st.recursive(BLATTWERT, lambda w: st.lists(w, max_size=4) | st.lists(w, max_size=4).map(tuple), max_leaves=20)
PAARE = st.lists(st.tuples(BLATTWERT, BLATTWERT), min_size=1, max_size=8)
VIERER = st.lists(st.tuples(*[st.integers(0, 9) | BLATTWERT] * 4), min_size=1, max_size=4)

# Beside anything at all, what a function takes: one wrong argument among good ones goes deeper than five wrong ones.
GUTES: dict[str, st.SearchStrategy[Any]] = {
    "anhang": st.sampled_from([1, 2, 3, 2.0, "Anhang 3"]),
    "anzahl": st.integers(0, 9999) | st.floats(0, 9999).map(round) | st.sampled_from(["3'000", "12 "]),
    "gespraech": st.sampled_from([None, "", "erst", "INTEG"]),
    "bestand": st.integers(0, 999_999),
    "franken": st.integers(0, 10**9) | st.integers(0, 10**6).map(lambda n: n / 100),
    "bfs": st.sampled_from([2401, 2456.0, 2581, "2465", 1]),
    "halbjahr": st.builds(lambda j, h: f"{j}-H{h}", st.integers(2016, 2026), st.integers(1, 2)),
    "iban_text": st.sampled_from(["CH9300762011623852957", "CH93 0076 2011 6238 5295 8", "LI21 0881 0000 2324 013A A"]),
    "jahr": st.integers(2016, 2026),
    "leistung": st.sampled_from([str(leistung) for leistung in Leistung]),
    "zelltag": st.integers(42_000, 46_500).map(float) | st.dates(date(2016, 1, 1), date(2026, 12, 31)),
    "anzahlen": st.lists(st.tuples(*[st.integers(0, 9999)] * 4) | st.just((None, "", " ", None)), min_size=1) | VIERER,
    "angaben": PAARE,
}
GUTES["zeit"] = GUTES["halbjahr"] | GUTES["jahr"]


def ist_wert(wert: object) -> bool:
    return wert is None or isinstance(wert, (str, int, Decimal, date, bool))


def antwortet(name: Any, argumente: Any) -> None:
    """Call a function: good values, or one German sentence that any host can carry."""
    try:
        ergebnis = rufe(name, argumente)
    except Eingabefehler as fehler:
        text = str(fehler)
        assert text.endswith(".")
        assert len(text) <= 400
        assert "\n" not in text
        assert "konnte nicht rechnen" not in text, "das ist ein Fehler im Programm"
        assert text.encode().decode() == text
        return
    if isinstance(ergebnis, list):
        assert len({len(zeile) for zeile in ergebnis}) == 1
        assert all(ist_wert(wert) for zeile in ergebnis for wert in zeile)
        assert str(ergebnis).encode().decode()
    else:
        assert ist_wert(ergebnis)


@pytest.mark.parametrize("f", funktionen(), ids=lambda f: f.name)
@settings(max_examples=60, deadline=None)
@given(daten=st.data())
def test_was_auch_kommt_es_kommt_ein_wert_oder_ein_satz(f: Funktion, daten: st.DataObject) -> None:
    schlecht = daten.draw(st.sets(st.integers(0, len(f.argumente) - 1), max_size=2))
    argumente = [
        daten.draw(BLATTWERT | ROHWERT | PAARE | VIERER if n in schlecht else GUTES[a.art])
        for n, a in enumerate(f.argumente)
    ]
    antwortet(f.name, argumente)


@settings(max_examples=60, deadline=None)
@given(PAARE, st.sampled_from([(2, "2024-H1"), (2, "2018-H2"), (3, 2024)]))
def test_jedes_formular_aus_beliebigen_werten_wird_geprueft(paare: Any, form: tuple[int, object]) -> None:
    antwortet("krs_pruefen", [paare, *form])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=12) | st.none() | st.integers(), st.lists(ROHWERT, max_size=7))
def test_auch_ein_unbekannter_name_gibt_einen_satz(name: Any, argumente: list[object]) -> None:
    antwortet(name, argumente)


def test_ein_fehler_im_programm_wird_ein_satz_ohne_einzelheiten(monkeypatch: pytest.MonkeyPatch) -> None:
    def kaputt(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("krs.excel.funktionen.grundlage", kaputt)
    assert satz("krs_stichtag", 2024) == (
        "KRS_STICHTAG konnte nicht rechnen; melden Sie der Informatik die Formel und ihre Werte."
    )


@pytest.mark.parametrize("unsichtbar", ["\u200b", "\u00ad", "\ufeff", "\u200e"])
def test_unsichtbares_aus_der_zwischenablage_stoert_so_wenig_wie_im_formular(unsichtbar: str) -> None:
    assert rufe("krs_fallpauschale", [[[f"3{unsichtbar}"]], [[f"2024-H1{unsichtbar}"]]]) == Decimal("600.00")


def test_eine_kopfzeile_im_bereich_wird_bei_ihrer_ersten_zelle_genannt() -> None:
    kopf = ["erst", "erst_dolmetsch", "integ", "integ_dolmetsch"]
    assert satz("krs_beitraege", [kopf, [1, 0, 0, 0]], "2024-H1") == (
        "Argument «bereich»: Zeile 1, Spalte 1 (erst): Gelesen wurde «erst»; erwartet wird eine ganze Zahl von 0 bis "
        "9'999."
    )
