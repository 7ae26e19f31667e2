"""What is generated and committed is what the builder makes today; the documents name what exists."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from hilfe.tarife import mit_ausgelieferten
from krs import bauen, cli
from krs.stammdaten.plan import blaetter, einstellungen_plan

WURZEL = Path(__file__).parents[1]
with mit_ausgelieferten():
    DATEIEN = dict(bauen.dateien())
DOKUMENTE = sorted([*WURZEL.glob("*.md"), *WURZEL.glob("docs/**/*.md"), *WURZEL.glob("addin/*.md")])


def teile(daten: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(daten)) as archiv:
        return {name: archiv.read(name) for name in archiv.namelist()}


@pytest.mark.parametrize("name", DATEIEN)
def test_die_eingecheckte_datei_ist_neu_gebaut_dieselbe(name: str) -> None:
    vorhanden = (WURZEL / name).read_bytes()
    if name.endswith(".xlsx"):  # packed by another zlib the bytes may differ, the parts may not (entwurf 1)
        assert teile(vorhanden) == teile(DATEIEN[name])
    else:
        assert vorhanden == DATEIEN[name]


def test_im_ordner_workbooks_liegt_nichts_anderes() -> None:
    gebaut = {name for name in DATEIEN if name.startswith("workbooks/")}
    assert {p.relative_to(WURZEL).as_posix() for p in (WURZEL / "workbooks").rglob("*.xlsx")} == gebaut


def test_gleiche_eingaben_geben_gleiche_bytes() -> None:
    with mit_ausgelieferten():
        assert dict(bauen.dateien()) == DATEIEN


@pytest.mark.parametrize("pfad", DOKUMENTE, ids=lambda p: p.relative_to(WURZEL).as_posix())
def test_verweise_fuehren_zu_dateien_und_die_schreibung_ist_schweizerisch(pfad: Path) -> None:
    text = pfad.read_text("utf-8")
    ziele = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert [z for z in ziele if not (pfad.parent / z).exists()] == []
    assert "ß" not in text


BEFEHLE = sorted(b.callback.__name__ for b in cli.app.registered_commands if b.callback)


@pytest.mark.parametrize("befehl", BEFEHLE)
def test_jeder_befehl_steht_in_readme_und_handbuch(befehl: str) -> None:
    """The page of all commands is generated; where and why one needs a command stands on a page written by hand."""
    genannt = re.compile(rf"(?:krs |run ){befehl}\b")
    seiten = [p for p in WURZEL.glob("docs/handbuch/*.md") if f"docs/handbuch/{p.name}" not in DATEIEN]
    assert genannt.search((WURZEL / "README.md").read_text("utf-8"))
    assert [p.name for p in seiten if genannt.search(p.read_text("utf-8"))] != []
    assert f"## krs {befehl}\n" in DATEIEN["docs/handbuch/befehle.md"].decode()


def test_die_readme_nennt_keinen_befehl_den_es_nicht_gibt() -> None:
    genannt = re.findall(r"^\./run krs (\w+)", (WURZEL / "README.md").read_text("utf-8"), re.MULTILINE)
    assert set(genannt) - set(BEFEHLE) == set()
    assert genannt


def test_jedes_blatt_und_jede_einstellung_der_stammdaten_steht_im_handbuch() -> None:
    handbuch = (WURZEL / "docs/handbuch/kanton.md").read_text("utf-8")
    namen = [b.name for b in blaetter()] + [e.titel for e in einstellungen_plan()]
    assert [n for n in namen if n not in handbuch] == []
