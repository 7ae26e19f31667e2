"""Mails about forms to come: invitation with the templates, a friendly word before the deadline, receipts (Ziff. 5.2).

Each is drafted per Koordinationsstelle and, once sent, never again for the same matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.ordner import Ablage, AblageFehler, lies
from krs.ablage.postausgang import Brief, Postausgang, Sache, sache
from krs.ablauf.ausgabe import kurzname, vorlagenname
from krs.ablauf.gemeinsam import Fortschritt, Uhr, stammdaten_laden, stille
from krs.ablauf.konsolidierung import beurteilen
from krs.export.kalender import termin
from krs.export.mail import entwurf
from krs.formulare.befund import Befund
from krs.formulare.formular import formular_fuer, periodenbeginn
from krs.lauf.abgelehnt import weshalb
from krs.lauf.bereit import luecken, schalter
from krs.schreiben.unterschrift import unterschrift
from krs.schreiben.versand import Posten, einladung, erinnerung, quittung
from krs.stammdaten.adressen import gruppiert
from krs.urteil.nachbarn import beteiligte
from krs.urteil.tafel import NOCH_NICHT

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Stammdaten
    from krs.urteil.ansprueche import Anspruch
    from krs.urteil.tafel import Zeile
    from krs.urteil.urteil import Urteil


class Art(StrEnum):
    """The kinds of mails."""

    EINLADUNG = "Einladung"
    ERINNERUNG = "Erinnerung"
    QUITTUNG = "Quittung"


_GUT = ("angenommen", "angenommen mit Hinweisen")


@dataclass(frozen=True, slots=True)
class Versandt:
    """The drafts that lie there: `entwuerfe` as (recipient, forms), `gesendet` recipients who got theirs already."""

    ordner: Path
    entwuerfe: tuple[tuple[str, int], ...]
    ohne_adresse: tuple[str, ...] = ()
    gesendet: int = 0
    meldungen: tuple[str, ...] = ()
    befunde: tuple[Befund, ...] = ()


def versenden(
    pfad: Path,
    zeiten: Sequence[str],
    art: Art,
    uhr: Uhr,
    fortschritt: Fortschritt = stille,
    *,
    trotzdem: bool = False,
) -> Versandt:
    """Draft the mails of one kind; nothing is sent.

    Args:
        zeiten: half-year `2024-H1` (Anhang 2), year `2024` (Anhang 3), or both for one mail.
        trotzdem: draft them although rates or residents are missing.
    Raises: AblageFehler, ValueError: one German sentence; nothing is written.
    """
    for zeit in zeiten:
        formular_fuer(zeit).version_fuer(zeit)
    ablage = Ablage.oeffnen(pfad)
    with ablage.sperre():
        meldungen: list[str] = []
        if art is Art.EINLADUNG:
            s, befunde, _ = stammdaten_laden(ablage)
            _vollstaendig(s, zeiten, trotzdem)
            sachen = list(_einladungen(s, zeiten, uhr.stichtag))
        else:
            urteil, befunde, _, meldungen = beurteilen(ablage, uhr, fortschritt, festhalten=False)
            s = urteil.stammdaten
            sachen = list((_erinnerungen if art is Art.ERINNERUNG else _quittungen)(urteil, zeiten))
        versand = _Versand(ablage, s, art, uhr.stichtag)
        return versand.legen(sachen, f"{art}_{'_'.join(zeiten)}", meldungen, befunde)


# --- what is to be said -----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Anlass:
    """One form of one municipality that a mail is about; `zeile` where it came in."""

    sache: Sache
    bfs_nr: int
    posten: Posten | None = None
    zeile: Zeile | None = None
    ansprueche: tuple[tuple[Anspruch, str], ...] = ()  # and why one is not paid


def _einladungen(s: Stammdaten, zeiten: Sequence[str], tag: date) -> Iterator[_Anlass]:
    for zeit in zeiten:
        for bfs in beteiligte(s, zeit):
            frist = s.frist(bfs, formular_fuer(zeit).name, zeit, tag)
            yield _Anlass(sache(bfs, "", "Einladung", zeit), bfs, _posten(s, bfs, zeit, frist))


def _erinnerungen(urteil: Urteil, zeiten: Sequence[str]) -> Iterator[_Anlass]:
    for z in urteil.zeilen:
        if z.periode in zeiten and z.status == NOCH_NICHT and z.bfs_nr and z.frist:
            posten = _posten(urteil.stammdaten, z.bfs_nr, z.periode, z.frist)
            yield _Anlass(sache(z.bfs_nr, "", "Erinnerung", z.periode), z.bfs_nr, posten)


def _posten(s: Stammdaten, bfs: int, zeit: str, frist: date) -> Posten:
    lead = None if "-" in zeit else s.gebiet.leitgemeinde(bfs, periodenbeginn(zeit))
    return Posten(bfs, s.gebiet.name(bfs), zeit, frist, s.gebiet.name(lead) if lead else "")


def _quittungen(urteil: Urteil, zeiten: Sequence[str]) -> Iterator[_Anlass]:
    ansprueche: defaultdict[tuple[int, str], list[Anspruch]] = defaultdict(list)
    for a in urteil.ansprueche:
        ansprueche[a.bfs_nr, a.sha256].append(a)
    for z in urteil.zeilen:  # no version is named: a receipt asks for no correction (domain 4b)
        if z.periode in zeiten and z.status in _GUT and z.bfs_nr:
            meine = tuple((a, weshalb(urteil, a)) for a in ansprueche[z.bfs_nr, z.sha256])
            yield _Anlass(sache(z.bfs_nr, "", "Quittung", z.sha256), z.bfs_nr, None, z, meine)


def _vollstaendig(s: Stammdaten, zeiten: Sequence[str], trotzdem: bool) -> None:
    """Raises: AblageFehler: rates or residents are missing, so that the forms would say «nicht geregelt»."""
    fehlt = [satz for zeit in zeiten for satz in luecken(s, zeit)]
    if fehlt and not trotzdem:
        raise AblageFehler(
            f"Es ist nichts bereitgelegt: {' '.join(fehlt)} Ergänzen Sie die Stammdaten und schreiben Sie die Vorlagen "
            "neu, oder nennen Sie --trotzdem."
        )


# --- drafts -----------------------------------------------------------------------------------
class _Versand:
    def __init__(self, ablage: Ablage, s: Stammdaten, art: Art, tag: date) -> None:
        self.ablage, self.s, self.art, self.tag = ablage, s, art, tag
        self.post = Postausgang(ablage.rueckmeldungen)
        self.gruss, self.kontakt = unterschrift(s.einstellungen), s.einstellungen.kontakt_email

    def legen(
        self, anlaesse: Sequence[_Anlass], wo: str, meldungen: Sequence[str], befunde: tuple[Befund, ...]
    ) -> Versandt:
        self.post.gesendete(self.tag)
        je_gemeinde: dict[int, list[_Anlass]] = {}
        for a in anlaesse:
            if self.post.stand(a.sache).faellig(self.tag):
                je_gemeinde.setdefault(a.bfs_nr, []).append(a)
        briefe, ohne, zahlen = [], [], []
        for an, nummern in gruppiert(self.s, sorted(je_gemeinde), self.tag):
            seine = [a for bfs in nummern for a in je_gemeinde[bfs]]
            name = f"{self.art}_{kurzname(str(nummern[0]), an.name)}"
            briefe.append(Brief(name, tuple(a.sache for a in seine), self._mail(an.email, seine), an.email))
            ohne += [] if an.email else [an.name]
            zahlen.append((an.name, len(seine)))
        saetze = self.post.legen(briefe, self.tag, {}, wo)
        fort = len({a.sache for a in anlaesse}) - sum(n for _, n in zahlen)
        ordner = self.ablage.rueckmeldungen / wo
        return Versandt(ordner, tuple(zahlen), tuple(ohne), fort, (*meldungen, *saetze), befunde)

    def _mail(self, email: str, anlaesse: Sequence[_Anlass]) -> bytes:
        an = [email] if email else []
        if self.art is Art.QUITTUNG:
            zeilen = [(a.zeile, a.ansprueche) for a in anlaesse if a.zeile is not None]
            return entwurf(an, *quittung(zeilen, self.gruss))
        posten = [a.posten for a in anlaesse if a.posten is not None]
        brief = einladung if self.art is Art.EINLADUNG else erinnerung
        anhaenge = [self._vorlage(p) for p in posten]
        if self.art is Art.EINLADUNG:
            anhaenge += [self._termin(frist, posten) for frist in sorted({p.frist for p in posten})]
        return entwurf(an, *brief(posten, self.gruss, self.kontakt), anhaenge)

    def _vorlage(self, p: Posten) -> tuple[str, bytes]:
        name = vorlagenname(formular_fuer(p.zeit), p.zeit, p.bfs_nr, p.gemeinde)
        ort = self.ablage.vorlagen / p.zeit / name
        if not ort.is_file():
            raise AblageFehler(
                f"Die Vorlage «{name}» fehlt. Schreiben Sie zuerst die Vorlagen: «krs vorlagen … {schalter(p.zeit)}»."
            )
        return name, lies(ort)

    def _termin(self, frist: date, posten: Sequence[Posten]) -> tuple[str, bytes]:
        was = [p for p in posten if p.frist == frist]
        titel = f"start.integration: Frist {' und '.join(dict.fromkeys(p.name for p in was))}"
        text = "\n".join(f"{p.gemeinde}: {p.name}" for p in was)
        kennung = "-".join(["frist", *dict.fromkeys(p.zeit for p in was), str(was[0].bfs_nr)])
        return f"Frist_{frist}.ics", termin(titel, text, frist, kennung, self.tag)
