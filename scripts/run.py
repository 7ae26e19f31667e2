"""What ./run and run.cmd do, on every system. Standard library only: it runs before .venv exists."""

import difflib
import os
import subprocess
import sys
from collections.abc import Callable

import debian
import umgebung
from umgebung import BIN, PYTHON, ROOT, Abbruch

HELP = """\
./run demo [ORDNER]      ein ganzes Jahr mit Beispieldaten
./run krs BEFEHL …       das Programm selbst (./run krs --help)
./run schnell            rasche Prüfung: Stil, Typen, Schichten, Tests ohne andere Programme
./run test [ARGUMENTE]   alle Prüfungen; mit Argumenten nur pytest (./run test -k name)
./run bauen              erzeugte Dateien neu bauen
./run addin              das Excel-Add-in für Windows bauen (dist/krs.xlam)
./run bench [ARGUMENTE]  Zeiten messen
./run fuzz [ARGUMENTE]   zufällige Eingaben
./run jahre [ARGUMENTE]  zweieinhalb Jahre des Amts, durchgespielt
./run env [TEIL]         nur die Umgebung .venv einrichten (TEIL: kern, server, addin, test)

Jeder Befehl richtet zuerst in .venv ein, was er braucht: Versionen und Prüfsummen stehen in requirements/.
"""

CHECKS = [
    ["ruff", "check"],
    ["ruff", "format", "--check"],
    ["mypy"],
    ["lint-imports", "--no-logo"],
]
# Two workers for two cores; loadgroup keeps tests with the same xdist_group mark in one of them.
# What needs no LibreOffice, no browser, no server and no whole demo.
PURE = ["recht", "formulare", "stammdaten", "urteil", "schreiben", "lauf", "export"]
PYTEST_PURE = ["pytest", "-n", "2", "-q", *(f"tests/{name}" for name in PURE)]
PYTEST_ALL = ["pytest", "-n", "2", "--dist", "loadgroup", "--cov", "--cov-report", "term:skip-covered"]


def test(args: list[str]) -> int:
    """Everything in order, up to the first failure; with arguments only pytest, without its workers."""
    debian.ensure_test_packages()
    if os.environ.get("CI", "").lower() in {"true", "1"}:
        os.environ["KRS_CI"] = "1"  # the tests then fail where they would skip for a missing program
    return _check([["pytest", *args]] if args else [*CHECKS, PYTEST_ALL])


def schnell(_args: list[str]) -> int:
    """The checks that take less than a minute."""
    return _check([*CHECKS, PYTEST_PURE])


def _check(checks: list[list[str]]) -> int:
    for check in checks:
        print(f"== {' '.join(check)}", flush=True)
        code = subprocess.call([_tool(check[0]), *check[1:]], cwd=ROOT)
        if code != 0:
            print(f"Fehlgeschlagen: {' '.join(check)}", file=sys.stderr)
            return code
    return 0


def krs(args: list[str]) -> int:
    return _become([_tool("krs"), *args])


def demo(args: list[str]) -> int:
    return krs(["demo", *args])


def bauen(args: list[str]) -> int:
    os.chdir(ROOT)
    return _become([str(PYTHON), "-m", "krs.bauen", *args])


def addin(args: list[str]) -> int:
    os.chdir(ROOT / "addin" / "desktop")  # where the package of the build stands
    return _become([str(PYTHON), "-m", "xlambau", *args])


def env(_args: list[str]) -> int:
    return 0


def _folder(name: str) -> Callable[[list[str]], int]:
    """A command that lives in a folder of that name beside src/ (benchmarks/__main__.py)."""

    def start(args: list[str]) -> int:
        if not (ROOT / name / "__main__.py").exists():
            raise Abbruch(f"«./run {name}» gibt es noch nicht.")
        os.chdir(ROOT)
        return _become([str(PYTHON), "-m", name, *args])

    return start


# Each with the layer of the environment that it needs.
COMMANDS: dict[str, tuple[Callable[[list[str]], int], str]] = {
    "demo": (demo, "kern"),
    "krs": (krs, "kern"),
    "schnell": (schnell, "test"),
    "test": (test, "test"),
    "bauen": (bauen, "kern"),
    "addin": (addin, "addin"),
    "bench": (_folder("benchmarks"), "test"),
    "fuzz": (_folder("fuzz"), "test"),
    "jahre": (_folder("jahre"), "test"),
    "env": (env, "kern"),
}


def _tool(name: str) -> str:
    return str(BIN / (f"{name}.exe" if os.name == "nt" else name))


def _become(command: list[str]) -> int:
    """The command takes our place and gets our signals; Windows has nothing like it."""
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)


def main(args: list[str]) -> int:
    if not args or args[0] in {"-h", "--help", "hilfe"}:
        print(HELP, end="")
        return 0
    name, rest = args[0], args[1:]
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, 1)
        hint = f" Meinten Sie «./run {near[0]}»?" if near else ""
        raise Abbruch(f"Unbekannter Befehl «{name}».{hint} ./run ohne Argument zeigt die Befehle.")
    command, layer = COMMANDS[name]
    umgebung.ensure(_layer(name, rest) or layer)
    return command(rest)


def _layer(name: str, rest: list[str]) -> str:
    """The layer that the arguments ask for, if they do."""
    if name == "krs" and rest[:1] == ["serve"]:
        return "server"
    if name == "env" and rest:
        if rest[0] not in umgebung.LAYERS:
            raise Abbruch(f"«./run env {rest[0]}» gibt es nicht; die Teile heissen {', '.join(umgebung.LAYERS)}.")
        return rest[0]
    return ""


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a pipe on Windows is not UTF-8
    try:
        sys.exit(main(sys.argv[1:]))
    except Abbruch as abbruch:
        print(abbruch, file=sys.stderr)
        sys.exit(2)
    except OSError as error:  # no right to write here, disk full
        print(f"Nicht möglich: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
