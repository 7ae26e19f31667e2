"""What goes to others: small counts of talks, assignments and persons are not told (domain «Data protection»).

A column shows its total, or lets derive it from another table. So whatever is not told must not follow from the rest:
further numbers of the column stay away until at least two values are possible for each small one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from krs.recht import Leistung
from krs.urteil.ansprueche import ANERKANNT, Anspruch

NICHT_GENANNT = "nicht genannt"
_KLEINSTE_GRENZE = 3  # below it, the only small number would be 1, and «1–1» tells it


def klein(anzahl: int, grenze: int) -> bool:
    """Tell whether a count is too small to be told: from 1 to below the limit.

    >>> [klein(n, 5) for n in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return grenze >= _KLEINSTE_GRENZE and 0 < anzahl < grenze


def spanne(grenze: int) -> str:
    """Return what stands for a small count.

    >>> spanne(5)
    '1–4'
    """
    return f"1–{grenze - 1}"


def spalte(zahlen: Sequence[int], grenze: int, mindestens_eine: bool = False) -> tuple[int | str, ...]:
    """Return a column of counts as others may see it, in its order.

    Small counts become «1–4». If they would follow from the total, the next smallest counts are «nicht genannt»; if
    that does not help, the whole column is. A total that is small itself is told nowhere: nothing follows from it.

    Args:
        grenze: the setting «Publikationsgrenze»; 5 hides 1 to 4, below 3 nothing is hidden.
        mindestens_eine: one count stays away in any case, since another table's small total would follow.

    >>> spalte([3, 7, 0, 20], 5)
    ('1–4', 'nicht genannt', 0, 20)
    """
    kleine = [z for z in zahlen if klein(z, grenze)]
    offen = sorted((z, n) for n, z in enumerate(zahlen) if z >= grenze)
    weitere: list[tuple[int, int]] = []
    if mindestens_eine and not kleine:
        weitere, offen = offen[:1], offen[1:]
    if sum(zahlen) >= grenze:
        while offen and _verraten(kleine, [z for z, _ in weitere], grenze):
            weitere.append(offen.pop(0))
        if _verraten(kleine, [z for z, _ in weitere], grenze):
            return (NICHT_GENANNT,) * len(zahlen)
    stellen = {n for _, n in weitere}
    return tuple(
        spanne(grenze) if klein(z, grenze) else NICHT_GENANNT if n in stellen else z for n, z in enumerate(zahlen)
    )


def _verraten(kleine: Sequence[int], weitere: Sequence[int], grenze: int) -> bool:
    """Tell whether the sum of what is not told gives a small count away: it leaves one way to split it."""
    summe, tiefste = sum(kleine) + sum(weitere), len(kleine) + len(weitere) * grenze
    hoechste = None if weitere else len(kleine) * (grenze - 1)
    return bool(kleine) and (len(kleine) + len(weitere) == 1 or summe in (tiefste, hoechste))


def verraet(ansprueche: Iterable[Anspruch], grenze: int) -> bool:
    """Tell whether the recognised amount of these claims gives a small count away: count = amount / rate.

    The Sockelbeitrag does not count: residents may always be told.
    """
    anzahlen: Counter[Leistung] = Counter()
    for a in ansprueche:
        if a.status == ANERKANNT and a.leistung is not Leistung.SOCKEL:
            anzahlen[a.leistung] += a.anzahl or 0
    return any(klein(z, grenze) for z in anzahlen.values())


def betraege(franken: Sequence[Decimal], geheim: Sequence[bool]) -> tuple[Decimal | str, ...]:
    """Return amounts in CHF as others may see them: a single one that is not told takes the next smallest with it.

    >>> betraege([Decimal(600), Decimal(0), Decimal(9000), Decimal(8000)], [True, False, False, False])
    ('nicht genannt', Decimal('0'), Decimal('9000'), 'nicht genannt')
    """
    stellen = {n for n, g in enumerate(geheim) if g}
    if len(stellen) == 1:
        andere = sorted((betrag, n) for n, betrag in enumerate(franken) if betrag and n not in stellen)
        stellen |= {n for _, n in andere[:1]}
    return tuple(NICHT_GENANNT if n in stellen else betrag for n, betrag in enumerate(franken))


def hinweise(grenze: int) -> tuple[str, ...]:
    """Return the sentences that explain the marks."""
    wo = "Stammdaten, Blatt Einstellungen"
    if grenze < _KLEINSTE_GRENZE:
        return (f"Die Publikationsgrenze ist {grenze} ({wo}): Auch kleine Anzahlen stehen da, wie sie sind.",)
    return (
        f"«{spanne(grenze)}» steht für eine Anzahl von 1 bis {grenze - 1} Gesprächen, Einsätzen oder Personen; so "
        f"kleine Zahlen gibt der Kanton nicht weiter (Publikationsgrenze {grenze}: {wo}).",
        f"«{NICHT_GENANNT}» steht, wo sich sonst eine so kleine Anzahl aus Summen oder Beträgen errechnen liesse. "
        "Meldungen und Gemeinden sind immer gezählt.",
    )
