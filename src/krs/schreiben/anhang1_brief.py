"""The e-mail that brings a municipality Anhang 1: its contributions to come (Ziff. 4.5.3), and who receives it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from krs.recht import Leistung, datum, franken, fristhinweis
from krs.schreiben.anhang1 import Anhang1, Zeile
from krs.schreiben.anhang1_ansaetze import Ansatz, Termin, nach_aussen, zeitraum
from krs.urteil.fassung import mit_wochentag

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten

KREIS = ("Koordinationsstelle", "Präsidium", "Finanzverwaltung")


def empfaenger(stammdaten: Stammdaten, bfs: int, tag: date | None = None) -> dict[str, str]:
    """Return whom Ziff. 4.5.3 names → address on a day, else of the latest row; empty where none is entered.

    Koordinationsstelle is the Integrationsbeauftragte, unless another is named (Ziff. 4.5.1).
    """
    g = stammdaten.gemeinde_oder_letzte(bfs, tag) if tag else stammdaten.gemeinde(bfs)
    if g is None:
        return dict.fromkeys(KREIS, "")
    adressen = (g.email_koordination or g.email, g.email_praesidium, g.email_finanzen)
    return dict(zip(KREIS, adressen, strict=True))


def betreff(a: Anhang1, zeile: Zeile) -> str:
    """Return the subject."""
    return f"start.integration: Beiträge {a.jahr}, {zeile.gemeinde} (Anhang {a.name})"


def text(a: Anhang1, zeile: Zeile, absender: str) -> str:
    """Return the letter to one municipality; paragraphs are single lines."""
    ansaetze = [f"- {_ansatz(x)}" for x in a.ansaetze if x.leistung is not Leistung.SOCKEL]
    absaetze = (
        "Guten Tag",
        f"Der Kanton informiert Sie über die Beiträge, die der Gemeinde {zeile.gemeinde} für das Jahr {a.jahr} "
        "auszurichten sind (Kreisschreiben KRS-GEF-2017/01, Ziff. 4.5.3). Die Zahlen aller Gemeinden stehen im "
        f"beiliegenden Anhang {a.name}.",
        _sockel(a, zeile),
        "\n".join(["Ansätze für Gespräche und Dolmetschen:", *ansaetze]),
        _vorbehalt(a),
        f"Bisher haben wir für Gespräche und Dolmetschen des Jahres {a.jahr} {franken(zeile.bezahlt)} abgerechnet."
        if zeile.bezahlt is not None
        else "",
        "\n".join(["Fristen und Auszahlung:", *(f"- {_termin(t)}" for t in a.termine)]),
        *dict.fromkeys(fristhinweis(t.frist) for t in a.termine),
        "Ein Rechtsanspruch auf diese Beiträge besteht nicht (Ziff. 4.1.1). Die Ausrichtung kann von der "
        "vollständigen und fristgerechten Einreichung der Berichterstattung abhängig gemacht werden (Ziff. 5.2).",
        "Freundliche Grüsse",
        "\n".join(filter(None, (absender, "start.integration"))),
    )
    return "\n\n".join(filter(None, absaetze)) + "\n"


def _sockel(a: Anhang1, zeile: Zeile) -> str:
    if a.sockel.wert is None:
        return nach_aussen(a.sockel.satz)
    if zeile.schritt is None:
        return f"Sockelbeitrag {a.jahr}: noch offen. {nach_aussen(zeile.satz)}".rstrip()
    saetze = [
        f"Sockelbeitrag {a.jahr}: {zeile.schritt.text}.",
        f"Gezählt sind die Ausländerinnen und Ausländer am {datum(a.stichtag)}; Quelle: {'; '.join(zeile.quellen)}.",
    ]
    if zeile.empfaenger != zeile.gemeinde:
        saetze.append(f"Die Auszahlung geht an {zeile.empfaenger} (Leitgemeinde, Ziff. 3.4.2).")
    if zeile.bemerkung:
        saetze.append("Ihre Gemeinde ist nicht das ganze Jahr beteiligt; wir entscheiden noch über den Beitrag.")
    return " ".join(saetze)


def _ansatz(ansatz: Ansatz) -> str:
    if ansatz.wert is None:
        return nach_aussen(ansatz.satz)
    einheit = ansatz.einheit.removeprefix("CHF ")
    return f"{ansatz.bezeichnung}, {zeitraum(ansatz)}: {franken(ansatz.wert.ansatz)} {einheit}"


def _vorbehalt(a: Anhang1) -> str:
    if not any(x.wert is not None and x.wert.zu_bestaetigen for x in a.ansaetze):
        return ""
    return "Die Ansätze sind vorläufig: Sie sind noch zu bestätigen durch das AGS (Ziff. 4.3.3)."


def _termin(t: Termin) -> str:
    bis = f"{t.was}: {t.formular} bis {mit_wochentag(t.frist)}"
    return f"{bis}; Auszahlung per {datum(t.auszahlung)}" if t.auszahlung else f"{bis}. {t.satz}"
