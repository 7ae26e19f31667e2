"""Where each field of a form stands on its sheet: positions from the order in the TOML, nothing typed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from krs.formulare.formular import Feld, Formular, Version
from krs.mappen.gestalt.schrift import hoehe, zeilen
from krs.recht import GEZAEHLT

KOPFZEILEN = 6
HOEHE = {2: 15.75, 3: 17.25}  # Anhang 2 has one page
ABSTAND = 5.0
LABEL, WERT, LETZTE = 1, 2, 5  # columns B, C and F
_BREIT = ("text", "email")


@dataclass(frozen=True, slots=True)
class Platz:
    """A cell, or a cell merged to `bis` (columns, 0-based)."""

    zeile: int
    spalte: int
    bis: int

    @property
    def adresse(self) -> str:
        """`D14`"""
        return f"{'ABCDEFGH'[self.spalte]}{self.zeile + 1}"


@dataclass(frozen=True, slots=True)
class Block:
    """One section with its first row and the fields it shows."""

    daten: dict[str, Any]
    titelzeile: int | None
    zeile: int
    ende: int


@dataclass(slots=True)
class Aufbau:
    """The plan of one sheet: field key → Platz, and the sections in order."""

    formular: Formular
    version: Version
    plaetze: dict[str, Platz] = field(default_factory=dict)
    bloecke: list[Block] = field(default_factory=list)
    listen: dict[str, tuple[int, int, int]] = field(default_factory=dict)  # first row, rows, columns
    hoehen: dict[int, float] = field(default_factory=dict)
    rechnung: dict[str, int] = field(default_factory=dict)  # claim key → row
    summenzeile: int | None = None
    zeilen: int = 0

    def adresse(self, feld: str) -> str:
        """Return the address of a field, `D14`."""
        return self.plaetze[feld].adresse

    def felder(self, schluessel: list[str]) -> Iterator[Feld]:
        """Yield those of the named fields that this version has."""
        for k in schluessel:
            if k in self.version.felder:
                yield self.formular.felder[k]


def plane(formular: Formular, version: Version) -> Aufbau:
    """Return the plan for one version of a form."""
    plan = Aufbau(formular, version)
    kopf = {"gemeinde": Platz(1, LABEL, LETZTE), "bfs_nr": Platz(2, LETZTE, LETZTE)}
    kopf["periode" if "periode" in version.felder else "jahr"] = Platz(3, LETZTE, LETZTE)
    plan.plaetze.update(kopf)
    zeile = KOPFZEILEN
    for daten in formular.abschnitte:
        if "titel" in daten:
            plan.hoehen[zeile] = ABSTAND
            zeile += 1
        titel = zeile if "titel" in daten else None
        beginn = zeile + (titel is not None)
        ende = _PLANER[daten["art"]](plan, daten, beginn)
        plan.bloecke.append(Block(daten, titel, beginn, ende))
        zeile = ende
    plan.zeilen = zeile
    return plan


def _hoehe(plan: Aufbau, beschriftung: str, hilfe: str = "", mehrzeilig: int = 1) -> float:
    """Return the height of a row: as much as its label, its help and its entry need."""
    breiten = plan.formular.spaltenbreiten
    neben = sum(breiten[WERT + 1 : LETZTE + 1])
    noetig = (hoehe(zeilen(beschriftung, breiten[LABEL])), hoehe(zeilen(hilfe, neben, 8), 8), hoehe(mehrzeilig))
    return max(HOEHE[plan.formular.nummer], *noetig)


def _felder(plan: Aufbau, daten: dict[str, Any], zeile: int) -> int:
    for feld in plan.felder(daten["felder"]):
        breit = feld.art in _BREIT
        plan.plaetze[feld.schluessel] = Platz(zeile, WERT, LETZTE if breit else WERT)
        lang = feld.mehrzeilig * (plan.formular.nummer - 1) if feld.mehrzeilig > 1 else 1
        plan.hoehen[zeile] = _hoehe(plan, feld.bezeichnung, "" if breit else feld.hilfe, lang)
        zeile += 1
    return zeile


def _matrix(plan: Aufbau, daten: dict[str, Any], zeile: int) -> int:
    plan.hoehen[zeile] = 27.0
    zeile += 1  # column heads
    for gruppe in daten["gruppen"]:
        zeile += 1  # title of the group
        for name in gruppe["felder"]:
            orte = {spalte["praefix"] + name: WERT + 2 * nummer for nummer, spalte in enumerate(daten["spalten"])}
            plaetze = {k: Platz(zeile, ort, ort) for k, ort in orte.items() if k in plan.version.felder}
            plan.plaetze |= plaetze
            zeile += bool(plaetze)
    return zeile


def _aufgaben(plan: Aufbau, daten: dict[str, Any], zeile: int) -> int:
    for feld in plan.felder(daten["felder"]):
        plan.plaetze[feld.schluessel] = Platz(zeile, WERT, WERT)
        plan.plaetze[feld.schluessel + "_text"] = Platz(zeile, WERT + 1, LETZTE)
        plan.hoehen[zeile] = hoehe(4)
        zeile += 1
    return zeile


def _liste(plan: Aufbau, daten: dict[str, Any], zeile: int) -> int:
    feld = plan.formular.felder[daten["feld"]]
    plan.listen[feld.schluessel] = (zeile + 1, feld.zeilen, len(feld.spalten))
    plan.plaetze[feld.schluessel] = Platz(zeile + 1, LABEL, LABEL)
    return zeile + 1 + feld.zeilen


def _rechnung(plan: Aufbau, _daten: dict[str, Any], zeile: int) -> int:
    zeile += 1  # column heads
    if plan.formular.id == "anhang3":
        plan.rechnung["sockel"] = zeile
        plan.plaetze["auslaender_anzahl"] = Platz(zeile, WERT, WERT)
        plan.plaetze["sockelbeitrag"] = Platz(zeile, WERT + 2, LETZTE)
        plan.hoehen[zeile + 1] = hoehe(2, 8)
        return zeile + 2
    for leistung in (g for g in GEZAEHLT if g.art in plan.version.arten):
        plan.rechnung[leistung.schluessel] = zeile
        zeile += 1
    plan.summenzeile = zeile
    return zeile + 2


_PLANER = {"felder": _felder, "matrix": _matrix, "aufgaben": _aufgaben, "liste": _liste, "rechnung": _rechnung}
