"""The project's environment `.venv`: exactly what the locks in requirements/ say, plus krs itself in editable form.

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
LOCKS = ROOT / "requirements"
# What a command needs: these locks. Each is complete by itself; what stands in two has the same version in both.
LAYERS = {
    "kern": ("kern",),
    "server": ("kern", "server"),
    "addin": ("kern", "addin"),
    "test": ("kern", "server", "desktop", "addin", "test"),
}
MEGABYTES = {"kern": 12, "server": 29, "addin": 15, "test": 150}  # to be downloaded into an empty .venv
STAMP = VENV / "krs-stamp.json"
# run may have started us with .venv itself; an environment is made by the interpreter beneath.
BASE = getattr(sys, "_base_executable", sys.executable)
PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]


class Abbruch(Exception):
    """Something the user has to know: one German sentence, exit code 2."""


def ensure(layer: str) -> None:
    """Make `.venv` hold what this layer needs; what is there and still right stays."""
    if _fits(layer):
        return
    with _exclusive():
        if not _fits(layer):  # another ./run may have done it meanwhile
            _build(layer)


def _fits(layer: str) -> bool:
    stamp, now = _stamp(), _now()
    return all(stamp.get(key) == now[key] for key in ("place", "krs", *LAYERS[layer]))


def _build(layer: str) -> None:
    """Add what is missing, or begin anew. What is begun counts only at the end: half an install is never trusted."""
    stamp, now = _stamp(), _now()
    # A lock that changed may have lost a package, and only a new environment has no remains of it.
    if "place" not in stamp or any(stamp[key] != now.get(key) for key in stamp if key != "krs"):
        stamp = {}
    locks = [name for name in LAYERS[layer] if name not in stamp]
    if locks:
        size = f"höchstens {MEGABYTES[layer]} MB aus dem Paketverzeichnis"
        print(f"Die Umgebung .venv wird eingerichtet ({size}) …", file=sys.stderr, flush=True)
    # If this fails half-way, what was whole before can still be used; the rest is then made anew.
    begun = [key for key in ("krs", *locks) if stamp.get(key) != now[key]]
    _write(stamp | dict.fromkeys(begun, "") if stamp else {})
    if not stamp:
        _ensure_venv_module()
        _quietly([BASE, "-m", "venv", "--clear", str(VENV)])
    if locks:
        files = [f"--requirement={LOCKS / name}.lock" for name in locks]
        # --no-deps: the locks are complete; an old pip would look for coverage[toml] by itself, in a newer version.
        _quietly([*PIP, "install", "--require-hashes", "--no-deps", *files])
    if stamp.get("krs") != now["krs"]:
        _quietly([*PIP, "install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT)])
    _quietly([*PIP, "check"])
    _write(stamp | {key: now[key] for key in ("place", "krs", *LAYERS[layer])})


def _write(stamp: dict[str, str]) -> None:
    VENV.mkdir(exist_ok=True)
    partial = STAMP.with_suffix(".tmp")
    partial.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    partial.replace(STAMP)


def _now() -> dict[str, str]:
    """What the stamp is compared with: the place, the metadata of krs, and the hash of each lock."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    metadata = [pyproject["build-system"], pyproject["project"], pyproject["tool"].get("hatch")]
    # The path counts: an environment that was moved or copied still points to the old place.
    place = [str(ROOT), sysconfig.get_python_version()]
    return {
        "place": _sha256(json.dumps(place).encode()),
        "krs": _sha256(json.dumps(metadata, sort_keys=True).encode()),
        **{lock.stem: _sha256(lock.read_bytes()) for lock in LOCKS.glob("*.lock")},
    }


def _stamp() -> dict[str, str]:
    try:
        if not PYTHON.exists():  # also false if the base interpreter is gone
            return {}
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


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
