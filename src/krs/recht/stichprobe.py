"""Draw the sample for the spot checks of talks and municipalities (Ziff. 4.2, 4.3.1, 6).

Anyone can repeat the draw with a SHA-256 calculator: no clock, no random generator, no floats.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal

HEXZIFFERN = 13  # 52 bits: a spreadsheet can repeat u without rounding
_RECHNUNG = Context(prec=60, rounding=ROUND_HALF_EVEN)  # u has 53 decimal places, so u is exact
_HALBE = Decimal(2 ** (4 * HEXZIFFERN + 1))


@dataclass(frozen=True, slots=True)
class Einheit:
    """One municipality of the population; `gewicht` is its amount in CHF >= 0."""

    bfs_nr: int
    gewicht: Decimal


@dataclass(frozen=True, slots=True)
class Gezogen:
    """One municipality in the order of the draw: rank from 1, its hash, and the key that ranks it."""

    rang: int
    einheit: Einheit
    sha256: str
    schluessel: Decimal


def ziehe(grundgesamtheit: Sequence[Einheit], anzahl: int, seed: int, gewichtet: bool) -> tuple[Gezogen, ...]:
    """Return the sample, the first drawn first; a larger one begins with the smaller one.

    Args:
        grundgesamtheit: each municipality once, in any order.
        anzahl: how many to draw, at least 1.
        seed: the number that the draw hangs on, >= 0.
        gewichtet: probability proportional to the amount (Efraimidis-Spirakis, without replacement: the
            smallest -ln(u)/gewicht); a municipality of weight 0 is then never drawn. False: equal chances.
    Raises: ValueError: `anzahl` or `seed` out of bounds, a weight below 0, a municipality twice.

    >>> olten, trimbach = Einheit(2581, Decimal("9000.00")), Einheit(2500, Decimal("400.00"))
    >>> [g.einheit.bfs_nr for g in ziehe([trimbach, olten], 1, seed=7, gewichtet=True)]
    [2581]
    """
    if anzahl < 1:
        raise ValueError(f"Eine Stichprobe umfasst mindestens 1 Gemeinde, verlangt sind {anzahl}.")
    folge = reihenfolge(grundgesamtheit, seed, gewichtet)
    if anzahl > len(folge):
        womit = " mit einem anerkannten Betrag" if gewichtet else ""
        verlangt = "Verlangt ist 1 Gemeinde" if anzahl == 1 else f"Verlangt sind {anzahl} Gemeinden"
        raise ValueError(f"{verlangt}, in der Grundgesamtheit sind {f'nur {len(folge)}' if folge else 'keine'}{womit}.")
    return folge[:anzahl]


def reihenfolge(grundgesamtheit: Sequence[Einheit], seed: int, gewichtet: bool) -> tuple[Gezogen, ...]:
    """Return all that can be drawn, in the order of the draw; Raises: ValueError as `ziehe`."""
    if seed < 0:
        raise ValueError(f"Der Startwert ist eine ganze Zahl ab 0, gelesen wurde «{seed}».")
    _pruefe(grundgesamtheit)
    ziehbar = (_mit_schluessel(e, seed, gewichtet) for e in grundgesamtheit if e.gewicht > 0 or not gewichtet)
    geordnet = sorted(ziehbar, key=lambda g: (g.schluessel, g.einheit.bfs_nr))
    return tuple(replace(g, rang=rang) for rang, g in enumerate(geordnet, 1))


def _mit_schluessel(e: Einheit, seed: int, gewichtet: bool) -> Gezogen:
    summe = sha256(seed, e.bfs_nr)
    u = zufallszahl(summe)
    schluessel = _RECHNUNG.divide(_RECHNUNG.minus(_RECHNUNG.ln(u)), e.gewicht) if gewichtet else u
    return Gezogen(0, e, summe, schluessel)


def hashtext(seed: int, bfs_nr: int) -> str:
    """Return the text whose SHA-256 decides.

    >>> hashtext(7, 2581)
    '7-2581'
    """
    return f"{seed}-{bfs_nr}"


def sha256(seed: int, bfs_nr: int) -> str:
    """Return the SHA-256 of that text, 64 hexadecimal digits."""
    return hashlib.sha256(hashtext(seed, bfs_nr).encode()).hexdigest()


def zufallszahl(sha256: str) -> Decimal:
    """Return u = (n + 1/2) / 16^13, exactly; n are the first 13 hexadecimal digits.

    >>> zufallszahl("8" + 63 * "0")
    Decimal('0.50000000000000011102230246251565404236316680908203125')
    """
    return _RECHNUNG.divide(Decimal(2 * int(sha256[:HEXZIFFERN], 16) + 1), _HALBE)


def einheitstext(e: Einheit) -> str:
    """Return the line of a municipality in the check sum; the amount without zeros at its end.

    >>> einheitstext(Einheit(2581, Decimal("9000.50")))
    '2581;9000.5'
    """
    return f"{e.bfs_nr};{e.gewicht.normalize(_RECHNUNG):f}"


def pruefsumme(grundgesamtheit: Iterable[Einheit]) -> str:
    """Return the SHA-256 over the population: its lines by BFS number, parted by a line feed."""
    return hashlib.sha256("\n".join(einheitstext(e) for e in _sortiert(grundgesamtheit)).encode()).hexdigest()


def _sortiert(grundgesamtheit: Iterable[Einheit]) -> list[Einheit]:
    return sorted(grundgesamtheit, key=lambda e: e.bfs_nr)


def _pruefe(grundgesamtheit: Sequence[Einheit]) -> None:
    vorige: int | None = None
    for e in _sortiert(grundgesamtheit):
        if not (e.gewicht.is_finite() and e.gewicht >= 0):
            raise ValueError(f"Das Gewicht von BFS-Nr. {e.bfs_nr} ist kein Betrag ab 0, gelesen wurde «{e.gewicht}».")
        if e.bfs_nr == vorige:
            raise ValueError(f"BFS-Nr. {e.bfs_nr} steht in der Grundgesamtheit mehr als einmal.")
        vorige = e.bfs_nr
