"""krs-desktop.lock and krs-server.lock: of requirements.lock only what they need, with the same versions and hashes."""

from __future__ import annotations

import re
import tomllib

from xlambau import WURZEL, Baufehler

DESKTOP, SERVER = "desktop", "server"
KOPF = "# From requirements.lock by ./run addin; to be installed with --require-hashes.\n"


def sperre(lock: str, pyproject: str, extra: str = DESKTOP) -> str:
    """Return the entries of a lock that krs with this extra needs, directly or through another package."""
    projekt = tomllib.loads(pyproject)["project"]
    noetig = {_name(d) for d in [*projekt["dependencies"], *projekt["optional-dependencies"][extra]]}
    eintraege = {_name(e): e for e in re.findall(r"^[A-Za-z0-9].*\n(?:[ ].*\n)*", lock, re.MULTILINE)}
    fehlt = noetig - eintraege.keys()
    if fehlt:
        raise Baufehler(f"In requirements.lock fehlt «{min(fehlt)}»; erneuern Sie die Datei.")
    while neue := {n for n, e in eintraege.items() if n not in noetig and _gebraucht_von(e) & noetig}:
        noetig |= neue
    return KOPF + "".join(e for n, e in sorted(eintraege.items()) if n in noetig)


def desktop() -> str:
    """Return krs-desktop.lock of this checkout, for the PCs of the Windows add-in."""
    return _hier(DESKTOP)


def server() -> str:
    """Return krs-server.lock of this checkout: the server without the tools of the tests."""
    return _hier(SERVER)


def _hier(extra: str) -> str:
    lock, pyproject = ((WURZEL / name).read_text(encoding="utf-8") for name in ("requirements.lock", "pyproject.toml"))
    return sperre(lock, pyproject, extra)


def _gebraucht_von(eintrag: str) -> set[str]:
    return {_name(von) for von in re.findall(r"^    # (?:via|  ) *([A-Za-z0-9].*)", eintrag, re.MULTILINE)}


def _name(text: str) -> str:
    treffer = re.match(r"[A-Za-z0-9._-]+", text)
    return re.sub(r"[-_.]+", "-", treffer.group()).lower() if treffer else ""
