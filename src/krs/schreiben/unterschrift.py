"""How every letter ends: who sends it, and who answers questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from krs.stammdaten.stammdaten import Einstellungen

KANTON = "Kanton Solothurn"


def unterschrift(e: Einstellungen) -> str:
    """Return the last paragraph of a letter.

    >>> from krs.stammdaten.zeilen import Einstellungen
    >>> print(unterschrift(Einstellungen(kontakt_telefon="032 627 22 00")))
    Freundliche Grüsse
    <BLANKLINE>
    Kanton Solothurn
    start.integration
    Auskunft: 032 627 22 00
    """
    zeilen = ["Freundliche Grüsse", "", e.kanton_name or KANTON, "start.integration", auskunft(e)]
    return "\n".join(zeilen).rstrip()


def auskunft(e: Einstellungen) -> str:
    """Return the line that says who answers questions; nothing where the settings name nobody."""
    return f"Auskunft: {wer}" if (wer := kontakt(e)) else ""


def kontakt(e: Einstellungen) -> str:
    """Return who answers questions, with telephone and address; nothing where the settings name nobody."""
    return " ".join(", ".join(filter(None, (e.kontakt_name, e.kontakt_telefon, e.kontakt_email))).split())
