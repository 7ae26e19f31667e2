"""Macros for money: Anhang 1, payment runs with two people, hand-over to finance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from krs import saetze
from krs.excel.anfrage import Anfrage, Eingabefehler, Rolle, Rollenfehler
from krs.excel.angaben import Angaben
from krs.excel.ergebnis import Ergebnis, Tabelle, Wert
from krs.excel.makros.formulare import ablage_von, fortschritt, mit_fehler, stammtabelle, zum_oeffnen
from krs.excel.worte import wie_in_excel
from krs.recht import datum

if TYPE_CHECKING:
    import xlwings as xw

    from krs.ablauf.laeufe import Zahlungslauf

ZAHLUNGEN = (
    "BFS-Nr.", "Gemeinde", "Empfänger BFS-Nr.", "Anspruch", "Differenz früher", "Verrechnet", "Auszahlung", "Rechnung",
)  # fmt: skip


def anhang1_erstellen(mappe: xw.Book, anfrage: Anfrage, w: Angaben) -> Ergebnis:  # noqa: ARG001 the shape of a macro
    """Write Anhang 1 of a year and its mails, like `krs anhang1`."""
    from krs.ablauf.beitraege import anhang1

    jahr = w["jahr"]
    e = anhang1(ablage_von(anfrage), jahr, mit_pdf=w["pdf"] == "ja")
    return Ergebnis(
        f"Anhang 1 {jahr}", tuple(saetze.anhang1(e)), stammtabelle(e.befunde), zum_oeffnen(e.mappe),
        mit_fehler(e.befunde),
    )  # fmt: skip


def lauf_vorschau(mappe: xw.Book, anfrage: Anfrage, w: Angaben) -> Ergebnis:  # noqa: ARG001 the shape of a macro
    """Work a run out and show what a release would pay, like `krs lauf`."""
    from krs.ablauf.laeufe import Auftrag, zahlungslauf

    auftrag = Auftrag(w["lauf"], w["datum"], w["valuta"])
    return _lauf(zahlungslauf(ablage_von(anfrage), auftrag, anfrage.heute, fortschritt(anfrage)))


def lauf_freigeben(mappe: xw.Book, anfrage: Anfrage, w: Angaben) -> Ergebnis:  # noqa: ARG001 the shape of a macro
    """Prepare a run with the first mark, or release it with the second one of another person.

    Who is signed on marks with their own sign, and never both: the account decides, not what was typed.
    """
    from krs.ablauf.laeufe import Auftrag, zahlungslauf

    person = anfrage.person
    freigeben = w["schritt"] == "freigeben"
    rolle = Rolle.FREIGABE if freigeben else Rolle.ERFASSUNG
    if person is not None and rolle not in person.rollen:
        raise Rollenfehler(
            f"Um einen Lauf {'freizugeben' if freigeben else 'vorzubereiten'}, braucht es die Rolle {rolle}; "
            f"{person.visum} hat sie nicht. Wenden Sie sich an die Informatik."
        )
    auftrag = Auftrag(
        w["lauf"], w["datum"], w["valuta"], vorbereiten=not freigeben, freigeben=freigeben,
        visa=(_visum(w["visum"], anfrage),), konto=person.konto if person else "", hand=anfrage.hand,
    )  # fmt: skip
    return _lauf(zahlungslauf(ablage_von(anfrage), auftrag, anfrage.heute, fortschritt(anfrage)))


def _visum(getippt: str, anfrage: Anfrage) -> str:
    if anfrage.person is None and not getippt:
        raise Eingabefehler("Es fehlt die Angabe «Visum» (Ihr Kürzel). Wer vorbereitet, gibt nicht selbst frei.")
    return anfrage.visum(getippt)


def finanz_export(mappe: xw.Book, anfrage: Anfrage, w: Angaben) -> Ergebnis:  # noqa: ARG001 the shape of a macro
    """Hand a released run over to finance, like `krs export`."""
    from krs.ablauf.uebergabe import uebergeben

    tag = w["datum"] or anfrage.heute
    u = uebergeben(
        ablage_von(anfrage), w["lauf"], tag, erneut=w["erneut"] == "ja", grund=w["grund"] or "", hand=anfrage.hand
    )
    kopf = f"Lauf {u.lauf}, Übergabe Nr. {u.nummer}: {u.ordner}"
    dateien = Tabelle(("Datei",), tuple((d,) for d in u.dateien))
    return Ergebnis(f"Übergabe {u.lauf}", (kopf, *saetze.uebergabe(u)), (dateien,))


def _lauf(e: Zahlungslauf) -> Ergebnis:
    """Return a run: control totals, what stands in the way, a row per municipality."""
    from krs.ablauf.laeufe import FREIGEGEBEN

    plan = e.plan
    im_weg = Tabelle(("Eine Freigabe ist noch nicht möglich",), tuple((wie_in_excel(h),) for h in e.hindernisse))
    zeilen: tuple[tuple[Wert, ...], ...] = tuple(
        (a.bfs_nr, a.gemeinde, a.empfaenger, a.anspruch, a.differenz, a.verrechnet, a.auszahlung, a.rechnung)
        for a in plan.abrechnungen
    )
    tabellen = (
        Tabelle(("Kontrollsumme", "CHF"), tuple(saetze.laufsummen(e)), "Kontrollsummen"),
        *([im_weg] if e.hindernisse else []),
        Tabelle(ZAHLUNGEN, zeilen, "Zahlungen"),
        *stammtabelle(e.befunde),
    )
    texte = (
        f"Lauf {plan.lauf}, {e.stand} vom {datum(plan.datum)}, Valuta {datum(plan.valuta)}.",
        *saetze.laufanzahlen(e), *e.meldungen, *saetze.visiert(e.pruefsumme),
        *([f"{'Lauf' if e.stand == FREIGEGEBEN else 'Vorschau'}: {e.ort}"] if e.ort else []), _naechster(e),
    )  # fmt: skip
    oeffnen = e.ort / f"Abrechnungslauf_{plan.lauf}.xlsx" if e.ort and e.stand == FREIGEGEBEN else e.ort
    zeigen = zum_oeffnen(oeffnen) if oeffnen else None
    return Ergebnis(f"Lauf {plan.lauf}", texte, tabellen, zeigen, bool(e.hindernisse))


def _naechster(e: Zahlungslauf) -> str:
    from krs.ablauf.laeufe import FREIGEGEBEN, VORSCHAU

    if e.hindernisse:
        return "Nächster Schritt: Beheben Sie, was der Freigabe im Weg steht, und rechnen Sie die Vorschau neu."
    if e.stand == VORSCHAU:
        return "Nächster Schritt: «Lauf: Freigabe», Schritt «vorbereiten»."
    if e.stand == FREIGEGEBEN:
        return "Nächster Schritt: «Übergabe»."
    return "Nächster Schritt, durch eine andere Person: «Lauf: Freigabe», Schritt «freigeben»."
