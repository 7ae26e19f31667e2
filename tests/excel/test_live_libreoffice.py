"""LibreOffice computes the form before, while and after it is live; the functions get what it computed.

It does not know KRS_ functions: their arguments are its results, their values come from krs.excel.funktionen.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from excel.fern import Fern
from excel.test_live import form
from krs.demo.fuellen import Getippt, fuelle
from krs.excel.anfrage import Eingabefehler
from krs.excel.funktionen import KEINE_BEFUNDE, rufe
from krs.excel.live import einsetzen, entfernen
from krs.formulare.formular import formular
from krs.formulare.identitaet import zuordnen
from krs.formulare.kontext import Kontext
from krs.formulare.pruefen import pruefe, typisiere
from krs.mappen.lesen.formular import lesen
from krs.mappen.vorlage.stempel import Angaben, stempeln

pytestmark = pytest.mark.xdist_group("soffice")
FALSCH: dict[str, object] = {
    "kontakt_name": "Muster, Anna", "kontakt_email": "anna at olten", "datum": date(2024, 7, 12), "nullmeldung": "Nein",
    "erst_einzelpersonen": 4, "erst_familien": "zwölf", "erst_gruppen": 0, "erst_dolmetsch_einzelpersonen": 9,
    "erst_dolmetsch_familien": Getippt("", None, "#REF!"), "erst_dolmetsch_gruppen": 0, "integ_einzelpersonen": "3 ",
    "integ_familien": 0, "integ_gruppen": 0, "integ_dolmetsch_einzelpersonen": 0, "integ_dolmetsch_familien": 0,
    "integ_dolmetsch_gruppen": 0, "integ_nachweis": "Nein", "integ_durch_verantwortliche": "vielleicht",
    "sprachen": [("Tigrinya", 4), (None, 2), ("Arabisch", "viele")], "bestaetigung": "Nein",
}  # fmt: skip
VERTRAEGE: dict[str, object] = {
    "kontakt_name": "Muster, Anna", "aufgabe_1": "nicht erfüllt", "aufgabe_2": "teilweise", "kurse_besucht": "Ja",
    "sozialregion_delegation": "weitere", "leitgemeinde_modell": "Ja", "beauftragte_pensum": Decimal("0.2"),
    "leistungsvertraege": [("Integra AG", "Aufgabe 2", 4500), ("Caritas; Solothurn", None, None)],
}  # fmt: skip


def _leer(kennung: str, periode: str, auslaender: int | None = None) -> bytes:
    return stempeln(formular(kennung), Angaben(2581, "Olten", periode, auslaender))


FAELLE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "2024-H1 voll": ("anhang2", lambda: form("anhang2", "2024-H1")),
    "2024-H1 leer": ("anhang2", lambda: _leer("anhang2", "2024-H1")),
    "2024-H1 falsch": ("anhang2", lambda: fuelle(_leer("anhang2", "2024-H1"), "anhang2", "2022-01", FALSCH)),
    "2019-H1 voll": ("anhang2", lambda: form("anhang2", "2019-H1")),
    "2018-H1 voll": ("anhang2", lambda: form("anhang2", "2018-H1")),
    "2024 voll": ("anhang3", lambda: form("anhang3", "2024")),
    "2018 Verträge": ("anhang3", lambda: fuelle(_leer("anhang3", "2018", 1031), "anhang3", "2017-01", VERTRAEGE)),
    "2024 ohne Bestand": ("anhang3", lambda: _leer("anhang3", "2024")),
    "2025 nicht geregelt": ("anhang3", lambda: _leer("anhang3", "2025", 900)),
}


@dataclass(frozen=True)
class Gerechnet:
    """A form computed by LibreOffice before, while and after it was live; `formeln` while it was."""

    vorher: Workbook
    live: Workbook
    nachher: Workbook
    formeln: Workbook
    eingereicht: bytes


@pytest.fixture(scope="module")
def gerechnet(
    verlange: Callable[[object, str], None], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Gerechnet]:
    soffice = which("soffice")
    verlange(soffice, "LibreOffice (soffice) fehlt; siehe scripts/debian.py")
    ordner = tmp_path_factory.mktemp("live")
    for name, (_, daten) in FAELLE.items():
        fern = Fern(daten())
        (ordner / f"{name} vorher.xlsx").write_bytes(fern.bytes())
        fern.laufe(einsetzen)
        (ordner / f"{name} live.xlsx").write_bytes(wie_gespeichert(fern))
        fern.laufe(entfernen)
        (ordner / f"{name} nachher.xlsx").write_bytes(fern.bytes())
    dateien = sorted(map(str, ordner.glob("*.xlsx")))
    profil = f"-env:UserInstallation={(ordner / 'profil').as_uri()}"
    befehl = [str(soffice), profil, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*befehl, str(ordner / "neu"), *dateien], check=True, capture_output=True, timeout=300)
    return {name: _gelesen(ordner, name) for name in FAELLE}


def wie_gespeichert(fern: Fern) -> bytes:
    """Return the live workbook as Excel writes it on the Server: functions carry a prefix."""
    mappe = load_workbook(BytesIO(fern.bytes()))
    for blatt in mappe:
        for zeile in blatt.iter_rows():
            for zelle in zeile:
                if isinstance(zelle.value, str) and "KRS_" in zelle.value and zelle.value.startswith("="):
                    zelle.value = re.sub("@?KRS_", "_xldudf_KRS_", zelle.value)
    puffer = BytesIO()
    mappe.save(puffer)
    return puffer.getvalue()


def _gelesen(ordner: Path, name: str) -> Gerechnet:
    vorher, live, nachher = (
        load_workbook(ordner / "neu" / f"{name} {art}.xlsx", data_only=True) for art in ("vorher", "live", "nachher")
    )
    roh = (ordner / f"{name} live.xlsx").read_bytes()
    return Gerechnet(vorher, live, nachher, load_workbook(BytesIO(roh)), (ordner / f"{name} vorher.xlsx").read_bytes())


def _werte(mappe: Workbook) -> dict[tuple[str, str], object]:
    return {(b.title, z.coordinate): z.value for b in mappe for zeile in b.iter_rows() for z in zeile}


@pytest.mark.parametrize("name", FAELLE)
def test_nach_dem_entfernen_rechnet_jede_zelle_wie_vorher(gerechnet: dict[str, Gerechnet], name: str) -> None:
    fall = gerechnet[name]
    assert _werte(fall.nachher) == _werte(fall.vorher)


# --- amounts ----------------------------------------------------------------------------------
def _wert(mappe: Workbook, blatt: str, was: str) -> Any:
    """Return what LibreOffice computed for an argument: a cell, a defined name, a literal."""
    if was in mappe.defined_names:
        blatt, _, was = mappe.defined_names[was].attr_text.replace("$", "").rpartition("!")
        return mappe[blatt.strip("'")][was].value
    if re.fullmatch(r"[A-Z]+\d+", was):
        return mappe[blatt][was].value
    return was.strip('"') if was.startswith('"') else int(was)


def _live_betraege(fall: Gerechnet, blatt: str) -> dict[str, Decimal | str]:
    """Return what the KRS_ functions of the form say, cell by cell; a refusal is «!»."""
    ergebnis: dict[str, Decimal | str] = {}
    for zeile in fall.formeln[blatt].iter_rows():
        for zelle in zeile:
            fund = re.search(r"_xldudf_(KRS_\w+)\(([^()]*)\)", str(zelle.value))
            if fund is None:
                continue
            argumente = [_wert(fall.vorher, blatt, a) for a in fund.group(2).split(",")]
            ergebnis[zelle.coordinate] = _gerufen(str(zelle.value), fund.group(1), argumente)
    return ergebnis


def _gerufen(formel: str, name: str, argumente: list[Any]) -> Decimal | str:
    if "ISNUMBER" in formel and argumente[0] is None:
        return "noch offen"
    if formel.startswith("=IF(") and argumente[0] == 0:
        return Decimal(0)
    if formel.startswith("=IF(") and str(argumente[0]).startswith("#"):
        return str(argumente[0])
    try:
        wert = rufe(name.lower(), [[[a]] for a in argumente])
    except Eingabefehler:
        return "!"
    assert isinstance(wert, Decimal)
    return wert


@pytest.mark.parametrize("name", FAELLE)
def test_die_funktionen_rechnen_auf_den_rappen_wie_das_formular(gerechnet: dict[str, Gerechnet], name: str) -> None:
    fall, blatt = gerechnet[name], formular(FAELLE[name][0]).blatt
    live = _live_betraege(fall, blatt)
    nativ = {ort: fall.vorher[blatt][ort].value for ort in live}
    ohne = {"nicht geregelt": "!", "unvollständig": "!"}
    assert live == {o: ohne.get(w, w) if isinstance(w, str) else Decimal(str(w)) for o, w in nativ.items()}
    assert len(live) == {"anhang2": 5 if "2024" in name else 3, "anhang3": 1}[FAELLE[name][0]]


def test_die_beispiele_kommen_nicht_ohne_betraege_aus(gerechnet: dict[str, Gerechnet]) -> None:
    betraege = {n: _live_betraege(gerechnet[n], formular(k).blatt) for n, (k, _) in FAELLE.items()}
    assert betraege["2024-H1 voll"]["E55"] == sum(betraege["2024-H1 voll"][f"E{n}"] for n in range(51, 55)) > 0  # type: ignore[operator]
    assert list(betraege["2018-H1 voll"].values())[1:] == ["!", "!"]
    assert list(betraege["2018 Verträge"].values()) == [Decimal("7217.00")]
    assert list(betraege["2024 ohne Bestand"].values()) == ["noch offen"]
    assert list(betraege["2025 nicht geregelt"].values()) == ["!"]


# --- Befunde ----------------------------------------------------------------------------------
def _roh(wert: object) -> object:
    if isinstance(wert, datetime):
        return (wert - datetime(1899, 12, 30)).days  # noqa: DTZ001 a cell knows no zone
    if isinstance(wert, str) and wert.startswith("#"):
        return {"type": "Error", "basicValue": wert}
    return "" if wert is None else wert


def _live_befunde(fall: Gerechnet) -> list[tuple[str, ...]]:
    formel = fall.formeln["krs Live"]["A17"].value
    fund = re.fullmatch(r"=_xldudf_KRS_PRUEFEN\((J6:K\d+),(\d),(\w+)\)", formel)
    assert fund is not None
    bereich = [[_roh(z.value) for z in zeile] for zeile in fall.live["krs Live"][fund.group(1)]]
    periode = _wert(fall.vorher, "", fund.group(3))
    tabelle = rufe("krs_pruefen", [bereich, [[int(fund.group(2))]], [[periode]]])
    if tabelle == KEINE_BEFUNDE:
        return []
    assert isinstance(tabelle, list)
    return sorted(tuple(map(str, zeile[:3])) for zeile in tabelle[1:])


def _befunde(fall: Gerechnet) -> list[tuple[str, ...]]:
    eingabe = lesen(fall.eingereicht, "Formular.xlsx")
    ort = zuordnen(eingabe)
    assert ort.befund is None
    assert ort.formular is not None
    assert ort.version is not None
    gelesen = typisiere(eingabe, ort.akte, ort.formular, ort.version)
    k = Kontext(ort.akte, eingabe, ort.formular, ort.version, eingabe.kennung.periode)
    return sorted((str(b.stufe), b.code, b.feld) for b in pruefe(gelesen, k))


@pytest.mark.parametrize("name", FAELLE)
def test_beim_tippen_stehen_dieselben_befunde_da_wie_beim_eingang(gerechnet: dict[str, Gerechnet], name: str) -> None:
    assert _live_befunde(gerechnet[name]) == _befunde(gerechnet[name])


def test_die_beispiele_haben_keine_und_viele_befunde(gerechnet: dict[str, Gerechnet]) -> None:
    assert _live_befunde(gerechnet["2024-H1 voll"]) == []
    codes = {code for _, code, _ in _live_befunde(gerechnet["2024-H1 falsch"])}
    assert {"A2-11", "F-21", "F-22", "F-24", "F-26", "F-40"} <= codes
    assert {c for _, c, _ in _live_befunde(gerechnet["2018 Verträge"])} >= {"A3-02", "A3-04", "A3-05", "A3-12"}
