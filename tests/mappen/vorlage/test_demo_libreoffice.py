"""The committed forms that LibreOffice saved: each reads with exactly the values of the scenario."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import krs.demo
from krs import ablauf
from krs.ablage.ordner import Ablage
from krs.demo import stamm, szenario
from krs.demo.fuellen import fuelle
from krs.formulare.eingabe import Eingabe
from krs.formulare.formular import formular
from krs.mappen.lesen.formular import lesen
from krs.mappen.stammdaten import stammdaten_mappe
from krs.urteil.nachbarn import beteiligte

ORDNER = Path(krs.demo.__file__).parent / "libreoffice"


def _sendungen(ordner: Path) -> Iterator[tuple[str, Eingabe]]:
    """Yield name and content of each submission as the demo would fill it in without LibreOffice."""
    ablage = Ablage.anlegen(ordner / "Demo", stammdaten_mappe(stamm.stammdaten()))
    stammdaten, _, _ = ablauf.stammdaten_laden(ablage)
    for zeit in (szenario.H2, szenario.JAHR):
        form = formular("anhang2" if "-" in zeit else "anhang3")
        ablauf.vorlagen(ordner / "Demo", zeit)
        for s in szenario.sendungen(zeit, beteiligte(stammdaten, zeit), stammdaten.gebiet):
            if s.libreoffice:
                name = ablauf.vorlagenname(form, zeit, s.bfs_nr, stammdaten.gebiet.name(s.bfs_nr))
                vorlage = (ablage.vorlagen / zeit / name).read_bytes()
                yield name, lesen(fuelle(vorlage, form.id, form.version_fuer(zeit).id, s.werte), name)


@pytest.fixture(scope="module")
def sendungen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Eingabe]:
    return dict(_sendungen(tmp_path_factory.mktemp("demo")))


def test_genau_die_verlangten_formulare_liegen_bereit(sendungen: dict[str, Eingabe]) -> None:
    assert sorted(sendungen) == sorted(p.name for p in ORDNER.glob("*.xlsx"))
    assert len(sendungen) == sum(len(n) for n in szenario.LIBREOFFICE.values())


@pytest.mark.parametrize("name", sorted(p.name for p in ORDNER.glob("*.xlsx")))
def test_jedes_liest_sich_mit_den_werten_des_szenarios(sendungen: dict[str, Eingabe], name: str) -> None:
    """If this fails after a change of scenario or forms: scripts/demo_libreoffice.py."""
    soll, ist = sendungen[name], lesen((ORDNER / name).read_bytes(), name)
    assert ist.kennung == soll.kennung
    assert ist.fehlende == ()
    assert {k: (z.wert, z.formel, z.fehler) for k, z in ist.felder.items()} == {
        k: (z.wert, z.formel, z.fehler) for k, z in soll.felder.items()
    }
    for schluessel, zeilen in soll.listen.items():
        assert [[z.wert for z in zeile] for zeile in ist.listen[schluessel]] == [[z.wert for z in r] for r in zeilen]


@pytest.mark.parametrize("pfad", sorted(ORDNER.glob("*.xlsx")), ids=lambda p: p.name)
def test_jedes_hat_wirklich_libreoffice_gespeichert(pfad: Path) -> None:
    with zipfile.ZipFile(pfad) as zip_:
        assert b"LibreOffice" in zip_.read("docProps/app.xml")
        assert b"veryHidden" not in zip_.read("xl/workbook.xml")
