"""The QR-bill: content line by line as published, the picture read back by a reader, the paper part."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import numpy as np
import pytest
import zxingcpp
from lxml import etree
from numpy.typing import NDArray
from pypdf import PdfReader

from krs.export.konto import Adresse, Konto
from krs.export.qrrechnung import QrFehler, Rechnung, qr_matrix, qr_png, referenz, swiss_qr_text
from krs.export.umbruch import umbrechen
from krs.export.zahlteil import svg
from krs.export.zahlteil_pdf import zahlteil_pdf

IBAN = "CH93 0076 2011 6238 5295 7"
KANTON = Konto("Kanton Solothurn, Amt für Gesellschaft", "Riedholzplatz", "3", "4509", "Solothurn", iban=IBAN)
GEMEINDE = Adresse("Einwohnergemeinde Lüterswil-Gächliwil", "", "", "4584", "Lüterswil")
RECHNUNG = Rechnung("R-2024-03-2455", Decimal("12840.5"), KANTON, GEMEINDE, "Rückforderung – Lauf 2024-03")
NS = "{http://www.w3.org/2000/svg}"


def ist_gross(name: str, zeichen: str) -> str:
    """Return a text of 70 characters."""
    return (name + zeichen * 70)[:70]


GROESSTE = Rechnung(
    "R" * 21,
    Decimal("999999999.99"),
    Konto(ist_gross("Kanton ", "m"), ist_gross("Strasse ", "m"), "1" * 16, "4" * 16, "S" * 35, iban=IBAN),
    Adresse(ist_gross("Gemeinde ", "M"), ist_gross("Gasse ", "M"), "1" * 16, "4" * 16, "S" * 35),
    "M" * 140,
)


def bild(png: bytes) -> NDArray[np.uint8]:
    """Return the points of a grey PNG without filters, with the white border that the paper has."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    teile, ort = {}, 8
    while ort < len(png):
        laenge, art = struct.unpack(">I4s", png[ort : ort + 8])
        inhalt = png[ort + 8 : ort + 8 + laenge]
        assert struct.unpack(">I", png[ort + 8 + laenge : ort + 12 + laenge])[0] == zlib.crc32(art + inhalt)
        teile[art] = inhalt
        ort += 12 + laenge
    breite, hoehe, tiefe, farbe = struct.unpack(">IIBB", teile[b"IHDR"][:10])
    assert (breite, tiefe, farbe) == (hoehe, 8, 0)
    assert abs(breite / struct.unpack(">I", teile[b"pHYs"][:4])[0] - 0.046) < 0.00001  # m
    zeilen = np.frombuffer(zlib.decompress(teile[b"IDAT"]), np.uint8).reshape(hoehe, breite + 1)
    assert not zeilen[:, 0].any()
    return np.pad(zeilen[:, 1:], breite // 9, constant_values=255)


def gelesen(punkte: NDArray[np.uint8]) -> tuple[str, str]:
    """Return text and error correction of the only code in a picture."""
    (code,) = zxingcpp.read_barcodes(punkte, formats=zxingcpp.BarcodeFormat.QRCode)
    return code.text, code.ec_level


# --- content --------------------------------------------------------------------------------
def test_das_veroeffentlichte_beispiel_mit_creditor_reference_zeile_fuer_zeile() -> None:
    glaeubiger = Konto("Robert Schneider AG", "Rue du Lac", "1268", "2501", "Biel", iban="CH58 0079 1123 0008 8901 2")
    schuldner = Adresse("Pia-Maria Rutschmann-Schnyder", "Grosse Marktgasse", "28", "9400", "Rorschach")
    rechnung = Rechnung("539007547034", Decimal("199.95"), glaeubiger, schuldner)
    kopf = ["SPC", "0200", "1", "CH5800791123000889012"]
    an = ["S", "Robert Schneider AG", "Rue du Lac", "1268", "2501", "Biel", "CH"]
    durch = ["S", "Pia-Maria Rutschmann-Schnyder", "Grosse Marktgasse", "28", "9400", "Rorschach", "CH"]
    erwartet = [*kopf, *an, *[""] * 7, "199.95", "CHF", *durch, "SCOR", "RF18539007547034", "", "EPD"]
    assert len(erwartet) == 31
    assert swiss_qr_text(rechnung).split("\n") == erwartet


def test_die_rechnung_an_eine_gemeinde_ohne_strasse_mit_mitteilung() -> None:
    # R = 27: (27 2024032455 27 15 00) mod 97 = 38, 98 - 38 = 60
    assert 98 - 272024032455271500 % 97 == 60
    zeilen = swiss_qr_text(RECHNUNG).split("\n")
    assert zeilen[18:20] == ["12840.50", "CHF"]
    assert zeilen[20:27] == ["S", "Einwohnergemeinde Lüterswil-Gächliwil", "", "", "4584", "Lüterswil", "CH"]
    assert zeilen[27:] == ["SCOR", "RF60R2024032455", "Rückforderung - Lauf 2024-03", "EPD"]


@pytest.mark.parametrize(("nummer", "erwartet"), [("539007547034", "RF18539007547034"), ("r/1 ", "RF59R1")])
def test_die_referenz_ist_die_nummer_mit_pruefziffern(nummer: str, erwartet: str) -> None:
    # R1: 27 1 27 15 00 mod 97 = 39, 98 - 39 = 59
    assert 98 - 271271500 % 97 == 59
    assert referenz(nummer) == erwartet


def test_alle_maengel_der_rechnung_kommen_auf_einmal() -> None:
    mangelhaft = Rechnung(
        "–",
        Decimal("1E9"),
        replace(KANTON, iban="CH4431999123000889012"),
        replace(GEMEINDE, ort="", land="ch"),
        "m" * 141,
    )
    with pytest.raises(QrFehler) as fehler:
        swiss_qr_text(mangelhaft)
    assert fehler.value.probleme == (
        "Der Betrag 1000000000 ist zu hoch, erlaubt sind 999'999'999.99; auf mehrere Zahlungen verteilen.",
        "Die Rechnungsnummer «–» hat 0 Buchstaben und Ziffern, nötig sind 1 bis 21; anders nummerieren.",
        "Die Mitteilung hat 141 Zeichen, erlaubt sind 140; kürzen.",
        "Zahlbar an: Die IBAN «CH4431999123000889012» ist eine QR-IBAN und verlangt eine QR-Referenz; "
        "die gewöhnliche IBAN eintragen.",
        "Zahlbar durch: Der Ort fehlt; in den Stammdaten ergänzen.",
        "Zahlbar durch: Das Land «ch» ist kein Ländercode aus zwei Grossbuchstaben; «CH» eintragen.",
    )
    with pytest.raises(QrFehler, match="22 Buchstaben"):
        referenz("1" * 22)


@pytest.mark.parametrize("betrag", [Decimal("0.01"), Decimal("999999999.99")])
def test_betraege_von_einem_rappen_bis_eine_milliarde_gehen(betrag: Decimal) -> None:
    assert swiss_qr_text(replace(RECHNUNG, betrag=betrag)).split("\n")[18] == f"{betrag}"


def test_zu_viel_text_fuer_den_groessten_code_ist_ein_satz() -> None:
    strasse_bis_ort = ("ä" * 70, "ä" * 16, "ä" * 16, "ä" * 35)
    umlaute, glaeubiger = Adresse("ä" * 70, *strasse_bis_ort), Konto("ä" * 70, *strasse_bis_ort, iban=IBAN)
    with pytest.raises(QrFehler) as fehler:
        qr_png(Rechnung("1", Decimal(1), glaeubiger, umlaute, "ä" * 140))
    assert fehler.value.probleme == (
        "Name, Adresse und Mitteilung sind zusammen zu lang für den QR-Code; die Mitteilung kürzen.",
    )


# --- picture --------------------------------------------------------------------------------
@pytest.mark.parametrize("rechnung", [RECHNUNG, GROESSTE], ids=["übliche", "grösste"])
def test_ein_leser_findet_im_bild_trotz_kreuz_genau_den_inhalt(rechnung: Rechnung) -> None:
    assert gelesen(bild(qr_png(rechnung))) == (swiss_qr_text(rechnung), "M")


def test_in_der_mitte_des_bildes_liegt_das_schweizer_kreuz() -> None:
    punkte = bild(qr_png(RECHNUNG))
    mitte, mm = len(punkte) / 2, (len(punkte) - 2 * (len(punkte) * 9 // 11 // 9)) / 46
    farbe = [int(punkte[round(mitte), round(mitte + x * mm)]) for x in (0, 1.8, 2.2, 2.8, 3.3)]
    assert farbe == [255, 255, 0, 0, 255]  # arm, arm, black, black, white border
    schraeg = [int(punkte[round(mitte + x * mm), round(mitte + x * mm)]) for x in (0.4, 0.8, 2.8, 3.3)]
    assert schraeg == [255, 0, 0, 255]


def test_dieselbe_rechnung_gibt_dieselben_bytes() -> None:
    gleiche = replace(RECHNUNG)
    assert (qr_png(RECHNUNG), svg(RECHNUNG)) == (qr_png(gleiche), svg(gleiche))


# --- paper ----------------------------------------------------------------------------------
def texte(rechnung: Rechnung) -> list[tuple[float, float, str]]:
    """Return the texts of the paper part with their place in mm, those of the receipt first, then from the top."""
    wurzel = etree.fromstring(svg(rechnung))
    gefunden = [(float(t.get("x")), float(t.get("y")), t.text) for t in wurzel.iter(f"{NS}text")]
    return sorted(gefunden, key=lambda t: (t[0] > 62, t[0] > 100, t[1], t[0]))


def test_empfangsschein_und_zahlteil_tragen_die_angaben_in_der_vorgeschriebenen_reihenfolge() -> None:
    an = ["CH93 0076 2011 6238 5295 7", "Kanton Solothurn, Amt für Gesellschaft", "Riedholzplatz 3", "4509 Solothurn"]
    durch = ["Einwohnergemeinde Lüterswil-Gächliwil", "4584 Lüterswil"]
    verweis = ["Referenz", "RF60 R202 4032 455"]
    betrag = ["Währung", "Betrag", "CHF", "12 840.50"]
    schein = ["Empfangsschein", "Konto / Zahlbar an", *an, *verweis, "Zahlbar durch", *durch, *betrag, "Annahmestelle"]
    links = ["Zahlteil", *betrag]
    mitteilung = ["Zusätzliche Informationen", "Rückforderung - Lauf 2024-03"]
    rechts = ["Konto / Zahlbar an", *an, *verweis, *mitteilung, "Zahlbar durch", *durch]
    alle = [text for _, _, text in texte(RECHNUNG)]
    assert alle == [*schein, *links, "Vor der Einzahlung abzutrennen", *rechts]


def test_ohne_mitteilung_fehlt_ihr_titel() -> None:
    alle = [text for _, _, text in texte(replace(RECHNUNG, mitteilung=""))]
    assert "Zusätzliche Informationen" not in alle


def test_eine_auslaendische_adresse_zeigt_das_land() -> None:
    schuldner = Adresse("Muster AG", "", "", "9490", "Vaduz", "LI")
    assert "LI-9490 Vaduz" in [text for _, _, text in texte(replace(RECHNUNG, schuldner=schuldner))]


def test_auch_die_laengsten_angaben_bleiben_in_ihrem_feld() -> None:
    for x, y, text in texte(GROESSTE):
        if x >= 118:
            assert 5 <= y <= 90, text
        elif x == 5 and text not in {"Währung", "CHF"}:
            assert 5 <= y <= 68, text


def test_der_code_im_papierteil_ist_derselbe_46_mm_breit_mit_dem_kreuz_darueber() -> None:
    wurzel = etree.fromstring(svg(RECHNUNG))
    assert (wurzel.get("width"), wurzel.get("height"), wurzel.get("viewBox")) == ("210mm", "111mm", "0 -6 210 111")
    (code,) = (p for p in wurzel.iter(f"{NS}path") if "scale" in p.get("transform", ""))
    matrix = qr_matrix(RECHNUNG)
    assert code.get("transform") == f"translate(67 17) scale({46 / len(matrix):.6f})"
    module = [[False] * len(matrix) for _ in matrix]
    for x, y, n in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code.get("d")):
        module[int(y)][int(x) : int(x) + int(n)] = [True] * int(n)
    assert tuple(map(tuple, module)) == matrix
    kreuz = list(wurzel.iter(f"{NS}rect"))[1:]
    assert [(r.get("width"), r.get("fill")) for r in kreuz] == [
        ("7.0000", "#fff"), ("6.0000", "#000"), ("3.8889", "#fff"), ("1.1667", "#fff"),
    ]  # fmt: skip
    assert all(float(r.get("x")) + float(r.get("width")) / 2 == pytest.approx(67 + 23, abs=1e-4) for r in kreuz)


def seite(rechnung: Rechnung, kopf: tuple[str, ...] = ()) -> str:
    """Return what the page of the PDF draws; a strict reader finds every part where the file says it lies."""
    leser = PdfReader(BytesIO(zahlteil_pdf(rechnung, kopf)), strict=True)
    (einzige,) = leser.pages
    assert [float(z) for z in einzige.mediabox] == [0, 0, 595.276, 841.89]
    inhalt = einzige.get_contents()
    assert inhalt is not None
    return inhalt.get_data().decode("ascii")


def test_als_pdf_steht_am_fuss_einer_seite_dasselbe_am_selben_ort() -> None:
    for rechnung in (RECHNUNG, GROESSTE):
        wurzel = etree.fromstring(svg(rechnung))
        erwartet = [
            (t.text, float(t.get("y")), None if t.get("text-anchor") else float(t.get("x")), bool(t.get("font-weight")))
            for t in wurzel.iter(f"{NS}text")
        ]
        zeichen = re.findall(r"BT /F(.) \S+ Tf (\S+) (\S+) Td <(\w*)> Tj ET", seite(rechnung))
        gefunden = [(bytes.fromhex(h).decode("cp1252"), -float(y), float(x), f == "2") for f, x, y, h in zeichen]
        assert len(gefunden) == len(erwartet)
        for da, soll in zip(gefunden, erwartet, strict=True):
            assert (da[0], da[3]) == (soll[0], soll[3])
            assert da[1] == pytest.approx(soll[1], abs=0.006)
            assert soll[2] is None or da[2] == pytest.approx(soll[2], abs=0.006)


def test_der_code_im_pdf_ist_derselbe_46_mm_breit() -> None:
    matrix = qr_matrix(RECHNUNG)
    modul = 46 / len(matrix)
    gezeichnet = [[False] * len(matrix) for _ in matrix]
    for zeile in re.findall(r"^(\S+ \S+ \S+ \S+) re$", seite(RECHNUNG), re.MULTILINE):
        x, y, breite, hoehe = map(float, zeile.split())
        assert hoehe == pytest.approx(modul, abs=1e-3)
        spalte, reihe = round((x - 67) / modul), round((-y - 17) / modul) - 1
        gezeichnet[reihe][spalte : spalte + round(breite / modul)] = [True] * round(breite / modul)
    assert tuple(map(tuple, gezeichnet)) == matrix


def test_ueber_dem_zahlteil_steht_was_verlangt_wird_und_fremde_akzente_fallen_weg() -> None:
    assert f"<{b'1. Mahnung Tasar'.hex()}> Tj" in seite(RECHNUNG, ("1. Mahnung Ţăşăr",))
    assert zahlteil_pdf(RECHNUNG) == zahlteil_pdf(replace(RECHNUNG))


def test_zeichen_des_xml_stehen_im_papierteil_richtig() -> None:
    alle = [text for _, _, text in texte(replace(RECHNUNG, mitteilung="A & B <C>"))]
    assert "A & B <C>" in alle


def test_ein_langes_wort_wird_am_rand_geschnitten() -> None:
    # 8 points: W is 0.944 × 8 × 25.4 / 72 = 2.66 mm wide, three fit into 8 mm
    assert umbrechen("WWWWWWW i", 8, 8) == ["WWW", "WWW", "W i"]
    assert umbrechen("", 8, 8) == []
