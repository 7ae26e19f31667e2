"""What each claim is worth today, against what was booked for it: the differences a run books (Ziff. 4.5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.ansprueche import ANERKANNT, NICHT_BERECHTIGT, Anspruch, jahr_von
from krs.lauf.buchung import KURZ, NULL, Journal, Posten, Stand
from krs.lauf.kennung import Lauf, lauf_von
from krs.recht import Halbjahr, Leistung, chf, runden

if TYPE_CHECKING:
    from krs.formulare.stammdaten import Einstellungen
    from krs.formulare.urteil import Urteil
    from krs.formulare.versionen import Fassung


@dataclass(frozen=True, slots=True)
class Wert:
    """What a claim is worth now, in CHF; `betrag` is what a run may bring it to."""

    posten: Posten
    betrag: Decimal
    anzahl: int | None
    ansatz: Decimal | None
    sha256: str = ""
    zellen: str = ""
    grund: str = ""


@dataclass(slots=True)
class Bewertung:
    """All claims that have fallen due by a run, and what a person must know about them."""

    werte: list[Wert] = field(default_factory=list)
    warnungen: list[str] = field(default_factory=list)


def bewerte(urteil: Urteil, journal: Journal, lauf: Lauf) -> Bewertung:
    """Return the worth of every claim due by `lauf`, booked or recognised; what is held stays as it was paid."""
    ergebnis = Bewertung()
    aktuell = {Posten(a.bfs_nr, a.leistung, a.periode): a for a in urteil.ansprueche if a.status != "ersetzt"}
    formulare = {(f.akte.bfs_nr, f.akte.periode): f for f in urteil.gueltige}
    einstellungen = urteil.stammdaten.einstellungen
    for posten in sorted({*aktuell, *journal.staende}, key=str):
        faellig = lauf_von(posten.leistung, posten.periode)
        if faellig is None or faellig > lauf or not gefuehrt(einstellungen, posten.periode):
            continue
        stand, a = journal.staende.get(posten, Stand()), aktuell.get(posten)
        f = formulare.get((posten.bfs_nr, posten.periode))
        wert = _ohne_zeile(posten, stand, f, ergebnis) if a is None else _mit_zeile(posten, stand, a, f)
        if wert is not None:
            wert = _festgehalten(wert, stand, einstellungen, ergebnis)
            ergebnis.werte.append(wert)
    return ergebnis


def gefuehrt(einstellungen: Einstellungen, periode: str) -> bool:
    """Tell whether a period is settled here: earlier ones are shown, never paid (design 4.8)."""
    return einstellungen.gefuehrt(Halbjahr.parse(periode) if "-" in periode else Halbjahr(int(periode), 1))


def _mit_zeile(posten: Posten, stand: Stand, a: Anspruch, f: Fassung | None) -> Wert | None:
    if a.status == ANERKANNT and a.betrag is not None:
        return Wert(posten, a.betrag, a.anzahl, a.ansatz, a.sha256, zellen(f, posten), a.grund)
    if a.status == NICHT_BERECHTIGT:
        return Wert(posten, NULL, a.anzahl, a.ansatz, a.sha256, "", a.grund) if stand.gebucht else None
    return None  # zurückgestellt: nothing new is paid, and what was paid stays


def _ohne_zeile(posten: Posten, stand: Stand, f: Fassung | None, ergebnis: Bewertung) -> Wert | None:
    """A count corrected to 0 makes no claim; a form that is no longer there takes nothing back."""
    schluessel = KURZ[posten.leistung]
    if f is None or posten.leistung is Leistung.SOCKEL:
        if stand.betrag:
            ergebnis.warnungen.append(
                f"{posten}: bezahlt sind {chf(stand.betrag)}, ein Beleg liegt aber nicht mehr vor. Es wird nichts "
                "zurückgefordert; verfügen Sie es, wenn nötig, als Rückforderung."
            )
        return None
    if schluessel in f.gehalten:
        return None
    return Wert(posten, NULL, 0, stand.ansatz, f.einreichung.sha256, zellen(f, posten))


def _festgehalten(wert: Wert, stand: Stand, e: Einstellungen, ergebnis: Bewertung) -> Wert:
    """Keep rate (and residents) of what is paid, unless «Neuberechnung» names the year (docs/entscheide/21)."""
    if not stand.betrag or not wert.betrag or stand.ansatz is None or wert.anzahl is None:
        return wert
    if jahr_von(wert.posten.periode) in {jahr for jahr, _ in e.neuberechnung}:
        return wert
    anzahl = stand.anzahl if wert.posten.leistung is Leistung.SOCKEL and stand.anzahl is not None else wert.anzahl
    if (anzahl, stand.ansatz) == (wert.anzahl, wert.ansatz):
        return wert
    fest = runden(anzahl * stand.ansatz)
    ergebnis.warnungen.append(
        f"{wert.posten}: Ansatz oder Bestand hat sich seit der Zahlung geändert ({chf(wert.betrag - fest)} Franken "
        "Unterschied). Es bleibt dabei, ausser die Einstellung «Neuberechnung» nennt das Jahr."
    )
    return Wert(wert.posten, fest, anzahl, stand.ansatz, wert.sha256, wert.zellen, wert.grund)


def zellen(f: Fassung | None, posten: Posten) -> str:
    """Return the cells that make the count, such as `Reporting!C21+C22+C23`; nothing for a Sockelbeitrag."""
    if f is None or f.gelesen is None or f.formular is None or posten.leistung is Leistung.SOCKEL:
        return ""
    schluessel = KURZ[posten.leistung]
    felder: Iterable[str] = (k for k, x in f.formular.felder.items() if x.bezahlt and schluessel == x.anspruch[:1][0])
    orte = [z for k in felder if (z := f.gelesen.eingabe.felder.get(k)) is not None]
    return f"{orte[0].blatt}!{'+'.join(z.adresse for z in orte)}" if orte else ""


def differenzen(bewertung: Bewertung, staende: Mapping[Posten, Stand]) -> Iterator[tuple[Wert, Decimal]]:
    """Yield what each claim changes, in CHF, leaving out what does not change."""
    for wert in bewertung.werte:
        unterschied = wert.betrag - staende.get(wert.posten, Stand()).betrag
        if unterschied:
            yield wert, unterschied
