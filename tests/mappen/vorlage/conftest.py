"""One LibreOffice for all tests of the templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from uno.buero import Buero, python_mit_uno


@pytest.fixture(scope="session")
def buero(verlange: Callable[[object, str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buero]:
    """Yield a running LibreOffice with a profile of its own."""
    verlange(python_mit_uno(), "LibreOffice (soffice) oder python3-uno fehlt; siehe scripts/debian.py")
    with Buero(tmp_path_factory.mktemp("libreoffice")) as buero:
        yield buero
