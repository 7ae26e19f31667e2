"""The calendar: visits every few days in season, every other week else; at each season's end everything is counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from jahre.amt import Amt, offen
from jahre.gemeinden import Gemeinden
from jahre.merken import merkend
from jahre.stamm import JAHRE, KURZ, stammdaten
from jahre.zaehlung import Saison
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage
from krs.ablage.postausgang import Postausgang
from krs.ablauf import Konsolidiert, stammdaten_laden
from krs.ablauf.fragen import fragen
from krs.lauf.gezahlt import mit_laeufen
from krs.lauf.kredit import kreditstand
from krs.mappen.stammdaten import stammdaten_mappe

ENDEN = {
    "2023-H1": date(2023, 10, 4), "2023-H2": date(2024, 4, 4), "2024-H1": date(2024, 10, 4),
    "2024-H2": date(2025, 4, 4), "2025-H1": date(2025, 10, 4),
}  # fmt: skip
ZEITEN = {
    "2023-H1": ("2023-H1",), "2023-H2": ("2023-H2", "2024"), "2024-H1": ("2024-H1",),
    "2024-H2": ("2024-H2", "2025"), "2025-H1": ("2025-H1",),
}  # fmt: skip
BEGINN = date(2023, 6, 5)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is played: `dabei` takes part (by default 98), `saisons` one after the other.

    `schritt`: days between two visits in season, at least and at most; `beginn`: the first visit.
    """

    seed: int = 1
    dabei: Collection[int] = ()
    saisons: Sequence[str] = tuple(ENDEN)
    schritt: tuple[int, int] = (3, 5)
    beginn: date = BEGINN


KURZES_JAHR = Plan(1658, KURZ, ("2023-H2",), (10, 12), date(2023, 12, 4))


def spiele(ordner: Path, plan: Plan, sage: Callable[[str], object] = len) -> tuple[list[Saison], Amt]:
    """Play the seasons through in a new folder; return what was counted, and the officer.

    Args:
        sage: told after each season.
    """
    with merkend():
        return _gespielt(ordner, plan, sage)


def _gespielt(ordner: Path, plan: Plan, sage: Callable[[str], object]) -> tuple[list[Saison], Amt]:
    ablage = Ablage.anlegen(ordner / "Ablage", stammdaten_mappe(stammdaten(plan.dabei)))
    namen = {g.bfs_nr: g.name for g in stammdaten_laden(ablage)[0].gemeinden}
    amt = Amt(ablage, Gemeinden(ablage, namen, plan.seed), plan.seed)
    ergebnis: list[Saison] = []
    for name in plan.saisons:
        amt.saison = Saison(name)
        beginn = ENDEN[ergebnis[-1].name] + timedelta(7) if ergebnis else plan.beginn
        k = None
        for tag in besuche(beginn, ENDEN[name], plan):
            k = amt.besuch(tag, alles=(ENDEN[name] - tag).days <= 8)
        assert k is not None
        _zaehle(amt, k, ergebnis)
        ergebnis.append(amt.saison)
        sage(name)
    return ergebnis, amt


def besuche(von: date, bis: date, plan: Plan) -> Iterator[date]:
    """Yield the days on which the officer comes, the last one among them."""
    zufall, tag = Random(f"{plan.seed}/{von}"), von
    while tag < bis:
        yield tag
        saison = tag.month in (1, 2, 3, 7, 8, 9)
        tag += timedelta(zufall.randint(*plan.schritt) if saison else 14)
    yield bis


def _zaehle(amt: Amt, k: Konsolidiert, fruehere: Sequence[Saison]) -> None:
    """Count what is there at the season's end, and hold the sums against each other."""
    s, u = amt.saison, k.urteil
    s.dateien = sum(p.is_file() for p in amt.pfad.rglob("*"))
    s.fragen = sum(1 for _ in fragen(u, Postausgang(amt.ablage.rueckmeldungen)))
    alte = {z for f in fruehere for z in ZEITEN[f.name]}
    beginn = ENDEN[fruehere[-1].name] if fruehere else date.min
    s.uebernommen = len({(b.datei, b.code) for b, e in u.befunde if e and e.uebernommen and e.datum >= beginn})
    for z in u.tafel():
        alt = z.periode in alte or (not z.periode and z.eingang is not None and z.eingang <= beginn)
        if alt and offen(z):
            wer = f"{z.gemeinde or z.datei} {z.formular} {z.periode}"
            s.alte_offene.append(f"{wer}: {z.status} ({z.eingang}) {z.bemerkung}")
    s.geld = abstimmung(amt.ablage, k)


def abstimmung(ablage: Ablage, k: Konsolidiert) -> str:
    """Return how claims, credit and runs differ; nothing if they agree to the Rappen."""
    u, laeufe = k.urteil, Laeufe(ablage.laeufe)
    alle = mit_laeufen(u, laeufe.journal).ansprueche
    anspruch = sum((a.betrag for a in alle if a.status in ("anerkannt", "bezahlt") and a.betrag), Decimal())
    kredit = sum((kreditstand(u, laeufe.journal, j, u.stichtag).anerkannt for j in JAHRE), Decimal())
    gebucht = sum((b.betrag for b in laeufe.journal.buchungen), Decimal())
    bezahlt = sum((Decimal(i["summen"]["auszahlung"]) for i in laeufe.inhalte.values()), Decimal())
    ungleich = []
    if anspruch != kredit:
        ungleich.append(f"Ansprüche {anspruch}, Kredit {kredit}")
    if gebucht != bezahlt:
        ungleich.append(f"Buchungen {gebucht}, Läufe {bezahlt}")
    return "; ".join(ungleich)
