"""Entries of a macro as typed → values: one sentence for what cannot be meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from krs.excel.anfrage import Anfrage, Eingabefehler
from krs.excel.makrokatalog import Feld, makro
from krs.formulare.arten import ARTEN
from krs.formulare.eingabe import Zelle
from krs.lauf.kennung import Lauf
from krs.recht import Halbjahr
from krs.recht.zeit import lies_jahr

_LANG = 200  # characters of an entry
_UNSICHTBAR = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})  # characters of no shape, and ends of a line


class Angaben:
    """The entries of one call, by key: text, date, whole number, or None where nothing was typed."""

    def __init__(self, werte: dict[str, Any]) -> None:
        self._werte = werte

    def text(self, schluessel: str) -> str:
        """Return a text, period, run or choice; empty where nothing was typed."""
        return self._werte[schluessel] or ""

    def tag(self, schluessel: str) -> date | None:
        """Return a day."""
        wert: date | None = self._werte[schluessel]
        return wert

    def zahl(self, schluessel: str) -> int:
        """Return a required whole number."""
        wert: int = self._werte[schluessel]
        return wert

    def ja(self, schluessel: str) -> bool:
        """Return True if «ja» was chosen."""
        return bool(self._werte[schluessel] == "ja")

    def zeit(self) -> str:
        """Return the half-year or the year, of which one must be given."""
        periode, jahr = self._werte["periode"], self._werte["jahr"]
        if bool(periode) == bool(jahr):
            raise Eingabefehler("Nennen Sie entweder ein Halbjahr (2024-H1, Anhang 2) oder ein Jahr (2024, Anhang 3).")
        return str(periode or jahr)


def angaben(name: str, anfrage: Anfrage) -> Angaben:
    """Return the entries of a macro.

    Raises: Eingabefehler: one is missing, is none of this macro or cannot be meant (German sentence).
    """
    m = makro(name)
    felder = {f.schluessel: f for f in m.felder} if m else {}
    fremde = sorted(str(k) for k in anfrage.angaben if k not in felder)
    if fremde:
        raise Eingabefehler(f"Die Angabe «{_kurz(fremde[0])}» gibt es bei diesem Befehl nicht.")
    return Angaben({k: lies(f, anfrage.angaben.get(k, "")) for k, f in felder.items()})


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
