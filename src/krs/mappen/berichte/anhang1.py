"""Anhang 1 as a workbook to be sent: rates and dates, totals per Bezirk, municipalities, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from krs.mappen.berichte import anhang1_tabellen as tabellen
from krs.mappen.berichte.anhang1_tabellen import NOCH_NICHTS, wort
from krs.mappen.gestalt.schrift import hoehe, zeilen
from krs.mappen.gestalt.stile import Mappe
from krs.mappen.gestalt.tabelle import Kopf, Schreiber, Wert
from krs.recht import datum, franken
from krs.schreiben.anhang1 import Anhang1
from krs.schreiben.anhang1_ansaetze import Ansatz, Termin, zeitraum
from krs.urteil.fassung import mit_wochentag

BLATT = "Anhang 1"
_BREITEN = (43, 30, 12, 66, 31, 14)
_TARIFE = (
    Kopf("Leistung"), Kopf("gilt"), Kopf("Ziffer"), Kopf("Quelle", "label"), Kopf("Einheit"),
    Kopf("Ansatz (Fr.)", "betrag"),
)  # fmt: skip
_TERMINE = (
    Kopf("Beitrag"), Kopf("Formular"), Kopf("Ziffer"), Kopf("Hinweis", "label"), Kopf("Eingabefrist"),
    Kopf("Auszahlung per"),
)  # fmt: skip
_TEXT = 3  # the column that wraps
_OBEN = 3  # row where the facts begin


def anhang1_mappe(a: Anhang1) -> bytes:
    """Return the workbook; the same bytes for the same figures. Figures are living formulas with their value."""
    mappe = Mappe(f"start.integration – Anhang {a.name}: Beiträge {a.jahr}")
    s = Schreiber(mappe)
    erstes = mappe.blatt(BLATT, quer=True)
    fakten = list(_fakten(a))
    kopf = _OBEN + len(fakten) + len(a.hinweise) + 2  # row of the table's head, from 0
    tabellen.blaetter(s, a, f"'{BLATT}'!$F${kopf + 2 + a.ansaetze.index(a.sockel)}")
    _deckblatt(s, erstes, a, fakten, kopf)
    return mappe.bytes()


def _deckblatt(s: Schreiber, b: Worksheet, a: Anhang1, fakten: Sequence[tuple[str, str]], kopf: int) -> None:
    tabellen.anfang(s, b, a, f"Anhang {a.name} – Beiträge an die Einwohnergemeinden für das Jahr {a.jahr}", _BREITEN)
    for zeile, (was, wert) in enumerate(fakten, _OBEN):
        s.zelle(b, zeile, 0, was, "untertitel")
        s.zelle(b, zeile, 1, wert)
    for zeile, satz in enumerate(a.hinweise, _OBEN + len(fakten)):
        s.zelle(b, zeile, 0, "Achtung", "marke")
        s.absatz(b, zeile, satz, _BREITEN, "label", 1)
    s.zelle(b, kopf - 1, 0, f"Ansätze {a.jahr}", "gross")
    ende = s.tabelle(b, "Tarife", _TARIFE, [_tarif(x) for x in a.ansaetze], kopf)
    _hoehen(b, kopf + 1, [x.quelle for x in a.ansaetze])
    s.zelle(b, ende + 1, 0, "Fristen und Auszahlung", "gross")
    termine: list[list[Wert]] = [
        [t.was, t.formular, "4.5.2, 5.2", t.hinweis, mit_wochentag(t.frist), _per(t)] for t in a.termine
    ]
    unten = s.tabelle(b, "Termine", _TERMINE, termine, ende + 2)
    _hoehen(b, ende + 3, [t.hinweis for t in a.termine])
    for zeile, satz in enumerate(_schluss(a), unten + 1):
        s.absatz(b, zeile, satz, _BREITEN)


def _fakten(a: Anhang1) -> Iterator[tuple[str, str]]:
    """Yield the facts on top."""
    total = a.total()
    yield "Beteiligte Gemeinden", str(len(a.beteiligte))
    yield "Stichtag des Ausländerbestands", f"{datum(a.stichtag)} (31.12. vor zwei Jahren, Ziff. 4.3.2)"
    quellen = a.quellen if len(a.quellen) <= 2 else (f"{len(a.quellen)} Quellen, siehe Stammdaten",)
    yield "Quelle des Ausländerbestands", "; ".join(quellen) or "–"
    sockel = wort(a) if total.betrag is None else franken(total.betrag)
    yield "Sockelbeitrag, ganzer Kanton", f"{sockel} (unvollständig)" if total.offen and total.betrag else sockel
    bisher = franken(total.bezahlt) if isinstance(total.bezahlt, Decimal) else total.bezahlt or NOCH_NICHTS
    yield "Gespräche und Dolmetschen bisher", bisher


def _tarif(x: Ansatz) -> list[Wert]:
    betrag: Wert = x.wert.betrag if x.wert is not None else "–"
    return [x.bezeichnung, zeitraum(x), x.ziffer, x.quelle, x.einheit.removeprefix("CHF "), betrag]


def _per(t: Termin) -> str:
    return datum(t.auszahlung) if t.auszahlung else "–"


def _schluss(a: Anhang1) -> Iterator[str]:
    yield (
        "Es besteht kein Rechtsanspruch auf Abgeltungs- oder Subventionsbeiträge des Kantons (Ziff. 4.1.1). Die "
        "Ausrichtung kann von der vollständigen und fristgerechten Einreichung der Berichterstattung abhängig gemacht "
        "werden (Ziff. 5.2)."
    )
    yield (
        "Der Kanton informiert die Koordinationsstellen, die Präsidien der Einwohnergemeinden und die "
        "Finanzverwaltungen (Ziff. 4.5.3)."
    )
    yield (
        f"Bisher ausbezahlt: Fall- und Dolmetschpauschalen für Leistungen des Jahres {a.jahr} aus freigegebenen "
        "Läufen, vor der Verrechnung von Rückforderungen (Ziff. 4.7)."
    )
    if any(isinstance(z.gezeigt, str) for z in a.zeilen):
        yield (
            f"«nicht genannt»: Der Betrag oder eine Summe liesse auf eine Anzahl unter {a.grenze} schliessen; so "
            "kleine Zahlen gibt der Kanton nicht weiter."
        )


def _hoehen(b: Worksheet, oben: int, texte: Sequence[str]) -> None:
    for zeile, text in enumerate(texte, oben):
        b.set_row(zeile, hoehe(zeilen(text, _BREITEN[_TEXT])))
