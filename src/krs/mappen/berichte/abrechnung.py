"""Abrechnungslauf_2024-03.xlsx: one payment run with its Rechenweg, control totals and marks (entwurf 4.5)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from krs.formulare.formular import zeitraum
from krs.lauf.auffaellig import iban_von
from krs.lauf.buchung import NULL, Buchung, Journal, Rechnung, summe
from krs.lauf.mutationen import Mutation, text
from krs.lauf.plan import Abrechnung, Laufplan
from krs.lauf.rechenweg import Schritt, begruendung, quelle, schritte
from krs.lauf.zurueckgestellt import Gehalten, alle_zurueckgestellten
from krs.mappen.berichte import abrechnung_uebersicht as uebersicht
from krs.mappen.berichte.abrechnung_kontrollen import Blatt, Umfang
from krs.mappen.berichte.abrechnung_uebersicht import Laufkopf
from krs.mappen.berichte.mitteilung_tilgung import Tilgung, tilgungen
from krs.mappen.gestalt.stile import Mappe
from krs.mappen.gestalt.tabelle import MAL_ANSATZ, Formel, Schreiber, Spalte
from krs.recht import chf
from krs.urteil.urteil import Urteil

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten

__all__ = ["BUCHUNGEN", "Laufkopf", "abrechnungslauf_mappe"]

_BFS = Spalte[Any]("BFS-Nr.", "nummer", 8, lambda x: x.bfs_nr)
_GEMEINDE = Spalte[Any]("Gemeinde", "text", 24, lambda x: x.gemeinde)
BUCHUNGEN: tuple[Spalte[Buchung], ...] = (
    Spalte("Buchung", "text", 32, lambda b: b.id),
    Spalte("Lauf", "text", 9, lambda b: b.lauf),
    Spalte("Datum", "datum", 11, lambda b: b.datum),
    Spalte("Art", "text", 14, lambda b: b.art),
    _BFS,
    _GEMEINDE,
    Spalte("Empfänger BFS-Nr.", "nummer", 11, lambda b: b.empfaenger),
    Spalte("Betrag", "betrag", 13, lambda b: b.betrag),
    Spalte("Anspruch BFS-Nr.", "nummer", 11, lambda b: b.posten.bfs_nr if b.posten else None),
    Spalte("Leistung", "text", 36, lambda b: b.posten.leistung if b.posten else None),
    Spalte("Periode", "text", 9, lambda b: b.posten.periode if b.posten else None),
    Spalte("Anzahl", "rechnung", 9, lambda b: b.anzahl),
    Spalte("Ansatz", "betrag", 9, lambda b: b.ansatz),
    Spalte("Rückforderung", "text", 16, lambda b: b.rueckforderung),
    Spalte("Kreditjahr", "ganz", 10, lambda b: b.kreditjahr),
    Spalte("Konto", "text", 11, lambda b: b.konto),
    Spalte("SHA-256", "klein", 20, lambda b: b.sha256),
    Spalte("Zellen", "text", 30, lambda b: b.zellen),
    Spalte("Grund", "text", 44, lambda b: b.grund),
)
_RECHNUNGEN: tuple[Spalte[Rechnung], ...] = (
    Spalte("Rechnung", "text", 20, lambda r: r.nr),
    _BFS,
    _GEMEINDE,
    Spalte("Betrag", "betrag", 13, lambda r: r.betrag),
    Spalte("fällig", "datum", 12, lambda r: r.faellig),
    Spalte("Rückforderungen", "text", 70, lambda r: "; ".join(f"{p.nr}: {chf(p.betrag)}" for p in r.posten)),
)
_VERRECHNUNG: tuple[Spalte[tuple[Abrechnung, Tilgung]], ...] = (
    Spalte("Rückforderung", "text", 16, lambda x: x[1].nr),
    Spalte("BFS-Nr.", "nummer", 8, lambda x: x[0].bfs_nr),
    Spalte("Gemeinde", "text", 24, lambda x: x[0].gemeinde),
    Spalte("Datum", "datum", 12, lambda x: x[1].datum),
    Spalte("Grund", "text", 60, lambda x: x[1].grund),
    Spalte("offen", "betrag", 13, lambda x: x[1].offen),
    Spalte("verrechnet", "betrag", 13, lambda x: x[1].verrechnet),
    Spalte("Rest", "betrag", 13, lambda x: Formel("=[offen]-[verrechnet]", x[1].rest)),
)
_RECHENWEG: tuple[Spalte[Schritt], ...] = (
    Spalte("BFS-Nr.", "nummer", 8, lambda s: s.posten.bfs_nr),
    _GEMEINDE,
    Spalte("Leistung", "text", 36, lambda s: s.posten.leistung),
    Spalte("Periode", "text", 9, lambda s: s.posten.periode),
    Spalte("Anzahl", "rechnung", 9, lambda s: s.buchung.anzahl),
    Spalte("Ansatz", "betrag", 9, lambda s: s.buchung.ansatz),
    Spalte("Betrag", "betrag", 13, lambda s: Formel(MAL_ANSATZ, s.betrag) if s.aufgegangen else s.betrag),
    Spalte("bisher", "betrag", 13, lambda s: s.bisher.betrag),
    Spalte("gebucht", "betrag", 13, lambda s: Formel("=[Betrag]-[bisher]", s.buchung.betrag)),
    Spalte("gültig ab", "datum", 11, lambda s: s.ansatz.ab if s.ansatz else None),
    Spalte("Ziffer", "text", 7, lambda s: s.ziffer),
    Spalte("Quelle des Ansatzes", "text", 62, quelle),
    Spalte("Begründung", "text", 60, lambda s: begruendung(s) if s.differenz else ""),
    Spalte("Zellen", "text", 30, lambda s: s.buchung.zellen),
    Spalte("Datei", "text", 46, lambda s: s.datei),
    Spalte("SHA-256", "klein", 20, lambda s: s.buchung.sha256),
    Spalte("Buchung", "text", 32, lambda s: s.buchung.id),
)
_MUTATIONEN: tuple[Spalte[Mutation], ...] = (
    Spalte("Was", "text", 26, lambda m: m.gruppe),
    _BFS,
    Spalte("Wer", "text", 24, lambda m: m.wer),
    Spalte("Angabe", "umbruch", 44, lambda m: m.was),
    Spalte("bisher", "umbruch", 40, lambda m: m.alt),
    Spalte("neu", "umbruch", 40, lambda m: m.neu),
    Spalte("Zelle", "text", 22, lambda m: m.zelle),
)
_GEHALTEN: tuple[Spalte[Gehalten], ...] = (
    _BFS,
    _GEMEINDE,
    Spalte("Periode", "text", 16, lambda g: zeitraum(g.periode)),
    Spalte("Leistungen", "umbruch", 40, lambda g: g.wofuer),
    Spalte("Betrag", "betrag", 13, lambda g: g.betrag),
    Spalte("bezahlt, wird überprüft", "betrag", 13, lambda g: g.bezahlt or None),
    Spalte("Codes", "text", 14, lambda g: ", ".join(code for code, _ in g.gruende if code)),
    Spalte("Grund", "umbruch", 90, lambda g: "\n".join(satz for _, satz in g.gruende)),
)


def _abrechnung(s: Stammdaten, tag: date) -> tuple[Spalte[Abrechnung], ...]:
    gebiet = s.gebiet
    auszahlung = "=MAX([Anspruch]+[Differenz früher],0)-[Verrechnet]"
    return (
        Spalte("Lauf", "text", 9, lambda a: a.lauf),
        _BFS,
        _GEMEINDE,
        Spalte("Empfänger BFS-Nr.", "nummer", 11, lambda a: a.empfaenger),
        Spalte("Empfänger", "text", 24, lambda a: gebiet.name(a.empfaenger)),
        Spalte("IBAN", "text", 28, lambda a: text(iban_von(s, a.empfaenger, tag)) if a.auszahlung else ""),
        Spalte("Anspruch", "betrag", 14, lambda a: a.anspruch),
        Spalte("Differenz früher", "betrag", 14, lambda a: a.differenz),
        Spalte("Verrechnet", "betrag", 14, lambda a: a.verrechnet),
        Spalte("Auszahlung", "betrag", 14, lambda a: Formel(auszahlung, a.auszahlung)),
        Spalte("Rechnung", "betrag", 14, lambda a: a.rechnung),
    )


def abrechnungslauf_mappe(plan: Laufplan, urteil: Urteil, journal: Journal, kopf: Laufkopf) -> bytes:
    """Return the workbook of a run; the same bytes for the same inputs.

    Args:
        journal: the runs released before this one.
    """
    s = Schreiber(Mappe(f"start.integration – Abrechnungslauf {plan.lauf}"))
    alle = schritte(plan.buchungen, urteil, journal)
    getilgt = [(a, t) for a in plan.abrechnungen for t in tilgungen(a, plan, urteil, journal)]
    gehalten = alle_zurueckgestellten(urteil, plan.lauf, journal)
    ohne_konto = tuple(s for s in BUCHUNGEN if s.titel != "Konto")  # known once the run is released
    blaetter = (
        Blatt("Abrechnung", _abrechnung(urteil.stammdaten, plan.datum), plan.abrechnungen, fest=3),
        Blatt("Buchungen", ohne_konto, plan.buchungen, fest=1),
        Blatt("Rechnungen", _RECHNUNGEN, plan.rechnungen, fest=1),
        Blatt("Verrechnung", _VERRECHNUNG, getilgt, fest=1),
        Blatt("Rechenweg", _RECHENWEG, alle),
        Blatt("Zurückgestellt", _GEHALTEN, gehalten),
        Blatt("Mutationen", _MUTATIONEN, plan.mutationen),
    )
    offen, gebucht = sum((t.offen for _, t in getilgt), NULL), summe(x.buchung for x in alle)
    zurueckgestellt = sum((g.betrag for g in gehalten if g.betrag is not None), NULL)
    uebersicht.blatt(s, plan, urteil, kopf, Umfang({b.name: b for b in blaetter}, offen, gebucht, zurueckgestellt))
    for b in blaetter:
        s.blatt(b.name, b.spalten, b.eintraege, b.fest)
    return s.mappe.bytes()
