"""Sign-on with Microsoft Entra ID: one tenant, one client, signed by the tenant's keys, not expired.

The check of xlwings Server is not used: it keeps a judgement for an hour, so a token would outlive its end, it takes a
token without an end, and it reads the keys of all tenants for a day.
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from krs.excel.anfrage import Person, Rolle

Schluesselquelle = Callable[[str], Awaitable[dict[str, Any]]]
_HALTBAR = 86_400.0  # seconds
_PAUSE = 300.0  # seconds between two looks for a key nobody knows
_NOCHMALS = 10.0  # seconds between two attempts to fetch the keys
_SPIEL = 60  # seconds that two clocks may differ
_NOETIG = ("aud", "iss", "exp", "iat", "oid", "tid", "preferred_username")


async def oeffentliche(tenant: str) -> dict[str, Any]:
    """Return the keys with which the tenant signs. Raises: httpx.HTTPError."""
    async with httpx.AsyncClient(timeout=10) as client:
        antwort = await client.get(f"https://login.microsoftonline.com/{tenant}/discovery/v2.0/keys")
        antwort.raise_for_status()
        werte: dict[str, Any] = antwort.json()
        return werte


class Entra:
    """Judges tokens of one client in one tenant."""

    def __init__(self, tenant: str, client: str, quelle: Schluesselquelle = oeffentliche) -> None:
        self._tenant, self._client, self._quelle = tenant.lower(), client.lower(), quelle  # as tokens write them
        self._schluessel: KeySet | None = None
        self._geholt = self._versucht = float("-inf")
        self._einer = asyncio.Lock()

    async def person(self, token: str) -> Person | None:
        """Return whose token it is, None if it is not valid here and now. Raises: httpx.HTTPError, OSError."""
        try:
            inhalt = jwt.decode(token, await self._schluessel_zu(token), algorithms=["RS256"]).claims
        except (JoseError, ValueError, RecursionError):
            return None
        return self._person(inhalt) if self._gilt(inhalt, time.time()) else None

    async def _schluessel_zu(self, token: str) -> KeySet:
        """Return the keys, newly fetched where the token names one that is not among them."""
        kennung = jwt_kennung(token)
        if schluessel := self._brauchbare(kennung):
            return schluessel
        async with self._einer:  # whoever comes meanwhile waits for the same answer
            if schluessel := self._brauchbare(kennung):
                return schluessel
            jetzt = time.monotonic()
            if jetzt - self._versucht < _NOCHMALS:
                raise ConnectionError
            self._versucht = jetzt
            self._schluessel = KeySet.import_key_set(await self._quelle(self._tenant))  # type: ignore[arg-type]
            self._geholt = jetzt
            return self._schluessel

    def _brauchbare(self, kennung: object) -> KeySet | None:
        """Return the keys as they are, None where it is time to fetch them."""
        alter = time.monotonic() - self._geholt
        if self._schluessel is None or alter > _HALTBAR:
            return None
        bekannt = any(k.kid == kennung for k in self._schluessel.keys)
        return self._schluessel if bekannt or alter <= _PAUSE else None

    def _gilt(self, c: dict[str, Any], jetzt: float) -> bool:
        if any(not isinstance(c.get(k), str | int) or c[k] == "" for k in _NOETIG):
            return False
        # Version 2 and version 1 of Microsoft's tokens name the same tenant and client differently.
        zwei = (f"https://login.microsoftonline.com/{self._tenant}/v2.0", (self._client,))
        eins = (f"https://sts.windows.net/{self._tenant}/", (f"api://{self._client}", self._client))
        aussteller, empfaenger = eins if c.get("ver") == "1.0" else zwei
        zeiten = (c["exp"], c.get("nbf", c["iat"]))
        if not all(isinstance(z, int) and not isinstance(z, bool) for z in zeiten):
            return False
        richtig = c["iss"] == aussteller and c["aud"] in empfaenger and c["tid"] == self._tenant
        return richtig and jetzt < c["exp"] and zeiten[1] <= jetzt + _SPIEL

    @staticmethod
    def _person(c: dict[str, Any]) -> Person:
        """Return who it is: konto is the object id, which never changes; visum the name before the @."""
        rollen = c.get("roles")
        namen = rollen if isinstance(rollen, list) else []
        visum = "".join(z for z in str(c["preferred_username"]).partition("@")[0] if z.isalnum() or z in "._-")[:20]
        return Person(str(c["oid"]), visum or str(c["oid"])[:8], frozenset(r for r in Rolle if r in namen))


def jwt_kennung(token: str) -> str | None:
    """Return the id of the key that a token names. Raises: ValueError: it is no token."""
    kopf = token.partition(".")[0]
    werte = json.loads(base64.urlsafe_b64decode(kopf + "=" * (-len(kopf) % 4)))
    return werte.get("kid") if isinstance(werte, dict) else None
