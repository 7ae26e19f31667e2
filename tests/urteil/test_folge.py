"""What the cases of tests/faelle/urteil.toml do not show about versions and decisions (docs/entscheide/58 to 60)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from krs.schreiben.rueckmeldung import antworttext, entscheidtext
from krs.urteil.urteil import nach_stufe, urteile
from urteil.hilfe import einreichung, sha, stammdaten, urteil

H1 = "2024-H1"
FALL: dict[str, Any] = {"stichtag": date(2024, 9, 10), "gemeinden": [2401], "perioden": [H1], "korrekturfrist": 10}


def tag(wert: int, monat: int = 7) -> date:
    return date(2024, monat, wert)


def datei(name: str, am: date, zahlen: tuple[int, int] = (3, 0), zeit: str = H1, **werte: Any) -> dict[str, Any]:
    return {"datei": name, "gemeinde": 2401, "zeit": zeit, "am": am, "zahlen": [*zahlen, 0, 0], "werte": werte}


def entscheid(code: str, am: date, wort: str = "anerkennen", zeit: str = H1) -> dict[str, Any]:
    return {"gemeinde": 2401, "zeit": zeit, "code": code, "entscheid": wort, "am": am}


def stand(*eingang: dict[str, Any], **mehr: Any) -> list[tuple[str, str, list[str]]]:
    """Return file, status and codes of each version."""
    zeilen = urteil({**FALL, **mehr, "eingang": eingang}).zeilen
    return [(z.datei, z.status, [b.code for b in z.fassung.befunde]) for z in zeilen if z.fassung]


# --- repetition -----------------------------------------------------------------------------
def test_ohne_korrekturfrist_gelten_die_lesarten_von_0_4() -> None:
    gleich = datei("a", tag(20)), datei("b", tag(2, 8))
    assert stand(*gleich, korrekturfrist=None) == [("a", "angenommen", []), ("b", "Rückfrage offen", ["F-50"])]
    assert stand(*gleich) == [("a", "angenommen", []), ("b", "ersetzt", [])]


def test_was_an_der_fassung_davor_zu_beanstanden_war_und_behoben_ist_macht_eine_neue_fassung() -> None:
    """The confirmation is a typed value; an AHV number in the remarks is masked and still is the same text."""
    ahv = datei("a", tag(10), bemerkungen="756.1234.5678.97"), datei("b", tag(20), bemerkungen="756.1234.5678.97")
    assert stand(*ahv) == [("a", "fehlerhaft", ["F-30"]), ("b", "ersetzt", ["F-30"])]
    text = datei("a", tag(10), erst_einzelpersonen="drei"), datei("b", tag(20), erst_einzelpersonen="drei")
    assert stand(*text) == [("a", "fehlerhaft", ["F-21"]), ("b", "ersetzt", [])]


def test_eine_wiederholung_der_verspaeteten_stellt_keine_zweite_frage() -> None:
    assert stand(datei("a", tag(5, 8)), datei("b", tag(12, 8)), datei("c", tag(20, 8))) == [
        ("a", "Rückfrage offen", ["F-50"]), ("b", "ersetzt", []), ("c", "ersetzt", []),
    ]  # fmt: skip


def test_nennt_das_amt_die_zurueckgenommene_datei_gilt_sie_doch() -> None:
    eingang = datei("a", tag(20)), datei("b", tag(20, 8), (9, 0)), datei("c", tag(27, 8))
    benannt = {**entscheid("", tag(2, 9)), "datei": "b"}
    ergebnis = [(name, status) for name, status, _ in stand(*eingang, entscheide=[benannt])]
    assert ergebnis == [("a", "ersetzt"), ("b", "angenommen mit Hinweisen"), ("c", "ersetzt")]


# --- corrections ----------------------------------------------------------------------------
def test_was_erledigt_war_bevor_jemand_fragte_hat_der_kanton_nicht_verlangt() -> None:
    eingang = datei("a", tag(30), (3, 5)), datei("b", tag(5, 8), (5, 5))
    geklaert = {"entscheide": [entscheid("A2-08", tag(31))]}
    assert [status for _, status, _ in stand(*eingang, **geklaert)] == ["angenommen mit Hinweisen", "Rückfrage offen"]
    gefragt = {"entworfen": {"a": tag(30)}}
    assert [status for _, status, _ in stand(*eingang, **geklaert, **gefragt)] == ["ersetzt", "angenommen"]


# --- old template ---------------------------------------------------------------------------
def test_was_vor_der_neuen_regel_anerkannt_und_bezahlt_wurde_bleibt() -> None:
    """Stammdaten of 0.4 that get the setting later: nothing that a run paid is asked again."""
    eingang = datei("a", date(2024, 1, 20), zeit="2023-H2"), datei("b", tag(21, 5), (5, 0), "2023-H2")
    alt = {"ausbezahlt": {"2023-H2": date(2024, 3, 20)}, "entscheide": [entscheid("F-50", tag(27, 5), zeit="2023-H2")]}
    assert stand(*eingang, **alt)[1] == ("b", "Rückfrage offen", ["F-52"])
    assert stand(*eingang, **alt, bezahlte_dateien=[sha("b")])[1] == ("b", "angenommen mit Hinweisen", ["F-50"])


def test_am_tag_des_laufs_selbst_ist_die_periode_noch_nicht_bezahlt() -> None:
    """So the run is the same when it is worked out again."""
    eingang = datei("a", date(2024, 1, 20), zeit="2023-H2"), datei("b", date(2024, 3, 20), (5, 0), "2023-H2")
    assert stand(*eingang, ausbezahlt={"2023-H2": date(2024, 3, 20)})[1][2] == ["F-50"]
    assert stand(*eingang, ausbezahlt={"2023-H2": date(2024, 3, 19)})[1][2] == ["F-52"]


# --- decisions ------------------------------------------------------------------------------
def test_ein_uebernommener_entscheid_sagt_es_im_master_und_in_der_antwort() -> None:
    eingang = [datei("a", tag(10), (3, 5)), datei("b", tag(25), (3, 5), bemerkungen="Stimmt")]
    fall = {**FALL, "eingang": eingang, "entscheide": [entscheid("A2-08", tag(15))]}
    texte = [(entscheidtext(e), antworttext(e)) for _, e in urteil(fall).befunde]
    assert texte == [
        ("anerkennen: Geprüft (AB, 15.07.2024)", "anerkannt am 15.07.2024 (AB): Geprüft"),
        (
            "anerkennen: Geprüft (AB, übernommen vom Entscheid 15.07.2024)",
            "anerkannt übernommen vom Entscheid 15.07.2024 (AB): Geprüft",
        ),
    ]


def test_ein_anfang_der_auf_zwei_dateien_passt_hat_keine_wirkung() -> None:
    fall = {**FALL, "eingang": [datei("a", tag(5, 8)), datei("b", tag(6, 8), (4, 0))]}
    s = stammdaten({**fall, "entscheide": [{**entscheid("", tag(20, 8)), "datei": "a"}]})
    kurz = replace(s, entscheide=tuple(e.model_copy(update={"sha256": "a" * 8}) for e in s.entscheide))
    eins, zwei = (einreichung(e, s) for e in fall["eingang"])
    zwei = replace(zwei, sha256="a" * 8 + "b" * 56)
    ergebnis = urteile([eins, zwei], kurz, [H1], [], fall["stichtag"])
    assert [z.status for z in ergebnis.zeilen] == ["ersetzt", "Rückfrage offen"]
    (hinweis,) = [b for b, _ in ergebnis.befunde if b.code == "S-33"]
    assert "gibt es bis zum 20.08.2024 mehrere Dateien, deren SHA-256 mit aaaaaaaa beginnt." in hinweis.meldung


# --- counts ---------------------------------------------------------------------------------
def test_befunde_ersetzter_fassungen_zaehlen_nicht_und_abgelehnte_sind_erledigt() -> None:
    eingang = [datei("a", tag(10), (3, 5)), datei("b", tag(20), (3, 6)), datei("c", tag(5, 8), (4, 0))]
    ergebnis = urteil(
        {**FALL, "korrekturfrist": None, "eingang": eingang, "entscheide": [entscheid("F-50", tag(9, 8))]}
    )
    zahlen = {str(s): (n, fertig) for s, n, fertig in nach_stufe(ergebnis.zaehlende())}
    assert zahlen == {"Fehler": (0, 0), "Rückfrage": (1, 1), "Hinweis": (0, 0)}
    assert len(ergebnis.befunde) == 3


# --- what a run did not know ------------------------------------------------------------------
LAUF: dict[str, Any] = {"kenntnisse": [("2024-09", tag(10, 9), "a")], "stichtag": date(2025, 3, 10)}


def test_was_ein_frueherer_lauf_nicht_kannte_wird_gefragt() -> None:
    """A file laid into the folder of an earlier day after the run; what it knew, and what came later, is not."""
    alt, neu = datei("a", tag(20)), datei("b", tag(25), (28, 0))
    assert stand(alt, neu, **LAUF) == [("a", "angenommen", []), ("b", "Rückfrage offen", ["F-65"])]
    u = urteil({**FALL, **LAUF, "eingang": [alt, neu]})
    (befund,) = (b for b, _ in u.befunde if b.code == "F-65")
    assert befund.meldung == (
        "Nach Ordner oder E-Mail ging das Formular am 25.07.2024 ein; der Lauf 2024-09 vom 10.09.2024 kannte es nicht. "
        "Bezahlt wird es erst nach einem Entscheid des Kantons mit dem Code F-65 oder der SHA-256. Wann und durch wen "
        "es eingelegt wurde, steht im Journal des Eingangs. (Ziff. 4.5.2, F-65)"
    )
    assert [(a.anzahl, a.sha256) for a in u.ansprueche if a.anzahl] == [(3, sha("a"))]  # the one before stays in force
    gleichentags = datei("b", tag(10, 9), (28, 0))
    assert stand(alt, gleichentags, **LAUF)[1][2] == ["F-50"]
    assert stand(alt, neu, **LAUF, korrekturfrist=None)[1][2] == []
    assert stand(alt, neu, **LAUF, bezahlte_dateien=[sha("b")])[1][2] == []


def test_dieselben_angaben_nochmals_fragen_nicht_nach_dem_tag() -> None:
    assert stand(datei("a", tag(20)), datei("b", tag(25)), **LAUF) == [
        ("a", "angenommen", []), ("b", "ersetzt", []),
    ]  # fmt: skip


def test_nur_ein_entscheid_der_die_frage_oder_die_datei_nennt_nimmt_den_tag_an() -> None:
    """An Entscheid on the whole form, made before anyone had laid the file in, cannot have meant it."""
    formulare = datei("a", tag(20)), datei("b", tag(25), (28, 0))

    def mit(e: dict[str, Any]) -> str:
        return stand(*formulare, **LAUF, entscheide=[e])[1][1]

    assert mit(entscheid("", tag(1, 8))) == mit(entscheid("", tag(1, 11))) == "Rückfrage offen"
    assert mit(entscheid("F-65", tag(1, 11))) == "angenommen mit Hinweisen"
    assert mit({**entscheid("", tag(1, 11)), "datei": "b"}) == "angenommen mit Hinweisen"
    assert mit(entscheid("F-65", tag(1, 11), "ablehnen")) == "fehlerhaft"
