"""Municipalities for the tests of krs.recht: the real mergers of 2021, 2024 and 2026, by hand."""

from datetime import date
from typing import Any, Protocol

import pytest

from krs.recht import Gebiet, GemeindeZeile


class Zeilenmacher(Protocol):
    def __call__(self, bfs_nr: int, name: str, **felder: Any) -> GemeindeZeile: ...


def mache_zeile(bfs_nr: int, name: str, **felder: Any) -> GemeindeZeile:
    """Return a row that always exists and takes part since 2017, but for the given fields."""
    vorgabe: dict[str, Any] = {
        "bezirk": "Gäu",
        "gueltig_ab": None,
        "gueltig_bis": None,
        "nachfolgerin": None,
        "beteiligt_ab": date(2017, 1, 1),
        "beteiligt_bis": None,
        "leitgemeinde": None,
        "leitgemeinde_ab": None,
        "leitgemeinde_bis": None,
        "empfaenger": None,
    }
    return GemeindeZeile(bfs_nr=bfs_nr, name=name, **(vorgabe | felder))


@pytest.fixture
def zeile() -> Zeilenmacher:
    return mache_zeile


@pytest.fixture
def gebiet() -> Gebiet:
    ende_2020, ende_2023, ende_2025 = date(2020, 12, 31), date(2023, 12, 31), date(2025, 12, 31)
    return Gebiet(
        [
            mache_zeile(2401, "Egerkingen"),
            mache_zeile(2423, "Gänsbrunnen", gueltig_bis=ende_2020, nachfolgerin=2430),
            mache_zeile(2429, "Welschenrohr", gueltig_bis=ende_2020, nachfolgerin=2430),
            mache_zeile(2430, "Welschenrohr-Gänsbrunnen", gueltig_ab=date(2021, 1, 1)),
            mache_zeile(2456, "Lüterswil-Gächliwil", gueltig_bis=ende_2023, nachfolgerin=2465),
            mache_zeile(2465, "Buchegg"),
            mache_zeile(2498, "Rohr (SO)", gueltig_bis=ende_2020, nachfolgerin=2499),
            mache_zeile(2499, "Stüsslingen"),
            mache_zeile(2520, "Halten", gueltig_bis=ende_2025, nachfolgerin=2525),
            mache_zeile(2525, "Kriegstetten"),
            mache_zeile(2529, "Oekingen", gueltig_bis=ende_2025, nachfolgerin=2525),
        ]
    )
