"""Forms go out: one template per municipality and period, with the figures of the period before."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.archiv import Archiv
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler, lies, schreibe
from krs.ablage.postausgang import Postausgang
from krs.ablauf.gemeinsam import Fortschritt, einreichung, stammdaten_laden, stille
from krs.formulare.anhang2 import Anhang2
from krs.formulare.befund import Befund
from krs.formulare.formular import Formular, formular, formular_fuer
from krs.mappen.lesen.abgewiesen import Abgewiesen
from krs.mappen.lesen.arbeiter import lesen_sicher
from krs.recht import Halbjahr
from krs.recht.zeit import ERSTES_HALBJAHR

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten
    from krs.urteil.urteil import Urteil


def neu(pfad: Path) -> Ablage:
    """Make a working folder with Stammdaten prefilled. Raises: AblageFehler."""
    from krs.mappen.stammdaten import stammdaten_mappe, vorgabe

    return Ablage.anlegen(pfad, stammdaten_mappe(vorgabe()))


@dataclass(frozen=True, slots=True)
class Vorlagen:
    """What `vorlagen` wrote, and which files it left alone since somebody had filled them in."""

    ordner: Path
    geschrieben: int
    belassen: tuple[Path, ...]
    befunde: tuple[Befund, ...]
    unveraendert: int = 0


def vorlagen(pfad: Path, zeit: str, fortschritt: Fortschritt = stille) -> Vorlagen:
    """Make Anhang 2 for a half-year, or Anhang 3 for a year, for all that take part.

    Raises: AblageFehler; ValueError: no such period (German sentence).
    """
    from krs.urteil.nachbarn import beteiligte

    form = formular_fuer(zeit)
    form.version_fuer(zeit)
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        stammdaten, befunde, _ = stammdaten_laden(ablage)
        vorher = _vorperiode(ablage, stammdaten, zeit)
        ordner = ablage.vorlagen / zeit
        ziele = {
            ordner / vorlagenname(form, zeit, b, stammdaten.gebiet.name(b)): b for b in beteiligte(stammdaten, zeit)
        }
        if not ziele:
            raise AblageFehler(
                f"In {zeit} ist keine Gemeinde beteiligt. Tragen Sie in den Stammdaten, Blatt Gemeinden, "
                "«beteiligt ab» ein."
            )
        ordner.mkdir(exist_ok=True)
        geschrieben, belassen = 0, []
        for ziel in fortschritt(ziele, len(ziele), f"Vorlagen {zeit}"):
            bfs = ziele[ziel]
            if ziel.exists() and _ausgefuellt(ziel):
                belassen.append(ziel)
                continue
            geschrieben += schreibe(ziel, _gestempelt(stammdaten, zeit, bfs, vorher.get(bfs, {})))
    return Vorlagen(ordner, geschrieben, tuple(belassen), befunde, len(ziele) - geschrieben - len(belassen))


def leere_vorlage(ablage: Ablage, urteil: Urteil, zeit: str, bfs: int) -> tuple[str, bytes]:
    """Return name and bytes of the template as it lies in Vorlagen/; made anew where it is gone or filled in."""
    name = vorlagenname(formular_fuer(zeit), zeit, bfs, urteil.stammdaten.gebiet.name(bfs))
    ziel = ablage.vorlagen / zeit / name
    if ziel.is_file() and not _ausgefuellt(ziel):
        return name, lies(ziel)
    return name, _gestempelt(urteil.stammdaten, zeit, bfs, _zahlen(urteil, zeit).get(bfs, {}))


def _gestempelt(s: Stammdaten, zeit: str, bfs: int, vorher: dict[str, int | None]) -> bytes:
    from krs.mappen.vorlage.stempel import Angaben, stempeln

    form = formular_fuer(zeit)
    anzahl = s.auslaender(bfs, int(zeit)) if form.nummer == 3 else None
    frist = s.frist(bfs, form.name, zeit, date.max)
    return stempeln(form, Angaben(bfs, s.gebiet.name(bfs), zeit, anzahl, vorher, s.tarife, frist))


_LANG = 80  # characters of a name; the whole path has 260 on Windows
_UMLAUTE = {ord(u): e for u, e in zip("äöüÄÖÜ", ("ae", "oe", "ue", "Ae", "Oe", "Ue"), strict=True)}


def dateiname(*teile: str) -> str:
    """Return a name in letters that every mail system carries.

    >>> dateiname("Anhang 2", "2024-H1", "2501", "Grüningen (SO)")
    'Anhang-2_2024-H1_2501_Grueningen-SO'
    """
    ascii_ = (unicodedata.normalize("NFKD", t.translate(_UMLAUTE)).encode("ascii", "ignore").decode() for t in teile)
    return "_".join(re.sub(r"[^A-Za-z0-9]+", "-", t).strip("-") for t in ascii_)


def kurzname(*teile: str) -> str:
    """Return a file name of bounded length."""
    return dateiname(*teile)[:_LANG].strip("-_")


def vorlagenname(form: Formular, zeit: str, bfs: int, name: str) -> str:
    """Return `Anhang_2_2024-H1_2581_Olten.xlsx`."""
    return f"Anhang_{form.nummer}_{zeit}_{bfs}_{dateiname(name)}.xlsx"


def _ausgefuellt(pfad: Path) -> bool:
    """Return True unless the file is a template that nobody typed into."""
    try:
        eingabe = lesen_sicher(lies(pfad), pfad.name)
    except Abgewiesen:
        return True
    if not eingabe.felder:
        return True
    form = formular(eingabe.kennung.formular)
    werte = [z for k, z in eingabe.felder.items() if form.felder[k].eingabe]
    werte += [z for zeilen in eingabe.listen.values() for zeile in zeilen for z in zeile]
    return any(not z.leer for z in werte)


def _vorperiode(ablage: Ablage, stammdaten: Stammdaten, zeit: str) -> dict[int, dict[str, int | None]]:
    """Return the figures of the previous half-year from the archive, per municipality and field."""
    if "-" not in zeit or Halbjahr.parse(zeit) <= ERSTES_HALBJAHR:
        return {}
    archiv = Archiv(ablage.archiv)
    gelesen = [
        einreichung(archiv.lies(e.sha256), e.datei, e.eingang, e.sha256)
        for e in archiv.eintraege.values()
        if e.loeschung is None and not e.abgewiesen
    ]
    from krs.urteil.urteil import urteile

    lesbare, bezahlt = [e for e in gelesen if e.eingabe is not None], Laeufe(ablage.laeufe).journal.ausbezahlt()
    entworfen = Postausgang(ablage.rueckmeldungen).entworfen()
    return _zahlen(urteile(lesbare, stammdaten, [], [], date.max, entworfen, bezahlt), zeit)


def _zahlen(urteil: Urteil, zeit: str) -> dict[int, dict[str, int | None]]:
    """Return the figures of the half-year before, of the forms in force; none before the first one or a year."""
    if "-" not in zeit or Halbjahr.parse(zeit) <= ERSTES_HALBJAHR:
        return {}
    vorher = str(Halbjahr.parse(zeit).vorher())
    zahlen: dict[int, dict[str, int | None]] = {}
    for f in urteil.gueltige:
        if f.akte.periode == vorher and isinstance(f.modell, Anhang2):
            felder: dict[str, int | None] = {
                k: v for k, v in f.modell.model_dump().items() if type(v) is int and k != "bfs_nr"
            }
            zahlen[f.akte.bfs_nr or 0] = felder
    return zahlen
