"""Hand a released run over to finance, and read back what bank or accounting answer (entwurf 4.1, 4.5)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from krs.ablage.laeufe import Laeufe
from krs.ablage.laufdateien import Antwortzeile
from krs.ablage.ordner import Ablage, AblageFehler, lies, schreibe
from krs.ablage.zuordnung import zugeordnet, zuordnung
from krs.ablauf.laufausgabe import end_to_end_id
from krs.export.antwort import lies_antwort
from krs.formulare.ahv import ohne_ahv
from krs.lauf.buchung import Art, Journal, Rueckweisung
from krs.lauf.kennung import Lauf
from krs.lauf.plan import Abrechnung

DATEIEN = ("pain001.xml", "buchungen.csv", "zahlungen.csv", "journal.csv", "rechnungen.csv")


@dataclass(frozen=True, slots=True)
class Uebergabe:
    """What was handed over: where the copies lie, control totals, and which time it is."""

    lauf: str
    ordner: Path
    dateien: tuple[str, ...]
    nummer: int
    summen: Mapping[str, str]
    anzahlen: Mapping[str, int]
    pruefsumme: str
    visiert: str  # the hash that two people marked
    auftrag: str  # the hash of pain001.xml, empty where nothing is paid
    hinweis: str = ""  # what of the shape of the journal was not tried


def uebergeben(pfad: Path, lauf: str, tag: date, *, erneut: bool = False, grund: str = "", nach: str = "") -> Uebergabe:
    """Copy the finance files of a released run, always the same ones, and log it.

    Args:
        erneut: hand over a second time, which needs a reason: the bank would pay twice.
        nach: lay the journal beside it as this mapping tells; of a run that was handed over, the journal alone.
    Raises: AblageFehler: not released, changed since, or handed over already; ValueError: no such run.
    """
    name = str(Lauf.parse(lauf))
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        laeufe = Laeufe(ablage.laeufe)
        if name not in laeufe.inhalte:
            raise AblageFehler(f"Der Lauf {name} ist nicht freigegeben. Übergeben wird nur ein freigegebener Lauf.")
        inhalt = laeufe.inhalte[name]
        fruehere = [z for z in laeufe.uebergaben() if z["Lauf"] == name]
        umgesetzt, hinweis = _umgesetzt(laeufe, name, nach) if nach else ({}, "")
        if fruehere and nach and not erneut:
            return replace(_nur_journal(ablage, inhalt, fruehere[-1], umgesetzt), hinweis=hinweis)
        if fruehere and not (erneut and grund.strip()):
            raise AblageFehler(
                f"Der Lauf {name} wurde am {fruehere[-1]['Datum']} schon übergeben. Nochmals nur mit «--erneut --grund "
                "TEXT»; die Bank erkennt die Datei an derselben Kennung und zahlt nicht doppelt."
            )
        geprueft = {d: laeufe.pruefe(name, d) for d in inhalt["dateien"]}
        rechnungen = [d for d in geprueft if d.startswith("rechnungen/")]
        daten = {d: geprueft[d] for d in (*DATEIEN, *rechnungen) if d in geprueft} | umgesetzt
        nummer = len(fruehere) + 1
        ziel = ablage.pfad / "Uebergaben" / f"{name}_{nummer}_{tag}"
        zeile = {"Datum": str(tag), "Lauf": name, "Nummer": str(nummer), "Prüfsumme": inhalt["pruefsumme"]}
        try:
            for datei, inhalt_ in daten.items():
                schreibe(ziel / datei, inhalt_)
            laeufe.uebergabe_festhalten({**zeile, "Grund": ohne_ahv(grund.strip())})
        except AblageFehler:
            shutil.rmtree(ziel, ignore_errors=True)  # nothing lies about that no log knows
            raise
    return replace(_uebergabe(inhalt, ziel, tuple(daten), nummer), hinweis=hinweis)


def _uebergabe(inhalt: Mapping[str, Any], ziel: Path, dateien: tuple[str, ...], nummer: int) -> Uebergabe:
    pruefsummen = inhalt["pruefsumme"], inhalt["inhalt"], inhalt["dateien"].get("pain001.xml", "")
    return Uebergabe(inhalt["lauf"], ziel, dateien, nummer, inhalt["summen"], inhalt["anzahlen"], *pruefsummen)


def _umgesetzt(laeufe: Laeufe, lauf: str, nach: str) -> tuple[dict[str, bytes], str]:
    kurz, z = zuordnung(nach)
    if "journal.csv" not in laeufe.inhalte[lauf]["dateien"]:
        raise AblageFehler(f"Der Lauf {lauf} hat kein Journal: Eine frühere Version hat ihn freigegeben.")
    return {f"journal_{kurz}.{z.endung}": zugeordnet(laeufe.pruefe(lauf, "journal.csv"), z)}, z.hinweis


def _nur_journal(
    ablage: Ablage, inhalt: Mapping[str, Any], letzte: Mapping[str, str], umgesetzt: Mapping[str, bytes]
) -> Uebergabe:
    """Lay the journal once more beside what was handed over: nothing of it is paid, so it is no hand-over."""
    ziel = ablage.pfad / "Uebergaben" / f"{letzte['Lauf']}_{letzte['Nummer']}_{letzte['Datum']}"
    for datei, daten in umgesetzt.items():
        schreibe(ziel / datei, daten)
    return _uebergabe(inhalt, ziel, tuple(umgesetzt), int(letzte["Nummer"]))


Betroffen = tuple[str, Decimal, str]


@dataclass(frozen=True, slots=True)
class Eingelesen:
    """What bank or accounting answered: how many were executed, what came back, what they have not said yet.

    `zurueck`: municipality, CHF, reason. `erneut` came back too, and the run named has paid it again already.
    `doppelt`: executed after all, though the run named has paid it again.
    """

    lauf: str
    ausgefuehrt: int
    zurueck: tuple[Betroffen, ...]
    offen: int
    unbekannt: tuple[str, ...] = ()
    erneut: tuple[Betroffen, ...] = ()
    doppelt: tuple[Betroffen, ...] = ()


def antwort_einlesen(pfad: Path, lauf: str, datei: Path, tag: date) -> Eingelesen:
    """Keep the answer to a run's payments; what was turned away is paid again by the next run (entwurf 4.5).

    Raises: AblageFehler: not released, another run's answer, not readable; ValueError: no such run.
    """
    name = str(Lauf.parse(lauf))
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        laeufe = Laeufe(ablage.laeufe)
        if name not in laeufe.inhalte:
            raise AblageFehler(f"Der Lauf {name} ist nicht freigegeben; es gibt dazu keine Zahlungen.")
        zahlungen = {end_to_end_id(a): a for a in laeufe.abrechnungen if a.lauf == name and a.auszahlung}
        gelesen = lies_antwort(lies(datei), datei.name)
        fremde = tuple(e.end_to_end_id for e in gelesen.eintraege if e.end_to_end_id not in zahlungen)
        if gelesen.msg_id and gelesen.msg_id != f"KRS-{name}":
            raise AblageFehler(f"«{datei.name}» antwortet auf «{gelesen.msg_id}», nicht auf den Lauf {name}.")
        if fremde and len(fremde) == len(gelesen.eintraege) and not gelesen.msg_id:
            raise AblageFehler(f"«{datei.name}» nennt keine einzige Zahlung des Laufs {name}.")
        bekannt = [
            Antwortzeile(name, id_, a.bfs_nr, a.auszahlung, s.ausgefuehrt, s.datum or tag, ohne_ahv(s.grund))
            for id_, a in zahlungen.items()
            if (s := gelesen.fuer(id_)) is not None and s.ausgefuehrt is not None
        ]
        laeufe.antworten_festhalten(bekannt)
    return _eingelesen(name, zahlungen, bekannt, laeufe.journal, fremde)


def _eingelesen(
    lauf: str,
    zahlungen: Mapping[str, Abrechnung],
    bekannt: list[Antwortzeile],
    journal: Journal,
    fremde: tuple[str, ...],
) -> Eingelesen:
    nochmals = {b.rueckforderung: b.lauf for b in journal.buchungen if b.art is Art.RUECKWEISUNG}

    def betroffene(ausgefuehrt: bool, schon: bool) -> Iterator[Betroffen]:
        for z in bekannt:
            spaeter = nochmals.get(Rueckweisung(lauf, z.bfs_nr, z.betrag).nr, "")
            if z.ausgefuehrt is ausgefuehrt and bool(spaeter) is schon:
                yield zahlungen[z.end_to_end_id].gemeinde, z.betrag, spaeter or z.grund

    return Eingelesen(
        lauf, sum(z.ausgefuehrt for z in bekannt), tuple(betroffene(ausgefuehrt=False, schon=False)),
        len(zahlungen) - len(bekannt), fremde, tuple(betroffene(ausgefuehrt=False, schon=True)),
        tuple(betroffene(ausgefuehrt=True, schon=True)),
    )  # fmt: skip
