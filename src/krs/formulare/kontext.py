"""What a rule may look at besides the form itself. Everything is handed in: no clock, no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.eingabe import LEERE_ZELLE, Eingabe, Zeile, Zelle
from krs.formulare.formular import Feld, Formular, Version
from krs.recht import Gebiet

Summen = dict[str, int | None]  # the paid sums of one Anhang 2 by key; None where a count could not be read
_ABSCHNITT = {
    "kontakt_": "Kontakt",
    "beauftragte_": "Integrationsbeauftragte/r",
    "koordination_": "Koordinationsstelle",
}


@dataclass(frozen=True, slots=True)
class Grenzen:
    """Limits of the Stammdaten, Einstellungen.

    Against the previous period; the share of newcomers to reach; talks per 100 foreign residents without a previous
    period (None: the workbook has no such row).
    """

    faktor: Decimal = Decimal(3)
    abstand: int = 20
    erreichung: Decimal | None = None
    je_100: int | None = None


@dataclass(frozen=True, slots=True)
class Kontext:
    """One form under judgement and what is known around it; None where it is not known."""

    akte: Akte
    eingabe: Eingabe
    formular: Formular
    version: Version
    periode: str
    gebiet: Gebiet | None = None
    eingang: date | None = None
    vorperiode: str = ""
    vorsummen: Summen | None = None
    auslaender: int | None = None  # that count for the year of the period
    grenzen: Grenzen = field(default_factory=Grenzen)
    kontakte: tuple[Mapping[str, str], ...] = ()  # by field: as the Stammdaten had them since the day of receipt

    def zelle(self, feld: str) -> Zelle:
        """Return the cell of a field (of a list: its first cell, empty), an empty one where the form has none."""
        if feld in self.eingabe.felder:
            return self.eingabe.felder[feld]
        erste = next((zelle for zeile in self.eingabe.listen.get(feld, ()) for zelle in zeile), LEERE_ZELLE)
        return Zelle(erste.blatt, erste.adresse)

    def zeilen(self, feld: str) -> tuple[Zeile, ...]:
        """Return the rows of a list that hold anything, in step with the rows of the typed form."""
        return gefuellte(self.eingabe.listen.get(feld, ()))

    def ort(self, feld: str) -> str:
        """Return `D14`, or the label where the cell is not known."""
        return self.zelle(feld).adresse or f"«{benennung(self.formular.felder[feld])}»"

    def befund(self, code: str, feld: str, ansprueche: Iterable[str] = (), /, **werte: object) -> Befund:
        """Return the Befund `code` at the cell of `feld`."""
        return melde(self.akte, code, self.zelle(feld), feld, ansprueche, **werte)

    def befund_zelle(
        self, code: str, feld: str, zelle: Zelle, ersatz: Zelle, ansprueche: Iterable[str] = (), /, **werte: object
    ) -> Befund:
        """Return the Befund `code` at a cell of a list row; `ersatz` gives the place where it has none."""
        return melde(self.akte, code, zelle if zelle.adresse else ersatz, feld, ansprueche, **werte)


def gefuellte(zeilen: Iterable[Zeile]) -> tuple[Zeile, ...]:
    """Return the rows in which at least one cell holds something."""
    return tuple(zeile for zeile in zeilen if not all(zelle.leer for zelle in zeile))


def benennung(feld: Feld) -> str:
    """Return the label of a field as a message names it: also without its place clear what is meant.

    >>> from krs.formulare.formular import formular
    >>> benennung(formular("anhang2").felder["erst_dolmetsch_familien"])
    'Erstinformationsgespräche, Dolmetscheinsätze bei Familien'
    """
    if "_dolmetsch_" in feld.schluessel and feld.bezahlt:
        return feld.voll.replace(": ", ", Dolmetscheinsätze ", 1)
    for praefix, titel in _ABSCHNITT.items():
        if feld.schluessel.startswith(praefix):
            return f"{titel}: {feld.bezeichnung}"
    return feld.voll


def aufzaehlung(teile: Sequence[str]) -> str:
    """Return the parts as a German list.

    >>> aufzaehlung(["C25", "C26", "C27"])
    'C25, C26 und C27'
    """
    return " und ".join(filter(None, (", ".join(teile[:-1]), *teile[-1:])))
