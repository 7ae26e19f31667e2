"""From the cells of a form to its typed model, with a Befund for each cell that cannot be read (design 4.2, 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from krs.formulare import typen
from krs.formulare.ahv import maskiere
from krs.formulare.anhang2 import Anhang2
from krs.formulare.anhang3 import Anhang3
from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.eingabe import LEERE_ZELLE, Eingabe, Zeile, Zelle
from krs.formulare.formular import Feld, Formular, Spalte, Version
from krs.formulare.kontext import benennung, gefuellte
from krs.formulare.zellinhalt import formeltext, kein_wert
from krs.recht import datum

Typisiert = Anhang2 | Anhang3
MODELLE: dict[str, type[Anhang2] | type[Anhang3]] = {"anhang2": Anhang2, "anhang3": Anhang3}
_WAHRHEIT = frozenset({"TRUE()", "FALSE()", "TRUE", "FALSE"})  # how LibreOffice writes a plain TRUE
_RAT = {
    "datum": "Erfassen Sie das Datum als Datum, zum Beispiel 31.01.2024.",
    "anteil": "Erfassen Sie den Anteil als Zahl, zum Beispiel 20%.",
}
_LESER: dict[str, Callable[[Zelle], Any]] = {
    "anzahl": typen.anzahl, "zahl": typen.zahl, "betrag": typen.zahl, "anteil": typen.anteil,
    "datum": typen.datum, "email": typen.email, "ja_nein": typen.ja_nein,
}  # fmt: skip
_ALS_ZAHL = frozenset({"anzahl", "zahl", "betrag", "anteil", "datum"})
_KONSTANTEN: dict[str, Callable[[Zelle], Any]] = {
    "bfs_nr": typen.anzahl, "jahr": typen.anzahl, "auslaender_anzahl": typen.zahl,
}  # fmt: skip


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
        zelle, gut, neue = _lesen(akte, _Stelle(feld), felder.get(feld.schluessel, LEERE_ZELLE))
        befunde += neue
        felder[feld.schluessel] = zelle
        if gut:
            werte[feld.schluessel] = zelle
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
) -> tuple[tuple[Zeile, ...], tuple[Mapping[str, Zelle], ...]]:
    """Return the rows of a list, each as wide as the form says, and its filled rows for the model."""
    zeilen, eintraege = [], []
    for roh in eingabe.listen.get(feld.schluessel, ()):
        zeile = (roh + (LEERE_ZELLE,) * len(feld.spalten))[: len(feld.spalten)]
        zeilen.append(zeile)
        if not gefuellte([zeile]):
            continue
        eintrag = {}
        for spalte, zelle in zip(feld.spalten, zeile, strict=True):
            _, gut, neue = _lesen(akte, _Stelle(feld, spalte), zelle)
            befunde += neue
            if gut:
                eintrag[spalte.id] = zelle
        eintraege.append(eintrag)
    return tuple(zeilen), tuple(eintraege)


def _lesen(akte: Akte, s: _Stelle, zelle: Zelle) -> tuple[Zelle, bool, tuple[Befund, ...]]:
    """Return the cell (a choice in its canonical spelling), whether it holds a value, and what is wrong with it."""
    if zelle.leer:
        return zelle, False, ()
    if s.feld.konstante:
        return zelle, _konstante(s.feld, zelle), ()
    inhalt = kein_wert(zelle)
    if inhalt:
        code = "F-26" if s.streng else "F-27"
        return zelle, False, (_melde(akte, code, s, zelle, inhalt=inhalt),)
    try:
        zelle, wert = _verstehen(s, zelle)
    except ValueError:
        return zelle, False, (_unlesbar(akte, s, zelle),)
    if zelle.formel is None and not isinstance(zelle.wert, str):
        return zelle, True, ()
    return zelle, True, tuple(_hinweis(akte, s, zelle, wert))


def _konstante(feld: Feld, zelle: Zelle) -> bool:
    """Tell whether a constant is of its type; what it should be is for krs.formulare.identitaet."""
    if zelle.fehler is not None:
        return False
    try:
        _KONSTANTEN.get(feld.schluessel, typen.text)(zelle)
    except ValueError:
        return False
    return True


def _melde(akte: Akte, code: str, s: _Stelle, zelle: Zelle, **werte: object) -> Befund:
    ansprueche = s.feld.anspruch if s.streng else ()
    return melde(akte, code, zelle, s.feld.schluessel, ansprueche, bezeichnung=s.name, **werte)


def _verstehen(s: _Stelle, zelle: Zelle) -> tuple[Zelle, object]:
    """Return the cell and its value. Raises: ValueError: not of the type."""
    if s.spalte is None and s.art == "auswahl":
        wert = typen.auswahl(zelle, s.feld.auswahl)
        return zelle if wert == zelle.wert else replace(zelle, wert=wert), None
    leser = _LESER.get(s.art)
    return zelle, leser(zelle) if leser else None


def _unlesbar(akte: Akte, s: _Stelle, zelle: Zelle) -> Befund:
    gelesen = typen.lesbar(zelle)
    if not s.streng:
        return _melde(akte, "F-23", s, zelle, gelesen=gelesen, erwartet=typen.ERWARTET[s.art])
    if s.art == "anzahl":
        return _melde(akte, "F-21", s, zelle, gelesen=gelesen)
    return _melde(akte, "F-22", s, zelle, gelesen=gelesen, erlaubt=", ".join(s.feld.auswahl))


def _hinweis(akte: Akte, s: _Stelle, zelle: Zelle, wert: object) -> Iterator[Befund]:
    if zelle.formel is not None and formeltext(zelle)[1:].replace(" ", "").upper() not in _WAHRHEIT:
        yield melde(akte, "F-25", zelle, s.feld.schluessel, formel=formeltext(zelle), gelesen=typen.lesbar(zelle))
    elif s.art in _ALS_ZAHL and isinstance(zelle.wert, str):
        werte = {"gelesen": typen.lesbar(zelle), "verstanden": _verstanden(s, wert)}
        yield melde(akte, "F-24", zelle, s.feld.schluessel, **werte, rat=_RAT.get(s.art, "Erfassen Sie nur Ziffern."))


def _verstanden(s: _Stelle, wert: object) -> str:
    if isinstance(wert, date):
        return datum(wert)
    if isinstance(wert, Decimal):
        return f"{(wert * 100).normalize():f}%" if s.art == "anteil" else f"{wert:f}"
    return str(wert)
