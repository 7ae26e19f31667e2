"""The log of reminders (Ziff. 5.2): a CSV for Excel that reads back as it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krs.ablage.mahnprotokoll import protokoll_lesen, protokoll_schreiben
from krs.ablage.ordner import AblageFehler
from krs.schreiben.mahnung import Mahnung

EINE = Mahnung(date(2024, 8, 12), 1, 2402, "Härkingen", "Anhang 2", "2024-H1", "anna@gemeinde.example")
ZWEITE = Mahnung(date(2024, 2, 12), 2, 2401, "Egerkingen; neu", "Anhang 3", "2024", "")
KOPF = "Datum;Stufe;BFS-Nr.;Gemeinde;Formular;Periode;an\r\n"
CSV = (
    KOPF
    + '2024-02-12;2;2401;"Egerkingen; neu";Anhang 3;2024;\r\n'
    + "2024-08-12;1;2402;Härkingen;Anhang 2;2024-H1;anna@gemeinde.example\r\n"
)


def test_das_protokoll_zeichen_fuer_zeichen_die_aelteste_mahnung_zuerst_jede_einmal() -> None:
    assert protokoll_schreiben([EINE, ZWEITE, EINE]) == b"\xef\xbb\xbf" + CSV.encode()
    assert protokoll_schreiben([]) == b"\xef\xbb\xbf" + KOPF.encode()


def test_gelesen_wird_was_geschrieben_wurde_auch_nachdem_excel_es_gespeichert_hat() -> None:
    assert protokoll_lesen(protokoll_schreiben([EINE, ZWEITE])) == (ZWEITE, EINE)
    excel = CSV.replace("2024-02-12", "12.02.2024").replace("\r\n", "\n") + ";;;;;;\n\n"
    assert protokoll_lesen(excel.encode("utf-8-sig")) == (ZWEITE, EINE)
    assert protokoll_lesen(KOPF.encode()) == ()


def test_die_wirkliche_zeit_und_das_konto_stehen_daneben_und_die_erste_zeit_bleibt() -> None:
    """The log of an earlier version has no such columns; its lines stay without."""
    zeit = "2024-08-12T09:15:00+02:00"
    erste = replace(EINE, zeit=zeit, konto="anna")
    daten = protokoll_schreiben([ZWEITE, erste, replace(EINE, zeit="2024-08-12T17:00:00+02:00", konto="beat")])
    assert daten.decode("utf-8-sig").splitlines() == [
        "Datum;Stufe;BFS-Nr.;Gemeinde;Formular;Periode;an;Zeit;Konto",
        '2024-02-12;2;2401;"Egerkingen; neu";Anhang 3;2024;;;',
        f"2024-08-12;1;2402;Härkingen;Anhang 2;2024-H1;anna@gemeinde.example;{zeit};anna",
    ]
    assert [(m.zeit, m.konto) for m in protokoll_lesen(daten)] == [("", ""), (zeit, "anna")]


@pytest.mark.parametrize("boese", ["=1+1", "+41", "-1", "@SUMME(A1)", "\t=1", "\r=1", "'alt"])
def test_text_von_aussen_wird_nie_zur_formel(boese: str) -> None:
    m = Mahnung(date(2024, 8, 12), 1, 2402, boese, "Anhang 2", "2024-H1", boese)
    daten = protokoll_schreiben([m])
    assert daten.count(("'" + boese).encode()) == 2
    assert protokoll_lesen(daten) == (m,)


@pytest.mark.parametrize(
    ("daten", "zeile"),
    [
        (b"", 1),
        (b"Datum;Stufe\r\n", 1),
        (KOPF.replace("Stufe", "Mahnstufe").encode(), 1),
        ((KOPF + "2024-08-12;1;2402;Härkingen;Anhang 2;2024-H1\r\n").encode(), 2),
        ((KOPF + "2024-08-12;1;2402;Härkingen;Anhang 2;2024-H1;a;b\r\n").encode(), 2),
        ((KOPF + "2024-08-12;1\r\n").encode(), 2),
        ((CSV + "2024-02-30;1;2402;Härkingen;Anhang 2;2024-H1;\r\n").encode(), 4),
        ((KOPF + "12.13.2024;1;2402;Härkingen;Anhang 2;2024-H1;\r\n").encode(), 2),
        ((KOPF + "2024-08-12;3;2402;Härkingen;Anhang 2;2024-H1;\r\n").encode(), 2),
        ((KOPF + "2024-08-12;1;x;Härkingen;Anhang 2;2024-H1;\r\n").encode(), 2),
        ((KOPF + "2024-08-12;1;2402;Härkingen;Anhang 3;2024-H1;\r\n").encode(), 2),
        ((KOPF + "2024-08-12;1;2402;Härkingen;Anhang 2;2024-H3;\r\n").encode(), 2),
        ((KOPF + '2024-08-12;1;2402;"Härkingen\r\n').encode(), 2),
        (CSV.encode("cp1252"), 1),
        (CSV.encode()[:-30], 3),
    ],
)
def test_ein_beschaedigtes_protokoll_wird_genannt(daten: bytes, zeile: int) -> None:
    with pytest.raises(AblageFehler) as fehler:
        protokoll_lesen(daten)
    assert str(fehler.value) == (
        f"Das Protokoll der Mahnungen ist beschädigt (Zeile {zeile})."
        " Stellen Sie die Datei aus der Sicherung wieder her."
    )


@given(st.lists(st.builds(
    Mahnung, st.dates(), st.sampled_from([1, 2]), st.integers(1, 9999), st.text(max_size=20),
    st.just("Anhang 2"), st.sampled_from(["2024-H1", "2023-H2"]), st.text(max_size=20),
), max_size=5))  # fmt: skip
def test_was_auch_immer_darin_steht_kommt_zurueck(mahnungen: list[Mahnung]) -> None:
    assert set(protokoll_lesen(protokoll_schreiben(mahnungen))) == set(mahnungen)
