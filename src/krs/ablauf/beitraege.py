"""Anhang 1 of a year goes out: workbook, PDF where LibreOffice is there, and a draft per municipality (Ziff. 4.5.3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.ausgang import abgleichen
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler, lies
from krs.ablauf.ausgabe import kurzname
from krs.ablauf.gemeinsam import stammdaten_laden
from krs.export.mail import entwurf
from krs.export.pdf import als_pdf, gehoert_zu
from krs.formulare.befund import Befund, mehrzahl
from krs.lauf.buchung import NULL, Journal
from krs.recht import Leistung
from krs.schreiben import anhang1_brief as brief
from krs.schreiben.anhang1 import Anhang1, Bezahlt
from krs.schreiben.anhang1 import anhang1 as beitraege
from krs.schreiben.unterschrift import KANTON, auskunft
from krs.urteil.ansprueche import jahr_von

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten

ORDNER = "Anhang 1"
_VIELE = 5  # more names than that make no sentence
_OHNE_PDF = (
    "Es gibt kein PDF: LibreOffice (soffice) fehlt auf diesem Rechner oder konnte die Mappe nicht umwandeln. "
    "Speichern Sie die Mappe in Excel als PDF, wenn Sie eines brauchen."
)


@dataclass(frozen=True, slots=True)
class Anhang1Ergebnis:
    """What was written. `saetze`: what is missing in it, what was left alone, why there is no PDF.

    `ohne_adresse`: municipalities whose draft has no recipient yet.
    """

    mappe: Path
    pdf: Path | None
    entwuerfe: int
    ohne_adresse: tuple[str, ...] = ()
    saetze: tuple[str, ...] = ()
    befunde: tuple[Befund, ...] = ()


def anhang1(pfad: Path, jahr: int, mit_pdf: bool = True) -> Anhang1Ergebnis:
    """Write Anhang 1 of a year and one unsent mail per municipality; what somebody changed by hand is left.

    Args:
        mit_pdf: try to make the PDF; it takes some seconds.
    Raises: AblageFehler: also where nobody takes part; ValueError: no such year, or a tariff has run out
        (German sentence, docs/entscheide/17).
    """
    from krs.mappen.berichte.anhang1 import anhang1_mappe

    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        stammdaten, befunde, _ = stammdaten_laden(ablage)
        journal = Laeufe(ablage.laeufe).journal
    a = beitraege(stammdaten, jahr, bezahlt(journal, jahr))
    if not a.beteiligte:
        raise AblageFehler(
            f"In {jahr} ist keine Gemeinde beteiligt. Tragen Sie in den Stammdaten, Blatt Gemeinden, "
            "«beteiligt ab» ein."
        )
    ordner, name = pfad / ORDNER / str(jahr), f"Anhang_{a.name}_{jahr}"
    mappe = anhang1_mappe(a)
    pdf = _pdf(ordner / f"{name}.pdf", mappe, mit_pdf)  # before the lock: it may take two minutes
    dateien = {f"{name}.xlsx": mappe, **({f"{name}.pdf": pdf} if pdf else {})}
    mails = dict(_entwuerfe(stammdaten, a, (f"{name}.xlsx", mappe)))
    with ablage.sperre():
        belassen = abgleichen(ordner, dateien | mails)
    ohne = tuple(z.gemeinde for z in a.beteiligte if not _an(stammdaten, z.bfs_nr))
    saetze = (*a.hinweise, *_luecken(stammdaten, a), *belassen, *([_OHNE_PDF] if mit_pdf and not pdf else []))
    ziel = ordner / f"{name}.pdf"
    return Anhang1Ergebnis(ordner / f"{name}.xlsx", ziel if pdf else None, len(mails), ohne, saetze, befunde)


def bezahlt(journal: Journal, jahr: int) -> dict[int, Bezahlt]:
    """Return what released runs booked for talks and interpreters of a year of service, by BFS-Nr. of the claim."""
    betraege: defaultdict[int, Decimal] = defaultdict(lambda: NULL)
    anzahlen: defaultdict[int, Counter[Leistung]] = defaultdict(Counter)
    for posten, stand in journal.staende.items():
        if posten.leistung is not Leistung.SOCKEL and jahr_von(posten.periode) == jahr:
            betraege[posten.bfs_nr] += stand.betrag
            anzahlen[posten.bfs_nr][posten.leistung] += stand.anzahl or 0
    return {bfs: Bezahlt(betrag, anzahlen[bfs]) for bfs, betrag in betraege.items()}


def _pdf(ziel: Path, mappe: bytes, mit_pdf: bool) -> bytes | None:
    """Return the PDF of this workbook: the one that is there if it was made of the same, else a new one."""
    if ziel.is_file():
        vorhanden = lies(ziel)
        if gehoert_zu(vorhanden, mappe):
            return vorhanden
    return als_pdf(mappe) if mit_pdf else None


def _an(stammdaten: Stammdaten, bfs: int) -> list[str]:
    """Return the addresses of a municipality, each once."""
    je: dict[str, str] = {}
    for adresse in filter(None, brief.empfaenger(stammdaten, bfs).values()):
        je.setdefault(adresse.casefold(), adresse)
    return list(je.values())


def _entwuerfe(stammdaten: Stammdaten, a: Anhang1, anhang: tuple[str, bytes]) -> Iterator[tuple[str, bytes]]:
    e = stammdaten.einstellungen
    von, ende = e.kanton_name or KANTON, f"{auskunft(e)}\n" if auskunft(e) else ""
    for z in a.beteiligte:
        mail = entwurf(_an(stammdaten, z.bfs_nr), brief.betreff(a, z), brief.text(a, z, von) + ende, [anhang])
        yield f"Mails/Anhang_{a.name}_{a.jahr}_{kurzname(str(z.bfs_nr), z.gemeinde)}.eml", mail


def _luecken(stammdaten: Stammdaten, a: Anhang1) -> Iterator[str]:
    """Say which addresses of Ziff. 4.5.3 are not known; the draft goes to the others."""
    for wer in brief.KREIS:
        ohne = [z.gemeinde for z in a.beteiligte if not brief.empfaenger(stammdaten, z.bfs_nr)[wer]]
        if ohne:
            wo = ", ".join(ohne) if len(ohne) <= _VIELE else mehrzahl(len(ohne), "Gemeinde", "Gemeinden")
            yield f"E-Mail {wer} fehlt (Stammdaten, Blatt Gemeinden): {wo}."
