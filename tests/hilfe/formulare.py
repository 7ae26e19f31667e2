"""Build a form from the values of a case and judge it; the cases lie in tests/faelle/*.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from krs.formulare.befund import Akte, Befund
from krs.formulare.eingabe import Eingabe, Kennung, Zelle, fingerabdruck
from krs.formulare.formular import Formular, Version, formular
from krs.formulare.identitaet import zuordnen
from krs.formulare.kontext import Grenzen, Kontext
from krs.formulare.pruefen import Gelesen, pruefe, typisiere
from krs.mappen.vorlage.aufbau import plane
from krs.recht import Gebiet, GemeindeZeile

FAELLE = Path(__file__).parents[1] / "faelle"
NAMEN = {2402: "Härkingen", 2456: "Lüterswil-Gächliwil", 2465: "Buchegg", 2500: "Trimbach", 2549: "Kammersrohr"}
NAMEN |= {2581: "Olten"}
SUMMEN = ("erst", "erst_dolmetsch", "integ", "integ_dolmetsch")


def lade(name: str) -> dict[str, Any]:
    """Return one file of cases; amounts exact."""
    return tomllib.loads((FAELLE / name).read_text(encoding="utf-8"), parse_float=Decimal)


@dataclass(frozen=True)
class Lage:
    """One form to judge: what the case says, completed by the good form of the same file."""

    formular: Formular
    version: Version
    periode: str
    werte: Mapping[str, Any]
    bfs_nr: int = 2581
    kennung: Mapping[str, str] = field(default_factory=dict)
    fehlende: tuple[str, ...] = ()
    kontext: Mapping[str, Any] = field(default_factory=dict)


def zelle(blatt: str, adresse: str, wert: Any) -> Zelle:
    """Return a cell: a number, text, day or truth value, or a table with `formel`, `wert`, `fehler`."""
    if isinstance(wert, dict):
        return replace(zelle(blatt, adresse, wert.get("wert")), formel=wert.get("formel"), fehler=wert.get("fehler"))
    ist_zahl = isinstance(wert, int) and not isinstance(wert, bool)
    return Zelle(blatt, adresse, Decimal(wert) if ist_zahl else None if wert == "" else wert)


def eingabe(lage: Lage) -> Eingabe:
    """Return the form as the reader would hand it over, each cell at its true address."""
    form, plan = lage.formular, plane(lage.formular, lage.version)
    kennwerte = {
        "formular": form.id, "version": lage.version.id, "bfs_nr": str(lage.bfs_nr), "periode": lage.periode,
        "gemeinde": NAMEN.get(lage.bfs_nr, "Nirgendwo"), "auslaender_anzahl": "6000" if form.nummer == 3 else "",
        "fingerabdruck": "",
    }  # fmt: skip
    kennung = Kennung(**(kennwerte | dict(lage.kennung)))
    if "fingerabdruck" not in lage.kennung:
        kennung = replace(kennung, fingerabdruck=fingerabdruck(kennung, lage.version.felder))
    zeit: dict[str, Any] = {"periode": lage.periode} if form.nummer == 2 else {"jahr": int(lage.periode)}
    werte = {"gemeinde": kennwerte["gemeinde"], "bfs_nr": lage.bfs_nr, **zeit, **lage.werte}
    felder, listen = {}, {}
    for schluessel in [*lage.version.felder, *(k for k in werte if k not in lage.version.felder)]:
        if schluessel in plan.listen:
            erste, anzahl, spalten = plan.listen[schluessel]
            listen[schluessel] = _zeilen(form.blatt, erste, anzahl, spalten, werte.get(schluessel, []))
        elif form.felder[schluessel].art != "berechnet" and schluessel not in lage.fehlende:
            ort = plan.adresse(schluessel) if schluessel in plan.plaetze else ""
            felder[schluessel] = zelle(form.blatt if ort else "", ort, werte.get(schluessel, ""))
    datei = f"Anhang_{form.nummer}_{lage.periode}_{lage.bfs_nr}.xlsx"
    return Eingabe(datei, kennung, felder, listen, lage.fehlende)


def _zeilen(blatt: str, erste: int, anzahl: int, spalten: int, werte: list[list[Any]]) -> tuple[tuple[Zelle, ...], ...]:
    voll = [*werte, *[[] for _ in range(anzahl - len(werte))]]
    return tuple(
        tuple(
            zelle(blatt, xl_rowcol_to_cell(erste + n, 1 + s), zeile[s] if s < len(zeile) else "")
            for s in range(spalten)
        )
        for n, zeile in enumerate(voll)
    )


def gebiet(aenderungen: Iterable[Mapping[str, Any]] = ()) -> Gebiet:
    """Return five municipalities that take part and Kammersrohr, that does not; rows of a case replace theirs."""
    vorgabe: dict[str, Any] = {
        "bezirk": "Olten", "gueltig_ab": None, "gueltig_bis": None, "nachfolgerin": None,
        "beteiligt_ab": date(2017, 1, 1), "beteiligt_bis": None,
        "leitgemeinde": None, "leitgemeinde_ab": None, "leitgemeinde_bis": None, "empfaenger": None,
    }  # fmt: skip
    zeilen = {nr: {**vorgabe, "bfs_nr": nr, "name": name} for nr, name in NAMEN.items()}
    zeilen[2456] |= {"gueltig_bis": date(2023, 12, 31), "nachfolgerin": 2465}
    zeilen[2549] |= {"beteiligt_ab": None}
    for zeile in aenderungen:
        zeilen[zeile["bfs_nr"]] |= zeile
    return Gebiet(GemeindeZeile(**z) for z in zeilen.values())


def kontext(lage: Lage, akte: Akte, ein: Eingabe) -> Kontext:
    """Return what is known around the form."""
    k = lage.kontext
    summen = {s: k["vorsummen"].get(s) for s in SUMMEN} if "vorsummen" in k else None
    land = None if k.get("ohne_gebiet") else gebiet(k.get("gemeinden", ()))
    return Kontext(
        akte, ein, lage.formular, lage.version, lage.periode, land, k.get("eingang"), k.get("vorperiode", ""),
        summen, k.get("auslaender"), Grenzen(**k.get("grenzen", {})),
    )  # fmt: skip


def urteile(lage: Lage) -> tuple[Eingabe, Gelesen | None, tuple[Befund, ...]]:
    """Judge a form as the programme does: zuordnen, typisiere, pruefe."""
    ein = eingabe(lage)
    z = zuordnen(ein)
    if z.formular is None or z.version is None:
        return ein, None, (z.befund,) if z.befund else ()
    gelesen = typisiere(ein, z.akte, z.formular, z.version)
    return ein, gelesen, pruefe(gelesen, kontext(lage, z.akte, ein))


def lage(daten: Mapping[str, Any], fall: Mapping[str, Any]) -> Lage:
    """Return the form of a case: the good form of its file, with the values of the case over it."""
    form = formular(fall.get("formular", daten.get("formular", "anhang2")))
    periode = str(fall.get("periode", "2024-H1" if form.nummer == 2 else "2024"))
    version = form.version(fall["version"]) if "version" in fall else form.version_fuer(periode)
    assert version is not None
    gut = {} if fall.get("ganz_leer") else gutes_formular(form, version)
    return Lage(
        form, version, periode, gut | fall.get("werte", {}), fall.get("bfs_nr", 2581),
        fall.get("kennung", {}), tuple(fall.get("fehlende", ())), fall.get("kontext", {}),
    )  # fmt: skip


def gutes_formular(form: Formular, version: Version) -> dict[str, Any]:
    """Return the good form of one version, from the top of tests/faelle/anhang2.toml or anhang3.toml."""
    daten = lade(f"{form.id}.toml")
    alle: dict[str, Any] = daten["gut"] | daten.get("gut_je_version", {}).get(version.id, {})
    return {k: v for k, v in alle.items() if k in version.felder}


def erwartet(befund: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a case says about one Befund; sheet and clause stand in its text."""
    return {n: befund.get(n, "") for n in ("code", "stufe", "feld", "zelle", "wert", "meldung")} | {
        "ansprueche": sorted(befund.get("ansprueche", []))
    }


def gezeigt(befund: Befund) -> dict[str, Any]:
    """Return the same of a Befund, in the same order."""
    werte: dict[str, Any] = {n: str(getattr(befund, n)) for n in ("code", "stufe", "feld", "zelle", "wert", "meldung")}
    return werte | {"ansprueche": sorted(befund.ansprueche)}


def alle_faelle() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield file, file content and case of all cases for the forms."""
    for name in ("gemeinsam.toml", "anhang2.toml", "anhang3.toml"):
        daten = lade(name)
        for fall in daten["fall"]:
            yield name, daten, fall
