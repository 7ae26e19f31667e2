"""An e-mail inside another: to whom it went, and what its header says about when. Anybody can write such a header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Stempel:
    """One line Received: the server that says it took the e-mail, and when; without server it is the line Date."""

    server: str
    tag: date | None


@dataclass(frozen=True, slots=True)
class Weg:
    """The stamps of one e-mail, the topmost first; `an`: its first addressee; `aussen`: it is inside no other.

    `absender`: the address that it says it came from, empty for none.
    """

    an: str
    stempel: tuple[Stempel, ...]
    aussen: bool = False
    absender: str = ""

    @property
    def behauptet(self) -> Stempel | None:
        """The topmost stamp with a day."""
        return next((s for s in self.stempel if s.tag), None)

    def von(self, server: Sequence[str]) -> Stempel | None:
        """Return the topmost stamp of one of these servers; lines below it may be the sender's own."""
        return next((s for s in self.stempel if any(gleich(s.server, name) for name in server)), None)


def gleich(server: str, name: str) -> bool:
    """Tell whether a server is meant by a name: itself, or one below it.

    >>> gleich("mx1.so.example", "so.example"), gleich("mx1.also.example", "so.example"), gleich("a.ch", "ch")
    (True, False, False)
    """
    return server == name or ("." in name and server.endswith(f".{name}"))


def server_aus(received: str) -> str:
    """Return the server of a line Received, in lower case; empty where it is not written as RFC 5321 has it.

    What the other side said about itself (from, comments) is never taken for it.

    >>> server_aus("from pc (by mail.so.example) (10.0.0.7) by MX1.so.example with ESMTPS; Tue, 30 Jan 2024 …")
    'mx1.so.example'
    >>> server_aus("from by mail.so.example (x) by mx.example; …"), server_aus("(qmail 7 invoked by uid 0); …")
    ('', '')
    """
    worte = _ohne_kommentare(received).partition(";")[0].split()
    if worte and worte[0].lower() == "from":
        worte = worte[2:]
    host = worte[1] if len(worte) > 1 and worte[0].lower() == "by" else ""
    return host.lower().rstrip(".") if len(host) <= 253 and host.isprintable() else ""


def _ohne_kommentare(text: str) -> str:
    tiefe, ergebnis, maskiert = 0, [], False
    for zeichen in text:
        if maskiert:
            maskiert = False
        elif zeichen == "\\":
            maskiert = True
        elif zeichen == "(":
            tiefe += 1
        elif zeichen == ")":
            tiefe = max(0, tiefe - 1)
        elif not tiefe:
            ergebnis.append(zeichen)
    return "".join(ergebnis)
