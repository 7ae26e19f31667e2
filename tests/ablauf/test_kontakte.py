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
from urteil.hilfe import DATEN

AM = date(2024, 2, 10)
KONTAKT = {
    "beauftragte_name": "Beat Beck",
    "beauftragte_email": "beat@eger.example",
    "koordination_name": "Sozialdienst",
}


@pytest.fixture
def ablage(tmp_path: Path) -> Ablage:
    ablage = neue_ablage(tmp_path / "Ablage")
    gemeinden: list[dict[str, object]] = [
        {"bfs_nr": b, "name": n, "beteiligt_ab": date(2018, 1, 1), "iban": iban(b), "beauftragte": "Anna Muster",
         "leitgemeinde": 2403 if b == 2402 else None, "leitgemeinde_ab": date(2020, 1, 1) if b == 2402 else None}
        for b, n in ((2401, "Egerkingen"), (2402, "Härkingen"), (2403, "Kestenholz"))
    ]  # fmt: skip
    daten = stammdaten(Gemeinden=gemeinden)
    buch = openpyxl.load_workbook(BytesIO(daten))
    buch["Gemeinden"]["AA1"], buch["Gemeinden"]["AA2"] = "Notiz", "ruft gern an"
    buch.save(ablage.stammdaten)
    vorlage = next((ablage.vorlagen / "2024").glob("*_2401_*")).read_bytes()
    form = formular("anhang3")
    werte = {**DATEN["gut"]["anhang3"], **KONTAKT}
    einwerfen(ablage, "2024-01-20/a.xlsx", fuelle(vorlage, form.id, form.version_fuer("2024").id, werte))
    return ablage


def test_ohne_gemeinde_wird_nur_gezeigt_was_abweicht(ablage: Ablage) -> None:
    alt = ablage.stammdaten.read_bytes()
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
