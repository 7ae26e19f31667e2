"""The pages of docs/entscheide name tests that exist, and the index names the pages."""

import re
import tomllib
from pathlib import Path

import pytest

WURZEL = Path(__file__).parents[2]
SEITEN = sorted((WURZEL / "docs" / "entscheide").glob("[0-9][0-9]-*.md"))
ABSCHNITTE = ("Frage.", "Lesart.", "Begründung.", "Folge in der Software.", "Test:")


def namen_der_faelle(datei: str) -> set[str]:
    faelle = tomllib.loads((WURZEL / datei).read_text(encoding="utf-8"))
    return {
        fall.get("name", "")
        for art in faelle.values()
        if isinstance(art, list)
        for fall in art
        if isinstance(fall, dict)
    }


def test_jede_lesart_hat_ihre_seite() -> None:
    assert set(range(1, 23)) <= {int(seite.name[:2]) for seite in SEITEN}
    verzeichnis = (WURZEL / "docs" / "entscheide" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((.+?)\)", verzeichnis) == [seite.name for seite in SEITEN]


@pytest.mark.parametrize("seite", SEITEN, ids=lambda seite: seite.stem)
def test_jede_seite_hat_ihre_abschnitte_und_nennt_tests_die_es_gibt(seite: Path) -> None:
    text = seite.read_text(encoding="utf-8")
    assert re.findall(r"^\*\*(.+?)\*\*", text, re.MULTILINE) == list(ABSCHNITTE)
    assert "ß" not in text
    test = text.split("**Test:**")[1]
    for datei, namen in re.findall(r"`(tests/[^`]+\.py)`: ((?:`test_\w+`(?:, )?)+)", test):
        quelltext = (WURZEL / datei).read_text(encoding="utf-8")
        assert [name for name in re.findall(r"`(test_\w+)`", namen) if f"def {name}(" not in quelltext] == []
    for datei, genannt in re.findall(r"`(tests/faelle/\w+\.toml)`: ((?:«[^»]+»(?:, )?)+)", test):
        assert set(re.findall(r"«([^»]+)»", genannt)) <= namen_der_faelle(datei)
