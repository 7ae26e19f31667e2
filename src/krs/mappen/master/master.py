"""Master.xlsx: built from everything, never edited, never a source (design 1, 4.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from krs import __version__
from krs.formulare.anhang2 import Anhang2
from krs.formulare.anhang3 import Anhang3
from krs.formulare.arten import ARTEN
from krs.formulare.befund import Befund, Stufe
from krs.formulare.formular import formular
from krs.formulare.typen import Modell
from krs.lauf.buchung import Buchung, Journal
from krs.lauf.kredit import kreditstand
from krs.lauf.plan import Abrechnung
from krs.lauf.status import mit_laeufen
from krs.lauf.uebersicht import forderungszeilen
from krs.mappen.gestalt.stile import Mappe
from krs.mappen.gestalt.tabelle import Fingerabdruck, Formel, Schreiber, Spalte, Wert
from krs.mappen.lesen.formular import Abgewiesen, alle_zellen
from krs.mappen.master import auswertung, uebersicht
from krs.recht import datum, franken
from krs.schreiben.rueckmeldung import entscheidtext
from krs.stammdaten.stammdaten import Entscheid
from krs.urteil.ansprueche import Anspruch
from krs.urteil.fassungsvergleich import kurz
from krs.urteil.tafel import Zeile
from krs.urteil.urteil import Urteil

KENNBLATT = "_krs_master"
_BEFUND = {
    "datei": 30, "gemeinde": 22, "bfs_nr": 8, "formular": 10, "periode": 9, "blatt": 14, "zelle": 7, "feld": 24,
    "wert": 16, "stufe": 10, "code": 8, "ziffer": 7, "meldung": 90,
}  # fmt: skip
_KONSTANTEN = ("gemeinde", "bfs_nr", "periode", "jahr")


def master_mappe(
    urteil: Urteil,
    stammdaten_befunde: Sequence[Befund],
    stammdaten_sha: str,
    journal: Journal | None = None,
    abrechnungen: Sequence[Abrechnung] = (),
) -> bytes:
    """Return the Master for a judgement and the runs released so far; the same bytes for the same inputs."""
    journal = journal or Journal()
    heute, urteil = urteil, mit_laeufen(urteil, journal)
    mappe = Mappe(f"start.integration – Master, Stichtag {datum(urteil.stichtag)}")
    s = Schreiber(mappe)
    befunde = [*((b, None) for b in stammdaten_befunde), *urteil.befunde]
    uebersicht.blatt(s, urteil, befunde)
    _einreichungen(s, urteil)
    _formularblatt(s, urteil, "Reporting", Anhang2)
    _formularblatt(s, urteil, "Selbstdeklaration", Anhang3)
    _befunde(s, befunde)
    _ansprueche(s, urteil)
    _laeufe(s, journal, abrechnungen)
    _rueckforderungen(s, urteil, journal)
    _kredit(s, heute, journal)
    auswertung.blatt(s, urteil)
    _protokoll(s, urteil, stammdaten_sha)
    kenn = mappe.buch.add_worksheet(KENNBLATT)
    kenn.write_string(0, 0, s.abdruck.wert())
    kenn.very_hidden()
    return mappe.bytes()


def von_hand_geaendert(daten: bytes) -> bool:
    """Return True if values of an existing Master differ from what we wrote, or it is none of ours."""
    try:
        blaetter, _ = alle_zellen(daten, "Master.xlsx", lambda _: True)
    except Abgewiesen:
        return True
    abdruck = Fingerabdruck()
    soll = ""
    for blatt, zellen in blaetter.items():
        for (zeile, spalte), zelle in zellen.items():
            if blatt == KENNBLATT:
                soll = str(zelle.wert) if (zeile, spalte) == (1, 1) else soll
            else:
                abdruck.nimm(blatt, zeile - 1, spalte - 1, zelle.fehler or zelle.wert)
    return abdruck.wert() != soll


def ampel(s: Schreiber, blatt: Worksheet, spalte: int, zeilen: int, marken: dict[str, str]) -> None:
    """Mark cells by their text: colour and weight, so that the mark does not hang on colour alone."""
    for text, stil in marken.items():
        regel = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": s.mappe.marke(stil)}
        blatt.conditional_format(1, spalte, max(zeilen, 1), spalte, regel)


def _einreichungen(s: Schreiber, urteil: Urteil) -> None:
    spalten = [
        Spalte("BFS-Nr.", "nummer", 8), Spalte("Gemeinde", "text", 24), Spalte("Formular", "text", 10),
        Spalte("Periode", "text", 9), Spalte("Version", "text", 9), Spalte("Eingang", "datum", 11),
        Spalte("Frist", "datum", 11), Spalte("Tage verspätet", "ganz", 10), Spalte("Nullmeldung", "mitte", 13),
        Spalte("Status", "text", 24), Spalte("Datei", "text", 46), Spalte("SHA-256", "klein", 20),
        Spalte("Fehler", "ganz", 8), Spalte("Rückfragen", "ganz", 11), Spalte("Hinweise", "ganz", 9),
        Spalte("Bemerkung", "text", 70), Spalte("Änderungen", "text", 80),
    ]  # fmt: skip
    blatt = s.blatt("Einreichungen", spalten, (_einreichung(z) for z in urteil.zeilen))
    ampel(s, blatt, 9, len(urteil.zeilen), STATUS_MARKEN)


STATUS_MARKEN = {"fehlerhaft": "rot", "Rückfrage offen": "gelb", "fehlt": "grau", "ersetzt": "leise"}
STUFE_MARKEN = {"Fehler": "rot", "Rückfrage": "gelb"}
ANSPRUCH_MARKEN = {"zurückgestellt": "gelb", "nicht beitragsberechtigt": "rot", "ersetzt": "leise"}


def _einreichung(z: Zeile) -> list[Wert]:
    return [
        z.bfs_nr, z.gemeinde, z.formular, z.periode, z.version, z.eingang, z.frist, z.tage, z.nullmeldung,
        z.status, z.datei, z.sha256, *z.stufen, z.bemerkung,
        kurz(z.aenderungen),
    ]  # fmt: skip


def _formularblatt(s: Schreiber, urteil: Urteil, name: str, art: type[Modell]) -> None:
    form = formular("anhang2" if art is Anhang2 else "anhang3")
    zeit = "Periode" if art is Anhang2 else "Jahr"
    felder = [f for f in form.felder.values() if f.schluessel not in _KONSTANTEN and f.art != "berechnet"]
    spalten = [Spalte("BFS-Nr.", "nummer", 8), Spalte("Gemeinde", "text", 24), Spalte("Bezirk", "text", 13)]
    spalten.append(Spalte(zeit, "text" if art is Anhang2 else "nummer", 9))
    spalten += [
        Spalte(f.schluessel, ARTEN[f.art].stil, max(ARTEN[f.art].breite, len(f.schluessel) + 2)) for f in felder
    ]
    zeilen = []
    for f in urteil.gueltige:
        if isinstance(f.modell, art) and f.akte.bfs_nr is not None:
            gemeinde = urteil.stammdaten.gebiet.gemeinde(f.akte.bfs_nr)
            zeit_wert: Wert = f.akte.periode if art is Anhang2 else int(f.akte.periode)
            werte = [_feldwert(f.modell.wert(x.schluessel)) for x in felder]
            zeilen.append([f.akte.bfs_nr, f.akte.gemeinde, gemeinde.bezirk if gemeinde else "", zeit_wert, *werte])
    s.blatt(name, spalten, sorted(zeilen, key=lambda z: (str(z[3]), int(str(z[0])))), fest=4)


def _feldwert(wert: object) -> Wert:
    if isinstance(wert, tuple):
        return "; ".join(" ".join(str(v) for v in z.model_dump().values() if v is not None) for z in wert)
    if wert is None or isinstance(wert, (str, int, Decimal)):
        return wert
    return wert  # type: ignore[return-value]  # a date


def _befunde(s: Schreiber, befunde: Sequence[tuple[Befund, Entscheid | None]]) -> None:
    stil = {"bfs_nr": "nummer", "meldung": "umbruch"}
    spalten = [Spalte(n, stil.get(n, "text"), b) for n, b in _BEFUND.items()] + [Spalte("Entscheid", "umbruch", 40)]
    zeilen = ([*_befundwerte(b), entscheidtext(e)] for b, e in befunde)
    blatt = s.blatt("Befunde", spalten, zeilen)
    ampel(s, blatt, 9, len(befunde), STUFE_MARKEN)


def _befundwerte(b: Befund) -> Iterator[Wert]:
    for name in _BEFUND:
        wert = getattr(b, name)
        yield str(wert) if isinstance(wert, Stufe) else wert


def _ansprueche(s: Schreiber, urteil: Urteil) -> None:
    spalten = [
        Spalte("BFS-Nr.", "nummer", 8), Spalte("Gemeinde", "text", 24), Spalte("Leistung", "text", 36),
        Spalte("Periode", "text", 9), Spalte("Anzahl", "rechnung", 9), Spalte("Ansatz", "betrag", 9),
        Spalte("Betrag", "betrag", 13), Spalte("gültig ab", "datum", 11), Spalte("Ziffer", "text", 7),
        Spalte("Status", "text", 23), Spalte("Lauf", "text", 9), Spalte("Grund", "text", 22),
        Spalte("Rechenweg", "text", 78), Spalte("Datei", "text", 40), Spalte("SHA-256", "klein", 20),
    ]  # fmt: skip
    zeilen = [_anspruch(a, n) for n, a in enumerate(urteil.ansprueche, 2)]
    blatt = s.blatt("Ansprüche", spalten, zeilen)
    ampel(s, blatt, 9, len(zeilen), ANSPRUCH_MARKEN)


def _anspruch(a: Anspruch, zeile: int) -> list[Wert | Formel]:
    betrag = Formel(f"=ROUND(E{zeile}*F{zeile}*20,0)/20", a.betrag) if a.betrag is not None else None
    return [
        a.bfs_nr, a.gemeinde, str(a.leistung), a.periode, a.anzahl, a.ansatz, betrag, a.gueltig_ab, a.ziffer,
        a.status, a.lauf, a.grund, a.rechenweg, a.datei, a.sha256,
    ]  # fmt: skip


def _laeufe(s: Schreiber, journal: Journal, abrechnungen: Sequence[Abrechnung]) -> None:
    """Buchungen and Abrechnung: what released runs did."""
    spalten = [
        Spalte("Buchung", "text", 34), Spalte("Lauf", "text", 9), Spalte("Datum", "datum", 11),
        Spalte("Art", "text", 14), Spalte("BFS-Nr.", "nummer", 8), Spalte("Gemeinde", "text", 24),
        Spalte("Empfänger BFS-Nr.", "nummer", 11), Spalte("Betrag", "betrag", 13),
        Spalte("Anspruch BFS-Nr.", "nummer", 11), Spalte("Leistung", "text", 36), Spalte("Periode", "text", 9),
        Spalte("Anzahl", "rechnung", 9), Spalte("Ansatz", "betrag", 9), Spalte("Rückforderung", "text", 16),
        Spalte("Kreditjahr", "ganz", 10), Spalte("Konto", "text", 11), Spalte("SHA-256", "klein", 20),
        Spalte("Zellen", "text", 24), Spalte("Grund", "text", 40),
    ]  # fmt: skip
    s.blatt("Buchungen", spalten, (_buchung(b) for b in journal.buchungen))
    abrechnung = [
        Spalte("Lauf", "text", 9), Spalte("BFS-Nr.", "nummer", 8), Spalte("Gemeinde", "text", 24),
        Spalte("Empfänger BFS-Nr.", "nummer", 11),
        *(Spalte(t, "betrag", 15) for t in ("Anspruch", "Differenz früher", "Verrechnet", "Auszahlung", "Rechnung")),
    ]  # fmt: skip
    zeilen: list[list[Wert]] = [
        [a.lauf, a.bfs_nr, a.gemeinde, a.empfaenger, a.anspruch, a.differenz, a.verrechnet, a.auszahlung, a.rechnung]
        for a in abrechnungen
    ]
    s.blatt("Abrechnung", abrechnung, zeilen)


def _buchung(b: Buchung) -> list[Wert]:
    p = b.posten
    wofuer: list[Wert] = [p.bfs_nr, str(p.leistung), p.periode] if p else [None, "", ""]
    return [
        b.id, b.lauf, b.datum, str(b.art), b.bfs_nr, b.gemeinde, b.empfaenger, b.betrag, *wofuer, b.anzahl, b.ansatz,
        b.rueckforderung, b.kreditjahr, b.konto, b.sha256, b.zellen, b.grund,
    ]  # fmt: skip


def _rueckforderungen(s: Schreiber, urteil: Urteil, journal: Journal) -> None:
    """What was decided, and what runs made out of negative balances; behind it what became of each."""
    spalten = [
        Spalte("Nr.", "text", 14), Spalte("BFS-Nr.", "nummer", 8), Spalte("Gemeinde", "text", 24),
        Spalte("Datum", "datum", 11), Spalte("Betrag", "betrag", 13), Spalte("Grund", "text", 44),
        Spalte("Ziffer", "text", 8), Spalte("verfügt von", "text", 12), Spalte("freigegeben von", "text", 14),
        Spalte("bezahlt am", "datum", 11), Spalte("bezahlter Betrag", "betrag", 14),
        Spalte("verrechnet", "betrag", 13), Spalte("Rest", "betrag", 13), Spalte("Rechnung", "text", 18),
        Spalte("fällig", "datum", 11), Spalte("Stand", "text", 20),
    ]  # fmt: skip
    erfasst = {r.nr: r for r in urteil.stammdaten.rueckforderungen}
    zeilen: list[list[Wert]] = []
    for eintrag in forderungszeilen(urteil.stammdaten, journal, urteil.stichtag):
        f, r = eintrag.forderung, erfasst.get(eintrag.forderung.nr)
        wer: list[Wert] = ["", "", "", None, None]
        if r is not None:
            wer = [r.ziffer, r.verfuegt_von, r.freigegeben_von, r.bezahlt_am, r.bezahlter_betrag]
        zeilen.append([
            f.nr, f.bfs_nr, eintrag.gemeinde, f.datum, f.betrag, f.grund, *wer, f.verrechnet,
            f.rest, f.rechnung.nr if f.rechnung else "", f.rechnung.faellig if f.rechnung else None,
            eintrag.stand,
        ])  # fmt: skip
    s.blatt("Rückforderungen", spalten, zeilen)


def _kredit(s: Schreiber, urteil: Urteil, journal: Journal) -> None:
    """Credit per year: talks count for the year of service, the Sockelbeitrag for its year (Ziff. 4.3.4)."""
    spalten = [
        Spalte("Jahr", "ganz", 8), Spalte("Kredit", "betrag", 15), Spalte("anerkannt", "betrag", 15),
        Spalte("zurückgestellt", "betrag", 15), Spalte("Rest", "betrag", 15), Spalte("abgeschlossen am", "datum", 16),
        Spalte("Bemerkung", "text", 50), Spalte("davon bezahlt", "betrag", 15), Spalte("Überschuss", "betrag", 15),
    ]  # fmt: skip
    kredite = {k.jahr: k for k in urteil.stammdaten.kredit}
    zeilen: list[list[Wert | Formel]] = []
    for zeile, jahr in enumerate(sorted({*kredite, *auswertung.jahre(urteil)}), 2):
        k, stand = kredite.get(jahr), kreditstand(urteil, journal, jahr, urteil.stichtag)
        rest = Formel(f"=B{zeile}-C{zeile}", stand.rest) if stand.rest is not None else None
        zeilen.append([
            jahr, stand.kredit, stand.anerkannt, stand.zurueckgestellt, rest, stand.abgeschlossen_am,
            k.bemerkung if k else "", stand.bezahlt, stand.ueberschuss,
        ])  # fmt: skip
    s.blatt("Kredit", spalten, zeilen)


def _protokoll(s: Schreiber, urteil: Urteil, stammdaten_sha: str) -> None:
    spalten = [Spalte("Was", "text", 34), Spalte("Wert", "text", 70), Spalte("Quelle", "umbruch", 70)]
    zeilen: list[list[Wert]] = [
        ["Stichtag", datum(urteil.stichtag), "Was später einging, ist nicht berücksichtigt."],
        ["Software", f"krs {__version__}", ""],
        ["Stammdaten (SHA-256)", stammdaten_sha, "Stammdaten.xlsx"],
        ["Gelesene Dateien", str(sum(1 for z in urteil.zeilen if z.datei)), "Eingang und Archiv"],
    ]
    for leistung, reihe in urteil.stammdaten.tarife.items():
        for w in reihe.werte:
            ansatz = franken(w.betrag) if w.betrag is not None else "nicht geregelt"
            if w.zu_bestaetigen:
                ansatz += " – zu bestätigen durch AGS"
            zeilen.append([str(leistung), f"ab {datum(w.ab)}: {ansatz}", w.quelle or w.unbekannt])
    s.blatt("Protokoll", spalten, zeilen, fest=1)
