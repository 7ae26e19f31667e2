"""Drafts that a person sent, noted with their day; reminders for what stays without an answer (entwurf 4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablage.postausgang import GESENDET, Postausgang
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
    """The questions that wait so many days for an answer, oldest first, and what lies in Rueckmeldungen/ now."""

    fragen: tuple[Frage, ...]
    antworten: Antworten
    tage: int
    meldungen: tuple[str, ...] = ()


def gesendet(pfad: Path, dateien: Sequence[str], tag: date, *, alle: bool = False) -> Gesendet:
    """Note drafts as sent on a day; what lies in Gesendet/ already is noted, too.

    Args:
        dateien: names or paths of drafts, or of their folders below Rueckmeldungen/, as Mitteilungen_2024-03.
        alle: all drafts that lie there.
    Raises: AblageFehler: no draft of krs has such a name; nothing is noted.
    """
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        post = Postausgang(ablage.rueckmeldungen)
        offen = {n for d in post.offene() for n in _namen(d)}
        fort = {n for v in post.vorgaenge if v.was == GESENDET for n in _namen(v.datei)}
        namen = [Path(d.replace("\\", "/")).name for d in dateien]
        if fremd := [n for n in namen if n not in offen and n not in fort]:
            raise AblageFehler(
                f"«{fremd[0]}» ist kein Entwurf, der auf das Senden wartet. «krs gesendet ABLAGE» nennt sie."
            )
        vorher = {*post.offene()}
        post.gesendete(tag)
        liegen = [d for d in post.offene() if (ablage.rueckmeldungen / d).exists()]
        post.senden([d for d in liegen if alle or not _namen(d).isdisjoint(namen)], tag)
        noch = [d for d in liegen if d in post.offene()]
        return Gesendet(tuple(sorted(vorher - {*post.offene()})), tuple(sorted(noch)))


def _namen(datei: str) -> set[str]:
    """Return the name of a draft and that of its folder."""
    return {Path(datei).name, Path(datei).parent.name} - {""}


def offene(
    pfad: Path, stichtag: date, tage: int | None = None, fortschritt: Fortschritt = stille, heute: date | None = None
) -> Offen:
    """Return what the municipalities were asked and did not answer for so many days; draft a reminder for it.

    Args:
        tage: by default the setting «Nachfassen Tage».
    Raises: AblageFehler.
    """
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        urteil, _, _, meldungen = beurteilen(ablage, Uhr(stichtag, heute), fortschritt, festhalten=False)
        tage = urteil.stammdaten.einstellungen.nachfassen_tage if tage is None else tage
        post = Postausgang(ablage.rueckmeldungen)
        antworten = schreibe_antworten(ablage, urteil, Laeufe(ablage.laeufe).journal, post, tage)
        alle = fragen(urteil, post)
        alte = [f for f in alle if f.gefragt and (stichtag - f.gefragt[-1]).days >= tage]
    alte = sorted((f for f in alte if f.befund.code not in BEIM_KANTON), key=lambda f: str(f.zeile.eingang))
    einmal = {
        (f.zeile.bfs_nr, f.zeile.formular, f.zeile.periode, f.befund.code): f for f in alte
    }  # of the last version
    gezeigt = sorted(einmal.values(), key=lambda f: (f.seit, f.zeile.gemeinde))
    return Offen(tuple(gezeigt), antworten, tage, (*meldungen, *antworten.meldungen))
