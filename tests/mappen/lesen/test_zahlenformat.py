"""What a number format shows, by hand: «» where it is the value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from krs.mappen.lesen.formate import gleich
from krs.mappen.lesen.zahlenformat import NICHTS, TAG, UNKLAR, anders, farbe

GUT = (
    *("", "General", "Standard", "@", "0", "00", "#", "0.00", "#,##0", "#,##0.00", "[$-807]#,##0", "#'##0", "#\\'##0"),
    *("# ##0", "0.##", ".00", "0;-0;;@", "[Red]0", "[Color5]0", "0_)", '0 "Personen"', "[$Fr.-807] #,##0.00"),
    '"CHF "0',
    *('"Fr. "0.–', "_-* #,##0.00_-;-* #,##0.00_-;_-* \"-\"??_-;_-@_-", "_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ "),
    *("# ?/?", "0.00E+00", "##0.0E+0", "[<1000]0;#,##0", 'General" Std."'),
)  # fmt: skip


@pytest.mark.parametrize("code", GUT)
@pytest.mark.parametrize("wert", [0, 1, 8, 53, 123])
def test_was_eine_anzahl_zeigt_ist_die_anzahl(code: str, wert: int) -> None:
    assert anders(code, Decimal(wert), "anzahl") == ""


@pytest.mark.parametrize(
    ("code", "wert", "zeigt"),
    [
        (";;;", "8", NICHTS), (";;;", "0", ""), (" ", "8", NICHTS), ('"12"', "8", "«12»"), ('0"0"', "5", "«50»"),
        ("0.0,", "8", "«0.0»"), ("0.0,", "3400", "«3.4»"), ("0,,", "8", "«0»"), ("0%", "8", "«800%»"),
        ("General%", "8", "«800%»"), ("; @", "8", NICHTS), ("@;0", "8", "«?»"), ("0[$-807]", "8", "«8?»"),
        ("0%%", "8", "«80000%%»"), ("dd.mm.yyyy", "8", TAG), ("[h]:mm", "8", TAG), ("[$-F800]", "8", TAG),
        ("yyyy", "8", TAG), ("0\\.0", "53", "«5.3»"), ('0","0', "53", "«5,3»"), ("-0", "8", "«-8»"),
        ("(0)", "8", "«(8)»"),
        ('0"²"', "8", "«82»"), ("*80", "8", "«888»"), ("*-0", "8", "«--8»"), ('0" Dutzend"', "8", "«8 Dutzend»"),
        ('[=8]"3";General', "8", "«3»"), ('[=8]"3";General', "9", ""), ('[>5]"viel";0', "6", "«viel»"),
        ('[<>8]0;"9"', "8", "«9»"), ('[<3]"a";[<10]0;"x"', "53", "«x»"), ("?/?", "8", f"«{UNKLAR}»"),
        ("[DBNum1]0", "8", "«?8»"), ("0.00E+00", "1234", f"«{UNKLAR}»"), ('0;0;"5"', "0", "«5»"),
        ("0" * 300, "8", UNKLAR),
        ("0" * 60, "8", f"«{UNKLAR}»"), ("#.##", "0", ""), ('"8"', "8", ""),
    ],
)  # fmt: skip
def test_was_sonst_zu_sehen_ist_wird_genannt(code: str, wert: str, zeigt: str) -> None:
    assert anders(code, Decimal(wert), "anzahl") == zeigt


@pytest.mark.parametrize(
    ("code", "wert", "art", "zeigt"),
    [
        ("0.0%", Decimal("0.2"), "anteil", ""), ("0%", Decimal("0.125"), "anteil", ""),
        ("General", Decimal("0.2"), "anteil", ""),
        ("0", Decimal("0.2"), "anteil", "«0»"), ('0"0"%', Decimal("0.2"), "anteil", "«200%»"),
        ("0", Decimal("9000.4"), "betrag", ""), ("#,##0.00", Decimal("9000.45"), "betrag", ""),
        ("0", Decimal("0.4"), "betrag", "«0»"), ("dd.mm.yyyy", Decimal(45_000), "datum", ""),
        ("dd.mm.yyyy", date(2024, 7, 10), "datum", ""), ("General", date(2024, 7, 10), "datum", ""),
        ('dd.mm."2023"', date(2024, 7, 10), "datum", UNKLAR), (";;;", date(2024, 7, 10), "datum", NICHTS),
        ('"gestern"', date(2024, 7, 10), "datum", "«gestern»"), ("@", "Ja", "ja_nein", ""),
        ("0;0;0", "Ja", "ja_nein", ""),
        ('0;0;0;"Nein"', "Ja", "ja_nein", "«Nein»"), ("@@", "8", "anzahl", "«88»"),
        ('@" Personen"', "8", "text", "«8 Personen»"),
        (";;;", True, "ja_nein", NICHTS), ("0", False, "ja_nein", ""),
    ],
)  # fmt: skip
def test_anteile_betraege_tage_und_texte(code: str, wert: Decimal | date | str | bool, art: str, zeigt: str) -> None:
    assert anders(code, wert, art) == zeigt


def test_ein_format_kann_faerben_und_zwei_farben_gleich_aussehen() -> None:
    assert [farbe(c, Decimal(8)) for c in ("[White]0", "[Color2]0", "[Red]0;[White]0", "0")] == [
        "FFFFFF", "FFFFFF", "FF0000", "",
    ]  # fmt: skip
    assert gleich("FFFFFF", "FFF9DB")
    assert not gleich("1A1A1A", "FFF9DB")
    assert not gleich("", "FFFFFF")
