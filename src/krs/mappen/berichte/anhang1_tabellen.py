"""The tables of Anhang 1: Bezirke with their chart, municipalities, and what is to be entered yet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from krs.mappen.gestalt.schrift import hoehe, zeilen
from krs.mappen.gestalt.stile import ZAHL
from krs.mappen.gestalt.tabelle import Formel, Kopf, Schreiber, Wert
from krs.recht import datum
from krs.schreiben.anhang1 import Anhang1, Gezeigt, Summe, Zeile

NOCH_NICHTS, OFFEN, OHNE = "noch nichts", "offen", "–"
BISHER = "Gespräche und Dolmetschen bisher ausbezahlt (Fr.)"
_BEZIRKE = (
    Kopf("Bezirk", "text", 36), Kopf("Bemerkung", "text", 32), Kopf("Gemeinden", "rechnung", 13),
    Kopf("Ausländerinnen und Ausländer", "rechnung", 20), Kopf("Sockelbeitrag (Fr.)", "betrag", 20),
    Kopf(BISHER, "betrag", 24),
)  # fmt: skip
_GEMEINDEN = (
    Kopf("BFS-Nr.", "nummer", 9), Kopf("Gemeinde", "text", 27), Kopf("Bezirk", "text", 13),
    Kopf("Leitgemeinde", "text", 24), Kopf("Auszahlung an", "text", 27), Kopf("Bemerkung", "text", 37),
    Kopf("Stichtag", "datum", 12), Kopf("Ausländerinnen und Ausländer", "rechnung", 16),
    Kopf("Ansatz (Fr.)", "betrag", 9), Kopf("Sockelbeitrag (Fr.)", "betrag", 15),
    Kopf(BISHER, "betrag", 19),
)  # fmt: skip
_OFFEN = (
    Kopf("BFS-Nr.", "nummer", 9), Kopf("Gemeinde", "text", 27), Kopf("Bemerkung", "text", 18),
    Kopf("Was zu erfassen ist", "label", 145),
)  # fmt: skip
KOPF = 3  # row of each table's head, from 0


def blaetter(s: Schreiber, a: Anhang1, ansatz: str) -> None:
    """Write the sheets Bezirke, Gemeinden and, if anything is missing, Offen. `ansatz`: where the rate stands."""
    _bezirke(s, s.mappe.blatt("Bezirke", quer=True), a)
    _gemeinden(s, s.mappe.blatt("Gemeinden", quer=True), a, ansatz)
    if any(z.offen for z in a.zeilen):
        _offen(s, s.mappe.blatt("Offen", quer=True), a)


def oder(wert: Gezeigt | int, sonst: str) -> Wert:
    """Return a figure, or the word that stands for none."""
    return sonst if wert is None else wert


def wort(a: Anhang1) -> str:
    """Return what stands for an amount that is not known: no rate, or no residents."""
    return OHNE if a.sockel.wert is None else OFFEN


# --- municipalities -------------------------------------------------------------------------
def _gemeinden(s: Schreiber, b: Worksheet, a: Anhang1, ansatz: str) -> None:
    anfang(s, b, a, f"Sockelbeiträge {a.jahr} je Gemeinde", [x.breite for x in _GEMEINDEN])
    reihen = [_gemeinde(z, a, KOPF + 2 + n, ansatz) for n, z in enumerate(a.zeilen)]
    b.set_row(KOPF, 41)
    ende = s.tabelle(b, "Gemeinden", _GEMEINDEN, reihen, KOPF)
    total, leer = a.total(), wort(a)
    if a.zeilen:
        b.conditional_format(
            KOPF + 1, 0, ende - 1, len(_GEMEINDEN) - 1,
            {"type": "formula", "criteria": f'=$J{KOPF + 2}="{OFFEN}"', "format": s.mappe.marke("gelb")},
        )  # fmt: skip
        _total(
            s, b, ende, total, (("H", total.anzahl, leer), ("J", total.betrag, leer), ("K", total.bezahlt, NOCH_NICHTS))
        )
    b.freeze_panes(KOPF + 1, 2)
    b.repeat_rows(KOPF)


def _gemeinde(z: Zeile, a: Anhang1, zeile: int, ansatz: str) -> list[Wert | Formel]:
    leer = OFFEN if z.offen else OHNE
    satz: Wert | Formel = OHNE
    betrag: Wert | Formel = leer
    if z.schritt is not None:
        satz = Formel(f"={ansatz}", z.schritt.ansatz)
        betrag = Formel(sockel_formel(zeile), z.schritt.betrag)
    return [
        z.bfs_nr, z.gemeinde, z.bezirk, z.leitgemeinde, z.empfaenger, z.bemerkung, a.stichtag,
        oder(z.anzahl, leer), satz, betrag, oder(z.gezeigt, NOCH_NICHTS),
    ]  # fmt: skip


def sockel_formel(zeile: int) -> str:
    """Return residents × rate in one row, rounded to 5 Rappen."""
    return f"=ROUND(H{zeile}*I{zeile}*20,0)/20"


def _offen(s: Schreiber, b: Worksheet, a: Anhang1) -> None:
    anfang(s, b, a, f"Offen: Ausländerbestand per {datum(a.stichtag)}", [x.breite for x in _OFFEN])
    reihen: list[list[Wert]] = [[z.bfs_nr, z.gemeinde, z.bemerkung, z.satz] for z in a.zeilen if z.offen]
    s.tabelle(b, "Offen", _OFFEN, reihen, KOPF)
    for nummer, reihe in enumerate(reihen, KOPF + 1):
        b.set_row(nummer, hoehe(zeilen(str(reihe[-1]), _OFFEN[-1].breite)))
    b.freeze_panes(KOPF + 1, 2)
    b.repeat_rows(KOPF)


# --- Bezirke --------------------------------------------------------------------------------
def _bezirke(s: Schreiber, b: Worksheet, a: Anhang1) -> None:
    anfang(s, b, a, f"Beiträge {a.jahr} je Bezirk", [x.breite for x in _BEZIRKE])
    bezirke = a.bezirke()
    b.set_row(KOPF, 41)
    reihen = [_bezirk(x, len(a.zeilen), wort(a)) for x in bezirke]
    ende = s.tabelle(b, "Bezirke", _BEZIRKE, reihen, KOPF)
    total, leer = a.total(), wort(a)
    if bezirke:
        sockel = (("D", total.anzahl, leer), ("E", total.betrag, leer))
        _total(s, b, ende, total, (("C", total.gemeinden, OHNE), *sockel, ("F", total.bezahlt, NOCH_NICHTS)))
    if total.betrag is not None:
        _diagramm(s, b, (KOPF + 1, ende - 1), ende + 2)


def _bezirk(x: Summe, anzahl: int, leer: str) -> list[Wert | Formel]:
    """Return one row: sums over the sheet Gemeinden, or the word that stands for none."""
    h, j, k, bezirke = (f"Gemeinden!${c}${KOPF + 2}:${c}${KOPF + 1 + anzahl}" for c in "HJKC")
    bemerkung = f"unvollständig: {x.offen} von {x.gemeinden} offen" if x.offen else ""
    werte: list[Wert | Formel] = [x.name, bemerkung, Formel(f"=COUNTIFS({bezirke},[Bezirk])", x.gemeinden)]
    for spalte, wert, sonst in ((h, x.anzahl, leer), (j, x.betrag, leer), (k, x.bezahlt, NOCH_NICHTS)):
        formel = f"=SUMIFS({spalte},{bezirke},[Bezirk])"
        werte.append(Formel(formel, wert) if isinstance(wert, (int, Decimal)) else oder(wert, sonst))
    return werte


def _total(
    s: Schreiber, b: Worksheet, zeile: int, total: Summe, werte: Sequence[tuple[str, Gezeigt | int, str]]
) -> None:
    """Write the sums below a table; a figure that no row has, or that others may not see, is a word."""
    for spalte in range(1, ord(werte[-1][0]) - ord("A")):
        b.write_blank(zeile, spalte, None, s.mappe["summe"])
    s.zelle(b, zeile, 0, f"{total.name} (unvollständig)" if total.offen else total.name, "summe_label")
    ganz = s.mappe.buch.add_format({"num_format": ZAHL})
    for buchstabe, wert, sonst in werte:
        ort = (zeile, ord(buchstabe) - ord("A"))
        formel = f"=SUM({buchstabe}{KOPF + 2}:{buchstabe}{zeile})"
        s.zelle(b, *ort, Formel(formel, wert) if isinstance(wert, (int, Decimal)) else oder(wert, sonst), "summe")
        if isinstance(wert, int):
            b.conditional_format(*ort, *ort, {"type": "no_errors", "format": ganz})


def _diagramm(s: Schreiber, b: Worksheet, zeilen_: tuple[int, int], oben: int) -> None:
    von, bis = zeilen_
    reihe = {
        "name": "Sockelbeitrag", "categories": ["Bezirke", von, 0, bis, 0], "values": ["Bezirke", von, 4, bis, 4],
        "fill": {"color": "#6A8CAF"}, "gap": 45,
        "data_labels": {"value": True, "num_format": ZAHL, "font": {"name": "Arial", "size": 9}},
    }  # fmt: skip
    chart = s.mappe.diagramm("Sockelbeitrag je Bezirk (Fr.)", [reihe], (760, 330), min=0)
    optionen = {"description": "Balken: Sockelbeitrag in Franken je Bezirk", "object_position": 2}
    b.insert_chart(oben, 0, chart, optionen)


# --- all sheets -----------------------------------------------------------------------------
def anfang(s: Schreiber, b: Worksheet, a: Anhang1, titel: str, breiten: Sequence[float]) -> None:
    """Begin one of the sheets, with its footer."""
    s.kopf(b, breiten, titel, "start.integration · Kreisschreiben KRS-GEF-2017/01, Ziff. 4.3 und 4.5.3", "text")
    fuss = f"&L&8start.integration · Anhang {a.name} · {b.name}&C&8Kein Rechtsanspruch (Ziff. 4.1.1)&R&8Seite &P von &N"
    b.set_footer(fuss)
