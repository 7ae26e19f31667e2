"""The folder Laeufe/: released runs, never changed; each says which files it has and which run came before."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, astuple, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from krs.ablage.csvdatei import csv_lesen, csv_schreiben
from krs.ablage.gegenrechnung import widersprueche
from krs.ablage.laufdateien import ANTWORTEN, Antwortzeile, antworten_lesen, buchungen_lesen, zahlungen_lesen
from krs.ablage.ordner import AblageFehler, deutsch, lies, loesche_datei, schreibe
from krs.lauf.buchung import Buchung, Journal, Rechnung, Rueckweisung
from krs.lauf.plan import Abrechnung

_T = TypeVar("_T")
UEBERGABEN = ("Datum", "Lauf", "Nummer", "Prüfsumme", "Grund")
_SICHERUNG = "Er wurde nach der Freigabe verändert; stellen Sie den Ordner aus der Sicherung wieder her."
_LAUF = re.compile(r"\d{4}-(03|09)(-N[1-9])?")


@dataclass(frozen=True, slots=True)
class Vorbereitung:
    """A run that one person has prepared: what a second one may release (four eyes)."""

    lauf: str
    datum: date
    valuta: date
    pruefsumme: str
    visum: str
    konto: str


@dataclass(slots=True)
class Laeufe:
    """The ledger on disk. Raises: AblageFehler: a released run was changed or is incomplete."""

    ordner: Path
    inhalte: dict[str, dict[str, Any]] = field(default_factory=dict)
    journal: Journal = field(default_factory=Journal)
    abrechnungen: tuple[Abrechnung, ...] = ()

    def __post_init__(self) -> None:
        namen = sorted(p.name for p in self.ordner.glob("*") if p.is_dir() and _LAUF.fullmatch(p.name))
        buchungen: list[Buchung] = []
        rechnungen: list[tuple[str, Rechnung]] = []
        abrechnungen: list[Abrechnung] = []
        vorher, als_rechnungen = "", TypeAdapter(list[Rechnung]).validate_python
        for name in namen:
            if (self.ordner / name).is_symlink():
                raise AblageFehler(
                    f"«{self.ordner / name}» ist nur eine Verknüpfung. Ein Lauf liegt als Ordner in der Ablage; "
                    "stellen Sie ihn aus der Sicherung wieder her."
                )
            inhalt, gebucht, gezahlt = self._lauf(name)
            if inhalt["vorlauf"] != vorher:
                raise AblageFehler(
                    f"Der Lauf {name} schliesst nicht an den Lauf davor an: In «{self.ordner}» fehlt ein Lauf, oder "
                    "einer wurde ausgetauscht. Stellen Sie den Ordner aus der Sicherung wieder her."
                )
            self.inhalte[name] = inhalt
            vorher = inhalt["pruefsumme"]
            buchungen += gebucht
            abrechnungen += gezahlt
            rechnungen += [(name, r) for r in als_rechnungen(inhalt["rechnungen"])]
        self.abrechnungen = tuple(abrechnungen)
        self._uebergeben_und_da()
        zurueck = tuple(
            Rueckweisung(z.lauf, z.bfs_nr, z.betrag, z.grund)
            for z in {z.end_to_end_id: z for z in self.antworten()}.values()
            if not z.ausgefuehrt
        )
        self.journal = Journal(tuple(buchungen), tuple(rechnungen), tuple(namen), zurueck)

    def _lauf(self, name: str) -> tuple[dict[str, Any], tuple[Buchung, ...], tuple[Abrechnung, ...]]:
        """Return lauf.json, the bookings and the payments of a run, which are as they were released and add up."""
        pfad = self.ordner / name / "lauf.json"
        try:
            inhalt: Any = json.loads(lies(pfad)) if pfad.is_file() else None
            if inhalt["pruefsumme"] != pruefsumme(inhalt) or inhalt["lauf"] != name:
                raise ValueError
            gebucht = buchungen_lesen(self.pruefe(name, "buchungen.csv", inhalt))
            gezahlt = zahlungen_lesen(self.pruefe(name, "zahlungen.csv", inhalt))
            falsch = list(widersprueche(inhalt, gebucht, gezahlt, self._auftrag(name, inhalt)))
        except (ValueError, KeyError, TypeError) as fehler:
            raise AblageFehler(_veraendert(pfad)) from fehler
        if falsch:
            raise AblageFehler(f"Der Lauf {name} geht nicht auf: {'; '.join(falsch)}. {_SICHERUNG}")
        return inhalt, gebucht, gezahlt

    def _auftrag(self, name: str, inhalt: Mapping[str, Any]) -> bytes | None:
        """Return the payment order, empty where the run has none; None where it is not as released: export says so."""
        if "pain001.xml" not in inhalt["dateien"]:
            return b""
        pfad = self.ordner / name / "pain001.xml"
        daten = lies(pfad) if pfad.is_file() else b""
        return daten if hashlib.sha256(daten).hexdigest() == inhalt["dateien"]["pain001.xml"] else None

    def pruefe(self, lauf: str, datei: str, inhalt: Mapping[str, Any] | None = None) -> bytes:
        """Return a file of a released run. Raises: AblageFehler: it is gone, or not as it was released."""
        soll = (inhalt or self.inhalte[lauf])["dateien"][datei]
        pfad = self.ordner / lauf / datei
        daten = lies(pfad) if pfad.is_file() else b""
        if hashlib.sha256(daten).hexdigest() != soll:
            raise AblageFehler(_veraendert(pfad))
        return daten

    # --- hand-overs and answers -------------------------------------------------------------
    def uebergaben(self) -> list[dict[str, str]]:
        """Return all hand-overs so far, in order. Raises: AblageFehler: the file is damaged."""
        return self._liste("uebergaben.csv", lambda daten: list(csv_lesen(daten, UEBERGABEN))) or []

    def uebergabe_festhalten(self, neue: Mapping[str, str]) -> None:
        """Add a hand-over."""
        zeilen = ([z[k] for k in UEBERGABEN] for z in (*self.uebergaben(), neue))
        schreibe(self.ordner / "uebergaben.csv", csv_schreiben(UEBERGABEN, zeilen))

    def _uebergeben_und_da(self) -> None:
        """Refuse a ledger that misses a run that was handed over: it would be paid twice."""
        for z in self.uebergaben():
            if self.inhalte.get(z["Lauf"], {}).get("pruefsumme") != z["Prüfsumme"]:
                raise AblageFehler(
                    f"Der Lauf {z['Lauf']} wurde am {z['Datum']} übergeben, in «{self.ordner}» fehlt er aber oder "
                    "wurde ausgetauscht. Stellen Sie den Ordner aus der Sicherung wieder her."
                )

    def antworten(self) -> tuple[Antwortzeile, ...]:
        """Return all answers so far, in order. Raises: AblageFehler: the file is damaged, or names no such payment."""
        return self._liste("antworten.csv", self._eigene_antworten) or ()

    def _eigene_antworten(self, daten: bytes) -> tuple[Antwortzeile, ...]:
        bezahlt = {(a.lauf, a.bfs_nr, a.auszahlung) for a in self.abrechnungen}
        zeilen = antworten_lesen(daten)
        if any((z.lauf, z.bfs_nr, z.betrag) not in bezahlt for z in zeilen):
            raise ValueError
        return zeilen

    def _liste(self, name: str, lesen: Callable[[bytes], _T]) -> _T | None:
        pfad = self.ordner / name
        try:
            return lesen(lies(pfad)) if pfad.exists() else None
        except (ValueError, KeyError) as fehler:
            satz = f"«{pfad}» ist beschädigt. Stellen Sie die Datei aus der Sicherung wieder her."
            raise AblageFehler(satz) from fehler

    def antworten_festhalten(self, neue: Iterable[Antwortzeile]) -> None:
        """Add answers that say something new: the last one about a payment counts."""
        alle = list(self.antworten())
        for z in neue:
            if {x.end_to_end_id: x for x in alle}.get(z.end_to_end_id) != z:
                alle.append(z)
        schreibe(self.ordner / "antworten.csv", csv_schreiben(ANTWORTEN, map(astuple, alle)))

    # --- preparing and releasing ------------------------------------------------------------
    def _vorbereitet(self, lauf: str) -> Path:
        return self.ordner / f"{lauf}.vorbereitet.json"

    def vorbereitung(self, lauf: str) -> Vorbereitung | None:
        """Return what was prepared for a run, None if nothing was. Raises: AblageFehler: the file is damaged."""
        pfad = self._vorbereitet(lauf)
        if not pfad.exists():
            return None
        try:
            v = TypeAdapter(Vorbereitung).validate_json(lies(pfad), strict=True)
            if v.lauf != lauf or not v.visum.strip():
                raise ValueError
            return v
        except ValueError as fehler:
            raise AblageFehler(f"«{pfad}» ist beschädigt. Bereiten Sie den Lauf neu vor.") from fehler

    def vorbereiten(self, v: Vorbereitung) -> None:
        """Keep the first mark; a later preparation replaces it."""
        schreibe(self._vorbereitet(v.lauf), als_json(asdict(v)))

    def freigeben(self, lauf: str, dateien: Mapping[str, bytes], inhalt: Mapping[str, Any]) -> Path:
        """Write a released run: all of it in one rename (entwurf 7). Raises: AblageFehler: it is there already."""
        ziel = self.ordner / lauf
        voll = {
            **inhalt,
            "vorlauf": self.inhalte[max(self.inhalte)]["pruefsumme"] if self.inhalte else "",
            "dateien": {n: hashlib.sha256(d).hexdigest() for n, d in sorted(dateien.items())},
        }
        voll["pruefsumme"] = pruefsumme(voll)
        neben = self.ordner / f".{lauf}.{os.getpid()}.neu"
        for name, daten in {**dateien, "lauf.json": als_json(voll)}.items():
            schreibe(neben / name, daten)
        with deutsch(ziel):
            if ziel.exists():
                raise AblageFehler(f"Der Lauf {lauf} ist schon freigegeben.")
            neben.rename(ziel)
        self.wegraeumen(lauf)
        return ziel

    def wegraeumen(self, lauf: str) -> None:
        """Remove what a released run no longer needs; the run stands even if Excel holds its preview."""
        for pfad in (self._vorbereitet(lauf), self.vorschau(lauf)):
            with suppress(AblageFehler):
                loesche_datei(pfad)

    def vorschau(self, lauf: str) -> Path:
        """Return where the preview of a run lies."""
        return self.ordner / f"Vorschau_{lauf}.xlsx"


def pruefsumme(inhalt: Mapping[str, Any]) -> str:
    """Return the hash over all that lauf.json says, but for the hash itself."""
    return hashlib.sha256(als_json({k: v for k, v in inhalt.items() if k != "pruefsumme"})).hexdigest()


def als_json(inhalt: Mapping[str, Any]) -> bytes:
    """Return JSON, the same bytes for the same content; days and amounts are text."""
    return (json.dumps(inhalt, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n").encode()


def _veraendert(pfad: Path) -> str:
    return (
        f"«{pfad}» fehlt oder wurde nach der Freigabe verändert. Ein freigegebener Lauf ändert sich nie: Stellen Sie "
        "die Datei aus der Sicherung wieder her."
    )
