"""Answers to the municipalities: the sender's own workbook, marked, and one mail draft per Koordinationsstelle.

Rueckmeldungen/ holds what is open today.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.archiv import Archiv
from krs.ablage.ausgang import abgleichen
from krs.ablage.ordner import Ablage, AblageFehler, lies, schreibe
from krs.ablauf.ausgabe import dateiname
from krs.export.mail import entwurf
from krs.formulare.befund import Befund, Stufe
from krs.schreiben.rueckmeldung import Rueckmeldung, mailtext
from krs.stammdaten.adressen import gruppiert
from krs.urteil.fassung import HOECHSTENS_GENANNT, Einreichung, fassung
from krs.urteil.tafel import VORBEI

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid, Stammdaten
    from krs.urteil.tafel import Zeile
    from krs.urteil.urteil import Urteil

KANTON = "Kanton Solothurn"
_PERIODE = re.compile(r"[0-9]{4}(-H[12])?")  # a forged form may call itself «../..»
_UNSERE_SACHE = frozenset({"E-15", "E-19"})  # not to be opened, purged: nothing that a sender could mend
_EINGANG = frozenset({"E-25", "E-26", "E-27"})  # for the officer, who knows when a file came
_LANG = 80  # characters of a name; the whole path has 260 on Windows


@dataclass(frozen=True, slots=True)
class Antworten:
    """What lies in Rueckmeldungen/ after a run."""

    mappen: int = 0
    entwuerfe: int = 0
    ohne_adresse: tuple[str, ...] = ()
    meldungen: tuple[str, ...] = ()


def absender(stammdaten: Stammdaten) -> str:
    """Return who signs the letters."""
    return stammdaten.einstellungen.kanton_name or KANTON


# --- the whole folder -----------------------------------------------------------------------
def schreibe_antworten(ablage: Ablage, urteil: Urteil) -> Antworten:
    """Write a return for every submission with something open, the drafts of the mails, and remove what is settled.

    Raises: AblageFehler: the folder cannot be written.
    """
    archiv, von = Archiv(ablage.archiv), absender(urteil.stammdaten)
    zeilen = [z for z in urteil.zeilen if z.status not in VORBEI and not _unsere_sache(z)]
    mappen: dict[str, bytes] = {}
    je_gemeinde: dict[int, list[tuple[Rueckmeldung, str]]] = {}
    offene, meldungen = _begrenzt([z for z in _neueste(zeilen) if _rueckmeldung(z).offen])
    for zeile in offene:
        r = _rueckmeldung(zeile)
        ordner = zeile.periode if _PERIODE.fullmatch(zeile.periode) else "Unlesbare Dateien"
        name = f"{ordner}/{_name(r)}"
        mappen[name] = _mappe(r, von, archiv.lies)
        if zeile.bfs_nr is not None and zeile.gemeinde:
            je_gemeinde.setdefault(zeile.bfs_nr, []).append((r, name))
    mails: dict[str, bytes] = {}
    ohne = []
    for adressat, nummern in gruppiert(urteil.stammdaten, sorted(je_gemeinde), urteil.stichtag):
        alle = [p for bfs in nummern for p in je_gemeinde[bfs]]
        mails[f"Mail_{kurzname(str(nummern[0]), adressat.name)}.eml"] = _mail(adressat.email, alle, mappen, von)
        ohne += [] if adressat.email else [adressat.name]
    meldungen += abgleichen(ablage.rueckmeldungen, {**mappen, **mails})
    return Antworten(len(mappen), len(mails), tuple(ohne), tuple(meldungen))


def _mail(email: str, alle: Sequence[tuple[Rueckmeldung, str]], mappen: Mapping[str, bytes], von: str) -> bytes:
    betreff = f"start.integration: Rückmeldung zu {'Ihrem Formular' if len(alle) == 1 else 'Ihren Formularen'}"
    anhaenge = [(Path(name).name, mappen[name]) for _, name in alle]
    return entwurf([email] if email else [], betreff, mailtext([r for r, _ in alle], von), anhaenge)


def _unsere_sache(z: Zeile) -> bool:
    return z.fassung is None or any(b.code in _UNSERE_SACHE for b in z.fassung.befunde)


def _neueste(zeilen: Sequence[Zeile]) -> list[Zeile]:
    """Leave out versions after which the municipality sent a newer one: that one is to be mended."""
    gelesen = [z for z in zeilen if z.formular and not (z.fassung and z.fassung.zuordnung)]
    tage = {(z.bfs_nr, z.formular, z.periode): z.eingang for z in sorted(gelesen, key=lambda z: str(z.eingang))}
    return [z for z in zeilen if z not in gelesen or z.eingang == tage[z.bfs_nr, z.formular, z.periode]]


def _begrenzt(zeilen: Sequence[Zeile]) -> tuple[list[Zeile], list[str]]:
    """Return what gets a return, and a sentence for each form of whose many versions of one day only the first do.

    Those are the ones that F-51 names; a mail with hundreds of workbooks nobody could send.
    """
    gruppen: dict[tuple[int | None, str, str, str], list[Zeile]] = defaultdict(list)
    for z in zeilen:
        if z.formular:
            gruppen[z.bfs_nr, z.gemeinde, z.formular, z.periode].append(z)
    viele = {k: sorted(g, key=lambda z: z.datei) for k, g in gruppen.items() if len(g) > HOECHSTENS_GENANNT}
    warten = {z.sha256 for g in viele.values() for z in g[HOECHSTENS_GENANNT:]}
    saetze = [
        f"{gemeinde}, {formular} {periode}: Von {len(g)} Fassungen desselben Tages gehen nach dem Dateinamen die "
        f"ersten {HOECHSTENS_GENANNT} zurück."
        for (_, gemeinde, formular, periode), g in viele.items()
    ]
    return [z for z in zeilen if z.sha256 not in warten], saetze


def _rueckmeldung(z: Zeile) -> Rueckmeldung:
    assert z.fassung is not None
    f = z.fassung
    return Rueckmeldung(
        z.datei, z.sha256, f.akte, z.eingang, z.frist, tuple((b, e) for b, e in f.paare if b.code not in _EINGANG)
    )


def _mappe(r: Rueckmeldung, von: str, original: Callable[[str], bytes]) -> bytes:
    """Return what goes back; `original` gives the sender's file by its SHA-256."""
    from krs.mappen.antwort.einfuegen import antwort

    return antwort(original(r.sha256) if r.lesbar else b"", r, von)[0]


def _name(r: Rueckmeldung) -> str:
    """Return the name of a return: whose form, and which version of it."""
    a = r.akte
    if r.sha256 and a.bfs_nr is not None and a.gemeinde and a.formular:
        return f"Rueckmeldung_{kurzname(a.formular, a.periode, str(a.bfs_nr), a.gemeinde)}_{r.sha256[:8]}.xlsx"
    kennzeichen = hashlib.sha256(f"{r.sha256} {r.datei}".encode()).hexdigest()[:8]  # five empty files are five
    return f"Rueckmeldung_{kurzname(Path(r.datei).stem) or 'Datei'}_{kennzeichen}.xlsx"


def kurzname(*teile: str) -> str:
    """Return a file name of bounded length."""
    return dateiname(*teile)[:_LANG].strip("-_")


# --- single files ---------------------------------------------------------------------------
def einzelne(
    ordner: Path,
    einreichungen: Sequence[Einreichung],
    paare: Iterable[tuple[Befund, Entscheid | None]],
    daten: Mapping[str, bytes],
    stammdaten: tuple[Stammdaten, date] | None,
) -> tuple[Path, ...]:
    """Write the returns of `krs pruefen --rueckmeldung`; files in order that are not wrong get none.

    Args:
        stammdaten: for deadlines that the office extended by that day.
    Raises: AblageFehler: there is a file of this name already that is another one.
    """
    if ordner.is_file():
        raise AblageFehler(f"«{ordner}» ist eine Datei. Nennen Sie einen Ordner für die Rückmeldungen.")
    alle, neue = list(paare), {}
    for e in einreichungen:
        eigene = tuple((b, d) for b, d in alle if b.datei == e.datei)
        if not eigene or (e.eingabe is None and all(b.stufe is Stufe.HINWEIS for b, _ in eigene)):
            continue
        f = fassung(e, *(stammdaten or ()))
        r = Rueckmeldung(e.datei, e.sha256, f.akte, None, f.frist, eigene)
        ziel = ordner / _name(r)
        neue[ziel] = _mappe(r, KANTON, daten.__getitem__)
    for ziel, inhalt in neue.items():
        if ziel.exists() and lies(ziel) != inhalt:
            raise AblageFehler(
                f"«{ziel}» gibt es schon, mit anderem Inhalt; es ist nichts geschrieben. Nennen Sie einen anderen "
                "Ordner, oder löschen Sie die Datei."
            )
    for ziel, inhalt in neue.items():
        schreibe(ziel, inhalt)
    return tuple(neue)
