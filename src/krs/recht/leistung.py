"""What the canton pays for, and the refusal when the circular is silent (Ziff. 4.3.1)."""

from enum import StrEnum


class Leistung(StrEnum):
    """The five subsidised services, by the names that every sheet and function uses (Ziff. 4.3.1).

    >>> Leistung("Sockelbeitrag") is Leistung.SOCKEL
    True
    """

    ERST = "Erstinformationsgespräch"
    ERST_DOLMETSCH = "Dolmetschen Erstinformationsgespräch"
    INTEG = "Integrationsgespräch"
    INTEG_DOLMETSCH = "Dolmetschen Integrationsgespräch"
    SOCKEL = "Sockelbeitrag"


class NichtGeregelt(Exception):
    """The circular gives no answer; its text is one German sentence with the remedy, if there is one.

    Never a zero: an amount that is not known is entered in «Stammdaten, Blatt Tarife», with its source.
    """
