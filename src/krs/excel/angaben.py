"""Entries of a macro as typed → values: one sentence for what cannot be meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from krs.excel.anfrage import Anfrage, Eingabefehler
from krs.excel.makrokatalog import Feld, Makro
from krs.formulare.arten import ARTEN
from krs.formulare.eingabe import Zelle
from krs.lauf.kennung import Lauf
from krs.recht import Halbjahr
from krs.recht.zeit import lies_jahr

_LANG = 200  # characters of an entry
_UNSICHTBAR = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})  # characters of no shape, and ends of a line


Angaben = Mapping[str, Any]  # entry key → text, date or whole number; None where nothing was typed


def zeit_(w: Angaben) -> str:
    """Return the half-year or the year, of which one must be given. Raises: Eingabefehler."""
    if bool(w["periode"]) == bool(w["jahr"]):
        raise Eingabefehler("Nennen Sie entweder ein Halbjahr (2024-H1, Anhang 2) oder ein Jahr (2024, Anhang 3).")
    return str(w["periode"] or w["jahr"])


def angaben(m: Makro, anfrage: Anfrage) -> Angaben:
    """Return the entries of a macro.

    Raises: Eingabefehler: one is missing, is none of this macro or cannot be meant (German sentence).
    """
    felder = {f.schluessel: f for f in m.felder}
    fremde = sorted(str(k) for k in anfrage.angaben if k not in felder)
    if fremde:
        raise Eingabefehler(f"Die Angabe «{_kurz(fremde[0])}» gibt es bei diesem Befehl nicht.")
    return {k: lies(f, anfrage.angaben.get(k, "")) for k, f in felder.items()}


def lies(feld: Feld, roh: object) -> Any:
    """Return one entry; None where nothing was typed and nothing is needed.

    Raises: Eingabefehler.

    >>> lies(Feld("tag", "Datum", "", "datum"), "31.7.2024")
    datetime.date(2024, 7, 31)
    """
    text = _sauber(feld, roh) or feld.vorgabe
    if not text:
        if feld.pflicht:
            raise Eingabefehler(f"Es fehlt die Angabe «{feld.text}» ({feld.hinweis}).")
        return None
    try:
        return _LESER[feld.art](feld, text)
    except ValueError as fehler:
        raise Eingabefehler(f"{feld.text}: {fehler}") from fehler


def _sauber(feld: Feld, roh: object) -> str:
    if not isinstance(roh, str | int) or isinstance(roh, bool):
        if roh is None:
            return ""
        raise Eingabefehler(f"Die Angabe «{feld.text}» ist kein Text.")
    text = unicodedata.normalize("NFC", str(roh)).strip()
    if len(text) > _LANG:
        raise Eingabefehler(f"Die Angabe «{feld.text}» ist länger als {_LANG} Zeichen. Kürzen Sie sie.")
    if any(unicodedata.category(z) in _UNSICHTBAR for z in text):
        raise Eingabefehler(f"Die Angabe «{feld.text}» enthält Zeichen, die man nicht sieht. Tippen Sie sie neu.")
    return text


def _kurz(text: str) -> str:
    sichtbar = "".join(z for z in text if z.isprintable())
    return sichtbar if len(sichtbar) <= 40 else sichtbar[:39] + "…"


# --- one reader per kind --------------------------------------------------------------------
def _wahl(feld: Feld, text: str) -> str:
    for wert in feld.werte:
        if wert.casefold() == text.casefold():
            return wert
    raise ValueError(f"«{_kurz(text)}» steht nicht zur Wahl. Wählen Sie {' oder '.join(feld.werte)}.")


_LESER: dict[str, Callable[[Feld, str], Any]] = {
    "text": lambda _, text: text,
    "datum": lambda _, text: ARTEN["datum_getippt"].aus(Zelle(wert=text)),
    "periode": lambda _, text: str(Halbjahr.parse(text.upper())),
    "jahr": lambda _, text: lies_jahr(_kurz(text)),
    "lauf": lambda _, text: str(Lauf.parse(text)),
    "zahl": lambda _, text: ARTEN["ganzzahl"].aus(Zelle(wert=text)),
    "wahl": _wahl,
}
