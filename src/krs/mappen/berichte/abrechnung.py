"""Abrechnungslauf_2024-03.xlsx: one payment run with its Rechenweg, control totals and marks (design 4.5)."""

from __future__ import annotations

from collections.abc import Sequence

from krs.lauf.buchung import NULL, Buchung, Journal, summe
from krs.lauf.plan import Abrechnung, Laufplan
from krs.lauf.rechenweg import Schritt, begruendung, quelle, schritte
from krs.lauf.zurueckgestellt import Gehalten, alle_zurueckgestellten
from krs.mappen.berichte import abrechnung_uebersicht as uebersicht
from krs.mappen.berichte.abrechnung_kontrollen import Umfang
from krs.mappen.berichte.abrechnung_uebersicht import Laufkopf
from krs.mappen.berichte.mitteilung_tilgung import Tilgung, tilgungen
from krs.mappen.gestalt.stile import Mappe
from krs.mappen.gestalt.tabelle import Formel, Schreiber, Spalte, Wert
from krs.recht import chf
from krs.schreiben.rueckmeldung import zeitraum
from krs.urteil.urteil import Urteil

__all__ = ["Laufkopf", "abrechnungslauf_mappe"]

_BFS, _GEMEINDE = Spalte("BFS-Nr.", "nummer", 8), Spalte("Gemeinde", "text", 24)
_ABRECHNUNG = (
    Spalte("Lauf", "text", 9), _BFS, _GEMEINDE, Spalte("Empfänger BFS-Nr.", "nummer", 11),
    Spalte("Empfänger", "text", 24), Spalte("Anspruch", "betrag", 14), Spalte("Differenz früher", "betrag", 14),
    Spalte("Verrechnet", "betrag", 14), Spalte("Auszahlung", "betrag", 14), Spalte("Rechnung", "betrag", 14),
)  # fmt: skip
_BUCHUNGEN = (
    Spalte("Buchung", "text", 32), Spalte("Lauf", "text", 9), Spalte("Datum", "datum", 11), Spalte("Art", "text", 14),
    _BFS, _GEMEINDE, Spalte("Empfänger BFS-Nr.", "nummer", 11), Spalte("Betrag", "betrag", 13),
    Spalte("Anspruch BFS-Nr.", "nummer", 11), Spalte("Leistung", "text", 36), Spalte("Periode", "text", 9),
    Spalte("Anzahl", "rechnung", 9), Spalte("Ansatz", "betrag", 9), Spalte("Rückforderung", "text", 16),
    Spalte("Kreditjahr", "ganz", 10), Spalte("SHA-256", "klein", 20), Spalte("Zellen", "text", 30),
    Spalte("Grund", "text", 44),
)  # fmt: skip
_RECHNUNGEN = (
    Spalte("Rechnung", "text", 20), _BFS, _GEMEINDE, Spalte("Betrag", "betrag", 13), Spalte("fällig", "datum", 12),
    Spalte("Rückforderungen", "text", 70),
)  # fmt: skip
_VERRECHNUNG = (
    Spalte("Rückforderung", "text", 16), _BFS, _GEMEINDE, Spalte("Datum", "datum", 12), Spalte("Grund", "text", 60),
    Spalte("offen", "betrag", 13), Spalte("verrechnet", "betrag", 13), Spalte("Rest", "betrag", 13),
)  # fmt: skip
_RECHENWEG = (
    _BFS, _GEMEINDE, Spalte("Leistung", "text", 36), Spalte("Periode", "text", 9), Spalte("Anzahl", "rechnung", 9),
    Spalte("Ansatz", "betrag", 9), Spalte("Betrag", "betrag", 13), Spalte("bisher", "betrag", 13),
    Spalte("gebucht", "betrag", 13), Spalte("gültig ab", "datum", 11), Spalte("Ziffer", "text", 7),
    Spalte("Quelle des Ansatzes", "text", 62), Spalte("Begründung", "text", 60), Spalte("Zellen", "text", 30),
    Spalte("Datei", "text", 46), Spalte("SHA-256", "klein", 20), Spalte("Buchung", "text", 32),
)  # fmt: skip
_GEHALTEN = (
    _BFS, _GEMEINDE, Spalte("Periode", "text", 16), Spalte("Leistungen", "umbruch", 40), Spalte("Betrag", "betrag", 13),
    Spalte("Codes", "text", 14), Spalte("Grund", "umbruch", 90),
)  # fmt: skip


def abrechnungslauf_mappe(plan: Laufplan, urteil: Urteil, journal: Journal, kopf: Laufkopf) -> bytes:
    """Return the workbook of a run; the same bytes for the same inputs.

    Args:
        journal: the runs released before this one.
    """
    s = Schreiber(Mappe(f"start.integration – Abrechnungslauf {plan.lauf}"))
    alle = schritte(plan.buchungen, urteil, journal)
    getilgt = [(a, t) for a in plan.abrechnungen for t in _tilgungen(a, plan, urteil, journal)]
    gehalten = alle_zurueckgestellten(urteil, plan.lauf)
    umfang = Umfang(
        {
            "Abrechnung": len(plan.abrechnungen), "Buchungen": len(plan.buchungen), "Rechnungen": len(plan.rechnungen),
            "Verrechnung": len(getilgt), "Rechenweg": len(alle), "Zurückgestellt": len(gehalten),
        },
        sum((t.offen for _, t in getilgt), NULL), summe(x.buchung for x in alle),
        sum((g.betrag for g in gehalten if g.betrag is not None), NULL),
    )  # fmt: skip
    uebersicht.blatt(s, plan, urteil, kopf, umfang)
    gebiet = urteil.stammdaten.gebiet
    zeilen = [_abrechnung(a, gebiet.name(a.empfaenger), n) for n, a in enumerate(plan.abrechnungen, 2)]
    s.blatt("Abrechnung", _ABRECHNUNG, zeilen, fest=3)
    s.blatt("Buchungen", _BUCHUNGEN, (_buchung(b) for b in plan.buchungen), fest=1)
    s.blatt("Rechnungen", _RECHNUNGEN, _rechnungen(plan), fest=1)
    s.blatt("Verrechnung", _VERRECHNUNG, (_verrechnung(a, t, n) for n, (a, t) in enumerate(getilgt, 2)), fest=1)
    s.blatt("Rechenweg", _RECHENWEG, (_schritt(x, n) for n, x in enumerate(alle, 2)))
    s.blatt("Zurückgestellt", _GEHALTEN, (_gehalten(g) for g in gehalten))
    return s.mappe.bytes()


def _tilgungen(a: Abrechnung, plan: Laufplan, urteil: Urteil, journal: Journal) -> Sequence[Tilgung]:
    return tuple(tilgungen(a, [b for b in plan.buchungen if b.bfs_nr == a.bfs_nr], plan, urteil, journal))


def _abrechnung(a: Abrechnung, empfaenger: str, zeile: int) -> list[Wert | Formel]:
    auszahlung = Formel(f"=MAX(F{zeile}+G{zeile},0)-H{zeile}", a.auszahlung)
    return [
        a.lauf, a.bfs_nr, a.gemeinde, a.empfaenger, empfaenger, a.anspruch, a.differenz, a.verrechnet, auszahlung,
        a.rechnung,
    ]  # fmt: skip


def _buchung(b: Buchung) -> list[Wert | Formel]:
    p = b.posten
    return [
        b.id, b.lauf, b.datum, str(b.art), b.bfs_nr, b.gemeinde, b.empfaenger, b.betrag, p.bfs_nr if p else None,
        str(p.leistung) if p else "", p.periode if p else "", b.anzahl, b.ansatz, b.rueckforderung, b.kreditjahr,
        b.sha256, b.zellen, b.grund,
    ]  # fmt: skip


def _rechnungen(plan: Laufplan) -> list[list[Wert | Formel]]:
    return [
        [r.nr, r.bfs_nr, r.gemeinde, r.betrag, r.faellig, "; ".join(f"{p.nr}: {chf(p.betrag)}" for p in r.posten)]
        for r in plan.rechnungen
    ]


def _verrechnung(a: Abrechnung, t: Tilgung, zeile: int) -> list[Wert | Formel]:
    rest = Formel(f"=F{zeile}-G{zeile}", t.rest)
    return [t.nr, a.bfs_nr, a.gemeinde, t.datum, t.grund, t.offen, t.verrechnet, rest]


def _schritt(s: Schritt, zeile: int) -> list[Wert | Formel]:
    b = s.buchung
    betrag = Formel(f"=ROUND(E{zeile}*F{zeile}*20,0)/20", s.betrag) if s.aufgegangen else s.betrag
    return [
        s.posten.bfs_nr, s.gemeinde, str(s.posten.leistung), s.posten.periode, b.anzahl, b.ansatz, betrag,
        s.bisher.betrag, Formel(f"=G{zeile}-H{zeile}", b.betrag), s.ansatz.ab if s.ansatz else None, s.ziffer,
        quelle(s), begruendung(s) if s.differenz else "", b.zellen, s.datei, b.sha256, b.id,
    ]  # fmt: skip


def _gehalten(g: Gehalten) -> list[Wert | Formel]:
    codes = ", ".join(code for code, _ in g.gruende if code)
    saetze = "\n".join(satz for _, satz in g.gruende)
    return [g.bfs_nr, g.gemeinde, zeitraum(g.periode), g.wofuer, g.betrag, codes, saetze]
