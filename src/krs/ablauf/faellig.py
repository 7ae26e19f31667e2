"""What is due on the day of a judgement: it, the runs and what lies in the folder, in one list (entwurf 4.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from krs.ablage.archiv import Archiv
from krs.ablage.laeufe import Laeufe
from krs.ablage.mahnprotokoll import bisherige
from krs.ablage.ordner import Ablage
from krs.ablage.postausgang import GESENDET, MAHNUNG, Postausgang
from krs.ablauf.laufausgabe import end_to_end_id
from krs.lauf.heute import Akten, Aufgabe, aufgaben
from krs.lauf.kennung import Lauf
from krs.lauf.loeschung import abgelaufen

if TYPE_CHECKING:
    from krs.schreiben.mahnung import Mahnung
    from krs.urteil.urteil import Urteil


def faellig(ablage: Ablage, urteil: Urteil, laeufe: Laeufe, post: Postausgang) -> tuple[Aufgabe, ...]:
    """Return what is due on the Stichtag, for screen and Master alike; nothing is written.

    Of an earlier day it is what was due then, as far as the logs know it.
    Raises: AblageFehler: a log is damaged.
    """
    return aufgaben(urteil, laeufe.journal_am(urteil.stichtag), _akten(ablage, urteil, laeufe, post))


def _akten(ablage: Ablage, urteil: Urteil, laeufe: Laeufe, post: Postausgang) -> Akten:
    (perioden, jahre), tag = ablage.zeiten(), urteil.stichtag
    mahnungen = [m for m in bisherige(ablage.rueckmeldungen) if m.datum <= tag]
    antworten = {z.end_to_end_id for z in laeufe.antworten() if z.datum <= tag}
    uebergaben = {z["Lauf"]: date.fromisoformat(z["Datum"]) for z in laeufe.uebergaben()}
    bezahlt = [a for a in laeufe.abrechnungen if a.auszahlung]
    kandidaten = [str(Lauf(j, m)) for j in (tag.year - 1, tag.year) for m in (3, 9)]
    return Akten(
        entwuerfe=sorted(_entwuerfe(ablage, post, tag, _alte(urteil, mahnungen))),
        mahnungen=mahnungen,
        vorlagen={*perioden, *map(str, jahre)},
        vorbereitet=[n for n in kandidaten if (v := laeufe.vorbereitung(n)) and v.datum <= tag],
        uebergeben={lauf: am for lauf, am in uebergaben.items() if am <= tag},
        unbeantwortet=Counter(a.lauf for a in bezahlt if end_to_end_id(a) not in antworten),
        stichproben={p.name.split("_")[1] for p in ablage.stichproben.glob("Stichprobe_*")},
        alte=sum(abgelaufen(e.eingang, tag) for e in Archiv(ablage.archiv).eintraege.values() if e.loeschung is None),
    )


def _alte(urteil: Urteil, mahnungen: Sequence[Mahnung]) -> set[tuple[int, date]]:
    """Return of whom and when the reminders are that nobody has to send: all came, or a later one says the same."""
    fehlt = {(z.bfs_nr, z.formular, z.periode) for z in urteil.offen()}
    letzte = {(m.bfs_nr, m.formular, m.periode): m.datum for m in sorted(mahnungen, key=lambda m: m.datum)}
    return {(m.bfs_nr, m.datum) for m in mahnungen} - {(k[0], tag) for k, tag in letzte.items() if k in fehlt}


def _entwuerfe(
    ablage: Ablage, post: Postausgang, tag: date, alte: Collection[tuple[int | None, date]]
) -> Iterator[tuple[str, date]]:
    """Yield the drafts that wait, with the day they were made: they lie there, or were sent later."""
    spaeter = {v.datei for v in post.vorgaenge if v.was == GESENDET and v.datum > tag}
    for datei, vorgaenge in post.offene(tag).items():
        if all(v.sache.code == MAHNUNG and (v.sache.bfs_nr, v.datum) in alte for v in vorgaenge):
            continue
        if datei in spaeter or (ablage.rueckmeldungen / datei).is_file():
            yield datei, min(v.datum for v in vorgaenge)
