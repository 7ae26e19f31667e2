"""Control of a run: equations that must close, both sides computed by living formulas from the sheets (entwurf 4.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from krs.lauf.buchung import NULL, Art, summe
from krs.lauf.plan import Abrechnung, Laufplan
from krs.mappen.gestalt.tabelle import Formel, Kopf, Schreiber, Spalte, bereich

AUF, NICHT_AUF = "geht auf", "GEHT NICHT AUF"
BETRAEGE = {  # column of the sheet Abrechnung → field
    "Anspruch": "anspruch", "Differenz früher": "differenz", "Verrechnet": "verrechnet", "Auszahlung": "auszahlung",
    "Rechnung": "rechnung",
}  # fmt: skip
Seite = tuple[str, Decimal]  # a formula without «=», its value
Gleichung = tuple[str, Seite, Seite]


@dataclass(frozen=True, slots=True)
class Blatt:
    """A sheet that is one table."""

    name: str
    spalten: Sequence[Spalte[Any]]
    eintraege: Sequence[Any]
    fest: int = 2


@dataclass(frozen=True, slots=True)
class Umfang:
    """The sheets by name, and sums in CHF: open before (Verrechnung), booked (Rechenweg), held (Zurückgestellt)."""

    blaetter: Mapping[str, Blatt]
    offen: Decimal
    gebucht: Decimal
    zurueckgestellt: Decimal

    def bereich(self, blatt: str, titel: str) -> str:
        """Return a column of a sheet as formulas take it."""
        b = self.blaetter[blatt]
        return bereich(b.name, b.spalten, titel, max(len(b.eintraege), 1))


def total(abrechnungen: tuple[Abrechnung, ...], feld: str) -> Decimal:
    """Return the sum of one figure in CHF."""
    return sum((getattr(a, feld) for a in abrechnungen), NULL)


def kontrollen(s: Schreiber, b: Worksheet, plan: Laufplan, umfang: Umfang, oben: int) -> int:
    """Equations that must close, both sides computed from the sheets."""
    seiten = _Seiten(plan, umfang)
    gleichungen = [
        (name, Formel(f"={links[0]}", links[1]), Formel(f"={rechts[0]}", rechts[1]))
        for name, links, rechts in (*_salden(seiten), *_spalten(seiten), *_blaetter(seiten))
    ]
    spalten = [Kopf("Kontrollen"), Kopf("links", "betrag"), Kopf("rechts", "betrag"), Kopf("Ergebnis", "ganz")]
    ende = s.tabelle(b, "Kontrollen", spalten, [[*gleichung, None] for gleichung in gleichungen], oben)
    for zeile, (_, links, rechts) in enumerate(gleichungen, oben + 1):
        pruefung = f'=IF(ROUND(B{zeile + 1}-C{zeile + 1},2)=0,"{AUF}","{NICHT_AUF}")'
        b.write_formula(zeile, 3, pruefung, s.mappe["rechts"], AUF if links.wert == rechts.wert else NICHT_AUF)
    regel = {"type": "cell", "criteria": "==", "value": f'"{NICHT_AUF}"', "format": s.mappe.marke("rot")}
    b.conditional_format(oben + 1, 3, ende - 1, 3, regel)
    return ende


class _Seiten:
    """Sums that equations are made of."""

    def __init__(self, plan: Laufplan, u: Umfang) -> None:
        self.plan, self.u = plan, u
        betrag, art = u.bereich("Buchungen", "Betrag"), u.bereich("Buchungen", "Art")
        self.ab: dict[str, Seite] = {
            feld: (f"SUM({u.bereich('Abrechnung', titel)})", total(plan.abrechnungen, feld))
            for titel, feld in BETRAEGE.items()
        }
        self.art: dict[Art, Seite] = {
            a: (f'SUMIFS({betrag},{art},"{a}")', summe(x for x in plan.buchungen if x.art is a)) for a in Art
        }
        self.buchungen: Seite = f"SUM({betrag})", summe(plan.buchungen)


def _plus(*seiten: Seite) -> Seite:
    return "+".join(text for text, _ in seiten), sum((wert for _, wert in seiten), NULL)


def _salden(s: _Seiten) -> Iterator[Gleichung]:
    """What is owed is paid or netted; bookings add up to what is paid."""
    yield (
        "Anspruch + Differenz früher + neue Rückforderungen = Auszahlung + Verrechnet",
        _plus(s.ab["anspruch"], s.ab["differenz"], s.art[Art.RUECKFORDERUNG]),
        _plus(s.ab["auszahlung"], s.ab["verrechnet"]),
    )
    yield "Alle Buchungen = Auszahlung", s.buchungen, s.ab["auszahlung"]
    yield (
        "Offene Rückforderungen = Verrechnet + Rechnung",
        (f"SUM({s.u.bereich('Verrechnung', 'offen')})", s.u.offen), _plus(s.ab["verrechnet"], s.ab["rechnung"]),
    )  # fmt: skip
    beides = sum(bool(a.auszahlung and a.rechnung) for a in s.plan.abrechnungen)
    zahlt, schuldet = (s.u.bereich("Abrechnung", titel) for titel in ("Auszahlung", "Rechnung"))
    yield (
        "Gemeinden mit Auszahlung und Rechnung zugleich = 0",
        (f"SUMPRODUCT(({zahlt}>0)*({schuldet}>0))", Decimal(beides)), ("0", NULL),
    )  # fmt: skip


def _spalten(s: _Seiten) -> Iterator[Gleichung]:
    """Each column of the sheet Abrechnung is what the bookings say."""
    yield "Buchungen «Anspruch» = Spalte Anspruch", s.art[Art.ANSPRUCH], s.ab["anspruch"]
    yield (
        "Buchungen «Differenz» und «Rückweisung» = Spalte Differenz früher",
        _plus(s.art[Art.DIFFERENZ], s.art[Art.RUECKWEISUNG]), s.ab["differenz"],
    )  # fmt: skip
    text, wert = s.art[Art.VERRECHNUNG]
    name = "Buchungen «Verrechnung» = Spalte Verrechnet (umgekehrtes Vorzeichen)"
    yield name, (f"-{text}", -wert), s.ab["verrechnet"]


def _blaetter(s: _Seiten) -> Iterator[Gleichung]:
    """The other sheets say the same."""
    in_rechnung = f"SUM({s.u.bereich('Rechnungen', 'Betrag')})", sum((r.betrag for r in s.plan.rechnungen), NULL)
    yield "Blatt Rechnungen = Spalte Rechnung", in_rechnung, s.ab["rechnung"]
    yield (
        "Blatt Rechenweg = Buchungen «Anspruch» und «Differenz»",
        (f"SUM({s.u.bereich('Rechenweg', 'gebucht')})", s.u.gebucht), _plus(s.art[Art.ANSPRUCH], s.art[Art.DIFFERENZ]),
    )  # fmt: skip
