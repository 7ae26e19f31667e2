"""The archive for people: what is in it, and purging an original."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from krs.ablage.archiv import Archiv, Eintrag, Loeschung
from krs.ablage.eingangsjournal import NIEMAND, Eingangsjournal, Hand
from krs.ablage.ordner import Ablage, AblageFehler, lies_hoechstens, loesche_datei
from krs.ablauf.eingang import HOECHSTENS, funde
from krs.formulare.ahv import ohne_ahv


@dataclass(frozen=True, slots=True)
class Geloescht:
    """What was purged: the entry, the files below Eingang/ that went with it, and mails that still hold it."""

    eintrag: Eintrag
    dateien: tuple[str, ...]
    mails: tuple[str, ...]
    neu: bool


def archiv_liste(pfad: Path, stichtag: date) -> tuple[tuple[Eintrag, ...], list[str]]:
    """Return what had arrived by a day, in order of receipt, and what is without entry. Raises: AblageFehler."""
    archiv = Archiv(Ablage.oeffnen(pfad).archiv)
    return tuple(e for e in archiv.geordnet() if e.eingang <= stichtag), archiv.fremde()


def archiv_loeschen(pfad: Path, sha: str, am: date, grund: str, visum: str, hand: Hand = NIEMAND) -> Geloescht:
    """Purge an original from Archiv/ and Eingang/; a tombstone with day, reason and mark stays (entwurf 4.1).

    Args:
        sha: the SHA-256, or its first 8 characters or more.
        hand: who acts and when really, for the journal of intake.
    Raises: AblageFehler: no such file, no reason or no mark.
    """
    if not grund.strip() or not visum.strip():
        raise AblageFehler("Nennen Sie den Grund (--grund) und Ihr Visum (--visum); beides bleibt im Archiv stehen.")
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        archiv = Archiv(ablage.archiv)
        eintrag = archiv.suche(sha)
        neu = archiv.loesche(eintrag.sha256, Loeschung(am, ohne_ahv(grund.strip()), ohne_ahv(visum.strip())))
        wer = Hand(hand.zeit, hand.konto, visum.strip())
        Eingangsjournal(ablage.archiv).loesche(wer, (eintrag.eingang, am), eintrag.sha256)
        dateien, mails = [], []
        for datei in ablage.eingegangen():
            name = ohne_ahv(ablage.name(datei))
            gefunden = [f.name for f in funde(datei, name, None) if f.sha256 == eintrag.sha256]
            if name in gefunden or _selbst(datei, eintrag.sha256):
                loesche_datei(datei)
                dateien.append(name)
            elif gefunden:
                mails.append(name)
    return Geloescht(archiv.eintraege[eintrag.sha256], tuple(dateien), tuple(mails), neu)


def _selbst(datei: Path, sha: str) -> bool:
    """Tell whether a whole file is meant, a mail for instance that could not be unpacked."""
    try:
        return hashlib.sha256(lies_hoechstens(datei, HOECHSTENS)).hexdigest() == sha
    except AblageFehler:
        return False
