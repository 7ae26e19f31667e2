"""Templates: made for all that take part, never over what somebody filled in (entwurf 1, 4.1)."""

from __future__ import annotations

import pytest

from ablage.hilfe import ausgefuellt, baum, stammdaten
from krs import ablauf
from krs.ablage.ordner import Ablage, AblageFehler


def test_eine_ausgefuellte_vorlage_bleibt_eine_leere_wird_ersetzt(ablage: Ablage) -> None:
    vorlagen = sorted((ablage.vorlagen / "2024-H1").iterdir())
    assert [p.name for p in vorlagen] == [
        "Anhang_2_2024-H1_2401_Egerkingen.xlsx",
        "Anhang_2_2024-H1_2402_Haerkingen.xlsx",
        "Anhang_2_2024-H1_2403_Kestenholz.xlsx",
    ]
    soll = baum(ablage.vorlagen)
    gefuellt = ausgefuellt(ablage)
    vorlagen[0].write_bytes(gefuellt)
    vorlagen[1].unlink()
    vorlagen[2].write_bytes(b"keine Vorlage, aber etwas von jemandem")
    ergebnis = ablauf.vorlagen(ablage.pfad, "2024-H1")
    assert (ergebnis.geschrieben, ergebnis.belassen) == (1, (vorlagen[0], vorlagen[2]))
    assert vorlagen[0].read_bytes() == gefuellt
    vorlagen[0].unlink()
    vorlagen[2].unlink()
    assert ablauf.vorlagen(ablage.pfad, "2024-H1").geschrieben == 2
    assert baum(ablage.vorlagen) == soll
    assert ablauf.vorlagen(ablage.pfad, "2024-H1").geschrieben == 0


def test_aendern_sich_die_stammdaten_wird_eine_leere_vorlage_neu_geschrieben(ablage: Ablage) -> None:
    bestand = [{"bfs_nr": 2401, "stichtag": "2022-12-31", "anzahl": 999, "quelle": "Statistik"}]
    ablage.stammdaten.write_bytes(stammdaten(Ausländerbestand=bestand))
    ergebnis = ablauf.vorlagen(ablage.pfad, "2024")
    assert (ergebnis.geschrieben, ergebnis.belassen) == (3, ())


def test_ist_niemand_beteiligt_steht_da_wo_es_einzutragen_ist(ablage: Ablage) -> None:
    ablage.stammdaten.write_bytes(stammdaten(Gemeinden=[{"bfs_nr": 2401, "name": "Egerkingen"}]))
    with pytest.raises(AblageFehler) as fehler:
        ablauf.vorlagen(ablage.pfad, "2024-H2")
    assert str(fehler.value) == (
        "In 2024-H2 ist keine Gemeinde beteiligt. Tragen Sie in den Stammdaten, Blatt Gemeinden, «beteiligt ab» ein."
    )
    assert not (ablage.vorlagen / "2024-H2").exists()
