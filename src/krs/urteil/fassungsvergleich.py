"""What changed between two versions of one form, field by field, as people read it (entwurf 1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from krs.formulare.befund import weitere
from krs.formulare.eingabe import LEERE_ZELLE, Zelle
from krs.formulare.formular import Feld
from krs.formulare.kontext import benennung, gefuellte
from krs.formulare.pruefen import Gelesen
from krs.formulare.typen import formeltext, kein_wert, lesbar, normal
from krs.recht import chf, datum
from krs.urteil.fassung import Fassung

LEER = "leer"
_LAENGSTER_WERT, _LAENGSTE_LISTE = 40, 160  # characters
_RAPPEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Aenderung:
    """One field, or one row of a list, with another content; `zelle` is its address in the newer version."""

    feld: str
    bezeichnung: str
    zelle: str
    alt: str
    neu: str


@dataclass(frozen=True, slots=True)
class _Inhalt:
    """What a field or row holds: `vergleich` decides, `text` is shown; both empty where nothing stands."""

    vergleich: object
    text: str
    zelle: str = ""


def aenderungen(alt: Fassung, neu: Fassung) -> tuple[Aenderung, ...]:
    """Return what differs, in the order of the form's fields; AHV numbers are masked in both.

    Typed values are compared («12» as text is 12, blanks at the ends do not count), else what stands in the cell.
    A list is compared by whole rows, wherever they stand; rows that begin alike belong together.

    Raises: ValueError: one of the two is no form, or they are different forms.
    """
    if alt.gelesen is None or neu.gelesen is None or neu.formular is None or alt.formular != neu.formular:
        raise ValueError("Verglichen werden nur zwei Fassungen desselben Formulars.")
    felder = (f for f in neu.formular.felder.values() if f.art != "berechnet")
    return tuple(a for f in felder for a in _feld(f, alt.gelesen, neu.gelesen))


def kurz(alle: Sequence[Aenderung]) -> str:
    """Return the changes in one line of at most 200 characters, an empty text for none.

    >>> kurz([Aenderung("erst_familien", "", "D9", "3", "4"), Aenderung("bemerkungen", "", "B50", "leer", "Korrektur")])
    'erst_familien: 3 → 4; bemerkungen: leer → Korrektur'
    """
    teile = [f"{a.feld}: {_gekuerzt(a.alt)} → {_gekuerzt(a.neu)}" for a in alle]
    gezeigt = teile[:1]
    for teil in teile[1:]:
        if len("; ".join([*gezeigt, teil])) > _LAENGSTE_LISTE:
            break
        gezeigt.append(teil)
    rest = len(teile) - len(gezeigt)
    return "; ".join(gezeigt) + (f"; … {weitere(rest)}" if rest else "")


def _gekuerzt(text: str) -> str:
    return text if len(text) <= _LAENGSTER_WERT else text[: _LAENGSTER_WERT - 1].rstrip() + "…"


def _feld(feld: Feld, alt: Gelesen, neu: Gelesen) -> Iterator[Aenderung]:
    paare = _listenpaare(feld, alt, neu) if feld.art == "liste" else [(_einzeln(feld, alt), _einzeln(feld, neu))]
    for vorher, nachher in paare:
        if vorher.vergleich != nachher.vergleich:
            alt_, neu_ = vorher.text or LEER, nachher.text or LEER
            yield Aenderung(feld.schluessel, benennung(feld), nachher.zelle, alt_, neu_)


def _einzeln(feld: Feld, gelesen: Gelesen) -> _Inhalt:
    zelle = gelesen.eingabe.felder.get(feld.schluessel, LEERE_ZELLE)
    return _inhalt(feld.art, zelle, gelesen.modell.wert(feld.schluessel))


def _inhalt(art: str, zelle: Zelle, wert: object) -> _Inhalt:
    """Return what a cell holds: its typed value, else what stands there."""
    if zelle.leer:
        return _Inhalt(None, "", zelle.adresse)
    if wert is None:
        unlesbar = zelle.fehler or zelle.formel or normal(str(zelle.wert))
        text = formeltext(zelle) if kein_wert(zelle) and zelle.fehler is None else lesbar(zelle)
        return _Inhalt(("unlesbar", unlesbar), text, zelle.adresse)
    return _Inhalt(normal(wert) if isinstance(wert, str) else wert, _text(art, wert), zelle.adresse)


def _text(art: str, wert: object) -> str:
    """Return a typed value as people write it: Ja, 31.01.2024, 20%, 1'234.50."""
    if isinstance(wert, bool):
        return "Ja" if wert else "Nein"
    if isinstance(wert, date):
        return datum(wert)
    if isinstance(wert, Decimal):
        if art == "betrag" and wert == wert.quantize(_RAPPEN):
            return chf(wert)
        return f"{(wert * 100).normalize():f}%" if art == "anteil" else f"{wert.normalize():f}"
    return " ".join(str(wert).split())


def _zeilen(feld: Feld, gelesen: Gelesen) -> Iterator[tuple[_Inhalt, object]]:
    """Yield the filled rows of a list, each beside the content of its first column."""
    modelle = gelesen.modell.wert(feld.schluessel)
    reihen = gefuellte(gelesen.eingabe.listen.get(feld.schluessel, ()))
    for zellen, modell in zip(reihen, modelle, strict=True):
        inhalte = [
            _inhalt(spalte.art, zelle, modell.wert(spalte.id))
            for spalte, zelle in zip(feld.spalten, zellen, strict=True)
        ]
        text = ", ".join(i.text for i in inhalte if i.text)
        yield _Inhalt(tuple(i.vergleich for i in inhalte), text, inhalte[0].zelle), inhalte[0].vergleich


def _listenpaare(feld: Feld, alt: Gelesen, neu: Gelesen) -> list[tuple[_Inhalt, _Inhalt]]:
    """Return rows that are new or changed, in their order, then those that are gone; equal rows cancel out."""
    uebrig, dazu = list(_zeilen(feld, alt)), []
    for zeile, beginn in _zeilen(feld, neu):
        gleich = next((n for n, (z, _) in enumerate(uebrig) if z.vergleich == zeile.vergleich), None)
        if gleich is None:
            dazu.append((zeile, beginn))
        else:
            del uebrig[gleich]
    paare = []
    for zeile, beginn in dazu:
        partner = next((n for n, (_, b) in enumerate(uebrig) if b == beginn), None)
        paare.append((_Inhalt(None, "") if partner is None else uebrig.pop(partner)[0], zeile))
    erste = next((z.adresse for reihe in neu.eingabe.listen.get(feld.schluessel, ()) for z in reihe), "")
    return paare + [(zeile, _Inhalt(None, "", erste)) for zeile, _ in uebrig]
