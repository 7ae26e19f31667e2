"""A rate over time: which amount is in force on which day (Ziff. 4.3.2, docs/entscheide/01, 17)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from krs.recht.betrag import franken, tausender
from krs.recht.leistung import NichtGeregelt
from krs.recht.zeit import datum

_ERFASSEN = "erfassen Sie ihn mit Quelle in den Stammdaten, Blatt Tarife"


@dataclass(frozen=True, slots=True)
class Tarifstufe:
    """One row: in force from `ab` (inclusive) to the next row; without `betrag`, `unbekannt` says why."""

    ab: date
    betrag: Decimal | None
    quelle: str = ""
    unbekannt: str = ""
    zu_bestaetigen: bool = False

    @property
    def ansatz(self) -> Decimal:
        """The amount in CHF; NichtGeregelt if the row has none (never for what `am` returned)."""
        if self.betrag is None:
            raise NichtGeregelt(self.unbekannt)
        return self.betrag


@dataclass(frozen=True, slots=True)
class Tarif:
    """The rate of one Leistung: its words and its rows, ascending, one per day."""

    bezeichnung: str
    einheit: str
    ziffer: str
    singular: str
    plural: str
    werte: tuple[Tarifstufe, ...]

    def __post_init__(self) -> None:
        tage = [wert.ab for wert in self.werte]
        if sorted(set(tage)) != tage:
            raise ValueError(f"{self.bezeichnung}: Die Zeilen müssen nach «ab» aufsteigen, jeder Tag einmal.")

    def am(self, tag: date) -> Tarifstufe:
        """Return the row in force on a day; its amount is never None.

        Raises: NichtGeregelt: unknown, not subsidised, ended, or before the first row.

        >>> from krs.recht.tarife import TARIFE, Leistung
        >>> TARIFE[Leistung.ERST_DOLMETSCH].am(date(2018, 7, 1)).betrag
        Decimal('160.00')
        """
        for wert in reversed(self.werte):
            if wert.ab <= tag:
                if wert.betrag is None:
                    raise NichtGeregelt(self._satz(tag, wert.unbekannt))
                return wert
        raise NichtGeregelt(self._satz(tag, f"Kein Ansatz ist bekannt; {_ERFASSEN} (Ziff. {self.ziffer})."))

    def ueber(self, beginn: date, ende: date) -> Tarifstufe:
        """Return the one value for a whole span, both days inclusive (docs/entscheide/01).

        A new row with the same amount inside the span is no change: the row of the first day is
        returned, but `zu_bestaetigen` as soon as any row of the span is.

        Raises: NichtGeregelt: a day of the span has no rate, or the amount changes inside.

        >>> from krs.recht.tarife import TARIFE, Leistung
        >>> TARIFE[Leistung.SOCKEL].ueber(date(2023, 1, 1), date(2023, 12, 31)).ab
        datetime.date(2018, 1, 1)
        """
        erster = self.am(beginn)
        zu_bestaetigen = erster.zu_bestaetigen
        for wert in self.werte:
            if not beginn < wert.ab <= ende:
                continue
            spaeter = self.am(wert.ab)
            if spaeter.ansatz != erster.ansatz:
                raise NichtGeregelt(self._wechsel(erster, spaeter, beginn, ende))
            zu_bestaetigen = zu_bestaetigen or spaeter.zu_bestaetigen
        return replace(erster, zu_bestaetigen=zu_bestaetigen)

    def mit(self, werte: Iterable[Tarifstufe]) -> "Tarif":
        """Return a copy with rows added; a row of the same day is replaced, all others stay."""
        je_tag = {wert.ab: wert for wert in (*self.werte, *werte)}
        return replace(self, werte=tuple(je_tag[ab] for ab in sorted(je_tag)))

    def gezaehlt(self, anzahl: int) -> str:
        """Return a count with its noun.

        >>> from krs.recht.tarife import TARIFE, Leistung
        >>> TARIFE[Leistung.SOCKEL].gezaehlt(1031), TARIFE[Leistung.ERST].gezaehlt(1)
        ("1'031 Personen", '1 Gespräch')
        """
        return f"{tausender(anzahl)} {self.singular if anzahl == 1 else self.plural}"

    def _satz(self, tag: date, grund: str) -> str:
        return f"{self.bezeichnung} am {datum(tag)}: {grund}"

    def _wechsel(self, vorher: Tarifstufe, nachher: Tarifstufe, beginn: date, ende: date) -> str:
        return (
            f"{self.bezeichnung}: Der Ansatz wechselt am {datum(nachher.ab)} von {franken(vorher.ansatz)}"
            f" auf {franken(nachher.ansatz)}, also innerhalb der Zeit vom {datum(beginn)} bis {datum(ende)};"
            " erfassen Sie den Wechsel in den Stammdaten, Blatt Tarife, auf den Beginn einer Periode"
            f" (Ziff. {self.ziffer}, Fussnote 3)."
        )
