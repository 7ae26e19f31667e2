"""What is counted, per season, and how it is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from krs.formulare.befund import Stufe
from krs.urteil.fassung import erledigt

if TYPE_CHECKING:
    from krs.ablauf import Konsolidiert


@dataclass
class Saison:
    """The figures of one season; `unwahr` holds untrue sentences, `selbst_verspaetet` F-50 of our own making."""

    name: str
    dateien: int = 0
    fragen: int = 0
    entscheide: int = 0
    abschluesse: int = 0  # what stayed without an answer, refused after the season
    uebernommen: int = 0
    fristen: int = 0
    zuordnungen: int = 0
    gesendet: int = 0
    wieder: int = 0
    alte_offene: list[str] = field(default_factory=list)
    konsolidierungen: int = 0
    mit_fehlern: int = 0
    fehler: Counter[str] = field(default_factory=Counter)
    verspaetet: set[str] = field(default_factory=set)
    selbst_verspaetet: dict[str, str] = field(default_factory=dict)
    unwahr: dict[str, None] = field(default_factory=dict)
    gelesen: Counter[str] = field(default_factory=Counter)
    rechnungen: set[str] = field(default_factory=set)
    geld: str = ""

    def konsolidiert(self, k: Konsolidiert) -> None:
        """Note a consolidation, and why it ended with exit code 1."""
        self.konsolidierungen += 1
        if k.hat_fehler:
            self.mit_fehlern += 1
            offen = [b for b, e in k.urteil.zaehlende() if not erledigt(b, e) and b.stufe is Stufe.FEHLER]
            self.fehler.update({b.code for b in [*offen, *k.stammdaten_befunde] if b.stufe is Stufe.FEHLER})


SPALTEN: Mapping[str, str] = {
    "Dateien in der Ablage": "dateien", "offene Fragen": "fragen", "Entscheide getippt": "entscheide",
    "Entscheide übernommen": "uebernommen", "Unbeantwortetes geschlossen": "abschluesse",
    "Fristen erstreckt": "fristen", "Zuordnungen": "zuordnungen", "Mails gesendet": "gesendet",
    "F-50 insgesamt": "verspaetet", "F-50 selbst verursacht": "selbst_verspaetet",
    "Gesendetes liegt wieder da": "wieder", "Offenes älter als eine Saison": "alte_offene",
    "Konsolidierungen": "konsolidierungen", "mit Rückgabe 1": "mit_fehlern", "gelesene Sätze": "gelesen",
    "unwahre Sätze": "unwahr",
}  # fmt: skip


def tabelle(saisons: Sequence[Saison]) -> str:
    """Return one line per figure, one column per season, and the sum where a sum means something."""
    zeilen = [f"{'':32}" + "".join(f"{s.name:>14}" for s in saisons) + f"{'zusammen':>12}"]
    stand = ("dateien", "fragen", "wieder", "alte_offene", "verspaetet", "selbst_verspaetet")  # of all seasons so far
    for titel, feld in SPALTEN.items():
        zahlen = [zahl(getattr(s, feld)) for s in saisons]
        summe = zahlen[-1] if feld in stand else sum(zahlen)
        zeilen.append(f"{titel:32}" + "".join(f"{n:14}" for n in zahlen) + f"{summe:12}")
    return "\n".join(zeilen)


def zahl(wert: object) -> int:
    """Return a figure, or how many there are."""
    if isinstance(wert, Counter):
        return wert.total()
    return wert if isinstance(wert, int) else len(wert)  # type: ignore[arg-type]
