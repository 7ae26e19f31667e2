"""Debian packages that the tests need: installed if missing and if we may."""

import os
import shutil
import subprocess
import sys

# Each with what it is for; without it the tests that need it are skipped (in CI: they fail).
TEST_PACKAGES = {
    "libreoffice-calc": "rechnet die Formeln der Mappen nach",
    "python3-uno": "steuert LibreOffice",
    "poppler-utils": "macht aus PDF Bilder und Text",
    "fonts-liberation": "Schrift mit den Massen von Arial",
    "chromium": "bedient den Aufgabenbereich",
}


def ensure_test_packages() -> None:
    if shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        _say_missing_programs()
        return
    missing = [package for package in TEST_PACKAGES if not _installed(package)]
    if not missing or install(missing):
        return
    for package in missing:
        if not _installed(package):
            _say(f"Es fehlt: {package} ({TEST_PACKAGES[package]}). Tests, die es brauchen, entfallen.")


def install(packages: list[str]) -> bool:
    """Install with apt-get if it exists and we are root or sudo asks no password; say why not."""
    prefix = _root_prefix()
    names = " ".join(packages)
    if shutil.which("apt-get") is None or prefix is None:
        _say(f"Es fehlen Debian-Pakete, und ohne Root-Rechte lassen sie sich nicht einrichten: {names}")
        return False
    _say(f"Debian-Pakete werden installiert: {names} …")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    apt += ["-o", "DPkg::Lock::Timeout=300"]  # another apt-get may be running
    run([*apt, "update"])  # may fail in part; the install below tells whether it mattered
    result = run([*apt, "install", "-y", "--no-install-recommends", *packages])
    if result.returncode != 0:
        print(result.stdout.decode(errors="replace"), file=sys.stderr)
        _say(f"apt-get konnte nicht installieren: {names}")
    return result.returncode == 0


def run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run without input; what it prints is kept, to be shown if it fails."""
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )


def _installed(package: str) -> bool:
    result = run(["dpkg-query", "-W", "-f", "${db:Status-Abbrev}", package])
    return result.returncode == 0 and result.stdout.startswith(b"ii")


def _root_prefix() -> list[str] | None:
    if sys.platform != "win32" and os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None


def _say_missing_programs() -> None:
    for program, package in {"soffice": "LibreOffice Calc", "pdftoppm": "poppler-utils"}.items():
        if shutil.which(program) is None:
            _say(f"Es fehlt: {program} ({package}). Tests, die es brauchen, entfallen.")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
