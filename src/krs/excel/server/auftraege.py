"""The work behind the pages: take files in, check them, show the board. Every function here runs in a thread."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from krs import ablauf, saetze
from krs.ablage.archiv import Archiv
from krs.ablage.eingangsjournal import NIEMAND, Eingangsjournal, Hand, Vorgang
from krs.ablage.laeufe import Laeufe
from krs.ablage.lesend import lesend
from krs.ablage.ordner import Ablage, AblageFehler, deutsch, schreibe
from krs.ablauf.gemeinsam import Uhr
from krs.ablauf.konsolidierung import beurteilen
from krs.excel import tafel
from krs.excel.ergebnis import Mappe
from krs.excel.server.antworten import Abweisung
from krs.excel.server.namen import ohne_pfade, sicherer_name
from krs.formulare.ahv import ohne_ahv
from krs.formulare.arten import ARTEN
from krs.formulare.befund import mehrzahl
from krs.formulare.eingabe import Zelle
from krs.lauf.gezahlt import mit_zahlen
from krs.recht.zeit import JAHRE, pruefe_jahr

Dateien = Sequence[tuple[str, bytes]]
_SHA = re.compile(r"[0-9a-f]{64}")
_KEINE_ABLAGE = "Auf diesem Server ist keine Ablage eingerichtet. Wenden Sie sich an die Informatik."


def tag(text: str, heute: date) -> date:
    """Return a day as the page sends it, today for nothing. Raises: Abweisung: 400."""
    if not text:
        return heute
    try:
        gelesen: date = ARTEN["datum_iso"].lesen(Zelle(wert=text))
        pruefe_jahr(gelesen.year)
    except ValueError:
        satz = f"Der Stichtag ist kein Datum von {JAHRE[0]} bis {JAHRE[-1]}. Schreiben Sie ihn als JJJJ-MM-TT."
        raise Abweisung(400, satz) from None
    return gelesen


def eingangstag(text: str, heute: date) -> date:
    """Return the day on which files came in. Raises: Abweisung: 400."""
    gelesen = tag(text, heute)
    if gelesen > heute:  # it would stay in force over everything that really comes
        satz = "Der Stichtag liegt in der Zukunft. Nennen Sie den Tag, an dem die Dateien eingegangen sind."
        raise Abweisung(400, satz)
    return gelesen


def eingang(
    ablage: Path | None, dateien: Dateien, stammdaten: bytes | None, tage: tuple[date, date], hand: Hand = NIEMAND
) -> dict[str, Any]:
    """Take files in, consolidate, return the board with the Master.

    Args:
        tage: the day on which the files came in, and today: what is judged is today's state.
        hand: who brings them and when really.
    Raises: Abweisung.
    """
    heute = tage[1]
    if ablage is not None:
        if stammdaten is not None:
            satz = "Die Ablage hat eigene Stammdaten. Ändern Sie diese dort, und senden Sie nur die Formulare."
            raise Abweisung(400, satz)
        with _saetze(409, ablage):
            gelegt = ablegen(Ablage.oeffnen(ablage), dateien, tage, hand)
            return _konsolidiert(ablage, heute, gelegt, hand)
    with _voruebergehend() as ordner, _saetze(422, ordner / "Ablage", ordner) as ziel:
        voll = Ablage.anlegen(ziel, stammdaten) if stammdaten is not None else ablauf.neu(ziel)
        ablegen(voll, dateien, tage)
        anzahl = mehrzahl(len(dateien), "Datei", "Dateien")
        satz = f"{anzahl} geprüft. Der Server behält nichts davon: Öffnen und speichern Sie den Master."
        return _konsolidiert(ziel, heute, [satz])


def ablegen(ablage: Ablage, dateien: Dateien, tage: tuple[date, date], hand: Hand = NIEMAND) -> list[str]:
    """Put files into Eingang/<day>/; what lies in Eingang already, byte for byte, is not put twice.

    Who laid them in stands in the journal before they do: a kill in between leaves a line too many, never one too few.

    Returns: sentences about it.
    Raises: AblageFehler: the folder is locked or cannot be written.
    """
    ordner = ablage.eingang / str(tage[0])
    schon, neue = 0, dict[Path, bytes]()
    with ablage.sperre():
        journal, vorhandene = Eingangsjournal(ablage.archiv), dict[int, list[Path]]()
        for pfad in ablage.eingegangen():
            vorhandene.setdefault(pfad.stat().st_size, []).append(pfad)
        vergeben = {p.name.lower() for p in ordner.iterdir()} if ordner.is_dir() else set()
        for name, daten in dateien:
            gleich_gross = vorhandene.get(len(daten), ())
            if daten in neue.values() or any(p.read_bytes() == daten for p in gleich_gross):
                schon += 1
                continue
            ziel = ordner / sicherer_name(name, vergeben)
            neue[ziel] = daten
            vergeben.add(ziel.name.lower())
            sha = hashlib.sha256(daten).hexdigest()
            journal.nimm(hand, Vorgang.HOCHGELADEN, tage, sha, ohne_ahv(ablage.name(ziel)))
        journal.sichern()
        for ziel, daten in neue.items():
            schreibe(ziel, daten)
    texte = [f"{mehrzahl(len(neue), 'Datei', 'Dateien')} in den Eingang gelegt."] if neue else []
    if schon:
        texte.append(f"Schon im Eingang und nicht nochmals abgelegt: {mehrzahl(schon, 'Datei', 'Dateien')}.")
    return texte


def _konsolidiert(ablage: Path, heute: date, texte: Iterable[str], hand: Hand = NIEMAND) -> dict[str, Any]:
    ergebnis = ablauf.konsolidieren(ablage, heute, heute=heute, hand=hand)
    master = Mappe(ergebnis.master.name, ergebnis.master.read_bytes())
    alle = (tafel.kopfsatz(ergebnis.urteil), *texte, *ergebnis.meldungen)
    return tafel.als_tafel(ergebnis.urteil, [ohne_pfade(s, ablage) for s in alle], ergebnis.stammdaten_befunde, master)


def pruefen(ablage: Path | None, dateien: Dateien, stichtag: date) -> dict[str, Any]:
    """Check files and keep nothing. Raises: Abweisung."""
    with _voruebergehend() as ordner, _saetze(409 if ablage else 422, ordner, *([ablage] if ablage else [])):
        vergeben: set[str] = set()
        pfade = []
        for name, daten in dateien:
            ziel = ordner / sicherer_name(name, vergeben)
            ziel.write_bytes(daten)
            vergeben.add(ziel.name.lower())
            pfade.append(ziel)
        ergebnis = ablauf.pruefen(pfade, ablage, stichtag)
        return tafel.aus_befunden(ergebnis.paare, stichtag, [saetze.geprueft(ergebnis)])


def stand(ablage: Path | None, uhr: Uhr) -> dict[str, Any]:
    """Return the board of the working folder; nothing is written. Raises: Abweisung."""
    with _saetze(409, _noetig(ablage)) as wurzel:
        ordner = Ablage.oeffnen(wurzel)
        urteil, befunde, _, meldungen = lesend(ordner, lambda: beurteilen(ordner, uhr, festhalten=False))
        urteil = mit_zahlen(urteil, Laeufe(ordner.laeufe).journal)
        texte = [ohne_pfade(s, wurzel) for s in (tafel.kopfsatz(urteil), *meldungen)]
        return tafel.als_tafel(urteil, texte, befunde)


def master(ablage: Path | None) -> bytes:
    """Return the Master as it lies in the working folder. Raises: Abweisung."""
    with _saetze(409, _noetig(ablage)) as wurzel:
        pfad = Ablage.oeffnen(wurzel).master
        if not pfad.is_file():
            raise Abweisung(404, "Es gibt noch keinen Master. Konsolidieren Sie zuerst.")
        return pfad.read_bytes()


def einreichung(ablage: Path | None, sha: str) -> tuple[str, bytes]:
    """Return the name and the bytes of an archived form. Raises: Abweisung."""
    with _saetze(409, _noetig(ablage)) as wurzel:
        if not _SHA.fullmatch(sha):
            raise Abweisung(400, "Die SHA-256 hat 64 Zeichen von 0 bis 9 und a bis f.")
        ordner = Ablage.oeffnen(wurzel)
        return lesend(ordner, lambda: _einreichung(Archiv(ordner.archiv), sha))


def _einreichung(archiv: Archiv, sha: str) -> tuple[str, bytes]:
    eintrag = archiv.eintraege.get(sha)
    if eintrag is None or eintrag.loeschung is not None:
        raise Abweisung(404, "Diese Einreichung liegt nicht im Archiv. Laden Sie die Übersicht neu.")
    return sicherer_name(eintrag.datei), archiv.lies(sha)


def _noetig(ablage: Path | None) -> Path:
    if ablage is None:
        raise Abweisung(404, _KEINE_ABLAGE)
    return ablage


@contextmanager
def _saetze(status: int, *wurzeln: Path) -> Iterator[Path]:
    """Turn what the core says into an answer without paths."""
    try:
        with deutsch(wurzeln[0], "gelesen"):
            yield wurzeln[0]
    except AblageFehler as fehler:
        raise Abweisung(status, ohne_pfade(str(fehler), *wurzeln)) from fehler
    except ValueError as fehler:
        if not saetze.ist_satz(fehler):
            raise
        raise Abweisung(422, ohne_pfade(str(fehler), *wurzeln)) from fehler


@contextmanager
def _voruebergehend() -> Iterator[Path]:
    """Give a folder that is gone afterwards, whatever happens."""
    with TemporaryDirectory(prefix="krs-", ignore_cleanup_errors=True) as ordner:
        yield Path(ordner)
