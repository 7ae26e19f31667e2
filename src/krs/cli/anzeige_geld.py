"""What the screen shows of payment runs, hand-overs and credit."""

from __future__ import annotations

from collections.abc import Iterator

from krs import saetze
from krs.ablauf.auskunft import Kreditauskunft
from krs.ablauf.laeufe import FREIGEGEBEN, VORSCHAU, Zahlungslauf
from krs.ablauf.uebergabe import Eingelesen, Uebergabe
from krs.ablauf.zahlungseingang import Abgleich
from krs.cli.schirm import tabelle
from krs.lauf import uebersicht
from krs.lauf.uebersicht import Liste
from krs.recht import chf, datum


def zahlungslauf(e: Zahlungslauf) -> Iterator[str]:
    """Yield how a run stands, and the next step."""
    yield from stand(e)
    if e.stand == VORSCHAU and not e.hindernisse:
        yield f"Nächster Schritt: krs lauf ABLAGE {e.plan.lauf} --vorbereiten --visum AB"
    elif e.stand == FREIGEGEBEN:
        yield f"Nächster Schritt: krs export ABLAGE {e.plan.lauf}"
    elif e.stand != VORSCHAU:
        yield f"Nächster Schritt, durch eine andere Person: krs lauf ABLAGE {e.plan.lauf} --freigeben --visum CD"


def stand(e: Zahlungslauf) -> Iterator[str]:
    """Yield control totals, warnings, and what stands in the way."""
    plan = e.plan
    yield f"Lauf {plan.lauf}, {e.stand} vom {datum(plan.datum)}, Valuta {datum(plan.valuta)}"
    yield ""
    yield from tabelle(["", "CHF"], [[wort, chf(v)] for wort, v in saetze.laufsummen(e)])
    yield ""
    yield from saetze.laufanzahlen(e)
    if e.hindernisse:
        yield ""
        yield "Eine Freigabe ist noch nicht möglich:"
        yield from (f"– {h}" for h in e.hindernisse)
    yield from e.meldungen
    yield f"Prüfsumme des Inhalts: {e.pruefsumme}"
    if e.ort:
        yield f"{'Lauf' if e.stand == FREIGEGEBEN else 'Vorschau'}: {e.ort}"


def uebergabe(u: Uebergabe) -> Iterator[str]:
    """Yield what was handed over, with its control totals."""
    yield f"Lauf {u.lauf}, Übergabe Nr. {u.nummer}: {u.ordner}"
    yield ""
    yield from tabelle(["Datei"], [[d] for d in u.dateien])
    yield ""
    yield from saetze.uebergabe(u)
    if u.hinweis:
        yield u.hinweis


def antwort(e: Eingelesen) -> Iterator[str]:
    """Yield what bank or accounting executed, and what comes back in the next run."""
    zurueck = len(e.zurueck) + len(e.erneut)
    yield f"Lauf {e.lauf}: {e.ausgefuehrt} ausgeführt, {zurueck} zurückgewiesen, {e.offen} noch ohne Antwort."
    for name, betrag, grund in e.zurueck:
        warum = grund or "ohne Grund"
        yield (
            f"Zurückgewiesen: {name}, {chf(betrag)} CHF ({warum}). Die nächste Nachzahlung («krs lauf ABLAGE {e.lauf} "
            "--nachzahlung») oder der nächste Lauf zahlt den Betrag erneut."
        )
    for name, betrag, lauf in e.erneut:
        yield f"Zurückgewiesen: {name}, {chf(betrag)} CHF. Der Lauf {lauf} hat den Betrag schon erneut bezahlt."
    for name, betrag, lauf in e.doppelt:
        yield (
            f"Doppelt bezahlt: {name}, {chf(betrag)} CHF. Die Zahlung war als zurückgewiesen gemeldet, der Lauf {lauf} "
            "hat sie erneut bezahlt. Erfassen Sie eine Rückforderung in den Stammdaten."
        )
    for fremd in e.unbekannt:
        yield f"Die Kennung «{fremd}» gehört zu keiner Zahlung dieses Laufs und ist nicht berücksichtigt."


def liste(angaben: Liste) -> Iterator[str]:
    """Yield a table with what follows from it."""
    if angaben.zeilen:
        yield from tabelle(angaben.kopf, angaben.zeilen)
        yield ""
    yield from angaben.saetze


def abgleich(a: Abgleich) -> Iterator[str]:
    """Yield what a bank statement says of our invoices, and whether it was written."""
    yield from liste(a.liste())
    if a.sicherung:
        yield f"Eingetragen im Blatt Rückforderungen; was vorher dort stand, liegt in {a.sicherung}."
    elif a.neue:
        yield "Es ist nichts eingetragen; «--uebernehmen --visum AB» trägt die Zahlungen in die Stammdaten ein."


def kredit(auskunft: Kreditauskunft) -> Iterator[str]:
    """Yield how a credit stands, and the effect of other rates."""
    yield from liste(uebersicht.kredit(auskunft.stand))
    if auskunft.wirkungen:
        yield ""
        yield from liste(uebersicht.wirkung(auskunft.wirkungen, auskunft.stand))
    yield from auskunft.meldungen
