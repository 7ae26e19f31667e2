"""What was decided is told, once: refused, shortened, recognised; one mail per Koordinationsstelle (Ziff. 4.2, 5.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from krs.ablage.postausgang import Brief, Postausgang, Sache, sache
from krs.ablauf.ausgabe import kurzname
from krs.export.mail import entwurf
from krs.formulare.befund import Akte, Befund
from krs.lauf.antwortlage import Antwortlage
from krs.recht import LEISTUNG
from krs.schreiben.entscheidmail import Beschluss, Kuerzung, Mitteilung, entscheidmail
from krs.schreiben.rueckmeldung import Rueckmeldung
from krs.schreiben.unterschrift import unterschrift
from krs.stammdaten.adressen import gruppiert
from krs.urteil.entscheide import gemeldet, gilt_fuer
from krs.urteil.fassung import HALTEND, Fassung, gehoben, letzter

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Entscheid


def entscheidbriefe(lage: Antwortlage, post: Postausgang) -> Iterator[tuple[Brief, str]]:
    """Yield the mails about what was decided and not told yet, each with its recipient's name."""
    urteil = lage.urteil
    je: dict[int, list[tuple[Mitteilung, tuple[Sache, ...]]]] = {}
    for m in _mitteilungen(lage, _seit(lage, post)):
        sachen = tuple(_sache(m.r.akte, b.entscheid) for b in m.beschluesse)
        if any(post.stand(s).neu for s in sachen):
            je.setdefault(m.r.akte.bfs_nr or 0, []).append((m, sachen))
    for adressat, nummern in gruppiert(urteil.stammdaten, sorted(je), urteil.stichtag):
        seine = [x for bfs in nummern for x in je[bfs]]
        betreff, text = entscheidmail([m for m, _ in seine], unterschrift(urteil.stammdaten.einstellungen))
        name = f"Entscheid_{kurzname(str(nummern[0]), adressat.name)}"
        daten = entwurf([adressat.email] if adressat.email else [], betreff, text)
        yield Brief(name, tuple(s for _, sachen in seine for s in sachen), daten, adressat.email), adressat.name


def _sache(akte: Akte, e: Entscheid) -> Sache:
    """Return the matter of a decision; a later version of the form does not make it new."""
    worte = (
        akte.formular,
        akte.periode,
        e.entscheid,
        e.begruendung,
        str(e.datum),
        str(e.leistung),
        str(e.anerkannte_anzahl),
    )
    return sache(akte.bfs_nr, "", e.code or "Entscheid", *worte)


def _seit(lage: Antwortlage, post: Postausgang) -> date:
    """Return the day up to which decisions count as told: the last run before the outbox began (krs 0.4 had none)."""
    beginn = min((v.datum for v in post.vorgaenge), default=lage.urteil.stichtag)
    return max((b.datum for b in lage.journal.buchungen if b.datum < beginn), default=date.min)


def _mitteilungen(lage: Antwortlage, seit: date) -> Iterator[Mitteilung]:
    """Yield what was decided after a day about each form that is not replaced, then about forms that never came."""
    s, tag = lage.urteil.stammdaten, lage.urteil.stichtag
    gekommen = [((z.bfs_nr, z.formular, z.periode), z) for z in lage.urteil.zeilen if z.eingang is not None]
    unlesbar = {wer: z for wer, z in gekommen if z.fassung is not None and z.fassung.gelesen is None}  # but assigned
    da = {wer for wer, z in gekommen if z.fassung is None or z.fassung.gelesen is not None}  # purged ones, too
    for z in lage.urteil.zeilen:
        f = z.fassung
        if f is None or f.gelesen is None or f.beiseite or z.status == "ersetzt":
            continue
        if beschluesse := tuple(b for b in _beschluesse(f, lage) if b.entscheid.datum > seit):
            r = Rueckmeldung(z.datei, z.sha256, f.akte, z.eingang, z.frist, ())
            yield Mitteilung(r, beschluesse, tuple(lage.folgen(f.akte)))
    ohne = [e for e in s.entscheide if not (e.code or e.sha256) and seit < e.datum <= tag]
    for wer in sorted({(e.bfs_nr, e.formular, e.periode) for e in ohne} - da):
        e = letzter(x for x in ohne if (x.bfs_nr, x.formular, x.periode) == wer)
        if e is not None and e.entscheid == "ablehnen":
            akte = Akte("", s.gebiet.name(wer[0]), *wer)
            eingang = unlesbar[wer].eingang if wer in unlesbar else None
            r = Rueckmeldung("", "", akte, eingang, s.frist(*wer, tag) if eingang else None, ())
            yield Mitteilung(r, (Beschluss(e),), tuple(lage.folgen(akte)))


def _beschluesse(f: Fassung, lage: Antwortlage) -> Iterator[Beschluss]:
    """Yield the decisions that settle something in this version, in the order of their days."""
    je: dict[tuple[object, ...], tuple[Entscheid, list[Befund], list[Kuerzung]]] = {}

    def zu(e: Entscheid) -> tuple[Entscheid, list[Befund], list[Kuerzung]]:
        return je.setdefault((e.datum, e.code, e.entscheid, e.begruendung, e.leistung), (e, [], []))

    for b, e in f.paare:
        if e is not None and b.stufe in HALTEND and (e.entscheid == "ablehnen" or gehoben(b, e)):
            zu(e)[1].append(b)
    for anspruch, e in f.gekuerzt:
        zu(e)[2].append(Kuerzung(LEISTUNG[anspruch], gemeldet(f, anspruch), e.anerkannte_anzahl))
    ganz = letzter(
        e for e in lage.urteil.stammdaten.entscheide
        if not e.code and e.datum <= lage.urteil.stichtag and gilt_fuer(e, f) and e.leistung is None
    )  # fmt: skip
    if ganz is not None and ganz.entscheid == "ablehnen":
        zu(ganz)
    yield from (
        Beschluss(e, tuple(b), tuple(k)) for e, b, k in sorted(je.values(), key=lambda x: (x[0].datum, x[0].code))
    )
