"""The log of acts on money, Laeufe/protokoll.csv: who did what when really, each line chained to the one before.

It only grows (docs/entscheide/78). It records the world: no amount and no other output depends on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from krs.ablage.csvdatei import angehaengt, csv_lesen, csv_schreiben
from krs.ablage.durchgang import sichtbarer_name
from krs.ablage.eingangsjournal import Hand
from krs.ablage.ordner import AblageFehler, lies, schreibe
from krs.formulare.ahv import ohne_ahv
from krs.lauf.kennung import pruefziffer

NAME, ANTWORTDATEI = "protokoll.csv", "antworten.csv"
KOPF = (
    "Nr.", "Zeit", "Konto", "Visum", "Vorgang", "Lauf", "Tag", "Prüfziffer", "Datei", "Prüfsumme", "Bemerkung", "Kette",
)  # fmt: skip


class Schritt(StrEnum):
    """What was done with a run."""

    VORGEFUNDEN = "vorgefunden"  # it was there before this log
    VORBEREITET = "vorbereitet"
    FREIGEGEBEN = "freigegeben"
    UEBERGEBEN = "übergeben"
    ANTWORT = "Antwort"


@dataclass(frozen=True, slots=True)
class Eintrag:
    """What is to be noted.

    `tag`: the day that was chosen. `datei`: what it left in the folder, `pruefsumme`: the hash that proves it: of
    lauf.json, of the preparation, of pain001.xml, of antworten.csv.
    """

    schritt: Schritt
    lauf: str = ""
    tag: date | str = ""
    pruefziffer: str = ""
    datei: str = ""
    pruefsumme: str = ""
    bemerkung: str = ""


class Laufprotokoll:
    """The log as it lies there. Raises: AblageFehler: a line was changed, taken out or put in."""

    def __init__(self, laeufe: Path) -> None:
        self.pfad = laeufe / NAME
        self._roh = lies(self.pfad) if self.pfad.exists() else b""
        self._kette = ""
        self.eintraege = list(self._gelesen())

    def _gelesen(self) -> Iterator[Eintrag]:
        gute = 0
        try:
            for z in csv_lesen(self._roh, KOPF) if self._roh else ():
                *werte, kette = z.values()
                if werte[0] != str(gute + 1) or kette != self._folge(werte):
                    raise ValueError
                self._kette, gute = kette, gute + 1
                yield Eintrag(Schritt(werte[4]), *werte[5:])
        except ValueError as fehler:
            raise AblageFehler(
                f"«{self.pfad}» wurde verändert (ab Zeile {gute + 2}): Jede Zeile nennt die Prüfsumme der Zeile "
                "davor. Stellen Sie die Datei aus der Sicherung wieder her."
            ) from fehler

    def _folge(self, werte: list[str]) -> str:
        """Return the hash of a line and all before it."""
        return hashlib.sha256(self._kette.encode() + csv_schreiben(werte, ())).hexdigest()

    def zu(self, *schritte: Schritt) -> list[Eintrag]:
        """Return what the log says of these acts, in order."""
        return [e for e in self.eintraege if e.schritt in schritte]

    def bekannte(self) -> dict[str, Eintrag]:
        """Return the released runs, each with its line."""
        alle = self.zu(Schritt.VORGEFUNDEN, Schritt.FREIGEGEBEN)
        return {e.lauf: e for e in alle if e.datei == f"{e.lauf}/lauf.json"}

    def kennt(self, vorbereitung: str, summe: str) -> bool:
        """Tell whether a preparation lies there as krs wrote it."""
        alle = [e.pruefsumme for e in self.zu(Schritt.VORGEFUNDEN, Schritt.VORBEREITET) if e.datei == vorbereitung]
        return not self.eintraege or alle[-1:] == [summe]

    def visiert(self, lauf: str, inhalt: str) -> bool:
        """Tell whether the last mark on a run was for this content."""
        marken = [e.pruefziffer for e in self.zu(Schritt.VORBEREITET) if e.lauf == lauf]
        return marken[-1:] == [pruefziffer(inhalt)]

    def pruefe_laeufe(self, inhalte: Mapping[str, Mapping[str, Any]]) -> None:
        """Refuse a ledger without its log, without a run that the log names, or with one that it does not.

        A run without its line is the one that was marked last: its release was broken off at the end.
        """
        if not self.eintraege:
            if any("pruefziffer" in inhalt for inhalt in inhalte.values()):  # released since there is a log
                raise AblageFehler(f"«{self.pfad}» fehlt. Stellen Sie die Datei aus der Sicherung wieder her.")
            return
        bekannte, ordner = self.bekannte(), self.pfad.parent
        for lauf, e in bekannte.items():
            if inhalte.get(lauf, {}).get("pruefsumme") != e.pruefsumme:
                raise AblageFehler(
                    f"Der Lauf {lauf} vom {e.tag} steht im Protokoll der Läufe, in «{ordner}» fehlt er aber oder wurde "
                    "ausgetauscht. Stellen Sie den Ordner aus der Sicherung wieder her."
                )
        for lauf in sorted(inhalte.keys() - bekannte.keys()):
            if not self.visiert(lauf, inhalte[lauf]["inhalt"]):
                raise AblageFehler(
                    f"Den Lauf {lauf} in «{ordner}» kennt das Protokoll der Läufe nicht. Stellen Sie den Ordner aus "
                    "der Sicherung wieder her."
                )

    def pruefe_antworten(self, ist: str, *, fertig: bool) -> None:
        """Refuse answers that nobody read in: by one line, a payment would be made twice.

        Args:
            ist: the hash of antworten.csv, empty without one.
            fertig: False for who reads an answer in and completes what was broken off.
        """
        gelesen = self.zu(Schritt.VORGEFUNDEN, Schritt.ANTWORT)
        staende = ["", *(e.pruefsumme for e in gelesen if e.schritt is Schritt.ANTWORT or e.datei == ANTWORTDATEI)]
        if not self.eintraege or ist == staende[-1]:
            return
        letzter = self.eintraege[-1]
        if letzter.schritt is not Schritt.ANTWORT or ist != staende[-2]:
            raise AblageFehler(
                f"«{self.pfad.with_name(ANTWORTDATEI)}» ist nicht, was krs eingelesen hat (Protokoll der Läufe). "
                "Stellen Sie die Datei aus der Sicherung wieder her, und lesen Sie Antworten der Bank mit «krs export "
                "ABLAGE LAUF --antwort DATEI» ein."
            )
        if fertig:
            raise AblageFehler(
                f"Das Einlesen der Antwort auf den Lauf {letzter.lauf} ist abgebrochen. Lesen Sie sie nochmals ein: "
                f"krs export ABLAGE {letzter.lauf} --antwort {self.pfad.parent / letzter.datei}"
            )

    def nimm(self, hand: Hand, *neue: Eintrag) -> None:
        """Write what was done behind what is there. Raises: AblageFehler: the place cannot be written."""
        zeilen: list[list[str]] = []
        zeit = hand.zeit.isoformat(timespec="seconds") if hand.zeit else ""
        konto, visum = (sichtbarer_name(ohne_ahv(t)) for t in (hand.konto, hand.visum))
        for e in neue:
            self.eintraege.append(e)
            worte = [sichtbarer_name(str(w)) for w in astuple(e)]
            werte = [str(len(self.eintraege)), zeit, konto, visum, *worte]
            self._kette = self._folge(werte)
            zeilen.append([*werte, self._kette])
        self._roh = angehaengt(self._roh, KOPF, zeilen)
        schreibe(self.pfad, self._roh)
