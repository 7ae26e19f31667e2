"""docs/entwurf.md 4 names what the program has: commands, fields, sheets, columns, functions, macros. Nothing else."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer

from krs.ablage.laufdateien import buchungen_csv, journal_csv, rechnungen_csv, zahlungen_csv
from krs.cli import app
from krs.excel.katalog import funktionen
from krs.excel.makrokatalog import makros
from krs.formulare.befund import Befund
from krs.formulare.formular import formulare
from krs.mappen.master.uebersicht import STATUS
from krs.recht import Leistung
from krs.stammdaten.plan import blaetter, einstellungen_plan
from mappen.master.test_vertrag import blaetter as masterblaetter

SEITE = Path(__file__).parents[1] / "docs" / "entwurf.md"
TEILE = re.split(r"^### (\d\.\d+) .*$", SEITE.read_text("utf-8"), flags=re.MULTILINE)
TEXT = dict(zip(TEILE[1::2], (re.split(r"^## ", t, flags=re.MULTILINE)[0] for t in TEILE[2::2]), strict=True))
BEFEHLE: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def woerter(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def blatt(nummer: str, name: str) -> list[str]:
    """Return the columns that the item of a sheet names, or the whole rest of the sentence without any."""
    zeile = re.search(rf"^- \*\*{re.escape(name)}\*\*: (.*)$", TEXT[nummer], re.MULTILINE)
    assert zeile, name
    return woerter(zeile[1])


def test_die_befehle_und_ihre_optionen_sind_jene_der_befehlszeile() -> None:
    zeilen = {re.match(r"\| `krs (\w+)", z)[1]: z for z in re.findall(r"^\| `krs .*$", TEXT["4.1"], re.MULTILINE)}  # type: ignore[index]
    assert set(zeilen) == set(BEFEHLE)
    for name, zeile in zeilen.items():
        optionen = {o for p in BEFEHLE[name].params for o in p.opts}
        assert set(re.findall(r"--[a-z][a-z-]+", zeile)) <= optionen, name


def test_die_felder_sind_jene_der_formulare() -> None:
    genannte = {w for w in woerter(TEXT["4.2"].split("| type")[0]) if re.fullmatch(r"[a-z_0-9]+", w)} - {"_krs"}
    assert genannte == {k for form in formulare() for k in form.felder}


def test_ein_befund_hat_die_genannten_angaben() -> None:
    assert tuple(re.findall(r'"(\w+)"', woerter(TEXT["4.3"])[0])) == tuple(
        f.name for f in fields(Befund) if f.name not in ("ansprueche", "sieht")
    )


@pytest.mark.parametrize(
    "name", ["Einreichungen", "Reporting", "Selbstdeklaration", "Ansprüche", "Abrechnung", "Eingangsjournal"]
)
def test_die_blaetter_des_masters_beginnen_mit_den_genannten_spalten(name: str) -> None:
    (seite,) = [b for b in masterblaetter("leer") if b.title == name]
    genannt = blatt("4.4", name)
    assert [z.value for z in seite[1]][: len(genannt)] == genannt


def test_status_und_leistungen_heissen_wie_genannt() -> None:
    saetze = re.findall(r"Status of a submission: (.*?)\. |Leistung: (.*?)\. ", TEXT["4.4"])
    status, leistungen = (woerter("".join(s)) for s in saetze)
    assert sorted(status) == sorted(STATUS)
    assert leistungen == [str(x) for x in Leistung]


def test_die_csv_eines_laufs_haben_die_genannten_spalten() -> None:
    leere = {
        "zahlungen.csv": zahlungen_csv([]), "buchungen.csv": buchungen_csv([], None), "journal.csv": journal_csv([]),
        "rechnungen.csv": rechnungen_csv([], date(2024, 3, 20), lambda _: ("", "")),
    }  # fmt: skip
    for name, daten in leere.items():
        genannt = re.search(rf"`{name}` \(`([^`]+)`", TEXT["4.5"])
        assert genannt
        assert daten.decode("utf-8-sig").strip() == genannt[1]


def test_die_funktionen_und_makros_sind_jene_der_kataloge() -> None:
    assert [w for w in woerter(TEXT["4.6"]) if w.startswith("KRS_")] == [f.aufruf for f in funktionen()]
    assert sorted(woerter(TEXT["4.7"])) == sorted(m.name for m in makros())


def test_die_stammdaten_haben_die_genannten_blaetter_spalten_und_einstellungen() -> None:
    for plan in blaetter():
        assert blatt("4.8", plan.name) == [s.titel for s in plan.spalten], plan.name
    einstellungen = re.search(r"^Names of Einstellungen: (.*)$", TEXT["4.8"], re.MULTILINE)
    assert einstellungen
    assert woerter(einstellungen[1]) == [e.titel for e in einstellungen_plan()]
