"""Rückforderungen in a statement: what a run nets and invoices, and the balance that follows (Ziff. 4.7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from krs.lauf.buchung import NULL, Art, Journal
from krs.lauf.forderungen import forderungen
from krs.lauf.plan import Abrechnung, Laufplan
from krs.mappen.berichte.bogen import Bogen, Zelle, formel
from krs.recht import datum, franken
from krs.urteil.urteil import Urteil


@dataclass(frozen=True, slots=True)
class Tilgung:
    """What a run does with one Rückforderung, in CHF: open before, netted now, and the rest."""

    nr: str
    datum: date
    grund: str
    offen: Decimal
    verrechnet: Decimal

    @property
    def rest(self) -> Decimal:
        """What stays open and is invoiced."""
        return self.offen - self.verrechnet


def tilgungen(a: Abrechnung, plan: Laufplan, urteil: Urteil, journal: Journal) -> Iterator[Tilgung]:
    """Yield the Rückforderungen that a run nets or invoices, oldest first; last the one that it makes itself."""
    if not a.verrechnet and not a.rechnung:
        return  # nothing is open
    buchungen = [b for b in plan.buchungen if b.bfs_nr == a.bfs_nr]
    verrechnet = {b.rueckforderung: -b.betrag for b in buchungen if b.art is Art.VERRECHNUNG}
    for f in forderungen(urteil.stammdaten, journal, plan.datum, plan.buchungen):
        if f.bfs_nr == a.bfs_nr and f.offen:
            yield Tilgung(f.nr, f.datum, f.grund, f.offen, verrechnet.get(f.nr, NULL))
    for b in buchungen:
        if b.art is Art.RUECKFORDERUNG:
            yield Tilgung(b.rueckforderung, b.datum, b.grund, b.betrag, verrechnet.get(b.rueckforderung, NULL))


def in_rechnung(a: Abrechnung, plan: Laufplan, urteil: Urteil, journal: Journal) -> Iterator[str]:
    """Yield a sentence for each Rückforderung that an earlier invoice still demands."""
    gebiet = urteil.stammdaten.gebiet
    if all(gebiet.nachfolgerin(r.bfs_nr, plan.datum) != a.bfs_nr for _, r in journal.rechnungen):
        return
    for f in forderungen(urteil.stammdaten, journal, plan.datum, plan.buchungen):
        if f.bfs_nr == a.bfs_nr and f.rest and not f.offen and f.rechnung is not None:
            yield (
                f"Noch nicht bezahlt: Rückforderung Nr. {f.nr}, {franken(f.rest)}, mit Rechnung {f.rechnung.nr} "
                f"zahlbar bis {datum(f.rechnung.faellig)}. Sie wird nicht verrechnet."
            )


def ersetzte(a: Abrechnung, plan: Laufplan, urteil: Urteil, journal: Journal) -> Iterator[str]:
    """Yield a sentence for each earlier invoice of which this run nets or demands something again."""
    eigene = [f for f in forderungen(urteil.stammdaten, journal, plan.datum, plan.buchungen) if f.bfs_nr == a.bfs_nr]
    for r in dict.fromkeys(f.rechnung for f in eigene if f.offen and f.rechnung is not None):
        rest = sum((f.rest for f in eigene if f.rechnung == r and not f.offen), NULL)
        bleibt = f"ist noch {franken(rest)} offen" if rest else "ist nichts mehr offen"
        yield (
            f"Von der Rechnung {r.nr}, zahlbar bis {datum(r.faellig)}, {bleibt}; was oben steht, tritt an ihre Stelle. "
            "Ihr Zahlteil gilt nicht mehr."
        )


def rueckforderungen(b: Bogen, alle: Sequence[Tilgung], offene: Sequence[str]) -> tuple[str, str]:
    """Draw the netting; return the cells of what is netted and of the rest, nothing where there is none."""
    if not alle and not offene:
        return "", ""
    b.band("Rückforderungen, die älteste zuerst (Ziff. 4.7)")
    if not alle:
        for satz in offene:
            b.text(satz, "label")
        return "", ""
    b.kopf(("Nr., Datum, Grund", "", "", "", "offen", "verrechnet", "Rest"), links=1)
    erste = b.zeile + 1
    for t in alle:
        zeile = b.zeile + 1
        rest = formel(f"E{zeile}-F{zeile}", t.rest)
        zahlen: list[Zelle] = [(4, t.offen, "betrag"), (5, t.verrechnet, "betrag"), (6, rest, "betrag")]
        b.zeile_mit(f"Nr. {t.nr} vom {datum(t.datum)}: {t.grund}", zahlen, bis=3)
    letzte = b.zeile
    summen = zip(*((t.offen, t.verrechnet, t.rest) for t in alle), strict=True)
    spalten = zip((4, 5, 6), "EFG", (sum(w, NULL) for w in summen), strict=True)
    zeile = b.summe("Total", [(s, formel(f"SUM({k}{erste}:{k}{letzte})", w)) for s, k, w in spalten])
    for satz in offene:
        b.text(satz, "label")
    return f"F{zeile}", f"G{zeile}"


def abrechnung(b: Bogen, a: Abrechnung, ansprueche: str, differenz: str, netto: tuple[str, str]) -> None:
    """Draw the balance as living formulas over the sections above."""
    b.band("Abrechnung")
    saldo = a.anspruch + a.differenz
    erste = b.reihe([(0, "Beiträge dieses Laufs", "label"), (6, formel(ansprueche or "0", a.anspruch), "betrag")])
    b.reihe([(0, "Frühere Perioden", "label"), (6, formel(differenz or "0", a.differenz), "betrag")])
    z = b.summe("Guthaben" if saldo >= 0 else "Zu viel bezahlt, wird zurückgefordert", [
        (6, formel(f"G{erste}+G{erste + 1}", saldo)),
    ])  # fmt: skip
    v = b.reihe(
        [(0, "mit Rückforderungen verrechnet", "label"), (6, formel(f"-{netto[0] or '0'}", -a.verrechnet), "betrag")]
    )
    b.summe("Auszahlung", [(6, formel(f"MAX(G{z},0)+G{v}", a.auszahlung))])
    if a.rechnung:
        b.summe("Rechnung", [(6, formel(netto[1], a.rechnung))])
