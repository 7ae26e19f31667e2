"""What stands in a cell, as text or in its place (entwurf 6), and the base of the typed forms.

How it is read is in krs.formulare.arten.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel, ConfigDict

from krs.formulare.eingabe import Zelle
from krs.recht import datum as tag_text

# A link names a file in brackets before the sheet, or an address; a table column in brackets is none.
_FREMD = re.compile(r"'[^']*\[[^\]]+\][^']*'!|(?<![\w\]])\[[^\[\]]+\][\w.]*!|\|")
_ADRESSE = re.compile(r"https?:|file:", re.IGNORECASE)
_WEIT = re.compile(r"\S(?:\s{2,}|[\t-\r\x1c-\x1f\x85\u2028\u2029])\S")
_VON_RECHTS = re.compile("[\u200f\u061c\u202b\u202e\u2067]")
_TEXT_IN_FORMEL = re.compile(r'"[^"]*"')
FEHLERWERTE = {  # as Excel shows them in German; the file holds the English ones
    "#REF!": "#BEZUG!", "#VALUE!": "#WERT!", "#N/A": "#NV", "#NUM!": "#ZAHL!", "#SPILL!": "#ÜBERLAUF!",
}  # fmt: skip


def _sichtbar(text: str) -> str:
    """Return text without characters that nobody sees, trimmed, with single blanks."""
    if not text.isascii():
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(text.split())


def normal(text: str) -> str:
    """Return text in Unicode NFKC, without invisible characters, trimmed, with single blanks.

    >>> normal(" \uff2a\uff41  sicher ")
    'Ja sicher'
    """
    return _sichtbar(unicodedata.normalize("NFKC", text))


_UMLAUTE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def ohne_akzente(text: str) -> str:
    """Return text without accents: «Zoë» is «Zoe»."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def grundform(text: str) -> str:
    """Return text as it is typed without umlauts, accents and capitals.

    >>> grundform("Härkingen"), grundform("Zoë")
    ('haerkingen', 'zoe')
    """
    return ohne_akzente(normal(text).casefold().translate(_UMLAUTE))


def ziffern(text: str) -> str:
    """Return a typed number without thousands marks. A raised «2» stays what it is: «3²» is not 32.

    Digits on two lines or far apart are two numbers, and what is written from the right is shown the other way round.

    >>> ziffern("3'000"), ziffern("1 200"), ziffern("12 "), ziffern("3 4"), ziffern("8\\n000"), ziffern("8  000")
    ('3000', '1200', '12', '3 4', '8 000', '8 000')
    """
    if not text.isascii() and _VON_RECHTS.search(text):
        return text
    if _WEIT.search("".join(c for c in text.strip() if unicodedata.category(c) != "Cf")):
        return _sichtbar(text)
    return re.sub(r"(?<=\d)['’‘`´ ](?=\d{3}(?!\d))", "", _sichtbar(text))


def lesbar(zelle: Zelle) -> str:
    """Return the value as a message shows it: a day as 31.01.2024, an error as German Excel names it, one line.

    >>> lesbar(Zelle(wert=date(2024, 1, 31))), lesbar(Zelle(fehler="#REF!"))
    ('31.01.2024', '#BEZUG!')
    """
    if zelle.fehler is not None:
        return FEHLERWERTE.get(zelle.fehler, zelle.fehler)
    if isinstance(zelle.wert, date):
        return tag_text(zelle.wert)
    return _sichtbar(zelle.anzeige)


def kein_wert(zelle: Zelle) -> str:
    """Return what stands in a cell that gives no value, «» if it gives one."""
    if zelle.fehler is not None:
        return f"der Fehlerwert {lesbar(zelle)}"
    if zelle.formel is None:
        return ""
    if _ADRESSE.search(zelle.formel) or _FREMD.search(_TEXT_IN_FORMEL.sub("", zelle.formel)):
        return f"ein Bezug auf eine andere Datei ({formeltext(zelle)})"
    leer = zelle.wert is None or (isinstance(zelle.wert, str) and not zelle.wert.strip())
    return f"eine Formel ohne Ergebnis ({formeltext(zelle)})" if leer else ""


def formeltext(zelle: Zelle) -> str:
    """Return the typed formula as a message shows it, one line, at most 60 characters."""
    text = " ".join((zelle.formel or "").removeprefix("=").split())
    return "=" + (text if len(text) <= 60 else text[:59] + "…")


Anzahl = int | None
Zahl = Decimal | None
Anteil = Decimal | None
Datum = date | None
Text = str | None
EMail = str | None
JaNein = bool | None


class Modell(BaseModel):
    """Base of the typed forms: strict, frozen, and every entry may be empty (rules judge emptiness)."""

    model_config = ConfigDict(defer_build=True, strict=True, frozen=True, extra="forbid")

    def wert(self, feld: str) -> Any:
        """Return the value of a field by its key."""
        return getattr(self, feld)


def dezimal(text_: str) -> Decimal | None:
    """Return a finite Decimal from a cell's number text, None if it is none."""
    try:
        wert = Decimal(text_)
    except InvalidOperation:
        return None
    return wert if wert.is_finite() and abs(wert.adjusted()) < 30 else None


_WORT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOKAL = re.compile(rf"{_WORT}(\.{_WORT})*")
_DOMAENE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,}")
_LAENGSTE = 254


def mailadresse(text: str) -> str:
    """Return an address in ASCII, its domain as the mail servers write it; empty if it is none.

    >>> mailadresse("anna@härkingen.example"), mailadresse("anna@")
    ('anna@xn--hrkingen-0za.example', '')
    """
    lokal, _, domaene = text.rpartition("@")
    try:
        domaene = domaene.encode("idna").decode()
    except UnicodeError:
        return ""
    gut = _LOKAL.fullmatch(lokal) and _DOMAENE.fullmatch(domaene) and len(lokal) + len(domaene) < _LAENGSTE
    return f"{lokal}@{domaene}" if gut else ""
