"""Seeded random entries for a form: valid ones, blanks, zeros, contradictions, as a municipality may type them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from krs.formulare.eingabe import Eingabe, Rohwert, Zelle
from krs.formulare.formular import JA_NEIN, Feld
from krs.mappen.vorlage.aufbau import LABEL, Aufbau, Platz

Werte = dict[str, Rohwert]  # address → what is typed
EPOCHE = date(1899, 12, 30)
_TEXTE = ("Muster Anna", "Weiss & Söhne", "032 555 11 22", "a@b.example", "<kein> \"Text\" 'hier'", " ")


class Zufall:
    """The entries of one round; blanks, zeros and truthfulness vary from round to round."""

    def __init__(self, plan: Aufbau, saat: str) -> None:
        self.plan, self.wuerfel = plan, Random(saat)
        self.leer = self.wuerfel.choice((0, 0, 0, 0.05, 0.3, 0.8))
        self.null = self.wuerfel.choice((0.1, 0.3, 0.6, 1))
        self.brav = self.wuerfel.random() < 0.5  # no contradiction sought

    def werte(self) -> Werte:
        """Return the entries of all cells, also those that stay empty."""
        plan = self.plan
        werte: Werte = {}
        for feld in plan.formular.felder_von(plan.version):
            if feld.eingabe and feld.art != "liste":
                leer = self.wuerfel.random() < self.leer
                werte[plan.adresse(feld.schluessel)] = None if leer else self._wert(feld)
        if self.brav and "nullmeldung" in plan.plaetze:
            self._ordnen(werte)
        for schluessel in plan.listen:
            werte |= self._liste(plan.formular.felder[schluessel], werte)
        return werte

    def _wert(self, feld: Feld) -> Rohwert:
        w = self.wuerfel
        if feld.schluessel == "nullmeldung":
            return "Nein" if self.brav else w.choice(("Ja", "Nein", "Nein", "ja"))
        if feld.art == "anzahl":
            return Decimal(0) if w.random() < self.null else Decimal(w.choice((1, 2, 3, 7, 12, 40, 9999)))
        if feld.auswahl:
            erste = 0 if feld.auswahl == JA_NEIN or feld.schluessel.startswith("aufgabe") else -2
            return feld.auswahl[erste] if self.brav or w.random() < 0.7 else w.choice(feld.auswahl)
        zahlen: dict[str, Rohwert] = {
            "zahl": Decimal("120.5"), "betrag": Decimal("8400.05"), "anteil": Decimal("0.2"),
            "datum": date(2024, 1, 1 + w.randrange(31)), "email": "integration@ort.example",
        }  # fmt: skip
        return zahlen.get(feld.art) or w.choice(_TEXTE)

    def _ordnen(self, werte: Werte) -> None:
        """Make most contradictions go away: no more assignments, nor talks of the Sozialregion, than talks."""
        for art in [k for k in self.plan.rechnung if not k.endswith("_dolmetsch")]:
            orte = {g: self.plan.adresse(f"{art}_{g}") for g in ("einzelpersonen", "familien", "gruppen")}
            for gruppe, ort in orte.items():
                dolmetsch, gespraeche = self.plan.adresse(f"{art}_dolmetsch_{gruppe}"), werte[ort]
                if isinstance(werte[dolmetsch], Decimal) and isinstance(gespraeche, Decimal):
                    werte[dolmetsch] = min(werte[dolmetsch], gespraeche)  # type: ignore[type-var]
            werte[self.plan.adresse(f"{art}_sozialregion")] = Decimal(0)

    def _liste(self, feld: Feld, werte: Werte) -> Werte:
        erste, zeilen, _ = self.plan.listen[feld.schluessel]
        voll = self.wuerfel.randrange(zeilen + 1)
        neu: Werte = {}
        for zeile in range(erste, erste + zeilen):
            for n, spalte in enumerate(feld.spalten):
                da = zeile - erste < voll and not self.wuerfel.random() < self.leer
                wert: Rohwert = Decimal(1) if spalte.art in ("anzahl", "betrag") else "Tigrinya"
                neu[Platz(zeile, LABEL + n, LABEL + n).adresse] = wert if da else None
        if feld.schluessel == "sprachen" and self.brav:
            neu |= dict.fromkeys(neu)
            summe, zeile = self._einsaetze(werte), erste + 1
            while summe:
                neu |= {f"B{zeile}": "Arabisch", f"C{zeile}": min(summe, Decimal(9999))}
                summe, zeile = summe - min(summe, Decimal(9999)), zeile + 1
        return neu

    def _einsaetze(self, werte: Werte) -> Decimal:
        gruppen = ("einzelpersonen", "familien", "gruppen")
        orte = [self.plan.adresse(f"{k}_{g}") for k in self.plan.rechnung if k.endswith("_dolmetsch") for g in gruppen]
        return sum((w for o in orte if isinstance(w := werte[o], Decimal)), Decimal(0))


def als_eingabe(vorlage: Eingabe, werte: Werte) -> Eingabe:
    """Return the form as the reader would give it after these entries; `vorlage` is the blank one."""

    def neu(zelle: Zelle) -> Zelle:
        return replace(zelle, wert=werte.get(zelle.adresse, zelle.wert))

    listen = {k: tuple(tuple(neu(z) for z in zeile) for zeile in zeilen) for k, zeilen in vorlage.listen.items()}
    return replace(vorlage, felder={k: neu(z) for k, z in vorlage.felder.items()}, listen=listen)


def als_json(wert: Rohwert) -> Any:
    """Return a value as arbeiter.py types it: days are serial numbers."""
    if isinstance(wert, date):
        return (wert - EPOCHE).days
    return float(wert) if isinstance(wert, Decimal) else wert
