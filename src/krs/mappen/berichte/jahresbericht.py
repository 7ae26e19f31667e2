"""The yearly report to the municipalities, and the review of the flat rates (Ziff. 4.3.3, 5.3): fit to be sent.

All figures come from krs.lauf.jahresbericht, which keeps small counts back; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from krs.lauf.buchung import Journal
from krs.lauf.jahresbericht import Jahresbericht, jahresbericht
from krs.lauf.jahreszahlen import Wert, Zeile
from krs.mappen.berichte.berichtsseite import Diagramm, Seite
from krs.mappen.gestalt.stile import Mappe
from krs.mappen.gestalt.tabelle import Kopf, Schreiber
from krs.recht import GEZAEHLT, Halbjahr, Leistung
from krs.urteil.urteil import Urteil

ZAEHLEN = tuple(f"{g.art.title()}: {'Dolmetschen' if g.dolmetschen else 'Gespräche'}" for g in GEZAEHLT)


def jahresbericht_mappe(urteil: Urteil, journal: Journal, jahr: int, grenze: int) -> bytes:
    """Return the report on the talks of a year, paid by the runs so far; the same bytes for the same inputs.

    Args:
        jahr: year of service; its effort stands in the Selbstdeklarationen of the next.
        grenze: the setting «Publikationsgrenze»; 5 hides counts of 1 to 4.
    """
    bericht = jahresbericht(urteil, journal, jahr, grenze)
    mappe = Mappe(f"start.integration – Jahresbericht {jahr}")
    s = Schreiber(mappe)
    for schreibe in (_ueberblick, _bezirke, _sprachen, _beitraege, _aufwand):
        schreibe(Seite(s, jahr), bericht)
    return mappe.bytes()


def _zahlspalten(erste: str, mehr: str = "Personen", stil: str = "rechnung") -> list[Kopf]:
    return [Kopf(erste), Kopf("Gemeinden", "rechnung"), *(Kopf(t, stil) for t in (*ZAEHLEN, mehr))]


def _reihen(alle: Sequence[Zeile], *weitere: Zeile) -> list[list[Wert]]:
    return [[z.name, z.gemeinden, *z.werte] for z in (*alle, *weitere)]


def _ueberblick(p: Seite, r: Jahresbericht) -> None:
    p.beginne("Überblick", f"start.integration {r.jahr}")
    for satz in r.einleitung:
        p.absatz(satz)
    p.zeile += 1
    p.band("Das Jahr in Zahlen")
    for was, wert, stil in r.kennzahlen:
        p.wert(was, wert, stil)
    p.zeile += 1
    p.band("Gespräche und Dolmetscheinsätze nach Halbjahr")
    reihen = [[Halbjahr.parse(z.name).text, z.gemeinden, *z.werte] for z in r.halbjahre]
    reihen.append(["Jahr", r.total.gemeinden, *r.total.werte])
    d = Diagramm("Nach Halbjahr", "Säulen: Gespräche und Einsätze je Halbjahr", (2, 3, 4, 5), "column", gestapelt=False)
    p.tabelle("Halbjahre", _zahlspalten("Halbjahr"), reihen, d)
    for satz in r.hinweise:
        p.absatz(satz, "unterzeile")


def _bezirke(p: Seite, r: Jahresbericht) -> None:
    p.beginne("Bezirke und Grösse", f"Gespräche {r.jahr} nach Bezirk und Grösse der Gemeinden")
    d = Diagramm("Gespräche nach Bezirk", "Balken: Gespräche je Bezirk", (2, 4))
    p.tabelle("Bezirke", _zahlspalten("Bezirk"), _reihen(r.bezirke, r.total), d)
    if len(r.klassen) > 1:
        p.absatz(
            "Grösse der Gemeinden nach ausländischer Wohnbevölkerung am Stichtag des Sockelbeitrags (Ziff. 4.3.2):"
        )
        d = Diagramm("Gespräche nach Grösse", "Balken: Gespräche je Grössenklasse", (2, 4))
        p.tabelle("Grössenklassen", _zahlspalten("Ausländische Einwohner/innen"), _reihen(r.klassen, r.total), d)


def _sprachen(p: Seite, r: Jahresbericht) -> None:
    p.beginne("Sprachen", f"Dolmetscheinsätze {r.jahr} nach Sprache")
    p.absatz("Einsätze über HEKS Linguadukt für Erstinformations- und Integrationsgespräche.")
    d = Diagramm("Einsätze nach Sprache", "Balken: Dolmetscheinsätze je Sprache", (1,))
    p.tabelle("Sprachen", [Kopf("Sprache"), Kopf("Einsätze", "rechnung")], [list(z) for z in r.sprachen], d)


def _beitraege(p: Seite, r: Jahresbericht) -> None:
    p.beginne("Beiträge", f"Ausbezahlte Beiträge {r.jahr} in Franken")
    for satz in r.bezahlt:
        p.absatz(satz)
    p.zeile += 1
    reihen = _reihen(r.beitraege, Zeile("Kanton", r.total.gemeinden, r.beitraege_kanton))
    d = Diagramm("Beiträge nach Bezirk (Fr.)", "Balken: ausbezahlte Beiträge je Bezirk", (2, 3, 4, 5, 6))
    p.tabelle("Beiträge", _zahlspalten("Bezirk", "Sockelbeitrag", "betrag"), reihen, d)


def _aufwand(p: Seite, r: Jahresbericht) -> None:
    p.beginne("Aufwand und Ansätze", f"Aufwand {r.jahr} und Höhe der Ansätze")
    p.band("Ansätze (Ziff. 4.3.2)")
    for leistung in Leistung:
        for text, betrag in r.ansaetze[leistung]:
            p.wert(text, "nicht geregelt" if betrag is None else betrag, "betrag")
    p.zeile += 1
    p.band("Effektiver Aufwand der Gemeinden, die ihn angegeben haben (Anhang 3)")
    for was, wert, stil in r.aufwand:
        p.wert(was, wert, stil)
    p.zeile += 1
    for satz in r.lesehilfe:
        p.absatz(satz, "unterzeile")
    p.zeile += 1
    d = Diagramm("Pro Gespräch (Fr.)", "Balken: Aufwand und Pauschalen pro Gespräch", (3, 4), gestapelt=False)
    if len(r.aufwand_klassen) > 1:
        spalten = list(_aufwandspalten("Ausländische Einwohner/innen"))
        p.tabelle("AufwandGrösse", spalten, _reihen(r.aufwand_klassen), d)
    p.tabelle("AufwandBezirk", list(_aufwandspalten("Bezirk")), _reihen(r.aufwand_bezirke))


def _aufwandspalten(erste: str) -> Iterator[Kopf]:
    yield Kopf(erste)
    yield Kopf("Gemeinden mit Angabe", "rechnung")
    for titel in ("Stunden pro Gespräch", "Aufwand pro Gespräch", "Pauschalen pro Gespräch"):
        yield Kopf(titel, "betrag")
    yield Kopf("Deckung", "prozent")
