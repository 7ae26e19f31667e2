"""The distribution lists at the end of the circular, from the Stammdaten of a day."""

from dataclasses import replace
from datetime import date

import pytest

from krs.schreiben.verteiler import SOZIALREGIONEN, Eintrag, Liste, verteiler
from krs.stammdaten.stammdaten import Stammdaten
from krs.stammdaten.zeilen import Gemeinde, Sozialregion, Verteilerzeile

TAG = date(2024, 6, 1)


@pytest.fixture
def stamm() -> Stammdaten:
    return Stammdaten(
        gemeinden=(
            Gemeinde(
                bfs_nr=2402, name="Härkingen", email_praesidium="p@haerkingen.example", beauftragte="Anna Muster",
                email="anna@haerkingen.example", strategische_leitung="Beat Muster",
                email_strategische_leitung="ANNA@haerkingen.example", email_finanzen="f@haerkingen.example",
            ),
            Gemeinde(
                bfs_nr=2401, name="Egerkingen", beteiligt_ab=date(2018, 1, 1),
                koordinationsstelle="Stelle Gäu", email_koordination="gaeu@so.example",
            ),
            Gemeinde(bfs_nr=2456, name="Lüterswil", gueltig_bis=date(2023, 12, 31), email_praesidium="p@l.example"),
        ),
        sozialregionen=(
            Sozialregion(sozialregion="Thal", leitung="Cara Muster", email="thal@so.example"),
            Sozialregion(sozialregion="Gäu"),
        ),
        verteiler=(
            Verteilerzeile(liste="Begleitgruppe", name="VSEG", email="vseg@so.example"),
            Verteilerzeile(liste="Begleitgruppe", email="heks@so.example"),
        ),
    )  # fmt: skip


def test_die_verteiler_des_kreisschreibens_und_die_eigenen(stamm: Stammdaten) -> None:
    """Who no longer exists is in none; who has no address is named."""
    assert verteiler(stamm, TAG) == (
        Liste("Präsidien", (Eintrag(2402, "Härkingen", "", "p@haerkingen.example"),), ("Egerkingen",)),
        Liste(
            "Integrationsbeauftragte und strategische Leitungen",
            (
                Eintrag(2402, "Härkingen", "Anna Muster", "anna@haerkingen.example"),
                Eintrag(2402, "Härkingen", "Beat Muster", "ANNA@haerkingen.example"),
            ),
            ("Egerkingen",),
        ),
        Liste(
            "Koordinationsstellen",  # Ziff. 4.5.1: where none is named, it is the Integrationsbeauftragte
            (
                Eintrag(2401, "Egerkingen", "Stelle Gäu", "gaeu@so.example"),
                Eintrag(2402, "Härkingen", "Anna Muster", "anna@haerkingen.example"),
            ),
        ),
        Liste("Finanzverwaltungen", (Eintrag(2402, "Härkingen", "", "f@haerkingen.example"),), ("Egerkingen",)),
        Liste(SOZIALREGIONEN, (Eintrag(None, "Thal", "Cara Muster", "thal@so.example"),), ("Gäu",)),
        Liste(
            "Begleitgruppe",
            (Eintrag(None, "", "VSEG", "vseg@so.example"), Eintrag(None, "", "", "heks@so.example")),
        ),
    )


def test_dieselbe_liste_anders_geschrieben_ist_eine_auch_jene_des_kreisschreibens(stamm: Stammdaten) -> None:
    namen = ("begleit-gruppe", "Begleit  Gruppe", "praesidien")
    mehr = tuple(Verteilerzeile(liste=n, name="Max", email=f"max{i}@so.example") for i, n in enumerate(namen))
    listen = {x.name: x.adressen for x in verteiler(replace(stamm, verteiler=stamm.verteiler + mehr), TAG)}
    assert len(listen) == 6
    assert listen["Präsidien"] == ("p@haerkingen.example", "max2@so.example")
    assert listen["Begleitgruppe"] == ("vseg@so.example", "heks@so.example", "max0@so.example", "max1@so.example")


def test_wer_nicht_beteiligt_ist_dem_fehlt_keine_koordinationsstelle(stamm: Stammdaten) -> None:
    nackt = (*stamm.gemeinden, Gemeinde(bfs_nr=2549, name="Kammersrohr"))
    nackt += (Gemeinde(bfs_nr=2403, name="Kestenholz", beteiligt_ab=date(2018, 1, 1)),)
    ohne = {x.name: x.ohne for x in verteiler(replace(stamm, gemeinden=nackt), TAG)}
    assert (ohne["Präsidien"], ohne["Koordinationsstellen"]) == (
        ("Egerkingen", "Kammersrohr", "Kestenholz"), ("Kestenholz",),
    )  # fmt: skip


def test_eine_adresse_steht_nur_einmal_im_entwurf(stamm: Stammdaten) -> None:
    assert verteiler(stamm, TAG)[1].adressen == ("ANNA@haerkingen.example",)


def test_ein_tag_vor_der_fusion_kennt_die_alte_gemeinde(stamm: Stammdaten) -> None:
    namen = [e.gemeinde for e in verteiler(stamm, date(2023, 6, 1))[0].eintraege]
    assert namen == ["Härkingen", "Lüterswil"]
