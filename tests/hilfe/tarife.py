"""The rates that cases compute with, frozen beside this module, and those that are shipped."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from krs.recht import TARIFE
from krs.recht.daten import lade
from krs.recht.tarife import Tarife, aus_daten

_EINGEFROREN = Path(__file__).with_name("tarife.toml").read_text("utf-8")


def friere_ein() -> None:
    """Let the one table of this process, whoever asks it, hold the frozen rates."""
    TARIFE._je_leistung = dict(aus_daten(tomllib.loads(_EINGEFROREN, parse_float=Decimal)))


def ausgelieferte() -> Tarife:
    """Return the rates of src/krs/recht/tarife.toml."""
    return aus_daten(lade("tarife.toml"))


@contextmanager
def mit_ausgelieferten() -> Iterator[None]:
    """Let the table hold the shipped rates: for what is built and committed."""
    TARIFE._je_leistung = dict(ausgelieferte())
    try:
        yield
    finally:
        friere_ein()
