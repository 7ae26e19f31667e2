"""First sheet of a run: what it is, who released it, control totals, and equations that must close (entwurf 4.5)."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from krs import __version__
from krs.lauf.buchung import NULL, Art, summe
from krs.lauf.freigabe import Visum
from krs.lauf.kennung import pruefziffer
from krs.lauf.plan import Laufplan
from krs.mappen.berichte.abrechnung_kontrollen import BETRAEGE, Umfang, kontrollen, total
from krs.mappen.gestalt.schrift import hoehe, zeilen
from krs.mappen.gestalt.tabelle import Formel, Kopf, Schreiber, Wert
from krs.recht import Leistung, datum
from krs.urteil.urteil import Urteil

VORSCHAU = "Vorschau: nicht freigegeben"
EIN_KONTO = "nein, ein Konto"
_BREITEN = (66, 17, 17, 17)
Reihen = list[list[Wert | Formel]]


@dataclass(frozen=True, slots=True)
class Laufkopf:
    """What the run itself does not know: hash of its content, marks, whether it is a preview."""

    pruefsumme: str
    visa: tuple[Visum, ...] = ()
    vorschau: bool = False


def blatt(s: Schreiber, plan: Laufplan, urteil: Urteil, kopf: Laufkopf, umfang: Umfang) -> None:
    """Write the sheet."""
    b = s.mappe.blatt("Übersicht")
    unter = "start.integration · Kreisschreiben KRS-GEF-2017/01, Ziff. 4.3, 4.5.2 und 4.7"
    s.kopf(b, _BREITEN, f"Abrechnungslauf {plan.lauf}", unter)
    oben = _angaben(s, b, plan, urteil, kopf) + 1
    oben = _totale(s, b, plan, umfang, oben) + 1
    oben = _leistungen(s, b, plan, umfang, oben) + 1
    oben = kontrollen(s, b, plan, umfang, oben) + 1
    oben = _zeilen(s, b, umfang, oben) + 1
    _warnungen(s, b, plan.warnungen, oben)
    b.set_footer(f"&L&8start.integration · Abrechnungslauf {plan.lauf}&R&8Seite &P von &N")


def _angaben(s: Schreiber, b: Worksheet, plan: Laufplan, urteil: Urteil, kopf: Laufkopf) -> int:
    if kopf.vorschau:
        s.zelle(b, 2, 0, VORSCHAU, "hinweiszeile")
    angaben = [
        ("Datum", datum(plan.datum)), ("Valuta", datum(plan.valuta)),
        ("Stand der Einreichungen", datum(urteil.stichtag)), ("Software", f"krs {__version__}"),
        ("Prüfsumme des Inhalts (SHA-256)", kopf.pruefsumme),
        ("Prüfziffer, für Papier und Mail", pruefziffer(kopf.pruefsumme)),
        *((v.rolle, f"{v.visum}, Konto {v.konto or 'unbekannt'}, {datum(v.am)}") for v in kopf.visa),
        _vier_augen(kopf.visa),
    ]  # fmt: skip
    for zeile, (was, wert) in enumerate(angaben, 3):
        s.zelle(b, zeile, 0, was, "untertitel")
        s.zelle(b, zeile, 1, wert, *(["hinweiszeile"] if wert.startswith(EIN_KONTO) else []))
    return 3 + len(angaben)


def _vier_augen(visa: tuple[Visum, ...]) -> tuple[str, str]:
    if not visa:
        return "Visa", "noch keine"
    return "Vier Augen", "ja, zwei Konten" if visa[-1].zwei_konten else f"{EIN_KONTO}: {visa[-1].konto or 'unbekannt'}"


def _totale(s: Schreiber, b: Worksheet, plan: Laufplan, umfang: Umfang, oben: int) -> int:
    """Control totals over the sheet Abrechnung: how many municipalities each figure concerns, and its sum."""
    gemeinden = Formel(f"=COUNT({umfang.bereich('Abrechnung', 'BFS-Nr.')})", len(plan.abrechnungen))
    zeilen_: Reihen = [["Gemeinden", gemeinden, None]]
    for name, feld in BETRAEGE.items():
        bereich = umfang.bereich("Abrechnung", name)
        anzahl = sum(bool(getattr(a, feld)) for a in plan.abrechnungen)
        zeilen_.append(
            [
                "Auszahlung (Zahlungen)" if feld == "auszahlung" else name,
                Formel(f"=SUMPRODUCT(--({bereich}<>0))", anzahl),
                Formel(f"=SUM({bereich})", total(plan.abrechnungen, feld)),
            ]
        )
    wer, betrag = (umfang.bereich("Zurückgestellt", titel) for titel in ("BFS-Nr.", "Betrag"))
    gehalten = (
        Formel(f"=COUNTA({wer})", len(umfang.blaetter["Zurückgestellt"].eintraege)),
        Formel(f"=SUM({betrag})", umfang.zurueckgestellt),
    )
    zeilen_.append(["Zurückgestellt, nicht in diesem Lauf", *gehalten])
    spalten = [Kopf("Kontrolltotale"), Kopf("Anzahl", "rechnung"), Kopf("Betrag (Fr.)", "betrag")]
    return s.tabelle(b, "Kontrolltotale", spalten, zeilen_, oben)


def _leistungen(s: Schreiber, b: Worksheet, plan: Laufplan, umfang: Umfang, oben: int) -> int:
    """Sums by Leistung over the sheet Buchungen."""
    betrag, art, welche = (umfang.bereich("Buchungen", titel) for titel in ("Betrag", "Art", "Leistung"))
    zeilen_: Reihen = []
    for leistung in Leistung:
        teile = [
            summe(x for x in plan.buchungen if x.art is a and x.posten is not None and x.posten.leistung is leistung)
            for a in (Art.ANSPRUCH, Art.DIFFERENZ)
        ]
        formeln: list[Wert | Formel] = [
            Formel(f'=SUMIFS({betrag},{welche},$[Leistung],{art},"{a}")', wert)
            for a, wert in zip((Art.ANSPRUCH, Art.DIFFERENZ), teile, strict=True)
        ]
        zeilen_.append([str(leistung), *formeln, Formel("=[Ansprüche]+[Differenzen]", sum(teile, NULL))])
    spalten = [Kopf("Leistung"), *(Kopf(t, "betrag") for t in ("Ansprüche", "Differenzen", "Total (Fr.)"))]
    return s.tabelle(b, "Leistungen", spalten, zeilen_, oben)


def _zeilen(s: Schreiber, b: Worksheet, umfang: Umfang, oben: int) -> int:
    """How many rows each sheet has, counted again by the sheet itself."""
    zeilen_: Reihen = []
    for n, x in umfang.blaetter.items():
        zeilen_.append([n, Formel(f"=COUNTA({umfang.bereich(n, x.spalten[0].titel)})", len(x.eintraege))])
    return s.tabelle(b, "Zeilen", [Kopf("Blatt"), Kopf("Zeilen", "rechnung")], zeilen_, oben)


def _warnungen(s: Schreiber, b: Worksheet, warnungen: tuple[str, ...], oben: int) -> None:
    s.zelle(b, oben, 0, f"Warnungen: {len(warnungen) or 'keine'}", "gross")
    for zeile, satz in enumerate(warnungen, oben + 1):
        b.merge_range(zeile, 0, zeile, len(_BREITEN) - 1, None, s.mappe["umbruch"])
        b.set_row(zeile, hoehe(zeilen(satz, sum(_BREITEN))) + 2)
        s.zelle(b, zeile, 0, satz, "umbruch")
