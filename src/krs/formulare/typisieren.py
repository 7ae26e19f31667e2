"""From the cells of a form to its typed model, with a Befund for each cell that cannot be read (entwurf 4.2, 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from krs.formulare.ahv import maskiere
from krs.formulare.anhang2 import Anhang2
from krs.formulare.anhang3 import Anhang3
from krs.formulare.arten import ARTEN
from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.eingabe import LEERE_ZELLE, Eingabe, Zeile, Zelle
from krs.formulare.formular import Feld, Formular, Spalte, Version
from krs.formulare.kontext import benennung, gefuellte
from krs.formulare.leser import auswahl
from krs.formulare.typen import formeltext, kein_wert, lesbar
from krs.recht import datum

Typisiert = Anhang2 | Anhang3
MODELLE: dict[str, type[Anhang2] | type[Anhang3]] = {"anhang2": Anhang2, "anhang3": Anhang3}
_WAHRHEIT = frozenset({"TRUE()", "FALSE()", "TRUE", "FALSE"})  # how LibreOffice writes a plain TRUE
_KONSTANTEN = {"bfs_nr": "anzahl", "jahr": "anzahl", "auslaender_anzahl": "zahl"}


@dataclass(frozen=True, slots=True)
class Gelesen:
    """A typed form with the Befunde of its cells; `eingabe` is what the rules see, without AHV numbers."""

    eingabe: Eingabe
    modell: Typisiert
    befunde: tuple[Befund, ...]


@dataclass(frozen=True, slots=True)
class _Stelle:
    """A field or a column of a list, and how strict it is; `feld` is where a Befund belongs."""

    feld: Feld
    spalte: Spalte | None = None

    @property
    def art(self) -> str:
        return self.spalte.art if self.spalte else self.feld.art

    @property
    def streng(self) -> bool:
        return self.spalte is None and self.feld.streng

    @property
    def name(self) -> str:
        return self.spalte.titel if self.spalte else benennung(self.feld)


def typisiere(eingabe: Eingabe, akte: Akte, formular: Formular, version: Version) -> Gelesen:
    """Return the typed form; what cannot be read is None in it and a Befund beside it."""
    eingabe, befunde = maskiere(eingabe, akte)
    felder, werte = dict(eingabe.felder), {}
    for feld in _zu_lesen(eingabe, formular, version):
        zelle, wert, neue = _lesen(akte, _Stelle(feld), felder.get(feld.schluessel, LEERE_ZELLE))
        befunde += neue
        felder[feld.schluessel] = zelle
        werte[feld.schluessel] = wert
    listen, eintraege = dict(eingabe.listen), {}
    for feld in (f for f in formular.felder_von(version) if f.art == "liste"):
        listen[feld.schluessel], eintraege[feld.schluessel] = _liste(akte, feld, eingabe, befunde)
    modell = MODELLE[formular.id].model_validate({**werte, **eintraege})
    return Gelesen(replace(eingabe, felder=felder, listen=listen), modell, tuple(befunde))


def _zu_lesen(eingabe: Eingabe, formular: Formular, version: Version) -> Iterator[Feld]:
    """Yield the fields of the version, and what a sender adds of a later one: it is judged, not overlooked (A2-06)."""
    for schluessel, feld in formular.felder.items():
        fremd = schluessel not in version.felder and not eingabe.felder.get(schluessel, LEERE_ZELLE).leer
        if feld.art not in ("liste", "berechnet") and (schluessel in version.felder or fremd):
            yield feld


def _liste(
    akte: Akte, feld: Feld, eingabe: Eingabe, befunde: list[Befund]
) -> tuple[tuple[Zeile, ...], tuple[Mapping[str, object], ...]]:
    """Return the rows of a list, each as wide as the form says, and its filled rows for the model."""
    zeilen, eintraege = [], []
    for roh in eingabe.listen.get(feld.schluessel, ()):
        zeile = (roh + (LEERE_ZELLE,) * len(feld.spalten))[: len(feld.spalten)]
        zeilen.append(zeile)
        if not gefuellte([zeile]):
            continue
        eintrag: dict[str, object] = {}
        for spalte, zelle in zip(feld.spalten, zeile, strict=True):
            _, eintrag[spalte.id], neue = _lesen(akte, _Stelle(feld, spalte), zelle)
            befunde += neue
        eintraege.append(eintrag)
    return tuple(zeilen), tuple(eintraege)


def _lesen(akte: Akte, s: _Stelle, zelle: Zelle) -> tuple[Zelle, object, tuple[Befund, ...]]:
    """Return the cell (a choice in its canonical spelling), its value (None: none), and what is wrong with it."""
    if zelle.leer:
        return zelle, None, ()
    if s.feld.konstante:
        return zelle, _konstante(s.feld, zelle), ()
    inhalt = kein_wert(zelle)
    if inhalt:
        code = "F-26" if s.streng else "F-27"
        return zelle, None, (_melde(akte, code, s, zelle, inhalt=inhalt),)
    try:
        zelle, wert = _verstehen(s, zelle)
    except ValueError:
        return zelle, None, (_unlesbar(akte, s, zelle),)
    if zelle.formel is None and not isinstance(zelle.wert, str) and s.art != "anteil":
        return zelle, wert, ()
    return zelle, wert, tuple(_hinweis(akte, s, zelle, wert))


def _konstante(feld: Feld, zelle: Zelle) -> object:
    """Return a constant, None if it is not of its kind; what it should be is for krs.formulare.identitaet."""
    try:
        return None if zelle.fehler is not None else ARTEN[_KONSTANTEN.get(feld.schluessel, "text")].lesen(zelle)
    except ValueError:
        return None


def _melde(akte: Akte, code: str, s: _Stelle, zelle: Zelle, **werte: object) -> Befund:
    ansprueche = s.feld.anspruch if s.streng else ()
    return melde(akte, code, zelle, s.feld.schluessel, ansprueche, bezeichnung=s.name, **werte)


def _verstehen(s: _Stelle, zelle: Zelle) -> tuple[Zelle, object]:
    """Return the cell and its value. Raises: ValueError: not of the type."""
    if s.spalte is None and s.art == "auswahl":
        wert = auswahl(zelle, s.feld.auswahl)
        return zelle if wert == zelle.wert else replace(zelle, wert=wert), wert
    return zelle, ARTEN[s.art].lesen(zelle)


def _unlesbar(akte: Akte, s: _Stelle, zelle: Zelle) -> Befund:
    gelesen = lesbar(zelle)
    if not s.streng:
        return _melde(akte, "F-23", s, zelle, gelesen=gelesen, erwartet=ARTEN[s.art].erwartet)
    if s.art == "anzahl":
        return _melde(akte, "F-21", s, zelle, gelesen=gelesen)
    return _melde(akte, "F-22", s, zelle, gelesen=gelesen, erlaubt=", ".join(s.feld.auswahl))


def _hinweis(akte: Akte, s: _Stelle, zelle: Zelle, wert: object) -> Iterator[Befund]:
    if zelle.formel is not None and formeltext(zelle)[1:].replace(" ", "").upper() not in _WAHRHEIT:
        yield melde(akte, "F-25", zelle, s.feld.schluessel, formel=formeltext(zelle), gelesen=lesbar(zelle))
    elif ARTEN[s.art].rat and isinstance(zelle.wert, str):
        werte = {"gelesen": lesbar(zelle), "verstanden": _verstanden(s, wert), "rat": ARTEN[s.art].rat}
        yield melde(akte, "F-24", zelle, s.feld.schluessel, **werte)
    elif s.art == "anteil" and isinstance(zelle.wert, Decimal) and zelle.wert > 1:
        yield melde(akte, "F-60", zelle, s.feld.schluessel, gelesen=lesbar(zelle), verstanden=_verstanden(s, wert))


def _verstanden(s: _Stelle, wert: object) -> str:
    if isinstance(wert, date):
        return datum(wert)
    if isinstance(wert, Decimal):
        return f"{(wert * 100).normalize():f}%" if s.art == "anteil" else f"{wert:f}"
    return str(wert)
