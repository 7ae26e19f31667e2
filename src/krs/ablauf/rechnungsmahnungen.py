"""Reminders of overdue invoices: drafts with the payment part, a log of what was drafted (Ziff. 4.7); no interest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.ausgang import abgleichen
from krs.ablage.csvdatei import csv_lesen, csv_schreiben, tag_lesen
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler, lies, schreibe
from krs.ablauf.ausgabe import kurzname
from krs.ablauf.gemeinsam import stammdaten_laden
from krs.ablauf.laufausgabe import qr_rechnung
from krs.export.mail import entwurf
from krs.export.qrrechnung import Rechnung as QrRechnung
from krs.export.zahlteil_pdf import zahlteil_pdf
from krs.formulare.befund import mehrzahl
from krs.lauf.buchung import NULL, Journal, Rechnung
from krs.lauf.forderungen import Forderung, forderungen
from krs.lauf.uebersicht import Liste
from krs.recht import chf, datum, franken
from krs.schreiben.anhang1_brief import empfaenger
from krs.schreiben.unterschrift import unterschrift

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten

KOPF = ("Datum", "Stufe", "Rechnung", "BFS-Nr.", "Gemeinde", "Betrag", "an")
SPALTEN = ("Rechnung", "Gemeinde", "fällig am", "offen", "Mahnung")


@dataclass(frozen=True, slots=True)
class Faellige:
    """An invoice that is overdue, with what is still owed on it; `frueher`: days on which it was reminded of."""

    rechnung: Rechnung
    faellig: date
    forderungen: tuple[Forderung, ...]
    frueher: tuple[date, ...]

    @property
    def rest(self) -> Decimal:
        """What is neither netted nor paid, in CHF."""
        return sum((f.rest for f in self.forderungen), NULL)

    @property
    def stufe(self) -> int:
        """Which reminder it is; 0 after the second."""
        return (1, 2, 0)[min(len(self.frueher), 2)]


@dataclass(frozen=True, slots=True)
class Gemahnt:
    """The overdue invoices of a day, and the folder with the drafts."""

    faellige: tuple[Faellige, ...]
    ordner: Path
    meldungen: tuple[str, ...]

    def liste(self) -> Liste:
        """Return what the screen shows."""
        zeilen = tuple(
            (f.rechnung.nr, f.rechnung.gemeinde, datum(f.faellig), chf(f.rest), str(f.stufe or "–"))
            for f in self.faellige
        )
        return Liste(SPALTEN, zeilen, tuple(self._saetze()))

    def _saetze(self) -> Iterator[str]:
        if anzahl := sum(bool(f.stufe) for f in self.faellige):
            yield f"{mehrzahl(anzahl, 'Entwurf liegt', 'Entwürfe liegen')} zum Prüfen und Senden in {self.ordner}."
        elif not self.faellige:
            yield "Keine Rechnung ist überfällig."
        for f in self.faellige:
            if not f.stufe:
                tage = " und ".join(map(datum, f.frueher[:2]))
                yield (
                    f"Rechnung {f.rechnung.nr}, {f.rechnung.gemeinde}: schon zweimal gemahnt ({tage}). Klären Sie mit "
                    "der Gemeinde, oder setzen Sie «erneut verrechnen» auf Ja."
                )
        yield from self.meldungen


def mahne_rechnungen(pfad: Path, tag: date) -> Gemahnt:
    """Draft a reminder of each invoice that is overdue on `tag`, at most two; nothing is sent.

    What is paid, netted or to be netted again is not owed. On the same day the same drafts come again.

    Raises: AblageFehler: the log or a run is damaged; ValueError: an address does not do for a QR-bill.
    """
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        laeufe, s = Laeufe(ablage.laeufe), stammdaten_laden(ablage)[0]
        ordner = ablage.rueckmeldungen / "Mahnungen"
        log = ordner / "rechnungen.csv"
        bisher = _protokoll(log)
        faellige = tuple(_faellige(s, laeufe.journal, tag, bisher))
        neue = [f for f in faellige if f.stufe]
        meldungen = abgleichen(ordner / f"Rechnungen_{tag}", {_name(f): _entwurf(s, f, tag) for f in neue})
        zeilen = {(z["Datum"], z["Rechnung"]): tuple(z[k] for k in KOPF) for z in bisher}
        zeilen |= {(str(tag), f.rechnung.nr): _zeile(s, f, tag) for f in neue}
        if neue:  # last: a kill before it leaves drafts that the next call writes again
            schreibe(log, csv_schreiben(KOPF, [zeilen[k] for k in sorted(zeilen)]))
    return Gemahnt(faellige, ordner / f"Rechnungen_{tag}", tuple(meldungen))


def _protokoll(log: Path) -> list[dict[str, str]]:
    try:
        zeilen = list(csv_lesen(lies(log), KOPF, mit_leeren=True)) if log.exists() else []
        for z in zeilen:
            tag_lesen(z["Datum"])
        return zeilen
    except ValueError as fehler:
        raise AblageFehler(f"«{log}» ist beschädigt. Stellen Sie die Datei aus der Sicherung wieder her.") from fehler


def _faellige(s: Stammdaten, journal: Journal, tag: date, bisher: Sequence[dict[str, str]]) -> Iterator[Faellige]:
    """Yield overdue invoices, the oldest first."""
    gruppen: dict[str, list[Forderung]] = {}
    bezahlt = {r.nr for r in s.rueckforderungen if r.bezahlt_am and not r.freigegeben_von}  # waits for its second mark
    for f in forderungen(s, journal, tag):
        if (
            f.nr not in bezahlt
            and f.rest
            and not f.offen
            and f.rechnung is not None
            and f.faellig is not None
            and f.faellig < tag
        ):
            gruppen.setdefault(f.rechnung.nr, []).append(f)
    for nr, eigene in sorted(gruppen.items(), key=lambda g: (min(str(f.faellig) for f in g[1]), g[0])):
        erste = eigene[0]
        assert erste.rechnung is not None
        wem = replace(erste.rechnung, bfs_nr=erste.bfs_nr, gemeinde=s.gebiet.name(erste.bfs_nr))
        frueher = (tag_lesen(z["Datum"]) for z in bisher if z["Rechnung"] == nr and z["Datum"] < str(tag))
        faellig = min(f.faellig for f in eigene if f.faellig is not None)
        yield Faellige(wem, faellig, tuple(eigene), tuple(frueher))


def _an(s: Stammdaten, f: Faellige) -> list[str]:
    return list(dict.fromkeys(filter(None, empfaenger(s, f.rechnung.bfs_nr).values())))


def _zeile(s: Stammdaten, f: Faellige, tag: date) -> tuple[str, ...]:
    r = f.rechnung
    return str(tag), str(f.stufe), r.nr, str(r.bfs_nr), r.gemeinde, f"{f.rest:.2f}", ", ".join(_an(s, f))


# --- the letter -----------------------------------------------------------------------------
def _name(f: Faellige) -> str:
    return f"Mahnung_{f.stufe}_{kurzname(f.rechnung.nr, f.rechnung.gemeinde)}.eml"


def _entwurf(s: Stammdaten, f: Faellige, tag: date) -> bytes:
    r = f.rechnung
    titel = f"{f.stufe}. Mahnung zur Rechnung {r.nr}"
    qr: QrRechnung = replace(qr_rechnung(replace(r, faellig=f.faellig), s, tag), betrag=f.rest)
    seite = zahlteil_pdf(qr, (titel, f"{datum(tag)}: offen {franken(f.rest)}, zahlbar war bis {datum(f.faellig)}"))
    name = f"Mahnung_{f.stufe}_{r.nr}.pdf"
    return entwurf(_an(s, f), f"start.integration: {titel}", _text(s, f, tag), [(name, seite)])


def _text(s: Stammdaten, f: Faellige, tag: date) -> str:
    r = f.rechnung
    offen = f"Offen sind {franken(f.rest)}."
    if f.rest != r.betrag:
        offen = f"Bezahlt oder verrechnet sind {franken(r.betrag - f.rest)}, offen {franken(f.rest)}."
    absaetze = [
        "Guten Tag",
        f"Die Rechnung {r.nr} über {franken(r.betrag)} war bis {datum(f.faellig)} zu bezahlen (Ziff. 4.7). {offen}",
        "\n".join(f"- Rückforderung Nr. {x.nr} vom {datum(x.datum)}: {x.grund}" for x in f.forderungen),
    ]
    if f.stufe == 2:
        absaetze.append(f"Wir haben Sie am {datum(f.frueher[0])} daran erinnert.")
    absaetze.append(
        "Bitte überweisen Sie den offenen Betrag mit dem beiliegenden Zahlteil; die Referenz ist jene der Rechnung. "
        "Zins verlangen wir keinen."
    )
    if f.stufe == 2:
        absaetze.append("Bleibt die Zahlung aus, kann der Kanton den Betrag mit künftigen Beiträgen verrechnen.")
    absaetze += [
        f"Berücksichtigt ist, was bis {datum(tag)} bei uns eingetragen war. Haben Sie inzwischen bezahlt, ist dieses "
        "Schreiben gegenstandslos.",
        f"{unterschrift(s.einstellungen)}\n",
    ]
    return "\n\n".join(absaetze)
