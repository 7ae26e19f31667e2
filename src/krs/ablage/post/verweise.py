"""Links to documents in a cloud, in the text of an e-mail: which service, never the link itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DIENSTE = frozenset({
    "1drv.ms", "onedrive.live.com", "sharepoint.com", "sharepoint.de", "my.microsoftpersonalcontent.com",
    "dropbox.com", "dropboxusercontent.com", "db.tt", "drive.google.com", "docs.google.com",
    "wetransfer.com", "we.tl", "swisstransfer.com", "kdrive.infomaniak.com", "mycloud.ch", "filetransfer.swisscom.com",
    "icloud.com", "box.com", "mega.nz", "transfernow.net", "smash.com", "fromsmash.com", "tresorit.com", "pcloud.com",
    "drive.proton.me", "hidrive.ionos.com", "securesafe.com", "magentacloud.de",
})  # fmt: skip
_ADRESSE = re.compile(r"(?i)https?(?::|%3a)(?:/|%2f){2}([a-z0-9.-]{1,253})")  # also inside a link that protects
_ANFANG = 1_000_000  # bytes of a text
_LAENGE = 60  # characters


def dienste(text: bytes) -> Iterator[str]:
    """Yield the hosts of links to a cloud, shortened.

    >>> list(dienste(b"Formular: https://gemeinde.sharepoint.com/:x:/s/abc, Karte: https://map.example.ch/"))
    ['gemeinde.sharepoint.com']
    """
    for treffer in _ADRESSE.finditer(text[:_ANFANG].decode("latin-1")):
        host = treffer[1].lower().strip(".")
        if host in _DIENSTE or any(host.endswith(f".{d}") for d in _DIENSTE):
            yield host if len(host) <= _LAENGE else f"…{host[1 - _LAENGE :]}"
