"""Rates and dates of one year, as Anhang 1 announces them: the amount, or the sentence that says why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from krs.recht import (
    TARIFE,
    Halbjahr,
    Leistung,
    NichtGeregelt,
    Tarif,
    Tarife,
    Tarifstufe,
    auszahlungstermin,
    datum,
    frist,
    fristhinweis,
)

ZU_BESTAETIGEN = "zu bestätigen durch AGS"


@dataclass(frozen=True, slots=True)
class Ansatz:
    """One rate for a part of the year, both days inclusive; without a `wert` the sentence says why."""

    leistung: Leistung
    bezeichnung: str
    einheit: str
    ziffer: str
    von: date
    bis: date
    wert: Tarifstufe | None
    satz: str = ""

    @property
    def quelle(self) -> str:
        """The source with its reservation, or what is missing."""
        if self.wert is None:
            return self.satz
        offen = self.wert.zu_bestaetigen and ZU_BESTAETIGEN not in self.wert.quelle
        return f"{self.wert.quelle}, {ZU_BESTAETIGEN}" if offen else self.wert.quelle


@dataclass(frozen=True, slots=True)
class Termin:
    """Until when a form is due, and when what it releases is paid (Ziff. 4.5.2, 5.2); without a day the sentence."""

    was: str
    formular: str
    frist: date
    auszahlung: date | None
    satz: str = ""

    @property
    def hinweis(self) -> str:
        """What a reader must know besides: no date of payment, or a deadline on a weekend."""
        return " ".join(filter(None, (self.satz, fristhinweis(self.frist))))


def _in_kraft(tarif: Tarif, tag: date) -> Tarifstufe | None:
    return next((w for w in reversed(tarif.werte) if w.ab <= tag), None)


def abgelaufen(tarife: Tarife, jahr: int) -> str:
    """Return why there is no Anhang 1: the circular's rate ended, and Stammdaten have no row for what follows."""
    saetze: dict[Leistung, str] = {}
    for leistung, tarif in tarife.items():
        for beginn in (Halbjahr(jahr, 1).beginn, Halbjahr(jahr, 2).beginn):
            zeile, eigene = _in_kraft(tarif, beginn), TARIFE[leistung].werte
            if zeile is None or zeile.betrag is not None or zeile not in eigene:
                continue
            if any(w.betrag is not None for w in eigene if w.ab < zeile.ab):
                saetze.setdefault(leistung, f"{tarif.bezeichnung}: {zeile.unbekannt}")
    if not saetze:
        return ""
    erster, *weitere = saetze
    gleich = f" Dasselbe gilt für: {', '.join(weitere)}." if weitere else ""
    return f"Der Anhang 1 für {jahr} kann nicht erstellt werden. {saetze[erster]}{gleich}"


def ansaetze_von(leistung: Leistung, tarif: Tarif, jahr: int) -> Iterator[Ansatz]:
    """Yield the rate of the year, or those of its half-years; the Sockelbeitrag has one rate a year."""
    erstes, zweites = Halbjahr(jahr, 1), Halbjahr(jahr, 2)
    ganz = _ansatz(leistung, tarif, erstes.beginn, zweites.ende)
    if ganz.wert is not None or leistung is Leistung.SOCKEL:
        yield ganz
        return
    beide = [_ansatz(leistung, tarif, h.beginn, h.ende) for h in (erstes, zweites)]
    gleich = _in_kraft(tarif, erstes.beginn) == _in_kraft(tarif, zweites.beginn)
    if gleich and not any(a.wert for a in beide):
        yield replace(beide[0], bis=zweites.ende)
    else:
        yield from beide


def _ansatz(leistung: Leistung, tarif: Tarif, von: date, bis: date) -> Ansatz:
    wert, satz = None, ""
    try:
        wert = tarif.ueber(von, bis)
    except NichtGeregelt as fehler:
        satz = str(fehler)
    return Ansatz(leistung, tarif.bezeichnung, tarif.einheit, tarif.ziffer, von, bis, wert, satz)


def termine(jahr: int) -> Iterator[Termin]:
    """Yield the dates of one year: Sockelbeitrag, then both half-years."""
    yield _termin(Leistung.SOCKEL, jahr, f"Sockelbeitrag {jahr}", 3)
    for nummer in (1, 2):
        h = Halbjahr(jahr, nummer)
        yield _termin(Leistung.ERST, h, f"Gespräche und Dolmetschen, {h.text}", 2)


def _termin(leistung: Leistung, periode: Halbjahr | int, was: str, anhang: int) -> Termin:
    titel = {2: "Anhang 2 (Reportingformular)", 3: "Anhang 3 (Selbstdeklaration)"}[anhang]
    try:
        return Termin(was, titel, frist(anhang, periode), auszahlungstermin(leistung, periode))
    except NichtGeregelt as fehler:
        return Termin(was, titel, frist(anhang, periode), None, str(fehler))


def nach_aussen(satz: str) -> str:
    """Return a sentence as a municipality reads it: without the part that tells the canton what to enter.

    >>> nach_aussen("Der Ansatz fehlt; erfassen Sie ihn in den Stammdaten.")
    'Der Ansatz fehlt.'
    """
    vorne, strich, _ = satz.partition(";")
    return f"{vorne}." if strich else satz


def zeitraum(a: Ansatz) -> str:
    """Return «01.01.–31.12.2024»."""
    return f"{datum(a.von)[:6]}–{datum(a.bis)}"
