"""The functions say what the command line says: the same claims, dates, names, runs and Befunde."""

from __future__ import annotations

import csv
import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ablage.hilfe import ausgefuellt, einwerfen, stammdaten
from demo.hilfe import demo
from hilfe.formulare import Lage, alle_faelle, lage, urteile
from krs.ablage.ordner import Ablage
from krs.ablauf import Konsolidiert
from krs.excel.anfrage import Eingabefehler
from krs.excel.funktionen import KEINE_BEFUNDE, rufe
from krs.formulare.befund import Befund
from krs.formulare.eingabe import Eingabe, Zelle
from krs.mappen.lesen.formular import lesen
from krs.recht import TARIFE, Leistung
from krs.urteil.ansprueche import Anspruch

Aufruf = Callable[..., tuple[int, str, str]]
GESPRAECHE = (Leistung.ERST, Leistung.ERST_DOLMETSCH, Leistung.INTEG, Leistung.INTEG_DOLMETSCH)
JE_LEISTUNG = dict(
    zip(GESPRAECHE, (("fall", "erst"), ("dolmetsch", "erst"), ("fall", "integ"), ("dolmetsch", "integ")), strict=True)
)


# --- the demo -----------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def vorgefuehrt() -> tuple[Path, Konsolidiert]:
    return demo()


@pytest.fixture(scope="module")
def ansprueche(vorgefuehrt: tuple[Path, Konsolidiert]) -> list[Anspruch]:
    """All claims of the demo that have an amount, as `krs konsolidieren` writes them into the Master."""
    return [a for a in vorgefuehrt[1].urteil.ansprueche if a.betrag is not None]


@pytest.mark.xdist_group("soffice")
def test_jeder_anspruch_der_demo_ist_in_excel_derselbe_betrag(
    vorgefuehrt: tuple[Path, Konsolidiert], ansprueche: list[Anspruch]
) -> None:
    ordner = vorgefuehrt[0]
    for a in ansprueche:
        if a.leistung is Leistung.SOCKEL:
            assert rufe("krs_sockelbeitrag", [a.anzahl, int(a.periode)], ordner) == a.betrag
        else:
            name, art = JE_LEISTUNG[a.leistung]
            assert rufe(f"krs_{name}pauschale", [a.anzahl, a.periode, art], ordner) == a.betrag
        beginn = date(int(a.periode[:4]), 7 if a.periode.endswith("H2") else 1, 1)
        assert rufe("krs_tarif", [str(a.leistung), beginn], ordner) == a.ansatz
        assert rufe("krs_gemeinde", [a.bfs_nr, beginn], ordner) == a.gemeinde
    assert len(ansprueche) > 400


@pytest.mark.xdist_group("soffice")
def test_alle_zeilen_der_demo_auf_einmal_ergeben_die_ansprueche(
    vorgefuehrt: tuple[Path, Konsolidiert], ansprueche: list[Anspruch]
) -> None:
    ordner = vorgefuehrt[0]
    zeilen: dict[str, dict[tuple[int, str], list[Anspruch]]] = defaultdict(lambda: defaultdict(list))
    for a in ansprueche:
        if a.leistung is not Leistung.SOCKEL:
            zeilen[a.periode][a.bfs_nr, a.sha256].append(a)
    assert sorted(zeilen) == ["2023-H2", "2024-H1"]
    for periode, gemeinden in zeilen.items():
        bereich = [
            [sum(a.anzahl or 0 for a in alle if a.leistung is w) for w in GESPRAECHE] for alle in gemeinden.values()
        ]
        summen = [sum((a.betrag or Decimal(0) for a in alle), Decimal(0)) for alle in gemeinden.values()]
        assert rufe("krs_beitraege", [bereich, periode], ordner) == [[summe] for summe in summen]
        assert [rufe("krs_beitrag", [*zeile, periode], ordner) for zeile in bereich] == summen
        wege: list[Any] = [rufe("krs_rechenweg", [*zeile, periode], ordner) for zeile in bereich]
        assert [weg[-1][4] for weg in wege] == summen
        for weg, alle in zip(wege, gemeinden.values(), strict=True):
            soll = [[str(a.leistung), a.anzahl, a.ansatz, a.gueltig_ab, a.betrag, a.ziffer] for a in alle]
            assert weg[1:-1] == sorted(soll, key=lambda z: [str(w) for w in GESPRAECHE].index(str(z[0])))


@pytest.mark.xdist_group("soffice")
def test_fristen_und_stichtag_der_demo_sind_dieselben(vorgefuehrt: tuple[Path, Konsolidiert]) -> None:
    urteil = vorgefuehrt[1].urteil
    erstreckt = {(f.formular, f.periode, f.neue_frist) for f in urteil.stammdaten.fristen}
    fristen = {(z.formular, z.periode, z.frist) for z in urteil.zeilen if z.frist is not None} - erstreckt
    assert {formular for formular, _, _ in fristen} == {"Anhang 2", "Anhang 3"}
    for formular, periode, frist in fristen:
        assert rufe("krs_frist", [formular, periode]) == frist
    assert {rufe("krs_stichtag", [2024])} == {zeile.stichtag for zeile in urteil.stammdaten.bestand}


@pytest.mark.xdist_group("soffice")
def test_auszahlungen_und_verrechnungen_der_laeufe_sind_dieselben(vorgefuehrt: tuple[Path, Konsolidiert]) -> None:
    verrechnet = 0
    for lauf, tag, periode in (("2024-03", date(2024, 3, 31), "2023-H2"), ("2024-09", date(2024, 9, 30), "2024-H1")):
        assert {rufe("krs_auszahlungstermin", [str(was), periode]) for was in GESPRAECHE} == {tag}
        datei = vorgefuehrt[0] / "Laeufe" / lauf / "zahlungen.csv"
        for z in csv.DictReader(datei.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"):
            guthaben = Decimal(z["anspruch"]) + Decimal(z["differenz_frueher"])
            offen = Decimal(z["verrechnet"]) + Decimal(z["rechnung"])
            if guthaben >= 0:
                soll = [[Decimal(z["auszahlung"]), Decimal(z["rechnung"])]]
                assert rufe("krs_verrechnung", [str(guthaben), str(offen)]) == soll
                verrechnet += offen > 0
    assert verrechnet > 0


def test_jeder_ansatz_der_bildschirme_ist_der_von_krs_tarif() -> None:
    for leistung, tarif in TARIFE.items():
        for wert in tarif.werte:
            if wert.betrag is not None:
                assert rufe("krs_tarif", [leistung.value, wert.ab]) == wert.betrag


# --- KRS_PRUEFEN against the cases of the rules -------------------------------------------------
def paare(ein: Eingabe) -> list[list[object]]:
    """Return a form as KRS_PRUEFEN takes it."""
    felder: list[list[object]] = [[k, roh(z)] for k, z in ein.felder.items()]
    return felder + [[k, "; ".join(z.anzeige for z in zeile)] for k, zeilen in ein.listen.items() for zeile in zeilen]


def roh(z: Zelle) -> object:
    if z.fehler is not None:
        return {"type": "Error", "basicValue": z.fehler}
    return float(z.wert) if isinstance(z.wert, Decimal) else z.wert


def orte(ein: Eingabe) -> Mapping[str, str]:
    """Return the field key of every cell."""
    zellen = {z.adresse: k for k, z in ein.felder.items()}
    return zellen | {z.adresse: k for k, zeilen in ein.listen.items() for zeile in zeilen for z in zeile}


def wie_in_excel(befund: Mapping[str, Any], ein: Eingabe) -> list[str]:
    """Return a Befund as KRS_PRUEFEN shows it: the field key in place of its cell."""
    namen = orte(ein)
    ohne_ort = f"{befund['feld']}: {befund['meldung']}"  # a field that this version of the form does not have
    text = befund["meldung"].replace(f"{befund['blatt']}!", "", 1) if befund["zelle"] else ohne_ort
    text = re.sub(r"(?<![-\w])[A-Z]{1,2}\d{1,3}(?![-\w])", lambda t: namen.get(t[0], t[0]), text)
    return [str(befund["stufe"]), befund["code"], befund["feld"], text]


def nur_werte(form: Lage, ein: Eingabe, befunde: tuple[Befund, ...]) -> bool:
    """Tell whether a case is about the values of a form alone.

    KRS_PRUEFEN has no template to compare with, and sees neither a formula nor the type of a cell inside a list.
    """
    in_listen = [(n, z) for zeilen in ein.listen.values() for zeile in zeilen for n, z in enumerate(zeile)]
    formeln = any(z.formel for z in ein.felder.values()) or any(z.formel or z.fehler for _, z in in_listen)
    zahl_als_text = any(n and isinstance(z.wert, str) and re.search(r"\d", z.wert) for n, z in in_listen)
    vorlage = form.kennung or form.fehlende or {"F-01", "F-02", "F-30", "A3-10"} & {b.code for b in befunde}
    return not (formeln or zahl_als_text or vorlage)


def test_jeder_fall_der_regeln_ist_in_excel_derselbe_befund() -> None:
    soll, ist = {}, {}
    for datei, daten, fall in alle_faelle():
        form = replace(lage(daten, fall), kontext={"ohne_gebiet": True})
        ein, gelesen, befunde = urteile(form)
        if gelesen is not None and nur_werte(form, ein, befunde):
            ergebnis = rufe("krs_pruefen", [paare(ein), form.formular.nummer, form.periode])
            ist[datei, fall["name"]] = ergebnis[1:] if isinstance(ergebnis, list) else []
            soll[datei, fall["name"]] = [wie_in_excel(b.als_dict(), ein) for b in befunde]
    assert ist == soll
    assert len(soll) > 80


@pytest.mark.parametrize(
    "werte",
    [
        {}, {"erst_familien": "ca. 5"}, {"erst_dolmetsch_familien": 12}, {"integ_einzelpersonen": 2},
        {"nullmeldung": "Ja"}, {"bestaetigung": None, "kontakt_email": "keine", "sprachen": [("Arabisch", 7)]},
        {"erst_einzelpersonen": 20_000, "datum": "gestern"},
    ],
    ids=str,
)  # fmt: skip
def test_krs_pruefen_sagt_in_excel_dasselbe_wie_auf_der_befehlszeile(
    krs: Aufruf,
    ablage: Ablage,
    werte: dict[str, object],
) -> None:
    datei = einwerfen(ablage, "form.xlsx", ausgefuellt(ablage, 2402, **werte))
    _, text, _ = krs("pruefen", datei, "--json")
    ein = lesen(datei.read_bytes(), datei.name)
    ergebnis = rufe("krs_pruefen", [paare(ein), 2, "2024-H1"])
    soll = [wie_in_excel(b, ein) for b in json.loads(text)]
    assert (ergebnis[1:] if isinstance(ergebnis, list) else []) == soll
    assert bool(soll) is bool(werte)


def test_mit_einer_ablage_prueft_excel_auch_gegen_die_stammdaten(ablage: Ablage) -> None:
    ein = lesen(ausgefuellt(ablage, 2402), "form.xlsx")
    fremd = [[k, 2581 if k == "bfs_nr" else w] for k, w in paare(ein)]
    assert rufe("krs_pruefen", [paare(ein), 2, "2024-H1"], ablage.pfad) == KEINE_BEFUNDE
    assert rufe("krs_pruefen", [fremd, 2, "2024-H1"]) == KEINE_BEFUNDE
    ergebnis = rufe("krs_pruefen", [fremd, 2, "2024-H1"], ablage.pfad)
    assert isinstance(ergebnis, list)
    assert [zeile[:3] for zeile in ergebnis[1:]] == [["Fehler", "F-01", "bfs_nr"]]


# --- the Stammdaten of an Ablage ----------------------------------------------------------------
def satz(name: str, argumente: list[object], ordner: Path) -> str:
    with pytest.raises(Eingabefehler) as fehler:
        rufe(name, argumente, ordner)
    return str(fehler.value)


def ansatz(betrag: object, ab: object = date(2025, 1, 1)) -> list[dict[str, object]]:
    return [{"leistung": "Erstinformationsgespräch", "ab": ab, "ansatz": betrag, "quelle": "Verfügung"}]


def test_die_tarife_der_stammdaten_gelten_und_eine_aenderung_gilt_sofort(ablage: Ablage) -> None:
    ablage.stammdaten.write_bytes(stammdaten(Tarife=ansatz(Decimal(210))))
    assert rufe("krs_beitrag", [3, 0, 0, 0, "2025-H1"], ablage.pfad) == Decimal("630.00")
    assert rufe("krs_beitraege", [[[3, 0, 0, 0]], "2025-H1"], ablage.pfad) == [[Decimal("630.00")]]
    ablage.stammdaten.write_bytes(stammdaten(Tarife=ansatz(Decimal("220.01"))))
    os.utime(ablage.stammdaten, ns=(1, 1))
    assert rufe("krs_beitrag", [3, 0, 0, 0, "2025-H1"], ablage.pfad) == Decimal("660.05")
    assert rufe("krs_beitraege", [[[3, 0, 0, 0]], "2025-H1"], ablage.pfad) == [[Decimal("660.05")]]
    assert rufe("krs_gemeinde", [2402], ablage.pfad) == "Härkingen"
    assert satz("krs_gemeinde", [2581], ablage.pfad) == (
        "Eine Gemeinde mit der BFS-Nr. 2581 ist nicht bekannt; prüfen Sie die Nummer."
    )


def test_ein_fehler_im_blatt_tarife_haelt_jeden_betrag_an(ablage: Ablage) -> None:
    ablage.stammdaten.write_bytes(stammdaten(Tarife=ansatz("viel")))
    grund = satz("krs_beitrag", [3, 0, 0, 0, "2024-H1"], ablage.pfad)
    assert re.fullmatch(r"Stammdaten: Tarife!C\d+: .*«viel».*\(.*S-\d\d\)", grund)
    assert rufe("krs_stichtag", [2024], ablage.pfad) == date(2022, 12, 31)


def test_stammdaten_die_fehlen_oder_unlesbar_sind_geben_einen_satz(ablage: Ablage) -> None:
    ablage.stammdaten.write_bytes(b"kaputt")
    assert satz("krs_tarif", ["Sockelbeitrag", date(2023, 1, 1)], ablage.pfad) == (
        f"Die Stammdaten «{ablage.stammdaten}» sind nicht lesbar (Keine Arbeitsmappe). Speichern Sie die Datei in Excel"
        " als .xlsx, oder stellen Sie sie aus der Sicherung wieder her."
    )
    ablage.stammdaten.unlink()
    assert satz("krs_tarif", ["Sockelbeitrag", date(2023, 1, 1)], ablage.pfad) == (
        f"Die Stammdaten «{ablage.stammdaten}» sind nicht zugänglich; prüfen Sie Pfad und Laufwerk."
    )
