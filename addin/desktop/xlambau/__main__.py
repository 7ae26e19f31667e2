"""`./run addin`: write dist/krs.xlam, and what install.ps1 needs beside it."""

from __future__ import annotations

import hashlib
import shutil
import sys

from xlambau import DESKTOP, WURZEL, Baufehler
from xlambau.bauen import addin


def main() -> int:
    """Build, write and say where and what."""
    try:
        inhalt = addin()
    except Baufehler as fehler:
        sys.stderr.write(f"{fehler}\n")
        return 1
    dist = WURZEL / "dist"
    dist.mkdir(exist_ok=True)
    (dist / "krs.xlam").write_bytes(inhalt)
    shutil.copyfile(WURZEL / "requirements" / "desktop.lock", dist / "krs-desktop.lock")
    for skript in ("install.ps1", "uninstall.ps1"):
        shutil.copyfile(DESKTOP / skript, dist / skript)
    summe = hashlib.sha256(inhalt).hexdigest()
    sys.stdout.write(f"dist/krs.xlam: {len(inhalt)} Bytes, SHA-256 {summe}\n")
    sys.stdout.write("dist/krs-desktop.lock, dist/install.ps1, dist/uninstall.ps1\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
