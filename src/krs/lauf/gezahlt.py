"""What released runs say about the claims of today: paid, open, to come back, to the Rappen (entwurf 4.4).

Screen, board, Master and credit add up the same figures.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.lauf.buchung import NULL, Journal, Posten
from krs.lauf.kredit import posten_von, werte
from krs.lauf.posten import gefuehrt
from krs.lauf.status import mit_geloeschten
from krs.recht import chf
from krs.urteil import ordnung
from krs.urteil.ansprueche import ANERKANNT, BEZAHLT, ERSETZT, ZURUECKGESTELLT, Anspruch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from krs.urteil.urteil import Urteil

KEIN_ANSPRUCH = "kein Anspruch mehr"  # reason of a row of which only the runs know: a count was corrected to 0


def mit_zahlen(urteil: Urteil, journal: Journal) -> Urteil:
    """Return the judgement with what of each claim is paid and open; what is purged stays paid."""
    urteil = mit_geloeschten(urteil, journal)
    soll = {w.posten: w.betrag for w in werte(urteil, journal)}
    return replace(urteil, ansprueche=tuple(_mit_zahlen(urteil, a, journal, soll) for a in urteil.ansprueche))


def _mit_zahlen(urteil: Urteil, a: Anspruch, journal: Journal, soll: Mapping[Posten, Decimal]) -> Anspruch:
    if a.status == ERSETZT:
        return a
    stand = journal.stand(posten_von(a)).betrag
    if a.status == ZURUECKGESTELLT:
        moeglich = a.betrag is not None and gefuehrt(urteil.stammdaten.einstellungen, a.periode)
        offen = max((a.betrag or NULL) - stand, NULL) if moeglich else None
    else:
        wert = soll.get(posten_von(a))
        offen = None if wert is None else wert - stand
    return replace(a, bezahlt=stand, offen=offen)


def mit_laeufen(urteil: Urteil, journal: Journal) -> Urteil:
    """Return the judgement as `mit_zahlen`, with claims marked that are paid, and the last run of each.

    What runs paid and no claim is left for has a row, too: all that is paid adds up to the bookings.
    """
    urteil = mit_zahlen(urteil, journal)
    if not journal.buchungen:
        return urteil
    laeufe = {b.posten: b.lauf for b in journal.buchungen if b.posten is not None}  # the last one stays
    alle = [_gezeigt(a, journal, laeufe) for a in urteil.ansprueche]
    bekannt = {posten_von(a) for a in alle if a.status != ERSETZT}
    soll = {w.posten: w.betrag for w in werte(urteil, journal)}
    alle += [_nur_bezahlt(urteil, p, journal, laeufe[p], soll.get(p)) for p in laeufe if p not in bekannt]
    return replace(urteil, ansprueche=tuple(sorted(alle, key=ordnung.ansprueche)))


def _gezeigt(a: Anspruch, journal: Journal, laeufe: dict[Posten, str]) -> Anspruch:
    posten = posten_von(a)
    stand = journal.staende.get(posten)
    if stand is None or a.status in (ERSETZT, BEZAHLT):
        return a
    if a.status == ANERKANNT and stand.betrag == a.betrag:
        return replace(a, status=BEZAHLT, lauf=laeufe[posten])
    gruende = [a.grund, f"bezahlt {chf(stand.betrag)}"] if stand.betrag else [a.grund]
    return replace(a, lauf=laeufe[posten], grund="; ".join(filter(None, gruende)))


def _nur_bezahlt(urteil: Urteil, p: Posten, journal: Journal, lauf: str, wert: Decimal | None) -> Anspruch:
    """Return the row of what is paid and claimed no more; it stays paid where nothing says that it is 0."""
    stand, name = journal.stand(p), urteil.stammdaten.gebiet.name(p.bfs_nr)
    ziffer = urteil.stammdaten.tarife[p.leistung].ziffer
    return Anspruch(
        p.bfs_nr, name, p.leistung, p.periode, stand.anzahl, stand.ansatz, stand.betrag if wert is None else wert, None,
        ziffer, BEZAHLT if wert is None else ANERKANNT, KEIN_ANSPRUCH, f"zuletzt gebucht im Lauf {lauf}", "",
        stand.sha256, lauf, None, stand.betrag, None if wert is None else wert - stand.betrag,
    )  # fmt: skip
