"""The whole folder: read, judge, build the Master and the answers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler, in_excel_offen, lies, schreibe
from krs.ablauf.antworten import Antworten, schreibe_antworten
from krs.ablauf.eingang import einlesen
from krs.ablauf.gemeinsam import Fortschritt, Uhr, stammdaten_laden, stille
from krs.formulare.befund import Befund, Stufe, aufgezaehlt
from krs.recht import datum
from krs.recht.zeit import pruefe_jahr
from krs.urteil.fassung import erledigt
from krs.urteil.tafel import VORBEI

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten
    from krs.urteil.urteil import Urteil


@dataclass(frozen=True, slots=True)
class Konsolidiert:
    """What `konsolidieren` did: the judgement, and where the Master lies."""

    urteil: Urteil
    stammdaten_befunde: tuple[Befund, ...]
    master: Path
    meldungen: tuple[str, ...] = ()
    geaendert: bool = True
    antworten: Antworten = field(default_factory=Antworten)

    @property
    def hat_fehler(self) -> bool:
        """True if there is a Fehler in what was judged: neither lifted by an officer nor in a replaced version."""
        ersetzt = {z.datei for z in self.urteil.zeilen if z.status in VORBEI}
        offene = [b for b, e in self.urteil.befunde if not erledigt(b, e) and b.datei not in ersetzt]
        return any(b.stufe is Stufe.FEHLER for b in [*offene, *self.stammdaten_befunde])


def konsolidieren(
    pfad: Path,
    stichtag: date,
    fortschritt: Fortschritt = stille,
    heute: date | None = None,
    *,
    uhr_stimmt: bool = False,
) -> Konsolidiert:
    """Read what came in, keep it, judge everything, build the Master and the answers to the municipalities.

    Args:
        stichtag: what arrived later is left out. Earlier than `heute` it is a look back: `Master_<Stichtag>.xlsx` is
            written and nothing else, nothing is archived.
        heute: the user's day, where a host knows it: the day of receipt of files that lie in no dated folder, for
            good, and nothing is received later; else it is `stichtag`.
        uhr_stimmt: somebody confirms `heute`, although files were read on later days.
    Raises: AblageFehler, ValueError: one German sentence; nothing is written half.
    """
    from krs.mappen.master.master import master_mappe

    pruefe_jahr(stichtag.year)
    if heute is not None and stichtag > heute:
        raise AblageFehler(
            f"Der Stichtag {datum(stichtag)} liegt in der Zukunft. Nennen Sie den heutigen Tag oder einen früheren."
        )
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        laeufe = Laeufe(ablage.laeufe)
        zurueck, uhr = heute is not None and stichtag < heute, Uhr(stichtag, heute, uhr_stimmt)
        urteil, befunde, stamm_bytes, meldungen = beurteilen(ablage, uhr, fortschritt, festhalten=not zurueck)
        stamm_sha = hashlib.sha256(stamm_bytes).hexdigest()
        daten = master_mappe(urteil, befunde, stamm_sha, laeufe.journal, laeufe.abrechnungen)
        if zurueck:
            ziel = _von_tag(ablage, stichtag)
            geaendert, mehr = _ersetzen(ziel, daten, stichtag)
            satz = f"Ein Blick zurück: Geschrieben ist nur «{ziel.name}»; sonst bleibt alles, wie es ist."
            return Konsolidiert(urteil, befunde, ziel, (*meldungen, *mehr, satz), geaendert)
        master, geaendert, mehr = _master_schreiben(ablage, daten, stichtag)
        antworten = schreibe_antworten(ablage, urteil)
        return Konsolidiert(urteil, befunde, master, (*meldungen, *mehr, *antworten.meldungen), geaendert, antworten)


def beurteilen(
    ablage: Ablage, uhr: Uhr, fortschritt: Fortschritt = stille, *, festhalten: bool = True
) -> tuple[Urteil, tuple[Befund, ...], bytes, list[str]]:
    """Read and judge everything, within the lock; also for who needs the judgement without a Master.

    Args:
        festhalten: False for who only asks: nothing is archived.
    Returns: the judgement, what is wrong in the Stammdaten, their bytes, and sentences for the screen.
    """
    from krs.urteil.urteil import urteile

    stammdaten, befunde, stamm_bytes = stammdaten_laden(ablage)
    einreichungen, meldungen = einlesen(ablage, uhr, fortschritt, festhalten=festhalten)
    if kopien := ablage.kopien_der_stammdaten():
        meldungen.append(
            f"Neben Stammdaten.xlsx liegt {aufgezaehlt(kopien)}. Gelesen wird nur Stammdaten.xlsx: Übertragen Sie, was "
            "dort fehlt, und verschieben Sie die Kopie an einen andern Ort."
        )
    perioden, jahre = ablage.zeiten()
    urteil = urteile(einreichungen, stammdaten, perioden, jahre, uhr.stichtag)
    # Who shows no Befunde must say so, too; what could not be opened has no day.
    if zu := [e.abweisung for e in einreichungen if e.abweisung is not None and e.abweisung.code == "E-15"]:
        meldungen.append(f"{aufgezaehlt([b.datei for b in zu])} konnte nicht gelesen werden: {zu[0].meldung}")
    return urteil, befunde, stamm_bytes, meldungen


def nochmals(ablage: Ablage, urteil: Urteil, stammdaten: Stammdaten) -> Urteil:
    """Judge the same submissions under other Stammdaten: what an order would change."""
    from krs.urteil.urteil import urteile

    einreichungen = [z.fassung.einreichung for z in urteil.zeilen if z.fassung]
    return urteile(einreichungen, stammdaten, *ablage.zeiten(), urteil.stichtag)


def _master_schreiben(ablage: Ablage, daten: bytes, stichtag: date) -> tuple[Path, bool, list[str]]:
    """Write the Master; beside it where Excel holds it, and never over what somebody typed into it (entwurf 1)."""
    ziel, daneben = ablage.master, _von_tag(ablage, stichtag)
    try:
        return ziel, *_ersetzen(ziel, daten, stichtag)
    except AblageFehler as fehler:
        if not fehler.gesperrt:
            raise
        geaendert, meldungen = _ersetzen(daneben, daten, stichtag)
        meldungen.append(f"Master.xlsx ist in Excel offen; der neue Master liegt daneben als «{daneben.name}».")
        return daneben, geaendert, meldungen


def _von_tag(ablage: Ablage, stichtag: date) -> Path:
    return ablage.master.with_name(f"Master_{stichtag}.xlsx")


def _ersetzen(ziel: Path, daten: bytes, stichtag: date) -> tuple[bool, list[str]]:
    """Write a Master over the one before; True if it differs. Raises: AblageFehler, `gesperrt` if it is open."""
    from krs.mappen.master.master import von_hand_geaendert

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
