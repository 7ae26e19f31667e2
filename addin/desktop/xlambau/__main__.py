"""`./run addin`: write dist/krs.xlam, what install.ps1 needs beside it, and the lock of a server."""

from __future__ import annotations

import hashlib
import sys

from xlambau import DESKTOP, WURZEL, Baufehler
from xlambau.bauen import addin
from xlambau.sperre import desktop, server


def main() -> int:
    """Build, write and say where and what."""
    try:
        inhalt = addin()
        sperren = {"krs-desktop.lock": desktop(), "krs-server.lock": server()}
    except Baufehler as fehler:
        sys.stderr.write(f"{fehler}\n")
        return 1
    dist = WURZEL / "dist"
    dist.mkdir(exist_ok=True)
    (dist / "krs.xlam").write_bytes(inhalt)
    for name, sperre in sperren.items():
        (dist / name).write_bytes(sperre.encode())
    for skript in ("install.ps1", "uninstall.ps1"):
        (dist / skript).write_bytes((DESKTOP / skript).read_bytes())
    summe = hashlib.sha256(inhalt).hexdigest()
    sys.stdout.write(f"dist/krs.xlam: {len(inhalt)} Bytes, SHA-256 {summe}\n")
    sys.stdout.write("dist/krs-desktop.lock, dist/krs-server.lock, dist/install.ps1, dist/uninstall.ps1\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
