"""Who owes a form, and the whole letters (Ziff. 5.2, docs/entscheide/04)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from krs.schreiben.mahnung import Brief, Mahnung, ausstehend, brief, briefe, posten, stufe_fuer
from urteil.hilfe import urteil

AMT = "Amt für Gesellschaft und Soziales"
EINSTELLUNGEN = [{"Name": "Kanton Name", "Wert": AMT}]
TAG = date(2024, 8, 12)
H1, A2, A3 = "2024-H1", "Anhang 2", "Anhang 3"
THAL = {"Koordinationsstelle": "Fachstelle Thal", "E-Mail Koordinationsstelle": "fachstelle@thal.example"}


def fall(**mehr: Any) -> dict[str, Any]:
    vorgabe = {"stichtag": TAG, "gemeinden": [2401], "perioden": [H1], "einstellungen": EINSTELLUNGEN}
    return vorgabe | mehr


def mahnung(tag: date, bfs: int = 2401, name: str = "Egerkingen", formular: str = A2, periode: str = H1) -> Mahnung:
    return Mahnung(tag, 1, bfs, name, formular, periode, "a@gemeinde.example")


def einziger(lage: dict[str, Any], periode: str = H1, *frueher: Mahnung, nachfrist: date | None = None) -> Brief:
    (einer,) = briefe(urteil(lage), (periode,), frueher, nachfrist)
    return einer


# --- who owes -------------------------------------------------------------------------------
def test_am_tag_der_frist_mahnt_niemand_erst_am_tag_danach() -> None:
    lage = fall(gemeinden=[2401, 2402], eingang=[{"datei": "a", "gemeinde": 2402, "zeit": H1, "am": date(2024, 7, 31)}])
    assert ausstehend(urteil(lage | {"stichtag": date(2024, 7, 31)}), H1) == ()
    (zeile,) = ausstehend(urteil(lage | {"stichtag": date(2024, 8, 1)}), H1)
    assert (zeile.bfs_nr, zeile.formular, zeile.periode, zeile.frist, zeile.tage) == (
        2401,
        A2,
        H1,
        date(2024, 7, 31),
        1,
    )


def test_bis_zur_erstreckten_frist_mahnt_niemand_und_danach_nennt_der_brief_sie() -> None:
    """A deadline that the office chose on a Saturday is not «as the circular writes it»."""
    bis = {"fristen": [{"gemeinde": 2401, "zeit": H1, "bis": date(2024, 8, 24), "am": date(2024, 8, 12)}]}
    assert ausstehend(urteil(fall(stichtag=date(2024, 8, 24)) | bis), H1) == ()
    brief = einziger(fall(stichtag=date(2024, 8, 26)) | bis)
    assert "; Frist Samstag, 24.08.2024, seit 2 Tagen abgelaufen." in brief.text
    assert "wie sie im Kreisschreiben steht" not in brief.text


def test_die_mahnung_nennt_was_mit_der_alten_vorlage_kam() -> None:
    eingang = [
        {"datei": "a", "gemeinde": 2401, "zeit": "2023-H2", "am": date(2024, 1, 20), "zahlen": [9, 0, 0, 0]},
        {"datei": "b", "gemeinde": 2401, "zeit": "2023-H2", "am": date(2024, 7, 30), "zahlen": [4, 0, 0, 0]},
    ]
    lage = {"eingang": eingang, "korrekturfrist": 10, "ausbezahlt": {"2023-H2": date(2024, 3, 20)}}
    assert (
        "\n  Am 30.07.2024 kam ein Formular mit der Vorlage 2023-H2 (2. Halbjahr 2023); ist es für das 1. Halbjahr "
        "2024 gemeint, antworten Sie uns bitte.\n"
    ) in einziger(fall(stichtag=date(2024, 8, 26)) | lage).text


def test_gemahnt_wird_nur_fuer_die_genannte_periode() -> None:
    u = urteil(fall(perioden=["2023-H2", H1], jahre=[2024]))
    gefunden = [[(z.formular, z.periode) for z in ausstehend(u, p)] for p in ("2023-H2", H1, "2024", "2022-H1")]
    assert gefunden == [[(A2, "2023-H2")], [(A2, H1)], [(A3, "2024")], []]


def test_wo_die_selbstdeklaration_der_leitgemeinde_gilt_schuldet_das_mitglied_keine() -> None:
    eingang = [{"datei": "a", "gemeinde": 2422, "zeit": "2024", "am": date(2024, 1, 20), "werte": LEITMODELL}]
    u = urteil(fall(gemeinden=[2422, 2425], perioden=[], jahre=[2024], eingang=eingang))
    assert [z.status for z in u.zeilen if z.bfs_nr == 2425] == ["durch Leitgemeinde"]
    assert ausstehend(u, "2024") == ()


LEITMODELL = {"leitgemeinde_modell": "Ja", "leitgemeinde_bfs": 2422, "leitgemeinde_vertrag": date(2020, 11, 3)}


@pytest.mark.parametrize(
    ("entscheid", "am", "gemahnt"),
    [
        ("anerkennen", date(2024, 8, 12), []),
        ("ablehnen", date(2024, 8, 12), []),
        ("zurückstellen", date(2024, 8, 12), [2401]),
        ("anerkennen", date(2024, 8, 13), [2401]),
    ],
)
def test_hat_das_amt_auf_die_selbstdeklaration_verzichtet_mahnt_es_nicht(
    entscheid: str, am: date, gemahnt: list[int]
) -> None:
    entscheide = [{"gemeinde": 2401, "zeit": "2024", "entscheid": entscheid, "am": am}]
    u = urteil(fall(perioden=[], jahre=[2024], entscheide=entscheide))
    assert [z.bfs_nr for z in ausstehend(u, "2024")] == gemahnt


# --- first or second reminder ---------------------------------------------------------------
def test_die_erste_mahnung_ist_die_erste_und_die_an_einem_spaeteren_tag_die_zweite() -> None:
    log = [mahnung(TAG)]
    assert stufe_fuer([], 2401, A2, H1, TAG) == 1
    assert stufe_fuer(log, 2401, A2, H1, TAG) == 1  # running twice on one day changes nothing
    assert stufe_fuer(log, 2401, A2, H1, date(2024, 8, 13)) == 2
    assert stufe_fuer(log, 2401, A2, H1, date(2024, 8, 11)) == 1


def test_nur_mahnungen_derselben_gemeinde_und_desselben_formulars_zaehlen() -> None:
    morgen = date(2024, 8, 13)
    log = [mahnung(TAG)]
    assert stufe_fuer(log, 2402, A2, H1, morgen) == 1
    assert stufe_fuer(log, 2401, A3, "2024", morgen) == 1
    assert stufe_fuer(log, 2401, A2, "2023-H2", morgen) == 1


def test_auch_die_dritte_mahnung_nennt_die_erste_und_am_selben_tag_entsteht_derselbe_brief() -> None:
    log = (mahnung(date(2024, 8, 5)), mahnung(date(2024, 8, 9)))
    (p,) = posten(urteil(fall()), H1, log)
    assert (p.stufe, p.erste) == (2, date(2024, 8, 5))
    erster = einziger(fall(), H1, *log)
    assert einziger(fall(), H1, *log, *erster.mahnungen(TAG)) == erster


# --- letters --------------------------------------------------------------------------------
def test_die_erste_mahnung_fuer_ein_formular() -> None:
    gemeinde = {"2401": {"Integrationsbeauftragte/r": "Muster Anna", "E-Mail": "anna@gemeinde.example"}}
    ergebnis = einziger(fall(gemeinde=gemeinde))
    assert (ergebnis.an.name, ergebnis.an.email) == ("Muster Anna", "anna@gemeinde.example")
    assert ergebnis.betreff == (
        "start.integration: Mahnung, Anhang 2 (Reportingformular) für das 1. Halbjahr 2024, Egerkingen"
    )
    assert (
        ergebnis.text
        == """\
Guten Tag

Uns fehlt bis heute, Montag, 12.08.2024, das folgende Formular:

- Egerkingen: Anhang 2 (Reportingformular) für das 1. Halbjahr 2024; Frist Mittwoch, 31.07.2024, seit 12 Tagen \
abgelaufen.

Bitte reichen Sie es so bald wie möglich ein.

Die Vorlage Ihrer Gemeinde liegt bei: Senden Sie sie ausgefüllt als Excel-Arbeitsmappe (.xlsx) als Antwort auf \
diese E-Mail. Den Anhang 2 braucht es auch, wenn es keine Gespräche gab: Wählen Sie dann bei der Nullmeldung «Ja» und \
bestätigen Sie das Formular am Schluss.

Es verfällt nichts von selbst. Zurückgestellt sind aber die Beiträge, die das Formular belegt: Fall- und \
Dolmetschpauschalen für das 1. Halbjahr 2024. Das gilt, bis das Formular vollständig vorliegt und wir über die \
Verspätung entschieden haben. Die Ausrichtung von Beiträgen kann von der vollständigen und fristgerechten Einreichung \
abhängig gemacht werden (Kreisschreiben KRS-GEF-2017/01, Ziff. 5.2); ein Rechtsanspruch besteht nicht (Ziff. 4.1.1). \
Andere Beiträge sind davon nicht betroffen.

Haben Sie das Formular inzwischen gesendet, ist diese E-Mail gegenstandslos.

Freundliche Grüsse

Amt für Gesellschaft und Soziales
start.integration
"""
    )
    assert ergebnis.mahnungen(TAG) == (Mahnung(TAG, 1, 2401, "Egerkingen", A2, H1, "anna@gemeinde.example"),)


def test_die_zweite_mahnung_nennt_die_erste_die_nachfrist_und_die_unbrauchbare_einreichung() -> None:
    zu_frueh = {"datei": "a", "gemeinde": 2401, "zeit": H1, "am": date(2023, 12, 30)}  # F-04: before the half-year
    lage = fall(eingang=[zu_frueh], stichtag=date(2024, 9, 2), einstellungen=[])
    ergebnis = einziger(lage, H1, mahnung(TAG), nachfrist=date(2024, 9, 16))
    assert ergebnis.an.email == ""
    assert ergebnis.betreff == (
        "start.integration: Zweite Mahnung, Anhang 2 (Reportingformular) für das 1. Halbjahr 2024, Egerkingen"
    )
    assert (
        ergebnis.text
        == """\
Guten Tag

Trotz unserer Mahnung fehlt bis heute, Montag, 02.09.2024, das folgende Formular:

- Egerkingen: Anhang 2 (Reportingformular) für das 1. Halbjahr 2024; Frist Mittwoch, 31.07.2024, seit 33 Tagen \
abgelaufen.
  Die erste Mahnung sandten wir am Montag, 12.08.2024.
  Ihre Einreichung vom 30.12.2023 konnten wir nicht verwenden; die Rückmeldung sagt, weshalb.

Wir bitten Sie nachdrücklich, es bis Montag, 16.09.2024, einzureichen. Ist Ihnen das nicht möglich, teilen Sie uns \
bitte umgehend mit, weshalb und bis wann wir das Formular erhalten.

Die Vorlage Ihrer Gemeinde liegt bei: Senden Sie sie ausgefüllt als Excel-Arbeitsmappe (.xlsx) als Antwort auf \
diese E-Mail. Den Anhang 2 braucht es auch, wenn es keine Gespräche gab: Wählen Sie dann bei der Nullmeldung «Ja» und \
bestätigen Sie das Formular am Schluss.

Es verfällt nichts von selbst. Zurückgestellt sind aber die Beiträge, die das Formular belegt: Fall- und \
Dolmetschpauschalen für das 1. Halbjahr 2024. Das gilt, bis das Formular vollständig vorliegt und wir über die \
Verspätung entschieden haben. Die Ausrichtung von Beiträgen kann von der vollständigen und fristgerechten Einreichung \
abhängig gemacht werden (Kreisschreiben KRS-GEF-2017/01, Ziff. 5.2); ein Rechtsanspruch besteht nicht (Ziff. 4.1.1). \
Andere Beiträge sind davon nicht betroffen.

Haben Sie das Formular inzwischen gesendet, ist diese E-Mail gegenstandslos.

Freundliche Grüsse

start.integration
"""
    )


def test_eine_koordinationsstelle_erhaelt_einen_brief_fuer_alle_ihre_gemeinden() -> None:
    """31.01.2021 was a Sunday; Balsthal leads Holderbank and Laupersdorf."""
    alle = [2401, 2422, 2425]
    lage = fall(
        gemeinden=alle, perioden=[], jahre=[2021], stichtag=date(2021, 2, 1), gemeinde={str(b): THAL for b in alle}
    )
    ergebnis = einziger(lage, "2021", mahnung(date(2021, 1, 1), 2401, formular=A3, periode="2021"))
    assert (ergebnis.an.name, ergebnis.an.email) == ("Fachstelle Thal", "fachstelle@thal.example")
    assert ergebnis.betreff == "start.integration: Mahnung, 3 Formulare fehlen"
    assert (
        ergebnis.text
        == """\
Guten Tag

Uns fehlen bis heute, Montag, 01.02.2021, die folgenden 3 Formulare:

- Balsthal: Anhang 3 (Selbstdeklaration) für das Jahr 2021; Frist Sonntag, 31.01.2021, seit 1 Tag abgelaufen.
- Egerkingen: Anhang 3 (Selbstdeklaration) für das Jahr 2021; Frist Sonntag, 31.01.2021, seit 1 Tag abgelaufen.
  Die erste Mahnung sandten wir am Freitag, 01.01.2021.
- Holderbank: Anhang 3 (Selbstdeklaration) für das Jahr 2021; Frist Sonntag, 31.01.2021, seit 1 Tag abgelaufen.
  Reicht die Leitgemeinde Balsthal ihre Selbstdeklaration ein, gilt diese auch hier.

Die Frist vom 31.01.2021 ist ein Sonntag; sie gilt, wie sie im Kreisschreiben steht (Ziff. 5.2).

Wir bitten Sie nachdrücklich, sie so bald wie möglich einzureichen. Ist Ihnen das nicht möglich, teilen Sie uns bitte \
umgehend mit, weshalb und bis wann wir die Formulare erhalten.

Die Vorlagen der jeweiligen Gemeinde liegen bei: Senden Sie sie ausgefüllt als Excel-Arbeitsmappen (.xlsx) als \
Antwort auf diese E-Mail.

Es verfällt nichts von selbst. Zurückgestellt sind aber die Beiträge, die die Formulare belegen: Sockelbeitrag für das \
Jahr 2021. Das gilt, bis die Formulare vollständig vorliegen und wir über die Verspätung entschieden haben. Die \
Ausrichtung von Beiträgen kann von der vollständigen und fristgerechten Einreichung abhängig gemacht werden \
(Kreisschreiben KRS-GEF-2017/01, Ziff. 5.2); ein Rechtsanspruch besteht nicht (Ziff. 4.1.1). Andere Beiträge sind \
davon nicht betroffen.

Haben Sie die Formulare inzwischen gesendet, ist diese E-Mail gegenstandslos.

Freundliche Grüsse

Amt für Gesellschaft und Soziales
start.integration
"""
    )


def test_ein_brief_kann_beide_formulare_nennen() -> None:
    u = urteil(fall(perioden=["2023-H2"], jahre=[2024], stichtag=date(2024, 2, 5)))
    betreff, text = brief([*posten(u, "2023-H2"), *posten(u, "2024")], AMT, u.stichtag, date(2024, 2, 29))
    absaetze = text.split("\n\n")
    assert betreff == "start.integration: Mahnung, 2 Formulare fehlen"
    assert absaetze[1:5] == [
        "Uns fehlen bis heute, Montag, 05.02.2024, die folgenden 2 Formulare:",
        "- Egerkingen: Anhang 2 (Reportingformular) für das 2. Halbjahr 2023; Frist Mittwoch, 31.01.2024, seit 5 Tagen"
        " abgelaufen.\n"
        "- Egerkingen: Anhang 3 (Selbstdeklaration) für das Jahr 2024; Frist Mittwoch, 31.01.2024, seit 5 Tagen"
        " abgelaufen.",
        "Bitte reichen Sie sie bis Donnerstag, 29.02.2024, ein.",
        "Die Vorlagen Ihrer Gemeinde liegen bei: Senden Sie sie ausgefüllt als Excel-Arbeitsmappen (.xlsx) als"
        " Antwort auf diese E-Mail. Den Anhang 2 braucht es auch, wenn es keine Gespräche gab: Wählen Sie dann bei der"
        " Nullmeldung «Ja» und bestätigen Sie das Formular am Schluss.",
    ]
    assert absaetze[5].startswith(
        "Es verfällt nichts von selbst. Zurückgestellt sind aber die Beiträge, die die Formulare belegen: Fall- und"
        " Dolmetschpauschalen für das 2. Halbjahr 2023 und Sockelbeitrag für das Jahr 2024. Das gilt,"
    )


def test_wer_nichts_schuldet_erhaelt_keinen_brief_und_eine_nachfrist_liegt_nach_dem_brief() -> None:
    assert briefe(urteil(fall(stichtag=date(2024, 7, 31))), (H1,)) == ()
    with pytest.raises(ValueError, match="Ohne ausstehendes Formular gibt es keine Mahnung"):
        brief([], AMT, TAG)
    with pytest.raises(ValueError) as fehler:  # noqa: PT011 the whole sentence follows
        briefe(urteil(fall()), (H1,), nachfrist=TAG)
    assert str(fehler.value) == ("Die Nachfrist 12.08.2024 muss nach dem Tag der Mahnung liegen, dem 12.08.2024.")
