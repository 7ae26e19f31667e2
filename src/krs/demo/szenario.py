"""What arrives in the demo, and how it goes wrong: one line per special case, the rest is ordinary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from krs.demo.fuellen import Getippt
from krs.demo.stamm import LEITGEMEINDEN, bestand
from krs.demo.zahlen import Werte, reporting, selbstdeklaration
from krs.recht import Gebiet

H2, H1, JAHR = "2023-H2", "2024-H1", "2024"
AHV_BEISPIEL = "756.1234.5678.97"  # the number that the AHV itself prints as its example


@dataclass(frozen=True, slots=True)
class Sendung:
    """One filled form: whose template, which values, when it arrived, under which name."""

    bfs_nr: int
    zeit: str
    eingang: date
    werte: Werte
    name: str = ""
    libreoffice: bool = False


# What differs from the ordinary form: BFS-Nr. → values that replace those of the generator.
ABWEICHUNG: dict[str, dict[int, Werte]] = {
    H2: {
        2404: {"integ_durch_verantwortliche": None, "integ_nachweis": None},
        2517: {"erst_einzelpersonen": None},
        2572: {"bestaetigung": "Nein"},
    },
    H1: {
        2403: {
            "erst_einzelpersonen": 0, "erst_familien": 0, "erst_gruppen": 0, "erst_personen": 0,
            "erst_dolmetsch_einzelpersonen": 12, "erst_dolmetsch_familien": 0, "erst_dolmetsch_gruppen": 0,
        },
        2421: {"nullmeldung": "Ja", "erst_einzelpersonen": 2, "erst_familien": 1},
        2542: {"erst_einzelpersonen": Getippt("5+7", 12)},
        2543: {"erst_einzelpersonen": "12 ", "erst_familien": "1'2"},
        2550: {"sprachen": [("Arabisch", 1)]},
        2555: {"erst_sozialregion": 3, "sozialregion_dossier": "Nein"},
        2516: {"integ_nachweis": "Nein"},
        2532: {"integ_sozialregion": 2, "sozialregion_dossier": "Ja"},
        2473: {"erst_einzelpersonen": 95},
        2576: {"erst_familien": Getippt("", None, "#REF!")},
        2583: {"bemerkungen": f"Frau mit AHV-Nr. {AHV_BEISPIEL} kam zweimal; bitte um Rückruf."},
        2401: {"kontakt_email": "integration at egerkingen", "kontakt_telefon": None},
        2407: {"erst_personen": "unbekannt"},
    },
    JAHR: {
        2617: {"bedingung_beauftragte": "Nein"},
        2619: {"aufgabe_1": "nicht erfüllt", "aufgabe_1_text": None},
        2611: {"sozialregion_delegation": "weitere"},
        2544: {"leistungsvertraege": [("Integra AG", "Aufgabe 2", 4500)]},
        2402: {"auslaender_anzahl": 500},
        2461: {"leitgemeinde_modell": "Ja", "leitgemeinde_bfs": 2457},
        2527: {"aufwand_franken": "ca. 5000"},
        2457: {"bedingung_organisation": None},
        2543: {
            "koordination_name": "Soziale Dienste Leberberg", "koordination_email": "soziale.dienste@leberberg.example",
        },
    },
}  # fmt: skip
FEHLT = {H2: {2620}, H1: {2474, 2475, 2574, 2578, 2579, 2586, 2573}, JAHR: {2478, 2493, 2620}}
SPAET = {
    H2: {2403: date(2024, 2, 2), 2611: date(2024, 2, 9)},
    H1: {2500: date(2024, 8, 7), 2513: date(2024, 8, 12), 2611: date(2024, 9, 2)},
    JAHR: {2554: date(2024, 2, 6), 2618: date(2024, 3, 1)},
}
LIBREOFFICE = {H2: (2581, 2601, 2546, 2500, 2582), JAHR: (2581, 2601, 2546, 2422)}
PER_MAIL = frozenset({2525, 2530, 2551})  # the form hangs on an e-mail that somebody saved
ALS_ARCHIV = frozenset({2573})  # the form came in a .zip
FALSCHE_UHR, WEITERGELEITET, AUS_OUTLOOK = (2551, H1), (2530, H1), (2553, H1)
ERSTRECKT = (("2611",), date(2024, 9, 6), "Die Beauftragte ist krank", "MB")
WEITER_AM = date(2024, 8, 5)  # to the right office; it had come to the canton in July
VERBUNDEN = (2475, "Hochwald")
LEER = 2405
GLEICH_WIE_LEAD = {2425: 2422}
FREMDES_FORMULAR = (2585, "Wangen bei Olten", 2586)
KORREKTUR, DOPPELT, NACHTRAG, BEMERKT = 2546, 2534, 2525, 2550


def sendungen(zeit: str, beteiligte: list[int], gebiet: Gebiet) -> Iterator[Sendung]:
    """Yield all filled forms of one half-year or year, in a fixed order."""
    zahlen = bestand()
    total = sum(zahlen.values())
    mitglieder = {m for gruppe in LEITGEMEINDEN.values() for m in gruppe}
    for bfs in beteiligte:
        if bfs in FEHLT[zeit] or (zeit == JAHR and bfs in mitglieder):
            continue
        name = gebiet.name(bfs)
        werte = _werte(bfs, zeit, zahlen.get(bfs, 0), total, gebiet)
        eingang = SPAET[zeit].get(bfs) or _puenktlich(bfs, zeit)
        yield Sendung(bfs, zeit, eingang, werte, libreoffice=bfs in LIBREOFFICE.get(zeit, ()))
        if zeit == H1:
            yield from _weitere(bfs, name, werte)
        if zeit == H1 and bfs == NACHTRAG:  # two talks more in the half-year before, long after the payment
            frueher = _werte(bfs, H2, zahlen.get(bfs, 0), total, gebiet)
            mehr = int(str(frueher["erst_einzelpersonen"])) + 2
            besser = {**frueher, "erst_einzelpersonen": mehr, "erst_personen": mehr + 10}
            yield Sendung(bfs, H2, date(2024, 5, 21), besser, f"{name} Nachtrag.xlsx")


def _werte(bfs: int, zeit: str, auslaender: int, total: int, gebiet: Gebiet) -> Werte:
    if zeit == JAHR:
        ordentlich = selbstdeklaration(bfs, gebiet.name(bfs), auslaender, int(zeit), bfs in LEITGEMEINDEN)
    elif zeit == H1 and bfs == LEER:
        return {}
    else:
        vorbild = GLEICH_WIE_LEAD.get(bfs, bfs) if zeit == H1 else bfs
        zahl = bestand().get(vorbild, 0)
        ordentlich = reporting(vorbild, gebiet.name(vorbild), zahl, total, zeit)
    werte = {**ordentlich, **ABWEICHUNG[zeit].get(bfs, {})}
    return {k: v for k, v in werte.items() if v is not None}


def _puenktlich(bfs: int, zeit: str) -> date:
    """Return a day in the last four weeks before the deadline; most arrive in the last days."""
    bis = date(2024, 7, 31) if zeit == H1 else date(2024, 1, 31)
    return bis - timedelta(days=int(Random(f"{bfs}-{zeit}").triangular(0, 27, 1)))


def _weitere(bfs: int, name: str, werte: Werte) -> Iterator[Sendung]:
    """Yield second versions: a correction, another remark, and two different files of one day."""
    if bfs == BEMERKT:
        anders = {**werte, "bemerkungen": "Unsere neue Telefonnummer folgt."}
        yield Sendung(bfs, H1, date(2024, 7, 29), anders, f"{name} mit Bemerkung.xlsx")
    if bfs == KORREKTUR:
        besser = {**werte, "erst_einzelpersonen": int(str(werte["erst_einzelpersonen"])) + 2}
        besser["erst_personen"] = int(str(werte["erst_personen"])) + 2
        yield Sendung(bfs, H1, date(2024, 7, 31), besser, f"{name} Korrektur.xlsx")
    if bfs == DOPPELT:
        anders = {**werte, "erst_familien": int(str(werte["erst_familien"])) + 1}
        yield Sendung(bfs, H1, _puenktlich(bfs, H1), anders, f"{name} neu (2).xlsx")


def verbunden(bfs: int, name: str) -> Werte:
    """Return a form in which somebody merges two counts: nothing else in it is worth money."""
    werte = reporting(bfs, name, 900, 73_000, H1)
    leer = {k: 0 for k, v in werte.items() if isinstance(v, int) and k != "bfs_nr"}
    return {**werte, **leer, "sprachen": [], "erst_einzelpersonen": 3, "erst_familien": 2, "erst_personen": 9}
