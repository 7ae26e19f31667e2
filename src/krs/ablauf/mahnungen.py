"""Reminders to those who owe a form: drafts to send, and a log of what was drafted (Ziff. 5.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.eingangsjournal import NIEMAND, Hand
from krs.ablage.mahnprotokoll import bisherige, protokoll, protokoll_schreiben
from krs.ablage.ordner import Ablage, AblageFehler, schreibe
from krs.ablage.postausgang import MAHNUNG, Postausgang, sache
from krs.ablage.postausgang import Brief as Entwurf
from krs.ablauf.anordnung import nummer, visum
from krs.ablauf.ausgabe import kurzname, leere_vorlage
from krs.ablauf.gemeinsam import Fortschritt, Uhr, nicht_kuenftig, stille
from krs.ablauf.konsolidierung import beurteilen, nochmals
from krs.ablauf.stammdatei import aenderung
from krs.export.mail import entwurf
from krs.formulare.befund import Befund
from krs.formulare.formular import formular_fuer
from krs.recht import datum
from krs.schreiben.mahnung import Brief, briefe

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Frist, Stammdaten
    from krs.urteil.urteil import Urteil


@dataclass(frozen=True, slots=True)
class Gemahnt:
    """The letters of one day, and the folder with their drafts."""

    briefe: tuple[Brief, ...]
    ordner: Path
    meldungen: tuple[str, ...] = ()
    befunde: tuple[Befund, ...] = ()


def mahnen(  # noqa: PLR0913 what a host knows: the period, its days, who acts
    pfad: Path,
    zeit: str | tuple[str, ...],
    stichtag: date,
    nachfrist: tuple[date, str] | None = None,
    fortschritt: Fortschritt = stille,
    heute: date | None = None,
    *,
    hand: Hand = NIEMAND,
) -> Gemahnt:
    """Draft a letter to everyone who owes a form whose deadline has passed on `stichtag`; nothing is sent.

    Args:
        zeit: half-year `2024-H1` (Anhang 2) or year `2024` (Anhang 3); several for one letter about all.
        nachfrist: last day granted to all who get a letter, and the mark of who grants it; first of all it becomes
            rows of the sheet Fristen (docs/entscheide/57). The circular names none.
        heute: the user's day, where a host knows it: a form that claims a later one is there all the same.
        hand: who acts and when really, for the log.
    Raises: AblageFehler: also where no templates were made for `zeit`, so that nobody owes it; ValueError: no such
        period, or a Nachfrist that is over (German sentence).
    """
    nicht_kuenftig(stichtag, hand, "Der Tag der Mahnung")
    zeiten = (zeit,) if isinstance(zeit, str) else zeit
    for z in zeiten:
        formular_fuer(z).version_fuer(z)
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        for z in zeiten:
            _geschuldet(ablage, z)
        urteil, befunde, _, meldungen = beurteilen(ablage, Uhr(stichtag, heute), fortschritt, festhalten=False)
        log, frueher = protokoll(ablage.rueckmeldungen), bisherige(ablage.rueckmeldungen)
        eigene = [f for z in zeiten for f in _von_heute(urteil.stammdaten, z, stichtag)]
        if eigene:  # what a letter of this day grants is no reason to write no letter
            andere = tuple(f for f in urteil.stammdaten.fristen if f not in eigene)
            urteil = nochmals(ablage, urteil, replace(urteil.stammdaten, fristen=andere))
        bis = nachfrist and nachfrist[0]
        neue = briefe(urteil, zeiten, frueher, bis)
        _gewaehren(ablage, neue, eigene, nachfrist, stichtag)
        ordner = log.parent / f"{'_'.join(zeiten)}_{stichtag}"
        post = Postausgang(ablage.rueckmeldungen)
        post.gesendete(stichtag)
        for z in zeiten if len(zeiten) > 1 else ():  # today's letters about one of them: this one names both
            meldungen += post.legen([], stichtag, {}, f"{log.parent.name}/{z}_{stichtag}")
        entwuerfe = [
            b for b in _entwuerfe(ablage, urteil, neue, bis) if any(post.stand(s).faellig(stichtag) for s in b.sachen)
        ]
        meldungen += post.legen(entwuerfe, stichtag, {}, f"{log.parent.name}/{ordner.name}")
        if neue:  # last: a kill before it leaves drafts that the next run writes again
            zeit_ = hand.zeit.isoformat(timespec="seconds") if hand.zeit else ""
            mahnungen = (replace(m, zeit=zeit_, konto=hand.konto) for b in neue for m in b.mahnungen(stichtag))
            schreibe(log, protokoll_schreiben([*frueher, *mahnungen]))
    return Gemahnt(neue, ordner, tuple(meldungen), befunde)


def _grund(tag: date) -> str:
    return f"Nachfrist der Mahnung vom {datum(tag)}"


def _von_heute(s: Stammdaten, zeit: str, tag: date) -> list[Frist]:
    """Return the rows that letters of this day made."""
    return [f for f in s.fristen if (f.periode, f.datum, f.grund) == (zeit, tag, _grund(tag))]


def _gewaehren(
    ablage: Ablage, neue: Sequence[Brief], eigene: Sequence[Frist], nachfrist: tuple[date, str] | None, tag: date
) -> None:
    """Let the sheet Fristen say what the letters of this day say: a promise without its row would be forgotten."""
    bis, wer = nachfrist or (None, "")
    soll = {(p.zeile.bfs_nr, p.zeile.formular, p.zeile.periode, bis) for b in neue for p in b.posten if bis}
    steht = {(f.bfs_nr, f.formular, f.periode, f.neue_frist): f for f in eigene}
    weg = {nummer(f) for k, f in steht.items() if k not in soll}
    zeilen = [(*k, _grund(tag), visum(wer), tag) for k in sorted(soll - set(steht), key=str)]
    if zeilen or weg:
        aenderung(ablage, "Fristen", zeilen, weg).schreiben(tag)


def _geschuldet(ablage: Ablage, zeit: str) -> None:
    """Raises: AblageFehler: templates were made, but none for this time; else the forms say what is due."""
    perioden, jahre = ablage.zeiten()
    zeiten = perioden if "-" in zeit else [str(j) for j in jahre]
    if zeiten and zeit not in zeiten:
        raise AblageFehler(
            f"Für {zeit} gibt es keine Vorlagen, deshalb schuldet niemand ein Formular. Vorlagen gibt es für: "
            f"{', '.join(zeiten)}."
        )


def _entwuerfe(ablage: Ablage, urteil: Urteil, neue: Sequence[Brief], bis: date | None) -> Iterator[Entwurf]:
    """Yield each letter as a draft with the blank templates that it asks for; what one says is said once."""
    tag = urteil.stichtag
    for b in neue:
        zeilen = [(p.zeile.bfs_nr or 0, p.zeile.periode, p.stufe) for p in b.posten]
        zeiten = dict.fromkeys(zeit for _, zeit, _ in zeilen)
        name = f"Mahnung_{max(p.stufe for p in b.posten)}_{'_'.join(zeiten)}_{kurzname(str(zeilen[0][0]), b.an.name)}"
        sachen = tuple(sache(n, "", MAHNUNG, zeit, str(stufe), str(tag), str(bis)) for n, zeit, stufe in zeilen)
        vorlagen = [leere_vorlage(ablage, urteil, zeit, n) for n, zeit, _ in zeilen]
        an = [b.an.email] if b.an.email else []
        yield Entwurf(name, sachen, entwurf(an, b.betreff, b.text, vorlagen), b.an.email)
