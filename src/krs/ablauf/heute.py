"""What is due today: the judgement, the runs and what lies in the folder, in one list (entwurf 4.1)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from krs.ablage.archiv import Archiv
from krs.ablage.laeufe import Laeufe
from krs.ablage.lesend import lesend
from krs.ablage.mahnprotokoll import bisherige
from krs.ablage.ordner import Ablage
from krs.ablage.postausgang import Postausgang
from krs.ablauf.gemeinsam import Fortschritt, Uhr, stille
from krs.ablauf.konsolidierung import beurteilen
from krs.ablauf.laufausgabe import end_to_end_id
from krs.lauf.heute import Akten, Aufgabe, aufgaben
from krs.lauf.kennung import Lauf
from krs.lauf.loeschung import abgelaufen


@dataclass(frozen=True, slots=True)
class Heute:
    """What is due, and what could not be read for it."""

    tag: date
    aufgaben: tuple[Aufgabe, ...]
    meldungen: tuple[str, ...] = ()


def heute(pfad: Path, tag: date, fortschritt: Fortschritt = stille) -> Heute:
    """Return what is due on a day; nothing is written and no lock taken. Raises: AblageFehler."""
    ablage = Ablage.oeffnen(pfad)

    def frage() -> Heute:
        laeufe = Laeufe(ablage.laeufe)
        urteil, _, _, meldungen = beurteilen(ablage, Uhr(tag), fortschritt, festhalten=False, laeufe=laeufe)
        return Heute(tag, aufgaben(urteil, laeufe.journal, akten(ablage, laeufe, tag)), tuple(meldungen))

    return lesend(ablage, frage)


def akten(ablage: Ablage, laeufe: Laeufe, tag: date) -> Akten:
    """Return what lies in the folder as on a day. Raises: AblageFehler: a log is damaged."""
    entwuerfe = {d: min(v.datum for v in vs) for d, vs in Postausgang(ablage.rueckmeldungen).offene().items()}
    perioden, jahre = ablage.zeiten()
    beantwortet = {z.end_to_end_id for z in laeufe.antworten()}
    offen = Counter(a.lauf for a in laeufe.abrechnungen if a.auszahlung and end_to_end_id(a) not in beantwortet)
    return Akten(
        entwuerfe=[(d, t) for d, t in sorted(entwuerfe.items()) if (ablage.rueckmeldungen / d).is_file()],
        mahnungen=bisherige(ablage.rueckmeldungen),
        vorlagen={*perioden, *map(str, jahre)},
        vorbereitet=[
            str(x) for j in (tag.year - 1, tag.year) for m in (3, 9) if laeufe.vorbereitung(str(x := Lauf(j, m)))
        ],
        uebergeben={z["Lauf"]: date.fromisoformat(z["Datum"]) for z in laeufe.uebergaben()},
        unbeantwortet=offen,
        stichproben={p.name.split("_")[1] for p in ablage.stichproben.glob("Stichprobe_*")},
        alte=sum(abgelaufen(e.eingang, tag) for e in Archiv(ablage.archiv).eintraege.values() if e.loeschung is None),
    )
