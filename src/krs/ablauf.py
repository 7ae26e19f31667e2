"""The straight line: file → form → Befunde → claims → Master. Every host calls these functions (design 2)."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.archiv import Archiv
from krs.ablage.ordner import (
    Ablage,
    AblageFehler,
    dateien_in,
    in_excel_offen,
    lies,
    schreibe,
    sichtbarer_name,
)
from krs.formulare.anhang2 import Anhang2
from krs.formulare.befund import Befund, Stufe, meldungen
from krs.formulare.formular import Formular, formular
from krs.formulare.versionen import Einreichung, erledigt
from krs.mappen.lesen import Abgewiesen, lesen
from krs.recht import Halbjahr, datum

if TYPE_CHECKING:
    from krs.formulare.stammdaten import Stammdaten
    from krs.formulare.urteil import Urteil

Fortschritt = Callable[[Iterable[Path], int, str], Iterable[Path]]


def stille(dateien: Iterable[Path], anzahl: int, text: str) -> Iterable[Path]:  # noqa: ARG001 the shape of Fortschritt
    """Show nothing: the progress of hosts that have no screen."""
    return dateien


@dataclass(frozen=True, slots=True)
class Konsolidiert:
    """What `konsolidieren` did: the judgement, and where the Master lies."""

    urteil: Urteil
    stammdaten_befunde: tuple[Befund, ...]
    master: Path
    meldungen: tuple[str, ...] = ()
    geaendert: bool = True

    @property
    def hat_fehler(self) -> bool:
        """True if there is a Fehler in what was judged: neither lifted by an officer nor in a replaced version."""
        ersetzt = {z.datei for z in self.urteil.zeilen if z.status == "ersetzt"}
        offene = [b for b, e in self.urteil.befunde if not erledigt(b, e) and b.datei not in ersetzt]
        return any(b.stufe is Stufe.FEHLER for b in [*offene, *self.stammdaten_befunde])


# --- new folder, templates ------------------------------------------------------------------
def neu(pfad: Path) -> Ablage:
    """Make a working folder with Stammdaten prefilled. Raises: AblageFehler."""
    from krs.mappen.stammdaten import stammdaten_mappe, vorgabe

    return Ablage.anlegen(pfad, stammdaten_mappe(vorgabe()))


def stammdaten_laden(ablage: Ablage) -> tuple[Stammdaten, tuple[Befund, ...], bytes]:
    """Return the Stammdaten, what is wrong in them, and their bytes.

    Raises: AblageFehler: the workbook cannot be read at all.
    """
    from krs.formulare.stammdaten import lies_stammdaten
    from krs.mappen.stammdaten import lies_tabellen

    daten = lies(ablage.stammdaten)
    try:
        tabellen = lies_tabellen(daten, ablage.stammdaten.name)
    except Abgewiesen as fehler:
        raise AblageFehler(
            f"Die Stammdaten «{ablage.stammdaten}» sind nicht lesbar ({meldungen()[fehler.code].titel}). "
            "Speichern Sie die Datei in Excel als .xlsx, oder stellen Sie sie aus der Sicherung wieder her."
        ) from fehler
    return *lies_stammdaten(tabellen), daten


@dataclass(frozen=True, slots=True)
class Vorlagen:
    """What `vorlagen` wrote, and which files it left alone since somebody had filled them in."""

    ordner: Path
    geschrieben: int
    belassen: tuple[Path, ...]
    befunde: tuple[Befund, ...]
    unveraendert: int = 0


def vorlagen(pfad: Path, zeit: str, fortschritt: Fortschritt = stille) -> Vorlagen:
    """Make Anhang 2 for a half-year, or Anhang 3 for a year, for all that take part.

    Raises: AblageFehler; ValueError: no such period (German sentence).
    """
    from krs.formulare.urteil import beteiligte
    from krs.mappen.stempel import Angaben, stempeln

    form = formular("anhang2" if "-" in zeit else "anhang3")
    form.version_fuer(zeit)
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        stammdaten, befunde, _ = stammdaten_laden(ablage)
        vorher = _vorperiode(ablage, stammdaten, zeit)
        ordner = ablage.vorlagen / zeit
        ziele = {
            ordner / vorlagenname(form, zeit, b, stammdaten.gebiet.name(b)): b for b in beteiligte(stammdaten, zeit)
        }
        if not ziele:
            raise AblageFehler(
                f"In {zeit} ist keine Gemeinde beteiligt. Tragen Sie in den Stammdaten, Blatt Gemeinden, "
                "«beteiligt ab» ein."
            )
        ordner.mkdir(exist_ok=True)
        geschrieben, belassen = 0, []
        for ziel in fortschritt(ziele, len(ziele), f"Vorlagen {zeit}"):
            bfs = ziele[ziel]
            if ziel.exists() and _ausgefuellt(ziel):
                belassen.append(ziel)
                continue
            anzahl = stammdaten.auslaender(bfs, int(zeit)) if form.nummer == 3 else None
            name = stammdaten.gebiet.name(bfs)
            angaben = Angaben(bfs, name, zeit, anzahl, vorher.get(bfs, {}), stammdaten.tarife)
            geschrieben += schreibe(ziel, stempeln(form, angaben))
    return Vorlagen(ordner, geschrieben, tuple(belassen), befunde, len(ziele) - geschrieben - len(belassen))


_UMLAUTE = {ord(u): e for u, e in zip("äöüÄÖÜ", ("ae", "oe", "ue", "Ae", "Oe", "Ue"), strict=True)}


def vorlagenname(form: Formular, zeit: str, bfs: int, name: str) -> str:
    """Return `Anhang_2_2024-H1_2581_Olten.xlsx`, in letters that every mail system carries."""
    umlaute = name.translate(_UMLAUTE)
    ascii_ = unicodedata.normalize("NFKD", umlaute).encode("ascii", "ignore").decode()
    return f"Anhang_{form.nummer}_{zeit}_{bfs}_{re.sub(r'[^A-Za-z0-9]+', '-', ascii_).strip('-')}.xlsx"


def _ausgefuellt(pfad: Path) -> bool:
    """Return True unless the file is a template that nobody typed into."""
    try:
        eingabe = lesen(lies(pfad), pfad.name)
    except Abgewiesen:
        return True
    if not eingabe.felder:
        return True
    form = formular(eingabe.kennung.formular)
    werte = [z for k, z in eingabe.felder.items() if form.felder[k].eingabe]
    werte += [z for zeilen in eingabe.listen.values() for zeile in zeilen for z in zeile]
    return any(not z.leer for z in werte)


def _vorperiode(ablage: Ablage, stammdaten: Stammdaten, zeit: str) -> dict[int, dict[str, int | None]]:
    """Return the figures of the previous half-year, per municipality and field."""
    if "-" not in zeit or Halbjahr.parse(zeit) <= Halbjahr(2017, 1):
        return {}
    vorher = str(Halbjahr.parse(zeit).vorher())
    archiv = Archiv(ablage.archiv)
    gelesen = [_einreichung(archiv.lies(e.sha256), e.datei, e.eingang, e.sha256) for e in archiv.eintraege.values()]
    from krs.formulare.urteil import urteile

    urteil = urteile([e for e in gelesen if e.eingabe is not None], stammdaten, [], [], date.max)
    zahlen: dict[int, dict[str, int | None]] = {}
    for f in urteil.gueltige:
        if f.akte.periode == vorher and isinstance(f.modell, Anhang2):
            felder: dict[str, int | None] = {
                k: v for k, v in f.modell.model_dump().items() if type(v) is int and k != "bfs_nr"
            }
            zahlen[f.akte.bfs_nr or 0] = felder
    return zahlen


# --- checking single files ------------------------------------------------------------------
def pruefen(pfade: Sequence[Path], ablage: Path | None, stichtag: date) -> tuple[Befund, ...]:
    """Return the Befunde of single files, judged as on `stichtag`; with `ablage` also against its Stammdaten.

    A file in a dated folder below the Eingang/ of `ablage` was received on that day, any other on `stichtag`.

    Raises: AblageFehler: a path does not exist or the folder is none.
    """
    ordner = Ablage.oeffnen(ablage) if ablage else None
    einreichungen = []
    for p in _dateien(pfade):
        tag = ordner.eingangstag(p) if ordner else None
        einreichungen.append(_einreichung(lies(p), sichtbarer_name(p.name), tag or stichtag))
    return _befunde(einreichungen, stammdaten_laden(ordner)[0] if ordner else None, stichtag)


def _dateien(pfade: Sequence[Path]) -> Iterator[Path]:
    for pfad in pfade:
        if pfad.is_dir():
            dateien = dateien_in(pfad)
            if not dateien:
                raise AblageFehler(f"Im Ordner «{pfad}» liegt keine Datei. Prüfen Sie den Pfad.")
            yield from dateien
        elif pfad.is_file():
            yield pfad
        else:
            raise AblageFehler(f"Die Datei «{pfad}» gibt es nicht. Prüfen Sie den Pfad.")


def _befunde(einreichungen: list[Einreichung], stammdaten: Stammdaten | None, stichtag: date) -> tuple[Befund, ...]:
    if stammdaten is not None:
        from krs.formulare.urteil import urteile

        urteil = urteile(einreichungen, stammdaten, [], [], stichtag)
        dateien = {e.datei for e in einreichungen}
        return tuple(b for b, _ in urteil.befunde if b.datei in dateien)
    from krs.formulare.kontext import Kontext
    from krs.formulare.pruefen import pruefe
    from krs.formulare.versionen import fassung

    alle: list[Befund] = []
    for e in einreichungen:
        f = fassung(e)
        if f.gelesen is None or f.formular is None or f.version is None:
            alle += f.befunde
        else:
            k = Kontext(f.akte, f.gelesen.eingabe, f.formular, f.version, f.akte.periode)
            alle += pruefe(f.gelesen, k)
    return tuple(alle)


def als_json(befunde: Iterable[Befund]) -> str:
    """Return the list of Befunde in the public shape (design 4.3)."""
    return json.dumps([b.als_dict() for b in befunde], ensure_ascii=False, indent=1)


def _einreichung(daten: bytes, datei: str, eingang: date, sha: str = "") -> Einreichung:
    sha = sha or hashlib.sha256(daten).hexdigest()
    try:
        return Einreichung(datei, sha, eingang, lesen(daten, datei))
    except Abgewiesen as fehler:
        return Einreichung(datei, sha, eingang, abweisung=fehler.befund(datei))


# --- the whole folder -----------------------------------------------------------------------
def konsolidieren(pfad: Path, stichtag: date, fortschritt: Fortschritt = stille) -> Konsolidiert:
    """Read what came in, keep it, judge everything, and build the Master.

    Args:
        stichtag: what arrived later is left out; the day of receipt of files that lie in no dated folder.
    Raises: AblageFehler: one German sentence; nothing is written half.
    """
    from krs.formulare.urteil import urteile

    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        stammdaten, befunde, stamm_bytes = stammdaten_laden(ablage)
        einreichungen, meldungen = _einlesen(ablage, stichtag, fortschritt)
        perioden, jahre = ablage.zeiten()
        urteil = urteile(einreichungen, stammdaten, perioden, jahre, stichtag)
        ergebnis = _master_schreiben(ablage, urteil, befunde, hashlib.sha256(stamm_bytes).hexdigest())
        return replace(ergebnis, meldungen=(*meldungen, *ergebnis.meldungen))


def _einlesen(ablage: Ablage, stichtag: date, fortschritt: Fortschritt) -> tuple[list[Einreichung], list[str]]:
    """Read Eingang/ and what only the archive still has; every form is archived, refused files stay where they are."""
    archiv, meldungen = Archiv(ablage.archiv), []
    gelesen: dict[str, Einreichung] = {}
    weitere: list[Einreichung] = []
    orte: dict[str, list[tuple[str, date | None]]] = {}
    dateien = ablage.eingegangen()
    for pfad in fortschritt(dateien, len(dateien), "Formulare lesen"):
        daten, name = lies(pfad), ablage.name(pfad)
        sha = hashlib.sha256(daten).hexdigest()
        orte.setdefault(sha, []).append((name, ablage.eingangstag(pfad)))
        if sha in gelesen:
            if gelesen[sha].eingabe is None:  # five empty files are five: each is named
                weitere.append(_einreichung(daten, name, ablage.eingangstag(pfad) or stichtag, sha))
            continue
        gelesen[sha] = _einreichung(daten, name, stichtag, sha)
        if gelesen[sha].eingabe is not None and archiv.ablegen(sha, daten):
            meldungen.append(f"Archiv: «{name}» fehlte oder war verändert und ist aus dem Eingang wiederhergestellt.")
    einreichungen = [_mit_eingang(archiv, e, orte[sha], meldungen) for sha, e in gelesen.items()]
    einreichungen += weitere
    archiv.sichern()
    for e in archiv.eintraege.values():
        if e.sha256 not in gelesen:
            einreichungen.append(_einreichung(archiv.lies(e.sha256), e.datei, e.eingang, e.sha256))
    return einreichungen, meldungen


def _mit_eingang(
    archiv: Archiv, e: Einreichung, orte: Sequence[tuple[str, date | None]], meldungen: list[str]
) -> Einreichung:
    """Return a file with its day of receipt (design 1): the dated folder, else the day it was archived first.

    Of several copies the earliest day counts. A file keeps the name it was archived under while it lies there.
    """
    tage = [tag for _, tag in orte if tag is not None]
    alt = archiv.eintraege.get(e.sha256)
    eingang = min(tage) if tage else alt.eingang if alt else e.eingang
    name = alt.datei if alt and any(alt.datei == n for n, _ in orte) else e.datei
    if alt and alt.eingang != eingang:
        meldungen.append(f"Eingang von «{name}»: neu {datum(eingang)} statt {datum(alt.eingang)}, nach seinem Ordner.")
    if e.eingabe is None:
        return replace(e, eingang=eingang)
    archiv.eintragen(e.sha256, eingang, name)
    return replace(e, datei=name, eingang=eingang, eingabe=replace(e.eingabe, datei=name))


def _master_schreiben(ablage: Ablage, urteil: Urteil, befunde: tuple[Befund, ...], stamm_sha: str) -> Konsolidiert:
    """Write the Master; beside it where Excel holds it, and never over what somebody typed into it (design 1)."""
    from krs.mappen.master import master_mappe

    daten = master_mappe(urteil, befunde, stamm_sha)
    ziel, daneben = ablage.master, ablage.master.with_name(f"Master_{urteil.stichtag}.xlsx")
    try:
        geaendert, meldungen = _ersetzen(ziel, daten, urteil.stichtag)
    except AblageFehler as fehler:
        if not fehler.gesperrt:
            raise
        ziel = daneben
        geaendert, meldungen = _ersetzen(ziel, daten, urteil.stichtag)
        meldungen.append(f"Master.xlsx ist in Excel offen; der neue Master liegt daneben als «{ziel.name}».")
    return Konsolidiert(urteil, befunde, ziel, tuple(meldungen), geaendert)


def _ersetzen(ziel: Path, daten: bytes, stichtag: date) -> tuple[bool, list[str]]:
    """Write a Master over the one before; True if it differs. Raises: AblageFehler, `gesperrt` if it is open."""
    from krs.mappen.master import von_hand_geaendert

    alt = lies(ziel) if ziel.exists() else None
    if alt == daten:
        return False, []
    if in_excel_offen(ziel):
        raise AblageFehler(f"«{ziel}» ist in Excel offen. Schliessen Sie die Datei.") from PermissionError()
    meldungen = []
    if alt is not None and von_hand_geaendert(alt):
        beiseite = _frei(ziel.with_name(f"Master_von_Hand_geaendert_{stichtag}.xlsx"), alt)
        schreibe(beiseite, alt)
        meldungen.append(f"Der bisherige Master wurde von Hand geändert und liegt nun unter «{beiseite.name}».")
    return schreibe(ziel, daten), meldungen


def _frei(pfad: Path, daten: bytes) -> Path:
    """Return the path, or the next one with a number, that is free or holds these bytes already."""
    nummer, frei = 2, pfad
    while frei.exists() and lies(frei) != daten:
        frei = pfad.with_name(f"{pfad.stem}_{nummer}.xlsx")
        nummer += 1
    return frei


def stufen(befunde: Iterable[Befund]) -> Counter[str]:
    """Count Befunde by stufe."""
    return Counter(str(b.stufe) for b in befunde)
