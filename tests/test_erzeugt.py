"""What is generated and committed is what the builder makes today; the documents name what exists."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from krs import bauen, cli
from krs.stammdaten.plan import blaetter, einstellungen_plan

WURZEL = Path(__file__).parents[1]
DATEIEN = dict(bauen.dateien())
DOKUMENTE = sorted([*WURZEL.glob("*.md"), *WURZEL.glob("docs/**/*.md"), *WURZEL.glob("addin/*.md")])


def teile(daten: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(daten)) as archiv:
        return {name: archiv.read(name) for name in archiv.namelist()}


@pytest.mark.parametrize("name", DATEIEN)
def test_die_eingecheckte_datei_ist_neu_gebaut_dieselbe(name: str) -> None:
    vorhanden = (WURZEL / name).read_bytes()
    if name.endswith(".xlsx"):  # packed by another zlib the bytes may differ, the parts may not (design 1)
        assert teile(vorhanden) == teile(DATEIEN[name])
    else:
        assert vorhanden == DATEIEN[name]


def test_im_ordner_workbooks_liegt_nichts_anderes() -> None:
    gebaut = {name for name in DATEIEN if name.startswith("workbooks/")}
    assert {p.relative_to(WURZEL).as_posix() for p in (WURZEL / "workbooks").rglob("*.xlsx")} == gebaut


def test_gleiche_eingaben_geben_gleiche_bytes() -> None:
    assert dict(bauen.dateien()) == DATEIEN


@pytest.mark.parametrize("pfad", DOKUMENTE, ids=lambda p: p.relative_to(WURZEL).as_posix())
def test_verweise_fuehren_zu_dateien_und_die_schreibung_ist_schweizerisch(pfad: Path) -> None:
    text = pfad.read_text("utf-8")
    ziele = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert [z for z in ziele if not (pfad.parent / z).exists()] == []
    assert "ß" not in text


def test_jeder_befehl_steht_in_readme_und_handbuch() -> None:
    befehle = {b.name or b.callback.__name__ for b in cli.app.registered_commands if b.callback}
    readme = (WURZEL / "README.md").read_text("utf-8")
    handbuch = (WURZEL / "docs/handbuch/kanton.md").read_text("utf-8")
    assert befehle == {
        "neu", "vorlagen", "pruefen", "konsolidieren", "mahnungen", "stichprobe", "archiv", "erklaere", "demo", "lauf",
        "export", "rueckforderungen", "kredit", "vergleich", "anhang1", "jahresbericht", "serve", "token",
    }  # fmt: skip
    assert {b for b in befehle if b not in readme} == set()
    assert {b for b in befehle - {"demo"} if f"krs {b}" not in handbuch} == set()


def test_jedes_blatt_und_jede_einstellung_der_stammdaten_steht_im_handbuch() -> None:
    handbuch = (WURZEL / "docs/handbuch/kanton.md").read_text("utf-8")
    namen = [b.name for b in blaetter()] + [e.name for e in einstellungen_plan()]
    assert [n for n in namen if n not in handbuch] == []
