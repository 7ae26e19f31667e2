"""What officers decided about a form: lifted, shortened, held, refused, and how long it lasts (entwurf 4.8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from krs.formulare.anhang2 import Anhang2
from krs.formulare.befund import Befund
from krs.urteil.fassung import HALTEND, Fassung, erledigt, gehoben, letzter

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid

HEBEND = ("anerkennen", "kürzen")


def gilt_fuer(e: Entscheid, f: Fassung) -> bool:
    """Return True if a decision is about this version: its form, its file, and received in time (entwurf 4.8)."""
    gemeint = (e.bfs_nr, e.formular, e.periode) == f.schluessel
    datei = any(sha.startswith(e.sha256) for sha in (f.einreichung.sha256, *f.kopien))
    return gemeint and datei and e.datum >= f.einreichung.eingang


def gemeldet(f: Fassung, anspruch: str) -> int | None:
    """Return the count that a form declares for a claim, None where it declares none or it could not be read."""
    return f.modell.summen().get(anspruch) if isinstance(f.modell, Anhang2) and anspruch in f.ansprueche else None


def kuerzbar(e: Entscheid, f: Fassung) -> bool:
    """Return True if «kürzen» recognises no more than the form declares."""
    anzahl = gemeldet(f, e.leistung.schluessel) if e.leistung else None
    return anzahl is not None and e.anerkannte_anzahl is not None and e.anerkannte_anzahl <= anzahl


def verzicht(entscheide: Iterable[Entscheid]) -> Entscheid | None:
    """Return the decision that closes a missing form: refused, or for a Selbstdeklaration done without."""
    e = letzter(e for e in entscheide if not e.code and not e.sha256 and e.leistung is None)
    schliesst = e is not None and (e.entscheid == "ablehnen" or (e.entscheid, e.formular) == ("anerkennen", "Anhang 3"))
    return e if schliesst else None


def richte(kette: Sequence[Fassung], entscheide: Iterable[Entscheid], *, bleibend: bool) -> list[Fassung]:
    """Apply the decisions to a whole chain, oldest version first.

    Args:
        bleibend: a decision also covers later versions in which nothing it judged has changed (docs/entscheide/60).
    """
    alle = tuple(entscheide)
    return _gewaehlt([entscheiden(f, alle, kette[:n] if bleibend else ()) for n, f in enumerate(kette)])


def entscheiden(f: Fassung, entscheide: Iterable[Entscheid], frueher: Sequence[Fassung] = ()) -> Fassung:
    """Apply the officers' decisions: lift, shorten, hold or refuse (entwurf 4.8). Nothing is deleted.

    Args:
        frueher: the versions before this one whose decisions may still hold.
    """
    w = _Worte.zu(f, tuple(entscheide), frueher)
    stand = [w.urteil(b) for b in f.befunde]
    je_anspruch = [(a, e) for _, _, je, _ in stand for a, e in je.items()]
    je_anspruch += [(a, letzter(_zu_anspruch(w.ganze(), a))) for a in sorted(f.ansprueche)]
    gehalten = {a for _, _, _, offen in stand for a in offen}
    gehalten |= {a for a, e in je_anspruch if a in f.ansprueche and e and e.entscheid == "zurückstellen"}
    gekuerzt: dict[str, Entscheid] = {}
    for a, e in je_anspruch:
        if e is not None and e.entscheid == "kürzen" and _auf(e) <= _auf(gekuerzt.get(a, e)):
            gekuerzt[a] = e
    return replace(
        f, befunde=tuple(b for b, _, _, _ in stand), entscheide=tuple(e for _, e, _, _ in stand),
        gehalten=frozenset(gehalten), abgelehnt=frozenset(a for a, e in je_anspruch if e and e.entscheid == "ablehnen"),
        gekuerzt=tuple(sorted(gekuerzt.items())),
    )  # fmt: skip


def _auf(e: Entscheid) -> int:
    return e.anerkannte_anzahl or 0


def _zu_anspruch(worte: Iterable[Entscheid], anspruch: str) -> list[Entscheid]:
    """Leave out what shortens another Leistung."""
    return [e for e in worte if e.leistung is None or e.leistung.schluessel == anspruch]


@dataclass(frozen=True, slots=True)
class _Worte:
    """The decisions that may speak of one version: made about it, or about a version before it."""

    f: Fassung
    direkte: tuple[Entscheid, ...]
    fruehere: tuple[tuple[Entscheid, Fassung], ...]

    @classmethod
    def zu(cls, f: Fassung, entscheide: Sequence[Entscheid], frueher: Sequence[Fassung]) -> _Worte:
        direkte = tuple(e for e in entscheide if gilt_fuer(e, f) and (e.entscheid != "kürzen" or kuerzbar(e, f)))
        vorher = [e for e in entscheide if e.datum < f.einreichung.eingang]
        return cls(f, direkte, tuple((e, g) for g in frueher for e in vorher if gilt_fuer(e, g)))

    def ganze(self) -> Iterator[Entscheid]:
        """Yield the decisions on the whole submission."""
        yield from (e for e in self.direkte if not e.code)
        for e, g in self.fruehere:
            if not e.code and self._gilt_noch(e, g, None):
                yield e.model_copy(update={"uebernommen": True})

    def zum(self, b: Befund) -> Iterator[Entscheid]:
        """Yield the decisions on a Befund."""
        yield from (e for e in self.direkte if e.code in ("", b.code))
        for e, g in self.fruehere:
            if e.code in ("", b.code) and self._gilt_noch(e, g, b):
                yield e.model_copy(update={"uebernommen": True})

    def _gilt_noch(self, e: Entscheid, g: Fassung, b: Befund | None) -> bool:
        """Tell whether all that a decision judged is the same in this version (docs/entscheide/60)."""
        if e.leistung is not None:
            vorher, nachher = (gemeldet(x, e.leistung.schluessel) for x in (g, self.f))
            return vorher is not None and vorher == nachher and kuerzbar(e, self.f)
        if not e.code and g.angaben != self.f.angaben:
            return False
        return b is None or (b.code != "F-51" and any(_derselbe(b, x) for x in g.befunde))

    def urteil(self, b: Befund) -> tuple[Befund, Entscheid | None, dict[str, Entscheid | None], set[str]]:
        """Return a Befund with the claims that it is about, its decision, that of each claim, and what it holds."""
        if b.stufe not in HALTEND:
            return b, None, {}, set()
        worte = list(self.zum(b))
        je = {a: _letztes(b, _zu_anspruch(worte, a)) for a in sorted(b.ansprueche)}
        offen = {a for a, e in je.items() if not erledigt(b, e)}
        if not any(e is not None and e.entscheid == "kürzen" for e in je.values()):
            return b, next(iter(je.values())) if je else _letztes(b, _zu_anspruch(worte, "")), je, offen
        offen = {a for a in offen if gemeldet(self.f, a) != 0}  # what is shortened is settled; nothing else is there
        b = replace(b, ansprueche=frozenset(offen)) if offen else b
        return b, letzter(e for a, e in je.items() if e is not None and a in (offen or je)), je, offen


def _derselbe(b: Befund, x: Befund) -> bool:
    """Tell whether two Befunde of two versions say the same of the same values."""
    return (b.code, b.feld, b.wert, b.sieht) == (x.code, x.feld, x.wert, x.sieht)


def _letztes(b: Befund, worte: Sequence[Entscheid]) -> Entscheid | None:
    """Return the latest decision on a Befund, None where it has no effect.

    F-51 is lifted by naming a file only, F-52 and F-65 by their code or the file.
    """
    e = letzter(worte)
    if e is not None and e.entscheid in HEBEND and not _benannt(b, e):
        e = letzter(x for x in worte if x.entscheid in HEBEND and _benannt(b, x))
    return None if e is not None and e.entscheid in HEBEND and not gehoben(b, e) else e


def _benannt(b: Befund, e: Entscheid) -> bool:
    return b.code not in ("F-51", "F-52", "F-65") or bool(e.sha256) or (b.code == e.code != "F-51")


# --- two files of one day (F-51) ------------------------------------------------------------
def _gewaehlt(kette: Sequence[Fassung]) -> list[Fassung]:
    """Settle F-51 for a whole chain: the file that an Entscheid names stands, the others of its day step back."""
    gewaehlt: dict[date, tuple[Fassung, Entscheid]] = {}
    for f in kette:
        tag, e = f.einreichung.eingang, _benennung(f)
        if e is not None and (tag not in gewaehlt or e.datum >= gewaehlt[tag][1].datum):
            gewaehlt[tag] = f, e
    return [_zurueckgetreten(f, gewaehlt.get(f.einreichung.eingang)) for f in kette]


def _benennung(f: Fassung) -> Entscheid | None:
    """Return the Entscheid that names this file out of those of its day."""
    return next((e for b, e in f.paare if b.code == "F-51" and gehoben(b, e)), None)


def _zurueckgetreten(f: Fassung, wahl: tuple[Fassung, Entscheid] | None) -> Fassung:
    if wahl is None or wahl[0] is f or not any(b.code == "F-51" for b in f.befunde):
        return f
    entscheide = tuple(wahl[1] if b.code == "F-51" else e for b, e in f.paare)
    return replace(f, entscheide=entscheide, beiseite="ein Entscheid bestimmt eine andere Datei desselben Tages")
