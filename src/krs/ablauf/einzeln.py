"""Single files: check them, say what is wrong, give them back marked; nothing is archived."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.durchgang import durchgehen
from krs.ablage.ordner import Ablage, AblageFehler, pruefe_zugang
from krs.ablage.tagordner import Tagordner
from krs.ablauf.eingang import Fund, funde
from krs.ablauf.eingangstag import kein_tag
from krs.ablauf.gemeinsam import einreichung, stammdaten_laden
from krs.ablauf.weiterleitung import nach_innen
from krs.formulare.befund import Befund, Stufe
from krs.recht import datum
from krs.stammdaten.zeilen import Einstellungen
from krs.urteil.fassung import Einreichung, erledigt, fassung

if TYPE_CHECKING:
    from krs.formulare.eingabe import Eingabe
    from krs.stammdaten.stammdaten import Entscheid, Stammdaten

Paare = tuple[tuple[Befund, "Entscheid | None"], ...]


@dataclass(frozen=True, slots=True)
class Geprueft:
    """What is wrong in the files, each Befund with the decision that covers it; which returns were written.

    `dateien` counts what was read, `ausgelassen` names what lies in a folder and was not, `daneben` in an envelope.
    """

    paare: Paare
    antworten: tuple[Path, ...] = ()
    dateien: int = 1
    ausgelassen: tuple[str, ...] = ()
    daneben: tuple[str, ...] = ()

    @property
    def befunde(self) -> tuple[Befund, ...]:
        """All Befunde, also those an officer lifted."""
        return tuple(b for b, _ in self.paare)

    @property
    def erledigt(self) -> int:
        """How many Befunde an officer lifted or refused for good."""
        return sum(erledigt(b, e) for b, e in self.paare)

    @property
    def hat_fehler(self) -> bool:
        """True if a Fehler is open."""
        return any(b.stufe is Stufe.FEHLER and not erledigt(b, e) for b, e in self.paare)


def pruefen(pfade: Sequence[Path], ablage: Path | None, stichtag: date, rueckmeldung: Path | None = None) -> Geprueft:
    """Judge single files as on `stichtag`; with `ablage` also against its Stammdaten and Entscheide.

    A file in a dated folder below the Eingang/ of `ablage` was received on that day, any other on `stichtag`.

    Args:
        rueckmeldung: folder for the marked workbooks; a file without Befunde gets none.
    Raises: AblageFehler: a path does not exist or the folder is none.
    """
    ordner = Ablage.oeffnen(ablage) if ablage else None
    if ordner and rueckmeldung and rueckmeldung.resolve().is_relative_to(ordner.eingang.resolve()):
        raise AblageFehler(f"«{rueckmeldung}» liegt im Eingang. Nennen Sie für die Rückmeldungen einen anderen Ordner.")
    stammdaten = stammdaten_laden(ordner)[0] if ordner else None
    kanton = stammdaten.einstellungen if stammdaten else Einstellungen()
    ausgelassen: list[str] = []
    namen = _namen(_dateien(pfade, ausgelassen))
    eingereicht, daten, daneben = [], {}, dict[str, None]()
    for p, name in namen.items():
        wo = ordner.tagordner(p) if ordner else Tagordner()
        for fund in funde(p, name, wo.tag):
            eingereicht.append(_einreichung(fund, wo, stichtag, kanton))
            daneben |= dict.fromkeys(fund.daneben)
            if rueckmeldung is not None:  # else the bytes of one file at a time are enough
                daten[fund.sha256] = fund.daten
    paare = _paare(eingereicht, stammdaten, stichtag)
    if rueckmeldung is None:
        return Geprueft(paare, (), len(namen), tuple(ausgelassen), tuple(daneben))
    from krs.ablauf.antworten import einzelne

    antworten = einzelne(rueckmeldung, eingereicht, paare, daten, (stammdaten, stichtag) if stammdaten else None)
    return Geprueft(paare, antworten, len(namen), tuple(ausgelassen), tuple(daneben))


def pruefe_eingabe(eingabe: Eingabe, ablage: Path | None, stichtag: date, ort: Path | None = None) -> Geprueft:
    """Judge one form that a host has read already: the open workbook. Like `pruefen` otherwise.

    Args:
        ort: where its file lies, if anywhere; it tells the day of receipt.
    Raises: AblageFehler: the folder is none.
    """
    ordner = Ablage.oeffnen(ablage) if ablage else None
    stammdaten = stammdaten_laden(ordner)[0] if ordner else None
    tag = (ordner.tagordner(ort).tag if ordner and ort else None) or stichtag
    return Geprueft(_paare([Einreichung(eingabe.datei, "", tag, eingabe)], stammdaten, stichtag))


def _einreichung(f: Fund, wo: Tagordner, stichtag: date, kanton: Einstellungen) -> Einreichung:
    if f.abweisung is not None:
        e = Einreichung(f.name, f.sha256, f.tag or stichtag, abweisung=f.abweisung)
    else:
        e = einreichung(f.daten, f.name, f.tag or stichtag, f.sha256)
    e = replace(e, absender=(f.absender,) if f.absender else ())
    if f.tag is not None and f.tag > stichtag:
        werte = {"quelle": "Die E-Mail oder ihr Ordner", "behauptet": datum(f.tag), "eingang": datum(stichtag)}
        e = replace(e, eingang=stichtag, vermerke=(("E-25", werte),))
    if wo.schein and f.tag == wo.tag:
        e = replace(e, vermerke=(*e.vermerke, kein_tag(wo.schein, e.eingang)))
    return nach_innen(e, [(f.absender, f.wege)], kanton)


def _dateien(pfade: Sequence[Path], ausgelassen: list[str]) -> Iterator[Path]:
    """Yield the files, those of folders too; what is passed over in them goes to `ausgelassen`."""
    for pfad in pfade:
        if pfad.is_dir():
            pruefe_zugang(pfad)
            gang = durchgehen(pfad)
            if not gang.dateien and not gang.uebergangen:
                raise AblageFehler(f"Im Ordner «{pfad}» liegt keine Datei. Prüfen Sie den Pfad.")
            ausgelassen += [f"{pfad.name}/{n}" for n in gang.uebergangen]
            yield from gang.dateien
        elif pfad.is_file():
            yield pfad
        elif pfad.exists():
            raise AblageFehler(f"«{pfad}» ist keine gewöhnliche Datei. Kopieren Sie das Formular in einen Ordner.")
        else:
            raise AblageFehler(f"Die Datei «{pfad}» gibt es nicht. Prüfen Sie den Pfad.")


def _namen(pfade: Iterable[Path]) -> dict[Path, str]:
    """Return what each file is called: its name, with its folders where two have the same."""
    einmalige = dict.fromkeys(pfade)
    gleiche = Counter(p.name for p in einmalige)
    return {p: p.name if gleiche[p.name] == 1 else p.as_posix() for p in einmalige}


def _paare(einreichungen: list[Einreichung], stammdaten: Stammdaten | None, stichtag: date) -> Paare:
    if stammdaten is not None:
        from krs.urteil.urteil import urteile

        urteil = urteile(einreichungen, stammdaten, [], [], stichtag)
        dateien = {e.datei for e in einreichungen}
        return tuple((b, e) for b, e in urteil.befunde if b.datei in dateien)
    from krs.formulare.kontext import Kontext
    from krs.formulare.pruefen import pruefe

    alle: list[Befund] = []
    for e in einreichungen:
        f = fassung(e)
        if f.gelesen is None or f.formular is None or f.version is None:
            alle += f.befunde
        else:
            k = Kontext(f.akte, f.gelesen.eingabe, f.formular, f.version, f.akte.periode)
            alle += pruefe(f.gelesen, k)
    return tuple((b, None) for b in alle)


def als_json(befunde: Iterable[Befund]) -> str:
    """Return the list of Befunde in the public shape (entwurf 4.3)."""
    return json.dumps([b.als_dict() for b in befunde], ensure_ascii=False, indent=1)
