"""From a cell of the Stammdaten to a value: one reader per type, ValueError for anything else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from krs.formulare import typen
from krs.formulare.eingabe import Zelle
from krs.formulare.formular import periodenbeginn
from krs.formulare.typen import normal
from krs.formulare.zahlen import HOECHSTER_BESTAND, betrag, faktor, ganz, text, ueber_null
from krs.recht import Halbjahr
from krs.stammdaten.plan import Stammspalte

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
    "jahre": "eine Liste von Jahren mit Grund wie «2023: Bestand berichtigt; 2022: neuer Ansatz»",
    "sha256": "eine Prüfsumme aus 64 Zeichen (0–9, a–f)",
    "plz": "eine Postleitzahl aus vier Ziffern",
    "email": "eine E-Mail-Adresse",
}


def datum(zelle: Zelle) -> date:
    """Return a day from 1800 to 2099, also from text. Raises: ValueError."""
    tag: date | None = zelle.wert if isinstance(zelle.wert, date) else None
    if isinstance(zelle.wert, str):
        inhalt = normal(zelle.wert).replace(" ", "")
        form = "%Y-%m-%d" if re.fullmatch(r"\d{4}-\d\d?-\d\d?", inhalt) else "%d.%m.%Y"
        tag = datetime.strptime(inhalt, form).date()  # noqa: DTZ007 a day has no zone
    if tag is None or not 1800 <= tag.year <= 2099:
        raise ValueError
    return tag


def iban(zelle: Zelle) -> str:
    """Return an IBAN without blanks. Raises: ValueError.

    >>> iban(Zelle(wert="CH93 0076 2011 6238 5295 7"))
    'CH9300762011623852957'
    """
    from stdnum import iban as stdnum_iban
    from stdnum.exceptions import ValidationError

    try:
        return str(stdnum_iban.validate(text(zelle)))
    except ValidationError as fehler:
        raise ValueError from fehler


def qr_iban(nummer: str) -> bool:
    """Tell whether the IBAN is for QR-bills only: its institute (IID) is 30000 to 31999."""
    return nummer[:2] in ("CH", "LI") and 30000 <= int(nummer[4:9]) <= 31999


def _periode(zelle: Zelle) -> str:
    periode = text(zelle).upper()
    periodenbeginn(periode)
    return periode


def _code(zelle: Zelle) -> str:
    return text(zelle).upper().replace(" ", "")


def _sha256(zelle: Zelle) -> str:
    summe = text(zelle).replace(" ", "").lower()
    if not _SHA.fullmatch(summe):
        raise ValueError
    return summe


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
    "bfs": lambda z: ganz(z, 1, 9999),
    "anzahl": lambda z: ganz(z, 0, HOECHSTER_BESTAND),
    "jahr": lambda z: ganz(z, 2017, 2100),
    "plz": lambda z: ganz(z, 1000, 9999),
    "betrag": betrag,
    "betrag_ueber_null": ueber_null,
    "ansatz": lambda z: betrag(z, 4),
    "faktor": faktor,
    "datum": datum,
    "iban": iban,
    "email": _email,
    "ja_nein": typen.ja_nein,
    "halbjahr": lambda z: Halbjahr.parse(text(z).upper()),
    "periode": _periode,
    "code": _code,
    "sha256": _sha256,
    "jahre": _jahre,
}


def lies(spalte: Stammspalte, zelle: Zelle) -> Any:
    """Return the value of a cell that holds something. Raises: ValueError: not of the column's type."""
    if spalte.art == "auswahl":
        return typen.auswahl(zelle, spalte.auswahl)
    return _LESEN[_art(spalte)](zelle)


def erwartet(spalte: Stammspalte) -> str:
    """Return what the column accepts, as a message says it."""
    if spalte.art == "auswahl":
        return "einer der Werte " + ", ".join(f"«{w}»" for w in spalte.auswahl)
    return ERWARTET[_art(spalte)]


def _art(spalte: Stammspalte) -> str:
    return "betrag_ueber_null" if spalte.ueber_null else spalte.art
