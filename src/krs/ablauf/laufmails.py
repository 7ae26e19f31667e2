"""Drafts of the mails that bring each municipality its statement of a run (Ziff. 4.5.2, 4.5.3, 4.7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from krs.ablage.ausgang import abgleichen
from krs.ablage.laeufe import Laeufe
from krs.ablage.ordner import Ablage, AblageFehler, lies
from krs.ablage.postausgang import Brief, Postausgang, sache
from krs.ablauf.ausgabe import kurzname
from krs.ablauf.laufausgabe import Lage, mitteilungsname
from krs.export.mail import entwurf
from krs.export.pdf import alle_als_pdf, gehoert_zu
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
    post = Postausgang(lage.ablage.rueckmeldungen)
    return post.legen(list(_entwuerfe(lage, dateien)), lage.plan.datum, {}, f"Mitteilungen_{lage.plan.lauf}")


def mitteilungen_als_pdf(pfad: Path, lauf: str) -> tuple[Path, int, list[str]]:
    """Make PDFs of a released run's statements, where LibreOffice is found; those that are there already stay.

    Returns: their folder, how many there are, and sentences for the screen.
    Raises: AblageFehler: the run is not released, or was changed; ValueError: no such run.
    """
    name = str(Lauf.parse(lauf))
    ablage = Ablage.oeffnen(pfad)
    ordner = ablage.rueckmeldungen / f"Mitteilungen_{name}_PDF"
    with ablage.sperre():
        laeufe = Laeufe(ablage.laeufe)
        if name not in laeufe.inhalte:
            raise AblageFehler(f"Der Lauf {name} ist nicht freigegeben; es gibt dazu keine Beitragsmitteilungen.")
        dateien = [d for d in laeufe.inhalte[name]["dateien"] if d.startswith("mitteilungen/")]
        mappen = {f"{Path(d).stem}.pdf": laeufe.pruefe(name, d) for d in dateien}
        alte = {n: lies(ordner / n) for n in mappen if (ordner / n).is_file()}
        fertig = {n: pdf for n, pdf in alte.items() if gehoert_zu(pdf, mappen[n])}
        fertig |= alle_als_pdf({n: m for n, m in mappen.items() if n not in fertig})
        saetze = abgleichen(ordner, fertig)
    if len(fertig) < len(mappen):
        saetze.append(
            f"{len(mappen) - len(fertig)} PDF fehlen: LibreOffice (soffice) fehlt oder konnte nicht umwandeln."
        )
    return ordner, len(fertig), saetze


def _entwuerfe(lage: Lage, dateien: Mapping[str, bytes]) -> Iterator[Brief]:
    rechnungen = {r.bfs_nr: r for r in lage.plan.rechnungen}
    for a in mitgeteilte(lage.plan, lage.urteil.stammdaten):
        an = list(dict.fromkeys(filter(None, empfaenger(lage.urteil.stammdaten, a.bfs_nr).values())))
        namen = [mitteilungsname("Beitragsmitteilung", lage.plan, a.bfs_nr, a.gemeinde)]
        namen += [n for n in (mitteilungsname("Zusammenstellung", lage.plan, a.bfs_nr, a.gemeinde),) if n in dateien]
        r = rechnungen.get(a.bfs_nr)
        namen += [f"rechnungen/{r.nr}.svg"] if r else []
        betreff = f"start.integration: Beitragsmitteilung {a.gemeinde}, Lauf {a.lauf}"
        anhaenge = [(Path(n).name, dateien[n]) for n in namen]
        name = f"Mitteilung_{a.lauf}_{kurzname(str(a.bfs_nr), a.gemeinde)}"
        gemeint = (sache(a.bfs_nr, "", "Mitteilung", a.lauf),)
        yield Brief(name, gemeint, entwurf(an, betreff, _text(lage, a, r), anhaenge), ", ".join(an))


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
        saetze.append("In diesem Lauf wird nichts ausbezahlt; die Mitteilung sagt, was zurückgestellt ist und weshalb.")
    return "\n\n".join([
        "Guten Tag",
        f"Beiliegend die Beitragsmitteilung für {a.gemeinde}. Sie zeigt, wie sich jeder Betrag zusammensetzt.",
        *saetze,
        "Stimmt etwas nicht, antworten Sie auf diese E-Mail. Auf Beiträge besteht kein Rechtsanspruch (Ziff. 4.1.1).",
        f"{unterschrift(s.einstellungen)}\n",
    ])  # fmt: skip
