"""Drafts that a person sent: moved to Rueckmeldungen/Gesendet/ and noted with their day (entwurf 4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablage.postausgang import GESENDET, Postausgang


@dataclass(frozen=True, slots=True)
class Gesendet:
    """The drafts that count as sent now, and those that still lie there."""

    gesendet: tuple[str, ...]
    liegen: tuple[str, ...]


def gesendet(pfad: Path, dateien: Sequence[str], tag: date, *, alle: bool = False) -> Gesendet:
    """Note drafts as sent on a day; what lies in Gesendet/ already is noted, too.

    Args:
        dateien: names or paths of drafts.
        alle: all drafts that lie there.
    Raises: AblageFehler: no draft of krs has such a name; nothing is noted.
    """
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        post = Postausgang(ablage.rueckmeldungen)
        offen = {Path(d).name: d for d in post.offene()}
        fort = {Path(v.datei).name for v in post.vorgaenge if v.was == GESENDET}
        namen = [Path(d.replace("\\", "/")).name for d in dateien]
        if fremd := [n for n in namen if n not in offen and n not in fort]:
            raise AblageFehler(
                f"«{fremd[0]}» ist kein Entwurf, der auf das Senden wartet. «krs gesendet ABLAGE» nennt sie."
            )
        vorher = {*post.offene()}
        post.gesendete(tag)
        liegen = [d for d in post.offene() if (ablage.rueckmeldungen / d).exists()]
        post.senden([d for d in liegen if alle or Path(d).name in namen], tag)
        noch = [d for d in liegen if d in post.offene()]
        return Gesendet(tuple(sorted(vorher - {*post.offene()})), tuple(sorted(noch)))
