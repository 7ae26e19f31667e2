"""The kinds of values, one table: how each is read, what a message says is expected, what Excel lets a user type.

Forms, Stammdaten, Excel functions, macros, command line and server take theirs from here: a new spelling belongs here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from krs.formulare import leser
from krs.formulare.eingabe import Zelle
from krs.formulare.typen import lesbar
from krs.recht import Leistung, tausender
from krs.recht.zeit import EIN_HALBJAHR, EIN_JAHR, JAHRE

HOECHSTE_ANZAHL = 9999  # a technical bound that also catches a date typed into a count; docs/entscheide
HOECHSTER_BESTAND = 999_999  # more foreign residents than the canton has people: a slip of the hand


@dataclass(frozen=True, slots=True)
class Art:
    """One kind of value.

    Args:
        erwartet: goes on after «erwartet wird».
        pruefung: what Excel lets a user type: `integer`, `decimal`, `date` or `length`, from, to (None: no end); all
            that is read, blanks between and around included, but for a day before 1955: a year that was typed for it.
        stil: the look in a table (krs.mappen.gestalt.stile); `breite` that of its column in the Master.
        rat: how to type it, for what Excel holds as a number; empty where text is what it should be.
    """

    lesen: Callable[[Zelle], Any]
    erwartet: str
    pruefung: tuple[str, Any, Any] | None = None
    stil: str = "text"
    rat: str = ""
    breite: int = 12

    def aus(self, zelle: Zelle) -> Any:
        """Return the value. Raises: ValueError: one sentence says what was read and what is expected.

        >>> ARTEN["jahr"].aus(Zelle(wert="24"))
        Traceback (most recent call last):
        ValueError: Gelesen wurde «24»; erwartet wird ein Jahr von 2017 bis 2100.
        """
        try:
            if zelle.fehler is None:
                return self.lesen(zelle)
        except ValueError:
            pass  # a reader has no words: the sentence below does
        raise ValueError(f"Gelesen wurde «{lesbar(zelle)}»; erwartet wird {self.erwartet}.")


_AB_0 = ("decimal", 0, None)
_ZIFFERN = "Erfassen Sie nur Ziffern."
_ANTEIL = "Erfassen Sie den Anteil als Zahl, zum Beispiel 20%."
_DATUM_RAT = "Erfassen Sie das Datum als Datum, zum Beispiel 31.01.2024."
_DATUM = "ein Datum wie 31.01.2024"
_FRANKEN = "ein Betrag in Franken ab 0"
_ZEIT = f"ein Halbjahr wie 2024-H1 oder ein Jahr wie 2024 ({JAHRE[0]} bis {JAHRE[-1]})"
_LEISTUNGEN = ", ".join(f"«{x}»" for x in Leistung)
_NEUN = tausender(10**9 - 1)
_IBAN = "eine IBAN wie CH93 0076 2011 6238 5295 7"


def _bereich(von: int, bis: int, erwartet: str = "", stil: str = "ganz") -> Art:
    """Return the kind of a whole number within bounds."""
    worte = erwartet or f"eine ganze Zahl von {von} bis {tausender(bis)}"
    return Art(lambda z: leser.ganz(leser.genau(z), von, bis), worte, ("integer", von, bis), stil)


ARTEN: Mapping[str, Art] = {
    # of the forms
    "text": Art(leser.text, "ein Text", breite=24),
    "konstante_text": Art(leser.text, "ein Text"),
    "konstante_zahl": Art(leser.text, "eine Zahl", stil="ganz"),
    "liste": Art(leser.text, "ein Text", breite=34),
    "auswahl": Art(leser.text, "einer der Werte aus der Liste", breite=26),
    "anzahl": replace(_bereich(0, HOECHSTE_ANZAHL), lesen=lambda z: leser.anzahl(z, HOECHSTE_ANZAHL), rat=_ZIFFERN),
    "zahl": Art(lambda z: leser.im(leser.dezimal(z), 0), "eine Zahl ab 0", _AB_0, "betrag", _ZIFFERN),
    "betrag": Art(lambda z: leser.im(leser.franken(z), 0), _FRANKEN, _AB_0, "betrag", _ZIFFERN),
    "anteil": Art(leser.anteil, "ein Anteil wie 20%", ("decimal", 0, 100), "prozent", _ANTEIL),
    "datum": Art(leser.datum, _DATUM, ("date", date(2000, 1, 1), date(2099, 12, 31)), "datum", _DATUM_RAT),
    "email": Art(leser.email, "eine E-Mail-Adresse", breite=30),
    "ja_nein": Art(leser.ja_nein, "«Ja» oder «Nein»"),
    # of the Stammdaten, many of the functions too
    "bfs": _bereich(1, 9999, "eine BFS-Nr. aus vier Ziffern"),
    "plz": _bereich(1000, 9999, "eine Postleitzahl aus vier Ziffern"),
    "bestand": _bereich(0, HOECHSTER_BESTAND, stil="rechnung"),
    "jahr": _bereich(JAHRE[0], JAHRE[-1], EIN_JAHR),
    "franken": Art(leser.betrag, "ein Betrag in Franken und Rappen ab 0", _AB_0, "betrag"),
    "franken_ueber_null": Art(leser.ueber_null, "ein Betrag in Franken und Rappen über 0", _AB_0, "betrag"),
    "ansatz": Art(lambda z: leser.betrag(z, 4), _FRANKEN, _AB_0, "feinbetrag"),
    "faktor": Art(lambda z: leser.im(leser.genau(z), 1), "eine Zahl ab 1", ("decimal", 1, None), "faktor"),
    "tag": Art(lambda z: leser.tag(z, 1800), _DATUM, ("date", date(1955, 1, 1), date(2099, 12, 31)), "datum"),
    "halbjahr": Art(leser.halbjahr, EIN_HALBJAHR, ("length", 7, 9)),
    "periode": Art(leser.periode, _ZEIT, ("length", 4, 9)),
    "jahre": Art(leser.jahre, "eine Liste von Jahren mit Grund wie «2023: Bestand berichtigt; 2022: neuer Ansatz»"),
    "mailserver": Art(leser.mailserver, "Namen von Servern wie mail.so.example, mit Komma getrennt"),
    "code": Art(lambda z: leser.knapp(z).upper().replace(" ", ""), "ein Code wie A2-07", ("length", 4, 9)),
    "sha256": Art(leser.sha256, "eine Prüfsumme, mindestens ihre ersten 8 Zeichen (0–9, a–f)", ("length", 8, 80)),
    "iban": Art(leser.iban, _IBAN, ("length", 15, 42)),
    # of the functions alone; `krs.export.konto.iban` says what is wrong with an IBAN
    "anhang": Art(leser.anhang, "1, 2 oder 3"),
    "gespraech": Art(lambda z: leser.auswahl(z, ("erst", "integ")), "«erst» oder «integ»"),
    "leistung": Art(lambda z: Leistung(leser.auswahl(z, tuple(Leistung))), f"einer der Namen {_LEISTUNGEN}"),
    "zelltag": Art(leser.zelltag, _DATUM),
    "zeit": Art(leser.zeit, _ZEIT),
    "iban_text": Art(lambda z: leser.wie(".{0,60}", leser.knapp(z)), _IBAN),
    # typed on the command line and to the server, typed into the form of a macro
    "datum_iso": Art(leser.iso, "ein Datum wie 2024-07-31"),
    "ganzzahl": Art(lambda z: int(leser.wie("[0-9]{1,9}", z.wert)), f"eine ganze Zahl von 0 bis {_NEUN}"),
    "datum_getippt": Art(leser.getippt, "ein Datum wie 31.07.2024 oder 2024-07-31"),
}  # fmt: skip
