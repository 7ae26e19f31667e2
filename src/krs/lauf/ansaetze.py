"""What other rates would cost: the yearly review of the flat rates (Ziff. 4.3.3)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.arten import ARTEN
from krs.formulare.eingabe import Zelle
from krs.lauf.buchung import NULL, Journal
from krs.lauf.kredit import Kreditstand, in_stand, posten_von, werte
from krs.recht import LEISTUNG, TARIFE, Leistung, runden
from krs.urteil.ansprueche import ANERKANNT, BEZAHLT, jahr_von

if TYPE_CHECKING:
    from krs.urteil.urteil import Urteil


@dataclass(frozen=True, slots=True)
class Wirkung:
    """What another rate would mean for one municipality and Leistung in a year, in CHF."""

    bfs_nr: int
    gemeinde: str
    leistung: Leistung
    anzahl: int
    bisher: Decimal
    neu: Decimal

    @property
    def unterschied(self) -> Decimal:
        """More (or less, negative) than today."""
        return self.neu - self.bisher


def was_waere_wenn(
    urteil: Urteil, journal: Journal, jahr: int, ansaetze: Mapping[Leistung, Decimal]
) -> tuple[Wirkung, ...]:
    """Return what other rates would mean for the recognised claims of a year, rounded per claim (Ziff. 4.3.3).

    Args:
        ansaetze: rates in CHF; a Leistung that is not named stays as it is and is left out.
    Returns: per municipality and Leistung, both half-years together, by BFS-Nr.
    """
    anerkannt = {posten_von(a) for a in in_stand(urteil, ANERKANNT, BEZAHLT) if jahr_von(a.periode) == jahr}
    summen: dict[tuple[int, Leistung], tuple[int, Decimal, Decimal]] = {}
    for w in werte(urteil, journal):
        p = w.posten
        if p in anerkannt and p.leistung in ansaetze and w.anzahl is not None:
            anzahl, bisher, neu = summen.get((p.bfs_nr, p.leistung), (0, NULL, NULL))
            dazu = runden(w.anzahl * ansaetze[p.leistung])
            summen[p.bfs_nr, p.leistung] = (anzahl + w.anzahl, bisher + w.betrag, neu + dazu)
    folge = list(Leistung)
    name = urteil.stammdaten.gebiet.name
    sortiert = sorted(summen, key=lambda k: (k[0], folge.index(k[1])))
    return tuple(Wirkung(bfs, name(bfs), leistung, *summen[bfs, leistung]) for bfs, leistung in sortiert)


def rest_danach(stand: Kreditstand, wirkungen: Iterable[Wirkung]) -> Decimal | None:
    """Return what would be left of the credit with the other rates, negative if it would not do; None without one."""
    return None if stand.rest is None else stand.rest - sum((w.unterschied for w in wirkungen), NULL)


def ansatz_lesen(text: str) -> tuple[Leistung, Decimal]:
    """Return what `--ansatz` says.

    Raises: ValueError: no known Leistung, or no amount (German sentence).

    >>> ansatz_lesen("Sockelbeitrag=8.00"), ansatz_lesen("erst_dolmetsch=170")[0].name
    ((<Leistung.SOCKEL: 'Sockelbeitrag'>, Decimal('8.00')), 'ERST_DOLMETSCH')
    """
    name, gleich, zahl = text.partition("=")
    leistung = _NAMEN.get(_schlicht(name))
    if not gleich or leistung is None:
        raise ValueError(
            f"«{text}» ist kein Ansatz. Erwartet wird LEISTUNG=BETRAG, zum Beispiel sockel=8.00; Leistungen sind "
            f"{', '.join(LEISTUNG)} oder ihre vollen Namen."
        )
    try:
        return leistung, ARTEN["ansatz"].lesen(Zelle(wert=zahl))
    except ValueError:
        soll = f"Erwartet wird {ARTEN['ansatz'].erwartet}, zum Beispiel 8.00."
        raise ValueError(f"«{zahl.strip()}» ist kein Ansatz für {leistung}. {soll}") from None


def _schlicht(name: str) -> str:
    """Return a name without case, blanks, signs and umlauts, also those written «ae», «oe», «ue»."""
    klein = unicodedata.normalize("NFKD", name.casefold())
    buchstaben = "".join(z for z in klein if z.isascii() and z.isalpha())
    return buchstaben.replace("ae", "a").replace("oe", "o").replace("ue", "u")


_NAMEN = {
    _schlicht(name): leistung
    for schluessel, leistung in LEISTUNG.items()
    for name in (schluessel, str(leistung), TARIFE[leistung].bezeichnung)
}
