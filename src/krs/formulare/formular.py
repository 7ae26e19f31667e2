"""The forms as data: one TOML per form, a version states only its differences (Ziff. 5.2)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pkgutil import get_data
from typing import Any

from krs.recht import GESPRAECH, Halbjahr, frist
from krs.recht.zeit import lies_jahr

JA_NEIN = ("Ja", "Nein")
_KONSTANTEN = ("konstante_text", "konstante_zahl")


@dataclass(frozen=True, slots=True)
class Spalte:
    """One column of a list field such as `sprachen`."""

    id: str
    titel: str
    art: str
    auswahl: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feld:
    """One field of a form; its key is the defined name in the workbook (entwurf 4.2)."""

    schluessel: str
    bezeichnung: str
    art: str
    ziffer: str
    hilfe: str
    pflicht: str = "nein"
    wenn_summe: tuple[str, ...] = ()
    wenn_ja: str = ""
    bezahlt: bool = False
    anspruch: tuple[str, ...] = ()
    auswahl: tuple[str, ...] = ()
    stufe: str = ""
    leer: str = ""
    mehrzeilig: int = 1
    zeilen: int = 0
    spalten: tuple[Spalte, ...] = ()

    @property
    def streng(self) -> bool:
        """True where an empty or wrong entry is a Fehler, False where it is a Hinweis (entwurf 4.2)."""
        if self.stufe:
            return self.stufe == "Fehler"
        return self.bezahlt or self.art in ("ja_nein", "auswahl")

    @property
    def code_leer(self) -> str:
        """The code of the Befund for an empty mandatory entry."""
        if self.leer:
            return self.leer
        if not self.streng:
            return "F-13"
        return {"anzahl": "A2-01", "ja_nein": "F-11"}.get(self.art, "F-12")

    @property
    def konstante(self) -> bool:
        """True for what the template prints and nobody types."""
        return self.art in _KONSTANTEN

    @property
    def eingabe(self) -> bool:
        """True for a cell that the municipality fills in."""
        return not self.konstante and self.art != "berechnet"

    @property
    def voll(self) -> str:
        """The label with the kind of talk, as messages name the field where no cell is known."""
        gespraech = GESPRAECH.get(self.schluessel.partition("_")[0])
        return f"{gespraech.mehrzahl}: {self.bezeichnung}" if gespraech else self.bezeichnung


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a form and the first day on which it applies."""

    id: str
    ab: date
    unterschied: str
    felder: tuple[str, ...]

    @property
    def arten(self) -> tuple[str, ...]:
        """The kinds of talk that are asked for: before 2022 only `erst`."""
        return tuple(art for art in GESPRAECH if f"{art}_einzelpersonen" in self.felder)


@dataclass(frozen=True, slots=True)
class Formular:
    """A form with all its fields; `versionen` in order of time."""

    id: str
    nummer: int
    titel: str
    blatt: str
    spaltenbreiten: tuple[int, ...]
    felder: dict[str, Feld]
    versionen: tuple[Version, ...]
    abschnitte: tuple[dict[str, Any], ...] = field(repr=False)

    @property
    def name(self) -> str:
        """«Anhang 2» or «Anhang 3», as the Master and the Stammdaten call the form."""
        return f"Anhang {self.nummer}"

    def version(self, kennung: str) -> Version | None:
        """Return the version with this id, or None."""
        return next((v for v in self.versionen if v.id == kennung), None)

    def version_fuer(self, periode: str) -> Version:
        """Return the version for a period such as `2024-H1`, or a year such as `2024` (Änderungsprotokoll).

        Raises: ValueError: it is none of the circular's (German sentence).
        """
        return [v for v in self.versionen if v.ab <= periodenbeginn(periode)][-1]

    def felder_von(self, version: Version) -> tuple[Feld, ...]:
        """Return the fields of one version, in the order of the file."""
        return tuple(self.felder[k] for k in version.felder)


def formular_fuer(zeit: str) -> Formular:
    """Return the form of a time: a half-year `2024-H1` is of Anhang 2, a year `2024` of Anhang 3 (Ziff. 5.2).

    >>> formular_fuer("2024-H1").name, formular_fuer("2024").name
    ('Anhang 2', 'Anhang 3')
    """
    return formular("anhang2" if "-" in zeit else "anhang3")


@lru_cache(1000)
def periodenbeginn(periode: str) -> date:
    """Return the first day of a half-year `2024-H1` or of a year `2024`.

    Raises: ValueError: neither of the two (German sentence).

    >>> periodenbeginn("2024-H2")
    datetime.date(2024, 7, 1)
    """
    if "-" in periode:
        return Halbjahr.parse(periode).beginn
    return date(lies_jahr(periode), 1, 1)


@lru_cache(1000)
def eingabefrist(nummer: int, periode: str) -> date:
    """Return the deadline of Anhang 2 or 3 for a period (Ziff. 5.2)."""
    return frist(nummer, Halbjahr.parse(periode) if nummer == 2 else periodenbeginn(periode).year)


def folgeperiode(periode: str) -> str:
    """Return the next half-year or year, nothing after the last of the circular.

    >>> folgeperiode("2023-H2"), folgeperiode("2024"), folgeperiode("2100")
    ('2024-H1', '2025', '')
    """
    try:
        return str(Halbjahr.parse(periode).nachher() if "-" in periode else lies_jahr(str(int(periode) + 1)))
    except ValueError:
        return ""


def zeitraum(periode: str) -> str:
    """Return a period for people.

    >>> zeitraum("2024-H1"), zeitraum("2024")
    ('1. Halbjahr 2024', 'Jahr 2024')
    """
    if "-H" in periode:
        return Halbjahr.parse(periode).text
    return f"Jahr {periode}" if periode else ""


@lru_cache(1000)
def periodenende(periode: str) -> date:
    """Return the last day of a half-year or year.

    >>> periodenende("2024")
    datetime.date(2024, 12, 31)
    """
    return Halbjahr.parse(periode).ende if "-" in periode else date(periodenbeginn(periode).year, 12, 31)


def _feld(schluessel: str, daten: dict[str, Any]) -> Feld:
    spalten = tuple(
        Spalte(s["id"], s["titel"], s["art"], tuple(s.get("auswahl", ()))) for s in daten.pop("spalten", ())
    )
    listen: dict[str, Any] = {k: tuple(daten.pop(k)) for k in ("wenn_summe", "anspruch", "auswahl") if k in daten}
    if daten["art"] == "ja_nein":
        listen["auswahl"] = JA_NEIN
    return Feld(schluessel, spalten=spalten, **listen, **daten)


def _versionen(tabelle: list[dict[str, Any]], alle: tuple[str, ...]) -> tuple[Version, ...]:
    spaeter = {k for v in tabelle for k in v.get("neu", ())}
    stand: dict[str, frozenset[str]] = {}
    ergebnis = []
    for v in tabelle:
        basis = stand[v["basis"]] if "basis" in v else frozenset(alle) - spaeter
        stand[v["id"]] = basis | set(v.get("neu", ())) - set(v.get("entfaellt", ()))
        felder = tuple(k for k in alle if k in stand[v["id"]])
        ergebnis.append(Version(v["id"], v["ab"], v["unterschied"], felder))
    return tuple(ergebnis)


@cache
def formular(kennung: str) -> Formular:
    """Return the form `anhang2` or `anhang3`.

    >>> len(formular("anhang2").versionen), len(formular("anhang3").versionen)
    (3, 2)
    """
    text = (get_data("krs.formulare", f"{kennung}.toml") or b"").decode()
    daten = tomllib.loads(text, parse_float=Decimal)
    felder = {k: _feld(k, dict(v)) for k, v in daten["felder"].items()}
    return Formular(
        id=daten["id"],
        nummer=daten["nummer"],
        titel=daten["titel"],
        blatt=daten["blatt"],
        spaltenbreiten=tuple(daten["spaltenbreiten"]),
        felder=felder,
        versionen=_versionen(daten["version"], tuple(felder)),
        abschnitte=tuple(daten["abschnitt"]),
    )


def formulare() -> tuple[Formular, ...]:
    """Return all forms that municipalities send in."""
    return formular("anhang2"), formular("anhang3")
