"""The files of a released run: CSV, payment order, bills, statements (entwurf 4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from krs import __version__
from krs.ablage.laeufe import Laeufe
from krs.ablage.laufdateien import buchungen_csv, journal_csv, rechnungen_csv, zahlungen_csv
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.ausgabe import dateiname
from krs.export.konto import Konto
from krs.export.pain001 import PainFehler, Zahlung, Zahlungsauftrag, pain001
from krs.export.qrrechnung import QrFehler, qr_matrix, qr_png, referenz
from krs.export.qrrechnung import Rechnung as QrRechnung
from krs.export.zahlteil import svg
from krs.export.zahlteil_pdf import zahlteil_pdf
from krs.export.zeichen import zahlungstext
from krs.lauf.buchung import Rechnung
from krs.lauf.hauptbuch import Konten, hauptbuch
from krs.lauf.plan import Abrechnung, Laufplan, mitgeteilte
from krs.recht import datum as tagtext

if TYPE_CHECKING:
    from krs.formulare.befund import Befund
    from krs.lauf.auffaellig import Vorlauf
    from krs.stammdaten.stammdaten import Stammdaten
    from krs.urteil.urteil import Urteil


@dataclass(frozen=True, slots=True)
class Lage:
    """Everything a run is worked out from."""

    ablage: Ablage
    laeufe: Laeufe
    urteil: Urteil
    befunde: tuple[Befund, ...]
    stammdaten_bytes: bytes
    plan: Laufplan
    summe: str
    vorlauf: Vorlauf | None = None


def zahlungsdateien(lage: Lage) -> Mapping[str, bytes]:
    """Return CSV files, the payment order and the bills, which `zahlungsprobleme` has tried before."""
    plan, s = lage.plan, lage.urteil.stammdaten
    dateien = {
        "zahlungen.csv": zahlungen_csv(plan.abrechnungen),
        "buchungen.csv": buchungen_csv(plan.buchungen, Konten(s.einstellungen)),
        "journal.csv": journal_csv(hauptbuch(plan, s, lage.laeufe.journal, lage.vorlauf)),
        "rechnungen.csv": rechnungen_csv(plan.rechnungen, plan.datum, lambda r: (debitor(s, r, plan), referenz(r.nr))),
    }
    if any(a.auszahlung for a in plan.abrechnungen):
        dateien["pain001.xml"] = _pain(lage)
    for r in plan.rechnungen:
        qr = qr_rechnung(r, s, plan.datum)
        dateien |= {f"rechnungen/{r.nr}.svg": svg(qr), f"rechnungen/{r.nr}.pdf": zahlteil_pdf(qr)}
    return dateien


def zahlungsprobleme(lage: Lage) -> tuple[str, ...]:
    """Return what the standards of payment refuse, a German sentence each; nothing if all is well."""
    plan, probleme = lage.plan, list[str]()
    try:
        if any(a.auszahlung for a in plan.abrechnungen):
            _pain(lage)
    except PainFehler as fehler:
        probleme += fehler.probleme
    for r in plan.rechnungen:
        try:
            qr_matrix(qr_rechnung(r, lage.urteil.stammdaten, plan.datum))
        except QrFehler as fehler:
            probleme += (f"Rechnung {r.nr}: {satz}" for satz in fehler.probleme)
    return tuple(dict.fromkeys(probleme))


def konten(plan: Laufplan, stammdaten: Stammdaten) -> list[list[str]]:
    """Return whose money goes to which account and address: what two people mark beside the amounts."""
    e = stammdaten.einstellungen
    wer = sorted({a.empfaenger for a in plan.abrechnungen if a.auszahlung} | {r.bfs_nr for r in plan.rechnungen})
    kanton = ["Kanton", e.kanton_name, e.kanton_iban, e.konto_aufwand, e.konto_verrechnung]
    zeilen = [[*kanton, *Konten(e).eigene]]
    for bfs in wer:
        g = stammdaten.gemeinde_oder_letzte(bfs, plan.datum)
        if g is not None:
            zeilen.append([str(bfs), g.name, g.iban, g.strasse, g.hausnummer, str(g.plz or ""), g.ort])
    return zeilen


def end_to_end_id(a: Abrechnung) -> str:
    """Return the id that stays with a payment up to the payee's account statement."""
    return f"KRS-{a.lauf}-{a.bfs_nr}"


def _pain(lage: Lage) -> bytes:
    plan, stammdaten = lage.plan, lage.urteil.stammdaten
    zahlungen = tuple(
        Zahlung(
            end_to_end_id(a), a.auszahlung, _konto_von(stammdaten, a.empfaenger, plan.datum),
            zahlungstext(f"start.integration {plan.lauf} {a.gemeinde}{_wofuer(plan, a)}", 140),
        )
        for a in plan.abrechnungen
        if a.auszahlung
    )  # fmt: skip
    auftrag = Zahlungsauftrag(
        f"KRS-{plan.lauf}", plan.datum, plan.valuta, kantonskonto(stammdaten), zahlungen, "krs", __version__
    )
    return pain001(auftrag)


def _wofuer(plan: Laufplan, a: Abrechnung) -> str:
    """Return the periods of a payment, for who books it at the municipality."""
    perioden = {b.posten.periode for b in plan.buchungen if b.bfs_nr == a.bfs_nr and b.posten is not None}
    worte = (p if "-" in p else f"Sockelbeitrag {p}" for p in sorted(perioden, reverse=True))
    return f": {', '.join(worte)}" if perioden else ""


def _konto_von(stammdaten: Stammdaten, bfs: int, tag: date) -> Konto:
    g = stammdaten.gemeinde_oder_letzte(bfs, tag)
    if g is None:
        raise AblageFehler(f"Die Gemeinde {bfs} steht nicht im Blatt Gemeinden der Stammdaten.")
    name = zahlungstext(g.name, 70)
    return Konto(name, g.strasse, g.hausnummer, str(g.plz or ""), g.ort, iban=g.iban)


def kantonskonto(stammdaten: Stammdaten) -> Konto:
    """Return the canton's account as the Einstellungen name it."""
    e = stammdaten.einstellungen
    plz = str(e.kanton_plz or "")
    return Konto(e.kanton_name, e.kanton_strasse, e.kanton_hausnummer, plz, e.kanton_ort, iban=e.kanton_iban)


def debitor(stammdaten: Stammdaten, r: Rechnung, plan: Laufplan) -> str:
    """Return the number of who is invoiced in the debtors of finance."""
    g = stammdaten.gemeinde_oder_letzte(r.bfs_nr, plan.datum)
    return g.debitor_nr if g else ""


def qr_rechnung(r: Rechnung, stammdaten: Stammdaten, tag: date) -> QrRechnung:
    """Return an invoice as the QR-bill takes it."""
    text = zahlungstext(f"Rückforderung start.integration, Rechnung {r.nr}, zahlbar bis {tagtext(r.faellig)}", 140)
    schuldner = _konto_von(stammdaten, r.bfs_nr, tag)
    return QrRechnung(r.nr, r.betrag, kantonskonto(stammdaten), schuldner, text)


def mitteilungen(lage: Lage) -> dict[str, bytes]:
    """Return one statement per municipality (Beitragsmitteilung), and a summary per lead that is paid for others."""
    from krs.mappen.berichte.mitteilung import QrBild, mitteilung_mappe, sammel_mappe

    plan, stammdaten, journal = lage.plan, lage.urteil.stammdaten, lage.laeufe.journal
    absender, dateien = stammdaten.einstellungen.kanton_name, {}
    rechnungen = {r.bfs_nr: r for r in plan.rechnungen}
    for a in mitgeteilte(plan, stammdaten):
        r, bild = rechnungen.get(a.bfs_nr), None
        if r is not None:
            bild = QrBild(qr_png(qr_rechnung(r, stammdaten, plan.datum)), referenz(r.nr))
        name = mitteilungsname("Beitragsmitteilung", plan, a.bfs_nr, a.gemeinde)
        dateien[name] = mitteilung_mappe(a, plan.buchungen, plan, lage.urteil, journal, absender, bild)
    for lead in sorted({a.empfaenger for a in plan.abrechnungen if a.empfaenger != a.bfs_nr}):
        name = mitteilungsname("Zusammenstellung", plan, lead, stammdaten.gebiet.name(lead))
        dateien[name] = sammel_mappe(lead, plan.buchungen, plan, lage.urteil, journal, absender)
    return dateien


def mitteilungsname(art: str, plan: Laufplan, bfs: int, gemeinde: str) -> str:
    """Return where a statement lies in the folder of its run."""
    return f"mitteilungen/{art}_{plan.lauf}_{bfs}_{dateiname(gemeinde)}.xlsx"
