"""What stands in the way of releasing a run; refused with the whole list (entwurf 4.5, 4.8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from krs.formulare.befund import Befund, Stufe, gruppiert
from krs.lauf.auffaellig import fremdes_konto
from krs.lauf.kennung import lauf_von
from krs.lauf.plan import Laufplan
from krs.lauf.posten import gefuehrt
from krs.recht import datum

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Einstellungen, Gemeinde
    from krs.urteil.urteil import Urteil

OHNE_TARIF = "S-23"
_FRUEHESTENS = 2  # months before the month of payment


@dataclass(frozen=True, slots=True)
class Visum:
    """A mark on a run, of the account that made it; the second one knows whether it was another account."""

    rolle: str
    visum: str
    konto: str
    am: date
    zwei_konten: bool = True


def hindernisse(
    plan: Laufplan, urteil: Urteil, befunde: Iterable[Befund], veraendertes: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return why a run cannot be released, a German sentence each; nothing if it can.

    Args:
        befunde: of the Stammdaten.
        veraendertes: what runs have used and the Stammdaten say otherwise today.
    """
    fehler = [b for b in befunde if b.stufe is Stufe.FEHLER]
    gruende = [
        *_zu_frueh(plan),
        *_leer(plan),
        *_valuta(plan),
        *(f"Stammdaten, {b.meldung}" for b in gruppiert(fehler)),
        *_kanton(urteil.stammdaten.einstellungen),
    ]
    gruende += [*veraendertes, *_parteien(plan, urteil)]
    gruende += [*fremdes_konto(plan, urteil.stammdaten), *_ohne_tarif(plan, urteil)]
    return tuple(dict.fromkeys(gruende))


def _zu_frueh(plan: Laufplan) -> Iterator[str]:
    """A run far ahead would shut out those before it."""
    lauf = plan.lauf
    if (lauf.jahr - plan.datum.year) * 12 + lauf.monat - plan.datum.month > _FRUEHESTENS:
        yield f"Der Lauf {lauf} liegt mehr als {_FRUEHESTENS} Monate nach dem Tag des Laufs, dem {datum(plan.datum)}."


def kuenftig(plan: Laufplan, heute: date) -> Iterator[str]:
    """Yield if a run is of a day to come: it would shut out what comes until then (docs/entscheide/79)."""
    if plan.datum > heute:
        yield f"Der Tag des Laufs, {datum(plan.datum)}, liegt in der Zukunft. Nennen Sie einen anderen mit --datum."


def _leer(plan: Laufplan) -> Iterator[str]:
    if not plan.buchungen and not plan.rechnungen:
        yield f"Im Lauf {plan.lauf} gibt es nichts auszuzahlen, zu verrechnen oder in Rechnung zu stellen."


def _valuta(plan: Laufplan) -> Iterator[str]:
    if plan.valuta < plan.datum:
        yield (
            f"Der Zahltag {datum(plan.valuta)} liegt vor dem Tag des Laufs {datum(plan.datum)}. "
            "Nennen Sie einen späteren: --valuta JJJJ-MM-TT."
        )


def _kanton(e: Einstellungen) -> Iterator[str]:
    fehlend = [
        name
        for name, wert in (
            ("Kanton Name", e.kanton_name), ("Kanton IBAN", e.kanton_iban), ("Kanton PLZ", e.kanton_plz),
            ("Kanton Ort", e.kanton_ort), ("Konto Aufwand", e.konto_aufwand),
            ("Konto Verrechnung", e.konto_verrechnung),
        )
        if not wert
    ]  # fmt: skip
    if fehlend:
        yield f"Stammdaten, Blatt Einstellungen: Es fehlt {', '.join(f'«{n}»' for n in fehlend)}."


def _parteien(plan: Laufplan, urteil: Urteil) -> Iterator[str]:
    stammdaten, tag = urteil.stammdaten, plan.datum
    empfaenger = {a.empfaenger for a in plan.abrechnungen if a.auszahlung}
    schuldner = {r.bfs_nr for r in plan.rechnungen}
    for bfs in sorted(empfaenger | schuldner):
        g = stammdaten.gemeinde_oder_letzte(bfs, tag)
        fehlend = [*(["«IBAN»"] if bfs in empfaenger and not (g and g.iban) else []), *_adresse(g)]
        if fehlend:
            name = stammdaten.gebiet.name(bfs)
            yield f"Stammdaten, Blatt Gemeinden, {bfs} {name}: Es fehlt {', '.join(fehlend)}."


def _adresse(g: Gemeinde | None) -> list[str]:
    return [f"«{name}»" for name, wert in (("PLZ", g and g.plz), ("Ort", g and g.ort)) if not wert]


def _ohne_tarif(plan: Laufplan, urteil: Urteil) -> Iterator[str]:
    """Refuse while a rate is missing for what falls due (docs/entscheide/17)."""
    einstellungen = urteil.stammdaten.einstellungen
    for a in urteil.ansprueche:
        faellig = lauf_von(a.leistung, a.periode) == plan.lauf and gefuehrt(einstellungen, a.periode)
        if OHNE_TARIF in a.grund and faellig:
            yield f"Für {a.leistung}, {a.periode}, fehlt der Ansatz: Stammdaten, Blatt Tarife (Ziff. 4.3.2)."
