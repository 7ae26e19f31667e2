"""A person decides about a form: rows of the sheet Entscheide, written or taken back (entwurf 4.1, 4.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.ordner import Ablage, AblageFehler
from krs.ablauf.anordnung import beginnt, bfs_nummer, formular_von, nummer, satz, unbenutzt, visum
from krs.ablauf.gemeinsam import Uhr
from krs.ablauf.konsolidierung import beurteilen, nochmals
from krs.ablauf.stammdatei import aenderung, nicht_geschrieben
from krs.formulare.typen import grundform
from krs.recht import Leistung, datum
from krs.urteil.ansprueche import ANERKANNT, NICHT_BERECHTIGT, ZURUECKGESTELLT, summe
from krs.urteil.tafel import NOCH_NICHT

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid, Stammdaten
    from krs.urteil.urteil import Urteil

BLATT = "Entscheide"
WORTE = {w.replace("ü", "ue"): w for w in ("anerkennen", "kürzen", "zurückstellen", "ablehnen")}


@dataclass(frozen=True, slots=True)
class Auftrag:
    """What a person decides; `angaben`: codes, none for the whole form, and one of WORTE, in any order."""

    gemeinde: str
    zeit: str
    angaben: tuple[str, ...] = ()
    begruendung: str = ""
    visum: str = ""
    sha: str = ""
    leistung: str = ""
    anzahl: int | None = None
    zurueck: bool = False

    @property
    def wort(self) -> str:
        """The decision. Raises: AblageFehler: none, or several."""
        worte = {WORTE[w] for w in map(_wort, self.angaben) if w in WORTE}
        if len(worte) != 1:
            raise AblageFehler(f"Nennen Sie einen Entscheid: {', '.join(WORTE.values())}.")
        return worte.pop()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, one empty one for the whole form."""
        return tuple(dict.fromkeys(a.upper() for a in self.angaben if _wort(a) not in WORTE)) or ("",)


@dataclass(frozen=True, slots=True)
class Entschieden:
    """What was written or taken back, and by how many francs each state of the claims changes."""

    gemeinde: str
    formular: str
    periode: str
    codes: tuple[str, ...]
    wort: str
    aendert: dict[str, Decimal]
    sicherung: Path


def _wort(text: str) -> str:
    return grundform(text)


def entscheiden(pfad: Path, auftrag: Auftrag, am: date) -> Entschieden:
    """Write a decision of this day, or take back the last one. Raises: AblageFehler, ValueError: one German sentence.

    Refused is what would have no effect.
    """
    formular, periode = formular_von(auftrag.zeit)
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        urteil = beurteilen(ablage, Uhr(am), festhalten=False)[0]
        schluessel = bfs_nummer(urteil.stammdaten, auftrag.gemeinde), formular, periode
        if auftrag.zurueck:
            weg = _letzte(urteil.stammdaten, schluessel, auftrag)
            unbenutzt(ablage, "entscheide", weg, "Ein neuer Entscheid mit späterem Datum ersetzt ihn.")
            neu = aenderung(ablage, BLATT, weg={nummer(e) for e in weg})
        else:
            neu = aenderung(ablage, BLATT, _zeilen(urteil, schluessel, auftrag, am))
        nachher = nochmals(ablage, urteil, neu.stammdaten())
        if not auftrag.zurueck:
            _wirkt(urteil, nachher)
        stand = {
            s: summe(nachher.ansprueche, s) - summe(urteil.ansprueche, s)
            for s in (ANERKANNT, ZURUECKGESTELLT, NOCH_NICHT, NICHT_BERECHTIGT)
        }
        wort = "" if auftrag.zurueck else auftrag.wort
        name = urteil.stammdaten.gebiet.name(schluessel[0])
        return Entschieden(name, formular, periode, auftrag.codes, wort, stand, neu.schreiben(am))


def _letzte(s: Stammdaten, schluessel: tuple[int, str, str], auftrag: Auftrag) -> list[Entscheid]:
    """Return the last row of each code, in the order of the sheet."""
    meine = [e for e in s.entscheide if (e.bfs_nr, e.formular, e.periode) == schluessel]
    meine = [e for e in meine if e.code in auftrag.codes and e.sha256.startswith(auftrag.sha.strip().lower())]
    if not meine:
        raise AblageFehler("Einen solchen Entscheid gibt es nicht. Prüfen Sie Gemeinde, Periode, Code und SHA-256.")
    return list({e.code: e for e in sorted(meine, key=lambda e: e.datum)}.values())


def _zeilen(
    urteil: Urteil, schluessel: tuple[int, str, str], auftrag: Auftrag, am: date
) -> list[tuple[str | int | date | None, ...]]:
    wort, grund, wer = auftrag.wort, satz(auftrag.begruendung, "--begruendung"), visum(auftrag.visum)
    bfs, formular, periode = schluessel
    sha = _sha(urteil, schluessel, auftrag.sha) if auftrag.sha else None
    kuerzung = _leistung(auftrag.leistung) if auftrag.leistung else None, auftrag.anzahl
    name = urteil.stammdaten.gebiet.name(bfs)
    for e in urteil.stammdaten.entscheide:  # S-34 would say it of a row that is not there, without the way on
        gleich = (e.bfs_nr, e.formular, e.periode) == schluessel and (e.sha256, e.datum) == (sha or "", am)
        gleich = gleich and e.code in auftrag.codes and (e.leistung or None) == kuerzung[0]
        if gleich and (e.entscheid, e.anerkannte_anzahl) != (wort, kuerzung[1]):
            raise AblageFehler(
                f"Es ist nichts geschrieben: Darüber ist am {datum(am)} schon entschieden, «{e.entscheid}» (Blatt "
                f"Entscheide, Zeile {nummer(e)}). Nehmen Sie das zuerst zurück: "
                f"«krs entscheid ABLAGE {bfs} {' '.join(filter(None, (periode, e.code)))} --zurueck»."
            )
    return [
        (bfs, name, formular, periode, code or None, sha, wort, grund, wer, am, *kuerzung) for code in auftrag.codes
    ]


def _sha(urteil: Urteil, schluessel: tuple[int, str, str], anfang: str) -> str:
    eigene = (z.sha256 for z in urteil.zeilen if (z.bfs_nr, z.formular, z.periode) == schluessel)
    return beginnt(eigene, anfang, f"Datei dieser Gemeinde zu {schluessel[2]}")


def _leistung(text: str) -> Leistung:
    """Return what is counted, by its name or the unmistakable beginning of it."""
    alle = [x for x in Leistung if x != Leistung.SOCKEL]
    treffer = [x for x in alle if x.casefold().startswith(text.strip().casefold())]
    if len(treffer) != 1:
        raise AblageFehler(f"«{text}» ist keine Leistung. Erwartet wird der Anfang von: {', '.join(alle)}.")
    return treffer[0]


def _wirkt(vorher: Urteil, nachher: Urteil) -> None:
    """Raises: AblageFehler: a row has no effect (S-33, S-43), or nothing changes with all of them."""
    for b, _ in nachher.befunde:
        if b.code in ("S-33", "S-43") and (b, None) not in vorher.befunde:
            raise nicht_geschrieben(b)
    if _stand(vorher) == _stand(nachher):
        raise AblageFehler(
            f"Es ist nichts geschrieben: Daran ändert ein Entscheid vom {datum(vorher.stichtag)} nichts; es ist schon "
            "so entschieden, oder es gibt nichts zu entscheiden."
        )


def _stand(u: Urteil) -> tuple[Sequence[object], ...]:
    befunde = [(b, e and e.entscheid, e and e.begruendung) for b, e in u.befunde]
    return befunde, u.ansprueche, [(z.status, z.bemerkung) for z in u.zeilen]
