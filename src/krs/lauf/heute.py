"""What is due on a day, by what there is to do: the calendar of the circular against what has happened (Ziff. 5.2).

Newest and most money first. Pure: the caller says what lies in the folder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from krs.formulare.befund import mehrzahl
from krs.formulare.formular import periodenbeginn, zeitraum
from krs.lauf.bereit import luecken, schalter
from krs.lauf.buchung import NULL, Journal
from krs.lauf.forderungen import doppelt_bezahlte, forderungen
from krs.lauf.kennung import Lauf
from krs.lauf.loeschung import AUFBEWAHRT
from krs.lauf.posten import bewerte, gefuehrt
from krs.recht import datum
from krs.urteil.ansprueche import ZURUECKGESTELLT
from krs.urteil.fassung import HALTEND
from krs.urteil.tafel import FEHLT, NOCH_NICHT

if TYPE_CHECKING:
    from krs.schreiben.mahnung import Mahnung
    from krs.stammdaten.stammdaten import Stammdaten
    from krs.urteil.tafel import Zeile
    from krs.urteil.urteil import Urteil

VOR_DER_FRIST = 7  # days in which a friendly word helps
NACH_DER_MAHNUNG = 10  # days before the second one
BANK = 7  # calendar days, five of the bank's


class Gruppe(StrEnum):
    """What there is to do, in the order of a desk."""

    LESEN = "Unlesbares zuordnen"
    ENTSCHEIDEN = "Entscheiden"
    SENDEN = "Senden"
    MAHNEN = "Mahnen und erinnern"
    VORBEREITEN = "Vorbereiten"
    LAUF = "Zahlungslauf"
    GELD = "Rechnungen und Rückweisungen"
    ABSCHLIESSEN = "Abschliessen und aufräumen"


@dataclass(frozen=True, slots=True)
class Aufgabe:
    """One thing to do. `betrag`: CHF that hang on it, None where unknown; `befehl`: what does it, after «krs»."""

    gruppe: Gruppe
    text: str
    betrag: Decimal | None = None
    seit: date | None = None
    befehl: str = ""


@dataclass(frozen=True, slots=True)
class Akten:
    """What the folder knows beside the judgement.

    `entwuerfe`: drafts not sent, with the day they were made. `mahnungen`: all so far. `vorlagen`: periods with
    templates. `vorbereitet`: runs with one mark. `uebergeben`: run → day. `unbeantwortet`: run → payments without an
    answer. `stichproben`: periods with a sample. `alte`: originals older than ten years.
    """

    entwuerfe: Sequence[tuple[str, date]] = ()
    mahnungen: Sequence[Mahnung] = ()
    vorlagen: Iterable[str] = ()
    vorbereitet: Iterable[str] = ()
    uebergeben: Mapping[str, date] = field(default_factory=dict)
    unbeantwortet: Mapping[str, int] = field(default_factory=dict)
    stichproben: Iterable[str] = ()
    alte: int = 0


def abgeschlossen(s: Stammdaten, z: Zeile, tag: date) -> bool:
    """Tell whether the year of a submission is closed on a day, or was settled elsewhere.

    A file that names no period is of the year in which it came: what it could be meant for had begun.
    """
    periode = z.periode or (f"{z.eingang.year}-H{1 + z.eingang.month // 7}" if z.eingang else "")
    try:
        kredit = s.kredit_von(periodenbeginn(periode).year)
    except ValueError:  # a file may call itself anything
        return False
    schluss = kredit.abgeschlossen_am if kredit else None
    return (schluss is not None and schluss <= tag) or not gefuehrt(s.einstellungen, periode)


def aufgaben(urteil: Urteil, journal: Journal, akten: Akten) -> tuple[Aufgabe, ...]:
    """Return what is due on the Stichtag, by group; in each newest and most money first."""
    alle = list(_Heute(urteil, journal, akten).alle())
    reihe = list(Gruppe)
    return tuple(sorted(alle, key=lambda a: (reihe.index(a.gruppe), -(a.betrag or NULL), -_tage(a.seit), a.text)))


def _tage(seit: date | None) -> int:
    return seit.toordinal() if seit else 0


def gruppiert(alle: Sequence[Aufgabe], hoechstens: int) -> Iterator[tuple[Gruppe, int, Sequence[Aufgabe]]]:
    """Yield per group how many there are, and the first ones; one more than `hoechstens` needs no «weitere»."""
    for gruppe in Gruppe:
        seine = [a for a in alle if a.gruppe is gruppe]
        if seine:
            yield gruppe, len(seine), seine if len(seine) <= hoechstens + 1 else seine[:hoechstens]


class _Heute:
    def __init__(self, urteil: Urteil, journal: Journal, akten: Akten) -> None:
        self.u, self.s, self.journal, self.akten, self.tag = urteil, urteil.stammdaten, journal, akten, urteil.stichtag

    def alle(self) -> Iterator[Aufgabe]:
        offene = [z for z in self.u.tafel() if not abgeschlossen(self.s, z, self.tag)]
        yield from self._lesen(offene)
        yield from self._entscheiden(offene)
        yield from self._senden()
        yield from self._fehlende(offene)
        yield from self._vorbereiten()
        yield from self._lauf()
        yield from self._geld()
        yield from self._abschliessen()
        alte = [z for z in self.u.tafel() if z not in offene and z.status in ("fehlerhaft", "Rückfrage offen", FEHLT)]
        if alte:
            text = f"{mehrzahl(len(alte), 'offene Sache', 'offene Sachen')} aus abgeschlossenen Jahren"
            yield Aufgabe(Gruppe.ABSCHLIESSEN, text)

    # --- forms --------------------------------------------------------------------------------
    def _lesen(self, offene: Iterable[Zeile]) -> Iterator[Aufgabe]:
        for z in offene:
            if not z.formular and z.status == "fehlerhaft":
                befehl = f"zuordnen … {z.sha256[:8]} BFS" if z.sha256 else ""
                yield Aufgabe(Gruppe.LESEN, z.datei, None, z.eingang, befehl)

    def _entscheiden(self, offene: Iterable[Zeile]) -> Iterator[Aufgabe]:
        for z in offene:
            if z.formular and z.status == "Rückfrage offen" and z.fassung is not None:
                codes = dict.fromkeys(b.code for b in z.fassung.offen if b.stufe in HALTEND)
                text = f"{z.gemeinde}, {z.formular}, {zeitraum(z.periode)}: {', '.join(codes) or 'zurückgestellt'}"
                befehl = f"entscheid … {z.bfs_nr} {z.periode}"
                yield Aufgabe(Gruppe.ENTSCHEIDEN, text, self._gehalten(z), z.eingang, befehl)

    def _gehalten(self, z: Zeile) -> Decimal | None:
        """Return what a form holds in CHF; None where its figures are not in force."""
        meine = [a for a in self.u.ansprueche if a.sha256 == z.sha256 and a.status == ZURUECKGESTELLT]
        betraege = [a.betrag for a in meine if a.betrag is not None]
        return sum(betraege, NULL) if betraege else None

    def _senden(self) -> Iterator[Aufgabe]:
        ordner: dict[str, list[tuple[str, date]]] = {}
        for name, seit in self.akten.entwuerfe:
            ordner.setdefault(name.rpartition("/")[0], []).append((name, seit))
        for name, seit in ordner.pop("", ()):
            yield Aufgabe(Gruppe.SENDEN, name, None, seit, "gesendet …")
        for wo, entwuerfe in ordner.items():
            text, name = f"{mehrzahl(len(entwuerfe), 'Entwurf', 'Entwürfe')}: {wo}", wo.rpartition("/")[2]
            yield Aufgabe(Gruppe.SENDEN, text, None, min(t for _, t in entwuerfe), f"gesendet … {name}")

    def _fehlende(self, offene: Iterable[Zeile]) -> Iterator[Aufgabe]:
        gruppen: dict[tuple[str, str, date], list[Zeile]] = {}
        for z in offene:
            if z.status in (FEHLT, NOCH_NICHT) and z.frist is not None:
                gruppen.setdefault((z.formular, z.periode, z.frist), []).append(z)
        for (formular, periode, frist), zeilen in sorted(gruppen.items()):
            wann = _zusammen(periode, {p for _, p, f in gruppen if (f < self.tag) is (frist < self.tag)})
            was = f"{formular}, {zeitraum(periode)}"
            if frist < self.tag:
                yield from self._mahnen(zeilen, was, wann, frist)
            elif (frist - self.tag).days <= VOR_DER_FRIST:
                text = (
                    f"{was}: {mehrzahl(len(zeilen), 'Formular fehlt', 'Formulare fehlen')} noch, Frist {datum(frist)}"
                )
                yield Aufgabe(Gruppe.MAHNEN, text, None, None, f"versand … {wann} --erinnerung")

    def _mahnen(self, zeilen: Sequence[Zeile], was: str, wann: str, frist: date) -> Iterator[Aufgabe]:
        je_stufe: dict[int, int] = {}
        for z in zeilen:
            seine = [m for m in self.akten.mahnungen if (m.bfs_nr, m.formular, m.periode) == _schluessel(z)]
            letzte = max((m.datum for m in seine), default=None)
            stufe = max((m.stufe for m in seine), default=0)
            if letzte is None or (self.tag - letzte).days >= NACH_DER_MAHNUNG:
                je_stufe[stufe] = je_stufe.get(stufe, 0) + 1
        worte = {0: "mahnen", 1: "zum zweiten Mal mahnen"}
        for stufe, anzahl in sorted(je_stufe.items()):
            zahl = mehrzahl(anzahl, "Formular fehlt", "Formulare fehlen")
            if stufe in worte:
                yield Aufgabe(Gruppe.MAHNEN, f"{was}: {zahl}, {worte[stufe]}", None, frist, f"mahnungen … {wann}")
            else:
                text = f"{was}: {zahl} trotz zwei Mahnungen; anrufen oder «ablehnen»"
                yield Aufgabe(Gruppe.ENTSCHEIDEN, text, None, frist)

    # --- the year -----------------------------------------------------------------------------
    def _vorbereiten(self) -> Iterator[Aufgabe]:
        jahr, monat = self.tag.year, self.tag.month
        faellig = [f"{jahr}-H1"] if monat in (6, 7) else []
        faellig += [f"{jahr}-H2", f"{jahr + 1}"] if monat == 12 else [f"{jahr - 1}-H2", f"{jahr}"] if monat == 1 else []
        for zeit in faellig:
            if zeit not in self.akten.vorlagen and gefuehrt(self.s.einstellungen, zeit):
                text = f"Vorlagen schreiben und senden: {zeitraum(zeit)}"
                yield Aufgabe(Gruppe.VORBEREITEN, text, None, None, f"vorlagen … {schalter(zeit)}")
        for j in (jahr + 1,) if monat >= 10 else (jahr,):
            if not gefuehrt(self.s.einstellungen, str(j)):
                continue
            for satz in (*luecken(self.s, str(j)), *luecken(self.s, f"{j}-H1")):
                yield Aufgabe(Gruppe.VORBEREITEN, satz)
            if self.s.kredit_von(j) is None:
                yield Aufgabe(Gruppe.VORBEREITEN, f"Der Kredit {j} ist nicht erfasst: Stammdaten, Blatt Kredit.")

    # --- money --------------------------------------------------------------------------------
    def _lauf(self) -> Iterator[Aufgabe]:
        lauf = _faelliger_lauf(self.tag)
        fertig = self.journal.laeufe
        if lauf is not None and all(name < str(lauf) for name in fertig):
            werte = bewerte(self.u, self.journal, lauf).werte
            offen = sum((w.betrag - self.journal.stand(w.posten).betrag for w in werte), NULL)
            if str(lauf) in self.akten.vorbereitet:
                text = f"Lauf {lauf}: vorbereitet, wartet auf das zweite Visum"
                yield Aufgabe(Gruppe.LAUF, text, offen, None, f"lauf … {lauf} --freigeben")
            elif offen:
                text = f"Lauf {lauf}: Vorschau prüfen und vorbereiten, Valuta {datum(lauf.valuta)}"
                yield Aufgabe(Gruppe.LAUF, text, offen, None, f"lauf … {lauf}")
                yield from self._stichprobe(lauf)
        for name in fertig:
            if name not in self.akten.uebergeben:
                text = f"Lauf {name}: freigegeben; der Finanzverwaltung übergeben"
                yield Aufgabe(Gruppe.LAUF, text, None, None, f"export … {name}")
        for name, anzahl in self.akten.unbeantwortet.items():
            seit = self.akten.uebergeben.get(name)
            if seit and anzahl and self.tag - max(seit, Lauf.parse(name).valuta) > timedelta(days=BANK):
                text = f"Lauf {name}: Die Bank hat zu {mehrzahl(anzahl, 'Zahlung', 'Zahlungen')} nicht geantwortet"
                yield Aufgabe(Gruppe.LAUF, text, None, seit, f"export … {name} --antwort DATEI")

    def _stichprobe(self, lauf: Lauf) -> Iterator[Aufgabe]:
        periode = f"{lauf.jahr - 1}-H2" if lauf.monat == 3 else f"{lauf.jahr}-H1"
        if periode not in self.akten.stichproben:
            befehl = f"stichprobe … {schalter(periode)}"
            yield Aufgabe(Gruppe.LAUF, f"Stichprobe {zeitraum(periode)} ziehen (Ziff. 4.2)", None, None, befehl)

    def _geld(self) -> Iterator[Aufgabe]:
        for f in forderungen(self.s, self.journal, self.tag):
            if f.stand(self.tag) == "überfällig" and f.rechnung is not None:
                text = f"{self.s.gebiet.name(f.bfs_nr)}: Rechnung {f.nr}, fällig seit {datum(f.rechnung.faellig)}"
                yield Aufgabe(Gruppe.GELD, text, f.rest, f.rechnung.faellig, "rueckforderungen …")
        for text, betrag in doppelt_bezahlte(self.s, self.journal, self.tag):
            yield Aufgabe(Gruppe.GELD, text, betrag, None, "rueckforderungen …")
        for r in self.journal.zurueckgekommen():
            text = f"{self.s.gebiet.name(r.bfs_nr)}: Zahlung des Laufs {r.lauf} zurückgewiesen ({r.grund}); IBAN prüfen"
            yield Aufgabe(Gruppe.GELD, text, r.betrag)

    def _abschliessen(self) -> Iterator[Aufgabe]:
        for k in self.s.kredit:
            if k.abgeschlossen_am is None and self.tag >= date(k.jahr + 1, 5, 1):
                text = f"Das Jahr {k.jahr} abschliessen (Ziff. 4.3.4)"
                yield Aufgabe(Gruppe.ABSCHLIESSEN, text, None, None, f"kredit … --jahr {k.jahr}")
        if self.akten.alte:
            text = f"{mehrzahl(self.akten.alte, 'Original ist', 'Originale sind')} älter als {AUFBEWAHRT} Jahre"
            yield Aufgabe(Gruppe.ABSCHLIESSEN, text, None, None, "archiv … loeschen --aelter-als …")


def _schluessel(z: Zeile) -> tuple[int, str, str]:
    return z.bfs_nr or 0, z.formular, z.periode


def _zusammen(periode: str, faellig: Collection[str]) -> str:
    """Return the options of a command; in winter both forms in one letter, where both are due.

    >>> _zusammen("2024", ["2023-H2", "2024"]), _zusammen("2024-H1", ["2024-H1", "2024"])
    ('--periode 2023-H2 --jahr 2024', '--periode 2024-H1')
    """
    jahr = int(periode[:4]) + ("-" in periode)
    paar = (f"{jahr - 1}-H2", str(jahr))
    return " ".join(map(schalter, paar if periode in paar and {*paar} <= {*faellig} else (periode,)))


def _faelliger_lauf(tag: date) -> Lauf | None:
    """Return the run that is to be prepared: from the 10th of its month on until it is released."""
    if tag >= date(tag.year, 9, 10):
        return Lauf(tag.year, 9)
    if tag >= date(tag.year, 3, 10):
        return Lauf(tag.year, 3)
    return None
