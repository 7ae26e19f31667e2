"""The archive for people: what is in it, purging an original, and purging all that are older than they must be kept."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from krs.ablage.archiv import Archiv, Eintrag, Loeschung
from krs.ablage.eingangsjournal import NIEMAND, Eingangsjournal, Hand
from krs.ablage.lesend import lesend
from krs.ablage.ordner import Ablage, AblageFehler, lies_hoechstens, loesche_datei
from krs.ablauf.eingang import HOECHSTENS, funde
from krs.ablauf.loeschlage import Loeschlage, lage_von
from krs.formulare.ahv import ohne_ahv
from krs.formulare.befund import weitere
from krs.lauf.buchung import NULL, Posten
from krs.lauf.loeschung import AUFBEWAHRT, Wirkung, abgelaufen
from krs.recht import datum, franken
from krs.urteil.grabstein import UNBEKANNT

VIELE = 5  # more names than that make no sentence


@dataclass(frozen=True, slots=True)
class Geloescht:
    """What was purged: the entry, the files below Eingang/ that went with it, and mails that still hold it."""

    eintrag: Eintrag
    dateien: tuple[str, ...]
    mails: tuple[str, ...]
    neu: bool


@dataclass(frozen=True, slots=True)
class Bereinigt:
    """What is older than a day: how many originals go, by year of receipt and form; which stay and why.

    `getan`: False where it was only listed.
    """

    anzahl: Mapping[tuple[int, str], int]
    bleiben: tuple[tuple[Eintrag, str], ...]
    getan: bool
    dateien: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()


def archiv_liste(pfad: Path, stichtag: date) -> tuple[tuple[Eintrag, ...], list[str]]:
    """Return what had arrived by a day, in order of receipt, and what is without entry. Raises: AblageFehler."""
    archiv = Archiv(Ablage.oeffnen(pfad).archiv)
    return tuple(e for e in archiv.geordnet() if e.eingang <= stichtag), archiv.fremde()


# --- one original ---------------------------------------------------------------------------
def archiv_loeschen(  # noqa: PLR0913 who, when and why are said one by one
    pfad: Path, sha: str, am: date, grund: str, visum: str, hand: Hand = NIEMAND, *, trotzdem: bool = False
) -> Geloescht:
    """Purge an original from Archiv/ and Eingang/; a tombstone with day, reason and mark stays (entwurf 4.1).

    Args:
        sha: the SHA-256, or its first 8 characters or more.
        hand: who acts and when really, for the journal of intake.
        trotzdem: also a form that a run has not paid yet, or about which something is open.
    Raises: AblageFehler: no such file, no reason or no mark, or money hangs on it.
    """
    _noetig(grund, visum)
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        archiv = Archiv(ablage.archiv)
        eintrag = archiv.suche(sha)
        neu = eintrag.loeschung is None
        stand = _geprueft(ablage, archiv, eintrag, am, trotzdem) if neu else ""
        archiv.loesche({eintrag.sha256: _loeschung(am, grund, visum, stand)})
        _notiere(ablage, hand, visum, am, [eintrag])
        dateien, mails = _aus_dem_eingang(ablage, {eintrag.sha256})
    return Geloescht(archiv.eintraege[eintrag.sha256], dateien, mails, neu)


def _notiere(ablage: Ablage, hand: Hand, visum: str, am: date, eintraege: Iterable[Eintrag]) -> None:
    wer = Hand(hand.zeit, hand.konto, visum.strip())
    Eingangsjournal(ablage.archiv).loesche(wer, am, {e.sha256: e.eingang for e in eintraege})


def _noetig(grund: str, visum: str) -> None:
    if not grund.strip() or not visum.strip():
        raise AblageFehler("Nennen Sie den Grund (--grund) und Ihr Visum (--visum); beides bleibt im Archiv stehen.")


def _loeschung(am: date, grund: str, visum: str, stand: str) -> Loeschung:
    return Loeschung(am, ohne_ahv(grund.strip()), ohne_ahv(visum.strip()), stand)


def _geprueft(ablage: Ablage, archiv: Archiv, e: Eintrag, am: date, trotzdem: bool) -> str:
    """Return what a form is worth. Raises: AblageFehler: money hangs on it."""
    if e.abgewiesen or e.wer.bfs_nr is None:
        return ""
    try:
        lage = lage_von(ablage, max(am, e.eingang))
    except AblageFehler:
        if archiv.vorhanden(e.sha256):
            raise
        return UNBEKANNT  # lost: nothing is left that could be judged
    w, wer = lage.wirkung([e]), f"{e.wer.gemeinde}, {e.wer.formular} {e.wer.periode}"
    if w.anders:
        raise AblageFehler(
            f"{wer}: Ohne dieses Formular würde sich ändern, was andere wert sind: {_betraege(lage, w.anders)}. Halten "
            "Sie für jedes davon zuerst fest, was gilt: Stammdaten, Blatt Entscheide, ohne Code."
        )
    if w.verliert and not trotzdem:
        raise AblageFehler(
            f"{wer}: Daran hängt noch Geld: {_verlust(lage, w)}. Nach dem Löschen zahlt es kein Lauf mehr, und gemahnt "
            "wird niemand; es braucht eine neue Fassung. Geben Sie zuerst den Lauf frei oder entscheiden Sie, was "
            "offen ist. Muss das Formular vorher weg, wiederholen Sie den Befehl mit --trotzdem."
        )
    return lage.staende.get(e.sha256, "")


def _verlust(lage: Loeschlage, w: Wirkung) -> str:
    teile = []
    if w.unbezahlt:
        teile.append(f"noch nicht gebucht {_betraege(lage, w.unbezahlt)}")
    if w.gehalten:
        teile.append(f"zurückgestellt {_betraege(lage, w.gehalten)}")
    return "; ".join(teile)


def _betraege(lage: Loeschlage, werte: Mapping[Posten, Decimal | None]) -> str:
    """Return the sum and what it is made of."""
    name = lage.vorher.stammdaten.gebiet.name
    einzeln = [f"{name(p.bfs_nr)} {p.leistung} {p.periode}" for p in sorted(werte, key=str)]
    rest = f" {weitere(len(einzeln) - VIELE)}" if len(einzeln) > VIELE else ""
    bekannt = sum((b for b in werte.values() if b is not None), NULL)
    return f"{franken(bekannt)} ({', '.join(einzeln[:VIELE])}{rest})"


# --- all that are old -----------------------------------------------------------------------
def archiv_bereinigen(  # noqa: PLR0913 who, when and why are said one by one
    pfad: Path, vor: date, am: date, grund: str = "", visum: str = "", hand: Hand = NIEMAND, *, endgueltig: bool = False
) -> Bereinigt:
    """Purge all originals received before a day, or only say which ones would go; the same call completes after a kill.

    What a run or a decision still needs stays.

    Raises: AblageFehler: they must be kept longer; no reason or no mark.
    """
    if not abgelaufen(vor, am):
        frueher = am.replace(year=am.year - AUFBEWAHRT, day=min(am.day, 28))
        raise AblageFehler(
            f"Originale bleiben mindestens {AUFBEWAHRT} Jahre. Am {datum(am)} lässt sich sammeln, was vor dem "
            f"{datum(frueher)} einging; Einzelnes löscht «loeschen SHA»."
        )
    ablage = Ablage.oeffnen(pfad)
    if not endgueltig:
        return lesend(ablage, lambda: _auswahl(ablage, Archiv(ablage.archiv), vor, am)[0])
    _noetig(grund, visum)
    with ablage.sperre():
        archiv = Archiv(ablage.archiv)
        b, staende = _auswahl(ablage, archiv, vor, am)
        schon = {e.sha256 for e in archiv.eintraege.values() if e.loeschung and e.eingang < vor}
        archiv.loesche(
            {s: _loeschung(am, grund, visum, stand) for s, stand in (dict.fromkeys(schon, "") | staende).items()}
        )
        _notiere(ablage, hand, visum, am, [archiv.eintraege[s] for s in (*schon, *staende)])
        dateien, mails = _aus_dem_eingang(ablage, {*schon, *staende})
    return Bereinigt(b.anzahl, b.bleiben, True, dateien, mails)


def _auswahl(ablage: Ablage, archiv: Archiv, vor: date, am: date) -> tuple[Bereinigt, dict[str, str]]:
    """Return what goes and what stays; beside it what each form that goes is worth."""
    alle = {e.sha256: e for e in archiv.geordnet() if e.eingang < vor and e.loeschung is None}
    if not alle:
        return Bereinigt({}, (), False), {}
    lage = lage_von(ablage, am)
    bleiben = lage.noetige(alle)
    gehen = [e for s, e in alle.items() if s not in bleiben]
    anzahl = Counter((e.eingang.year, e.wer.formular or "kein Formular") for e in gehen)
    staende = {e.sha256: lage.staende.get(e.sha256, "") for e in gehen}
    return Bereinigt(dict(sorted(anzahl.items())), tuple((alle[s], g) for s, g in bleiben.items()), False), staende


# --- below Eingang --------------------------------------------------------------------------
def _aus_dem_eingang(ablage: Ablage, alle: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove the same files from Eingang/; return their names, and those of mails that hold one."""
    dateien, mails = [], []
    for datei in ablage.eingegangen():
        name = ohne_ahv(ablage.name(datei))
        gefunden = [f.name for f in funde(datei, name, None) if f.sha256 in alle]
        if name in gefunden or _selbst(datei) in alle:
            loesche_datei(datei)
            dateien.append(name)
        elif gefunden:
            mails.append(name)
    return tuple(dateien), tuple(mails)


def _selbst(datei: Path) -> str:
    """Return the SHA-256 of a whole file, a mail for instance that could not be unpacked."""
    try:
        return hashlib.sha256(lies_hoechstens(datei, HOECHSTENS)).hexdigest()
    except AblageFehler:
        return ""
