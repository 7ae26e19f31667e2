"""The board: per municipality and form what came in, in which state, and what is still owed (entwurf 4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.anhang2 import Anhang2, anteil_erreicht
from krs.formulare.befund import Stufe, mehrzahl
from krs.formulare.formular import folgeperiode
from krs.recht import datum, tage_verspaetet
from krs.urteil.fassung import VERSPAETET, Fassung, Schluessel, mit_wochentag, status
from krs.urteil.fassungsvergleich import Aenderung, aenderungen

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid

FEHLT, DURCH_LEITGEMEINDE, ERLEDIGT, GELOESCHT = "fehlt", "durch Leitgemeinde", "erledigt", "gelöscht"
ERSETZT = "ersetzt"
NOCH_NICHT = "noch nicht fällig"  # a form before its deadline, and a claim that waits for nothing else
VORBEI = (ERSETZT, ERLEDIGT, GELOESCHT)  # nobody has to do anything about it


@dataclass(frozen=True, slots=True)
class Zeile:
    """One row of the board: a submission, or what is still owed; `aenderungen` against the version before."""

    bfs_nr: int | None
    gemeinde: str
    formular: str
    periode: str
    version: str
    eingang: date | None
    frist: date | None
    tage: int
    nullmeldung: bool | None
    status: str
    datei: str
    sha256: str
    stufen: tuple[int, int, int]
    fassung: Fassung | None = None
    bemerkung: str = ""
    aenderungen: tuple[Aenderung, ...] = ()

    @property
    def anteil(self) -> Decimal | None:
        """The share of newcomers reached, where the form states it (Ziff. 3.2)."""
        modell = self.fassung.modell if self.fassung else None
        return anteil_erreicht([modell.erreicht()]) if isinstance(modell, Anhang2) else None


def eingegangen(kette: Sequence[Fassung], gilt: Fassung | None) -> Iterator[Zeile]:
    """Yield one row for each version of one form, oldest first."""
    vorher: Fassung | None = None
    for f in kette:
        aendert = aenderungen(vorher, f) if vorher is not None and f.identitaet_gut else ()
        yield _zeile(f, status(f, gilt), _bemerkung(f, vorher, gilt), aendert)
        vorher = f if f.identitaet_gut and not f.beiseite else vorher


def geloeschte(graeber: Iterable[Fassung], gilt: Fassung | None) -> Iterator[Zeile]:
    """Yield one row for each purged version: it came in, and nobody owes it."""
    for f in graeber:
        e, grab, frist = f.einreichung, f.einreichung.grab, f.frist
        aelter = gilt is not None and e.eingang < gilt.einreichung.eingang
        yield Zeile(
            f.akte.bfs_nr, f.akte.gemeinde, f.akte.formular, f.akte.periode, "", e.eingang, frist,
            tage_verspaetet(e.eingang, frist) if frist else 0, None, ERSETZT if aelter else GELOESCHT, "", e.sha256,
            (0, 0, 0), None, grab.satz if grab else "",
        )  # fmt: skip


def fremde(fassungen: Iterable[tuple[Fassung, str, str]]) -> Iterator[Zeile]:
    """Yield one row for each file that is no form we know, with its state; what only informs is no submission."""
    for f, stand, bemerkung in fassungen:
        if any(b.stufe is not Stufe.HINWEIS for b in f.befunde):
            yield _zeile(f, stand, bemerkung, ())


def _zeile(f: Fassung, stand: str, bemerkung: str, aendert: tuple[Aenderung, ...]) -> Zeile:
    frist, eingang = f.frist, f.einreichung.eingang
    verspaetet = f.gelesen is None or any(b.code in VERSPAETET for b in f.befunde)
    tage = tage_verspaetet(eingang, frist) if frist and verspaetet else 0
    wann = f"Berichtigung innert Korrekturfrist ({datum(f.korrekturfrist)})" if f.korrekturfrist else ""
    if tage and frist:
        wann = f"{mit_wochentag(eingang)}: {mehrzahl(tage, 'Tag', 'Tage')} nach der Frist ({mit_wochentag(frist)})"
    bemerkung = "; ".join(filter(None, (*_andere_periode(f), wann, bemerkung)))
    stufen = tuple(sum(b.stufe is s for b in f.befunde) for s in Stufe)
    null = f.modell.nullmeldung if isinstance(f.modell, Anhang2) else None
    return Zeile(
        f.akte.bfs_nr, f.akte.gemeinde, f.akte.formular, f.akte.periode, f.version.id if f.version else "",
        eingang, frist, tage, null, stand, f.einreichung.datei, f.einreichung.sha256,
        (stufen[0], stufen[1], stufen[2]), f, bemerkung, aendert,
    )  # fmt: skip


def _andere_periode(f: Fassung) -> Iterator[str]:
    """Yield that a form is taken as that of another period, or how one takes it so."""
    if f.gilt_als is not None and f.einreichung.eingabe is not None:
        z, alt = f.gilt_als, f.einreichung.eingabe.kennung.periode
        yield f"Vorlage {alt}, gilt als {z.periode} ({z.visum}, {datum(z.datum)})"
    elif any(b.code == "F-52" for b in f.offen):
        bfs, form, periode = f.schluessel
        folge = f'--formular "{form}" --periode {folgeperiode(periode)}'
        yield f"richtige Vorlage? Sonst: krs zuordnen … {f.einreichung.sha256[:8]} {bfs} {folge}"


def _bemerkung(f: Fassung, vorher: Fassung | None, gilt: Fassung | None) -> str:
    """Return how this version stands to the others."""
    if f.beiseite:
        return f.beiseite
    aelter = gilt is not None and f.einreichung.eingang < gilt.einreichung.eingang
    if gilt is not None and aelter and f.identitaet_gut:
        return f"ersetzt durch die Fassung vom {datum(gilt.einreichung.eingang)}"
    if any(b.code == "F-51" for b in f.offen):
        return "mehrere Fassungen am selben Tag"
    if gilt is None or f is gilt:
        return f"ersetzt die Fassung vom {datum(vorher.einreichung.eingang)}" if f is gilt and vorher else ""
    weiterhin = "" if aelter else "weiterhin "
    return f"es gilt {weiterhin}die Fassung vom {datum(gilt.einreichung.eingang)}"


def geschlossen(z: Zeile, e: Entscheid) -> Zeile:
    """Return the row of a form that an officer does without, or no longer waits for."""
    wort = "verzichtet" if e.entscheid == "anerkennen" else "abgelehnt"
    bemerkung = f"{wort} am {datum(e.datum)} ({e.visum}): {e.begruendung}"
    return replace(z, status=ERLEDIGT, tage=0, bemerkung=bemerkung)


def fehlend(
    schluessel: Schluessel, gemeinde: str, frist: date, lead: str, unbrauchbar: Sequence[Fassung], stichtag: date
) -> Zeile:
    """Return the row for a form that is not there.

    Args:
        frist: its deadline, as the office granted it.
        lead: name of the Leitgemeinde whose Selbstdeklaration stands for it, else empty.
        unbrauchbar: versions that came in and could not be used.
    """
    bfs, form, zeit = schluessel
    tage = 0 if lead else tage_verspaetet(stichtag, frist)
    if lead:
        bemerkung = f"durch {lead}"
    elif tage:
        bemerkung = f"seit {mehrzahl(tage, 'Tag', 'Tagen')} fällig ({mit_wochentag(frist)})"
    else:
        bemerkung = f"fällig bis {mit_wochentag(frist)}"
    if unbrauchbar:
        tag = datum(unbrauchbar[-1].einreichung.eingang)
        bemerkung += f"; die Einreichung vom {tag} ist nicht verwendbar"
    stand = DURCH_LEITGEMEINDE if lead else FEHLT if tage else NOCH_NICHT
    return Zeile(bfs, gemeinde, form, zeit, "", None, frist, tage, None, stand, "", "", (0, 0, 0), None, bemerkung)
