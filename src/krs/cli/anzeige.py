"""What the screen shows after a consolidation: submissions, Befunde, claims, paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from krs import saetze
from krs.ablage.archiv import Eintrag
from krs.ablauf import Bereinigt, Geloescht, Gemahnt, Gezogene, Konsolidiert
from krs.ablauf.gesendet import Gesendet, Offen
from krs.cli.schirm import tabelle
from krs.formulare.befund import mehrzahl, weitere
from krs.mappen.master.uebersicht import STATUS
from krs.recht import Leistung, chf, datum
from krs.urteil import grabstein
from krs.urteil.ansprueche import ANERKANNT, NICHT_BERECHTIGT, ZURUECKGESTELLT, summe
from krs.urteil.tafel import Zeile
from krs.urteil.urteil import nach_stufe

HOECHSTENS = 30  # rows of the board on the screen; the Master has all
_BREIT = 60  # characters of a name on the board


def zusammenfassung(ergebnis: Konsolidiert, alle: bool = False) -> Iterator[str]:
    """Yield the lines to print; tables with aligned columns, no colour.

    Args:
        alle: show the whole board, not only what needs somebody.
    """
    urteil = ergebnis.urteil
    yield f"Stand am {datum(urteil.stichtag)}: {saetze.eingelesen(ergebnis)}"
    yield ""
    gruppen = {(form or "unlesbar", periode): zahlen for (form, periode), zahlen in urteil.stand().items()}
    status = [s for s in STATUS if any(g[s] for g in gruppen.values())]
    zeilen = [[*k, *(str(g[s] or "–") for s in status)] for k, g in sorted(gruppen.items())]
    if zeilen:
        yield from tabelle(["Einreichungen", "Periode", *status], zeilen)
    else:
        yield "Noch keine Einreichungen: Legen Sie Formulare in Eingang/JJJJ-MM-TT (Tag des Eingangs) ab."
    yield ""
    paare = [*((b, None) for b in ergebnis.stammdaten_befunde), *urteil.zaehlende()]
    befunde = [[str(s), str(zahl), str(fertige or "–")] for s, zahl, fertige in nach_stufe(paare)]
    yield from tabelle(["Befunde", "Anzahl", "durch Entscheid erledigt"], befunde)
    yield ""
    yield from tabelle(["Beiträge (CHF)", *_SPALTEN], list(_betraege(ergebnis)))
    yield ""
    yield from saetze.ohne_betrag(ergebnis)
    yield from _tafel(urteil.tafel(), alle)
    yield from saetze.antworten(ergebnis)
    yield f"Öffnen: {ergebnis.master}"


def _tafel(zeilen: Sequence[Zeile], alle: bool) -> Iterator[str]:
    """Yield the board: one state per municipality and form."""
    gezeigt = [z for z in zeilen if alle or saetze.zu_tun(z)]
    if not gezeigt:
        return
    kurz = gezeigt if alle else gezeigt[:HOECHSTENS]
    reihen = [[_gekuerzt(z.gemeinde or z.datei), z.formular, z.periode, z.status, z.bemerkung] for z in kurz]
    yield from tabelle(["Alle" if alle else "Zu tun", "Formular", "Periode", "Status", "Bemerkung"], reihen)
    rest = len(gezeigt) - len(kurz)
    if rest:
        yield f"… {weitere(rest)} (Master, Blatt Einreichungen, oder «krs konsolidieren --alle»)."
    yield ""


def _gekuerzt(name: str) -> str:
    """Return a name that leaves room for the rest of its row; of a file, the end tells more than the folder."""
    return name if len(name) <= _BREIT else f"…{name[1 - _BREIT :]}"


def gemahnt(ergebnis: Gemahnt, zeit: str) -> Iterator[str]:
    """Yield who is reminded of what, and where the drafts lie."""
    if ergebnis.briefe:
        yield from tabelle(saetze.MAHNSPALTEN, saetze.mahnposten(ergebnis))
        yield ""
    yield from saetze.gemahnt(ergebnis, zeit)


def offen(ergebnis: Offen) -> Iterator[str]:
    """Yield the questions without answer, oldest first, and where the reminders lie."""
    zeilen = [
        [f.zeile.gemeinde, f.zeile.formular, f.zeile.periode, f.befund.code, datum(f.seit), str(len(f.gefragt))]
        for f in ergebnis.fragen
    ]
    if zeilen:
        yield from tabelle(["Gemeinde", "Formular", "Periode", "Code", "offen seit", "gefragt"], zeilen)
        yield ""
        entwuerfe = mehrzahl(ergebnis.antworten.entwuerfe, "Entwurf liegt", "Entwürfe liegen")
        yield f"{entwuerfe} zum Prüfen und Senden in Rueckmeldungen."
    else:
        yield f"Keine Rückfrage ist seit {mehrzahl(ergebnis.tage, 'Tag', 'Tagen')} ohne Antwort."
    yield from ergebnis.meldungen


def gesendet(e: Gesendet) -> Iterator[str]:
    """Yield what counts as sent, then what is still to be sent."""
    if e.gesendet:
        yield f"{mehrzahl(len(e.gesendet), 'Entwurf gilt', 'Entwürfe gelten')} als gesendet (Rueckmeldungen/Gesendet):"
        yield from (f"  {d}" for d in e.gesendet)
    if e.liegen:
        yield f"Noch zu senden: {mehrzahl(len(e.liegen), 'Entwurf', 'Entwürfe')} (alle gesendet: --alle)."
        yield from (f"  {d}" for d in e.liegen)
    if not e.gesendet and not e.liegen:
        yield "Es liegt kein Entwurf zum Senden da."


def gezogen(ergebnis: Gezogene) -> Iterator[str]:
    """Yield the sample and where its protocol lies."""
    zeilen = [
        [str(n), z.gemeinde, z.bezirk, str(z.gespraeche), str(z.einsaetze), chf(z.betrag)]
        for n, z in enumerate(ergebnis.zeilen, 1)
    ]
    yield from tabelle(["Nr.", "Gemeinde", "Bezirk", "Gespräche", "Einsätze", "Betrag (CHF)"], zeilen)
    yield ""
    yield from saetze.gezogen(ergebnis)


def archiv(eintraege: Sequence[Eintrag], fremde: Sequence[str]) -> Iterator[str]:
    """Yield what arrived, one line each, and what became of it; then what else is there."""
    zeilen = []
    for e in eintraege:
        g = e.loeschung
        ende = f"gelöscht am {datum(g.am)} durch {g.visum}: {g.grund}" if g else e.datei
        ende += f" (kein Formular: {e.abgewiesen})" if e.abgewiesen else ""
        zeilen.append([datum(e.eingang), e.wer.formular, e.wer.periode, e.wer.gemeinde, e.sha256[:12], ende])
    if zeilen:
        yield from tabelle(["Eingang", "Formular", "Periode", "Gemeinde", "SHA-256", "Datei"], zeilen)
    yield from fremde if zeilen or fremde else ["Im Archiv ist nichts."]


_ZAEHLT = "Das Formular zählt weiterhin als eingegangen: Gemahnt wird niemand"
FOLGEN = {
    grabstein.BEZAHLT: f"{_ZAEHLT}, und was bezahlt ist, bleibt bezahlt.",
    grabstein.UNBEZAHLT: f"{_ZAEHLT}. Ein Lauf zahlt dafür erst, wenn eine neue Fassung eingeht.",
    grabstein.UNBEKANNT: f"{_ZAEHLT}. Was bezahlt ist, bleibt; mehr zahlt ein Lauf erst für eine neue Fassung.",
    grabstein.NICHT_IN_KRAFT: "Diese Fassung war nicht in Kraft: An den Beiträgen ändert sich nichts.",
    grabstein.UNBRAUCHBAR: "Diese Datei war nicht verwendbar und zählt nicht als eingegangen.",
}


def geloescht(g: Geloescht) -> Iterator[str]:
    """Yield what was purged and what is still to be done."""
    wer = " ".join(filter(None, (g.eintrag.wer.gemeinde, g.eintrag.wer.formular, g.eintrag.wer.periode)))
    kurz = f"{g.eintrag.sha256[:12]}…" + (f" ({wer})" if wer else "")
    yield (f"Gelöscht: {kurz}. Prüfsumme, Grund und Visum bleiben." if g.neu else f"War schon gelöscht: {kurz}.")
    if g.neu and g.eintrag.loeschung and (satz := FOLGEN.get(g.eintrag.loeschung.stand)):
        yield satz
    yield from _aus_dem_eingang(g.dateien, g.mails)


def _aus_dem_eingang(dateien: Sequence[str], mails: Sequence[str]) -> Iterator[str]:
    for name in dateien:
        yield f"Im Eingang gelöscht: {name}"
    for name in mails:
        yield f"Hängt noch an einer E-Mail im Eingang, löschen Sie diese von Hand: {name}"
    yield "Master und Rückmeldungen enthalten die Angaben noch, bis Sie «krs konsolidieren» aufrufen."


def bereinigt(b: Bereinigt, vor: date) -> Iterator[str]:
    """Yield what goes by year and form, what stays and why, and the way on."""
    if not (b.anzahl or b.bleiben):
        yield f"Vor dem {datum(vor)} ist nichts eingegangen, was noch da ist."
    if b.anzahl:
        kopf = ["Eingang", "Formular", "gelöscht" if b.getan else "zu löschen"]
        yield from tabelle(kopf, [[str(jahr), form, str(n)] for (jahr, form), n in b.anzahl.items()])
    if b.bleiben:
        reihen = [[e.wer.gemeinde or e.datei, e.wer.formular, e.wer.periode, e.sha256[:12], g] for e, g in b.bleiben]
        yield from tabelle(["Bleibt", "Formular", "Periode", "SHA-256", "weil"], reihen)
    if b.getan:
        yield "Prüfsummen, Grund und Visum bleiben. Die Formulare zählen weiterhin als eingegangen, Bezahltes bleibt."
        yield from _aus_dem_eingang(b.dateien, b.mails)
    elif b.anzahl:
        yield "Gelöscht ist nichts. Wiederholen Sie den Befehl mit --endgueltig --grund TEXT --visum AB."


_SPALTEN = (ANERKANNT, ZURUECKGESTELLT, NICHT_BERECHTIGT)


def _betraege(ergebnis: Konsolidiert) -> Iterator[list[str]]:
    ansprueche = ergebnis.urteil.ansprueche
    for leistung in Leistung:
        eigene = [a for a in ansprueche if a.leistung == leistung]
        yield [str(leistung), *(chf(summe(eigene, s)) for s in _SPALTEN)]
    yield ["Total", *(chf(summe(ansprueche, s)) for s in _SPALTEN)]
