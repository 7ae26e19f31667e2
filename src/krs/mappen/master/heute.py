"""Heute: the Master's first sheet: what is due on its Stichtag, by what there is to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from krs.formulare.befund import mehrzahl, weitere
from krs.lauf.heute import Aufgabe, gruppiert
from krs.mappen.gestalt.tabelle import Kopf, Reihe, Schreiber
from krs.recht import datum

SPALTEN = (
    Kopf("Was", "text", 30), Kopf("Aufgabe", "label", 84), Kopf("Franken", "betrag", 13), Kopf("seit", "datum", 12),
    Kopf("krs", "klein", 40),
)  # fmt: skip
HOECHSTENS = 15  # lines of a group
KOPFZEILE = 3


def blatt(s: Schreiber, alle: Sequence[Aufgabe], tag: date) -> None:
    """Write the sheet: one table, group by group; a rule above each group, its name once in black."""
    b = s.mappe.blatt("Heute", quer=True)
    satz = f"Stand am {datum(tag)}: {mehrzahl(len(alle), 'Sache', 'Sachen')} zu tun, das Neueste und Grösste zuerst. "
    unter = satz + "Dasselbe sagt «krs heute», mit --alle ungekürzt." if alle else f"Am {datum(tag)} ist nichts zu tun."
    s.kopf(b, [k.breite for k in SPALTEN], "Heute", unter)
    ende = s.tabelle(b, "Heute", SPALTEN, _zeilen(alle), KOPFZEILE)
    rechts = len(SPALTEN) - 1
    for zeichen, marke, von, bis in (("=", "wiederholt", 0, 0), ("<>", "neu", 0, 0), ("<>", "linie", 1, rechts)):
        formel = f"=$A{KOPFZEILE + 2}{zeichen}$A{KOPFZEILE + 1}"
        regel = {"type": "formula", "criteria": formel, "format": s.mappe.marke(marke)}
        b.conditional_format(KOPFZEILE + 1, von, ende - 1, bis, regel)
    b.freeze_panes(KOPFZEILE + 1, 0)
    b.repeat_rows(KOPFZEILE)
    b.set_footer("&L&8start.integration · Heute&R&8Seite &P von &N")


def _zeilen(alle: Sequence[Aufgabe]) -> Iterator[Reihe]:
    for gruppe, anzahl, kurz in gruppiert(alle, HOECHSTENS):
        yield from ([f"{gruppe} ({anzahl})", a.text, a.betrag, a.seit, a.befehl and f"krs {a.befehl}"] for a in kurz)
        if rest := anzahl - len(kurz):
            yield [f"{gruppe} ({anzahl})", f"… {weitere(rest)}", None, None, None]
