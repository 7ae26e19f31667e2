"""From a cell to a typed value: what the types of design 4.2 accept, and nothing else."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from krs.formulare.eingabe import Zelle
from krs.recht import datum as tag_text

HOECHSTE_ANZAHL = 9999  # a technical bound that also catches a date typed into a count; docs/entscheide
ERWARTET = {
    "anzahl": "eine ganze Zahl von 0 bis 9'999",
    "zahl": "eine Zahl ab 0",
    "betrag": "ein Betrag in Franken ab 0",
    "anteil": "ein Anteil wie 20%",
    "datum": "ein Datum wie 31.01.2024",
    "email": "eine E-Mail-Adresse",
    "ja_nein": "«Ja» oder «Nein»",
    "text": "ein Text",
}
FEHLERWERTE = {  # as Excel shows them in German; the file holds the English ones
    "#REF!": "#BEZUG!", "#VALUE!": "#WERT!", "#N/A": "#NV", "#NUM!": "#ZAHL!", "#SPILL!": "#ÜBERLAUF!",
}  # fmt: skip
# «3.000» may be three or three thousand: not more than two digits after the point, but for a share like 0.125.
_GANZ = re.compile(r"\d+([.,]0{1,2})?")
_ZAHL = re.compile(r"\d+([.,]\d{1,2})?|0[.,]\d+")


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


def ziffern(text: str) -> str:
    """Return a typed number without thousands marks. A raised «2» stays what it is: «3²» is not 32.

    >>> ziffern("3'000"), ziffern("1 200"), ziffern("12 "), ziffern("3 4")
    ('3000', '1200', '12', '3 4')
    """
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


def _dezimal(zelle: Zelle, muster: re.Pattern[str]) -> Decimal:
    if isinstance(zelle.wert, Decimal) and zelle.wert.is_finite():
        return zelle.wert
    if isinstance(zelle.wert, str):
        text = ziffern(zelle.wert)
        if muster.fullmatch(text):
            return Decimal(text.replace(",", "."))
    raise ValueError


def anzahl(zelle: Zelle) -> int | None:
    """Return a whole number 0 to 9'999, None if empty. Raises: ValueError."""
    if zelle.leer:
        return None
    zahl = _dezimal(zelle, _GANZ)
    if zahl != zahl.to_integral_value() or not 0 <= zahl <= HOECHSTE_ANZAHL:
        raise ValueError
    return int(zahl)


def zahl(zelle: Zelle) -> Decimal | None:
    """Return a number 0 to 999'999'999, None if empty. Raises: ValueError."""
    if zelle.leer:
        return None
    wert = _dezimal(zelle, _ZAHL)
    if not 0 <= wert <= 999_999_999:
        raise ValueError
    return wert


def anteil(zelle: Zelle) -> Decimal | None:
    """Return a share, 0.2 for 20 %, at most 10 (ten full posts); None if empty. Raises: ValueError."""
    if isinstance(zelle.wert, str) and normal(zelle.wert).endswith("%"):
        prozent = Zelle(wert=normal(zelle.wert).removesuffix("%"))
        wert = _dezimal(prozent, _ZAHL) / 100
    else:
        gelesen = zahl(zelle)
        if gelesen is None:
            return None
        wert = gelesen
    if wert > 10:
        raise ValueError
    return wert


def datum(zelle: Zelle) -> date | None:
    """Return a day from 2000 to 2099, None if empty; text `31.01.2024` or ISO. Raises: ValueError."""
    if zelle.leer:
        return None
    tag: date | None = zelle.wert if isinstance(zelle.wert, date) else None
    if isinstance(zelle.wert, str):
        for form in ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y"):
            try:
                tag = datetime.strptime(normal(zelle.wert).replace(" ", ""), form).date()  # noqa: DTZ007 a day has no zone
                break
            except ValueError:
                continue
    if tag is None or not 2000 <= tag.year <= 2099:
        raise ValueError
    return tag.date() if isinstance(tag, datetime) else tag


def text(zelle: Zelle) -> str | None:
    """Return the text, trimmed; a number as it stands; None if empty."""
    if zelle.leer:
        return None
    return zelle.anzeige if not isinstance(zelle.wert, str) else zelle.wert.strip()


def email(zelle: Zelle) -> str | None:
    """Return an e-mail address, None if empty. Raises: ValueError."""
    wert = text(zelle)
    if wert is not None and not mailadresse(wert):
        raise ValueError
    return wert


def ja_nein(zelle: Zelle) -> bool | None:
    """Return True for «Ja», False for «Nein», None if empty; TRUE as typed by programs is «Ja». Raises: ValueError."""
    if zelle.leer:
        return None
    if isinstance(zelle.wert, bool):
        return zelle.wert
    antwort = normal(str(zelle.wert)).casefold()
    if antwort not in ("ja", "nein"):
        raise ValueError
    return antwort == "ja"


def auswahl(zelle: Zelle, erlaubt: tuple[str, ...]) -> str | None:
    """Return one of the allowed texts, None if empty; case and blanks do not matter. Raises: ValueError."""
    if zelle.leer:
        return None
    gesucht = normal(str(zelle.wert)).casefold()
    for wert in erlaubt:
        if wert.casefold() == gesucht:
            return wert
    raise ValueError


Anzahl = Annotated[int | None, BeforeValidator(anzahl)]
Zahl = Annotated[Decimal | None, BeforeValidator(zahl)]
Anteil = Annotated[Decimal | None, BeforeValidator(anteil)]
Datum = Annotated[date | None, BeforeValidator(datum)]
Text = Annotated[str | None, BeforeValidator(text)]
EMail = Annotated[str | None, BeforeValidator(email)]
JaNein = Annotated[bool | None, BeforeValidator(ja_nein)]


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
