"""From a cell of the Stammdaten to a value: one reader per type, ValueError for anything else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError

from krs.formulare import typen
from krs.formulare.eingabe import Zelle
from krs.formulare.formular import periodenbeginn
from krs.formulare.stammdaten_plan import Spalte
from krs.formulare.typen import normal, ziffern
from krs.recht import Halbjahr

HOECHSTER_BESTAND = 999_999  # more foreign residents than the canton has people: a slip of the hand
HOECHSTE_FRANKEN = Decimal(999_999_999)
_ZAHL = re.compile(r"[+-]?\d+([.,]\d+)?")
_VORSATZ = re.compile(r"^(Fr\.|CHF|SFr\.)|(\.[-–—]+)$", re.IGNORECASE)
_JAHRGRUND = re.compile(r"(\d{4})\s*[:,–-]\s*(\S.*)")
_SHA = re.compile(r"[0-9a-f]{64}")
ERWARTET = {
    "bfs": "eine BFS-Nr. aus vier Ziffern",
    "datum": "ein Datum wie 31.01.2024",
    "betrag": "ein Betrag in Franken und Rappen ab 0",
    "betrag_ueber_null": "ein Betrag in Franken und Rappen über 0",
    "ansatz": "ein Betrag in Franken ab 0",
    "anzahl": "eine ganze Zahl ab 0",
    "faktor": "eine Zahl ab 1",
    "jahr": "ein Jahr von 2017 bis 2100",
    "ja_nein": "«Ja» oder «Nein»",
    "halbjahr": "ein Halbjahr wie 2024-H1",
    "periode": "ein Halbjahr wie 2024-H1 oder ein Jahr wie 2024",
    "jahre": "Jahre mit Grund wie «2023: Bestand berichtigt; 2022: neuer Ansatz»",
    "sha256": "eine Prüfsumme aus 64 Zeichen (0–9, a–f)",
    "plz": "vier Ziffern",
    "email": "eine E-Mail-Adresse",
}


def _text(zelle: Zelle) -> str:
    return normal(zelle.wert) if isinstance(zelle.wert, str) else normal(zelle.anzeige)


def zahl(zelle: Zelle) -> Decimal:
    """Return a number of either sign, freed of the noise of binary fractions. Raises: ValueError.

    >>> zahl(Zelle(wert="Fr. 1'234.50")), zahl(Zelle(wert=Decimal("12.350000000000001")))
    (Decimal('1234.50'), Decimal('12.35'))
    """
    if isinstance(zelle.wert, Decimal):
        wert = zelle.wert
    else:
        text = ziffern(_VORSATZ.sub("", ziffern(_text(zelle)))).replace("−", "-")
        if isinstance(zelle.wert, bool) or not _ZAHL.fullmatch(text):
            raise ValueError
        wert = Decimal(text.replace(",", "."))
    if abs(wert) > HOECHSTE_FRANKEN:
        raise ValueError
    knapp = wert.quantize(Decimal("0.000001")).normalize()
    return knapp if knapp != knapp.quantize(Decimal("0.01")) else knapp.quantize(Decimal("0.01"))


def _ganz(zelle: Zelle, von: int, bis: int) -> int:
    wert = zahl(zelle)
    if wert != wert.to_integral_value() or not von <= wert <= bis:
        raise ValueError
    return int(wert)


def _betrag(zelle: Zelle, stellen: int = 2) -> Decimal:
    wert = zahl(zelle)
    exponent = wert.as_tuple().exponent
    if wert < 0 or not isinstance(exponent, int) or -exponent > stellen:
        raise ValueError
    return wert


def _ueber_null(zelle: Zelle) -> Decimal:
    wert = _betrag(zelle)
    if wert == 0:
        raise ValueError
    return wert


def _faktor(zelle: Zelle) -> Decimal:
    wert = zahl(zelle)
    if wert < 1:
        raise ValueError
    return wert


def datum(zelle: Zelle) -> date:
    """Return a day from 1800 to 2099, also from text. Raises: ValueError."""
    tag: date | None = zelle.wert if isinstance(zelle.wert, date) else None
    if isinstance(zelle.wert, str):
        text = normal(zelle.wert).replace(" ", "")
        form = "%Y-%m-%d" if re.fullmatch(r"\d{4}-\d\d?-\d\d?", text) else "%d.%m.%Y"
        tag = datetime.strptime(text, form).date()  # noqa: DTZ007 a day has no zone
    if tag is None or not 1800 <= tag.year <= 2099:
        raise ValueError
    return tag


def iban(zelle: Zelle) -> str:
    """Return an IBAN without blanks. Raises: ValueError.

    >>> iban(Zelle(wert="CH93 0076 2011 6238 5295 7"))
    'CH9300762011623852957'
    """
    try:
        return str(stdnum_iban.validate(_text(zelle)))
    except ValidationError as fehler:
        raise ValueError from fehler


def qr_iban(nummer: str) -> bool:
    """Tell whether the IBAN is for QR-bills only: its institute (IID) is 30000 to 31999."""
    return nummer[:2] in ("CH", "LI") and 30000 <= int(nummer[4:9]) <= 31999


def _periode(zelle: Zelle) -> str:
    text = _text(zelle).upper()
    periodenbeginn(text)
    return text


def _code(zelle: Zelle) -> str:
    return _text(zelle).upper().replace(" ", "")


def _sha256(zelle: Zelle) -> str:
    text = _text(zelle).replace(" ", "").lower()
    if not _SHA.fullmatch(text):
        raise ValueError
    return text


def _jahre(zelle: Zelle) -> tuple[tuple[int, str], ...]:
    teile = [normal(t) for t in re.split(r"[;\n]", str(zelle.wert)) if t.strip()]
    treffer = [_JAHRGRUND.fullmatch(t) for t in teile]
    gelesen = {int(t[1]): t[2] for t in treffer if t}
    if len(gelesen) != len(teile) or not all(2017 <= j <= 2100 for j in gelesen):
        raise ValueError
    return tuple(sorted(gelesen.items()))


def _email(zelle: Zelle) -> str:
    return str(typen.email(zelle))


_LESEN: dict[str, Callable[[Zelle], Any]] = {
    "text": lambda z: z.wert.strip() if isinstance(z.wert, str) else z.anzeige,
    "bfs": lambda z: _ganz(z, 1, 9999),
    "anzahl": lambda z: _ganz(z, 0, HOECHSTER_BESTAND),
    "jahr": lambda z: _ganz(z, 2017, 2100),
    "plz": lambda z: _ganz(z, 1000, 9999),
    "betrag": _betrag,
    "betrag_ueber_null": _ueber_null,
    "ansatz": lambda z: _betrag(z, 4),
    "faktor": _faktor,
    "datum": datum,
    "iban": iban,
    "email": _email,
    "ja_nein": typen.ja_nein,
    "halbjahr": lambda z: Halbjahr.parse(_text(z).upper()),
    "periode": _periode,
    "code": _code,
    "sha256": _sha256,
    "jahre": _jahre,
}


def lies(spalte: Spalte, zelle: Zelle) -> Any:
    """Return the value of a cell that holds something. Raises: ValueError: not of the column's type."""
    if spalte.art == "auswahl":
        return typen.auswahl(zelle, spalte.auswahl)
    return _LESEN[_art(spalte)](zelle)


def erwartet(spalte: Spalte) -> str:
    """Return what the column accepts, as a message says it."""
    if spalte.art == "auswahl":
        return "einer der Werte " + ", ".join(f"«{w}»" for w in spalte.auswahl)
    return ERWARTET[_art(spalte)]


def _art(spalte: Spalte) -> str:
    return "betrag_ueber_null" if spalte.ueber_null else spalte.art
