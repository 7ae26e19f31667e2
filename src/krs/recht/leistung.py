"""What the canton pays for, and the refusal when the circular is silent (Ziff. 4.3.1)."""

from enum import StrEnum


class Leistung(StrEnum):
    """The five subsidised services, in the order of all lists, by the names in all sheets and functions (Ziff. 4.3.1).

    `art`: the kind of talk that is held or interpreted, none for the Sockelbeitrag. `mehrzahl`: what is counted,
    as a sentence names it; `titel`: as a column does. `schluessel`: as fields, decisions and journal name it.

    >>> Leistung("Sockelbeitrag") is Leistung.SOCKEL
    True
    >>> Leistung.ERST_DOLMETSCH.schluessel, Leistung.ERST_DOLMETSCH.titel
    ('erst_dolmetsch', 'Dolmetscheinsätze (Erst)')
    """

    art: str
    mehrzahl: str
    titel: str

    ERST = "Erstinformationsgespräch", "erst", "Erstinformationsgespräche", "Erstinformationsgespräche"
    ERST_DOLMETSCH = (
        "Dolmetschen Erstinformationsgespräch", "erst",
        "Dolmetscheinsätze bei Erstinformationsgesprächen", "Dolmetscheinsätze (Erst)",
    )  # fmt: skip
    INTEG = "Integrationsgespräch", "integ", "Integrationsgespräche", "Integrationsgespräche"
    INTEG_DOLMETSCH = (
        "Dolmetschen Integrationsgespräch", "integ",
        "Dolmetscheinsätze bei Integrationsgesprächen", "Dolmetscheinsätze (Integ)",
    )  # fmt: skip
    SOCKEL = "Sockelbeitrag"

    def __new__(cls, name: str, art: str = "", mehrzahl: str = "", titel: str = "") -> "Leistung":
        """Make the name the value, and the rest its attributes."""
        leistung = str.__new__(cls, name)
        leistung._value_ = name
        leistung.art, leistung.mehrzahl, leistung.titel = art, mehrzahl, titel
        return leistung

    @property
    def schluessel(self) -> str:
        """The key, such as `erst_dolmetsch`."""
        return self.name.lower()

    @property
    def dolmetschen(self) -> bool:
        """True if assignments are counted, not talks."""
        return self.schluessel != self.art != ""


LEISTUNG = {leistung.schluessel: leistung for leistung in Leistung}
GEZAEHLT = tuple(leistung for leistung in Leistung if leistung.art)  # talks and assignments: Anhang 2 counts them
GESPRAECH = {leistung.art: leistung for leistung in GEZAEHLT if not leistung.dolmetschen}
DOLMETSCHEN = {leistung.art: leistung for leistung in GEZAEHLT if leistung.dolmetschen}


class NichtGeregelt(Exception):
    """The circular gives no answer; its text is one German sentence with the remedy, if there is one.

    Never a zero: an amount that is not known is entered in «Stammdaten, Blatt Tarife», with its source.
    """
