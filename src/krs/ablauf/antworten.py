"""Answers to the municipalities: the sender's own workbook, marked, and one mail draft per Koordinationsstelle.

Rueckmeldungen/ holds what is open today.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.archiv import Archiv
from krs.ablage.ordner import Ablage, AblageFehler, lies, schreibe
from krs.ablage.postausgang import Brief, Postausgang, Sache, sache
from krs.ablauf.ausgabe import kurzname, vorlagenname
from krs.ablauf.entscheidmails import entscheidbriefe
from krs.export.mail import entwurf
from krs.formulare import identitaet
from krs.formulare.befund import Befund, Stufe
from krs.lauf.antwortlage import Antwortlage
from krs.recht import Halbjahr
from krs.schreiben.antwortmail import mailtext
from krs.schreiben.rueckmeldung import Rueckmeldung
from krs.schreiben.unterschrift import KANTON, unterschrift
from krs.stammdaten.adressen import gruppiert
from krs.urteil.fassung import BEIM_KANTON, HALTEND, HOECHSTENS_GENANNT, Einreichung, fassung
from krs.urteil.tafel import VORBEI

if TYPE_CHECKING:
    from krs.lauf.buchung import Journal
    from krs.stammdaten.stammdaten import Entscheid, Stammdaten
    from krs.urteil.tafel import Zeile
    from krs.urteil.urteil import Urteil

_PERIODE = re.compile(r"[0-9]{4}(-H[12])?")  # a forged form may call itself «../..»
_UNSERE_SACHE = frozenset({"E-15", "E-19"})  # not to be opened, purged: nothing that a sender could mend
_EINGANG = frozenset({"E-25", "E-26", "E-27", "E-28"})  # for the officer, who knows when a file came


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
    """What is to be said about one form: its workbook's name, its matters, the template that was meant."""

    r: Rueckmeldung
    name: str
    sachen: tuple[Sache, ...]
    vorlage: Path | None = None


def absender(stammdaten: Stammdaten) -> str:
    """Return who signs the letters."""
    return stammdaten.einstellungen.kanton_name or KANTON


# --- the whole folder -----------------------------------------------------------------------
def schreibe_antworten(
    ablage: Ablage, urteil: Urteil, journal: Journal, post: Postausgang, erinnern_nach: int | None = None
) -> Antworten:
    """Write what was not said yet: per form a return, per Koordinationsstelle a mail; remove what is settled or sent.

    Args:
        post: the outbox of this folder, which learns what is drafted and sent.
        erinnern_nach: days without an answer, on the order of a person; by default once, after «Nachfassen Tage».
    Raises: AblageFehler: the folder cannot be written.
    """
    archiv, von, tag = Archiv(ablage.archiv), absender(urteil.stammdaten), urteil.stichtag
    nach, oft = (urteil.stammdaten.einstellungen.nachfassen_tage, 2) if erinnern_nach is None else (erinnern_nach, 99)
    post.gesendete(tag)
    lage = Antwortlage(urteil, journal, post.entworfen())
    seit, (alle, saetze) = post.zuletzt(tag), _begrenzt(list(_antworten(ablage, lage)))
    neue = [a for a in alle if any(_faellig(post, s, tag, (nach, oft)) for s in a.sachen)]
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
        briefe.append(Brief(name, sachen, _mail(adressat.email, seine, mappen, urteil, post), adressat.email))
        ohne += [] if adressat.email else [adressat.name]
    for b, name in entscheidbriefe(lage, post):
        briefe.append(b)
        ohne += [] if b.an or name in ohne else [name]
    meldungen = [*(satz for a, satz in saetze if a in neue), *post.legen(briefe, tag, mappen)]
    neu = sum(any(post.stand(s).seit == tag for s in b.sachen) for b in briefe)
    still = sum(a.r.zu_tun and a not in neue for a in alle)
    return Antworten(len(mappen), len(briefe), tuple(ohne), tuple(meldungen), neu, seit, still)


def _antworten(ablage: Ablage, lage: Antwortlage) -> Iterator[_Antwort]:
    """Yield what is open about each form, whether it was said already or not; of two files (F-51) it is asked once."""
    gefragt: set[tuple[int | None, str]] = set()
    namen: set[str] = set()
    for zeile in _neueste([z for z in lage.urteil.zeilen if z.status not in VORBEI and not _unsere_sache(z)]):
        r = _rueckmeldung(zeile, lage)
        nur_frage = {(b.bfs_nr, b.meldung) for b, _ in r.offen if b.code == "F-51"} if len(r.offen) == 1 else set()
        if r.offen and not nur_frage & gefragt:
            gefragt |= {(b.bfs_nr, b.meldung) for b, _ in r.offen if b.code == "F-51"}
            ordner = zeile.periode if _PERIODE.fullmatch(zeile.periode) else "Unlesbare Dateien"
            worte = () if r.sha256 else (r.datei,)  # five empty files are five
            sachen = (sache(r.akte.bfs_nr, r.sha256, b.code, *worte, b.meldung) for b, _ in r.offen)
            name = f"{ordner}/{_name(r)}"
            name = f"{ordner}/{_dateiname(r)}" if name in namen else name
            namen.add(name)
            yield _Antwort(r, name, tuple(dict.fromkeys(sachen)), _richtige_vorlage(ablage, r))


def _faellig(post: Postausgang, s: Sache, tag: date, wann: tuple[int, int]) -> bool:
    """Tell whether a matter is to be said: a second time (`wann`) only where the municipality has to answer."""
    return post.stand(s).faellig(tag, *(() if s.code in BEIM_KANTON else wann))


def _mail(
    email: str, alle: Sequence[_Antwort], mappen: Mapping[str, bytes], urteil: Urteil, post: Postausgang
) -> bytes:
    tag = urteil.stichtag
    erinnert = tag if not any(post.stand(s).neu for a in alle for s in a.sachen) else None
    was = f"Rückmeldung zu {'Ihrem Formular' if len(alle) == 1 else 'Ihren Formularen'}"
    was = f"Erinnerung: {was}" if erinnert else was
    anhaenge = [(Path(a.name).name, mappen[a.name]) for a in alle]
    anhaenge += [(v.name, lies(v)) for a in alle if (v := a.vorlage)]
    mit = {a.r for a in alle if a.vorlage}
    text = mailtext([a.r for a in alle], unterschrift(urteil.stammdaten.einstellungen), erinnert, mit)
    return entwurf([email] if email else [], f"start.integration: {was}", text, anhaenge)


def _richtige_vorlage(ablage: Ablage, r: Rueckmeldung) -> Path | None:
    """Return the template that was meant, where an earlier one was used (F-52)."""
    form, zeit, bfs = r.formular, r.akte.periode, r.akte.bfs_nr
    if form is None or bfs is None or not any(b.code == "F-52" for b, _ in r.offen):
        return None
    folge = str(Halbjahr.parse(zeit).nachher()) if "-" in zeit else str(int(zeit) + 1)
    pfad = ablage.vorlagen / folge / vorlagenname(form, folge, bfs, r.akte.gemeinde)
    return pfad if pfad.is_file() else None


def _unsere_sache(z: Zeile) -> bool:
    return z.fassung is None or any(b.code in _UNSERE_SACHE for b in z.fassung.befunde)


def _neueste(zeilen: Sequence[Zeile]) -> list[Zeile]:
    """Leave out versions after which the municipality sent a newer one: that one is to be mended."""
    gelesen = [z for z in zeilen if z.formular and not (z.fassung and z.fassung.zuordnung)]
    tage = {(z.bfs_nr, z.formular, z.periode): z.eingang for z in sorted(gelesen, key=lambda z: str(z.eingang))}
    return [z for z in zeilen if z not in gelesen or z.eingang == tage[z.bfs_nr, z.formular, z.periode]]


def _begrenzt(alle: Sequence[_Antwort]) -> tuple[list[_Antwort], list[tuple[_Antwort, str]]]:
    """Return what gets a return; with the first of many versions of one day, a sentence that only some of them do.

    Those are the ones that F-51 names; a mail with hundreds of workbooks nobody could send.
    """
    gruppen: dict[tuple[int | None, str, str, str], list[_Antwort]] = defaultdict(list)
    for a in (a for a in alle if a.r.akte.formular):
        gruppen[a.r.akte.bfs_nr, a.r.akte.gemeinde, a.r.akte.formular, a.r.akte.periode].append(a)
    viele = {k: sorted(g, key=lambda a: a.r.datei) for k, g in gruppen.items() if len(g) > HOECHSTENS_GENANNT}
    warten = {a.r.sha256 for g in viele.values() for a in g[HOECHSTENS_GENANNT:]}
    saetze = [
        (
            g[0],
            f"{gemeinde}, {formular} {periode}: Von {len(g)} Fassungen desselben Tages gehen nach dem Dateinamen die "
            f"ersten {HOECHSTENS_GENANNT} zurück.",
        )
        for (_, gemeinde, formular, periode), g in viele.items()
    ]
    return [a for a in alle if a.r.sha256 not in warten or not a.r.akte.formular], saetze


def _rueckmeldung(z: Zeile, lage: Antwortlage) -> Rueckmeldung:
    """Return what is said about a form; where it is not clear whose it is, nothing else counts yet."""
    assert z.fassung is not None
    f = z.fassung
    unklar = any(b.code == "E-28" for b in f.befunde)  # then nobody knows yet whether it was late
    paare = [(b, e) for b, e in f.paare if b.code not in _EINGANG and not (unklar and b.code == "F-50")]
    wessen = [(b, e) for b, e in paare if b.code in identitaet.CODES and b.stufe in HALTEND]
    return Rueckmeldung(z.datei, z.sha256, f.akte, z.eingang, z.frist, tuple(wessen or paare), lage.zu(f))


def _mappe(r: Rueckmeldung, von: str, original: Callable[[str], bytes]) -> bytes:
    """Return what goes back; `original` gives the sender's file by its SHA-256."""
    from krs.mappen.antwort.einfuegen import antwort

    return antwort(original(r.sha256) if r.lesbar else b"", r, von)[0]


def _name(r: Rueckmeldung) -> str:
    """Return the name of a return: whose form, and which version of it."""
    a = r.akte
    if r.sha256 and a.bfs_nr is not None and a.gemeinde and a.formular:
        return f"Rueckmeldung_{kurzname(a.formular, a.periode, str(a.bfs_nr), a.gemeinde)}_{r.sha256[:8]}.xlsx"
    return _dateiname(r)


def _dateiname(r: Rueckmeldung) -> str:
    """Return the name of a return after its file: five empty files are five, and so are the parts of one archive."""
    kennzeichen = hashlib.sha256(f"{r.sha256} {r.datei}".encode()).hexdigest()[:8]
    return f"Rueckmeldung_{kurzname(Path(r.datei).stem) or 'Datei'}_{kennzeichen}.xlsx"


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
