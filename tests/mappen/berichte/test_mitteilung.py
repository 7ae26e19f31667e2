"""The Beitragsmitteilung: what a municipality reads, that its sums are alive, and that text stays text."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from krs.export.konto import Adresse, Konto
from krs.export.qrrechnung import Rechnung, qr_png
from krs.lauf.buchung import Journal
from krs.lauf.plan import Laufplan
from krs.mappen.berichte.mitteilung import QrBild, mitteilung_mappe, sammel_mappe
from krs.urteil.urteil import Urteil
from lauf.hilfe import freigegeben, plane, zurueckgewiesen
from uno.buero import Buero, python_mit_uno
from urteil.hilfe import urteil

ABSENDER = "Amt für Gesellschaft und Soziales"
SCHLUSS = ["Auf Beiträge besteht kein Rechtsanspruch (Ziff. 4.1.1 des Kreisschreibens KRS-GEF-2017/01)."]
STERN = ["* Ansatz zu bestätigen durch AGS (Ziff. 4.1.2, 4.3.3)."]
KOPF = ["Leistung", "Periode", "Anzahl", "Ansatz", "gültig ab", "Ziffer", "Betrag"]
# March: 3 × 200 + 1 × 160 + 1031 × 7 = 7977. September: 4 × 200 = 800; corrected to one talk without interpreter:
# 200 − 600 − 160 = −560; of the 240 left, all goes to the Rückforderung of 500, of which 260 remain.
FALL: dict[str, Any] = {
    "gemeinden": [2401, 2402], "jahre": [2024],
    "bestand": [[2401, date(2022, 12, 31), 1031], [2402, date(2022, 12, 31), 200]],
    "eingang": [
        {"datei": "a", "gemeinde": 2401, "zeit": "2023-H2", "am": date(2024, 1, 20), "zahlen": [3, 1, 0, 0]},
        {"datei": "b", "gemeinde": 2401, "zeit": "2024", "am": date(2024, 1, 20)},
        {"datei": "c", "gemeinde": 2402, "zeit": "2023-H2", "am": date(2024, 1, 25), "zahlen": [1, 0, 0, 0]},
        {"datei": "d", "gemeinde": 2401, "zeit": "2023-H2", "am": date(2024, 5, 10), "zahlen": [1, 0, 0, 0]},
        {"datei": "e", "gemeinde": 2401, "zeit": "2024-H1", "am": date(2024, 7, 20), "zahlen": [4, 0, 0, 0]},
    ],
    "entscheide": [
        {"gemeinde": 2401, "zeit": "2023-H2", "code": "F-50", "entscheid": "anerkennen", "am": date(2024, 5, 15)},
    ],
    "rueckforderungen": [
        {"nr": "RF-1", "gemeinde": 2401, "am": date(2024, 5, 2), "betrag": 500, "grund": "=Ohne Nachweis"},
    ],
}  # fmt: skip
MAERZ = {"lauf": "2024-03", "datum": date(2024, 3, 20)}
SEPTEMBER = {"lauf": "2024-09", "datum": date(2024, 9, 20)}
LEIT: dict[str, Any] = {
    "gemeinden": [2422, 2425],
    "eingang": [
        {"datei": "a", "gemeinde": 2422, "zeit": "2023-H2", "am": date(2024, 1, 20), "zahlen": [1, 0, 0, 0]},
        {"datei": "b", "gemeinde": 2425, "zeit": "2023-H2", "am": date(2024, 1, 20), "zahlen": [2, 0, 0, 0]},
    ],
    "rueckforderungen": [{"nr": "RF-1", "gemeinde": 2425, "am": date(2024, 2, 10), "betrag": 150}],
    "gemeinde": {"2425": {"Empfänger BFS-Nr.": 2422, "IBAN": "CH9300762011623852957"}},
}  # fmt: skip
Lage = tuple[Laufplan, Urteil, Journal]


def lage(fall: dict[str, Any], *laeufe: dict[str, Any]) -> Lage:
    """Return the last run, the judgement and what was released before."""
    journal = Journal()
    for lauf in laeufe[:-1]:
        journal = freigegeben(journal, plane(fall, lauf, journal))
    journal = zurueckgewiesen(journal, laeufe[-1])
    return plane(fall, laeufe[-1], journal), urteil({**fall, "stichtag": laeufe[-1]["datum"]}), journal


def mappe(fall_lage: Lage, bfs: int, qr: QrBild | None = None) -> bytes:
    plan, u, journal = fall_lage
    a = next(a for a in plan.abrechnungen if a.bfs_nr == bfs)
    return mitteilung_mappe(a, plan.buchungen, plan, u, journal, ABSENDER, qr)


def zeilen(daten: bytes) -> list[list[object]]:
    """Return what each row says, empty cells left out."""
    (blatt,) = load_workbook(BytesIO(daten), data_only=True).worksheets
    reihen: list[list[object]] = [[w for w in r if w is not None] for r in blatt.iter_rows(values_only=True)]
    return [reihe for reihe in reihen if reihe]


def png() -> bytes:
    """Return a picture as the QR-bill's: 544 points at 300 dpi are 46 mm."""
    kanton = Konto("Kanton Solothurn", "Rathaus", "1", "4509", "Solothurn", iban="CH9300762011623852957")
    schuldner = Adresse("Egerkingen", "Dorf", "1", "4622", "Egerkingen")
    return qr_png(Rechnung("R-2024-09-2401", Decimal("260.00"), kanton, schuldner))


def test_die_mitteilung_nennt_jeden_beitrag_mit_seiner_rechnung() -> None:
    assert zeilen(mappe(lage(FALL, MAERZ), 2401)) == [
        ["start.integration – Beitragsmitteilung"],
        ["Egerkingen"],
        ["BFS-Nr. 2401, Abrechnungslauf 2024-03"],
        ["Datum", "20.03.2024"],
        ["ausbezahlt an", "Egerkingen"],
        ["Auszahlung Fr. 7'977.00 mit Valuta 28.03.2024"],
        ["Beiträge dieses Laufs"],
        KOPF,
        ["Erstinformationsgespräch", "2. Halbjahr 2023", 3, 200, "01.01.2017", "4.3.2", 600],
        ["Dolmetschen Erstinformationsgespräch", "2. Halbjahr 2023", 1, 160, "01.07.2018", "4.3.2", 160],
        ["Sockelbeitrag", "Jahr 2024", 1031, 7, "01.01.2024*", "4.3.2", 7217],
        ["Total", 7977],
        STERN,
        ["Sockelbeitrag 2024: Anzahl Ausländerinnen und Ausländer am 31.12.2022 (Kantonale Statistik)."],
        SCHLUSS,
        [ABSENDER],
    ]


def test_sie_sagt_was_zurueckgestellt_ist_und_was_fehlt() -> None:
    assert zeilen(mappe(lage(FALL, MAERZ), 2402))[10:] == [
        ["Zurückgestellt, noch nicht ausbezahlt (Ziff. 5.2)"],
        [
            "Jahr 2024: Sockelbeitrag, Fr. 1'400.00",
            "Anhang 3 (Selbstdeklaration) fehlt (Frist: Mittwoch, 31.01.2024). Bitte reichen Sie das Formular ein.",
        ],
        SCHLUSS,
        [ABSENDER],
    ]


def test_bezahltes_das_ueberprueft_wird_ist_nicht_noch_nicht_ausbezahlt() -> None:
    """Paid in March: 3 × 200 and 1 × 160. Then the office holds the form, and a newer one with 5 talks waits."""
    halt = {"gemeinde": 2401, "zeit": "2023-H2", "entscheid": "zurückstellen", "am": date(2024, 6, 1)}
    eingang = [e for e in FALL["eingang"] if e["datei"] != "d"]
    fall = {**FALL, "eingang": eingang, "entscheide": [halt], "rueckforderungen": []}
    gezeigt = zeilen(mappe(lage(fall, MAERZ, SEPTEMBER), 2401))
    satz = "Der Kanton hat den Beitrag zurückgestellt und meldet sich bei Ihnen."
    assert gezeigt[10:] == [
        ["Bezahlt, wird überprüft: bleibt bezahlt, bis entschieden ist"],
        [
            "2. Halbjahr 2023: Erstinformationsgespräch, Dolmetschen Erstinformationsgespräch, Fr. 760.00, bezahlt mit "
            "dem Lauf vom 20.03.2024",
            satz,
        ],
        STERN,
        SCHLUSS,
        [ABSENDER],
    ]
    mehr = {"datei": "f", "gemeinde": 2401, "zeit": "2023-H2", "am": date(2024, 1, 25), "zahlen": [5, 1, 0, 0]}
    plan, u, journal = lage(fall, MAERZ, SEPTEMBER)
    u = urteil({**fall, "eingang": [*eingang, mehr], "stichtag": SEPTEMBER["datum"]})
    gezeigt = zeilen(mappe((plan, u, journal), 2401))  # 2 × 200 could be added
    assert gezeigt[10:15] == [
        ["Zurückgestellt, noch nicht ausbezahlt (Ziff. 5.2)"],
        ["2. Halbjahr 2023: Erstinformationsgespräch, Fr. 400.00", satz],
        ["Bezahlt, wird überprüft: bleibt bezahlt, bis entschieden ist"],
        [
            "2. Halbjahr 2023: Dolmetschen Erstinformationsgespräch, Fr. 160.00, bezahlt mit dem Lauf vom 20.03.2024",
            satz,
        ],
        ["2. Halbjahr 2023: Erstinformationsgespräch, Fr. 600.00, bezahlt mit dem Lauf vom 20.03.2024", satz],
    ]


def test_eine_berichtigung_steht_mit_dem_was_bezahlt_war_und_warum_der_rest_wird_verrechnet_und_verlangt() -> None:
    daten = mappe(lage(FALL, MAERZ, SEPTEMBER), 2401, QrBild(png(), "RF60R2024092401"))
    gezeigt = zeilen(daten)
    assert gezeigt[:5] == [
        ["start.integration – Beitragsmitteilung"],
        ["Egerkingen"],
        ["BFS-Nr. 2401, Abrechnungslauf 2024-09"],
        ["Datum", "20.09.2024"],
        ["Rechnung Fr. 260.00, zahlbar bis 20.10.2024"],
    ]
    entscheid = "Formular vom 10.05.2024; anerkannt am 15.05.2024 (AB): Geprüft"
    assert gezeigt[5:] == [
        ["Beiträge dieses Laufs"],
        KOPF,
        ["Erstinformationsgespräch", "1. Halbjahr 2024", 4, 200, "01.01.2024*", "4.3.2", 800],
        ["Total", 800],
        ["Frühere Perioden: Nachzahlungen und Berichtigungen"],
        ["Leistung", "Periode", "Anzahl", "Ansatz", "Betrag", "bezahlt", "Differenz"],
        ["Erstinformationsgespräch", "2. Halbjahr 2023", 1, 200, 200, 600, -400],
        [
            f"Anzahl 1 statt 3; am 20.03.2024 bezahlt: 3 × Fr. 200.00 = Fr. 600.00; {entscheid} "
            "(Ziff. 4.3.2, gültig ab 01.01.2017)"
        ],
        ["Dolmetschen Erstinformationsgespräch", "2. Halbjahr 2023", 0, 160, 0, 160, -160],
        [
            f"Anzahl 0 statt 1; am 20.03.2024 bezahlt: 1 × Fr. 160.00 = Fr. 160.00; {entscheid} "
            "(Ziff. 4.3.2, gültig ab 01.07.2018)"
        ],
        ["Total der Differenzen", -560],
        ["Rückforderungen, die älteste zuerst (Ziff. 4.7)"],
        ["Nr., Datum, Grund", "offen", "verrechnet", "Rest"],
        ["Nr. RF-1 vom 02.05.2024: =Ohne Nachweis", 500, 240, 260],
        ["Total", 500, 240, 260],
        ["Abrechnung"],
        ["Beiträge dieses Laufs", 800],
        ["Frühere Perioden", -560],
        ["Guthaben", 240],
        ["mit Rückforderungen verrechnet", -240],
        ["Auszahlung", 0],
        ["Rechnung", 260],
        ["Rechnung R-2024-09-2401"],
        ["Betrag", "Fr. 260.00"],
        ["zahlbar bis", "20.10.2024"],
        ["Referenz", "RF60 R202 4092 401"],
        ["Der Zahlteil mit Empfangsschein liegt bei."],
        STERN,
        SCHLUSS,
        [ABSENDER],
    ]


def test_ein_spaeterer_lauf_nennt_die_offene_rechnung_ohne_sie_zu_verrechnen() -> None:
    spaeter = {"lauf": "2025-03", "datum": date(2025, 3, 20)}
    neu = {"datei": "f", "gemeinde": 2401, "zeit": "2024-H2", "am": date(2025, 1, 10), "zahlen": [2, 0, 0, 0]}
    fall = {**FALL, "eingang": [*FALL["eingang"], neu]}
    gezeigt = zeilen(mappe(lage(fall, MAERZ, SEPTEMBER, spaeter), 2401))
    assert ["Auszahlung Fr. 400.00 mit Valuta 31.03.2025"] in gezeigt
    assert [
        "Noch nicht bezahlt: Rückforderung Nr. RF-1, Fr. 260.00, mit Rechnung R-2024-09-2401 zahlbar bis 20.10.2024. "
        "Sie wird nicht verrechnet."
    ] in gezeigt


def test_wird_erneut_verrechnet_gilt_die_fruehere_rechnung_nicht_mehr() -> None:
    """The second run leaves 260 of RF-1 in an invoice; in the third 400 are owed to Egerkingen: 260 are netted."""
    spaeter = {"lauf": "2025-03", "datum": date(2025, 3, 20)}
    erneut = [FALL["rueckforderungen"][0] | {"erneut": True}]
    neu = {"datei": "f", "gemeinde": 2401, "zeit": "2024-H2", "am": date(2025, 1, 10), "zahlen": [2, 0, 0, 0]}
    fall = {**FALL, "eingang": [*FALL["eingang"], neu], "rueckforderungen": erneut}
    gezeigt = zeilen(mappe(lage(fall, MAERZ, SEPTEMBER, spaeter), 2401))
    assert ["Auszahlung Fr. 140.00 mit Valuta 31.03.2025"] in gezeigt
    assert [
        "Von der Rechnung R-2024-09-2401, zahlbar bis 20.10.2024, ist nichts mehr offen; was oben steht, tritt an ihre "
        "Stelle. Ihr Zahlteil gilt nicht mehr."
    ] in gezeigt


def test_eine_zurueckgewiesene_zahlung_steht_bei_frueherem_und_wird_wiederholt() -> None:
    zurueck = {"lauf": "2024-03", "gemeinde": 2402, "betrag": "200.00", "grund": "AC04 Konto aufgehoben"}
    gezeigt = zeilen(mappe(lage(FALL, MAERZ, {**SEPTEMBER, "zurueckgewiesen": [zurueck]}), 2402))
    assert gezeigt[5:12] == [
        ["Auszahlung Fr. 200.00 mit Valuta 30.09.2024"],
        ["Frühere Perioden: Nachzahlungen und Berichtigungen"],
        ["Leistung", "Periode", "Anzahl", "Ansatz", "Betrag", "bezahlt", "Differenz"],
        ["Zahlung des Laufs 2024-03 zurückgewiesen: AC04 Konto aufgehoben; die Zahlung wird wiederholt", 200],
        ["Total der Differenzen", 200],
        ["Abrechnung"],
        ["Beiträge dieses Laufs", 0],
    ]


def test_wer_ueber_die_leitgemeinde_bezahlt_wird_liest_an_wen() -> None:
    gezeigt = zeilen(mappe(lage(LEIT, MAERZ), 2425))
    assert gezeigt[1:6] == [
        ["Holderbank"],
        ["BFS-Nr. 2425, Abrechnungslauf 2024-03"],
        ["Datum", "20.03.2024"],
        ["ausbezahlt an", "Balsthal, Leitgemeinde, für Holderbank"],
        ["Auszahlung Fr. 250.00 mit Valuta 28.03.2024"],
    ]
    lead = zeilen(mappe(lage(LEIT, MAERZ), 2422))
    assert lead[5] == ["als Leitgemeinde", "zusätzlich die Beiträge für Holderbank, siehe Zusammenstellung"]


def test_die_zusammenstellung_zeigt_der_leitgemeinde_jedes_mitglied() -> None:
    plan, u, journal = lage(LEIT, MAERZ)
    gezeigt = zeilen(sammel_mappe(2422, plan.buchungen, plan, u, journal, ABSENDER))
    assert gezeigt == [
        ["start.integration – Zusammenstellung für die Leitgemeinde"],
        ["Balsthal"],
        ["Abrechnungslauf 2024-03"],
        ["Datum", "20.03.2024"],
        ["ausbezahlt an", "Balsthal"],
        ["Auszahlungen Fr. 450.00 mit Valuta 28.03.2024"],
        ["Beiträge nach Gemeinde"],
        ["Gemeinde", "Anspruch", "Differenz früher", "verrechnet", "Auszahlung"],
        ["Balsthal", 200, 0, 0, 200],
        ["Holderbank", 400, 0, 150, 250],
        ["Total", 600, 0, 150, 450],
        ["Balsthal (BFS-Nr. 2422)"],
        ["Beiträge dieses Laufs"],
        KOPF,
        ["Erstinformationsgespräch", "2. Halbjahr 2023", 1, 200, "01.01.2017", "4.3.2", 200],
        ["Total", 200],
        ["Holderbank (BFS-Nr. 2425)"],
        ["Beiträge dieses Laufs"],
        KOPF,
        ["Erstinformationsgespräch", "2. Halbjahr 2023", 2, 200, "01.01.2017", "4.3.2", 400],
        ["Total", 400],
        ["Rückforderungen, die älteste zuerst (Ziff. 4.7)"],
        ["Nr., Datum, Grund", "offen", "verrechnet", "Rest"],
        ["Nr. RF-1 vom 10.02.2024: Zweckfremd verwendet", 150, 150, 0],
        ["Total", 150, 150, 0],
        ["Abrechnung"],
        ["Beiträge dieses Laufs", 400],
        ["Frühere Perioden", 0],
        ["Guthaben", 400],
        ["mit Rückforderungen verrechnet", -150],
        ["Auszahlung", 250],
        SCHLUSS,
        [ABSENDER],
    ]


def test_eine_rechnung_nennt_wer_fragen_beantwortet() -> None:
    plan, u, journal = lage(FALL, MAERZ, SEPTEMBER)
    e = u.stammdaten.einstellungen.model_copy(update={"kontakt_name": "Anna Muster", "kontakt_telefon": "032 1"})
    u = replace(u, stammdaten=replace(u.stammdaten, einstellungen=e))
    alle = zeilen(mappe((plan, u, journal), 2401, QrBild(png(), "RF60R2024092401")))
    assert ["Fragen an", "Anna Muster, 032 1"] in alle
    assert alle[-1] == ["Auskunft: Anna Muster, 032 1"]


def test_der_qr_code_steht_in_seiner_groesse_in_einer_spalte() -> None:
    daten = mappe(lage(FALL, MAERZ, SEPTEMBER), 2401, QrBild(png()))
    with zipfile.ZipFile(BytesIO(daten)) as paket:
        zeichnung = paket.read("xl/drawings/drawing1.xml").decode()
        assert paket.read("xl/media/image1.png") == png()
    assert zeichnung.count("<xdr:col>0</xdr:col>") == 2  # from and to: no program stretches it with the columns
    breite = int(zeichnung.partition('<a:ext cx="')[2].partition('"')[0])
    assert abs(breite / 36_000 - 46) < 0.1  # EMU to mm
    assert 'descr="QR-Code der Rechnung R-2024-09-2401"' in zeichnung
    (blatt,) = load_workbook(BytesIO(daten)).worksheets
    seite = blatt.page_setup
    assert (seite.scale, seite.fitToHeight, seite.fitToWidth) == (None, None, None)  # printed in its size
    assert (seite.paperSize, seite.orientation) == (9, "portrait")


def test_text_von_aussen_bleibt_text_und_gleiches_ergibt_gleiche_bytes() -> None:
    plan, u, journal = lage(FALL, MAERZ, SEPTEMBER)
    boese = replace(
        plan,
        abrechnungen=tuple(replace(a, gemeinde="=1+1") for a in plan.abrechnungen),
        buchungen=tuple(replace(b, grund="@SUM(A1)") for b in plan.buchungen),
    )
    daten = mappe((boese, u, journal), 2401)
    (blatt,) = load_workbook(BytesIO(daten)).worksheets
    assert (blatt["A2"].value, blatt["A2"].data_type) == ("=1+1", "s")
    formeln = {str(z.value).partition("(")[0] for r in blatt.iter_rows() for z in r if z.data_type == "f"}
    assert all(f.startswith(("=ROUND", "=SUM", "=MAX", "=E", "=G", "=-F")) for f in formeln)
    assert daten == mappe((boese, u, journal), 2401)


@pytest.mark.parametrize("was", ["Mitteilung", "Zusammenstellung"])
def test_neu_gerechnet_steht_in_jeder_formel_der_gespeicherte_wert(
    was: str, tmp_path: Path, verlange: Callable[[object, str], None]
) -> None:
    verlange(python_mit_uno(), "LibreOffice mit UNO fehlt")
    plan, u, journal = lage(LEIT, MAERZ)
    sammel = sammel_mappe(2422, plan.buchungen, plan, u, journal, ABSENDER)
    daten = mappe(lage(FALL, MAERZ, SEPTEMBER), 2401) if was == "Mitteilung" else sammel
    (blatt,) = load_workbook(BytesIO(daten)).worksheets
    orte = [(blatt.title, z.coordinate) for r in blatt.iter_rows() for z in r if z.data_type == "f"]
    (werte,) = load_workbook(BytesIO(daten), data_only=True).worksheets
    gespeichert = [werte[z].value for _, z in orte]
    assert len(orte) > 15
    pfad = tmp_path / "Mitteilung.xlsx"
    pfad.write_bytes(daten)
    ansatz = next(z.coordinate for r in blatt.iter_rows() for z in r if z.column == 4 and z.value == 200)
    with Buero(tmp_path / "profil") as buero:
        buero("oeffnen", str(pfad))
        buero("schreiben", [[blatt.title, ansatz, 0]])  # forces the sums to be computed anew
        assert buero("lesen", orte) != gespeichert
        buero("schreiben", [[blatt.title, ansatz, 200]])
        assert buero("lesen", orte) == gespeichert
        assert buero("fehler") == []
