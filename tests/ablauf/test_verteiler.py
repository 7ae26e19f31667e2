"""`krs verteiler`: look at the lists, lay one out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from krs.ablage.csvdatei import csv_lesen
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.verteiler import KOPF, verteilen
from krs.mappen.stammdaten import stammdaten_mappe

TAG = date(2024, 6, 1)


@pytest.fixture
def ablage(tmp_path: Path) -> Path:
    gemeinden = [
        [2401, "Egerkingen", *[None] * 19, "p@egerkingen.example"],
        [2402, "=Härkingen", *[None] * 19, "p@haerkingen.example"],
    ]
    verteilerzeilen = [["Begleitgruppe", "VSEG", "vseg@so.example"], ["Begleitbrief", "HEKS", "heks@so.example"]]
    mappe = stammdaten_mappe({"Gemeinden": gemeinden, "Verteiler": verteilerzeilen})
    return Ablage.anlegen(tmp_path / "Ablage", mappe).pfad


def test_ohne_namen_wird_nur_gezeigt(ablage: Path) -> None:
    ergebnis = verteilen(ablage, "", TAG)
    assert [(x.name, len(x.eintraege)) for x in ergebnis.listen if x.eintraege] == [
        ("Präsidien", 2), ("Begleitgruppe", 1), ("Begleitbrief", 1),
    ]  # fmt: skip
    assert not (ablage / "Rueckmeldungen" / "Verteiler").exists()


def test_eine_liste_liegt_als_tabelle_und_als_entwurf_bereit(ablage: Path) -> None:
    """Nobody sees the other's address, and no name becomes a formula."""
    ergebnis = verteilen(ablage, "präs", TAG)
    ordner = ablage / "Rueckmeldungen" / "Verteiler" / "Praesidien"
    assert ergebnis.geschrieben == (ordner / "Praesidien.csv", ordner / "Praesidien.eml")
    tabelle = ergebnis.geschrieben[0].read_bytes()
    assert b";'=H" in tabelle
    assert [tuple(z.values()) for z in csv_lesen(tabelle, KOPF)] == [
        ("Präsidien", "2402", "=Härkingen", "", "p@haerkingen.example"),
        ("Präsidien", "2401", "Egerkingen", "", "p@egerkingen.example"),
    ]
    assert ergebnis.geschrieben[1].read_bytes().decode() == (
        "X-Unsent: 1\r\n"
        "Bcc: p@haerkingen.example,\r\n"
        " p@egerkingen.example\r\n"
        "Subject: start.integration\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: text/plain; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "Guten Tag\r\n"
    )


@pytest.mark.parametrize(
    ("name", "satz"),
    [
        ("begleit", "«begleit»: Mehrere Verteiler heissen so: «Begleitgruppe», «Begleitbrief»."),
        (
            "Presse",
            "«Presse»: So heisst kein Verteiler: «Präsidien», «Integrationsbeauftragte und strategische Leitungen», "
            "«Koordinationsstellen», «Finanzverwaltungen», «Leitungen der Sozialregionen», «Begleitgruppe», "
            "«Begleitbrief».",
        ),
        ("Finanz", "Der Verteiler «Finanzverwaltungen» hat keine Adresse. Ergänzen Sie sie in den Stammdaten."),
    ],
)  # fmt: skip
def test_ein_unklarer_name_und_eine_leere_liste_werden_gesagt(ablage: Path, name: str, satz: str) -> None:
    with pytest.raises(AblageFehler) as fehler:
        verteilen(ablage, name, TAG)
    assert str(fehler.value) == satz
