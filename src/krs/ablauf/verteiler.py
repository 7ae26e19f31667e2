"""Distribution lists laid out: a table for Excel and a draft that hides the addresses from each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from krs.ablage.ausgang import abgleichen
from krs.ablage.csvdatei import csv_schreiben
from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.ausgabe import dateiname
from krs.ablauf.gemeinsam import stammdaten_laden
from krs.export.mail import entwurf
from krs.formulare.befund import Befund, aufgezaehlt
from krs.schreiben.verteiler import Liste, verteiler

KOPF = ("Liste", "BFS-Nr.", "Gemeinde", "Name", "E-Mail")


@dataclass(frozen=True, slots=True)
class Verteilt:
    """All lists; `geschrieben` what was laid out for the one that was asked for."""

    listen: tuple[Liste, ...]
    geschrieben: tuple[Path, ...] = ()
    meldungen: tuple[str, ...] = ()
    befunde: tuple[Befund, ...] = ()


def verteilen(pfad: Path, name: str, tag: date) -> Verteilt:
    """Return the lists as of a day; with a name, lay this one out in `Verteiler/`.

    Args:
        name: as much of a list's name as tells it from the others, whatever its case; empty only looks.
    Raises: AblageFehler: no list or several are called so, or it has no address.
    """
    ablage = Ablage.oeffnen(pfad)
    s, befunde, _ = stammdaten_laden(ablage)
    listen = verteiler(s, tag)
    if not name.strip():
        return Verteilt(listen, befunde=befunde)
    liste = _gemeint(listen, name)
    if not liste.eintraege:
        raise AblageFehler(f"Der Verteiler «{liste.name}» hat keine Adresse. Ergänzen Sie sie in den Stammdaten.")
    zeilen = [(liste.name, e.bfs_nr, e.gemeinde, e.name, e.email) for e in liste.eintraege]
    stamm = dateiname(liste.name)
    dateien = {
        f"{stamm}.csv": csv_schreiben(KOPF, zeilen),
        f"{stamm}.eml": entwurf((), "start.integration", "Guten Tag\n\n", blind=liste.adressen),
    }
    with ablage.sperre():
        ordner = ablage.rueckmeldungen / "Verteiler" / stamm
        meldungen = abgleichen(ordner, dateien)
    return Verteilt((liste,), tuple(ordner / n for n in dateien), tuple(meldungen), befunde)


def _gemeint(listen: tuple[Liste, ...], name: str) -> Liste:
    gesucht = " ".join(name.split()).casefold()
    genau = [x for x in listen if x.name.casefold() == gesucht]
    treffer = genau or [x for x in listen if gesucht in x.name.casefold()]
    if len(treffer) != 1:
        alle = aufgezaehlt([x.name for x in (treffer or listen)], len(listen))
        raise AblageFehler(
            f"«{name}»: {'Mehrere Verteiler heissen so' if treffer else 'So heisst kein Verteiler'}: {alle}."
        )
    return treffer[0]
