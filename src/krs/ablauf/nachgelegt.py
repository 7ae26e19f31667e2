"""What was laid in long after its day of receipt: shown before a release, on the screen only (docs/entscheide/79).

It hangs on the system's time, so no file of a run says it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from krs.ablage.eingangsjournal import Eingangsjournal, Vorgang
from krs.formulare.befund import mehrzahl
from krs.recht import datum

if TYPE_CHECKING:
    from krs.ablage.laeufe import Laeufe
    from krs.ablage.ordner import Ablage
    from krs.urteil.urteil import Urteil

_TAGE = 5  # that a form may lie about before it is laid in
_GENANNT = 5


def nachgelegte(ablage: Ablage, laeufe: Laeufe, urteil: Urteil) -> list[str]:
    """Return who laid in which form since the last run, how many days after its day.

    First those that were not there when files were read between its day and that: nobody was just late in reading.
    """
    bekannt = set(laeufe.inhalte[max(laeufe.inhalte)]["eingaben"]["formulare"]) if laeufe.inhalte else set()
    formulare = {z.sha256: z for z in urteil.zeilen if z.formular and z.fassung and z.sha256 not in bekannt}
    gelesen = [(e, datetime.fromisoformat(e.zeit).date()) for e in Eingangsjournal(ablage.archiv).zeilen if e.zeit]
    tage = sorted({am for _, am in gelesen})
    alle: list[tuple[bool, int, str]] = []
    for e, am in gelesen:
        z = formulare.get(e.sha256)
        if z is None or z.eingang is None or e.vorgang != Vorgang.AUFGENOMMEN or (am - z.eingang).days <= _TAGE:
            continue
        davor = max((t for t in tage if t < am), default=z.eingang)
        ohne = (davor - z.eingang).days > _TAGE
        satz = (
            f"– {z.gemeinde}, {z.formular}, {z.periode}: Eingang {datum(z.eingang)}, eingelesen am {datum(am)} durch "
            f"{e.visum or e.konto or 'unbekannt'}, {(am - z.eingang).days} Tage später"
        )
        alle.append((not ohne, -(am - z.eingang).days, f"{satz}; am {datum(davor)} lag es nicht da" if ohne else satz))
    if not alle:
        return []
    was = mehrzahl(len(alle), "Formular wurde", "Formulare wurden")
    rest = [f"– und {len(alle) - _GENANNT} weitere (Master, Blatt Eingangsjournal)"] if len(alle) > _GENANNT else []
    zeilen = [satz for *_, satz in sorted(alle)[:_GENANNT]]
    return ["\n".join((f"{was} mehr als {_TAGE} Tage nach dem Tag des Eingangs eingelesen:", *zeilen, *rest))]
