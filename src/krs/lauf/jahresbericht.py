"""The yearly report as values: what the workbook shows, sentence by sentence and table by table (Ziff. 4.3.3, 5.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from krs.formulare.befund import mehrzahl
from krs.lauf import jahreskosten, jahreszahlen
from krs.lauf.buchung import NULL, Journal
from krs.lauf.jahreskosten import Kosten
from krs.lauf.jahreszahlen import BEZIRKE, KLASSEN, Bezahlt, Gruppe, Meldung, Wert, Zeile
from krs.recht import GEZAEHLT, Leistung, datum, stichtag
from krs.schreiben.publikation import NICHT_GENANNT, klein, spanne
from krs.urteil.ansprueche import jahr_von
from krs.urteil.fassung import Schluessel
from krs.urteil.nachbarn import beteiligte
from krs.urteil.tafel import GELOESCHT
from krs.urteil.urteil import Urteil

Kennzahl = tuple[str, Wert, str]  # what, value, style of its cell


@dataclass(frozen=True, slots=True)
class Jahresbericht:
    """All that the report tells; every figure has passed krs.schreiben.publikation."""

    jahr: int
    einleitung: tuple[str, ...]
    kennzahlen: tuple[Kennzahl, ...]
    halbjahre: tuple[Zeile, ...]
    total: Zeile
    bezirke: tuple[Zeile, ...]
    klassen: tuple[Zeile, ...]
    sprachen: tuple[tuple[str, int | str], ...]
    bezahlt: tuple[str, ...]
    beitraege: tuple[Zeile, ...]
    beitraege_kanton: tuple[Wert, ...]
    ansaetze: Mapping[Leistung, Sequence[tuple[str, Decimal | None]]]
    aufwand: tuple[Kennzahl, ...]
    aufwand_klassen: tuple[Zeile, ...]
    aufwand_bezirke: tuple[Zeile, ...]
    lesehilfe: tuple[str, ...]
    hinweise: tuple[str, ...]


def jahresbericht(urteil: Urteil, journal: Journal, jahr: int, grenze: int) -> Jahresbericht:
    """Return the report on the talks of a year, paid by the runs so far."""
    s, alle = urteil.stammdaten, jahreszahlen.meldungen(urteil, jahr)
    weg = frozenset(
        f.schluessel for f in urteil.geloeschte if f.akte.formular == "Anhang 2" and jahr_von(f.akte.periode) == jahr
    )
    b = jahreszahlen.bezahlt(journal, jahr, weg if alle else frozenset())
    meldende = frozenset(m.bfs_nr for m in alle)
    alle_bfs = meldende | {bfs for bfs, _ in b.je}
    angaben = jahreskosten.angaben(urteil, jahr, alle)
    alle_bfs |= frozenset(angaben.franken)
    nach_bezirk = jahreszahlen.gruppen({n: s.gebiet.bezirk(n, date(jahr, 12, 31)) for n in alle_bfs}, BEZIRKE, meldende)
    klassennamen = [name for _, name in KLASSEN]
    nach_groesse = jahreszahlen.gruppen({n: jahreszahlen.klasse(s, n, jahr) for n in alle_bfs}, klassennamen, meldende)
    bezirke, klassen = (
        jahreszahlen.zeilen(jahreszahlen.nach_gruppe(alle, reihe), grenze) for reihe in (nach_bezirk, nach_groesse)
    )
    halbjahre = [(p, [m for m in alle if m.periode == p]) for p in (f"{jahr}-H1", f"{jahr}-H2")]
    beitraege, kanton = jahreszahlen.beitraege(b, nach_bezirk, bezirke, grenze)
    total, geheim = jahreszahlen.total(alle, grenze), _verschwiegen(kanton)
    gezaehlt = jahreszahlen.zeilen(halbjahre, grenze)
    if weg:
        gezaehlt = tuple(_ohne_zahlen(z) if not z.gemeinden and _von(weg, z.name) else z for z in gezaehlt)
    if weg and not alle:
        total, bezirke, klassen = _ohne_zahlen(total), *(tuple(map(_ohne_zahlen, x)) for x in (bezirke, klassen))
    k = jahreskosten.kosten(angaben, b, alle, grenze, geheim)

    def je_gruppe(reihe: Sequence[Gruppe], *tabellen: Sequence[Zeile]) -> tuple[Zeile, ...]:
        stellen = [geheim or any(_verschwiegen(z.werte) for z in zeilen) for zeilen in zip(*tabellen, strict=True)]
        return jahreskosten.nach_gruppe(angaben, b, alle, reihe, stellen, grenze)

    return Jahresbericht(
        jahr=jahr, einleitung=tuple(_einleitung(jahr)),
        kennzahlen=tuple(_kennzahlen(urteil, jahr, gezaehlt, b, kanton)),
        halbjahre=gezaehlt, total=total, bezirke=bezirke,
        klassen=klassen, sprachen=jahreszahlen.sprachen(alle, grenze),
        bezahlt=tuple(_bezahlt(urteil, journal, jahr)), beitraege=beitraege, beitraege_kanton=kanton,
        ansaetze={leistung: tuple(_ansaetze(urteil, leistung, jahr)) for leistung in Leistung},
        aufwand=tuple(_aufwand(k)), aufwand_klassen=je_gruppe(nach_groesse, klassen),
        aufwand_bezirke=je_gruppe(nach_bezirk, bezirke, beitraege),
        lesehilfe=tuple(_lesehilfe(urteil, jahr)), hinweise=tuple(_hinweise(halbjahre, grenze, weg)),
    )  # fmt: skip


def _verschwiegen(werte: Sequence[Wert]) -> bool:
    """Tell whether a count or amount of talks or assignments is not told."""
    return any(isinstance(w, str) for w in werte[: len(GEZAEHLT)])


def _einleitung(jahr: int) -> Iterator[str]:
    yield (
        f"Der Kanton informiert die Einwohnergemeinden über die Umsetzung von start.integration im Jahr {jahr} "
        "(Ziff. 5.3) und legt offen, worauf er die jährliche Überprüfung der Beiträge stützt (Ziff. 4.3.3). Gezählt "
        "sind die Gespräche, wie sie die Gemeinden gemeldet haben (Anhang 2)."
    )
    yield (
        "Erst: Erstinformationsgespräche; Integ: Integrationsgespräche; Dolmetschen: Einsätze, die über HEKS "
        "Linguadukt gebucht sind."
    )


def _kennzahlen(
    urteil: Urteil, jahr: int, halbjahre: Sequence[Zeile], b: Bezahlt, kanton: Sequence[Wert]
) -> Iterator[Kennzahl]:
    yield "Beteiligte Gemeinden", len(beteiligte(urteil.stammdaten, str(jahr))), "rechnung"
    for nummer, z in enumerate(halbjahre, 1):
        anzahl = GELOESCHT if GELOESCHT in z.werte else z.gemeinden
        yield f"Gemeinden mit Meldung für das {nummer}. Halbjahr", anzahl, "rechnung"
    bestand, sockel = b.summe(Leistung.SOCKEL)
    tag = datum(stichtag(jahr))
    yield f"Ausländische Wohnbevölkerung am {tag}, für die ein Sockelbeitrag bezahlt ist", bestand, "rechnung"
    yield "Sockelbeiträge, ausbezahlt (Fr.)", sockel, "betrag"
    geheim = any(isinstance(w, str) for w in kanton)
    alles = sum((w for _, w in b.je.values()), NULL)
    yield "Beiträge, ausbezahlt (Fr.)", NICHT_GENANNT if geheim else alles, "betrag"


def _bezahlt(urteil: Urteil, journal: Journal, jahr: int) -> Iterator[str]:
    yield (
        f"Bezahlt ist, was die bis {datum(urteil.stichtag)} freigegebenen Läufe für Gespräche und Sockelbeitrag des "
        f"Jahres {jahr} gebucht haben; was mit Rückforderungen verrechnet wurde, ist darin enthalten."
    )
    satz = jahreskosten.fehlende_laeufe(journal.laeufe, jahr)
    if satz:
        yield satz


def _ansaetze(urteil: Urteil, leistung: Leistung, jahr: int) -> Iterator[tuple[str, Decimal | None]]:
    reihe = urteil.stammdaten.tarife[leistung]
    for ab, betrag, bestaetigen in jahreskosten.ansaetze(reihe, jahr):
        vorbehalt = ", zu bestätigen" if bestaetigen else ""
        yield f"{reihe.bezeichnung}, {reihe.einheit} (ab {datum(ab)}{vorbehalt})", betrag


def _aufwand(k: Kosten) -> Iterator[Kennzahl]:
    yield "Gemeinden mit vollständigen Angaben", k.gemeinden, "rechnung"
    if k.gemeinden >= jahreszahlen.MINDESTENS:
        yield "Stunden", k.stunden, "betrag"
        yield "Aufwand (Fr.)", k.franken, "betrag"
    titel = ("Stunden pro Gespräch", "Aufwand pro Gespräch (Fr.)", "Pauschalen pro Gespräch (Fr.)", "Deckung")
    yield from zip(titel, k.kanton.werte, ("betrag", "betrag", "betrag", "prozent"), strict=True)


def _lesehilfe(urteil: Urteil, jahr: int) -> Iterator[str]:
    yield (
        f"Stunden und Franken des Jahres {jahr} stammen aus den Selbstdeklarationen {jahr + 1}; gezählt sind "
        "Gemeinden, die beides angegeben und beide Halbjahre gemeldet haben. Pauschalen pro Gespräch: ausbezahlte "
        "Fall- und Dolmetschpauschalen derselben Gemeinden. Deckung: alle Beiträge samt Sockelbeitrag im Verhältnis "
        "zum Aufwand. Steht die Selbstdeklaration einer Leitgemeinde für ihre Mitglieder, zählen deren Gespräche und "
        "Beiträge mit."
    )
    if weg := sum(f.akte.periode == str(jahr + 1) for f in urteil.geloeschte):
        wer = mehrzahl(weg, "Gemeinde ist die Selbstdeklaration", "Gemeinden sind die Selbstdeklarationen")
        yield f"Von {wer} {jahr + 1} gelöscht; ihr Aufwand ist nicht enthalten."


def _von(weg: Collection[Schluessel], periode: str) -> int:
    """Return how many purged forms are of a period."""
    return sum(k[2] == periode for k in weg)


def _ohne_zahlen(z: Zeile) -> Zeile:
    """Its counts are purged, and no zero."""
    return replace(z, werte=(GELOESCHT,) * len(z.werte))


def _hinweise(
    halbjahre: Sequence[tuple[str, Sequence[Meldung]]], grenze: int, weg: Collection[Schluessel]
) -> Iterator[str]:
    for nummer, (periode, teil) in enumerate(halbjahre, 1):
        if geloescht := _von(weg, periode):
            wer = mehrzahl(geloescht, "Gemeinde ist das Formular", "Gemeinden sind die Formulare")
            rest = " und die dafür bezahlten Beiträge" if any(t for _, t in halbjahre) else ""
            yield f"Von {wer} für das {nummer}. Halbjahr gelöscht; die Anzahlen{rest} sind nicht enthalten."
        elif not teil:
            yield f"Für das {nummer}. Halbjahr liegen noch keine Meldungen vor."
    yield (
        f"Gruppen, in denen weniger als {jahreszahlen.MINDESTENS} Gemeinden gemeldet haben, sind mit einer anderen "
        "zusammengefasst."
    )
    if klein(1, grenze):
        yield (
            f"«{spanne(grenze)}» steht für eine Anzahl von 1 bis {grenze - 1}; so kleine Zahlen gibt der Kanton nicht "
            f"weiter. «{NICHT_GENANNT}» steht, wo sie sich sonst aus Summen oder Beträgen errechnen liessen; in den "
            "Diagrammen fehlen solche Werte."
        )
