"""Shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest


@pytest.fixture(scope="session")
def verlange() -> Callable[[object, str], None]:
    """Return `verlange(there, reason)`: skip where a program is missing, but fail in CI (KRS_CI)."""

    def pruefe(vorhanden: object, grund: str) -> None:
        if not vorhanden:
            (pytest.fail if os.environ.get("KRS_CI") else pytest.skip)(grund)

    return pruefe
