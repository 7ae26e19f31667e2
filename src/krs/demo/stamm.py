"""Stammdaten of the demo: who takes part, two lead groups, residents as an estimate, decisions of officers."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

from krs import daten
from krs.mappen.stammdaten import Zeilen
from krs.stammdaten.plan import blaetter

NICHT_BETEILIGT = frozenset({2445, 2463, 2502, 2514, 2524, 2541, 2549, 2612})
NEU_2024 = 2491  # joins on 01.01.2024, when 2456 merges into 2465: 98 in both years
LEITGEMEINDEN = {2422: (2425, 2426), 2613: (2614, 2615, 2616)}
OHNE_ADRESSE = frozenset({2404, 2549})
EMPFAENGER_LEAD = frozenset({2614, 2615, 2616})
STICHTAG = date(2022, 12, 31)
QUELLE = "SCHÄTZUNG für die Demo, keine kantonale Statistik: Bundesanteile 2019, auf das Total des Kantons umgelegt"


def bestand() -> dict[int, int]:
    """Return estimated residents at 31.12.2022 per municipality: 2019 estimates scaled to the canton's total."""
    alt = {s.bfs_nr: s.anzahl_geschaetzt for s in daten.auslaender_schaetzung() if s.stichtag == date(2019, 12, 31)}
    total = next(t.auslaender for t in daten.auslaender_kanton_total() if t.stichtag == STICHTAG) or 0
    summe = sum(alt.values())
    fein = {bfs: Decimal(n) * total / summe for bfs, n in alt.items()}
    ganz = {bfs: int(w) for bfs, w in fein.items()}
    rest = total - sum(ganz.values())
    for bfs in sorted(fein, key=lambda b: (ganz[b] - fein[b], b))[:rest]:
        ganz[bfs] += 1
    return ganz


def stammdaten() -> Zeilen:
    """Return the rows of all sheets, in the order of their columns."""
    namen = {g.bfs_nr: g.name for g in daten.gemeinden()}
    zeilen: dict[str, list[dict[str, object]]] = {
        "Gemeinden": [_gemeinde(g, namen) for g in daten.gemeinden()],
        "Ausländerbestand": [
            {"bfs_nr": b, "stichtag": STICHTAG, "anzahl": n, "quelle": QUELLE} for b, n in sorted(bestand().items())
        ],
        "Kredit": [{"jahr": j, "kredit": Decimal(900_000), "bemerkung": "Beispiel für die Demo"} for j in (2023, 2024)],
        "Rückforderungen": RUECKFORDERUNGEN,
        "Einstellungen": [{"name": k, "wert": v} for k, v in EINSTELLUNGEN.items()],
        "Zuordnungen": [ZUORDNUNG],
        "Entscheide": [*(dict(zip(_ENTSCHEID, e, strict=True)) for e in ENTSCHEIDE), KUERZUNG],
    }
    spalten = {b.name: [s.id for s in b.spalten] for b in blaetter()}
    return {blatt: [[z.get(k) for k in spalten[blatt]] for z in reihen] for blatt, reihen in zeilen.items()}


def _gemeinde(g: daten.GemeindeEintrag, namen: dict[int, str]) -> dict[str, object]:
    lead = next((lead for lead, mitglieder in LEITGEMEINDEN.items() if g.bfs_nr in mitglieder), None)
    ab = date(2024, 1, 1) if g.bfs_nr == NEU_2024 else date(2017, 1, 1)
    return {
        "bfs_nr": g.bfs_nr, "name": g.name, "bezirk": g.bezirk,
        "gueltig_ab": g.gueltig_ab if g.gueltig_ab and g.gueltig_ab >= daten.ERSTES_JAHR else None,
        "gueltig_bis": g.gueltig_bis, "nachfolgerin": g.nachfolgerin,
        "beteiligt_ab": None if g.bfs_nr in NICHT_BETEILIGT else ab,
        "leitgemeinde": lead, "leitgemeinde_ab": date(2021, 1, 1) if lead else None,
        "empfaenger": lead if g.bfs_nr in EMPFAENGER_LEAD else None,
        **_kontakt(g, lead or g.bfs_nr, namen), **_zahlbar(g.bfs_nr),
        "kreditor_nr": f"4{g.bfs_nr}", "debitor_nr": f"1{g.bfs_nr}", "kostenstelle": "6200",
    }  # fmt: skip


def iban(nummer: int) -> str:
    """Return a made-up IBAN with good check digits: no bank has the clearing number 99999.

    >>> iban(2581)
    'CH2899999000000002581'
    """
    konto = f"99999{nummer:012d}"
    return f"CH{98 - int(f'{konto}121700') % 97:02d}{konto}"


def _zahlbar(bfs: int) -> dict[str, object]:
    ort = next((o for o in daten.plz() if o.bfs_nr == bfs), None)
    adresse = {"strasse": "Hauptstrasse", "hausnummer": "1", "plz": ort.plz, "ort": ort.ort} if ort else {}
    return {"iban": iban(bfs), **adresse}


def _kontakt(g: daten.GemeindeEintrag, stelle: int, namen: dict[int, str]) -> dict[str, object]:
    """Return made-up addresses (domain .example): a lead's Koordinationsstelle answers for its members."""
    if g.bfs_nr in OHNE_ADRESSE:
        return {}
    return {
        "koordinationsstelle": f"Koordinationsstelle {namen[stelle]}",
        "email_koordination": f"integration.{stelle}@so.example",
        "email_praesidium": f"praesidium.{g.bfs_nr}@so.example",
        "email_finanzen": f"finanzen.{g.bfs_nr}@so.example",
    }


RUECKFORDERUNGEN: list[dict[str, object]] = [
    {
        "nr": "R-2024-1", "bfs_nr": 2583, "datum": date(2024, 5, 14), "betrag": Decimal(1400),
        "grund": "Sieben Gespräche 2023-H2 ohne Nachweis (Stichprobe)", "ziffer": "4.7",
        "verfuegt_von": "MB", "freigegeben_von": "RK",
    },
    {
        "nr": "R-2024-2", "bfs_nr": 2407, "datum": date(2024, 6, 3), "betrag": Decimal(9000),
        "grund": "Sockelbeitrag 2023 zu hoch ausbezahlt", "ziffer": "4.7",
        "verfuegt_von": "MB", "freigegeben_von": "RK",
    },
]  # fmt: skip
EINSTELLUNGEN: dict[str, object] = {
    "Kanton Name": "Kanton Solothurn, Amt für Gesellschaft und Soziales", "Kanton IBAN": iban(1),
    "Kanton Strasse": "Riedholzplatz", "Kanton Hausnummer": "3", "Kanton PLZ": 4509, "Kanton Ort": "Solothurn",
    "Konto Aufwand": "3632.00", "Konto Verrechnung": "1011.00", "geführt ab": "2023-H2",
    "Konto Erstinformationsgespräch": "3632.01", "Konto Dolmetschen Erstgespräch": "3632.02",
    "Konto Integrationsgespräch": "3632.03", "Konto Dolmetschen Integration": "3632.04",
    "Konto Sockelbeitrag": "3632.05", "Konto Rückforderung": "3632.09", "Konto Debitoren": "1014.00",
    "Konto Kreditoren": "2004.00", "Konto Bank": "1002.00", "Konto Abgrenzung": "2043.00",
    "Mailserver": "so.example", "Korrekturfrist Tage": 10, "Vier Augen Pflicht": "Nein",
}  # fmt: skip
PDF = b"%PDF-1.7\n% als Excel umbenannt\n"  # what Hägendorf sent instead of its form
ZUORDNUNG: dict[str, object] = {
    "sha256": hashlib.sha256(PDF).hexdigest(), "bfs_nr": 2579, "formular": "Anhang 2", "periode": "2024-H1",
    "visum": "MB", "datum": date(2024, 8, 12),
}  # fmt: skip
_ENTSCHEID = ("bfs_nr", "formular", "periode", "code", "entscheid", "begruendung", "visum", "datum")
KUERZUNG: dict[str, object] = {  # before the municipality sent another version; it stays in force for that one
    **dict(zip(_ENTSCHEID, (2550, "Anhang 2", "2024-H1", "A2-10", "kürzen"), strict=False)),
    "begruendung": "Die Sprachenliste belegt einen Einsatz", "visum": "MB", "datum": date(2024, 7, 22),
    "leistung": "Dolmetschen Erstinformationsgespräch", "anerkannte_anzahl": 1,
}  # fmt: skip
ENTSCHEIDE = (
    (2513, "Anhang 2", "2024-H1", "F-50", "anerkennen", "Ferien, telefonisch angekündigt", "MB", date(2024, 8, 20)),
    (2473, "Anhang 2", "2024-H1", "A2-20", "zurückstellen", "Nachweis verlangt", "MB", date(2024, 8, 20)),
    (2403, "Anhang 2", "2023-H2", "F-50", "anerkennen", "Mail war im Spam des Kantons", "RK", date(2024, 2, 20)),
    (2525, "Anhang 2", "2023-H2", "F-52", "anerkennen", "Nachtrag telefonisch angekündigt", "RK", date(2024, 5, 27)),
    (2619, "Anhang 3", "2024", "A3-02", "ablehnen", "Keine Anlaufstelle seit 2022", "RK", date(2024, 3, 5)),
    (2611, "Anhang 2", "2023-H2", "F-50", "ablehnen", "Zum zweiten Mal verspätet, ohne Grund", "RK", date(2024, 3, 5)),
    (2611, "Anhang 3", "2024", "A3-04", "ablehnen", "Die Sozialregion führt alle Gespräche", "RK", date(2024, 3, 5)),
    (2617, "Anhang 3", "2024", "A3-01", "ablehnen", "Keine Beauftragte bestimmt", "RK", date(2024, 3, 5)),
    (2618, "Anhang 3", "2024", "F-50", "ablehnen", "Einen Monat verspätet, ohne Grund", "RK", date(2024, 3, 5)),
    (2544, "Anhang 3", "2024", "A3-05", "ablehnen", "Aufgabe 2 ist an Dritte übertragen", "RK", date(2024, 3, 5)),
    (2461, "Anhang 3", "2024", "", "ablehnen", "Kein Vertrag mit Messen", "RK", date(2024, 3, 12)),
    (2620, "Anhang 2", "2023-H2", "", "ablehnen", "Auch nach zwei Mahnungen nichts", "RK", date(2024, 4, 12)),
    (2532, "Anhang 2", "2024-H1", "A2-12", "ablehnen", "Gespräche der Sozialregion", "MB", date(2024, 8, 20)),
    (2532, "Anhang 2", "2024-H1", "A2-14", "ablehnen", "Gespräche der Sozialregion", "MB", date(2024, 8, 20)),
    (2555, "Anhang 2", "2024-H1", "A2-12", "ablehnen", "Gespräche der Sozialregion", "MB", date(2024, 8, 20)),
    (2555, "Anhang 2", "2024-H1", "A2-13", "ablehnen", "Gespräche der Sozialregion", "MB", date(2024, 8, 20)),
)
