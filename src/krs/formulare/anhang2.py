"""Anhang 2, Reportingformular: the typed form and its sums (Ziff. 4.3.2, 5.2); its rules are in regeln_anhang2.py."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal

from krs.formulare.kontext import Summen
from krs.formulare.typen import Anzahl, Datum, EMail, JaNein, Modell, Text
from krs.recht import GEZAEHLT

GRUPPEN = {"einzelpersonen": "Einzelpersonen", "familien": "Familien", "gruppen": "Personengruppen"}
BEZAHLT = tuple(leistung.schluessel for leistung in GEZAEHLT)


class SprachZeile(Modell):
    """One row of the list `sprachen`."""

    sprache: Text = None
    einsaetze: Anzahl = None


class Anhang2(Modell):
    """All fields of all versions; what a version lacks stays None."""

    gemeinde: Text = None
    bfs_nr: Anzahl = None
    periode: Text = None
    kontakt_name: Text = None
    kontakt_funktion: Text = None
    kontakt_email: EMail = None
    kontakt_telefon: Text = None
    datum: Datum = None
    nullmeldung: JaNein = None
    erst_einzelpersonen: Anzahl = None
    erst_familien: Anzahl = None
    erst_gruppen: Anzahl = None
    erst_dolmetsch_einzelpersonen: Anzahl = None
    erst_dolmetsch_familien: Anzahl = None
    erst_dolmetsch_gruppen: Anzahl = None
    erst_dolmetsch_andere: Anzahl = None
    erst_personen: Anzahl = None
    erst_sozialregion: Anzahl = None
    erst_neuzugezogene: Anzahl = None
    erst_schweizer: Anzahl = None
    integ_einzelpersonen: Anzahl = None
    integ_familien: Anzahl = None
    integ_gruppen: Anzahl = None
    integ_dolmetsch_einzelpersonen: Anzahl = None
    integ_dolmetsch_familien: Anzahl = None
    integ_dolmetsch_gruppen: Anzahl = None
    integ_dolmetsch_andere: Anzahl = None
    integ_personen: Anzahl = None
    integ_sozialregion: Anzahl = None
    integ_durch_verantwortliche: JaNein = None
    integ_nachweis: JaNein = None
    sozialregion_dossier: JaNein = None
    sprachen: tuple[SprachZeile, ...] = ()
    bemerkungen: Text = None
    bestaetigung: JaNein = None

    def zaehle(self, vorne: str) -> int | None:
        """Return the sum over the three settings, None if none of them was readable."""
        werte = [self.wert(f"{vorne}_{g}") for g in GRUPPEN]
        gelesen = [w for w in werte if w is not None]
        return sum(gelesen) if gelesen else None

    def ganz(self, vorne: str) -> int | None:
        """Return the sum over the three settings, None if one of them is missing: no half sum is compared."""
        return None if any(self.wert(f"{vorne}_{g}") is None for g in GRUPPEN) else self.zaehle(vorne)

    def summen(self, ganz: bool = False) -> Summen:
        """Return the paid sums; a Nullmeldung counts as 0 (entwurf 4.3). `ganz`: None where a count is missing."""
        zaehle = self.ganz if ganz else self.zaehle
        return {k: 0 if self.nullmeldung else zaehle(k) for k in BEZAHLT}

    def erreicht(self) -> tuple[int, int] | None:
        """Return the persons reached and the newcomers (Ziff. 3.2), None unless both are stated."""
        personen = (self.erst_personen or 0) if self.nullmeldung else self.erst_personen
        return None if personen is None or self.erst_neuzugezogene is None else (personen, self.erst_neuzugezogene)

    def gezaehlt(self) -> tuple[int | None, ...]:
        """Return the twelve paid counts, to compare two municipalities."""
        return tuple(self.wert(f"{b}_{g}") for b in BEZAHLT for g in GRUPPEN)


def anteil_erreicht(paare: Iterable[tuple[int, int] | None]) -> Decimal | None:
    """Return the share of newcomers reached, in whole percent and never rounded up; None without newcomers.

    Over several reports it is that of their sums, never a mean of shares (docs/entscheide/72).

    >>> anteil_erreicht([(31, 40)]), anteil_erreicht([(31, 40), (0, 60), None]), anteil_erreicht([(3, 0)])
    (Decimal('0.77'), Decimal('0.31'), None)
    """
    genannt = [p for p in paare if p is not None]
    personen, neue = (sum(z) for z in zip((0, 0), *genannt, strict=True))
    return (Decimal(personen) / neue).quantize(Decimal("0.01"), ROUND_FLOOR) if neue else None


def prozent(anteil: Decimal | None) -> str:
    """Return a share as it is read.

    >>> prozent(Decimal("0.77")), prozent(Decimal("0.8")), prozent(None)
    ('77 %', '80 %', '')
    """
    return "" if anteil is None else f"{(anteil * 100).normalize():f} %"
