"""Amounts with their Rechenweg (Ziff. 4.3.2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from krs.recht.betrag import franken, runden
from krs.recht.leistung import DOLMETSCHEN, GESPRAECH, GEZAEHLT, Leistung
from krs.recht.tarife import TARIFE, Tarife
from krs.recht.zeit import Halbjahr, datum, pruefe_jahr

RECHENWEG = ("Leistung", "Anzahl", "Ansatz", "gültig ab", "Betrag", "Ziffer")
_NICHTS = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Rechenschritt:
    """One line of the Rechenweg: count × rate = amount in CHF, with the clause and the source."""

    leistung: Leistung
    periode: str
    anzahl: int
    ansatz: Decimal
    gueltig_ab: date
    betrag: Decimal
    ziffer: str
    quelle: str
    zu_bestaetigen: bool

    @property
    def text(self) -> str:
        """The line as an officer reads it.

        >>> fallpauschale(12, Halbjahr(2022, 1), "integ").text
        "12 Gespräche × Fr. 200.00 (gültig ab 01.01.2022) = Fr. 2'400.00 (Ziff. 4.3.2)"
        """
        vorbehalt = " – Ansatz zu bestätigen durch AGS" if self.zu_bestaetigen else ""
        return (
            f"{TARIFE[self.leistung].gezaehlt(self.anzahl)} × {franken(self.ansatz)}"
            f" (gültig ab {datum(self.gueltig_ab)}) = {franken(self.betrag)} (Ziff. {self.ziffer}){vorbehalt}"
        )


def _pruefe_anzahl(anzahl: int) -> None:
    if type(anzahl) is not int or anzahl < 0:
        raise ValueError(f"Die Anzahl muss eine ganze Zahl ab 0 sein, gelesen wurde «{anzahl}».")


def _schritt(
    leistung: Leistung, anzahl: int, periode: Halbjahr | int, beginn: date, ende: date, tarife: Tarife
) -> Rechenschritt:
    _pruefe_anzahl(anzahl)
    tarif = tarife[leistung]
    wert = tarif.ueber(beginn, ende)
    return Rechenschritt(
        leistung=leistung,
        periode=str(periode),
        anzahl=anzahl,
        ansatz=wert.ansatz,
        gueltig_ab=wert.ab,
        betrag=runden(anzahl * wert.ansatz),
        ziffer=tarif.ziffer,
        quelle=wert.quelle,
        zu_bestaetigen=wert.zu_bestaetigen,
    )


def pauschale(leistung: Leistung, anzahl: int, periode: Halbjahr, tarife: Tarife) -> Rechenschritt:
    """Return the flat rate for talks or assignments of one half-year; arguments and errors as in `fallpauschale`."""
    return _schritt(leistung, anzahl, periode, periode.beginn, periode.ende, tarife)


def _art(leistungen: dict[str, Leistung], art: str) -> Leistung:
    if art not in leistungen:
        raise ValueError(f"Die Art muss «erst» oder «integ» sein, gelesen wurde «{art}».")
    return leistungen[art]


def fallpauschale(anzahl: int, periode: Halbjahr, art: str = "erst", tarife: Tarife = TARIFE) -> Rechenschritt:
    """Return the flat rate for talks held in one half-year (Ziff. 4.3.2).

    Args:
        anzahl: talks, a whole number >= 0; one talk counts once, however many people took part.
        periode: the half-year of service.
        art: «erst» or «integ».
    Raises: ValueError: wrong count or art. NichtGeregelt: no tariff in force.

    >>> fallpauschale(3, Halbjahr(2024, 1)).betrag
    Decimal('600.00')
    """
    return pauschale(_art(GESPRAECH, art), anzahl, periode, tarife)


def dolmetschpauschale(anzahl: int, periode: Halbjahr, art: str = "erst", tarife: Tarife = TARIFE) -> Rechenschritt:
    """Return the flat rate for assignments booked at HEKS Linguadukt in one half-year (Ziff. 4.3.2).

    Args and errors as in `fallpauschale`; `anzahl` counts assignments.

    >>> dolmetschpauschale(2, Halbjahr(2018, 2)).betrag
    Decimal('320.00')
    """
    return pauschale(_art(DOLMETSCHEN, art), anzahl, periode, tarife)


def sockelbeitrag(auslaender: int, jahr: int, tarife: Tarife = TARIFE) -> Rechenschritt:
    """Return the base contribution of one year (Ziff. 4.3.2).

    Args:
        auslaender: foreign residents at `stichtag(jahr)`, cantonal statistic, >= 0.
        jahr: contribution year; its rate must hold from 01.01. to 31.12.
    Raises: ValueError: wrong count or year. NichtGeregelt: no tariff in force.

    >>> sockelbeitrag(1031, 2023).text
    "1'031 Personen × Fr. 7.00 (gültig ab 01.01.2018) = Fr. 7'217.00 (Ziff. 4.3.2)"
    """
    beginn, ende = date(pruefe_jahr(jahr), 1, 1), date(jahr, 12, 31)
    return _schritt(Leistung.SOCKEL, auslaender, jahr, beginn, ende, tarife)


def beitrag(
    erst: int, erst_dolmetsch: int, integ: int, integ_dolmetsch: int, periode: Halbjahr, tarife: Tarife = TARIFE
) -> tuple[Rechenschritt, ...]:
    """Return the steps for all talks and assignments of one half-year (Ziff. 4.3.2).

    Only counts above zero make a step, so «none» of something unregulated is no obstacle.

    >>> summe(beitrag(12, 4, 3, 1, Halbjahr(2022, 1)))
    Decimal('3800.00')
    """
    anzahlen = dict(zip(GEZAEHLT, (erst, erst_dolmetsch, integ, integ_dolmetsch), strict=True))
    for anzahl in anzahlen.values():
        _pruefe_anzahl(anzahl)
    return tuple(pauschale(welche, anzahl, periode, tarife) for welche, anzahl in anzahlen.items() if anzahl)


def beitraege(
    zeilen: Sequence[Sequence[int] | None], periode: Halbjahr, tarife: Tarife = TARIFE
) -> tuple[Decimal | None, ...]:
    """Return the total of `beitrag` for each row of four counts; None for a row that is None.

    Each rate is looked up once, and each different count multiplied once, so that long tables are quick.

    Raises: ValueError: a wrong count. NichtGeregelt: a count above zero of what has no tariff.

    >>> beitraege([(12, 4, 3, 1), None, (0, 0, 0, 0)], Halbjahr(2022, 1))
    (Decimal('3800.00'), None, Decimal('0.00'))
    """
    spalten = zip(*(zeile for zeile in zeilen if zeile is not None), strict=True)
    betraege = [_betraege(was, anzahlen, periode, tarife) for was, anzahlen in zip(GEZAEHLT, spalten, strict=False)]
    if not betraege:
        return (None,) * len(zeilen)
    a, b, c, d = betraege
    return tuple(None if z is None else a[z[0]] + b[z[1]] + c[z[2]] + d[z[3]] for z in zeilen)


def _betraege(leistung: Leistung, anzahlen: Sequence[int], periode: Halbjahr, tarife: Tarife) -> Mapping[int, Decimal]:
    """Return the amount of each count that occurs; nothing is rounded where the rate is a multiple of 5 Rappen."""
    if set(map(type, anzahlen)) != {int} or min(anzahlen) < 0:
        for anzahl in anzahlen:
            _pruefe_anzahl(anzahl)
    verschiedene = set(anzahlen) - {0}
    if not verschiedene:
        return {0: _NICHTS}
    ansatz = tarife[leistung].ueber(periode.beginn, periode.ende).ansatz
    rund = runden(ansatz)
    if rund == ansatz:
        return {0: _NICHTS} | {anzahl: anzahl * rund for anzahl in verschiedene}
    return {0: _NICHTS} | {anzahl: runden(anzahl * ansatz) for anzahl in verschiedene}


def rechenweg(
    erst: int, erst_dolmetsch: int, integ: int, integ_dolmetsch: int, periode: Halbjahr, tarife: Tarife = TARIFE
) -> tuple[tuple[object, ...], ...]:
    """Return the steps of `beitrag` as a table: the header `RECHENWEG`, one row per step, the total.

    >>> rechenweg(3, 0, 0, 0, Halbjahr(2022, 1))[-1]
    ('Total', None, None, None, Decimal('600.00'), None)
    """
    schritte = beitrag(erst, erst_dolmetsch, integ, integ_dolmetsch, periode, tarife)
    zeilen = ((str(s.leistung), s.anzahl, s.ansatz, s.gueltig_ab, s.betrag, s.ziffer) for s in schritte)
    return (RECHENWEG, *zeilen, ("Total", None, None, None, summe(schritte), None))


def summe(schritte: Iterable[Rechenschritt]) -> Decimal:
    """Return the total of the steps in CHF.

    >>> summe([])
    Decimal('0.00')
    """
    return sum((schritt.betrag for schritt in schritte), _NICHTS)
