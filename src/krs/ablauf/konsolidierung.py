"""The whole folder: read, judge, build the Master and the answers."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.eingangsjournal import NIEMAND, Eingangsjournal, Hand
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler, in_excel_offen, lies, schreibe
from krs.ablage.postausgang import Postausgang
from krs.ablauf.antworten import Antworten, schreibe_antworten
from krs.ablauf.eingang import Eingelesen, einlesen
from krs.ablauf.faellig import faellig
from krs.ablauf.fragen import fragen
from krs.ablauf.gemeinsam import Fortschritt, Uhr, stammdaten_laden, stille
from krs.formulare.befund import Befund, Stufe, aufgezaehlt, mehrzahl
from krs.lauf.gezahlt import mit_zahlen
from krs.lauf.heute import abgeschlossen
from krs.recht import datum
from krs.recht.zeit import pruefe_jahr
from krs.urteil.fassung import erledigt
from krs.urteil.tafel import VORBEI

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten
    from krs.urteil.folge import Ausbezahlt
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
    dateien: int = 0  # opened in Eingang/
    neue: int = 0  # of them, not archived before

    @property
    def hat_fehler(self) -> bool:
        """True while a Fehler waits for somebody: not lifted or refused, not in a replaced version or a closed year."""
        u = self.urteil
        vorbei = {z.datei for z in u.zeilen if z.datei and abgeschlossen(u.stammdaten, z, u.stichtag)}
        offene = [b for b, e in u.zaehlende() if not erledigt(b, e) and b.datei not in vorbei]
        return any(b.stufe is Stufe.FEHLER for b in [*offene, *self.stammdaten_befunde])


def konsolidieren(
    pfad: Path,
    stichtag: date,
    fortschritt: Fortschritt = stille,
    heute: date | None = None,
    *,
    uhr_stimmt: bool = False,
    hand: Hand = NIEMAND,
) -> Konsolidiert:
    """Read what came in, keep it, judge everything, build the Master and the answers to the municipalities.

    Args:
        stichtag: what arrived later is left out. Earlier than `heute` it is a look back: `Master_<Stichtag>.xlsx` is
            written and nothing else, nothing is archived.
        heute: the user's day, where a host knows it: the day of receipt of files that lie in no dated folder, for
            good, and nothing is received later; else it is `stichtag`.
        uhr_stimmt: somebody confirms `heute`, although files were read on later days.
        hand: who acts and when really, for the journal of intake.
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
        laeufe, post = Laeufe(ablage.laeufe), Postausgang(ablage.rueckmeldungen)
        zurueck, uhr = heute is not None and stichtag < heute, Uhr(stichtag, heute, uhr_stimmt, hand)
        urteil, befunde, stamm_bytes, gelesen = beurteilt(
            ablage, uhr, fortschritt, festhalten=not zurueck, laeufe=laeufe, post=post
        )
        genannt = {b.datei for b, _ in urteil.befunde}
        meldungen = [*gelesen.meldungen, *ungeoeffnet(gelesen, genannt), *fremde_absender(urteil)]
        zahl = gelesen.dateien, gelesen.neue
        urteil = mit_zahlen(urteil, laeufe.journal)
        stamm_sha = hashlib.sha256(stamm_bytes).hexdigest()
        eingaenge = [astuple(z) for z in Eingangsjournal(ablage.archiv).zeilen if z.eingang <= stichtag]
        antworten = Antworten() if zurueck else schreibe_antworten(ablage, urteil, laeufe.journal, post)
        alter = {(f.befund.datei, f.befund.code): (f.seit, len(f.gefragt)) for f in fragen(urteil, post)}
        zu_tun = faellig(ablage, urteil, laeufe, post)
        daten = master_mappe(urteil, befunde, stamm_sha, laeufe.journal, laeufe.abrechnungen, eingaenge, alter, zu_tun)
        if zurueck:
            ziel = _von_tag(ablage, stichtag)
            geaendert, mehr = _ersetzen(ziel, daten, stichtag)
            satz = f"Ein Blick zurück: Geschrieben ist nur «{ziel.name}»; sonst bleibt alles, wie es ist."
            return Konsolidiert(urteil, befunde, ziel, (*meldungen, *mehr, satz), geaendert, antworten, *zahl)
        master, geaendert, mehr = _master_schreiben(ablage, daten, stichtag)
        meldungen += [*mehr, *antworten.meldungen]
        return Konsolidiert(urteil, befunde, master, tuple(meldungen), geaendert, antworten, *zahl)


def beurteilen(
    ablage: Ablage,
    uhr: Uhr,
    fortschritt: Fortschritt = stille,
    *,
    festhalten: bool = True,
    laeufe: Laeufe | None = None,
    post: Postausgang | None = None,
) -> tuple[Urteil, tuple[Befund, ...], bytes, list[str]]:
    """Read and judge everything for who shows no Befunde: what could not be opened is one of the sentences.

    Returns: the judgement, what is wrong in the Stammdaten, their bytes, and sentences for the screen.
    """
    urteil, befunde, stamm_bytes, gelesen = beurteilt(
        ablage, uhr, fortschritt, festhalten=festhalten, laeufe=laeufe, post=post
    )
    return urteil, befunde, stamm_bytes, [*gelesen.meldungen, *ungeoeffnet(gelesen)]


def beurteilt(
    ablage: Ablage,
    uhr: Uhr,
    fortschritt: Fortschritt = stille,
    *,
    festhalten: bool = True,
    laeufe: Laeufe | None = None,
    post: Postausgang | None = None,
) -> tuple[Urteil, tuple[Befund, ...], bytes, Eingelesen]:
    """Read and judge everything, within the lock; also for who needs the judgement without a Master.

    Args:
        festhalten: False for who only asks: nothing is archived.
        laeufe, post: ledger and outbox, of who has read them already.
    Returns: the judgement, what is wrong in the Stammdaten, their bytes, and what was read.
    """
    from krs.urteil.urteil import urteile

    stammdaten, befunde, stamm_bytes = stammdaten_laden(ablage)
    gelesen = einlesen(ablage, uhr, fortschritt, stammdaten.einstellungen, festhalten=festhalten)
    if kopien := ablage.kopien_der_stammdaten():
        satz = (
            f"Neben Stammdaten.xlsx liegt {aufgezaehlt(kopien)}. Gelesen wird nur Stammdaten.xlsx: Übertragen Sie, was "
            "dort fehlt, und verschieben Sie die Kopie an einen andern Ort."
        )
        gelesen = replace(gelesen, meldungen=(*gelesen.meldungen, satz))
    urteil = urteile(gelesen.einreichungen, stammdaten, *ablage.zeiten(), uhr.stichtag, *_seither(ablage, laeufe, post))
    return urteil, befunde, stamm_bytes, gelesen


def ungeoeffnet(gelesen: Eingelesen, genannt: Collection[str] = ()) -> list[str]:
    """Return the sentence about what could not be opened; it may have no day, and so no Befund that names it."""
    alle = (e.abweisung for e in gelesen.einreichungen if e.datei not in genannt)
    zu = [b for b in alle if b is not None and b.code == "E-15"]
    return [f"{aufgezaehlt(b.datei for b in zu)} konnte nicht gelesen werden: {zu[0].meldung}"] if zu else []


def fremde_absender(urteil: Urteil) -> list[str]:
    """Return the sentence about forms of senders whom the Stammdaten do not know (F-63)."""
    fassungen = (z.fassung for z in urteil.zeilen if z.fassung and z.status not in VORBEI)
    namen = [f.akte.datei for f in fassungen if any(b.code == "F-63" for b in f.befunde)]
    anfang = mehrzahl(len(namen), "Formular kam", "Formulare kamen")
    return [f"{anfang} von einem unbekannten Absender (F-63): {aufgezaehlt(namen)}."] if namen else []


def nochmals(ablage: Ablage, urteil: Urteil, stammdaten: Stammdaten) -> Urteil:
    """Judge the same submissions under other Stammdaten: what an order would change."""
    from krs.urteil.urteil import urteile

    return urteile(urteil.einreichungen, stammdaten, *ablage.zeiten(), urteil.stichtag, *_seither(ablage))


def _seither(
    ablage: Ablage, laeufe: Laeufe | None = None, post: Postausgang | None = None
) -> tuple[Mapping[str, date], Ausbezahlt]:
    """Return what happened since the forms came: on which day each was first answered, what runs paid."""
    laeufe, post = laeufe or Laeufe(ablage.laeufe), post or Postausgang(ablage.rueckmeldungen)
    return post.entworfen(), laeufe.journal.ausbezahlt()


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
