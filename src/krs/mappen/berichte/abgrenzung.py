"""The end of a year for finance: what is accrued and why, its postings, what is open, the voucher of the surplus.

Everything comes from krs.lauf.abgrenzung; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from krs.lauf.abgrenzung import ARTEN, Abgrenzung
from krs.lauf.buchung import NULL
from krs.mappen.gestalt.stile import Mappe
from krs.mappen.gestalt.tabelle import Kopf, Reihe, Schreiber
from krs.recht import datum

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten

BREITEN = (40, 14, *[15] * 4)
_BELEG = (46, 18)


def abgrenzung_mappe(a: Abgrenzung, s: Stammdaten) -> bytes:
    """Return the workbook; the same bytes for the same inputs."""
    mappe = Mappe(f"start.integration – Abgrenzung {a.jahr}")
    schreiber = Schreiber(mappe)
    _abgrenzung(schreiber, a)
    for name, spalten, reihen in (
        ("Buchungen", _BUCHUNGEN, _buchungen(a)), ("Schätzungen", _SCHAETZUNGEN, _schaetzungen(a)),
        ("Offene Posten", _OFFENE, _offene(a, s)),
    ):  # fmt: skip
        schreiber.blatt(name.replace(" ", "_"), spalten, reihen, fest=1)
    _restbetrag(schreiber, a)
    return mappe.bytes()


def _abgrenzung(s: Schreiber, a: Abgrenzung) -> None:
    blatt = s.mappe.blatt("Abgrenzung", quer=True)
    unter = f"Am 31.12.{a.jahr} geschuldet und nicht bezahlt, Stand der Kenntnis {datum(a.stichtag)} (Ziff. 4.5.2)"
    s.kopf(blatt, BREITEN, f"Abgrenzung {a.jahr}", unter)
    spalten = [Kopf("Leistung"), Kopf("Periode"), *(Kopf(x, "betrag") for x in (*ARTEN, "abzugrenzen"))]
    reihen: list[Reihe] = [[str(z.leistung), z.periode, *z.je_art, z.summe] for z in a.zeilen]
    je_art = (sum((z.je_art[n] for z in a.zeilen), NULL) for n in range(len(ARTEN)))
    reihen.append(["Total", "", *je_art, a.summe])
    zeile = s.tabelle(blatt, "Abzugrenzen", spalten, reihen, 3) + 1
    for satz in a.hinweise():
        s.absatz(blatt, zeile, satz, BREITEN, "umbruch")
        zeile += 1


_BUCHUNGEN = [
    Kopf("Beleg", breite=18), Kopf("Datum", "datum"), Kopf("Soll"), Kopf("Haben"), Kopf("Betrag", "betrag", 14),
    Kopf("Text", breite=70), Kopf("Kreditjahr", "rechnung"), Kopf("Periode"), Kopf("Leistung", breite=36),
]  # fmt: skip
_SCHAETZUNGEN = [
    Kopf("BFS-Nr.", "rechnung"), Kopf("Gemeinde", breite=25), Kopf("Leistung", breite=36), Kopf("Periode"),
    Kopf("geschätzt", "betrag", 14), Kopf("nach Periode", breite=14),
]  # fmt: skip
_OFFENE = [
    Kopf("Was", breite=18), Kopf("Nr.", breite=16), Kopf("Gemeinde", breite=25), Kopf("Datum", "datum"),
    Kopf("offen", "betrag", 14), Kopf("Rechnung", breite=18), Kopf("fällig am", "datum"), Kopf("Grund", breite=50),
]  # fmt: skip


def _buchungen(a: Abgrenzung) -> Iterator[Reihe]:
    for z in a.saetze:
        yield z.beleg, z.datum, z.soll, z.haben, z.betrag, z.text, z.kreditjahr, z.periode, z.leistung


def _schaetzungen(a: Abgrenzung) -> Iterator[Reihe]:
    for x in a.schaetzungen:
        yield x.bfs_nr, x.gemeinde, str(x.leistung), x.periode, x.betrag, x.grundlage


def _offene(a: Abgrenzung, s: Stammdaten) -> Iterator[Reihe]:
    for f in a.offene:
        rechnung = (f.rechnung.nr, f.faellig or f.rechnung.faellig) if f.rechnung else ("", None)
        yield "Rückforderung", f.nr, s.gebiet.name(f.bfs_nr), f.datum, f.rest, *rechnung, f.grund
    for r in a.zurueckgewiesen:
        yield "Rückweisung", r.nr, s.gebiet.name(r.bfs_nr), None, -r.betrag, "", None, r.grund


def _restbetrag(s: Schreiber, a: Abgrenzung) -> None:
    """Write the voucher of what goes to the credit for projects (Ziff. 4.3.4), once the year is closed."""
    blatt, k = s.mappe.blatt("Restbetrag"), a.kredit
    s.kopf(blatt, _BELEG, f"Restbetrag {a.jahr} an den Projektkredit", "Beleg nach Ziff. 4.3.4")
    zeilen: list[tuple[str, object]] = [("Kredit", k.kredit), ("bezahlt", k.bezahlt)]
    if k.ueberschuss is None:
        s.absatz(blatt, 6, "Das Jahr ist noch nicht abgeschlossen: Es gibt noch nichts gutzuschreiben.", _BELEG)
    else:
        schluss = datum(k.abgeschlossen_am) if k.abgeschlossen_am else ""
        zeilen += [("abgeschlossen am", schluss), ("dem Projektkredit gutzuschreiben", k.ueberschuss)]
        zeilen += [("Datum, Visum Fachstelle", "…"), ("Datum, Visum Finanzen", "…")]
    p = a.projekte
    s.zelle(blatt, 10, 0, f"Projektkredit am {datum(a.stichtag)}", "untertitel")
    stand = (
        ("Anfangsbestand", p.anfang), ("gutgeschrieben", p.gutgeschrieben), ("ausbezahlt", p.ausbezahlt),
        ("Bestand", p.bestand), ("zugesichert", p.zugesichert), ("noch nicht zugesichert", p.frei),
    )  # fmt: skip
    for n, (was, betrag) in enumerate(stand, 11):
        s.zelle(blatt, n, 0, was)
        s.zelle(blatt, n, 1, betrag, "betrag")
    for n, (was, wert) in enumerate(zeilen, 3):
        s.zelle(blatt, n, 0, was)
        s.zelle(blatt, n, 1, "nicht erfasst" if wert is None else wert, "text" if isinstance(wert, str) else "betrag")  # type: ignore[arg-type]
