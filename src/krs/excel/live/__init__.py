"""Make the open Anhang 1, 2 or 3 live with KRS_ functions, and give it back as it was (entwurf 4.7).

Files that leave the canton hold native formulas only: without the add-in a function shows #NAME?.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from krs.excel import schutz
from krs.excel.anfrage import Eingabefehler
from krs.excel.ergebnis import Ergebnis
from krs.excel.live import rechner
from krs.excel.live.blatt import schreibe as schreibe_live
from krs.excel.live.erkennen import LIVE, RECHNER, UNBEKANNT, eigenes, erkenne, ist_leer
from krs.excel.live.plan import Plan
from krs.excel.live.zellen import Ersatz, untereinander
from krs.formulare.befund import mehrzahl

if TYPE_CHECKING:
    import xlwings as xw

TITEL = "Funktionen"
VOR_DEM_VERSAND = (
    "Bevor die Datei den Kanton verlässt, drücken Sie «Funktionen entfernen»: Ohne das Add-in zeigen die Zellen #NAME?."
)
NUR_RECHNER = "Das Blatt «Rechner» rechnet mit Ihren Zahlen; tippen Sie sie in die gelben Felder."
NICHTS = (
    "In dieser Arbeitsmappe sind keine Funktionen eingesetzt; es wurde nichts geändert. Stehen trotzdem "
    "KRS_-Funktionen in den Zellen, drücken Sie zuerst «Funktionen einsetzen» und dann nochmals «Funktionen entfernen»."
)
KEIN_BETRAG = (
    "Auf dem Blatt «{blatt}» steht noch kein Sockelbeitrag, den eine Funktion rechnen könnte: Es fehlt der Ansatz oder "
    "der Ausländerbestand. «krs Live» nennt, was in Kraft ist."
)
EIGENE = "Eigene Beträge bleiben, wie sie sind: {zellen}."
ENTFERNT = "Die Funktionen sind entfernt, das Formular rechnet wieder mit seinen eigenen Formeln."
RECHNER_WEG = "Das Blatt «Rechner» ist entfernt."


def einsetzen(mappe: xw.Book) -> Ergebnis:
    """Put KRS_ functions into the open form and add «krs Live» and «Rechner»; twice is the same as once.

    An empty workbook gets the sheet «Rechner» alone.
    Raises: Eingabefehler: none of these workbooks, or it cannot be changed; nothing was changed.
    """
    plan = erkenne(mappe)
    live, rechenblatt = eigenes(mappe, LIVE), eigenes(mappe, RECHNER)
    if plan is None and not ist_leer(mappe):
        raise Eingabefehler(UNBEKANNT.format(mappe=mappe.name))
    formular = mappe.sheets[plan.blatt] if plan else None
    schutz.pruefe(mappe, (formular,) if formular else ())
    if plan:
        live = _neues_blatt(mappe, LIVE) if live is None else live
        schreibe_live(live, plan)
    neu = rechenblatt is None
    rechenblatt = _neues_blatt(mappe, RECHNER) if rechenblatt is None else rechenblatt
    rechner.schreibe(rechenblatt, neu)
    if plan and formular:  # last: what goes wrong before leaves the form as it was
        with schutz.offen(formular):
            _setze(formular, plan.ersatz, live=True)
    (rechenblatt if live is None else live).activate()
    return Ergebnis(TITEL, _saetze(plan))


def entfernen(mappe: xw.Book) -> Ergebnis:
    """Restore the native formulas of the open form and remove «krs Live» and «Rechner»; entries stay.

    Raises: Eingabefehler: the form cannot be changed; nothing was changed.
    """
    eigene = [b for b in (eigenes(mappe, LIVE), eigenes(mappe, RECHNER)) if b is not None]
    if not eigene:
        return Ergebnis(TITEL, (NICHTS,))
    plan = erkenne(mappe)
    formular = mappe.sheets[plan.blatt] if plan else None
    schutz.pruefe(mappe, (formular,) if formular else ())
    if plan and formular:
        with schutz.offen(formular):
            _setze(formular, plan.ersatz, live=False)
        formular.activate()
    if all(b.name in (LIVE, RECHNER) for b in mappe.sheets if b.visible):
        mappe.sheets.add("Tabelle1")  # Excel wants one visible sheet
    for blatt in eigene:
        schutz.loesche(blatt)
    return Ergebnis(TITEL, (ENTFERNT if plan else RECHNER_WEG,))


def _neues_blatt(mappe: xw.Book, name: str) -> xw.Sheet:
    return mappe.sheets.add(name, after=[b for b in mappe.sheets if b.visible][-1])


def _saetze(plan: Plan | None) -> tuple[str, ...]:
    if plan is None:
        return (NUR_RECHNER,)
    if not plan.ersatz:
        return (KEIN_BETRAG.format(blatt=plan.blatt), NUR_RECHNER)
    eigene = (EIGENE.format(zellen=", ".join(plan.eigene)),) if plan.eigene else ()
    zellen = mehrzahl(len(plan.ersatz), "Zelle rechnet", "Zellen rechnen")
    inhalt = "Befunde und Ansätze" if plan.eintraege else "Summe und Ansatz"
    return (
        f"{zellen} auf dem Blatt «{plan.blatt}» jetzt mit KRS_-Funktionen; «{LIVE}» zeigt {inhalt} beim Tippen.",
        *eigene,
        NUR_RECHNER,
        VOR_DEM_VERSAND,
    )


def _setze(blatt: xw.Sheet, ersatz: tuple[Ersatz, ...], live: bool) -> None:
    """Write formulas, cells below each other at once.

    The cells are merged or stand in a table, where nothing may spill: `formula` makes them single on the desktop, on
    the Server the sign @ before the function.
    """
    server = schutz.am_server(blatt.book)
    for gruppe in untereinander(ersatz):
        formeln = [[_einzeln(e.live, server) if live else e.nativ] for e in gruppe]
        blatt.range(f"{gruppe[0].adresse}:{gruppe[-1].adresse}").formula = formeln


def _einzeln(formel: str, server: bool) -> str:
    return formel.replace("KRS_", "@KRS_") if server else formel
