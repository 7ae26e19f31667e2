"""What must be right before the server starts, so that the first user does not find it out."""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
from importlib.util import find_spec
from pathlib import Path

from krs.ablage.ordner import Ablage, AblageFehler, kein_recht
from krs.excel.server import tokendatei
from krs.excel.server.einstellungen import Einstellungen, ist_lokal

_TEILE = ("xlwings_server", "starlette", "uvicorn", "orjson", "python_multipart", "anyio", "httpx", "joserfc")


def vorhanden() -> bool:
    """Tell whether krs[server] is installed."""
    return all(find_spec(teil) for teil in _TEILE)


def pruefe(e: Einstellungen) -> list[str]:
    """Return warnings. Raises: ValueError, AblageFehler: one German sentence why it does not start."""
    warnungen = []
    if e.ablage is not None:
        ordner = Ablage.oeffnen(e.ablage).pfad
        if not os.access(ordner, os.W_OK | os.X_OK):
            raise AblageFehler(kein_recht(ordner))
    if e.tokens is not None:
        tokendatei.lies(e.tokens)
        if tokendatei.zu_offen(e.tokens):
            warnungen.append(f"Achtung: Andere können «{e.tokens}» lesen. Beschränken Sie die Rechte (chmod 600).")
    if not (ist_lokal(e.host) or e.zertifikat or e.proxy):
        warnungen.append(
            "Achtung: Der Server spricht kein HTTPS. Stellen Sie einen Proxy davor (--proxy) oder nennen Sie "
            "--zertifikat und --schluessel."
        )
    _proxys(e.proxy)
    if e.zertifikat is not None and e.schluessel is not None:
        _https(e.zertifikat, e.schluessel)
    _frei(e.host, e.port)
    return warnungen


def _proxys(adressen: str) -> None:
    """Raise one sentence for what never matches: every visitor would then seem to come from the proxy."""
    for adresse in adressen.split(",") if adressen else ():
        try:
            ipaddress.ip_network(adresse.strip(), strict=False)
        except ValueError:
            raise ValueError(
                f"«{adresse.strip()}» ist keine Adresse eines Proxys. Nennen Sie IP-Adressen oder Netze, mit Komma "
                "getrennt, zum Beispiel 127.0.0.1 oder 10.0.0.0/24."
            ) from None


def _https(zertifikat: Path, schluessel: Path) -> None:
    """Raise one sentence if these files make no HTTPS; for a password nobody could be asked."""
    for datei in (zertifikat, schluessel):
        if not datei.is_file():
            raise AblageFehler(f"Die Datei «{datei}» gibt es nicht. Prüfen Sie den Pfad.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(zertifikat, schluessel, password="")
    except OSError:
        raise ValueError(
            f"Mit «{zertifikat}» und «{schluessel}» geht HTTPS nicht. Nötig sind zwei lesbare Dateien im Format PEM, "
            "die zusammengehören, der Schlüssel ohne Kennwort."
        ) from None


def _frei(host: str, port: int) -> None:
    """Raise one sentence if nobody can listen there, or somebody else does."""
    if not 0 <= port <= 65_535:  # the system would take the remainder, and 0 is any free one
        raise ValueError(f"Den Port {port} gibt es nicht. Nennen Sie mit --port eine Zahl von 1 bis 65535.")
    try:
        familie, art, protokoll, _, ort = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(familie, art, protokoll) as versuch:
            if os.name == "posix":  # on Windows it would let two servers share one port
                versuch.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            versuch.bind(ort)
    except PermissionError:
        raise ValueError(
            f"Für Port {port} fehlt diesem Konto das Recht. Nennen Sie mit --port einen ab 1024 und stellen Sie einen "
            "Proxy davor."
        ) from None
    except OSError:
        raise ValueError(
            f"Auf {host}, Port {port} kann der Server nicht warten. Läuft er schon? Sonst nennen Sie mit --port einen "
            "anderen Port."
        ) from None
