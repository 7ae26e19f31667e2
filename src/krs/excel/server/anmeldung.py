"""Who asks: nobody in particular on this computer, the holder of a token, or a person of the canton's Entra ID."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

from krs.excel.anfrage import Person
from krs.excel.server import tokendatei
from krs.excel.server.antworten import Abweisung
from krs.excel.server.einstellungen import Einstellungen
from krs.excel.server.entra import Entra

_LOG = logging.getLogger("krs.server")
_LAENGSTES = 8_192  # characters; tokens of Entra ID have about 2,000
_FEHLVERSUCHE, _FENSTER = 10, 60.0  # per address and seconds
_ADRESSEN = 10_000
_ANMELDEN = "Melden Sie sich an: Es fehlt ein gültiges Token, oder es ist abgelaufen."
_GESTOERT = "Die Anmeldung ist zurzeit gestört. Melden Sie es der Informatik."


class Bremse:
    """Counts the failed sign-ons of each address, minute by minute."""

    def __init__(self, uhr: Callable[[], float] = time.monotonic) -> None:
        self._uhr, self._ende = uhr, float("-inf")
        self._zahl: Counter[str] = Counter()

    def gebremst(self, adresse: str, *, fehlversuch: bool) -> bool:
        """Tell whether this address has failed too often in this minute already, and note one more failure."""
        if self._uhr() >= self._ende or len(self._zahl) >= _ADRESSEN:
            self._zahl.clear()
            self._ende = self._uhr() + _FENSTER
        zu_oft = self._zahl[adresse] >= _FEHLVERSUCHE
        self._zahl[adresse] += fehlversuch
        return zu_oft


class Tokens:
    """The token file as it is now: a change counts from the next request on."""

    def __init__(self, pfad: Path) -> None:
        self._pfad = pfad
        self._stand: tuple[int, ...] = ()
        self._eintraege: tuple[tokendatei.Eintrag, ...] = ()

    def person(self, token: str, heute: date) -> Person | None:
        """Return whose token it is. Raises: ValueError: the file cannot be read now, so nobody gets in."""
        try:
            s = self._pfad.stat()
        except OSError:
            raise ValueError(f"Die Token-Datei «{self._pfad}» ist nicht lesbar.") from None
        stand = (s.st_mtime_ns, s.st_size, s.st_ino)
        if stand != self._stand:
            self._eintraege, self._stand = (), ()
            self._eintraege = tokendatei.lies(self._pfad)
            self._stand = stand
        return tokendatei.finde(self._eintraege, token, heute)


class Anmeldung:
    """The sign-on of one server."""

    def __init__(self, e: Einstellungen, heute: Callable[[], date], entra: Entra | None = None) -> None:
        self.art = e.anmeldung
        self._heute = heute
        self._tokens = Tokens(e.tokens) if e.tokens else None
        self._entra = entra or (Entra(e.entra_tenant, e.entra_client) if e.entra_tenant else None)
        self.bremse = Bremse()

    async def person(self, kopf: list[str], adresse: str) -> Person | None:
        """Return who asks; None where no sign-on is configured.

        A valid token always passes: somebody else's failures behind the same address lock nobody out.

        Args:
            kopf: the values of all Authorization headers.
            adresse: where the request comes from.
        Raises: Abweisung: 401, 429.
        """
        if self.art == "keine":
            return None
        person = await self._pruefen(_token(kopf))
        if person is None:
            if self.bremse.gebremst(adresse, fehlversuch=bool(kopf)):
                satz = "Zu viele Anmeldungen sind gescheitert. Versuchen Sie es in einer Minute erneut."
                raise Abweisung(429, satz, {"retry-after": "60"})
            raise Abweisung(401, _ANMELDEN, {"www-authenticate": 'Bearer realm="krs"'})
        return person

    async def _pruefen(self, token: str) -> Person | None:
        if not token:
            return None
        try:
            if self._tokens is not None:
                return self._tokens.person(token, self._heute())
            return await self._entra.person(token) if self._entra else None
        except Exception as fehler:  # noqa: BLE001 whatever it is, nobody gets in
            grund = str(fehler) if isinstance(fehler, ValueError) else type(fehler).__name__
            _LOG.error("Anmeldung gestört: %s", grund)
            raise Abweisung(401, _GESTOERT) from None


def _token(kopf: list[str]) -> str:
    """Return the token of the one header «Bearer …», empty for anything else."""
    if len(kopf) != 1 or len(kopf[0]) > _LAENGSTES:
        return ""
    art, _, token = kopf[0].strip().partition(" ")
    return token.strip() if art.lower() == "bearer" else ""
