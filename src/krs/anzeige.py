"""What the screen shows after a consolidation: submissions, Befunde, claims, paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from krs.ablauf import Konsolidiert
from krs.formulare.ansprueche import ANERKANNT, NICHT_BERECHTIGT, ZURUECKGESTELLT, summe
from krs.formulare.formular import LEISTUNG
from krs.formulare.urteil import nach_stufe
from krs.mappen.uebersicht import STATUS
from krs.recht import chf, datum


def zusammenfassung(ergebnis: Konsolidiert) -> Iterator[str]:
    """Yield the lines to print; tables with aligned columns, no colour."""
    urteil = ergebnis.urteil
    yield f"Stand am {datum(urteil.stichtag)}"
    yield ""
    gruppen = {(form or "unlesbar", periode): zahlen for (form, periode), zahlen in urteil.stand().items()}
    status = [s for s in STATUS if any(g[s] for g in gruppen.values())]
    zeilen = [[*k, *(str(g[s] or "–") for s in status)] for k, g in sorted(gruppen.items())]
    if zeilen:
        yield from tabelle(["Einreichungen", "Periode", *status], zeilen)
    else:
        yield "Noch keine Einreichungen: Legen Sie Formulare in Eingang/JJJJ-MM-TT (Tag des Eingangs) ab."
    yield ""
    alle = [*((b, None) for b in ergebnis.stammdaten_befunde), *urteil.befunde]
    befunde = [[str(s), str(zahl), str(gehobene or "–")] for s, zahl, gehobene in nach_stufe(alle)]
    yield from tabelle(["Befunde", "Anzahl", "durch Entscheid aufgehoben"], befunde)
    yield ""
    yield from tabelle(["Beiträge (CHF)", *_SPALTEN], list(_betraege(ergebnis)))
    yield ""
    unbekannt = urteil.ohne_betrag()
    if unbekannt:
        worte = "1 Anspruch hat" if unbekannt == 1 else f"{unbekannt} Ansprüche haben"
        yield f"{worte} noch keinen Betrag (Grund im Master, Blatt Ansprüche)."
    offen = urteil.offen()
    if offen:
        yield f"Ausstehend nach Ablauf der Frist: {len(offen)} (Liste im Master, Blatt Übersicht)."
    yield from ergebnis.meldungen
    yield f"Öffnen: {ergebnis.master}"


_SPALTEN = (ANERKANNT, ZURUECKGESTELLT, NICHT_BERECHTIGT)


def _betraege(ergebnis: Konsolidiert) -> Iterator[list[str]]:
    ansprueche = ergebnis.urteil.ansprueche
    for leistung in LEISTUNG.values():
        eigene = [a for a in ansprueche if a.leistung == leistung]
        yield [str(leistung), *(chf(summe(eigene, s)) for s in _SPALTEN)]
    yield ["Total", *(chf(summe(ansprueche, s)) for s in _SPALTEN)]


def tabelle(kopf: Sequence[str], zeilen: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield an aligned table: the first columns of text to the left, figures to the right."""
    breiten = [max(len(z[n]) for z in [kopf, *zeilen]) for n in range(len(kopf))]
    text = [
        all(not z[n][:1].isdigit() and z[n] != "–" for z in zeilen) or kopf[n] == "Periode" for n in range(len(kopf))
    ]

    def zeile(werte: Sequence[str]) -> str:
        teile = (w.ljust(b) if t else w.rjust(b) for w, b, t in zip(werte, breiten, text, strict=True))
        return "  ".join(teile).rstrip()

    yield zeile(kopf)
    yield "  ".join("─" * b for b in breiten)
    yield from (zeile(z) for z in zeilen)
