"""What purging forms would do to money: judged with and without them, before they go (docs/entscheide/51)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.formular import periodenbeginn
from krs.lauf.buchung import NULL, Journal, Posten
from krs.lauf.kredit import in_stand, posten_von, werte
from krs.lauf.status import formular_von
from krs.recht import Leistung
from krs.urteil import grabstein
from krs.urteil.ansprueche import ZURUECKGESTELLT
from krs.urteil.fassung import Schluessel

if TYPE_CHECKING:
    from krs.urteil.urteil import Urteil

AUFBEWAHRT = 10  # years that originals are kept at least (docs/handbuch/finanzen.md)


def abgelaufen(eingang: date, tag: date) -> bool:
    """Tell whether an original received on a day need not be kept any longer on another.

    >>> abgelaufen(date(2014, 2, 28), date(2024, 2, 28)), abgelaufen(date(2014, 3, 1), date(2024, 2, 29))
    (True, False)
    """
    return (eingang.year + AUFBEWAHRT, eingang.month, eingang.day) <= (tag.year, tag.month, tag.day)


@dataclass(frozen=True, slots=True)
class Wirkung:
    """What would be lost, in CHF by claim: what no run has paid yet, what is held (None: amount not known).

    `anders`: claims of other forms that would be worth more or less.
    """

    unbezahlt: Mapping[Posten, Decimal]
    gehalten: Mapping[Posten, Decimal | None]
    anders: Mapping[Posten, Decimal]

    @property
    def verliert(self) -> bool:
        """True if a claim is still open: a run or a decision needs the form."""
        return bool(self.unbezahlt or self.gehalten)


def wirkung(vorher: Urteil, nachher: Urteil, journal: Journal) -> Wirkung:
    """Return what changes between two judgements on the same day, the second without the forms to be purged."""
    weg = nachher.ohne_beleg - vorher.ohne_beleg
    alt, neu = _offen(vorher, journal), _offen(nachher, journal)
    gehalten = {
        posten_von(a): None if a.betrag is None else a.betrag - journal.stand(posten_von(a)).betrag
        for a in in_stand(vorher, ZURUECKGESTELLT)
    }
    unterschied = {p: neu.get(p, NULL) - alt.get(p, NULL) for p in {*alt, *neu}}
    return Wirkung(
        {p: b for p, b in alt.items() if b and formular_von(p) in weg},
        {p: b for p, b in gehalten.items() if formular_von(p) in weg and (b is None or b > 0)},
        {p: b for p, b in unterschied.items() if b and formular_von(p) not in weg},
    )


def _offen(urteil: Urteil, journal: Journal) -> dict[Posten, Decimal]:
    """Return what runs would still book for each claim, in CHF."""
    return {w.posten: w.betrag - journal.stand(w.posten).betrag for w in werte(urteil, journal)}


def staende(urteil: Urteil, journal: Journal) -> dict[str, str]:
    """Return what each form that was received is worth, by SHA-256, as its tombstone will say."""
    ergebnis: dict[str, str] = {}
    bezahlt = {formular_von(p) for p, stand in journal.staende.items() if stand.betrag}
    bezahlt |= {_fuehrt(urteil, p) for p, stand in journal.staende.items() if stand.betrag}
    gueltig = {id(f) for f in urteil.gueltige}
    for f in (z.fassung for z in urteil.zeilen if z.fassung is not None and z.fassung.gelesen is not None):
        if not f.identitaet_gut:
            stand = grabstein.UNBRAUCHBAR
        elif f.wiederholt:
            stand = grabstein.WIEDERHOLT
        elif id(f) not in gueltig:
            stand = grabstein.NICHT_IN_KRAFT
        else:
            stand = grabstein.BEZAHLT if f.schluessel in bezahlt else grabstein.UNBEZAHLT
        ergebnis[f.einreichung.sha256] = stand
    return ergebnis


def _fuehrt(urteil: Urteil, p: Posten) -> Schluessel:
    """Return the lead's form that a Sockelbeitrag may rest on, else the own one."""
    bfs = leitung(urteil, p.bfs_nr, p.periode) if p.leistung is Leistung.SOCKEL else None
    return (bfs or p.bfs_nr, *formular_von(p)[1:])


def leitung(urteil: Urteil, bfs: int, periode: str) -> int | None:
    """Return who leads a municipality at the beginning of a period."""
    return urteil.stammdaten.gebiet.leitgemeinde(bfs, periodenbeginn(periode))
