"""Show and round francs (Ziff. 4.3.2, docs/entscheide/22)."""

from decimal import ROUND_HALF_UP, Decimal

_RAPPEN = Decimal("0.01")
_MUENZE = Decimal("0.05")


def chf(betrag: Decimal) -> str:
    """Return an amount with two decimals and apostrophes; display only, half a Rappen shows as one.

    >>> chf(Decimal("1234.5")), chf(Decimal("-1234567.05")), chf(Decimal("0"))
    ("1'234.50", "-1'234'567.05", '0.00')
    """
    gezeigt = betrag.quantize(_RAPPEN, ROUND_HALF_UP) + 0  # + 0: no «-0.00»
    return f"{gezeigt:,.2f}".replace(",", "'")


def tausender(anzahl: int) -> str:
    """Return a whole number with apostrophes.

    >>> tausender(1031), tausender(7)
    ("1'031", '7')
    """
    return f"{anzahl:,}".replace(",", "'")


def franken(betrag: Decimal) -> str:
    """Return an amount in the circular's style.

    >>> franken(Decimal("1234.5"))
    "Fr. 1'234.50"
    """
    return f"Fr. {chf(betrag)}"


def runden(betrag: Decimal) -> Decimal:
    """Round half up to 5 Rappen, once per booking.

    Negative amounts mirror positive ones: the half goes away from zero, so that a booking and
    its reversal cancel out. All of the circular's rates are whole francs; nothing changes there.

    >>> runden(Decimal("1.025")), runden(Decimal("-1.025")), runden(Decimal("1.02"))
    (Decimal('1.05'), Decimal('-1.05'), Decimal('1.00'))
    """
    muenzen = (betrag / _MUENZE).quantize(Decimal(1), ROUND_HALF_UP)
    return (muenzen * _MUENZE).quantize(_RAPPEN) + 0
