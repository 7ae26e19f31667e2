"""The protocol of a spot check, and the population with which anyone can repeat the draw (Ziff. 4.2, 4.3.1, 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from krs.formulare.befund import mehrzahl
from krs.mappen.gestalt.stile import STILE, Mappe, regel
from krs.mappen.gestalt.tabelle import Formel, Kopf, Schreiber, Wert
from krs.recht import Halbjahr, datum, franken
from krs.recht.stichprobe import Gezogen, einheitstext, hashtext, pruefsumme, reihenfolge, sha256, ziehe, zufallszahl
from krs.schreiben.stichprobe import Zeile

_METHODE = {
    False: "gleich – jede Gemeinde hat dieselbe Chance, gezogen zu werden",
    True: "nach Betrag – die Chance wächst mit dem anerkannten Betrag; wer keinen hat, wird nie gezogen",
}
_AUFTRAG = (
    "Zu prüfen: Liegen für die gemeldeten Gespräche und Dolmetscheinsätze Nachweise vor (Ziff. 4.3.1), und sind die "
    "Bedingungen der Beitragsberechtigung erfüllt (Ziff. 4.2)? Der Kanton hat dafür vollen Einblick (Ziff. 4.2, 6). "
    "Bitte Anzahlen eintragen, keine Namen von Personen."
)
_SPALTEN = (
    Kopf("Nr.", "nummer", 6), Kopf("BFS-Nr.", "nummer", 10), Kopf("Gemeinde", "text", 25),
    Kopf("Bezirk", "text", 13), Kopf("Gespräche", "rechnung", 11), Kopf("Dolmetscheinsätze", "rechnung", 18),
    Kopf("Betrag (Fr.)", "betrag", 13), Kopf("", "text", 1.5), Kopf("Nachweise vorhanden", "ein_ja_nein", 12),
    Kopf("geprüft (Anzahl)", "ein_anzahl", 10), Kopf("Abweichung (Anzahl)", "ein_anzahl", 12),
    Kopf("Bemerkung", "ein_text", 34), Kopf("Visum", "ein_text", 8), Kopf("Datum", "ein_datum", 12),
)  # fmt: skip
_GRUNDLAGE = "start.integration · Kreisschreiben KRS-GEF-2017/01, Ziff. 4.2, 4.3.1 und 6"
_FREI, _DATUM = 8, 13  # columns: the first and the last that the officer fills in
_ZEILE = 30  # points: room to write by hand


@dataclass(frozen=True, slots=True)
class Ziehung:
    """What is drawn: the half-year, the day of the judgement, and the arguments of the draw."""

    periode: Halbjahr
    stichtag: date
    anzahl: int
    seed: int
    gewichtet: bool


def stichprobe_mappe(grundgesamtheit: Sequence[Zeile], ziehung: Ziehung) -> bytes:
    """Return the protocol workbook; the same bytes for the same arguments, whatever the order of the rows.

    Raises: ValueError: the draw is not possible (German sentence; krs.recht.stichprobe.ziehe).
    """
    alle = {z.bfs_nr: z for z in sorted(grundgesamtheit, key=lambda z: z.bfs_nr)}
    einheiten = [z.einheit for z in grundgesamtheit]
    gezogen = ziehe(einheiten, ziehung.anzahl, ziehung.seed, ziehung.gewichtet)
    folge = reihenfolge(einheiten, ziehung.seed, ziehung.gewichtet)
    mappe = Mappe(f"start.integration – Stichprobe {ziehung.periode}")
    s = Schreiber(mappe)
    _protokoll(s, ziehung, list(_fakten(list(alle.values()), ziehung)), [alle[g.einheit.bfs_nr] for g in gezogen])
    _population(s, ziehung, alle, folge)
    return mappe.bytes()


def _fakten(alle: Sequence[Zeile], z: Ziehung) -> Iterator[tuple[str, str]]:
    gemeinden = mehrzahl(len(alle), "Gemeinde", "Gemeinden")
    ohne = sum(not zeile.betrag for zeile in alle)
    total = sum((zeile.betrag for zeile in alle), Decimal("0.00"))
    yield "Periode", f"{z.periode.text} ({z.periode})"
    yield "Stichtag", f"{datum(z.stichtag)} – an diesem Tag geltende Anhang 2 und anerkannte Beträge"
    yield "Ziehung", _METHODE[z.gewichtet]
    yield "Startwert (Seed)", f"{z.seed} – derselbe Startwert ergibt dieselbe Ziehung; für jede Periode neu zu wählen"
    yield "Anzahl", f"{z.anzahl}"
    yield "Grundgesamtheit", f"{gemeinden}, davon {ohne} ohne anerkannten Betrag; anerkannt zusammen {franken(total)}"
    yield "Prüfsumme", f"{pruefsumme(zeile.einheit for zeile in alle)} (SHA-256, Blatt Grundgesamtheit)"


def _protokoll(s: Schreiber, z: Ziehung, fakten: Sequence[tuple[str, str]], gezogene: Sequence[Zeile]) -> None:
    b = s.mappe.blatt("Protokoll", quer=True)
    breiten = [x.breite for x in _SPALTEN]
    s.kopf(b, breiten, f"Stichprobe {z.periode.text}", _GRUNDLAGE, "text")
    for zeile, (was, wert) in enumerate(fakten, 3):
        s.zelle(b, zeile, 0, was, "untertitel")
        s.zelle(b, zeile, 2, wert)
    kopf = 3 + len(fakten) + 3
    s.absatz(b, kopf - 2, _AUFTRAG, breiten)
    _liste(s, b, kopf, gezogene)
    _unterschrift(s, b, kopf + len(gezogene) + 3)
    b.set_selection(kopf + 1, _FREI, kopf + 1, _FREI)
    b.protect("", {"format_rows": True, "format_columns": True})
    _druck(b, f"Stichprobe {z.periode}", kopf)


def _liste(s: Schreiber, b: Worksheet, kopf: int, gezogene: Sequence[Zeile]) -> None:
    """Write the drawn municipalities, and beside each the cells that the officer fills in."""
    b.set_row(kopf, _ZEILE)
    for nummer, spalte in enumerate(_SPALTEN):
        stil = s.mappe["tabellenkopf_rechts" if spalte.stil in ("rechnung", "betrag") else "tabellenkopf"]
        b.write(kopf, nummer, spalte.titel, stil)
    for rang, z in enumerate(gezogene, 1):
        b.set_row(kopf + rang, _ZEILE)
        werte: tuple[Wert, ...] = (rang, z.bfs_nr, z.gemeinde, z.bezirk, z.gespraeche, z.einsaetze, z.betrag)
        for nummer, wert in enumerate(werte):
            s.zelle(b, kopf + rang, nummer, wert, _SPALTEN[nummer].stil)
        for nummer, spalte in enumerate(_SPALTEN[_FREI:], _FREI):
            b.write_blank(kopf + rang, nummer, None, s.mappe[spalte.stil])
    erste, letzte = kopf + 1, kopf + len(gezogene)
    linie = s.mappe.buch.add_format({k: STILE["linie"][k] for k in ("bottom", "bottom_color")})
    b.conditional_format(erste, 0, letzte, _FREI - 2, {"type": "no_errors", "format": linie})
    b.data_validation(erste, _FREI, letzte, _FREI, regel("ja_nein", ("Ja", "Nein")))
    b.data_validation(erste, _FREI + 1, letzte, _FREI + 2, regel("anzahl"))
    b.data_validation(erste, _DATUM, letzte, _DATUM, regel("datum"))


def _unterschrift(s: Schreiber, b: Worksheet, zeile: int) -> None:
    """Write three lines to sign on."""
    b.set_row(zeile, 24)
    for von, bis, was in ((0, 3, "Ort, Datum"), (5, 9, "Name, Funktion"), (11, 13, "Unterschrift")):
        b.merge_range(zeile, von, zeile, bis, None, s.mappe["linie"])
        s.zelle(b, zeile + 1, von, was, "klein")


def _population(s: Schreiber, z: Ziehung, alle: dict[int, Zeile], folge: Sequence[Gezogen]) -> None:
    """Write all municipalities in the order of the draw; u and the key are living formulas."""
    b = s.mappe.blatt("Grundgesamtheit", quer=True)
    spalten = (
        Kopf("Rang", "nummer", 7), Kopf("gezogen", "text", 10), Kopf("BFS-Nr.", "nummer", 10),
        Kopf("Gemeinde", "text", 25), Kopf("Bezirk", "text", 13), Kopf("SHA-256", "klein", 56),
        Kopf("u", "rechts", 22), Kopf("Betrag (Fr.)", "betrag", 14), Kopf("Schlüssel", "rechts", 23),
    )  # fmt: skip
    breiten = [x.breite for x in spalten]
    s.kopf(b, breiten, f"Grundgesamtheit {z.periode.text}", _GRUNDLAGE, "text")
    kopf = 3
    for kopf, absatz in enumerate(_anleitung(z, next(iter(alle.values())), len(folge)), 3):
        s.absatz(b, kopf, absatz, breiten)
    kopf += 2
    zeilen_ = [_gezogen(z, alle[g.einheit.bfs_nr], g) for g in folge]
    mit_rang = {g.einheit.bfs_nr for g in folge}
    ohne = [zeile for bfs, zeile in alle.items() if bfs not in mit_rang]
    zeilen_ += [[None, "", *_gemeinde(zeile, sha256(z.seed, zeile.bfs_nr)), None] for zeile in ohne]
    s.tabelle(b, "Grundgesamtheit", spalten, zeilen_, kopf)
    for nummer in (6, 8):
        b.write_string(kopf, nummer, spalten[nummer].titel, s.mappe["tabellenkopf_rechts"])
    b.freeze_panes(kopf + 1, 4)
    _druck(b, f"Stichprobe {z.periode} · Grundgesamtheit", kopf)


def _anleitung(z: Ziehung, erste: Zeile, ziehbar: int) -> Iterator[str]:
    text = hashtext(z.seed, erste.bfs_nr)
    yield (
        f"So lässt sich die Ziehung nachrechnen: SHA-256 des Textes aus Startwert und BFS-Nummer (für {erste.gemeinde} "
        f"«{text}»); davon sind die ersten 13 Ziffern eine hexadezimale Zahl n; u = (n + 0.5) / 16^13."
    )
    schluessel = "Schlüssel = −ln(u) / Betrag (Efraimidis und Spirakis)" if z.gewichtet else "Schlüssel = u"
    viele = "ist der kleinste" if z.anzahl == 1 else f"sind die {z.anzahl} kleinsten"
    zuletzt = " Ohne Betrag gibt es keinen Schlüssel." if z.gewichtet else ""
    yield (
        f"{schluessel}. Gezogen {viele} von {ziehbar} Schlüsseln; bei gleichem "
        f"Schlüssel kommt die kleinere BFS-Nummer zuerst.{zuletzt} "
        "u und Schlüssel sind Formeln."
    )
    yield (
        f"Prüfsumme im Protokoll: SHA-256 über alle Zeilen «{einheitstext(erste.einheit)}» (BFS-Nummer; Betrag ohne "
        "Nullen am Ende), nach BFS-Nummer geordnet und mit einem Zeilenvorschub (LF) getrennt."
    )


def _gezogen(z: Ziehung, zeile: Zeile, g: Gezogen) -> list[Wert | Formel]:
    formel = "=-LN([u])/[Betrag (Fr.)]" if z.gewichtet else "=[u]"
    marke = "Ja" if g.rang <= z.anzahl else ""
    return [g.rang, marke, *_gemeinde(zeile, g.sha256), Formel(formel, g.schluessel)]


def _gemeinde(zeile: Zeile, summe: str) -> tuple[int, str, str, str, Formel, Decimal]:
    n = "HEX2DEC(LEFT([SHA-256],6))*16^7+HEX2DEC(MID([SHA-256],7,7))"  # HEX2DEC takes 10 digits at most
    u = Formel(f"=({n}+0.5)/16^13", zufallszahl(summe))
    return zeile.bfs_nr, zeile.gemeinde, zeile.bezirk, summe, u, zeile.betrag


def _druck(b: Worksheet, name: str, kopf: int) -> None:
    b.repeat_rows(kopf)
    b.set_footer(f"&L&8start.integration · {name}&R&8Seite &P von &N", {"scale_with_doc": False})
