"""No test asserts a duration: how long something takes says how busy the machine is (`./run bench` measures)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
UHREN = frozenset(
    f"{uhr}{ns}" for uhr in ("perf_counter", "monotonic", "process_time", "thread_time", "time") for ns in ("", "_ns")
)


def behauptete_dauern(quelle: str) -> list[int]:
    """Return the lines that assert what a clock says. How long a loop waits before it gives up is none of these."""
    zeilen, baum = [], ast.parse(quelle)
    wartend = {id(n) for schleife in ast.walk(baum) if isinstance(schleife, ast.While) for n in ast.walk(schleife)}
    for bereich in _bereiche(baum):
        gestoppt: set[str] = set()
        for knoten in bereich:  # until nothing more depends on a clock
            if isinstance(knoten, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.NamedExpr) and knoten.value:
                ziele = knoten.targets if isinstance(knoten, ast.Assign) else [knoten.target]
                if _haengt_ab(knoten.value, gestoppt):
                    gestoppt |= {n.id for ziel in ziele for n in ast.walk(ziel) if isinstance(n, ast.Name)}
        behauptet = [k for k in bereich if isinstance(k, ast.Assert) and id(k) not in wartend]
        zeilen += [k.lineno for k in behauptet if _misst(k.test, gestoppt)]
    return sorted(set(zeilen))


def _bereiche(baum: ast.Module) -> Iterator[list[ast.AST]]:
    """Yield the nodes of each function and of the module, in the order of their lines."""
    funktionen = [n for n in ast.walk(baum) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for bereich in (baum, *funktionen):
        yield sorted(ast.walk(bereich), key=lambda n: getattr(n, "lineno", 0))


def _misst(behauptung: ast.expr, gestoppt: set[str]) -> bool:
    """Tell whether one of its comparisons, such as `dauer < 2`, depends on a clock."""
    vergleiche = [n for n in ast.walk(behauptung) if isinstance(n, ast.Compare)]
    geordnet = [v for v in vergleiche if any(isinstance(o, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for o in v.ops)]
    return any(_haengt_ab(v, gestoppt) for v in geordnet)


def _haengt_ab(ausdruck: ast.expr, gestoppt: set[str]) -> bool:
    """Tell whether an expression looks at a clock, or at what one said before."""
    return any(_uhr(n) or (isinstance(n, ast.Name) and n.id in gestoppt) for n in ast.walk(ausdruck))


def _uhr(knoten: ast.AST) -> bool:
    if not isinstance(knoten, ast.Call):
        return False
    ruf = knoten.func
    return (isinstance(ruf, ast.Name) and ruf.id in UHREN - {"time"}) or (
        isinstance(ruf, ast.Attribute)
        and ruf.attr in UHREN
        and isinstance(ruf.value, ast.Name)
        and ruf.value.id == "time"
    )


@pytest.mark.parametrize(
    ("quelle", "zeilen"),
    [
        ("assert time.perf_counter() - a < 2", [1]),
        ("a = time.monotonic()\nb()\nc = time.monotonic() - a\nassert c < 3", [4]),
        ("def f():\n    a, b = time.process_time(), 2\n    assert b < 3 and a > 1", [3]),
        ("from time import monotonic\nassert monotonic() < bis", [2]),
        ("a = time.monotonic()\nwhile time.monotonic() < a + 60: pass\nassert fertig", []),
        ("while not fertig():\n    assert time.monotonic() < bis\n    b()", []),
        ("jetzt = int(time.time())\nassert gueltig(jetzt)", []),
        ("assert uhr.time() == 3", []),
    ],
)
def test_so_sieht_eine_behauptete_dauer_aus(quelle: str, zeilen: list[int]) -> None:
    assert behauptete_dauern(quelle) == zeilen


@pytest.mark.parametrize("pfad", sorted(TESTS.rglob("*.py")), ids=lambda p: p.relative_to(TESTS).as_posix())
def test_keine_pruefung_behauptet_eine_dauer(pfad: Path) -> None:
    assert behauptete_dauern(pfad.read_text("utf-8")) == []
