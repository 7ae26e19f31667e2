"""Read the packaged data of the circular, once, at import."""

import tomllib
from decimal import Decimal
from pkgutil import get_data  # importlib.resources costs every start 10 ms more
from typing import Any


def lade(name: str) -> dict[str, Any]:
    """Return one packaged TOML file with exact amounts (Decimal) and real dates.

    >>> sorted(lade("termine.toml"))
    ['auszahlung', 'frist', 'geltung', 'rechnung', 'stichtag']
    """
    inhalt = get_data("krs.recht", name)
    if inhalt is None:
        raise FileNotFoundError(f"krs.recht ist ohne {name} installiert.")
    return tomllib.loads(inhalt.decode("utf-8"), parse_float=Decimal)
