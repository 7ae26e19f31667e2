"""Hand a released run over to finance, and read back what bank or accounting answer (entwurf 4.1, 4.5)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from krs.ablage.eingangsjournal import NIEMAND, Hand
from krs.ablage.laeufe import Laeufe
from krs.ablage.laufdateien import Antwortzeile
from krs.ablage.laufprotokoll import Eintrag, Schritt
from krs.ablage.ordner import Ablage, AblageFehler, lies, schreibe
from krs.ablage.zuordnung import zugeordnet, zuordnung
from krs.ablauf.gemeinsam import nicht_kuenftig
from krs.ablauf.laufausgabe import end_to_end_id
from krs.export.antwort import lies_antwort
from krs.formulare.ahv import ohne_ahv
from krs.formulare.befund import aufgezaehlt
from krs.lauf.buchung import Art, Journal, Rueckweisung
from krs.lauf.kennung import Lauf, pruefziffer
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


def uebergeben(  # noqa: PLR0913 what, when, why, who
    pfad: Path, lauf: str, tag: date, *, erneut: bool = False, grund: str = "", nach: str = "", hand: Hand = NIEMAND
) -> Uebergabe:
    """Copy the finance files of a released run, always the same ones, and log it.

    Args:
        erneut: hand over a second time, which needs a reason: the bank would pay twice.
        nach: lay the journal beside it as this mapping tells; of a run that was handed over, the journal alone.
    Raises: AblageFehler: not released, changed since, or handed over already; ValueError: no such run.
    """
    name = str(Lauf.parse(lauf))
    nicht_kuenftig(tag, hand, "Der Tag der Übergabe")
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
        nummer = max((int(z["Nummer"]) for z in fruehere), default=0) + 1
        zeile = {"Datum": str(tag), "Lauf": name, "Nummer": str(nummer), "Prüfsumme": inhalt["pruefsumme"]}
        ziel = laeufe.uebergeben({**zeile, "Grund": ohne_ahv(grund.strip())}, daten, hand)
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


def antwort_einlesen(
    pfad: Path, lauf: str, datei: Path, tag: date, grund: str = "", hand: Hand = NIEMAND
) -> Eingelesen:
    """Keep the answer to a run's payments; what was turned away is paid again by the next run (entwurf 4.5).

    Args:
        grund: why a payment that was executed came back after all.
    Raises: AblageFehler: not handed over, another run's answer, not readable, a reason is missing; ValueError: no
        such run.
    """
    name = str(Lauf.parse(lauf))
    nicht_kuenftig(tag, hand, "Der Tag der Antwort")
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        laeufe = Laeufe(ablage.laeufe, liest_antwort=True)
        if name not in laeufe.inhalte:
            raise AblageFehler(f"Der Lauf {name} ist nicht freigegeben; es gibt dazu keine Zahlungen.")
        if not any(z["Lauf"] == name for z in laeufe.uebergaben()):
            raise AblageFehler(f"Der Lauf {name} ist nicht übergeben; die Bank kann nicht geantwortet haben.")
        zahlungen = {end_to_end_id(a): a for a in laeufe.abrechnungen if a.lauf == name and a.auszahlung}
        roh = lies(datei)
        gelesen = lies_antwort(roh, datei.name)
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
        _mit_grund(laeufe, bekannt, grund)
        beleg = f"antworten/{hashlib.sha256(roh).hexdigest()}{datei.suffix.lower()}"
        worte = ". ".join(filter(None, (ohne_ahv(datei.name), ohne_ahv(grund.strip()))))
        eintrag = Eintrag(
            Schritt.ANTWORT, name, tag, pruefziffer(laeufe.inhalte[name]["inhalt"]), beleg, bemerkung=worte
        )
        laeufe.antworten_festhalten(bekannt, eintrag, roh, hand)
    return _eingelesen(name, zahlungen, bekannt, laeufe.journal, fremde)


def _mit_grund(laeufe: Laeufe, neue: Sequence[Antwortzeile], grund: str) -> None:
    """Raises: AblageFehler: what the bank had executed comes back, and nobody says why: it would be paid again."""
    letzte = {z.end_to_end_id: z.ausgefuehrt for z in laeufe.antworten()}
    zurueck = [z.end_to_end_id for z in neue if letzte.get(z.end_to_end_id) and not z.ausgefuehrt]
    if zurueck and not grund.strip():
        raise AblageFehler(
            f"{aufgezaehlt(zurueck)}: Die Bank hatte die Zahlung als ausgeführt gemeldet, nun als zurückgewiesen; der "
            "nächste Lauf zahlt sie nochmals. Sagen Sie, weshalb (--grund TEXT)."
        )


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
