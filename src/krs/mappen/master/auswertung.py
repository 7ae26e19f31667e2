"""Auswertung: time series, districts, languages, flat rates against effective cost (Ziff. 4.3.3, 5.3).

The sheet goes to others: what it shows passes krs.schreiben.publikation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from krs.formulare.anhang2 import BEZAHLT, Anhang2
from krs.formulare.anhang3 import Anhang3
from krs.mappen.gestalt.tabelle import Kopf, Schreiber, Wert
from krs.recht import DOLMETSCHEN, GEZAEHLT
from krs.schreiben import publikation
from krs.urteil.ansprueche import jahr_von, summe
from krs.urteil.fassung import Fassung
from krs.urteil.urteil import Urteil


def jahre(urteil: Urteil) -> list[int]:
    """Return the years of service and contribution that have claims."""
    return sorted({jahr_von(a.periode) for a in urteil.ansprueche})


@dataclass(slots=True)
class Summe:
    """Sums over Anhang 2 in force: forms, the four paid counts, persons reached."""

    meldungen: int = 0
    zahlen: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BEZAHLT, 0))
    personen: int = 0

    def gezaehlt(self) -> tuple[int, ...]:
        """Return the counts of talks, assignments and persons in the order of the columns."""
        return *self.zahlen.values(), self.personen


def summen(urteil: Urteil, nach: Callable[[Fassung], str]) -> dict[str, Summe]:
    """Return the sums by period or district, in order (plain sums: docs/entscheide/27)."""
    ergebnis: dict[str, Summe] = {}
    for f in urteil.gueltige:
        if isinstance(f.modell, Anhang2):
            s = ergebnis.setdefault(nach(f), Summe())
            s.meldungen += 1
            for k, n in f.modell.summen().items():
                s.zahlen[k] += n or 0
            s.personen += (f.modell.erst_personen or 0) + (f.modell.integ_personen or 0)
    return dict(sorted(ergebnis.items()))


def blatt(s: Schreiber, urteil: Urteil) -> None:
    """Write the sheet: the time series as table «Auswertung», below it districts, languages and effort."""
    b = s.mappe.blatt("Auswertung", quer=True)
    for spalte, breite in enumerate((26, 14, 26, 20, 23, 20, 14, 17)):
        b.set_column(spalte, spalte, breite)
    b.freeze_panes(1, 1)
    b.fit_to_pages(1, 0)
    b.set_row(0, 30)
    grenze = urteil.stammdaten.einstellungen.publikationsgrenze
    zahlen = [Kopf("Meldungen", "rechnung"), *(Kopf(g.titel, "rechnung") for g in GEZAEHLT)]
    zahlen += [Kopf("Erreichte Personen", "rechnung")]
    perioden = summen(urteil, lambda f: f.akte.periode)
    zeiten, geheim = _zeiten(urteil, perioden, grenze)
    oben = s.tabelle(b, "Auswertung", [Kopf("Periode"), *zahlen, Kopf("anerkannt (Fr.)", "betrag")], zeiten)
    bezirke = _zeilen(summen(urteil, lambda f: bezirk(urteil, f)), grenze)
    b.set_row(oben + 2, 30)
    oben = s.tabelle(b, "Bezirke", [Kopf("Bezirk"), *zahlen], bezirke, oben + 2)
    sprachen = _sprachen(urteil, grenze, perioden.values())
    oben = s.tabelle(b, "Sprachen", [Kopf("Sprache"), Kopf("Einsätze", "rechnung")], sprachen, oben + 2)
    spalten = [
        Kopf("Jahr", "ganz"), Kopf("Gemeinden mit Angabe", "rechnung"), Kopf("Stunden", "betrag"),
        Kopf("Aufwand (Fr.)", "betrag"), Kopf("Beiträge anerkannt (Fr.)", "betrag"), Kopf("Deckung", "prozent"),
    ]  # fmt: skip
    b.set_row(oben + 2, 30)
    oben = s.tabelle(b, "Aufwand", spalten, _aufwand(urteil, grenze, geheim), oben + 2)
    for zeile, satz in enumerate(publikation.hinweise(grenze), oben + 1):
        s.zelle(b, zeile, 0, satz, "untertitel")


def _zeilen(tabelle: Mapping[str, Summe], grenze: int) -> list[list[Wert]]:
    """Return the rows of a table as others may see them: name, forms, counts."""
    spalten = zip(*(z.gezaehlt() for z in tabelle.values()), strict=True)
    gezeigt = zip(*(publikation.spalte(zahlen, grenze) for zahlen in spalten), strict=True)
    return [[name, z.meldungen, *werte] for (name, z), werte in zip(tabelle.items(), gezeigt, strict=True)]


def _zeiten(urteil: Urteil, perioden: Mapping[str, Summe], grenze: int) -> tuple[list[list[Wert]], frozenset[int]]:
    """Return the time series with its amounts, and the years in which an amount would give a count away."""
    zeilen = _zeilen(perioden, grenze)
    ansprueche = {p: [a for a in urteil.ansprueche if a.periode == p] for p in perioden}
    bezahlte = slice(2, 2 + len(GEZAEHLT))
    geheim = [
        any(isinstance(w, str) for w in zeile[bezahlte]) or publikation.verraet(ansprueche[p], grenze)
        for p, zeile in zip(perioden, zeilen, strict=True)
    ]
    franken = publikation.betraege([summe(ansprueche[p]) for p in perioden], geheim)
    jahre_ = frozenset(jahr_von(p) for p, g in zip(perioden, geheim, strict=True) if g)
    return [[*zeile, betrag] for zeile, betrag in zip(zeilen, franken, strict=True)], jahre_


def bezirk(urteil: Urteil, f: Fassung) -> str:
    """Return the district of the municipality whose form it is."""
    gemeinde = urteil.stammdaten.gebiet.gemeinde(f.akte.bfs_nr or 0)
    return gemeinde.bezirk if gemeinde else ""


def _sprachen(urteil: Urteil, grenze: int, perioden: Iterable[Summe]) -> list[list[Wert]]:
    """Assignments by language, most first; what is not told follows by name, so that the order tells nothing."""
    einsaetze: Counter[str] = Counter()
    for f in urteil.gueltige:
        for z in f.modell.sprachen if isinstance(f.modell, Anhang2) else ():
            if z.sprache and z.einsaetze:
                einsaetze[z.sprache[:1].upper() + z.sprache[1:]] += z.einsaetze
    reihen = list(perioden)
    totale = [sum(z.zahlen[k] for z in reihen) for k in (d.schluessel for d in DOLMETSCHEN.values())]
    gezeigt = publikation.spalte([*einsaetze.values()], grenze, any(publikation.klein(t, grenze) for t in totale))
    zeilen: list[list[Wert]] = [[sprache, zahl] for sprache, zahl in zip(einsaetze, gezeigt, strict=True)]
    return sorted(zeilen, key=lambda z: (-z[1] if isinstance(z[1], int) else 0, str(z[0])))


def _aufwand(urteil: Urteil, grenze: int, geheim: frozenset[int]) -> list[list[Wert]]:
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
        ansprueche = [a for a in urteil.ansprueche if jahr_von(a.periode) == jahr - 1 and a.bfs_nr in gemeinden]
        beitraege = summe(ansprueche)
        deckung = (beitraege / kosten).quantize(Decimal("0.0001")) if kosten else None
        gezeigt: list[Wert] = [beitraege, deckung]
        if jahr - 1 in geheim or publikation.verraet(ansprueche, grenze):
            gezeigt = [publikation.NICHT_GENANNT] * 2
        zeilen.append([jahr - 1, len(gemeinden), stunden, kosten, *gezeigt])
    return zeilen
