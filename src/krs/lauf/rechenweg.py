"""The Rechenweg of a run: each claim that it books, with what stood before, why, and where it comes from (Ziff. 4.3.2).

Amounts are those of the bookings; nothing is computed anew here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from krs.formulare.formular import periodenbeginn, periodenende
from krs.lauf.buchung import Art, Buchung, Journal, Posten, Stand
from krs.recht import Leistung, NichtGeregelt, Tarifstufe, datum, franken, runden
from krs.schreiben.rueckmeldung import antworttext
from krs.urteil.fassung import HALTEND, gehoben
from krs.urteil.urteil import Urteil

BESTAETIGEN = "zu bestätigen durch AGS"
_REIHE = list(Leistung)


@dataclass(frozen=True, slots=True)
class Schritt:
    """One booked claim. Amounts in CHF; `betrag`: what it is worth after this booking, `bisher`: what stood before."""

    buchung: Buchung
    posten: Posten
    gemeinde: str
    bisher: Stand
    betrag: Decimal
    ziffer: str
    ansatz: Tarifstufe | None  # the row of the tariff; None where none is in force
    datei: str
    eingang: date | None
    entscheide: tuple[str, ...]

    @property
    def differenz(self) -> bool:
        """True for what fell due in an earlier run."""
        return self.buchung.art is Art.DIFFERENZ

    @property
    def aufgegangen(self) -> bool:
        """True where count × rate makes the amount; not for a claim that was refused after it had been paid."""
        b = self.buchung
        return b.anzahl is not None and b.ansatz is not None and runden(b.anzahl * b.ansatz) == self.betrag

    @property
    def fester_ansatz(self) -> bool:
        """True where the rate paid before is kept: no «Neuberechnung» names the year (docs/entscheide/21)."""
        return self.ansatz is not None and self.buchung.ansatz not in (None, self.ansatz.betrag)

    @property
    def zu_bestaetigen(self) -> bool:
        """True where the rate still needs the word of the canton's office (docs/entscheide/17)."""
        return self.ansatz is not None and self.ansatz.zu_bestaetigen and not self.fester_ansatz


def schritte(buchungen: Iterable[Buchung], urteil: Urteil, journal: Journal) -> tuple[Schritt, ...]:
    """Return the claims among the bookings of a run, by municipality, period and Leistung.

    Args:
        journal: the runs released before this one.
    """
    eingaenge = {z.sha256: (z.datei, z.eingang) for z in urteil.zeilen if z.sha256}
    ergebnis = []
    for b in buchungen:
        if b.posten is None:
            continue
        p, bisher = b.posten, journal.stand(b.posten)
        datei, eingang = eingaenge.get(b.sha256, ("", None))
        ergebnis.append(
            Schritt(
                b, p, urteil.stammdaten.gebiet.name(p.bfs_nr), bisher, bisher.betrag + b.betrag,
                urteil.stammdaten.tarife[p.leistung].ziffer, _ansatz(urteil, p), datei, eingang,
                tuple(dict.fromkeys(_entscheide(urteil, p))),
            )
        )  # fmt: skip
    return tuple(sorted(ergebnis, key=_ordnung))


def _ordnung(s: Schritt) -> tuple[int, bool, str, int, int]:
    return s.buchung.bfs_nr, s.differenz, s.posten.periode, s.posten.bfs_nr, _REIHE.index(s.posten.leistung)


def _ansatz(urteil: Urteil, p: Posten) -> Tarifstufe | None:
    try:
        return urteil.stammdaten.tarife[p.leistung].ueber(periodenbeginn(p.periode), periodenende(p.periode))
    except NichtGeregelt:
        return None


def _entscheide(urteil: Urteil, p: Posten) -> Iterator[str]:
    """Yield the decisions that bear on a claim."""
    schluessel = p.leistung.schluessel
    for befund, e in urteil.befunde:
        dieser = (befund.bfs_nr, befund.periode) == (p.bfs_nr, p.periode) and schluessel in befund.ansprueche
        if not dieser or e is None or befund.stufe not in HALTEND or e.entscheid == "kürzen":
            continue  # what was shortened is the reason of the booking
        if gehoben(befund, e) or e.entscheid == "ablehnen":
            yield antworttext(e)


def grundlage(s: Schritt) -> str:
    """Return clause and validity of the rate, such as «Ziff. 4.3.2, gültig ab 01.01.2022»."""
    if s.fester_ansatz:
        return f"Ziff. {s.ziffer}, Ansatz wie bei der Zahlung"
    return f"Ziff. {s.ziffer}, gültig ab {datum(s.ansatz.ab)}" if s.ansatz else f"Ziff. {s.ziffer}"


def quelle(s: Schritt) -> str:
    """Return where the rate comes from, and whether it is still to be confirmed."""
    if s.ansatz is None or s.fester_ansatz:
        return "Ansatz wie bei der früheren Zahlung; keine Neuberechnung"
    vorbehalt = s.zu_bestaetigen and BESTAETIGEN not in s.ansatz.quelle
    return f"{s.ansatz.quelle}; {BESTAETIGEN}" if vorbehalt else s.ansatz.quelle


def begruendung(s: Schritt) -> str:
    """Return why a claim changes: what is different from before, the form it follows from, the decision."""
    teile = [_unterschied(s)]
    if s.eingang is not None:
        teile.append(f"Formular vom {datum(s.eingang)}")
    return "; ".join([*teile, *s.entscheide])


def _unterschied(s: Schritt) -> str:
    neu, alt = s.buchung, s.bisher
    if not alt.gebucht:
        return "; ".join(filter(None, ("bisher nicht bezahlt", neu.grund)))
    teile = []
    if neu.grund and not s.betrag:
        teile = [f"nicht beitragsberechtigt ({neu.grund})"]
    else:
        if neu.anzahl != alt.anzahl:
            teile.append(f"Anzahl {neu.anzahl} statt {alt.anzahl}")
        if alt.ansatz is not None and neu.ansatz is not None and neu.ansatz != alt.ansatz:
            teile.append(f"Ansatz {franken(neu.ansatz)} statt {franken(alt.ansatz)}")
        teile += [neu.grund] if neu.grund else []
    return f"{', '.join(teile) or 'wieder anerkannt'}; {_gerechnet(alt)}"


def _gerechnet(alt: Stand) -> str:
    """Return what was paid, with its Rechenweg where that makes the amount."""
    wann = f"am {datum(alt.datum)} bezahlt" if alt.datum else "bezahlt"
    if alt.anzahl is not None and alt.ansatz is not None and runden(alt.anzahl * alt.ansatz) == alt.betrag:
        return f"{wann}: {alt.anzahl} × {franken(alt.ansatz)} = {franken(alt.betrag)}"
    return f"{wann}: {franken(alt.betrag)}"
