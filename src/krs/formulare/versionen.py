"""Versions of one form: which one is in force, and what an officer decided about it (design 1, 4.8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from krs.formulare import identitaet
from krs.formulare.befund import Akte, Befund, Stufe, melde, meldungen
from krs.formulare.eingabe import LEERE_ZELLE, Eingabe
from krs.formulare.formular import Formular, Version, periodenbeginn
from krs.formulare.pruefen import Gelesen, Typisiert, typisiere
from krs.formulare.stammdaten import Entscheid
from krs.recht import Halbjahr, datum, frist, tage_verspaetet

HALTEND = (Stufe.FEHLER, Stufe.RUECKFRAGE)
Schluessel = tuple[int, str, str]  # BFS-Nr., «Anhang 2», period


@dataclass(frozen=True, slots=True)
class Einreichung:
    """One file as it arrived: read, or refused with a Befund."""

    datei: str
    sha256: str
    eingang: date
    eingabe: Eingabe | None = None
    abweisung: Befund | None = None


@dataclass(frozen=True, slots=True)
class Fassung:
    """One version of a municipality's form with its Befunde and the decisions that touch them."""

    einreichung: Einreichung
    akte: Akte
    formular: Formular | None = None
    version: Version | None = None
    gelesen: Gelesen | None = None
    befunde: tuple[Befund, ...] = ()
    entscheide: tuple[Entscheid | None, ...] = ()  # per Befund, the one that lifts it
    gehalten: frozenset[str] = frozenset()
    abgelehnt: frozenset[str] = frozenset()

    @property
    def schluessel(self) -> Schluessel:
        """Whose form it is; only for a Fassung with a form."""
        return self.akte.bfs_nr or 0, self.akte.formular, self.akte.periode

    @property
    def modell(self) -> Typisiert | None:
        """The typed form, None where the file could not be read as one."""
        return self.gelesen.modell if self.gelesen else None

    @property
    def ansprueche(self) -> frozenset[str]:
        """The claims that this form documents."""
        if self.formular is None or self.version is None:
            return frozenset()
        alle = {a for k in self.version.felder for a in self.formular.felder[k].anspruch}
        if "integ_einzelpersonen" not in self.version.felder:
            alle -= {"integ", "integ_dolmetsch"}
        return frozenset(alle)

    @property
    def identitaet_gut(self) -> bool:
        """True unless it is unknown whose form it is, or for which period."""
        return self.gelesen is not None and not any(b.code in identitaet.CODES for b in self.befunde)

    @property
    def offen(self) -> tuple[Befund, ...]:
        """The Befunde that no decision lifts."""
        paare = zip(self.befunde, self.entscheide or [None] * len(self.befunde), strict=True)
        return tuple(b for b, e in paare if e is None)

    @property
    def frist(self) -> date | None:
        """The deadline of this form (Ziff. 5.2)."""
        if self.formular is None:
            return None
        return eingabefrist(self.formular.nummer, self.akte.periode)


def eingabefrist(nummer: int, periode: str) -> date:
    """Return the deadline of Anhang 2 or 3 for a period (Ziff. 5.2)."""
    return frist(nummer, Halbjahr.parse(periode) if nummer == 2 else periodenbeginn(periode).year)


def fassung(einreichung: Einreichung) -> Fassung:
    """Return what a file is, typed; rules come later, since they need the period before."""
    if einreichung.eingabe is None:
        befunde = (einreichung.abweisung,) if einreichung.abweisung else ()
        return Fassung(einreichung, Akte(einreichung.datei), befunde=befunde)
    z = identitaet.zuordnen(einreichung.eingabe)
    if z.formular is None or z.version is None:
        return Fassung(einreichung, z.akte, befunde=(z.befund,) if z.befund else ())
    gelesen = typisiere(einreichung.eingabe, z.akte, z.formular, z.version)
    return Fassung(einreichung, z.akte, z.formular, z.version, gelesen)


def mit_eingang(f: Fassung, gleichentags: Sequence[Fassung]) -> Fassung:
    """Add F-50 (late) and F-51 (two different files of one day)."""
    neue = list(f.befunde)
    eingang, bis = f.einreichung.eingang, f.frist
    if bis is not None and eingang > bis:
        tage = tage_verspaetet(eingang, bis)
        worte = "1 Tag" if tage == 1 else f"{tage} Tage"
        neue.append(
            melde(f.akte, "F-50", LEERE_ZELLE, "", f.ansprueche, eingang=datum(eingang), frist=datum(bis), tage=worte)
        )
    if len(gleichentags) > 1 and f.identitaet_gut:
        dateien = ", ".join(sorted(x.einreichung.datei for x in gleichentags))
        neue.append(
            melde(
                f.akte, "F-51", LEERE_ZELLE, "", f.ansprueche,
                eingang=datum(eingang), anzahl=len(gleichentags), dateien=dateien,
            )
        )  # fmt: skip
    return replace(f, befunde=tuple(neue))


def entscheiden(f: Fassung, entscheide: Iterable[Entscheid]) -> Fassung:
    """Apply the officers' decisions: lift, hold or refuse (design 4.8). Nothing is deleted."""
    passende = [e for e in entscheide if _gilt(e, f)]
    gehoben: list[Entscheid | None] = []
    gehalten: set[str] = set()
    abgelehnt: set[str] = set()
    for befund in f.befunde:
        letzter = _letzter(e for e in passende if e.code in ("", befund.code))
        hebt = letzter is not None and letzter.entscheid == "anerkennen" and meldungen()[befund.code].hebbar
        gehoben.append(letzter if hebt and befund.stufe in HALTEND else None)
        if gehoben[-1] is None and befund.stufe in HALTEND:
            gehalten |= befund.ansprueche
        if letzter is not None and letzter.code and letzter.entscheid == "ablehnen":
            abgelehnt |= befund.ansprueche
    ganz = _letzter(e for e in passende if not e.code)
    if ganz is not None and ganz.entscheid == "zurückstellen":
        gehalten |= f.ansprueche
    if ganz is not None and ganz.entscheid == "ablehnen":
        abgelehnt |= f.ansprueche
    if not f.identitaet_gut:
        gehalten |= f.ansprueche
    return replace(
        f, entscheide=tuple(gehoben), gehalten=frozenset(gehalten), abgelehnt=frozenset(abgelehnt & f.ansprueche)
    )


def _gilt(e: Entscheid, f: Fassung) -> bool:
    gemeint = (e.bfs_nr, e.formular, e.periode) == f.schluessel
    datei = not e.sha256 or e.sha256.lower() == f.einreichung.sha256
    return gemeint and datei and e.datum >= f.einreichung.eingang


def _letzter(entscheide: Iterable[Entscheid]) -> Entscheid | None:
    """Return the latest decision; of the same day a later row counts."""
    ergebnis: Entscheid | None = None
    for e in entscheide:
        if ergebnis is None or e.datum >= ergebnis.datum:
            ergebnis = e
    return ergebnis


def in_kraft(kette: Sequence[Fassung]) -> Fassung | None:
    """Return the version in force out of one municipality's versions, oldest first (docs/entscheide/25).

    A newer version replaces the one before it, unless it is held and the one before it still earns something.
    """
    stand: Fassung | None = None
    for f in kette:
        if not f.identitaet_gut:
            continue
        gehalten = bool(f.gehalten & f.ansprueche)
        if stand is None or not gehalten or not _traegt(stand):
            stand = f
    return stand


def _traegt(f: Fassung) -> bool:
    return bool(f.ansprueche - f.gehalten - f.abgelehnt)


def status(f: Fassung, gilt: Fassung | None) -> str:
    """Return the state of a submission as the Master shows it (design 4.4)."""
    if gilt is not None and f is not gilt and f.identitaet_gut and _aelter(f, gilt):
        return "ersetzt"
    offen = f.offen
    if any(b.stufe is Stufe.FEHLER for b in offen):
        return "fehlerhaft"
    if any(b.stufe is Stufe.RUECKFRAGE for b in offen) or f.gehalten:
        return "Rückfrage offen"
    return "angenommen mit Hinweisen" if f.befunde else "angenommen"


def _aelter(f: Fassung, gilt: Fassung) -> bool:
    if f.einreichung.eingang == gilt.einreichung.eingang:
        return any(b.code == "F-51" for b in gilt.befunde) and not any(b.code == "F-51" for b in gilt.offen)
    return f.einreichung.eingang < gilt.einreichung.eingang
