"""The sections of a Beitragsmitteilung, each drawn on a Bogen."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from krs.formulare.formular import zeitraum
from krs.lauf.buchung import NULL, Buchung
from krs.lauf.plan import Abrechnung, Laufplan
from krs.lauf.rechenweg import BESTAETIGEN, Schritt, begruendung, grundlage
from krs.lauf.zurueckgestellt import Gehalten
from krs.mappen.berichte.bogen import Bogen, Zelle, formel
from krs.mappen.gestalt.tabelle import Formel
from krs.recht import BestandFehlt, BestandUnklar, Leistung, auslaender, datum, franken, stichtag
from krs.urteil.ansprueche import jahr_von
from krs.urteil.urteil import Urteil

VORBEHALT = "Auf Beiträge besteht kein Rechtsanspruch (Ziff. 4.1.1 des Kreisschreibens KRS-GEF-2017/01)."
_SPALTEN = (1, 4, 5, 6)  # of the amounts by municipality: B, E, F, G


def name(s: Schritt) -> str:
    """Return the Leistung; after a merger with the municipality that it was for."""
    return f"{s.posten.leistung} ({s.gemeinde})" if s.posten.bfs_nr != s.buchung.bfs_nr else str(s.posten.leistung)


def _rechnung(b: Bogen, s: Schritt, spalte: int) -> list[Zelle]:
    """Return period, count, rate and, in its column, the amount: a formula where it follows from the two."""
    zeile = b.zeile + 1
    betrag = formel(f"ROUND(C{zeile}*D{zeile}*20,0)/20", s.betrag) if s.aufgegangen else s.betrag
    return [
        (1, zeitraum(s.posten.periode), "text"), (2, s.buchung.anzahl, "rechnung"), (3, s.buchung.ansatz, "betrag"),
        (spalte, betrag, "betrag"),
    ]  # fmt: skip


def beitraege(b: Bogen, schritte: Sequence[Schritt]) -> str:
    """Draw what falls due in this run; return the cell of the total, nothing where there is none."""
    if not schritte:
        return ""
    b.band("Beiträge dieses Laufs")
    b.kopf(("Leistung", "Periode", "Anzahl", "Ansatz", "gültig ab", "Ziffer", "Betrag"))
    erste = b.zeile + 1
    for s in schritte:
        ab = f"{datum(s.ansatz.ab) if s.ansatz else ''}{'*' if s.zu_bestaetigen else ''}"
        b.zeile_mit(name(s), [*_rechnung(b, s, 6), (4, ab, "rechts"), (5, s.ziffer, "rechts")])
        if s.buchung.grund:  # what was shortened: declared and recognised, with the reason
            b.text(s.buchung.grund, "hilfe")
    zeile = b.summe("Total", [(6, formel(f"SUM(G{erste}:G{b.zeile})", sum((s.betrag for s in schritte), NULL)))])
    return f"G{zeile}"


def differenzen(b: Bogen, schritte: Sequence[Schritt], zurueck: Sequence[Buchung]) -> str:
    """Draw what changes for earlier periods, with what was paid and why; return the cell of the total.

    Args:
        zurueck: bookings of payments that the bank turned away.
    """
    if not schritte and not zurueck:
        return ""
    b.band("Frühere Perioden: Nachzahlungen und Berichtigungen")
    b.kopf(("Leistung", "Periode", "Anzahl", "Ansatz", "Betrag", "bezahlt", "Differenz"))
    zeilen = []
    for s in schritte:
        differenz = formel(f"E{b.zeile + 1}-F{b.zeile + 1}", s.buchung.betrag)
        zellen = [*_rechnung(b, s, 4), (5, s.bisher.betrag, "betrag"), (6, differenz, "betrag")]
        zeilen.append(b.zeile_mit(name(s), zellen))
        b.text(f"{begruendung(s)} ({grundlage(s)}{'*' if s.zu_bestaetigen else ''})", "hilfe")
    for x in zurueck:
        zeilen.append(b.zeile_mit(f"{x.grund}; die Zahlung wird wiederholt", [(6, x.betrag, "betrag")], bis=5))
    total = sum((x.betrag for x in (*(s.buchung for s in schritte), *zurueck)), NULL)
    zeile = b.summe("Total der Differenzen", [(6, formel("+".join(f"G{z}" for z in zeilen), total))])
    return f"G{zeile}"


def gehalten(b: Bogen, titel: str, alle: Sequence[Gehalten], bfs: int) -> None:
    """Draw what is held or not paid, and why."""
    if alle:
        b.band(titel)
    for g in alle:
        _gehalten(b, g, bfs, franken(g.betrag) if g.betrag is not None else "Betrag offen")


def ueberprueft(b: Bogen, alle: Sequence[Gehalten], bfs: int) -> None:
    """Draw what is paid and waits for a decision, and why."""
    if alle:
        b.band("Bezahlt, wird überprüft: bleibt bezahlt, bis entschieden ist")
    for g in alle:
        assert g.bezahlt_am is not None
        _gehalten(b, g, bfs, f"{franken(g.bezahlt)}, bezahlt mit dem Lauf vom {datum(g.bezahlt_am)}")


def _gehalten(b: Bogen, g: Gehalten, bfs: int, betrag: str) -> None:
    wessen = f" ({g.gemeinde})" if g.bfs_nr != bfs else ""
    saetze = [f"{satz} ({code})" if code else satz for code, satz in g.gruende]
    b.absaetze(f"{zeitraum(g.periode)}: {g.wofuer}{wessen}, {betrag}", saetze)


def anmerkungen(b: Bogen, schritte: Sequence[Schritt], urteil: Urteil) -> None:
    """Draw what the reader must know about rates and residents, and that nothing is a right."""
    b.luft()
    if any(s.zu_bestaetigen for s in schritte):
        b.text(f"* Ansatz {BESTAETIGEN} (Ziff. 4.1.2, 4.3.3).", "unterzeile")
    for satz in dict.fromkeys(filter(None, (_bestand(s, urteil) for s in schritte))):
        b.text(satz, "unterzeile")
    b.text(VORBEHALT, "unterzeile")


def _bestand(s: Schritt, urteil: Urteil) -> str:
    if s.posten.leistung is not Leistung.SOCKEL:
        return ""
    jahr = jahr_von(s.posten.periode)
    satz = f"Sockelbeitrag {jahr}: Anzahl Ausländerinnen und Ausländer am {datum(stichtag(jahr))}"
    stamm = urteil.stammdaten
    try:
        bestand = auslaender(stamm.bestand, stamm.gebiet, s.posten.bfs_nr, jahr)
    except (BestandFehlt, BestandUnklar):
        return f"{satz}."
    quellen = ", ".join(dict.fromkeys(z.quelle for z in bestand.zeilen))
    return f"{satz} ({quellen})." if bestand.anzahl == s.buchung.anzahl else f"{satz}, wie bei der Zahlung."


def ergebnis(a: Abrechnung, plan: Laufplan) -> str:
    """Return the one line that everybody reads."""
    rechnung = next((r for r in plan.rechnungen if r.bfs_nr == a.bfs_nr), None)
    if a.auszahlung:
        return f"Auszahlung {franken(a.auszahlung)} mit Valuta {datum(plan.valuta)}"
    if rechnung is not None:
        return f"Rechnung {franken(rechnung.betrag)}, zahlbar bis {datum(rechnung.faellig)}"
    if a.verrechnet:
        return "Keine Auszahlung: Das Guthaben ist ganz mit Rückforderungen verrechnet"
    return "Keine Auszahlung in diesem Lauf"


def titel(b: Bogen, was: str, name_: str, plan: Laufplan, bfs: int | None = None) -> None:
    """Draw the head: the municipality large on top, run and dates below."""
    b.text(f"start.integration – {was}", "marke")
    b.text(name_, "titel")
    nummer = f"BFS-Nr. {bfs}, " if bfs is not None else ""
    b.text(f"{nummer}Abrechnungslauf {plan.lauf}", "gross")
    angabe(b, "Datum", datum(plan.datum))


def angabe(b: Bogen, was: str, wert: str, spalte: int = 0) -> None:
    """Draw one fact beside its name."""
    b.reihe([(spalte, was, "untertitel"), (spalte + 1, wert, "text")])


def konto(bfs: int, plan: Laufplan, urteil: Urteil, zusatz: str = "") -> str:
    """Return who is paid, and on which account if it is known."""
    zeile = urteil.stammdaten.gemeinde(bfs, plan.datum)
    gruppen = gruppiert(zeile.iban if zeile else "")
    wer = f"{urteil.stammdaten.gebiet.name(bfs)}{zusatz}"
    return f"{wer}, {gruppen}" if gruppen else wer


def gruppiert(nummer: str) -> str:
    """Return an IBAN or a reference in groups of four."""
    return " ".join(nummer[n : n + 4] for n in range(0, len(nummer), 4))


def uebersicht(b: Bogen, alle: Sequence[Abrechnung]) -> None:
    """Draw one row per municipality with its balance, and the total of the payee."""
    b.band("Beiträge nach Gemeinde")
    b.kopf(("Gemeinde", "Anspruch", "", "", "Differenz früher", "verrechnet", "Auszahlung"), links=1)
    erste = b.zeile + 1
    for a in alle:
        z = b.zeile + 1
        auszahlung = formel(f"MAX(B{z}+E{z},0)-F{z}", a.auszahlung)
        werte: tuple[Decimal | Formel, ...] = (a.anspruch, a.differenz, a.verrechnet, auszahlung)
        b.zeile_mit(a.gemeinde, [(s, wert, "betrag") for s, wert in zip(_SPALTEN, werte, strict=True)])
    letzte = b.zeile
    summen = zip(*((a.anspruch, a.differenz, a.verrechnet, a.auszahlung) for a in alle), strict=True)
    spalten = zip(_SPALTEN, "BEFG", (sum(w, NULL) for w in summen), strict=True)
    b.summe("Total", [(s, formel(f"SUM({k}{erste}:{k}{letzte})", w)) for s, k, w in spalten])
