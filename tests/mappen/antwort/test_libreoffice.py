"""The annotated workbook goes through another program and comes back: we find everything of ours again."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from shutil import which

import pytest
from lxml import etree
from openpyxl import load_workbook

from eingaben.bauen import BLATT, ausgefuellt
from krs.mappen.antwort.einfuegen import annotiert
from krs.mappen.lesen.formular import lesen
from krs.schreiben.rueckmeldung import Rueckmeldung
from mappen.antwort.hilfe import ABSENDER, rueckmeldung, teile

pytestmark = pytest.mark.xdist_group("soffice")


@pytest.fixture(scope="module")
def gespeichert(verlange: Callable[[object, str], None], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the annotated form as LibreOffice saves it."""
    soffice = which("soffice")
    verlange(soffice, "LibreOffice (soffice) fehlt; siehe scripts/debian.py")
    ordner = tmp_path_factory.mktemp("rueckmeldung")
    (ordner / "Olten.xlsx").write_bytes(annotiert(ausgefuellt(), rueckmeldung(), ABSENDER))
    profil = f"-env:UserInstallation={(ordner / 'profil').as_uri()}"
    befehl = [str(soffice), profil, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    befehl += ["--outdir", str(ordner / "neu"), str(ordner / "Olten.xlsx")]
    subprocess.run(befehl, check=True, capture_output=True, timeout=600)
    return Path(ordner / "neu" / "Olten.xlsx").read_bytes()


def test_libreoffice_behaelt_unser_blatt_und_alle_angaben(gespeichert: bytes) -> None:
    namen = ["Rückmeldung", "Reporting", "Nachweis", "Erläuterungen", "_krs"]
    assert load_workbook(BytesIO(gespeichert)).sheetnames == namen
    vorher, nachher = lesen(ausgefuellt(), "Olten.xlsx"), lesen(gespeichert, "Olten.xlsx")
    assert nachher.kennung == vorher.kennung
    assert {k: z.wert for k, z in nachher.felder.items()} == {k: z.wert for k, z in vorher.felder.items()}


def test_nach_libreoffice_wird_unsere_erste_rueckmeldung_ganz_ersetzt(gespeichert: bytes) -> None:
    neu = annotiert(gespeichert, rueckmeldung(), ABSENDER)
    buch = load_workbook(BytesIO(neu))
    assert buch.sheetnames == ["Rückmeldung", "Reporting", "Nachweis", "Erläuterungen", "_krs"]
    notizen = {c.coordinate: c.comment.text for reihe in buch["Reporting"].iter_rows() for c in reihe if c.comment}
    assert {ort: text.count("Rückmeldung start.integration") for ort, text in notizen.items()} == {"C21": 1, "B40": 1}
    assert lesen(neu, "Olten.xlsx") == lesen(gespeichert, "Olten.xlsx")


def test_nach_libreoffice_geht_alles_von_uns_wieder_weg(gespeichert: bytes) -> None:
    leer = Rueckmeldung("Olten.xlsx", "", rueckmeldung().akte, None, None, ())
    neu = teile(annotiert(gespeichert, leer, ABSENDER))
    assert [n for n in neu if "comments" in n or "vml" in n.lower()] == []
    for inhalt in (v for n, v in neu.items() if n.startswith(BLATT.rpartition("/")[0] + "/sheet")):
        assert b"krs&quot;)" not in inhalt
        assert etree.fromstring(inhalt).find("{*}legacyDrawing") is None
