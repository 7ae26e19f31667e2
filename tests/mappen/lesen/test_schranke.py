"""The gate before any parser: what is hostile or no workbook at all has one reason, found before it costs anything."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import pytest

from eingaben.bauen import (
    BLATT,
    RELS,
    TEXTE,
    ausgefuellt,
    geteilte_texte,
    gezeigt,
    meldung,
    mit_zelle,
    ort,
    packen,
    teile,
    umbau,
    zelle,
)
from krs.mappen.lesen.behaelter import Behaelter
from krs.mappen.lesen.formular import Abgewiesen, lesen
from krs.mappen.lesen.mappe import Mappe
from krs.mappen.lesen.schranke import EIGENE

GUT = ausgefuellt()
MB = 1_000_000
DOKUMENT, ADRESSE = "ein Verweis auf ein Dokument im Internet", "eine Verknüpfung auf eine Internetadresse"
DATEI, DOWNLOAD = "eine Verknüpfung auf eine andere Datei", "ein unvollständiger Download"
PLIST = b'<?xml version="1.0"?><plist version="1.0">\n<dict>\n<key>URL</key><string>x</string></dict></plist>'
TEXT_ZU_LANG = meldung("E-10", "ein Text ist länger als 32'767 Zeichen")


def abgewiesen(daten: bytes, datei: str = "Formular.xlsx") -> tuple[str, str]:
    with pytest.raises(Abgewiesen) as fehler:
        lesen(daten, datei)
    return gezeigt(fehler.value.befund(datei))


def verweis(was: str) -> tuple[str, str]:
    return (
        "E-14",
        f"Die Datei ist nur {was}, nicht die Arbeitsmappe selbst. Öffnen Sie das Formular, speichern Sie es als"
        " Excel-Arbeitsmappe (.xlsx) auf dem Computer und senden Sie diese Datei. (Ziff. 5.2, E-14)",
    )


# --- names and contents ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("datei", "was"),
    [
        ("Reporting.gsheet", f"{DOKUMENT} (.gsheet)"),
        ("2024-01-20/Reporting.GDOC", f"{DOKUMENT} (.gdoc)"),
        ("Reporting.xlsx.url", f"{ADRESSE} (.url)"),
        ("Reporting.webloc", f"{ADRESSE} (.webloc)"),
        ("Reporting.xlsx - Verknüpfung.lnk", f"{DATEI} (.lnk)"),
        ("Reporting.desktop", f"{DATEI} (.desktop)"),
        (".Anhang.xlsx.icloud", "ein Platzhalter für eine Datei in der Cloud (.icloud)"),
        ("Anhang.xlsx.crdownload", f"{DOWNLOAD} (.crdownload)"),
        ("Anhang.xlsx.part", f"{DOWNLOAD} (.part)"),
        ("Anhang.xlsx.partial", f"{DOWNLOAD} (.partial)"),
        ("Anhang.xlsx.download", f"{DOWNLOAD} (.download)"),
    ],
)
def test_verknuepfungen_und_platzhalter_werden_am_namen_erkannt(datei: str, was: str) -> None:
    for daten in (GUT, b"", b"irgendetwas"):
        assert abgewiesen(daten, datei) == verweis(was)


@pytest.mark.parametrize(
    ("daten", "was"),
    [
        (b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}', f"{DOKUMENT} (.gsheet)"),
        (b'{"doc_id":"1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74","email":"a@example.ch"}', f"{DOKUMENT} (.gsheet)"),
        (b"[InternetShortcut]\r\nURL=https://example.ch\r\n", f"{ADRESSE} (.url)"),
        (PLIST, f"{ADRESSE} (.webloc)"),
        (bytes.fromhex("4C0000000114020000000000C000000000000046") + b"\0", f"{DATEI} (.lnk)"),
        (b"[Desktop Entry]\nType=Link\n", f"{DATEI} (.desktop)"),
        (b"book\0\0\0\0mark\0\0\0\0", f"{DATEI} (Alias von macOS)"),
        (bytes.fromhex("0005160700020000") + b"Mac OS X        ", "eine Begleitdatei von macOS (._)"),
    ],
)  # fmt: skip
def test_verknuepfungen_werden_auch_unter_falschem_namen_erkannt(daten: bytes, was: str) -> None:
    assert abgewiesen(daten, "Anhang.xlsx") == verweis(was)


def test_ein_anderes_json_ist_keine_verknuepfung() -> None:
    assert abgewiesen(b'{"gemeinde": "Olten"}', "Anhang.xlsx") == meldung("E-01")


# --- the archive -----------------------------------------------------------------------------
def test_ein_auffaellig_stark_gepackter_teil_ist_von_keinem_menschen() -> None:
    blank = b" " * 2 * MB
    assert abgewiesen(packen({**teile(GUT), "xl/media/bild.emf": blank})) == meldung("E-10", "auffällig stark gepackt")
    assert lesen(packen({**teile(GUT), "xl/media/bild.emf": blank[: MB // 2]}), "Formular.xlsx").felder
    assert lesen(packen({**teile(GUT), "xl/media/bild.emf": blank}, zipfile.ZIP_STORED), "Formular.xlsx").felder


def test_lange_zusatzfelder_im_verzeichnis_bremsen_nicht() -> None:
    puffer = BytesIO()
    with zipfile.ZipFile(puffer, "w") as zip_:
        for name, inhalt in teile(GUT).items():
            eintrag = zipfile.ZipInfo(name)
            eintrag.extra = b"\x99\x99\0\0" * 16_000
            zip_.writestr(eintrag, inhalt)
    assert abgewiesen(puffer.getvalue()) == meldung("E-04", "das Archiv hat ein unübliches Verzeichnis")


def schwer(daten: bytes) -> bool:
    return Behaelter(daten, "Formular.xlsx").schwer


def test_schwer_ist_was_ausgepackt_mehr_ist_als_ein_formular() -> None:
    assert not schwer(GUT)
    gross = packen({**teile(GUT), "xl/daten.bin": bytes(n % 251 for n in range(MB))})
    assert schwer(gross)
    gelogen = gross.replace(struct.pack("<I", MB), struct.pack("<I", 10))
    assert not schwer(gelogen)  # then no more than 10 bytes are unpacked


@pytest.mark.parametrize("name", ["xl/media/Foto.JPG", "xl\\media\\image1.png", "docProps/thumbnail.emf"])
def test_ein_bild_macht_kein_formular_schwer(name: str) -> None:
    mit_bild = packen({**teile(GUT), name: bytes(n % 251 for n in range(3 * MB))})
    assert not schwer(mit_bild)
    assert lesen(mit_bild, "Formular.xlsx") == lesen(GUT, "Formular.xlsx")


def test_ein_blatt_das_sich_bild_nennt_wird_nicht_gelesen() -> None:
    inhalt = teile(GUT)
    inhalt["xl/worksheets/sheet1.jpg"] = inhalt.pop(BLATT) + b" " * MB
    daten = packen(inhalt)
    assert not schwer(daten)
    inhalt[RELS] = inhalt[RELS].replace(b"sheet1.xml", b"sheet1.jpg")
    assert abgewiesen(packen(inhalt)) == meldung("E-04", "ein Teil ist nicht lesbar")


def test_ein_name_der_sich_nur_im_verzeichnis_bild_nennt_zaehlt() -> None:
    """Behind a zero byte stands nothing: the reader sees the name before it."""
    inhalt = teile(GUT)
    inhalt["xl/worksheets/sheet1.xml?.jpg"] = inhalt.pop(BLATT) + b" " * MB
    daten = packen(inhalt).replace(b"sheet1.xml?.jpg", b"sheet1.xml\0.jpg")
    assert schwer(daten)


# --- XML -------------------------------------------------------------------------------------
@pytest.mark.parametrize("kodierung", ["utf-7", "IBM037", "utf-32", "ISO-2022-JP", "", "x" * 3000])
def test_nur_kodierungen_in_denen_sich_zellen_zaehlen_lassen_werden_gelesen(kodierung: str) -> None:
    daten = umbau(GUT, blatt=lambda xml: xml.replace(b"UTF-8", kodierung.encode()))
    assert abgewiesen(daten) == meldung("E-04", "ein Teil ist nicht lesbar")


@pytest.mark.parametrize("python", ["utf-7", "cp037", "utf-32", "utf-32-le"])
def test_anders_kodierte_teile_werden_nicht_gelesen(python: str) -> None:
    daten = umbau(GUT, blatt=lambda xml: xml.decode().replace("UTF-8", python).encode(python, "replace"))
    assert abgewiesen(daten) == meldung("E-04", "ein Teil ist nicht lesbar")


@pytest.mark.parametrize(
    ("python", "name"),
    [("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("latin-1", "ISO-8859-1"), ("cp1252", "windows-1252")],
)
def test_uebliche_kodierungen_werden_gelesen(python: str, name: str) -> None:
    daten = umbau(GUT, blatt=lambda xml: xml.decode().replace("UTF-8", name).encode(python, "xmlcharrefreplace"))
    assert lesen(daten, "Formular.xlsx") == lesen(GUT, "Formular.xlsx")


def test_zu_tief_verschachteltes_xml_ist_nicht_lesbar() -> None:
    tief = b"<x>" * 3000 + b"</x>" * 3000 + b"</sheetData>"
    daten = umbau(GUT, blatt=lambda xml: xml.replace(b"</sheetData>", tief))
    assert abgewiesen(daten) == meldung("E-04", "ein Teil ist nicht lesbar")


def test_das_gemeldete_ausmass_eines_blattes_wird_nie_geglaubt() -> None:
    for ausmass in (b"A1", b"A1:XFD1048576", b"XFD1048576", b"unsinn", b""):
        neu = b'<dimension ref="%s"' % ausmass
        daten = umbau(GUT, blatt=lambda xml, neu=neu: re.sub(rb'<dimension ref="[^"]*"', neu, xml))
        assert neu in teile(daten)[BLATT]
        assert lesen(daten, "Formular.xlsx") == lesen(GUT, "Formular.xlsx")


def test_eine_verirrte_zelle_in_der_letzten_zeile_aendert_nichts() -> None:
    verirrt = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    daten = umbau(GUT, blatt=lambda xml: xml.replace(b"</sheetData>", verirrt))
    assert lesen(daten, "Formular.xlsx") == lesen(GUT, "Formular.xlsx")
    assert Mappe(Behaelter(daten, "Formular.xlsx")).blatt("Reporting").zelle(1_048_576, 16_384).wert == Decimal(1)


def test_eine_reihe_hat_hoechstens_16384_zellen() -> None:
    def ohne_orte(anzahl: int) -> Callable[[bytes], bytes]:
        return lambda xml: xml.replace(b"</sheetData>", b"<row>%s</row></sheetData>" % (b"<c><v>1</v></c>" * anzahl))

    assert lesen(umbau(GUT, blatt=ohne_orte(16_384)), "Formular.xlsx") == lesen(GUT, "Formular.xlsx")
    assert abgewiesen(umbau(GUT, blatt=ohne_orte(16_386))) == meldung("E-04", "eine Zelle hat keinen gültigen Ort")


# --- texts -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("attribute", "inhalt"),
    [
        ('t="inlineStr"', "<is><t>{}</t></is>"),
        ('t="str"', "<v>{}</v>"),
        ('t="n"', "<v>{}</v>"),
        ('t="e"', "<v>{}</v>"),
        ("", "<f>{}</f><v>1</v>"),
    ],
)
def test_kein_text_ist_laenger_als_excel_ihn_haelt(attribute: str, inhalt: str) -> None:
    lang = "1" * 32_767 + "x"
    assert abgewiesen(mit_zelle("bemerkungen", attribute, inhalt.format(lang))) == TEXT_ZU_LANG
    assert lesen(mit_zelle("bemerkungen", attribute, inhalt.format(lang[1:])), "Formular.xlsx").felder


def test_ein_geteilter_text_zaehlt_einmal_wie_viele_zellen_ihn_auch_zeigen() -> None:
    laeufe = b"<si>" + b"<r><t>a</t></r>" * 30_000 + b"</si></sst>"
    daten = umbau(geteilte_texte(GUT), texte=lambda xml: xml.replace(b"</sst>", laeufe))
    nummer = teile(daten)[TEXTE].count(b"<si>") - 1
    daten = umbau(daten, blatt=lambda xml: re.sub(rb't="s"><v>\d+', b't="s"><v>%d' % nummer, xml))
    eingabe = lesen(daten, "Formular.xlsx")
    assert eingabe.felder["bemerkungen"].wert == "a" * 30_000
    assert eingabe.felder["bemerkungen"].wert is eingabe.felder["kontakt_name"].wert


@pytest.mark.parametrize("nummer", ["1" * 5000, "99999999999", "-1", "1x"])
def test_eine_unmoegliche_nummer_eines_textes_wird_genannt(nummer: str) -> None:
    assert abgewiesen(mit_zelle("bemerkungen", 't="s"', f"<v>{nummer}</v>")) == meldung("E-04", "ein Text fehlt")


def test_was_beinahe_eine_zahl_ist_haelt_nicht_auf() -> None:
    fast = "1" * 30_000 + "x"
    assert lesen(mit_zelle("erst_personen", "", f"<v>{fast}</v>"), "Formular.xlsx").felder["erst_personen"].wert == fast


def test_alle_namen_duerfen_auf_dieselbe_uebervolle_zelle_fuehren() -> None:
    adresse = ort("erst_personen")
    ziel = re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", adresse).encode()
    voll = zelle(adresse, "", "<v>1</v>" * 100_000)
    daten = umbau(GUT, blatt=voll, mappe=lambda xml: re.sub(rb"(Reporting'?)!\$[A-Z]+\$\d+<", rb"\1!%s<" % ziel, xml))
    werte = {z.wert for z in lesen(daten, "Formular.xlsx").felder.values()}
    assert werte == {Decimal(1)}


# --- our own workbooks -----------------------------------------------------------------------
def test_eigene_mappen_duerfen_viel_groesser_sein_als_ein_formular() -> None:
    zeilen = b"".join(b'<c r="Z%d" s="2"><v>%d</v></c>' % (n + 100, n) for n in range(150_000))
    daten = umbau(GUT, blatt=lambda xml: xml.replace(b"</sheetData>", b"<row>%s</row></sheetData>" % zeilen))
    assert abgewiesen(daten) == meldung(
        "E-10", "sie enthält zu viele Zellen; löschen Sie im Blatt die leeren Zeilen unten"
    )
    assert Mappe(Behaelter(daten, "Master.xlsx", EIGENE)).blatt("Reporting").zelle(100_099, 26).wert == Decimal(99_999)
