"""What of the Stammdaten differs from those that the last run kept: money first (entwurf 4.5).

Two people sign a run; what they cannot know of amounts alone stands here: a changed account, payee, clawback, rate.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from krs.formulare.befund import mehrzahl
from krs.formulare.eingabe import LEERE_ZELLE
from krs.recht import chf, datum
from krs.stammdaten.plan import Stammblatt, blaetter, einstellungen_plan

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten
    from krs.stammdaten.zeilen import Stammzeile

LEER = "leer"
ERSTER = "erster Lauf: alles ist neu"
_IBAN = re.compile(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}", re.ASCII)


class Gruppe(StrEnum):
    """What a change touches, in the order in which it is shown."""

    KONTO = "Konto"
    EMPFAENGER = "Empfänger und Leitgemeinde"
    RUECKFORDERUNG = "Rückforderung"
    TARIF = "Tarif"
    BESTAND = "Ausländerbestand"
    BETEILIGUNG = "Beteiligung und Bestand der Gemeinden"
    EINSTELLUNG = "Einstellung"
    KREDIT = "Kredit"
    ENTSCHEID = "Entscheid"
    FRIST = "Frist"
    ADRESSE = "Adressen und Kontakte"


_BLATT = {
    "bestand": Gruppe.BESTAND,
    "tarife": Gruppe.TARIF,
    "kredit": Gruppe.KREDIT,
    "projektkredit": Gruppe.KREDIT,
    "rueckforderungen": Gruppe.RUECKFORDERUNG,
    "entscheide": Gruppe.ENTSCHEID,
    "fristen": Gruppe.FRIST,
    "zuordnungen": Gruppe.ENTSCHEID,
}
_FELD = {
    "iban": Gruppe.KONTO,
    "kanton_iban": Gruppe.KONTO,
    **dict.fromkeys(("empfaenger", "leitgemeinde", "leitgemeinde_ab", "leitgemeinde_bis"), Gruppe.EMPFAENGER),
    **dict.fromkeys(("gueltig_ab", "gueltig_bis", "nachfolgerin", "beteiligt_ab", "beteiligt_bis"), Gruppe.BETEILIGUNG),
}
_FELDER = {"bestand": "bestandszeilen", "tarife": "tarifeintraege"}  # where the rows are not called as their sheet


@dataclass(frozen=True, slots=True)
class Mutation:
    """One cell, or one row, that differs: `alt` and `neu` as they are read, «leer» where nothing stood.

    `zelle`: where it stands today («Gemeinden!M12»), empty for a row that is gone.
    """

    gruppe: Gruppe
    bfs_nr: int | None
    wer: str
    was: str
    alt: str
    neu: str
    zelle: str = ""


def mutationen(vorher: Stammdaten | None, s: Stammdaten) -> tuple[Mutation, ...]:
    """Return what differs, money first; where nothing is known of before, what is there, a line for each group."""
    alle = sorted(_alle(vorher, s), key=lambda m: list(Gruppe).index(m.gruppe))
    if vorher is not None:
        return tuple(alle)
    zahl = Counter(m.gruppe for m in alle)
    return tuple(Mutation(g, None, "", ERSTER, LEER, mehrzahl(n, "Angabe", "Angaben")) for g, n in zahl.items())


def in_kuerze(alle: Sequence[Mutation]) -> str:
    """Return how many there are of each group, for the screen; nothing where nothing changed since a run."""
    zahl = Counter(m.gruppe for m in alle if m.was != ERSTER)
    return ", ".join(f"{g} {n}" for g, n in zahl.items())


def _alle(vorher: Stammdaten | None, s: Stammdaten) -> Iterator[Mutation]:
    for plan in blaetter():
        if plan.schluesselspalten:
            alte, neue = (_zeilen(x, plan) for x in (vorher, s))
            for schluessel in dict.fromkeys((*neue, *alte)):
                yield from _zeile(s, plan, alte.get(schluessel), neue.get(schluessel))
    for e in einstellungen_plan():
        alt, neu = (text(getattr(x.einstellungen, e.id)) if x else "" for x in (vorher, s))
        if alt != neu:
            gruppe = _FELD.get(e.id, Gruppe.EINSTELLUNG)
            yield Mutation(gruppe, None, "Kanton", e.titel, alt or LEER, neu or LEER, _ort(s.einstellungen, e.id))


def _zeilen(s: Stammdaten | None, plan: Stammblatt) -> Mapping[tuple[Any, ...], Stammzeile]:
    zeilen: tuple[Stammzeile, ...] = getattr(s, _FELDER.get(plan.id, plan.id)) if s else ()
    return {tuple(getattr(z, f) for f in plan.schluesselspalten): z for z in zeilen}


def _zeile(s: Stammdaten, plan: Stammblatt, alt: Stammzeile | None, neu: Stammzeile | None) -> Iterator[Mutation]:
    """Yield a line for a row that came or went, of the Gemeinden and of what both have for each cell."""
    z = neu or alt
    assert z is not None
    bfs = getattr(z, "bfs_nr", None)
    wer = s.gebiet.name(bfs) if bfs is not None else ""
    worte = (text(getattr(z, f)) for f in plan.schluesselspalten if f != "bfs_nr")
    was = " ".join(("" if plan.id == "gemeinden" else plan.name, *filter(None, worte))).strip()
    if plan.id != "gemeinden" and not (alt and neu):
        inhalt = ", ".join(
            filter(None, (text(getattr(z, c.id)) for c in plan.spalten if c.id not in ("bfs_nr", "gemeinde")))
        )
        wie = (f"{was}: neu", LEER, inhalt) if neu else (f"{was}: entfernt", inhalt, LEER)
        yield Mutation(_BLATT[plan.id], bfs, wer, *wie, _ort(neu, plan.schluesselspalten[0]))
        return
    for c in plan.spalten:
        vorher, nachher = (text(getattr(x, c.id)) if x else "" for x in (alt, neu))
        if vorher != nachher:
            gruppe = _BLATT.get(plan.id) or _FELD.get(c.id, Gruppe.ADRESSE)
            name = f"{was}: {c.titel}" if plan.id != "gemeinden" else f"{c.titel} (gültig ab {was})" if was else c.titel
            yield Mutation(gruppe, bfs, wer, name, vorher or LEER, nachher or LEER, _ort(neu, c.id))


def _ort(zeile: Stammzeile | None, feld: str) -> str:
    zelle = zeile.zelle(feld) if zeile else LEERE_ZELLE
    return f"{zelle.blatt}!{zelle.adresse}" if zelle.adresse else ""


def text(wert: object) -> str:
    """Return a value as a person reads it.

    >>> text(Decimal("1234.5")), text(date(2024, 1, 31)), text("CH9300762011623852957"), text(None)
    ("1'234.50", '31.01.2024', 'CH93 0076 2011 6238 5295 7', '')
    """
    if isinstance(wert, bool):
        return "Ja" if wert else ""
    if isinstance(wert, Decimal):
        return chf(wert)
    if isinstance(wert, date):
        return datum(wert)
    if isinstance(wert, tuple):
        return "; ".join(": ".join(map(text, w)) if isinstance(w, tuple) else text(w) for w in wert)
    roh = "" if wert is None else str(wert)
    return re.sub("(.{4})(?=.)", r"\1 ", roh) if _IBAN.fullmatch(roh) else roh
