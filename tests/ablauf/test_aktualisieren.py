"""`krs aktualisieren`: rows for the residents and rates that are missing, once; nothing to add, nothing written."""

from datetime import date
from pathlib import Path

from ablage.hilfe import baum, neue_ablage
from krs.ablauf import stammdaten_laden
from krs.ablauf.aktualisieren import aktualisieren

AM = date(2024, 9, 20)


def test_es_fehlen_die_bestaende_des_naechsten_jahres_und_seine_ansaetze(tmp_path: Path) -> None:
    ablage = neue_ablage(tmp_path / "Ablage")
    alt, vorher = ablage.stammdaten.read_bytes(), stammdaten_laden(ablage)[0]
    a = aktualisieren(ablage.pfad, AM)
    assert a.saetze[-2:] == (
        "Blatt Ausländerbestand: 3 Zeilen vorbereitet (31.12.2023); tragen Sie Anzahl und Quelle ein.",
        "Blatt Tarife: 2025 ohne Ansatz; tragen Sie Ansatz und Quelle ein.",
    )
    assert a.sicherung is not None
    assert a.sicherung.read_bytes() == alt
    nachher, befunde, _ = stammdaten_laden(ablage)
    assert befunde == ()
    assert (nachher.bestand, nachher.tarifeintraege) == (vorher.bestand, ())
    stand = baum(ablage.pfad)
    b = aktualisieren(ablage.pfad, AM)
    assert (b.saetze, b.sicherung, baum(ablage.pfad)) == ((), None, stand)
