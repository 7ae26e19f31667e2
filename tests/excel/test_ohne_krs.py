"""What leaves the canton holds no KRS_ function: without the add-in such a cell shows #NAME?."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

import pytest

from demo.hilfe import demo
from excel.fern import Fern
from excel.test_live import VERSIONEN, form
from krs.excel.live import einsetzen
from krs.formulare.formular import formulare
from krs.mappen.antwort.buch import ZEICHEN
from krs.mappen.master.master import KENNBLATT
from krs.mappen.vorlage.stempel import leer

MAPPEN = Path(__file__).parents[2] / "workbooks"
HINAUS = ("Vorlagen", "Rueckmeldungen", "Anhang 1", "Laeufe", "Uebergaben", "Stichproben")
_NAMEN = "|".join(name.removeprefix("_krs_") for name in (KENNBLATT, ZEICHEN))  # our hidden names are no functions
_FUNKTION = re.compile(rf"krs_(?!(?:{_NAMEN})\b)".encode(), re.IGNORECASE)


def funde(name: str, daten: bytes) -> Iterator[str]:
    """Yield every part with KRS_ in it: of a workbook, of a mail and of what hangs on it."""
    if name.endswith(".eml"):
        for teil in message_from_bytes(daten, policy=policy.default).walk():
            inhalt = teil.get_payload(decode=True)
            if isinstance(inhalt, bytes):
                yield from funde(f"{name}/{teil.get_filename() or 'Text'}", inhalt)
    elif zipfile.is_zipfile(BytesIO(daten)):
        with zipfile.ZipFile(BytesIO(daten)) as mappe:
            for teilname in mappe.namelist():
                yield from funde(f"{name}/{teilname}", mappe.read(teilname))
    if _FUNKTION.search(daten):
        yield name


@pytest.mark.parametrize(("kennung", "periode"), VERSIONEN)
def test_die_suche_findet_eine_funktion(kennung: str, periode: str) -> None:
    fern = Fern(form(kennung, periode))
    fern.laufe(einsetzen)
    gefunden = {n.rpartition("/")[2] for n in funde("Formular.xlsx", fern.bytes())}
    assert "sheet1.xml" in gefunden


@pytest.mark.parametrize(("kennung", "periode"), VERSIONEN)
def test_keine_vorlage_hat_eine_funktion(kennung: str, periode: str) -> None:
    assert list(funde("Vorlage.xlsx", form(kennung, periode, voll=False))) == []


def test_keine_leere_vorlage_und_keine_beispielmappe_hat_eine_funktion() -> None:
    leere = {f"{f.id} {v.id}": leer(f, v.id) for f in formulare() for v in f.versionen}
    mappen = {str(p): p.read_bytes() for p in MAPPEN.rglob("*.xls*")}
    assert mappen
    assert [n for name, daten in (leere | mappen).items() for n in funde(name, daten)] == []


@pytest.mark.xdist_group("soffice")  # one worker builds the demo once
def test_nichts_was_die_demo_hinausschickt_hat_eine_funktion() -> None:
    ordner, _ = demo()
    dateien = {name: [p for p in (ordner / name).rglob("*") if p.is_file()] for name in HINAUS}
    assert all(dateien.values())
    alle = [p for gruppe in dateien.values() for p in gruppe]
    assert {p.suffix for p in alle} >= {".xlsx", ".eml", ".xml", ".csv", ".svg"}
    assert [n for p in alle for n in funde(str(p.relative_to(ordner)), p.read_bytes())] == []
