"""Drafts that a person sent, noted with their day; reminders for what stays without an answer (entwurf 4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablage.postausgang import ERINNERN_NACH, GESENDET, Postausgang
from krs.ablauf.antworten import Antworten, schreibe_antworten
from krs.ablauf.fragen import Frage, fragen
from krs.ablauf.gemeinsam import Fortschritt, Uhr, stille
from krs.ablauf.konsolidierung import beurteilen
from krs.urteil.fassung import BEIM_KANTON


@dataclass(frozen=True, slots=True)
class Gesendet:
    """The drafts that count as sent now, and those that still lie there."""

    gesendet: tuple[str, ...]
    liegen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offen:
    """The questions that wait for an answer, oldest first, and what lies in Rueckmeldungen/ now."""

    fragen: tuple[Frage, ...]
    antworten: Antworten
    meldungen: tuple[str, ...] = ()


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


def offene(
    pfad: Path, stichtag: date, tage: int = ERINNERN_NACH, fortschritt: Fortschritt = stille, heute: date | None = None
) -> Offen:
    """Return what the municipalities were asked and did not answer for so many days; draft a reminder for it.

    Raises: AblageFehler.
    """
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        urteil, _, _, meldungen = beurteilen(ablage, Uhr(stichtag, heute), fortschritt, festhalten=False)
        antworten = schreibe_antworten(ablage, urteil, Laeufe(ablage.laeufe).journal, tage)
        alle = fragen(urteil, Postausgang(ablage.rueckmeldungen))
        alte = [f for f in alle if f.gefragt and (stichtag - f.gefragt[-1]).days >= tage]
    alte = sorted((f for f in alte if f.befund.code not in BEIM_KANTON), key=lambda f: str(f.zeile.eingang))
    einmal = {
        (f.zeile.bfs_nr, f.zeile.formular, f.zeile.periode, f.befund.code): f for f in alte
    }  # of the last version
    gezeigt = sorted(einmal.values(), key=lambda f: (f.seit, f.zeile.gemeinde))
    return Offen(tuple(gezeigt), antworten, (*meldungen, *antworten.meldungen))
