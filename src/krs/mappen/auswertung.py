"""Auswertung: time series, districts, languages, flat rates against effective cost (Ziff. 4.3.3, 5.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from krs.formulare.anhang2 import Anhang2
from krs.formulare.anhang3 import Anhang3
from krs.formulare.ansprueche import jahr_von, summe
from krs.formulare.urteil import Urteil
from krs.formulare.versionen import Fassung
from krs.mappen.tabelle import Schreiber, Spalte, Wert

_ZAEHLEN = {
    "erst": "Erstinformationsgespräche", "erst_dolmetsch": "Dolmetscheinsätze (Erst)",
    "integ": "Integrationsgespräche", "integ_dolmetsch": "Dolmetscheinsätze (Integ)",
}  # fmt: skip


def jahre(urteil: Urteil) -> list[int]:
    """Return the years of service and contribution that have claims."""
    return sorted({jahr_von(a.periode) for a in urteil.ansprueche})


def jahressumme(urteil: Urteil, jahr: int, status: str) -> Decimal:
    """Return the sum in CHF of the claims of one year in one state (docs/entscheide/03)."""
    return summe((a for a in urteil.ansprueche if jahr_von(a.periode) == jahr), status)


@dataclass(slots=True)
class Summe:
    """Sums over Anhang 2 in force: forms, the four paid counts, persons reached."""

    meldungen: int = 0
    zahlen: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_ZAEHLEN, 0))
    personen: int = 0

    def werte(self) -> list[Wert]:
        """Return the figures in the order of the columns."""
        return [self.meldungen, *self.zahlen.values(), self.personen]


def summen(urteil: Urteil, nach: Callable[[Fassung], str]) -> dict[str, Summe]:
    """Return the sums by period or district, in order (plain sums: docs/entscheide/27)."""
    ergebnis: dict[str, Summe] = {}
    for f in urteil.gueltige:
        if isinstance(f.modell, Anhang2):
            s = ergebnis.setdefault(nach(f), Summe())
            gezaehlt = f.modell.summen()
            s.meldungen += 1
            for k in _ZAEHLEN:
                s.zahlen[k] += getattr(gezaehlt, k) or 0
            s.personen += (f.modell.erst_personen or 0) + (f.modell.integ_personen or 0)
    return dict(sorted(ergebnis.items()))


def blatt(s: Schreiber, urteil: Urteil) -> None:
    """Write the sheet: the time series as table «Auswertung», below it districts, languages and effort."""
    b = s.mappe.blatt("Auswertung", quer=True)
    b.set_column(0, 0, 26)
    b.set_column(1, 7, 15)
    b.freeze_panes(1, 1)
    b.fit_to_pages(1, 0)
    b.set_row(0, 30)
    zahlen = [Spalte("Meldungen", "rechnung"), *(Spalte(t, "rechnung") for t in _ZAEHLEN.values())]
    zahlen += [Spalte("Erreichte Personen", "rechnung")]
    zeiten = [
        [p, *z.werte(), summe(a for a in urteil.ansprueche if a.periode == p)]
        for p, z in summen(urteil, lambda f: f.akte.periode).items()
    ]
    oben = s.tabelle(b, "Auswertung", [Spalte("Periode"), *zahlen, Spalte("anerkannt (Fr.)", "betrag")], zeiten)
    bezirke = [[bezirk, *z.werte()] for bezirk, z in summen(urteil, lambda f: _bezirk(urteil, f)).items()]
    b.set_row(oben + 2, 30)
    oben = s.tabelle(b, "Bezirke", [Spalte("Bezirk"), *zahlen], bezirke, oben + 2)
    oben = s.tabelle(b, "Sprachen", [Spalte("Sprache"), Spalte("Einsätze", "rechnung")], _sprachen(urteil), oben + 2)
    spalten = [
        Spalte("Jahr", "ganz"), Spalte("Gemeinden mit Angabe", "rechnung"), Spalte("Stunden", "betrag"),
        Spalte("Aufwand (Fr.)", "betrag"), Spalte("Beiträge anerkannt (Fr.)", "betrag"), Spalte("Deckung", "prozent"),
    ]  # fmt: skip
    b.set_row(oben + 2, 30)
    s.tabelle(b, "Aufwand", spalten, _aufwand(urteil), oben + 2)


def _bezirk(urteil: Urteil, f: Fassung) -> str:
    gemeinde = urteil.stammdaten.gebiet.gemeinde(f.akte.bfs_nr or 0)
    return gemeinde.bezirk if gemeinde else ""


def _sprachen(urteil: Urteil) -> list[list[Wert]]:
    summen: dict[str, int] = {}
    for f in urteil.gueltige:
        for z in f.modell.sprachen if isinstance(f.modell, Anhang2) else ():
            if z.sprache and z.einsaetze:
                name = z.sprache[:1].upper() + z.sprache[1:]
                summen[name] = summen.get(name, 0) + z.einsaetze
    return [[k, v] for k, v in sorted(summen.items(), key=lambda p: (-p[1], p[0]))]


def _aufwand(urteil: Urteil) -> list[list[Wert]]:
    """Effort of the year before the Selbstdeklaration, against what was recognised for the same municipalities."""
    zeilen: list[list[Wert]] = []
    for jahr in urteil.jahre:
        modelle = {f.akte.bfs_nr: f.modell for f in urteil.gueltige if f.akte.periode == str(jahr)}
        angaben = [
            (bfs, m.aufwand_stunden or Decimal(0), m.aufwand_franken)
            for bfs, m in modelle.items()
            if isinstance(m, Anhang3) and m.aufwand_franken is not None
        ]
        gemeinden = {bfs for bfs, _, _ in angaben}
        stunden = sum((s for _, s, _ in angaben), Decimal(0))
        kosten = sum((k for _, _, k in angaben), Decimal(0))
        beitraege = summe(a for a in urteil.ansprueche if jahr_von(a.periode) == jahr - 1 and a.bfs_nr in gemeinden)
        deckung = (beitraege / kosten).quantize(Decimal("0.0001")) if kosten else None
        zeilen.append([jahr - 1, len(gemeinden), stunden, kosten, beitraege, deckung])
    return zeilen
