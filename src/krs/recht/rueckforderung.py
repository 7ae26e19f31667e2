"""Net a clawback against a credit balance (Ziff. 4.7)."""

from dataclasses import dataclass
from decimal import Decimal

from krs.recht.betrag import franken


@dataclass(frozen=True, slots=True)
class Verrechnung:
    """What is netted, paid out and invoiced, in CHF; never below zero."""

    verrechnet: Decimal
    auszahlung: Decimal
    rechnung: Decimal


def verrechnung(guthaben: Decimal, rueckforderung: Decimal) -> Verrechnung:
    """Net an open Rückforderung against a Guthaben; the remainder is paid or invoiced (Ziff. 4.7).

    Args:
        guthaben: what the municipality is owed, CHF >= 0.
        rueckforderung: what it owes, CHF >= 0.
    Raises: ValueError: an amount is negative or not a number.

    >>> verrechnung(Decimal("1000.00"), Decimal("1500.00"))
    Verrechnung(verrechnet=Decimal('1000.00'), auszahlung=Decimal('0.00'), rechnung=Decimal('500.00'))
    """
    for name, betrag in (("Das Guthaben", guthaben), ("Die Rückforderung", rueckforderung)):
        if not betrag.is_finite() or betrag < 0:
            gelesen = franken(betrag) if betrag.is_finite() else str(betrag)
            raise ValueError(f"{name} muss ein Betrag ab 0 sein, gelesen wurde «{gelesen}» (Ziff. 4.7).")
    verrechnet = min(guthaben, rueckforderung)
    return Verrechnung(verrechnet, guthaben - verrechnet, rueckforderung - verrechnet)
