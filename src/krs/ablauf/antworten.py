"""Answers to the municipalities: the sender's own workbook, marked, and one mail draft per Koordinationsstelle.

Rueckmeldungen/ holds what is open today.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.archiv import Archiv
from krs.ablage.ordner import Ablage, AblageFehler, lies, schreibe
from krs.ablage.postausgang import Brief, Postausgang, Sache, sache
from krs.ablauf.ausgabe import dateiname
from krs.export.mail import entwurf
from krs.formulare.befund import Befund, Stufe
from krs.schreiben.adressen import gruppiert
from krs.schreiben.rueckmeldung import BEIM_KANTON, Rueckmeldung, mailtext
from krs.urteil.fassung import Einreichung, fassung
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
    """What lies in Rueckmeldungen/ after a run.

    `neu`: drafts made today, `seit`: the day before, on which the outbox changed; `ohne_antwort`: forms that were
    written about and wait for an answer.
    """

    mappen: int = 0
    entwuerfe: int = 0
    ohne_adresse: tuple[str, ...] = ()
    meldungen: tuple[str, ...] = ()
    neu: int = 0
    seit: date | None = None
    ohne_antwort: int = 0


@dataclass(frozen=True, slots=True)
class _Antwort:
    """What is to be said about one form: its workbook's name and its matters."""

    r: Rueckmeldung
    name: str
    sachen: tuple[Sache, ...]


def absender(stammdaten: Stammdaten) -> str:
    """Return who signs the letters."""
    return stammdaten.einstellungen.kanton_name or KANTON


# --- the whole folder -----------------------------------------------------------------------
def schreibe_antworten(ablage: Ablage, urteil: Urteil) -> Antworten:
    """Write what was not said yet: per form a return, per Koordinationsstelle a mail; remove what is settled or sent.

    Raises: AblageFehler: the folder cannot be written.
    """
    archiv, von, tag = Archiv(ablage.archiv), absender(urteil.stammdaten), urteil.stichtag
    post = Postausgang(ablage.rueckmeldungen)
    post.gesendete(tag)
    seit, alle = post.zuletzt(tag), list(_antworten(urteil))
    neue = [a for a in alle if any(_faellig(post, s, tag) for s in a.sachen)]
    mappen = {a.name: _mappe(a.r, von, archiv.lies) for a in neue}
    je_gemeinde: dict[int, list[_Antwort]] = {}
    for a in neue:
        if a.r.akte.bfs_nr is not None and a.r.akte.gemeinde:
            je_gemeinde.setdefault(a.r.akte.bfs_nr, []).append(a)
    briefe, ohne = [], []
    for adressat, nummern in gruppiert(urteil.stammdaten, sorted(je_gemeinde), tag):
        seine = [a for bfs in nummern for a in je_gemeinde[bfs]]
        name = f"Mail_{kurzname(str(nummern[0]), adressat.name)}"
        sachen = tuple(s for a in seine for s in a.sachen)
        briefe.append(Brief(name, sachen, _mail(adressat.email, seine, mappen, von, post), adressat.email))
        ohne += [] if adressat.email else [adressat.name]
    meldungen = post.legen(briefe, tag, mappen)
    neu = sum(any(post.stand(s).seit == tag for s in b.sachen) for b in briefe)
    still = sum(a.r.zu_tun and a not in neue for a in alle)
    return Antworten(len(mappen), len(briefe), tuple(ohne), tuple(meldungen), neu, seit, still)


def _antworten(urteil: Urteil) -> Iterator[_Antwort]:
    """Yield what is open about each form, whether it was said already or not."""
    for zeile in _neueste([z for z in urteil.zeilen if z.status not in VORBEI and not _unsere_sache(z)]):
        r = _rueckmeldung(zeile)
        if r.offen:
            ordner = zeile.periode if _PERIODE.fullmatch(zeile.periode) else "Unlesbare Dateien"
            worte = () if r.sha256 else (r.datei,)  # five empty files are five
            sachen = (sache(r.akte.bfs_nr, r.sha256, b.code, *worte, b.meldung) for b, _ in r.offen)
            yield _Antwort(r, f"{ordner}/{_name(r)}", tuple(dict.fromkeys(sachen)))


def _faellig(post: Postausgang, s: Sache, tag: date) -> bool:
    """Tell whether a matter is to be said: a second time only where the municipality has to answer."""
    return post.stand(s).faellig(tag, hoechstens=1 if s.code in BEIM_KANTON else 2)


def _mail(email: str, alle: Sequence[_Antwort], mappen: Mapping[str, bytes], von: str, post: Postausgang) -> bytes:
    erinnert = not any(post.stand(s).neu for a in alle for s in a.sachen)
    was = f"Rückmeldung zu {'Ihrem Formular' if len(alle) == 1 else 'Ihren Formularen'}"
    was = f"Erinnerung: {was}" if erinnert else was
    anhaenge = [(Path(a.name).name, mappen[a.name]) for a in alle]
    text = mailtext([a.r for a in alle], von)
    return entwurf([email] if email else [], f"start.integration: {was}", text, anhaenge)


def _unsere_sache(z: Zeile) -> bool:
    return z.fassung is None or any(b.code in _UNSERE_SACHE for b in z.fassung.befunde)


def _neueste(zeilen: Sequence[Zeile]) -> list[Zeile]:
    """Leave out versions after which the municipality sent a newer one: that one is to be mended."""
    gelesen = [z for z in zeilen if z.formular and not (z.fassung and z.fassung.zuordnung)]
    tage = {(z.bfs_nr, z.formular, z.periode): z.eingang for z in sorted(gelesen, key=lambda z: str(z.eingang))}
    return [z for z in zeilen if z not in gelesen or z.eingang == tage[z.bfs_nr, z.formular, z.periode]]


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
) -> tuple[Path, ...]:
    """Write the returns of `krs pruefen --rueckmeldung`; files in order that are not wrong get none.

    Raises: AblageFehler: there is a file of this name already that is another one.
    """
    if ordner.is_file():
        raise AblageFehler(f"«{ordner}» ist eine Datei. Nennen Sie einen Ordner für die Rückmeldungen.")
    alle, neue = list(paare), {}
    for e in einreichungen:
        eigene = tuple((b, d) for b, d in alle if b.datei == e.datei)
        if not eigene or (e.eingabe is None and all(b.stufe is Stufe.HINWEIS for b, _ in eigene)):
            continue
        f = fassung(e)
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
