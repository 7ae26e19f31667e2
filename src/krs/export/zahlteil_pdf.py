"""Payment part with receipt as PDF: an A4 page with it at the foot, drawn of the same data as the SVG.

Written here: a page of lines, rectangles and Helvetica, which every reader has, needs no library (docs/entscheide/80).
The same invoice gives the same bytes.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterator, Sequence

from krs.export.qrrechnung import KANTE, Rechnung, kreuz, qr_matrix
from krs.export.umbruch import weite
from krs.export.zahlteil import ABTRENNEN, BREITE, HOEHE, PUNKT, QR, SCHEIN, Text, angaben, laeufe
from krs.export.zeichen import umschreiben

_BOGEN = 0.5523  # of the radius: where the handles of a quarter circle stand
_SCHRIFT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica{}/Encoding/WinAnsiEncoding>>"


def zahlteil_pdf(rechnung: Rechnung, kopf: Sequence[str] = ()) -> bytes:
    """Return one page A4 in PDF.

    Args:
        kopf: lines at the top of the page, such as what is asked to be paid.
    Raises: QrFehler: as `qrrechnung.qr_matrix`.
    """
    zuege = [*_linien(), *_code(rechnung), *map(_text, (ABTRENNEN, *angaben(rechnung)))]
    zuege += [_text(Text(20, -160 + 6 * n, zeile, 11)) for n, zeile in enumerate(kopf)]
    # From here on, sizes in mm, from the upper left corner of the payment part; the paper counts upwards.
    bild = "\n".join((f"{1 / PUNKT:.5f} 0 0 {1 / PUNKT:.5f} 0 {HOEHE / PUNKT:.3f} cm", *zuege))
    titel = _hex(f"QR-Rechnung {umschreiben(rechnung.nummer)}")
    return _datei(bild.encode("ascii"), titel)


# --- what is drawn ---------------------------------------------------------------------------
def _linien() -> Iterator[str]:
    yield f"0.2 w [1 1] 0 d 0 0 m {BREITE} 0 l {SCHEIN} 0 m {SCHEIN} {-HOEHE} l S [] 0 d"
    for drehen in ("1 0 0 1 8 0", f"0 -1 1 0 {SCHEIN} -8"):
        ringe = f"{_kreis(-1.5, 1.1)} {_kreis(-1.5, -1.1)}"
        yield f"q {drehen} cm 0.25 w 2.8 0.9 m -0.9 -0.9 l 2.8 -0.9 m -0.9 0.9 l S {ringe} Q"


def _kreis(x: float, y: float, r: float = 0.8) -> str:
    """Return the ring of the scissors."""
    h = r * _BOGEN
    ecken = (
        (x + r, y + h, x + h, y + r, x, y + r), (x - h, y + r, x - r, y + h, x - r, y),
        (x - r, y - h, x - h, y - r, x, y - r), (x + h, y - r, x + r, y - h, x + r, y),
    )  # fmt: skip
    return f"{x + r:.3f} {y:.3f} m " + " ".join(" ".join(f"{z:.3f}" for z in e) + " c" for e in ecken) + " S"


def _code(rechnung: Rechnung) -> Iterator[str]:
    """Yield the Swiss QR Code, over it the cross."""
    matrix, (links, oben) = qr_matrix(rechnung), QR
    modul = KANTE / len(matrix)
    yield "0 g"
    for y, reihe in enumerate(matrix):
        for x, n in laeufe(reihe):
            yield f"{links + x * modul:.4f} {-oben - (y + 1) * modul:.4f} {n * modul:.4f} {modul:.4f} re"
    yield "f"
    for kx, ky, breite, hoehe, schwarz in kreuz():
        ort = f"{links + kx:.4f} {-oben - ky - hoehe:.4f} {breite:.4f} {hoehe:.4f}"
        yield f"{0 if schwarz else 1} g {ort} re f"
    yield "0 g"


def _text(t: Text) -> str:
    breite = weite(t.text, t.punkt)
    x = t.x - {"end": breite, "middle": breite / 2}.get(t.anker, 0)
    schrift = "F2" if t.fett else "F1"
    return f"BT /{schrift} {t.punkt * PUNKT:.4f} Tf {x:.3f} {-t.y:.3f} Td <{_hex(t.text)}> Tj ET"


def _hex(text: str) -> str:
    """Return a text in the letters of WinAnsi; an accent that it lacks is left out."""
    zeichen = (z if _hat(z) else unicodedata.normalize("NFD", z)[0] for z in text)
    return "".join(zeichen).encode("cp1252", errors="replace").hex()


def _hat(zeichen: str) -> bool:
    try:
        return bool(zeichen.encode("cp1252"))
    except UnicodeEncodeError:
        return False


# --- the file ---------------------------------------------------------------------------------
def _datei(bild: bytes, titel: str) -> bytes:
    gepackt = zlib.compress(bild, 9)
    teile = [
        b"<</Type/Catalog/Pages 2 0 R/Lang(de-CH)/ViewerPreferences<</DisplayDocTitle true>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.276 841.890]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R/F2 6 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(gepackt), gepackt),
        _SCHRIFT.format("").encode(),
        _SCHRIFT.format("-Bold").encode(),
        f"<</Title<{titel}>/Producer(krs)>>".encode(),
    ]
    daten, orte = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for nummer, teil in enumerate(teile, 1):
        orte.append(len(daten))
        daten += b"%d 0 obj\n%s\nendobj\n" % (nummer, teil)
    verzeichnis = b"".join(b"%010d 00000 n \n" % ort for ort in orte)
    ende = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(teile) + 1, verzeichnis)
    ende += b"trailer\n<</Size %d/Root 1 0 R/Info 7 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(teile) + 1, len(daten))
    return daten + ende
