"""Texts for payments: only the characters of the Swiss Payment Standards (SPS 2025, credit transfer, chap. 3.1).

Allowed are Basic Latin, Latin-1 and Latin Extended-A as far as they print, Ș ș Ț ț and €, and U+0020 as the only blank;
QR-bill 2.3 allows the same. Umlauts and accents stay. A message with any other character is turned away as a whole.
"""

from __future__ import annotations

import re
import unicodedata

_BEREICHE = (range(0x20, 0x7F), range(0xA1, 0xAD), range(0xAE, 0x180), (0x218, 0x219, 0x21A, 0x21B, 0x20AC))
ERLAUBT = frozenset(chr(n) for bereich in _BEREICHE for n in bereich)
_PUNKT = "."  # what the standard, too, puts for a sign without a counterpart

# Signs of typography; ligatures and signs that are allowed, but that the banks pass on as one letter or a full stop.
_EINFACH = {
    **dict.fromkeys("\u2010\u2011\u2012–—\u2015−•", "-"),
    **dict.fromkeys("‘’\u201a\u201b‹›\u2032`´", "'"),
    **dict.fromkeys("“”„\u201f«»\u2033", '"'),
    "×": "x", "÷": ":", "…": "...",
    "Œ": "OE", "œ": "oe", "Æ": "AE", "æ": "ae", "Ĳ": "IJ", "ĳ": "ij", "ß": "ss", "ẞ": "SS",
}  # fmt: skip
_HAUTTOENE = frozenset(map(chr, range(0x1F3FB, 0x1F400)))  # they colour the emoji before


def zahlungstext(text: str, laenge: int) -> str:
    """Return the text as a payment may carry it, cut to a length.

    Args:
        text: anything.
        laenge: the most characters, >= 0.
    Returns: see `umschreiben`; maybe empty. What is written once stays as it is.

    >>> zahlungstext("Beitrag 1. Halbjahr – Gemeinde «Härkingen»", 38)
    'Beitrag 1. Halbjahr - Gemeinde "Härkin'
    """
    return umschreiben(text)[:laenge].rstrip()


def umschreiben(text: str) -> str:
    """Return the text in allowed characters, on one line, blanks collapsed.

    Typographic signs become simple ones, foreign letters lose their accents, what has no counterpart becomes a full
    stop, several in a row one.

    >>> umschreiben("L’œuvre 🎉\\u00a0de Mǎo")
    "L'oeuvre . de Mao"
    """
    zeichen = (_zeichen(c) for c in unicodedata.normalize("NFC", text))
    return " ".join(re.sub("\0+", _PUNKT, "".join(zeichen)).split())


def _zeichen(c: str) -> str:
    """Return what stands for one character; NUL if nothing does."""
    if c in _EINFACH:
        return _EINFACH[c]
    if c in ERLAUBT:
        return c
    klasse = unicodedata.category(c)
    if klasse in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    if klasse in ("Cf", "Mn", "Mc", "Me") or c in _HAUTTOENE:
        return ""
    zerlegt = (_EINFACH.get(teil, teil) for teil in unicodedata.normalize("NFKD", c))
    return "".join(teil for teil in zerlegt if ERLAUBT.issuperset(teil)) or "\0"
