"""Judge a form given as pairs of field key and value: while it is filled in, without a file (entwurf 4.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.ahv import maskierte, ohne_ahv
from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.eingabe import Eingabe, Kennung, Zeile, Zelle, als_tag
from krs.formulare.formular import Feld, Formular, Version, formular
from krs.formulare.identitaet import knapp
from krs.formulare.kontext import Kontext
from krs.formulare.pruefen import pruefe, typisiere
from krs.formulare.typen import lesbar, ziffern
from krs.recht import Halbjahr

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten

TRENNER = ";"  # between the columns of one entry of a list: «Tigrinya; 4»
_ZAHL = re.compile(r"\d+([.,]\d+)?")


def pruefe_angaben(
    angaben: Iterable[tuple[str, Zelle]], anhang: int, zeit: Halbjahr | int, stammdaten: Stammdaten | None = None
) -> tuple[Befund, ...]:
    """Return the Befunde that the form would get, each with the field key in place of its cell.

    Args:
        angaben: field key (entwurf 4.2) and value. A field that is not named is empty; one entry of a list (`sprachen`,
            `leistungsvertraege`) is one pair, its columns divided by «;»; pairs without a key are skipped.
        anhang: 2 or 3.
        zeit: the half-year of Anhang 2, the year of Anhang 3.
        stammdaten: to judge against, too, as far as this form alone is concerned; None: only what stands in it.
    Raises: ValueError: no form is checked like that, or a key is unknown or doubled; one German sentence.
    """
    form = _formular(anhang, zeit)
    version = form.version_fuer(str(zeit))
    genannte, listen = _sammle(angaben, form)
    felder = _mit_konstanten(genannte, form, version, str(zeit))
    kennung = _kennung(felder, form, version, str(zeit))
    bfs = int(kennung.bfs_nr) if kennung.bfs_nr.isascii() and kennung.bfs_nr.isdigit() else None
    akte = Akte("", kennung.gemeinde, bfs, form.name, str(zeit))
    gelesen = typisiere(Eingabe("", kennung, felder, listen), akte, form, version)
    k = Kontext(akte, gelesen.eingabe, form, version, str(zeit))
    if stammdaten is not None:
        bestand = stammdaten.auslaender(bfs, zeit) if bfs is not None and isinstance(zeit, int) else None
        k = replace(k, gebiet=stammdaten.gebiet, auslaender=bestand)
    unbekannt = [] if bfs is not None or felder["bfs_nr"].leer else [_ohne_gemeinde(akte, k, felder["bfs_nr"])]
    return (*unbekannt, *pruefe(gelesen, k))


def _formular(anhang: int, zeit: Halbjahr | int) -> Formular:
    if anhang not in (2, 3):
        raise ValueError(
            f"Geprüft werden Anhang 2 und 3, gelesen wurde «{anhang}»;"
            " Anhang 1 erstellt der Kanton, er wird nicht geprüft."
        )
    if isinstance(zeit, Halbjahr) is not (anhang == 2):
        erwartet = "ein Halbjahr (2024-H1)" if anhang == 2 else "ein Jahr (2024)"
        raise ValueError(f"Anhang {anhang}: Erwartet wird {erwartet}, gelesen wurde «{zeit}».")
    return formular(f"anhang{anhang}")


def _sammle(
    angaben: Iterable[tuple[str, Zelle]], form: Formular
) -> tuple[dict[str, Zelle], dict[str, tuple[Zeile, ...]]]:
    """Return the pairs by field, and the lists. Raises: ValueError: a key that the form does not know, or twice."""
    felder: dict[str, Zelle] = {}
    listen: dict[str, tuple[Zeile, ...]] = {}
    for schluessel, roh in angaben:
        if not schluessel:
            continue
        feld = form.felder.get(schluessel)
        if feld is None:
            raise ValueError(
                f"«{schluessel}» ist kein Feld von {form.name}; nehmen Sie die Namen der Zellen im Formular."
            )
        zelle = replace(roh, blatt="", adresse=schluessel)
        if feld.art == "liste":
            listen[schluessel] = (*listen.get(schluessel, ()), _zeile(feld, zelle))
        elif schluessel in felder:
            raise ValueError(f"Das Feld «{schluessel}» steht mehrmals im Bereich; lassen Sie eine Zeile stehen.")
        else:
            felder[schluessel] = als_tag(zelle) if feld.art == "datum" else zelle
    return felder, listen


def _zeile(feld: Feld, zelle: Zelle) -> Zeile:
    """Return one entry of a list as a row of cells; what stands in digits is a number, as in a form."""
    if not isinstance(zelle.wert, str):
        return (zelle,)
    teile = [teil.strip() for teil in zelle.wert.split(TRENNER)]
    ueber, vorletzte = len(teile) - len(feld.spalten), len(feld.spalten) - 2
    if ueber > 0:  # the text before the number holds «;» itself
        teile[vorletzte : vorletzte + ueber + 1] = [f"{TRENNER} ".join(teile[vorletzte : vorletzte + ueber + 1])]
    return tuple(replace(zelle, wert=_gelesen(teil, s.art)) for teil, s in zip(teile, feld.spalten, strict=False))


def _gelesen(teil: str, art: str) -> str | Decimal | None:
    zahl = ziffern(teil)
    if art != "text" and _ZAHL.fullmatch(zahl):
        return Decimal(zahl.replace(",", "."))
    return teil or None


def _mit_konstanten(felder: Mapping[str, Zelle], form: Formular, version: Version, zeit: str) -> dict[str, Zelle]:
    """Return the cells of all fields; a period that nobody wrote down is the one asked for."""
    gelesen = (k for k in (*version.felder, *felder) if form.felder[k].art not in ("liste", "berechnet"))
    alle = {k: felder.get(k, Zelle(adresse=k)) for k in gelesen}
    schluessel = "periode" if "periode" in alle else "jahr"
    if alle[schluessel].leer:
        alle[schluessel] = Zelle(adresse=schluessel, wert=zeit if schluessel == "periode" else Decimal(zeit))
    return alle


def _kennung(felder: Mapping[str, Zelle], form: Formular, version: Version, zeit: str) -> Kennung:
    """Return the identity that the values themselves claim: there is no template to compare with."""
    bfs_nr, gemeinde = (knapp(maskierte(felder[k])) for k in ("bfs_nr", "gemeinde"))
    return Kennung(form.id, version.id, bfs_nr, zeit, gemeinde, "", "")


def _ohne_gemeinde(akte: Akte, k: Kontext, zelle: Zelle) -> Befund:
    alle = k.formular.felder["bestaetigung"].anspruch
    return melde(akte, "F-01", zelle, "bfs_nr", alle, gelesen=ohne_ahv(lesbar(zelle)))
