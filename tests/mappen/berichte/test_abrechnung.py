"""Abrechnungslauf_2024-03.xlsx: what the two who sign it see, and that its equations are alive and close."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook

from krs import __version__
from krs.lauf.freigabe import Visum
from krs.lauf.kennung import pruefziffer
from krs.lauf.plan import Laufplan
from krs.mappen.berichte.abrechnung import Laufkopf, abrechnungslauf_mappe
from mappen.berichte.test_mitteilung import FALL, LEIT, MAERZ, SEPTEMBER, Lage, lage
from uno.buero import Buero, python_mit_uno
from urteil.hilfe import sha

SUMME = "3f" * 32
VISA = (Visum("vorbereitet", "AB", "anna", date(2024, 9, 20)), Visum("freigegeben", "CD", "beat", date(2024, 9, 20)))
# March pays 200 to 2402; the bank turns it away, September pays it again.
ZURUECK = {"lauf": "2024-03", "gemeinde": 2402, "betrag": "200.00", "grund": "AC04"}
LAUF = {**SEPTEMBER, "zurueckgewiesen": [ZURUECK]}


def daten(fall_lage: Lage, *, vorschau: bool = False) -> bytes:
    return abrechnungslauf_mappe(*fall_lage, Laufkopf(SUMME, () if vorschau else VISA, vorschau))


def mappe(fall_lage: Lage, werte: bool = True, *, vorschau: bool = False) -> Workbook:
    return load_workbook(BytesIO(daten(fall_lage, vorschau=vorschau)), data_only=werte)


def zeilen(buch: Workbook, blatt: str) -> list[list[Any]]:
    """Return the rows of a sheet, empty cells at the end left out, days as dates."""
    ergebnis = []
    for reihe in buch[blatt].iter_rows(values_only=True):
        werte: list[Any] = [w.date() if isinstance(w, datetime) else w for w in reihe]
        while werte and werte[-1] is None:
            werte.pop()
        ergebnis.append(werte)
    return [z for z in ergebnis if z]


def test_die_erste_seite_nennt_lauf_visa_pruefsumme_und_kontrolltotale() -> None:
    # See test_mitteilung: 2401 has 800 − 560 = 240, all netted, 260 invoiced; 2402 gets its 200 again and owes two
    # forms, of which only the Sockelbeitrag (200 × 7) has a known amount.
    gezeigt = zeilen(mappe(lage(FALL, MAERZ, LAUF)), "Übersicht")
    assert gezeigt[:18] == [
        ["Abrechnungslauf 2024-09"],
        ["start.integration · Kreisschreiben KRS-GEF-2017/01, Ziff. 4.3, 4.5.2 und 4.7"],
        ["Datum", "20.09.2024"],
        ["Valuta", "30.09.2024"],
        ["Stand der Einreichungen", "20.09.2024"],
        ["Software", f"krs {__version__}"],
        ["Prüfsumme des Inhalts (SHA-256)", SUMME],
        ["Prüfziffer, für Papier und Mail", pruefziffer(SUMME)],
        ["vorbereitet", "AB, Konto anna, 20.09.2024"],
        ["freigegeben", "CD, Konto beat, 20.09.2024"],
        ["Vier Augen", "ja, zwei Konten"],
        ["Kontrolltotale", "Anzahl", "Betrag (Fr.)"],
        ["Gemeinden", 2],
        ["Anspruch", 1, 800],
        ["Differenz früher", 2, -360],
        ["Verrechnet", 1, 240],
        ["Auszahlung (Zahlungen)", 1, 200],
        ["Rechnung", 1, 260],
    ]
    assert gezeigt[18:25] == [
        ["Zurückgestellt, nicht in diesem Lauf", 2, 1400],
        ["Leistung", "Ansprüche", "Differenzen", "Total (Fr.)"],
        ["Erstinformationsgespräch", 800, -400, 400],
        ["Dolmetschen Erstinformationsgespräch", 0, -160, -160],
        ["Integrationsgespräch", 0, 0, 0],
        ["Dolmetschen Integrationsgespräch", 0, 0, 0],
        ["Sockelbeitrag", 0, 0, 0],
    ]
    assert gezeigt[25:] == [
        ["Kontrollen", "links", "rechts", "Ergebnis"],
        ["Anspruch + Differenz früher + neue Rückforderungen = Auszahlung + Verrechnet", 440, 440, "geht auf"],
        ["Alle Buchungen = Auszahlung", 200, 200, "geht auf"],
        ["Offene Rückforderungen = Verrechnet + Rechnung", 500, 500, "geht auf"],
        ["Gemeinden mit Auszahlung und Rechnung zugleich = 0", 0, 0, "geht auf"],
        ["Buchungen «Anspruch» = Spalte Anspruch", 800, 800, "geht auf"],
        ["Buchungen «Differenz» und «Rückweisung» = Spalte Differenz früher", -360, -360, "geht auf"],
        ["Buchungen «Verrechnung» = Spalte Verrechnet (umgekehrtes Vorzeichen)", 240, 240, "geht auf"],
        ["Blatt Rechnungen = Spalte Rechnung", 260, 260, "geht auf"],
        ["Blatt Rechenweg = Buchungen «Anspruch» und «Differenz»", 240, 240, "geht auf"],
        ["Blatt", "Zeilen"],
        ["Abrechnung", 2],
        ["Buchungen", 5],
        ["Rechnungen", 1],
        ["Verrechnung", 1],
        ["Rechenweg", 3],
        ["Zurückgestellt", 2],
        ["Mutationen", 6],
        ["Warnungen: 2"],
        ["Härkingen: Fr. 200.00 kommen nochmals in den Lauf (Zahlung des Laufs 2024-03 zurückgewiesen: AC04)."],
        [
            "Egerkingen: Von den Beiträgen (2. Halbjahr 2023, zuletzt gebucht im Lauf 2024-03) werden Fr. 560.00 "
            "zurückgenommen. Grund: andere Fassung des Formulars."
        ],
    ]


def test_die_vorschau_sagt_dass_sie_nicht_freigegeben_ist_und_zeigt_die_warnungen() -> None:
    plan, u, journal = lage(FALL, MAERZ)
    gezeigt = zeilen(mappe((replace(plan, warnungen=("=Eins.", "Zwei.")), u, journal), vorschau=True), "Übersicht")
    assert gezeigt[2] == ["Vorschau: nicht freigegeben"]
    assert gezeigt[9] == ["Visa", "noch keine"]
    assert gezeigt[-3:] == [["Warnungen: 2"], ["=Eins."], ["Zwei."]]


def test_die_blaetter_tragen_jede_zeile_des_laufs() -> None:
    buch = mappe(lage(FALL, MAERZ, LAUF))
    assert buch.sheetnames == [
        "Übersicht", "Abrechnung", "Buchungen", "Rechnungen", "Verrechnung", "Rechenweg", "Zurückgestellt",
        "Mutationen",
    ]  # fmt: skip
    assert all(list(buch[n].tables) == [n] for n in buch.sheetnames[1:])
    assert zeilen(buch, "Abrechnung") == [
        [
            "Lauf", "BFS-Nr.", "Gemeinde", "Empfänger BFS-Nr.", "Empfänger", "IBAN", "Anspruch", "Differenz früher",
            "Verrechnet", "Auszahlung", "Rechnung",
        ],
        ["2024-09", 2401, "Egerkingen", 2401, "Egerkingen", None, 800, -560, 240, 0, 260],
        ["2024-09", 2402, "Härkingen", 2402, "Härkingen", None, 0, 200, 0, 200, 0],
    ]  # fmt: skip
    assert zeilen(buch, "Rechnungen")[1:] == [
        ["R-2024-09-2401", 2401, "Egerkingen", 260, date(2024, 10, 20), "RF-1: 260.00"]
    ]
    assert zeilen(buch, "Verrechnung")[1:] == [
        ["RF-1", 2401, "Egerkingen", date(2024, 5, 2), "=Ohne Nachweis", 500, 240, 260]
    ]
    assert zeilen(buch, "Zurückgestellt")[1:] == [
        [
            2402, "Härkingen", "Jahr 2024", "Sockelbeitrag", 1400, None, None,
            "Anhang 3 (Selbstdeklaration) fehlt (Frist: Mittwoch, 31.01.2024). Bitte reichen Sie das Formular ein.",
        ],
        [
            2402, "Härkingen", "1. Halbjahr 2024", "Gespräche und Dolmetschen", None, None, None,
            "Anhang 2 (Reportingformular) fehlt (Frist: Mittwoch, 31.07.2024). Bitte reichen Sie das Formular ein.",
        ],
    ]  # fmt: skip


def test_der_rechenweg_fuehrt_von_der_buchung_zu_ansatz_zelle_und_datei() -> None:
    kopf, neu, talks, dolmetschen = zeilen(mappe(lage(FALL, MAERZ, LAUF)), "Rechenweg")
    assert neu == [
        2401, "Egerkingen", "Erstinformationsgespräch", "2024-H1", 4, 200, 800, 0, 800, date(2024, 1, 1), "4.3.2",
        "Ansatz 2022 weitergeführt (Anhang 1h), zu bestätigen durch AGS", None, "Reporting!C21+C22+C23", "e",
        sha("e"), "2024-09/2401/erst/2024-H1",
    ]  # fmt: skip
    warum = (
        "Anzahl 1 statt 3; am 20.03.2024 bezahlt: 3 × Fr. 200.00 = Fr. 600.00; Formular vom 10.05.2024; "
        "anerkannt am 15.05.2024 (AB): Geprüft"
    )
    assert dict(zip(kopf, talks, strict=True)) == {
        "BFS-Nr.": 2401, "Gemeinde": "Egerkingen", "Leistung": "Erstinformationsgespräch", "Periode": "2023-H2",
        "Anzahl": 1, "Ansatz": 200, "Betrag": 200, "bisher": 600, "gebucht": -400, "gültig ab": date(2017, 1, 1),
        "Ziffer": "4.3.2", "Quelle des Ansatzes": "KRS-GEF-2017/01, Ziff. 4.3.2", "Begründung": warum,
        "Zellen": "Reporting!C21+C22+C23", "Datei": "d", "SHA-256": sha("d"), "Buchung": "2024-09/2401/erst/2023-H2",
    }  # fmt: skip
    assert dolmetschen[4:9] == [0, 160, 0, 160, -160]


def test_die_buchungen_stehen_mit_allen_angaben_da() -> None:
    plan = lage(FALL, MAERZ, LAUF)
    kopf, *reihen = zeilen(mappe(plan), "Buchungen")
    assert [r[0] for r in reihen] == [b.id for b in plan[0].buchungen]
    assert dict(zip(kopf, reihen[-1], strict=False)) == {
        "Buchung": "2024-09/2401/Verrechnung/RF-1", "Lauf": "2024-09", "Datum": date(2024, 9, 20),
        "Art": "Verrechnung", "BFS-Nr.": 2401, "Gemeinde": "Egerkingen", "Empfänger BFS-Nr.": 2401, "Betrag": -240,
        "Anspruch BFS-Nr.": None, "Leistung": None, "Periode": None, "Anzahl": None, "Ansatz": None,
        "Rückforderung": "RF-1",
    }  # fmt: skip


def test_ein_rappen_zu_viel_geht_nicht_auf() -> None:
    plan, u, journal = lage(FALL, MAERZ, LAUF)
    erste, *rest = plan.abrechnungen
    falsch: Laufplan = replace(plan, abrechnungen=(replace(erste, rechnung=Decimal("260.01")), *rest))
    gezeigt = zeilen(mappe((falsch, u, journal)), "Übersicht")
    assert [z[0] for z in gezeigt if z[-1] == "GEHT NICHT AUF"] == [
        "Offene Rückforderungen = Verrechnet + Rechnung", "Blatt Rechnungen = Spalte Rechnung",
    ]  # fmt: skip


def test_ein_leerer_lauf_hat_trotzdem_alle_blaetter_und_geht_auf() -> None:
    leer: dict[str, Any] = {"gemeinden": [2401]}
    gezeigt = zeilen(mappe(lage(leer, MAERZ)), "Übersicht")
    assert ["Gemeinden", 0] in gezeigt
    assert sum(z[-1] == "geht auf" for z in gezeigt) == 9


def test_der_lead_steht_als_empfaenger_mit_namen_und_gleiches_ergibt_gleiche_bytes() -> None:
    leit = lage(LEIT, MAERZ)
    assert zeilen(mappe(leit), "Abrechnung")[2] == [
        "2024-03", 2425, "Holderbank", 2422, "Balsthal", None, 400, 0, 150, 250, 0,
    ]  # fmt: skip
    assert daten(leit) == daten(leit)


def test_neu_gerechnet_steht_in_jeder_formel_der_gespeicherte_wert(
    tmp_path: Path, verlange: Callable[[object, str], None]
) -> None:
    verlange(python_mit_uno(), "LibreOffice mit UNO fehlt")
    fall_lage = lage(FALL, MAERZ, LAUF)
    formeln, werte = mappe(fall_lage, werte=False), mappe(fall_lage)
    orte = [(b.title, z.coordinate) for b in formeln for r in b.iter_rows() for z in r if z.data_type == "f"]
    gespeichert = [werte[b][z].value for b, z in orte]
    pfad = tmp_path / "Lauf.xlsx"
    pfad.write_bytes(daten(fall_lage))
    with Buero(tmp_path / "profil") as buero:
        buero("oeffnen", str(pfad))
        # Move every figure that formulas rest on, and back: each formula is then computed anew.
        hin = [["Abrechnung", f"{s}{z}", 1] for s in "FGHJ" for z in (2, 3)]
        hin += [["Buchungen", f"H{z}", 1] for z in range(2, 7)] + [["Rechenweg", "E2", 1], ["Verrechnung", "F2", 1]]
        buero("schreiben", hin)
        assert "GEHT NICHT AUF" in buero("lesen", orte)
        buero("schreiben", [[b, z, werte[b][z].value] for b, z, _ in hin])
        assert buero("lesen", orte) == gespeichert
        assert buero("fehler") == []
