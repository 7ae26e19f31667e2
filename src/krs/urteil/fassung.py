"""Versions of one form: which one is in force, and what an officer decided about it (entwurf 1, 4.8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from krs.formulare import identitaet
from krs.formulare.ahv import maskiere
from krs.formulare.befund import Akte, Befund, Stufe, melde, meldungen
from krs.formulare.eingabe import Eingabe
from krs.formulare.formular import Formular, Version, eingabefrist, formular, formulare
from krs.formulare.pruefen import Gelesen, Typisiert, merkmale, typisiere
from krs.recht import LEISTUNG, datum, wochentag
from krs.urteil.grabstein import Grabstein

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid, Stammdaten, Zuordnung

HALTEND = (Stufe.FEHLER, Stufe.RUECKFRAGE)
VERSPAETET = ("F-50", "F-52")  # what came after the deadline
BEIM_KANTON = ("F-07", "F-50", "F-65")  # only the canton can act: taking part for a part, received late, laid in late
HOECHSTENS_GENANNT = 5  # files that F-51 names, and that go back
Schluessel = tuple[int, str, str]  # BFS-Nr., «Anhang 2», period


Vermerk = tuple[str, Mapping[str, object]]  # code and values of a Befund about the receipt of a file


@dataclass(frozen=True, slots=True)
class Einreichung:
    """One file as it arrived: read, or refused with a Befund; `vermerke` say what is odd about its receipt.

    `absender`: the addresses of the mails it hung on; `inhalt`: the first words of a workbook that is no form.
    `grab`: it is purged, and that is what stays of it.
    """

    datei: str
    sha256: str
    eingang: date
    eingabe: Eingabe | None = None
    abweisung: Befund | None = None
    vermerke: tuple[Vermerk, ...] = ()
    absender: tuple[str, ...] = ()
    inhalt: str = ""
    grab: Grabstein | None = None

    def vermerkt(self, akte: Akte) -> Iterator[Befund]:
        """Yield the Befunde about its receipt, as those of a form."""
        return (melde(akte, code, **werte) for code, werte in self.vermerke)


@dataclass(frozen=True, slots=True)
class Fassung:
    """One version of a municipality's form with its Befunde and the decisions that touch them."""

    einreichung: Einreichung
    akte: Akte
    formular: Formular | None = None
    version: Version | None = None
    gelesen: Gelesen | None = None
    befunde: tuple[Befund, ...] = ()
    entscheide: tuple[Entscheid | None, ...] = ()  # per Befund, the latest one that covers it
    gehalten: frozenset[str] = frozenset()
    abgelehnt: frozenset[str] = frozenset()
    gekuerzt: tuple[tuple[str, Entscheid], ...] = ()  # claim → the Entscheid that recognises less than is declared
    beiseite: str = ""  # why it counts for nothing: repeated, taken back, another file of its day was named
    wiederholt: bool = False  # the same content as an earlier version (docs/entscheide/58)
    kopien: tuple[str, ...] = ()  # SHA-256 of files with the same content that came since
    zuordnung: Zuordnung | None = None  # of a file that could not be read
    gilt_als: Zuordnung | None = None  # an officer took a readable form as that of another period
    frist: date | None = None  # the deadline of this form (Ziff. 5.2), None where the form is unknown
    korrekturfrist: date | None = None  # it came after the deadline, as the correction asked for, and in time

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
        return _belegt(self.formular.id, self.version.id)

    @property
    def angaben(self) -> tuple[tuple[str, object], ...]:
        """The typed values that a claim depends on: counts, conditions, confirmation."""
        if self.formular is None or self.modell is None:
            return ()
        return tuple((k, self.modell.wert(k)) for k, feld in self.formular.felder.items() if feld.anspruch)

    @property
    def identitaet_gut(self) -> bool:
        """True unless it is unknown whose form it is, or for which period."""
        return self.gelesen is not None and not any(b.code in identitaet.CODES for b in self.befunde)

    @property
    def offen(self) -> tuple[Befund, ...]:
        """The Befunde that still wait for a correction or a decision."""
        return tuple(b for b, e in self.paare if not erledigt(b, e))

    @property
    def paare(self) -> tuple[tuple[Befund, Entscheid | None], ...]:
        """Each Befund with the decision that covers it."""
        return tuple(zip(self.befunde, self.entscheide or (None,) * len(self.befunde), strict=True))


@cache
def _belegt(kennung: str, version: str) -> frozenset[str]:
    form = formular(kennung)
    gilt = next(v for v in form.versionen if v.id == version)
    alle = {a for k in gilt.felder for a in form.felder[k].anspruch}
    return frozenset(a for a in alle if LEISTUNG[a].art in ("", *gilt.arten))


def mit_wochentag(tag: date) -> str:
    """Return a day as a letter names it.

    >>> mit_wochentag(date(2024, 7, 31))
    'Mittwoch, 31.07.2024'
    """
    return f"{wochentag(tag)}, {datum(tag)}"


def fassung(einreichung: Einreichung, stammdaten: Stammdaten | None = None, tag: date = date.max) -> Fassung:
    """Return what a file is, typed; rules come later, since they need the period before.

    Args:
        stammdaten: for the deadline as the office had granted it by `tag`; else it is that of the circular.
    """
    if einreichung.grab is not None:
        akte = einreichung.grab.akte
        form = next(f for f in formulare() if f.name == akte.formular)
        version = form.version_fuer(akte.periode)
        return Fassung(einreichung, akte, form, version, frist=_frist(akte, stammdaten, tag))
    if einreichung.eingabe is None:
        befunde = (einreichung.abweisung,) if einreichung.abweisung else ()
        akte = Akte(einreichung.datei)
        return Fassung(einreichung, akte, befunde=(*befunde, *einreichung.vermerkt(akte)))
    z = identitaet.zuordnen(einreichung.eingabe)
    if z.formular is None or z.version is None:
        weitere = [*merkmale(einreichung.eingabe, z.akte), *maskiere(einreichung.eingabe, z.akte)[1]]
        weitere += einreichung.vermerkt(z.akte)
        return Fassung(einreichung, z.akte, befunde=(*([z.befund] if z.befund else []), *weitere))
    gelesen = typisiere(einreichung.eingabe, z.akte, z.formular, z.version)
    return Fassung(einreichung, z.akte, z.formular, z.version, gelesen, frist=_frist(z.akte, stammdaten, tag))


def _frist(a: Akte, s: Stammdaten | None, tag: date) -> date:
    return s.frist(a.bfs_nr, a.formular, a.periode, tag) if s else eingabefrist(int(a.formular[-1]), a.periode)


def gehoben(befund: Befund, entscheid: Entscheid | None) -> bool:
    """Return True if an officer lifted the Befund (entwurf 4.8: never a Fehler of intake, identity or type)."""
    hebt = entscheid is not None and entscheid.entscheid in ("anerkennen", "kürzen")
    return hebt and meldungen()[befund.code].hebbar


def erledigt(befund: Befund, entscheid: Entscheid | None) -> bool:
    """Return True if nothing is open about the Befund: lifted, or refused for good."""
    return gehoben(befund, entscheid) or (entscheid is not None and entscheid.entscheid == "ablehnen")


def letzter(entscheide: Iterable[Entscheid]) -> Entscheid | None:
    """Return the latest decision; of the same day a later row counts."""
    ergebnis: Entscheid | None = None
    for e in entscheide:
        if ergebnis is None or e.datum >= ergebnis.datum:
            ergebnis = e
    return ergebnis


def in_kraft(kette: Sequence[Fassung]) -> Fassung | None:
    """Return the version in force out of one municipality's versions, oldest first (docs/entscheide/25, 51).

    A newer version replaces the one before it, unless it is held or refused and the one before it still earns
    something. A purged one stays in force as it was.
    """
    stand: Fassung | None = None
    for f in kette:
        grab = f.einreichung.grab
        fraglich = stand is not None and any(b.code == "F-52" for b in f.offen)  # it may be of another period
        if not (grab.galt if grab else f.identitaet_gut and not f.beiseite and not fraglich):
            continue
        steht = bool(grab.stand) if grab else (not f.gehalten & f.ansprueche and not f.ansprueche <= f.abgelehnt)
        if stand is None or steht or not _bringt(stand):
            stand = f
    return stand


def _bringt(f: Fassung) -> bool:
    """Tell whether a version earns something."""
    return f.einreichung.grab.zahlt if f.einreichung.grab else bool(f.ansprueche - f.gehalten - f.abgelehnt)


def mit_grabsteinen(
    kette: Sequence[Fassung], graeber: Iterable[Fassung], entscheide: Iterable[Entscheid]
) -> list[Fassung]:
    """Return the versions with the purged ones among them, in order of receipt.

    A purged one steps back where an Entscheid since then names an older version by its SHA-256.
    """
    benannt = [(e.sha256, e.datum) for e in entscheide if e.sha256 and e.entscheid != "zurückstellen"]

    def tritt_zurueck(g: Einreichung) -> bool:
        fruehere = (f for f in kette if f.einreichung.eingang <= g.eingang)
        aeltere = [sha for f in fruehere for sha in (f.einreichung.sha256, *f.kopien)]
        genannt = {tag for sha, tag in benannt if any(x.startswith(sha) for x in aeltere)}
        return g.grab is not None and any(tag >= g.grab.am for tag in genannt)

    offene = (g for g in graeber if not tritt_zurueck(g.einreichung))
    return sorted([*kette, *offene], key=lambda f: (f.einreichung.eingang, f.einreichung.grab is not None))


def status(f: Fassung, gilt: Fassung | None) -> str:
    """Return the state of a submission as the Master shows it (entwurf 4.4)."""
    aelter = gilt is not None and f is not gilt and f.einreichung.eingang < gilt.einreichung.eingang
    if f.beiseite or (aelter and f.identitaet_gut):
        return "ersetzt"
    offen = f.offen
    if any(b.stufe is Stufe.FEHLER for b in offen) or (f.ansprueche and f.ansprueche <= f.abgelehnt):
        return "fehlerhaft"
    if any(b.stufe is Stufe.RUECKFRAGE for b in offen) or f.gehalten - f.abgelehnt:
        return "Rückfrage offen"
    return "angenommen mit Hinweisen" if f.befunde else "angenommen"
