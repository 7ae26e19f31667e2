"""Payment part with receipt of a QR-bill, German (style guide of the QR-bill): 210 × 105 mm and a strip above.

What stands where is the same for both forms, SVG (`svg`) and PDF (`krs.export.zahlteil_pdf`). Sizes in mm, of letters
in points.
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

BREITE, HOEHE, STREIFEN = 210, 105, 6
SCHEIN = 62  # width of the receipt
QR = (67, 17)
PUNKT = 25.4 / 72
Block = tuple[str, list[str]]  # a heading and what stands below
_SCHRIFT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
_SCHERE = "M2.8-.9-.9.9a.8.8 0 1 1-.8-.5M2.8.9-.9-.9a.8.8 0 1 0-.8.5"


class Text(NamedTuple):
    """One line of letters: where its base line begins, ends or has its middle (`anker`), in mm."""

    x: float
    y: float
    text: str
    punkt: float
    fett: bool = False
    anker: str = ""


class _Satz(NamedTuple):
    """Letters of values, of headings, and the distance of lines, in points; the receipt may do without streets."""

    wert: float
    titel: float
    zeile: float
    strassen: bool = True


# As recommended; what does not fit takes the next.
_SAETZE_SCHEIN = (_Satz(8, 6, 9), _Satz(8, 6, 9, strassen=False), _Satz(6, 6, 7, strassen=False))
_SAETZE_ZAHLTEIL = (_Satz(10, 8, 11), _Satz(8, 6, 9), _Satz(8, 6, 8))


ABTRENNEN = Text(BREITE / 2, -2, "Vor der Einzahlung abzutrennen", 8, anker="middle")


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
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{BREITE}mm" height="{HOEHE + STREIFEN}mm" '
        f'viewBox="0 {-STREIFEN} {BREITE} {HOEHE + STREIFEN}" font-family="{_SCHRIFT}">',
        f"<title>QR-Rechnung {escape(umschreiben(rechnung.nummer))}</title>",
        f'<rect y="{-STREIFEN}" width="{BREITE}" height="{HOEHE + STREIFEN}" fill="#fff"/>',
        *_linien(),
        *map(_als_svg, angaben(rechnung)),
        *_code(matrix),
        "</svg>\n",
    )
    return "\n".join(teile).encode()


def angaben(rechnung: Rechnung) -> Iterator[Text]:
    """Yield all that is written, receipt first."""
    yield from _empfangsschein(rechnung)
    yield from _zahlteil(rechnung)


# --- sections -------------------------------------------------------------------------------
def _linien() -> Iterator[str]:
    """Yield where to cut, on paper without perforation."""
    yield _als_svg(ABTRENNEN)
    yield (
        f'<path d="M0 0H{BREITE}M{SCHEIN} 0V{HOEHE}" fill="none" stroke="#000" stroke-width=".2" '
        'stroke-dasharray="1 1"/>'
    )
    for wo in ("translate(8 0)", f"translate({SCHEIN} 8) rotate(90)"):
        yield f'<path d="{_SCHERE}" transform="{wo}" fill="none" stroke="#000" stroke-width=".25"/>'


def _empfangsschein(rechnung: Rechnung) -> Iterator[Text]:
    links = _SCHEIN_ANGABEN.links
    yield _fett(links, 9, "Empfangsschein", 11)
    yield from _gesetzte(rechnung, _SCHEIN_ANGABEN, _SAETZE_SCHEIN, mit_mitteilung=False)
    yield from _betrag(rechnung, links, 70.5, _SAETZE_SCHEIN[0])
    yield _fett(SCHEIN - links, 84.5, "Annahmestelle", 6, "end")


def _zahlteil(rechnung: Rechnung) -> Iterator[Text]:
    links = QR[0]
    yield _fett(links, 9, "Zahlteil", 11)
    yield from _betrag(rechnung, links, 71, _SAETZE_ZAHLTEIL[0])
    yield from _gesetzte(rechnung, _ZAHLTEIL_ANGABEN, _SAETZE_ZAHLTEIL, mit_mitteilung=True)


def _betrag(rechnung: Rechnung, links: float, y: float, satz: _Satz) -> Iterator[Text]:
    betrag = f"{rechnung.betrag:,.2f}".replace(",", " ")
    for x, titel, wert in ((links, "Währung", "CHF"), (links + 15, "Betrag", betrag)):
        yield _fett(x, y, titel, satz.titel)
        yield Text(x, y + satz.zeile * PUNKT * 1.2, wert, satz.wert)


def _code(matrix: Matrix) -> Iterator[str]:
    """Yield the Swiss QR Code: a row's black modules are one stroke each, over it the cross."""
    zug = "".join(f"M{x} {y}h{n}v1h-{n}z" for y, reihe in enumerate(matrix) for x, n in laeufe(reihe))
    x, y = QR
    yield f'<path d="{zug}" transform="translate({x} {y}) scale({KANTE / len(matrix):.6f})"/>'
    for links, oben, breite, hoehe, schwarz in kreuz():
        farbe = "#000" if schwarz else "#fff"
        ort = f'x="{x + links:.4f}" y="{y + oben:.4f}" width="{breite:.4f}" height="{hoehe:.4f}"'
        yield f'<rect {ort} fill="{farbe}"/>'


def laeufe(reihe: Iterable[bool]) -> Iterator[tuple[int, int]]:
    """Yield start and length of each run of black modules."""
    x = 0
    for schwarz, lauf in groupby(reihe):
        laenge = len(list(lauf))
        if schwarz:
            yield x, laenge
        x += laenge


# --- information ----------------------------------------------------------------------------
def _gesetzte(rechnung: Rechnung, ort: _Bereich, saetze: Sequence[_Satz], *, mit_mitteilung: bool) -> list[Text]:
    """Return headings and values in the first setting that fits, else in the last."""
    versuche = [
        _gesetzt(_bloecke(rechnung, ort.breite, satz, mit_mitteilung=mit_mitteilung), ort, satz) for satz in saetze
    ]
    return next((zeilen for unten, zeilen in versuche if unten <= ort.oben + ort.hoehe), versuche[-1][1])


def _gesetzt(bloecke: Iterable[Block], ort: _Bereich, satz: _Satz) -> tuple[float, list[Text]]:
    """Return where the last line ends, and all lines."""
    y, abstand = ort.oben - satz.zeile * PUNKT, satz.zeile * PUNKT
    zeilen = list[Text]()
    for titel, werte in bloecke:
        zeilen.append(_fett(ort.links, y := y + 2 * abstand, titel, satz.titel))
        zeilen += [Text(ort.links, y := y + abstand, wert, satz.wert) for wert in werte]
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


def _fett(x: float, y: float, text: str, punkt: float, anker: str = "") -> Text:
    return Text(x, y, text, punkt, fett=True, anker=anker)


def _als_svg(t: Text) -> str:
    merkmale = [f'x="{t.x:.2f}" y="{t.y:.2f}" font-size="{t.punkt * PUNKT:.3f}"']
    merkmale += ['font-weight="bold"'] if t.fett else []
    merkmale += [f'text-anchor="{t.anker}"'] if t.anker else []
    return f"<text {' '.join(merkmale)}>{escape(t.text)}</text>"
