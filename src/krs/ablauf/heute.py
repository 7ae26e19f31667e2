"""What is due today, asked without building a Master (entwurf 4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.laeufe import Laeufe
from krs.ablage.lesend import lesend
from krs.ablage.ordner import Ablage
from krs.ablage.postausgang import Postausgang
from krs.ablauf.faellig import faellig
from krs.ablauf.gemeinsam import Fortschritt, Uhr, stille
from krs.ablauf.konsolidierung import beurteilen

if TYPE_CHECKING:
    from krs.lauf.heute import Aufgabe


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
        laeufe, post = Laeufe(ablage.laeufe), Postausgang(ablage.rueckmeldungen)
        urteil, _, _, meldungen = beurteilen(ablage, Uhr(tag), fortschritt, festhalten=False, laeufe=laeufe, post=post)
        return Heute(tag, faellig(ablage, urteil, laeufe, post), tuple(meldungen))

    return lesend(ablage, frage)
