"""Lines and tables as wide as the terminal; whole where nobody looks: in a file, a pipe, a test."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

import typer

_LUECKE = 2  # blanks between columns
_WORT = 16  # a column of text keeps room for a word of this length
_STEUERZEICHEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ZAHL = re.compile(r"[\d'., –-]*")
# Where a sentence may be broken, and where a cell may: also within «2024-07-20/Anhang_2.xlsx».
_SATZ = re.compile(r"((?<!Fr\.)(?<!Nr\.)(?<!Ziff\.)(?<!×) +(?!×))")
_ZELLE = re.compile(r"( +|(?<=[/_@])|(?<=[^\W\d]-)(?=[^\W\d]))")
_PFAD = re.compile(r"[^:]+: (/|\w:\\|\\\\).*[^.]")  # «Öffnen: C:\Daten\Meine Ablage\Master.xlsx» is there to be copied


def breite(fehler: bool = False) -> int:
    """Return how many characters a line of the terminal takes, 0 for no limit."""
    strom = sys.stderr if fehler else sys.stdout
    # One less: a line that fills it is followed by an empty one in older consoles.
    return max(shutil.get_terminal_size().columns - 1, 20) if strom.isatty() else 0


def sage(*texte: str, fehler: bool = False) -> None:
    """Say something; on a terminal, long lines are broken between words, and nobody's file name moves the cursor."""
    grenze = breite(fehler)
    for text in texte:
        zeilen = text.split("\n") if grenze else []
        schmal = "\n".join(_satzzeilen(_STEUERZEICHEN.sub("�", z), grenze) for z in zeilen)
        typer.echo(schmal or text, err=fehler)


def _satzzeilen(zeile: str, grenze: int) -> str:
    if _PFAD.fullmatch(zeile):
        return zeile
    return "\n".join(_umbrochen(zeile, grenze, _SATZ, " " * (len(zeile) - len(zeile.lstrip()) + 2)))


def _umbrochen(text: str, platz: int, trenner: re.Pattern[str], einzug: str = "") -> list[str]:
    if len(text) <= platz:
        return [text]
    from textwrap import TextWrapper

    wickler = TextWrapper(platz, subsequent_indent=einzug, break_on_hyphens=False, break_long_words=trenner is _ZELLE)
    wickler.wordsep_simple_re = trenner
    return wickler.wrap(text)


@dataclass(frozen=True)
class _Spalte:
    """Heading and values of a column: figures stand to the right and are never broken."""

    kopf: str
    werte: tuple[str, ...]

    @cached_property
    def zahl(self) -> bool:
        return all(_ZAHL.fullmatch(w) for w in self.werte)

    @cached_property
    def voll(self) -> int:
        return max(len(w) for w in (self.kopf, *self.werte))

    @cached_property
    def eng(self) -> int:
        """How narrow it may become."""
        if self.zahl:
            return max(len(w) for w in (*self.kopf.split(), *self.werte, ""))
        return max(min(len(w), _WORT) for wert in (self.kopf, *self.werte) for w in _ZELLE.split(wert))


def tabelle(kopf: Sequence[str], zeilen: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield an aligned table: columns of text to the left, figures to the right.

    Too wide for the terminal, text is wrapped in its column; columns that find no room stand in a second table below,
    beside the first columns once more.
    """
    spalten = [_Spalte(titel, tuple(" ".join(z[n].split()) for z in zeilen)) for n, titel in enumerate(kopf)]
    grenze = breite()
    for n, teil in enumerate(_teile(spalten, grenze)):
        yield from [""] * (n > 0)
        yield from _block(teil, _breiten(teil, grenze))


def _teile(spalten: Sequence[_Spalte], grenze: int) -> list[list[_Spalte]]:
    """Return the columns as tables that find room: one, or several with the columns before the figures in each."""
    anfang = [*spalten[: max(1, next((n for n, s in enumerate(spalten) if s.zahl), 1))]]
    teile = [anfang]
    for s in spalten[len(anfang) :]:
        passt = not grenze or _summe([t.eng for t in (*teile[-1], s)]) <= grenze
        if passt or teile[-1] == anfang:
            teile[-1] = [*teile[-1], s]
        else:
            teile.append([*anfang, s])
    return teile


def _summe(breiten: Sequence[int]) -> int:
    return sum(breiten) + _LUECKE * (len(breiten) - 1)


def _breiten(spalten: Sequence[_Spalte], grenze: int) -> list[int]:
    """Return the widths: those of the widest columns go down until all find room."""
    breiten = [s.voll for s in spalten]
    if not grenze:
        return breiten
    enge = [s.eng for s in spalten]
    while _summe(breiten) > grenze and breiten != enge:
        n = max((n for n in range(len(breiten)) if breiten[n] > enge[n]), key=breiten.__getitem__)
        breiten[n] -= 1
    return breiten


def _block(spalten: Sequence[_Spalte], breiten: Sequence[int]) -> Iterator[str]:
    luecke = " " * _LUECKE
    for n, reihe in enumerate(zip(*([s.kopf, *s.werte] for s in spalten), strict=True)):
        zellen = [_umbrochen(wert, b, _ZELLE) for wert, b in zip(reihe, breiten, strict=True)]
        for worte in zip_longest(*zellen, fillvalue=""):
            teile = (w.rjust(b) if s.zahl else w.ljust(b) for w, s, b in zip(worte, spalten, breiten, strict=True))
            yield luecke.join(teile).rstrip()
        if n == 0:
            yield luecke.join("─" * b for b in breiten)
