"""The figures of one year that all municipalities may see: talks, languages, contributions paid (Ziff. 4.3.3, 5.3).

Every figure passes krs.schreiben.publikation. A group shows no figure of a single municipality: districts and size
classes in which fewer than three reported are told together with their neighbour (docs/entscheide/32).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal

from krs.formulare.anhang2 import BEZAHLT, Anhang2
from krs.lauf.buchung import NULL, Journal
from krs.lauf.status import formular_von
from krs.recht import Leistung
from krs.schreiben.publikation import NICHT_GENANNT, betraege, klein, spalte, spanne
from krs.stammdaten.stammdaten import Stammdaten
from krs.urteil.ansprueche import jahr_von
from krs.urteil.fassung import Schluessel
from krs.urteil.urteil import Urteil

MINDESTENS = 3  # municipalities in a group that is told
KLASSEN = ((100, "bis 100"), (300, "101 bis 300"), (1000, "301 bis 1'000"), (None, "über 1'000"))
OHNE_BESTAND = "Bestand nicht erfasst"
# Neighbours stand side by side, as the cantonal Amteien join them.
BEZIRKE = ("Solothurn", "Lebern", "Bucheggberg", "Wasseramt", "Thal", "Gäu", "Olten", "Gösgen", "Dorneck", "Thierstein")
WEITERE = "weitere Sprachen"
Wert = int | str | Decimal | None


@dataclass(frozen=True, slots=True)
class Meldung:
    """One Anhang 2 in force: the four paid counts and the persons reached; of newcomers how many, if it says so."""

    bfs_nr: int
    periode: str
    zahlen: tuple[int, ...]
    sprachen: tuple[tuple[str, int], ...]
    erreicht: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Zeile:
    """One row as it is told: name, municipalities that reported, figures or what stands for them."""

    name: str
    gemeinden: int
    werte: tuple[Wert, ...]


@dataclass(frozen=True, slots=True)
class Gruppe:
    """Some municipalities that are told together."""

    name: str
    gemeinden: frozenset[int]


def meldungen(urteil: Urteil, jahr: int | None = None) -> tuple[Meldung, ...]:
    """Return what was reported for the talks of a year, or of all."""
    return tuple(
        _meldung(f.akte.bfs_nr or 0, f.akte.periode, f.modell)
        for f in urteil.gueltige
        if isinstance(f.modell, Anhang2) and jahr in (None, jahr_von(f.akte.periode))
    )


def _meldung(bfs: int, periode: str, m: Anhang2) -> Meldung:
    personen = (m.erst_personen or 0) + (m.integ_personen or 0)
    sprachen = tuple(
        (z.sprache[:1].upper() + z.sprache[1:], z.einsaetze) for z in m.sprachen if z.sprache and z.einsaetze
    )
    return Meldung(bfs, periode, (*(n or 0 for n in m.summen().values()), personen), sprachen, m.erreicht())


def summiert(alle: Iterable[Meldung]) -> tuple[int, ...]:
    """Return the sums of the four counts and the persons."""
    return tuple(sum(z) for z in zip((0,) * (len(BEZAHLT) + 1), *(m.zahlen for m in alle), strict=True))


def einsaetze(alle: Iterable[Meldung]) -> Counter[str]:
    """Return the assignments by language, in the order of the reports."""
    je_sprache: Counter[str] = Counter()
    for m in alle:
        for sprache, zahl in m.sprachen:
            je_sprache[sprache] += zahl
    return je_sprache


# --- groups -----------------------------------------------------------------------------------
def klasse(s: Stammdaten, bfs: int, jahr: int) -> str:
    """Return the size class of a municipality by the foreign residents that its Sockelbeitrag counts."""
    anzahl = s.auslaender(bfs, jahr)
    if anzahl is None:
        return OHNE_BESTAND
    return next(name for bis, name in KLASSEN if bis is None or anzahl <= bis)


def gruppen(namen: Mapping[int, str], folge: Sequence[str], meldende: Set[int]) -> tuple[Gruppe, ...]:
    """Return the groups to show, in order; one with too few municipalities is joined with its neighbour.

    Args:
        namen: municipality → district or class, of all that appear in any table.
        meldende: the municipalities that reported: so many count.
    """
    vorhanden = sorted(set(namen.values()), key=lambda n: (folge.index(n) if n in folge else len(folge), n))
    reihe = [Gruppe(n or "ohne Bezirk", frozenset(b for b, name in namen.items() if name == n)) for n in vorhanden]
    stelle = 0
    while stelle < len(reihe) and len(reihe) > 1:
        if len(reihe[stelle].gemeinden & meldende) >= MINDESTENS:
            stelle += 1
            continue
        stelle = min(stelle, len(reihe) - 2)
        links, rechts = reihe[stelle : stelle + 2]
        reihe[stelle : stelle + 2] = [Gruppe(f"{links.name} und {rechts.name}", links.gemeinden | rechts.gemeinden)]
    return tuple(reihe)


def zeilen(teile: Sequence[tuple[str, Sequence[Meldung]]], grenze: int) -> tuple[Zeile, ...]:
    """Return one row per part of the year's reports; a column hides what its total would give away."""
    spalten = zip(*(summiert(teil) for _, teil in teile), strict=True)
    gezeigt = zip(*(spalte(z, grenze) for z in spalten), strict=True)
    return tuple(
        Zeile(name, len({m.bfs_nr for m in teil}), werte) for (name, teil), werte in zip(teile, gezeigt, strict=True)
    )


def nach_gruppe(alle: Sequence[Meldung], reihe: Sequence[Gruppe]) -> list[tuple[str, Sequence[Meldung]]]:
    """Return the reports of each group."""
    return [(g.name, [m for m in alle if m.bfs_nr in g.gemeinden]) for g in reihe]


def total(alle: Sequence[Meldung], grenze: int) -> Zeile:
    """Return the row of the canton."""
    werte = tuple(spanne(grenze) if klein(z, grenze) else z for z in summiert(alle))
    return Zeile("Kanton", len({m.bfs_nr for m in alle}), werte)


def sprachen(alle: Sequence[Meldung], grenze: int) -> tuple[tuple[str, int | str], ...]:
    """Return the assignments by language, most first; rare ones stand together, without their names."""
    folge = sorted(einsaetze(alle).items(), key=lambda z: (-z[1], z[0]))
    seltene = [z for z in folge if klein(z[1], grenze)]
    offen = folge[: len(folge) - len(seltene)]
    _, erst, _, integ, _ = summiert(alle)
    verraten = klein(erst, grenze) or klein(integ, grenze)  # the sum of all languages would tell the smaller kind
    if (verraten or len(seltene) == 1 or klein(sum(n for _, n in seltene), grenze)) and offen:
        seltene = [offen.pop(), *seltene]
    if not seltene:
        return tuple(offen)
    rest = sum(n for _, n in seltene)
    return (*offen, (WEITERE, NICHT_GENANNT if verraten or len(seltene) == 1 or klein(rest, grenze) else rest))


# --- contributions ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Bezahlt:
    """What runs paid for a year, by municipality and Leistung: count and CHF."""

    je: Mapping[tuple[int, Leistung], tuple[int, Decimal]]

    def summe(self, leistung: Leistung, gemeinden: Set[int] | None = None) -> tuple[int, Decimal]:
        """Return count and CHF of some municipalities, or of all."""
        teile = [w for (b, art), w in self.je.items() if art is leistung and (gemeinden is None or b in gemeinden)]
        return sum(n for n, _ in teile), sum((b for _, b in teile), NULL)


def bezahlt(journal: Journal, jahr: int, ohne: Set[Schluessel] = frozenset()) -> Bezahlt:
    """Return what the runs released so far paid for the talks and the Sockelbeitrag of a year.

    Args:
        ohne: forms of talks that are left out.
    """
    je: dict[tuple[int, Leistung], tuple[int, Decimal]] = {}
    for posten, stand in journal.staende.items():
        if jahr_von(posten.periode) == jahr and stand.betrag and formular_von(posten) not in ohne:
            anzahl, betrag = je.get((posten.bfs_nr, posten.leistung), (0, NULL))
            je[posten.bfs_nr, posten.leistung] = anzahl + (stand.anzahl or 0), betrag + stand.betrag
    return Bezahlt(je)


def beitraege(
    b: Bezahlt, reihe: Sequence[Gruppe], gezaehlt: Sequence[Zeile], grenze: int
) -> tuple[tuple[Zeile, ...], tuple[Wert, ...]]:
    """Return the contributions in CHF by group and Leistung, and those of the canton; no count follows from them.

    Args:
        gezaehlt: the rows of `zeilen` for the same groups: where a count is not told, its amount is not either.
    """
    verschwiegen = [[isinstance(w, str) for w in z.werte] for z in gezaehlt]
    spalten = [
        _betragsspalte(b, reihe, leistung, [v[n] for v in verschwiegen], grenze) for n, leistung in enumerate(Leistung)
    ]
    je = [werte for werte, _ in spalten]
    rest = tuple(alles for _, alles in spalten)
    zeilen_ = (Zeile(z.name, z.gemeinden, werte) for z, werte in zip(gezaehlt, zip(*je, strict=True), strict=True))
    return tuple(zeilen_), rest


def _betragsspalte(
    b: Bezahlt, reihe: Sequence[Gruppe], leistung: Leistung, verschwiegen: Sequence[bool], grenze: int
) -> tuple[tuple[Wert, ...], Wert]:
    paare = [b.summe(leistung, g.gemeinden) for g in reihe]
    anzahl, alles = b.summe(leistung)
    if leistung is Leistung.SOCKEL:
        return tuple(betrag for _, betrag in paare), alles
    if any(klein(n, grenze) and not v for (n, _), v in zip(paare, verschwiegen, strict=True)):
        werte: tuple[Wert, ...] = (NICHT_GENANNT,) * len(reihe)
    else:
        werte = betraege([betrag for _, betrag in paare], verschwiegen)
    return werte, NICHT_GENANNT if klein(anzahl, grenze) else alles
