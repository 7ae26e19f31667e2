"""Judge one typed form: what is missing, whose it is, and the rules of the form. Checks yield, they change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from krs.formulare import identitaet, regeln_anhang2, regeln_anhang3
from krs.formulare.anhang2 import Anhang2
from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.eingabe import LEERE_ZELLE, Eingabe
from krs.formulare.formular import Feld, Formular, Version, formulare
from krs.formulare.kontext import Kontext, benennung, gefuellte
from krs.formulare.typisieren import MODELLE, Gelesen, Typisiert, typisiere


def fehlende(formular: Formular, version: Version, modell: Typisiert, eingabe: Eingabe) -> tuple[Feld, ...]:
    """Return the mandatory fields that are empty; the template's check line counts the same (entwurf 5)."""
    felder = (f for f in formular.felder_von(version) if f.eingabe)
    leer = (f for f in felder if eingabe.felder.get(f.schluessel, LEERE_ZELLE).leer)
    return tuple(f for f in leer if _verlangt(f, version, modell))


def _verlangt(feld: Feld, version: Version, modell: Typisiert) -> bool:
    """Tell whether the other answers make this one mandatory (entwurf 4.2)."""
    null = isinstance(modell, Anhang2) and bool(modell.nullmeldung)
    if feld.pflicht in ("immer", "nein"):
        return feld.pflicht == "immer"
    if feld.pflicht == "ohne_nullmeldung":
        return not null
    if feld.wenn_ja:
        return bool(modell.wert(feld.wenn_ja))
    return not null and any(modell.wert(k) for k in feld.wenn_summe if k in version.felder)


def _leere(modell: Typisiert, k: Kontext) -> Iterator[Befund]:
    for feld in fehlende(k.formular, k.version, modell, k.eingabe):
        yield k.befund(
            feld.code_leer, feld.schluessel, feld.anspruch,
            bezeichnung=benennung(feld), erlaubt=", ".join(feld.auswahl), zelle=k.ort(feld.schluessel),
        )  # fmt: skip


def _ganz_leer(k: Kontext) -> bool:
    """Tell whether nobody typed anything: one Befund says more than one for each field."""
    eingaben = (z for s, z in k.eingabe.felder.items() if k.formular.felder[s].eingabe)
    return all(z.leer for z in eingaben) and not any(gefuellte(zeilen) for zeilen in k.eingabe.listen.values())


def _bestaetigung(modell: Typisiert, k: Kontext) -> Iterator[Befund]:
    if modell.bestaetigung is False:
        yield k.befund("F-40", "bestaetigung", k.formular.felder["bestaetigung"].anspruch)


def merkmale(eingabe: Eingabe, akte: Akte, alle: Iterable[str] = ()) -> Iterator[Befund]:
    """Yield what the workbook shows besides its values: E-16, E-17, E-18 (`alle` claims), E-30 to E-39, F-30."""
    felder = next((f.felder for f in formulare() if f.id == eingabe.kennung.formular), {})
    for m in eingabe.merkmale:
        ansprueche = alle if m.code == "E-18" else {a for feld in m.felder for a in felder[feld].anspruch}
        yield melde(akte, m.code, m.zelle, m.felder[0] if m.felder else "", ansprueche, **dict(m.werte))


def pruefe(gelesen: Gelesen, k: Kontext) -> tuple[Befund, ...]:
    """Return all Befunde of one form: identity, traits, cells, emptiness, then the rules of the form."""
    modell = gelesen.modell
    k = replace(k, eingabe=gelesen.eingabe)
    alle = k.formular.felder["bestaetigung"].anspruch
    befunde = [*identitaet.pruefe(modell, k), *merkmale(k.eingabe, k.akte, alle)]
    if _ganz_leer(k):
        return (*befunde, k.befund("F-10", "kontakt_name", alle))
    zellen = [*gelesen.befunde, *_leere(modell, k)]
    if isinstance(modell, Anhang2):
        befunde += [replace(b, ansprueche=regeln_anhang2.betroffene(modell, b)) for b in zellen]
        befunde += _bestaetigung(modell, k)
        for regel2 in regeln_anhang2.REGELN:
            befunde += regel2(modell, k)
    else:
        befunde += [*zellen, *_bestaetigung(modell, k)]
        for regel3 in regeln_anhang3.REGELN:
            befunde += regel3(modell, k)
    return tuple(befunde)


__all__ = ["MODELLE", "Gelesen", "Typisiert", "fehlende", "merkmale", "pruefe", "typisiere"]
