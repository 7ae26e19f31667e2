"""The board as JSON: submissions by state, figures, Befunde; what the task pane shows."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from krs.formulare.anhang2 import prozent
from krs.formulare.befund import Befund, gruppiert
from krs.mappen.master.uebersicht import STATUS
from krs.recht import chf, datum
from krs.urteil.ansprueche import ANERKANNT, ZURUECKGESTELLT, summe
from krs.urteil.fassung import erledigt
from krs.urteil.tafel import Zeile
from krs.urteil.urteil import Urteil, nach_stufe

if TYPE_CHECKING:
    from krs.excel.ergebnis import Mappe
    from krs.stammdaten.stammdaten import Entscheid

Paar = tuple[Befund, "Entscheid | None"]
_STUFEN = {"Fehler": "Fehler", "Rückfrage": "Rückfragen", "Hinweis": "Hinweise"}


def als_tafel(
    urteil: Urteil, saetze: Iterable[str], stammdaten_befunde: Sequence[Befund], master: Mappe | None = None
) -> dict[str, Any]:
    """Return the board of a judgement, JSON-ready: dates ISO, amounts as 1'234.50.

    Args:
        saetze: what happened; they stand on top.
        stammdaten_befunde: what is wrong in the Stammdaten; they stand first, equal ones as one.
        master: the Master to give along, where there is one.
    """
    paare: list[Paar] = [*((b, None) for b in stammdaten_befunde), *urteil.zaehlende()]
    gezeigt: list[Paar] = [*((b, None) for b in gruppiert(stammdaten_befunde)), *urteil.befunde]
    dateien = {z.datei: z.sha256 for z in urteil.zeilen if z.datei and z.sha256}
    ersetzte = urteil.vorbei()
    return {
        "stichtag": urteil.stichtag.isoformat(),
        "saetze": list(saetze),
        "zahlen": [{"text": text, "wert": wert} for text, wert in _zahlen(urteil, paare)],
        "tafel": [_zeile(z) for z in urteil.tafel()],
        "befunde": [_befund(b, e, dateien, ersetzte) for b, e in gezeigt],
        "master": als_json(master),
    }


def aus_befunden(paare: Sequence[Paar], stichtag: date, saetze: Iterable[str]) -> dict[str, Any]:
    """Return a board without submissions: the Befunde of single files."""
    return {
        "stichtag": stichtag.isoformat(),
        "saetze": list(saetze),
        "zahlen": [{"text": text, "wert": wert} for text, wert in _befundzahlen(paare)],
        "tafel": [],
        "befunde": [_befund(b, e, {}, frozenset()) for b, e in paare],
        "master": None,
    }


def als_json(mappe: Mappe | None) -> dict[str, str] | None:
    """Return a workbook as the pane opens it."""
    return None if mappe is None else {"name": mappe.name, "base64": base64.b64encode(mappe.daten).decode()}


def kopfsatz(urteil: Urteil) -> str:
    """Return the first sentence of a consolidation: the day, and how many submissions are in which state.

    The order is that of the Master.
    """
    stand = [f"{status} {anzahl}" for status, anzahl in _stand(urteil)]
    return f"Stand am {datum(urteil.stichtag)}: {', '.join(stand) or 'noch keine Einreichungen'}."


def _stand(urteil: Urteil) -> Iterator[tuple[str, int]]:
    gruppen = list(urteil.stand().values())
    summen = ((s, sum(g[s] for g in gruppen)) for s in STATUS)
    return ((s, n) for s, n in summen if n)


def _zahlen(urteil: Urteil, paare: Sequence[Paar]) -> Iterator[tuple[str, str]]:
    yield from ((status[0].upper() + status[1:], str(anzahl)) for status, anzahl in _stand(urteil))
    yield from _befundzahlen(paare)
    for name, status in (("Anerkannt (CHF)", ANERKANNT), ("Zurückgestellt (CHF)", ZURUECKGESTELLT)):
        yield name, chf(Decimal(summe(urteil.ansprueche, status)))


def _befundzahlen(paare: Sequence[Paar]) -> Iterator[tuple[str, str]]:
    for stufe, anzahl, fertige in nach_stufe(paare):
        yield _STUFEN[stufe], f"{anzahl} ({fertige} erledigt)" if fertige else str(anzahl)


def _zeile(z: Zeile) -> dict[str, Any]:
    fehler, rueckfragen, hinweise = z.stufen
    return {
        "bfs_nr": z.bfs_nr, "gemeinde": z.gemeinde, "formular": z.formular, "periode": z.periode,
        "status": z.status, "bemerkung": z.bemerkung, "tage": z.tage, "datei": z.datei, "sha256": z.sha256,
        "fehler": fehler, "rueckfragen": rueckfragen, "hinweise": hinweise,
        "erreicht": prozent(z.anteil),
    }  # fmt: skip


def _befund(b: Befund, e: Entscheid | None, dateien: Mapping[str, str], ersetzte: frozenset[str]) -> dict[str, Any]:
    offen = not erledigt(b, e) and b.datei not in ersetzte
    return {**b.als_dict(), "stufe": str(b.stufe), "erledigt": not offen, "sha256": dateien.get(b.datei, "")}
