"""What finance books for a run, worked out by hand: debit, credit, amount (docs/entscheide/76)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from krs.lauf.auffaellig import Vorlauf
from krs.lauf.buchung import Art, Buchung, Journal, Posten, Rechnung, Rechnungsposten, Rueckweisung
from krs.lauf.hauptbuch import hauptbuch, saldi
from krs.lauf.kennung import Lauf
from krs.lauf.plan import Abrechnung, Laufplan
from krs.recht import Leistung
from krs.stammdaten.stammdaten import Einstellungen, Gemeinde, Rueckforderung, Stammdaten

NULL = Decimal("0.00")
MAERZ, SEPTEMBER = date(2024, 3, 20), date(2024, 9, 12)
ZAHLTAG = {"2024-03": date(2024, 3, 28), "2024-09": date(2024, 9, 30)}
ALLGEMEIN = Einstellungen(konto_aufwand="3632", konto_verrechnung="1015")
KONTEN = ALLGEMEIN.model_copy(
    update={
        "konto_sockel": "3632.5", "konto_rueckforderung": "3632.9", "konto_debitoren": "1014",
        "konto_kreditoren": "2004", "konto_bank": "1002",
    }
)  # fmt: skip
OLTEN = Gemeinde(bfs_nr=2581, name="Olten", kreditor_nr="K81", debitor_nr="D81", kostenstelle="620")
OENSINGEN = Gemeinde(bfs_nr=2407, name="Oensingen", kreditor_nr="K07")


def _forderung(nr: str, bfs: int, betrag: str, **mehr: Any) -> Rueckforderung:
    return Rueckforderung(
        nr=nr, bfs_nr=bfs, datum=date(2024, 2, 1), betrag=Decimal(betrag), grund="Stichprobe", ziffer="4.7",
        verfuegt_von="AB", freigegeben_von="CD", **mehr,
    )  # fmt: skip


def _stamm(*forderungen: Rueckforderung, e: Einstellungen = KONTEN) -> Stammdaten:
    return Stammdaten(gemeinden=(OLTEN, OENSINGEN), rueckforderungen=forderungen, einstellungen=e)


def _buchung(lauf: str, g: Gemeinde, art: Art, betrag: str, posten: tuple[Leistung, str, int] | None = None,
             nr: str = "", an: Gemeinde | None = None) -> Buchung:  # fmt: skip
    tag, leistung = {"2024-03": MAERZ, "2024-09": SEPTEMBER}[lauf], posten
    was = Posten(g.bfs_nr, leistung[0], leistung[1]) if leistung else None
    ansatz = Decimal(betrag) / leistung[2] if leistung and leistung[2] else None
    return Buchung(
        f"{lauf}/{was or nr}", lauf, tag, art, g.bfs_nr, g.name, (an or g).bfs_nr, Decimal(betrag), was,
        leistung[2] if leistung else None, ansatz, nr, 2024 if leistung else None,
    )  # fmt: skip


def _zeile(lauf: str, g: Gemeinde, *betraege: str, an: Gemeinde | None = None) -> Abrechnung:
    return Abrechnung(lauf, g.bfs_nr, g.name, (an or g).bfs_nr, *map(Decimal, betraege))


def _rechnung(nr: str, g: Gemeinde, betrag: str, faellig: date, forderung: str) -> Rechnung:
    return Rechnung(nr, g.bfs_nr, g.name, Decimal(betrag), faellig, (Rechnungsposten(forderung, Decimal(betrag)),))


def _kurz(plan: Laufplan, s: Stammdaten, journal: Journal, vorlauf: Vorlauf | None = None) -> list[str]:
    return [
        f"{z.beleg} | {z.datum} | {z.soll}/{z.haben} | {z.betrag:.0f} | {z.text} | {z.kreditjahr} | {z.kostenstelle} | "
        f"{z.kreditor_nr} | {z.periode}"
        for z in hauptbuch(plan, s, journal, vorlauf)
    ]


# March: Olten has 12 talks at 200 and 1000 residents at 7, owes 1000; Oensingen has 400 and owes 1000: 600 invoiced.
STAMM_MAERZ = _stamm(_forderung("R-1", 2581, "1000"), _forderung("R-2", 2407, "1000"))
BILLET = _rechnung("R-2024-03-2407", OENSINGEN, "600", date(2024, 4, 19), "R-2")
PLAN_MAERZ = Laufplan(
    Lauf(2024, 3), MAERZ, ZAHLTAG["2024-03"],
    (
        _buchung("2024-03", OLTEN, Art.ANSPRUCH, "2400", (Leistung.ERST, "2023-H2", 12)),
        _buchung("2024-03", OLTEN, Art.ANSPRUCH, "7000", (Leistung.SOCKEL, "2024", 1000)),
        _buchung("2024-03", OENSINGEN, Art.ANSPRUCH, "400", (Leistung.ERST, "2023-H2", 2)),
        _buchung("2024-03", OLTEN, Art.VERRECHNUNG, "-1000", nr="R-1"),
        _buchung("2024-03", OENSINGEN, Art.VERRECHNUNG, "-400", nr="R-2"),
    ),
    (
        _zeile("2024-03", OENSINGEN, "400", "0", "400", "0", "600"),
        _zeile("2024-03", OLTEN, "9400", "0", "1000", "8400", "0"),
    ),
    (BILLET,),
)  # fmt: skip


def test_der_erste_lauf_bucht_anspruch_rueckforderung_verrechnung_rechnung_und_auszahlung() -> None:
    assert _kurz(PLAN_MAERZ, STAMM_MAERZ, Journal()) == [
        "KRS-2024-03-RF-R-1 | 2024-03-20 | 1015/3632.9 | 1000 | "
        "Olten: Rückforderung R-1, Stichprobe | None | 620 |  | ",
        "KRS-2024-03-RF-R-2 | 2024-03-20 | 1015/3632.9 | 1000 | "
        "Oensingen: Rückforderung R-2, Stichprobe | None |  |  | ",
        "KRS-2024-03-2407 | 2024-03-20 | 3632/2004 | 400 | "
        "Oensingen: Erstinformationsgespräch 2023-H2, 2 × 200.00 | 2024 |  | K07 | 2023-H2",
        "KRS-2024-03-2407 | 2024-03-20 | 2004/1015 | 400 | Oensingen: Verrechnung R-2 | None |  | K07 | ",
        "KRS-2024-03-2407 | 2024-03-20 | 1014/1015 | 600 | "
        "Oensingen: Rechnung R-2024-03-2407, Rückforderung R-2 | None |  |  | ",
        "KRS-2024-03-2581 | 2024-03-20 | 3632/2004 | 2400 | "
        "Olten: Erstinformationsgespräch 2023-H2, 12 × 200.00 | 2024 | 620 | K81 | 2023-H2",
        "KRS-2024-03-2581 | 2024-03-20 | 3632.5/2004 | 7000 | Olten: Sockelbeitrag 2024, 1000 × 7.00 | 2024 | 620 | "
        "K81 | 2024",
        "KRS-2024-03-2581 | 2024-03-20 | 2004/1015 | 1000 | Olten: Verrechnung R-1 | None |  | K81 | ",
        "KRS-2024-03-2581 | 2024-03-28 | 2004/1002 | 8400 | Olten: Auszahlung KRS-2024-03-2581 | None |  | K81 | ",
    ]
    assert saldi(hauptbuch(PLAN_MAERZ, STAMM_MAERZ, Journal(), None)) == {
        "1015": 0, "3632.9": -2000, "3632": 2800, "2004": 0, "1014": 600, "3632.5": 7000, "1002": -8400,
    }  # fmt: skip


# September: Olten's 8400 came back, 200 new, 600 too much before: 8000 paid to Oensingen, now its lead.
# Oensingen paid 350 of R-2; the rest of 250 is netted again («erneut verrechnen») against 100.
NACH_MAERZ = Journal(
    PLAN_MAERZ.buchungen, (("2024-03", BILLET),), ("2024-03",),
    (Rueckweisung("2024-03", 2581, Decimal(8400), "AC04"),),
)  # fmt: skip
BEZAHLT = {"bezahlt_am": date(2024, 5, 2), "bezahlter_betrag": Decimal(350), "erneut_verrechnen": True}
STAMM_SEPTEMBER = _stamm(_forderung("R-1", 2581, "1000"), _forderung("R-2", 2407, "1000", **BEZAHLT))
PLAN_SEPTEMBER = Laufplan(
    Lauf(2024, 9), SEPTEMBER, ZAHLTAG["2024-09"],
    (
        _buchung("2024-09", OLTEN, Art.ANSPRUCH, "200", (Leistung.ERST, "2024-H1", 1), an=OENSINGEN),
        _buchung("2024-09", OLTEN, Art.DIFFERENZ, "-600", (Leistung.ERST, "2023-H2", 9), an=OENSINGEN),
        _buchung("2024-09", OENSINGEN, Art.ANSPRUCH, "100", (Leistung.ERST, "2024-H1", 1)),
        _buchung("2024-09", OLTEN, Art.RUECKWEISUNG, "8400", nr="2024-03/2581", an=OENSINGEN),
        _buchung("2024-09", OENSINGEN, Art.VERRECHNUNG, "-100", nr="R-2"),
    ),
    (
        _zeile("2024-09", OENSINGEN, "100", "0", "100", "0", "150"),
        _zeile("2024-09", OLTEN, "200", "7800", "0", "8000", "0", an=OENSINGEN),
    ),
    (_rechnung("R-2024-09-2407", OENSINGEN, "150", date(2024, 10, 12), "R-2"),),
)  # fmt: skip
VORLAUF = Vorlauf("2024-03", STAMM_MAERZ, MAERZ)


def test_der_zweite_bucht_zahlung_rueckweisung_differenz_und_was_in_rechnung_steht_bleibt_dort() -> None:
    assert _kurz(PLAN_SEPTEMBER, STAMM_SEPTEMBER, NACH_MAERZ, VORLAUF) == [
        "KRS-2024-09-ZE-R-2 | 2024-09-12 | 1002/1014 | 350 | Oensingen: Zahlung an R-2 | None |  |  | ",
        "KRS-2024-09-2407 | 2024-09-12 | 3632/2004 | 100 | "
        "Oensingen: Erstinformationsgespräch 2024-H1, 1 × 100.00 | 2024 |  | K07 | 2024-H1",
        "KRS-2024-09-2407 | 2024-09-12 | 2004/1014 | 100 | Oensingen: Verrechnung R-2 | None |  | K07 | ",
        "KRS-2024-09-2581 | 2024-09-12 | 3632/2004 | 200 | "
        "Olten: Erstinformationsgespräch 2024-H1, 1 × 200.00 | 2024 | 620 | K07 | 2024-H1",
        "KRS-2024-09-2581 | 2024-09-12 | 2004/3632 | 600 | "
        "Olten: Erstinformationsgespräch 2023-H2, Differenz | 2024 | 620 | K07 | 2023-H2",
        "KRS-2024-09-2581 | 2024-09-12 | 1002/2004 | 8400 | Olten: Rückweisung 2024-03/2581 | None |  | K07 | ",
        "KRS-2024-09-2581 | 2024-09-30 | 2004/1002 | 8000 | Olten: Auszahlung KRS-2024-09-2581 | None |  | K07 | ",
    ]
    beide = (
        *hauptbuch(PLAN_MAERZ, STAMM_MAERZ, Journal(), None),
        *hauptbuch(PLAN_SEPTEMBER, STAMM_SEPTEMBER, NACH_MAERZ, VORLAUF),
    )
    assert saldi(beide) == {  # what is open: 150 of the invoice
        "1015": 0, "3632.9": -2000, "3632": 2500, "2004": 0, "1014": 150, "3632.5": 7000, "1002": -7650,
    }  # fmt: skip


def test_eine_negative_summe_wird_zur_forderung_und_steht_mit_der_rechnung_bei_den_debitoren() -> None:
    buchungen = (
        _buchung("2024-09", OLTEN, Art.DIFFERENZ, "-600", (Leistung.ERST, "2023-H2", 9)),
        _buchung("2024-09", OLTEN, Art.RUECKFORDERUNG, "600", nr="2024-09-2581"),
    )
    rechnung = _rechnung("R-2024-09-2581", OLTEN, "600", date(2024, 10, 12), "2024-09-2581")
    zeile = _zeile("2024-09", OLTEN, "0", "-600", "0", "0", "600")
    plan = replace(PLAN_SEPTEMBER, buchungen=buchungen, abrechnungen=(zeile,), rechnungen=(rechnung,))
    assert _kurz(plan, _stamm(), Journal()) == [
        "KRS-2024-09-2581 | 2024-09-12 | 2004/3632 | 600 | "
        "Olten: Erstinformationsgespräch 2023-H2, Differenz | 2024 | 620 | K81 | 2023-H2",
        "KRS-2024-09-2581 | 2024-09-12 | 1015/2004 | 600 | Olten: Rückforderung 2024-09-2581 | None |  | K81 | ",
        "KRS-2024-09-2581 | 2024-09-12 | 1014/1015 | 600 | "
        "Olten: Rechnung R-2024-09-2581, Rückforderung 2024-09-2581 | None |  |  | ",
    ]


def test_was_sich_an_rueckforderung_oder_zahlung_seit_dem_lauf_aendert_wird_nachgebucht() -> None:
    leer = replace(PLAN_SEPTEMBER, buchungen=(), abrechnungen=(), rechnungen=())
    vorher = _stamm(_forderung("R-1", 2581, "1000", bezahlt_am=MAERZ, bezahlter_betrag=Decimal(50)))
    heute = _stamm(_forderung("R-1", 2581, "900"), _forderung("R-3", 2407, "70"))
    assert [z.split(" | ")[2:5] for z in _kurz(leer, heute, Journal(), Vorlauf("2024-03", vorher, MAERZ))] == [
        ["3632.9/1015", "100", "Olten: Rückforderung R-1, Stichprobe"],
        ["1015/1002", "50", "Olten: Zahlung an R-1"],
        ["1015/3632.9", "70", "Oensingen: Rückforderung R-3, Stichprobe"],
    ]


def test_ohne_eigene_konten_stehen_die_zwei_allgemeinen_und_die_bank_bucht_gegen_die_verrechnung() -> None:
    s = replace(STAMM_MAERZ, einstellungen=ALLGEMEIN)
    saetze = hauptbuch(PLAN_MAERZ, s, Journal(), None)
    assert [(z.beleg[12:], f"{z.soll}/{z.haben}", z.betrag) for z in saetze] == [
        ("RF-R-1", "1015/3632", 1000), ("RF-R-2", "1015/3632", 1000), ("2407", "3632/1015", 400),
        ("2581", "3632/1015", 2400), ("2581", "3632/1015", 7000),
    ]  # fmt: skip
    assert saldi(saetze) == {"1015": -7800, "3632": 7800}  # 8400 to be paid less 600 in invoices


def test_eine_nachzahlung_bucht_die_rueckweisung_und_die_neue_zahlung() -> None:
    zeile = _zeile("2024-03-N1", OLTEN, "0", "8400", "0", "8400", "0")
    buchung = replace(_buchung("2024-03", OLTEN, Art.RUECKWEISUNG, "8400", nr="2024-03/2581"), lauf="2024-03-N1")
    plan = Laufplan(Lauf(2024, 3, 1), date(2024, 4, 8), date(2024, 4, 10), (buchung,), (zeile,), ())
    assert _kurz(plan, STAMM_MAERZ, NACH_MAERZ, VORLAUF) == [
        "KRS-2024-03-N1-2581 | 2024-04-08 | 1002/2004 | 8400 | Olten: Rückweisung 2024-03/2581 | None |  | K81 | ",
        "KRS-2024-03-N1-2581 | 2024-04-10 | 2004/1002 | 8400 | "
        "Olten: Auszahlung KRS-2024-03-N1-2581 | None |  | K81 | ",
    ]
