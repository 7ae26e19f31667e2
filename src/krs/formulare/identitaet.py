"""Whose form it is, for which period, and in which version (Ziff. 4.2, 5.2). These Fehler touch all claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from krs.formulare.ahv import ohne_ahv
from krs.formulare.anhang2 import Anhang2
from krs.formulare.anhang3 import Anhang3
from krs.formulare.befund import Akte, Befund, begrenzt, melde
from krs.formulare.eingabe import Eingabe, Kennung, Zelle, fingerabdruck
from krs.formulare.formular import Formular, Version, formulare, periodenbeginn, periodenende
from krs.formulare.kontext import Kontext, aufzaehlung, benennung
from krs.formulare.typen import lesbar, normal
from krs.recht import Beteiligung, datum

CODES = frozenset({"F-01", "F-02", "F-03", "F-04", "F-05", "F-06"})
_GENANNT = 5  # fields in one message


@dataclass(frozen=True, slots=True)
class Zuordnung:
    """Which form, version and period a file belongs to; `befund` instead where it cannot be known."""

    akte: Akte
    formular: Formular | None = None
    version: Version | None = None
    befund: Befund | None = None


def zuordnen(eingabe: Eingabe) -> Zuordnung:
    """Return where the file belongs, by its hidden sheet; a Befund E-06 to E-09, E-13 or F-01 where it does not fit."""
    kennung = eingabe.kennung
    formular = next((f for f in formulare() if f.id == kennung.formular), None)
    bfs = int(kennung.bfs_nr) if kennung.bfs_nr.isascii() and kennung.bfs_nr.isdigit() else None
    name = formular.name if formular else ""
    akte = Akte(eingabe.datei, ohne_ahv(kennung.gemeinde), bfs, name, ohne_ahv(kennung.periode))
    version = formular.version(kennung.version) if formular else None
    if formular is None or version is None:
        worte = {"formular": ohne_ahv(kennung.formular), "version": ohne_ahv(kennung.version)}
        return Zuordnung(akte, befund=melde(akte, "E-06", **worte))
    befund = _vorlage(akte, kennung, formular, version) or _felder(akte, eingabe, formular)
    return Zuordnung(akte, befund=befund) if befund else Zuordnung(akte, formular, version)


def _vorlage(akte: Akte, kennung: Kennung, formular: Formular, version: Version) -> Befund | None:
    """Judge what the hidden sheet says about municipality, period and version."""
    if not (kennung.bfs_nr or kennung.periode or kennung.fingerabdruck):
        return melde(akte, "E-13")
    echt = fingerabdruck(kennung, version.felder) == kennung.fingerabdruck
    if not echt or ("-" in kennung.periode) is not (formular.nummer == 2) or not _gueltig(kennung.periode):
        return melde(akte, "E-09")
    if akte.bfs_nr is None:
        return melde(akte, "F-01", Zelle(), "bfs_nr", gelesen=ohne_ahv(kennung.bfs_nr))
    richtig = formular.version_fuer(kennung.periode)
    if richtig is not version:
        return melde(akte, "E-07", version=version.id, periode=kennung.periode, richtig=richtig.id)
    return None


def _felder(akte: Akte, eingabe: Eingabe, formular: Formular) -> Befund | None:
    namen = [f"«{benennung(formular.felder[k])}»" for k in eingabe.fehlende]
    if not namen:
        return None
    kurz = begrenzt(namen, _GENANNT) if len(namen) > _GENANNT + 1 else aufzaehlung(namen)
    worte = "fehlt ein Feld" if len(namen) == 1 else f"fehlen {len(namen)} Felder"
    return melde(akte, "E-08", fehlen=worte, felder=kurz)


def _gueltig(periode: str) -> bool:
    try:
        periodenbeginn(periode)
    except ValueError:
        return False
    return True


def pruefe(modell: Anhang2 | Anhang3, k: Kontext) -> Iterator[Befund]:
    """Yield what is wrong with municipality and period."""
    yield from _konstanten(k)
    yield from _gemeinde(k)
    if isinstance(modell, Anhang2):
        yield from _eingang(k)


def _alle(k: Kontext) -> tuple[str, ...]:
    return k.formular.felder["bestaetigung"].anspruch


def _konstanten(k: Kontext) -> Iterator[Befund]:
    kennung = k.eingabe.kennung
    periode = "periode" if "periode" in k.version.felder else "jahr"
    vorlage = f"{kennung.gemeinde} (BFS-Nr. {kennung.bfs_nr})"
    for code, feld, soll, text in (
        ("F-02", "bfs_nr", kennung.bfs_nr, vorlage),
        ("F-02", "gemeinde", kennung.gemeinde, vorlage),
        ("F-03", periode, kennung.periode, kennung.periode),
    ):
        zelle = k.zelle(feld)
        if knapp(zelle) != normal(soll):
            gelesen = "eine leere Zelle" if zelle.leer else f"«{lesbar(zelle)}»"
            yield k.befund(code, feld, _alle(k), gelesen=gelesen, vorlage=text)


def knapp(zelle: Zelle) -> str:
    """Return a constant as text; 2581 and 2581.0 are the same."""
    if isinstance(zelle.wert, Decimal) and zelle.wert.is_finite():
        return f"{zelle.wert.normalize():f}"
    return normal(zelle.anzeige)


def _gemeinde(k: Kontext) -> Iterator[Befund]:
    if k.gebiet is None or k.akte.bfs_nr is None:
        return
    bfs, von, bis = k.akte.bfs_nr, periodenbeginn(k.periode), periodenende(k.periode)
    zeile = k.gebiet.gemeinde(bfs)
    if zeile is None:
        yield k.befund("F-01", "bfs_nr", _alle(k), gelesen=bfs)
    elif not k.gebiet.besteht(bfs, von, bis):
        yield k.befund("F-06", "bfs_nr", _alle(k), gelesen=bfs, gemeinde=zeile.name, periode=k.periode)
    else:
        beteiligung = k.gebiet.beteiligung(bfs, von, bis)
        if beteiligung is not Beteiligung.GANZ:
            code = "F-05" if beteiligung is Beteiligung.KEINE else "F-07"
            yield k.befund(code, "bfs_nr", _alle(k), gemeinde=zeile.name, periode=k.periode)


def _eingang(k: Kontext) -> Iterator[Befund]:
    """F-04, F-08 (Ziff. 4.5.2): talks are paid for the half-year that has ended; a form comes after it."""
    beginn, ende = periodenbeginn(k.periode), periodenende(k.periode)
    if k.eingang is not None and k.eingang < beginn:
        worte = {"eingang": datum(k.eingang), "beginn": datum(beginn)}
        yield k.befund("F-04", "periode", _alle(k), periode=k.periode, **worte)
    elif k.eingang is not None and k.eingang < ende:
        yield k.befund("F-08", "periode", eingang=datum(k.eingang), ende=datum(ende))
