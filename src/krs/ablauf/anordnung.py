"""What the orders of a person have in common: whom they are about, who gives them, whether a run has used them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler
from krs.formulare.ahv import ohne_ahv
from krs.formulare.arten import ARTEN
from krs.formulare.eingabe import Zelle
from krs.formulare.formular import formular_fuer
from krs.formulare.typen import grundform, normal
from krs.lauf.kennung import Lauf
from krs.stammdaten.adressen import alphabetisch

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten
    from krs.stammdaten.zeilen import Stammzeile


def visum(text: str) -> str:
    """Return the mark. Raises: AblageFehler: there is none."""
    if not text.strip():
        raise AblageFehler("Nennen Sie Ihr Visum (--visum); es bleibt bei der Zeile stehen.")
    return ohne_ahv(text.strip())


def satz(text: str, option: str) -> str:
    """Return a reason. Raises: AblageFehler: there is none."""
    if not text.strip():
        raise AblageFehler(f"Sagen Sie, weshalb ({option}); der Text bleibt bei der Zeile stehen.")
    return ohne_ahv(" ".join(text.split()))


def _formen(name: str) -> set[str]:
    """Return how a name is typed: with «a» or «ae» for «ä», with or without «(SO)», blanks, dots, hyphens.

    >>> sorted(_formen("Büren (SO)"))
    ['bueren', 'buren']
    """
    ohne = re.sub(r"[\s-]*\(?\bSO\)?$", "", normal(name), flags=re.IGNORECASE)
    return {re.sub(r"\W", "", form) for form in (alphabetisch(ohne), grundform(ohne))}


def bfs_nummer(s: Stammdaten, text: str) -> int:
    """Return the municipality with this number or name. Raises: AblageFehler: none, or several."""
    gesucht = _formen(text)
    treffer = {g.bfs_nr for g in s.gemeinden if gesucht & {str(g.bfs_nr), *_formen(g.name)}}
    if len(treffer) != 1:
        raise AblageFehler(f"«{text}» ist keine Gemeinde der Stammdaten. Nennen Sie die BFS-Nr. oder den ganzen Namen.")
    return treffer.pop()


def formular_von(zeit: str) -> tuple[str, str]:
    """Return form and period: a half-year is of Anhang 2, a year of Anhang 3. Raises: ValueError: neither.

    >>> formular_von("2024-h1"), formular_von("2024")
    (('Anhang 2', '2024-H1'), ('Anhang 3', '2024'))
    """
    periode: str = ARTEN["periode"].aus(Zelle(wert=zeit))
    return formular_fuer(periode).name, periode


def beginnt(shas: Iterable[str], anfang: str, was: str) -> str:
    """Return the one that begins so; `was`: what begins, such as «Datei im Eingang».

    Raises: AblageFehler: too few characters, none, or several.
    """
    kurz = anfang.strip().lower()
    treffer = {s for s in shas if s and s.startswith(kurz)}
    if len(kurz) >= 8 and len(treffer) == 1:
        return treffer.pop()
    if len(kurz) < 8:
        grund = "Das ist zu kurz. Nennen Sie mindestens 8 Zeichen der SHA-256"
    elif treffer:
        grund = f"Mehr als eine {was} beginnt so. Nennen Sie mehr Zeichen der SHA-256"
    else:
        grund = f"Keine {was} beginnt so. Kopieren Sie die SHA-256"
    raise AblageFehler(f"«{anfang}»: {grund} (Master, Blatt Einreichungen).")


def nummer(zeile: Stammzeile) -> int:
    """Return the number of a row in the workbook."""
    return int("".join(c for c in next(z.adresse for _, z in zeile.zellen if z.adresse) if c.isdigit()))


def unbenutzt(ablage: Ablage, feld: str, zeilen: Sequence[Stammzeile], ersatz: str) -> None:
    """Raises: AblageFehler: a released run has computed with one of these rows, so that it stays.

    Args:
        feld: where `Stammdaten` keeps such rows.
        ersatz: what to do instead, a German sentence.
    """
    from krs.mappen.lesen.tabellen import lies_tabellen
    from krs.stammdaten.stammdaten import lies_stammdaten

    gesucht, laeufe = [z.model_copy(update={"zellen": ()}) for z in zeilen], Laeufe(ablage.laeufe)
    for name in sorted(n for n in laeufe.inhalte if not Lauf.parse(n).nummer):  # a Nachzahlung computes nothing
        damals = getattr(lies_stammdaten(lies_tabellen(laeufe.pruefe(name, "Stammdaten.xlsx")))[0], feld)
        if any(z.model_copy(update={"zellen": ()}) in gesucht for z in damals):
            raise AblageFehler(f"Mit dieser Zeile hat der Lauf {name} gerechnet; sie bleibt stehen. {ersatz}")
