"""What a comment, a docstring or a page refers to can be looked up in the repository."""

from __future__ import annotations

import ast
import io
import re
import runpy
import tokenize
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

WURZEL = Path(__file__).parents[1]
ORTE = ("addin", "benchmarks", "docs", "fuzz", "scripts", "src", "tests")
ARTEN = {".bas", ".cls", ".js", ".md", ".ps1", ".py", ".toml"}
GEBAUT = {"regeln.md", "befehle.md"}  # words of the program, with examples of file names
DATEIEN = sorted(
    p for p in [*WURZEL.iterdir(), *(p for o in ORTE for p in (WURZEL / o).rglob("*"))]
    if p.suffix in ARTEN and not {"dist", "node_modules", "__pycache__"}.intersection(p.parts)
)  # fmt: skip
SEITEN = [p for p in DATEIEN if p.suffix == ".md"]
# The collections of files and the schema lie outside; where they are, these tests use them.
DARF_HINAUS = {"test_lesen_korpus.py", "test_pain001.py", Path(__file__).name}
# What a page names that stands in no repository: made at run time, on another computer, or an example.
ANDERSWO = {
    "krs-desktop.lock", "krs-server.lock", "requirements.lock", "tokens.toml", "__main__.py", "office.js",
    "ribbon.xml", "uv.lock", "Office.js",
}  # fmt: skip
# krs.xlam, krs.so.ch
KEIN_MODUL = {"__path__", "conf", "example", "exe", "key", "pem", "service", "so", "xlam", "zugangscode"}
NUMMERN = r"\d+(?:\.\d+)?(?:(?:, | and | und | to | bis )\d+(?:\.\d+)?)*"


def kommentare(quelltext: str) -> Iterator[str]:
    """Yield comments and docstrings of Python; what a program says or computes with is no reference."""
    for knoten in ast.walk(ast.parse(quelltext)):
        if isinstance(knoten, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield ast.get_docstring(knoten) or ""
    for zeichen in tokenize.generate_tokens(io.StringIO(quelltext).readline):
        if zeichen.type == tokenize.COMMENT:
            yield zeichen.string


@cache
def prosa(pfad: Path) -> str:
    """Return what a file says to those who read it."""
    text = pfad.read_text("utf-8")
    if pfad.suffix == ".py":
        return "\n".join(kommentare(text))
    if pfad.suffix == ".toml":
        return "\n".join(re.findall(r"(?:^|\s)(#.*)$", text, re.MULTILINE))
    return text


def genannt(muster: str, pfad: Path) -> list[str]:
    """Return the numbers that follow a word."""
    return [n for alle in re.findall(rf"{muster}({NUMMERN})", prosa(pfad)) for n in re.findall(r"\d+(?:\.\d+)?", alle)]


@cache
def abschnitte() -> set[str]:
    text = (WURZEL / "docs" / "entwurf.md").read_text("utf-8")
    return set(re.findall(r"^#{2,3} (\d+(?:\.\d+)?)\.? ", text, re.MULTILINE))


@cache
def regeln() -> set[str]:
    return set(re.findall(r"^(\d+)\. ", (WURZEL / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE))


@cache
def seiten_der_entscheide() -> set[int]:
    return {int(p.name[:2]) for p in (WURZEL / "docs" / "entscheide").glob("[0-9][0-9]-*.md")}


def fehlende(finde: Callable[[Path], Iterable[str]], dateien: Iterable[Path] = DATEIEN) -> dict[str, list[str]]:
    """Return what cannot be looked up, by file."""
    alle = {p.relative_to(WURZEL).as_posix(): sorted(set(finde(p))) for p in dateien}
    return {name: gefunden for name, gefunden in alle.items() if gefunden}


def test_jede_genannte_stelle_des_entwurfs_steht_da() -> None:
    text = (WURZEL / "docs" / "entwurf.md").read_text("utf-8")
    abschnitte = set(re.findall(r"^#{2,3} (\d+(?:\.\d+)?)\.? ", text, re.MULTILINE))
    assert fehlende(lambda p: {*genannt(r"\b[Ee]ntwurf(?:\.md)? ", p)} - abschnitte) == {}


def test_jede_genannte_regel_des_hauses_steht_da() -> None:
    regeln = set(re.findall(r"^(\d+)\. ", (WURZEL / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE))
    assert regeln == {str(n) for n in range(1, 28)}
    assert fehlende(lambda p: {*genannt(r"\bCONTRIBUTING(?:\.md)? ", p)} - regeln) == {}


def test_jeder_genannte_entscheid_hat_seine_seite() -> None:
    seiten = {p.name[:2] for p in (WURZEL / "docs" / "entscheide").glob("[0-9][0-9]-*.md")}
    muster = r"(?:docs/entscheide/|\b[Ee]ntscheid |\b[Dd]ecision )"
    assert fehlende(lambda p: {n.zfill(2) for n in genannt(muster, p)} - seiten) == {}


def test_nichts_verweist_auf_was_ausserhalb_liegt() -> None:
    muster = r"\b(?:[Dd]esign|[Ss]tyle) (?:§ ?)?\d|\bnotes/\w+|\.\./shared\b"
    assert fehlende(lambda p: [] if p.name in DARF_HINAUS else re.findall(muster, prosa(p))) == {}


def test_jeder_genannte_pfad_fuehrt_zu_etwas() -> None:
    assert fehlende(falsche_pfade, (p for p in DATEIEN if p.name not in GEBAUT)) == {}


def falsche_pfade(pfad: Path) -> Iterator[str]:
    """Yield paths and names of files that are nowhere; in blocks of a page stand examples."""
    text = re.sub(r"```.*?```", "", prosa(pfad), flags=re.DOTALL) if pfad.suffix == ".md" else prosa(pfad)
    for p in re.findall(rf"(?<![\w/.-])((?:{'|'.join(ORTE)}|krs|workbooks|requirements)/[\w./*-]*\w)", text):
        hier = p.removeprefix("krs/") if p.startswith("krs/docs") else p  # an installed krs carries the manual along
        if "NAME" not in p and not any([*WURZEL.glob(f"{hier}*"), *(WURZEL / "src").glob(f"{hier}*")]):
            yield p
    for d in re.findall(r"(?<![\w/.*{}…<>-])([\w-]+\.(?:bas|cls|js|lock|md|ps1|py|toml))\b(?!\()", text):
        if d not in namen():
            yield d


@cache
def namen() -> set[str]:
    """Return the names of all files of the repository."""
    return {p.name for o in ORTE for p in (WURZEL / o).rglob("*")} | {p.name for p in WURZEL.iterdir()} | ANDERSWO


def test_jedes_genannte_modul_gibt_es() -> None:
    assert fehlende(falsche_module) == {}


def falsche_module(pfad: Path) -> Iterator[str]:
    for name in re.findall(r"(?<![\w/.-])krs\.([a-z_][a-z_0-9]*(?:\.[a-z_][a-z_0-9]*)*)\b(?![/(-])", prosa(pfad)):
        if name.partition(".")[0] not in KEIN_MODUL and not modul_oder_name(name.split(".")):
            yield name


def modul_oder_name(teile: list[str]) -> bool:
    """Tell whether `a.b.c` is a module below krs, or something that a module there defines or imports."""
    ort = WURZEL / "src" / "krs"
    for n, teil in enumerate(teile):
        if (ort / teil).is_dir():
            ort /= teil
        elif (ort / f"{teil}.py").is_file():
            ort /= f"{teil}.py"
        elif any((ort.parent if ort.suffix else ort).glob(f"{teil}.*")):
            return True
        else:
            quelle = (ort if ort.suffix else ort / "__init__.py").read_text("utf-8")
            return n == len(teile) - 1 and re.search(rf"\b{teil}\b", quelle) is not None
    return True


def spruenge(text: str) -> set[str]:
    """Return the anchors of a page as GitHub makes them."""
    titel = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"\]\([^)]*\)", "", t).lower()).replace(" ", "-") for t in titel}


@pytest.mark.parametrize("pfad", SEITEN, ids=lambda p: p.relative_to(WURZEL).as_posix())
def test_jeder_verweis_und_jeder_sprung_einer_seite_fuehrt_irgendwohin(pfad: Path) -> None:
    text = pfad.read_text("utf-8")
    assert "ß" not in text
    for ziel, sprung in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)", text):
        datei = pfad.parent / ziel if ziel else pfad
        assert datei.exists(), ziel
        assert not sprung or sprung in spruenge(datei.read_text("utf-8")), f"{ziel}#{sprung}"


def test_das_bild_der_schichten_ist_neu_gezeichnet_dasselbe() -> None:
    skript = runpy.run_path(str(WURZEL / "scripts" / "schichten.py"))
    assert skript["ZIEL"].read_text("utf-8") == skript["zeichne"](), "python scripts/schichten.py zeichnet es neu"
