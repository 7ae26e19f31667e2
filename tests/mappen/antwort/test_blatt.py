"""The sheet «Rückmeldung» in a workbook of its own."""

from __future__ import annotations

from io import BytesIO

from lxml import etree
from openpyxl import load_workbook

from krs.formulare.befund import Akte, melde
from krs.formulare.eingabe import Zelle
from krs.mappen.antwort.blatt import rueckmeldung_mappe
from krs.mappen.lesen.formular import alle_zellen
from krs.schreiben.rueckmeldung import Rueckmeldung
from mappen.antwort.hilfe import (
    ABSENDER,
    ahv,
    entscheid,
    fehler,
    hinweis,
    ohne_zelle,
    rueckfrage,
    rueckmeldung,
    teile,
)


def zeilen(daten: bytes) -> list[list[str]]:
    """Return the filled cells of the sheet, row by row."""
    zellen = alle_zellen(daten, "Rückmeldung.xlsx", lambda _: True)[0]["Rückmeldung"]
    nach_zeile: dict[int, list[str]] = {}
    for (zeile, _), zelle in sorted(zellen.items()):
        assert zelle.formel is None
        nach_zeile.setdefault(zeile, []).append(str(zelle.wert))
    return list(nach_zeile.values())


def test_das_blatt_sagt_zuerst_was_zu_tun_ist_und_nennt_dann_jede_stelle() -> None:
    assert zeilen(rueckmeldung_mappe(rueckmeldung(), ABSENDER)) == [
        ["start.integration – Rückmeldung des Kantons"],
        ["Olten"],
        ["Reportingformular (Anhang 2), 1. Halbjahr 2024"],
        ["Eingegangen am Mittwoch, 31.07.2024; Eingabefrist Mittwoch, 31.07.2024"],
        ["Datei: Olten.xlsx"],
        ["Bitte 1 Fehler berichtigen und 2 Rückfragen klären, dann das Formular zurücksenden."],
        ["1. Öffnen Sie Ihr eigenes Formular und gehen Sie zu den Zellen, die unten stehen."],
        ["2. Berichtigen Sie die Angabe. Stimmt sie, erklären Sie es im Feld «Bemerkungen» des Formulars."],
        ["3. Speichern Sie das Formular und senden Sie es als Antwort auf unsere E-Mail zurück."],
        ["Fehler", "Bis zur Berichtigung nicht ausbezahlt: Erstinformationsgespräch."],
        [
            "Rückfrage",
            "Bis zum Entscheid des Kantons zurückgestellt: Dolmetschen Erstinformationsgespräch,"
            " Dolmetschen Integrationsgespräch.",
        ],
        ["Hinweis", "Zur Kenntnis; auf die Beiträge ohne Einfluss."],
        ["Nr.", "Stufe", "Zelle", "Feld", "Gelesen", "Was zu tun ist", "Ziffer", "Code"],
        ["Zu berichtigen oder zu klären"],
        [
            "1", "Rückfrage", "Reporting", "ganzes Formular", "–",
            "Neben «Reporting» enthält die Arbeitsmappe ein weiteres Formularblatt (Reporting (2)). Gelesen wurde nur"
            " «Reporting». Senden Sie jedes Formular als eigene Datei, in der Vorlage der betreffenden Gemeinde.",
            "5.2", "E-18",
        ],
        [
            "2", "Fehler", "Reporting!C21", "Erstinformationsgespräche: mit Einzelpersonen", "acht",
            "«acht» ist bei «mit Einzelpersonen» nicht möglich. Erfassen Sie die Anzahl als ganze Zahl von 0 bis"
            " 9'999.",
            "4.3.2", "F-21",
        ],
        [
            "3", "Rückfrage", "Reporting!B40", "Sprachen", "Tigrinya",
            "Die Liste der Sprachen ergibt 6 Dolmetscheinsätze, Teil 3 aber 7 Dolmetscheinsätze. Berichtigen Sie die"
            " Liste oder Teil 3, bis beide übereinstimmen.",
            "4.3.2", "A2-10",
        ],
        ["Hinweise"],
        [
            "4", "Hinweis", "Reporting!C21", "Erstinformationsgespräche: mit Einzelpersonen", "acht",
            "Gespräche: 8, in 2023-H2 3. Bitte prüfen Sie die Zahl; stimmt sie, ist nichts zu tun.", "4.2", "A2-21",
        ],
    ]  # fmt: skip


def test_ein_entscheid_steht_in_einer_eigenen_spalte() -> None:
    r = rueckmeldung((rueckfrage(), entscheid(rueckfrage(), "ablehnen")))
    alle = zeilen(rueckmeldung_mappe(r, ABSENDER))
    assert alle[5] == ["Sie müssen nichts zurücksenden. Bitte beachten Sie den Entscheid."]
    assert alle[6][-1] == "Entscheid des Kantons"
    assert alle[7] == ["Vom Kanton entschieden"]
    assert alle[8][-1] == "abgelehnt am 05.08.2024 (AB): Telefonisch geklärt"


def test_eine_unlesbare_datei_wird_neu_verlangt() -> None:
    akte = Akte("Bericht.pdf")
    r = Rueckmeldung("Bericht.pdf", "", akte, None, None, ((melde(akte, "E-03", format="PDF"), None),))
    assert zeilen(rueckmeldung_mappe(r, ABSENDER))[:4] == [
        ["start.integration – Rückmeldung des Kantons"],
        ["Datei «Bericht.pdf»"],
        ["Bitte senden Sie das Formular neu: Diese Datei konnte nicht als Formular gelesen werden."],
        [
            "Solange kein lesbares Formular vorliegt, gilt es als nicht eingereicht: Die Beiträge, die es belegt, "
            "werden nicht ausbezahlt.",
        ],
    ]


def test_der_text_um_eine_ahv_nummer_steht_nirgends() -> None:
    daten = rueckmeldung_mappe(rueckmeldung(ahv()), ABSENDER)
    assert not any(b"Frau X" in inhalt for inhalt in teile(daten).values())
    assert [z[4] for z in zeilen(daten) if z[-1] == "F-30"] == ["[AHV-Nummer]"]


def test_text_von_aussen_wird_nie_zur_formel() -> None:
    boese = '=HYPERLINK("http://example.com","x")'
    blatt = load_workbook(BytesIO(rueckmeldung_mappe(rueckmeldung(fehler(boese)), f"={ABSENDER}"))).active
    gelesen = [c for reihe in blatt.iter_rows() for c in reihe if c.value and "HYPERLINK" in str(c.value)]
    assert [c.data_type for c in gelesen] == ["s", "s"]
    assert not [c for reihe in blatt.iter_rows() for c in reihe if c.hyperlink]


def test_das_blatt_ist_druckfertig() -> None:
    blatt = load_workbook(BytesIO(rueckmeldung_mappe(rueckmeldung(), "Amt & Co."))).active
    assert (blatt.page_setup.paperSize, blatt.page_setup.orientation) == (9, "landscape")
    assert (blatt.sheet_properties.pageSetUpPr.fitToPage, blatt.page_setup.fitToHeight) == (True, 0)
    kopf = next(reihe[0].row for reihe in blatt.iter_rows() if reihe[0].value == "Nr.")
    assert blatt.print_title_rows == f"${kopf}:${kopf}"
    assert blatt.oddFooter.right.text == "Seite &P von &N"
    wurzel = etree.fromstring(teile(rueckmeldung_mappe(rueckmeldung(), "Amt & Co."))["xl/worksheets/sheet1.xml"])
    assert "Amt && Co." in (wurzel.findtext(".//{*}oddFooter") or "")


def test_dieselbe_rueckmeldung_ergibt_dieselben_bytes() -> None:
    r = rueckmeldung(fehler(), hinweis(), ohne_zelle())
    assert rueckmeldung_mappe(r, ABSENDER) == rueckmeldung_mappe(r, ABSENDER)


def test_eine_verspaetung_steht_beim_kanton() -> None:
    spaet = melde(Akte(), "F-50", Zelle(), "", {"sockel"}, eingang="x", frist="y", tage="1 Tag")
    alle = zeilen(rueckmeldung_mappe(rueckmeldung(spaet), ABSENDER))
    assert alle[5:7] == [
        ["Sie müssen nichts zurücksenden. Der Kanton entscheidet und meldet sich bei Ihnen."],
        ["Rückfrage", "Bis zum Entscheid des Kantons zurückgestellt: Sockelbeitrag."],
    ]
    assert alle[8] == ["Beim Kanton"]
