"""Whose file it is that could not be read: as a person assigned it, else proposed from its name and sender."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from krs.formulare.befund import Akte
from krs.urteil.fassung import Fassung

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Gemeinde, Stammdaten, Zuordnung

_UMLAUTE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Vorschlag:
    """Which municipality a file may come from: one, or several candidates; `grund` says why, in German."""

    kandidaten: tuple[int, ...]
    grund: str

    @property
    def bfs_nr(self) -> int | None:
        """The municipality, None where several come into question."""
        return self.kandidaten[0] if len(self.kandidaten) == 1 else None


def zugeordnet(f: Fassung, z: Zuordnung, gemeinde: str) -> Fassung:
    """Return an unreadable file with whose it is; form and period count together or not at all."""
    formular, periode = (z.formular, z.periode) if z.formular and z.periode else ("", "")
    akte = Akte(f.akte.datei, gemeinde, z.bfs_nr, formular, periode)
    befunde = (replace(b, gemeinde=gemeinde, bfs_nr=z.bfs_nr, formular=formular, periode=periode) for b in f.befunde)
    return replace(f, akte=akte, zuordnung=z, befunde=tuple(befunde))


def vorschlag(name: str, absender: str, tag: date, stammdaten: Stammdaten) -> Vorschlag | None:
    """Return whose file it may be, None without any sign; signs that contradict each other give all candidates.

    Args:
        name: path of the file below Eingang/, with the mail it hung on.
        absender: the sender's e-mail address, empty where there is none.
        tag: day of receipt; a municipality that has merged by then stands for its successor.
    """
    gefunden = [(bfs, grund) for bfs, grund in _zeichen(name, absender, stammdaten) if bfs]
    if not gefunden:
        return None
    nummern = dict.fromkeys(stammdaten.gebiet.nachfolgerin(b, tag) for alle, _ in gefunden for b in alle)
    einige = [{stammdaten.gebiet.nachfolgerin(b, tag) for b in alle} for alle, _ in gefunden]
    gemeinsam = set.intersection(*einige)  # a shared domain and a name may name one together
    kandidaten = sorted(gemeinsam) if len(gemeinsam) == 1 else sorted(nummern)
    return Vorschlag(tuple(kandidaten), " und ".join(grund for _, grund in gefunden))


def _zeichen(name: str, absender: str, s: Stammdaten) -> Iterator[tuple[set[int], str]]:
    """Yield each sign: the municipalities it points to, and the sign in words."""
    adresse = absender.strip().casefold()
    if "@" in adresse:
        genau = {g.bfs_nr for g in s.gemeinden for e in _adressen(g) if e.casefold() == adresse}
        yield genau, f"E-Mail-Adresse {adresse}"
        if not genau:
            endung = adresse[adresse.index("@") :]
            gleiche = {g.bfs_nr for g in s.gemeinden for e in _adressen(g) if e.casefold().endswith(endung)}
            yield gleiche, f"Mail aus {endung}"
    ordner, _, datei = name.rpartition("/")
    for was, text in (("Dateiname", datei), ("Ordner oder Mail", ordner)):
        nummern = {int(n) for n in re.findall(r"(?<!\d)\d{4}(?!\d)", text)} & {g.bfs_nr for g in s.gemeinden}
        namen = _genannt(text, s)
        if nummern or namen:
            nennt = [*map(str, sorted(nummern)), *(s.gebiet.name(b) for b in sorted(namen))]
            yield nummern | namen, f"{was} nennt {', '.join(nennt)}"
            return


def _adressen(g: Gemeinde) -> list[str]:
    return [e for e in (g.email, g.email_koordination, g.email_praesidium, g.email_finanzen) if e]


def _genannt(text: str, s: Stammdaten) -> set[int]:
    """Return the municipalities that a text names; «Wangen bei Olten» does not name Olten."""
    namen: dict[str, set[int]] = {}
    for g in s.gemeinden:
        for form in _formen(g.name):
            namen.setdefault(form, set()).add(g.bfs_nr)
    formen, gefunden = _formen(text), set[int]()
    for name in sorted(namen, key=len, reverse=True):
        if name.strip() and any(name in f for f in formen):
            gefunden |= namen[name]
            formen = [f.replace(name, " | ") for f in formen]
    return gefunden


def _formen(text: str) -> list[str]:
    """Return a text in words, with ä as «ae» and as «a».

    >>> _formen("HärkingenListe_2024.pdf")
    [' haerkingen liste 2024 pdf ', ' harkingen liste 2024 pdf ']
    """
    ganz = re.sub(r"(?<=[a-zäöüéèà])(?=[A-ZÄÖÜ])", " ", unicodedata.normalize("NFC", text)).casefold()
    arten = (ganz.translate(_UMLAUTE), ganz)
    ohne = ("".join(c for c in unicodedata.normalize("NFKD", a) if not unicodedata.combining(c)) for a in arten)
    return [f" {re.sub(r'[^a-z0-9]+', ' ', a).strip()} " for a in ohne]
