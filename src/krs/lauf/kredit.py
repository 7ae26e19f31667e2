"""The credit of a year: what is paid, recognised, held back and left (Ziff. 4.3.4).

What is still to come has no amount here: the circular names none, and none is invented (docs/entscheide/18).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.befund import mehrzahl
from krs.lauf.buchung import NULL, Journal, Posten, summe
from krs.lauf.kennung import Lauf, lauf_von
from krs.lauf.posten import Sollwert, bewerte, gefuehrt
from krs.recht import datum, franken
from krs.recht.zeit import JAHRE
from krs.urteil.ansprueche import ANERKANNT, BEZAHLT, ZURUECKGESTELLT, Anspruch, jahr_von
from krs.urteil.tafel import FEHLT, NOCH_NICHT

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten
    from krs.urteil.urteil import Urteil

_LETZTER = Lauf(JAHRE[-1], 9)


@dataclass(frozen=True, slots=True)
class Kreditstand:
    """The credit of one year as on a day, in CHF.

    `kredit`: None where none is entered. `bezahlt`: what released runs charged to the year. `offen`: recognised and
    not yet paid, negative where a payment is to come back. `zurueckgestellt`: what held claims could add;
    `ohne_betrag`: held claims whose amount is not known. `noch_nicht`: claims that
    only wait for a form before its deadline. `nicht_gemeldet`: Anhang 2 of the year that are still owed;
    `nicht_erfasst`: its half-years for which no form has been asked yet.
    """

    jahr: int
    stichtag: date
    kredit: Decimal | None
    abgeschlossen_am: date | None
    bezahlt: Decimal
    offen: Decimal
    zurueckgestellt: Decimal
    ohne_betrag: int
    noch_nicht: Decimal
    nicht_gemeldet: int
    nicht_erfasst: tuple[str, ...]

    @property
    def anerkannt(self) -> Decimal:
        """Paid, and recognised and not yet paid."""
        return self.bezahlt + self.offen

    @property
    def rest(self) -> Decimal | None:
        """What is left of the credit after all that is recognised; None without a credit."""
        return None if self.kredit is None else self.kredit - self.anerkannt

    @property
    def ueberschuss(self) -> Decimal | None:
        """What goes to the credit for projects once the year is closed (Ziff. 4.3.4); None before."""
        if self.kredit is None or self.abgeschlossen_am is None:
            return None
        return max(self.kredit - self.bezahlt, NULL)

    def warnungen(self) -> Iterator[str]:
        """Yield what the office must act on."""
        if self.kredit is None:
            yield f"Der Kredit {self.jahr} ist nicht erfasst: Tragen Sie ihn in den Stammdaten, Blatt Kredit, ein."
            return
        fehlbetrag = self.anerkannt + self.zurueckgestellt - self.kredit
        if fehlbetrag > 0:
            yield (
                f"Der Kredit {self.jahr} von {franken(self.kredit)} reicht nicht: Anerkannt sind "
                f"{franken(self.anerkannt)}, zurückgestellt {franken(self.zurueckgestellt)}; es fehlen "
                f"{franken(fehlbetrag)}. Gekürzt wird nicht, die Ansätze sind Mindestbeiträge (Ziff. 4.3.3)."
            )

    def hinweise(self) -> Iterator[str]:
        """Yield what the figures do not hold, and where a surplus goes."""
        if self.ohne_betrag:
            worte = mehrzahl(self.ohne_betrag, "Anspruch", "Ansprüche")
            yield f"Zurückgestellt ohne bekannten Betrag: {worte} (Grund im Master, Blatt Ansprüche)."
        if self.noch_nicht:
            yield f"Noch nicht fällig: {franken(self.noch_nicht)}; die Frist der Formulare läuft noch."
        if self.nicht_gemeldet:
            worte = mehrzahl(self.nicht_gemeldet, "Formular", "Formulare")
            yield f"Noch nicht gemeldet: {worte} (Anhang 2); was dazukommt, ist nicht bekannt."
        if self.nicht_erfasst:
            yield f"Noch nicht verlangt (Anhang 2): {' und '.join(self.nicht_erfasst)}."
        if self.ueberschuss is not None and self.abgeschlossen_am is not None:
            yield (
                f"Das Jahr {self.jahr} ist seit {datum(self.abgeschlossen_am)} abgeschlossen. Dem Kredit für Projekte "
                f"werden {franken(self.ueberschuss)} gutgeschrieben (Ziff. 4.3.4)."
            )


def kreditstand(urteil: Urteil, journal: Journal, jahr: int, stichtag: date) -> Kreditstand:
    """Return what the credit of a year bears as on a day (Ziff. 4.3.4, docs/entscheide/03, 18).

    A closed year bears what was paid; what changes later is borne by the year of `stichtag`. Netting changes nothing:
    it is paid, with what the canton is owed. Periods before «geführt ab» were settled elsewhere.
    """
    s = urteil.stammdaten
    kredit = s.kredit_von(jahr)
    journal = replace(journal, buchungen=tuple(b for b in journal.buchungen if b.datum <= stichtag))

    def traegt(periode: str) -> bool:
        return traeger(s, jahr_von(periode), stichtag) == jahr

    offene = (w.betrag - journal.stand(w.posten).betrag for w in werte(urteil, journal) if traegt(w.posten.periode))
    gehalten = [a for a in in_stand(urteil, ZURUECKGESTELLT) if traegt(a.periode)]
    moeglich = (a.betrag - journal.stand(posten_von(a)).betrag for a in gehalten if a.betrag is not None)
    gefuehrte = [p for p in (f"{jahr}-H1", f"{jahr}-H2") if gefuehrt(s.einstellungen, p)]
    return Kreditstand(
        jahr=jahr,
        stichtag=stichtag,
        kredit=kredit.kredit if kredit else None,
        abgeschlossen_am=_abgeschlossen(s, jahr, stichtag),
        bezahlt=summe(b for b in journal.buchungen if b.posten is not None and b.kreditjahr == jahr),
        offen=sum(offene, NULL),
        zurueckgestellt=sum((m for m in moeglich if m > 0), NULL),
        ohne_betrag=sum(a.betrag is None for a in gehalten),
        noch_nicht=sum((a.betrag or NULL for a in in_stand(urteil, NOCH_NICHT) if traegt(a.periode)), NULL),
        nicht_gemeldet=sum(z.status in (FEHLT, NOCH_NICHT) and z.periode in gefuehrte for z in urteil.zeilen),
        nicht_erfasst=tuple(p for p in gefuehrte if p not in urteil.perioden),
    )


def werte(urteil: Urteil, journal: Journal) -> Iterator[Sollwert]:
    """Yield what each claim is worth today, also where the circular names no payout date (docs/entscheide/03).

    Of a judgement with krs.lauf.gezahlt.mit_laeufen, too: what is paid keeps its amount.
    """
    yield from bewerte(urteil, journal, _LETZTER).werte
    for a in in_stand(urteil, ANERKANNT, BEZAHLT):
        if a.betrag is not None and (a.status == BEZAHLT or lauf_von(a.leistung, a.periode) is None):
            yield Sollwert(posten_von(a), a.betrag, a.anzahl, a.ansatz)


def in_stand(urteil: Urteil, *status: str) -> Iterator[Anspruch]:
    """Return the claims in some state that are settled here (entwurf 4.8)."""
    e = urteil.stammdaten.einstellungen
    return (a for a in urteil.ansprueche if a.status in status and gefuehrt(e, a.periode))


def posten_von(a: Anspruch) -> Posten:
    """Return what a claim is booked for."""
    return Posten(a.bfs_nr, a.leistung, a.periode)


def _abgeschlossen(s: Stammdaten, jahr: int, tag: date) -> date | None:
    """Return since when a year is closed, None if it is not on that day."""
    kredit = s.kredit_von(jahr)
    schluss = kredit.abgeschlossen_am if kredit else None
    return schluss if schluss and schluss <= tag else None


def traeger(s: Stammdaten, jahr: int, tag: date) -> int:
    """Return the year whose credit bears what is booked for a year on a day: a closed year is not changed.

    What changes later is borne by the year of that day, or the next open one (Ziff. 4.3.4, docs/entscheide/18).
    """
    if _abgeschlossen(s, jahr, tag):
        jahr = tag.year
        while _abgeschlossen(s, jahr, tag):
            jahr += 1
    return jahr
