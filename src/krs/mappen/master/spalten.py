"""The columns of the Master's sheets: title, style, width, value and marks of each in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from krs.formulare.befund import Befund
from krs.lauf.kredit import Kreditstand
from krs.lauf.plan import Abrechnung
from krs.lauf.uebersicht import Forderungszeile
from krs.mappen.berichte import abrechnung
from krs.mappen.gestalt.tabelle import MAL_ANSATZ, Formel, Kopf, Spalte, Wert
from krs.schreiben.rueckmeldung import entscheidtext
from krs.stammdaten.stammdaten import Entscheid
from krs.stammdaten.zeilen import Rueckforderung
from krs.urteil.ansprueche import Anspruch
from krs.urteil.fassungsvergleich import kurz
from krs.urteil.tafel import Zeile

Beurteilt = tuple[Befund, Entscheid | None]
Fragen = Mapping[tuple[str, str], tuple[date, int]]  # file and code → open since, how often asked
KEINE: Fragen = MappingProxyType({})
_BEFUND = {
    "datei": 30, "gemeinde": 22, "bfs_nr": 8, "formular": 10, "periode": 9, "blatt": 14, "zelle": 7, "feld": 24,
    "wert": 16, "stufe": 10, "code": 8, "ziffer": 7, "meldung": 90,
}  # fmt: skip
_STATUS = {"fehlerhaft": "rot", "Rückfrage offen": "gelb", "fehlt": "grau"}
_STATUS |= dict.fromkeys(("noch nicht fällig", "ersetzt", "erledigt"), "leise")
_ANSPRUCH = {"zurückgestellt": "gelb", "nicht beitragsberechtigt": "rot"}
_ANSPRUCH |= dict.fromkeys(("noch nicht fällig", "ersetzt"), "leise")

EINREICHUNGEN: tuple[Spalte[Zeile], ...] = (
    Spalte("BFS-Nr.", "nummer", 8, lambda z: z.bfs_nr),
    Spalte("Gemeinde", "text", 24, lambda z: z.gemeinde),
    Spalte("Formular", "text", 10, lambda z: z.formular),
    Spalte("Periode", "text", 9, lambda z: z.periode),
    Spalte("Version", "text", 9, lambda z: z.version),
    Spalte("Eingang", "datum", 11, lambda z: z.eingang),
    Spalte("Frist", "datum", 11, lambda z: z.frist),
    Spalte("Tage verspätet", "ganz", 10, lambda z: z.tage),
    Spalte("Nullmeldung", "mitte", 13, lambda z: z.nullmeldung),
    Spalte("Status", "text", 24, lambda z: z.status, _STATUS),
    Spalte("Datei", "text", 46, lambda z: z.datei),
    Spalte("SHA-256", "klein", 20, lambda z: z.sha256),
    Spalte("Fehler", "ganz", 8, lambda z: z.stufen[0]),
    Spalte("Rückfragen", "ganz", 11, lambda z: z.stufen[1]),
    Spalte("Hinweise", "ganz", 9, lambda z: z.stufen[2]),
    Spalte("Bemerkung", "text", 70, lambda z: z.bemerkung),
    Spalte("Änderungen", "text", 72, lambda z: kurz(z.aenderungen)),
)
ERREICHT: Spalte[Zeile] = Spalte("Neuzugezogene erreicht", "prozent", 14, lambda z: z.anteil)
ANSPRUECHE: tuple[Spalte[Anspruch], ...] = (
    Spalte("BFS-Nr.", "nummer", 8, lambda a: a.bfs_nr),
    Spalte("Gemeinde", "text", 24, lambda a: a.gemeinde),
    Spalte("Leistung", "text", 36, lambda a: a.leistung),
    Spalte("Periode", "text", 9, lambda a: a.periode),
    Spalte("Anzahl", "rechnung", 9, lambda a: a.anzahl),
    Spalte("Ansatz", "betrag", 9, lambda a: a.ansatz),
    Spalte("Betrag", "betrag", 13, lambda a: None if a.betrag is None else Formel(MAL_ANSATZ, a.betrag)),
    Spalte("gültig ab", "datum", 11, lambda a: a.gueltig_ab),
    Spalte("Ziffer", "text", 7, lambda a: a.ziffer),
    Spalte("Status", "text", 23, lambda a: a.status, _ANSPRUCH),
    Spalte("Lauf", "text", 9, lambda a: a.lauf),
    Spalte("Grund", "text", 22, lambda a: a.grund),
    Spalte("Rechenweg", "text", 78, lambda a: a.rechenweg),
    Spalte("Datei", "text", 40, lambda a: a.datei),
    Spalte("SHA-256", "klein", 20, lambda a: a.sha256),
    Spalte("gemeldet", "rechnung", 10, lambda a: a.gemeldet),
    Spalte("bezahlt", "betrag", 13, lambda a: a.bezahlt),
    Spalte("offen", "betrag", 13, lambda a: a.offen),
)
_BREITEN = {"Buchung": 34, "Zellen": 24, "Grund": 40}
BUCHUNGEN = tuple(replace(s, breite=_BREITEN.get(s.titel, s.breite)) for s in abrechnung.BUCHUNGEN)
ABRECHNUNG: tuple[Spalte[Abrechnung], ...] = (
    Spalte("Lauf", "text", 9, lambda a: a.lauf),
    Spalte("BFS-Nr.", "nummer", 8, lambda a: a.bfs_nr),
    Spalte("Gemeinde", "text", 24, lambda a: a.gemeinde),
    Spalte("Empfänger BFS-Nr.", "nummer", 11, lambda a: a.empfaenger),
    Spalte("Anspruch", "betrag", 15, lambda a: a.anspruch),
    Spalte("Differenz früher", "betrag", 15, lambda a: a.differenz),
    Spalte("Verrechnet", "betrag", 15, lambda a: a.verrechnet),
    Spalte("Auszahlung", "betrag", 15, lambda a: a.auszahlung),
    Spalte("Rechnung", "betrag", 15, lambda a: a.rechnung),
)
# What was decided, or what runs made out of a negative balance: then nothing is entered about it.
RUECKFORDERUNGEN: tuple[Spalte[tuple[Forderungszeile, Rueckforderung | None]], ...] = (
    Spalte("Nr.", "text", 14, lambda x: x[0].forderung.nr),
    Spalte("BFS-Nr.", "nummer", 8, lambda x: x[0].forderung.bfs_nr),
    Spalte("Gemeinde", "text", 24, lambda x: x[0].gemeinde),
    Spalte("Datum", "datum", 11, lambda x: x[0].forderung.datum),
    Spalte("Betrag", "betrag", 13, lambda x: x[0].forderung.betrag),
    Spalte("Grund", "text", 44, lambda x: x[0].forderung.grund),
    Spalte("Ziffer", "text", 8, lambda x: x[1].ziffer if x[1] else None),
    Spalte("verfügt von", "text", 12, lambda x: x[1].verfuegt_von if x[1] else None),
    Spalte("freigegeben von", "text", 14, lambda x: x[1].freigegeben_von if x[1] else None),
    Spalte("bezahlt am", "datum", 11, lambda x: x[1].bezahlt_am if x[1] else None),
    Spalte("bezahlter Betrag", "betrag", 14, lambda x: x[1].bezahlter_betrag if x[1] else None),
    Spalte("verrechnet", "betrag", 13, lambda x: x[0].forderung.verrechnet),
    Spalte("Rest", "betrag", 13, lambda x: x[0].forderung.rest),
    Spalte("Rechnung", "text", 18, lambda x: x[0].forderung.rechnung.nr if x[0].forderung.rechnung else None),
    Spalte("fällig", "datum", 11, lambda x: x[0].forderung.rechnung.faellig if x[0].forderung.rechnung else None),
    Spalte("Stand", "text", 20, lambda x: x[0].stand),
)
KREDIT: tuple[Spalte[tuple[Kreditstand, str]], ...] = (  # beside each state the remark of the Stammdaten
    Spalte("Jahr", "ganz", 8, lambda x: x[0].jahr),
    Spalte("Kredit", "betrag", 15, lambda x: x[0].kredit),
    Spalte("anerkannt", "betrag", 15, lambda x: x[0].anerkannt),
    Spalte("zurückgestellt", "betrag", 15, lambda x: x[0].zurueckgestellt),
    Spalte("Rest", "betrag", 15, lambda x: None if x[0].rest is None else Formel("=[Kredit]-[anerkannt]", x[0].rest)),
    Spalte("abgeschlossen am", "datum", 16, lambda x: x[0].abgeschlossen_am),
    Spalte("Bemerkung", "text", 50, lambda x: x[1]),
    Spalte("davon bezahlt", "betrag", 15, lambda x: x[0].bezahlt),
    Spalte("Überschuss", "betrag", 15, lambda x: x[0].ueberschuss),
)
PROTOKOLL = (Kopf("Was", "text", 34), Kopf("Wert", "text", 70), Kopf("Quelle", "umbruch", 70))

EINGANGSJOURNAL = (
    Kopf("Nr.", "nummer", 8), Kopf("Zeit", "text", 26), Kopf("Konto", "text", 20), Kopf("Visum", "text", 8),
    Kopf("Vorgang", "text", 16), Kopf("SHA-256", "klein", 20), Kopf("Eingang", "datum", 11),
    Kopf("Stichtag", "datum", 11), Kopf("Herkunft", "text", 60), Kopf("Absender", "text", 34),
)  # fmt: skip


def _aus_befund(name: str) -> Callable[[Beurteilt], Wert]:
    return lambda x: getattr(x[0], name)


_STIL = {"bfs_nr": "nummer", "meldung": "umbruch"}
_MARKEN = {"stufe": {"Fehler": "rot", "Rückfrage": "gelb"}}
BEFUNDE: tuple[Spalte[Beurteilt], ...] = (
    *(Spalte(n, _STIL.get(n, "text"), b, _aus_befund(n), _MARKEN.get(n, {})) for n, b in _BEFUND.items()),
    Spalte("Entscheid", "umbruch", 40, lambda x: entscheidtext(x[1])),
)


def alter(fragen: Fragen) -> tuple[Spalte[Beurteilt], ...]:
    """Return the columns that say since when a Befund is open, and how often its sender was asked."""

    def zu(x: Beurteilt, ort: int) -> Wert:
        gefunden = fragen.get((x[0].datei, x[0].code))
        return gefunden[ort] if gefunden and x[0].stufe != "Hinweis" else None

    return Spalte("offen seit", "datum", 11, lambda x: zu(x, 0)), Spalte("gefragt", "ganz", 9, lambda x: zu(x, 1))


def offen_seit(fragen: Fragen) -> Spalte[Zeile]:
    """Return the column that says since when a submission has an open question."""
    je: dict[str, date] = {}
    for (datei, _), (seit, _) in fragen.items():
        je[datei] = min(seit, je.get(datei, seit))
    return Spalte("offen seit", "datum", 11, lambda z: je.get(z.datei) if z.datei else None)
