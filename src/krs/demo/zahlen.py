"""Figures that look like life: by the number of foreign residents, seeded, the same at every run."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

GESPRAECHE_JE_HALBJAHR = 500  # about 1,000 Erstinformationsgespräche a year in the canton
SPRACHEN = ("Tigrinya", "Arabisch", "Türkisch", "Ukrainisch", "Portugiesisch", "Albanisch", "Dari", "Tamilisch")
VORNAMEN = ("Anna", "Beat", "Claudia", "Daniel", "Eva", "Felix", "Gabi", "Hans", "Irene", "Jonas", "Karin", "Lukas")
NAMEN = ("Muster", "Beispiel", "Probst", "Affolter", "Kaufmann", "Studer", "Flury", "Jäggi", "Wyss", "Stampfli")
Werte = dict[str, object]


def _kontakt(bfs: int, gemeinde: str, rolle: str = "kontakt") -> Werte:
    """Return the invented contact of a municipality; the address can never exist."""
    zufall = Random(bfs)
    ort = "".join(c for c in gemeinde.lower() if c.isascii() and c.isalpha()) or "gemeinde"
    name = f"{zufall.choice(NAMEN)} {zufall.choice(VORNAMEN)}"
    telefon = f"032 555 {bfs % 100:02d} {bfs // 100:02d}"
    return {f"{rolle}_name": name, f"{rolle}_email": f"integration@{ort}.example", f"{rolle}_telefon": telefon}


def reporting(bfs: int, gemeinde: str, auslaender: int, total: int, periode: str) -> Werte:
    """Return the values of one Anhang 2; a Nullmeldung where nothing happened."""
    zufall = Random(f"{bfs}/{periode}")
    grund = auslaender / total * GESPRAECHE_JE_HALBJAHR
    erst = round(grund * zufall.uniform(0.75, 1.3))
    integ = round(grund * 0.25 * zufall.uniform(0.5, 1.5))
    werte: Werte = {
        **_kontakt(bfs, gemeinde), "kontakt_funktion": "Integrationsbeauftragte/r",
        "datum": _datum(periode, zufall), "bestaetigung": "Ja",
        "nullmeldung": "Nein" if erst or integ else "Ja",
    }  # fmt: skip
    if not (erst or integ):
        return werte
    dolmetsch = _gruppen(werte, "erst", erst, 0.45, zufall) + _gruppen(werte, "integ", integ, 0.35, zufall)
    neu = int(str(werte["erst_personen"])) + zufall.randint(0, 3 + erst // 3)
    werte |= {
        "erst_neuzugezogene": neu, "erst_schweizer": zufall.choice((0, 0, 0, 1)),
        "sprachen": _sprachen(dolmetsch, zufall),
    }  # fmt: skip
    if integ:
        werte |= {"integ_durch_verantwortliche": "Ja", "integ_nachweis": "Ja"}
    return werte


def _datum(periode: str, zufall: Random) -> date:
    jahr, halbjahr = int(periode[:4]), periode[-1]
    return date(jahr, 7, zufall.randint(3, 28)) if halbjahr == "1" else date(jahr + 1, 1, zufall.randint(4, 28))


def _gruppen(werte: Werte, art: str, gespraeche: int, anteil: float, zufall: Random) -> int:
    familien = round(gespraeche * zufall.uniform(0.3, 0.45))
    gruppen = round(gespraeche * 0.04)
    zahlen = {"einzelpersonen": gespraeche - familien - gruppen, "familien": familien, "gruppen": gruppen}
    einsaetze = 0
    for gruppe, zahl in zahlen.items():
        dolmetsch = round(zahl * anteil * zufall.uniform(0.8, 1.2))
        werte[f"{art}_{gruppe}"], werte[f"{art}_dolmetsch_{gruppe}"] = zahl, dolmetsch
        einsaetze += dolmetsch
    werte |= {
        f"{art}_dolmetsch_andere": 0, f"{art}_sozialregion": 0,
        f"{art}_personen": zahlen["einzelpersonen"] + round(familien * 3.4) + gruppen * 8,
    }  # fmt: skip
    return einsaetze


def _sprachen(einsaetze: int, zufall: Random) -> list[tuple[str, int]]:
    zahlen: dict[str, int] = {}
    for _ in range(einsaetze):
        sprache = zufall.choices(SPRACHEN, weights=(8, 7, 5, 9, 4, 4, 3, 2))[0]
        zahlen[sprache] = zahlen.get(sprache, 0) + 1
    return sorted(zahlen.items(), key=lambda p: (-p[1], p[0]))


def selbstdeklaration(bfs: int, gemeinde: str, auslaender: int, jahr: int, lead: bool) -> Werte:
    """Return the values of one Anhang 3; `lead` for a municipality that fulfils the task for others."""
    zufall = Random(f"{bfs}/{jahr}")
    stunden = max(12, round(auslaender * zufall.uniform(0.25, 0.5)))
    werte: Werte = {
        **_kontakt(bfs, gemeinde), "kontakt_funktion": "Integrationsbeauftragte/r",
        "datum": date(jahr, 1, zufall.randint(4, 29)),
        "bedingung_organisation": "Ja", "bedingung_beauftragte": "Ja", "bedingung_umsetzung": "Ja",
        **_kontakt(bfs, gemeinde, "beauftragte"),
        "beauftragte_pensum": Decimal(max(5, min(100, auslaender // 40))) / 100,
        "leitgemeinde_modell": "Ja" if lead else "Nein",
        "sozialregion_delegation": zufall.choice(("keine", "keine", "nur Einzelfälle mit Dossier")),
        "kurse_besucht": "Ja", "vernetzung_besucht": zufall.choice(("Ja", "Ja", "Nein")),
        "aufwand_stunden": stunden, "aufwand_franken": stunden * 85, "bestaetigung": "Ja",
    }  # fmt: skip
    if lead:
        werte |= {"leitgemeinde_bfs": bfs, "leitgemeinde_vertrag": date(2020, 11, 24)}
    for n in range(1, 7):
        stand = "teilweise" if zufall.random() < 0.04 else "erfüllt"
        text = "Angebot im Aufbau" if stand == "teilweise" else "Umgesetzt wie im Vorjahr"
        werte |= {f"aufgabe_{n}": stand, f"aufgabe_{n}_text": text}
    if zufall.random() < 0.2:
        werte["leistungsvertraege"] = [("Verein Begegnung", "Aufgabe 4", Decimal(zufall.randint(10, 60) * 100))]
    if zufall.random() < 0.3:
        werte["wirkung"] = "Die Gespräche werden geschätzt; Fragen zu Schule und Krankenkasse sind am häufigsten."
    return werte
