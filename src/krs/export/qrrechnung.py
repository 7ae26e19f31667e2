"""The QR-bill for what a municipality pays back: content of the Swiss QR Code, and its picture (guidelines 2.3).

Structured addresses only, an ordinary IBAN with a Creditor Reference (SCOR). The payment part with receipt is drawn
in `zahlteil`.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import segno
from stdnum.iso7064 import mod_97_10

from krs.export.konto import Adresse, Konto, adressfehler, bereinigt, betragsfehler, ibanfehler, kompakt
from krs.export.zeichen import umschreiben

_HOECHSTBETRAG = Decimal("999999999.99")
_LAENGSTE_MITTEILUNG = 140
_LAENGSTE_REFERENZ = 21  # without «RF» and check digits
_HOECHSTE_VERSION = 25
_ULTIMATE_CREDITOR = ("",) * 7  # for future use: stays empty
KANTE = 46  # mm, whatever is in the code
KREUZ = 7  # mm, with its white border
_DPI = 300
_MM_JE_ZOLL = 25.4
Matrix = tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class Rechnung:
    """An invoice in CHF, paid to an account with a reference made of its number."""

    nummer: str
    betrag: Decimal
    glaeubiger: Konto
    schuldner: Adresse
    mitteilung: str = ""


class QrFehler(ValueError):
    """No valid bill; `probleme` are all reasons, a German sentence each."""

    def __init__(self, probleme: tuple[str, ...]) -> None:
        super().__init__("\n".join(probleme))
        self.probleme = probleme


def referenz(nummer: str) -> str:
    """Return the Creditor Reference (ISO 11649) of an invoice number: its letters and digits with check digits.

    Raises: QrFehler: no letter or digit, or more than 21.

    >>> referenz("539007-547034")
    'RF18539007547034'
    """
    kern = re.sub("[^A-Z0-9]", "", nummer.upper())
    if not 0 < len(kern) <= _LAENGSTE_REFERENZ:
        raise QrFehler(
            (
                f"Die Rechnungsnummer «{nummer}» hat {len(kern)} Buchstaben und Ziffern, nötig sind 1 bis "
                f"{_LAENGSTE_REFERENZ}; anders nummerieren.",
            )
        )
    return f"RF{mod_97_10.calc_check_digits(kern + 'RF')}{kern}"


def swiss_qr_text(rechnung: Rechnung) -> str:
    """Return the content of the Swiss QR Code: 31 lines.

    Raises: QrFehler: with all problems.
    """
    if probleme := tuple(_probleme(rechnung)):
        raise QrFehler(probleme)
    return "\n".join((
        *("SPC", "0200", "1", kompakt(rechnung.glaeubiger.iban)),
        *_adresszeilen(rechnung.glaeubiger),
        *_ULTIMATE_CREDITOR,
        *(f"{rechnung.betrag:.2f}", "CHF"),
        *_adresszeilen(rechnung.schuldner),
        *("SCOR", referenz(rechnung.nummer), umschreiben(rechnung.mitteilung), "EPD"),
    ))  # fmt: skip


def qr_matrix(rechnung: Rechnung) -> Matrix:
    """Return the modules of the Swiss QR Code, rows from the top, True is black; without border and cross.

    Raises: QrFehler: with all problems; also if the texts do not fit into the largest code allowed.
    """
    return _matrix(swiss_qr_text(rechnung))


def qr_png(rechnung: Rechnung) -> bytes:
    """Return the Swiss QR Code with its cross as PNG, 46 mm wide at about 300 dpi, without the border of 5 mm.

    Raises: QrFehler: as `qr_matrix`.
    """
    matrix = qr_matrix(rechnung)
    punkte = -(-round(KANTE / _MM_JE_ZOLL * _DPI) // len(matrix))  # per module, rounded up
    breite = punkte * len(matrix)
    bild = [bytearray(punkt for modul in reihe for punkt in [0 if modul else 255] * punkte) for reihe in matrix]
    zeilen = [bytearray(reihe) for reihe in bild for _ in range(punkte)]
    _kreuz(zeilen, breite / KANTE)
    return _png(zeilen, breite / KANTE * 1000)


def kreuz() -> Iterator[tuple[float, float, float, float, bool]]:
    """Yield the Swiss cross in the middle as rectangles in mm: left, top, width, height, black."""
    arm, balken = KREUZ * 5 / 9, KREUZ / 6  # an arm is one sixth longer than wide, as in the coat of arms
    for breite, hoehe, schwarz in ((KREUZ, KREUZ, False), (6, 6, True), (arm, balken, False), (balken, arm, False)):
        yield (KANTE - breite) / 2, (KANTE - hoehe) / 2, breite, hoehe, schwarz


# --- content --------------------------------------------------------------------------------
def _adresszeilen(adresse: Adresse) -> tuple[str, ...]:
    a = bereinigt(adresse)
    return "S", a.name, a.strasse, a.hausnummer, a.plz, a.ort, a.land


def _probleme(rechnung: Rechnung) -> Iterator[str]:
    yield from betragsfehler(rechnung.betrag, _HOECHSTBETRAG)
    try:
        referenz(rechnung.nummer)
    except QrFehler as fehler:
        yield from fehler.probleme
    if (laenge := len(umschreiben(rechnung.mitteilung))) > _LAENGSTE_MITTEILUNG:
        yield f"Die Mitteilung hat {laenge} Zeichen, erlaubt sind {_LAENGSTE_MITTEILUNG}; kürzen."
    yield from (f"Zahlbar an: {satz}" for satz in ibanfehler(rechnung.glaeubiger.iban))
    yield from (f"Zahlbar an: {satz}" for satz in adressfehler(rechnung.glaeubiger))
    yield from (f"Zahlbar durch: {satz}" for satz in adressfehler(rechnung.schuldner))


# --- picture --------------------------------------------------------------------------------
@lru_cache(maxsize=8)
def _matrix(text: str) -> Matrix:
    """Return the QR code, error correction M as the guidelines want it; its texts are not too long for any version."""
    code = segno.make_qr(text, error="m", mode="byte", encoding="utf-8", boost_error=False)
    if int(code.version) > _HOECHSTE_VERSION:
        raise QrFehler(("Name, Adresse und Mitteilung sind zusammen zu lang für den QR-Code; die Mitteilung kürzen.",))
    return tuple(tuple(modul == 1 for modul in reihe) for reihe in code.matrix)


def _kreuz(zeilen: list[bytearray], punkte_je_mm: float) -> None:
    """Draw the cross over the rows of a grey picture."""
    for links, oben, breite, hoehe, schwarz in kreuz():
        x, x_bis = round(links * punkte_je_mm), round((links + breite) * punkte_je_mm)
        for zeile in zeilen[round(oben * punkte_je_mm) : round((oben + hoehe) * punkte_je_mm)]:
            zeile[x:x_bis] = bytes([0 if schwarz else 255]) * (x_bis - x)


def _png(zeilen: list[bytearray], punkte_je_m: float) -> bytes:
    """Return a grey picture, 8 bits a point."""
    dichte = round(punkte_je_m)
    teile = (
        (b"IHDR", struct.pack(">IIBBBBB", len(zeilen[0]), len(zeilen), 8, 0, 0, 0, 0)),
        (b"pHYs", struct.pack(">IIB", dichte, dichte, 1)),
        (b"IDAT", zlib.compress(b"".join(b"\0" + zeile for zeile in zeilen), 9)),
        (b"IEND", b""),
    )
    stuecke = (struct.pack(">I", len(d)) + art + d + struct.pack(">I", zlib.crc32(art + d)) for art, d in teile)
    return b"\x89PNG\r\n\x1a\n" + b"".join(stuecke)
