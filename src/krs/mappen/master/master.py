"""Master.xlsx: built from everything, never edited, never a source (entwurf 1, 4.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from krs import __version__
from krs.formulare.anhang2 import Anhang2
from krs.formulare.anhang3 import Anhang3
from krs.formulare.arten import ARTEN
from krs.formulare.befund import Befund
from krs.formulare.formular import formular
from krs.formulare.typen import Modell
from krs.lauf.buchung import NULL, Journal, summe
from krs.lauf.gezahlt import mit_laeufen
from krs.lauf.heute import Aufgabe
from krs.lauf.kredit import Kreditstand, kreditstand, traeger
from krs.lauf.plan import Abrechnung
from krs.lauf.status import mit_geloeschten
from krs.lauf.uebersicht import forderungszeilen
from krs.mappen.gestalt.stile import Mappe
from krs.mappen.gestalt.tabelle import Fingerabdruck, Schreiber, Spalte, Wert, bereich
from krs.mappen.lesen.formular import Abgewiesen, alle_zellen
from krs.mappen.master import auswertung, heute, spalten, uebersicht
from krs.recht import datum, franken
from krs.urteil.ansprueche import summe as summe_der_ansprueche
from krs.urteil.fassung import Fassung
from krs.urteil.tafel import GELOESCHT
from krs.urteil.urteil import Urteil

KENNBLATT = "_krs_master"
NOCH_KEINER = Journal()  # no run is released yet
_KONSTANTEN = ("gemeinde", "bfs_nr", "periode", "jahr")


def master_mappe(  # noqa: PLR0913, PLR0917 all that the workbook shows
    urteil: Urteil,
    stammdaten_befunde: Sequence[Befund],
    stammdaten_sha: str,
    journal: Journal = NOCH_KEINER,
    abrechnungen: Sequence[Abrechnung] = (),
    eingaenge: Sequence[tuple[Wert, ...]] = (),
    fragen: spalten.Fragen = spalten.KEINE,
    zu_tun: Sequence[Aufgabe] = (),
) -> bytes:
    """Return the Master for a judgement and the runs released so far; the same bytes for the same inputs.

    Args:
        eingaenge: the lines of the journal of intake.
        fragen: file and code of what is open → since when, and how often it was asked.
        zu_tun: what is due on the Stichtag.
    """
    urteil = mit_geloeschten(urteil, journal)
    bezahlt = mit_laeufen(urteil, journal)
    mappe = Mappe(f"start.integration – Master, Stichtag {datum(urteil.stichtag)}")
    s = Schreiber(mappe)
    eigene: list[spalten.Beurteilt] = [(b, None) for b in stammdaten_befunde]
    heute.blatt(s, zu_tun, urteil.stichtag)
    staende = _kreditstaende(urteil, journal)
    uebersicht.blatt(s, bezahlt, [*eigene, *urteil.zaehlende()], tuple(_kontrollen(bezahlt, journal, staende)))
    s.blatt("Einreichungen", (*spalten.EINREICHUNGEN, spalten.offen_seit(fragen), spalten.ERREICHT), urteil.zeilen)
    _formularblatt(s, urteil, "Reporting", Anhang2)
    _formularblatt(s, urteil, "Selbstdeklaration", Anhang3)
    s.blatt("Befunde", (*spalten.BEFUNDE, *spalten.alter(fragen)), [*eigene, *urteil.befunde])
    s.blatt("Ansprüche", spalten.ANSPRUECHE, bezahlt.ansprueche)
    s.blatt("Buchungen", spalten.BUCHUNGEN, journal.buchungen)
    s.blatt("Abrechnung", spalten.ABRECHNUNG, abrechnungen)
    _rueckforderungen(s, urteil, journal)
    s.blatt("Kredit", spalten.KREDIT, staende)
    auswertung.blatt(s, bezahlt)
    _protokoll(s, urteil, stammdaten_sha)
    s.blatt("Eingangsjournal", spalten.EINGANGSJOURNAL, eingaenge)
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


def _formularblatt(s: Schreiber, urteil: Urteil, name: str, art: type[Modell]) -> None:
    form = formular("anhang2" if art is Anhang2 else "anhang3")
    felder = [f for f in form.felder.values() if f.schluessel not in _KONSTANTEN and f.art != "berechnet"]
    reihe: list[Spalte[Fassung]] = [
        Spalte("BFS-Nr.", "nummer", 8, lambda f: f.akte.bfs_nr),
        Spalte("Gemeinde", "text", 24, lambda f: f.akte.gemeinde),
        Spalte("Bezirk", "text", 13, lambda f: urteil.stammdaten.gebiet.bezirk(f.akte.bfs_nr or 0)),
        Spalte("Periode", "text", 9, lambda f: f.akte.periode)
        if art is Anhang2
        else Spalte("Jahr", "nummer", 9, lambda f: int(f.akte.periode)),
        *(
            Spalte(
                f.schluessel, ARTEN[f.art].stil, max(ARTEN[f.art].breite, len(f.schluessel) + 2),
                _aus_modell(f.schluessel),
            )
            for f in felder
        ),
    ]  # fmt: skip
    gemeint = [f for f in urteil.gueltige if isinstance(f.modell, art) and f.akte.bfs_nr is not None]
    gemeint += [f for f in urteil.geloeschte if f.formular is form]
    s.blatt(name, reihe, sorted(gemeint, key=lambda f: (f.akte.periode, f.akte.bfs_nr or 0)), fest=4)


def _aus_modell(schluessel: str) -> Callable[[Fassung], Wert]:
    def wert(f: Fassung) -> Wert:
        leer = GELOESCHT if f.einreichung.grab else None  # its figures are gone, and no zero
        gelesen: Wert | tuple[Modell, ...] = f.modell.wert(schluessel) if f.modell else leer
        if isinstance(gelesen, tuple):
            return "; ".join(" ".join(str(v) for v in z.model_dump().values() if v is not None) for z in gelesen)
        return gelesen

    return wert


def _rueckforderungen(s: Schreiber, urteil: Urteil, journal: Journal) -> None:
    """What was decided, and what runs made out of negative balances; behind it what became of each."""
    erfasst = {r.nr: r for r in urteil.stammdaten.rueckforderungen}
    alle = forderungszeilen(urteil.stammdaten, journal, urteil.stichtag)
    s.blatt("Rückforderungen", spalten.RUECKFORDERUNGEN, ((z, erfasst.get(z.forderung.nr)) for z in alle))


def _kreditstaende(urteil: Urteil, journal: Journal) -> list[tuple[Kreditstand, str]]:
    """Return the credit of each year: talks count for the year of service, the Sockelbeitrag for its year (4.3.4)."""
    stamm, tag = urteil.stammdaten, urteil.stichtag
    bemerkung = {k.jahr: k.bemerkung for k in stamm.kredit}
    jahre = {jahr for j in auswertung.jahre(urteil) for jahr in (j, traeger(stamm, j, tag))}
    jahre |= {b.kreditjahr for b in journal.buchungen if b.kreditjahr is not None}
    return [(kreditstand(urteil, journal, j, tag), bemerkung.get(j, "")) for j in sorted({*bemerkung, *jahre})]


def _kontrollen(
    urteil: Urteil, journal: Journal, staende: Sequence[tuple[Kreditstand, str]]
) -> Iterator[uebersicht.Kontrolle]:
    """Yield what must close between Ansprüche, Buchungen and Kredit, to the Rappen."""
    tag = urteil.stichtag
    gebucht = summe(b for b in journal.buchungen if b.posten is not None and b.datum <= tag)
    bezahlt = sum((a.bezahlt or NULL for a in urteil.ansprueche), NULL)
    zahlen = [
        bereich("Buchungen", spalten.BUCHUNGEN, t, max(len(journal.buchungen), 1)) for t in ("Betrag", "Leistung")
    ]
    yield (
        "Ansprüche, bezahlt = Buchungen der Läufe",
        (f"SUM({uebersicht.spalte_von(urteil, 'bezahlt')})", bezahlt),
        (f'SUMIFS({zahlen[0]},{zahlen[1]},"?*")', gebucht),
    )
    anerkannt = sum((k.anerkannt for k, _ in staende), NULL)
    yield (
        "Anerkannt = Kredit aller Jahre",
        (uebersicht.anerkannt(urteil), summe_der_ansprueche(urteil.ansprueche)),
        (f"SUM({bereich('Kredit', spalten.KREDIT, 'anerkannt', max(len(staende), 1))})", anerkannt),
    )


def _protokoll(s: Schreiber, urteil: Urteil, stammdaten_sha: str) -> None:
    zeilen = [
        ("Stichtag", datum(urteil.stichtag), "Was später einging, ist nicht berücksichtigt."),
        ("Software", f"krs {__version__}", ""),
        ("Stammdaten (SHA-256)", stammdaten_sha, "Stammdaten.xlsx"),
        ("Gelesene Dateien", str(sum(1 for z in urteil.zeilen if z.datei)), "Eingang und Archiv"),
    ]
    for leistung, reihe in urteil.stammdaten.tarife.items():
        for w in reihe.werte:
            ansatz = franken(w.betrag) if w.betrag is not None else "nicht geregelt"
            if w.zu_bestaetigen:
                ansatz += " – zu bestätigen durch AGS"
            zeilen.append((str(leistung), f"ab {datum(w.ab)}: {ansatz}", w.quelle or w.unbekannt))
    s.blatt("Protokoll", spalten.PROTOKOLL, zeilen, fest=1)
