"""What each claim is worth today, against what was booked for it: the differences a run books (Ziff. 4.5.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.befund import mehrzahl
from krs.lauf.buchung import NULL, Journal, Posten, Stand
from krs.lauf.kennung import Lauf, lauf_von
from krs.lauf.status import mit_geloeschten
from krs.recht import Halbjahr, Leistung, auslaender, chf, franken, runden
from krs.urteil.ansprueche import ANERKANNT, NICHT_BERECHTIGT, Anspruch, jahr_von
from krs.urteil.entscheide import gilt_fuer
from krs.urteil.tafel import GELOESCHT

if TYPE_CHECKING:
    from krs.stammdaten.sperren import Sperre
    from krs.stammdaten.stammdaten import Einstellungen, Stammdaten
    from krs.urteil.fassung import Fassung
    from krs.urteil.urteil import Urteil


@dataclass(frozen=True, slots=True)
class Sollwert:
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

    werte: list[Sollwert] = field(default_factory=list)
    warnungen: list[str] = field(default_factory=list)


def bewerte(urteil: Urteil, journal: Journal, lauf: Lauf) -> Bewertung:
    """Return the worth of every claim due by `lauf`, booked or recognised; what is held stays as it was paid."""
    urteil = mit_geloeschten(urteil, journal)
    ergebnis, s = Bewertung(), urteil.stammdaten
    aktuell = {Posten(a.bfs_nr, a.leistung, a.periode): a for a in urteil.ansprueche if a.status != "ersetzt"}
    formulare = {(f.akte.bfs_nr, f.akte.periode): f for f in urteil.gueltige}
    eingegangen = {z.sha256: z.fassung for z in urteil.zeilen if z.status != GELOESCHT}
    for posten in sorted({*aktuell, *journal.staende}, key=str):
        faellig = lauf_von(posten.leistung, posten.periode)
        if faellig is None or faellig > lauf or not gefuehrt(s.einstellungen, posten.periode):
            continue
        stand, a = journal.stand(posten), aktuell.get(posten)
        f = formulare.get((posten.bfs_nr, posten.periode))
        if _gesperrt(posten, s.sperren) or _wartet(eingegangen.get(stand.sha256), f):
            continue
        if _ohne_beleg(stand, a, f) or _geloescht(stand, a, f, eingegangen, s):
            ergebnis.warnungen.append(
                f"{posten}: bezahlt sind {chf(stand.betrag)}, ein Beleg liegt aber nicht mehr vor. Es wird nichts "
                "zurückgefordert; verfügen Sie es, wenn nötig, als Rückforderung."
            )
            continue
        wert = _ohne_zeile(posten, stand, f) if a is None else _mit_zeile(posten, stand, a, s.einstellungen, ergebnis)
        if wert is not None:
            abgelehnt = a is not None and a.status == NICHT_BERECHTIGT
            belegt = wert.betrag != stand.betrag and not abgelehnt
            ergebnis.werte.append(replace(wert, zellen=zellen(f, posten, s)) if belegt else wert)
    ergebnis.warnungen += _ohne_zahltag(aktuell, s.einstellungen)
    return ergebnis


def _ohne_zahltag(aktuell: Mapping[Posten, Anspruch], e: Einstellungen) -> Iterator[str]:
    """Yield what is recognised and no run ever pays, as the circular names no day for it."""
    summen: dict[tuple[Leistung, str], list[Decimal]] = defaultdict(list)
    for p, a in aktuell.items():
        if a.status == ANERKANNT and a.betrag and lauf_von(p.leistung, p.periode) is None and gefuehrt(e, p.periode):
            summen[p.leistung, p.periode].append(a.betrag)
    for (leistung, periode), betraege in sorted(summen.items()):
        wer = mehrzahl(len(betraege), "Gemeinde", "Gemeinden")
        yield (
            f"{leistung} {periode}: {franken(sum(betraege, NULL))} von {wer} sind anerkannt, aber kein Lauf zahlt sie; "
            "das Kreisschreiben nennt dafür keinen Auszahlungstag (Ziff. 4.5.2)."
        )


def gefuehrt(einstellungen: Einstellungen, periode: str) -> bool:
    """Tell whether a period is settled here: earlier ones are shown, never paid (entwurf 4.8)."""
    return einstellungen.gefuehrt(Halbjahr.parse(periode) if "-" in periode else Halbjahr(int(periode), 1))


def _gesperrt(p: Posten, sperren: Iterable[Sperre]) -> bool:
    """Tell whether a Fehler in the Stammdaten concerns a claim: it pays nothing and takes nothing back."""
    return any(s.trifft(p.bfs_nr, p.leistung, p.periode) for s in sperren)


def _wartet(bezahlt: Fassung | None, f: Fassung | None) -> bool:
    """Tell whether the version that was paid is held now and an older one is in force again: paid stays (entwurf 1)."""
    if bezahlt is None or f is None or f.einreichung.eingang >= bezahlt.einreichung.eingang:
        return False
    return bool(bezahlt.gehalten & bezahlt.ansprueche) and not bezahlt.ansprueche <= bezahlt.abgelehnt


def _ohne_beleg(stand: Stand, a: Anspruch | None, f: Fassung | None) -> bool:
    """Tell whether nothing is left that speaks of a paid claim: it takes nothing back."""
    if not stand.betrag or a is not None:
        return False
    return f is None or f.akte.formular == "Anhang 3"


def _geloescht(stand: Stand, a: Anspruch | None, f: Fassung | None, eingegangen: Container[str], s: Stammdaten) -> bool:
    """Tell whether the form that was paid is deleted and an older one is in force again (docs/entscheide/31).

    That one counts only if it was received, or recognised by an Entscheid, since the payment; a refusal counts.
    """
    if not stand.betrag or stand.datum is None or f is None or f.akte.formular == "Anhang 3":
        return False
    if stand.sha256 in eingegangen or f.einreichung.eingang > stand.datum:
        return False
    seither = any(e.entscheid == "anerkennen" and e.datum > stand.datum and gilt_fuer(e, f) for e in s.entscheide)
    return not seither and (a is None or a.status == ANERKANNT)


def _mit_zeile(posten: Posten, stand: Stand, a: Anspruch, e: Einstellungen, ergebnis: Bewertung) -> Sollwert | None:
    if a.status == ANERKANNT and a.betrag is not None:
        wert = Sollwert(posten, a.betrag, a.anzahl, a.ansatz, a.sha256, grund=a.grund)
        return _festgehalten(wert, stand, e, ergebnis)
    if a.status == NICHT_BERECHTIGT and stand.gebucht:
        return Sollwert(posten, NULL, 0, stand.ansatz, a.sha256, grund=a.grund)
    return None  # zurückgestellt: nothing new is paid, and what was paid stays


def _ohne_zeile(posten: Posten, stand: Stand, f: Fassung | None) -> Sollwert | None:
    """A count corrected to 0 makes no claim."""
    if f is None or posten.leistung is Leistung.SOCKEL or posten.leistung.schluessel in f.gehalten:
        return None
    return Sollwert(posten, NULL, 0, stand.ansatz, f.einreichung.sha256)


def _festgehalten(wert: Sollwert, stand: Stand, e: Einstellungen, ergebnis: Bewertung) -> Sollwert:
    """Keep rate (and residents) of what is paid, unless «Neuberechnung» names the year (docs/entscheide/21)."""
    if not stand.betrag or stand.ansatz is None or wert.anzahl is None:
        return wert
    anzahl = stand.anzahl if wert.posten.leistung is Leistung.SOCKEL and stand.anzahl is not None else wert.anzahl
    if (anzahl, stand.ansatz) == (wert.anzahl, wert.ansatz):
        return wert
    gruende, jahr = dict(e.neuberechnung), jahr_von(wert.posten.periode)
    if jahr in gruende:
        return replace(wert, grund=f"Neuberechnung: {gruende[jahr]}")
    fest = runden(anzahl * stand.ansatz)
    ergebnis.warnungen.append(
        f"{wert.posten}: Ansatz oder Bestand hat sich seit der Zahlung geändert ({chf(wert.betrag - fest)} Franken "
        "Unterschied). Es bleibt dabei, ausser die Einstellung «Neuberechnung» nennt das Jahr."
    )
    return replace(wert, betrag=fest, anzahl=anzahl, ansatz=stand.ansatz)


def zellen(f: Fassung | None, posten: Posten, s: Stammdaten) -> str:
    """Return the cells that make the count: `Reporting!C21+C22+C23`.

    For a Sockelbeitrag those of the Stammdaten, `Ausländerbestand!D2`.
    """
    if posten.leistung is Leistung.SOCKEL:
        zeilen = auslaender(s.bestand, s.gebiet, posten.bfs_nr, int(posten.periode)).zeilen
        gezaehlt = {(z.bfs_nr, z.stichtag) for z in zeilen}
        orte = [b.zelle("anzahl") for b in s.bestandszeilen if (b.bfs_nr, b.stichtag) in gezaehlt]
    elif f is None or f.gelesen is None or f.formular is None:
        return ""
    else:
        felder = [k for k, x in f.formular.felder.items() if x.bezahlt and posten.leistung.schluessel in x.anspruch]
        orte = [z for k in felder if (z := f.gelesen.eingabe.felder.get(k)) is not None]
    return f"{orte[0].blatt}!{'+'.join(z.adresse for z in orte)}" if orte else ""
