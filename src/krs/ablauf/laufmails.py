"""Drafts of the mails that bring each municipality its statement of a run (Ziff. 4.5.2, 4.5.3, 4.7)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.ausgang import abgleichen, verzeichnet
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler, lies
from krs.ablauf.ausgabe import kurzname
from krs.ablauf.laufausgabe import Lage, mitteilungsname
from krs.export.mail import entwurf
from krs.export.pdf import alle_als_pdf, gehoert_zu
from krs.lauf.abgelehnt import ohne_geld
from krs.lauf.kennung import Lauf
from krs.lauf.plan import mitgeteilte
from krs.recht import datum, franken
from krs.schreiben.anhang1_brief import empfaenger
from krs.schreiben.unterschrift import unterschrift

if TYPE_CHECKING:
    from krs.lauf.buchung import Rechnung
    from krs.lauf.plan import Abrechnung


def schreibe_laufmails(lage: Lage, dateien: Mapping[str, bytes]) -> list[str]:
    """Write one draft per municipality to Rueckmeldungen/Mitteilungen_LAUF; return sentences for the screen.

    Args:
        dateien: those of the released run.
    """
    ordner = lage.ablage.rueckmeldungen / f"Mitteilungen_{lage.plan.lauf}"
    return abgleichen(ordner, dict(_entwuerfe(lage, dateien)))


def mitteilungen_als_pdf(pfad: Path, lauf: str) -> tuple[Path, int, list[str]]:
    """Make PDFs of a released run's statements, where LibreOffice is found; those that are there already stay.

    An invoice's payment part is the last page of its statement, and the drafts that lie there carry the PDF too.

    Returns: their folder, how many there are, and sentences for the screen.
    Raises: AblageFehler: the run is not released, or was changed; ValueError: no such run.
    """
    from krs.export.pdfbeilage import mit_beilage

    name = str(Lauf.parse(lauf))
    ablage = Ablage.oeffnen(pfad)
    ordner = ablage.rueckmeldungen / f"Mitteilungen_{name}_PDF"
    with ablage.sperre():
        laeufe = Laeufe(ablage.laeufe)
        if name not in laeufe.inhalte:
            raise AblageFehler(f"Der Lauf {name} ist nicht freigegeben; es gibt dazu keine Beitragsmitteilungen.")
        dateien = [d for d in laeufe.inhalte[name]["dateien"] if d.startswith("mitteilungen/")]
        mappen = {f"{Path(d).stem}.pdf": laeufe.pruefe(name, d) for d in dateien}
        beilagen = dict(_beilagen(laeufe, name, mappen))
        alte = {n: lies(ordner / n) for n in mappen if (ordner / n).is_file()}
        fertig = {n: pdf for n, pdf in alte.items() if gehoert_zu(pdf, mappen[n] + beilagen.get(n, b""))}
        for n, pdf in alle_als_pdf({n: m for n, m in mappen.items() if n not in fertig}).items():
            ganz = mit_beilage(pdf, mappen[n], beilagen[n]) if n in beilagen else pdf
            fertig |= {n: ganz} if ganz else {}
        saetze = abgleichen(ordner, fertig)
        saetze += _in_die_entwuerfe(ablage.rueckmeldungen / f"Mitteilungen_{name}", fertig)
    if len(fertig) < len(mappen):
        saetze.append(
            f"{len(mappen) - len(fertig)} PDF fehlen: LibreOffice (soffice) fehlt oder konnte nicht umwandeln."
        )
    return ordner, len(fertig), saetze


def _beilagen(laeufe: Laeufe, lauf: str, namen: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the payment part that belongs to a statement; runs of krs 0.4 have none as PDF."""
    for r in (r for name, r in laeufe.journal.rechnungen if name == lauf):
        datei = f"rechnungen/{r.nr}.pdf"
        if datei in laeufe.inhalte[lauf]["dateien"]:
            anfang = f"Beitragsmitteilung_{lauf}_{r.bfs_nr}_"
            yield from ((n, laeufe.pruefe(lauf, datei)) for n in namen if n.startswith(anfang))


def _in_die_entwuerfe(ordner: Path, pdf: Mapping[str, bytes]) -> list[str]:
    """Let the drafts that still lie there carry the PDF of each workbook, in place of a payment part by itself."""
    neue: dict[str, bytes] = {}
    for n, unsere in verzeichnet(ordner).items():
        if (ordner / n).is_file():
            daten = lies(ordner / n)
            eigen = hashlib.sha256(daten).hexdigest() in unsere
            neue[n] = _mit_pdf(daten, pdf) if eigen else b""  # what somebody changed is never replaced
    return abgleichen(ordner, neue) if neue else []


def _mit_pdf(daten: bytes, pdf: Mapping[str, bytes]) -> bytes:
    mail = message_from_bytes(daten, policy=default)
    anhaenge = {str(a.get_filename()): a.get_content() for a in mail.iter_attachments()}
    mappen = {m: d for m, d in anhaenge.items() if m.endswith(".xlsx")}
    als_pdf = {p: pdf[p] for m in mappen if (p := f"{Path(m).stem}.pdf") in pdf}
    koerper = mail.get_body()
    if not als_pdf or koerper is None:
        return daten
    an = [str(a) for a in mail["To"].addresses] if mail["To"] else []
    text = koerper.get_content().replace("\r\n", "\n")
    return entwurf(an, str(mail["Subject"]), text, [*als_pdf.items(), *mappen.items()])


def _entwuerfe(lage: Lage, dateien: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    rechnungen = {r.bfs_nr: r for r in lage.plan.rechnungen}
    for a in mitgeteilte(lage.plan, lage.urteil.stammdaten):
        an = list(
            dict.fromkeys(filter(None, empfaenger(lage.urteil.stammdaten, a.bfs_nr, lage.urteil.stichtag).values()))
        )
        namen = [mitteilungsname("Beitragsmitteilung", lage.plan, a.bfs_nr, a.gemeinde)]
        namen += [n for n in (mitteilungsname("Zusammenstellung", lage.plan, a.bfs_nr, a.gemeinde),) if n in dateien]
        r = rechnungen.get(a.bfs_nr)
        namen += [f"rechnungen/{r.nr}.pdf"] if r else []
        betreff = f"start.integration: Beitragsmitteilung {a.gemeinde}, Lauf {a.lauf}"
        anhaenge = [(Path(n).name, dateien[n]) for n in namen]
        yield f"Mail_{kurzname(str(a.bfs_nr), a.gemeinde)}.eml", entwurf(an, betreff, _text(lage, a, r), anhaenge)


def _text(lage: Lage, a: Abrechnung, r: Rechnung | None) -> str:
    s, plan = lage.urteil.stammdaten, lage.plan
    saetze = []
    if a.auszahlung:
        wem = "" if a.empfaenger == a.bfs_nr else f" an die Leitgemeinde {s.gebiet.name(a.empfaenger)}"
        saetze.append(f"Ausbezahlt werden {franken(a.auszahlung)}{wem}, Valuta {datum(plan.valuta)}.")
    if a.verrechnet:
        saetze.append(f"Mit Rückforderungen verrechnet sind {franken(a.verrechnet)} (Ziff. 4.7).")
    if r is not None:
        saetze.append(f"In Rechnung gestellt sind {franken(r.betrag)}, zahlbar bis {datum(r.faellig)} (Ziff. 4.7).")
    if not saetze:
        saetze.append(_nichts(lage, a.bfs_nr))
    return "\n\n".join([
        "Guten Tag",
        f"Beiliegend die Beitragsmitteilung für {a.gemeinde}. Sie zeigt, wie sich jeder Betrag zusammensetzt.",
        *saetze,
        "Stimmt etwas nicht, antworten Sie auf diese E-Mail. Auf Beiträge besteht kein Rechtsanspruch (Ziff. 4.1.1).",
        f"{unterschrift(s.einstellungen)}\n",
    ])  # fmt: skip


def _nichts(lage: Lage, bfs: int) -> str:
    """Say that nothing is paid, and of what the statement says why."""
    gehalten, nein = ohne_geld(lage.urteil, lage.plan.lauf, bfs, lage.laeufe.journal)
    was = {
        "zurückgestellt ist": any(g.offen for g in gehalten),
        "überprüft wird": any(g.bezahlt for g in gehalten),
        "nicht ausgerichtet wird": bool(nein),
    }
    worte = [wort for wort, da in was.items() if da]
    warum = f"; die Mitteilung sagt, was {' oder '.join(worte)} und weshalb" if worte else ""
    return f"In diesem Lauf wird nichts ausbezahlt{warum}."
