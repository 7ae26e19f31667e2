"""What a talk really costs against the flat rates: the yearly review of the contributions (Ziff. 4.3.3, 5.3).

Hours and francs of a year stand in the Selbstdeklaration of the next one. Where it is the lead's that stands for its
members, their talks and contributions count with it (docs/entscheide/13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from krs.formulare.anhang3 import Anhang3
from krs.formulare.kontext import aufzaehlung
from krs.lauf.buchung import NULL
from krs.lauf.jahreszahlen import MINDESTENS, Bezahlt, Gruppe, Meldung, Wert, Zeile, summiert
from krs.recht import GEZAEHLT, Leistung, Tarif
from krs.schreiben.publikation import NICHT_GENANNT, klein
from krs.urteil.urteil import Urteil

_RAPPEN, _PROMILLE = Decimal("0.01"), Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Kosten:
    """Effort of a year as others may see it.

    `stunden`, `franken`: of the municipalities that told both. `kanton`: hours per talk, francs per talk, contributions
    for talks and interpreters per talk, and the share of the effort that all contributions cover.
    """

    gemeinden: int
    stunden: Decimal
    franken: Decimal
    kanton: Zeile


@dataclass(frozen=True, slots=True)
class Angaben:
    """The effort that was told, and which municipalities it covers: municipality → who told it."""

    stunden: Mapping[int, Decimal]
    franken: Mapping[int, Decimal]
    durch: Mapping[int, int]

    def gedeckt(self, erzaehler: Set[int]) -> frozenset[int]:
        """Return the municipalities whose effort these told."""
        return frozenset(bfs for bfs, wer in self.durch.items() if wer in erzaehler)


def angaben(urteil: Urteil, jahr: int, alle: Sequence[Meldung]) -> Angaben:
    """Return the effort of a year, told in the Selbstdeklaration of the next: hours and francs.

    Only of those for which the talks of both half-years are reported: half a year of talks says nothing of its cost.
    """
    formulare = {
        f.akte.bfs_nr: f.modell
        for f in urteil.gueltige
        if isinstance(f.modell, Anhang3) and f.akte.periode == str(jahr + 1)
    }
    gebiet, tag = urteil.stammdaten.gebiet, date(jahr + 1, 1, 1)
    perioden: dict[int, set[str]] = {}
    durch: dict[int, int] = {}
    for m in alle:
        perioden.setdefault(m.bfs_nr, set()).add(m.periode)
        heute = gebiet.nachfolgerin(m.bfs_nr, tag)
        wer = heute if heute in formulare else gebiet.leitgemeinde(heute, tag)
        if wer is not None:
            durch[m.bfs_nr] = wer
    halb = {wer for bfs, wer in durch.items() if len(perioden[bfs]) < 2}
    stunden: dict[int, Decimal] = {}
    franken: dict[int, Decimal] = {}
    for bfs, modell in formulare.items():
        if bfs is None or bfs in halb or bfs not in durch.values():
            continue
        if modell.aufwand_stunden is not None and modell.aufwand_franken:
            stunden[bfs], franken[bfs] = modell.aufwand_stunden, modell.aufwand_franken
    return Angaben(stunden, franken, {bfs: wer for bfs, wer in durch.items() if wer in franken})


def kosten(a: Angaben, b: Bezahlt, alle: Sequence[Meldung], grenze: int, geheim: bool) -> Kosten:
    """Return the effort of the canton; the ratios stay away where a small count would follow from them.

    Args:
        geheim: a contribution of the canton is not told.
    """
    zahlen, total = summiert(m for m in alle if m.bfs_nr in a.durch), summiert(alle)
    rest = [t - n for t, n in zip(total, zahlen, strict=True)]
    gespraeche = _gespraeche(rest)
    paare = (gespraeche, sum(rest[: len(GEZAEHLT)]) - gespraeche)  # talks and assignments of those that told nothing
    klein_ = any(klein(n, grenze) for n in (*zahlen[: len(GEZAEHLT)], *total[: len(GEZAEHLT)], *paare))
    werte = _verhaeltnisse(a, b, frozenset(a.franken), alle)
    if geheim or klein_ or len(a.franken) < MINDESTENS:
        werte = (NICHT_GENANNT,) * len(werte)
    kanton = Zeile("Kanton", len(a.franken), werte)
    return Kosten(len(a.franken), sum(a.stunden.values(), NULL), sum(a.franken.values(), NULL), kanton)


def nach_gruppe(
    a: Angaben, b: Bezahlt, alle: Sequence[Meldung], reihe: Sequence[Gruppe], geheim: Sequence[bool], grenze: int
) -> tuple[Zeile, ...]:
    """Return the same ratios by group; not where few municipalities told their effort, or few talks were held.

    Args:
        geheim: groups of which a count or a contribution is not told: per talk, contributions would tell their sum.
    """
    return tuple(_gruppe(a, b, alle, g, verschwiegen, grenze) for g, verschwiegen in zip(reihe, geheim, strict=True))


def _gruppe(a: Angaben, b: Bezahlt, alle: Sequence[Meldung], g: Gruppe, geheim: bool, grenze: int) -> Zeile:
    erzaehler = g.gemeinden & frozenset(a.franken)
    zahlen = summiert(m for m in alle if m.bfs_nr in a.gedeckt(erzaehler))
    stunden, franken, *beitraege = _verhaeltnisse(a, b, erzaehler, alle)
    if len(erzaehler) < MINDESTENS or klein(_gespraeche(zahlen), grenze):
        stunden, franken, geheim = NICHT_GENANNT, NICHT_GENANNT, True
    if geheim or any(klein(n, grenze) for n in zahlen[: len(GEZAEHLT)]):
        beitraege = [NICHT_GENANNT] * len(beitraege)
    return Zeile(g.name, len(erzaehler), (stunden, franken, *beitraege))


def _verhaeltnisse(a: Angaben, b: Bezahlt, erzaehler: Set[int], alle: Sequence[Meldung]) -> tuple[Wert, ...]:
    gedeckt = a.gedeckt(erzaehler)
    zahlen = summiert(m for m in alle if m.bfs_nr in gedeckt)
    gespraeche = _gespraeche(zahlen)
    stunden = sum((s for bfs, s in a.stunden.items() if bfs in erzaehler), NULL)
    franken = sum((f for bfs, f in a.franken.items() if bfs in erzaehler), NULL)
    beitraege = {leistung: b.summe(leistung, gedeckt)[1] for leistung in Leistung}
    pauschalen = sum((w for leistung, w in beitraege.items() if leistung is not Leistung.SOCKEL), NULL)
    return (
        _teile(stunden, gespraeche, _RAPPEN), _teile(franken, gespraeche, _RAPPEN),
        _teile(pauschalen, gespraeche, _RAPPEN), _teile(sum(beitraege.values(), NULL), franken, _PROMILLE),
    )  # fmt: skip


def _gespraeche(zahlen: Sequence[int]) -> int:
    return sum(n for n, leistung in zip(zahlen, GEZAEHLT, strict=False) if not leistung.dolmetschen)


def _teile(oben: Decimal, unten: Decimal | int, genau: Decimal) -> Decimal | None:
    return (oben / unten).quantize(genau, ROUND_HALF_UP) if unten else None


def ansaetze(reihe: Tarif, jahr: int) -> tuple[tuple[date, Decimal | None, bool], ...]:
    """Return the rates in force in a year: first day, CHF (None: not regulated), and whether AGS is to confirm it."""
    beginn, ende = date(jahr, 1, 1), date(jahr, 12, 31)
    bis = (*(w.ab for w in reihe.werte[1:]), date.max)  # the first day on which each row holds no more
    gueltig = [w for w, naechste in zip(reihe.werte, bis, strict=True) if w.ab <= ende and naechste > beginn]
    return tuple((w.ab, w.betrag, w.zu_bestaetigen) for w in gueltig)


def fehlende_laeufe(laeufe: Sequence[str], jahr: int) -> str:
    """Return a sentence on runs that are still to pay something for a year, or nothing."""
    fehlend = [lauf for lauf in (f"{jahr}-03", f"{jahr}-09", f"{jahr + 1}-03") if lauf not in laeufe]
    if not fehlend:
        return ""
    return f"Noch nicht ausbezahlt: {aufzaehlung(fehlend)}. Die Beiträge sind bis dahin unvollständig."
