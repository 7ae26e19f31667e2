"""Sentences and rows that every host shows after a step: the screen below its tables, Excel on its result sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.ablage.durchgang import nicht_gelesen
from krs.formulare.befund import begrenzt, mehrzahl
from krs.lauf.kennung import pruefziffer
from krs.lauf.mutationen import in_kuerze
from krs.recht import chf
from krs.urteil.tafel import FEHLT, Zeile

if TYPE_CHECKING:
    from krs.ablauf import Gemahnt, Geprueft, Gezogene, Konsolidiert, Vorlagen
    from krs.ablauf.beitraege import Anhang1Ergebnis
    from krs.ablauf.laeufe import Zahlungslauf
    from krs.ablauf.uebergabe import Uebergabe

MAHNSPALTEN = ("Gemeinde", "Formular", "Mahnung", "an", "Bemerkung")
_SUMMEN = {
    "anspruch": "Ansprüche dieses Laufs", "differenz": "Differenzen früherer Perioden", "verrechnet": "Verrechnet",
    "auszahlung": "Auszahlung", "rechnung": "In Rechnung gestellt",
}  # fmt: skip


def ist_satz(fehler: Exception) -> bool:
    """Tell whether a ValueError is what the parsers of the core say to people; any other is a mistake of ours."""
    return isinstance(fehler, ValueError) and str(fehler).endswith(".")


# --- forms ----------------------------------------------------------------------------------
def gelesen(ergebnis: Geprueft) -> Iterator[str]:
    """Yield how many files of folders were read, and what was passed over."""
    yield f"{mehrzahl(ergebnis.dateien, 'Datei', 'Dateien')} gelesen."
    yield from nicht_gelesen(ergebnis.ausgelassen, ergebnis.daneben)


def eingelesen(ergebnis: Konsolidiert) -> str:
    """Return how many files lie in Eingang/ and were read, and how many of them are new."""
    return f"{mehrzahl(ergebnis.dateien, 'Datei', 'Dateien')} gelesen, {ergebnis.neue} davon neu."


def geprueft(ergebnis: Geprueft) -> str:
    """Return how many Befunde of each stufe there are."""
    if not ergebnis.befunde:
        return "Keine Befunde: Es ist alles in Ordnung."
    zahl = Counter(str(b.stufe) for b in ergebnis.befunde)
    rueckfragen = mehrzahl(zahl["Rückfrage"], "Rückfrage", "Rückfragen")
    text = f"{zahl['Fehler']} Fehler, {rueckfragen}, {mehrzahl(zahl['Hinweis'], 'Hinweis', 'Hinweise')}"
    return f"{text}; durch Entscheid erledigt: {ergebnis.erledigt}." if ergebnis.erledigt else f"{text}."


def zu_tun(z: Zeile) -> bool:
    """Return True for a row of the board that needs somebody."""
    return z.status in ("fehlerhaft", "Rückfrage offen") or (z.status == FEHLT and z.tage > 0)


def ohne_betrag(ergebnis: Konsolidiert) -> Iterator[str]:
    """Yield how many claims have no amount yet."""
    unbekannt = ergebnis.urteil.ohne_betrag()
    if unbekannt:
        worte = mehrzahl(unbekannt, "Anspruch hat", "Ansprüche haben")
        yield f"{worte} noch keinen Betrag (Grund im Master, Blatt Ansprüche)."


def antworten(ergebnis: Konsolidiert) -> Iterator[str]:
    """Yield what goes back to the municipalities, and what else happened."""
    a = ergebnis.antworten
    if a.mappen or a.entwuerfe:
        mappen = mehrzahl(a.mappen, "Arbeitsmappe", "Arbeitsmappen")
        mails = mehrzahl(a.entwuerfe, "Mailentwurf", "Mailentwürfe")
        yield f"Rückmeldungen: {mappen}, {mails} (Ordner Rueckmeldungen)."
    if a.seit is not None and (a.entwuerfe or a.ohne_antwort):
        yield f"Neu seit {a.seit:%d.%m.}: {a.neu}; schon gesendet, ohne Antwort: {a.ohne_antwort}."
    if a.ohne_adresse:
        entwuerfe = mehrzahl(len(a.ohne_adresse), "Entwurf", "Entwürfe")
        yield f"{entwuerfe} ohne Empfänger, weil in den Stammdaten die E-Mail-Adresse fehlt."
    yield from ergebnis.meldungen


def vorlagen(ergebnis: Vorlagen) -> Iterator[str]:
    """Yield how many templates were written, and which ones were left alone."""
    yield f"{mehrzahl(ergebnis.geschrieben, 'Vorlage', 'Vorlagen')} geschrieben in {ergebnis.ordner}."
    if ergebnis.unveraendert:
        yield f"Schon da und unverändert: {mehrzahl(ergebnis.unveraendert, 'Vorlage', 'Vorlagen')}."
    for pfad in ergebnis.belassen:
        yield f"Nicht überschrieben, weil schon ausgefüllt: {pfad.name}"


def mahnposten(ergebnis: Gemahnt) -> list[tuple[str, ...]]:
    """Return who is reminded of what, a row per form."""
    return [
        (p.zeile.gemeinde, p.zeile.formular, f"{p.stufe}.", b.an.email or "(Adresse fehlt)", p.zeile.bemerkung)
        for b in ergebnis.briefe
        for p in b.posten
    ]


def gemahnt(ergebnis: Gemahnt, zeit: str) -> Iterator[str]:
    """Yield how many drafts there are, and where they lie."""
    if ergebnis.briefe:
        yield f"{mehrzahl(len(ergebnis.briefe), 'Entwurf', 'Entwürfe')} zum Prüfen und Senden: {ergebnis.ordner}"
    else:
        yield f"Niemand ist zu mahnen: Für {zeit} ist alles eingegangen, oder die Frist läuft noch."
    yield from ergebnis.meldungen


def gezogen(ergebnis: Gezogene) -> Iterator[str]:
    """Yield out of how many was drawn, and where the protocol lies."""
    yield f"Gezogen aus {mehrzahl(ergebnis.grundgesamtheit, 'Meldung', 'Meldungen')}."
    yield f"Protokoll{'' if ergebnis.neu else ' (unverändert)'}: {ergebnis.protokoll}"


# --- money ----------------------------------------------------------------------------------
def laufsummen(e: Zahlungslauf) -> list[tuple[str, Decimal]]:
    """Return the control totals of a run in CHF, with their names."""
    from krs.ablage.gegenrechnung import summen  # noqa: PLC0415 who shows forms needs no runs

    return [(_SUMMEN[k], v) for k, v in summen(e.plan.abrechnungen).items()]


def laufanzahlen(e: Zahlungslauf) -> Iterator[str]:
    """Yield how many payments, bills and bookings a run has, and its warnings."""
    plan = e.plan
    zahlungen = sum(a.auszahlung > 0 for a in plan.abrechnungen)
    anzahlen = (
        mehrzahl(len(plan.abrechnungen), "Gemeinde", "Gemeinden"), mehrzahl(zahlungen, "Zahlung", "Zahlungen"),
        mehrzahl(len(plan.rechnungen), "Rechnung", "Rechnungen"), mehrzahl(len(plan.buchungen), "Buchung", "Buchungen"),
    )  # fmt: skip
    yield f"{', '.join(anzahlen)}."
    if geaendert := in_kuerze(plan.mutationen):
        yield f"Stammdaten seit dem letzten Lauf, geänderte Angaben (Blatt Mutationen): {geaendert}."
    for w in plan.warnungen:
        yield f"Warnung: {w}"


def visiert(inhalt: str) -> Iterator[str]:
    """Yield the hash that two people mark, and its short form for paper and mail: the anchor outside the folder."""
    yield f"Prüfsumme des Inhalts: {inhalt}"
    yield f"Prüfziffer des Inhalts, auf Papier oder per Mail zu melden: {pruefziffer(inhalt)}"


def uebergabe(u: Uebergabe) -> Iterator[str]:
    """Yield the control totals of a hand-over."""
    total = chf(Decimal(u.summen["auszahlung"]))
    yield f"{mehrzahl(u.anzahlen['zahlungen'], 'Zahlung', 'Zahlungen')}, Total {total} CHF."
    yield f"{mehrzahl(u.anzahlen['buchungen'], 'Buchung', 'Buchungen')}."
    if u.auftrag:
        yield f"SHA-256 von pain001.xml, zum Vergleichen vor dem Hochladen: {u.auftrag}"
    yield from visiert(u.visiert)
    yield f"Prüfsumme des Laufs (lauf.json, nennt jede Datei): {u.pruefsumme}"


def anhang1(e: Anhang1Ergebnis) -> Iterator[str]:
    """Yield what was written, and what is missing in it."""
    yield f"Anhang 1: {e.mappe}"
    if e.pdf is not None:
        yield f"PDF: {e.pdf}"
    yield f"{mehrzahl(e.entwuerfe, 'Mailentwurf', 'Mailentwürfe')} im Unterordner Mails."
    if e.ohne_adresse:
        yield f"{mehrzahl(len(e.ohne_adresse), 'Entwurf', 'Entwürfe')} ohne Empfänger: {begrenzt(e.ohne_adresse)}."
    yield from e.saetze
