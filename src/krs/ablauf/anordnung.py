"""What the orders of a person have in common: whom they are about, who gives them, whether a run has used them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler
from krs.formulare.ahv import ohne_ahv
from krs.formulare.arten import ARTEN
from krs.formulare.eingabe import Zelle
from krs.formulare.formular import formular_fuer
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


def bfs_nummer(s: Stammdaten, text: str) -> int:
    """Return the municipality with this number or name. Raises: AblageFehler: none, or several."""
    gesucht = alphabetisch(" ".join(text.split()))
    treffer = {g.bfs_nr for g in s.gemeinden if gesucht in (str(g.bfs_nr), alphabetisch(g.name))}
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


def beginnt(shas: Iterable[str], anfang: str) -> str | None:
    """Return the one that begins so, None without one or with several."""
    anfang = anfang.strip().lower()
    treffer = {s for s in shas if s and s.startswith(anfang)} if len(anfang) >= 8 else set()
    return treffer.pop() if len(treffer) == 1 else None


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
