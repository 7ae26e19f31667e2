"""The journal in the shape of an accounting program: what a mapping says, and what it may not (docs/entscheide/76)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from krs.ablage.laufdateien import journal_csv
from krs.ablage.ordner import AblageFehler
from krs.ablage.zuordnung import MITGELIEFERT, zugeordnet, zuordnung
from krs.lauf.hauptbuch import Satz

TAG = date(2024, 3, 20)
SAETZE = [
    Satz("KRS-2024-03-2581", TAG, "3632.05", "2004", Decimal("7000"), "Olten: Sockelbeitrag", 2024, "620", 2581),
    Satz("KRS-2024-03-RF-1", TAG, "1011", "3632.09", Decimal("0.05"), "=1+1\tx"),
]
JOURNAL = journal_csv(SAETZE)


def test_banana_wie_es_der_hersteller_beschreibt() -> None:
    kurz, z = zuordnung("banana")
    assert (kurz, z.endung) == ("banana", "txt")
    assert zugeordnet(JOURNAL, z).decode("utf-8").split("\r\n") == [
        "Date\tDoc\tDescription\tAccountDebit\tAccountCredit\tAmount",
        "2024-03-20\tKRS-2024-03-2581\tOlten: Sockelbeitrag\t3632.05\t2004\t7000.00",
        '2024-03-20\tKRS-2024-03-RF-1\t"\'=1+1\tx"\t1011\t3632.09\t0.05',
        "",
    ]


def test_das_muster_zum_anpassen() -> None:
    _, z = zuordnung("generisch")
    assert zugeordnet(JOURNAL, z).decode("utf-8-sig").splitlines()[:2] == [
        "Beleg;Buchungsdatum;Konto Soll;Konto Haben;Betrag;Währung;Kostenstelle;Text",
        "KRS-2024-03-2581;20.03.2024;3632.05;2004;7000.00;CHF;620;Olten: Sockelbeitrag",
    ]


@pytest.mark.parametrize("name", MITGELIEFERT)
def test_jede_mitgelieferte_sagt_dass_sie_nicht_erprobt_ist(name: str) -> None:
    assert "erprobt" in zuordnung(name)[1].hinweis


def _eigene(ordner: Path, text: str) -> str:
    pfad = ordner / "Unser Import.toml"
    pfad.write_text(text, encoding="utf-8")
    return str(pfad)


def test_eine_eigene_datei_bestimmt_reihenfolge_trenner_datum_text(tmp_path: Path) -> None:
    name = _eigene(tmp_path, """
name = "Unser Import"
endung = "asc"
trenner = "|"
kopf = false
datum = "%d%m%y"
dezimal = ","
zeichensatz = "cp1252"
spalte = [{ wert = "B" }, { wert = "{Datum}" }, { wert = "{Soll}/{Haben}" }, { wert = "{Betrag}" },
          { wert = "{BFS-Nr.} {Text}", laenge = 10 }]
""")  # fmt: skip
    kurz, z = zuordnung(name)
    assert kurz == "Unser_Import"
    assert zugeordnet(JOURNAL, z).decode("cp1252").splitlines() == [
        "B|200324|3632.05/2004|7000,00|2581 Olten", "B|200324|1011/3632.09|0,05| =1+1\tx",
    ]  # fmt: skip
    fremd = journal_csv([Satz("B", TAG, "1", "2", Decimal(1), "Łódź")])
    with pytest.raises(AblageFehler, match="«Ł» lässt sich in cp1252 nicht schreiben; nehmen Sie utf-8"):
        zugeordnet(fremd, z.model_copy(update={"spalte": (z.spalte[4].model_copy(update={"laenge": None}),)}))


@pytest.mark.parametrize(
    ("text", "satz"),
    [
        ("x = [", "ist keine lesbare TOML-Datei."),
        ('name = "x"', "ist so nicht brauchbar; prüfen Sie: spalte."),
        ('name = "x"\ntrenner = ";;"\nfarbe = 1\nspalte = [{ wert = "x" }]',
         "ist so nicht brauchbar; prüfen Sie: farbe, trenner."),
        ('name = "x"\nendung = "../x"\nspalte = [{ wert = "x" }]', "ist so nicht brauchbar; prüfen Sie: endung."),
        ('name = "x"\ndatum = "%s"\nspalte = [{ wert = "x" }]', "ist so nicht brauchbar; prüfen Sie: datum."),
        ('name = "x"\nspalte = [{ wert = "{Konto} {Text}" }]', "nennt Spalten, die journal.csv nicht hat: Konto."),
    ],
)  # fmt: skip
def test_was_keine_zuordnung_ist_wird_genannt(tmp_path: Path, text: str, satz: str) -> None:
    name = _eigene(tmp_path, text)
    with pytest.raises(AblageFehler) as fehler:
        zuordnung(name)
    assert str(fehler.value) == f"Die Zuordnung «{name}» {satz}"


def test_ein_unbekannter_name_wird_genannt() -> None:
    with pytest.raises(AblageFehler) as fehler:
        zuordnung("abacus")
    assert str(fehler.value) == (
        "«abacus» ist keine Zuordnung. Es gibt «banana» und «generisch», oder nennen Sie eine eigene .toml-Datei."
    )
