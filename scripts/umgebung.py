"""The project's environment `.venv`: exactly requirements.lock, plus krs itself in editable form.

Runs on the base interpreter, so it uses the standard library only.
"""

import contextlib
import hashlib
import json
import os
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import debian

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "krs-stamp.json"
# run may have started us with .venv itself; an environment is made by the interpreter beneath.
BASE = getattr(sys, "_base_executable", sys.executable)
PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]


class Abbruch(Exception):
    """Something the user has to know: one German sentence, exit code 2."""


def ensure() -> None:
    """Make `.venv` what the lock says. The stamp is written last, so half an install is never trusted."""
    if _stamp() == _wanted():
        return
    with _exclusive():
        wanted, found = _wanted(), _stamp()
        if found == wanted:  # another ./run has done it meanwhile
            return
        STAMP.unlink(missing_ok=True)
        if found.get("environment") != wanted["environment"]:
            _rebuild()
        _install_project()
        partial = STAMP.with_suffix(".tmp")
        partial.write_text(json.dumps(wanted, indent=1), encoding="utf-8")
        partial.replace(STAMP)


def _wanted() -> dict[str, str]:
    """Two hashes: a change of the lock rebuilds everything, one of the metadata only reinstalls krs."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    metadata = [pyproject["build-system"], pyproject["project"], pyproject["tool"].get("hatch")]
    # The path counts: an environment that was moved or copied still points to the old place.
    place = [str(ROOT), sysconfig.get_python_version()]
    return {
        "environment": _sha256(LOCK.read_bytes() + json.dumps(place).encode()),
        "project": _sha256(json.dumps(metadata, sort_keys=True).encode()),
    }


def _stamp() -> dict[str, str]:
    try:
        if not PYTHON.exists():  # also false if the base interpreter is gone
            return {}
        stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp


def _rebuild() -> None:
    print("Die Umgebung .venv wird eingerichtet; das dauert etwa eine Minute …", file=sys.stderr, flush=True)
    _ensure_venv_module()
    _quietly([BASE, "-m", "venv", "--clear", str(VENV)])
    _quietly([*PIP, "install", "--require-hashes", "--no-deps", "-r", str(LOCK)])


def _install_project() -> None:
    _quietly([*PIP, "install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT)])
    _quietly([*PIP, "check"])


def _ensure_venv_module() -> None:
    """Debian ships Python without ensurepip; the package python3.N-venv has it."""
    if _has_ensurepip():
        return
    package = f"python{sysconfig.get_python_version()}-venv"
    if BASE.startswith("/usr/bin/"):
        debian.install([package])
    if not _has_ensurepip():
        raise Abbruch(
            f"Dem Python {BASE} fehlt das Modul venv. Installieren Sie das Paket {package} "
            "(Debian, Ubuntu) oder ein vollständiges Python ab 3.11."
        )


def _has_ensurepip() -> bool:
    return debian.run([BASE, "-c", "import ensurepip, venv"]).returncode == 0


def _quietly(command: list[str]) -> None:
    """Run; show its output only if it fails."""
    result = debian.run(command)
    if result.returncode != 0:
        print(result.stdout.decode(errors="replace"), file=sys.stderr)
        raise Abbruch(
            f"Die Umgebung .venv konnte nicht eingerichtet werden (Schritt «{' '.join(command[1:])}», "
            f"Code {result.returncode}). Die Meldung steht darüber; nach der Behebung ./run erneut starten."
        )


@contextlib.contextmanager
def _exclusive() -> Iterator[None]:
    """Two ./run at once: the second waits. The system lets go of the lock even after a kill."""
    with (ROOT / ".venv.lock").open("a") as handle:
        _lock(handle)
        yield


def _lock(handle: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt
        import time

        while True:
            with contextlib.suppress(OSError):
                msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
                break
            time.sleep(0.5)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
