"""Whose file it is that could not be read: as a person assigned it, else proposed from its name and sender."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from krs.formulare.befund import Akte, Befund, melde
from krs.formulare.eingabe import LEERE_ZELLE
from krs.formulare.pruefen import typisiere
from krs.recht import datum
from krs.stammdaten.adressen import besitzer
from krs.urteil.fassung import HALTEND, Fassung, Schluessel, erledigt, letzter
from krs.urteil.tafel import ERLEDIGT

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten, Zuordnung
    from krs.urteil.tafel import Zeile

_BFS = re.compile(r"BFS\D{0,20}(\d{4})(?!\d)", re.IGNORECASE)  # a bare 2540 may be a postcode
_VOR, _NACH = 60, 120  # days around a deadline in which a file of an unknown form may be meant for it
_UMLAUTE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Vorschlag:
    """Which municipality a file may come from: one, or several candidates; `grund` says why, in German."""

    kandidaten: tuple[int, ...]
    grund: str

    @property
    def bfs_nr(self) -> int | None:
        """The municipality, None where several come into question."""
        return self.kandidaten[0] if len(self.kandidaten) == 1 else None


def zugeordnet(f: Fassung, z: Zuordnung, s: Stammdaten, stichtag: date) -> Fassung:
    """Return an unreadable file with whose it is; form and period count together or not at all."""
    gemeinde, frist, formular, periode = s.gebiet.name(z.bfs_nr), None, "", ""
    if z.formular and z.periode:
        formular, periode, frist = z.formular, z.periode, s.frist(z.bfs_nr, z.formular, z.periode, stichtag)
    akte = Akte(f.akte.datei, gemeinde, z.bfs_nr, formular, periode)
    befunde = (replace(b, gemeinde=gemeinde, bfs_nr=z.bfs_nr, formular=formular, periode=periode) for b in f.befunde)
    return replace(f, akte=akte, zuordnung=z, frist=frist, befunde=tuple(befunde))


def vorschlag(name: str, absender: str, tag: date, stammdaten: Stammdaten, inhalt: str = "") -> Vorschlag | None:
    """Return whose file it may be, None without any sign; signs that contradict each other give all candidates.

    Args:
        name: path of the file below Eingang/, with the mail it hung on.
        absender: the sender's e-mail address, empty where there is none.
        tag: day of receipt; a municipality that has merged by then stands for its successor.
        inhalt: its first words; they are asked where nothing else says whose it is.
    """
    gefunden = [(bfs, grund) for bfs, grund in _zeichen(name, absender, stammdaten) if bfs]
    if len({b for alle, _ in gefunden for b in alle}) != 1:
        gefunden += _aus_inhalt(inhalt, tag, stammdaten)
    if not gefunden:
        return None
    nummern = dict.fromkeys(stammdaten.gebiet.nachfolgerin(b, tag) for alle, _ in gefunden for b in alle)
    einige = [{stammdaten.gebiet.nachfolgerin(b, tag) for b in alle} for alle, _ in gefunden]
    gemeinsam = set.intersection(*einige)  # a shared domain and a name may name one together
    kandidaten = sorted(gemeinsam) if len(gemeinsam) == 1 else sorted(nummern)
    return Vorschlag(tuple(kandidaten), " und ".join(grund for _, grund in gefunden))


def _zeichen(name: str, absender: str, s: Stammdaten) -> Iterator[tuple[set[int], str]]:
    """Yield each sign: the municipalities it points to, and the sign in words."""
    adresse = absender.strip().casefold()
    if "@" in adresse:
        genau, gleiche = besitzer(adresse, s.gemeinden)
        yield (genau, f"E-Mail-Adresse {adresse}") if genau else (gleiche, f"Mail aus {adresse[adresse.index('@') :]}")
    ordner, _, datei = name.rpartition("/")
    for was, text in (("Dateiname", datei), ("Ordner oder Mail", ordner)):
        nummern = {int(n) for n in re.findall(r"(?<!\d)\d{4}(?!\d)", text)} & {g.bfs_nr for g in s.gemeinden}
        namen = _genannt(text, s)
        if nummern or namen:
            nennt = [*map(str, sorted(nummern)), *(s.gebiet.name(b) for b in sorted(namen))]
            yield nummern | namen, f"{was} nennt {', '.join(nennt)}"
            return


def _aus_inhalt(inhalt: str, tag: date, s: Stammdaten) -> list[tuple[set[int], str]]:
    """Return the one municipality taking part that a workbook names, by name or as «BFS-Nr. 2581»; else nothing."""
    alle = _genannt(inhalt, s) | {int(n) for n in _BFS.findall(inhalt)}
    genannt = {s.gebiet.nachfolgerin(b, tag) for b in alle}
    zeilen = {b: s.gebiet.gemeinde(b, tag) for b in genannt}
    dabei = {b for b, z in zeilen.items() if z and z.beteiligt_am(tag)}
    return [(dabei, f"Inhalt nennt {s.gebiet.name(*dabei)}")] if len(dabei) == len(genannt) == 1 else []


def _genannt(text: str, s: Stammdaten) -> set[int]:
    """Return the municipalities that a text names; «Wangen bei Olten» does not name Olten."""
    namen: dict[str, set[int]] = {}
    for g in s.gemeinden:
        for form in _formen(g.name):
            namen.setdefault(form, set()).add(g.bfs_nr)
    formen, gefunden = _formen(text), set[int]()
    for name in sorted(namen, key=len, reverse=True):
        if name.strip() and any(name in f for f in formen):
            gefunden |= namen[name]
            formen = [f.replace(name, " | ") for f in formen]
    return gefunden


def _formen(text: str) -> list[str]:
    """Return a text in words, with ä as «ae» and as «a».

    >>> _formen("HärkingenListe_2024.pdf")
    [' haerkingen liste 2024 pdf ', ' harkingen liste 2024 pdf ']
    """
    ganz = re.sub(r"(?<=[a-zäöüéèà])(?=[A-ZÄÖÜ])", " ", unicodedata.normalize("NFC", text)).casefold()
    arten = (ganz.translate(_UMLAUTE), ganz)
    ohne = ("".join(c for c in unicodedata.normalize("NFKD", a) if not unicodedata.combining(c)) for a in arten)
    return [f" {re.sub(r'[^a-z0-9]+', ' ', a).strip()} " for a in ohne]


# --- a readable form of another period -------------------------------------------------------
def umgedeutet(f: Fassung, s: Stammdaten, stichtag: date) -> Fassung:
    """Return a form as that of the period that an officer assigned it to (docs/entscheide/59)."""
    sha = f.einreichung.sha256
    z = next((z for z in s.zuordnungen if sha.startswith(z.sha256) and z.datum <= stichtag), None)
    if z is None or not passt(f, z.bfs_nr, z.formular, z.periode) or f.formular is None or f.version is None:
        return f
    frist = s.frist(z.bfs_nr, z.formular, z.periode, stichtag)
    neu = replace(f, akte=replace(f.akte, periode=z.periode), gilt_als=z, frist=frist)
    if f.gelesen is None:  # purged
        return neu
    roh, feld = f.einreichung.eingabe or f.gelesen.eingabe, "periode" if f.formular.nummer == 2 else "jahr"
    wert = z.periode if f.formular.nummer == 2 else Decimal(z.periode)
    felder = {**roh.felder, feld: replace(roh.felder.get(feld, LEERE_ZELLE), wert=wert, formel=None, fehler=None)}
    eingabe = replace(roh, kennung=replace(roh.kennung, periode=z.periode), felder=felder)
    return replace(neu, gelesen=typisiere(eingabe, neu.akte, f.formular, f.version))


def passt(f: Fassung, bfs: int, formular: str, periode: str) -> bool:
    """Tell whether a readable form can be taken as that of another period: same sender, same version of the form."""
    if f.formular is None or (bfs, formular) != f.schluessel[:2] or periode in ("", f.akte.periode):
        return False
    return f.formular.version_fuer(periode) is f.version


# --- among all that came in -----------------------------------------------------------------
def mit_absender(f: Fassung, s: Stammdaten, stichtag: date) -> Fassung:
    """Return a file with whose it is and the decision on it, both found by its SHA-256."""
    sha, tag = f.einreichung.sha256, f.einreichung.eingang
    z = next((z for z in s.zuordnungen if sha.startswith(z.sha256) and z.datum <= stichtag), None)
    f = zugeordnet(f, z, s, stichtag) if z else f
    codes = {"", *(b.code for b in f.befunde)}
    meine = (e for e in s.entscheide if e.sha256 and sha.startswith(e.sha256) and tag <= e.datum <= stichtag)
    e = letzter(e for e in meine if e.code in codes)
    return replace(f, entscheide=tuple(e if b.stufe in HALTEND else None for b in f.befunde)) if e else f


def staende(
    fremde: Iterable[Fassung],
    ketten: Mapping[Schluessel, Sequence[Fassung]],
    s: Stammdaten,
    fehlende: Sequence[Zeile] = (),
) -> Iterator[tuple[Fassung, str, str]]:
    """Yield each file with its state and a remark: why it is settled, or whose it may be.

    Args:
        fehlende: the forms that are still owed; a file that may be one of them is not settled by another form.
    """
    for f in fremde:
        e = f.einreichung
        v = None if f.akte.bfs_nr else vorschlag(e.datei, "".join(e.absender[:1]), e.eingang, s, e.inhalt)
        entscheid = next((x for b, x in f.paare if x and b.stufe in HALTEND and erledigt(b, x)), None)
        wer = f.akte.bfs_nr or (v.bfs_nr if v else None)
        fehlt = not f.akte.formular and any(kann_sein(f, wer, z) for z in fehlende)
        spaeter = None if fehlt else _lesbar(f, ketten, wer)
        vermutet = _vermutet(v, s)
        if entscheid is not None:
            wort = f"abgelehnt am {datum(entscheid.datum)} ({entscheid.visum}): {entscheid.begruendung}"
            yield f, ERLEDIGT, wort
        elif spaeter is not None:
            satz = f"am {datum(spaeter.einreichung.eingang)} kam ein lesbares Formular («{spaeter.einreichung.datei}»)"
            yield f, ERLEDIGT, "; ".join(filter(None, (vermutet, satz)))
        else:
            yield f, "fehlerhaft", "; ".join(filter(None, (vermutet, _tun(f, v))))


def kann_sein(f: Fassung, bfs: int | None, z: Zeile) -> bool:
    """Tell whether an unreadable file of a municipality may be meant as the form of a row: its own, or near it."""
    if z.bfs_nr != bfs or f.akte.formular:
        return (z.bfs_nr, z.formular, z.periode) == (bfs, f.akte.formular, f.akte.periode)
    return z.frist is None or -_VOR <= (f.einreichung.eingang - z.frist).days <= _NACH


def _lesbar(f: Fassung, ketten: Mapping[Schluessel, Sequence[Fassung]], bfs: int | None) -> Fassung | None:
    """Return a form of this sender that came on the same day or later, of the same form and period if known."""
    passend = (
        g for k, kette in sorted(ketten.items()) for g in kette
        if k[0] == bfs and f.akte.formular in ("", k[1]) and f.akte.periode in ("", k[2])
        and g.identitaet_gut and g.einreichung.eingang >= f.einreichung.eingang
    )  # fmt: skip
    return min(passend, key=lambda g: g.einreichung.eingang, default=None)


def _tun(f: Fassung, v: Vorschlag | None) -> str:
    """Return how to say whose it is; nothing for what is assigned, not kept, or was purged (E-19)."""
    e = f.einreichung
    if f.akte.bfs_nr or not e.sha256 or (e.abweisung is not None and e.abweisung.code == "E-19"):
        return ""
    was = "bestätigen" if v else "von wem?"
    return f"{was}: krs zuordnen … {e.sha256[:8]} {(v and v.bfs_nr) or 'BFS'}".replace("?:", "?")


def _vermutet(v: Vorschlag | None, s: Stammdaten) -> str:
    return f"vermutlich {' oder '.join(s.gebiet.name(b) for b in v.kandidaten)} ({v.grund})" if v else ""


def wirkungslose(
    fremde: Iterable[Fassung], gelesene: Iterable[Fassung], s: Stammdaten, stichtag: date
) -> Iterator[Befund]:
    """Yield S-38: an assignment that meets no file; S-44: one that a readable form cannot follow."""
    shas, formulare = {f.einreichung.sha256 for f in fremde}, {f.einreichung.sha256: f for f in gelesene}
    for z in (z for z in s.zuordnungen if z.datum <= stichtag and not any(sha.startswith(z.sha256) for sha in shas)):
        akte = Akte("Stammdaten.xlsx", s.gebiet.name(z.bfs_nr), z.bfs_nr)
        f = next((f for sha, f in formulare.items() if sha.startswith(z.sha256)), None)
        if f is None:
            yield melde(akte, "S-38", z.zelle("sha256"))
        elif f.gilt_als is None:
            worte = {"formular": f.akte.formular, "gemeinde": f.akte.gemeinde, "periode": f.akte.periode}
            yield melde(akte, "S-44", z.zelle("periode"), **worte)
