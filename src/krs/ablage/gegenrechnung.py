"""A released run must add up: its CSV files, lauf.json and the payment order say the same (entwurf 4.5).

Hashes can be computed anew by whoever changes a file; sums that are kept three times cannot be changed in one place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from krs.lauf.buchung import NULL, Buchung
from krs.lauf.plan import Abrechnung
from krs.recht import chf

SUMMEN = ("anspruch", "differenz", "verrechnet", "auszahlung", "rechnung")
_ZAHLUNG = re.compile(rb"<EndToEndId>([^<]{1,35})</EndToEndId>.*?<InstdAmt Ccy=\"CHF\">([\d.]{1,20})<", re.DOTALL)
_KONTO = re.compile(
    rb"<EndToEndId>([^<]{1,35})</EndToEndId>(?:(?!</CdtTrfTxInf>).)*?<CdtrAcct>\s*<Id>\s*<IBAN>([0-9A-Z]{5,34})<",
    re.DOTALL,
)
_TOTAL = re.compile(rb"<CtrlSum>([\d.]{1,20})</CtrlSum>")


def summen(abrechnungen: Sequence[Abrechnung]) -> dict[str, Decimal]:
    """Return the control totals of a run in CHF."""
    return {n: sum((getattr(a, n) for a in abrechnungen), NULL) for n in SUMMEN}


def bezahlte_konten(auftrag: bytes) -> dict[str, str]:
    """Return to which IBAN a payment order pays, by EndToEndId."""
    return {kennung.decode(): iban.decode() for kennung, iban in _KONTO.findall(auftrag)}


def widersprueche(
    inhalt: Mapping[str, Any], buchungen: Sequence[Buchung], abrechnungen: Sequence[Abrechnung], auftrag: bytes | None
) -> Iterator[str]:
    """Yield what does not add up in a run: both sides with their amounts in CHF.

    Args:
        inhalt: lauf.json.
        auftrag: pain001.xml, empty where nothing is paid; None: not looked at.
    """
    gerechnet = summen(abrechnungen)
    for name, wert in gerechnet.items():
        if (soll := Decimal(inhalt["summen"][name])) != wert:
            yield f"lauf.json nennt als {name.capitalize()} {chf(soll)}, zahlungen.csv ergibt {chf(wert)}"
    gebucht: Counter[int] = Counter()
    for b in buchungen:
        gebucht[b.bfs_nr] += int(b.betrag * 100)
    for a in abrechnungen:
        if gebucht.pop(a.bfs_nr, 0) != a.auszahlung * 100:
            yield f"buchungen.csv ergibt für {a.gemeinde} einen anderen Betrag als die Auszahlung {chf(a.auszahlung)}"
    if any(gebucht.values()):
        yield "buchungen.csv nennt Gemeinden, die in zahlungen.csv fehlen"
    in_rechnung = sum((Decimal(r["betrag"]) for r in inhalt["rechnungen"]), NULL)
    if in_rechnung != gerechnet["rechnung"]:
        yield f"die Rechnungen in lauf.json ergeben {chf(in_rechnung)}, zahlungen.csv {chf(gerechnet['rechnung'])}"
    if auftrag is not None:
        yield from _auftrag(abrechnungen, gerechnet["auszahlung"], auftrag)


def _auftrag(abrechnungen: Sequence[Abrechnung], auszahlung: Decimal, auftrag: bytes) -> Iterator[str]:
    bezahlt = {f"KRS-{a.lauf}-{a.bfs_nr}": a.auszahlung for a in abrechnungen if a.auszahlung}
    bank = {i.decode(): Decimal(b.decode()) for i, b in _ZAHLUNG.findall(auftrag)}
    for kennung in sorted(bezahlt.keys() | bank.keys()):
        hier, dort = bank.get(kennung, NULL), bezahlt.get(kennung, NULL)
        if hier != dort:
            yield f"pain001.xml zahlt für {kennung} {chf(hier)}, zahlungen.csv {chf(dort)}"
    total = {Decimal(t.decode()) for t in _TOTAL.findall(auftrag)}
    if total - {auszahlung}:
        yield f"pain001.xml nennt als Total {chf(max(total))}, zahlungen.csv ergibt {chf(auszahlung)}"
