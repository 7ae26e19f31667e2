"""The manual names every function, macro, entry and setting; its links, pictures and commands exist."""

from __future__ import annotations

import ast
import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup

from krs import cli
from krs.excel.katalog import Funktion, funktionen
from krs.excel.makrokatalog import Makro, makros
from krs.excel.server.einstellungen import Einstellungen, variable

WURZEL = Path(__file__).parents[2]
HANDBUCH = WURZEL / "docs" / "handbuch"
SEITEN = sorted(HANDBUCH.glob("*.md"))
LISTE = HANDBUCH / "windows-pruefliste.md"


def seite(name: str) -> str:
    return (HANDBUCH / name).read_text("utf-8")


def abschnitt(text: str, titel: str) -> str:
    """Return what stands under a heading of the third level, up to the next heading."""
    treffer = re.search(rf"^### {re.escape(titel)}\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    return treffer.group(1) if treffer else ""


def befehle() -> dict[str, TyperCommand]:
    gruppe = typer.main.get_command(cli.app)
    assert isinstance(gruppe, TyperGroup)
    return {name: befehl for name, befehl in gruppe.commands.items() if isinstance(befehl, TyperCommand)}


def optionen(befehl: TyperCommand) -> set[str]:
    return {name for p in befehl.params for name in p.opts if name.startswith("--")} | {"--help"}


def aufrufe(text: str) -> list[str]:
    """Return what the manual tells to type: calls of krs in code, without comments."""
    code = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    zeilen = [zeile for block in code for zeile in block.splitlines()]
    zeilen += re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    treffer = (re.search(r"(?:^|[ /\\])krs ([a-z0-9]+\b[^#]*)", zeile) for zeile in zeilen)
    return [t.group(1).strip() for t in treffer if t]


@pytest.mark.parametrize("funktion", funktionen(), ids=lambda f: f.name)
def test_jede_funktion_hat_ihren_platz_im_handbuch(funktion: Funktion) -> None:
    text = abschnitt(seite("excel-funktionen.md"), funktion.excel)
    assert text, f"{funktion.excel} fehlt in excel-funktionen.md (Überschrift «### {funktion.excel}»)."
    assert [a.name for a in funktion.argumente if a.name not in text] == []
    assert f"={funktion.excel}(" in text, "Ein Beispiel fehlt."


@pytest.mark.parametrize("makro", makros(), ids=lambda m: m.name)
def test_jedes_makro_hat_seinen_platz_im_handbuch(makro: Makro) -> None:
    text = abschnitt(seite("excel.md"), makro.knopf)
    assert text, f"«{makro.knopf}» fehlt in excel.md."
    assert f"`{makro.name}`" in text
    genannt = re.findall(r"^\| (?:\*\*)?(.+?)(?:\*\*)? \|", text, re.MULTILINE)[1:]  # behind the heading
    assert genannt == [f.text for f in makro.felder]
    assert re.findall(r"^\| \*\*(.+?)\*\* \|", text, re.MULTILINE) == [f.text for f in makro.felder if f.pflicht]
    if makro.rolle is not None:
        assert f"Rolle {makro.rolle}" in text


@pytest.mark.parametrize("makro", makros(), ids=lambda m: m.name)
def test_jedes_makro_nennt_denselben_befehl_der_befehlszeile(makro: Makro) -> None:
    text = abschnitt(seite("excel.md"), makro.knopf)
    assert [a for a in aufrufe(text) if a.split()[0] in befehle()] != []


@pytest.mark.parametrize("name", ["serve", "token"])
def test_jede_option_des_servers_hat_ihren_platz_im_handbuch(name: str) -> None:
    text = seite("it.md")
    assert f"krs {name} " in text
    assert {o for o in optionen(befehle()[name]) if f"| `{o} " not in text} == {"--help"}


def test_jede_einstellung_des_servers_hat_ihren_platz_im_handbuch() -> None:
    zeilen = re.findall(r"^\| .+? \| `(KRS_\w+)` \| (.+?) \|", seite("it.md"), re.MULTILINE)
    felder = {variable(f.name): f.default for f in fields(Einstellungen)}
    assert sorted(name for name, _ in zeilen) == sorted(felder)
    # A default that is a short value stands there as it is.
    falsch = {n: v for n, v in zeilen if isinstance(felder[n], int) and v != f"`{felder[n]}`"}
    assert falsch == {}


@pytest.mark.parametrize("pfad", SEITEN, ids=lambda p: p.stem)
def test_was_das_handbuch_zu_tippen_heisst_gibt_es(pfad: Path) -> None:
    for aufruf in aufrufe(pfad.read_text("utf-8")):
        befehl = befehle().get(aufruf.split()[0])
        assert befehl is not None, f"{pfad.name}: «krs {aufruf}» gibt es nicht."
        bekannt = optionen(befehl)
        worte = shlex.split(aufruf.replace("…", " "), posix=False)
        assert [w for w in worte if w.startswith("--") and w.split("=")[0] not in bekannt] == [], (
            f"{pfad.name}: {aufruf}"
        )


@pytest.mark.parametrize("pfad", SEITEN, ids=lambda p: p.stem)
def test_verweise_spruenge_und_bilder_fuehren_irgendwohin(pfad: Path) -> None:
    text = pfad.read_text("utf-8")
    assert "ß" not in text
    for ziel, sprung in re.findall(r"\]\(([^)#:\s]*)(?:#([^)\s]+))?\)", text):
        datei = pfad.parent / ziel if ziel else pfad
        assert datei.exists(), f"{pfad.name}: {ziel} fehlt."
        assert not sprung or sprung in spruenge(datei.read_text("utf-8")), f"{pfad.name}: #{sprung} fehlt in {ziel}."


def spruenge(text: str) -> set[str]:
    """Return the anchors of a page as GitHub makes them."""
    titel = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titel}


def saetze() -> str:
    """Return every text of the program that a user may read, one a line; «…» for what is put in."""
    texte = []
    for pfad in sorted((WURZEL / "src" / "krs").rglob("*.py")):
        for knoten in ast.walk(ast.parse(pfad.read_text("utf-8"))):
            if isinstance(knoten, ast.Constant) and isinstance(knoten.value, str):
                texte.append(re.sub(r"\{\w+\}", "…", knoten.value))
            elif isinstance(knoten, ast.JoinedStr):
                texte.append("".join(str(t.value) if isinstance(t, ast.Constant) else "…" for t in knoten.values))
    for pfad in sorted((WURZEL / "addin").rglob("*.js")):
        texte += re.findall(r'"([^"\n]+)"', pfad.read_text("utf-8"))
        texte += [re.sub(r"\$\{[^}]+\}", "…", t) for t in re.findall(r"`([^`]+)`", pfad.read_text("utf-8"))]
    return "\n".join(texte)


@pytest.mark.parametrize("name", ["it.md", "excel.md"])
def test_die_meldungen_im_handbuch_gibt_das_programm_so_aus(name: str) -> None:
    erste = re.findall(r"^\| «(.+?)» \| ", seite(name), re.MULTILINE)
    vorhanden = saetze()
    muster = {satz: ".{1,60}".join(re.escape(t) for t in satz.split("…")) for satz in erste}
    assert erste
    assert [satz for satz, m in muster.items() if not re.search(m, vorhanden)] == []


def test_die_bilder_des_aufgabenbereichs_stehen_im_handbuch() -> None:
    vorhanden = {p.name for p in (WURZEL / "docs" / "bilder").glob("addin-*.png")}
    assert vorhanden
    assert vorhanden == set(re.findall(r"\((?:\.\./bilder/)(addin-[\w-]+\.png)\)", seite("excel.md")))


def test_die_pruefliste_hat_zwoelf_bis_zwanzig_vollstaendige_schritte() -> None:
    text = LISTE.read_text("utf-8")
    zeilen = [
        [feld.strip() for feld in zeile.strip().strip("|").split("|")]
        for zeile in text.splitlines()
        if zeile[:1] == "|"
    ]
    kopf = ["Nr.", "Schritt", "Was Sie tun", "Was zu sehen sein muss", "Wenn nicht"]
    assert zeilen.count(kopf) >= 1
    schritte = [z for z in zeilen if z[0].isdigit()]
    assert [int(z[0]) for z in schritte] == list(range(1, len(schritte) + 1))
    assert 12 <= len(schritte) <= 20
    assert [z for z in schritte if len(z) != len(kopf) or not all(z)] == []
    assert any({"Ausgabe von krs", "Datum", "Ergebnis"} <= set(z) for z in zeilen), "Das Protokoll fehlt."
