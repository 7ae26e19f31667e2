"""The end of a year, worked out by hand: what is accrued, what is open, what goes to the projects (Ziff. 4.5.2, 4.3.4).

2023-H2 (rates 200 and 160): Egerkingen 3 talks, 1 interpreter, 2 Integrationsgespräche, 1 interpreter:
600 + 160 + 400 + 160. Härkingen 1 talk, 5 days late: 200 held. Kriegstetten sends nothing; in 2022-H2 it had
2 talks and 1 interpreter: 400 + 160, paid in March 2023 and netted against 5000. Buchegg sends nothing and never did.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from krs.lauf.abgrenzung import Abgrenzung, Projektkredit, abgrenzung
from krs.lauf.buchung import Journal
from krs.lauf.hauptbuch import saldi
from krs.mappen.berichte.abgrenzung import abgrenzung_mappe
from krs.recht import chf
from krs.stammdaten.stammdaten import Projektbewegung
from lauf.hilfe import forderung, freigegeben, plane
from urteil.hilfe import urteil

FRUEHER = {"datei": "z", "gemeinde": 2525, "zeit": "2022-H2", "am": date(2023, 1, 20), "zahlen": [2, 1, 0, 0]}
EINGANG = [
    FRUEHER,
    {"datei": "a", "gemeinde": 2401, "zeit": "2023-H2", "am": date(2024, 1, 20), "zahlen": [3, 1, 2, 1]},
    {"datei": "b", "gemeinde": 2402, "zeit": "2023-H2", "am": date(2024, 2, 5), "zahlen": [1, 0, 0, 0]},
]
SCHULD = {"nr": "RF-1", "gemeinde": 2525, "am": date(2023, 2, 1), "betrag": 5000}
KONTEN = {
    "Konto Aufwand": "3632", "Konto Verrechnung": "1011", "Konto Abgrenzung": "2043",
    "Konto Integrationsgespräch": "3632.3", "geführt ab": "2022-H2",
}  # fmt: skip
BERICHT = date(2024, 2, 10)


def _fall(**mehr: Any) -> dict[str, Any]:
    grund = {
        "gemeinden": [2401, 2402, 2525, 2465], "perioden": ["2022-H2", "2023-H2"], "eingang": EINGANG,
        "einstellungen": [{"Name": k, "Wert": v} for k, v in KONTEN.items()], "stichtag": BERICHT,
        "rueckforderungen": [SCHULD], "kredit": [{"Jahr": 2023, "Kredit": 3000}],
    }  # fmt: skip
    return grund | mehr


def _journal(*bis: str) -> Journal:
    """Release March 2023, and what follows up to a run."""
    laeufe = (
        (_fall(eingang=[FRUEHER], perioden=["2022-H2"]), {"lauf": "2023-03", "datum": date(2023, 3, 20)}),
        (_fall(), {"lauf": "2024-03", "datum": date(2024, 3, 20)}),
    )
    journal = Journal()
    for daten, lauf in laeufe:
        if lauf["lauf"] in ("2023-03", *bis):
            journal = freigegeben(journal, plane(daten, lauf, journal))
    return journal


@pytest.fixture(scope="module")
def a() -> Abgrenzung:
    return abgrenzung(urteil(_fall()), _journal(), 2023, BERICHT)


def _zeilen(a: Abgrenzung) -> list[str]:
    return [" | ".join((str(z.leistung), z.periode, *map(chf, z.je_art), chf(z.summe))) for z in a.zeilen]


ERWARTET = [
    "Erstinformationsgespräch | 2023-H2 | 600.00 | 200.00 | 400.00 | 1'200.00",
    "Dolmetschen Erstinformationsgespräch | 2023-H2 | 160.00 | 0.00 | 160.00 | 320.00",
    "Integrationsgespräch | 2023-H2 | 400.00 | 0.00 | 0.00 | 400.00",
    "Dolmetschen Integrationsgespräch | 2023-H2 | 160.00 | 0.00 | 0.00 | 160.00",
]


def test_abgegrenzt_ist_anerkanntes_gehaltenes_und_geschaetztes_je_leistung(a: Abgrenzung) -> None:
    assert _zeilen(a) == ERWARTET
    assert a.summe == 2080
    assert [(s.gemeinde, str(s.leistung), s.betrag, s.grundlage) for s in a.schaetzungen] == [
        ("Kriegstetten", "Erstinformationsgespräch", 400, "2022-H2"),
        ("Kriegstetten", "Dolmetschen Erstinformationsgespräch", 160, "2022-H2"),
    ]
    assert list(a.hinweise()) == [
        "Geschätzt nach dem zweiten Halbjahr 2022: 1 Gemeinde; nachprüfen, sobald gemeldet ist.",
        "Nicht geschätzt, weil kein früheres Halbjahr bekannt ist: Buchegg.",
    ]


def test_der_lauf_danach_nimmt_nichts_weg() -> None:
    journal = _journal("2024-03")
    assert _zeilen(abgrenzung(urteil(_fall()), journal, 2023, date(2024, 4, 30))) == ERWARTET


def test_gebucht_wird_am_31_12_und_zurueck_am_zahltag_im_maerz(a: Abgrenzung) -> None:
    vor, zurueck = a.saetze[:7], a.saetze[7:]
    assert [f"{z.beleg} {z.datum} {z.soll}/{z.haben} {z.betrag:.0f} {z.text[17:]}" for z in vor] == [
        "KRS-ABG-2023 2023-12-31 3632/2043 600 Erstinformationsgespräch 2023-H2, anerkannt",
        "KRS-ABG-2023 2023-12-31 3632/2043 200 Erstinformationsgespräch 2023-H2, zurückgestellt",
        "KRS-ABG-2023 2023-12-31 3632/2043 400 Erstinformationsgespräch 2023-H2, geschätzt",
        "KRS-ABG-2023 2023-12-31 3632/2043 160 Dolmetschen Erstinformationsgespräch 2023-H2, anerkannt",
        "KRS-ABG-2023 2023-12-31 3632/2043 160 Dolmetschen Erstinformationsgespräch 2023-H2, geschätzt",
        "KRS-ABG-2023 2023-12-31 3632.3/2043 400 Integrationsgespräch 2023-H2, anerkannt",
        "KRS-ABG-2023 2023-12-31 3632/2043 160 Dolmetschen Integrationsgespräch 2023-H2, anerkannt",
    ]  # fmt: skip
    assert {(z.beleg, z.datum, z.kreditjahr) for z in zurueck} == {("KRS-ABG-2023-A", date(2024, 3, 28), 2023)}
    assert [(z.haben, z.soll, z.betrag) for z in zurueck] == [(z.soll, z.haben, z.betrag) for z in vor]
    assert set(saldi(a.saetze).values()) == {Decimal(0)}


def test_offen_ist_am_31_12_die_rechnung_auch_wenn_sie_seither_bezahlt_ist() -> None:
    bezahlt = [SCHULD | {"bezahlt_am": date(2024, 2, 1), "bezahlt": 4440}]
    a = abgrenzung(urteil(_fall(rueckforderungen=bezahlt)), _journal("2024-03"), 2023, date(2024, 4, 30))
    assert [forderung(f, date(2023, 12, 31)) for f in a.offene] == [
        "RF-1 | 2525 | 5'000.00 | 560.00 | 0.00 | 4'440.00 | überfällig"
    ]


def test_wer_weniger_anerkannt_hat_als_bezahlt_ist_steht_auf_der_anderen_seite() -> None:
    """Of the 400 paid for 2022-H2 half is refused in January 2024: it comes back."""
    berichtigt = {"datei": "y", "gemeinde": 2525, "zeit": "2022-H2", "am": date(2024, 1, 10), "zahlen": [1, 1, 0, 0]}
    ja = {"gemeinde": 2525, "zeit": "2022-H2", "code": "F-50", "entscheid": "anerkennen", "am": date(2024, 1, 12)}
    daten = _fall(eingang=[FRUEHER, berichtigt], entscheide=[ja], perioden=["2022-H2"])
    a = abgrenzung(urteil(daten), _journal(), 2023, BERICHT)
    assert _zeilen(a)[0] == "Erstinformationsgespräch | 2022-H2 | -200.00 | 0.00 | 0.00 | -200.00"
    assert [(z.soll, z.haben, z.betrag) for z in a.saetze if z.beleg == "KRS-ABG-2023" and z.periode == "2022-H2"] == [
        ("2043", "3632", 200)
    ]


def test_die_mappe_zeigt_betraege_buchungen_schaetzungen_und_den_restbetrag(a: Abgrenzung) -> None:
    buch = openpyxl.load_workbook(BytesIO(abgrenzung_mappe(a, urteil(_fall()).stammdaten)))
    assert buch.sheetnames == ["Abgrenzung", "Buchungen", "Schätzungen", "Offene_Posten", "Restbetrag"]
    assert [z.value for z in buch["Abgrenzung"][9]] == ["Total", None, 1320, 200, 560, 2080]
    assert [z.value for z in buch["Offene_Posten"][2]][:6] == [
        "Rückforderung", "RF-1", "Kriegstetten", datetime(2023, 2, 1), 4440, "R-2023-03-2525",  # noqa: DTZ001
    ]  # fmt: skip
    assert (
        buch["Restbetrag"]["A7"].value == "Das Jahr ist noch nicht abgeschlossen: Es gibt noch nichts gutzuschreiben."
    )
    zu = _fall(kredit=[{"Jahr": 2023, "Kredit": 3000, "abgeschlossen am": date(2024, 4, 20)}])
    b = abgrenzung(urteil(zu), _journal("2024-03"), 2023, date(2024, 4, 30))
    blatt = openpyxl.load_workbook(BytesIO(abgrenzung_mappe(b, urteil(zu).stammdaten)))["Restbetrag"]
    assert [(z[0].value, z[1].value) for z in blatt["A4:B7"]] == [
        ("Kredit", 3000), ("bezahlt", 1320), ("abgeschlossen am", "20.04.2024"),
        ("dem Projektkredit gutzuschreiben", 1680),
    ]  # fmt: skip


def test_der_projektkredit_hat_bestand_und_freies_und_sagt_wenn_die_gutschrift_fehlt() -> None:
    """3000 - 1320 = 1680 are left of 2023. 5000 to begin with, 1200 promised, 500 of it paid; a later row waits."""
    zu = urteil(_fall(kredit=[{"Jahr": 2023, "Kredit": 3000, "abgeschlossen am": date(2024, 4, 20)}]))
    bewegungen = [
        ("Anfangsbestand", None, "5000", date(2023, 1, 1)), ("Zusicherung", None, "1200", date(2024, 2, 1)),
        ("Auszahlung", None, "500", date(2024, 3, 1)), ("Gutschrift", 2022, "80", date(2024, 3, 1)),
        ("Gutschrift", 2023, "1680", date(2024, 5, 2)),
    ]  # fmt: skip
    alle = tuple(Projektbewegung(datum=t, art=a, jahr=j, betrag=Decimal(b)) for a, j, b, t in bewegungen)  # type: ignore[arg-type]
    u = replace(zu, stammdaten=replace(zu.stammdaten, projektkredit=alle))
    vorher, nachher = (abgrenzung(u, _journal("2024-03"), 2023, t) for t in (date(2024, 4, 30), date(2024, 5, 2)))
    assert vorher.projekte == Projektkredit(*map(Decimal, (5000, 80, 1200, 500, 0)))
    assert (vorher.projekte.bestand, vorher.projekte.frei) == (4580, 3880)
    satz = (
        "Dem Projektkredit sind für 2023 Fr. 0.00 gutgeschrieben, der Restbetrag ist Fr. 1'680.00 (Ziff. 4.3.4): "
        "Tragen Sie die Gutschrift im Blatt Projektkredit ein."
    )
    assert satz in list(vorher.hinweise())
    assert (nachher.projekte.bestand, nachher.projekte.frei, satz in list(nachher.hinweise())) == (6260, 5560, False)
