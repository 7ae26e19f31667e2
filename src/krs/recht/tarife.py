"""The tariffs of the circular, and what Stammdaten add to them (Ziff. 4.3.1–4.3.3, docs/entscheide/17)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from krs.recht.daten import lade
from krs.recht.leistung import Leistung, NichtGeregelt
from krs.recht.stufen import Tarif, Tarifstufe
from krs.recht.zeit import datum

__all__ = ["TARIFE", "Leistung", "NichtGeregelt", "Tarif", "TarifZeile", "Tarife", "Tarifstufe", "tarif"]


@dataclass(frozen=True, slots=True)
class TarifZeile:
    """One row of Stammdaten, sheet Tarife; an empty Ansatz ends the tariff on that day."""

    leistung: Leistung
    ab: date
    ansatz: Decimal | None
    quelle: str

    def als_wert(self) -> Tarifstufe:
        """Return the row as a value.

        Raises: ValueError: the rate is negative or not a number.
        """
        if self.ansatz is None:
            quelle = f" (Quelle: {self.quelle})" if self.quelle else ""
            satz = (
                f"Der Tarif ist per {datum(self.ab)} beendet{quelle};"
                " ein neuer Ansatz gehört mit Quelle in die Stammdaten, Blatt Tarife."
            )
            return Tarifstufe(self.ab, None, self.quelle, unbekannt=satz)
        if not self.ansatz.is_finite() or self.ansatz < 0:
            raise ValueError(
                f"Stammdaten, Blatt Tarife: Der Ansatz für {self.leistung} ab {datum(self.ab)} muss ein"
                f" Betrag ab 0 sein, gelesen wurde «{self.ansatz}»."
            )
        return Tarifstufe(self.ab, self.ansatz, self.quelle)


class Tarife(Mapping[Leistung, Tarif]):
    """The rates by Leistung; immutable.

    >>> TARIFE[Leistung.ERST].am(date(2022, 3, 1)).betrag, TARIFE[Leistung.ERST].einheit
    (Decimal('200.00'), 'CHF pro Gespräch')
    """

    __slots__ = ("_je_leistung",)

    def __init__(self, je_leistung: Mapping[Leistung, Tarif]) -> None:
        self._je_leistung = dict(je_leistung)

    def __getitem__(self, leistung: Leistung) -> Tarif:
        return self._je_leistung[leistung]

    def __iter__(self) -> Iterator[Leistung]:
        return iter(self._je_leistung)

    def __len__(self) -> int:
        return len(self._je_leistung)

    def mit(self, zeilen: Iterable[TarifZeile]) -> "Tarife":
        """Return a copy with the rows of Stammdaten, which win per Leistung and day.

        Every other row of the table stays: a row «ab 01.07.2023» holds until the row of 01.01.2024.

        Raises: ValueError: a Leistung has two rows for one day, or a negative rate.

        >>> neu = TarifZeile(Leistung.ERST, date(2025, 1, 1), Decimal("210.00"), "Verfügung AGS")
        >>> TARIFE.mit([neu])[Leistung.ERST].am(date(2025, 6, 30)).betrag
        Decimal('210.00')
        """
        neue: dict[Leistung, dict[date, Tarifstufe]] = {}
        for zeile in zeilen:
            werte = neue.setdefault(zeile.leistung, {})
            if zeile.ab in werte:
                raise ValueError(
                    f"Stammdaten, Blatt Tarife: {zeile.leistung} ab {datum(zeile.ab)} ist mehrmals erfasst;"
                    " lassen Sie eine Zeile stehen."
                )
            werte[zeile.ab] = zeile.als_wert()
        ergaenzt = {leistung: self[leistung].mit(werte.values()) for leistung, werte in neue.items()}
        return Tarife({**self._je_leistung, **ergaenzt})


def _wert(zeile: Mapping[str, Any]) -> Tarifstufe:
    return Tarifstufe(
        ab=zeile["ab"],
        betrag=zeile.get("wert"),
        quelle=zeile.get("quelle", ""),
        unbekannt=zeile.get("unbekannt", ""),
        zu_bestaetigen=zeile.get("zu_bestaetigen", False),
    )


def _tarif(eintrag: Mapping[str, Any]) -> Tarif:
    worte = {feld: eintrag[feld] for feld in ("bezeichnung", "einheit", "ziffer", "singular", "plural")}
    return Tarif(**worte, werte=tuple(_wert(zeile) for zeile in eintrag["werte"]))


def aus_daten(tabelle: Mapping[str, Any]) -> Tarife:
    """Return the rates of a table in the shape of tarife.toml."""
    return Tarife({Leistung(eintrag["leistung"]): _tarif(eintrag) for eintrag in tabelle.values()})


TARIFE = aus_daten(lade("tarife.toml"))


def tarif(leistung: Leistung, tag: date, tarife: Tarife = TARIFE) -> Decimal:
    """Return the rate of a Leistung on a day, in CHF (Ziff. 4.3.2, 4.3.3).

    Raises: NichtGeregelt: no rate is in force on that day.

    >>> tarif(Leistung.SOCKEL, date(2023, 1, 1))
    Decimal('7.00')
    """
    return tarife[leistung].am(tag).ansatz
