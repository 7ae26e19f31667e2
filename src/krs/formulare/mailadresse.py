"""What is an e-mail address: one rule for the forms, the Stammdaten and the drafts."""

import re

_WORT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOKAL = re.compile(rf"{_WORT}(\.{_WORT})*")
_DOMAENE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,}")
_LAENGSTE = 254


def mailadresse(text: str) -> str:
    """Return an address in ASCII, its domain as the mail servers write it; empty if it is none.

    >>> mailadresse("anna@härkingen.example"), mailadresse("anna@")
    ('anna@xn--hrkingen-0za.example', '')
    """
    lokal, _, domaene = text.rpartition("@")
    try:
        domaene = domaene.encode("idna").decode()
    except UnicodeError:
        return ""
    gut = _LOKAL.fullmatch(lokal) and _DOMAENE.fullmatch(domaene) and len(lokal) + len(domaene) < _LAENGSTE
    return f"{lokal}@{domaene}" if gut else ""
