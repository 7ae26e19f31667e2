"""Parties of a payment: name, structured address, account; what the Swiss Payment Standards ask of each.

One standard for the payment order (pain.001) and the QR-bill.
The XML schema alone would let town and country be missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal

from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError

from krs.export.zeichen import umschreiben
from krs.formulare.leser import qr_iban
from krs.recht import chf

_KENNUNG = re.compile(r"[A-Za-z0-9 '()+,\-.:?/]*")
_LAENGSTE_KENNUNG = 35
_LAENDER = ("CH", "LI")  # an order in francs of type «D» goes to these only
_LAENGEN = (("name", "Der Name", 70), ("strasse", "Die Strasse", 70), ("hausnummer", "Die Hausnummer", 16),
            ("plz", "Die Postleitzahl", 16), ("ort", "Der Ort", 35))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Adresse:
    """A structured address; street and number may be empty. `land`: ISO 3166, two letters."""

    name: str
    strasse: str
    hausnummer: str
    plz: str
    ort: str
    land: str = "CH"


@dataclass(frozen=True, slots=True)
class Konto(Adresse):
    """The owner of an account, and its IBAN with or without blanks."""

    iban: str = field(kw_only=True)


def bereinigt(adresse: Adresse) -> Adresse:
    """Return the address in allowed characters."""
    return Adresse(*(umschreiben(getattr(adresse, feld.name)) for feld in fields(Adresse)))


def adressfehler(adresse: Adresse) -> Iterator[str]:
    """Yield what is wrong with an address, a German sentence each."""
    a = bereinigt(adresse)
    for feld, was, laenge in _LAENGEN:
        text = getattr(a, feld)
        if len(text) > laenge:
            yield f"{was} «{text}» hat {len(text)} Zeichen, erlaubt sind {laenge}; in den Stammdaten kürzen."
    for text, was in ((a.name, "Der Name"), (a.plz, "Die Postleitzahl"), (a.ort, "Der Ort")):
        if not text:
            yield f"{was} fehlt; in den Stammdaten ergänzen."
    if not re.fullmatch("[A-Z]{2}", a.land):
        yield f"Das Land «{a.land}» ist kein Ländercode aus zwei Grossbuchstaben; «CH» eintragen."


def ibanfehler(text: str) -> Iterator[str]:
    """Yield why no payment in francs goes to this IBAN, one German sentence at most."""
    yield from _ibanfehler(text, "in den Stammdaten ergänzen", "in den Stammdaten berichtigen")


def _ibanfehler(text: str, ergaenzen: str, berichtigen: str) -> Iterator[str]:
    nummer = kompakt(text)
    try:
        stdnum_iban.validate(nummer)
    except ValidationError:
        if not nummer:
            yield f"Die IBAN fehlt; {ergaenzen}."
        else:
            yield f"Die IBAN «{text}» ist ungültig (Länge, Land oder Prüfziffer); {berichtigen}."
        return
    if nummer[:2] not in _LAENDER:
        yield f"Die IBAN «{text}» gehört zu keinem Konto in der Schweiz oder in Liechtenstein; ein solches eintragen."
    elif qr_iban(nummer):
        yield f"Die IBAN «{text}» ist eine QR-IBAN und verlangt eine QR-Referenz; die gewöhnliche IBAN eintragen."


def iban(text: str) -> str:
    """Return the IBAN in groups of four, if payments in francs can go to it.

    Raises: ValueError: they cannot; the sentence says why.

    >>> iban("ch9300762011623852957")
    'CH93 0076 2011 6238 5295 7'
    """
    for satz in _ibanfehler(text, "die Nummer eintragen", "mit der Gemeinde klären"):
        raise ValueError(satz)
    return str(stdnum_iban.format(text))


def betragsfehler(betrag: Decimal, hoechstens: Decimal) -> Iterator[str]:
    """Yield what is wrong with an amount in CHF, one German sentence at most."""
    if not betrag.is_finite() or betrag <= 0:
        yield f"Der Betrag {betrag:f} ist nicht grösser als 0; ohne Betrag wird nicht gezahlt."
    elif betrag > hoechstens:
        yield f"Der Betrag {betrag:f} ist zu hoch, erlaubt sind {chf(hoechstens)}; auf mehrere Zahlungen verteilen."
    elif betrag != round(betrag, 2):
        yield f"Der Betrag {betrag:f} hat mehr als zwei Stellen nach dem Punkt; auf Rappen runden."


def kennungsfehler(kennung: str) -> Iterator[str]:
    """Yield what is wrong with the reference of a message or payment, a German sentence each."""
    if not 0 < len(kennung) <= _LAENGSTE_KENNUNG:
        yield f"Die Kennung «{kennung}» hat {len(kennung)} Zeichen, erlaubt sind 1 bis {_LAENGSTE_KENNUNG}."
    if not _KENNUNG.fullmatch(kennung):
        yield f"Die Kennung «{kennung}» enthält andere Zeichen als A-Z, a-z, 0-9, Leerschlag und '()+,-.:?/."
    if kennung.startswith((" ", "/")) or kennung.endswith((" ", "/")) or "//" in kennung:
        yield f"Die Kennung «{kennung}» beginnt oder endet mit Leerschlag oder «/» oder enthält «//»; weglassen."


def kompakt(iban: str) -> str:
    """Return the IBAN without blanks, in capitals.

    >>> kompakt("CH93 0076 2011 6238 5295 7")
    'CH9300762011623852957'
    """
    return str(stdnum_iban.compact(iban))


def bankleitzahl(iban: str) -> str:
    """Return the number of the bank (IID) in a Swiss IBAN, as the bank master writes it.

    >>> bankleitzahl("CH93 0076 2011 6238 5295 7")
    '762'
    """
    return str(int(kompakt(iban)[4:9]))
