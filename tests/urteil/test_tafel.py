"""What the board remarks on each submission and on what is owed (entwurf 4.4)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from urteil.hilfe import urteil

H1 = "2024-H1"
LEIT = {"leitgemeinde_modell": "Ja", "leitgemeinde_bfs": 2422, "leitgemeinde_vertrag": date(2020, 11, 24)}
FREMD = {"gemeinde": "Härkingen"}  # in the form of Egerkingen: F-02, nobody knows whose it is


def datei(name: str, am: date, zahl: int = 3, zeit: str = H1, bfs: int = 2401, **werte: Any) -> dict[str, Any]:
    eingang = {"datei": name, "gemeinde": bfs, "zeit": zeit, "am": am, "werte": werte}
    return eingang | ({"zahlen": [zahl, 0, 0, 0]} if "-" in zeit else {})


def entscheid(name: str, am: date, code: str = "") -> dict[str, Any]:
    return {"gemeinde": 2401, "zeit": H1, "datei": name, "code": code, "entscheid": "anerkennen", "am": am}


def bemerkungen(*eingang: dict[str, Any], **mehr: Any) -> list[tuple[str, str, str]]:
    """Return file or municipality, status and remark of each row."""
    fall = {"stichtag": date(2024, 9, 10), "gemeinden": [2401], "perioden": [H1]} | mehr
    zeilen = urteil(fall | {"eingang": eingang}).zeilen
    return [(z.datei or z.gemeinde, z.status, z.bemerkung) for z in zeilen]


def tag(wert: int, monat: int = 7) -> date:
    return date(2024, monat, wert)


# --- what came in ---------------------------------------------------------------------------
def test_was_rechtzeitig_und_allein_einging_braucht_keine_bemerkung() -> None:
    assert bemerkungen(datei("a", tag(31))) == [("a", "angenommen", "")]


@pytest.mark.parametrize(
    ("am", "bemerkung"),
    [
        (tag(1, 8), "Donnerstag, 01.08.2024: 1 Tag nach der Frist (Mittwoch, 31.07.2024)"),
        (tag(10, 8), "Samstag, 10.08.2024: 10 Tage nach der Frist (Mittwoch, 31.07.2024)"),
    ],
)
def test_eine_verspaetete_einreichung_nennt_tag_und_frist_mit_wochentag(am: date, bemerkung: str) -> None:
    assert bemerkungen(datei("a", am)) == [("a", "Rückfrage offen", bemerkung)]


def test_von_drei_fassungen_nennt_jede_die_die_gilt_und_die_geltende_ihre_vorgaengerin() -> None:
    assert bemerkungen(datei("a", tag(10)), datei("b", tag(20), 4), datei("c", tag(25), 5)) == [
        ("a", "ersetzt", "ersetzt durch die Fassung vom 25.07.2024"),
        ("b", "ersetzt", "ersetzt durch die Fassung vom 25.07.2024"),
        ("c", "angenommen", "ersetzt die Fassung vom 20.07.2024"),
    ]


def test_eine_fehlerhafte_neue_fassung_laesst_die_fruehere_gelten() -> None:
    assert bemerkungen(datei("a", tag(10)), datei("b", tag(20), 4, bestaetigung="Nein")) == [
        ("a", "angenommen", ""),
        ("b", "fehlerhaft", "es gilt weiterhin die Fassung vom 10.07.2024"),
    ]


def test_eine_verspaetete_neue_fassung_sagt_beides() -> None:
    assert bemerkungen(datei("a", tag(10)), datei("b", tag(1, 8), 4)) == [
        ("a", "angenommen", ""),
        (
            "b", "Rückfrage offen",
            "Donnerstag, 01.08.2024: 1 Tag nach der Frist (Mittwoch, 31.07.2024); "
            "es gilt weiterhin die Fassung vom 10.07.2024",
        ),
    ]  # fmt: skip


def test_die_anerkannte_verspaetete_fassung_ersetzt_die_fruehere() -> None:
    entscheide = [entscheid("b", tag(5, 8), "F-50")]
    assert bemerkungen(datei("a", tag(10)), datei("b", tag(1, 8), 4), entscheide=entscheide) == [
        ("a", "ersetzt", "ersetzt durch die Fassung vom 01.08.2024"),
        (
            "b", "angenommen mit Hinweisen",
            "Donnerstag, 01.08.2024: 1 Tag nach der Frist (Mittwoch, 31.07.2024); ersetzt die Fassung vom 10.07.2024",
        ),
    ]  # fmt: skip


def test_zwei_fassungen_eines_tages_sagen_es_beide() -> None:
    assert bemerkungen(datei("a", tag(20)), datei("b", tag(20), 5)) == [
        ("a", "Rückfrage offen", "mehrere Fassungen am selben Tag"),
        ("b", "Rückfrage offen", "mehrere Fassungen am selben Tag"),
    ]


@pytest.mark.parametrize(("gewaehlt", "andere"), [("a", "b"), ("b", "a")])
def test_die_durch_entscheid_bestimmte_ersetzt_keine_und_die_andere_nennt_den_entscheid(
    gewaehlt: str, andere: str
) -> None:
    zeilen = bemerkungen(datei("a", tag(20)), datei("b", tag(20), 5), entscheide=[entscheid(gewaehlt, tag(22), "F-51")])
    assert sorted(zeilen) == sorted(
        [
            (gewaehlt, "angenommen mit Hinweisen", ""),
            (andere, "ersetzt", "ein Entscheid bestimmt eine andere Datei desselben Tages"),
        ]
    )


def test_die_durch_entscheid_bestimmte_nennt_die_fassung_eines_frueheren_tages() -> None:
    zeilen = bemerkungen(
        datei("a", tag(10)), datei("b", tag(20), 5), datei("c", tag(20), 6),
        entscheide=[entscheid("c", tag(22), "F-51")],
    )  # fmt: skip
    assert zeilen == [
        ("a", "ersetzt", "ersetzt durch die Fassung vom 20.07.2024"),
        ("b", "ersetzt", "ein Entscheid bestimmt eine andere Datei desselben Tages"),
        ("c", "angenommen mit Hinweisen", "ersetzt die Fassung vom 10.07.2024"),
    ]


def test_eine_spaetere_fassung_erledigt_die_frage_nach_den_zweien_eines_tages() -> None:
    assert bemerkungen(datei("a", tag(20)), datei("b", tag(20), 5), datei("c", tag(25), 6)) == [
        ("a", "ersetzt", "ersetzt durch die Fassung vom 25.07.2024"),
        ("b", "ersetzt", "ersetzt durch die Fassung vom 25.07.2024"),
        ("c", "angenommen", "ersetzt die Fassung vom 20.07.2024"),
    ]


def test_eine_unbrauchbare_wird_nicht_ersetzt_sie_hat_nie_gegolten() -> None:
    assert bemerkungen(datei("a", tag(10), **FREMD), datei("b", tag(20), 4)) == [
        ("a", "fehlerhaft", "es gilt die Fassung vom 20.07.2024"),
        ("b", "angenommen", ""),
    ]
    assert bemerkungen(datei("a", tag(10)), datei("b", tag(20), 4, **FREMD)) == [
        ("a", "angenommen", ""),
        ("b", "fehlerhaft", "es gilt weiterhin die Fassung vom 10.07.2024"),
    ]


def test_eine_fremde_datei_sagt_wie_man_sie_zuordnet_und_ein_hinweis_hat_keine_zeile() -> None:
    fremd, sperre = ({"datei": n, "am": tag(20), "abgewiesen": c} for n, c in (("x", "E-01"), ("y", "E-11")))
    assert bemerkungen(fremd, sperre, datei("a", tag(20))) == [
        ("x", "fehlerhaft", "von wem? krs zuordnen … xxxxxxxx BFS"), ("a", "angenommen", ""),
    ]  # fmt: skip


# --- what is owed ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stichtag", "bemerkung"),
    [
        (tag(1, 6), "fällig bis Mittwoch, 31.07.2024"),
        (tag(31), "fällig bis Mittwoch, 31.07.2024"),
        (tag(1, 8), "seit 1 Tag fällig (Mittwoch, 31.07.2024)"),
        (tag(2, 8), "seit 2 Tagen fällig (Mittwoch, 31.07.2024)"),
    ],
)
def test_was_fehlt_sagt_bis_wann_oder_seit_wann_es_faellig_ist(stichtag: date, bemerkung: str) -> None:
    stand = "fehlt" if bemerkung.startswith("seit") else "noch nicht fällig"
    assert bemerkungen(stichtag=stichtag) == [("Egerkingen", stand, bemerkung)]


@pytest.mark.parametrize(
    ("stichtag", "faellig"),
    [
        (tag(31), "fällig bis Mittwoch, 31.07.2024"),
        (tag(2, 8), "seit 2 Tagen fällig (Mittwoch, 31.07.2024)"),
    ],
)
def test_eine_unbrauchbare_einreichung_bleibt_geschuldet_und_wird_genannt(stichtag: date, faellig: str) -> None:
    stand = "fehlt" if faellig.startswith("seit") else "noch nicht fällig"
    eingang = [datei("a", tag(5), **FREMD), datei("b", tag(10), **FREMD)]
    assert bemerkungen(*eingang, stichtag=stichtag) == [
        ("a", "fehlerhaft", ""),
        ("b", "fehlerhaft", ""),
        ("Egerkingen", stand, f"{faellig}; die Einreichung vom 10.07.2024 ist nicht verwendbar"),
    ]


def lead(*mehr: dict[str, Any], **weiteres: Any) -> list[tuple[str, str, str]]:
    fall: dict[str, Any] = {"gemeinden": [2422, 2425], "perioden": [], "jahre": [2024]}
    return bemerkungen(*mehr, **(fall | {"stichtag": date(2024, 3, 15)} | weiteres))


def test_wer_durch_die_leitgemeinde_gedeckt_ist_nennt_sie_auch_wenn_diese_zu_spaet_kam() -> None:
    assert lead(datei("a", date(2024, 1, 20), zeit="2024", bfs=2422, **LEIT)) == [
        ("a", "angenommen", ""),
        ("Holderbank", "durch Leitgemeinde", "durch Balsthal"),
    ]
    assert lead(datei("a", date(2024, 2, 2), zeit="2024", bfs=2422, **LEIT)) == [
        ("a", "Rückfrage offen", "Freitag, 02.02.2024: 2 Tage nach der Frist (Mittwoch, 31.01.2024)"),
        ("Holderbank", "durch Leitgemeinde", "durch Balsthal"),
    ]


def test_das_mitglied_mit_einer_unbrauchbaren_eigenen_nennt_beides() -> None:
    eigene = datei("b", date(2024, 1, 22), zeit="2024", bfs=2425, gemeinde="Olten")
    assert lead(datei("a", date(2024, 1, 20), zeit="2024", bfs=2422, **LEIT), eigene) == [
        ("a", "angenommen", ""),
        ("b", "fehlerhaft", ""),
        ("Holderbank", "durch Leitgemeinde", "durch Balsthal; die Einreichung vom 22.01.2024 ist nicht verwendbar"),
    ]


def test_fehlt_auch_die_der_leitgemeinde_schulden_beide() -> None:
    assert lead() == [
        ("Balsthal", "fehlt", "seit 44 Tagen fällig (Mittwoch, 31.01.2024)"),
        ("Holderbank", "fehlt", "seit 44 Tagen fällig (Mittwoch, 31.01.2024)"),
    ]


# --- changes --------------------------------------------------------------------------------
def test_aenderungen_zeigt_nur_die_fassung_gegen_die_vorige_brauchbare() -> None:
    fall = {
        "stichtag": date(2024, 9, 10), "gemeinden": [2401], "perioden": [H1],
        "eingang": [
            datei("a", tag(10)), datei("b", tag(15), 9, **FREMD), datei("c", tag(20), kontakt_name="Neu Beat"),
        ],
    }  # fmt: skip
    assert [(z.datei, [(a.feld, a.alt, a.neu) for a in z.aenderungen]) for z in urteil(fall).zeilen] == [
        ("a", []),
        ("b", []),
        ("c", [("kontakt_name", "Muster Anna", "Neu Beat")]),
    ]
