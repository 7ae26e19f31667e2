"""Incoming payments as the bank reports them: camt.053 (statement) and camt.054 (notification), ISO 20022 of 2019.

Read is what came in and is booked; a collective entry is taken apart into its payments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from krs.export.antwort_werte import AntwortFehler, datum
from krs.export.iso20022 import nachricht, pfad, text, texte
from krs.export.konto import kompakt

_HOECHSTE_GROESSE = 50_000_000  # bytes; a year of a busy account
_EINZEL = "NtryDtls/TxDtls"
_BETRAG = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
_SCOR = "RmtInf/Strd/CdtrRefInf/Ref"
_TRENNT = re.compile(r"[\s,;()]+")


@dataclass(frozen=True, slots=True)
class Gutschrift:
    """One payment that came in, in CHF.

    `beleg`: the bank's own number, by which the payment is known again; one word. `referenz`: the Creditor Reference,
    `zahlung`: the EndToEndId, both empty where the payer gave none. `gutschrift` is False where money went out again.
    """

    beleg: str
    datum: date
    betrag: Decimal
    referenz: str = ""
    zahlung: str = ""
    von: str = ""
    text: str = ""
    gutschrift: bool = True


@dataclass(frozen=True, slots=True)
class Kontoauszug:
    """What a file says: of which accounts (IBAN), and the payments in their order, each once."""

    konten: tuple[str, ...]
    zahlungen: tuple[Gutschrift, ...]


def lies_kontoauszug(daten: bytes, name: str) -> Kontoauszug:
    """Return the incoming payments of a camt.053 or camt.054.

    Args:
        name: the file's, for messages.
    Raises: AntwortFehler: the first thing that is wrong (German sentence).
    """
    try:
        if len(daten) > _HOECHSTE_GROESSE:
            raise AntwortFehler("Die Datei ist grösser als 50 MB; einen kürzeren Zeitraum herunterladen.")
        auszug = nachricht(daten, r"camt\.05[34]", "kein Kontoauszug (camt.053, camt.054)")
        teile = [*auszug.iterfind(pfad("Stmt")), *auszug.iterfind(pfad("Ntfctn"))]
        konten = tuple(dict.fromkeys(kompakt(text(teil, "Acct/Id/IBAN")) for teil in teile))
        return Kontoauszug(konten, tuple(dict.fromkeys(z for teil in teile for z in _zahlungen(teil))))
    except AntwortFehler as fehler:
        raise AntwortFehler(f"{name}: {fehler}") from fehler


def _zahlungen(teil: etree._Element) -> Iterator[Gutschrift]:
    """Yield the payments of one account's part; what is announced only is left out."""
    auszug = text(teil, "Id")
    for nummer, eintrag in enumerate(teil.iterfind(pfad("Ntry")), 1):
        if text(eintrag, "Sts/Cd", "Sts") not in ("BOOK", ""):
            continue
        beleg = text(eintrag, "AcctSvcrRef") or f"{auszug}/{nummer}"
        einzelne = list(eintrag.iterfind(pfad(_EINZEL))) or [eintrag]
        belege = [text(einzel, "Refs/AcctSvcrRef") or beleg for einzel in einzelne]
        if len(set(belege)) < len(belege):  # a bank that gives all payments of an entry one number
            belege = [f"{beleg}/{n}" for n in range(1, len(belege) + 1)]
        for einzel, b in zip(einzelne, belege, strict=True):
            yield _zahlung(eintrag, einzel, b, allein=len(einzelne) == 1)


def _zahlung(eintrag: etree._Element, einzel: etree._Element, beleg: str, *, allein: bool) -> Gutschrift:
    referenz = text(einzel, _SCOR)
    return Gutschrift(
        _TRENNT.sub("-", beleg), _tag(eintrag), _betrag(einzel, *([eintrag] if allein else [])),
        "".join(referenz.split()).upper(), text(einzel, "Refs/EndToEndId"),
        text(einzel, "RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm"), " ".join(texte(einzel, "RmtInf/Ustrd")),
        (text(einzel, "CdtDbtInd") or text(eintrag, "CdtDbtInd")) == "CRDT",
    )  # fmt: skip


def _tag(eintrag: etree._Element) -> date:
    """Return the day of booking: from then on the money is there."""
    tag = datum(text(eintrag, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")[:10])
    if tag is None:
        raise AntwortFehler("Eine Buchung hat kein Datum; bei der Bank neu herunterladen.")
    return tag


def _betrag(*orte: etree._Element) -> Decimal:
    """Return the amount. Raises: AntwortFehler: none, or not in francs."""
    for element in orte:
        for ort in _BETRAG:
            gefunden = element.find(pfad(ort))
            if gefunden is None:
                continue
            if gefunden.get("Ccy") != "CHF":
                raise AntwortFehler(f"Eine Buchung ist in «{gefunden.get('Ccy')}»; erwartet wird ein Konto in CHF.")
            if re.fullmatch(r"\d{1,13}(\.\d{1,5})?", gelesen := gefunden.text or ""):
                return Decimal(gelesen)
    raise AntwortFehler("Eine Buchung hat keinen lesbaren Betrag; bei der Bank neu herunterladen.")
