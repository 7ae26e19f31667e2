"""The Stammdaten: the only workbook that staff keep by hand, typed and checked (entwurf 4.8)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from krs.formulare.befund import Befund, Stufe, meldungen
from krs.formulare.eingabe import LEERE_ZELLE
from krs.formulare.formular import eingabefrist
from krs.formulare.leser import qr_iban
from krs.recht import (
    TARIFE,
    BestandFehlt,
    BestandUnklar,
    BestandZeile,
    Gebiet,
    GemeindeZeile,
    Tarife,
    TarifZeile,
    auslaender,
)
from krs.stammdaten.lesen import Lesung, Rohzeile, Tabelle, Tabellen, lies_blatt, lies_zelle, tabelle_von
from krs.stammdaten.plan import blaetter, blatt, einstellungen_plan, schluessel
from krs.stammdaten.regeln import BLEIBT, REGELN
from krs.stammdaten.sicht import Sicht
from krs.stammdaten.sperren import Sperre, sperren
from krs.stammdaten.zeilen import (
    MODELLE,
    Bestandszeile,
    Einstellungen,
    Entscheid,
    Frist,
    Gemeinde,
    Kredit,
    Projektbewegung,
    Rueckforderung,
    Sozialregion,
    Stammzeile,
    Tarifeintrag,
    Verteilerzeile,
    Zuordnung,
)

__all__ = [
    "Bestandszeile",
    "Einstellungen",
    "Entscheid",
    "Frist",
    "Gemeinde",
    "Kredit",
    "Projektbewegung",
    "Rueckforderung",
    "Sozialregion",
    "Stammdaten",
    "Tabelle",
    "Tabellen",
    "Tarifeintrag",
    "Verteilerzeile",
    "Zuordnung",
    "lies_stammdaten",
]


@dataclass(frozen=True)
class Stammdaten:
    """All usable rows; `gebiet`, `bestand` and `tarife` are what krs.recht takes."""

    gemeinden: tuple[Gemeinde, ...] = ()
    bestandszeilen: tuple[Bestandszeile, ...] = ()
    tarifeintraege: tuple[Tarifeintrag, ...] = ()
    kredit: tuple[Kredit, ...] = ()
    rueckforderungen: tuple[Rueckforderung, ...] = ()
    entscheide: tuple[Entscheid, ...] = ()
    zuordnungen: tuple[Zuordnung, ...] = ()
    fristen: tuple[Frist, ...] = ()
    sozialregionen: tuple[Sozialregion, ...] = ()
    verteiler: tuple[Verteilerzeile, ...] = ()
    projektkredit: tuple[Projektbewegung, ...] = ()
    einstellungen: Einstellungen = field(default_factory=Einstellungen)
    sperren: tuple[Sperre, ...] = ()
    weggelassen: frozenset[int] = frozenset()  # municipalities of which a row could not be used

    @cached_property
    def gebiet(self) -> Gebiet:
        """The municipalities over time."""
        return Gebiet(g.als(GemeindeZeile) for g in self.gemeinden)

    @cached_property
    def bestand(self) -> tuple[BestandZeile, ...]:
        """The foreign residents by municipality and Stichtag."""
        return tuple(b.als(BestandZeile) for b in self.bestandszeilen)

    @cached_property
    def tarife(self) -> Tarife:
        """The rates of the circular with the rows of the sheet Tarife."""
        return TARIFE.mit(t.als(TarifZeile) for t in self.tarifeintraege)

    @cached_property
    def _volle(self) -> dict[GemeindeZeile, Gemeinde]:
        return {g.als(GemeindeZeile): g for g in self.gemeinden}

    def gemeinde(self, bfs: int, tag: date | None = None) -> Gemeinde | None:
        """Return the full row (address, IBAN, contact) in force on a day, or the latest; None without one."""
        zeile = self.gebiet.gemeinde(bfs, tag)
        return self._volle[zeile] if zeile else None

    def gemeinde_oder_letzte(self, bfs: int, tag: date) -> Gemeinde | None:
        """Return the full row in force on a day, else the latest: a municipality that has ended is still paid."""
        return self.gemeinde(bfs, tag) or self.gemeinde(bfs)

    def auslaender(self, bfs: int, jahr: int) -> int | None:
        """Return the residents that count for a contribution year (Ziff. 4.3.2), None if missing or unclear."""
        try:
            return auslaender(self.bestand, self.gebiet, bfs, jahr).anzahl
        except (BestandFehlt, BestandUnklar):
            return None

    def frist(self, bfs: int | None, formular: str, periode: str, tag: date) -> date:
        """Return the deadline of a form as the office had granted it by `tag` (Ziff. 5.2, docs/entscheide/57).

        Of several rows the latest deadline holds; none is before that of the circular.
        """
        neue = (
            f.neue_frist
            for f in self._fristen.get((formular, periode), ())
            if f.bfs_nr in (None, bfs) and f.datum <= tag
        )
        return max([eingabefrist(int(formular[-1]), periode), *neue])

    @cached_property
    def _fristen(self) -> dict[tuple[str, str], list[Frist]]:
        zeilen: dict[tuple[str, str], list[Frist]] = {}
        for f in self.fristen:
            zeilen.setdefault((f.formular, f.periode), []).append(f)
        return zeilen

    def kredit_von(self, jahr: int) -> Kredit | None:
        """Return the credit of a year, None where none is entered."""
        return next((k for k in self.kredit if k.jahr == jahr), None)


def lies_stammdaten(tabellen: Tabellen, datei: str = "Stammdaten.xlsx") -> tuple[Stammdaten, tuple[Befund, ...]]:
    """Return the typed Stammdaten and what is wrong with them; a faulty row is left out and named.

    Args:
        tabellen: sheet name → header and rows, as `krs.mappen.stammdaten.lies_tabellen` gives them.
        datei: the name that the Befunde carry.
    """
    lesung = Lesung(datei)
    for plan in blaetter():
        lies_blatt(lesung, tabellen, plan)
        if plan.id == "gemeinden":
            lesung.namen = {bfs: namen[-1] for bfs, namen in _namen(lesung).items()}
    einstellungen = lies_einstellungen(lesung)
    _regeln(lesung)
    befunde = tuple(sorted(lesung.befunde, key=_ort))
    fehlende = [b.name for b in blaetter() if tabelle_von(tabellen, b) is None]
    gelesen = {
        f"{b.name}!{z.nummer}": z.werte for b in blaetter() if b.id in lesung.zeilen for z in lesung.zeilen[b.id]
    }
    weg = frozenset(z.wert("bfs_nr") for z in lesung.zeilen["gemeinden"] if not z.gut and z.wert("bfs_nr"))
    gesperrt = tuple(sperren(befunde, fehlende, gelesen))
    return replace(_stammdaten(lesung, einstellungen), sperren=gesperrt, weggelassen=weg), befunde


def _ort(befund: Befund) -> tuple[int, int]:
    """Sort key: sheets as planned, then rows; what is wrong with a whole sheet comes first."""
    namen = [schluessel(b.name) for b in blaetter()]
    blatt_ = schluessel(befund.blatt)
    zeile = "".join(z for z in befund.zelle if z.isdigit())
    return namen.index(blatt_) if blatt_ in namen else -1, int(zeile or 0)


def _namen(lesung: Lesung) -> dict[int, tuple[str, ...]]:
    namen: dict[int, tuple[str, ...]] = {}
    for zeile in lesung.zeilen["gemeinden"]:
        bfs = zeile.wert("bfs_nr")
        if bfs is not None:
            namen[bfs] = (*namen.get(bfs, ()), zeile.wert("name") or f"BFS-Nr. {bfs}")
    return namen


def _regeln(lesung: Lesung) -> None:
    gute = {kennung: tuple(z for z in zeilen if z.gut) for kennung, zeilen in lesung.zeilen.items()}
    gebiet = Gebiet(_modell("gemeinden", z).als(GemeindeZeile) for z in gute["gemeinden"])
    sicht = Sicht(gute, _namen(lesung), gebiet)
    for regel in REGELN:
        for v in regel(sicht):
            spalte = blatt(v.blatt).spalte(v.feld)
            lesung.melde(v.code, v.zeile.zellen.get(v.feld, LEERE_ZELLE), spalte.titel, v.zeile, **v.werte)
            if meldungen()[v.code].stufe is Stufe.FEHLER and v.code not in BLEIBT:
                v.zeile.gut = False


def _modell(kennung: str, zeile: Rohzeile) -> Stammzeile:
    return MODELLE[kennung](**zeile.werte, zellen=tuple(zeile.zellen.items()))


def _modelle(lesung: Lesung, kennung: str) -> tuple[Any, ...]:
    return tuple(_modell(kennung, z) for z in lesung.zeilen[kennung] if z.gut)


def _stammdaten(lesung: Lesung, einstellungen: Einstellungen) -> Stammdaten:
    return Stammdaten(
        gemeinden=_modelle(lesung, "gemeinden"),
        bestandszeilen=_modelle(lesung, "bestand"),
        tarifeintraege=_modelle(lesung, "tarife"),
        kredit=_modelle(lesung, "kredit"),
        rueckforderungen=_modelle(lesung, "rueckforderungen"),
        entscheide=_modelle(lesung, "entscheide"),
        zuordnungen=_modelle(lesung, "zuordnungen"),
        fristen=_modelle(lesung, "fristen"),
        sozialregionen=_modelle(lesung, "sozialregionen"),
        verteiler=_modelle(lesung, "verteiler"),
        projektkredit=_modelle(lesung, "projektkredit"),
        einstellungen=einstellungen,
    )


def lies_einstellungen(lesung: Lesung) -> Einstellungen:
    """Return the settings; what is missing or wrong has its default, and a wrong one a Befund."""
    plan = {schluessel(e.titel): e for e in einstellungen_plan()}
    erste: dict[str, Rohzeile] = {}
    werte: dict[str, Any] = {}
    for zeile in (z for z in lesung.zeilen["einstellungen"] if z.gut):
        name, zelle = zeile.wert("name"), zeile.zellen["name"]
        eintrag = plan.get(schluessel(name))
        if eintrag is None:
            lesung.melde("S-20", zelle, name, gelesen=name)
        elif eintrag.id in erste:
            lesung.melde("S-19", zelle, name, was=f"«{eintrag.titel}»", erste=erste[eintrag.id].nummer)
        else:
            erste[eintrag.id] = zeile
            neu = Rohzeile({eintrag.id: zeile.zellen.get("wert", LEERE_ZELLE)})
            if eintrag.id in ("korrekturfrist_tage", "gespraeche_je_100"):  # without the row as krs 0.4 read it
                werte[eintrag.id] = int(eintrag.vorgabe)
            elif eintrag.id == "vier_augen_pflicht":  # likewise; who empties the row, lifts nothing
                werte[eintrag.id] = True
            lies_zelle(lesung, neu, eintrag)
            werte |= neu.werte
            if eintrag.art == "iban" and qr_iban(neu.wert(eintrag.id) or ""):
                lesung.melde("S-17", zeile.zellen["wert"], name, gelesen=zeile.zellen["wert"].anzeige)
    zellen = tuple((k, z.zellen.get("wert", LEERE_ZELLE)) for k, z in erste.items())
    return Einstellungen(**werte, zellen=zellen)
