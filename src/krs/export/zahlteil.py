"""Payment part with receipt of a QR-bill as SVG, German (style guide of the QR-bill): 210 × 105 mm and a strip above.

Sizes in mm, of letters in points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import escape

from stdnum import iban as stdnum_iban
from stdnum import iso11649

from krs.export.konto import Adresse, bereinigt
from krs.export.qrrechnung import KANTE, Matrix, Rechnung, kreuz, qr_matrix, referenz
from krs.export.umbruch import umbrechen
from krs.export.zeichen import umschreiben

_BREITE, _HOEHE, _STREIFEN = 210, 105, 6
_SCHEIN = 62  # width of the receipt
Block = tuple[str, list[str]]  # a heading and what stands below
_PUNKT = 25.4 / 72
_SCHRIFT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
_QR = (67, 17)
_SCHERE = "M2.8-.9-.9.9a.8.8 0 1 1-.8-.5M2.8.9-.9-.9a.8.8 0 1 0-.8.5"


class _Satz(NamedTuple):
    """Letters of values, of headings, and the distance of lines, in points; the receipt may do without streets."""

    wert: float
    titel: float
    zeile: float
    strassen: bool = True


# As recommended; what does not fit takes the next.
_SAETZE_SCHEIN = (_Satz(8, 6, 9), _Satz(8, 6, 9, strassen=False), _Satz(6, 6, 7, strassen=False))
_SAETZE_ZAHLTEIL = (_Satz(10, 8, 11), _Satz(8, 6, 9), _Satz(8, 6, 8))


class _Bereich(NamedTuple):
    """A section of the paper, in mm."""

    links: float
    oben: float
    breite: float
    hoehe: float


_SCHEIN_ANGABEN = _Bereich(5, 12, 52, 56)
_ZAHLTEIL_ANGABEN = _Bereich(118, 5, 87, 85)


def svg(rechnung: Rechnung) -> bytes:
    """Return the payment part with receipt, to be printed in its size at the foot of an A4 page.

    Raises: QrFehler: with all problems.
    """
    matrix = qr_matrix(rechnung)
    teile = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_BREITE}mm" height="{_HOEHE + _STREIFEN}mm" '
        f'viewBox="0 {-_STREIFEN} {_BREITE} {_HOEHE + _STREIFEN}" font-family="{_SCHRIFT}">',
        f"<title>QR-Rechnung {escape(umschreiben(rechnung.nummer))}</title>",
        f'<rect y="{-_STREIFEN}" width="{_BREITE}" height="{_HOEHE + _STREIFEN}" fill="#fff"/>',
        *_linien(),
        *_empfangsschein(rechnung),
        *_zahlteil(rechnung),
        *_code(matrix),
        "</svg>\n",
    )
    return "\n".join(teile).encode()


# --- sections -------------------------------------------------------------------------------
def _linien() -> Iterator[str]:
    """Yield where to cut, on paper without perforation."""
    yield _text(_BREITE / 2, -2, "Vor der Einzahlung abzutrennen", 8, 'text-anchor="middle"')
    yield (
        f'<path d="M0 0H{_BREITE}M{_SCHEIN} 0V{_HOEHE}" fill="none" stroke="#000" stroke-width=".2" '
        'stroke-dasharray="1 1"/>'
    )
    for wo in ("translate(8 0)", f"translate({_SCHEIN} 8) rotate(90)"):
        yield f'<path d="{_SCHERE}" transform="{wo}" fill="none" stroke="#000" stroke-width=".25"/>'


def _empfangsschein(rechnung: Rechnung) -> Iterator[str]:
    links = _SCHEIN_ANGABEN.links
    yield _fett(links, 9, "Empfangsschein", 11)
    yield from _angaben(rechnung, _SCHEIN_ANGABEN, _SAETZE_SCHEIN, mit_mitteilung=False)
    yield from _betrag(rechnung, links, 70.5, _SAETZE_SCHEIN[0])
    yield _fett(_SCHEIN - links, 84.5, "Annahmestelle", 6, 'text-anchor="end"')


def _zahlteil(rechnung: Rechnung) -> Iterator[str]:
    links = _QR[0]
    yield _fett(links, 9, "Zahlteil", 11)
    yield from _betrag(rechnung, links, 71, _SAETZE_ZAHLTEIL[0])
    yield from _angaben(rechnung, _ZAHLTEIL_ANGABEN, _SAETZE_ZAHLTEIL, mit_mitteilung=True)


def _betrag(rechnung: Rechnung, links: float, y: float, satz: _Satz) -> Iterator[str]:
    betrag = f"{rechnung.betrag:,.2f}".replace(",", " ")
    for x, titel, wert in ((links, "Währung", "CHF"), (links + 15, "Betrag", betrag)):
        yield _fett(x, y, titel, satz.titel)
        yield _text(x, y + satz.zeile * _PUNKT * 1.2, wert, satz.wert)


def _code(matrix: Matrix) -> Iterator[str]:
    """Yield the Swiss QR Code: a row's black modules are one stroke each, over it the cross."""
    zug = "".join(f"M{x} {y}h{n}v1h-{n}z" for y, reihe in enumerate(matrix) for x, n in _laeufe(reihe))
    x, y = _QR
    yield f'<path d="{zug}" transform="translate({x} {y}) scale({KANTE / len(matrix):.6f})"/>'
    for links, oben, breite, hoehe, schwarz in kreuz():
        farbe = "#000" if schwarz else "#fff"
        ort = f'x="{x + links:.4f}" y="{y + oben:.4f}" width="{breite:.4f}" height="{hoehe:.4f}"'
        yield f'<rect {ort} fill="{farbe}"/>'


def _laeufe(reihe: Iterable[bool]) -> Iterator[tuple[int, int]]:
    """Yield start and length of each run of black modules."""
    x = 0
    for schwarz, lauf in groupby(reihe):
        laenge = len(list(lauf))
        if schwarz:
            yield x, laenge
        x += laenge


# --- information ----------------------------------------------------------------------------
def _angaben(rechnung: Rechnung, ort: _Bereich, saetze: Sequence[_Satz], *, mit_mitteilung: bool) -> list[str]:
    """Return headings and values in the first setting that fits, else in the last."""
    versuche = [
        _gesetzt(_bloecke(rechnung, ort.breite, satz, mit_mitteilung=mit_mitteilung), ort, satz) for satz in saetze
    ]
    return next((zeilen for unten, zeilen in versuche if unten <= ort.oben + ort.hoehe), versuche[-1][1])


def _gesetzt(bloecke: Iterable[Block], ort: _Bereich, satz: _Satz) -> tuple[float, list[str]]:
    """Return where the last line ends, and all lines."""
    y, abstand = ort.oben - satz.zeile * _PUNKT, satz.zeile * _PUNKT
    zeilen = []
    for titel, werte in bloecke:
        zeilen.append(_fett(ort.links, y := y + 2 * abstand, titel, satz.titel))
        zeilen += [_text(ort.links, y := y + abstand, wert, satz.wert) for wert in werte]
    return y, zeilen


def _bloecke(rechnung: Rechnung, breite: float, satz: _Satz, *, mit_mitteilung: bool) -> Iterator[Block]:
    def gebrochen(*zeilen: str) -> list[str]:
        return [teil for zeile in zeilen if zeile for teil in umbrechen(zeile, breite, satz.wert)]

    iban = stdnum_iban.format(rechnung.glaeubiger.iban)
    yield "Konto / Zahlbar an", gebrochen(iban, *_anschrift(rechnung.glaeubiger, satz))
    yield "Referenz", gebrochen(iso11649.format(referenz(rechnung.nummer)))
    if mit_mitteilung and rechnung.mitteilung:
        yield "Zusätzliche Informationen", gebrochen(umschreiben(rechnung.mitteilung))
    yield "Zahlbar durch", gebrochen(*_anschrift(rechnung.schuldner, satz))


def _anschrift(adresse: Adresse, satz: _Satz) -> tuple[str, str, str]:
    a = bereinigt(adresse)
    land = "" if a.land == "CH" else f"{a.land}-"
    return a.name, f"{a.strasse} {a.hausnummer}".strip() if satz.strassen else "", f"{land}{a.plz} {a.ort}"


def _fett(x: float, y: float, text: str, punkt: float, merkmale: str = "") -> str:
    return _text(x, y, text, punkt, f'font-weight="bold" {merkmale}'.strip())


def _text(x: float, y: float, text: str, punkt: float, merkmale: str = "") -> str:
    ort = f'x="{x:.2f}" y="{y:.2f}" font-size="{punkt * _PUNKT:.3f}"'
    return f"<text {f'{ort} {merkmale}'.strip()}>{escape(text)}</text>"
