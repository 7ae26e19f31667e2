"""Pure questions hold no lock: the answer stands if what it was read from did not change meanwhile (entwurf 7)."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from krs.ablage.ordner import Ablage, AblageFehler

_T = TypeVar("_T")
_MALE = 4


def lesend(ablage: Ablage, frage: Callable[[], _T]) -> _T:
    """Return the answer to a question that writes nothing; what krs or people moved meanwhile is read again.

    Raises: AblageFehler: what the question raises, or the folder never stood still.
    """
    for _ in range(_MALE):
        vorher = _stand(ablage)
        try:
            antwort = frage()
            if _stand(ablage) == vorher:
                return antwort
        except (AblageFehler, OSError, ValueError) as fehler:
            weg = isinstance(fehler.__cause__ or fehler, FileNotFoundError)  # it went between listing and reading
            if _stand(ablage) == vorher and not weg:
                raise
        time.sleep(0.1)
    raise AblageFehler(
        f"In der Ablage «{ablage.pfad}» ändert sich gerade etwas. Versuchen Sie es in einem Augenblick erneut."
    )


def _stand(ablage: Ablage) -> dict[Path, tuple[int, int, int] | None]:
    """Return what is replaced in one step each and belongs together; previews say nothing to anybody."""
    orte = (ablage.stammdaten, ablage.archiv / "index.csv", *ablage.laeufe.glob("[!.~V]*"))
    return {ort: _marke(ort) for ort in orte}


def _marke(pfad: Path) -> tuple[int, int, int] | None:
    try:
        stand = pfad.stat()
    except OSError:
        return None
    return stand.st_mtime_ns, stand.st_size, stand.st_ino
