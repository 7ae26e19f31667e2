"""The versions in the order in which they came: repeated, late, asked for, on an old template (Ziff. 5.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from krs.formulare.befund import Befund, begrenzt, mehrzahl, melde
from krs.formulare.eingabe import LEERE_ZELLE
from krs.formulare.formular import periodenbeginn, periodenende, zeitraum
from krs.recht import datum, tage_verspaetet
from krs.urteil.entscheide import entscheiden, gilt_fuer, richte
from krs.urteil.fassung import (
    BEIM_KANTON,
    HALTEND,
    HOECHSTENS_GENANNT,
    VERSPAETET,
    Fassung,
    in_kraft,
    mit_grabsteinen,
    mit_wochentag,
)
from krs.urteil.fassungsvergleich import aenderungen
from krs.urteil.grabstein import UNBRAUCHBAR, WIEDERHOLT

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid

GELOESCHTE = "eine gelöschte Datei"
_VOM_EINGANG = frozenset({*VERSPAETET, "F-51", "A2-22"})  # Befunde that are not about this form alone


@dataclass(frozen=True, slots=True)
class Ausbezahlt:
    """What released runs paid: period → day of its run; SHA-256 of the forms."""

    perioden: Mapping[str, date] = field(default_factory=dict)
    dateien: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Nachfolge:
    """The period that follows, with its forms of the same municipality; `ausbezahlt`: day of the earlier one's run."""

    periode: str
    formulare: Sequence[Fassung]
    ausbezahlt: date | None = None

    def fehlt(self, tag: date) -> bool:
        """Tell whether on a day one could mistake the earlier template for its: it is due, and not there."""
        bezahlt = self.ausbezahlt is not None and self.ausbezahlt < tag
        da = any(g.einreichung.eingang <= tag for g in self.formulare)
        return (bezahlt or tag > periodenende(self.periode)) and not da

    def gleiche(self, f: Fassung) -> date | None:
        """Return when a form of this period came that says the same as `f`: then `f` was on the wrong template."""
        tage = (g.einreichung.eingang for g in self.formulare if g.gelesen and g.angaben == f.angaben)
        return min((t for t in tage if t >= f.einreichung.eingang), default=None)


@dataclass(frozen=True, slots=True)
class Umfeld:
    """What is known around the versions of one form.

    `korrekturtage` is None where the readings of krs 0.4 hold. `entworfen`: SHA-256 of a version → day on which its
    answer was first drafted. `gefragt`: versions that A2-22 asks about. `nachfolge`: None where none is owed.
    `bezahlte`: SHA-256 of forms that a run has paid. `graeber`: purged versions; they came in, and say nothing more.
    `unlesbare`: files that an officer assigned to this form.
    """

    entscheide: Sequence[Entscheid] = ()
    korrekturtage: int | None = None
    entworfen: Mapping[str, date] = field(default_factory=dict)
    gefragt: Collection[str] = ()
    nachfolge: Nachfolge | None = None
    bezahlte: Collection[str] = ()
    graeber: Sequence[Fassung] = ()
    unlesbare: Sequence[Fassung] = ()

    def bis(self, tag: date) -> list[Entscheid]:
        """Return what was decided before a day."""
        return [e for e in self.entscheide if e.datum < tag]

    def gerichtet(self, kette: Sequence[Fassung]) -> list[Fassung]:
        """Return the versions, oldest first, with what their receipt and the decisions say of them."""
        return richte(self.eingeordnet(kette), self.entscheide, bleibend=self.korrekturtage is not None)

    def eingeordnet(self, kette: Sequence[Fassung]) -> list[Fassung]:
        """Return the versions with the Befunde of their receipt; a repetition has none (docs/entscheide/58)."""
        bisher: list[Fassung] = []
        for _, gruppe in groupby(kette, key=lambda f: f.einreichung.eingang):
            neue = list(gruppe)
            if self.korrekturtage is not None:
                neue = _ohne_gleiche(neue)
                self._wiederholt(neue, bisher)
            gute = self._gute(neue)
            bisher += [f if f.beiseite else self._mit_eingang(f, gute, bisher) for f in neue]
        return bisher

    def _gute(self, neue: Sequence[Fassung]) -> list[Fassung]:
        """Return which versions of one day can be in force, with purged ones of which that is known."""
        tag = neue[0].einreichung.eingang
        graeber = (g for g in self.graeber if g.einreichung.eingang == tag and _zaehlte(g))
        return [*(f for f in neue if f.identitaet_gut and not f.beiseite), *graeber]

    def _zuvor(self, f: Fassung) -> list[Fassung]:
        """Return the purged versions that may have been in force before this one came."""
        tag = f.einreichung.eingang
        return [
            g for g in self.graeber if g.einreichung.eingang < tag and g.einreichung.grab and g.einreichung.grab.galt
        ]

    # --- the same again ---------------------------------------------------------------------
    def _wiederholt(self, neue: list[Fassung], bisher: list[Fassung]) -> None:
        """Mark what repeats an earlier version; two different forms of one day repeat nothing (F-51)."""
        gute = self._gute(neue)
        for n, f in enumerate(neue):
            if f.beiseite or (f.identitaet_gut and len(gute) > 1):
                continue
            m = self._vorbild(f, bisher)
            if m is None:
                continue
            bisher[m] = replace(bisher[m], kopien=(*bisher[m].kopien, f.einreichung.sha256, *f.kopien))
            neue[n] = _kopie(f, bisher[m])
            for k in range(m + 1, len(bisher)):
                bisher[k] = self._zurueckgenommen(bisher[k], f, bisher[m])

    def _vorbild(self, f: Fassung, bisher: Sequence[Fassung]) -> int | None:
        """Return which version a form repeats: the one it follows, or the one in force when it came."""
        zaehlende = [n for n, g in enumerate(bisher) if not g.beiseite]
        if not f.identitaet_gut:
            return next((n for n in reversed(zaehlende) if _gleich(bisher[n], f)), None)
        gute = [n for n in zaehlende if bisher[n].identitaet_gut]
        letzte = [n for n in gute if bisher[n].einreichung.eingang == bisher[gute[-1]].einreichung.eingang]
        seither = [g for g in self._zuvor(f) if gute and g.einreichung.eingang >= bisher[gute[-1]].einreichung.eingang]
        if len(letzte) == 1 and not seither and _gleich(bisher[letzte[0]], f):
            return letzte[0]
        if not any(_gleich(bisher[n], f) for n in gute):
            return None
        worte = self.bis(f.einreichung.eingang)
        gilt = in_kraft(mit_grabsteinen(richte(bisher, worte, bleibend=True), self._zuvor(f), worte))
        return next((n for n in gute if gilt and _gleich(bisher[n], f) and _dieselbe(bisher[n], gilt)), None)

    def _zurueckgenommen(self, g: Fassung, f: Fassung, gilt: Fassung) -> Fassung:
        """Set a version aside after which its sender returned to the one in force, unless an officer names it since."""
        benannt = any(e.sha256 and e.datum >= f.einreichung.eingang and gilt_fuer(e, g) for e in self.entscheide)
        if g.beiseite or benannt:
            return g
        tag, jene = datum(f.einreichung.eingang), datum(gilt.einreichung.eingang)
        return replace(g, beiseite=f"zurückgenommen: was am {tag} kam, ist wieder gleich wie die Fassung vom {jene}")

    # --- days -------------------------------------------------------------------------------
    def _mit_eingang(self, f: Fassung, gleichentags: Sequence[Fassung], bisher: Sequence[Fassung]) -> Fassung:
        """Add F-50 (late), F-51 (two different files of one day), E-26 (too early) and what was noted."""
        eingang, bis = f.einreichung.eingang, f.frist
        fremde = [b for b in f.befunde if b.code in _VOM_EINGANG]  # A2-22 stays last
        neue = [*(b for b in f.befunde if b not in fremde), *f.einreichung.vermerkt(f.akte), *_zu_frueh(f)]
        if bis is not None and eingang > bis:
            f = replace(f, korrekturfrist=self._korrekturfrist(f, bisher))
            if (alt := self._alte_vorlage(f, bisher)) is not None:
                f, frage = alt
                neue.append(frage)
            elif f.korrekturfrist is None:
                neue.append(_verspaetet(f, bis))
        if len(gleichentags) > 1 and f.identitaet_gut:
            namen = begrenzt(sorted(x.einreichung.datei or GELOESCHTE for x in gleichentags), HOECHSTENS_GENANNT)
            werte = {"eingang": datum(eingang), "anzahl": str(len(gleichentags)), "dateien": namen}
            neue.append(melde(f.akte, "F-51", LEERE_ZELLE, "", f.ansprueche, **werte))
        return replace(f, befunde=(*neue, *fremde))

    def _alte_vorlage(self, f: Fassung, bisher: Sequence[Fassung]) -> tuple[Fassung, Befund] | None:
        """Return F-52 where a late further version may be meant for the period that follows (docs/entscheide/59).

        What was recognised by F-50 and paid before there was F-52 is left alone.
        """
        n, tag = self.nachfolge, f.einreichung.eingang
        vorige = sorted(
            [*(g for g in bisher if g.identitaet_gut and not g.beiseite), *self._zuvor(f)],
            key=lambda g: g.einreichung.eingang,
        )
        if self.korrekturtage is None or n is None or f.korrekturfrist or not (f.identitaet_gut and vorige):
            return None
        anerkannt = any(e.entscheid == "anerkennen" and e.code == "F-50" and gilt_fuer(e, f) for e in self.entscheide)
        if not n.fehlt(tag) or (anerkannt and f.einreichung.sha256 in self.bezahlte):
            return None
        if (anderswo := n.gleiche(f)) is not None:
            grund = f"falsche Vorlage: dieselben Angaben kamen am {datum(anderswo)} für {n.periode}"
            f = replace(f, beiseite=grund)
        worte = {"eingang": f"{mit_wochentag(tag)},", "vorlage": zeitraum(f.akte.periode), "folge": zeitraum(n.periode)}
        worte["fassung"] = datum(vorige[-1].einreichung.eingang)
        return f, replace(melde(f.akte, "F-52", LEERE_ZELLE, "", f.ansprueche, **worte), sieht=f.angaben)

    def _korrekturfrist(self, f: Fassung, bisher: Sequence[Fassung]) -> date | None:
        """Return until when the correction of the version before is in time; None if it is not (domain 4b)."""
        if self.korrekturtage is None:
            return None
        vorige = [g for g in bisher if not g.beiseite]
        vorige += [g for g in self.unlesbare if g.einreichung.eingang <= f.einreichung.eingang]
        vorige.sort(key=lambda g: g.einreichung.eingang)
        if any(g.einreichung.eingang > vorige[-1].einreichung.eingang for g in self._zuvor(f) if vorige):
            return None  # nobody knows any more what was asked of the purged version that it followed
        letzte = [g for g in vorige if g.einreichung.eingang == vorige[-1].einreichung.eingang]
        tage = [tag for g in letzte for tag in self._verlangt(g, f)]
        bis = max(tage, default=date.min) + timedelta(self.korrekturtage if tage else 0)
        return bis if bis >= f.einreichung.eingang else None

    def _verlangt(self, g: Fassung, f: Fassung) -> Iterator[date]:
        """Yield from when on a correction is counted, if `g` came in time and the canton asked for one."""
        tag, frist = f.einreichung.eingang, f.frist or date.min
        fragen = [b for b in g.befunde if _fragt(b)]
        if verspaetet(g) or not (fragen or g.einreichung.sha256 in self.gefragt):
            return
        entwurf = self.entworfen.get(g.einreichung.sha256)
        gefragt = entwurf is not None and entwurf <= tag
        if gefragt or any(map(_fragt, entscheiden(g, self.bis(tag)).offen)) or not fragen:
            yield max(frist, entwurf) if entwurf is not None and gefragt else frist


def _zaehlte(g: Fassung) -> bool:
    """Tell whether a purged version was one of its own, as far as its tombstone knows."""
    return g.einreichung.grab is not None and g.einreichung.grab.stand not in ("", UNBRAUCHBAR, WIEDERHOLT)


def verspaetet(f: Fassung) -> bool:
    """Tell whether a version came late; a file that could not be read has no F-50."""
    spaet = f.gelesen is None and f.frist is not None and f.einreichung.eingang > f.frist
    return spaet or any(b.code in VERSPAETET for b in f.befunde)


def _fragt(b: Befund) -> bool:
    """Tell whether a Befund asks the municipality for anything."""
    return b.stufe in HALTEND and b.code not in BEIM_KANTON


def _verspaetet(f: Fassung, bis: date) -> Befund:
    eingang = f.einreichung.eingang
    worte = {"eingang": f"{mit_wochentag(eingang)},", "frist": mit_wochentag(bis)}
    worte["tage"] = mehrzahl(tage_verspaetet(eingang, bis), "Tag", "Tage")
    befund = melde(f.akte, "F-50", LEERE_ZELLE, "", f.ansprueche, **worte)
    return replace(befund, sieht=f.angaben)


def _zu_frueh(f: Fassung) -> Iterator[Befund]:
    if f.formular is None or f.formular.nummer != 2:
        return
    eingang, beginn = f.einreichung.eingang, periodenbeginn(f.akte.periode)
    if eingang < beginn:
        werte = {"eingang": datum(eingang), "periode": f.akte.periode, "beginn": datum(beginn)}
        yield melde(f.akte, "E-26", **werte)


def _ohne_gleiche(neue: Sequence[Fassung]) -> list[Fassung]:
    """Mark of equal forms of one day all but the first."""
    alle: list[Fassung] = []
    for f in neue:
        n = next((n for n, g in enumerate(alle) if not g.beiseite and _gleich(g, f)), None)
        if n is not None:
            alle[n] = replace(alle[n], kopien=(*alle[n].kopien, f.einreichung.sha256))
        alle.append(f if n is None else _kopie(f, alle[n]))
    return alle


def _kopie(f: Fassung, g: Fassung) -> Fassung:
    """Return a repetition: it says nothing but that an AHV number has to be purged from this file, too."""
    tag = datum(g.einreichung.eingang)
    ahv = tuple(b for b in f.befunde if b.code == "F-30")
    return replace(f, befunde=ahv, wiederholt=True, beiseite=f"gleicher Inhalt wie die Fassung vom {tag}")


def _gleich(g: Fassung, f: Fassung) -> bool:
    """Tell whether two versions hold the same typed values, and the same is wrong with them."""
    halt = ({(b.code, b.feld) for b in x.befunde if b.stufe in HALTEND and b.code not in _VOM_EINGANG} for x in (g, f))
    eins, zwei = halt
    return eins == zwei and not aenderungen(g, f)


def _dieselbe(f: Fassung, g: Fassung) -> bool:
    return f.einreichung.sha256 == g.einreichung.sha256
