"""Folders of Eingang/ named after a day: only `2024-07-20` is one, and what looks like another is named (entwurf 1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

_TAG = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_JAHR, _TRENNER = r"(19|20)\d\d", r"\s?[-._\s\u2010-\u2015\u2212]\s?"
_SCHEIN = re.compile(
    rf"(?<!\d)({_JAHR}{_TRENNER}\d{{1,2}}{_TRENNER}\d{{1,2}}|\d{{1,2}}{_TRENNER}\d{{1,2}}{_TRENNER}{_JAHR}"
    rf"|\d{{1,2}}[-._]\d{{1,2}}[-._]\d\d|{_JAHR}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
    rf"|\d{{1,2}}\.?\s*(jan|feb|m[aä]r|apr|mai|jun|jul|aug|sep|okt|nov|dez)[a-z]*\.?\s*({_JAHR}|\d\d))(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Tagordner:
    """The day of the nearest folder that has one, and the path of a nearer one that only looks like a day."""

    tag: date | None = None
    schein: str = ""


def tagordner(ordner: Iterable[PurePath]) -> Tagordner:
    """Return what the folders of a file say, the nearest first; krs never guesses what another name means.

    >>> tagordner([PurePath("2024-07-20/a"), PurePath("2024-07-20")])
    Tagordner(tag=datetime.date(2024, 7, 20), schein='')
    >>> [tagordner([PurePath(name)]).schein for name in ("2024-13-45", "Post 20. Juli 2024", "2024-H1", "2401 Olten")]
    ['2024-13-45', 'Post 20. Juli 2024', '', '']
    """
    schein = ""
    for pfad in ordner:
        if _TAG.fullmatch(pfad.name):
            with suppress(ValueError):
                return Tagordner(date.fromisoformat(pfad.name), schein)
        if not schein and _SCHEIN.search(unicodedata.normalize("NFC", pfad.name)):
            schein = pfad.as_posix()
    return Tagordner(None, schein)
