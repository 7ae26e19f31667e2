"""The end of a year: what it still owes, what municipalities owe it, and where its surplus goes (docs/entscheide/77).

Talks of the second half-year belong to the credit of their year, though they are paid in March of the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.befund import mehrzahl
from krs.lauf.buchung import NULL, Journal, Posten, Rueckweisung
from krs.lauf.forderungen import Forderung, forderungen
from krs.lauf.hauptbuch import Konten, Satz, satz
from krs.lauf.kennung import Lauf
from krs.lauf.kredit import Kreditstand, in_stand, kreditstand, posten_von, traeger, werte
from krs.lauf.posten import gefuehrt
from krs.recht import GEZAEHLT, Leistung, faelligkeit, franken
from krs.urteil.ansprueche import ZURUECKGESTELLT, jahr_von
from krs.urteil.nachbarn import beteiligte
from krs.urteil.tafel import FEHLT, NOCH_NICHT

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten
    from krs.urteil.urteil import Urteil

ANERKANNT, GEHALTEN, GESCHAETZT = "anerkannt", "zurückgestellt", "geschätzt"
ARTEN = (ANERKANNT, GEHALTEN, GESCHAETZT)


@dataclass(frozen=True, slots=True)
class Abzugrenzen:
    """What of one Leistung and period is owed at the end of the year, in CHF; `je_art` by ARTEN."""

    leistung: Leistung
    periode: str
    je_art: tuple[Decimal, ...]

    @property
    def summe(self) -> Decimal:
        """What the accrual holds of it."""
        return sum(self.je_art, NULL)


@dataclass(frozen=True, slots=True)
class Schaetzung:
    """What a form that is not there is taken for: the amount of a year before, in CHF."""

    bfs_nr: int
    gemeinde: str
    leistung: Leistung
    periode: str
    betrag: Decimal
    grundlage: str


@dataclass(frozen=True, slots=True)
class Projektkredit:
    """The credit for projects as on a day, in CHF (Ziff. 4.3.4); `gutschrift`: what was credited for the year."""

    anfang: Decimal
    gutgeschrieben: Decimal
    zugesichert: Decimal
    ausbezahlt: Decimal
    gutschrift: Decimal

    @property
    def bestand(self) -> Decimal:
        """What is there."""
        return self.anfang + self.gutgeschrieben - self.ausbezahlt

    @property
    def frei(self) -> Decimal:
        """What no project has been promised."""
        return self.anfang + self.gutgeschrieben - self.zugesichert


@dataclass(frozen=True, slots=True)
class Abgrenzung:
    """The year as on 31.12., with what is known on `stichtag`."""

    jahr: int
    stichtag: date
    zeilen: tuple[Abzugrenzen, ...]
    schaetzungen: tuple[Schaetzung, ...]
    ohne_grundlage: tuple[str, ...]  # who owes a form, without a second half-year before
    ohne_betrag: int  # held claims of which no amount is known
    offene: tuple[Forderung, ...]
    zurueckgewiesen: tuple[Rueckweisung, ...]
    saetze: tuple[Satz, ...]
    kredit: Kreditstand
    projekte: Projektkredit

    @property
    def summe(self) -> Decimal:
        """What is accrued, in CHF."""
        return sum((z.summe for z in self.zeilen), NULL)

    def hinweise(self) -> Iterator[str]:
        """Yield what the figures do not hold."""
        if self.schaetzungen:
            namen = mehrzahl(len({s.bfs_nr for s in self.schaetzungen}), "Gemeinde", "Gemeinden")
            yield f"Geschätzt nach dem zweiten Halbjahr {self.jahr - 1}: {namen}; nachprüfen, sobald gemeldet ist."
        if self.ohne_grundlage:
            yield f"Nicht geschätzt, weil kein früheres Halbjahr bekannt ist: {', '.join(self.ohne_grundlage)}."
        if self.ohne_betrag:
            worte = mehrzahl(self.ohne_betrag, "Anspruch", "Ansprüche")
            yield f"Zurückgestellt ohne bekannten Betrag und nicht abgegrenzt: {worte}."
        soll, ist = self.kredit.ueberschuss, self.projekte.gutschrift
        if soll is not None and soll != ist:
            yield (
                f"Dem Projektkredit sind für {self.jahr} {franken(ist)} gutgeschrieben, der Restbetrag ist "
                f"{franken(soll)} (Ziff. 4.3.4): Tragen Sie die Gutschrift im Blatt Projektkredit ein."
            )


def abgrenzung(urteil: Urteil, journal: Journal, jahr: int, stichtag: date) -> Abgrenzung:
    """Return what of a year was not paid at its end, as far as it is known on a later day.

    A run of the next year takes nothing away: the year owed it on 31.12.
    """
    s, schluss = urteil.stammdaten, date(jahr, 12, 31)
    damals, heute = _bis(journal, schluss), _bis(journal, stichtag)
    betraege: dict[tuple[Leistung, str, str], Decimal] = defaultdict(lambda: NULL)
    wert = _werte(urteil, heute)
    for p, betrag in wert.items():
        if jahr_von(p.periode) <= jahr:
            betraege[p.leistung, p.periode, ANERKANNT] += betrag - damals.stand(p).betrag
    gehalten = [a for a in in_stand(urteil, ZURUECKGESTELLT, NOCH_NICHT) if jahr_von(a.periode) <= jahr]
    for a in gehalten:
        moeglich = (a.betrag or NULL) - heute.stand(posten_von(a)).betrag
        betraege[a.leistung, a.periode, GEHALTEN] += max(moeglich, NULL)
    geschaetzt, ohne = _schaetzen(urteil, wert, jahr)
    for x in geschaetzt:
        betraege[x.leistung, x.periode, GESCHAETZT] += x.betrag
    paare = sorted({(p, list(Leistung).index(x)) for (x, p, _), b in betraege.items() if b})
    arten = ((list(Leistung)[n], p) for p, n in paare)
    zeilen = tuple(Abzugrenzen(x, p, tuple(betraege[x, p, a] for a in ARTEN)) for x, p in arten)
    return Abgrenzung(
        jahr, stichtag, zeilen, geschaetzt, ohne, sum(a.betrag is None for a in gehalten),
        tuple(f for f in forderungen(s, damals, schluss) if f.rest), damals.zurueckgekommen(),
        tuple(_saetze(urteil, zeilen, jahr)), kreditstand(urteil, journal, jahr, stichtag),
        projektkredit(s, jahr, stichtag),
    )  # fmt: skip


def projektkredit(s: Stammdaten, jahr: int, tag: date) -> Projektkredit:
    """Return the credit for projects as the sheet says it on a day."""
    bis = [p for p in s.projektkredit if p.datum <= tag]

    def summe(art: str, *jahre: int) -> Decimal:
        return sum((p.betrag for p in bis if p.art == art and (not jahre or p.jahr in jahre)), NULL)

    arten = summe("Anfangsbestand"), summe("Gutschrift"), summe("Zusicherung"), summe("Auszahlung")
    return Projektkredit(*arten, gutschrift=summe("Gutschrift", jahr))


def _bis(journal: Journal, tag: date) -> Journal:
    """Return what runs had done by a day."""
    buchungen = tuple(b for b in journal.buchungen if b.datum <= tag)
    laeufe = {b.lauf for b in buchungen}
    rechnungen = tuple((x, r) for x, r in journal.rechnungen if r.faellig <= faelligkeit(tag))
    zurueck = tuple(r for r in journal.rueckweisungen if r.lauf in laeufe)
    return replace(journal, buchungen=buchungen, rechnungen=rechnungen, rueckweisungen=zurueck)


def _werte(urteil: Urteil, journal: Journal) -> dict[Posten, Decimal]:
    """Return what each claim is worth: as recognised, else as paid."""
    return {p: x.betrag for p, x in journal.staende.items()} | {w.posten: w.betrag for w in werte(urteil, journal)}


def _schaetzen(
    urteil: Urteil, wert: dict[Posten, Decimal], jahr: int
) -> tuple[tuple[Schaetzung, ...], tuple[str, ...]]:
    """Return estimates for the second half-year where no form is there, and who has no figure of a year before."""
    periode, vorher, s = f"{jahr}-H2", f"{jahr - 1}-H2", urteil.stammdaten
    if not gefuehrt(s.einstellungen, periode):
        return (), ()
    alle = {posten_von(a): a.betrag for a in urteil.ansprueche if a.betrag is not None and a.status != "ersetzt"} | wert
    fehlend = {z.bfs_nr for z in urteil.zeilen if z.periode == periode and z.status in (FEHLT, NOCH_NICHT)}
    if periode not in urteil.perioden:
        fehlend = set(beteiligte(s, periode))
    schluss = date(jahr, 12, 31)
    gemeldet = {
        s.gebiet.nachfolgerin(f.akte.bfs_nr, schluss)
        for f in urteil.gueltige
        if f.akte.bfs_nr and f.akte.periode == vorher
    }
    gefunden: list[Schaetzung] = []
    ohne: list[str] = []
    for bfs in sorted(b for b in fehlend if b is not None):
        summen: dict[Leistung, Decimal] = defaultdict(lambda: NULL)
        for p, betrag in alle.items():
            if p.periode == vorher and s.gebiet.nachfolgerin(p.bfs_nr, schluss) == bfs:
                summen[p.leistung] += betrag
        name = s.gebiet.name(bfs)
        gefunden += [Schaetzung(bfs, name, x, periode, summen[x], vorher) for x in GEZAEHLT if summen.get(x)]
        ohne += [] if summen or bfs in gemeldet else [name]
    return tuple(gefunden), tuple(ohne)


def _saetze(urteil: Urteil, zeilen: tuple[Abzugrenzen, ...], jahr: int) -> Iterator[Satz]:
    """Yield the accrual at 31.12. and its counter-posting on the day of payment in March."""
    konten, schluss = Konten(urteil.stammdaten.einstellungen), date(jahr, 12, 31)
    for beleg, tag, vorzeichen, wie in (
        (f"KRS-ABG-{jahr}", schluss, 1, "Abgrenzung"), (f"KRS-ABG-{jahr}-A", Lauf(jahr + 1, 3).valuta, -1, "Auflösung"),
    ):  # fmt: skip
        for z in zeilen:
            paar = konten.aufwand(z.leistung), konten.abgrenzung
            traegt = traeger(urteil.stammdaten, jahr_von(z.periode), schluss)
            weitere = {"kreditjahr": traegt, "periode": z.periode, "leistung": str(z.leistung)}
            for art, betrag in zip(ARTEN, z.je_art, strict=True):
                text = f"{wie} {jahr}: {z.leistung} {z.periode}, {art}"
                yield from satz(beleg, tag, paar, vorzeichen * betrag, text, **weitere)
