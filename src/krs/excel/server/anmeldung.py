"""Who asks: nobody in particular on this computer, the holder of a token, or a person of the canton's Entra ID."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path

from krs.ablage.ordner import marke
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


def inhaber(pfad: Path, token: str, heute: date) -> Person | None:
    """Return whose token it is by the token file as it is now: a change counts from the next request on.

    Raises: ValueError: the file cannot be read now, so nobody gets in.
    """
    stand = marke(pfad)
    if stand is None:
        raise ValueError(f"Die Token-Datei «{pfad}» ist nicht lesbar.")
    return tokendatei.finde(_eintraege(pfad, stand), token, heute)


@lru_cache(1)
def _eintraege(pfad: Path, _stand: tuple[int, int, int]) -> tuple[tokendatei.Eintrag, ...]:
    return tokendatei.lies(pfad)


class Anmeldung:
    """The sign-on of one server."""

    def __init__(self, e: Einstellungen, heute: Callable[[], date], entra: Entra | None = None) -> None:
        self.art = e.anmeldung
        self._heute = heute
        self._tokens = e.tokens
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
                return inhaber(self._tokens, token, self._heute())
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
