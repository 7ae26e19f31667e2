"""What is no workbook, or a dangerous one, is refused before it is unpacked (E-01 to E-04, E-10 to E-12)."""

from __future__ import annotations

import gc
import struct
import tracemalloc
import weakref
import zipfile
from collections.abc import Callable
from cProfile import Profile
from io import BytesIO
from unittest.mock import patch

import pytest
from lxml import etree

from eingaben.bauen import BLATT, RELS, ausgefuellt, geteilte_texte, gezeigt, meldung, ole, packen, teile, umbau
from eingaben.gefahren import GEFAHREN
from krs.formulare.befund import Stufe
from krs.mappen.lesen.behaelter import KLEIN, Behaelter, gemerkt
from krs.mappen.lesen.formular import Abgewiesen, alle_zellen, aus_behaelter, lesen
from krs.mappen.lesen.mappe import Mappe

GUT = ausgefuellt()
BLOCK = b" " * 1_000_000
ZELLEN = "sie enthält zu viele Zellen; löschen Sie im Blatt die leeren Zeilen unten"
RECHTE = (
    "E-02",
    "Die Datei ist verschlüsselt. Es gibt kein Kennwort: Ihre Vertraulichkeitsbezeichnung oder Rechteverwaltung "
    "verschlüsselt sie. Wählen Sie unter «Vertraulichkeit» eine Bezeichnung ohne Verschlüsselung oder unter Datei > "
    "Informationen > Arbeitsmappe schützen > Zugriff einschränken «Uneingeschränkter Zugriff», speichern Sie und "
    "senden Sie sie erneut. (Ziff. 5.2, E-02)",
)
XML_2003 = b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'


def abgewiesen(daten: bytes, datei: str = "Formular.xlsx") -> tuple[str, str]:
    with pytest.raises(Abgewiesen) as fehler:
        lesen(daten, datei)
    befund = fehler.value.befund(datei)
    assert (befund.datei, befund.blatt, befund.zelle) == (datei, "", "")
    assert befund.stufe is (Stufe.HINWEIS if befund.code == "E-11" else Stufe.FEHLER)
    return gezeigt(befund)


@pytest.mark.parametrize(
    ("daten", "datei", "erwartet"),
    [
        (b"Liebe Frau Muster", "Formular.xlsx", meldung("E-01")),
        (b"\x89PNG\r\n\x1a\n", "Foto.xlsx", meldung("E-01")),
        (packen({"Formular.xlsx": GUT}), "Formular.zip", meldung("E-01")),
        (packen({"mimetype": b"application/vnd.oasis.opendocument.text"}), "Brief.odt", meldung("E-01")),
        (ole("WordDocument"), "Brief.doc", meldung("E-01")),
        (ole("EncryptionInfo", "EncryptedPackage"), "Formular.xlsx", meldung("E-02")),
        (ole("DRMEncryptedDataSpace", "EncryptedPackage"), "Formular.xlsx", RECHTE),
        (ole("Workbook"), "Formular.xls", meldung("E-03", "Excel 97–2003 (.xls)")),
        (ole("Workbook"), "Formular.xlsx", meldung("E-03", "Excel 97–2003 (.xls)")),
        (ole("Book"), "Formular.xls", meldung("E-03", "Excel 5.0/95 (.xls)")),
        (b"\x09\x04\x06\x00\x00\x00", "Formular.xls", meldung("E-03", "Excel 4.0 (.xls)")),
        (packen({"xl/workbook.bin": b""}), "Formular.xlsb", meldung("E-03", "Excel-Binärarbeitsmappe (.xlsb)")),
        (packen({"Index/Document.iwa": b""}), "Formular.numbers", meldung("E-03", "Apple Numbers")),
        (
            packen({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
            "Formular.ods",
            meldung("E-03", "OpenDocument (.ods)"),
        ),
        (b"Feld;Wert\n", "Formular.csv", meldung("E-03", "Text (.csv)")),
        (b"Feld;Wert\n", "Formular.txt", meldung("E-03", "Text (.txt)")),
        (b"%PDF-1.7", "Formular.pdf", meldung("E-03", "PDF")),
        (b"\xef\xbb\xbf\r\n<HTML><table>", "Formular.xls", meldung("E-03", "HTML")),
        (XML_2003, "Formular.xls", meldung("E-03", "XML")),
        (b"", "Formular.xlsx", meldung("E-04", "sie ist leer")),
        (GUT, "~$Formular.xlsx", meldung("E-11")),
        (GUT, "Eingang/2024-01-20/~$Formular.xlsx", meldung("E-11")),
        (b"", ".~lock.Formular.xlsx#", meldung("E-11")),
        (b"From: anna@example.ch", "Reporting.eml", meldung("E-12")),
        (ole("__substg1.0_0037001F"), "Reporting.MSG", meldung("E-12")),
        (ole("__substg1.0_0037001F"), "Reporting", meldung("E-12")),
        (b" " * 20_000_001, "Formular.xlsx", meldung("E-10", "über 20 MB")),
    ],
)  # fmt: skip
def test_was_keine_xlsx_datei_ist_wird_mit_seinem_format_abgewiesen(
    daten: bytes, datei: str, erwartet: tuple[str, str]
) -> None:
    assert abgewiesen(daten, datei) == erwartet


@pytest.mark.parametrize("laenge", [5, 30, 5000, len(GUT) - 30, len(GUT) - 1])
def test_eine_abgebrochene_uebertragung_ist_eine_beschaedigte_datei(laenge: int) -> None:
    assert abgewiesen(GUT[:laenge]) == meldung("E-04", "das Archiv ist unvollständig")


def test_ein_falscher_pruefwert_ist_eine_beschaedigte_datei() -> None:
    daten = packen(teile(GUT), zipfile.ZIP_STORED)
    assert abgewiesen(daten.replace(b"<v>19</v>", b"<v>18</v>")) == meldung("E-04", "das Archiv ist beschädigt")


@pytest.mark.parametrize("teil", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_ein_fehlender_teil_wird_genannt(teil: str) -> None:
    inhalt = teile(GUT)
    del inhalt[teil]
    assert abgewiesen(packen(inhalt)) == meldung("E-04", f"der Teil «{teil}» fehlt")


def test_fehlende_gemeinsame_texte_werden_genannt() -> None:
    inhalt = teile(geteilte_texte(GUT))
    del inhalt["xl/sharedStrings.xml"]
    assert abgewiesen(packen(inhalt)) == meldung("E-04", "der Teil «xl/sharedStrings.xml» fehlt")


def test_teile_doppelten_namens_werden_nicht_erraten() -> None:
    puffer = BytesIO(GUT)
    with zipfile.ZipFile(puffer, "a") as zip_:
        zip_.writestr("xl/Worksheets/SHEET1.xml", b"<worksheet/>")
    assert abgewiesen(puffer.getvalue()) == meldung("E-04", "ein Teil kommt doppelt vor")


@pytest.mark.parametrize("wo", ["mappe", "rels", "blatt", "kenn"])
@pytest.mark.parametrize("kaputt", [b"", b"<a><b></a>", b"\xff\xfe\x00", b"PK\x03\x04", b"<a>" * 300])
def test_unlesbares_xml_ist_eine_beschaedigte_datei(wo: str, kaputt: bytes) -> None:
    assert abgewiesen(umbau(GUT, **{wo: lambda _: kaputt})) == meldung("E-04", "ein Teil ist nicht lesbar")


@pytest.mark.parametrize("kodierung", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("wo", ["mappe", "rels", "blatt", "kenn"])
def test_eine_dokumentdefinition_wird_nie_ausgewertet(wo: str, kodierung: str) -> None:
    bombe = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(9))
    fremd = '<!ENTITY x SYSTEM "file:///etc/hostname">'
    quadratisch = f'<!ENTITY x "{"x" * 50_000}">'
    kopf = f'<?xml version="1.0" encoding="{kodierung}"?>'
    for inhalt in (bombe, quadratisch, fremd):
        xml = f"{kopf}<!--{' ' * 5000}--><!DOCTYPE a [{inhalt}]><a b=''>{'&amp;' * 5000}</a>".encode(kodierung)
        grund = "sie enthält eine unzulässige Dokumentdefinition"
        assert abgewiesen(umbau(GUT, **{wo: lambda _, xml=xml: xml})) == meldung("E-04", grund)


def test_eine_zip_bombe_wird_vor_dem_auspacken_abgewiesen() -> None:
    puffer = BytesIO(GUT)
    with zipfile.ZipFile(puffer, "a", zipfile.ZIP_DEFLATED) as zip_, zip_.open("xl/media/bild.emf", "w") as strom:
        for n in range(61):
            strom.write(BLOCK[:-3] + b"%03d" % n)
    assert spitze(puffer.getvalue()) < 10_000_000
    assert abgewiesen(puffer.getvalue()) == meldung("E-10", "ausgepackt über 60 MB")


def test_ein_bis_zur_letzten_zeile_formatiertes_blatt_nennt_die_leeren_zeilen() -> None:
    zeile = b'<row r="1048576" spans="1:16384" s="9" customFormat="1" ht="15" customHeight="1"/>'
    daten = umbau(GUT, blatt=lambda xml: xml.replace(b"</sheetData>", zeile * 800_000 + b"</sheetData>"))
    grund = "ausgepackt über 60 MB; löschen Sie im Blatt die leeren Zeilen unten"
    assert abgewiesen(daten) == meldung("E-10", grund)


def test_eine_bombe_die_sich_klein_nennt_wird_nicht_ausgepackt() -> None:
    inhalt = teile(GUT)
    echt = inhalt[BLATT] + BLOCK * 300
    daten = packen({**inhalt, BLATT: echt})
    luege = daten.replace(struct.pack("<I", len(echt)), struct.pack("<I", 1000))
    assert luege != daten
    assert spitze(luege) < 10_000_000
    assert abgewiesen(luege) == meldung("E-04", "das Archiv ist beschädigt")


@pytest.mark.parametrize("art", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_andere_packverfahren_werden_nicht_ausgepackt(art: int) -> None:
    assert abgewiesen(packen(teile(GUT), art)) == meldung("E-04", "das Archiv ist unbekannt gepackt")


def test_ein_verschluesseltes_archiv_ist_eine_verschluesselte_datei() -> None:
    daten = bytearray(GUT)
    for kopf, ort in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        stelle = -1
        while (stelle := daten.find(kopf, stelle + 1)) >= 0:
            daten[stelle + ort] |= 1
    assert abgewiesen(bytes(daten)) == meldung("E-02")


def test_zu_viele_zellen_werden_gezaehlt_bevor_ein_baum_entsteht() -> None:
    daten = umbau(GUT, blatt=lambda xml: xml.replace(b"</sheetData>", b"<row>%s</row></sheetData>" % _zellen(200_000)))
    assert spitze(daten) < 20_000_000
    assert abgewiesen(daten) == meldung("E-10", ZELLEN)


def test_zellen_zaehlen_ueber_alle_gelesenen_teile_zusammen() -> None:
    def mit(ende: bytes, anzahl: int) -> Callable[[bytes], bytes]:
        return lambda xml: xml.replace(ende, _zellen(anzahl) + ende)

    umbauten = {"blatt": mit(b"</sheetData>", 75_000), "kenn": mit(b"</sheetData>", 75_000)}
    assert lesen(umbau(GUT, blatt=umbauten["blatt"]), "Formular.xlsx").felder
    assert lesen(umbau(GUT, kenn=umbauten["kenn"]), "Formular.xlsx").felder
    assert abgewiesen(umbau(GUT, **umbauten)) == meldung("E-10", ZELLEN)


def _zellen(anzahl: int) -> bytes:
    """Return empty cells: one element and three attributes each."""
    return b"".join(b'<c r="Z%d" s="2" t="n"/>' % (n + 100) for n in range(anzahl))


def test_zu_viele_teile_sind_zu_gross() -> None:
    daten = packen({**teile(GUT), **{f"t{n}": b"" for n in range(5001)}})
    assert abgewiesen(daten) == meldung("E-10", "über 5'000 Teile")


def test_ein_blatt_wird_nicht_immer_wieder_ausgepackt() -> None:
    inhalt = teile(GUT)
    inhalt[BLATT] += BLOCK
    mappe = Mappe(Behaelter(packen(inhalt), "Formular.xlsx"))
    assert {id(mappe.blatt("Reporting")) for _ in range(100)} == {id(mappe.blatt("Reporting"))}
    with pytest.raises(Abgewiesen) as fehler:
        [mappe.behaelter.baum(BLATT) for _ in range(100)]
    assert gezeigt(fehler.value.befund("")) == meldung(
        "E-10", "ausgepackt über 20 MB; löschen Sie im Blatt die leeren Zeilen unten"
    )


@pytest.mark.parametrize(
    "ziel", ["../../../../etc/passwd", "/etc/passwd", "C:\\Windows\\win.ini", "file:///etc/passwd"]
)
def test_namen_von_teilen_sind_nie_pfade(ziel: str) -> None:
    daten = umbau(GUT, rels=lambda xml: xml.replace(b"worksheets/sheet1.xml", ziel.encode()))
    code, text = abgewiesen(daten)
    assert code == "E-04"
    assert " fehlt)" in text
    inhalt = teile(GUT)
    inhalt["../../boese.xml"] = inhalt.pop(BLATT)
    inhalt[RELS] = inhalt[RELS].replace(b"worksheets/sheet1.xml", b"../../boese.xml")
    assert abgewiesen(packen(inhalt)) == meldung("E-04", "der Teil «boese.xml» fehlt")


def test_doppelt_so_viele_zellen_kosten_doppelt_so_viele_schritte() -> None:
    """Calls are counted: their number is the same on any machine."""

    def schritte(anzahl: int) -> int:
        zellen = b"".join(b'<c r="Z%d" t="s"><f>A1+1</f><v>%d</v></c>' % (n + 100, n % 9) for n in range(anzahl))
        ende = b"<row>%s</row></sheetData>" % zellen
        daten = geteilte_texte(umbau(GUT, blatt=lambda xml: xml.replace(b"</sheetData>", ende)))
        profil = Profile()
        gelesen, _ = profil.runcall(alle_zellen, daten, "Formular.xlsx", lambda _: True)
        assert sum(map(len, gelesen.values())) > anzahl
        return sum(eintrag.callcount for eintrag in profil.getstats())

    keine, einfach, doppelt = (schritte(n) for n in (0, 1000, 2000))
    assert doppelt - keine < 2.1 * (einfach - keine)


def spitze(daten: bytes) -> int:
    """Return the most memory in bytes that refusing takes, and see that only small parts were parsed."""
    tracemalloc.start()
    with patch.object(etree, "fromstring", wraps=etree.fromstring) as parser, pytest.raises(Abgewiesen):
        lesen(daten, "Formular.xlsx")
    assert all(len(aufruf.args[0]) < 100_000 for aufruf in parser.call_args_list)
    hoechst = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return hoechst


def test_gemerkt_wird_was_in_einem_teil_steht_und_nie_wie_er_heisst() -> None:
    ohne, mit = GUT, GEFAHREN["WEBSERVICE()"].bauen()
    gelesen = [{m.code for m in lesen(daten, "x.xlsx").merkmale} for daten in (ohne, mit, ohne, mit)]
    assert gelesen == [set(), {"E-37"}, set(), {"E-37"}]


def test_von_kleinen_teilen_wird_die_antwort_gemerkt_von_grossen_nichts() -> None:
    gefragt: list[int] = []
    laenge = gemerkt(lambda daten: gefragt.append(len(daten)) or len(daten))
    klein, gross = KLEIN - 1, KLEIN
    assert [laenge(bytes(n)) for n in (klein, gross, klein, gross)] == [klein, gross, klein, gross]
    assert gefragt == [klein, gross, gross]


def test_nach_dem_lesen_ist_die_mappe_fort_auch_ohne_die_suche_nach_kreisen() -> None:
    """The command line runs without the garbage collector: one circle a form made the demo take 2.2 GB."""
    behaelter = Behaelter(GUT, "Formular.xlsx")
    fort = weakref.ref(behaelter)
    gc.disable()
    try:
        assert aus_behaelter(behaelter, "Formular.xlsx").fehlende == ()
        del behaelter
        assert fort() is None
    finally:
        gc.enable()
