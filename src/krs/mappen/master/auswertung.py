"""Auswertung: time series, districts, languages, newcomers reached, rates against cost (Ziff. 3.2, 4.3.3, 5.3).

The sheet goes to others: what it shows passes krs.schreiben.publikation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from krs.formulare.anhang2 import anteil_erreicht
from krs.formulare.anhang3 import Anhang3
from krs.lauf.jahreszahlen import Meldung, einsaetze, meldungen, summiert, zeilen
from krs.lauf.status import WEG
from krs.mappen.gestalt.tabelle import Kopf, Schreiber, Wert
from krs.recht import GEZAEHLT
from krs.schreiben import publikation
from krs.urteil.ansprueche import ANERKANNT, jahr_von, summe
from krs.urteil.tafel import GELOESCHT
from krs.urteil.urteil import Urteil


def jahre(urteil: Urteil) -> list[int]:
    """Return the years of service and contribution that have claims."""
    return sorted({jahr_von(a.periode) for a in urteil.ansprueche})


Teile = list[tuple[str, list[Meldung]]]


def _teile(alle: Iterable[Meldung], nach: Callable[[Meldung], str]) -> Teile:
    """Return the reports by period or district, in order (plain sums: docs/entscheide/27)."""
    return [(name, list(teil)) for name, teil in groupby(sorted(alle, key=nach), nach)]


def blatt(s: Schreiber, urteil: Urteil) -> None:
    """Write the sheet: the time series as table «Auswertung», below it districts, languages, newcomers, effort."""
    b = s.mappe.blatt("Auswertung", quer=True)
    for spalte, breite in enumerate((26, 14, 26, 20, 23, 20, 14, 17)):
        b.set_column(spalte, spalte, breite)
    b.freeze_panes(1, 1)
    b.fit_to_pages(1, 0)
    b.set_row(0, 30)
    grenze = urteil.stammdaten.einstellungen.publikationsgrenze
    zahlen = [Kopf("Meldungen", "rechnung"), *(Kopf(g.titel, "rechnung") for g in GEZAEHLT)]
    zahlen += [Kopf("Erreichte Personen", "rechnung")]
    alle, gebiet, weg = meldungen(urteil), urteil.stammdaten.gebiet, geloescht(urteil)
    leere: dict[str, list[Meldung]] = {periode: [] for periode in weg["Anhang 2"]}
    teile = leere | dict(_teile(alle, lambda m: m.periode))
    zeiten, geheim = _zeiten(urteil, sorted(teile.items()), grenze)
    oben = s.tabelle(b, "Auswertung", [Kopf("Periode"), *zahlen, Kopf("anerkannt (Fr.)", "betrag")], zeiten)
    bezirke = _zeilen(_teile(alle, lambda m: gebiet.bezirk(m.bfs_nr)), grenze)
    b.set_row(oben + 2, 30)
    oben = s.tabelle(b, "Bezirke", [Kopf("Bezirk"), *zahlen], bezirke, oben + 2)
    oben = s.tabelle(b, "Sprachen", [Kopf("Sprache"), Kopf("Einsätze", "rechnung")], _sprachen(alle, grenze), oben + 2)
    b.set_row(oben + 2, 30)
    kopf = [Kopf("Periode"), Kopf("Gemeinden mit Angabe", "rechnung"), Kopf("Neuzugezogene erreicht", "prozent")]
    oben = s.tabelle(b, "Erreichung", kopf, _erreichung(sorted(teile.items()), grenze), oben + 2)
    spalten = [
        Kopf("Jahr", "ganz"), Kopf("Gemeinden mit Angabe", "rechnung"), Kopf("Stunden", "betrag"),
        Kopf("Aufwand (Fr.)", "betrag"), Kopf("Beiträge anerkannt (Fr.)", "betrag"), Kopf("Deckung", "prozent"),
    ]  # fmt: skip
    b.set_row(oben + 2, 30)
    oben = s.tabelle(b, "Aufwand", spalten, _aufwand(urteil, grenze, geheim), oben + 2)
    saetze = [*publikation.hinweise(grenze), *(_fehlende(name, zahlen) for name, zahlen in weg.items() if zahlen)]
    for zeile, satz in enumerate(saetze, oben + 1):
        s.zelle(b, zeile, 0, satz, "untertitel")


def geloescht(urteil: Urteil) -> dict[str, Counter[str]]:
    """Return of how many municipalities the form in force is purged, by form and period."""
    return {
        name: Counter(f.akte.periode for f in urteil.geloeschte if f.akte.formular == name)
        for name in ("Anhang 2", "Anhang 3")
    }


def _fehlende(name: str, zahlen: Counter[str]) -> str:
    liste = ", ".join(f"{periode}: {n}" for periode, n in sorted(zahlen.items()))
    return f"Gelöschte Formulare, deren Angaben hier fehlen ({name}): {liste}. Was dafür bezahlt ist, ist enthalten."


def _zeilen(teile: Teile, grenze: int) -> list[list[Wert]]:
    """Return the rows of a table as others may see them: name, forms, counts."""
    return [[z.name, len(teil), *z.werte] for z, (_, teil) in zip(zeilen(teile, grenze), teile, strict=True)]


def _zeiten(urteil: Urteil, teile: Teile, grenze: int) -> tuple[list[list[Wert]], frozenset[int]]:
    """Return the time series with its amounts, and the years in which an amount would give a count away."""
    reihen, perioden = _zeilen(teile, grenze), [p for p, _ in teile]
    ansprueche = {p: [a for a in urteil.ansprueche if a.periode == p] for p in perioden}
    bezahlte = slice(2, 2 + len(GEZAEHLT))
    geheim = [
        any(isinstance(w, str) for w in zeile[bezahlte])
        or publikation.verraet(ansprueche[p], grenze)
        or publikation.verraet([replace(a, status=ANERKANNT) for a in ansprueche[p] if a.grund == WEG], grenze)
        for p, zeile in zip(perioden, reihen, strict=True)
    ]
    reihen = [z if teil else [z[0], *[GELOESCHT] * (len(z) - 1)] for z, (_, teil) in zip(reihen, teile, strict=True)]
    franken = publikation.betraege([summe(ansprueche[p]) for p in perioden], geheim)
    jahre_ = frozenset(jahr_von(p) for p, g in zip(perioden, geheim, strict=True) if g)
    return [[*zeile, betrag] for zeile, betrag in zip(reihen, franken, strict=True)], jahre_


def _sprachen(alle: Iterable[Meldung], grenze: int) -> list[list[Wert]]:
    """Assignments by language, most first; what is not told follows by name, so that the order tells nothing."""
    je_sprache, (_, erst, _, integ, _) = einsaetze(alle), summiert(alle)
    kleine = publikation.klein(erst, grenze) or publikation.klein(integ, grenze)
    gezeigt = publikation.spalte([*je_sprache.values()], grenze, kleine)
    reihen: list[list[Wert]] = [[sprache, zahl] for sprache, zahl in zip(je_sprache, gezeigt, strict=True)]
    return sorted(reihen, key=lambda z: (-z[1] if isinstance(z[1], int) else 0, str(z[0])))


def _erreichung(teile: Teile, grenze: int) -> Iterator[list[Wert]]:
    """Yield by period who stated both and the share of their sums; no count of reached or missed persons follows."""
    for periode, teil in teile:
        paare = [m.erreicht for m in teil if m.erreicht]
        personen, neue = (sum(z) for z in zip((0, 0), *paare, strict=True))
        kleine = any(publikation.klein(z, grenze) for z in (personen, neue, abs(neue - personen)))
        anteil = publikation.NICHT_GENANNT if kleine and neue else anteil_erreicht(paare)
        yield [periode, len(paare), anteil] if teil else [periode, GELOESCHT, GELOESCHT]


def _aufwand(urteil: Urteil, grenze: int, geheim: frozenset[int]) -> list[list[Wert]]:
    """Effort of the year before the Selbstdeklaration, against what was recognised for the same municipalities."""
    reihen: list[list[Wert]] = []
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
        if not gemeinden and geloescht(urteil)["Anhang 3"][str(jahr)]:
            reihen.append([jahr - 1, *[GELOESCHT] * 5])
            continue
        if jahr - 1 in geheim or publikation.verraet(ansprueche, grenze):
            gezeigt = [publikation.NICHT_GENANNT] * 2
        reihen.append([jahr - 1, len(gemeinden), stunden, kosten, *gezeigt])
    return reihen
