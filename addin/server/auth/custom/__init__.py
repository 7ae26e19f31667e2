"""The sign-on of xlwings Server itself, should anybody start it without `krs serve`: the token file, else nobody."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from fastapi import HTTPException
from xlwings_server.models import User

from krs.excel.server.anmeldung import inhaber


async def validate_token(token_string: str) -> User:
    """Return whose token it is. Raises: HTTPException: 401 for everything that is not in the token file."""
    pfad = os.environ.get("KRS_TOKENS")
    try:
        art, _, token = token_string.partition(" ")
        heute = date.today()  # noqa: DTZ011 the server's day
        person = inhaber(Path(pfad), token, heute) if pfad and art.lower() == "bearer" else None
    except ValueError:
        person = None
    if person is None:
        raise HTTPException(401, "Melden Sie sich an: Es fehlt ein gültiges Token, oder es ist abgelaufen.")
    return User(id=person.konto, name=person.visum, roles=sorted(person.rollen))
