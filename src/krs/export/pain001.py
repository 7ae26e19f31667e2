"""The payment order for the bank: ISO 20022 pain.001.001.09 as the Swiss Payment Standards 2025 want it.

Payment type «D» (in Switzerland and Liechtenstein, in francs), one group, booked as one sum. Rules beyond the XML
schema are checked here; the numbers of chapters are those of the guidelines for credit transfers, version 2.2.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from lxml import etree

from krs.export.konto import (
    Adresse,
    Konto,
    adressfehler,
    bankleitzahl,
    bereinigt,
    betragsfehler,
    ibanfehler,
    kennungsfehler,
    kompakt,
)
from krs.export.zeichen import umschreiben

_NS = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_PRAEFIXE: dict[str, str] = {None: _NS}  # type: ignore[dict-item]  # the stubs know no default namespace
_LEITFADEN = "0202"  # version of the guidelines (chap. 3.9)
_LAENGSTE_MITTEILUNG = 140
_LAENGSTE_SOFTWARE = 128
_HOECHSTBETRAG = Decimal("9999999999.99")
_MEISTE_ZAHLUNGEN = 99_999


@dataclass(frozen=True, slots=True)
class Zahlung:
    """One payment in CHF. `end_to_end_id` stays with it up to the payee's account statement."""

    end_to_end_id: str
    betrag: Decimal
    empfaenger: Konto
    mitteilung: str


@dataclass(frozen=True, slots=True)
class Zahlungsauftrag:
    """All payments of one run. `msg_id` never comes twice: by it the bank knows a file that was sent again.

    `auftraggeber` gives name and IBAN; the standard wants no address of the payer.
    """

    msg_id: str
    erstellt: date
    valuta: date
    auftraggeber: Konto
    zahlungen: tuple[Zahlung, ...]
    software: str
    version: str


class PainFehler(ValueError):
    """The order would be turned away; `probleme` are all reasons, a German sentence each."""

    def __init__(self, probleme: tuple[str, ...]) -> None:
        super().__init__("\n".join(probleme))
        self.probleme = probleme


def pain001(auftrag: Zahlungsauftrag) -> bytes:
    """Return the payment order as XML in UTF-8; the same order gives the same bytes.

    Texts are written in allowed characters (`umschreiben`). Whether banks work on the value date is not judged.

    Raises: PainFehler: with all problems.
    """
    if probleme := tuple(_probleme(auftrag)):
        raise PainFehler(probleme)
    nachricht = _e("Document", _e("CstmrCdtTrfInitn", _kopf(auftrag), _gruppe(auftrag)))
    text: str = etree.tostring(nachricht, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


# --- the message ----------------------------------------------------------------------------
def _kopf(auftrag: Zahlungsauftrag) -> etree._Element:
    """Return the A-level. It was made at midday: no clock decides what is in a file."""
    software = (("NAME", auftrag.software), ("VRSN", auftrag.version), ("SPSV", _LEITFADEN))
    return _e(
        "GrpHdr",
        _e("MsgId", auftrag.msg_id),
        _e("CreDtTm", f"{auftrag.erstellt.isoformat()}T12:00:00"),
        *_summen(auftrag),
        _e(
            "InitgPty",
            _e("Nm", umschreiben(auftrag.auftraggeber.name)),
            _e("CtctDtls", *(_e("Othr", _e("ChanlTp", art), _e("Id", umschreiben(text))) for art, text in software)),
        ),
    )


def _gruppe(auftrag: Zahlungsauftrag) -> etree._Element:
    """Return the B-level. The bank's booking bears its id, which is the message's."""
    zahler = auftrag.auftraggeber
    bank = _e("ClrSysMmbId", _e("ClrSysId", _e("Cd", "CHBCC")), _e("MmbId", bankleitzahl(zahler.iban)))
    return _e(
        "PmtInf",
        _e("PmtInfId", auftrag.msg_id),
        _e("PmtMtd", "TRF"),
        _e("BtchBookg", "true"),
        *_summen(auftrag),
        _e("ReqdExctnDt", _e("Dt", auftrag.valuta.isoformat())),
        _e("Dbtr", _e("Nm", umschreiben(zahler.name))),
        _e("DbtrAcct", _e("Id", _e("IBAN", kompakt(zahler.iban)))),
        _e("DbtrAgt", _e("FinInstnId", bank)),
        *(_zahlung(z, uetr(auftrag, z.end_to_end_id)) for z in auftrag.zahlungen),
    )


def _summen(auftrag: Zahlungsauftrag) -> tuple[etree._Element, etree._Element]:
    summe = sum((z.betrag for z in auftrag.zahlungen), Decimal(0))
    return _e("NbOfTxs", f"{len(auftrag.zahlungen)}"), _e("CtrlSum", f"{summe:.2f}")


def uetr(auftrag: Zahlungsauftrag, end_to_end_id: str) -> str:
    """Return the id by which banks trace a payment: shaped like a UUID of version 4, the same for the same payment.

    Who pays belongs to it: another office that works with krs names its runs alike.
    """
    woraus = "\n".join((kompakt(auftrag.auftraggeber.iban), auftrag.msg_id, end_to_end_id, str(auftrag.erstellt)))
    return str(UUID(bytes=hashlib.sha256(woraus.encode()).digest()[:16], version=4))


def _zahlung(zahlung: Zahlung, uetr: str) -> etree._Element:
    """Return one payment of the C-level. The payee's bank follows from the IBAN (chap. 3.12, option 1)."""
    kennung = zahlung.end_to_end_id
    return _e(
        "CdtTrfTxInf",
        _e("PmtId", _e("InstrId", kennung), _e("EndToEndId", kennung), _e("UETR", uetr)),
        _e("Amt", _e("InstdAmt", f"{zahlung.betrag:.2f}", Ccy="CHF")),
        _empfaenger(bereinigt(zahlung.empfaenger)),
        _e("CdtrAcct", _e("Id", _e("IBAN", kompakt(zahlung.empfaenger.iban)))),
        *(_e("RmtInf", ustrd) for ustrd in _nichtleer("Ustrd", umschreiben(zahlung.mitteilung))),
    )


def _empfaenger(a: Adresse) -> etree._Element:
    teile = (("StrtNm", a.strasse), ("BldgNb", a.hausnummer), ("PstCd", a.plz), ("TwnNm", a.ort), ("Ctry", a.land))
    return _e("Cdtr", _e("Nm", a.name), _e("PstlAdr", *(e for name, text in teile for e in _nichtleer(name, text))))


def _nichtleer(name: str, text: str) -> Iterator[etree._Element]:
    """Yield the element; an empty one is not allowed (chap. 3.4)."""
    if text:
        yield _e(name, text)


def _e(name: str, *inhalt: str | etree._Element, **merkmale: str) -> etree._Element:
    element = etree.Element(f"{{{_NS}}}{name}", merkmale, nsmap=_PRAEFIXE)
    for teil in inhalt:
        if isinstance(teil, str):
            element.text = teil
        else:
            element.append(teil)
    return element


# --- what the bank would turn away ----------------------------------------------------------
def _probleme(auftrag: Zahlungsauftrag) -> Iterator[str]:
    yield from (f"Auftrag: {satz}" for satz in kennungsfehler(auftrag.msg_id))
    for was, text in (("Name", auftrag.software), ("Version", auftrag.version)):
        if not 0 < len(umschreiben(text)) <= _LAENGSTE_SOFTWARE:
            yield f"Auftrag: {was} der Software «{text}» hat nicht 1 bis {_LAENGSTE_SOFTWARE} Zeichen; berichtigen."
    yield from (f"Auftraggeber: {satz}" for satz in _zahlerfehler(auftrag.auftraggeber))
    if not 0 < (anzahl := len(auftrag.zahlungen)) <= _MEISTE_ZAHLUNGEN:
        yield f"Auftrag: {anzahl} Zahlungen, eine Datei fasst 1 bis {_MEISTE_ZAHLUNGEN}; teilen oder weglassen."
    for nummer, zahlung in enumerate(auftrag.zahlungen, 1):
        ort = f"Zahlung {nummer} ({zahlung.empfaenger.name or 'ohne Namen'})"
        yield from (f"{ort}: {satz}" for satz in _zahlungsfehler(zahlung))
    for kennung, anzahl in Counter(z.end_to_end_id for z in auftrag.zahlungen).items():
        if anzahl > 1:
            yield f"Auftrag: Die Kennung «{kennung}» kommt {anzahl}-mal vor; jede Zahlung braucht ihre eigene."


def _zahlerfehler(konto: Konto) -> Iterator[str]:
    """Yield what is wrong with the payer: the order carries only name and IBAN."""
    name = umschreiben(konto.name)
    if not 0 < len(name) <= 70:
        yield f"Der Name «{name}» hat {len(name)} Zeichen, erlaubt sind 1 bis 70; in den Stammdaten berichtigen."
    yield from ibanfehler(konto.iban)


def _zahlungsfehler(zahlung: Zahlung) -> Iterator[str]:
    yield from kennungsfehler(zahlung.end_to_end_id)
    yield from betragsfehler(zahlung.betrag, _HOECHSTBETRAG)
    yield from ibanfehler(zahlung.empfaenger.iban)
    yield from adressfehler(zahlung.empfaenger)
    if (laenge := len(umschreiben(zahlung.mitteilung))) > _LAENGSTE_MITTEILUNG:
        yield f"Die Mitteilung hat {laenge} Zeichen, erlaubt sind {_LAENGSTE_MITTEILUNG}; kürzen."
