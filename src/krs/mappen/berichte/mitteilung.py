"""The Beitragsmitteilung: what a municipality gets in one run, and why; fit to be sent (Ziff. 4.1.1, 4.3, 4.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from krs.lauf.abgelehnt import ohne_geld
from krs.lauf.buchung import NULL, Art, Buchung, Journal
from krs.lauf.plan import Abrechnung, Laufplan
from krs.lauf.rechenweg import Schritt, schritte
from krs.mappen.berichte import mitteilung_teile as teile
from krs.mappen.berichte import mitteilung_tilgung as tilgung
from krs.mappen.berichte.bogen import Bogen
from krs.recht import datum, franken
from krs.schreiben.unterschrift import auskunft, kontakt
from krs.urteil.urteil import Urteil

_HOCH = 146  # points that the QR code of 46 mm takes, with the white below it


@dataclass(frozen=True, slots=True)
class QrBild:
    """What the statement shows of a QR-bill: the code as PNG (46 mm), and its reference."""

    png: bytes
    referenz: str = ""


def mitteilung_mappe(  # noqa: PLR0913, PLR0917 what is stated, what it follows from, who sends it
    abrechnung: Abrechnung,
    buchungen: Sequence[Buchung],
    plan: Laufplan,
    urteil: Urteil,
    journal: Journal,
    absender: str,
    qr: QrBild | None = None,
) -> bytes:
    """Return the statement of one municipality as a workbook; the same bytes for the same inputs.

    Args:
        buchungen: of the run; those of other municipalities are left out.
        journal: the runs released before this one.
        absender: who sends it, for the footer.
        qr: for the invoice, if there is one.
    """
    a = abrechnung
    titel = f"Beitragsmitteilung {a.lauf}: {a.gemeinde}"
    b = Bogen(titel, "Beitragsmitteilung", (absender, f"{a.gemeinde}, Lauf {a.lauf}"))
    _kopf(b, a, plan, urteil)
    alle = _inhalt(b, a, buchungen, plan, urteil, journal)
    if a.rechnung:
        _rechnung(b, a, plan, urteil, qr)
    if not _ohne_geld(b, a, plan, urteil, journal) and not alle and not a.rechnung:
        b.luft()
        b.text("Für diesen Lauf ist kein Beitrag fällig.", "label")
    teile.anmerkungen(b, alle, urteil)
    for zeile in filter(None, (absender, auskunft(urteil.stammdaten.einstellungen))):
        b.text(zeile, "unterzeile")
    return b.ergebnis()


def _ohne_geld(b: Bogen, a: Abrechnung, plan: Laufplan, urteil: Urteil, journal: Journal) -> bool:
    """Draw what is held and what is not paid; True if there is any."""
    gehalten, nein = ohne_geld(urteil, plan.lauf, a.bfs_nr, journal)
    offen = [g for g in gehalten if g.offen]
    teile.gehalten(b, "Zurückgestellt, noch nicht ausbezahlt (Ziff. 5.2)", offen, a.bfs_nr)
    teile.ueberprueft(b, [g for g in gehalten if g.bezahlt], a.bfs_nr)
    teile.gehalten(b, "Nicht ausgerichtet", nein, a.bfs_nr)
    return bool(gehalten or nein)


def sammel_mappe(
    lead: int, buchungen: Sequence[Buchung], plan: Laufplan, urteil: Urteil, journal: Journal, absender: str
) -> bytes:
    """Return the summary for a Leitgemeinde that is paid for others: each member with its Rechenweg (Ziff. 4.5.2).

    Args: as `mitteilung_mappe`; `lead`: BFS-Nr. of the payee.
    """
    name = urteil.stammdaten.gebiet.name(lead)
    eigene = [a for a in plan.abrechnungen if a.empfaenger == lead]
    b = Bogen(f"Zusammenstellung {plan.lauf}: {name}", "Zusammenstellung", (absender, f"{name}, Lauf {plan.lauf}"))
    teile.titel(b, "Zusammenstellung für die Leitgemeinde", name, plan)
    teile.angabe(b, "ausbezahlt an", teile.konto(lead, plan, urteil))
    b.luft()
    total = sum((a.auszahlung for a in eigene), NULL)
    b.text(f"Auszahlungen {franken(total)} mit Valuta {datum(plan.valuta)}", "pruefzeile")
    teile.uebersicht(b, eigene)
    alle: list[Schritt] = []
    for a in eigene:
        b.platz(120)
        b.luft(12)
        b.text(f"{a.gemeinde} (BFS-Nr. {a.bfs_nr})", "gross")
        alle += _inhalt(b, a, buchungen, plan, urteil, journal)
        _ohne_geld(b, a, plan, urteil, journal)
    teile.anmerkungen(b, alle, urteil)
    b.text(absender, "unterzeile")
    return b.ergebnis()


def _kopf(b: Bogen, a: Abrechnung, plan: Laufplan, urteil: Urteil) -> None:
    gebiet = urteil.stammdaten.gebiet
    teile.titel(b, "Beitragsmitteilung", a.gemeinde, plan, a.bfs_nr)
    if a.auszahlung:
        lead = f", Leitgemeinde, für {a.gemeinde}" if a.empfaenger != a.bfs_nr else ""
        teile.angabe(b, "ausbezahlt an", teile.konto(a.empfaenger, plan, urteil, lead))
    andere = [x.bfs_nr for x in plan.abrechnungen if x.empfaenger == a.bfs_nr != x.bfs_nr and x.auszahlung]
    if andere:
        namen = ", ".join(gebiet.name(n) for n in andere)
        teile.angabe(b, "als Leitgemeinde", f"zusätzlich die Beiträge für {namen}, siehe Zusammenstellung")
    b.luft()
    b.text(teile.ergebnis(a, plan), "pruefzeile")


def _inhalt(
    b: Bogen, a: Abrechnung, buchungen: Sequence[Buchung], plan: Laufplan, urteil: Urteil, journal: Journal
) -> tuple[Schritt, ...]:
    """Draw Rechenweg, differences, netting and balance; return the claims."""
    eigene = [x for x in buchungen if x.bfs_nr == a.bfs_nr]
    alle = schritte(eigene, urteil, journal)
    ansprueche = teile.beitraege(b, [s for s in alle if not s.differenz])
    zurueck = [x for x in eigene if x.art is Art.RUECKWEISUNG]
    differenz = teile.differenzen(b, [s for s in alle if s.differenz], zurueck)
    tilgungen = tuple(tilgung.tilgungen(a, plan, urteil, journal))
    offene = (*tilgung.ersetzte(a, plan, urteil, journal), *tilgung.in_rechnung(a, plan, urteil, journal))
    netto = tilgung.rueckforderungen(b, tilgungen, offene)
    if differenz or tilgungen:
        tilgung.abrechnung(b, a, ansprueche, differenz, netto)
    return alle


def _rechnung(b: Bogen, a: Abrechnung, plan: Laufplan, urteil: Urteil, qr: QrBild | None) -> None:
    """Draw the invoice, beside it the QR code with white around it."""
    r = next(r for r in plan.rechnungen if r.bfs_nr == a.bfs_nr)
    e = urteil.stammdaten.einstellungen
    b.band(f"Rechnung {r.nr}", _HOCH + 25)
    ort = " ".join(filter(None, (str(e.kanton_plz or ""), e.kanton_ort)))
    strasse = " ".join(filter(None, (e.kanton_strasse, e.kanton_hausnummer)))
    angaben = [("Betrag", franken(r.betrag)), ("zahlbar bis", datum(r.faellig))]
    angaben += [("Konto", teile.gruppiert(e.kanton_iban)), ("Referenz", teile.gruppiert(qr.referenz if qr else ""))]
    angaben += [("Fragen an", kontakt(e)), ("zahlbar an", e.kanton_name), *(("", zeile) for zeile in (strasse, ort))]
    b.luft()
    if qr is not None:
        b.bild(qr.png, f"QR-Code der Rechnung {r.nr}")
    gezeigt = [x for x in angaben if x[1]]
    for was, wert in gezeigt:
        teile.angabe(b, was, wert, spalte=1)
    if qr is not None:
        teile.angabe(b, "", "Der Zahlteil mit Empfangsschein liegt bei.", spalte=1)
        b.luft(max(_HOCH - 15 * (len(gezeigt) + 1), 4))
