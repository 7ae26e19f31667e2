"""The sheet «krs Live»: what the functions say of the form beside it, while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from krs.excel.gestalt import gestalte, grundschrift, spaltenbreiten
from krs.excel.live.erkennen import LIVE, MERKZELLE
from krs.excel.live.plan import Plan
from krs.excel.live.zellen import merkzeile

if TYPE_CHECKING:
    import xlwings as xw

HINWEIS = (
    "Dieses Blatt rechnet mit, während Sie im Formular tippen. Es gehört nicht zum Formular: «Funktionen entfernen» "
    "nimmt es weg, bevor die Datei den Kanton verlässt."
)
# Left what is read: Befunde have room for their sentences. Right what the functions take.
_BREITEN = {"A": 36, "B": 9, "C": 28, "D": 12, "E": 14, "F": 10, "G": 150, "H": 3, "I": 64, "J": 28, "K": 18, "L": 12}
_KOPF = 5  # row of the heads
_WEG, _BEFUNDE = 9, 17  # the Rechenweg has six rows: head, four claims, total
Block = list[list[str]]


def schreibe(blatt: xw.Sheet, plan: Plan) -> None:
    """Fill the sheet anew."""
    blatt.clear()
    grundschrift(blatt.range("A1:L120"))
    blatt.range("A1").value = LIVE
    blatt.range("A2").formula2 = plan.titel
    blatt.range("A3").value = HINWEIS
    for ort, stil in (("A1", "titel"), ("A2", "gross"), ("A3", "untertitel")):
        gestalte(blatt.range(ort), stil)
    ende = _felder(blatt, plan) if plan.eintraege else _KOPF - 2
    _ansaetze(blatt, plan, ende + 2)
    _beitrag(blatt, plan)
    if plan.rechenweg:
        _rechenweg(blatt, plan.rechenweg)
    if plan.eintraege:
        _band(blatt, _BEFUNDE - 1, "Befunde")
        gestalte(blatt.range(f"A{_BEFUNDE}:D{_BEFUNDE}"), "kopf_links")
        bereich = f"J{_KOPF + 1}:K{ende}"
        blatt.range(f"A{_BEFUNDE}").formula2 = f"=KRS_PRUEFEN({bereich},{plan.anhang},{plan.periode})"
    spaltenbreiten(blatt, _BREITEN)


def _beitrag(blatt: xw.Sheet, plan: Plan) -> None:
    _band(blatt, _KOPF, "Beitrag (kein Rechtsanspruch, Ziff. 4.1.1)")
    ort = blatt.range(f"A{_KOPF + 1}")
    ort.formula2 = plan.beitrag
    gestalte(ort, "betrag")
    ort.horizontal_alignment = "left"
    ort.font.bold = True
    blatt.range(MERKZELLE).value = merkzeile(plan.ersatz)
    gestalte(blatt.range(MERKZELLE), "klein")


def _rechenweg(blatt: xw.Sheet, formel: str) -> None:
    _band(blatt, _WEG - 1, "Rechenweg")
    gestalte(blatt.range(f"A{_WEG}:F{_WEG}"), "kopf_links")
    for spalte, stil in (("C", "ansatz"), ("D", "datum"), ("E", "betrag")):
        gestalte(blatt.range(f"{spalte}{_WEG}:{spalte}{_WEG + 5}"), stil)
    blatt.range(f"A{_WEG}").formula2 = formel


def _felder(blatt: xw.Sheet, plan: Plan) -> int:
    """Write the list that KRS_PRUEFEN judges; return its last row."""
    _koepfe(blatt, _KOPF, ("Angabe", "Feld", "Wert", ""))
    erste, letzte = _KOPF + 1, _KOPF + len(plan.eintraege)
    zeilen: Block = [[e.text, e.schluessel, e.formel] for e in plan.eintraege]
    blatt.range(f"I{erste}:K{letzte}").formula2 = zeilen
    gestalte(blatt.range(f"J{erste}:J{letzte}"), "klein")
    for nummer, eintrag in enumerate(plan.eintraege, erste):
        if eintrag.datum:
            gestalte(blatt.range(f"K{nummer}"), "datum")
    return letzte


def _ansaetze(blatt: xw.Sheet, plan: Plan, zeile: int) -> None:
    """Write the rates printed on the form beside those in force: the form keeps the ones that it was sent out with."""
    if not plan.ansaetze:
        return
    _koepfe(blatt, zeile, ("Ansatz (Fr.)", "im Formular", "in Kraft", ""))
    erste, letzte = zeile + 1, zeile + len(plan.ansaetze)
    zeilen: Block = [
        [a.text, a.formular, a.heute, f'=IFERROR(IF(J{n}=K{n},"","weicht ab"),"")']
        for n, a in enumerate(plan.ansaetze, erste)
    ]
    blatt.range(f"I{erste}:L{letzte}").formula2 = zeilen
    gestalte(blatt.range(f"J{erste}:K{letzte}"), "ansatz")


def _band(blatt: xw.Sheet, zeile: int, text: str) -> None:
    gestalte(blatt.range(f"A{zeile}:G{zeile}"), "band")
    blatt.range(f"A{zeile}").value = text


def _koepfe(blatt: xw.Sheet, zeile: int, texte: tuple[str, str, str, str]) -> None:
    bereich = blatt.range(f"I{zeile}:L{zeile}")
    bereich.value = list(texte)
    gestalte(bereich, "band")
