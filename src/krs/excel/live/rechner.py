"""The sheet «Rechner»: own figures in, contribution, Rechenweg, deadlines and netting out, by KRS_ functions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from krs.excel.gestalt import gestalte, grundschrift, spaltenbreiten
from krs.excel.live.erkennen import RECHNER
from krs.recht import Leistung

if TYPE_CHECKING:
    import xlwings as xw

HINWEIS = (
    "Tippen Sie Ihre Zahlen in die gelben Felder; das Übrige rechnen die Funktionen. Es besteht kein Rechtsanspruch "
    "(Ziff. 4.1.1)."
)
_BREITEN = {"A": 48, "B": 18, "C": 52, "D": 3, "E": 36, "F": 9, "G": 12, "H": 12, "I": 14, "J": 10}


class Angabe(NamedTuple):
    """A cell of column B: to type into, with an example, or with a function."""

    zeile: int
    text: str
    inhalt: str | int
    stil: str
    hilfe: str


BAENDER = {
    4: "Gespräche und Dolmetschen eines Halbjahrs", 12: "Sockelbeitrag eines Jahrs", 18: "Verrechnung (Ziff. 4.7)",
    24: "Fristen und Auszahlung",
}  # fmt: skip
ANGABEN = (
    Angabe(5, "Erstinformationsgespräche", 12, "ein_anzahl", "Anzahl Gespräche, alle Settings zusammen"),
    Angabe(6, "Dolmetscheinsätze dazu", 4, "ein_anzahl", "über HEKS Linguadukt gebuchte Einsätze"),
    Angabe(7, "Integrationsgespräche", 3, "ein_anzahl", "geregelt ab 2022, sonst 0"),
    Angabe(8, "Dolmetscheinsätze dazu", 1, "ein_anzahl", "über HEKS Linguadukt gebuchte Einsätze"),
    Angabe(9, "Periode", "2024-H1", "ein_auswahl", "Jahr und Halbjahr, zum Beispiel 2024-H1 oder 2024-H2"),
    Angabe(13, "Ausländerinnen und Ausländer", 1031, "ein_anzahl", "gemäss kantonaler Statistik am Stichtag"),
    Angabe(14, "Jahr", 2024, "ein_auswahl", "Beitragsjahr, zum Beispiel 2024"),
    Angabe(19, "Guthaben", 3800, "ein_betrag", "was der Gemeinde zusteht, in Franken"),
    Angabe(20, "Offene Rückforderung", 500, "ein_betrag", "was die Gemeinde zurückzahlen muss, in Franken"),
)
RESULTATE = (
    Angabe(10, "Beitrag (Fr.)", "=KRS_BEITRAG(B5,B6,B7,B8,B9)", "summe", "Rechenweg rechts daneben"),
    Angabe(15, "Sockelbeitrag (Fr.)", "=KRS_SOCKELBEITRAG(B13,B14)", "summe", "Anzahl mal Ansatz"),
    Angabe(16, "Stichtag des Ausländerbestands", "=KRS_STICHTAG(B14)", "datum", "31.12. vor zwei Jahren"),
    Angabe(21, "Auszahlung (Fr.)", "=INDEX(KRS_VERRECHNUNG(B19,B20),1,1)", "betrag", "was die Gemeinde erhält"),
    Angabe(22, "Rechnung (Fr.)", "=INDEX(KRS_VERRECHNUNG(B19,B20),1,2)", "betrag", "was die Gemeinde bezahlen muss"),
    Angabe(25, "Frist für Anhang 2", "=KRS_FRIST(2,B9)", "datum", "Reporting der Periode oben"),
    Angabe(26, "Auszahlung Gespräche", f'=KRS_AUSZAHLUNGSTERMIN("{Leistung.ERST.value}",B9)', "datum",
             "Leistungen der Periode oben"),
    Angabe(27, "Frist für Anhang 3", "=KRS_FRIST(3,B14)", "datum", "Selbstdeklaration des Jahrs oben"),
    Angabe(28, "Auszahlung Sockelbeitrag", f'=KRS_AUSZAHLUNGSTERMIN("{Leistung.SOCKEL.value}",B14)', "datum",
             "Sockelbeitrag des Jahrs oben"),
)  # fmt: skip
_ERSTE, _LETZTE = min(BAENDER), max(r.zeile for r in RESULTATE)
RECHENWEG = ("E5", "=KRS_RECHENWEG(B5,B6,B7,B8,B9)")


def schreibe(blatt: xw.Sheet, neu: bool) -> None:
    """Fill the sheet; one that is there keeps what was typed into it and gets its functions anew."""
    if neu:
        _einrichten(blatt)
    for r in RESULTATE:
        blatt.range(f"B{r.zeile}").formula2 = r.inhalt
    blatt.range(RECHENWEG[0]).formula2 = RECHENWEG[1]


def _einrichten(blatt: xw.Sheet) -> None:
    grundschrift(blatt.range("A1:M40"))
    blatt.range("A1:A2").value = [[RECHNER], [HINWEIS]]
    gestalte(blatt.range("A1"), "titel")
    gestalte(blatt.range("A2"), "untertitel")
    blatt.range(f"A{_ERSTE}:C{_LETZTE}").value = _texte()
    for zeile in BAENDER:
        gestalte(blatt.range(f"A{zeile}:C{zeile}"), "band")
    gestalte(blatt.range("E4:M4"), "band")
    blatt.range("E4").value = "Rechenweg"
    gestalte(blatt.range("E5:J5"), "kopf_links")
    for ort, stil in (*_stile(), ("G5:G10", "ansatz"), ("H5:H10", "datum"), ("I5:I10", "betrag")):
        gestalte(blatt.range(ort), stil)
    gestalte(blatt.range(f"C{_ERSTE + 1}:C{_LETZTE}"), "klein")
    spaltenbreiten(blatt, _BREITEN)


def _texte() -> list[list[str | int]]:
    """Return label, example and help of each row."""
    zeilen: dict[int, list[str | int]] = {z: [text, "", ""] for z, text in BAENDER.items()}
    zeilen |= {a.zeile: [a.text, a.inhalt, a.hilfe] for a in ANGABEN}
    zeilen |= {r.zeile: [r.text, "", r.hilfe] for r in RESULTATE}
    return [zeilen.get(n, ["", "", ""]) for n in range(_ERSTE, _LETZTE + 1)]


def _stile() -> Iterator[tuple[str, str]]:
    """Yield ranges of column B that look the same."""
    gezaehlt = ((teil.zeile - n, teil) for n, teil in enumerate(sorted((*ANGABEN, *RESULTATE))))
    for (_, stil), gruppe in groupby(gezaehlt, key=lambda paar: (paar[0], paar[1].stil)):
        zeilen = [teil.zeile for _, teil in gruppe]
        yield f"B{zeilen[0]}:B{zeilen[-1]}", stil
