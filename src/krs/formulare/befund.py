"""A Befund: what is wrong, where, why, and what to do (entwurf 4.3). Texts live in meldungen.toml."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache
from pkgutil import get_data
from typing import Any

from krs.formulare.eingabe import LEERE_ZELLE, Zelle


class Stufe(StrEnum):
    """How much a Befund weighs; see entwurf 4.3."""

    FEHLER = "Fehler"
    RUECKFRAGE = "Rückfrage"
    HINWEIS = "Hinweis"


_EINZELN = 3  # Befunde of one kind that are shown one by one


@dataclass(frozen=True, slots=True)
class Meldung:
    """One entry of the catalogue; `code` is stable for ever."""

    code: str
    titel: str
    stufe: Stufe
    ziffer: str
    betrifft: str
    felder: str
    text: str
    warum: str
    beispiel: str
    hebbar: bool = True


@dataclass(frozen=True, slots=True)
class Befund:
    """One finding. `ansprueche` names the claims it touches, `sieht` the values it looked at; neither is printed."""

    datei: str
    gemeinde: str
    bfs_nr: int | None
    formular: str
    periode: str
    blatt: str
    zelle: str
    feld: str
    wert: str
    stufe: Stufe
    code: str
    ziffer: str
    meldung: str
    ansprueche: frozenset[str] = frozenset()
    sieht: tuple[tuple[str, object], ...] = ()

    def als_dict(self) -> dict[str, Any]:
        """Return the public shape of entwurf 4.3."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("ansprueche", "sieht")}


@dataclass(frozen=True, slots=True)
class Akte:
    """Whose form a Befund is about; the same for all Befunde of one file."""

    datei: str = ""
    gemeinde: str = ""
    bfs_nr: int | None = None
    formular: str = ""
    periode: str = ""


@cache
def meldungen() -> dict[str, Meldung]:
    """Return the catalogue by code, in the order of the file."""
    text = (get_data("krs.formulare", "meldungen.toml") or b"").decode()
    return {code: Meldung(code=code, **{**m, "stufe": Stufe(m["stufe"])}) for code, m in tomllib.loads(text).items()}


def melde(
    akte: Akte,
    code: str,
    zelle: Zelle = LEERE_ZELLE,
    feld: str = "",
    ansprueche: Iterable[str] = (),
    /,
    **werte: object,
) -> Befund:
    """Return the Befund `code` with its text filled in from `werte`.

    Raises: KeyError: unknown code or a value that the text needs is missing (our mistake).
    """
    m = meldungen()[code]
    text = m.text.format_map(werte)
    ort = "!".join(filter(None, (zelle.blatt, zelle.adresse)))
    klausel = f"Ziff. {m.ziffer}, {code}" if m.ziffer else code
    return Befund(
        datei=akte.datei,
        gemeinde=akte.gemeinde,
        bfs_nr=akte.bfs_nr,
        formular=akte.formular,
        periode=akte.periode,
        blatt=zelle.blatt,
        zelle=zelle.adresse,
        feld=feld,
        wert=zelle.anzeige,
        stufe=m.stufe,
        code=code,
        ziffer=m.ziffer,
        meldung=f"{ort}: {text} ({klausel})" if ort else f"{text} ({klausel})",
        ansprueche=frozenset(ansprueche),
        sieht=tuple(sorted((name, str(wert)) for name, wert in werte.items())),
    )


def gruppiert(befunde: Sequence[Befund]) -> Iterator[Befund]:
    """Yield one Befund for more than three of one code on one sheet; its text says how many there are."""
    anzahl = Counter((b.code, b.blatt) for b in befunde)
    gezeigt: Counter[tuple[str, str]] = Counter()
    for b in befunde:
        wo = b.code, b.blatt
        gezeigt[wo] += 1
        if anzahl[wo] <= _EINZELN:
            yield b
        elif gezeigt[wo] == 1:
            yield replace(b, meldung=f"{anzahl[wo]} × {b.code}, zuerst {b.meldung}")


def aufgezaehlt(namen: Sequence[str], hoechstens: int = 5) -> str:
    """Return names for a sentence; of many only the first.

    >>> aufgezaehlt(["a.xlsx", "b.xlsx"]), aufgezaehlt(list("abcdefg"), 2)
    ('«a.xlsx», «b.xlsx»', '«a», «b» und 5 weitere')
    """
    rest = len(namen) - hoechstens
    return ", ".join(f"«{n}»" for n in namen[:hoechstens]) + (f" und {rest} weitere" if rest > 0 else "")


def mehrzahl(anzahl: object, einzahl: str, mehrzahl_: str) -> str:
    """Return the count with its noun.

    >>> mehrzahl(1, "Dolmetscheinsatz", "Dolmetscheinsätze")
    '1 Dolmetscheinsatz'
    """
    return f"{anzahl} {einzahl if anzahl == 1 else mehrzahl_}"
