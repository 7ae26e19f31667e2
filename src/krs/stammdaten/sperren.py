"""A Fehler in the Stammdaten pays nobody by accident: what it may concern is held until it is corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from krs.formulare.befund import Befund, Stufe

OHNE_WIRKUNG = frozenset({"S-16", "S-18", "S-29", "S-31"})  # contact, IBAN, masked text; an acceptance nobody may give


@dataclass(frozen=True, slots=True)
class Sperre:
    """Which claims wait because of the Befund `code`; an empty value stands for all."""

    code: str
    bfs_nr: int | None = None
    periode: str = ""
    leistung: str = ""

    def trifft(self, bfs_nr: int, leistung: str, periode: str) -> bool:
        """Return True if the claim may be concerned; a year stands for its half-years too."""
        gemeinde = self.bfs_nr is None or bfs_nr == self.bfs_nr
        return gemeinde and periode.startswith(self.periode) and self.leistung in ("", leistung)


def sperren(
    befunde: Iterable[Befund], fehlende: Iterable[str], zeilen: Mapping[str, Mapping[str, Any]]
) -> Iterator[Sperre]:
    """Yield what the Fehler of the Stammdaten hold.

    Args:
        befunde: of the Stammdaten.
        fehlende: names of sheets that are not there.
        zeilen: cell of a Befund as `Blatt!Zeile` → what could be read of its row.
    """
    for name in fehlende:
        if name in ("Gemeinden", "Tarife", "Entscheide"):
            yield Sperre("S-01")
    for b in befunde:
        if b.stufe is not Stufe.FEHLER or b.code in OHNE_WIRKUNG:
            continue
        werte = zeilen.get(f"{b.blatt}!{''.join(z for z in b.zelle if z.isdigit())}", {})
        if b.blatt == "Gemeinden":  # who exists, takes part and leads touches neighbours too
            yield Sperre(b.code)
        elif b.blatt == "Tarife":
            yield Sperre(b.code, leistung=str(werte.get("leistung") or ""))
        elif b.blatt == "Entscheide":
            yield Sperre(b.code, werte.get("bfs_nr"), str(werte.get("periode") or ""))
