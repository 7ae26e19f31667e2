"""`krs kontakte`: what an accepted Anhang 3 names holds from today; all else of the row stays, no claim changes."""

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from ablage.hilfe import einwerfen, neue_ablage, stammdaten
from krs import ablauf
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf import stammdaten_laden
from krs.ablauf.kontakte import uebernehmen
from krs.demo.fuellen import fuelle
from krs.demo.stamm import iban
from krs.formulare.formular import formular
from krs.formulare.regeln_anhang3 import anders
from krs.schreiben.anhang1_brief import empfaenger
from krs.stammdaten.adressen import adressat
from urteil.hilfe import DATEN

AM = date(2024, 2, 10)
KONTAKT = {
    "beauftragte_name": "Beat Beck",
    "beauftragte_email": "beat@eger.example",
    "koordination_name": "Sozialdienst",
}


NAMEN = {2401: "Egerkingen", 2402: "Härkingen", 2403: "Kestenholz"}
Zeile = dict[str, object]


def zeile(bfs: int, **mehr: object) -> Zeile:
    return {
        "bfs_nr": bfs, "name": NAMEN[bfs], "beteiligt_ab": date(2018, 1, 1), "iban": iban(bfs),
        "beauftragte": "Anna Muster", "leitgemeinde": 2403 if bfs == 2402 else None,
        "leitgemeinde_ab": date(2020, 1, 1) if bfs == 2402 else None,
    } | mehr  # fmt: skip


def baue(pfad: Path, *zeilen: Zeile, wer: int = 2401) -> Ablage:
    """Return an Ablage in which the Selbstdeklaration 2024 of one municipality names KONTAKT."""
    ablage = neue_ablage(pfad / "Ablage")
    buch = openpyxl.load_workbook(BytesIO(stammdaten(Gemeinden=list(zeilen))))
    buch["Gemeinden"]["AA1"], buch["Gemeinden"]["AA2"] = "Notiz", "ruft gern an"
    buch.save(ablage.stammdaten)
    vorlage = next((ablage.vorlagen / "2024").glob(f"*_{wer}_*")).read_bytes()
    form = formular("anhang3")
    lead = {"leitgemeinde_modell": "Ja", "leitgemeinde_bfs": wer, "leitgemeinde_vertrag": date(2019, 12, 1)}
    werte = {**DATEN["gut"]["anhang3"], **KONTAKT, **(lead if wer == 2403 else {})}
    einwerfen(ablage, "2024-01-20/a.xlsx", fuelle(vorlage, form.id, form.version_fuer("2024").id, werte))
    return ablage


@pytest.fixture
def ablage(tmp_path: Path) -> Ablage:
    return baue(tmp_path, *map(zeile, NAMEN))


def test_ohne_gemeinde_wird_nur_gezeigt_was_abweicht(ablage: Ablage, monkeypatch: pytest.MonkeyPatch) -> None:
    alt = ablage.stammdaten.read_bytes()
    monkeypatch.delattr(Ablage, "sperre")  # who only asks takes no lock
    u = uebernehmen(ablage.pfad, (), AM)
    assert [(x.gemeinde, x.jahr, x.werte) for x in u.uebernahmen] == [
        ("Egerkingen", "2024", {
            "beauftragte_name": ("Anna Muster", "Beat Beck"), "beauftragte_email": ("", "beat@eger.example"),
            "koordination_name": ("", "Sozialdienst"),
        }),
    ]  # fmt: skip
    assert (u.sicherung, ablage.stammdaten.read_bytes()) == (None, alt)


def test_die_alte_zeile_gilt_bis_gestern_und_die_neue_ab_heute(ablage: Ablage) -> None:
    vorher = ablauf.konsolidieren(ablage.pfad, AM).urteil
    assert [b.code for b, _ in vorher.befunde if b.bfs_nr == 2401] == ["F-64"]
    assert uebernehmen(ablage.pfad, ("Egerkingen",), AM).sicherung is not None
    s, befunde, _ = stammdaten_laden(ablage)
    assert befunde == ()
    alt, neu = (g for g in s.gemeinden if g.bfs_nr == 2401)
    assert (alt.gueltig_bis, alt.beauftragte, neu.gueltig_ab, neu.gueltig_bis) == (
        date(2024, 2, 9), "Anna Muster", AM, None,
    )  # fmt: skip
    anders = {"zellen": (), "gueltig_ab": None, "gueltig_bis": None}
    gleich = anders | {"beauftragte": "", "email": "", "koordinationsstelle": ""}
    assert neu.model_copy(update=gleich) == alt.model_copy(update=gleich)
    assert (neu.beauftragte, neu.email, neu.koordinationsstelle) == ("Beat Beck", "beat@eger.example", "Sozialdienst")
    seite = openpyxl.load_workbook(ablage.stammdaten)["Gemeinden"]
    assert [seite["AA2"].value, seite["AA5"].value] == ["ruft gern an"] * 2
    nachher = ablauf.konsolidieren(ablage.pfad, AM).urteil
    assert [b.code for b, _ in nachher.befunde if b.bfs_nr == 2401] == []
    assert nachher.ansprueche == vorher.ansprueche
    with pytest.raises(AblageFehler, match=r"^Egerkingen: Keine angenommene Selbstdeklaration nennt andere Kontakte"):
        uebernehmen(ablage.pfad, ("2401",), AM)
    assert uebernehmen(ablage.pfad, ("alle",), AM).sicherung is None


def test_wer_den_kontakt_seither_geaendert_hat_weiss_es_besser_als_das_formular(tmp_path: Path) -> None:
    # Anna when the form came; Carla since 01.02.: Beat of the form is no news any more, and «alle» brings nobody back.
    alt = zeile(2401, gueltig_bis=date(2024, 1, 31))
    neu = zeile(2401, gueltig_ab=date(2024, 2, 1), beauftragte="Carla Caduff", email="carla@eger.example")
    ablage = baue(tmp_path, alt, neu)
    assert [x.werte for x in uebernehmen(ablage.pfad, (), AM).uebernahmen] == [
        {"koordination_name": ("", "Sozialdienst")}
    ]
    assert [b.code for b, _ in ablauf.konsolidieren(ablage.pfad, AM).urteil.befunde] == []


def test_eine_zeile_die_spaeter_beginnt_bringt_den_alten_kontakt_nicht_zurueck(tmp_path: Path) -> None:
    ab_juli = zeile(2401, gueltig_ab=date(2024, 7, 1), strasse="Neue Gasse", koordinationsstelle="Kanzlei")
    ablage = baue(tmp_path, zeile(2401, gueltig_bis=date(2024, 6, 30)), ab_juli, zeile(2402), zeile(2403))
    uebernehmen(ablage.pfad, ("Egerkingen",), AM)
    s, befunde, _ = stammdaten_laden(ablage)
    assert befunde == ()
    zeilen = sorted((g for g in s.gemeinden if g.bfs_nr == 2401), key=lambda g: g.gueltig_ab or date.min)
    assert [(g.gueltig_ab, g.gueltig_bis, g.strasse, g.beauftragte, g.koordinationsstelle) for g in zeilen] == [
        (None, date(2024, 2, 9), "", "Anna Muster", ""),
        (AM, date(2024, 6, 30), "", "Beat Beck", "Sozialdienst"),
        (date(2024, 7, 1), None, "Neue Gasse", "Beat Beck", "Kanzlei"),  # the Kanzlei was entered on purpose
    ]


def test_mitglieder_mit_dem_kontakt_ihrer_leitgemeinde_wechseln_mit_ihr(tmp_path: Path) -> None:
    # Härkingen names the lead's Anna; its own Koordinationsstelle stays its own matter.
    lead, mitglied = zeile(2403, email="anna@kest.example"), zeile(2402, email="anna@kest.example")
    ablage = baue(tmp_path, zeile(2401), mitglied, lead, wer=2403)
    gezeigt = [(x.gemeinde, [*x.werte]) for x in uebernehmen(ablage.pfad, (), AM).uebernahmen]
    assert gezeigt == [
        ("Kestenholz", ["beauftragte_name", "beauftragte_email", "koordination_name"]),
        ("Härkingen", ["beauftragte_name", "beauftragte_email"]),
    ]
    uebernehmen(ablage.pfad, ("alle",), AM)
    s, befunde, _ = stammdaten_laden(ablage)
    assert befunde == ()
    assert [(adressat(s, b, AM).name, adressat(s, b, AM).email) for b in NAMEN] == [
        ("Egerkingen", ""), ("Beat Beck", "beat@eger.example"), ("Beat Beck", "beat@eger.example"),
    ]  # fmt: skip


def test_was_vor_dem_wechsel_geschrieben_ist_geht_an_den_alten_kontakt(tmp_path: Path) -> None:
    ablage = baue(tmp_path, zeile(2401, email="anna@eger.example"))
    uebernehmen(ablage.pfad, ("2401",), AM)
    s = stammdaten_laden(ablage)[0]
    for tag, email in ((date(2024, 2, 9), "anna@eger.example"), (AM, "beat@eger.example")):
        assert adressat(s, 2401, tag).email == email
        assert empfaenger(s, 2401, tag)["Koordinationsstelle"] == email


@pytest.mark.parametrize(("formular_", "bekannt"), [
    ("Muster Anna", "Frau Dr. Anna  Muster"),
    ("ANNA MÜLLER", "Mu\u0308ller, Anna"),
    ("Anna Mueller", "Müller Anna"),
    ("Zoe Muster-Meier", "Zoë Muster Meier"),
    ("Anna@Härkingen.example ", "anna@xn--hrkingen-0za.example"),
])  # fmt: skip
def test_dasselbe_anders_geschrieben_ist_kein_neuer_kontakt(formular_: str, bekannt: str) -> None:
    assert not anders(formular_, [bekannt])


@pytest.mark.parametrize(("formular_", "bekannt"), [
    ("Anna Muster-Meier", "Anna Muster"),
    ("anna@eger.example", "anna@eger2.example"),
    ("Sozialdienst", ""),
])  # fmt: skip
def test_ein_anderer_name_oder_eine_andere_adresse_ist_einer(formular_: str, bekannt: str) -> None:
    assert anders(formular_, [bekannt])
