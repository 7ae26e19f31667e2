"""One request, as the routes see it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers, QueryParams

from krs.excel.anfrage import Person
from krs.excel.server.grenzen import Empfangen


@dataclass(frozen=True, slots=True)
class Ruf:
    """One request that passed the gate: `rest` is what follows the path of the route, `basis` our address."""

    kopf: Headers
    anfrage: QueryParams
    receive: Empfangen
    rest: str
    basis: str
    person: Person | None
