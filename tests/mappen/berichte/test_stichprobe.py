"""The protocol workbook of a spot check: what the officer sees, and that the draw can be repeated from it."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from math import log

import pytest
from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from krs.mappen.berichte.stichprobe import Ziehung, stichprobe_mappe
from krs.recht import Halbjahr
from krs.schreiben.stichprobe import Zeile, grundgesamtheit
from urteil.hilfe import urteil

# The draw itself is worked out by hand in tests/recht/test_stichprobe.py: seed 7, the same numbers and amounts.
EGERKINGEN = Zeile(2401, "Egerkingen", "Gäu", 12, 10, Decimal("4000.00"))
KAMMERSROHR = Zeile(2549, "Kammersrohr", "Lebern", 0, 0, Decimal("0.00"))
TRIMBACH = Zeile(2500, "Trimbach", "Gösgen", 5, 0, Decimal("1000.00"))
OLTEN = Zeile(2581, "=Olten", "Olten", 40, 0, Decimal("8000.00"))
ALLE = (EGERKINGEN, KAMMERSROHR, TRIMBACH, OLTEN)
NACH_BETRAG = Ziehung(Halbjahr(2024, 1), date(2024, 9, 10), 2, 7, gewichtet=True)
GLEICH = Ziehung(Halbjahr(2024, 1), date(2024, 9, 10), 1, 7, gewichtet=False)


def mappe(ziehung: Ziehung, werte: bool = True) -> Workbook:
    return load_workbook(BytesIO(stichprobe_mappe(ALLE, ziehung)), data_only=werte)


def reihen(blatt: Worksheet, ab: int) -> list[list[object]]:
    """Return the rows from one on, without what is empty at the end."""
    ergebnis: list[list[object]] = []
    for reihe in blatt.iter_rows(min_row=ab, values_only=True):
        werte: list[object] = list(reihe)
        while werte and werte[-1] is None:
            werte.pop()
        ergebnis.append(werte)
    return ergebnis


def test_das_protokoll_nennt_wie_gezogen_wurde_und_wer() -> None:
    blatt = mappe(NACH_BETRAG)["Protokoll"]
    pruefsumme = hashlib.sha256(b"2401;4000\n2500;1000\n2549;0\n2581;8000").hexdigest()
    assert reihen(blatt, 1) == [
        ["Stichprobe 1. Halbjahr 2024"],
        ["start.integration · Kreisschreiben KRS-GEF-2017/01, Ziff. 4.2, 4.3.1 und 6"],
        [],
        ["Periode", None, "1. Halbjahr 2024 (2024-H1)"],
        ["Stichtag", None, "10.09.2024 – an diesem Tag geltende Anhang 2 und anerkannte Beträge"],
        [
            "Ziehung", None,
            "nach Betrag – die Chance wächst mit dem anerkannten Betrag; wer keinen hat, wird nie gezogen",
        ],
        ["Startwert (Seed)", None, "7 – derselbe Startwert ergibt dieselbe Ziehung; für jede Periode neu zu wählen"],
        ["Anzahl", None, "2"],
        ["Grundgesamtheit", None, "4 Gemeinden, davon 1 ohne anerkannten Betrag; anerkannt zusammen Fr. 13'000.00"],
        ["Prüfsumme", None, f"{pruefsumme} (SHA-256, Blatt Grundgesamtheit)"],
        [],
        [
            "Zu prüfen: Liegen für die gemeldeten Gespräche und Dolmetscheinsätze Nachweise vor (Ziff. 4.3.1), und sind"
            " die Bedingungen der Beitragsberechtigung erfüllt (Ziff. 4.2)? Der Kanton hat dafür vollen Einblick"
            " (Ziff. 4.2, 6). Bitte Anzahlen eintragen, keine Namen von Personen."
        ],
        [],
        [
            "Nr.", "BFS-Nr.", "Gemeinde", "Bezirk", "Gespräche", "Dolmetscheinsätze", "Betrag (Fr.)", None,
            "Nachweise vorhanden", "geprüft (Anzahl)", "Abweichung (Anzahl)", "Bemerkung", "Visum", "Datum",
        ],
        [1, 2401, "Egerkingen", "Gäu", 12, 10, 4000],
        [2, 2581, "=Olten", "Olten", 40, 0, 8000],
        [],
        [],
        [],
        ["Ort, Datum", None, None, None, None, "Name, Funktion", None, None, None, None, None, "Unterschrift"],
    ]  # fmt: skip
    assert blatt["C16"].data_type == "s"  # text from outside is no formula


def test_nur_die_felder_der_pruefung_sind_frei_und_haben_ihre_regel() -> None:
    blatt = mappe(NACH_BETRAG)["Protokoll"]
    frei = [z.coordinate for reihe in blatt.iter_rows() for z in reihe if not z.protection.locked]
    assert blatt.protection.sheet
    assert frei == [f"{s}{z}" for z in (15, 16) for s in "IJKLMN"]
    regeln = {str(r.sqref): (r.type, r.formula1) for r in blatt.data_validations.dataValidation}
    assert set(regeln) == {"I15:I16", "J15:K16", "N15:N16"}
    assert regeln["I15:I16"] == ("list", '"Ja,Nein"')
    assert (regeln["J15:K16"][0], regeln["N15:N16"][0]) == ("whole", "date")


@pytest.mark.parametrize("blatt", ["Protokoll", "Grundgesamtheit"])
def test_beide_blaetter_sind_zum_drucken_eingerichtet(blatt: str) -> None:
    b = mappe(NACH_BETRAG)[blatt]
    assert (b.page_setup.orientation, str(b.page_setup.paperSize)) == ("landscape", "9")
    seite, fuss = b.sheet_properties.pageSetUpPr, b.oddFooter
    assert seite is not None
    assert fuss is not None
    assert (b.page_setup.fitToHeight, seite.fitToPage, fuss.right.text) == (0, True, "Seite &P von &N")
    assert b.print_title_rows == {"Protokoll": "$14:$14", "Grundgesamtheit": "$8:$8"}[blatt]


def test_die_grundgesamtheit_zeigt_alle_in_der_reihenfolge_der_ziehung() -> None:
    assert [r[:5] for r in reihen(mappe(NACH_BETRAG)["Grundgesamtheit"], 9)] == [
        [1, "Ja", 2401, "Egerkingen", "Gäu"], [2, "Ja", 2581, "=Olten", "Olten"],
        [3, None, 2500, "Trimbach", "Gösgen"], [None, None, 2549, "Kammersrohr", "Lebern"],
    ]  # fmt: skip
    # 0x22… (2581), 0x73… (2500), 0x7b… (2401); printf %s 7-2549 | sha256sum gives 0x91…
    gleich = reihen(mappe(GLEICH)["Grundgesamtheit"], 9)
    assert [r[:3] for r in gleich] == [[1, "Ja", 2581], [2, None, 2500], [3, None, 2401], [4, None, 2549]]
    assert [r[7] for r in gleich] == [8000, 1000, 4000, 0]


@pytest.mark.parametrize("ziehung", [NACH_BETRAG, GLEICH], ids=["nach Betrag", "gleich"])
def test_jede_zahl_der_grundgesamtheit_laesst_sich_nachrechnen(ziehung: Ziehung) -> None:
    formeln = reihen(mappe(ziehung, werte=False)["Grundgesamtheit"], 9)
    for nummer, (reihe, formel) in enumerate(
        zip(reihen(mappe(ziehung)["Grundgesamtheit"], 9), formeln, strict=True), 9
    ):
        summe = hashlib.sha256(f"7-{reihe[2]}".encode()).hexdigest()
        u = (int(summe[:6], 16) * 16**7 + int(summe[6:13], 16) + 0.5) / 16**13
        assert reihe[5:7] == [summe, u]
        assert formel[6] == f"=(HEX2DEC(LEFT(F{nummer},6))*16^7+HEX2DEC(MID(F{nummer},7,7))+0.5)/16^13"
        if ziehung.gewichtet and reihe[2] == 2549:
            assert len(reihe) == 8  # no amount, no key
            continue
        assert formel[8] == (f"=-LN(G{nummer})/H{nummer}" if ziehung.gewichtet else f"=G{nummer}")
        betrag = reihe[7]
        assert isinstance(betrag, int)
        assert reihe[8] == pytest.approx(-log(u) / betrag if ziehung.gewichtet else u, rel=1e-14)


def test_die_anleitung_sagt_wie_man_nachrechnet() -> None:
    texte = [r[0] for r in reihen(mappe(NACH_BETRAG)["Grundgesamtheit"], 4)[:3]]
    assert texte == [
        "So lässt sich die Ziehung nachrechnen: SHA-256 des Textes aus Startwert und BFS-Nummer (für Egerkingen"
        " «7-2401»); davon sind die ersten 13 Ziffern eine hexadezimale Zahl n; u = (n + 0.5) / 16^13.",
        "Schlüssel = −ln(u) / Betrag (Efraimidis und Spirakis). Gezogen sind die 2 kleinsten von 3 Schlüsseln; bei"
        " gleichem Schlüssel kommt die kleinere BFS-Nummer zuerst. Ohne Betrag gibt es keinen Schlüssel. u und"
        " Schlüssel sind Formeln.",
        "Prüfsumme im Protokoll: SHA-256 über alle Zeilen «2401;4000» (BFS-Nummer; Betrag ohne Nullen am Ende), nach"
        " BFS-Nummer geordnet und mit einem Zeilenvorschub (LF) getrennt.",
    ]
    gleich = [r[0] for r in reihen(mappe(GLEICH)["Grundgesamtheit"], 4)[:3]]
    assert gleich[1] == (
        "Schlüssel = u. Gezogen ist der kleinste von 4 Schlüsseln; bei gleichem Schlüssel kommt die kleinere BFS-Nummer"
        " zuerst. u und Schlüssel sind Formeln."
    )


def test_dieselbe_ziehung_gibt_dieselben_bytes_in_welcher_ordnung_auch_immer() -> None:
    assert stichprobe_mappe(ALLE[::-1], NACH_BETRAG) == stichprobe_mappe(ALLE, NACH_BETRAG)


def test_eine_unmoegliche_ziehung_gibt_keine_mappe() -> None:
    zu_viele = Ziehung(Halbjahr(2024, 1), date(2024, 9, 10), 4, 7, gewichtet=True)
    satz = "Verlangt sind 4 Gemeinden, in der Grundgesamtheit sind nur 3 mit einem anerkannten Betrag."
    with pytest.raises(ValueError, match=re.escape(satz)):
        stichprobe_mappe(ALLE, zu_viele)


def test_die_grundgesamtheit_sind_die_geltenden_anhang_2_der_periode() -> None:
    eingang = [
        {"datei": "alt", "gemeinde": 2401, "zeit": "2024-H1", "am": date(2024, 7, 1), "zahlen": [9, 0, 0, 0]},
        {"datei": "neu", "gemeinde": 2401, "zeit": "2024-H1", "am": date(2024, 7, 2), "zahlen": [3, 1, 2, 0]},
        {"datei": "vorher", "gemeinde": 2401, "zeit": "2023-H2", "am": date(2024, 1, 10), "zahlen": [7, 0, 0, 0]},
        {"datei": "spät", "gemeinde": 2402, "zeit": "2024-H1", "am": date(2024, 8, 2), "zahlen": [5, 0, 0, 0]},
    ]
    fall = {
        "gemeinden": [2401, 2402], "gemeinde": {"2401": {"Bezirk": "Gäu"}},
        "eingang": eingang, "stichtag": date(2024, 9, 10),
    }  # fmt: skip
    # 2401: 3 + 2 talks at 200, 1 assignment at 160. 2402 came late: nothing is recognised yet.
    assert grundgesamtheit(urteil(fall), "2024-H1") == (
        Zeile(2401, "Egerkingen", "Gäu", 5, 1, Decimal("1160.00")),
        Zeile(2402, "Härkingen", "", 5, 0, Decimal("0.00")),
    )
    assert grundgesamtheit(urteil(fall), "2022-H1") == ()
